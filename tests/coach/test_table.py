"""The table of transitions, and properties of any script of events."""

from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coach import table
from assistant.coach.effects import (
    Chime,
    Context,
    Effect,
    Exit,
    Ignored,
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
    Due,
    Event,
    Found,
    Lost,
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
from assistant.coach.state import Mode, State, Then
from assistant.coach.step import ACTIONS, ALARMS, begin, deadline, step
from tests.coach.driver import SETTINGS, Drive

WAYS: dict[Mode, tuple[Command, ...]] = {
    Mode.IDLE: (),
    Mode.LEADING: (Command.START,),
    Mode.PAUSED: (Command.START, Command.PAUSE),
    Mode.REENTRY: (Command.START, Command.PAUSE, Command.GO),
    Mode.HURT: (Command.START, Command.HURTS),
    Mode.STANDING: (Command.UP,),
    Mode.DUE: (),
    Mode.OVERDUE: (),
    Mode.AWAY: (Command.LEAVING,),
    Mode.ASKING: (Command.SCREENING,),
}
SINCE = {Mode.DUE: SETTINGS.sit_s, Mode.OVERDUE: SETTINGS.sit_s + 240.0}
"""The modes that come by time alone."""
PAIRS = [(mode, command) for mode in Mode for command in Command]


def test_everything_in_the_table_is_done_by_something() -> None:
    """Every action and every alarm has its function, and each is used."""
    used = {do for moves in table.COMMANDS.values() for do, _ in moves.values()}
    assert used | set(table.EVERYWHERE.values()) == set(table.Do) == set(ACTIONS)
    assert {then for times in table.TIMES.values() for then in times} == set(Then) == set(ALARMS)
    assert not {c for moves in table.COMMANDS.values() for c in moves} & set(table.EVERYWHERE)


def test_every_command_means_something_somewhere() -> None:
    """No command can only be ignored."""
    somewhere = {c for moves in table.COMMANDS.values() for c in moves} | set(table.EVERYWHERE)
    assert somewhere == set(Command)


@pytest.mark.parametrize(("mode", "command"), PAIRS)
def test_a_command_leads_where_the_table_says(mode: Mode, command: Command) -> None:
    """For every mode and command: the mode afterwards is the table's, or it is ignored."""
    drive = Drive()
    drive.at(SINCE.get(mode, 1.0), *WAYS[mode])
    assert drive.mode() is mode
    effects = drive.at(drive.now, Asked(command, text=command.value))
    if command in table.EVERYWHERE:
        assert drive.mode() is mode
        assert any(isinstance(e, Say | Chime) for e in effects)
    elif command in table.COMMANDS[mode]:
        ended = mode is Mode.ASKING and command is Command.YES  # to the first one: a red flag
        assert drive.mode() is (Mode.IDLE if ended else table.COMMANDS[mode][command][1])
    else:
        assert drive.mode() is mode
        assert isinstance(effects[0], Ignored)


def test_the_diagram_shows_every_change_of_mode() -> None:
    """Each line of the table that changes the mode is an arrow of the diagram."""
    text = table.diagram()
    for mode, moves in table.COMMANDS.items():
        for command, (_, to) in moves.items():
            if to is not mode:
                arrow = next(x for x in text.splitlines() if f" {mode} --> {to}:" in x)
                assert command.value.replace("_", " ") in arrow


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
    st.builds(Recalled, st.sampled_from(list(Period)), st.integers(0, 9), st.integers(0, 9)),
    st.just(Due()),
)
GAPS = st.one_of(st.floats(0, 12), st.sampled_from([-5.0, 0.0, 60.0, 601.0, 1200.0, 1e7]))
WAIT = st.just("wait for the deadline")
SCRIPTS = st.lists(st.tuples(GAPS, st.one_of(EVENTS, WAIT)), max_size=60)


def check(state: State, effects: list[Effect]) -> None:
    """What holds after every step."""
    in_session = state.mode in (Mode.LEADING, Mode.PAUSED, Mode.REENTRY, Mode.HURT)
    assert (state.session is not None) == in_session
    assert (state.asking is not None) == (state.mode is Mode.ASKING)
    assert all(alarm.then in table.TIMES[state.mode] for alarm in state.alarms)
    assert list(state.alarms) == sorted(state.alarms, key=lambda alarm: alarm.at)
    assert in_session <= (state.stand_at is None)
    assert state.stand_at is None or state.sit_left_s is None
    if state.mode is Mode.IDLE and state.reminders:
        assert (state.stand_at is None) == (state.absent_since is not None)
    assert state.quiet_until is None or state.quiet_until - state.now <= 12 * 3600
    assert 0.6 <= state.pace <= 1.4
    assert 0.1 <= state.volume <= 1.0
    due = deadline(state)
    assert due is None or due >= state.now or state.over
    for kind in (Listen, SetLamp, Show, Exit):
        assert sum(isinstance(e, kind) for e in effects) <= 1
    if state.session is not None:
        session = state.session
        assert 0 <= session.index < len(session.plan.segments)
        assert list(session.marks) == sorted(session.marks, key=lambda mark: mark[0])
    for effect in effects:
        if isinstance(effect, Record):
            assert effect.seconds >= 0
        if isinstance(effect, Say):
            assert effect.text.strip()


@settings(max_examples=200, deadline=None)
@given(SCRIPTS, st.booleans())
def test_any_script_is_safe(script: list[tuple[float, Event | str]], greet: bool) -> None:
    """No event at any time raises, and what must always hold holds after every step."""
    state, effects = begin(SETTINGS, 0.0, greet=greet)
    check(state, effects)
    now = 0.0
    for gap, event in script:
        now += gap
        if isinstance(event, str):
            now, event = max(now, deadline(state) or now), Due()
        state, effects = step(state, event, now)
        check(state, effects)
    state, effects = step(state, Quit(7), now)
    assert effects[-1] == Exit(7) or Exit(7) in effects
    assert step(state, Due(), now + 1e6) == (state, [])
    assert deadline(state) is None


@settings(max_examples=50, deadline=None)
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
        if state.context is Context.SPEAKING:
            deaf_since = now if deaf_since is None else deaf_since
            assert now - deaf_since < 60
        else:
            deaf_since = None
        due = deadline(state)
        if due is None or due > state.now + 3600:
            break
        now = max(now, due)
        state, _ = step(state, Due(), now)


@settings(max_examples=100, deadline=None)
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
