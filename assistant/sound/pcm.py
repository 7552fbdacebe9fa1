"""Mono 16 bit samples: how loud they are, and the constant offset that they lie on.

Decides nothing about what is too loud or too quiet; that is `hearing.microphone_level`'s. The one
level meter of the house: the gate, the judge of a microphone and the doctor all ask here.
"""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

FULL_SCALE = 32768
"""A sample is at least minus this, and at most one less."""
NEARLY_FULL = 32700
"""A sample that may have been cut; real sound touches it rarely."""
SILENCE_DB = -100.0
"""What digital silence is shown as."""
OFFSET_S = 2.0
"""How fast an offset is followed: slower than the lowest voice, faster than a board warms up."""
LEAST_OFFSET = 32
"""A tenth of a per cent of full scale; less disturbs nothing, and sound is left as it came."""


@dataclass(frozen=True, slots=True)
class Level:
    """Of a stretch of sound; decibels are under full scale."""

    rms_db: float
    peak_db: float
    clipped: float
    """The share of samples at the limit."""


def level(block: bytes) -> Level:
    """Of mono int16 samples, without a constant offset."""
    samples = array("h", block).tolist()  # each look at an array makes its numbers anew
    if not samples:
        return Level(SILENCE_DB, SILENCE_DB, 0.0)
    peak = max(max(samples), -min(samples))
    clipped = 0
    if peak >= NEARLY_FULL:
        clipped = sum(sample >= NEARLY_FULL or sample <= -NEARLY_FULL for sample in samples)
    peak_db = 20 * math.log10(peak / FULL_SCALE) if peak else SILENCE_DB
    return Level(max(SILENCE_DB, level_db(samples)), peak_db, clipped / len(samples))


def level_db(samples: bytes | Sequence[int], every: int = 1) -> float:
    """Root mean square of int16 samples in dB under full scale, without a constant offset.

    Of one in `every` of them: a level needs no more than a quarter. Minus infinity for none,
    about -120 for digital silence.
    """
    chosen = (array("h", samples) if isinstance(samples, bytes) else samples)[::every]
    if not chosen:
        return -math.inf
    mean = sum(chosen) / len(chosen)
    power = math.hypot(*chosen) ** 2 / len(chosen) - mean * mean
    return 10 * math.log10(max(power, 1e-3) / FULL_SCALE**2)


class Offset:
    """Takes a constant offset out of one stream, as I2S microphones have it (some per cent)."""

    def __init__(self, block_s: float) -> None:
        self._share = min(1.0, block_s / OFFSET_S)
        self._offset: float | None = None

    def without(self, block: bytes) -> bytes:
        """The next block of the stream; as it came where the offset is none to speak of. What was
        cut at a limit stays at the limit, so that it is still seen."""
        samples = array("h", block)
        if not samples:
            return block
        mean = sum(samples) / len(samples)
        if self._offset is None:
            self._offset = mean
        self._offset += (mean - self._offset) * self._share
        offset = round(self._offset)
        if abs(offset) < LEAST_OFFSET:
            return block
        if (
            max(samples) < NEARLY_FULL + min(offset, 0)
            and min(samples) > max(offset, 0) - NEARLY_FULL
        ):
            return array("h", [sample - offset for sample in samples]).tobytes()
        return array("h", [_moved(sample, offset) for sample in samples]).tobytes()


def louder(block: bytes, gain_db: float) -> bytes:
    """Mono int16 samples, so much louder; what would be beyond the limit is at the limit."""
    if not gain_db:
        return block
    factor = 10 ** (gain_db / 20)
    most = FULL_SCALE - 1
    samples = array("h", block)
    if samples and factor * max(max(samples), -min(samples)) < most:
        return array("h", [int(sample * factor) for sample in samples]).tobytes()
    loud = [max(-FULL_SCALE, min(most, int(sample * factor))) for sample in samples]
    return array("h", loud).tobytes()


def _moved(sample: int, offset: int) -> int:
    if abs(sample) >= NEARLY_FULL:
        return sample
    return max(-FULL_SCALE, min(FULL_SCALE - 1, sample - offset))
