"""One key of a person's file is changed, and nothing else of it."""

import dataclasses
import fcntl
import os
import shlex
import threading
import tomllib
from pathlib import Path

import pytest

from assistant import config
from assistant.cli import main
from assistant.coach.effects import Remember, Remembered, Wanted, Week, Wish
from assistant.config import Config, ConfigError
from assistant.config.config_editing import change, change_all, toml
from assistant.config.keys import names
from assistant.errors import AssistantError, ExitCode
from assistant.journal.writer import Journal
from assistant.machine import places
from assistant.machine.single_instance import only_instance

WRITTEN = """\
# Mine. Last changed in spring.
[voice]  # she likes it slow
rate_wpm = 140   # words a minute
volume = 0.5

[wake]
phrases = [
    "hey coach",  # at home
    "hello trainer",
]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(WRITTEN)
    return path


def test_comments_and_all_other_keys_stay_as_they_were(file: Path) -> None:
    change(file, "voice", "rate_wpm", ["160"])
    assert file.read_text() == WRITTEN.replace("140", "160")
    change(file, "reminder", "sit_min", ["30"])
    assert file.read_text() == WRITTEN.replace("140", "160") + "\n[reminder]\nsit_min = 30\n"
    change(file, "voice", "volume", None)
    change(file, "voice", "volume", None)  # a key that isn't there is out already
    loaded = config.load(file)
    assert (loaded.voice.rate_wpm, loaded.voice.volume) == (160, Config().voice.volume)
    assert "# at home" in file.read_text()


@pytest.mark.parametrize("words", [["1"], None])
@pytest.mark.parametrize("name", ["nope", "", "__doc__", "voice.rate_wpm"])
def test_a_table_that_there_is_none_is_told_what_there_is(
    file: Path, name: str, words: list[str] | None
) -> None:
    with pytest.raises(AssistantError, match=r"no table .*voice.*\nnothing was changed") as refused:
        change_all(file, [("voice", "volume", ["0.7"]), (name, "volume", words)])
    assert refused.value.code is ExitCode.CONFIGURATION
    assert file.read_text() == WRITTEN


def test_of_several_keys_all_are_changed_or_none(file: Path) -> None:
    """ "Nothing was changed" is true of the keys before the wrong one, too."""
    with pytest.raises(AssistantError, match=r"hours\.monday .*\n.*nothing was changed"):
        change_all(file, [("voice", "volume", ["0.7"]), ("hours", "monday", ["nine"])])
    with pytest.raises(AssistantError, match="no_such_day"):
        change_all(file, [("voice", "volume", ["0.7"]), ("hours", "no_such_day", ["9:00-12:00"])])
    assert file.read_text() == WRITTEN
    change_all(file, [("voice", "volume", ["0.7"]), ("voice", "rate_wpm", None)])
    assert file.read_text() == WRITTEN.replace("0.5", "0.7").replace(
        "rate_wpm = 140   # words a minute\n", ""
    )


@pytest.mark.parametrize(
    "odd",
    [
        *("nan", "-inf", "1e999", "2026-11-30", "12:00:00", "{a=1}", "[{a=1}]"),
        *("9" * 5000, "[" * 3000, "\udcff", "\x00", "1\nx = 2 3"),
    ],
)
def test_what_no_key_can_say_is_refused_whatever_it_is(file: Path, odd: str) -> None:
    """With a sentence, and the file stays; wherever the key would come to stand."""
    for table, key in (("voice", "rate_wpm"), ("reminder", "on"), ("page", "port")):
        with pytest.raises(AssistantError, match="nothing was changed"):
            change(file, table, key, [odd])
    assert file.read_text() == WRITTEN
    for key in ("host", "name"):
        with pytest.raises(AssistantError, match="nothing was changed"):
            change(file, "mqtt", key, ["\udcff"])


def test_who_changes_it_at_the_same_moment_comes_after_and_nothing_is_lost(file: Path) -> None:
    other = threading.Thread(target=change, args=(file, "voice", "rate_wpm", ["160"]))
    place = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        other.start()
        other.join(0.2)
        assert file.read_text() == WRITTEN
        file.write_text(WRITTEN.replace("0.5", "0.7"))
    finally:
        os.close(place)
    other.join(10.0)
    assert file.read_text() == WRITTEN.replace("0.5", "0.7").replace("140", "160")


def test_a_new_key_comes_to_the_keys_of_its_table(file: Path) -> None:
    """Not below the comment that explains the next one; a table may be begun in any way."""
    text = "[voice] # hers\nvolume = 0.5\n\n# At home.\n[wake]\nphrases = ['hello trainer']\n"
    file.write_text(text)
    change(file, "voice", "rate_wpm", ["140"])
    assert file.read_text() == text.replace("hers\n", "hers\nrate_wpm = 140\n")
    for begun in ("voice.volume = 0.5\n", "voice = { volume = 0.5 }\n", "[voice]", "[ voice ]\r\n"):
        file.write_text(begun, newline="")
        change(file, "voice", "rate_wpm", ["140"])
        assert config.load(file).voice.rate_wpm == 140
        assert begun.strip() in file.read_text() or "rate_wpm = 140}" in file.read_text()
        assert file.read_bytes().count(b"\r\n") in (0, file.read_bytes().count(b"\n"))


@pytest.mark.parametrize("key", names())
def test_every_key_can_be_set_to_its_default_as_it_is_printed(key: str, tmp_path: Path) -> None:
    """What `get` prints, `set` takes."""
    file = tmp_path / "config.toml"
    table, name = key.split(".")
    default = getattr(getattr(Config(), table), name)
    change(file, table, name, [default if type(default) is str else toml(default)])
    assert tomllib.loads(file.read_text()).keys() == {table}
    assert config.load(file) == Config()


@pytest.mark.parametrize(
    ("key", "words", "value"),
    [
        ("hearing.microphone", ["Jabra"], "Jabra"),
        ("hearing.microphone", ["USB", "PnP"], "USB PnP"),
        ("hearing.microphone", ['the "good" one'], 'the "good" one'),
        ("hearing.microphone", ['"USB PnP"'], "USB PnP"),
        ("hearing.microphone", ["'USB PnP'"], "USB PnP"),
        ("hearing.microphone", ['"'], '"'),
        ("hearing.microphone", ["[HDA] Intel"], "[HDA] Intel"),
        ("voice.night", ['""'], ""),
        ("voice.voice", ["1"], "1"),
        ("wake.phrases", ["hey coach", "hello trainer"], ("hey coach", "hello trainer")),
        ("wake.phrases", ["['hello trainer']"], ("hello trainer",)),
        ("hours.holidays", ["[]"], ()),
        ("reminder.on", ["false"], False),
        ("voice.volume", ["1"], 1.0),
        ("presence.sensor", ["pir"], "pir"),
        ("hours.monday", ["9:00-12:00", "13:00-17:00"], "9:00-12:00 13:00-17:00"),
        ("hours.monday", [""], ""),
    ],
)
def test_a_value_is_typed_as_one_types_in_a_shell(
    key: str, words: list[str], value: object, tmp_path: Path
) -> None:
    """A text needs no quotes of its own, and may have the file's; a list is its items."""
    table, name = key.split(".")
    change(tmp_path / "config.toml", table, name, words)
    assert getattr(getattr(config.load(tmp_path / "config.toml"), table), name) == value


