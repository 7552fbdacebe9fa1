"""The child process that owns the microphone: sound in, one JSON object a line out.

Decides when the microphone is lost (it can't be opened, nothing comes, too little comes) and then
ends with a reason, since PortAudio's list of devices is frozen at start: only a new process sees
a microphone that was plugged in again. What the sound means is the ear's to decide.

In (a line each): first `{"model", "microphone", "commands": {context: {phrase: command}},
"context", "played"}`, later `{"context"}`, `{"saying": words}` and `{"chime"}`. Out:
`{"ready": seconds, "unknown": [words]}`, `{"found": true}`, `{"heard", "context", "confidence",
...}`, `{"unclear": text}`, `{"refused": text, "reason"}`, `{"lost": reason}`, `{"model": reason}`,
`{"perhaps": true}` when something may become a command while the assistant speaks, about once a
second `{"talking": true}` while people talk and `{"alive": share}` as long as sound comes at its
proper rate.
"""

import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, TypeAlias

from assistant.coach.effects import Context, Sound
from assistant.coach.events import Command
from assistant.errors import AssistantError
from assistant.hearing.accept import OWN_SOUND
from assistant.hearing.ear import Ear, Utterance
from assistant.hearing.gate import BLOCK_S
from assistant.played import Reader

RATE_HZ = 16000
"""What the models are made for; a microphone that refuses it is opened at its own rate."""
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
SPEECH_S = 0.3
"""After the wake phrase, anything shorter that is no command was a cough or a chair."""

Say = Callable[[dict[str, Any]], None]
Orders: TypeAlias = "queue.Queue[dict[str, Any] | None]"
"""What the parent sent; None: it will send no more."""


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
        self._stream, self.rate_hz = self._open(sounddevice, name)

    def _open(self, sounddevice: Any, name: str) -> tuple[Any, int]:
        try:
            device = sounddevice.query_devices(name or None, "input")
        except (sounddevice.PortAudioError, ValueError):
            what = f'no microphone named "{name}" was found' if name else "no microphone was found"
            raise Gone(what) from None
        failure = ""
        for rate_hz in dict.fromkeys((RATE_HZ, round(device["default_samplerate"]))):
            try:
                stream = sounddevice.RawInputStream(
                    samplerate=rate_hz,
                    blocksize=round(rate_hz * BLOCK_S),
                    device=name or None,
                    channels=1,
                    dtype="int16",
                    latency=LATENCY_S,
                    callback=self._copy,
                )
                stream.start()
                return stream, rate_hz
            except sounddevice.PortAudioError as error:
                failure = str(error.args[0]) if error.args else str(error)
        raise Gone(f'the microphone "{device["name"]}" can\'t be opened ({failure})')

    def _copy(self, data: Any, frames: int, times: Any, status: Any) -> None:
        try:
            self.blocks.put_nowait(bytes(data))
        except queue.Full:
            self.dropped += 1


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


def report(utterance: Utterance) -> dict[str, Any]:
    """What the parent is told about an utterance."""
    if utterance.verdict.accepted:
        return {
            "heard": utterance.text,
            "context": utterance.context,
            "confidence": round(utterance.confidence, 3),
            "reason": utterance.verdict.reason,
            "end_s": round(utterance.end_s, 2),
            "decided_s": round(utterance.decided_s, 2),
        }
    long_enough = utterance.end_s - utterance.start_s >= SPEECH_S
    others = utterance.verdict.reason != OWN_SOUND
    unclear = utterance.context is Context.AWAKE and long_enough and others
    return {
        "unclear" if unclear else "refused": utterance.text,
        "context": utterance.context,
        "reason": utterance.verdict.reason,
    }


def listen(settings: dict[str, Any], orders: Orders, say: Say) -> None:
    """Hear until `orders` ends (None). Raises Gone and AssistantError."""
    microphone = Microphone(settings["microphone"])
    began = time.monotonic()
    ear = Ear(settings["model"], read_commands(settings["commands"]), microphone.rate_hz)
    ear.listen(Context(settings["context"]))
    say({"ready": round(time.monotonic() - began, 3), "unknown": ear.unknown_words})
    reader = open_reader(settings.get("played", ""))
    pulse, found = Pulse(microphone.rate_hz, time.monotonic()), False
    while True:
        try:
            block = microphone.blocks.get(timeout=0.1)
        except queue.Empty:
            block = b""
        if not follow(orders, ear, say):
            return
        if block:
            pulse.block(len(block) // 2, time.monotonic())
            if not found:
                say({"found": True})
                found = True
            played = reader.take(time.monotonic(), BLOCK_S) if reader else b""
            if reader and played and not reader.steady:
                ear.unsettle()
            tell(ear.hear(block, played, reader.rate_hz if reader else 0), say)
            if ear.talking:
                say({"talking": True})
            if ear.perhaps:
                say({"perhaps": True})
        share = pulse.check(time.monotonic())
        if share is not None and share >= LEAST_SHARE:
            say({"alive": round(share, 2)})


def follow(orders: Orders, ear: Ear, say: Say) -> bool:
    """Carry out the orders that wait; False when there will be no more."""
    while True:
        try:
            order = orders.get_nowait()
        except queue.Empty:
            return True
        if order is None:
            return False
        if "chime" in order:
            ear.chimed(Sound(order["chime"]))
            continue
        if "saying" in order:
            ear.saying |= set(order["saying"].split())
            continue
        tell(ear.listen(Context(order["context"])), say)


def open_reader(path: str) -> Reader | None:
    """What the loudspeaker plays, where the parent says that it can be read."""
    try:
        return Reader(path)
    except (OSError, ValueError):
        return None


def tell(utterances: list[Utterance], say: Say) -> None:
    for utterance in utterances:
        say(report(utterance))


def read_commands(content: dict[str, dict[str, str]]) -> dict[Context, dict[str, Command]]:
    return {
        Context(context): {phrase: Command(name) for phrase, name in phrases.items()}
        for context, phrases in content.items()
    }


def read_orders(orders: Orders) -> None:
    """Standard input, line by line; its end is the end."""
    for line in sys.stdin:
        orders.put(json.loads(line))
    orders.put(None)


def hush_libraries() -> None:
    """ALSA and PortAudio write to standard error; that is the parent's screen."""
    python_errors = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stderr = os.fdopen(python_errors, "w", buffering=1)


def main() -> int:
    def say(message: dict[str, Any]) -> None:
        print(json.dumps(message), flush=True)

    hush_libraries()
    orders: Orders = queue.Queue()
    threading.Thread(target=read_orders, args=(orders,), daemon=True).start()
    settings = orders.get()
    while settings is not None and "model" not in settings:  # sent before the settings: in them
        settings = orders.get()
    if settings is None:
        return 0
    try:
        listen(settings, orders, say)
    except Gone as reason:
        say({"lost": str(reason)})
        return 1
    except AssistantError as error:
        say({"model": str(error)})
        return 1
    except BrokenPipeError:
        return 1
    return 0


if __name__ == "__main__":
    # Not sys.exit: a stuck sound driver must not hold up the end of this process.
    code = main()
    os._exit(code)
