"""The safety questions: what each answer comes to, and that no word that was misheard, no press and
no silence takes the place of one."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.coach import suitability
from assistant.coach.events import Asked, Health
from assistant.coach.events import Command as C
from assistant.coach.question import words
from assistant.coach.state import Asking, Leading, Sitting
from assistant.content import safety_question_texts, sentences
from assistant.content.conditions import Condition
from assistant.content.safety_question_texts import QUESTIONS, Flag, Question
from assistant.content.types import Phase
from tests.coach.driver import Drive, as_said
from tests.coach.test_session_start import (
    DESK,
    FLAGS,
    GENTLE,
    SEEN,
    STRENGTH,
    led,
    person,
    rows,
    score,
    shipped,
    start,
    strengthening,
    texts,
)

SETTLED = ("accident", "swelling", "weight", "night", "cancer")
"""After a yes to these a doctor's word is asked for."""
DAYS_91 = 91 * 86400.0


def answer(drive: Drive, *answers: C) -> None:
    for one in answers:
        drive.at(drive.now + 5.0, one)


def answers_to(name: str, *then: C) -> list[C]:
    """No to all but one of the questions; after its yes `then`."""
    given: list[C] = []
    for question in QUESTIONS:
        given += [C.YES, *then] if question.id == name else [C.NO]
    return given


def said_last(drive: Drive) -> str:
    return texts(drive)[-1]


# --- what an answer comes to ----------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
@pytest.mark.parametrize("then", [C.YES, C.NO])
def test_every_yes_has_its_consequence(question: Question, then: C) -> None:
    """A red flag ends the questions with its fixed words; a condition leaves out what it speaks
    against; what is settled is neither."""
    drive = person(Health())
    drive.at(1.0, start(GENTLE))
    follow_up = () if question.follow_up is None else (then,)
    flag = question.flag
    if question.id in SETTLED and then is C.YES:
        flag = None
    if question.id in ("osteoporosis", "steroids") and then is C.YES:
        flag = Flag.URGENT
    for one in answers_to(question.id, *follow_up):
        if drive.mode() is Asking:
            answer(drive, one)
    if flag is not None:
        assert said_last(drive) == safety_question_texts.SAID[flag]
        assert drive.mode() is Sitting
        drive.at(drive.now + 20.0, start(DESK))
        assert drive.session is None
        assert said_last(drive) == as_said(sentences.RED_FLAG_STILL)
        return
    assert texts(drive)[-2:] == [sentences.SCREENED, sentences.PAIN_BEFORE]
    assert rows(drive, "screening")[-1] == ("all", 1)
    answer(drive, score(0))  # type: ignore[arg-type]
    settled = question.id in ("surgery", "hip_replacement", "pregnancy") and then is C.YES
    condition = None if settled else question.condition
    known = shipped().exercises
    if drive.mode() is Asking:
        assert texts(drive)[-2:] == [sentences.NOT_TODAY, sentences.GENTLE_INSTEAD] or condition
        other = texts(drive)[-1].startswith("There is one that suits you better")
        answer(drive, C.YES)
        if other:  # since most of the gentle one doesn't
            assert led(drive)
            assert not [one for one in led(drive) if condition in known[one].leave_out_with]
            return
    for name in shipped().plans[GENTLE].exercise_ids:
        assert (name in led(drive)) == (condition not in known[name].leave_out_with)


def test_until_a_follow_up_is_answered_the_cautious_answer_counts() -> None:
    """Written down at once, so that a power cut doesn't settle anything."""
    for name, then in (("cancer", 0), ("osteoporosis", 1)):
        drive = person(Health())
        drive.at(1.0, start(GENTLE))
        before = [question.id for question in QUESTIONS].index(name)
        answer(drive, *[C.NO] * before, C.YES)
        assert rows(drive, "screening")[-2:] == [(name, 1), (f"{name}_then", then)]
        assert Flag.URGENT in suitability.flags(drive.state.person.health).values()
        drive.at(drive.now + 200.0)
        assert drive.session is None
        assert said_last(drive) == as_said(sentences.RED_FLAG_STILL)


# --- a red flag stays ---------------------------------------------------------------


