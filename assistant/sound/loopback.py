"""What the loudspeaker plays, shared between two processes: the voice writes, the ear reads.

Decides how the sound and its time lie in a piece of shared memory: a ring of samples, how many
were ever written, and when the first one was taken by the device. It plays nothing and hears
nothing; neither side waits for the other or fails without it.
"""

import mmap
import os
import struct
import time
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RING = 1 << 18
"""Samples that are kept: five seconds at 48 kHz."""
JUMP_S = 0.05
JUMP_BLOCKS = 40
"""So far off for so many blocks, the place is found anew: a block was lost, or clocks differ."""
_HEAD = struct.Struct("<QQddI")
"""The run, samples written in it, when its first and its last were taken (monotonic seconds),
samples a second."""
RESTS_S = 0.3
"""A device that took nothing for so long doesn't run."""
_CHECK = struct.Struct("<I")
_RING_AT = 64
WRITER_BLOCKS = 250
READER_BLOCKS = 100
"""Five seconds on either side, to tell when a device's sound began."""


@contextmanager
def shared() -> Iterator[str]:
    """A path for both processes while this block runs; it leaves nothing behind."""
    descriptor = os.memfd_create("played")
    try:
        os.truncate(descriptor, _RING_AT + 2 * RING)
        yield f"/proc/{os.getpid()}/fd/{descriptor}"
    finally:
        os.close(descriptor)


def _open(path: str) -> mmap.mmap:
    """Raises OSError or ValueError."""
    with Path(path).open("r+b") as file:
        return mmap.mmap(file.fileno(), _RING_AT + 2 * RING)


class _Earliest:
    """A block can be handed over late, never early: the earliest of the last tells the time."""

    def __init__(self, count: int) -> None:
        self._seen: deque[float] = deque(maxlen=count)

    def of(self, seen: float) -> float:
        self._seen.append(seen)
        return min(self._seen)

    def with_one(self, seen: float) -> float:
        """What `of` would tell."""
        return min(seen, *self._seen) if self._seen else seen


class Writer:
    """The side of the voice: `add` what the device takes, in order."""

    def __init__(self, path: str, rate_hz: int) -> None:
        """Raises OSError or ValueError."""
        self._memory = _open(path)
        self._rate_hz = rate_hz
        self._run = time.monotonic_ns()
        self._written = 0
        self._began = _Earliest(WRITER_BLOCKS)

    def begin(self) -> None:
        """The device was started: its time is counted anew."""
        self._run = time.monotonic_ns()
        self._written = 0
        self._began = _Earliest(WRITER_BLOCKS)

    def add(self, pcm: bytes, now: float) -> None:
        """`pcm` (16 bit, one channel) was taken at `now`, monotonic seconds."""
        began = self._began.of(now - self._written / self._rate_hz)
        first = 2 * self._written % (2 * RING)
        split = min(len(pcm), 2 * RING - first)
        self._memory[_RING_AT + first : _RING_AT + first + split] = pcm[:split]
        self._memory[_RING_AT : _RING_AT + len(pcm) - split] = pcm[split:]
        self._written += len(pcm) // 2
        head = _HEAD.pack(self._run, self._written, began, now, self._rate_hz)
        self._memory[: _HEAD.size + 4] = head + _CHECK.pack(zlib.crc32(head))


class Reader:
    """The side of the ear: `take`s what was played while a block of the microphone came."""

    def __init__(self, path: str) -> None:
        """Raises OSError or ValueError."""
        self._memory = _open(path)
        self._head = (0, 0, 0.0, 0.0, 0)
        self._heard_s = 0.0
        self._began = _Earliest(READER_BLOCKS)
        self._place = 0.0
        self._off = JUMP_BLOCKS
        self.rate_hz = 0
        """Of what was taken last."""
        self.steady = False
        """What was taken last lies in time as what was taken before it."""

    def lacks(self, now: float, length_s: float) -> bool:
        """Whether the next `take` comes too early: a busy machine may hand the device its sound
        late, which sounds on time all the same."""
        run, written, began, at, rate_hz = self._read_head()
        if not run or now - at > RESTS_S:
            return False
        heard_s = self._heard_s + length_s
        until = self._began.with_one(now - heard_s) + heard_s
        return (until - began) * rate_hz > written

    def take(self, now: float, length_s: float) -> bytes:
        """What the device took while the microphone took a block so long, which came `now`
        (monotonic seconds): each time what follows, empty while the device doesn't run."""
        self._heard_s += length_s
        until = self._began.of(now - self._heard_s) + self._heard_s
        run, written, began, at, rate_hz = self._read_head()
        if not run or now - at > RESTS_S:
            self._off = JUMP_BLOCKS
            self.steady = False
            return b""
        length = length_s * rate_hz
        aim, latest = (until - began) * rate_hz - length, written - length
        self.steady = aim <= latest  # else the device stood still meanwhile
        off = abs(min(aim, latest) - self._place)
        self._off = self._off + 1 if off > JUMP_S * rate_hz else 0
        if self._off > JUMP_BLOCKS or off > rate_hz:
            self._place, self.steady, self._off = min(aim, latest), False, 0
        self.rate_hz = rate_hz
        first, self._place = int(self._place), self._place + length  # half samples add up
        last = int(self._place)
        count = last - first
        known = [i % RING for i in (max(first, 0), min(last, written))]
        pcm = bytes(2 * max(0, -first)) + self._between(*known)
        return (pcm + bytes(2 * count))[: 2 * count]

    def _read_head(self) -> tuple[int, int, float, float, int]:
        raw = self._memory[: _HEAD.size + 4]
        if _CHECK.pack(zlib.crc32(raw[: _HEAD.size])) == raw[_HEAD.size :]:
            self._head = _HEAD.unpack(raw[: _HEAD.size])  # else it was being written
        return self._head

    def _between(self, first: int, last: int) -> bytes:
        if first > last:
            return self._between(first, RING) + self._between(0, last)
        return self._memory[_RING_AT + 2 * first : _RING_AT + 2 * last]
