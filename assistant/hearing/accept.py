"""Is what the recogniser wrote down really a command?

Decides from the words, how sure the recogniser is of the least sure of them, how long they took,
while our own voice sounds how much louder they were than what may remain of it, and what a second
opinion makes of them, where there is one. A command is
taken only if all that was said is exactly one phrase. What is asked for in need (stop, pause,
"that hurts") is taken readily, what starts a session strictly; `models/README.md` says how the
limits were measured. All of them stand here.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from types import MappingProxyType

from assistant.coach.ear_and_voice import Command, Context
from assistant.hearing.competing import DECOYS

UNKNOWN = "[unk]"
OWN_SOUND = "a chime of our own"
"""The reason given for what was heard while one sounded."""
READILY = 0.4
EASILY = 0.5
USUALLY = 0.6
STRICTLY = 0.7
SURELY = 0.8
LEAST_CONFIDENCE = {
    Command.STOP: READILY,
    Command.HURTS: READILY,
    Command.PAUSE: READILY,
    Command.WAKE: EASILY,  # two words at least, which nothing that was recorded was taken for
    Command.START: STRICTLY,
    # Of ten voices one was heard at 0.77 in the midst of the opposite; said as it is, at 0.93.
    Command.FLOOR: SURELY,
}
USUALLY_IN = {Context.QUESTION: 0.7}
"""What isn't named above needs this in these situations: beside a question so few sentences are
listened for that noise is taken for one."""
ASKED_AGAIN = (Command.WAKE, Command.START)
"""What needs a second opinion, where there is one: it takes time, so nothing else does."""
ALIKE = 0.5
"""Of the letters of a phrase and of what a free recogniser writes for the same sound; it needn't
write the same ("a coach" for "hey coach"), but what is plainly another sentence is refused."""
LEAST_WORD_S = 0.12
"""No word is shorter: a click is."""
ABOVE_OWN_DB = 6.0
"""A person is this much louder, in the louder half of the words' time, than what may remain of our
own voice: with nothing taken out it was 4 dB at most in 632 utterances of its own, while the
"stop"s of people that the average of the whole word, with its silent p, had lost are 9 dB above or
more."""
ABOVE_OWN_EASILY_DB = {"ouch": 12.0}
"""So much louder where what remains of our own voice is easily taken for the word."""
ABOVE_OWN_WORDS_DB = 18.0
"""And this much where we are just saying the very words."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a text besides its words."""

    confidence: float
    """Of the least sure word, 0 to 1."""
    length_s: float = math.inf
    above_own_db: float = math.inf
    """How much louder than what may remain of our own voice (`over_own`); infinite while it is
    silent."""
    saying: frozenset[str] = frozenset()
    """The words of what we are saying now."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, and why, in words for a person who looks into it."""

    command: Command | None
    """What the words mean, whether it was accepted or not."""
    accepted: bool
    reason: str


Judge = Callable[[str, Evidence, Mapping[str, Command], Mapping[str, float], Context], Verdict]
"""Judges one utterance by its words, what else speaks for it, the phrases of the situation, the
confidence that some of them need at most, and the situation; see `accept`."""


def over_own(blocks_db: Sequence[float]) -> float:
    """How much louder than our own voice some blocks are, from how much each is: the mean of the
    louder half, since words have silent sounds in them. Infinite for none."""
    louder = sorted(blocks_db)[len(blocks_db) // 2 :]
    return sum(louder) / len(louder) if louder else math.inf


def accept(
    text: str,
    evidence: Evidence,
    phrases: Mapping[str, Command],
    at_most: Mapping[str, float] = MappingProxyType({}),
    context: Context = Context.SESSION,
) -> Verdict:
    """Judge one utterance; `phrases` are those of the situation, each with its command, `at_most`
    the confidence that is enough for some of them, since somebody taught them so."""
    if not text:
        return Verdict(None, False, "no words")
    command = phrases.get(text)
    words = text.split()
    if command is None:
        other = UNKNOWN in words or text in DECOYS
        return Verdict(None, False, "other words" if other else "no whole command")
    least = min(least_confidence(command, context), at_most.get(text, 1.0))
    against = _doubt(least, words, evidence)
    if against:
        return Verdict(command, False, against)
    over = evidence.above_own_db
    loud = f", {over:.0f} dB over its own voice" if math.isfinite(over) else ""
    return Verdict(command, True, f"a whole command{loud}")


def least_confidence(command: Command, context: Context) -> float:
    """What this command needs in this situation."""
    return LEAST_CONFIDENCE.get(command, USUALLY_IN.get(context, USUALLY))


def asks_again(verdict: Verdict) -> bool:
    """Whether a second opinion is worth its time: it would start something."""
    return verdict.accepted and verdict.command in ASKED_AGAIN


def reconsider(verdict: Verdict, text: str, freely: str) -> Verdict:
    """With what a recogniser wrote down that may write any English."""
    if SequenceMatcher(None, text, freely).ratio() >= ALIKE:
        return verdict
    return Verdict(verdict.command, False, f'other words (freely heard: "{freely}")')


def _doubt(least: float, words: list[str], evidence: Evidence) -> str:
    """Why these words are not to be taken for a command; empty for no reason."""
    if evidence.confidence < least:
        return f"not sure enough ({evidence.confidence:.2f}, needs {least:.2f})"
    if evidence.length_s < LEAST_WORD_S * len(words):
        return f"too short ({evidence.length_s:.2f} s)"
    above_db = evidence.above_own_db
    if above_db < ABOVE_OWN_WORDS_DB and _ours(words, evidence.saying):
        return f"its own words ({above_db:.0f} dB over its own voice)"
    if above_db < ABOVE_OWN_EASILY_DB.get(" ".join(words), ABOVE_OWN_DB):
        return f"no louder than its own voice ({above_db:.0f} dB over it)"
    return ""


def _ours(words: list[str], saying: frozenset[str]) -> bool:
    """Whether we are saying these words, or longer ones: "stopped" is heard as "stop"."""
    return all(any(ours.startswith(word) for ours in saying) for word in words)
