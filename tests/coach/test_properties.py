"""Properties of any script of events: what must always hold, whatever happens."""

from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coach.effects import (
    Chime,
    Context,
    Effect,
    Exit,
    Listen,
    Record,
    Say,
    SetLamp,
    Show,
    Sound,
)
from assistant.coach.events import (
    Asked,
    Command,
    Event,
    Found,
    Lost,
    Offered,
    Part,
    Perhaps,
    Period,
    Present,
    Quit,
    Recalled,
    Slept,
    Source,
    Spoken,
    Talking,
    Touched,
    Unclear,
    WallClock,
)
from assistant.coach.events import Due as Deadline
from assistant.coach.state import Due, Exercising, Sitting, State
from assistant.coach.step import begin, deadline, step
from assistant.coach.tables import MACHINES
from assistant.coach.turn import Turn
from tests.coach.driver import SETTINGS, Drive, session_of

COMMANDS = st.sampled_from(list(Command))
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        Asked,
        COMMANDS,
        st.sampled_from(list(Source)),
        st.sampled_from([None, "sides", "nothing"]),
        st.sampled_from([None, 5.0, 30.0, 600.0]),
        st.sampled_from([None, 7200.0]),
        st.sampled_from([None, 0, 5, 11]),
        st.sampled_from(["", "words"]),
    ),
    st.just(Touched()),
    st.just(Perhaps()),
    st.builds(Unclear, st.sampled_from(list(Source))),
    st.builds(Spoken, st.integers(0, 40), st.booleans()),
    st.builds(Lost, st.sampled_from(list(Part)), st.just("it is gone")),
    st.builds(Found, st.sampled_from(list(Part))),
    st.builds(WallClock, st.floats(0, 2e9), st.booleans()),
    st.builds(Slept, st.sampled_from([1.0, 300.0, 86400.0])),
    st.just(Talking()),
    st.builds(Present, st.booleans()),
    st.builds(Offered, st.just(("office break",)), st.booleans()),
    st.builds(Recalled, st.sampled_from(list(Period)), st.integers(0, 9), st.integers(0, 9)),
    st.just(Deadline()),
)
GAPS = st.one_of(st.floats(0, 12), st.sampled_from([-5.0, 0.0, 60.0, 601.0, 1200.0, 1e7]))
WAIT = st.just("wait for the deadline")
SCRIPTS = st.lists(st.tuples(GAPS, st.one_of(EVENTS, WAIT)), max_size=60)


def check(state: State, effects: list[Effect]) -> None:
    """What holds after every step."""
    for machine in MACHINES:
        now_in = type(getattr(state, machine.name))
        assert now_in in {kind for kind, _ in machine.table}
        coming = machine.next_time(Turn(state))
        if coming is not None:
            assert (now_in, coming[1]) in machine.table
    session = session_of(state)
    desk = state.desk
    assert isinstance(desk, Exercising) or session is None
    if isinstance(desk, Due):
        assert list(desk.alarms) == sorted(desk.alarms, key=lambda alarm: alarm.at)
    if isinstance(desk, Sitting):
        assert desk.stand_at is None or desk.left_s is None
        absent = state.room.absent_since is not None
        assert (desk.stand_at is None) == (absent or not state.wishes.reminders)
    assert state.wishes.quiet_until is None or state.wishes.quiet_until - state.now <= 12 * 3600
    assert 0.6 <= state.voice.pace <= 1.4
    assert 0.1 <= state.voice.volume <= 1.0
    due = deadline(state)
    assert due is None or due >= state.now or state.over
    for kind in (Listen, SetLamp, Show, Exit):
        assert sum(isinstance(e, kind) for e in effects) <= 1
    if session is not None:
        assert 0 <= session.index < len(session.plan.segments)
        assert list(session.marks) == sorted(session.marks, key=lambda mark: mark[0])
    for effect in effects:
        if isinstance(effect, Record):
            assert effect.seconds >= 0
        if isinstance(effect, Say):
            assert effect.text.strip()


@settings(max_examples=200)
@given(SCRIPTS, st.booleans())
def test_any_script_is_safe(script: list[tuple[float, Event | str]], greet: bool) -> None:
    """No event at any time raises, and what must always hold holds after every step."""
    state, effects = begin(SETTINGS, 0.0, greet=greet)
    check(state, effects)
    now = 0.0
    for gap, event in script:
        now += gap
        if isinstance(event, str):
            now, event = max(now, deadline(state) or now), Deadline()
        state, effects = step(state, event, now)
        check(state, effects)
    state, effects = step(state, Quit(7), now)
    assert effects[-1] == Exit(7) or Exit(7) in effects
    assert step(state, Deadline(), now + 1e6) == (state, [])
    assert deadline(state) is None


@settings(max_examples=50)
@given(SCRIPTS)
def test_listening_always_comes_back(script: list[tuple[float, Event | str]]) -> None:
    """Whatever happened: if nobody asks for anything, a minute later it is not deaf for long."""
    state, _ = begin(SETTINGS, 0.0)
    now = 0.0
    for gap, event in script:
        now = max(now, now + gap)
        if not isinstance(event, str):
            state, _ = step(state, event, now)
    deaf_since: float | None = None
    for _ in range(300):
        if state.shown.context is Context.SPEAKING:
            deaf_since = now if deaf_since is None else deaf_since
            assert now - deaf_since < 60
        else:
            deaf_since = None
        due = deadline(state)
        if due is None or due > state.now + 3600:
            break
        now = max(now, due)
        state, _ = step(state, Deadline(), now)


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(st.floats(0, 90), st.sampled_from([Command.PAUSE, Command.RESUME, Command.HELP])),
        max_size=8,
    )
)
def test_a_hold_is_never_longer_or_shorter_than_planned(moves: list[tuple[float, Command]]) -> None:
    """Whatever is paused or asked, from a hold's beginning to its end its own seconds pass."""
    drive = Drive()
    drive.at(0.0, Command.START)
    for gap, command in moves:
        drive.at(drive.now + gap, command)
    drive.at(drive.now + 1.0, Command.RESUME)
    drive.at(drive.now + 300.0)
    held, since = 0.0, 0.0
    holds = []
    running = False
    for when, effect in drive.log:
        if isinstance(effect, Chime) and effect.sound is Sound.BEGIN:
            since, running = when, True
        elif isinstance(effect, Show) and running and effect.view.left_s is not None:
            held, running = held + when - since, False
        elif isinstance(effect, Chime) and effect.sound is Sound.END:
            holds.append(held + when - since)
            held, running = 0.0, False
    assert holds == pytest.approx([20.0, 5.0, 5.0])


def test_every_event_and_effect_is_frozen() -> None:
    """What was posted can't be changed afterwards by another thread."""
    for cls in (*get_args(Event), *get_args(Effect)):
        assert cls.__dataclass_params__.frozen
        assert cls.__slots__ == tuple(f.name for f in fields(cls))
