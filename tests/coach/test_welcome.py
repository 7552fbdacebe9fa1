"""A first start: who this is, the microphone, the button and one stretch tried."""

from dataclasses import replace

import pytest

from assistant.coach.effects import Place, Record, Say
from assistant.coach.events import Asked, Command, Health, Source
from assistant.coach.settings import Settings
from assistant.coach.state import AtRest, Question
from assistant.coach.step import begin
from assistant.coach.welcome import STRETCH, TOLD, UNANSWERED
from assistant.content import welcome_sentences as said
from tests.coach.driver import SETTINGS, Drive
from tests.coach.test_session_start import SEEN, shipped, texts

C = Command
BEGIN = said.BEGIN.format(wake="hey coach")
FIRST = replace(shipped(), health=Health(), welcome=True, button=True)


def first_start(told: Settings = FIRST) -> Drive:
    """Who has just been asked whether they can be heard."""
    drive = Drive(told)
    drive.at(40.0)
    assert open_question(drive) is Question.HEAR
    return drive


def open_question(drive: Drive) -> Question | None:
    return None if drive.asking is None else drive.asking.question


def kept(drive: Drive) -> list[str]:
    rows = [effect for _, effect in drive.ordered(Record) if isinstance(effect, Record)]
    return [row.name for row in rows if row.kind == "told"]


def spoken(command: Command, text: str) -> Asked:
    return Asked(command, text=text)


def pressed(command: Command = C.PRESS) -> Asked:
    return Asked(command, Source.BUTTON)


def led_to_its_end(drive: Drive) -> None:
    assert drive.session is not None
    assert drive.session.plan.id == STRETCH
    drive.at(drive.now + 90.0)
    assert isinstance(drive.state.lead, AtRest)


def test_it_tells_who_it_is_before_anything_else_and_the_disclaimer_once() -> None:
    drive = first_start()
    assert texts(drive) == [said.WHO, said.NO_DOCTOR, said.TWO_MINUTES, said.CAN_I_HEAR]
    assert not kept(drive)


def test_by_voice_alone_it_goes_to_the_end_and_says_how_to_begin() -> None:
    """What was heard is told; the stretch is led before any safety question is asked."""
    drive = first_start()
    drive.at(45.0, spoken(C.WAKE, "hey coach"))
    assert open_question(drive) is Question.TOUCH
    assert said.HEARD.format(heard="hey coach") in texts(drive)
    drive.at(55.0, spoken(C.NEXT, "skip this one"))
    assert open_question(drive) is Question.TOGETHER
    assert said.PRESSED not in texts(drive)
    drive.at(75.0, spoken(C.YES, "yes"))
    led_to_its_end(drive)
    assert texts(drive)[-1] == BEGIN
    assert kept(drive) == [TOLD]


def test_by_the_button_alone_three_presses_go_through_it() -> None:
    """The first press has tried the button, which needs no trying again."""
    drive = first_start()
    drive.at(45.0, pressed())
    assert open_question(drive) is Question.TOGETHER
    assert said.PRESSED in texts(drive)
    drive.at(65.0, pressed())
    led_to_its_end(drive)
    assert texts(drive)[-1] == BEGIN
    assert kept(drive) == [TOLD]


def test_a_tap_on_yes_is_no_word_that_was_heard() -> None:
    drive = first_start()
    drive.at(45.0, replace(pressed(C.YES), source=Source.PAGE))
    assert said.TAPPED in texts(drive)
    assert said.WITHOUT not in texts(drive)


def test_the_button_is_tried_where_there_is_one() -> None:
    drive = first_start()
    drive.at(45.0, spoken(C.YES, "yes"))
    drive.at(55.0, pressed())
    assert said.PRESSED in texts(drive)
    without = first_start(replace(FIRST, button=False))
    without.at(45.0, spoken(C.YES, "yes"))
    assert open_question(without) is Question.TOGETHER


