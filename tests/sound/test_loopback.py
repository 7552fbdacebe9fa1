"""What the loudspeaker plays reaches the ear of another process: the samples and their time."""

import multiprocessing
from array import array
from itertools import count

import pytest

from assistant.sound.loopback import RING, Reader, Writer, shared

RATE_HZ = 22050
BLOCK = 441
HEARD_S = 0.05


def ramp(first: int, length: int = BLOCK) -> bytes:
    return array("h", (i % 30000 for i in range(first, first + length))).tobytes()


def play(writer: Writer, began: float, until: float, late_s: float = 0.0) -> None:
    """Blocks as a device takes them from `began` on; each a little late."""
    for place in count(0, BLOCK):
        taken_at = began + place / RATE_HZ
        if taken_at > until:
            return
        writer.add(ramp(place), taken_at + late_s * (place % 3))


def hear(path: str, since: float, until: float) -> list[bytes]:
    """Everything from `since` to `until`, by somebody who begins to listen then."""
    reader = Reader(path)
    blocks = round((until - since) / HEARD_S)
    return [reader.take(since + i * HEARD_S, HEARD_S) for i in range(blocks)]


def test_what_is_taken_is_what_the_device_took_meanwhile_without_gaps() -> None:
    with shared() as path:
        writer, reader = Writer(path, RATE_HZ), Reader(path)
        writer.begin()
        play(writer, began=100.0, until=110.0, late_s=0.001)
        heard = b"".join(reader.take(101.0 + i * HEARD_S, HEARD_S) for i in range(100))
        samples = array("h", heard)
        first = samples[0]
        assert first == pytest.approx((1.0 - HEARD_S) * RATE_HZ, abs=RATE_HZ * 0.002)
        assert heard == ramp(first, len(samples))
        assert len(samples) == pytest.approx(5.0 * RATE_HZ, abs=110)


def test_blocks_of_the_microphone_that_come_late_change_nothing() -> None:
    with shared() as path:
        writer, reader = Writer(path, RATE_HZ), Reader(path)
        writer.begin()
        play(writer, began=100.0, until=110.0)
        late_s = (0.0, 0.0, 0.2, 0.15, 0.1, 0.05, 0.0, 0.03)
        heard = b"".join(
            reader.take(101.0 + i * HEARD_S + late_s[i % 8], HEARD_S) for i in range(80)
        )
        assert heard == ramp(array("h", heard)[0], len(heard) // 2)


def test_while_the_device_rests_nothing_was_played_and_then_its_time_begins_anew() -> None:
    with shared() as path:
        writer = Writer(path, RATE_HZ)
        assert not any(hear(path, 99.0, 99.9))
        writer.begin()
        play(writer, began=100.0, until=101.0)
        assert all(hear(path, 100.2, 100.9))
        assert not any(hear(path, 101.5, 102.5))
        writer.begin()
        play(writer, began=103.0, until=104.0)
        again = array("h", hear(path, 103.5, 103.6)[0])
        assert again[0] == pytest.approx((0.5 - HEARD_S) * RATE_HZ, abs=10)


def test_the_ring_holds_the_last_seconds_however_long_it_plays() -> None:
    with shared() as path:
        writer, reader = Writer(path, RATE_HZ), Reader(path)
        writer.begin()
        length_s = 2.5 * RING / RATE_HZ
        play(writer, began=100.0, until=100.0 + length_s)
        heard = reader.take(100.0 + length_s - 1.0, HEARD_S)
        first = array("h", heard)[0]
        assert heard == ramp(first, len(heard) // 2)


def write_elsewhere(path: str) -> None:
    writer = Writer(path, RATE_HZ)
    writer.begin()
    play(writer, began=100.0, until=101.0)


def test_another_process_writes_and_nothing_is_left_behind() -> None:
    with shared() as path:
        child = multiprocessing.get_context("spawn").Process(target=write_elsewhere, args=(path,))
        child.start()
        child.join()
        heard = Reader(path).take(100.5, HEARD_S)
        assert heard == ramp(array("h", heard)[0], len(heard) // 2)
    with pytest.raises(OSError, match=path):
        Reader(path)


def test_a_device_that_is_handed_its_sound_late_is_waited_for() -> None:
    """What sounds with the next block is asked for when it is there; one that rests is not."""
    with shared() as path:
        writer, reader = Writer(path, RATE_HZ), Reader(path)
        writer.begin()
        play(writer, began=100.0, until=105.0)
        for i in range(80):
            assert not reader.lacks(101.0 + i * HEARD_S, HEARD_S)
            reader.take(101.0 + i * HEARD_S, HEARD_S)
        assert not reader.lacks(105.0, HEARD_S)
        reader.take(105.0, HEARD_S)
        assert reader.lacks(105.05, HEARD_S)
        for place in range(5 * RATE_HZ, 5 * RATE_HZ + 3 * BLOCK, BLOCK):
            writer.add(ramp(place), 105.06)
        assert not reader.lacks(105.05, HEARD_S)
        assert not reader.lacks(106.0, HEARD_S)