@pytest.mark.parametrize("name", FLAGS)
@pytest.mark.parametrize("routine", [DESK, GENTLE, STRENGTH])
def test_after_a_red_flag_nothing_is_led_until_a_doctor_has_looked(name: str, routine: str) -> None:
    """One misheard "no" takes nothing back: it is asked whether a doctor has looked at it; of a
    fever alone, whether it is gone."""
    drive = person(replace(SEEN, yes=frozenset({name})))
    drive.at(1.0, start(routine), C.STRETCH, C.PRESS)
    assert drive.mode() is Sitting
    assert said_last(drive) == as_said(sentences.RED_FLAG_STILL)
    for last in (C.NO, C.NEXT, None, C.STOP):
        drive.at(drive.now + 60.0, C.SCREENING)
        answer(drive, *[C.NO] * len(QUESTIONS))
        asked = (
            safety_question_texts.CONFIRM_FEVER
            if name == "fever"
            else safety_question_texts.CONFIRM
        )
        assert said_last(drive) == asked
        answer(drive, C.PRESS)  # is no answer
        assert said_last(drive) == asked
        if last is None:
            drive.at(drive.now + 200.0)
        else:
            answer(drive, last)
        assert drive.mode() is Sitting
        drive.at(drive.now + 20.0, start(DESK))
        assert drive.session is None
    drive.at(drive.now + 60.0, C.SCREENING)
    answer(drive, *[C.NO] * len(QUESTIONS), C.YES)
    assert said_last(drive) == sentences.SCREENED
    assert (name, 0) in rows(drive, "screening")
    drive.at(drive.now + 20.0, start(DESK))
    assert drive.mode() is Leading


def test_a_doctors_word_takes_a_red_flag_back_only_when_it_is_confirmed() -> None:
    """Yes, I have had cancer; yes, my doctor knows; and yes, a doctor has looked at it since."""
    for confirmed in (C.YES, C.NO):
        drive = person(replace(SEEN, yes=frozenset({"cancer"})))
        drive.at(1.0, C.SCREENING)
        answer(drive, *answers_to("cancer", C.YES))
        assert said_last(drive) == safety_question_texts.CONFIRM
        answer(drive, confirmed)
        told = drive.state.person.health
        assert suitability.red_flag(told) == (confirmed is C.NO)


def test_beside_another_red_flag_a_fever_needs_a_doctor_too() -> None:
    assert safety_question_texts.confirm({"fever", "night"}) == safety_question_texts.CONFIRM


def test_a_flag_that_is_told_again_stays() -> None:
    drive = person(replace(SEEN, yes=frozenset({"cancer"})))
    drive.at(1.0, C.SCREENING)
    for one in answers_to("cancer", C.NO):
        if drive.mode() is Asking:
            answer(drive, one)
    assert said_last(drive) == safety_question_texts.SAID[Flag.URGENT]
    assert suitability.red_flag(drive.state.person.health)


def test_a_yes_to_a_question_that_is_asked_no_more_is_a_red_flag() -> None:
    """Nobody knows any more what exactly was meant. It is taken back like any other."""
    drive = person(replace(SEEN, yes=frozenset({"unwell"})))
    drive.at(1.0, start(DESK))
    assert said_last(drive) == as_said(sentences.RED_FLAG_STILL)
    drive.at(20.0, C.SCREENING)
    answer(drive, *[C.NO] * len(QUESTIONS), C.YES)
    assert ("unwell", 0) in rows(drive, "screening")
    drive.at(drive.now + 20.0, start(DESK))
    assert drive.mode() is Leading


# --- what was misheard ----------------------------------------------------------------


TAKES_BACK = (C.BACK, C.UNDO)
"""Typed too: "undo" in the midst of questions is about the last answer."""


@pytest.mark.parametrize("word", TAKES_BACK)
def test_the_question_before_can_be_answered_anew(word: C) -> None:
    """ "No, I meant yes": it is asked again, and its second answer counts."""
    drive = person(Health())
    drive.at(1.0, start(STRENGTH))
    answer(drive, C.NO, word)
    assert said_last(drive) == QUESTIONS[0].text
    answer(drive, word)
    assert said_last(drive) == QUESTIONS[0].text
    answer(drive, C.YES)
    assert said_last(drive) == safety_question_texts.SAID[Flag.EMERGENCY]


@pytest.mark.parametrize("word", TAKES_BACK)
def test_the_last_of_them_can_be_answered_anew(word: C) -> None:
    """Also when the next question is about something else; and a yes before its follow-up."""
    drive = person(Health())
    drive.at(1.0, start(STRENGTH))
    answer(drive, *[C.NO] * len(QUESTIONS))
    assert said_last(drive) == sentences.PAIN_BEFORE
    answer(drive, word)
    assert said_last(drive) == QUESTIONS[-1].text
    answer(drive, C.YES, word)
    assert said_last(drive) == QUESTIONS[-1].text
    answer(drive, C.NO, score(0))  # type: ignore[arg-type]
    assert led(drive) == shipped().plans[STRENGTH].exercise_ids