@pytest.mark.parametrize("answers", [(), (spoken(C.YES, "yes"),), (pressed(),)])
@pytest.mark.parametrize("stop", [spoken(C.STOP, "stop"), pressed(C.STOP)])
def test_stop_or_a_long_press_ends_it_at_any_step(answers: tuple[Asked, ...], stop: Asked) -> None:
    drive = first_start()
    for answer in answers:
        drive.at(drive.now + 10.0, answer)
    drive.at(drive.now + 10.0, stop)
    assert isinstance(drive.state.lead, AtRest)
    assert texts(drive)[-1] == said.ANOTHER_TIME.format(wake="hey coach")
    assert kept(drive) == [TOLD]


def test_without_the_stretch_it_says_how_to_begin() -> None:
    drive = first_start()
    drive.at(45.0, pressed())
    drive.at(65.0, spoken(C.NO, "no"))
    assert isinstance(drive.state.lead, AtRest)
    assert texts(drive)[-1] == BEGIN


def test_what_hurts_ends_the_stretch_as_any_other() -> None:
    """Who has just been told to rest isn't told how to begin."""
    drive = first_start()
    drive.at(45.0, pressed())
    drive.at(65.0, pressed())
    drive.at(80.0, C.HURTS)
    drive.at(90.0, C.YES)
    drive.at(300.0)
    assert BEGIN not in texts(drive)


def test_what_is_known_of_a_back_holds_for_the_stretch_too() -> None:
    """With a red flag nothing is led."""
    flagged = Health(screened=True, screened_days=1, yes=frozenset({"numbness"}))
    drive = first_start(replace(FIRST, health=flagged))
    drive.at(45.0, pressed())
    drive.at(65.0, pressed())
    assert drive.session is None
    assert isinstance(drive.state.lead, AtRest)


def test_silence_ends_it_after_asking_twice_and_it_comes_once_more() -> None:
    drive = first_start()
    drive.at(300.0)
    assert texts(drive).count(said.CAN_I_HEAR) == 2
    assert texts(drive)[-1] == said.NOBODY.format(wake="hey coach")
    assert kept(drive) == [UNANSWERED]
    again = first_start(replace(FIRST, health=Health(told=frozenset({UNANSWERED}))))
    again.at(300.0)
    assert kept(again) == [TOLD]


def test_whoever_begins_by_themselves_is_not_told_how() -> None:
    drive = Drive(FIRST)
    drive.at(1.0, Asked(C.START, routine=STRETCH))
    drive.at(200.0)
    assert said.WHO not in texts(drive)


def test_start_leads_what_was_asked_for() -> None:
    """Whoever would rather begin needn't hear the rest."""
    drive = first_start(replace(FIRST, health=SEEN))
    drive.at(45.0, Asked(C.START, routine="desk-break"))
    assert drive.session is not None
    assert drive.session.plan.id == "desk-break"
    assert kept(drive) == [TOLD]


def test_where_there_is_no_routine_start_ends_it_as_the_rest_does() -> None:
    drive = first_start(replace(SETTINGS, welcome=True, routine=""))
    drive.at(45.0, C.START)
    assert texts(drive)[-1] == said.BEGIN.format(wake=SETTINGS.wake)
    assert isinstance(drive.state.lead, AtRest)


def test_start_over_brings_it_back() -> None:
    """Also while nobody is new, and in the midst of it."""
    drive = Drive(shipped())
    drive.at(10.0, C.WELCOME)
    assert open_question(drive) is Question.HEAR
    drive.at(40.0, pressed())
    drive.at(60.0, C.WELCOME)
    assert open_question(drive) is Question.HEAR


def test_without_the_stretch_in_the_library_the_rest_is_told() -> None:
    drive = first_start(replace(SETTINGS, welcome=True))
    drive.at(45.0, pressed())
    assert texts(drive)[-1] == said.BEGIN.format(wake=SETTINGS.wake)
    assert isinstance(drive.state.lead, AtRest)


@pytest.mark.parametrize("place", [None, Place(sit_left_s=600.0)])
def test_a_greeting_waits_for_it(place: Place | None) -> None:
    """One greets once: with it, or with how to begin."""
    effects = begin(replace(FIRST, welcome=False), 0.0)[1]
    assert [effect for effect in effects if isinstance(effect, Say)]
    first = begin(FIRST, 0.0, place=place)[1]
    assert "Ready" not in "".join(effect.text for effect in first if isinstance(effect, Say))
