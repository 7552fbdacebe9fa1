"""The coach in a house with a real broker: what is told, what is obeyed, and what never leaves."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.coach.effects import Doing, Record
from assistant.coach.events import (
    Asked,
    Command,
    Found,
    Lost,
    Part,
    Period,
    Present,
    Recalled,
    Source,
    WallClock,
)
from assistant.outside.mqtt_broker import Message
from assistant.outside.name_claim import Claim
from tests.coach.driver import SETTINGS
from tests.eventually import eventually
from tests.mosquitto import Mosquitto, needed, running
from tests.outside.home import Coach, House, Running

pytestmark = needed
DAY = replace(SETTINGS, reminders=True, sit_s=1200.0)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running(tmp_path_factory.mktemp("broker")) as one:
        yield one


@pytest.fixture(autouse=True)
def nobody_objects(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """But where two have one name, a name is taken soon."""
    if "two_with_one_name" not in request.node.name:
        monkeypatch.setattr("assistant.outside.home_bridge.CLAIM_S", 0.02)


@pytest.fixture
def coach(tmp_path: Path) -> Iterator[Coach]:
    one = Coach(tmp_path / "door", DAY)
    yield one
    one.close()


@pytest.fixture
def house(broker: Mosquitto, request: pytest.FixtureRequest) -> Iterator[House]:
    """Each test's coach has a name of its own: what a broker keeps is nobody else's."""
    one = House(broker, request.node.name.removeprefix("test_")[:40])
    yield one
    one.close()


@pytest.fixture
def bridge(broker: Mosquitto, coach: Coach, house: House, tmp_path: Path) -> Iterator[Running]:
    """Up, and known to the house."""
    one = Running(broker, tmp_path / "door", house.name.name)
    house.shows("availability", "online")
    yield one
    one.close()


# --- told -----------------------------------------------------------------------------------------


def test_what_goes_on_is_told_as_it_changes(coach: Coach, house: House, bridge: Running) -> None:
    """Ends are moments with their zone, so that nothing has to tick."""
    assert house.state("state") == "waiting"
    ahead = datetime.fromisoformat(str(house.state("stand_up"))) - datetime.now(UTC)
    assert timedelta(minutes=19) < ahead <= timedelta(minutes=20, seconds=1)
    coach.inbox.put(Asked(Command.START))
    house.shows("state", "leading")
    house.shows("led", "Sides")
    house.shows("stand_up", "None")
    assert datetime.fromisoformat(str(house.state("ends"))).utcoffset() == timedelta(0)
    coach.inbox.put(Asked(Command.PAUSE))
    house.shows("state", "paused")
    house.shows("lamp", "paused")
    house.wait(lambda: '"period_s": 3.2' in str(house.state("lamp/attributes")))
    assert json.loads(str(house.state("state/attributes")))["de"] == "Pause"


def test_a_clock_that_is_set_moves_the_moments_once(
    coach: Coach, house: House, bridge: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_up = datetime.fromisoformat(str(house.state("stand_up")))
    real = time.time
    monkeypatch.setattr("assistant.outside.home_bridge.time.time", lambda: real() + 3600)
    coach.inbox.put(Asked(Command.LOUDER))
    house.shows("stand_up", (stand_up + timedelta(hours=1)).isoformat())


def test_today_is_counted_by_the_journal(coach: Coach, house: House, bridge: Running) -> None:
    """Asked for at the start, and again after something happened."""
    coach.counted = Recalled(Period.TODAY, breaks_taken=4, sessions=1, exercise_s=90.0)
    coach.happened(Record("break_taken"))
    house.shows("breaks", "4")
    house.shows("sessions", "1")
    house.shows("exercised", "1.5")
    assert house.happenings.get(timeout=5) == {"event_type": "break_taken"}


def test_a_press_is_an_event_and_is_not_kept(
    broker: Mosquitto, coach: Coach, house: House, bridge: Running
) -> None:
    """Nor is an answer: whoever comes later was not meant."""
    coach.inbox.put(Asked(Command.PRESS, Source.BUTTON))
    told = [house.happenings.get(timeout=5) for _ in range(2)]
    assert told == [
        {"event_type": "session_started", "routine": "Sides"},
        {"event_type": "button", "command": "press"},
    ]
    assert house.ask("pause")["obeyed"]
    later = House(broker, house.name.name)
    later.shows("state", "paused")
    assert later.state("event") is None
    assert later.state("answer") is None
    later.close()


# --- never told -----------------------------------------------------------------------------------

HURTS = (
    Record("pain", "sides", value=7, detail="before"),
    Record("screening", "fever", value=1),
    Record("command", "hurts", detail="voice"),
    Record("exercise", "plank", 3.0, "hurt"),
    Record("session_end", "sides", 60.0, "hurt"),
)


def test_nothing_of_a_persons_health_leaves(coach: Coach, house: House, bridge: Running) -> None:
    """Not the numbers, not the questions, not that it hurt; nor the reason for which a command was
    refused, which would tell."""
    coach.inbox.put(Asked(Command.START))
    house.shows("state", "leading")
    coach.inbox.put(Asked(Command.HURTS))
    house.shows("state", "paused")
    assert not house.ask("resume")["obeyed"]
    coach.happened(*HURTS)
    assert house.happenings.get(timeout=5)["event_type"] == "session_started"
    assert house.happenings.get(timeout=5)["event_type"] == "session_ended_early"
    house.send("start", "{")
    house.answer()
    told = "\n".join(
        text for topic, text in house.heard if topic != house.name.discovery
    ).casefold()
    for word in ("hurt", "pain", "asking", "fever", "sharp", "question"):
        assert word not in told, word


def test_who_allows_it_has_the_number_told(
    broker: Mosquitto, coach: Coach, house: House, tmp_path: Path
) -> None:
    """And no other answer."""
    one = Running(broker, tmp_path / "door", house.name.name, health=True)
    house.shows("availability", "online")
    coach.happened(*HURTS)
    house.shows("pain", "7")
    one.close()
    found = json.loads(house.last[house.name.discovery])["components"]["pain"]
    assert found["name"] == "Pain"
    assert "fever" not in "\n".join(text for _, text in house.heard)


# --- obeyed ---------------------------------------------------------------------------------------


def test_every_command_is_obeyed_or_told_why_not(
    coach: Coach, house: House, bridge: Running
) -> None:
    assert house.ask("start") == {"command": "start", "obeyed": True}
    house.shows("state", "leading")
    assert house.ask("pause", '{"value": "PRESS", "id": "7"}') == {
        "command": "pause",
        "id": "7",
        "obeyed": True,
    }
    assert house.ask("resume")["obeyed"]
    assert house.ask("next")["obeyed"]
    assert house.ask("stop")["obeyed"]
    house.shows("state", "waiting")
    refused = house.ask("pause")
    assert not refused["obeyed"]
    assert refused["reason"]
    assert [one.command for one in coach.events if isinstance(one, Asked)] == [
        *(Command.START, Command.PAUSE, Command.RESUME, Command.NEXT, Command.STOP, Command.PAUSE)
    ]
    assert all(one.source is Source.MQTT for one in coach.events if isinstance(one, Asked))


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        ("start", "nonsense", "no routine"),
        ("pause", "please", "PRESS"),
        ("reminders", "on", '"ON" or "OFF"'),
        ("interval", "20 min", "minutes"),
        ("interval", "NaN", "minutes"),
        ("interval", "4", "from 5 to 120"),
        ("interval", "240", "from 5 to 120"),
        ("quiet", "later", "14:30"),
        ("quiet", "2001-01-01T10:00:00", "is over"),
        ("quiet", "0001-01-01T00:00:00+14:00", "too far away"),
        ("quiet", "9999-12-31T23:59:59-14:00", "too far away"),
        ("say", "hello", "no such command"),
        ("yes", "PRESS", "no such command"),
        ("stop", '{"value": "PRESS", "at": "2026-01-01T00:00:00+00:00"}', "seconds old"),
        ("stop", '{"value": "PRESS", "at": "2999-01-01T00:00:00+00:00"}', "ahead"),
        ("stop", '{"value": "PRESS", "at": "2026-01-01T00:00:00"}', "zone"),
        ("stop", '{"when": "now"}', "when"),
        ("stop", "{", "JSON"),
        ("stop", '{"":' + "[" * 996, "JSON"),
        ("stop", "x" * 2000, "longer"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_the_reason(
    broker: Mosquitto, shared: House, key: str, text: str, why: str
) -> None:
    """And whoever sends it hears it within the blink of an eye."""
    told = shared.ask(key, text)
    assert not told["obeyed"]
    assert why in told["reason"]


@pytest.fixture(scope="module")
def shared(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One coach for many small questions."""
    folder = tmp_path_factory.mktemp("shared")
    coach, house = Coach(folder, DAY), House(broker, "shared")
    bridge = Running(broker, folder, "shared")
    house.shows("availability", "online")
    yield house
    bridge.close()
    house.close()
    coach.close()


