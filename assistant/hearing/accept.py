"""Is what the recogniser wrote down really a command?

Decides from the words and how sure the recogniser is of the least sure of them. A command is
taken only if all that was said is exactly one phrase. What is asked for in need (stop, pause,
"that hurts") is taken readily, what starts something strictly; `models/README.md` says how the
limits were measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.coach.events import Command

UNKNOWN = "[unk]"
OWN_SOUND = "a chime of our own"
"""The reason given for what was heard while one sounded."""
READILY = 0.4
USUALLY = 0.6
STRICTLY = 0.7
LEAST_CONFIDENCE = {
    Command.STOP: READILY,
    Command.HURTS: READILY,
    Command.PAUSE: READILY,
    Command.START: STRICTLY,
    Command.WAKE: STRICTLY,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, and why, in words for a person who looks into it."""

    command: Command | None
    """What the words mean, whether it was accepted or not."""
    accepted: bool
    reason: str


def accept(text: str, confidence: float, phrases: Mapping[str, Command]) -> Verdict:
    """Judge one utterance; `phrases` are those of the situation, each with its command."""
    if not text:
        return Verdict(None, False, "no words")
    command = phrases.get(text)
    if command is None:
        unknown = UNKNOWN in text.split()
        return Verdict(None, False, "other words" if unknown else "no whole command")
    least = LEAST_CONFIDENCE.get(command, USUALLY)
    if confidence < least:
        return Verdict(command, False, f"not sure enough ({confidence:.2f}, needs {least:.2f})")
    return Verdict(command, True, "a whole command")
