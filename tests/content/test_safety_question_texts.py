"""The safety questions, and what their answers mean."""

import re

import pytest

from assistant.content import safety_question_texts, sentences, words
from assistant.content.conditions import Condition
from assistant.content.safety_question_texts import QUESTIONS, Flag, Meaning, Question, meaning

BY_ID = {question.id: question for question in QUESTIONS}
NONE = Meaning()
TEXTS = [
    (question.id, text)
    for question in QUESTIONS
    for one in (question, question.follow_up)
    if one is not None
    for text in (one.text, one.help)
]


def test_emergencies_come_first_and_conditions_last() -> None:
    """In this order; every condition is asked for, and nothing is asked for nothing."""
    order = [
        0 if q.flag is Flag.EMERGENCY else 1 if q.flag is Flag.URGENT else 2 for q in QUESTIONS
    ]
    assert order == sorted(order)
    assert {q.condition for q in QUESTIONS} - {None} == set(Condition)
    assert all((q.flag is None) != (q.condition is None) for q in QUESTIONS)
    assert len(BY_ID) == len(QUESTIONS) == 18


def test_what_a_doctor_should_see_first_is_asked() -> None:
    """The signs that the sources name, each with how fast."""
    assert {q.id: q.flag for q in QUESTIONS if q.flag} == {
        **dict.fromkeys(
            ("numbness", "bladder", "weakness", "both_legs", "chest", "accident"), Flag.EMERGENCY
        ),
        **dict.fromkeys(("fever", "swelling", "weight", "night", "cancer"), Flag.URGENT),
    }


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_question_can_be_answered_with_yes_or_no(question: Question) -> None:
    """Do you have, have you had: one sentence of at most sixteen words, with its own help."""
    for one in (question, question.follow_up):
        if one is None:
            continue
        assert re.match(r"(Do|Have|Are) you |(Has|Does) (a|your) ", one.text)
        assert one.text.count("?") == 1
        assert len(one.text.split()) <= 16
        assert one.help
        assert one.help != one.text


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_silence_counts_as_the_cautious_answer(question: Question) -> None:
    """Of a question, and of what is asked after it."""
    told = Meaning(question.flag, question.condition)
    assert meaning(question, None).condition == told.condition
    assert meaning(question, None).flag in (told.flag, Flag.URGENT)
    assert meaning(question, None) != NONE
    assert meaning(question, yes=True, then=None) != NONE
    assert meaning(question, yes=False) == meaning(question, yes=False, then=True) == NONE


def test_what_is_old_and_settled_keeps_nobody_from_moving() -> None:
    """A survivor of cancer, a pain at night that a doctor knows: asked whether it is settled."""
    for name in ("accident", "swelling", "weight", "night", "cancer"):
        assert meaning(BY_ID[name], yes=True, then=True) == NONE
        assert meaning(BY_ID[name], yes=True, then=False) == Meaning(BY_ID[name].flag)
    for name in ("surgery", "hip_replacement", "pregnancy"):
        assert meaning(BY_ID[name], yes=True, then=True) == NONE
        assert meaning(BY_ID[name], yes=True, then=False) == Meaning(None, Condition(name))


def test_what_must_be_new_says_so() -> None:
    """An old weakness is no emergency: the question or its help tells it apart."""
    for name in ("numbness", "bladder", "weakness", "both_legs"):
        assert "new" in BY_ID[name].text
        assert BY_ID[name].follow_up is None
    for name in ("numbness", "bladder", "weakness"):
        assert "that is a no" in BY_ID[name].help or "is a no" in BY_ID[name].help


@pytest.mark.parametrize("name", ["osteoporosis", "steroids"])
def test_a_fall_with_thin_bones_is_for_a_doctor(name: str) -> None:
    """Osteoporosis or long steroids, then a small fall and pain: a red flag as well."""
    question = BY_ID[name]
    assert meaning(question, yes=True, then=False) == Meaning(None, Condition.OSTEOPOROSIS)
    assert meaning(question, yes=True, then=True) == Meaning(Flag.URGENT, Condition.OSTEOPOROSIS)
    assert meaning(question, yes=True) == Meaning(Flag.URGENT, Condition.OSTEOPOROSIS)


def test_leg_pain_is_told_apart_from_both_legs() -> None:
    assert meaning(BY_ID["leg_pain"], yes=True) == Meaning(None, Condition.LEG_PAIN)
    assert meaning(BY_ID["both_legs"], yes=True) == Meaning(Flag.EMERGENCY)
    assert "knee" in BY_ID["leg_pain"].text


def test_how_many_there_are_is_said_as_it_is() -> None:
    count = words.number(len(QUESTIONS))
    assert f" {count} short questions" in safety_question_texts.FIRST
    assert safety_question_texts.AGAIN.lower().startswith(f"{count} short questions")


def test_every_flag_has_its_fixed_words() -> None:
    """None of them goes on to an exercise."""
    assert set(safety_question_texts.SAID) == set(Flag)
    assert all("don't exercise now" in text for text in safety_question_texts.SAID.values())
    assert "emergency number" in safety_question_texts.SAID[Flag.EMERGENCY]


def test_nobody_is_invited_to_leave_a_question_out() -> None:
    texts = [safety_question_texts.FIRST, safety_question_texts.AGAIN]
    assert not [text for text in texts if "skip" in text or "leave" in text]


@pytest.mark.parametrize("text", [sentences.PAIN_BEFORE, sentences.PAIN_AFTER])
def test_both_ends_of_the_scale_are_named(text: str) -> None:
    assert "zero is not at all" in text
    assert "ten is the worst" in text
    assert not re.search(r"\d", text)


def test_from_eight_on_somebody_should_look_at_it() -> None:
    """Six and seven: a little is enough; eight, nine and ten: talk to somebody."""
    for says in (sentences.much_pain, sentences.pain_lately):
        for value in (6, 7):
            assert "doctor" not in says(value)
        for value in (8, 9, 10):
            assert "doctor or physiotherapist" in says(value)


def test_sharp_pain_names_the_emergency_too() -> None:
    """Numb between the legs, bladder and bowels, a weak leg: not to be waited with."""
    for sign in (
        "emergency number",
        "numb between your legs",
        "bladder or bowels",
        "leg grows weak",
    ):
        assert sign in sentences.HURT_YES
