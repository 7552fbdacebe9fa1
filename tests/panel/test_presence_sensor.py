"""Somebody is there, or has been missed for long enough: a sensor's flicker is neither."""

import random
import time
from collections.abc import Iterator
from itertools import pairwise
from queue import Empty, SimpleQueue
from typing import Any

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPin, MockTriggerPin
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.events import Event, Found, Lost, Part, Present
from assistant.panel import attached, gpio
from assistant.panel.presence_sensor import (
    ECHOES,
    FAR_FACTOR,
    HOLDS_S,
    MISSES,
    Nearness,
    PresenceFilter,
    PresenceSensor,
    open_presence,
)

SENSOR, ECHO = 22, 23


# --- how long it must last --------------------------------------------------


def play(
    stay: PresenceFilter, said: list[tuple[float, bool]], until: float
) -> list[tuple[float, bool]]:
    """What is new and when; `due` is called on time, as the thread does."""
    news: list[tuple[float, bool]] = []
    for at, active in [*said, (until, None)]:
        while stay.deadline is not None and stay.deadline <= at:
            due_at = stay.deadline
            news += [(due_at, here) for here in stay.due(due_at)]
        if active is not None:
            news += [(at, here) for here in stay.sense(active, at)]
    return news


@pytest.mark.parametrize(
    ("sensor", "said", "expected"),
    [
        pytest.param("seat", [(0, True)], [(0, True)], id="the first word holds at once"),
        pytest.param("seat", [(0, False)], [(0, False)], id="so does an empty seat"),
        pytest.param(
            "seat",
            [(0, True), (9, False), (13.9, True)],
            [(0, True)],
            id="4.9 s up is leaning over",
        ),
        pytest.param(
            "seat",
            [(0, True), (9, False), (14.1, True), (16, True)],
            [(0, True), (14, False), (15.1, True)],
            id="5.1 s up is up",
        ),
        pytest.param(
            "seat", [(0, False), (9, True), (9.9, False)], [(0, False)], id="0.9 s is no sitting"
        ),
        pytest.param(
            "pir",
            [(0, True), (3, False), (100, True), (102, False), (221.9, True), (224, False)],
            [(0, True), (344, False)],
            id="who moves within two minutes stays",
        ),
        pytest.param(
            "pir",
            [(0, True), (3, False), (123.1, True)],
            [(0, True), (123, False), (123.35, True)],
            id="one movement is enough to be back",
        ),
        pytest.param(
            "pir",
            [(0, True), (3, False), (123.1, True), (123.2, False)],
            [(0, True), (123, False)],
            id="a spike on the wire is no movement",
        ),
        pytest.param(
            "distance",
            [(0, True), (1, False), (2, False), (5, False), (10.9, True)],
            [(0, True)],
            id="saying the same again doesn't begin anew",
        ),
    ],
)
def test_coming_and_going(
    sensor: str, said: list[tuple[float, bool]], expected: list[tuple[float, bool]]
) -> None:
    """Each sensor's margins: what is a little shorter never happened."""
    assert play(PresenceFilter(*HOLDS_S[sensor]), said, until=1000.0) == expected


words = st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=40)
holds = st.tuples(st.integers(0, 20), st.integers(0, 20))


def at_times(gaps: list[tuple[int, bool]]) -> list[tuple[float, bool]]:
    now, said = 0, []
    for gap, active in gaps:
        now += gap
        said.append((float(now), active))
    return said


def second_by_second(
    said: list[tuple[float, bool]], come_s: int, gone_s: int, until: int
) -> list[tuple[float, bool]]:
    """The rule, the long way round: at each second, for how long has it said so?"""
    begin, here = said[0]
    news, words_at = [said[0]], dict(said)
    saying, since = here, int(begin)
    for now in range(int(begin), until + 1):
        # Lasted to this second, before it hears this second's word; with no hold, after it.
        for after in (False, True):
            if after and words_at.get(float(now), saying) != saying:
                saying, since = not saying, now
            if saying != here and now - since >= (come_s if saying else gone_s):
                here = saying
                news.append((float(now), here))
    return news


@given(words, holds)
def test_it_is_the_rule_second_by_second(
    gaps: list[tuple[int, bool]], hold_s: tuple[int, int]
) -> None:
    """Whatever a sensor says, the news are those of counting the seconds."""
    said = at_times(gaps)
    until = int(said[-1][0]) + 50
    assert play(PresenceFilter(*hold_s), said, float(until)) == second_by_second(
        said, *hold_s, until
    )


@given(words, holds)
def test_a_late_caller_changes_nothing_but_the_time(
    gaps: list[tuple[int, bool]], hold_s: tuple[int, int]
) -> None:
    """A machine that was busy and asks only when the sensor speaks gets the same news."""
    said = at_times(gaps)
    late, news = PresenceFilter(*hold_s), []
    for at, active in said:
        news += late.sense(active, at)
    news += late.due(1e9)
    assert news == [here for _, here in play(PresenceFilter(*hold_s), said, 1e9)]
    assert late.deadline is None


