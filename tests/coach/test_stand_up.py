"""Being reminded to stand up."""

from dataclasses import replace

import pytest

from assistant.coach.effects import Chime, Context, Lamp, Record, Sound
from assistant.coach.events import Asked, Command, WallClock
from assistant.coach.state import Due, Leading, Sitting, Standing
from assistant.content import sentences, words
from tests.coach.driver import SETTINGS, Drive

C = Command
SIT = SETTINGS.sit_s
UP = SETTINGS.up_s


def due() -> Drive:
    """A reminder has just come up; the wall clock is known: it is ten o'clock at time 0."""
    drive = Drive()
    drive.at(0.0, WallClock(10 * 3600.0))
    drive.at(SIT)
    assert drive.mode() is Due
    return drive


def breaks(drive: Drive) -> list[tuple[str, float]]:
    rows = [e for _, e in drive.ordered(Record) if isinstance(e, Record)]
    return [(row.kind, row.seconds) for row in rows]


def test_it_comes_after_twenty_minutes_of_sitting() -> None:
    """First the lamp and a chime, then the words."""
    drive = Drive()
    drive.at(SIT - 120.01)
    assert drive.lamp() is Lamp.IDLE
    drive.at(SIT - 0.01)
    assert drive.lamp() is Lamp.SOON
    drive.at(SIT)
    assert drive.lamp() is Lamp.DUE
    assert (SIT, Chime(Sound.DUE)) in drive.log
    assert not drive.said()
    drive.at(SIT + 2)
    assert drive.said() == [(SIT + 1.2, sentences.stand(SIT))]


@pytest.mark.parametrize("answer", [C.UP, C.PRESS, C.YES])
def test_standing_is_confirmed_and_timed(answer: Command) -> None:
    """Two minutes up, with a halfway word, and the clock time of the next one at the end."""
    drive = due()
    drive.at(SIT + 30, answer)
    assert drive.mode() is Standing
    drive.at(SIT + 30 + UP + 5)
    said = [text for _, text in drive.said()]
    assert said[1:] == [
        sentences.standing(UP),
        sentences.HALFWAY,
        f"{sentences.SIT} Next at {words.clock(10 * 3600 + SIT + 30 + UP + SIT)}.",
    ]
    assert breaks(drive) == [("break_due", 0.0), ("break_taken", 30.0)]
    assert drive.stand_at == SIT + 30 + UP + SIT


def test_who_has_stood_up_a_few_times_is_not_told_halfway_each_time() -> None:
    drive = due()
    for _ in range(8):
        drive.at(drive.now + 10, C.UP)
        drive.at(drive.now + UP + 5)
        due_at = drive.stand_at or 0.0
        assert due_at > drive.now
        drive.at(due_at + 5)
    halfway = [at for at, text in drive.said() if text == sentences.HALFWAY]
    assert len(halfway) == 4
    assert halfway[-1] < drive.now / 2


def test_an_unanswered_reminder_is_let_be() -> None:
    """One repeat after two minutes, then silence, and sitting counts anew."""
    drive = due()
    drive.at(SIT + 1000)
    said = [text for _, text in drive.said()]
    assert said == [sentences.stand(SIT), sentences.STAND_AGAIN]
    assert breaks(drive)[-1] == ("break_unanswered", 240.0)
    assert drive.stand_at == SIT + 240 + SIT


def test_a_snooze_is_read_back_as_a_clock_time() -> None:
    """What was understood is said, so that a misheard number is noticed."""
    drive = due()
    drive.at(SIT + 60, Asked(C.SNOOZE, seconds=600.0, text="snooze ten minutes"))
    assert drive.said()[-1][1] == (
        "Ten minutes: twenty-nine to eleven. Two more snoozes for this break."
    )
    assert drive.mode() is Sitting
    drive.at(SIT + 660)
    assert drive.lamp() is Lamp.DUE


def test_snoozes_get_shorter() -> None:
    """Five minutes, five minutes, then two."""
    drive = due()
    for expected in (300.0, 300.0, 120.0, 120.0):
        drive.at(drive.now + 10, C.SNOOZE)
        assert breaks(drive)[-1] == ("break_snoozed", expected)
        drive.at(drive.now + expected)
        assert drive.lamp() is Lamp.DUE
    drive.at(drive.now + 1, C.UP)
    drive.at(drive.now + UP)
    assert drive.snoozes == 0


@pytest.mark.parametrize("answer", [C.NEXT, C.STOP, C.NO])
def test_a_break_can_be_left_out(answer: Command) -> None:
    """Leaving one out is no snooze: the next comes after a whole interval."""
    drive = due()
    drive.at(SIT + 5, answer)
    assert drive.stand_at == SIT + 5 + SIT
    assert drive.said()[-1][1] == sentences.BREAK_SKIPPED
    assert breaks(drive)[-1] == ("break_skipped", 5.0)


def test_having_stood_already_counts() -> None:
    """Unasked-for standing is timed and starts the interval anew."""
    drive = Drive()
    drive.at(600.0, C.UP)
    assert drive.mode() is Standing
    drive.at(600.0 + UP)
    assert drive.stand_at == 600.0 + UP + SIT
    assert drive.said()[-1][1] == sentences.SIT


