"""Every sentence that the assistant can say: its tone, and how it sounds."""

import re

import pytest

from assistant.coach.effects import Context
from assistant.content import sentences as templates
from assistant.content import words
from assistant.content.catalogue import Sentence, every_sentence
from assistant.content.check import sentences as split
from assistant.hearing.understand import Understanding, plain
from tests.content.voice import ROUTINES, shipped

LIBRARY = shipped()
ALL = every_sentence(LIBRARY)
SPOKEN = [sentence for sentence in ALL if "{" not in sentence.text]

PROMISES = re.compile(
    r"\b(cure[sd]?|heal(s|ed|ing)?|guarante\w*|fix(es|ed)?|must|diagnos\w*|prevent\w*|proven"
    r"|treat(s|ed|ment)?|medicine|ibuprofen|paracetamol|aspirin|painkiller\w*|all clear"
    r"|nothing is wrong|you are fine|no pain no gain|push through|lazy|fail(ed|ure)?|missed"
    r"|forgot|should have|unfortunately|guilty|disappoint\w*|slack\w*)\b",
    re.IGNORECASE,
)
"""Promises, orders, drugs, all-clears and blame: never said."""


def test_all_of_them_are_gathered() -> None:
    """The assistant's own templates, each of them; every routine and every exercise."""
    where = {sentence.where for sentence in ALL}
    constants = {
        f"sentences.{name}" for name, value in vars(templates).items() if name.isupper() and value
    }
    missing = {
        name
        for name in constants - where
        if not all(text in {s.text for s in ALL} for text in _texts(name))
    }
    assert missing == set()
    said = {sentence.text for sentence in ALL}
    for exercise in LIBRARY.exercises.values():
        assert set(exercise.steps) <= said
        for prompt in exercise.cues:
            assert prompt.say in said or set(split(prompt.say)) <= said
    assert len(ALL) > 450
    assert len(said) == len(ALL)


def _texts(name: str) -> list[str]:
    value = getattr(templates, name.removeprefix("sentences."))
    return [value] if isinstance(value, str) else list(value)


def test_every_place_of_a_template_is_filled() -> None:
    """What is read here is what is heard."""
    assert [s for s in ALL if "{" in s.text or "None" in s.text] == []


def test_nothing_is_promised_ordered_or_blamed() -> None:
    """No cure, no must, no diagnosis, no drug, no reproach, in any sentence."""
    plainly = "not diagnosis or treatment"
    assert [s for s in ALL if PROMISES.search(s.text.replace(plainly, ""))] == []


@pytest.mark.parametrize("text", ["This will cure you.", "You must go on.", "It fixes your back."])
def test_the_search_for_promises_finds_them(text: str) -> None:
    assert PROMISES.search(text)


def test_no_sentence_is_a_command() -> None:
    """Should it hear its own voice, it takes nothing for an order. What routines say is no command
    anywhere; its own sentences are none where commands need no wake phrase, and after the wake
    phrase it says nothing."""
    names = {routine.id: routine.spoken_names for routine in LIBRARY.routines.values()}
    understanding = Understanding(ROUTINES / "commands.yaml", ["hey coach"], names)
    phrases = {context: set(understanding.phrases(context)) for context in Context}
    phrases[Context.PAIN] -= {words.number(value) for value in range(11)}  # it counts nothing then
    open_ones = set().union(*(phrases[c] for c in Context if c is not Context.AWAKE))
    assert {"stop", "hey coach", "go on"} <= open_ones
    assert "list routines" in phrases[Context.AWAKE] - open_ones
    echoes = [
        (part, sentence.where)
        for sentence in ALL
        for part in (sentence.text, *split(sentence.text))
        if plain(part) in open_ones
        or (sentence.where.startswith("routines/") and plain(part) in phrases[Context.AWAKE])
    ]
    assert echoes == []


def test_they_are_readable_aloud() -> None:
    """Letters and the plainest signs, numbers as words, a capital first and a stop last."""
    odd = [s for s in SPOKEN if not re.fullmatch(r"[A-Z][A-Za-z ,.:;!?'()-]*[.!?]", s.text)]
    assert odd == []


def longest(sentence: Sentence) -> int:
    return max(len(re.findall(r"[\w'-]+", part)) for part in split(sentence.text))


def test_they_are_short() -> None:
    """At most 22 words a sentence, 60 in one breath; while led at most 16 a sentence."""
    assert [s for s in ALL if longest(s) > 22] == []
    assert [s for s in ALL if len(s.text.split()) > 60] == []
    led = [s for s in ALL if s.where.startswith("routines/")]
    assert [s for s in led if longest(s) > 17] == []