@pytest.mark.parametrize("word", TAKES_BACK)
def test_a_red_flag_that_was_misheard_is_taken_back_at_once_and_only_at_once(word: C) -> None:
    """Within two minutes the question is asked again; later it is a red flag like any other."""
    for wait_s, asked in ((110.0, True), (121.0, False)):
        drive = person(Health())
        drive.at(1.0, start(STRENGTH))
        answer(drive, C.NO, C.YES)
        assert said_last(drive) == safety_question_texts.SAID[Flag.EMERGENCY]
        drive.at(drive.now + wait_s, word)
        assert (drive.mode() is Asking) == asked
        if asked:
            assert said_last(drive) == QUESTIONS[1].text
            answer(drive, *[C.NO] * (len(QUESTIONS) - 1), score(0))  # type: ignore[arg-type]
            assert led(drive) == shipped().plans[STRENGTH].exercise_ids


def said_open(drive: Drive) -> str:
    """The question that is open."""
    return "" if drive.asking is None else words(drive.asking)


ALL_NO = [C.NO] * len(QUESTIONS)


@pytest.mark.parametrize("answers", [(C.NO,), (C.NO, C.YES), ALL_NO, (*ALL_NO, score(7))])
def test_undo_is_about_what_was_wanted_since_the_last_answer(answers: tuple[C, ...]) -> None:
    """Beside a question and after a red flag; "back" is about the answer still."""
    drive = person(Health())
    drive.at(1.0, start(STRENGTH))
    answer(drive, *answers, C.SLOWER)
    open_one, pace = said_open(drive), drive.state.voice.pace
    answer(drive, C.UNDO)
    assert said_open(drive) == open_one
    assert drive.state.voice.pace > pace
    answer(drive, C.BACK)
    assert said_open(drive) not in ("", open_one)


@pytest.mark.parametrize("word", [C.REPEAT, C.RESUME, C.GO, C.PRESS])
def test_a_safety_question_is_said_again(word: C) -> None:
    """A press or "go" isn't an answer to it."""
    drive = person(Health())
    drive.at(1.0, start(STRENGTH))
    drive.at(60.0, word)
    assert said_last(drive) == QUESTIONS[0].text
    assert drive.mode() is Asking


def test_each_question_explains_itself() -> None:
    drive = person(Health())
    drive.at(1.0, start(STRENGTH))
    for question in QUESTIONS:
        drive.at(drive.now + 20.0, C.HELP)
        assert said_last(drive).startswith(question.help)
        answer(drive, C.YES if question.id == "cancer" else C.NO)
        if question.id == "cancer" and question.follow_up is not None:
            drive.at(drive.now + 20.0, C.HELP)
            assert said_last(drive).startswith(question.follow_up.help)
            answer(drive, C.YES)


# --- who counts as asked -----------------------------------------------------------------


@pytest.mark.parametrize("routine", [STRENGTH, DESK, "reverse-the-slump", "fifteen-minutes"])
@pytest.mark.parametrize("way", [(), (C.NEXT,), (C.NO, C.NO, C.NEXT), (C.PRESS,) * 20])
def test_whoever_is_not_asked_is_led_what_suits_every_back(routine: str, way: Sequence[C]) -> None:
    """Silence, "later", half of the answers, or a row of presses: acute exercises that no condition
    speaks against, and not one more; and it is asked again next time."""
    drive = person(Health())
    drive.at(1.0, start(routine))
    assert texts(drive)[:2] == [safety_question_texts.FIRST, QUESTIONS[0].text]
    answer(drive, *way)
    while drive.session is None:
        drive.at(drive.now + 5.0)
        assert drive.now < 600.0
    for name in led(drive):
        assert shipped().exercises[name].phase is Phase.ACUTE
        assert not shipped().exercises[name].leave_out_with
    assert not drive.state.person.health.screened
    drive.at(drive.now + 1.0, C.STOP)
    drive.at(drive.now + 30.0, start(routine))
    assert said_last(drive) == QUESTIONS[0].text


def test_a_stretch_for_every_back_needs_no_question() -> None:
    """Of the breaks at the desk those are led that suit whoever was never asked."""
    drive = person(Health())
    for _ in range(4):
        drive.at(drive.now + 1.0, C.STRETCH)
        assert drive.mode() is Leading
        assert not [name for name in led(drive) if shipped().exercises[name].leave_out_with]
        drive.at(drive.now + 1.0, C.STOP)


def test_without_a_routine_for_every_back_nothing_is_led() -> None:
    """A kind word, and nothing begins."""
    plans = {name: plan for name, plan in shipped().plans.items() if "break" not in name}
    drive = person(Health(), plans=plans)
    drive.at(1.0, start(STRENGTH))
    drive.at(20.0, C.NEXT)
    assert drive.mode() is Sitting
    assert said_last(drive) == sentences.LEFT_UNTIL_PRESS


