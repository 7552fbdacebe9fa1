"""Whoever is dizzy, or in much pain, is asked neither to stand up nor to exercise for a while."""

from dataclasses import replace

import pytest

from assistant.coach.agenda import IN_PEACE_S, OFFERS_S
from assistant.coach.effects import Record, Week
from assistant.coach.events import Asked, Touched, WallClock
from assistant.coach.events import Command as C
from assistant.coach.state import Asking, Due, Leading, Question, Sitting, Standing
from assistant.coach.what_counts import DIZZY_S
from assistant.content import plan_sentences, sentences
from tests.coach.driver import Drive
from tests.coach.test_session_start import (
    DESK,
    GENTLE,
    NOON,
    SEEN,
    person,
    score,
    shipped,
    start,
    texts,
)

SIT_S = shipped().sit_s
SIX = NOON + 6 * 3600.0


def reminders(drive: Drive) -> list[float]:
    return [when for when, one in drive.ordered(Record) if getattr(one, "kind", "") == "break_due"]


def stand_up_said(drive: Drive, since: float) -> list[float]:
    told = ("stand up", "up yet")
    return [at for at, text in drive.said() if at > since and any(word in text for word in told)]


def at_six() -> Drive:
    """A minute before the time of the day's exercises; somebody is there, and stands up unasked."""
    week = Week(("exercises",) * 7, 18 * 3600.0)
    drive = Drive(replace(shipped(), health=SEEN, week=week, reminders=False))
    drive.at(0.0, WallClock(SIX - 60.0))
    drive.at(1.0, Touched())
    return drive


def planned_at(drive: Drive, until: float) -> float:
    """When it is asked for next."""
    while drive.now < until:
        drive.at(drive.now + 1.0)
        if drive.asking is not None and drive.asking.question is Question.PLANNED:
            return drive.now
    return float("inf")


def test_who_lies_down_for_dizziness_is_not_asked_to_stand_up() -> None:
    """The reminder that would have come meanwhile comes when it is long past."""
    drive = person()
    drive.at(SIT_S - 100.0, C.DIZZY)
    drive.at(SIT_S - 100.0 + DIZZY_S - 1.0)
    assert not reminders(drive)
    assert drive.mode() is Sitting
    drive.at(SIT_S - 100.0 + DIZZY_S + 10.0)
    assert reminders(drive) == [SIT_S - 100.0 + DIZZY_S]


def test_a_reminder_that_is_open_falls_silent_for_who_is_dizzy() -> None:
    """It isn't said once more, and isn't given up: it is heard anew later."""
    drive = person()
    drive.at(SIT_S + 5.0, C.DIZZY)
    drive.at(SIT_S + DIZZY_S)
    assert not stand_up_said(drive, SIT_S + 5.0)
    assert drive.mode() is Due
    drive.at(SIT_S + DIZZY_S + 60.0)
    assert len(stand_up_said(drive, SIT_S + 5.0)) == 1
    assert len(reminders(drive)) == 1


def test_the_two_minutes_up_end_for_who_is_dizzy() -> None:
    drive = person()
    drive.at(100.0, C.UP)
    assert drive.mode() is Standing
    drive.at(120.0, C.DIZZY)
    assert drive.mode() is Sitting
    drive.at(600.0)
    assert texts(drive)[-1] == sentences.DIZZY


def test_a_desk_routine_is_begun_for_who_was_dizzy_only_when_they_answer() -> None:
    """Nobody is asked before it otherwise; a press alone may have been no more than a hold."""
    drive = person()
    drive.at(1.0, C.DIZZY)
    drive.at(20.0, C.PRESS)
    assert drive.mode() is Asking
    drive.at(300.0)
    assert drive.session is None
    drive.at(310.0, start(DESK), score(0))
    assert drive.mode() is Leading
    drive.at(330.0, C.STOP)
    drive.at(2.0 + DIZZY_S, start(DESK))
    assert drive.mode() is Leading


@pytest.mark.parametrize(
    ("told", "wait_s"),
    [((C.DIZZY,), DIZZY_S), ((C.HURTS,), IN_PEACE_S), ((C.BACK_HURTS, score(6), C.NO), IN_PEACE_S)],
)
def test_who_is_unwell_is_not_asked_for_the_days_exercises_a_minute_later(
    told: tuple[C | Asked, ...], wait_s: float
) -> None:
    """They come up again when it is over by then."""
    drive = at_six()
    drive.at(30.0, *told)
    assert planned_at(drive, 2 * 3600.0) == pytest.approx(30.0 + wait_s, abs=5.0)


def test_that_hurts_to_shall_we_begin_is_an_answer_for_now() -> None:
    drive = at_six()
    assert planned_at(drive, 100.0) < 100.0
    told_at = drive.now
    drive.at(told_at, C.HURTS)
    assert planned_at(drive, 2 * 3600.0) == pytest.approx(told_at + IN_PEACE_S, abs=5.0)


@pytest.mark.parametrize(
    ("before", "end"),
    [
        *((1, end) for end in ((C.HURTS, C.YES), (C.HURTS, C.STOP), (C.DIZZY,))),
        *((1, (C.STOP, score(4))), (6, (C.STOP, score(6)))),
    ],
)
def test_nobody_is_offered_a_plan_for_more_of_what_did_them_no_good(
    before: int, end: tuple[C | Asked, ...]
) -> None:
    """Sharp, stopped for pain, dizzy, more pain afterwards, or still as much."""
    drive = Drive(replace(shipped(), health=SEEN, offers_plan=True, keeps=True))
    drive.at(0.0, WallClock(NOON))
    drive.at(1.0, start(GENTLE), score(before), *[C.YES] * (before == 6))
    drive.at(500.0)
    assert drive.mode() is Leading
    for number, word in enumerate(end):
        drive.at(501.0 + 20.0 * number, word)
    drive.at(501.0 + OFFERS_S + 60.0)
    assert plan_sentences.PLAN not in texts(drive)


@pytest.mark.parametrize(("before", "after"), [(1, 2), (5, 5)])
def test_a_little_more_than_before_or_no_more_is_no_reason_against_a_plan(
    before: int, after: int
) -> None:
    drive = Drive(replace(shipped(), health=SEEN, offers_plan=True, keeps=True))
    drive.at(0.0, WallClock(NOON))
    drive.at(1.0, start(GENTLE), score(before))
    drive.at(500.0, C.STOP)
    drive.at(520.0, score(after))
    drive.at(700.0)
    assert plan_sentences.PLAN in texts(drive)
