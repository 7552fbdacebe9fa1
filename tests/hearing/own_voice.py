"""Measure how it hears people while it speaks: `python -m tests.hearing.own_voice [--minutes N]`.

All sentences that the product can say are spoken one after another, each in the situation that the
coach would order, and reach the microphone later, quieter and with a room's reverberation, over a
faint hiss; every second one is spoken over by a person who says a word as loudly as the echo, at a
random place in it. Time is the sound's. It counts what is taken and when; it asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from assistant.coach.effects import Context
from assistant.coach.turn import TAIL_S
from assistant.content import sentences
from assistant.content.plan import compile_plan
from assistant.content.routine_reader import load
from assistant.hearing.ear import Ear, Utterance
from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.understand import plain
from assistant.machine.places import folder
from assistant.speaking.render import DEFAULT_VOICE, RATE_HZ, Renderer
from tests.hearing.setting import new_ear
from tests.hearing.test_over_files import SPEECH
from tests.hearing.voices import ESPEAK, FLITE, lacking, speech

Sound = NDArray[np.float64]

MICROPHONE_HZ = 16000
DELAY_S = 0.16
"""Loudspeaker's and microphone's buffers, and the way through the air."""
REVERBERATION_S = 0.3
HISS_DB = -72.0
WORDS = ("stop", "pause")


@dataclass
class Count:
    """What happened at one loudness of the echo."""

    said: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    late_s: list[float] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    """Taken while nobody spoke but the assistant."""
    mistaken: list[str] = field(default_factory=list)
    """Taken while a person said another word."""
    seconds: float = 0.0
    cpu_s: float = 0.0


def own_sentences() -> list[str]:
    """Everything that is said as it is written: routines and the assistant's own."""
    texts: list[object] = [
        cue.text
        for routine in load([folder("routines")]).routines.values()
        for segment in compile_plan(routine).segments
        for cue in segment.cues
    ]
    for name, value in vars(sentences).items():
        if name.isupper():
            values = value.values() if isinstance(value, dict) else value
            texts += [value] if isinstance(value, str) else list(values)
    return list(dict.fromkeys(t for t in texts if isinstance(t, str) and t))


def resampled(samples: Sound, rate_hz: int) -> Sound:
    if rate_hz == MICROPHONE_HZ:
        return samples
    length = round(len(samples) * MICROPHONE_HZ / rate_hz)
    spectrum = np.fft.rfft(samples)
    fitted = np.zeros(length // 2 + 1, complex)
    shared = min(len(spectrum), len(fitted))
    fitted[:shared] = spectrum[:shared]
    return np.fft.irfft(fitted, length) * (length / len(samples))


def room(seed: int) -> Sound:
    """An impulse response of unit energy: the direct sound, then a decaying tail."""
    chance = np.random.default_rng(seed)
    times = np.arange(round(0.35 * MICROPHONE_HZ)) / MICROPHONE_HZ
    tail = chance.normal(size=len(times)) * 10 ** (-3 * times / REVERBERATION_S)
    tail *= 0.5 / np.sqrt(np.sum(tail**2))
    tail[0] += 1.0
    tail /= np.sqrt(np.sum(tail**2))
    return np.concatenate([np.zeros(round(DELAY_S * MICROPHONE_HZ)), tail])


def through(samples: Sound, response: Sound) -> Sound:
    size = 1 << (len(samples) + len(response)).bit_length()
    product = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    return np.fft.irfft(product, size)[: len(samples)]


def rms(samples: Sound) -> float:
    loud = samples[np.abs(samples) > np.abs(samples).max() / 30]
    return float(np.sqrt(np.mean(loud**2)))


def people(word: str, speech_folder: Path) -> Iterator[tuple[str, Sound]]:
    """Who says it: synthetic voices, and real ones where there are recordings."""
    with tempfile.TemporaryDirectory() as scratch:
        for voice in (*ESPEAK, *FLITE):
            if not lacking(voice):
                rate_hz, samples = speech(voice, word, Path(scratch))
                yield "synthetic", resampled(np.array(samples, float), rate_hz)
    labels = speech_folder / "labels.tsv"
    for line in labels.read_text().splitlines()[1:] if labels.is_file() else ():
        path, kind, text, *_ = line.split("\t")
        if kind == "word" and text == word and path.startswith("eval/"):
            samples, rate_hz = soundfile.read(speech_folder / path, dtype="int16")
            loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() / 20)
            trimmed = np.array(samples[loud[0] : loud[-1] + 1], float)
            yield "human", resampled(trimmed, rate_hz)


