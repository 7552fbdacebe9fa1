"""A faint hiss under everything that is recognised.

Between the sounds of a synthesiser, or behind a microphone that suppresses noise, there is perfect
silence, which the acoustic model has hardly met: without the hiss it missed one in four sentences
of seven such voices, with it one in forty. Far below any room's own noise (-76 dB of full scale),
and the same each time, so that the same sound is always heard the same.
"""

import random
from array import array
from operator import add

LOUDEST = 8
"""Of 32768."""
_LENGTH = 9973
"""Samples before it begins anew; a prime, so blocks seldom meet the same piece."""
_FULL = 32767
_CHANCE = random.Random(1)  # noqa: S311 - the same hiss on every machine
_HISS = array("h", _CHANCE.choices(range(-LOUDEST, LOUDEST + 1), k=_LENGTH)) * 2


def over_hiss(block: bytes, number: int) -> bytes:
    """Mono int16 samples, at most half a second of them at 16 kHz; `number` counts the blocks."""
    samples = array("h", block)
    begin = number * len(samples) % _LENGTH
    hiss = _HISS[begin : begin + len(samples)]
    try:
        return array("h", map(add, samples, hiss)).tobytes()
    except OverflowError:  # as loud as can be
        return array(
            "h", (max(-_FULL, min(_FULL, s + h)) for s, h in zip(samples, hiss, strict=True))
        ).tobytes()
