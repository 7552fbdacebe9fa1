"""Text to samples with pyttsx3 and espeak-ng: the only file that imports pyttsx3.

Decides how a sentence becomes 16 bit PCM of one channel, how its silences are trimmed, and which
rendered sentences are kept. Does not decide what is rendered when, nor play anything. One job at
a time, on one thread: espeak-ng has one voice per process.
"""

import os
import re
import threading
import time
import wave
from array import array
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

RATE_HZ = 22050
RATES_WPM = (80, 300)
"""Slower than this espeak-ng drawls, faster it can't be followed."""
DEFAULT_VOICE = "gmw/en-us"
CHUNK_S = 20.0
"""How long one chunk of text may take; it takes some 20 ms on a PC, 100 ms on a Pi."""

ATTEMPTS = 3

_CHUNK_CHARACTERS = 400  # pyttsx3 takes time with the square of the length
_LEAD_S = 0.025  # HDMI sinks swallow the start of a sound
_TAIL_S = 0.1
_MARGIN_S = 0.02  # an "h" or "f" begins below the threshold
_QUIET = 200  # below a two-hundredth of the peak nothing is heard
_SILENT_PEAK = 8


class VoiceError(Exception):
    """There is no voice, or no such voice; the message says why and what to do."""


class CutOff(VoiceError):
    """The engine broke off for no reason of ours."""


class UnknownVoice(VoiceError):
    """The engine works, and has no voice of this name."""


class Renderer:
    """A voice. Raises `VoiceError` when it can't be had."""

    def __init__(self, voice: str) -> None:
        try:
            import pyttsx3
        except ImportError as error:
            raise VoiceError("pyttsx3 is not installed (pip install pyttsx3)") from error
        try:
            self._engine: Any = pyttsx3.init("espeak")
            from pyttsx3.drivers import _espeak

            self._at_work = _espeak.IsPlaying
        except Exception as error:  # the library raises whatever went wrong inside
            raise VoiceError(
                "espeak-ng is not installed or does not start (sudo apt install espeak-ng)"
            ) from error
        self._finished = threading.Event()
        self._failures: list[VoiceError] = []
        self._engine.connect("finished-utterance", self._on_finished)
        self._engine.connect("error", self._on_error)
        self._memory = os.memfd_create("sentence")  # a file that no memory card ever sees
        self._choose(voice)

    def render(self, text: str, rate_wpm: int, volume: float) -> bytes:
        """The sentence, from its first sound to its last; empty when it has no sound. At volume 0
        it is as long as ever, and silent: a routine keeps its pace."""
        samples = array("h")
        for chunk in chunks(text):
            self._set("rate", max(RATES_WPM[0], min(RATES_WPM[1], rate_wpm)))
            self._set("volume", min(1.0, volume) if volume > 0 else 1.0)
            samples.frombytes(self._run(chunk))
        pcm = trim(samples)
        return pcm if volume > 0 else bytes(len(pcm))

    def _choose(self, voice: str) -> None:
        known = [str(one.id) for one in self._engine.getProperty("voices")]
        if voice.lower() not in known:
            english = [name for name in known if "/en" in name and not name.startswith("mb/")]
            some = ", ".join(english[:6])
            raise UnknownVoice(f'there is no voice "{voice}"; there are for example {some}')
        try:
            self._run("a")  # the first run is what applies the engine's own defaults
            self._set("voice", voice.lower())
            self._run("a")
        except VoiceError as error:
            raise UnknownVoice(f'the voice "{voice}" is listed but can not speak') from error

    def _set(self, name: str, value: str | float) -> None:
        self._engine.setProperty(name, value)
        self._settle()

    def _settle(self) -> None:
        """Wait until espeak-ng's own thread is idle. It takes settings one by one, and
        `runAndWait` cancels whatever it finds going on, settings too; and after an utterance that
        thread still touches pyttsx3's queue of jobs."""
        limit = time.monotonic() + CHUNK_S
        while self._at_work():
            if time.monotonic() > limit:
                raise VoiceError("espeak-ng does not come to an end")
            time.sleep(0.0005)

    def _run(self, text: str) -> bytes:
        """Speak one chunk into memory; on a busy machine the engine may break off, seldom."""
        for _ in range(ATTEMPTS - 1):
            with suppress(CutOff):
                return self._run_once(text)
        return self._run_once(text)

    def _run_once(self, text: str) -> bytes:
        """`runAndWait` returns at any time from at once to the end of the utterance: only the
        utterance's own end tells that the file is complete.
        """
        os.ftruncate(self._memory, 0)
        self._failures.clear()
        self._finished.clear()
        self._engine.save_to_file(text, f"/proc/self/fd/{self._memory}")
        self._engine.runAndWait()
        if not self._finished.wait(CHUNK_S):
            raise VoiceError("espeak-ng does not answer")
        self._settle()
        if self._failures:
            raise self._failures[0]
        try:
            with wave.open(f"/proc/self/fd/{self._memory}", "rb") as file:
                frames = file.getnframes()
                pcm = file.readframes(frames)
        except (wave.Error, EOFError, OSError) as error:
            raise VoiceError(f"espeak-ng left no sound ({error})") from error
        if len(pcm) != 2 * frames:
            raise VoiceError("espeak-ng left an incomplete sound")
        return pcm

    def _on_finished(self, name: str | None, completed: bool) -> None:
        if not completed:
            self._failures.append(CutOff("espeak-ng broke off while speaking"))
        self._finished.set()

    def _on_error(self, name: str | None, exception: Exception) -> None:
        self._failures.append(VoiceError(f"espeak-ng did not speak ({exception})"))