def test_they_are_asked_again_after_three_months() -> None:
    """Of the journal's days and of those since the start; a machine that slept has not stopped
    time."""
    for days, later_s, asked in (
        (90, 0.0, False),
        (91, 0.0, True),
        (90, 86400.0, True),
        (None, DAYS_91, False),
    ):
        drive = person(replace(SEEN, screened_days=days))
        drive.at(1.0 + later_s, start(STRENGTH))
        assert (QUESTIONS[0].text in texts(drive)) == asked
        assert (safety_question_texts.AGAIN in texts(drive)) == asked


def test_sharp_pain_asks_for_them_again() -> None:
    """Written down, so that a restart doesn't lose it; and it counts as pain of six."""
    drive = person()
    drive.at(1.0, start(STRENGTH))
    drive.at(20.0, score(0))
    drive.at(60.0, C.HURTS)
    drive.at(70.0, C.YES)
    assert rows(drive, "screening") == [("all", 0)]
    drive.at(90.0, start(STRENGTH))
    assert texts(drive)[-2:] == [safety_question_texts.AGAIN, QUESTIONS[0].text]
    answer(drive, *[C.NO] * len(QUESTIONS))
    assert texts(drive)[-3:] == [
        sentences.SCREENED,
        sentences.pain_lately(6),
        sentences.GENTLE_INSTEAD,
    ]


@pytest.mark.parametrize("screening_on", [True, False])
def test_what_cannot_be_read_may_have_been_anything(screening_on: bool) -> None:
    """A journal that is damaged: asked again, whatever is configured, and strengthening waits."""
    drive = person(Health(unknown=True), screening=screening_on)
    drive.at(1.0, start(STRENGTH))
    assert said_last(drive) == QUESTIONS[0].text
    answer(drive, *[C.NO] * len(QUESTIONS), score(0))  # type: ignore[arg-type]
    answer(drive, *[C.YES] * (drive.mode() is Asking))
    assert drive.mode() is Leading
    assert not strengthening(led(drive))


def test_a_question_that_is_newer_than_the_answers_is_asked() -> None:
    """Who answered the ten of an earlier version is led what suits every back until all of today's
    have an answer; asked once."""
    every = frozenset(question.id for question in QUESTIONS)
    for answered, asked in ((every, False), (every - {"leg_pain"}, True)):
        drive = person(replace(SEEN, screened_days=3, answered=answered))
        drive.at(1.0, start(STRENGTH))
        assert (texts(drive)[:1] == [safety_question_texts.AGAIN]) is asked
    drive.at(20.0, C.NEXT)
    assert led(drive)
    assert not [name for name in led(drive) if shipped().exercises[name].leave_out_with]
    drive.at(25.0, C.STOP, start(STRENGTH))
    answer(drive, *[C.NO] * len(QUESTIONS))
    assert said_last(drive) == sentences.PAIN_BEFORE
    answer(drive, C.STOP)
    drive.at(drive.now + 5.0, start(STRENGTH))
    assert said_last(drive) == sentences.PAIN_BEFORE


def test_check_my_back_asks_them_all() -> None:
    """And leads nothing afterwards."""
    drive = person()
    drive.at(1.0, C.SCREENING)
    assert texts(drive) == [safety_question_texts.AGAIN, QUESTIONS[0].text]
    answer(drive, *[C.NO] * len(QUESTIONS))
    assert said_last(drive) == sentences.SCREENED
    assert drive.mode() is Sitting
    alone = person(Health())
    alone.at(1.0, C.SCREENING)
    alone.at(200.0)
    assert alone.mode() is Sitting


def test_switched_off_they_are_the_persons_own_business() -> None:
    """What was told before still counts."""
    drive = person(Health(yes=frozenset({"stenosis"})), screening=False)
    drive.at(1.0, start("desk-break-7"))
    assert Condition.STENOSIS in shipped().exercises["desk-back-bend"].leave_out_with
    assert "desk-back-bend" not in led(drive)
    other = person(Health(), screening=False)
    other.at(1.0, Asked(C.START, routine=DESK))
    assert led(other) == shipped().plans[DESK].exercise_ids


def test_to_ease_off_is_said_once_before_the_first_routine() -> None:
    """Its introduction says so; the last of the questions needn't."""
    drive = person(Health(), screening=True)
    drive.at(1.0, start(GENTLE), *[C.NO] * len(QUESTIONS), score(1))
    drive.at(40.0)
    assert drive.mode() is Leading
    assert sum("Ease off" in text for text in texts(drive)) == 1
