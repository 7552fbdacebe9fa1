"""The microphone itself: opened by name, and whether its sound comes as it should.

Decides which device is opened, at which rate and with how many channels, and when it counts as
gone. What arrives is counted where it arrives, in the driver's callback: how long somebody takes
to make sense of it says nothing about the microphone. The one file of this room that knows
sounddevice, and only when a microphone is opened. What the sound means is not looked at.
"""

import os
import queue
import threading
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import product
from typing import Any

from assistant.hearing.ear_protocol import MIXED
from assistant.hearing.level_gate import BLOCK_S
from assistant.sound.devices import (
    Device,
    NoDevice,
    NoLibrary,
    listed,
    microphones,
    portaudio,
    several,
)
from assistant.sound.pcm import Offset, louder
from assistant.sound.sound_server import SoundServer

RATE_HZ = 16000
"""What the models are made for; a microphone that refuses it is opened at its own rate."""
NATIVE_HZ = (48000, 44100)
"""What is left to try: some devices name a rate that they then refuse."""
CAPTURE_LATENCY_S = 0.1
"""Asked of the sound system: little enough to answer at once, enough for a busy Pi."""
WAITING_BLOCKS = 100
"""Five seconds of sound may wait while a busy machine catches up; then the oldest is dropped."""
MOST_CHANNELS = 16
"""An array has no more; "default" claims 32 or 64 and means none of them."""
SILENT_S = 2.0
"""No sound at all for this long: the microphone is gone."""
LOOK_AGAIN_S = 1.0
"""Between two looks for a microphone, while there is none."""
BEAT_S = 1.0
LEAST_SHARE = 0.8
"""Sound that comes slower than this share of its rate doesn't count as coming."""
SLOW_BEATS = 3
CLOSE_S = 1.0
"""A driver that takes longer to let a device go will not come back."""
SETTLE_S = 0.5
"""So long the sound server may take to connect a new recording."""
MONITOR = "only what the loudspeaker plays comes from it, so no microphone is plugged in"


class Gone(Exception):
    """The microphone can't be used; the message is the reason, in plain words."""