def test_bytes_that_are_no_text_are_refused(shared: House) -> None:
    shared.line.publish(Message(shared.name.topic("stop/set"), b"\xff\xfe"))
    assert "no text" in shared.answer()["reason"]


def test_a_command_that_the_broker_kept_is_not_obeyed(
    broker: Mosquitto, coach: Coach, house: House, tmp_path: Path
) -> None:
    """Rubbish of an earlier day, found at the start; to clear it is no command."""
    house.send("start", "PRESS", retain=True)
    house.wait(lambda: len(house.heard) == 1)
    one = Running(broker, tmp_path / "door", house.name.name)
    house.shows("availability", "online")
    house.send("start", "", retain=True)
    assert house.ask("stop")["command"] == "stop"
    assert Command.START not in [e.command for e in coach.events if isinstance(e, Asked)]
    one.close()


def test_a_claim_that_the_broker_kept_takes_no_name(
    broker: Mosquitto, coach: Coach, house: House, tmp_path: Path
) -> None:
    """Whoever made it may be long gone, and a name that nobody has is free."""
    house.send("owner", Claim("0", held=True).payload().decode(), retain=True)
    one = Running(broker, tmp_path / "door", house.name.name)
    house.shows("availability", "online")
    house.send("owner", "", retain=True)
    one.close()