def chunks(text: str) -> Iterator[str]:
    """The text in sentences, several together while they are short; nothing that is no character
    of a language's, so nothing at all for an empty text."""
    plain = text.encode("utf-8", "ignore").decode()
    plain = " ".join("".join(one if one.isprintable() else " " for one in plain).split())
    gathered = ""
    for sentence in re.split(r"(?<=[.!?;:])\s", plain):
        for piece in _pieces(sentence):
            if gathered and len(gathered) + len(piece) > _CHUNK_CHARACTERS:
                yield gathered
                gathered = ""
            gathered = f"{gathered} {piece}".strip()
    if gathered:
        yield gathered


def _pieces(sentence: str) -> Iterator[str]:
    while len(sentence) > _CHUNK_CHARACTERS:
        end = sentence.rfind(" ", 1, _CHUNK_CHARACTERS)
        end = end if end > 0 else _CHUNK_CHARACTERS
        yield sentence[:end]
        sentence = sentence[end:].lstrip()
    yield sentence


def trim(samples: "array[int]") -> bytes:
    """Without espeak-ng's silences, so that a count comes on time; a short lead and tail stay."""
    peak = max(max(samples, default=0), -min(samples, default=0))
    if peak < _SILENT_PEAK:
        return b""
    loud = max(_SILENT_PEAK, peak // _QUIET)
    first = next(i for i, value in enumerate(samples) if abs(value) >= loud)
    last = len(samples) - next(i for i, value in enumerate(reversed(samples)) if abs(value) >= loud)
    margin = round(_MARGIN_S * RATE_HZ)
    kept = samples[max(0, first - margin) : last + margin]
    before, after = bytes(2 * round(_LEAD_S * RATE_HZ)), bytes(2 * round(_TAIL_S * RATE_HZ))
    return before + kept.tobytes() + after


def resample(pcm: bytes, rate_hz: int) -> bytes:
    """From `RATE_HZ` to a device's own rate, in straight lines: speech bears it."""
    if rate_hz == RATE_HZ:
        return pcm
    samples = array("h", pcm)
    samples.append(0)
    step = RATE_HZ / rate_hz
    resampled = array("h")
    for place in range(int((len(samples) - 1) / step)):
        whole = int(place * step)
        part = place * step - whole
        resampled.append(round(samples[whole] * (1 - part) + samples[whole + 1] * part))
    return resampled.tobytes()


Key = tuple[str, int, float]
"""What makes a rendered sentence the same: text, words a minute, volume."""


class Cache:
    """Rendered sentences, the least recently used forgotten first."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._bytes = 0

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def get(self, key: Key) -> bytes | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: Key, pcm: bytes) -> None:
        """Keep it, the newest whatever its size."""
        self._bytes += len(pcm) - len(self._kept.pop(key, b""))
        self._kept[key] = pcm
        while self._bytes > self._limit and len(self._kept) > 1:
            _, forgotten = self._kept.popitem(last=False)
            self._bytes -= len(forgotten)
