"""The one level meter, and the constant offset that is taken out of a microphone's sound."""

import math
import random
from array import array

import pytest

from assistant.sound.pcm import FULL_SCALE, SILENCE_DB, Level, Offset, level, level_db

RATE_HZ = 16000
BLOCK = 800
SILENT = Level(SILENCE_DB, SILENCE_DB, 0.0)


def tone(size: float, offset: float = 0.0, count: int = BLOCK) -> "array[int]":
    wave = (offset + size * math.sin(i / 3) for i in range(count))
    return array("h", (round(max(-32768, min(32767, value))) for value in wave))


@pytest.mark.parametrize("level_wanted", [-80.0, -60.0, -40.0, -12.0])
@pytest.mark.parametrize("every", [1, 4])
def test_level_is_in_decibels_under_full_scale(level_wanted: float, every: int) -> None:
    samples = tone(FULL_SCALE * 10 ** (level_wanted / 20) * 2**0.5, count=8000)
    assert level_db(samples, every) == pytest.approx(level_wanted, abs=0.6)
    assert level_db(samples.tobytes(), every) == level_db(samples, every)


def test_a_constant_offset_is_no_sound() -> None:
    """A cheap microphone's direct current is not loud."""
    for offset in (9000, -32768):
        assert level_db(array("h", [offset] * BLOCK)) < -110
    assert level_db(b"") == -math.inf


def test_a_level_is_that_of_the_sound_without_its_offset() -> None:
    plain, shifted = level(tone(1000).tobytes()), level(tone(1000, 5000).tobytes())
    assert plain.rms_db == pytest.approx(20 * math.log10(1000 / math.sqrt(2) / 32768), abs=0.1)
    assert shifted.rms_db == pytest.approx(plain.rms_db, abs=0.1)
    assert level(bytes(1600)) == level(b"") == SILENT
    assert level(tone(30000).tobytes()).clipped == 0
    assert level(tone(60000).tobytes()).clipped > 0.4
    assert level(array("h", [-32768] * 9).tobytes()).clipped == 1


def stream(offset: int, size: float, seconds: float = 3.0) -> list[bytes]:
    """A hum of 100 Hz over hiss, on an offset."""
    chance = random.Random(1)
    samples = array("h")
    for i in range(round(seconds * RATE_HZ)):
        value = offset + size * math.sin(2 * math.pi * 100 * i / RATE_HZ) + chance.gauss(0, 20)
        samples.append(round(max(-32768, min(32767, value))))
    return [samples[i : i + BLOCK].tobytes() for i in range(0, len(samples), BLOCK)]


@pytest.mark.parametrize("offset", [1600, -1600, 2000, -9000])
@pytest.mark.parametrize("size", [0.0, 3000.0])
def test_an_offset_is_taken_out_from_the_first_block_on_and_nothing_else(
    offset: int, size: float
) -> None:
    out = Offset(BLOCK / RATE_HZ)
    for shifted, plain in zip(stream(offset, size), stream(0, size), strict=True):
        got, wanted = array("h", out.without(shifted)), array("h", plain)
        off_by = [a - b for a, b in zip(got, wanted, strict=True)]
        assert max(off_by) - min(off_by) == 0, "one number is taken off a whole block"
        assert abs(off_by[0]) < 40 + size / 50


def test_sound_without_an_offset_comes_through_bit_by_bit() -> None:
    out = Offset(BLOCK / RATE_HZ)
    blocks = stream(8, 9000.0)
    assert [out.without(block) for block in blocks] == blocks
    assert out.without(b"") == b""


def test_an_offset_that_drifts_is_followed() -> None:
    out = Offset(BLOCK / RATE_HZ)
    for offset in range(1000, 3000, 10):
        last = array("h", out.without(array("h", [offset] * BLOCK).tobytes()))
    assert abs(last[0]) < 450, "ten a block: twice as fast in two seconds"


def test_what_was_cut_at_a_limit_is_still_seen_at_the_limit() -> None:
    """And what lies near it doesn't come out with the other sign."""
    out = Offset(BLOCK / RATE_HZ)
    out.without(array("h", [2000] * BLOCK).tobytes())
    loud = array("h", [-32768, -32000, 32767] * 100)
    got = array("h", out.without(loud.tobytes()))
    assert (got[0], got[1], got[2]) == (-32768, -32768, 32767)
    assert level(got.tobytes()).clipped == 1
