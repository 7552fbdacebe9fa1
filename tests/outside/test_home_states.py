"""What stands in the topics, and what Home Assistant is told of them."""

import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from assistant import __version__
from assistant.coach import situation
from assistant.coach.effects import Doing, Lamp, Record
from assistant.coach.events import Command, Period, Recalled
from assistant.outside.home_commands import BUTTONS
from assistant.outside.home_entities import EVENTS, Name, discovery
from assistant.outside.home_states import HAPPENED, Offset, event, software, states, sums
from assistant.outside.home_words import WORDS
from assistant.outside.name_claim import Claim, Verdict
from tests.coach.driver import SETTINGS, STARTS, Drive
from tests.outside.home import NAMES

C = Command


def seen(drive: Drive, at: float) -> dict[str, str]:
    now = situation.of(drive.state)
    return states(now, at, Offset(1e9), NAMES, chosen="sides", health=False)


def test_nothing_ticks_while_something_is_led() -> None:
    """The end of a hold is a moment: it is told once, however long one looks."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(STARTS["left"] + 1)
    first = seen(drive, drive.now)
    assert first["exercise"] == "Donkey kick"
    assert datetime.fromisoformat(first["ends"]).timestamp() == 1e9 + STARTS["left"] + 5
    assert seen(drive, drive.now + 3.7) == first


def test_sitting_time_is_told_in_whole_minutes() -> None:
    drive = Drive(replace(SETTINGS, reminders=True, sit_s=1200.0))
    assert [seen(drive, at)["sitting"] for at in (0.0, 59.9, 60.0, 1190.0)] == ["0", "0", "1", "19"]


def test_every_state_that_can_be_is_one_that_was_announced() -> None:
    """Home Assistant keeps the old state when it gets one that it wasn't told of."""
    components = discovery(Name("desk"), ["Sides"], health=True)["components"]
    assert components["state"]["options"] == [one.value for one in Doing]
    assert components["lamp"]["options"] == [one.value for one in Lamp]
    assert WORDS.keys() == set(Doing)
    assert {"button", "session_done", "session_ended_early", *HAPPENED.values()} == set(EVENTS)
    drive = Drive()
    told = {*seen(drive, 0.0), *sums(Recalled(Period.TODAY)), "update", "pain"}
    wanted = {
        component[key].removeprefix("coach/desk/")
        for component in components.values()
        for key in ("state_topic", "json_attributes_topic")
        if key in component
    }
    assert wanted - {"event"} == told
    commands = {
        component["command_topic"].split("/")[2]
        for component in components.values()
        if "command_topic" in component
    }
    others = {"start", "snooze", "meeting", "routine", "reminders", "interval"}
    assert commands == {*BUTTONS, *others}


def test_what_may_not_be_told_is_announced_to_go() -> None:
    """An entity that is only left out would stay for ever."""
    components = discovery(Name("desk"), [], health=False)["components"]
    assert components["pain"] == {"platform": "sensor"}


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("desk", "desk"),
        ("Küche & Bad", "k-che-bad"),
        ("Desk.1/+#", "desk-1"),
        ("日本", "coach"),
    ],
)
def test_any_name_gives_topics_that_home_assistant_takes(name: str, id: str) -> None:
    one = Name(name)
    assert one.id == id
    assert re.fullmatch(r"[A-Za-z0-9_-]+", one.id)
    assert one.command(one.topic("pause/set")) == "pause"
    assert one.command("coach/other/pause/set") is None


def test_a_routine_that_was_done_is_an_event_with_its_length() -> None:
    told = event(Record("session_end", "sides", 150.0, "done"), NAMES)
    assert told == '{"event_type": "session_done", "minutes": 2.5, "routine": "Sides"}'
    assert event(Record("command", "louder", detail="voice"), NAMES) is None


def test_who_has_a_name_keeps_it_and_of_two_that_come_one_stays() -> None:
    had, new = Claim("b", held=True), Claim("a")
    assert had.judge(new.payload()) is Verdict.OBJECT
    assert new.judge(had.payload()) is Verdict.YIELD
    other = Claim("c")
    assert new.judge(other.payload()) is Verdict.OBJECT
    assert other.judge(new.payload()) is Verdict.YIELD
    for rubbish in (b"", b"PRESS", b"[]", b"[" * 9999, b'{"token": 1}', had.payload()):
        assert had.judge(rubbish) is Verdict.OURS


def test_a_newer_version_on_the_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update below a program that runs; a file that can't be read is no update."""
    release = tmp_path / "release.py"
    monkeypatch.setattr("assistant.outside.home_states.RELEASE", release)
    for text, latest in (("", __version__), ('__version__ = "99.1"\n', "99.1")):
        release.write_text(text)
        told = json.loads(software())
        assert told == {"installed_version": __version__, "latest_version": latest}
    release.unlink()
    assert json.loads(software())["latest_version"] == __version__
