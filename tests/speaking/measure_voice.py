"""Measure how well voices are understood, how fast they speak, how loud speech and chimes are.

    python -m tests.speaking.measure_voice [--voices NAME...] [--rates WPM...] [--every N]

Renders every sentence that the assistant can say as it is played, has the shipped model write it
down, with all words that it knows as an open list, and counts those that came out otherwise. Run
by hand. The model has learnt from espeak-ng's voices among others and expects commands, not whole
sentences: its figures compare voices and rates, and find words that are badly said; they don't say
how well people understand, nor what is pleasant.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from statistics import mean, quantiles

import numpy as np

from assistant.coach.effects import Sound
from assistant.content.catalogue import every_sentence
from assistant.hearing.models import shipped as shipped_model
from assistant.hearing.understand import plain
from assistant.speaking.chimes import Chimes
from assistant.speaking.render import RATE_HZ
from tests.content.voice import shipped

HEARD_HZ = 16000
VOICES = ("gmw/en-us", "gmw/en", "gmw/en-gb-x-rp", "gmw/en-gb-scotland", "gmw/en-029")
Samples = np.ndarray


def rendered(voice: str, rate_wpm: int, texts: Sequence[str]) -> list[Samples]:
    """As it is played at full volume, in a process of its own: one voice a process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.speaking.measure_voice", "--render", voice, str(rate_wpm)],
        input=json.dumps(list(texts)).encode(),
        capture_output=True,
        check=True,
    )
    head, _, body = done.stdout.partition(b"\n")
    sizes = json.loads(head)
    sounds, at = [], 0
    for size in sizes:
        sounds.append(np.frombuffer(body[at : at + size], "<i2").astype(float))
        at += size
    return sounds


def render_here(voice: str, rate_wpm: int) -> None:
    from assistant.speaking.render import Renderer

    channel = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # pyttsx3 prints there
    renderer = Renderer(voice)
    pcm = [renderer.render(text, rate_wpm, 1.0) for text in json.load(sys.stdin)]
    with os.fdopen(channel, "wb") as out:
        out.write(json.dumps([len(one) for one in pcm]).encode() + b"\n" + b"".join(pcm))
    os._exit(0)  # espeak-ng may abort when it is taken apart


# --- understood ----------------------------------------------------------------


class Listener:
    """The shipped model, with every word that it knows of our sentences as an open list."""

    def __init__(self, texts: Sequence[str]) -> None:
        from vosk import Model, SetLogLevel

        SetLogLevel(-1)
        self._model = Model(str(shipped_model()))
        words = sorted({word for text in texts for word in plain(text).split()})
        self.known = [word for word in words if self._model.vosk_model_find_word(word) >= 0]
        self._list = json.dumps([*self.known, "[unk]"])

    def words(self, sound: Samples) -> list[str]:
        from vosk import KaldiRecognizer

        count = round(len(sound) * HEARD_HZ / RATE_HZ)
        at = np.arange(count) * RATE_HZ / HEARD_HZ
        heard = np.interp(at, np.arange(len(sound)), sound)
        silence = np.random.default_rng(1).normal(0, 3, HEARD_HZ // 2)
        pcm = np.concatenate([silence, heard, silence]).astype("<i2").tobytes()
        recogniser = KaldiRecognizer(self._model, HEARD_HZ, self._list)
        said = []
        for start in range(0, len(pcm), 8000):
            if recogniser.AcceptWaveform(pcm[start : start + 8000]):
                said.append(json.loads(recogniser.Result())["text"])
        said.append(json.loads(recogniser.FinalResult())["text"])
        return [word for word in " ".join(said).split() if word != "[unk]"]


def wrong_words(said: Sequence[str], heard: Sequence[str]) -> int:
    """How many words have to be changed, added or left out."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        last, row = row, [i]
        for j, other in enumerate(heard, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (word != other)))
    return row[-1]


# --- loud ----------------------------------------------------------------------


def loudness_db(sound: Samples) -> float:
    """Loudness as in ITU-R BS.1770 (its weighting, the loudest 0.4 s blocks), in LUFS."""
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    weighted = np.fft.irfft(np.fft.rfft(sound / 32768) * _weight(frequencies), len(sound))
    size = min(len(weighted), round(0.4 * RATE_HZ))
    starts = range(0, len(weighted) - size + 1, max(1, size // 4))
    powers = np.array([np.mean(weighted[i : i + size] ** 2) for i in starts])
    loud = powers[powers > powers.max() / 10]
    return float(10 * np.log10(loud.mean()) - 0.691)


def _weight(hz: Samples) -> Samples:
    """The two filters of the standard as gains: a shelf of 4 dB above 1.7 kHz, and a low cut."""
    shelf = 1 + (10 ** (4 / 20) - 1) / (1 + (1682 / np.maximum(hz, 1)) ** 4)
    cut = (hz / 38) ** 2 / np.sqrt((1 - (hz / 38) ** 2) ** 2 + (hz / 38 / 0.5) ** 2)
    return np.asarray(shelf * cut)


# --- the tables ------------------------------------------------------------------


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--voices", nargs="+", default=VOICES)
    asked.add_argument("--rates", nargs="+", type=int, default=[155])
    asked.add_argument("--every", type=int, default=1)
    asked.add_argument("--worst", type=int, default=0, help="print so many that went wrong")
    asked.add_argument("--names", action="store_true", help="the exercises' names alone")
    asked.add_argument("--render", nargs=2, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.render:
        render_here(options.render[0], int(options.render[1]))
        return
    texts = [s.text for s in every_sentence(shipped())][:: options.every]
    if options.names:
        exercises = shipped().exercises.values()
        texts = [f"Next, {exercise.spoken_name}." for exercise in exercises]
    listener = Listener(texts)
    print("| voice | rate | words a minute | words wrong | first words wrong | loudness |")
    print("|---|---|---|---|---|---|")
    for voice in options.voices:
        for rate in options.rates:
            row(listener, voice, rate, texts, options.worst)
    chimes = Chimes(RATE_HZ, 1.0)
    for sound in Sound:
        pcm = np.frombuffer(chimes[sound], "<i2").astype(float)
        print(f"chime {sound}: {loudness_db(pcm):.1f} LUFS, peak {abs(pcm).max():.0f}")


def row(listener: Listener, voice: str, rate: int, texts: Sequence[str], worst: int) -> None:
    sounds = rendered(voice, rate, texts)
    said = [[word for word in plain(text).split() if word in listener.known] for text in texts]
    heard = [listener.words(sound) for sound in sounds]
    wrong = [wrong_words(one, other) for one, other in zip(said, heard, strict=True)]
    total = sum(map(len, said))
    firsts = [one[0] not in other[:2] for one, other in zip(said, heard, strict=True) if one]
    spoken = sum(len(plain(text).split()) for text in texts)
    minutes = sum(map(len, sounds)) / RATE_HZ / 60
    levels = [loudness_db(sound) for sound in sounds]
    low, *_, high = quantiles(levels, n=20)
    print(
        f"| {voice} | {rate} | {spoken / minutes:.0f} | {sum(wrong) / total:.1%} "
        f"| {mean(firsts):.1%} | {mean(levels):.1f} ({low:.1f} to {high:.1f}) |",
        flush=True,
    )
    order = sorted(range(len(texts)), key=lambda i: -wrong[i] / max(1, len(said[i])))
    for i in order[:worst]:
        print(f"  {wrong[i]} of {len(said[i])}: {texts[i]}  ->  {' '.join(heard[i])}")


if __name__ == "__main__":
    main()
