"""The loudspeaker: the only file of the speaking room that imports sounddevice.

Decides which device plays, at which rate and latency, and when it runs. What it plays is the
mixer's business; what to do when it fails is its owner's.
"""

import threading
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from typing import Any

from assistant.sound.devices import (
    Device,
    NoDevice,
    NoLibrary,
    listed,
    loudspeakers,
    portaudio,
    several,
)
from assistant.sound.loopback import Writer
from assistant.speaking.mixer import Mixer

BLOCK_S = 0.02
PLAYBACK_LATENCY_S = 0.06
"""Three blocks: what has been handed over can't be taken back, so this is the price of a cut; with
fewer blocks a Pi that is busy recognising speech drops out."""
NATIVE_HZ = (48000, 44100)
"""What is left to try: some devices name a rate that they then refuse."""
STALLED_S = 2.0
"""A device that asks for no samples this long is gone, whatever the driver says."""
FORGIVEN = 3
"""So often in a row a process that stood still itself tells nothing of the device: one that is late
at every look has run for a while by then, and was asked for nothing in it."""
STUCK_S = 3.0
"""A driver that takes this long to open, start or stop a device will not come back."""


class LoudspeakerError(Exception):
    """There is no such loudspeaker, or it does not play; the message says why in plain words."""


class Demand:
    """A device asks for samples over and over: whether it has ceased to. `now` is monotonic
    seconds; who looks does so once a second or more often."""

    def __init__(self) -> None:
        self._asked_at = self._looked_at = 0.0
        self._forgiven = 0

    def asked(self, now: float) -> None:
        """It did now, or is only about to be started."""
        self._asked_at, self._forgiven = now, 0

    def ceased(self, now: float) -> bool:
        """Not told of a process that stood still itself: no device could ask it for anything."""
        if now - self._looked_at > STALLED_S and self._forgiven < FORGIVEN:
            self._asked_at, self._forgiven = now, self._forgiven + 1
        self._looked_at = now
        return now - self._asked_at > STALLED_S


class Output:
    """A stream to the device that is meant, or suits best, stopped until `start`.

    `on_stuck` is called on another thread when a call into the driver does not return.
    """

    def __init__(
        self, names: str | Sequence[str], rate_hz: int, on_stuck: Callable[[], None]
    ) -> None:
        """`names`, or parts of them, best first; none for whatever suits best. `rate_hz` is the
        one to try first. Raises LoudspeakerError."""
        self._on_stuck = on_stuck
        self.name = ""
        self.also: tuple[str, ...] = ()
        """What else the name fits."""
        self._channels = 1
        try:
            with self._watched():
                self._library: Any = portaudio()
        except NoLibrary as reason:
            raise LoudspeakerError(str(reason)) from None
        self._mixer: Mixer | None = None
        self._writer: Writer | None = None
        self._demand = Demand()
        with self._watched():
            self._stream = self._open(several(names), rate_hz)
        self.rate_hz = round(self._stream.samplerate)

    def feed_from(self, mixer: Mixer, writer: Writer | None = None) -> None:
        """Play what the mixer holds, and let the writer know each block."""
        self._writer = writer
        mixer.latency_s = self._stream.latency
        self._mixer = mixer

    def start(self) -> None:
        """Run, if it doesn't already. The first sound is as late as in a running stream."""
        if self.running or self._mixer is None:
            self.check()
            return
        # The device takes its first blocks all at once: silence, so that a chime that starts the
        # stream comes exactly as late as one in a running stream, and a sink has time to wake.
        self._mixer.lead = round(self._stream.latency * self.rate_hz)
        self._demand.asked(time.monotonic())
        if self._writer is not None:
            self._writer.begin()
        try:
            with self._watched():
                self._stream.start()
        except self._library.PortAudioError as error:
            raise LoudspeakerError(_plain(error)) from error

    def stop(self) -> None:
        """Play nothing and cost nothing."""
        with self._watched():
            self._stream.abort()

    @property
    def running(self) -> bool:
        """It was started, and not stopped by us."""
        return not self._stream.stopped

    def check(self) -> None:
        """Raise `LoudspeakerError` when it should play and doesn't. A stream that ended by itself
        is not touched again: stopping it can hang."""
        ceased = self._demand.ceased(time.monotonic())
        if not self.running:
            return
        if not self._stream.active:
            raise LoudspeakerError("it stopped playing")
        if ceased:
            raise LoudspeakerError("it stopped taking sound")

    @contextmanager
    def _watched(self) -> Iterator[None]:
        watch = threading.Timer(STUCK_S, self._on_stuck)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _open(self, names: Sequence[str], rate_hz: int) -> Any:
        try:
            choice = loudspeakers(names, listed(self._library))
        except NoDevice as reason:
            raise LoudspeakerError(str(reason)) from None
        except (self._library.PortAudioError, ValueError) as error:
            raise LoudspeakerError(_plain(error)) from error
        self.also = choice.also
        failure: Exception | None = None
        for device in choice.devices:
            rates_hz = dict.fromkeys((rate_hz, device.rate_hz, *NATIVE_HZ))
            channels = [count for count in (1, 2) if count <= device.outputs]
            for count, tried_hz in product(channels, rates_hz):
                try:
                    stream = self._open_at(device, tried_hz, count)
                except (self._library.PortAudioError, ValueError) as error:
                    failure = failure or error  # the best one's is worth telling
                    continue
                self.name, self._channels = device.name, count
                return stream
        raise LoudspeakerError(_plain(failure or ValueError())) from failure

    def _open_at(self, device: Device, rate_hz: int, channels: int) -> Any:
        return self._library.RawOutputStream(
            samplerate=rate_hz,
            blocksize=round(BLOCK_S * rate_hz),
            device=device.index,
            channels=channels,
            dtype="int16",
            latency=PLAYBACK_LATENCY_S,
            callback=self._pull,
        )

    def _pull(self, out: Any, frames: int, times: Any, status: Any) -> None:
        now = time.monotonic()
        self._demand.asked(now)
        assert self._mixer is not None
        block = self._mixer.pull(frames, now)
        out[:] = block if self._channels == 1 else both(block)
        if self._writer is not None:
            self._writer.add(block, now)


def both(block: bytes) -> bytes:
    """The same sample left and right: screens and some cards know no single channel."""
    samples = array("h", bytes(2 * len(block)))
    samples[::2] = samples[1::2] = array("h", block)
    return samples.tobytes()


def _plain(error: Exception) -> str:
    text = str(error.args[0]) if error.args else "unknown reason"
    return f"it can't be opened ({text.rstrip('.')})"
