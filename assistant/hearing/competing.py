"""What is listened for beside the phrases of a situation, to be heard as itself and refused.

Decides which words stand beside the commands, how often each of them is listed, and what is never
listened for beside them. A recogniser that is given nothing but commands hears commands: "sixty
five more seconds" would be written as "five more seconds", "don't go on" as "go on". What is
listed here is no command anywhere (`accept` refuses it), and is left out where it is one.

Of what it is given vosk keeps which word follows which, so a pair needs to be listed once: after
"hey coach don't start", all that follows "start" may follow too.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from assistant.coach.ear_and_voice import Command, Context

DECOYS = ("on", "off", "up", "down", "left", "right")
"""What people say to other machines, in one word, so that "down" isn't taken for the "no" that it
sounds like. More of them cost more than they give: with fifty, "stop" was heard as "door"."""
LIKE_STOP = ("up", "down")
"""What a "stop" over our own voice is heard as; no decoys while it speaks, nor is there a "no"."""
NEGATED = ("not", "no")
"""Before a word that is a command: "not done" is never "done". Without these among the phrases the
word before is written as nothing. "don't" stands before the first word of every phrase."""
I_AM = ("i'm", "i am")
"""After these "not" stands in the midst: "i'm not ready"."""
EVEN_SO = frozenset({Command.STOP, Command.PAUSE, Command.HURTS})
"""What is done at once even then: a silence too many harms nobody."""
OFTEN = {"go": 24, "no": 12, "stop": 6, "yes": 6} | dict.fromkeys(
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 16
)
"""So many times these stand among the phrases of a situation, where others stand once: what is said
most, and is so short that in noise little else speaks for it."""
WAKE_SHARE = 0.9
"""And so many times the wake phrase, to an idle assistant, which takes nothing without it: as a
share of all else that is listed then, for each sentence that may follow it in one breath makes the
phrase alone less likely. At a fixed 800 and twice as many sentences, 12 of 17 recordings of one
were heard instead of 16."""
SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBERS = (
    *SMALL,
    *(f"{ten} {one}".strip() for ten in TENS for one in ("", *SMALL[1:10])),
    *("hundred", "a hundred", "one hundred"),
)
"""To a hundred, as they are said."""
FEWEST = 3
"""Where fewer numbers may come it is no number: "skip this one"."""
_LAST_NUMBER = re.compile(
    rf"\b(?:(?:{'|'.join(TENS)})(?: (?:{'|'.join(SMALL[1:10])}))?|{'|'.join(SMALL)})\b"
    rf"(?!.*\b(?:{'|'.join((*SMALL, *TENS))})\b)"
)
"""In "until two fifteen" it is the fifteen."""


def beside(
    context: Context, phrases: Mapping[str, Command], knows: Callable[[str], bool]
) -> list[str]:
    """What stands beside these phrases, as often as it is listed; `knows`: a word of the model."""
    speaking = context is Context.SPEAKING
    decoys = [word for word in DECOYS if not (speaking and word in LIKE_STOP)]
    others = decoys
    if context is not Context.IDLE:  # "view glass" was written as "zero glass" beside all numbers
        others = [*decoys, *_negations(phrases), *_numbers(phrases)]
    return [text for text in others if text not in phrases and all(map(knows, text.split()))]


def _negations(phrases: Mapping[str, Command]) -> Iterator[str]:
    """What isn't a command because of the word before it, or in its midst."""
    listed: set[str] = set()
    wakes = sorted((p for p, c in phrases.items() if c is Command.WAKE), key=len, reverse=True)
    for phrase, command in phrases.items():
        if command in EVEN_SO or command is Command.WAKE:
            continue
        wake = next((f"{one} " for one in wakes if phrase.startswith(f"{one} ")), "")
        rest = phrase.removeprefix(wake)
        made = [f"{wake}don't {rest.split()[0]}"]
        if " " not in rest and not wake:
            made += [f"{word} {rest}" for word in NEGATED for _ in range(OFTEN.get(rest, 1))]
        made += [
            f"{wake}{person} not {rest.removeprefix(f'{person} ')}"
            for person in I_AM
            if rest.startswith(f"{person} ")
        ]
        yield from (text for text in made if text not in listed)
        listed.update(made)


def _numbers(phrases: Mapping[str, Command]) -> Iterator[str]:
    """Every number to a hundred wherever a number may come, so that those which may not are heard
    as themselves; only what makes a pair of words that isn't there yet."""
    frames: dict[tuple[str, str], set[str]] = {}
    for phrase in phrases:
        if found := _LAST_NUMBER.search(phrase):
            frame = phrase[: found.start()], phrase[found.end() :]
            frames.setdefault(frame, set()).add(found[0])
    known = {pair for phrase in phrases for pair in _pairs(phrase)}
    done: set[tuple[str, ...]] = set()
    for (before, after), listed in frames.items():
        beside_it = *before.split()[-1:], "", *after.split()[:1]
        if len(listed) < FEWEST or beside_it in done:
            continue
        done.add(beside_it)
        for number in NUMBERS:
            text = f"{before}{number}{after}"
            if not known.issuperset(_pairs(text)):
                known.update(_pairs(text))
                yield text


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Each word with the one after it, the beginning and the end too."""
    return pairwise(["", *text.split(), ""])
