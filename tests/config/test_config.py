"""The configuration file: what it may say, and that every error of it is named at once."""

import dataclasses
import os
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import config
from assistant.config import Config, ConfigError, hours, keys
from assistant.config.config_editing import as_toml, toml
from assistant.errors import AssistantError
from assistant.machine import places


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
    path = places.config_file()
    path.parent.mkdir(parents=True)
    path.write_text("[reminder]\nsit_min = 30\n")
    loaded = config.load()
    assert loaded.reminder.sit_min == 30
    assert loaded.wake == Config().wake


def test_a_relative_xdg_folder_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative XDG folder would depend on where one stands, so it doesn't count."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "somewhere")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert places.config_file() == Path("/home/somebody/.config/exercise-assistant/config.toml")


@pytest.mark.parametrize(
    ("text", "line", "key", "expected"),
    [
        ("[wake]\nphrase = ['hey']", 2, "wake.phrase", "did you mean phrases?"),
        ("[vioce]\nvolume = 1", 1, "vioce", "did you mean voice?"),
        ("[wake]\nphrases = 'hey coach'", 2, "wake.phrases", "a list"),
        ("[page]\naddress = 'kitchen'", 2, "page.address", "an address of this machine"),
        ("[page]\nport = 80", 2, "page.port", "1024"),
        ("[people]\nothers = ['Ben']", 2, "people.others", "an owner beside them"),
        ("[people]\nowner = '7'", 2, "people.owner", "of letters"),
        ("[people]\nowner = 'Ann'\nothers = ['Anne: ann']", 3, "people.others 1", "their own"),
        ("[people]\nunknown = 'anybody'", 2, "people.unknown", "one of: guest, owner"),
        ("[wake]\nphrases = []", 2, "wake.phrases", "a wake phrase at least"),
        ("[wake]\nphrases = ['']", 2, "wake.phrases 1", "a text"),
        ("[wake]\nphrases = ['hey coach', 'Hey, Coach!']", 2, "wake.phrases 2", '"hey coach"'),
        ("[wake]\nphrases = ['42']", 2, "wake.phrases 1", "lower-case words"),
        ('[hearing]\nmicrophone = "1"', 2, "hearing.microphone", "part of the name"),
        ("[hearing]\nmicrophone = 1", 2, "hearing.microphone", "part of the name"),
        ("[voice]\nother_loudspeakers = [2]", 2, "voice.other_loudspeakers 1", "part of the name"),
        ("[plan]\ntime = 22", 2, "plan.time", 'found 22; write time = "22:00"'),
        ('[voice]\nother_loudspeakers = ["USB", "2"]', 2, "voice.other_loudspeakers 2", "a name"),
        ("[hearing]\nmodel = 3", 2, "hearing.model", "a text"),
        ("[voice]\n\nrate_wpm = 400", 3, "voice.rate_wpm", "a whole number from 80 to 300"),
        ("[voice]\nrate_wpm = 155.5", 2, "voice.rate_wpm", "a whole number from 80 to 300"),
        ("[voice]\nvolume = 80", 2, "voice.volume", "a number from 0 to 1"),
        ("[voice]\nvolume = true", 2, "voice.volume", "a number from 0 to 1"),
        ("[voice]\nvolume = nan", 2, "voice.volume", "a number from 0 to 1"),
        ("[voice]\nvoice = ''", 2, "voice.voice", "a text"),
        ("[panel]\nbutton_pin = 28", 2, "panel.button_pin", "from 0 to 27"),
        ("[panel]\nbutton_pin = 'seventeen'", 2, "panel.button_pin", '27, or "none"'),
        ("[panel]\nbutton_active = 'no'", 2, "panel.button_active", "one of: low, high"),
        ("[panel]\nbutton_pull = 'on'", 2, "panel.button_pull", "one of: auto, up, down, none"),
        ("[panel]\nled_active = 0", 2, "panel.led_active", "one of: low, high"),
        ("[panel]\nled_brightness = 0", 2, "panel.led_brightness", "from 0.05 to 1"),
        ("[panel]\nled_pin = -1", 2, "panel.led_pin", "from 0 to 27"),
        ("[panel]\nled_pin = 17", 2, "panel.led_pin", "two different pins"),
        ("[panel]\nbutton_pin = 27", 2, "panel.button_pin", "two different pins"),
        ("[reminder]\non = 'yes'", 2, "reminder.on", "write on = true"),
        ("[reminder]\nsit_min = 0", 2, "reminder.sit_min", "minutes from 1 to 240"),
        ("[reminder]\nsit_min = 'twenty'", 2, "reminder.sit_min", "minutes from 1 to 240"),
        ("[session]\nroutine = 'Desk Break'", 2, "session.routine", "the name of a routine"),
        ("[reminder]\nroutine = 'Walk!'", 2, "reminder.routine", "the name of a routine"),
        ("[reminder]\nsnoozes = 11", 2, "reminder.snoozes", "a whole number from 0 to 10"),
        ("[reminder]\ncourtesy_min = 31", 2, "reminder.courtesy_min", "minutes from 0 to 30"),
        ("[reminder]\ngap_min = 0", 2, "reminder.gap_min", "minutes from 0.5 to 30"),
        ("[plan]\ntime = '6.30 pm'", 2, "plan.time", 'write time = "18:30"'),
        ("[plan]\ntime = 'evening'", 2, "plan.time", 'write time = "18:30"'),
        ("[plan]\ntime = '24:00'", 2, "plan.time", 'a time such as "18:30"'),
        ("[plan]\nmonday = 'Legs!'", 2, "plan.monday", "strength, mobility, exercises"),
        (
            "[plan]\nmonday = 'strength'\ntuesday = 'strength'",
            3,
            "plan.tuesday",
            'write tuesday = "mobility"',
        ),
        ("[hours]\n\nmonday = '9-17'", 3, "hours.monday", 'write monday = "9:00-17:00"'),
        ("[hours]\nfriday = '9 am to 5 pm'", 2, "hours.friday", 'friday = "9:00-17:00"'),
        ("[hours]\nfriday = '9.30 – 17.30'", 2, "hours.friday", 'friday = "9:30-17:30"'),
        ("[hours]\nfriday = '8:00-9:00, 10:00-11'", 2, "hours.friday", '"8:00-9:00 10:00-11:00"'),
        ("[hours]\nfriday = '25:00-26:00'", 2, "hours.friday", "a time that no clock shows"),
        ("[hours]\nfriday = '9:00-9:00'", 2, "hours.friday", "ends when it begins"),
        ("[hours]\nfriday = '9:00-12:00 11:00-13:00'", 2, "hours.friday", "11:00-13:00 begins"),
        ("[hours]\nfriday = 'mornings'", 2, "hours.friday", 'write friday = "9:00-18:00"'),
        ("[hours]\nfriday = 9", 2, "hours.friday", 'write friday = "9:00-18:00"'),
        ("[hours]\nlunch = '12:00-12:30 13:00-13:30'", 2, "hours.lunch", "more than one"),
        ("[voice]\nnight = '10 pm to 7 am'", 2, "voice.night", 'write night = "22:00-7:00"'),
        ("[hours]\nlunch = 'noon'", 2, "hours.lunch", 'write lunch = "12:30-13:15"'),
        ("[hours]\nholidays = '2026-12-24'", 2, "hours.holidays", "a list"),
        ("[hours]\nholidays = [2026-12-24]", 2, "hours.holidays 1", "between quotes"),
        (
            "[hours]\nholidays = [\n  '2026-12-24',\n  '2027-02-29']",
            4,
            "hours.holidays 2",
            'a date such as "2026-12-24"',
        ),
        ("[hours]\nholidays = ['24.12.2026']", 2, "hours.holidays 1", "a date such as"),
        (
            "[hours]\non = true\n" + "".join(f"{day} = ''\n" for day in hours.DAYS[:5]),
            2,
            "hours.on",
            "a working day at least",
        ),
        ("[mqtt]\non = true", 2, "mqtt.on", "the broker's host beside it"),
        ("[mqtt]\nport = 0", 2, "mqtt.port", "from 1 to 65535"),
        ("[intervals]\ntuesday = 241", 2, "intervals.tuesday", "from 0 to 240"),
        ("[intervals]\ntuesday = 0.5", 2, "intervals.tuesday", "0, or minutes from 1 to 240"),
        ("[presence]\nsensor = 'radar'", 2, "presence.sensor", "one of: none, pir, distance, seat"),
        ("[presence]\nnear_m = 4", 2, "presence.near_m", "a number from 0.1 to 3"),
        ("[presence]\nsensor = 'pir'\npin = 17", 3, "presence.pin", "panel.button_pin"),
        (
            "[presence]\nsensor = 'seat'\n[panel]\nled_pin = 22",
            4,
            "panel.led_pin",
            "give panel.led_pin and presence.pin a pin each",
        ),
        ("[presence]\nsensor = 'distance'\npin = 23", 3, "presence.pin", "presence.echo_pin"),
        ("[presence]\nsensor = 'distance'\necho_pin = 27", 3, "presence.echo_pin", "led_pin"),
        ("wake = 3", 1, "wake", "a table"),
        ("[wake\n", 1, "", "write [wake]"),
        ("[wake]\n[wake]\n", 2, "", "as well as in line 1"),
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


@pytest.mark.parametrize("value", ["1", "7.5", "22", "['a', 'b']", "[7]"])
def test_what_is_to_be_written_for_a_text_is_then_accepted(tmp_path: Path, value: str) -> None:
    """A number between quotes is no device, no hour and no name: the cure is one that holds."""
    for name in keys.names():
        table, key = name.split(".")
        if isinstance(default := getattr(getattr(Config(), table), key), str):
            _, problems = config.load_usable(written(tmp_path, f"[{table}]\n{key} = {value}\n"))
            cures = [re.search(rf'write ({key} = "[^"]*")', problem.mend) for problem in problems]
            for cure in filter(None, cures):
                _, problems = config.load_usable(written(tmp_path, f"[{table}]\n{cure[1]}\n"))
                assert not problems, (name, default)


@pytest.mark.parametrize(("table", "key"), [("hearing", "microphone"), ("voice", "loudspeaker")])
@pytest.mark.parametrize(
    ("names", "cure"),
    [('["Jabra", "USB PnP"]', "Jabra"), ('["1", "USB PnP"]', "USB PnP"), ("[]", ""), ("[7]", "")],
)
def test_several_devices_where_one_belongs_are_no_one_name(
    tmp_path: Path, table: str, key: str, names: str, cure: str
) -> None:
    """ "Jabra USB PnP" would be written, and found nowhere."""
    _, [problem] = config.load_usable(written(tmp_path, f"[{table}]\n{key} = {names}\n"))
    assert problem.mend == f'write {key} = "{cure}"'
    assert problem.expected == f"one name, and more of them in other_{key}s"


def test_pins_of_what_is_not_connected_do_not_count(tmp_path: Path) -> None:
    """Without a sensor its pins are free; only a distance sensor has an echo."""
    path = written(tmp_path, "[panel]\nbutton_pin = 22\nled_pin = 23")
    assert config.load(path).presence == keys.Presence()
    path = written(tmp_path, "[panel]\nled_pin = 23\n[presence]\nsensor = 'pir'")
    assert config.load(path).presence.sensor is config.Sensor.PIR


def test_a_pin_may_be_none(tmp_path: Path) -> None:
    """A panel with a lamp alone, a button alone, or neither; two that are none share no pin."""
    path = written(tmp_path, "[panel]\nbutton_pin = 'none'\nled_pin = 'none'")
    panel = config.load(path).panel
    assert (panel.button_pin, panel.led_pin) == (config.NoPin.NONE, config.NoPin.NONE)
    path = written(tmp_path, "[panel]\nbutton_pin = 'none'\nled_pin = 17")
    assert config.load(path).panel.led_pin == 17


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


@pytest.mark.parametrize("table", ["mqtt", "office"])
def test_every_file_that_is_named_is_looked_for_beside_the_configuration(
    table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not where the process happens to stand: for a service that is nowhere in particular."""
    monkeypatch.setenv("HOME", "/home/somebody")
    path = written(tmp_path, f"[{table}]\nca_file = 'ca.pem'\npassword_file = '~/secret'")
    named = getattr(config.load(path), table)
    assert named.ca_file == str(tmp_path / "ca.pem")
    assert Path(named.password_file) == Path("/home/somebody/secret")


def as_spans(minutes: list[int]) -> str:
    """Times in pairs as a person writes them."""
    written = [f"{minute // 60}:{minute % 60:02}" for minute in minutes]
    return " ".join(f"{a}-{b}" for a, b in zip(written[::2], written[1::2], strict=False))


words = st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,2}", fullmatch=True)
# What a file can hold in one line: no control characters, no lone halves of a character.
names = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20)
routine_names = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
clock_times = st.integers(0, 24 * 60 - 1)
# Two different times make a span: past midnight where the second is the earlier one.
working_spans = st.lists(clock_times, min_size=2, max_size=2, unique=True).map(
    lambda two: as_spans(two)
)
working_days = st.lists(clock_times, max_size=8, unique=True).map(
    lambda times: as_spans(sorted(times))
)
pins = st.lists(st.integers(0, 25), min_size=2, max_size=2, unique=True)
device_names = names.filter(lambda name: not name.strip().isdecimal())
configs = st.builds(
    Config,
    wake=st.builds(keys.Wake, phrases=st.lists(words, min_size=1, max_size=3).map(tuple)),
    hearing=st.builds(
        keys.Hearing,
        model=st.sampled_from(["", "/a/model", '/odd "name"']),
        microphone=device_names,
    ),
    voice=st.builds(
        keys.Voice,
        rate_wpm=st.integers(80, 300),
        volume=st.floats(0, 1),
        voice=names.filter(lambda name: bool(name.strip())),
        loudspeaker=device_names,
    ),
    panel=st.builds(
        lambda two, none, **kinds: keys.Panel(button_pin=none or two[0], led_pin=two[1], **kinds),
        pins,
        st.sampled_from([None, config.NoPin.NONE]),
        button_active=st.sampled_from(config.Active),
        button_pull=st.sampled_from(config.Pull),
        led_active=st.sampled_from(config.Active),
        led_brightness=st.floats(0.05, 1),
    ),
    reminder=st.builds(
        keys.Reminder,
        on=st.booleans(),
        sit_min=st.floats(1, 240),
        up_min=st.floats(0.5, 60),
        snooze_min=st.floats(1, 60),
        snoozes=st.integers(0, 10),
        courtesy_min=st.floats(0, 30),
        gap_min=st.floats(0.5, 30),
        routine=routine_names,
    ),
    hours=st.builds(
        keys.Hours,
        on=st.just(False) | st.booleans(),
        monday=working_days.filter(bool),
        **dict.fromkeys(hours.DAYS[1:], working_days),
        lunch=st.just("") | working_spans,
        holidays=st.lists(st.dates().map(str), max_size=3).map(tuple),
    ),
    intervals=st.builds(
        keys.Intervals, **{day: st.just(0.0) | st.floats(1, 240) for day in hours.DAYS}
    ),
    presence=st.builds(
        keys.Presence,
        sensor=st.sampled_from(config.Sensor),
        pin=st.just(26),
        echo_pin=st.just(27),
        near_m=st.floats(0.1, 3),
    ),
    session=st.builds(keys.Session, routine=routine_names),
)


@given(configs)
def test_what_is_printed_reads_back_the_same(settings: Config) -> None:
    """`assistant config > config.toml` changes nothing."""
    path = Path(os.environ["XDG_STATE_HOME"]).parent / "printed.toml"
    path.write_text(as_toml(settings), encoding="utf-8")
    assert config.load(path) == settings


def test_every_key_is_explained_just_above_it() -> None:
    """No key stands in the printed file without its meaning."""
    tables = as_toml(Config()).split("\n[")[1:]
    assert [text.partition("]")[0] for text in tables] == [
        table.name for table in dataclasses.fields(Config)
    ]
    for table, text in zip(dataclasses.fields(Config), tables, strict=True):
        lines = text.splitlines()
        for key in dataclasses.fields(getattr(Config(), table.name)):
            [place] = [i for i, line in enumerate(lines) if line.startswith(f"{key.name} = ")]
            assert lines[place - 1].startswith("# ")


def test_what_may_be_empty_may_be(tmp_path: Path) -> None:
    """Where a key's meaning tells what an empty text does, an empty text is taken."""
    told = [
        (table.name, key.name)
        for table in dataclasses.fields(Config)
        for key in dataclasses.fields(getattr(Config(), table.name))
        if " Empty: " in f" {key.metadata['about']}"
    ]
    assert ("voice", "night") in told
    for table, key in told:
        file = tmp_path / f"{table}-{key}.toml"
        file.write_text(f'[{table}]\n{key} = ""\n')
        assert getattr(getattr(config.load(file), table), key) in ("", None), (table, key)


def test_working_hours_as_numbers(tmp_path: Path) -> None:
    """Clock times become seconds since the midnight the day began with, past the next one too."""
    path = written(
        tmp_path,
        "[hours]\non = true\nmonday = '9:00-12:00 13:00-17:30'\ntuesday = '22:00-06:00'\n"
        "wednesday = '0:00-24:00'\nfriday = '9:00-12:00 20:30-9:00'\nsunday = '  '\n"
        "lunch = '12:30-13:15'\nholidays = ['1970-01-01', '2026-12-24', '2026-12-24']\n"
        "[intervals]\nmonday = 30\nsunday = 1.5\n",
    )
    loaded = config.load(path)
    h = 3600
    assert hours.week(loaded) == (
        ((9 * h, 12 * h), (13 * h, 17.5 * h)),
        ((22 * h, 30 * h),),
        ((0, 24 * h),),
        ((9 * h, 18 * h),),
        ((9 * h, 12 * h), (20.5 * h, 33 * h)),
        (),
        (),
    )
    assert hours.lunch(loaded) == (12.5 * h, 13.25 * h)
    assert hours.holidays(loaded) == {0, 20811}  # `date -d 2026-12-24 +%s` is 20811 * 86400
    assert hours.intervals(loaded) == (1800, 0, 0, 0, 0, 0, 90)


def test_without_a_file_nothing_of_it_is_set() -> None:
    """Office hours wait to be switched on; there is no lunch, no holiday, no day of its own."""
    assert not Config().hours.on
    assert hours.week(Config()) == (((32400, 64800),),) * 5 + ((), ())
    assert hours.lunch(Config()) is None
    assert hours.night(Config()) == (22 * 3600, 31 * 3600), "to seven in the morning"
    assert hours.holidays(Config()) == frozenset()
    assert hours.intervals(Config()) == (0,) * 7


@given(st.lists(clock_times, max_size=8, unique=True), clock_times)
def test_any_hours_read_as_the_numbers_they_are(minutes: list[int], shift: int) -> None:
    """Spans come back in order, apart from one another, and none is longer than a day."""
    times = sorted(minutes)[: len(minutes) // 2 * 2]
    found = hours.spans(as_spans(times))
    assert found == tuple((a * 60, b * 60) for a, b in zip(times[::2], times[1::2], strict=True))
    ends_tomorrow = hours.spans(as_spans([shift, shift - 1 if shift else 1439]))
    assert ends_tomorrow[0][0] < ends_tomorrow[0][1] <= ends_tomorrow[0][0] + hours.DAY_S


@given(st.text(st.sampled_from("0123456789:-. hapm–,"), max_size=24))
def test_what_is_suggested_is_always_accepted(text: str) -> None:
    """Whatever hours were meant, the mended text reads without an error."""
    if meant := hours.guess(text):
        assert hours.spans(meant)


ANYTHING = st.one_of(
    st.integers(-3, 400),
    st.floats(-2, 300, allow_nan=False),
    st.booleans(),
    st.sampled_from(["", "none", "pir", "low", "desk-break", "9:00-12:00", "hey coach", "Hey!"]),
    st.lists(st.sampled_from(["hey coach", "2026-12-24", ""]), max_size=2),
)


@given(st.dictionaries(st.sampled_from([*keys.names(), "voice.vol", "vioce.x"]), ANYTHING))
def test_whatever_is_wrong_what_holds_is_a_configuration(said: dict[str, object]) -> None:
    """What can be used of a file is a configuration that has nothing wrong with it, and says what
    the file says wherever that isn't complained of."""
    path = Path(os.environ["XDG_STATE_HOME"]).parent / "anything.toml"
    text = "\n".join(f"{key} = {toml(value)}" for key, value in said.items())
    path.write_text(text, encoding="utf-8")
    usable, problems = config.load_usable(path)
    if not problems:
        assert config.load(path) == usable
    else:
        with pytest.raises(ConfigError) as refused:
            config.load(path)
        assert sorted(map(str, refused.value.problems)) == sorted(map(str, problems))
    path.write_text(as_toml(usable), encoding="utf-8")
    assert config.load(path) == usable
    complained = {re.sub(r"( \d+)+$", "", problem.key) for problem in problems}
    for key in said.keys() - complained - {"voice.vol", "vioce.x"} - FILES:
        table, name = key.split(".")
        held = getattr(getattr(usable, table), name)
        if not any(one in PINS for one in complained):  # of two things on one pin one is named
            assert (list(held) if isinstance(held, tuple) else held) == said[key]


FILES = {
    "hearing.model",
    *(f"{t}.{k}_file" for t in ("mqtt", "office") for k in ("ca", "password")),
}
"""They come out as whole paths."""
PINS = ("panel.button_pin", "panel.led_pin", "presence.pin", "presence.echo_pin")


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_a_configuration_to_start_with(garbage: bytes) -> None:
    """Nothing that may stand in the file keeps the house from starting."""
    path = Path(os.environ["XDG_STATE_HOME"]).parent / "garbage.toml"
    path.write_bytes(garbage)
    usable, problems = config.load_usable(path)
    assert problems or usable == config.load(path)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_it_fail_otherwise(garbage: bytes) -> None:
    """A file of any bytes is read, or refused as a configuration: nothing else happens."""
    path = Path(os.environ["XDG_STATE_HOME"]).parent / "garbage.toml"
    path.write_bytes(garbage)
    with suppress(ConfigError):
        config.load(path)
