"""Is it loud enough now to be worth recognising?

Decides block by block whether there may be speech, by energy over the room's own noise, so that
the recogniser sleeps in silence and in steady noise. It doesn't tell speech from other sounds:
what it lets through is judged by the recogniser.
"""

import math
from collections import deque

from assistant.sound.pcm import level_db

BLOCK_S = 0.05
"""How much sound is judged at a time."""
OVER_FLOOR_DB = 7.0
"""Speech is louder than the quietest of the last seconds by this much."""
QUIETEST_DB = -66.0
"""Never open below this level (dB under full scale): a microphone's own hiss."""
MEMORY_S = 4.0
"""A new steady noise (a fan) is the new floor after this long; a sentence holds shorter pauses."""
EVERY = 4
"""Samples used: one in four is enough to measure a level, and costs a quarter."""


class Gate:
    """Remembers the floor; `loud` is asked once for each block, in order."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=round(MEMORY_S / BLOCK_S))
        self.level_db = -math.inf
        """Of the last block."""

    def loud(self, block: bytes) -> bool:
        """Whether this block (mono int16, BLOCK_S long) stands out of the last seconds."""
        self.level_db = level = level_db(block, EVERY)
        self._levels.append(level)
        full = len(self._levels) == self._levels.maxlen
        floor = min(self._levels) if full else QUIETEST_DB  # at first, rather listen too much
        return level > max(floor + OVER_FLOOR_DB, QUIETEST_DB)
