"""Exercises on one day at another time: "tomorrow at eight", "tonight at seven", "on Friday"."""

from dataclasses import replace

import pytest

from assistant.coach import week_plan
from assistant.coach.effects import Aim, Moved, Week
from assistant.coach.events import Asked, Command
from assistant.coach.state import Question
from assistant.coach.step import tell_machines
from assistant.coach.turn import Turn
from assistant.coach.week_plan import NEVER
from assistant.content import plan_sentences as said
from tests.coach.driver import Drive, as_said
from tests.coach.test_lasting_wishes import remembered
from tests.coach.test_plan_of_the_week import (
    GENTLE,
    MOBILITY,
    MONDAY,
    STRENGTH,
    asked,
    at_clock,
    at_its_time,
    session,
    settings,
)
from tests.coach.test_session_start import SEEN, texts

C = Command
H, DAY = 3600.0, 86400.0
MONDAYS = Week((Aim.NEXT, *[Aim.REST] * 6), 18.5 * H)


def once(hour: float | None = None, **more: object) -> Asked:
    until_s = None if hour is None else hour * H
    return Asked(C.PLAN_ONCE, until_s=until_s, **more)  # type: ignore[arg-type]


def moved(drive: Drive) -> Moved | None:
    return drive.state.memory.wanted.moved


def turn_of(drive: Drive) -> Turn:
    return Turn(drive.state, drive.now, tell_machines)


def begins_at(drive: Drive, hour: float) -> bool:
    """Whether it asks then, in hours since the first Monday at six, and not before."""
    drive.at(hour * H - 60.0)
    before = asked(drive)
    drive.at(hour * H + 30.0)
    return before is None and asked(drive) is Question.PLANNED


@pytest.mark.parametrize(
    ("answer", "told", "asked_at"),
    [
        (once(7.0), "today at seven in the evening", 1.0),
        (once(19.25, whole_day=True), "today at a quarter past seven in the evening", 1.25),
        (once(8.0, value=1), "tomorrow at eight in the evening", 26.0),
        (once(8.0, value=1, whole_day=True), "tomorrow at eight in the morning", 14.0),
        (once(10.0, value=1), "tomorrow at ten in the morning", 16.0),
        (once(None, value=1), "tomorrow at half past six in the evening", 24.5),
        (once(None, days=(4,)), "on Friday at half past six in the evening", 96.5),
        (once(7.0, days=(4,)), "on Friday at seven in the evening", 97.0),
        (once(None, days=(0,)), "on Monday at half past six in the evening", 168.5),
    ],
)
def test_an_answer_puts_today_s_exercises_to_another_time(
    answer: Asked, told: str, asked_at: float
) -> None:
    """On another day the half that the plan's time is nearer to is meant, but never the night."""
    drive = at_its_time(settings(MONDAYS))
    drive.at(drive.now + 5.0, answer)
    assert f"All right, {told}." in texts(drive)[-2:]
    assert begins_at(drive, asked_at)


def test_it_holds_through_a_restart() -> None:
    drive = at_its_time(settings(MONDAYS))
    drive.at(drive.now + 5.0, once(8.0, value=1, whole_day=True))
    again = at_clock(settings(MONDAYS, remembered=remembered(drive)), 19.0)
    again.at(60.0, C.TELL_TODAY)
    assert texts(again)[-1] == "This once: tomorrow at eight in the morning."
    again.at(70.0, C.TELL_PLAN)
    assert texts(again)[-1] == "This once: tomorrow at eight in the morning."
    assert begins_at(again, 13.0)


def test_taken_back_it_is_as_it_was_before_and_asked_today() -> None:
    drive = at_its_time(settings(MONDAYS))
    drive.at(drive.now + 5.0, once(8.0, value=1))
    drive.at(drive.now + 60.0, C.UNDO)
    drive.at(drive.now + 30.0)
    assert asked(drive) is Question.PLANNED
    drive.at(drive.now + 1.0, C.NOT_TODAY)
    drive.at(30 * H)
    assert len([text for text in texts(drive) if "time for your exercises" in text]) == 2


def test_once_it_is_over_there_is_nothing_to_take_back() -> None:
    drive = at_its_time(settings(MONDAYS))
    drive.at(drive.now + 5.0, once(7.0))
    drive.at(H + 30.0, C.NOT_TODAY)
    assert moved(drive) is None
    drive.at(H + 60.0, C.UNDO)
    assert texts(drive)[-1].startswith("There is nothing to take back")


def test_a_day_that_has_its_own_has_them_then_and_today_s_rests_or_stays() -> None:
    """As an answer today's isn't asked for any more; whoever wasn't asked is asked as ever."""
    drive = at_its_time()
    drive.at(drive.now + 5.0, once(8.0, value=1, whole_day=True))
    assert texts(drive)[-1] == said.TODAY_RESTS
    assert begins_at(drive, 14.0)
    drive.at(drive.now + 5.0, C.NO)
    drive.at(40 * H)
    assert asked(drive) is None
    assert begins_at(drive, 48.5), "and the day after as usual"
    drive = at_clock(settings())
    drive.at(60.0, once(8.0, value=1, whole_day=True))
    assert texts(drive)[-1] == said.TODAY_STAYS
    assert begins_at(drive, 0.5)


