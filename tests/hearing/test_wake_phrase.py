"""A wake phrase that would wake it by mistake is refused, with the reason."""

import pytest

from assistant.coach.effects import Context
from assistant.errors import AssistantError, ExitCode
from assistant.hearing.understand import Understanding
from assistant.hearing.wake_phrase import syllables
from tests.hearing.setting import ROUTINES, TEMPLATES


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("coach", "one syllable"),
        ("george", "one syllable"),
        ("lower back", 'the command "back" is part of it'),
        ("desk break", "it is part of the command"),
        ("okay stop", 'the command "stop" is part of it'),
        ("routines", "it is part of the command"),
    ],
)
def test_a_bad_wake_phrase_is_refused_with_the_reason(phrase: str, why: str) -> None:
    with pytest.raises(AssistantError, match=why) as caught:
        Understanding(TEMPLATES, ["hey coach", phrase], ROUTINES)
    assert f'"{phrase}"' in str(caught.value)
    assert caught.value.code == ExitCode.CONFIGURATION


@pytest.mark.parametrize(
    "phrase",
    ["hey coach", "computer", "jarvis", "hello trainer", "alexa", "dear coach", "okay coach"],
)
def test_a_good_one_is_taken(phrase: str) -> None:
    assert phrase in Understanding(TEMPLATES, [phrase], ROUTINES).phrases(Context.IDLE)


def test_syllables_are_counted_by_spelling() -> None:
    counted = {"coach": 1, "george": 1, "table": 2, "alexa": 3, "hey": 1, "computer": 3, "while": 1}
    assert {word: syllables(word) for word in counted} == counted