class Microphone:
    """The sounddevice stream: its callback only copies and counts."""

    def __init__(
        self, names: str | Sequence[str] = (), channel: int = MIXED, gain_db: float = 0.0
    ) -> None:
        """`names`, or parts of them, as the system lists them, best first; none for whatever suits
        best. `channel` (from 0) of a microphone that has several. `gain_db` is added to its level.
        Raises Gone."""
        self.blocks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        """Mono int16, BLOCK_S each, without a constant offset, made louder."""
        self.arrived = 0
        """Samples that came, whether somebody took them or not."""
        self.arrived_at = time.monotonic()
        """When the last ones came, monotonic seconds."""
        self.dropped = 0
        """Blocks that nobody took in time."""
        self._channel, self._gain_db = channel, gain_db
        self._channels = 1
        self._offset = Offset(BLOCK_S)
        self._server = SoundServer()
        try:
            sounddevice = portaudio()
        except NoLibrary as reason:
            raise Gone(str(reason)) from None
        try:
            choice = microphones(several(names), listed(sounddevice))
        except NoDevice as reason:
            raise Gone(str(reason)) from None
        except (sounddevice.PortAudioError, ValueError):
            raise Gone("no microphone was found") from None
        self.also = choice.also
        self._stream, self.rate_hz, self.name = self._open_first(sounddevice, choice.devices)

    def close(self) -> bool:
        """Let the device go; False when the driver hangs, and the process is to be ended."""
        return finished(self._stream.close, CLOSE_S)

    @property
    def active(self) -> bool:
        """False once the stream has ended by itself. A driver may also go without saying so."""
        return bool(self._stream.active)

    def check_source(self) -> None:
        """Raises Gone when a sound server has put a monitor in the microphone's place."""
        recordings = self._server.recordings(os.getpid()) or []
        if any(one.monitor for one in recordings):
            raise Gone(MONITOR)

    def _open_first(self, sounddevice: Any, devices: Sequence[Device]) -> tuple[Any, int, str]:
        failure = Gone("no microphone was found")
        for place, device in enumerate(devices):
            try:
                return self._open(sounddevice, device)
            except Gone as reason:
                failure = failure if place else reason  # the best one's is worth telling
        raise failure

    def _open(self, sounddevice: Any, device: Device) -> tuple[Any, int, str]:
        failure = ""
        rates_hz = dict.fromkeys((RATE_HZ, device.rate_hz, *NATIVE_HZ))
        for count, rate_hz in product(self._counts(device), rates_hz):
            try:
                stream = self._start(sounddevice, device, count, rate_hz)
            except sounddevice.PortAudioError as error:
                failure = str(error.args[0]) if error.args else str(error)
                continue
            try:
                self._wait_for_source()
            except Gone:
                finished(stream.close, CLOSE_S)
                raise
            return stream, rate_hz, device.name
        raise Gone(f'the microphone "{device.name}" can\'t be opened ({failure})')

    def _counts(self, device: Device) -> Iterator[int]:
        """With how many channels to try it."""
        if self._channel == MIXED:
            yield from (count for count in (1, 2) if count <= device.inputs)
            if 2 < device.inputs <= MOST_CHANNELS:
                yield device.inputs
        elif self._channel < device.inputs:
            if device.inputs <= MOST_CHANNELS:
                yield device.inputs  # an array's channels are told apart only all together
            yield self._channel + 1
        else:
            raise Gone(
                f'the microphone "{device.name}" has {device.inputs} channels, counted from 0: '
                f"there is no channel {self._channel}"
            )

    def _start(self, sounddevice: Any, device: Device, count: int, rate_hz: int) -> Any:
        """Raises PortAudioError, and leaves nothing open then."""
        self._channels = count
        stream = sounddevice.RawInputStream(
            samplerate=rate_hz,
            blocksize=round(rate_hz * BLOCK_S),
            device=device.index,
            channels=count,
            dtype="int16",
            latency=CAPTURE_LATENCY_S,
            callback=self._take,
        )
        try:
            stream.start()
        except sounddevice.PortAudioError:
            finished(stream.close, CLOSE_S)
            raise
        return stream

    def _wait_for_source(self) -> None:
        """Until the sound server, where the recording goes through one, has connected it."""
        limit = time.monotonic() + SETTLE_S
        while True:
            recordings = self._server.recordings(os.getpid())
            if recordings is None:
                return
            if any(one.monitor for one in recordings):
                raise Gone(MONITOR)
            if any(one.source for one in recordings) or time.monotonic() > limit:
                return
            time.sleep(0.02)

    def _take(self, data: Any, frames: int, times: Any, status: Any) -> None:
        self.arrived += frames
        self.arrived_at = time.monotonic()
        block = self._offset.without(mono(bytes(data), self._channels, self._channel))
        block = louder(block, self._gain_db)
        if self.blocks.qsize() >= WAITING_BLOCKS:
            with suppress(queue.Empty):
                self.blocks.get_nowait()
                self.dropped += 1
        self.blocks.put(block)


def mono(block: bytes, channels: int, channel: int) -> bytes:
    """One channel of several; MIXED is the mean of left and right, and of more than two the first:
    among an array's there may be what the loudspeaker plays."""
    if channels == 1:
        return block
    samples = array("h", block)
    if channel == MIXED and channels == 2:
        pairs = zip(samples[::2], samples[1::2], strict=True)
        return array("h", [(left + right) >> 1 for left, right in pairs]).tobytes()
    return samples[max(channel, 0) :: channels].tobytes()


def finished(call: Callable[[], object], within_s: float) -> bool:
    """Whether a call into the driver came back in time; one that hangs is left to itself."""
    done = threading.Event()

    def run() -> None:
        with suppress(Exception):  # a device that is gone can't be closed any better
            call()
        done.set()

    threading.Thread(target=run, name="driver", daemon=True).start()
    return done.wait(within_s)


class Arrival:
    """Whether sound arrives, and at its proper rate; `now` is monotonic seconds."""

    def __init__(self, rate_hz: int, now: float) -> None:
        self._rate_hz = rate_hz
        self._checked = self._beat = self._since = now
        self._before = 0
        self._slow = 0

    def check(self, arrived: int, arrived_at: float, now: float) -> float | None:
        """The share of the proper rate once a second, None in between. Raises Gone.

        `arrived`: samples since the beginning, the last of them at `arrived_at`. Whoever asks late
        may have stood still, and the driver with it: then silence counts from now."""
        if now - self._checked > SILENT_S / 2:
            self._since = now
        self._checked = now
        if now - max(self._since, arrived_at) > SILENT_S:
            raise Gone("no sound comes from the microphone any more")
        if now - self._beat < BEAT_S:
            return None
        share = (arrived - self._before) / (self._rate_hz * (now - self._beat))
        self._before, self._beat = arrived, now
        self._slow = self._slow + 1 if share < LEAST_SHARE else 0
        if self._slow >= SLOW_BEATS:
            raise Gone(f"the microphone sends only {share:.0%} of the sound it should")
        return share
