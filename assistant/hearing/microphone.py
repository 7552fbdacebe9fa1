"""The microphone itself: opened by name, and whether its sound comes as it should.

Decides at which rate and with how many channels it is opened, and when it counts as gone. The one
file of this room that knows sounddevice, and only when a microphone is opened. What the sound
means is not looked at.
"""

import os
import queue
from array import array
from itertools import product
from typing import Any

from assistant.hearing.gate import BLOCK_S
from assistant.sound.devices import pick

RATE_HZ = 16000
"""What the models are made for; a microphone that refuses it is opened at its own rate."""
NATIVE_HZ = (48000, 44100)
"""What is left to try: some devices name a rate that they then refuse."""
LATENCY_S = 0.1
"""Asked of the sound system: little enough to answer at once, enough for a busy Pi."""
WAITING_BLOCKS = 100
"""Five seconds of sound may wait while a busy machine catches up; more is dropped."""
SILENT_S = 2.0
"""No sound at all for this long: the microphone is gone."""
BEAT_S = 1.0
LEAST_SHARE = 0.8
"""Sound that comes slower than this share of its rate doesn't count as coming."""
SLOW_BEATS = 3


class Gone(Exception):
    """The microphone can't be used; the message is the reason, in plain words."""


class Microphone:
    """The sounddevice stream: its callback only copies."""

    def __init__(self, name: str) -> None:
        """`name` as the system lists it, or empty for the default. Raises Gone."""
        self.blocks: queue.Queue[bytes] = queue.Queue(WAITING_BLOCKS)
        self.dropped = 0
        os.environ.setdefault("PA_ALSA_PLUGHW", "1")
        try:
            import sounddevice
        except OSError:
            raise Gone("the library libportaudio2 is not installed") from None
        self._stream, self.rate_hz, self.name = self._open(sounddevice, name)

    def _open(self, sounddevice: Any, name: str) -> tuple[Any, int, str]:
        device = _find(sounddevice, name)
        failure = ""
        rates_hz = dict.fromkeys((RATE_HZ, round(device["default_samplerate"]), *NATIVE_HZ))
        channels = [count for count in (1, 2) if count <= device["max_input_channels"]]
        for count, rate_hz in product(channels, rates_hz):
            try:
                stream = sounddevice.RawInputStream(
                    samplerate=rate_hz,
                    blocksize=round(rate_hz * BLOCK_S),
                    device=device["index"] if name else None,
                    channels=count,
                    dtype="int16",
                    latency=LATENCY_S,
                    callback=self._copy if count == 1 else self._mix,
                )
                stream.start()
                return stream, rate_hz, str(device["name"])
            except sounddevice.PortAudioError as error:
                failure = str(error.args[0]) if error.args else str(error)
        raise Gone(f'the microphone "{device["name"]}" can\'t be opened ({failure})')

    def _copy(self, data: Any, frames: int, times: Any, status: Any) -> None:
        try:
            self.blocks.put_nowait(bytes(data))
        except queue.Full:
            self.dropped += 1

    def _mix(self, data: Any, frames: int, times: Any, status: Any) -> None:
        self._copy(mixed(bytes(data)), frames, times, status)


def _find(sounddevice: Any, name: str) -> Any:
    """What the library tells of the microphone with this name (empty: the default)."""
    try:
        if not name:
            return sounddevice.query_devices(None, "input")
        devices = [one for one in sounddevice.query_devices() if one["max_input_channels"] > 0]
    except (sounddevice.PortAudioError, ValueError):
        raise Gone("no microphone was found") from None
    place = pick(name, [device["name"] for device in devices])
    if place is None:
        raise Gone(f'no microphone named "{name}" was found')
    return devices[place]


def mixed(both: bytes) -> bytes:
    """Two channels as one: the mean of left and right."""
    samples = array("h", both)
    pairs = zip(samples[::2], samples[1::2], strict=True)
    return array("h", [(left + right) >> 1 for left, right in pairs]).tobytes()


def look_again() -> None:
    """PortAudio lists the devices once: make it forget them, so that a new one is seen."""
    import sounddevice

    sounddevice._terminate()
    sounddevice._initialize()


class Pulse:
    """Whether sound comes, and at its proper rate; `now` is monotonic seconds."""

    def __init__(self, rate_hz: int, now: float) -> None:
        self._rate_hz = rate_hz
        self._last = self._beat = now
        self._samples = 0
        self._slow = 0

    def block(self, samples: int, now: float) -> None:
        self._samples += samples
        self._last = now

    def check(self, now: float) -> float | None:
        """The share of the proper rate once a second, None in between. Raises Gone."""
        if now - self._last > SILENT_S:
            raise Gone("no sound comes from the microphone any more")
        if now - self._beat < BEAT_S:
            return None
        share = self._samples / (self._rate_hz * (now - self._beat))
        self._samples, self._beat = 0, now
        self._slow = self._slow + 1 if share < LEAST_SHARE else 0
        if self._slow >= SLOW_BEATS:
            raise Gone(f"the microphone sends only {share:.0%} of the sound it should")
        return share
