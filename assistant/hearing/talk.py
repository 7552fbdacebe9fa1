"""Are people talking near the microphone?

Decides from the shape of the sound alone, block by block; nothing is kept and no word is
recognised. Speech stands out of the room for longer than a click or a cough, goes up and down in
loudness, has a pitch that comes and goes, and changes between hum and hiss. A fan, rain, a saw or
music lacks at least one of these; a crying baby lacks none. `models/README.md` has the figures.
"""

import math
from array import array
from collections import deque
from collections.abc import Collection
from functools import cached_property
from itertools import pairwise
from operator import xor

from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.likeness import likeness

WINDOW_S = 1.5
LEAST_LOUD_S = 0.6
LEAST_PITCHED_S = 0.3
LEAST_TURNS = 2
"""How often pitch must come or go in the window: a note that is held does neither."""
LEAST_SWING_DB = 4.0
"""Standard deviation of the loudness."""
LEAST_COLOUR = 0.05
"""Standard deviation of the share of samples at which the sign changes: hum has few, hiss many."""
EVERY_S = 1.0
"""How often it is said that people talk, at most."""

PITCH_RATE_HZ = 4000
PITCH_LAGS = range(10, 51)
"""400 to 80 Hz."""
PITCHED = 0.6
"""The least likeness of a sound to itself a period later."""


class Talk:
    """The last second and a half; `block` is asked once for each block, in order."""

    def __init__(self, rate_hz: int) -> None:
        self._step = max(1, rate_hz // PITCH_RATE_HZ)
        size = round(WINDOW_S / BLOCK_S)
        self._levels: deque[float] = deque(maxlen=size)
        self._loud: deque[_Loud | None] = deque(maxlen=size)
        self._since_s = EVERY_S

    def forget(self) -> None:
        """What was heard belongs to somebody else."""
        self._levels.clear()
        self._loud.clear()

    def block(self, block: bytes, level_db: float, loud: bool) -> bool:
        """Whether people talk; True at most once in EVERY_S."""
        self._since_s += BLOCK_S
        self._levels.append(level_db)
        self._loud.append(_Loud(block, self._step) if loud else None)
        if not loud or self._since_s < EVERY_S or not self._speech():
            return False
        self._since_s = 0.0
        return True

    def _speech(self) -> bool:
        """What costs least is asked first: in steady noise nothing else is."""
        loud = [block for block in self._loud if block is not None]
        if len(loud) * BLOCK_S < LEAST_LOUD_S or spread(self._levels) < LEAST_SWING_DB:
            return False
        if spread([block.colour for block in loud]) < LEAST_COLOUR:
            return False
        flags = [block is not None and block.pitched for block in self._loud]
        turns = sum(a is not b for a, b in pairwise(flags))
        return sum(flags) * BLOCK_S >= LEAST_PITCHED_S and turns >= LEAST_TURNS


class _Loud:
    """A loud block, looked into when it is first asked."""

    def __init__(self, block: bytes, step: int) -> None:
        self._block, self._step = block, step

    @cached_property
    def colour(self) -> float:
        return sign_changes(array("h", self._block))

    @cached_property
    def pitched(self) -> bool:
        return pitched(array("h", self._block)[:: self._step])


def spread(values: Collection[float]) -> float:
    """The standard deviation."""
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def sign_changes(samples: "array[int]") -> float:
    """The share of samples whose sign differs from that of the one before."""
    return sum(map((0).__gt__, map(xor, samples, samples[1:]))) / len(samples)


def pitched(samples: "array[int]") -> bool:
    """Whether samples at about PITCH_RATE_HZ repeat themselves with the period of a voice."""
    return any(like > PITCHED for like in likeness(samples, PITCH_LAGS))
