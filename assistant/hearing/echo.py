"""What of the sound in the microphone is our own voice: taken out, and what remains of it known.

Decides how loud our own voice may still be in a block after the loudspeaker's sound was
subtracted from it, learnt from this very microphone and room; a word that is not clearly louder
is no person's. It recognises nothing. The one file that knows libspeexdsp, a library of the
system (Debian: libspeexdsp1) that PulseAudio and ALSA's plug-ins bring along; without it nothing
is subtracted, and all else works the same.
"""

import ctypes
import math
import weakref
from collections import deque
from collections.abc import Sequence
from functools import cache
from typing import Any

from assistant.hearing.level_gate import BLOCK_S, EVERY
from assistant.sound.pcm import level_db

TAIL_S = 0.4
"""From a sample's being taken by the loudspeaker's device to the end of its echo."""
STAYS_S = 0.5
"""So long after our own sound, what is heard may be its echo."""
AUDIBLE_DB = -60.0
"""Played more quietly than this is silence."""
FIRST_DB = -6.0
"""What remains, relative to what is played, before anything is known."""
LOUDER_DB, QUIETER_DB = 2.0, 0.25
"""Steps of learning: nine blocks of ten are then no louder than what is expected."""
FAR_DB = 6.0
"""After a disturbance it goes down quickly, as long as what remains lies so far below."""
MOST_DB = 6.0
"""Learnt at a time at most: it may have been somebody who talked."""
LEAST_DB = -60.0
_LIBRARY = "libspeexdsp.so.1"
_SET_RATE = 24  # SPEEX_ECHO_SET_SAMPLING_RATE
_QUALITY = 3  # of resampling, 0 to 10


def available() -> bool:
    """Whether our own voice can be taken out of what the microphone hears."""
    return _load() is not None


class Echo:
    """One microphone and one loudspeaker; `hear` is asked once for each block, in order."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._canceller: _Canceller | None = None
        self._played: deque[float] = deque(maxlen=round(STAYS_S / BLOCK_S))
        self._remains_db = FIRST_DB
        self._room_db = FIRST_DB
        """How loud our own sound comes back with nothing taken out, relative to what is played."""
        self._raw_db = -math.inf
        self._unsettled = False

    @property
    def sounding(self) -> bool:
        """Our own sound, or its echo, is in the air."""
        return max(self._played, default=-math.inf) > AUDIBLE_DB

    @property
    def expected_db(self) -> float:
        """How loud our own sound may be in the last block; minus infinity without any."""
        return max(self._played) + self._remains_db if self.sounding else -math.inf

    def unsettle(self) -> None:
        """What is played lies elsewhere in time than before: for a moment nothing may be taken out,
        but the room is the same."""
        self._remains_db = max(self._remains_db, self._room_db)
        self._unsettled = True

    def hear(self, block: bytes, played: bytes, played_rate_hz: int) -> bytes:
        """The block without what was `played` meanwhile (empty: nothing)."""
        self._played.append(level_db(played, EVERY) if played else -math.inf)
        if not self.sounding:
            return block
        self._raw_db = level_db(block, EVERY)
        if self._canceller is None and (library := _load()) is not None:
            self._canceller = _Canceller(library, self._rate_hz)
        if self._canceller is None:
            return block
        return self._canceller.take_out(block, played, played_rate_hz)

    def learn_room(self, above_db: float) -> None:
        """The last block was probably ours alone: learn how loud it came back. If that was loud,
        and little remained of it, what was disturbed is settled again."""
        if not self.sounding:
            return
        raw_above = self._raw_db - max(self._played) - self._room_db
        if self._unsettled and raw_above > -FAR_DB and above_db < -FAR_DB:
            self._remains_db = max(LEAST_DB, self._remains_db - LOUDER_DB)
        step = LOUDER_DB if raw_above > 0 else -QUIETER_DB
        self._room_db = min(FIRST_DB, max(LEAST_DB, self._room_db + step))

    def learn(self, above_db: Sequence[float]) -> None:
        """These blocks were probably ours alone: by how much each was louder than expected
        (infinite where nothing of ours sounded)."""
        before_db = self._remains_db
        for above in filter(math.isfinite, above_db):
            self._unsettled &= above <= 0
            step = LOUDER_DB if above > 0 else -QUIETER_DB
            self._remains_db = max(LEAST_DB, self._remains_db + step)
        self._remains_db = min(self._remains_db, before_db + MOST_DB)


class _Canceller:
    """An adaptive filter of libspeexdsp's between what is played and what is heard."""

    def __init__(self, library: Any, rate_hz: int) -> None:
        self._library, self._rate_hz = library, rate_hz
        self._frame = round(rate_hz * BLOCK_S / 2)
        state = library.speex_echo_state_init(self._frame, round(TAIL_S * rate_hz))
        self._state = ctypes.c_void_p(state)
        weakref.finalize(self, library.speex_echo_state_destroy, self._state)
        rate = ctypes.c_int(rate_hz)
        library.speex_echo_ctl(self._state, _SET_RATE, ctypes.byref(rate))
        self._out = ctypes.create_string_buffer(2 * self._frame)
        self._resampler: ctypes.c_void_p | None = None
        self._resampled_hz = 0
        self._waiting = b""

    def take_out(self, block: bytes, played: bytes, played_rate_hz: int) -> bytes:
        if played:
            self._waiting += self._resample(played, played_rate_hz)
        size, cleaned = 2 * self._frame, b""
        for start in range(0, len(block) - size + 1, size):
            said, self._waiting = self._waiting[:size], self._waiting[size:]
            self._library.speex_echo_cancellation(
                self._state, block[start : start + size], said.ljust(size, b"\0"), self._out
            )
            cleaned += self._out.raw
        self._waiting = self._waiting[-size:]  # rounding, never a whole block
        return cleaned + block[len(cleaned) :]

    def _resample(self, played: bytes, rate_hz: int) -> bytes:
        if rate_hz == self._rate_hz:
            return played
        if rate_hz != self._resampled_hz:
            error = ctypes.c_int()
            self._resampler = ctypes.c_void_p(
                self._library.speex_resampler_init(
                    1, rate_hz, self._rate_hz, _QUALITY, ctypes.byref(error)
                )
            )
            weakref.finalize(self, self._library.speex_resampler_destroy, self._resampler)
            self._resampled_hz = rate_hz
        count = ctypes.c_uint32(len(played) // 2)
        room = ctypes.c_uint32(len(played) * self._rate_hz // rate_hz // 2 + 16)
        out = ctypes.create_string_buffer(2 * room.value)
        self._library.speex_resampler_process_int(
            self._resampler, 0, played, ctypes.byref(count), out, ctypes.byref(room)
        )
        return out.raw[: 2 * room.value]


@cache
def _load() -> Any:
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError:
        return None
    library.speex_echo_state_init.restype = ctypes.c_void_p
    library.speex_resampler_init.restype = ctypes.c_void_p
    return library
