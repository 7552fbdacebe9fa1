"""Is this a good wake phrase?

Decides by the words alone: one that is too short is heard in any talk, and one that shares its
words with a command can't be told from it. Whether the speech model knows the words is found out
when a model is open.
"""

import re
from collections.abc import Iterable

LEAST_SYLLABLES = 2


def objection(phrase: str, sentences: Iterable[str]) -> str:
    """Why not to use it, as the end of a sentence; empty if nothing speaks against it.

    `phrase` and the commands' `sentences` are plain: lower-case words, single spaces.
    """
    if sum(map(syllables, phrase.split())) < LEAST_SYLLABLES:
        return 'it has only one syllable, and talk is full of such words; put "hey" before it'
    for sentence in sentences:
        if f" {phrase} " in f" {sentence} ":
            return f'it is part of the command "{sentence}"'
        if f" {sentence} " in f" {phrase} ":
            return f'the command "{sentence}" is part of it'
    return ""


def syllables(word: str) -> int:
    """By its spelling: groups of vowels, without an e that is not spoken."""
    spoken = re.sub(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$", "", word)
    return max(1, len(re.findall(r"[aeiouy]+", spoken)))
