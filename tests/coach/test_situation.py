"""What somebody outside the room may see of the moment, read off the coach's state."""

from dataclasses import replace

from assistant.coach import situation
from assistant.coach.effects import Doing, Expects, Ignored, Situation
from assistant.coach.events import Asked, Command, Present, Source
from assistant.coach.state import Question
from tests.coach.driver import SETTINGS, STARTS, Drive
from tests.coach.test_adjusting import led
from tests.coach.test_plan_of_the_week import MOBILITY, MONDAY, session
from tests.coach.test_progress import after, asked_for
from tests.coach.test_session_start import SEEN

C = Command
DAY = replace(SETTINGS, reminders=True, sit_s=1200.0)


def now(drive: Drive) -> Situation:
    return situation.of(drive.state)


def test_a_routine_is_told_by_its_parts() -> None:
    """Which exercise, which side, since when, and what comes next."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(STARTS["left"] + 1)
    told = now(drive)
    assert told.doing is Doing.LEADING
    assert told.led is not None
    assert (told.led.routine, told.led.exercise, told.led.side) == ("sides", "donkey-kick", "left")
    assert (told.led.part, told.led.following) == ("work", "")
    assert told.led.began == STARTS["left"]
    assert told.view.ends_at == STARTS["left"] + 5.0
    drive.at(STARTS["left"] + 2, C.PAUSE)
    told = now(drive)
    assert told.led is not None
    assert (told.doing, told.led.began, told.view.ends_at) == (Doing.PAUSED, None, None)


def test_the_side_that_comes_first_is_told_before_it_is_worked() -> None:
    """What is drawn while one gets there is no other side than the one that is spoken of; in the
    rest it is the one that was last. An exercise without sides has none."""
    drive = Drive()
    drive.at(0.0, C.START)
    seen = {}
    for at_s in range(2, int(STARTS["right"]) + 2):
        drive.at(float(at_s))
        told = now(drive).led
        assert told is not None
        seen[told.exercise, told.part] = told.side
    assert seen["donkey-kick", "setup"] == "left"
    assert seen["donkey-kick", "switch"] == seen["donkey-kick", "work"] == "right"
    assert {side for (exercise, _), side in seen.items() if exercise == "plank"} == {""}


def test_the_first_exercise_tells_the_one_after_it() -> None:
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(STARTS["work"] + 1)
    told = now(drive)
    assert told.led is not None
    assert (told.led.exercise, told.led.following) == ("plank", "donkey-kick")


def test_what_can_be_done_is_what_the_tables_answer() -> None:
    """No button for what would only be met with "not now"."""
    drive = Drive(DAY)
    assert {C.START, C.QUIET, C.HELP} <= set(now(drive).can)
    assert not {C.PAUSE, C.RESUME, C.SNOOZE, C.YES, C.NUMBER} & set(now(drive).can)
    drive.at(0.0, C.START)
    drive.at(STARTS["work"] + 1)
    assert {C.PAUSE, C.NEXT, C.HURTS, C.STOP} <= set(now(drive).can)
    assert C.YES not in now(drive).can


def test_what_it_says_can_be_done_is_not_ignored() -> None:
    """Every command that is offered, tried on the very state; only "go" may find that nothing is
    being waited for, and "start" that it goes on already."""
    for begin_at in (0.0, STARTS["work"] + 1, STARTS["rest"] + 1):
        drive = Drive(DAY)
        drive.at(0.0, C.START) if begin_at else None
        drive.at(begin_at)
        for command in now(drive).can:
            twin = Drive(DAY)
            twin.at(0.0, C.START) if begin_at else None
            effects = twin.at(begin_at, Asked(command, Source.PAGE))
            ignored = [effect for effect in effects if isinstance(effect, Ignored)]
            assert not ignored or command in (C.GO, C.RESUME, C.START), command


def test_a_question_tells_what_it_takes() -> None:
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(STARTS["work"] + 1, C.HURTS)
    told = now(drive)
    assert (told.doing, told.expects) == (Doing.ASKING, Expects.YES_OR_NO)
    assert {C.YES, C.NO} <= set(told.can)
    asked = led(ask_pain=True, screening=False, routine="lower-back-gentle")
    assert (now(asked).doing, now(asked).expects) == (Doing.ASKING, Expects.NUMBER)


def test_how_the_back_was_since_is_compared() -> None:
    drive = after(session(MONDAY - 1, MOBILITY), health=SEEN)
    assert asked_for(drive) is Question.MORNING
    assert now(drive).expects is Expects.COMPARED


def test_sitting_is_counted_from_its_beginning_put_off_or_not() -> None:
    drive = Drive(DAY)
    assert now(drive).sits_since == 0.0
    drive.at(1201.0)
    assert (now(drive).doing, now(drive).sits_since) == (Doing.DUE, 0.0)
    drive.at(1202.0, C.SNOOZE)
    assert (now(drive).doing, now(drive).sits_since) == (Doing.WAITING, 0.0)
    drive.at(1203.0, C.REMINDERS_OFF)
    assert now(drive).quiet_until == drive.state.wishes.quiet_until is not None
    assert now(Drive(replace(DAY, reminders=False))).sits_since is None


def test_ice_is_told_where_nothing_else_goes_on() -> None:
    drive = Drive()
    drive.at(0.0, C.ICE)
    assert now(drive).doing is Doing.COOLING
    drive.at(1.0, C.START)
    assert (now(drive).doing, now(drive).pack) == (Doing.LEADING, True)
    drive.at(2.0, C.TIMER_OFF)
    assert not now(drive).pack


def test_a_message_from_the_house_is_no_sign_that_somebody_is_here() -> None:
    """An automation switches lights, too, where nobody is; a tap on the page is a person's."""
    house, page = Drive(DAY), Drive(DAY)
    for drive, source in ((house, Source.MQTT), (page, Source.PAGE)):
        drive.at(10.0, Present(False))
        drive.at(20.0, Asked(C.LOUDER, source))
    assert not now(house).here
    assert now(page).here


def test_a_command_from_the_house_is_obeyed_as_any_other() -> None:
    drive = Drive()
    drive.at(0.0, Asked(C.START, Source.MQTT))
    assert now(drive).doing is Doing.LEADING


def test_how_the_house_sets_reminders_is_not_said_aloud() -> None:
    """It may have asked because a call has begun; by a person's own word it is read back."""
    for command in (C.MEETING, C.QUIET, C.REMINDERS_OFF, C.REMINDERS_ON, C.INTERVAL):
        house, page = Drive(DAY), Drive(DAY)
        for drive, source in ((house, Source.MQTT), (page, Source.PAGE)):
            drive.at(10.0, Asked(command, source, seconds=1800.0))
            assert bool(drive.said()) is (source is Source.PAGE), command
        ours, theirs = now(house), now(page)
        assert (ours.quiet_until, ours.interval_s) == (theirs.quiet_until, theirs.interval_s)


def test_the_house_answers_no_question_about_the_back() -> None:
    """An automation that goes on by itself must not go on into pain; it may always stop."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(20.0, C.HURTS)
    for command in (C.NO, C.RESUME, C.GO, C.PRESS, C.NEXT):
        effects = drive.at(21.0, Asked(command, Source.MQTT))
        assert now(drive).expects is Expects.YES_OR_NO, command
        assert [one for one in effects if isinstance(one, Ignored)], command
    drive.at(22.0, Asked(C.STOP, Source.MQTT))
    assert now(drive).expects is Expects.NOTHING
