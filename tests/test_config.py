"""The configuration file: what it may say, and that every error of it is named at once."""

import dataclasses
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import config
from assistant.config import Config, ConfigError
from assistant.errors import AssistantError


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_has_its_default() -> None:
    """Nobody has to write a configuration."""
    assert config.load() == Config()


def test_the_persons_own_file_is_found_by_itself() -> None:
    """What stands in the configuration folder holds without being named."""
    path = config.config_file()
    path.parent.mkdir(parents=True)
    path.write_text("[reminder]\nsit_min = 30\n")
    loaded = config.load()
    assert loaded.reminder.sit_min == 30
    assert loaded.wake == Config().wake


def test_a_relative_xdg_folder_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative XDG folder would depend on where one stands, so it doesn't count."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "somewhere")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert config.config_file() == Path("/home/somebody/.config/exercise-assistant/config.toml")


@pytest.mark.parametrize(
    ("text", "line", "key", "expected"),
    [
        ("[wake]\nphrase = ['hey']", 2, "wake.phrase", "did you mean phrases?"),
        ("[vioce]\nvolume = 1", 1, "vioce", "did you mean voice?"),
        ("[wake]\nphrases = 'hey coach'", 2, "wake.phrases", "a list"),
        ("[wake]\nphrases = []", 2, "wake.phrases", "a wake phrase at least"),
        ("[wake]\nphrases = ['']", 2, "wake.phrases 1", "a text"),
        ("[wake]\nphrases = ['hey coach', 'Hey, Coach!']", 2, "wake.phrases 2", '"hey coach"'),
        ("[wake]\nphrases = ['42']", 2, "wake.phrases 1", "lower-case words"),
        ("[hearing]\nmodel = 3", 2, "hearing.model", "a text"),
        ("[voice]\n\nrate_wpm = 400", 3, "voice.rate_wpm", "a whole number from 80 to 300"),
        ("[voice]\nrate_wpm = 155.5", 2, "voice.rate_wpm", "a whole number from 80 to 300"),
        ("[voice]\nvolume = 80", 2, "voice.volume", "a number from 0 to 1"),
        ("[voice]\nvolume = true", 2, "voice.volume", "a number from 0 to 1"),
        ("[voice]\nvolume = nan", 2, "voice.volume", "a number from 0 to 1"),
        ("[voice]\nvoice = ''", 2, "voice.voice", "a text"),
        ("[panel]\nbutton_pin = 28", 2, "panel.button_pin", "from 0 to 27"),
        ("[panel]\nled_pin = -1", 2, "panel.led_pin", "from 0 to 27"),
        ("[panel]\nled_pin = 17", 2, "panel.led_pin", "two different pins"),
        ("[panel]\nbutton_pin = 27", 2, "panel.button_pin", "two different pins"),
        ("[reminder]\non = 'yes'", 2, "reminder.on", "write on = true"),
        ("[reminder]\nsit_min = 0", 2, "reminder.sit_min", "minutes from 1 to 240"),
        ("[reminder]\nsit_min = 'twenty'", 2, "reminder.sit_min", "minutes from 1 to 240"),
        ("[session]\nroutine = 'Desk Break'", 2, "session.routine", "the name of a routine"),
        ("wake = 3", 1, "wake", "a table"),
        ("[wake\n", 1, "", "TOML"),
        ("[wake]\n[wake]\n", 2, "", "TOML"),
    ],
)
def test_an_error_names_file_line_key_and_what_was_expected(
    tmp_path: Path, text: str, line: int, key: str, expected: str
) -> None:
    """Whatever is wrong in the file is said with its place and what belongs there."""
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    assert caught.value.code == 3
    [problem] = caught.value.problems
    assert (problem.file, problem.line, problem.key) == (str(path), line, key)
    assert expected in str(caught.value)


def test_all_errors_are_listed_at_once_from_top_to_bottom(tmp_path: Path) -> None:
    """A person mends the file once, not once for each error."""
    path = written(
        tmp_path,
        "[panel]\nbutton_pin = 4\nled_pin = 4\n[voice]\nrate_wpm = 'fast'\nloud = 1\n"
        "[wake]\nphrases = ['HEY']\n",
    )
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    assert [problem.line for problem in caught.value.problems] == [3, 5, 6, 8]
    assert len(str(caught.value).splitlines()) == 4


def test_a_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    """A slip in --config is not silently answered with defaults."""
    with pytest.raises(AssistantError, match=r"nowhere\.toml.*no such file") as caught:
        config.load(tmp_path / "nowhere.toml")
    assert caught.value.code == 7


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    """A folder in place of the file is named as what can't be read."""
    with pytest.raises(AssistantError, match="directory") as caught:
        config.load(tmp_path)
    assert caught.value.code == 7


def test_a_model_path_is_whole_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative model path starts at the file that names it, and ~ is the home folder."""
    monkeypatch.setenv("HOME", "/home/somebody")
    path = written(tmp_path, "[hearing]\nmodel = 'en'")
    assert config.load(path).hearing.model == str(tmp_path / "en")
    monkeypatch.chdir(tmp_path)
    assert config.load(Path("config.toml")).hearing.model == str(tmp_path / "en")
    path = written(tmp_path, "[hearing]\nmodel = '~/en'")
    assert config.load(path).hearing.model == "/home/somebody/en"


words = st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,2}", fullmatch=True)
# What a file can hold in one line: no control characters, no lone halves of a character.
names = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20)
pins = st.lists(st.integers(0, 27), min_size=2, max_size=2, unique=True)
configs = st.builds(
    Config,
    wake=st.builds(config.Wake, phrases=st.lists(words, min_size=1, max_size=3).map(tuple)),
    hearing=st.builds(
        config.Hearing, model=st.sampled_from(["", "/a/model", '/odd "name"']), microphone=names
    ),
    voice=st.builds(
        config.Voice,
        rate_wpm=st.integers(80, 300),
        volume=st.floats(0, 1),
        voice=names.filter(lambda name: bool(name.strip())),
        loudspeaker=names,
    ),
    panel=pins.map(lambda two: config.Panel(button_pin=two[0], led_pin=two[1])),
    reminder=st.builds(
        config.Reminder,
        on=st.booleans(),
        sit_min=st.floats(1, 240),
        up_min=st.floats(0.5, 60),
        snooze_min=st.floats(1, 60),
    ),
    session=st.builds(
        config.Session, routine=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
    ),
)


@given(configs)
def test_what_is_printed_reads_back_the_same(settings: Config) -> None:
    """`assistant config > config.toml` changes nothing."""
    path = Path(os.environ["XDG_STATE_HOME"]).parent / "printed.toml"
    path.write_text(config.as_toml(settings), encoding="utf-8")
    assert config.load(path) == settings


def test_every_key_is_explained_just_above_it() -> None:
    """No key stands in the printed file without its meaning."""
    lines = config.as_toml(Config()).splitlines()
    for table in dataclasses.fields(Config):
        for key in dataclasses.fields(getattr(Config(), table.name)):
            [place] = [i for i, line in enumerate(lines) if line.startswith(f"{key.name} = ")]
            assert lines[place - 1].startswith("# ")


@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_it_fail_otherwise(garbage: bytes) -> None:
    """A file of any bytes is read, or refused as a configuration: nothing else happens."""
    path = Path(os.environ["XDG_STATE_HOME"]).parent / "garbage.toml"
    path.write_bytes(garbage)
    with suppress(ConfigError):
        config.load(path)
