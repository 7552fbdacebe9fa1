"""Synthetic speech for the tests of hearing: real synthesisers, rendered to WAV files.

A voice is "espeak:<voice id>" or "flite:<voice>". Silence around a sentence holds a faint hiss, as
from any microphone; `hiss_db` is its level under full scale.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import wave
from array import array
from functools import cache
from math import exp, pi, sin
from pathlib import Path

ESPEAK = ("espeak:en-us+f5", "espeak:en-gb+m7", "espeak:en-us+linda", "espeak:en-us")
FLITE = ("flite:rms", "flite:awb")
HARD = ("flite:slt", "flite:kal", "espeak:en-gb-scotland+robert", "espeak:en-us+Andy")
"""Voices that the acoustic part does worse on; only measured."""


def lacking(voice: str) -> str:
    """The program that is missing for this voice; empty if it is there."""
    program = "espeak-ng" if voice.startswith("espeak") else "flite"
    return "" if shutil.which(program) else program


def render(voice: str, text: str, path: Path) -> Path:
    """The sentence in this voice, as the synthesiser writes it."""
    engine, name = voice.split(":")
    if engine == "espeak":
        command = ["espeak-ng", "-v", name, "-s", "155", "-w", str(path), text]
    else:
        command = ["flite", "-voice", name, "-t", text, "-o", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


def speech(voice: str, text: str, folder: Path) -> tuple[int, array[int]]:
    """Rate and samples of a sentence without the silence around it, at -10 dB of full scale."""
    rate_hz, samples = load(render(voice, text, folder / "raw.wav"))
    loudest = max(map(abs, samples))
    heard = [i for i, sample in enumerate(samples) if abs(sample) > loudest / 100]
    scale = 0.3 * 32767 / loudest
    return rate_hz, array("h", (round(s * scale) for s in samples[heard[0] : heard[-1] + 1]))


@cache
def hiss(count: int, level_db: float, seed: int = 1) -> array[int]:
    """Steady noise; the same each time, so don't change what you get."""
    chance, size = random.Random(seed), 32768 * 10 ** (level_db / 20)
    return array("h", (round(chance.gauss(0, size)) for _ in range(count)))


def quiet(rate_hz: int, seconds: float, hiss_db: float = -72.0) -> array[int]:
    return hiss(round(rate_hz * seconds), hiss_db)


def sentence(
    voice: str,
    text: str,
    folder: Path,
    *,
    before_s: float = 0.7,
    after_s: float = 1.3,
    hiss_db: float = -72.0,
) -> tuple[int, array[int], float]:
    """Rate, samples, and when the last word ends, in seconds."""
    rate_hz, said = speech(voice, text, folder)
    before, after = quiet(rate_hz, before_s, hiss_db), quiet(rate_hz, after_s, hiss_db)
    return rate_hz, before + said + after, (len(before) + len(said)) / rate_hz


def music(style: str, seconds: float, rate_hz: int = 16000, seed: int = 1) -> array[int]:
    """A tune ("melody"), or three voices that are struck ("chords") or held ("organ")."""
    chance, samples = random.Random(seed), array("h")
    scale = [220 * 2 ** (step / 12) for step in (0, 2, 3, 5, 7, 8, 10, 12)]
    while len(samples) < seconds * rate_hz:
        notes = [chance.choice(scale) for _ in range(1 if style == "melody" else 3)]
        count = round(chance.choice((0.2, 0.25, 0.4, 0.5)) * rate_hz)
        fade = 0.0 if style == "organ" else -3 / count
        for i in range(count):
            turns = [2 * pi * i * note / rate_hz for note in notes]
            tones = sum(sin(turn * k) / k for turn in turns for k in (1, 2, 3, 4)) / len(notes)
            samples.append(round(3000 * exp(fade * i) * tones))
    return samples[: round(seconds * rate_hz)]


def load(path: Path) -> tuple[int, array[int]]:
    with wave.open(str(path)) as file:
        return file.getframerate(), array("h", file.readframes(file.getnframes()))


def save(path: Path, rate_hz: int, samples: array[int], channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.tobytes())
    return path
