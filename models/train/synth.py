"""Synthetic speech: who speaks, what is said, and how a synthesiser is asked for it.

Decides which voices are learnt from. Voices that the project measures with (`tests/hearing`), and
some more, are never used here, nor are whispers. Everything is drawn from one number, so a corpus
can be made again.
"""

import importlib.util
import io
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from models.train.audio import RATE_HZ, Samples, resampled

ACCENTS = (
    *("en-us", "en-us", "en-us", "en-gb", "en-gb", "en-gb-x-rp", "en-gb-x-gbclan"),
    *("en-gb-x-gbcwmd", "en-029", "en-us-nyc"),
)
"""The commonest several times. Scottish is kept out, for measuring."""
SPEAKERS = (
    *("Alex", "Alicia", "Andrea", "Annie", "Denis", "Diogo", "Gene", "Gene2", "Henrique", "Hugo"),
    *("Jacky", "Lee", "Marco", "Mario", "Michael", "Mike", "Nguyen", "RicishayMax", "RicishayMax2"),
    *("adam", "anika", "announcer", "antonio", "aunty", "belinda", "benjamin", "boris", "david"),
    *("ed", "edward", "f1", "f2", "f3", "f4", "grandpa", "gustave", "iven", "iven2", "iven3"),
    *("john", "kaukovalta", "klatt", "klatt2", "klatt3", "klatt4", "m1", "m2", "m3", "m4", "m5"),
    *("m6", "m8", "marcelo", "max", "michel", "miguel", "norbert", "pablo", "paul", "pedro"),
    *("quincy", "rob", "sandro", "shelby", "steph2", "steph3", "travis", "victor", "zac"),
)
"""espeak-ng's variants, less f5 m7 linda robert Andy steph caleb grandma (kept for measuring) and
the whispers, croaks and robots."""
FLITE = ("kal16", "awb", "rms")
FESTIVAL = ("ked_diphone",)
PICO = ("en-US", "en-GB")


class Refused(Exception):
    """The synthesiser gave nothing that can be used."""


def voices() -> list[tuple[str, float]]:
    """The installed synthesisers' shares of the speech."""
    shares = {"espeak-ng": 0.43, "flite": 0.27, "pico": 0.26, "festival": 0.04}
    found = [(name, share) for name, share in shares.items() if _installed(name)]
    if not found:
        raise SystemExit("no synthesiser found: install espeak-ng, flite, py-nanotts, festival")
    return found


def _installed(name: str) -> bool:
    if name == "pico":
        return importlib.util.find_spec("py_nanotts") is not None
    return shutil.which(name) is not None


def say(text: str, chance: np.random.Generator, engines: Sequence[tuple[str, float]]) -> Samples:
    """The text in a voice drawn by chance, 16 kHz; raises Refused."""
    shares = np.array([share for _, share in engines])
    match engines[int(chance.choice(len(engines), p=shares / shares.sum()))][0]:
        case "espeak-ng":
            sound = _espeak(text, chance)
        case "flite":
            sound = _flite(text, chance)
        case "pico":
            sound = _pico(text, chance)
        case _:
            sound = _festival(text, chance)
    if len(sound) < 0.12 * RATE_HZ or len(sound) > 8 * RATE_HZ or np.abs(sound).max() < 100:
        raise Refused(text)
    return sound


def _espeak(text: str, chance: np.random.Generator) -> Samples:
    voice = f"{chance.choice(ACCENTS)}+{chance.choice(SPEAKERS)}"
    rate, pitch, gap = chance.integers(115, 230), chance.integers(15, 85), chance.choice([0, 0, 2])
    options = ["-v", voice, "-s", str(rate), "-p", str(pitch), "-g", str(gap)]
    return _run(["espeak-ng", *options, "--stdout", text])


def _flite(text: str, chance: np.random.Generator) -> Samples:
    stretch, pitch = chance.uniform(0.8, 1.4), chance.integers(80, 200)
    settings = [
        "--setf",
        f"duration_stretch={stretch:.2f}",
        "--setf",
        f"int_f0_target_mean={pitch}",
    ]
    voice = str(chance.choice(FLITE))
    return _run(["flite", "-voice", voice, "-t", text, *settings, "-o", "/dev/stdout"])


def _pico(text: str, chance: np.random.Generator) -> Samples:
    speed, pitch = float(chance.uniform(0.75, 1.35)), float(chance.uniform(0.65, 1.5))
    spoken = _nanotts().speak(text, voice=str(chance.choice(PICO)), speed=speed, pitch=pitch)
    return np.frombuffer(spoken, np.int16).astype(np.float32)


@cache
def _nanotts() -> Any:
    import py_nanotts

    return py_nanotts.NanoTTS()


def _festival(text: str, chance: np.random.Generator) -> Samples:
    """A third of a second to start, so it is asked seldom. It can't write to a pipe."""
    voice, stretch = chance.choice(FESTIVAL), chance.uniform(0.8, 1.35)
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        orders = (
            f"(voice_{voice})",
            f"(Parameter.set 'Duration_Stretch {stretch:.2f})",
            f'(utt.save.wave (utt.synth (Utterance Text "{text}")) "{file.name}" (quote riff))',
        )
        subprocess.run(["festival", "--batch", *orders], capture_output=True)
        return _read(Path(file.name).read_bytes())


def _run(command: list[str]) -> Samples:
    return _read(subprocess.run(command, capture_output=True).stdout)


def _read(data: bytes) -> Samples:
    """A WAV file. What came through a pipe has no true length in its header."""
    start = data.find(b"RIFF")
    if start < 0:
        raise Refused("no sound")
    with wave.open(io.BytesIO(data[start:])) as file:
        rate_hz = file.getframerate()
        frames = file.readframes((len(data) - start - 44) // 2)
    sound = np.frombuffer(frames[: len(frames) // 2 * 2], np.int16).astype(np.float32)
    return resampled(sound, rate_hz)
