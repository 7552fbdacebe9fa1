"""What an office has handed out is told of once, when somebody is there and nothing goes on."""

from dataclasses import replace

from assistant.coach.agenda import SETTLES_S
from assistant.coach.effects import Exit, Say
from assistant.coach.events import Command as C
from assistant.coach.events import Offered, Quit, Talking, Touched
from assistant.content import plan_sentences
from tests.coach.driver import SETTINGS, STARTS, Drive

DAY = replace(SETTINGS, reminders=True, sit_s=7200.0)
ONE = Offered(("Office break",))
SENT = (
    "Your office has sent a routine: Office break. After the next start you can ask for it, or "
    "leave it."
)


def told(drive: Drive) -> list[str]:
    return [text for _, text in drive.said() if text.startswith("Your office")]


def test_it_waits_for_somebody_and_is_told_once() -> None:
    drive = Drive(DAY)
    drive.at(10.0, ONE)
    drive.at(600.0)
    assert told(drive) == [], "nobody has been heard"
    drive.at(600.0, C.LOUDER)
    drive.at(700.0)
    assert told(drive) == [SENT]
    drive.at(1500.0, C.QUIETER)
    drive.at(3000.0)
    assert told(drive) == [SENT]


def test_it_is_not_told_into_a_hold_a_question_or_talk() -> None:
    drive = Drive(DAY)
    drive.at(0.0, C.START)
    drive.at(STARTS["work"] + 1, ONE)
    drive.at(STARTS["work"] + 2, C.HURTS)
    asked_at = drive.now
    drive.at(asked_at + 30.0)
    assert told(drive) == []
    drive.at(asked_at + 31.0, C.STOP)
    for second in range(40, 100):
        drive.at(asked_at + second, Talking())
    assert told(drive) == []
    drive.at(asked_at + 400.0)
    assert told(drive) == [SENT]


def test_what_comes_together_is_told_together() -> None:
    """Few names, however many came: a voice that reads a list isn't listened to."""
    drive = Drive(DAY)
    drive.at(1.0, ONE)
    drive.at(2.0, Offered(("Stairs", "Office break"), suggestion=True))
    drive.at(3.0, C.LOUDER)
    drive.at(200.0)
    assert told(drive) == [
        "Your office has sent two routines: Office break, and one more. After the next start you "
        "can ask for one, or leave them.",
        plan_sentences.SUGGESTED,
    ]
    spoken = [one for _, one in drive.ordered(Say) if isinstance(one, Say)]
    assert len({one.text for one in spoken}) == len(spoken)


def test_whoever_ends_the_program_in_the_midst_of_a_session_is_told_no_more() -> None:
    """It ends at once, though what the office sent waits for the end of the session."""
    drive = Drive(SETTINGS)
    drive.at(0.0, Touched(), ONE)
    drive.at(SETTLES_S + 0.1, C.START)
    done = drive.at(SETTLES_S + 9.0, Quit(7))
    assert Exit(7) in done
    assert not [effect for effect in done if isinstance(effect, Say)]