@pytest.mark.parametrize("answer", [C.PRESS, C.STOP, C.NEXT])
def test_the_two_minutes_can_be_ended(answer: Command) -> None:
    """Who sits down earlier may; the interval starts anew."""
    drive = due()
    drive.at(SIT + 10, C.UP)
    drive.at(SIT + 40, answer)
    assert drive.mode() is Sitting
    assert drive.stand_at == SIT + 40 + SIT


def test_a_session_is_never_interrupted_and_counts_as_a_break() -> None:
    """No reminder comes during exercises, and sitting counts from their end."""
    drive = Drive()
    drive.at(SIT - 10, C.START)
    drive.at(SIT + 30)
    assert drive.mode() is Leading
    drive.at(SIT + 100)
    assert drive.stand_at == SIT - 10 + 76 + SIT


def test_a_routine_can_be_the_answer() -> None:
    """Starting a routine answers the reminder; so it does while standing."""
    for mode in (Due, Standing):
        drive = due()
        if mode is Standing:
            drive.at(SIT + 5, C.UP)
        drive.at(SIT + 10, C.START)
        assert drive.mode() is Leading


def test_it_can_be_off() -> None:
    """Without reminders none comes, not even after a session, and the question is answered."""
    drive = Drive(replace(SETTINGS, reminders=False))
    drive.at(10.0, C.TIME_LEFT)
    assert drive.said()[-1][1] == sentences.NO_REMINDERS
    drive.at(20.0, C.START)
    drive.at(30.0, C.STOP)
    drive.at(40.0, C.UP)
    drive.at(3 * SIT)
    assert drive.mode() is Sitting
    assert ("break_due", 0.0) not in breaks(drive)


def test_it_does_not_interrupt_who_has_just_called() -> None:
    """After the wake phrase the person has the word; the reminder waits."""
    drive = Drive()
    drive.at(SIT - 2, C.WAKE)
    drive.at(SIT + 1)
    assert drive.lamp() is Lamp.LISTENING
    drive.at(SIT + 6.1)
    assert drive.lamp() is Lamp.DUE


def test_a_wall_clock_step_does_nothing_but_change_what_is_told() -> None:
    """A clock that jumps by a day neither fires nor delays the reminder."""
    drive = Drive()
    drive.at(10.0, WallClock(3600.0))
    drive.at(SIT / 2, WallClock(80000.0))
    assert drive.stand_at == SIT
    drive.at(SIT - 0.01)
    assert drive.mode() is Sitting


def test_what_is_next_is_answered_when_nothing_runs() -> None:
    """The next stand-up is told with its clock time; one that is open is told as open."""
    drive = Drive()
    drive.at(0.0, WallClock(0.0))
    drive.at(300.0, C.WHATS_NEXT)
    at = words.clock(SIT)
    assert drive.said()[-1][1] == f"Your next stand-up is in fifteen minutes, at {at}."
    open_one = due()
    open_one.at(SIT + 30, C.TIME_LEFT)
    assert open_one.said()[-1][1] == sentences.STAND_AGAIN
    open_one.at(SIT + 40, C.UP)
    open_one.at(SIT + 100, C.TIME_LEFT)
    assert open_one.said()[-1][1] == "One minute in all."


def test_no_wake_phrase_is_needed_to_answer() -> None:
    """While a reminder is open its answers are listened for."""
    drive = due()
    drive.at(SIT + 10)
    assert drive.context() is Context.DUE


def test_stretching_is_another_routine_each_time() -> None:
    """The desk routines follow one another, so that the week doesn't repeat."""
    names = ("sides", "sides-2", "sides-3", "sideways")
    plans = {name: replace(SETTINGS.plans["sides"], id=name) for name in names}
    drive = Drive(replace(SETTINGS, plans=plans))
    drive.at(1.0, WallClock(9 * 3600.0))
    led = []
    for when in (10.0, 30.0, 50.0, 70.0):
        drive.at(when, C.STRETCH)
        assert drive.session is not None
        led.append(drive.session.plan.id)
        drive.at(when + 5, C.STOP)
    assert led == ["sides", "sides-2", "sides-3", "sides"]
    drive.at(24 * 3600.0 + 100.0, C.UP)
    drive.at(24 * 3600.0 + 110.0, C.STRETCH)
    assert drive.session is not None
    assert drive.session.plan.id == "sides-3"


def test_who_has_stood_up_a_few_times_is_told_no_more_how() -> None:
    """Nor the same words each time: a day has twenty of them."""
    drive = Drive()
    for _ in range(9):
        drive.at(drive.now + SIT + 10.0, C.UP)
        drive.at(drive.now + UP + 10.0)
    asked = [text for _, text in drive.said() if "of sitting" in text]
    assert asked[:5] == [sentences.stand(SIT)] * 5
    assert len(set(asked[5:8])) == 3
    assert not any("Press" in text for text in asked[5:])
    thanked = [text for _, text in drive.said() if text.startswith("Thank you")]
    assert thanked[3:6] == [sentences.standing(UP), *["Thank you. Two minutes."] * 2]