def test_the_routine_that_start_means_is_chosen(
    coach: Coach, house: House, bridge: Running
) -> None:
    house.shows("routine", "Sides")
    assert house.ask("routine", "Gentle")["obeyed"]
    house.shows("routine", "Gentle")
    house.ask("start")
    assert Asked(Command.START, Source.MQTT, routine="gentle") in coach.events


def test_somebody_is_here_by_a_sensor_of_the_house(
    coach: Coach, house: House, bridge: Running
) -> None:
    assert house.ask("here", "OFF")["obeyed"]
    house.shows("here", "OFF")
    house.ask("here", "ON")
    house.shows("here", "ON")
    assert [e for e in coach.events if isinstance(e, Present)] == [Present(False), Present(True)]


def test_a_meeting_is_kept_quiet_and_its_end_ends_that(
    coach: Coach, house: House, bridge: Running
) -> None:
    """But quiet that was asked for otherwise is left alone. The button is as if it was said: an
    hour, whose end isn't told."""
    assert house.ask("meeting")["obeyed"]
    [pressed] = [e for e in coach.events if isinstance(e, Asked)]
    assert (pressed.command, pressed.seconds) == (Command.MEETING, None)
    house.ask("reminders", "ON")
    house.shows("reminders", "ON")
    assert house.ask("meeting", "ON")["obeyed"]
    house.shows("reminders", "OFF")
    house.ask("meeting", "OFF")
    house.shows("reminders", "ON")
    house.ask("meeting", "ON")
    house.shows("reminders", "OFF")
    until = house.state("quiet_until")
    coach.inbox.put(Asked(Command.QUIET, seconds=7200.0))
    house.wait(lambda: house.state("quiet_until") != until)
    assert house.ask("meeting", "OFF")["obeyed"]
    assert Command.REMINDERS_ON not in [
        e.command for e in coach.events[-2:] if isinstance(e, Asked)
    ]
    assert house.state("reminders") == "OFF"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("45", Asked(Command.QUIET, Source.MQTT, seconds=2700.0)),
        ("14:30", Asked(Command.QUIET, Source.MQTT, until_s=52200.0, whole_day=True)),
        ("OFF", Asked(Command.REMINDERS_ON, Source.MQTT)),
    ],
)
def test_quiet_lasts_as_long_as_was_asked(
    coach: Coach, house: House, bridge: Running, text: str, asked: Asked
) -> None:
    coach.inbox.put(WallClock(3600.0 * 8))
    assert house.ask("quiet", text)["obeyed"]
    assert coach.events[-1] == asked


