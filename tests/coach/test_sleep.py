"""The machine was suspended: what becomes of a session, and of what was told before."""

from dataclasses import replace

import pytest

from assistant.coach import fitting, week_plan
from assistant.coach.controls import FORGOTTEN_S
from assistant.coach.effects import Week
from assistant.coach.events import Command as C
from assistant.coach.events import Slept, WallClock
from assistant.coach.state import AtRest, Hurt, Leading, Paused, Question, Reentry
from assistant.coach.turn import Turn
from assistant.coach.what_counts import DIZZY_S, PAIN_LASTS_S
from assistant.content import plan_sentences, sentences
from tests.coach.driver import Drive
from tests.coach.test_session_start import (
    GENTLE,
    NOON,
    SEEN,
    STRENGTH,
    person,
    rows,
    score,
    shipped,
    start,
    texts,
)

DAY = 86400.0


def leading() -> Drive:
    drive = person()
    drive.at(1.0, start(STRENGTH), score(1))
    drive.at(200.0)
    assert drive.mode() is Leading
    return drive


@pytest.mark.parametrize("before", [(), (C.PAUSE,), (C.PAUSE, C.GO)])
def test_nobody_goes_on_in_the_morning_where_the_lid_was_closed_at_night(
    before: tuple[C, ...],
) -> None:
    """Asleep for as long as a pause may be, the session is over, also in the midst of the count."""
    drive = leading()
    drive.at(201.0, *before)
    drive.at(202.0, Slept(FORGOTTEN_S))
    assert isinstance(drive.state.lead, AtRest)
    assert texts(drive)[-1] == sentences.FORGOTTEN
    assert [name for name, _ in rows(drive, "session_end")] == [STRENGTH]


@pytest.mark.parametrize("before", [(), (C.PAUSE,), (C.PAUSE, C.GO)])
def test_after_a_moment_asleep_it_waits(before: tuple[C, ...]) -> None:
    """A count that was going on too: whoever opens the lid isn't in position."""
    drive = leading()
    drive.at(201.0, *before)
    assert drive.mode() is (Reentry if C.GO in before else Paused if before else Leading)
    drive.at(202.0, Slept(60.0))
    drive.at(230.0)
    assert drive.mode() is Paused
    drive.at(240.0, C.GO)
    drive.at(250.0)
    assert drive.mode() is Leading


def test_a_pause_goes_on_while_the_machine_sleeps() -> None:
    drive = leading()
    drive.at(201.0, C.PAUSE)
    drive.at(211.0, Slept(FORGOTTEN_S - 60.0))
    assert drive.mode() is Paused
    drive.at(201.0 + 61.0)
    assert isinstance(drive.state.lead, AtRest)


def test_the_question_whether_it_is_sharp_is_not_lost_by_sleep() -> None:
    drive = leading()
    drive.at(201.0, C.HURTS)
    drive.at(203.0, Slept(8 * 3600.0))
    assert drive.mode() is Hurt


@pytest.mark.parametrize(("asleep_s", "holds"), [(PAIN_LASTS_S - 60.0, True), (8 * 3600.0, False)])
def test_pain_is_as_long_ago_as_it_is(asleep_s: float, holds: bool) -> None:
    """What hurt at night isn't "not long ago" in the morning."""
    drive = person()
    drive.at(1.0, start(GENTLE), score(7), C.NO)
    drive.at(30.0, Slept(asleep_s))
    drive.at(60.0, start(GENTLE))
    assert drive.asking is not None
    assert drive.asking.question is (Question.GENTLE if holds else Question.PAIN_BEFORE)


@pytest.mark.parametrize(("asleep_s", "passed"), [(600.0, False), (DIZZY_S, True)])
def test_so_is_dizziness(asleep_s: float, passed: bool) -> None:
    drive = person()
    drive.at(20.0, C.DIZZY)
    drive.at(30.0, Slept(asleep_s))
    drive.at(60.0, start("desk-break"))
    assert (drive.mode() is Leading) == passed


def test_strength_waits_for_pain_that_still_counts_and_not_for_that_of_days_ago() -> None:
    """In a program that runs on from day to day, as in one that is begun anew; and how long it
    takes is told by that."""
    week = Week(("strength",) * 7, 18 * 3600.0)
    drive = Drive(replace(shipped(), health=SEEN, week=week))
    drive.at(0.0, WallClock(NOON))
    drive.at(1.0, start(GENTLE), score(5))
    drive.at(400.0, C.STOP)
    planned = week_plan.next_for(Turn(drive.state), int((NOON + 3 * DAY) // DAY))
    assert planned is not None
    assert planned.why == plan_sentences.STRENGTH_WAITS
    fine_s = fitting.length_s(Turn(person().state), STRENGTH)
    assert fitting.length_s(Turn(drive.state), STRENGTH) < fine_s
    drive.at(3 * DAY)
    planned = week_plan.next_for(Turn(drive.state), int((NOON + 3 * DAY) // DAY))
    assert planned == week_plan.Next(STRENGTH)
    assert fitting.length_s(Turn(drive.state), STRENGTH) == pytest.approx(fine_s)


@pytest.mark.parametrize(
    ("wanted", "pain", "question"),
    [
        (GENTLE, None, Question.PAIN_BEFORE),
        (GENTLE, 7, Question.GENTLE),
        (STRENGTH, 1, Question.HARDER),
    ],
)
def test_a_yes_in_the_morning_is_no_answer_to_what_was_asked_at_night(
    wanted: str, pain: int | None, question: Question
) -> None:
    """How much it hurts is asked anew. A question is still open after a moment."""
    well = replace(SEEN, good={"bridge": 3, "abdominal-brace": 3, "donkey-kick": 3})
    for asleep_s, goes_on in ((60.0, True), (8 * 3600.0, False)):
        drive = person(well)
        drive.at(1.0, start(wanted), *([] if pain is None else [score(pain)]))
        assert drive.asking is not None
        assert drive.asking.question is question
        drive.at(3.0, Slept(asleep_s))
        assert isinstance(drive.state.lead, AtRest) != goes_on
        drive.at(10.0, C.YES)
        assert (drive.session is not None) == (goes_on and pain is not None)
