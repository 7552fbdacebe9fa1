"""The loudspeaker: the only file of the speaking room that imports sounddevice.

Decides which device plays, at which rate and latency, and when it runs. What it plays is the
mixer's business; what to do when it fails is its owner's.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from assistant.sound.devices import pick
from assistant.sound.loopback import Writer
from assistant.speaking.mixer import Mixer

BLOCK_S = 0.02
LATENCY_S = 0.06
"""Three blocks: what has been handed over can't be taken back, so this is the price of a cut; with
fewer blocks a Pi that is busy recognising speech drops out."""
STALLED_S = 2.0
"""A device that asks for no samples this long is gone, whatever the driver says."""
STUCK_S = 3.0
"""A driver that takes this long to open, start or stop a device will not come back."""


class LoudspeakerError(Exception):
    """There is no such loudspeaker, or it does not play; the message says why in plain words."""


class Output:
    """A stream to the named device (empty: the default), stopped until `start`.

    `on_stuck` is called on another thread when a call into the driver does not return.
    """

    def __init__(self, name: str, rate_hz: int, on_stuck: Callable[[], None]) -> None:
        self._on_stuck = on_stuck
        os.environ.setdefault("PA_ALSA_PLUGHW", "1")
        try:
            with self._watched():
                import sounddevice
        except (ImportError, OSError) as error:  # OSError: the library, not the package, lacks
            raise LoudspeakerError(
                "PortAudio is not installed (sudo apt install libportaudio2)"
            ) from error
        self._library: Any = sounddevice
        self._mixer: Mixer | None = None
        self._writer: Writer | None = None
        self._pulled_at = 0.0
        with self._watched():
            self._stream = self._open(name, rate_hz)
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
        self._pulled_at = time.monotonic()
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
        if not self.running:
            return
        if not self._stream.active:
            raise LoudspeakerError("it stopped playing")
        if time.monotonic() - self._pulled_at > STALLED_S:
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

    def _open(self, name: str, rate_hz: int) -> Any:
        try:
            device = self._find(name)
            try:
                return self._open_at(device, rate_hz)
            except self._library.PortAudioError:
                own = self._library.query_devices(device, "output")["default_samplerate"]
                return self._open_at(device, round(own))
        except (self._library.PortAudioError, ValueError) as error:
            raise LoudspeakerError(_plain(error)) from error

    def _find(self, name: str) -> int | None:
        devices = [one for one in self._library.query_devices() if one["max_output_channels"] > 0]
        if not devices:
            raise LoudspeakerError("there is no loudspeaker")
        if not name:
            return None
        place = pick(name, [device["name"] for device in devices])
        if place is not None:
            return int(devices[place]["index"])
        there = ", ".join(f'"{device["name"]}"' for device in devices[:6])
        raise LoudspeakerError(f'there is no loudspeaker "{name}"; there are {there}')

    def _open_at(self, device: int | None, rate_hz: int) -> Any:
        return self._library.RawOutputStream(
            samplerate=rate_hz,
            blocksize=round(BLOCK_S * rate_hz),
            device=device,
            channels=1,
            dtype="int16",
            latency=LATENCY_S,
            callback=self._pull,
        )

    def _pull(self, out: Any, frames: int, times: Any, status: Any) -> None:
        self._pulled_at = time.monotonic()
        assert self._mixer is not None
        block = self._mixer.pull(frames, self._pulled_at)
        out[:] = block
        if self._writer is not None:
            self._writer.add(block, self._pulled_at)


def _plain(error: Exception) -> str:
    text = str(error.args[0]) if error.args else "unknown reason"
    return f"it can't be opened ({text.rstrip('.')})"