def test_quiet_until_a_moment_of_a_calendar(coach: Coach, house: House, bridge: Running) -> None:
    """As Home Assistant writes it: local time without its zone."""
    until = (datetime.now() + timedelta(minutes=50)).strftime("%Y-%m-%d %H:%M:%S")
    assert house.ask("quiet", until)["obeyed"]
    event = coach.events[-1]
    assert isinstance(event, Asked)
    assert event.seconds == pytest.approx(3000, abs=3)


# --- lives ----------------------------------------------------------------------------------------


def test_who_comes_later_finds_all_of_it(
    broker: Mosquitto, coach: Coach, house: House, bridge: Running
) -> None:
    """Everything that stands is kept by the broker; Home Assistant has it at once."""
    later = House(broker, house.name.name)
    found = json.loads(house.last[house.name.discovery])
    topics = {
        component[key]
        for component in found["components"].values()
        for key in ("state_topic", "json_attributes_topic")
        if key in component and component["platform"] not in ("event",)
    }
    # What a journal tells is there once there is one.
    topics -= {house.name.topic(key) for key in ("breaks", "sessions", "exercised")}
    later.wait(lambda: topics <= later.last.keys())
    later.shows("availability", "online")
    later.close()


def test_an_end_in_good_order_leaves_it_offline(
    broker: Mosquitto, coach: Coach, house: House, tmp_path: Path
) -> None:
    one = Running(broker, tmp_path / "door", house.name.name)
    house.shows("availability", "online")
    one.close()
    house.shows("availability", "offline", 1.0)


def test_a_coach_that_has_gone_is_offline_and_says_so_to_whoever_asks(
    broker: Mosquitto, house: House, tmp_path: Path
) -> None:
    """And is found again by itself."""
    coach = Coach(tmp_path / "door", DAY)
    one = Running(broker, tmp_path / "door", house.name.name)
    house.shows("availability", "online")
    coach.close()
    house.shows("availability", "offline")
    assert house.ask("pause") == {
        "command": "pause",
        "obeyed": False,
        "reason": "the coach isn't running",
    }
    coach = Coach(tmp_path / "door", DAY)
    house.shows("availability", "online")
    one.close()
    coach.close()


def test_after_a_broker_that_was_away_all_is_told_anew(tmp_path: Path) -> None:
    """It may have lost everything; what was asked meanwhile is nobody's any more."""
    with running(tmp_path) as broker:
        coach, house = Coach(tmp_path / "door", DAY), House(broker)
        one = Running(broker, tmp_path / "door")
        house.shows("availability", "online")
        broker.stop(signal.SIGKILL)
        coach.inbox.put(Asked(Command.START))
        house.last.clear()
        broker.start()
        house.shows("state", "leading", 20)
        house.shows("availability", "online")
        assert house.name.discovery in house.last
        assert house.ask("pause")["obeyed"]
        one.close()
        house.close()
        coach.close()