def test_what_is_moved_is_for_what_it_was_for_before() -> None:
    """Strength of a Monday is strength on Wednesday; never the day after strength."""
    trained = tuple(session(MONDAY + n, MOBILITY) for n in range(-12, -1))
    mondays = replace(MONDAYS, days=(Aim.STRENGTH, *[Aim.REST] * 6))
    for more, routine in (((), STRENGTH), ((session(MONDAY + 1, STRENGTH),), MOBILITY)):
        drive = at_its_time(settings(mondays, trained=(*trained, *more)))
        drive.at(drive.now + 5.0, once(None, days=(2,)))
        drive.at(48.5 * H + 30.0, Asked(C.COMPARED, value=0))
        assert drive.asking is not None
        assert drive.asking.routine == routine


@pytest.mark.parametrize(
    ("as_answer", "first", "then", "told"),
    [
        (True, once(8.0, value=1), once(7.0, days=(2,)), "on Wednesday at seven in the evening"),
        (True, once(8.0), once(8.0, value=1, whole_day=True), "tomorrow at eight in the morning"),
        (False, Asked(C.TOMORROW), once(7.0, days=(2,)), "on Wednesday at seven in the evening"),
        (False, once(8.0), once(8.0, value=1, whole_day=True), "tomorrow at eight in the morning"),
    ],
)
def test_another_time_given_twice_on_one_day_does_not_bring_today_s_back(
    as_answer: bool, first: Asked, then: Asked, told: str
) -> None:
    """Asked for already or not; and whoever wants today's again says so."""
    for planned in (MONDAYS, replace(MONDAYS, days=(Aim.NEXT,) * 7)):
        drive = at_its_time(settings(planned)) if as_answer else at_clock(settings(planned))
        drive.at(drive.now + 5.0, first)
        drive.at(drive.now + 60.0, then)
        assert f"All right, {told}." in texts(drive)[-2:]
        assert said.TODAY_STAYS not in texts(drive)[-2:]
        drive.at(5 * H)
        times = [text for text in texts(drive) if "time for your exercises" in text]
        assert len(times) == as_answer
        drive.at(drive.now, once(11.5))
        assert begins_at(drive, 5.5)


def test_what_is_put_off_twice_is_what_it_was() -> None:
    """Monday's strength on Tuesday, then on Thursday; back on Monday it is Monday's own."""
    trained = tuple(session(MONDAY + n, MOBILITY) for n in range(-12, -1))
    mondays = replace(MONDAYS, days=(Aim.STRENGTH, *[Aim.REST] * 6))
    drive = at_its_time(settings(mondays, trained=trained))
    drive.at(drive.now + 5.0, once(8.0, value=1))
    drive.at(drive.now + 5.0, once(8.0))
    assert week_plan.aim_of(turn_of(drive), MONDAY) == Aim.STRENGTH
    drive.at(drive.now + 5.0, once(8.0, value=1))
    drive.at(20 * H, once(None, days=(3,)))
    assert [week_plan.aim_of(turn_of(drive), MONDAY + n) for n in range(4)] == [
        *(Aim.STRENGTH, Aim.REST, Aim.REST, Aim.STRENGTH)
    ]
    assert not week_plan.planned_on(turn_of(drive), MONDAY + 1)


def test_who_has_done_what_was_put_off_is_not_asked_at_the_other_time() -> None:
    """Whoever says "not today" is told of it, and asked then; as on a day that has its own."""
    every = replace(MONDAYS, days=(Aim.NEXT,) * 7)
    for planned, word, told, comes in (
        (MONDAYS, C.DID_IT, said.DID_MOVED, False),
        (every, C.DID_IT, said.DID_IT, True),
        (MONDAYS, C.SKIP_TODAY, "All right, tomorrow at eight in the evening.", True),
    ):
        drive = at_its_time(settings(planned))
        drive.at(drive.now + 5.0, once(8.0, value=1))
        drive.at(drive.now + 60.0, word)
        assert texts(drive)[-1] == told
        assert begins_at(drive, 26.0) is comes


def test_who_has_done_other_days_exercises_keeps_what_was_put_off() -> None:
    """Monday's are on Friday; "I did it already" on Wednesday is about Wednesday's own."""
    drive = at_its_time(settings(replace(MONDAYS, days=(*[Aim.NEXT, Aim.REST] * 2, *NEVER[4:]))))
    drive.at(drive.now + 5.0, once(8.0, days=(4,)))
    drive.at(40 * H, C.DID_IT)
    assert texts(drive)[-1] == said.DID_IT
    assert begins_at(drive, 98.0)