# --- distances --------------------------------------------------------------


def echoes(nearness: Nearness, *distances: float | None) -> list[bool | None]:
    return [nearness.echo(distance) for distance in distances]


def test_the_middle_of_the_last_echoes_counts() -> None:
    """Two wrong echoes of five change nothing; nothing is known before there are five."""
    nearness = Nearness(1.0)
    assert echoes(nearness, 0.6, 0.6, 0.6, 0.6) == [None] * (ECHOES - 1)
    assert echoes(nearness, 0.6, 3.0, 3.0) == [True, True, True]
    assert echoes(nearness, 3.0) == [False]


@pytest.mark.parametrize(
    ("was_m", "is_m", "near"),
    [
        (0.5, 1.0, True),
        (0.5, 1.2, True),
        (0.5, 1.21, False),
        (2.0, 1.0, True),
        (2.0, 1.01, False),
        (2.0, 1.19, False),
    ],
)
def test_going_takes_more_distance_than_coming(was_m: float, is_m: float, near: bool) -> None:
    """Within 1 m somebody is there; away only beyond 1.2 m."""
    nearness = Nearness(1.0)
    echoes(nearness, *[was_m] * ECHOES)
    assert echoes(nearness, *[is_m] * ECHOES)[-1] is near


@given(st.lists(st.floats(0.95, 1.05), min_size=20, max_size=200))
def test_somebody_right_at_the_margin_does_not_flicker(distances: list[float]) -> None:
    """Around the margin there is one change at most: coming."""
    known = [near for near in echoes(Nearness(1.0), *distances) if near is not None]
    assert sum(a != b for a, b in pairwise(known)) <= 1
    assert FAR_FACTOR > 1.05


def test_missing_echoes() -> None:
    """A few change nothing; ten seconds of them are a fault, which five echoes in a row end."""
    nearness = Nearness(1.0)
    echoes(nearness, *[0.5] * ECHOES)
    seen = [(nearness.echo(None), nearness.lost) for _ in range(MISSES)]
    assert seen == [(True, False)] * (MISSES - 1) + [(None, True)]
    seen = [(nearness.echo(echo), nearness.lost) for echo in (0.5, 0.5, 0.5, 0.5, None)]
    assert seen == [(None, True)] * 5
    seen = [(nearness.echo(0.5), nearness.lost) for _ in range(ECHOES)]
    assert seen == [(None, True)] * (ECHOES - 1) + [(True, False)]


# --- on gpiozero's own simulated pins ---------------------------------------


class SeatPin(MockPin):  # type: ignore[misc] # gpiozero ships no types
    """A pin with a switch to ground, which is stronger than the pin's own pull."""

    closed = False

    def sit(self) -> None:
        self.closed = True
        self.drive_low()

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        if self.closed:
            self.drive_low()


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    Device.pin_factory = MockFactory(pin_class=SeatPin)
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = None


@pytest.fixture
def events() -> "SimpleQueue[Event]":
    return SimpleQueue()


class Opened(list[PresenceSensor]):
    """What was opened, to be closed after the test."""

    def __call__(self, it: PresenceSensor) -> PresenceSensor:
        self.append(it)
        return it


@pytest.fixture
def opened(pins: Any) -> Iterator[Opened]:
    those = Opened()
    yield those
    for it in those:
        it.close()


def open_here(
    events: "SimpleQueue[Event]", sensor: str, gone_s: float | None = None
) -> PresenceSensor:
    return open_presence(events.put, sensor, SENSOR, ECHO, 1.0, gone_s=gone_s)


def test_a_seat_switch(pins: Any, opened: Opened, events: "SimpleQueue[Event]") -> None:
    """Told at first, again once somebody has sat, and again once the seat has stayed empty."""
    opened(open_here(events, "seat", gone_s=0.2))
    assert events.get(timeout=5) == Present(False)
    at = time.monotonic()
    pins.pin(SENSOR).drive_low()
    assert events.get(timeout=5) == Present(True)
    assert time.monotonic() - at >= HOLDS_S["seat"][0]
    at = time.monotonic()
    pins.pin(SENSOR).drive_high()
    assert events.get(timeout=5) == Present(False)
    assert time.monotonic() - at >= 0.2


def test_somebody_already_sits(pins: Any, opened: Opened, events: "SimpleQueue[Event]") -> None:
    """A switch that is closed when the program starts is told at once."""
    pins.pin(SENSOR).sit()
    opened(open_here(events, "seat"))
    assert events.get(timeout=0.9) == Present(True)


