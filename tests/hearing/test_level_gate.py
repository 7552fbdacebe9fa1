"""The gate opens for what stands out of the room, and sleeps through what doesn't."""

from __future__ import annotations

from array import array
from math import pi, sin

import pytest

from assistant.hearing.level_gate import BLOCK_S, MEMORY_S, QUIETEST_DB, Gate
from tests.hearing.voices import hiss

RATE_HZ = 16000
BLOCK = round(RATE_HZ * BLOCK_S)


def blocks(samples: array[int]) -> list[bytes]:
    return [samples[i : i + BLOCK].tobytes() for i in range(0, len(samples), BLOCK)]


def open_share(gate: Gate, samples: array[int]) -> float:
    verdicts = [gate.loud(block) for block in blocks(samples)]
    return sum(verdicts) / len(verdicts)


def tone(seconds: float, level_db: float, hz: float = 440.0) -> array[int]:
    size = 32768 * 10 ** (level_db / 20) * 2**0.5
    count = round(seconds * RATE_HZ)
    return array("h", (round(size * sin(2 * pi * hz * i / RATE_HZ)) for i in range(count)))


@pytest.mark.parametrize("level", [-90.0, -66.0, -50.0, -30.0])
def test_steady_noise_is_slept_through_once_it_is_known(level: float) -> None:
    gate = Gate()
    open_share(gate, hiss(round(RATE_HZ * MEMORY_S), level))
    assert open_share(gate, hiss(RATE_HZ * 10, level, seed=2)) == 0.0


@pytest.mark.parametrize("floor", [-80.0, -50.0, -35.0])
def test_what_is_ten_decibels_over_the_noise_opens_it(floor: float) -> None:
    gate = Gate()
    open_share(gate, hiss(round(RATE_HZ * MEMORY_S), floor))
    assert open_share(gate, tone(0.5, max(floor + 10, QUIETEST_DB + 3))) == 1.0


def test_sound_in_the_first_moment_opens_it() -> None:
    """Somebody who speaks right at the start is heard: nothing is known of the room yet."""
    assert Gate().loud(tone(BLOCK_S, -30.0).tobytes())


def test_a_fan_that_starts_is_the_new_floor_after_a_while() -> None:
    gate = Gate()
    open_share(gate, hiss(round(RATE_HZ * MEMORY_S), -75.0))
    fan = hiss(round(RATE_HZ * MEMORY_S), -45.0, seed=3)
    assert open_share(gate, fan) > 0.9
    assert open_share(gate, fan) == 0.0
