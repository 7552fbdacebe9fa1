"""What isn't a command stands beside the commands, as what it is."""

from itertools import pairwise

import pytest

from assistant.coach.effects import Context
from assistant.hearing.competing import NUMBERS, beside
from tests.hearing.setting import UNDERSTANDING


def listed(context: Context) -> list[str]:
    return beside(context, UNDERSTANDING.commands(context), lambda word: True)


def pairs(texts: list[str]) -> set[tuple[str, str]]:
    return {pair for text in texts for pair in pairwise(["", *text.split(), ""])}


@pytest.mark.parametrize("context", list(Context))
def test_nothing_beside_the_commands_is_a_command(context: Context) -> None:
    assert not set(listed(context)) & set(UNDERSTANDING.phrases(context))


@pytest.mark.parametrize(
    ("context", "said"),
    [
        (Context.SESSION, "sixty five more seconds"),
        (Context.DUE, "snooze seventy minutes"),
        (Context.PAIN, "thirty"),
        (Context.PAIN, "ninety nine"),
        (Context.AWAKE, "quiet until two forty"),
        (Context.AWAKE, "quiet for seventeen hours"),
        (Context.AWAKE, "hey coach remind me every eighty four minutes"),
        (Context.AWAKE, "hey coach don't start lower back"),
        (Context.SESSION, "don't go back"),
        (Context.SESSION, "i'm not ready"),
        (Context.DUE, "i am not up"),
        (Context.PAUSED, "don't continue"),
    ],
)
def test_what_may_not_be_said_can_be_heard_as_itself(context: Context, said: str) -> None:
    """The recogniser strings pairs of words together, so each pair must be there."""
    phrases = UNDERSTANDING.phrases(context)
    assert said not in phrases
    assert pairs([said]) <= pairs([*phrases, *listed(context)])


def test_every_number_to_a_hundred_may_follow_where_a_number_may() -> None:
    assert len(set(NUMBERS)) == 103
    may_follow = pairs([*UNDERSTANDING.phrases(Context.SESSION), *listed(Context.SESSION)])
    assert {("", number.split()[0]) for number in NUMBERS} <= may_follow
    assert {(number.split()[-1], "more") for number in NUMBERS} <= may_follow


def test_a_stop_is_done_even_when_it_is_said_not_to() -> None:
    """A silence too many harms nobody."""
    assert not [text for text in listed(Context.SESSION) if text in ("not stop", "don't stop")]
    assert "not stop" not in listed(Context.SESSION)


def test_one_is_no_number_in_skip_this_one() -> None:
    assert "skip this twenty" not in listed(Context.SESSION)
