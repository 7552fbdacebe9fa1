"""The code that lets a phone in to the page: asked for by word, by button, read out."""

from dataclasses import replace

from assistant.coach.effects import MakeCode, Say
from assistant.coach.events import Asked, CodeMade, Command, Source
from assistant.coach.state import Away, Sitting
from assistant.content import sentences
from tests.coach.driver import SETTINGS, STARTS, Drive

PAGE = replace(SETTINGS, reminders=True, sit_s=1200.0, page=True)
SHOW = Asked(Command.SHOW_CODE, Source.VOICE)
HELD = Asked(Command.SHOW_CODE, Source.BUTTON)
MADE = CodeMade("407312")


def test_a_code_is_made_and_read_out_digit_by_digit() -> None:
    drive = Drive(PAGE)
    assert MakeCode() in drive.at(1.0, SHOW)
    [said] = [effect for effect in drive.at(1.1, MADE) if isinstance(effect, Say)]
    assert said.text == (
        "The code is four, zero, seven; three, one, two. It is good for two minutes."
    )


def test_without_a_page_that_is_said_to_who_asks_and_not_to_who_holds_the_button() -> None:
    """Who holds it too long only wanted to stop."""
    drive = Drive(replace(PAGE, page=False))
    [said] = [effect for effect in drive.at(1.0, SHOW) if isinstance(effect, Say)]
    assert said.text == sentences.NO_PAGE
    assert not [effect for effect in drive.at(9.0, HELD) if isinstance(effect, Say)]


def test_who_holds_the_button_for_five_seconds_has_not_left() -> None:
    """At two seconds the same press was taken for leaving."""
    drive = Drive(PAGE)
    drive.at(2.0, Asked(Command.STOP, Source.BUTTON))
    assert drive.mode() is Away
    assert MakeCode() in drive.at(5.0, HELD)
    assert drive.mode() is Sitting


def test_a_code_is_not_read_out_beside_a_question() -> None:
    """Its digits could be heard as the answer; the screen has it."""
    drive = Drive(PAGE)
    drive.at(0.0, Command.START)
    drive.at(STARTS["work"] + 1, Command.HURTS)
    drive.at(STARTS["work"] + 9, SHOW)
    assert not [one for one in drive.at(STARTS["work"] + 10, MADE) if isinstance(one, Say)]
