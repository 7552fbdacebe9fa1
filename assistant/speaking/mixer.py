"""One stream of samples out of a sentence and any chimes over it, block by block.

Decides what each block holds, to the sample. Knows no device, thread or clock of its own: whoever
pulls the blocks says what time it is, so a test can pull them one by one.
"""

import threading
from array import array
from collections.abc import Callable
from dataclasses import dataclass

FADE_S = 0.005
"""A cut fades this long: shorter clicks, longer is heard as a word going on."""

DUCKED = 0.2
"""So much of its loudness a sentence keeps while somebody may be saying something."""
DUCK_S = 1.0


@dataclass(slots=True)
class _Chime:
    pcm: "array[int]"
    asked_at: float
    place: int = -1
    """The next sample to play; -1: not begun."""


class Mixer:
    """Plays one sentence at a time and mixes chimes over it.

    All methods are safe on any thread; PCM is 16 bit, one channel. `on_end(utterance, played_at)`
    is called from `pull` when a sentence's last sample was handed out, with the monotonic time at
    which it will have been heard.
    """

    def __init__(self, rate_hz: int, on_end: Callable[[int, float], None]) -> None:
        self.rate_hz = rate_hz
        self.latency_s = 0.0
        """From the pull of a block to its first sample being heard."""
        self.lead = 0
        """Silent samples before all else, after a start of the device; it counts itself down."""
        self._on_end = on_end
        self._lock = threading.Lock()
        self._utterance = 0
        self._speech = b""
        self._place = 0
        self._chimes: list[_Chime] = []
        self._tail = array("h")
        """What is left of what was cut: the next block begins with it."""
        self._ducked = 0
        """Samples for which a sentence is still to be quiet."""
        self._gain = 1.0

    @property
    def busy(self) -> bool:
        """Something is still to be pulled."""
        return bool(self._speech or self._chimes)

    def play(self, utterance: int, pcm: bytes) -> None:
        """Begin a sentence with the next block."""
        with self._lock:
            self._utterance, self._speech, self._place = utterance, pcm, 0

    def chime(self, pcm: bytes, asked_at: float) -> None:
        """Mix a chime in, one block after `asked_at` to the sample: always equally late."""
        with self._lock:
            self._chimes.append(_Chime(array("h", pcm), asked_at))

    def duck(self) -> None:
        """Let the sentence be quiet for DUCK_S from the next block on."""
        with self._lock:
            self._ducked = round(DUCK_S * self.rate_hz)

    def cut(self) -> None:
        """Forget everything; what sounds just now fades out in the next block."""
        with self._lock:
            if not self.busy:
                return
            frames = round(FADE_S * self.rate_hz)
            block = self._speech[self._place : self._place + 2 * frames].ljust(2 * frames, b"\0")
            self._chimes = [chime for chime in self._chimes if chime.place >= 0]  # was heard
            samples = array("h", self._with_chimes(self._with_gain(block, frames), 0.0))
            self._tail = array("h", (one * (frames - i) // frames for i, one in enumerate(samples)))
            self._speech, self._chimes = b"", []

    def pull(self, frames: int, now: float) -> bytes:
        """The next block, `frames` samples long; `now` is the monotonic time of the pull."""
        with self._lock:
            if self.lead > 0:
                self.lead -= frames
                return bytes(2 * frames)
            ended: int | None = None
            block = self._speech[self._place : self._place + 2 * frames]
            if self._speech:
                self._place += 2 * frames
                if self._place >= len(self._speech):
                    ended, self._speech = self._utterance, b""
            heard_at = now + self.latency_s + len(block) / 2 / self.rate_hz
            block += bytes(2 * frames - len(block))
            block = self._with_gain(block, frames)
            if self._chimes:
                block = self._with_chimes(block, now)
            if self._tail:
                samples, self._tail, tail = array("h", block), array("h"), self._tail
                _add(samples, 0, tail)
                block = samples.tobytes()
        if ended is not None:
            self._on_end(ended, heard_at)
        return block

    def _with_gain(self, block: bytes, frames: int) -> bytes:
        """The block as loud as it is to be, gliding there."""
        before, self._gain = self._gain, DUCKED if self._ducked > 0 else 1.0
        self._ducked = max(0, self._ducked - frames)
        if before == self._gain == 1.0:
            return block
        step = (self._gain - before) / frames
        samples = array("h", block)
        return array("h", [round(s * (before + step * i)) for i, s in enumerate(samples)]).tobytes()

    def _with_chimes(self, block: bytes, now: float) -> bytes:
        samples = array("h", block)
        frames = len(samples)
        for chime in self._chimes:
            first = 0
            if chime.place < 0:
                first = max(0, round((chime.asked_at - now) * self.rate_hz) + frames)
                if first >= frames:
                    continue
                chime.place = 0
            part = chime.pcm[chime.place : chime.place + frames - first]
            chime.place += len(part)
            _add(samples, first, part)
        self._chimes = [chime for chime in self._chimes if chime.place < len(chime.pcm)]
        return samples.tobytes()


def _add(samples: "array[int]", first: int, part: "array[int]") -> None:
    """Mix a part in from this place on; what is too loud is at the limit."""
    there = samples[first : first + len(part)]
    samples[first : first + len(part)] = array(
        "h",
        [max(-32768, min(32767, one + other)) for one, other in zip(there, part, strict=True)],
    )