def test_home_assistant_that_starts_is_told_all_once(
    coach: Coach, house: House, bridge: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.outside.home_bridge.AFTER_BIRTH_S", 0.05)
    house.last.clear()
    house.line.publish(Message("homeassistant/status", b"online"))
    house.wait(lambda: house.name.discovery in house.last)
    house.shows("state", "waiting")


def test_of_two_with_one_name_the_first_stays_and_both_are_told(
    broker: Mosquitto, coach: Coach, house: House, bridge: Running, tmp_path: Path
) -> None:
    """The house never hears two voices from one desk."""
    second_coach = Coach(tmp_path / "other", DAY)
    before = len(house.heard)
    second = Running(broker, tmp_path / "other", house.name.name)
    coach.wait_for(Lost(Part.BROKER, "another coach in the house wants the same name"))
    second_coach.wait_for(Lost(Part.BROKER, "another coach in the house has the same name"))
    second_coach.inbox.put(Asked(Command.START))
    assert house.ask("stop")["command"] == "stop"
    assert Doing.LEADING not in [text for _, text in house.heard[before:]]
    second.close()
    assert house.state("availability") == "online"
    second_coach.close()


def test_a_wrong_password_is_told_once_and_a_mended_one_is_found(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the coach itself, for only a person can mend it; a broker that is away is no news."""
    passwords, secret = tmp_path / "passwords", tmp_path / "secret"
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "desk", "right"], check=True)
    secret.write_text("wrong")
    monkeypatch.setattr("assistant.outside.broker_access.REFUSED_S", 0.05)
    with running(tmp_path, f"password_file {passwords}\n") as broker:
        one = Running(broker, tmp_path / "door", user="desk", password_file=secret)
        reason = "the broker doesn't take the user name or the password"
        coach.wait_for(Lost(Part.BROKER, reason))
        secret.write_text("right")
        coach.wait_for(Found(Part.BROKER))
        broker.stop()
        told = [e for e in coach.events if isinstance(e, Lost | Found)]
        assert told == [Lost(Part.BROKER, reason), Found(Part.BROKER)]
        one.close()


def test_a_flood_fills_nothing_and_what_follows_is_obeyed(
    broker: Mosquitto, coach: Coach, bridge: Running, house: House
) -> None:
    """Of thousands of messages in one go most are let go by."""
    other = House(broker, house.name.name, only="answer")
    for _ in range(10):
        for _ in range(900):
            while not other.line.publish(Message(house.name.topic("stray/set"), b"nonsense")):
                other.wait_for_connection()
        threading.Event().wait(0.03)
    answers: list[dict[str, object]] = []
    until = time.monotonic() + 30
    while not any(one.get("id") == "after" for one in answers):
        assert time.monotonic() < until, answers[-3:]
        other.send("pause", '{"id": "after"}')
        with suppress(AssertionError):
            answers.append(other.answer(0.5))
        while not other.answers.empty():
            answers.append(other.answers.get())
    other.close()


def test_a_coach_that_comes_later_is_told_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker's word comes before the coach is there, and it says no other for a minute."""
    monkeypatch.setattr("assistant.outside.home_bridge.KNOCK_S", (0.05,))
    (tmp_path / "passwords").write_text("")
    with running(tmp_path, f"password_file {tmp_path / 'passwords'}\n") as broker:
        one = Running(broker, tmp_path / "door")
        eventually(lambda: bool(one.bridge._unwell))
        for _ in range(2):
            coach = Coach(tmp_path / "door", DAY)
            coach.wait_for(Lost(Part.BROKER, "the broker wants a user name and a password"))
            coach.close()
        one.close()
