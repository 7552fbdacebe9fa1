"""Speech of people who don't exist: several synthetic voices into sound files.

It decides which voices there are and what a sentence of theirs sounds like; where it is played
is the test's business. Nothing measured with these voices says how well people are understood.
"""

import hashlib
import shutil
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.room import RATE_HZ, Samples, read, trim

_PEAK = 0.4
_MARGIN_S = 0.3
"""Nobody answers sooner than that."""


@dataclass(frozen=True)
class Voice:
    """Who speaks: a program of this machine and the voice's name there."""

    program: str
    name: str
    speed: int = 150
    """Words a minute (espeak-ng only)."""

    def __str__(self) -> str:
        return f"{self.program}:{self.name}@{self.speed}"


VOICES = (
    Voice("espeak-ng", "en-us"),
    Voice("espeak-ng", "en-gb+f3", 140),
    Voice("flite", "slt"),
    Voice("flite", "rms"),
    Voice("espeak-ng", "en-us+f2", 160),
    Voice("espeak-ng", "en-gb-x-rp+m3", 145),
    Voice("espeak-ng", "en-us+m7", 130),
    Voice("flite", "awb"),
    Voice("flite", "kal16"),
)
"""Different in timbre, accent and speed; a test that needs few takes the first ones."""


def voices() -> list[Voice]:
    """Those that this machine has."""
    return [voice for voice in VOICES if shutil.which(voice.program) is not None]


class Speaker:
    """Render sentences into a folder; each sentence of a voice is rendered once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def say(self, voice: Voice, *breaths: str, pause_s: float = 0.8) -> Path:
        """A WAV of one sentence, or of several with a breath between them."""
        name = hashlib.sha256(repr((voice, breaths, pause_s)).encode()).hexdigest()[:16]
        path = self._folder / f"{name}.wav"
        with self._lock:
            if not path.exists():
                parts = [self._breath(voice, text) for text in breaths]
                soundfile.write(path, _joined(parts, pause_s), RATE_HZ, subtype="PCM_16")
        return path

    def _breath(self, voice: Voice, text: str) -> Samples:
        raw = self._folder / "one breath.wav"
        subprocess.run(_command(voice, text, raw), check=True, capture_output=True)
        return trim(read(raw))


def _command(voice: Voice, text: str, path: Path) -> list[str]:
    if voice.program == "flite":
        return ["flite", "-voice", voice.name, "-t", text, "-o", str(path)]
    return ["espeak-ng", "-v", voice.name, "-s", str(voice.speed), "-w", str(path), text]


def _joined(parts: Sequence[Samples], pause_s: float) -> Samples:
    margin = np.zeros(round(_MARGIN_S * RATE_HZ), np.float32)
    gap = np.zeros(round(pause_s * RATE_HZ), np.float32)
    pieces = [margin]
    for part in parts:
        pieces += [part * np.float32(_PEAK / np.abs(part).max()), gap]
    return np.concatenate([*pieces[:-1], margin])


@pytest.fixture(scope="session")
def speaker(tmp_path_factory: pytest.TempPathFactory) -> Speaker:
    """Rendered sentences, kept for the whole run."""
    return Speaker(tmp_path_factory.mktemp("speech"))
