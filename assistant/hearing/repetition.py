"""One word that was asked for, out of the sound of a microphone.

Decides where it begins and ends, by loudness alone, and when it is too short or too long to be one.
What was said is not looked at, and nothing is kept but what is handed on.
"""

from collections import deque

from assistant.hearing.level_gate import BLOCK_S, Gate

BEFORE_S = 0.3
"""Kept from before it got loud: words begin more softly than they go on."""
QUIET_S = 0.5
"""So much quiet ends it."""
LEAST_S = 0.1
"""What is loud for less was a click."""
MOST_S = 3.0
"""What goes on for longer was no single phrase."""


class Cutter:
    """Cuts words out of a stream of blocks; one for each microphone."""

    def __init__(self) -> None:
        self._gate = Gate()
        self._before: deque[bytes] = deque(maxlen=round(BEFORE_S / BLOCK_S))
        self._said: list[bytes] = []
        self._loud = self._quiet = 0

    def take(self, block: bytes) -> tuple[bytes, ...] | None:
        """The next block (mono int16, BLOCK_S); the blocks of a word that ended with it."""
        loud = self._gate.loud(block)
        if not self._said:
            self._before.append(block)
            if loud:
                self._said, self._loud, self._quiet = [*self._before], 1, 0
                self._before.clear()
            return None
        self._said.append(block)
        self._loud += loud
        self._quiet = 0 if loud else self._quiet + 1
        if self._quiet * BLOCK_S < QUIET_S and len(self._said) * BLOCK_S < MOST_S:
            return None
        said, self._said = tuple(self._said), []
        whole = self._quiet * BLOCK_S >= QUIET_S and self._loud * BLOCK_S >= LEAST_S
        return said if whole else None

    def forget(self) -> None:
        """What was being said was for somebody else."""
        self._said = []
        self._before.clear()