def test_a_motion_sensor(pins: Any, opened: Opened, events: "SimpleQueue[Event]") -> None:
    """Somebody is taken to be there at first, is missed in the end, and back with one movement."""
    opened(open_here(events, "pir", gone_s=0.5))
    assert events.get(timeout=5) == Present(True)
    at = time.monotonic()
    assert events.get(timeout=5) == Present(False)
    assert time.monotonic() - at > 0.2
    pins.pin(SENSOR).drive_high()
    assert events.get(timeout=5) == Present(True)


def test_a_distance_sensor(pins: Any, opened: Opened, events: "SimpleQueue[Event]") -> None:
    """An echo of half a metre is somebody; the library's own timing of the pins says so."""
    trigger = pins.pin(SENSOR, pin_class=MockTriggerPin, echo_pin=pins.pin(ECHO), echo_time=0.002)
    opened(open_here(events, "distance", gone_s=0.5))
    assert events.get(timeout=10) == Present(True)
    trigger.echo_time = 0.03
    assert events.get(timeout=10) == Present(False)


def test_a_distance_sensor_without_its_wires() -> None:
    """No echo at all is told as a fault, and as somebody who may be there; echoes end it."""
    events: SimpleQueue[Event] = SimpleQueue()

    class Wires:
        closed = False

        def close(self) -> None:
            self.closed = True

    wires = Wires()

    def open_it(tell: gpio.Tell) -> Wires:
        for _ in range(MISSES):
            tell(None)
        for _ in range(ECHOES):
            tell(3.0)
        return wires

    it = PresenceSensor(events.put, PresenceFilter(0.0, 0.0), Nearness(1.0), open_it)
    assert events.get(timeout=5) == Lost(
        Part.PRESENCE, "the distance sensor sends no echo, so look at its wires"
    )
    assert events.get(timeout=5) == Present(True)
    assert events.get(timeout=5) == Found(Part.PRESENCE)
    assert events.get(timeout=5) == Present(False)
    it.close()
    assert wires.closed
    it.close()


def test_pins_without_a_sensor_give_no_echo(pins: Any) -> None:
    """The library's readings of two pins that nothing is connected to are misses."""
    told: SimpleQueue[float | None] = SimpleQueue()
    sensor = gpio.open_distance(told.put, SENSOR, ECHO, 2.0)
    assert told.get(timeout=5) is None
    assert told.get(timeout=5) is None
    sensor.close()


def test_after_closing_it_is_silent(
    pins: Any, opened: Opened, events: "SimpleQueue[Event]"
) -> None:
    """What a pin does after closing is nobody's business; it can be opened again."""
    it = open_here(events, "seat", gone_s=0.0)
    assert events.get(timeout=5) == Present(False)
    it.close()
    pins.pin(SENSOR).sit()
    with pytest.raises(Empty):
        events.get_nowait()
    opened(open_here(events, "seat"))
    assert events.get(timeout=5) == Present(True)


@pytest.mark.parametrize("sensor", ["pir", "seat", "distance"])
def test_a_pin_that_is_taken(
    pins: Any,
    opened: Opened,
    events: "SimpleQueue[Event]",
    sensor: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The button's pin can't be the sensor's; that is told once, and it comes when it is free."""
    monkeypatch.setattr(attached, "AGAIN_S", 0.05)
    other = gpio.open_input(print, SENSOR)
    it = opened(open_here(events, sensor))
    assert it.refusal is not None
    assert it.refusal.mend == "give GPIO 22 to one part only, in the configuration"
    assert events.get(timeout=5) == Lost(Part.PRESENCE, "pin twenty-two is given to two parts")
    other.close()
    assert events.get(timeout=5) == Found(Part.PRESENCE)
    assert it.refusal is None


def test_no_such_pin(pins: Any, opened: Opened, events: "SimpleQueue[Event]") -> None:
    """A number that is no pin is the one that is named, of two."""
    it = opened(open_presence(events.put, "distance", SENSOR, 77, 1.0))
    assert str(it.refusal) == "there is no pin seventy-seven"


def test_no_pins_here(
    monkeypatch: pytest.MonkeyPatch, opened: Opened, events: "SimpleQueue[Event]"
) -> None:
    """On a machine without pins the reason is that, not a library's."""
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)
    if gpio.expected():
        pytest.skip("this machine has GPIO pins")
    assert str(opened(open_here(events, "pir")).refusal) == "this machine has no pins for it"


def test_contacts_that_chatter(pins: Any, opened: Opened, events: "SimpleQueue[Event]") -> None:
    """Somebody who moves on the seat all the time is there all the time."""
    pins.pin(SENSOR).sit()
    opened(open_here(events, "seat"))
    assert events.get(timeout=5) == Present(True)
    chance = random.Random(1)
    for _ in range(200):
        pins.pin(SENSOR).drive_high()
        time.sleep(chance.uniform(0, 0.005))  # the chatter itself, not waiting for a result
        pins.pin(SENSOR).drive_low()
    with pytest.raises(Empty):
        events.get(timeout=HOLDS_S["seat"][1] / 10)
