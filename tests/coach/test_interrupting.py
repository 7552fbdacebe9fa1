"""Whoever says something isn't talked over: what they begin, answer or end cuts what is being said;
what only tells them something, or changes a number, lets the sentence come to its end first.

Every row of a command is tried in the midst of a sentence, in each kind of state that the shipped
routines lead to.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from assistant.coach import tables
from assistant.coach.effects import Hush, Say
from assistant.coach.events import Asked, Command, WallClock
from assistant.coach.interpreter import Machine, Row, Trigger
from assistant.coach.question import opened
from assistant.coach.state import Leading, Question, State
from assistant.coach.step import begin, step
from assistant.coach.turn import Turn
from tests.coach.driver import Drive, session_of
from tests.coach.test_tables import (
    BEGINNINGS,
    FROM_OUTSIDE,
    KICKS,
    NOON,
    at_its_end,
    in_its_work,
    in_need_of_an_answer,
    inputs,
    just_done,
    silent,
    types,
    waited,
)

C = Command
LETS_FINISH = {
    "answers.say_again",
    *("attention.open_again", "attention.stay_closed", "familiarity.change_wording"),
    *("adjusting.change_rest", "adjusting.less_time", "adjusting.more_time"),
    *("ice_and_heat.begin", "ice_and_heat.none_there", "ice_and_heat.tell"),
    *("ice_and_heat.refuse", "controls.already_going", "controls.going_on"),
    *("controls.note_pain", "controls.stop_first", "plan_requests.change_days"),
    *("plan_requests.change_goal", "plan_requests.change_time", "plan_requests.no_plan"),
    *("plan_requests.refuse_without_clock", "plan_requests.leave_today", "plan_requests.note_felt"),
    *("plan_told.greet", "plan_told.tell_plan", "plan_told.tell_today", "adjusting.stay_at_step"),
    *("stand_up.same_press", "stand_up.up_still", "stand_up.refuse_snooze"),
    *(
        "reminder_wishes.change_interval",
        "reminder_wishes.nothing_to_undo",
        "reminder_wishes.refuse_quiet",
    ),
    *("reminder_wishes.reminders_on", "identity.greet_again", "other_time.change"),
}
START = Asked(C.START, routine="lower-back-strength")
PUT_OFF = (1210.0, 1520.0, 1830.0, 2000.0, 2140.0)
"""A reminder, more often than may be."""
SCRIPTS: tuple[tuple[str, tuple[tuple[float, Asked], ...]], ...] = (
    ("screened", ((0.0, START), (10.0, Asked(C.NUMBER, value=1)), (60.0, Asked(C.HURTS)))),
    ("screened", ((0.0, START), (20.0, Asked(C.NUMBER, value=8)))),
    ("as shipped", ((0.0, START), (20.0, Asked(C.YES)))),  # a red flag
    ("as shipped", ((0.0, Asked(C.ICE)), (20.0, Asked(C.TIMER_OFF)))),
    ("as shipped", ((1140.0, Asked(C.HELP)),)),  # it is time soon
    ("as shipped", tuple((at, Asked(C.SNOOZE)) for at in PUT_OFF)),
)
SOMETIMES = {
    *("adjusting.exchange", "adjusting.explain", "adjusting.other_side", "controls.go_early"),
}
"""They cut where something else comes now, and not where there is nothing else."""


def name_of(row: Row[Any]) -> str:
    return f"{row.do.__module__.rpartition('.')[2]}.{row.do.__name__}"


def kind(state: State) -> tuple[object, ...]:
    lead, session = state.lead, session_of(state)
    return (
        *types(state),
        *(getattr(lead, name, None) for name in ("question", "follow_up", "ends", "answered")),
        session is not None and session.segment.kind,
        getattr(state.desk, "snoozes", 0),
        state.room.civil_offset is None,
        state.memory.before is None,
        state.person.id,
        state.shown.lamp,
        getattr(state.pack, "rests_until", 0.0) > state.now,
        getattr(lead, "wanted", None),
    )


def states() -> Iterator[tuple[State, float]]:
    """Nothing is being said in them."""
    yield from in_need_of_an_answer()
    yield from just_done()
    yield in_its_work(KICKS)
    for name, (settings, place) in BEGINNINGS.items():
        unset, now = silent(begin(settings, 0.0, greet=False, place=place)[0], 0.0)
        yield unset, now
        state, now = silent(step(unset, WallClock(NOON), now)[0], now)
        for event in inputs(state):
            if isinstance(event, Asked):
                after, later = silent(step(state, event, now + 0.1)[0], now + 0.1)
                yield after, later
                yield from (at_its_end(after, later) if isinstance(after.lead, Leading) else ())
                yield waited(after, later, types)
        if name == "screened":
            exercise = "bridge"
            for question in (Question.GENTLE, Question.HARDER, Question.CONFIRM):
                asked = replace(opened(question, "lower-back-gentle"), exercise=exercise)
                yield replace(unset, lead=asked), now
    for name, script in SCRIPTS:
        drive = Drive(BEGINNINGS[name][0])
        for at, what in script:
            drive.at(at, what)
            yield silent(drive.state, drive.now)


@pytest.mark.timeout(300)
def test_what_is_obeyed_in_the_midst_of_a_sentence_cuts_it_or_lets_it_finish(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    obeyed: list[str] = []
    real = Machine.run

    def run(self: Machine[Any], turn: Any, trigger: Trigger, value: object = None) -> bool:
        row = None if self.name in turn.running else self.row(turn, trigger, value)
        if row is not None and isinstance(trigger, Command):
            obeyed.append(name_of(row))
        return real(self, turn, trigger, value)

    seen, cuts, finishes = set[object](), set[str](), set[str]()
    some = []
    for state, now in states():
        if not state.over and kind(state) not in seen:
            seen.add(kind(state))
            some.append((state, now))
    monkeypatch.setattr(Machine, "run", run)
    for state, now in some:
        turn = Turn(state)
        turn.say("This goes on for a while.", within_s=100.0)
        for event in inputs(state):
            obeyed.clear()
            kinds = [type(effect) for effect in step(turn.state(), event, now + 0.05)[1]]
            if isinstance(event, Asked) and obeyed:
                first = next((one for one in kinds if one in (Hush, Say)), None)
                (cuts if first is Hush else finishes).add(obeyed[0])
    rows = [
        name_of(row)
        for machine in tables.MACHINES
        for row in machine.rows
        if any(isinstance(one, Command) for one in row.triggers) and row.do not in FROM_OUTSIDE
    ]
    assert set(rows) - cuts - finishes == set()
    assert finishes == LETS_FINISH | SOMETIMES
    assert cuts == set(rows) - LETS_FINISH