@pytest.mark.parametrize(
    ("key", "words", "cure"),
    [
        ("voice.volume", ["11"], "assistant config set voice.volume 1"),
        ("reminder.on", ["yes"], "assistant config set reminder.on true"),
        ("reminder.sit_min", ["twenty"], "assistant config set reminder.sit_min 20"),
        ("mqtt.on", ["true"], 'assistant config set mqtt.host "homeassistant.local"'),
        ("page.address", ["nowhere"], 'assistant config set page.address ""'),
        ("wake.phrases", ["[]"], 'assistant config set wake.phrases "hey coach"'),
        ("hours.monday", ["9 to 5 pm"], 'assistant config set hours.monday "9:00-17:00"'),
        (
            "hearing.microphone",
            ["['Jabra', 'USB']"],
            'assistant config set hearing.microphone "Jabra"',
        ),
    ],
)
def test_what_can_not_be_is_refused_with_a_command_that_works(
    key: str, words: list[str], cure: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Followed to the letter; and until then the file is as it was."""
    typed = ["config", "--config", str(file)]
    assert main([*typed, "set", key, *words]) == ExitCode.CONFIGURATION
    told = capsys.readouterr().err
    assert "nothing was changed" in told
    assert f"`{cure}`" in told
    assert file.read_text() == WRITTEN
    assert main([*typed, *shlex.split(cure)[2:]]) == 0


@pytest.mark.parametrize(
    ("key", "words", "told"),
    [
        ("wake.phrases", ["stop"], "only one syllable"),
        ("wake.phrases", ["hello trainer", "desk break"], 'part of the command "start desk break"'),
        ("hearing.model", ["nowhere"], "nowhere doesn't exist"),
        ("session.routine", ["sunday"], 'no routine "sunday"; `assistant routines` lists'),
        ("plan.monday", ["sunday"], 'no routine "sunday"'),
        ("plan.instead", ["chair", "sunday"], 'no routine "sunday"'),
    ],
)
def test_what_the_next_start_would_leave_out_is_refused(
    key: str, words: list[str], told: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What of it there is, and can be, is taken."""
    typed = ["config", "--config", str(file), "set", key]
    assert main([*typed, *words]) == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    assert told in said
    assert "nothing was changed" in said
    assert file.read_text() == WRITTEN
    good = {"wake.phrases": "hello trainer", "hearing.model": ""}.get(key, "chair")
    assert main([*typed, good]) == 0


def test_a_mistake_that_was_there_before_keeps_nobody_from_mending_another(file: Path) -> None:
    """Of two wrong keys each can be set right alone."""
    file.write_text("[voice]\nvolume = 11\nrate_wpm = 9\n")
    change(file, "voice", "volume", ["0.5"])
    with pytest.raises(ConfigError, match="rate_wpm"):
        config.load(file)
    change(file, "voice", "rate_wpm", ["90"])
    assert config.load(file).voice.rate_wpm == 90


@pytest.mark.parametrize("text", ["[voice\n", "voice = 3\n"])
def test_a_file_that_can_not_hold_the_key_is_left_alone(text: str, file: Path) -> None:
    file.write_text(text)
    for words in (["0.5"], None):
        with pytest.raises(ConfigError, match="line 1"):
            change(file, "voice", "volume", words)
    assert file.read_text() == text


@pytest.mark.parametrize("name", ["volume", "voice.vol", "voice", "voice.volume.x"])
def test_a_key_that_is_not_there_gets_the_nearest_one(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever forgets the table is told it."""
    for words in (["get", name], ["set", name, "1"], ["unset", name]):
        assert main(["config", *words]) == ExitCode.COMMAND_LINE
        assert "did you mean voice.vo" in capsys.readouterr().err


def test_the_file_keeps_its_permissions_and_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    """Somebody may keep it elsewhere, and for their own eyes."""
    file.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    change(link, "voice", "volume", ["0.7"])
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert config.load(file).voice.volume == 0.7
    assert {path.name for path in tmp_path.iterdir()} == {"config.toml", "link.toml"}


def test_what_makes_a_change_hold_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A running assistant goes on with what it began with, so the command for that is printed."""
    for name in ("CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path))
    typed = ["config", "set", "voice.volume", "0.7"]
    assert main(typed) == 0
    assert capsys.readouterr().out == "voice.volume = 0.7\nIt holds from the next start.\n"
    with only_instance(places.writable_folders()):
        assert main(typed) == 0
    assert f"takes it over after: kill {os.getpid()}; assistant run" in capsys.readouterr().out
    assert main(["config", "get", "voice.volume"]) == 0
    assert capsys.readouterr().out == "0.7\n"


WEEK = Week(("strength", "", "", "", "", "", ""), 7 * 3600.0)


@pytest.mark.parametrize(
    ("wanted", "typed", "told"),
    [
        (
            Wanted(floor=Wish(0.0, 1.0)),
            ("session.floor", "true"),
            'nothing on the floor, and that goes before it. Say "exercises on the floor again".',
        ),
        (Wanted(floor=Wish(1.0, 0.0)), ("session.floor", "false"), "exercises on the floor"),
        (Wanted(chimes=Wish(0.0, 1.0)), ("voice.chimes", "true"), 'Say "chimes on".'),
        (Wanted(metronome=Wish(1.0, 0.0)), ("session.metronome", "false"), 'Say "no metronome".'),
        (Wanted(volume=Wish(0.9, 0.8)), ("voice.volume", "0.8"), "a volume of 0.9"),
        (Wanted(pace=Wish(0.8, 155.0)), ("voice.rate_wpm", "155"), "124 words a minute"),
        (Wanted(sit_s=Wish(1800.0, 1200.0)), ("reminder.sit_min", "20"), "every thirty minutes"),
        (Wanted(sit_s=Wish(1800.0, 1200.0)), ("intervals.monday", "45"), "on every day"),
        (
            Wanted(week=WEEK, week_instead_of=Week(("",) * 7, 0.0)),
            ("plan.monday", ""),
            "It ends when a day or the time of [plan] is changed.",
        ),
        (
            Wanted(week=WEEK),  # as an older version kept it
            ("plan.monday", "mobility"),
            "It ends when a day or the time of [plan] is changed after the next start.",
        ),
        # What is written is another value than when it was said: that is meant.
        (Wanted(floor=Wish(1.0, 1.0)), ("session.floor", "false"), ""),
        (Wanted(chimes=Wish(1.0, 1.0)), ("voice.chimes", "false"), ""),
        (Wanted(volume=Wish(0.9, 0.8)), ("voice.volume", "0.7"), ""),
        (Wanted(sit_s=Wish(1800.0, 1200.0)), ("reminder.sit_min", "25"), ""),
        (
            Wanted(week=WEEK, week_instead_of=Week(("",) * 7, 0.0)),
            ("plan.monday", "mobility"),
            "",
        ),
    ],
)
def test_what_was_said_and_goes_before_what_is_written_is_told_with_what_takes_it_back(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wanted: Wanted,
    typed: tuple[str, str],
    told: str,
) -> None:
    """Nobody is to wonder why a key that they have just set does nothing."""
    for name in ("CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path))
    journal = Journal(lambda _: None, places.journal_file())
    journal(Remember(Remembered(wanted=wanted)))
    journal.close(10.0)
    assert main(["config", "set", *typed]) == 0
    printed = capsys.readouterr().out
    assert ("But you asked by voice for" in printed) is bool(told)
    assert told in printed


def test_the_names_are_all_keys_of_all_tables() -> None:
    tables = dataclasses.asdict(Config())
    assert set(names()) == {f"{table}.{key}" for table in tables for key in tables[table]}


def test_a_folder_in_the_way_is_said(tmp_path: Path) -> None:
    with pytest.raises(AssistantError) as refused:
        change(tmp_path, "voice", "volume", ["0.7"])
    assert str(tmp_path) in str(refused.value)
