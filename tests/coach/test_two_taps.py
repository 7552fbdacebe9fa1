"""The second of two taps, or a press as a question comes up, answers nothing: nobody can have heard
or read it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.coach.events import Asked, Health, Source
from assistant.coach.events import Command as C
from assistant.coach.question import ANSWER_S, READ_S
from assistant.coach.state import Asking, AtRest, Hurt, Leading, Question
from assistant.content import sentences
from assistant.content.safety_question_texts import QUESTIONS
from tests.coach.driver import Drive
from tests.coach.test_session_start import (
    GENTLE,
    STRENGTH,
    person,
    rows,
    score,
    shipped,
    start,
    texts,
)


def asked(drive: Drive) -> Question | None:
    return None if drive.asking is None else drive.asking.question


def tap(command: C, value: int | None = None) -> Asked:
    return Asked(command, Source.PAGE, value=value)


def test_one_tap_too_many_answers_no_safety_question() -> None:
    """Two of each no: each question is answered once."""
    drive = person(Health(), screening=True)
    drive.at(1.0, start(STRENGTH))
    for number in range(len(QUESTIONS)):
        drive.at(10.0 + 5.0 * number, tap(C.NO))
        drive.at(10.3 + 5.0 * number, tap(C.NO))
    assert len(rows(drive, "screening")) == len(QUESTIONS) + 1
    assert asked(drive) is Question.PAIN_BEFORE


@pytest.mark.parametrize(
    ("to_it", "taps"),
    [
        ((start(GENTLE), score(7)), (C.YES,)),
        ((start(GENTLE),), (C.NUMBER, C.NEXT, C.PRESS)),
        ((start(STRENGTH), score(1)), (C.YES, C.NO, C.NEXT)),
    ],
)
def test_the_tap_that_brings_a_question_up_is_no_answer_to_it(
    to_it: Sequence[Asked], taps: Sequence[C]
) -> None:
    """How much, the gentle one, something harder: each waits for an answer of its own."""
    well = Health(screened=True, good={"bridge": 3, "abdominal-brace": 3, "donkey-kick": 3})
    for answer in taps:
        drive = person(well)
        drive.at(1.0, *to_it)
        question = asked(drive)
        assert question is not None
        drive.at(1.0 + READ_S - 0.1, tap(answer, 1 if answer is C.NUMBER else None))
        assert asked(drive) is question
        drive.at(1.0 + READ_S, tap(answer, 1 if answer is C.NUMBER else None))
        assert asked(drive) is not question


@pytest.mark.parametrize("source", [Source.PAGE, Source.BUTTON, Source.KEY])
def test_a_second_press_begins_no_stretch_at_the_first_start(source: Source) -> None:
    """Whoever is asked to press once may press twice."""
    drive = Drive(replace(shipped(), health=Health(), welcome=True, button=True))
    while asked(drive) is None:
        drive.at(drive.now + 1.0)
    drive.at(drive.now + 20.0, Asked(C.YES))
    drive.at(drive.now + 20.0, Asked(C.PRESS, source))
    assert asked(drive) is Question.TOGETHER
    drive.at(drive.now + 0.5, Asked(C.PRESS, source))
    assert drive.mode() is Asking


def test_that_hurts_tapped_twice_does_not_say_that_it_is_not_sharp() -> None:
    """The buttons change under the finger."""
    drive = person()
    drive.at(1.0, start(STRENGTH), score(1))
    drive.at(60.0, tap(C.HURTS))
    drive.at(60.4, tap(C.NO))
    assert drive.mode() is Hurt
    drive.at(62.0, tap(C.NO))
    assert drive.mode() is Leading


@pytest.mark.parametrize("stops", [C.STOP, C.LEAVING])
def test_to_stop_is_never_too_soon(stops: C) -> None:
    drive = person()
    drive.at(1.0, start(STRENGTH))
    drive.at(1.2, tap(stops))
    assert isinstance(drive.state.lead, AtRest)


def test_what_is_said_or_typed_answers_at_once_and_so_does_a_tap_where_it_is_asked_again() -> None:
    """It was heard before."""
    for source in (Source.VOICE, Source.TYPED):
        drive = person()
        drive.at(1.0, start(GENTLE), Asked(C.NUMBER, source, value=1))
        assert drive.mode() is Leading
    drive = person()
    drive.at(1.0, start(GENTLE))
    while sentences.NO_NUMBER not in texts(drive):
        drive.at(drive.now + 1.0)
        assert drive.now < 3 * ANSWER_S
    drive.at(drive.now, tap(C.NUMBER, 1))
    assert drive.mode() is Leading