def play(
    ear: Ear, speaking: Sound, microphone: Sound, played: Sound, text: str, count: Count
) -> list[Utterance]:
    """One sentence and the silence after it, as the coach orders the situations."""
    size = round(BLOCK_S * MICROPHONE_HZ)
    ear.saying |= set(plain(text).split())
    heard = ear.listen(Context.SPEAKING)
    ends = len(speaking) + round((DELAY_S + TAIL_S) * MICROPHONE_HZ)
    mic, ref = (np.clip(s, -32768, 32767).astype(np.int16) for s in (microphone, played))
    began = time.process_time()
    for start in range(0, len(mic) - size + 1, size):
        if start >= ends:
            heard += ear.listen(Context.SESSION)
        block, said = mic[start : start + size], ref[start : start + size]
        heard += ear.hear(block.tobytes(), said.tobytes(), MICROPHONE_HZ)
    count.cpu_s += time.process_time() - began
    count.seconds += len(mic) / MICROPHONE_HZ
    return heard


def measure(
    echo_db: float, minutes: float, texts: dict[str, Sound], speech_folder: Path, model: Path | None
) -> Count:
    chance, noise = random.Random(5), np.random.default_rng(5)
    cast = [(w, *person) for w in WORDS for person in people(w, speech_folder)]
    chance.shuffle(cast)
    response = room(7) * 10 ** (echo_db / 20)
    ear, count, turn = new_ear(MICROPHONE_HZ, Context.SESSION, model), Count(), 0
    size = round(BLOCK_S * MICROPHONE_HZ)
    # What was played before still echoes in what comes next.
    past = np.zeros(len(response))
    while count.seconds < 60 * minutes:
        order = list(texts)
        chance.shuffle(order)
        for text in order:
            if count.seconds >= 60 * minutes:
                break
            gap_s = chance.uniform(0.9, 2.0)
            length = (len(texts[text]) + round(gap_s * MICROPHONE_HZ)) // size * size
            played = np.concatenate([texts[text], np.zeros(length)])[:length]
            echo = through(np.concatenate([past, played]), response)[len(past) :]
            past = np.concatenate([past, played])[-len(response) :]
            microphone = echo + noise.normal(0, 32768 * 10 ** (HISS_DB / 20), length)
            base_s = count.seconds
            spoken: tuple[str, str, float] | None = None
            turn += 1
            if turn % 2 == 0 and len(texts[text]) > 1.2 * MICROPHONE_HZ:
                word, who, voice = cast[turn // 2 % len(cast)]
                latest = len(texts[text]) - len(voice)
                at = chance.randrange(round(DELAY_S * MICROPHONE_HZ), max(latest, 4000))
                at = min(at, length - len(voice) - 1)
                if at > 0:
                    scaled = voice * (rms(echo) / rms(voice))
                    microphone[at : at + len(voice)] += scaled
                    spoken = word, who, base_s + (at + len(voice)) / MICROPHONE_HZ
            heard = play(ear, texts[text], microphone, played, text, count)
            commands = [u for u in heard if u.verdict.accepted]
            if spoken:
                word, who, end_s = spoken
                count.said[f"{who} {word}"] += 1
                mine = [u for u in commands if str(u.verdict.command) == word]
                if mine:
                    count.taken[f"{who} {word}"] += 1
                    count.late_s.append(mine[0].decided_s - end_s)
                    commands.remove(mine[0])
            wrong = [f"{u.text!r} in {text!r}" for u in commands]
            (count.mistaken if spoken else count.false).extend(wrong)
    return count


def report(echo_db: float, count: Count) -> None:
    print(f"\necho at {echo_db:.0f} dB, {count.seconds / 60:.0f} minutes")
    print(f"  own words taken for a command: {len(count.false)}", *count.false[:9], sep="\n    ")
    print(f"  a person's word taken for another: {len(count.mistaken)}")
    for who in sorted(count.said):
        print(f"  {who}: {count.taken[who]} of {count.said[who]} taken")
    late = sorted(count.late_s)
    if late:
        middle, most = late[len(late) // 2], late[round(0.95 * (len(late) - 1))]
        print(f"  from the word's end to the decision: median {middle:.2f} s, p95 {most:.2f} s")
    print(f"  CPU: {100 * count.cpu_s / count.seconds:.1f} % of the sound's length", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="at each loudness")
    parser.add_argument("--echo", type=float, nargs="+", default=[-20.0, -6.0], help="in dB")
    parser.add_argument("--speech", type=Path, default=SPEECH, help="folder with labels.tsv")
    parser.add_argument("--model", type=Path, default=None)
    asked = parser.parse_args()
    renderer = Renderer(DEFAULT_VOICE)
    texts = {
        text: resampled(np.frombuffer(pcm, np.int16).astype(float), RATE_HZ)
        for text in own_sentences()
        if (pcm := renderer.render(text, 155, 0.8))
    }
    for echo_db in asked.echo:
        report(echo_db, measure(echo_db, asked.minutes, texts, asked.speech, asked.model))
    sys.stdout.flush()
    os._exit(0)  # the synthesiser's library does not end in order


if __name__ == "__main__":
    main()
