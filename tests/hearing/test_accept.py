"""Acceptance: exactly one phrase, and sure enough for what it would do."""

import math

import pytest

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.accept import (
    ABOVE_OWN_DB,
    ABOVE_OWN_WORDS_DB,
    LEAST_CONFIDENCE,
    USUALLY,
    Evidence,
    Verdict,
    accept,
    asks_again,
    over_own,
    reconsider,
)

PHRASES = {"stop": Command.STOP, "start": Command.START, "next": Command.NEXT}


@pytest.mark.parametrize(
    ("text", "confidence", "expected"),
    [
        ("", 0.0, Verdict(None, False, "no words")),
        ("[unk]", 1.0, Verdict(None, False, "other words")),
        ("stop [unk]", 1.0, Verdict(None, False, "other words")),
        ("stop next", 1.0, Verdict(None, False, "no whole command")),
        ("stop", 0.5, Verdict(Command.STOP, True, "a whole command")),
        ("next", 0.5, Verdict(Command.NEXT, False, "not sure enough (0.50, needs 0.60)")),
        ("next", 0.6, Verdict(Command.NEXT, True, "a whole command")),
        ("start", 0.65, Verdict(Command.START, False, "not sure enough (0.65, needs 0.70)")),
        ("start", 0.7, Verdict(Command.START, True, "a whole command")),
        ("stop", 0.1, Verdict(Command.STOP, False, "not sure enough (0.10, needs 0.40)")),
    ],
)
def test_each_verdict_has_its_reason(text: str, confidence: float, expected: Verdict) -> None:
    assert accept(text, Evidence(confidence), PHRASES) == expected


def test_need_is_taken_readily_and_starting_strictly() -> None:
    readily = {LEAST_CONFIDENCE[c] for c in (Command.STOP, Command.HURTS, Command.PAUSE)}
    assert max(readily) < USUALLY < LEAST_CONFIDENCE[Command.START]
    assert LEAST_CONFIDENCE[Command.START] < LEAST_CONFIDENCE[Command.FLOOR]


def test_beside_a_question_more_is_needed() -> None:
    sure = Evidence(0.65)
    assert accept("next", sure, PHRASES, context=Context.SESSION).accepted
    assert not accept("next", sure, PHRASES, context=Context.QUESTION).accepted
    assert accept("stop", Evidence(0.4), PHRASES, context=Context.QUESTION).accepted, "as ever"


def test_what_somebody_taught_is_enough_for_that_phrase_alone() -> None:
    hardly = Evidence(0.45)
    assert accept("next", hardly, PHRASES, {"next": 0.4}).accepted
    assert not accept("next", hardly, PHRASES, {"start": 0.4}).accepted
    assert accept("stop", hardly, PHRASES, {"stop": 0.9}).accepted, "never is more needed"


def test_no_word_is_as_short_as_a_click() -> None:
    assert accept("stop", Evidence(1.0, length_s=0.09), PHRASES).reason == "too short (0.09 s)"
    assert accept("stop", Evidence(1.0, length_s=0.2), PHRASES).accepted


def test_what_is_no_louder_than_its_own_voice_is_its_own() -> None:
    """More is asked of a word that it is just saying, or of which it says a longer form."""
    for saying, least_db in ((("go", "on"), ABOVE_OWN_DB), (("stopped",), ABOVE_OWN_WORDS_DB)):
        words = frozenset(saying)
        below = accept("stop", Evidence(1.0, 0.3, least_db - 0.5, words), PHRASES)
        above = accept("stop", Evidence(1.0, 0.3, least_db + 0.5, words), PHRASES)
        assert not below.accepted
        assert "its own" in below.reason
        assert above.accepted
        assert "over its own voice" in above.reason


def test_a_silent_sound_in_a_word_does_not_make_it_our_own() -> None:
    """The p of "stop": half of its time may be silence."""
    assert over_own([20.0, -25.0, 18.0, -30.0]) == 19.0
    assert over_own([-3.0, 1.0, 2.0]) == 1.5
    assert over_own([]) == over_own([1.0, math.inf]) == math.inf


@pytest.mark.parametrize(
    ("freely", "taken"),
    [
        ("hey coach", True),
        ("a coach", True),
        ("they coach", True),
        ("take off", False),
        ("eight cups", False),
        ("", False),
    ],
)
def test_what_starts_something_needs_a_second_opinion(freely: str, taken: bool) -> None:
    """It needn't be the same letter by letter; what is said in need is not asked again."""
    phrases = {"hey coach": Command.WAKE, "stop": Command.STOP, "next": Command.NEXT}
    first = accept("hey coach", Evidence(1.0), phrases)
    assert asks_again(first)
    assert reconsider(first, "hey coach", freely).accepted is taken
    assert not asks_again(accept("stop", Evidence(1.0), phrases))
    assert not asks_again(accept("hey coach", Evidence(0.1), phrases))
    assert not asks_again(accept("[unk]", Evidence(1.0), phrases))