def test_whoever_does_today_s_after_all_is_asked_for_nothing_more() -> None:
    drive = at_its_time(settings(MONDAYS))
    drive.at(drive.now + 5.0, once(8.0, value=1))
    done = settings(MONDAYS, remembered=remembered(drive), trained=(session(MONDAY, GENTLE),))
    again = at_clock(done, 20.0)
    again.at(40 * H)
    assert asked(again) is None
    assert not any("time for your exercises" in text for text in texts(again))


def test_a_time_that_is_over_is_asked_for_anew() -> None:
    drive = at_its_time(settings(MONDAYS))
    drive.at(drive.now + 5.0, once(17.0, whole_day=True))
    assert texts(drive)[-2:] == [said.TIME_OVER, said.OTHER_TIME]
    assert asked(drive) is Question.PLANNED
    drive.at(drive.now + 5.0, once(6.0))
    assert texts(drive)[-2:] == [said.TIME_OVER, said.OTHER_TIME]
    assert moved(drive) is None


@pytest.mark.parametrize("asked_for", [once(24.0), once(25.0, value=0), once(24.0, value=1)])
def test_after_midnight_is_no_time_of_the_day_that_was_named(asked_for: Asked) -> None:
    """ "Tonight at twelve" is neither noon nor over, and "tomorrow at 24:00" not its beginning."""
    drive = at_its_time(settings(MONDAYS))
    late = replace(asked_for, whole_day=True)
    drive.at(drive.now + 5.0, late)
    assert texts(drive)[-2:] == [said.AFTER_MIDNIGHT, said.OTHER_TIME]
    assert asked(drive) is Question.PLANNED
    drive.at(drive.now + 5.0, C.NOT_TODAY)
    drive.at(drive.now + 60.0, late)
    assert texts(drive)[-2:] == [said.AFTER_MIDNIGHT, as_said(said.OTHER_TIME_AT_REST)]
    assert moved(drive) is None


def test_the_midnight_that_begins_a_day_is_told_by_both_its_days() -> None:
    drive = at_its_time(settings(MONDAYS))
    drive.at(drive.now + 5.0, once(0.0, value=1, whole_day=True))
    assert texts(drive)[-1] == "All right, in the night to Tuesday, at midnight."
    assert begins_at(drive, 6.0)


@pytest.mark.parametrize(("hour", "told"), [(24.0, "at midnight"), (24.5, "past twelve at night")])
def test_a_plan_may_have_an_evening_s_twelve_for_its_time(hour: float, told: str) -> None:
    drive = at_clock(settings(MONDAYS), 12.0)
    drive.at(1.0, Asked(C.PLAN_TIME, until_s=hour * H, whole_day=True))
    assert told in texts(drive)[-1]


def test_without_a_plan_it_is_this_one_time() -> None:
    drive = at_clock(settings(None))
    drive.at(1.0, once(8.0, value=1, whole_day=True))
    assert begins_at(drive, 14.0)
    drive.at(drive.now + 5.0, C.NO)
    drive.at(drive.now + 60.0, C.TELL_PLAN)
    assert texts(drive)[-1] == as_said(said.NO_PLAN)
    drive.at(60 * H)
    assert asked(drive) is None


def test_who_cancels_the_plan_cancels_it_too() -> None:
    for planned in (None, MONDAYS):
        drive = at_clock(settings(planned), 12.0)
        drive.at(1.0, once(7.0))
        drive.at(60.0, Asked(C.NO_PLAN))
        assert texts(drive)[-1] == said.PLAN_GONE
        drive.at(12 * H)
        assert asked(drive) is None


def test_quiet_holds_for_it_too() -> None:
    drive = at_clock(settings(MONDAYS), 12.0)
    drive.at(1.0, once(7.0))
    drive.at(10.0, Asked(C.QUIET, until_s=20 * H, whole_day=True))
    drive.at(7.5 * H)
    assert asked(drive) is None
    drive.at(8 * H + 60.0)
    assert asked(drive) is Question.PLANNED


def test_no_plan_is_made_without_a_clock_nor_after_a_red_flag() -> None:
    drive = Drive(settings(MONDAYS))
    drive.at(1.0, once(8.0, value=1))
    assert texts(drive)[-1] == said.NO_CLOCK
    drive = at_clock(settings(MONDAYS, health=replace(SEEN, yes=frozenset({"numbness"}))))
    drive.at(1.0, once(8.0, value=1))
    assert texts(drive)[-1] == as_said(said.NOT_NOW_TODAY)
    assert moved(drive) is None


def test_what_was_put_off_is_asked_again_at_the_time_that_was_said_last() -> None:
    """Later first, then earlier; and whoever said "not today" may still say tonight."""
    drive = at_its_time(settings(MONDAYS))
    drive.at(drive.now + 5.0, Asked(C.SNOOZE, seconds=2.5 * H))
    drive.at(drive.now + 60.0, once(7.0))
    assert begins_at(drive, 1.0)
    drive.at(drive.now + 5.0, C.NOT_TODAY)
    drive.at(drive.now + 60.0, once(8.0))
    assert begins_at(drive, 2.0)
