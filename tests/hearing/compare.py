"""How well commands are heard, beside plain Vosk and PocketSphinx.

    python -m tests.hearing.compare [--labels FILE.tsv] [--quick] [--model FOLDER] [--every N]
        [--engines NAME...] [--tables NAME...] [--places NAME...] [--draws N]

Every word that people say goes through every engine, clean, in noise and from two metres; then
what holds no command, for false ones; then what `measure` adds about the live path alone.
Recordings of people are counted apart from synthetic voices, which say what no recording holds.
Decides what is measured and how; the figures are true for this machine and these recordings alone.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.models import shipped
from tests.hearing.engines import ENGINES, RATE_HZ, Engine, Hit, Ours, there
from tests.hearing.measure import Sound, every_sentence, people_who_talk, percentiles, table
from tests.hearing.setting import UNDERSTANDING
from tests.hearing.test_over_files import SPEECH
from tests.hearing.voices import lacking, music, quiet, speech

STATES = (Context.SESSION, Context.IDLE, Context.PAUSED, Context.QUESTION, Context.DUE)
QUICK_STATES = (Context.SESSION, Context.IDLE)
PLACES = ("clean", "20 dB", "10 dB", "5 dB", "2 m")
TABLES = ("commands", "wake", "false", "silence", "sentences", "talk")
MUSIC = ("melody", "chords", "organ")
MUSIC_S, MUSIC_PIECES = 30, 40
ONE_WORD = {
    Context.QUESTION: ("yes", "no"),
    Context.AWAKE: ("start",),
}
"""Where a word is said; any other in a session, or in the first of these that knows it."""
SAID_ELSEWHERE = (Context.PAUSED, Context.IDLE, Context.DUE, Context.AWAKE)
SYNTHETIC = (
    *((Context.SESSION, word) for word in ("pause", "next", "back", "stop", "that hurts")),
    (Context.PAUSED, "resume"),
    (Context.IDLE, "hey coach"),
    (Context.IDLE, "hey coach start lower back"),
)
VOICES = ("espeak:en-us+f5", "espeak:en-gb+m7", "flite:rms", "flite:awb")
BEFORE_S, AFTER_S = 1.0, 1.5
"""Quiet around each recording; after it long enough for every engine to make up its mind."""
HISS_DB = -66.0
END_DB = 25.0
"""A word ends with the last 10 ms that are no more than this below its loudest 10 ms."""
SILENT_S = 240.0
"""Divided by every how many recordings are taken."""
ROOM_S = 0.45
"""The time in which the echo of the simulated room falls by 60 dB; at two metres it is as loud as
the voice itself."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording, and what it should be taken for in which state; None: for nothing."""

    kind: str
    text: str
    source: str
    sound: Sound
    context: Context | None = None
    command: Command | None = None


# --- what is said -------------------------------------------------------------


def recordings(labels: Path, every: int) -> Iterator[Clip]:
    lines = labels.read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(lines[0].split("\t"), one.split("\t"), strict=True)) for one in lines[1:]]
    seen: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        if row.get("split", "eval") != "eval":
            continue
        group = (row["kind"], row["text"] if row["kind"] == "word" else "", row.get("source", "-"))
        seen[group] += 1
        if (seen[group] - 1) % every:
            continue
        sound, rate_hz = soundfile.read(
            labels.parent / row["path"], dtype="float32", always_2d=True
        )
        sound = to_rate(sound.mean(axis=1), rate_hz)
        context, command = meaning(row["text"]) if row["kind"] == "word" else (None, None)
        kind = "other words" if row["kind"] == "word" and command is None else row["kind"]
        yield Clip(kind, row["text"], row.get("source", "-"), sound, context, command)


def meaning(word: str) -> tuple[Context | None, Command | None]:
    """Where this word is a command, and which."""
    contexts = [context for context, words in ONE_WORD.items() if word in words]
    for context in (*contexts, Context.SESSION, *SAID_ELSEWHERE):
        if (command := UNDERSTANDING.commands(context).get(word)) is not None:
            return context, command
    return None, None


def synthetic(every: int) -> Iterator[Clip]:
    voices = [voice for voice in VOICES if not lacking(voice)]
    for context, text in SYNTHETIC:
        for voice in voices[:: min(every, 2)]:
            with tempfile.TemporaryDirectory() as folder:
                rate_hz, samples = speech(voice, text, Path(folder))
            sound = np.frombuffer(samples.tobytes(), np.int16).astype(np.float32) / 32768
            command = UNDERSTANDING.commands(context)[text]
            yield Clip("word", text, "synthetic", to_rate(sound, rate_hz), context, command)


def made_music(every: int) -> Iterator[Clip]:
    for seed in range(0, MUSIC_PIECES, every):
        style = MUSIC[seed % len(MUSIC)]
        sound = np.asarray(music(style, MUSIC_S, RATE_HZ, seed), np.float32) / 32768
        yield Clip("made music", style, "made", sound)


def to_rate(sound: Sound, rate_hz: int) -> Sound:
    """By cutting or padding the spectrum."""
    if rate_hz == RATE_HZ:
        return sound
    spectrum, count = np.fft.rfft(sound), round(len(sound) * RATE_HZ / rate_hz)
    fitted = np.zeros(count // 2 + 1, complex)
    shared = min(len(spectrum), len(fitted))
    fitted[:shared] = spectrum[:shared]
    return (np.fft.irfft(fitted, count) * (count / len(sound))).astype(np.float32)


# --- where it is said -----------------------------------------------------------


def placed(clip: Clip, place: str, noises: Sequence[Sound], chance: np.random.Generator) -> Sound:
    """The recording with quiet around it, in this place."""
    hiss = np.frombuffer(quiet(RATE_HZ, BEFORE_S, HISS_DB).tobytes(), np.int16) / 32768
    after = np.frombuffer(quiet(RATE_HZ, AFTER_S, HISS_DB).tobytes(), np.int16) / 32768
    sound = np.concatenate((hiss, clip.sound, after)).astype(np.float32)
    if place == "2 m":
        return far(sound, chance)
    if noisy(place):
        noise = np.resize(noises[int(chance.integers(len(noises)))], len(sound))
        ratio = 10 ** (float(place.split()[0]) / 20)
        return (sound + noise * loudness(clip.sound) / ratio / max(loudness(noise), 1e-6)).astype(
            np.float32
        )
    return sound


def noisy(place: str) -> bool:
    return place.endswith("dB")


def loudness(sound: Sound) -> float:
    """Of the part that is not silent: the louder half of the 10 ms pieces."""
    pieces = np.sort(levels(sound))
    return float(np.sqrt(np.mean(pieces[len(pieces) // 2 :] ** 2))) if len(pieces) else 0.0


def levels(sound: Sound) -> NDArray[np.float64]:
    size = RATE_HZ // 100
    pieces = sound[: len(sound) // size * size].reshape(-1, size).astype(np.float64)
    return np.asarray(np.sqrt(np.mean(pieces**2, axis=1)))


def far(sound: Sound, chance: np.random.Generator) -> Sound:
    """Two metres away: half as loud as at one, and the room's echo as loud as the voice."""
    count = round(ROOM_S * RATE_HZ)
    tail = chance.normal(0, 1, count) * 10 ** (-3 * np.arange(count) / count)
    tail[: RATE_HZ // 200] = 0
    tail /= np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    size = 1 << (len(sound) + count).bit_length()
    heard = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[: len(sound)]
    return (heard / 2).astype(np.float32)


def word_end_s(clip: Clip) -> float:
    """When the word ends in what `placed` makes of it, by its energy."""
    pieces = levels(clip.sound)
    last = np.flatnonzero(pieces >= pieces.max() * 10 ** (-END_DB / 20))[-1]
    return BEFORE_S + float(last + 1) / 100


# --- measured -------------------------------------------------------------------


class Bench:
    """One engine in every state that is asked for, and the CPU time it took."""

    def __init__(self, name: str, model: Path) -> None:
        self._name, self._model = name, model
        self._engines: dict[Context, Engine] = {}
        self._fed_s: Counter[Context] = Counter()
        self.cpu_s = self.audio_s = 0.0

    def hits(self, sound: Sound, context: Context) -> list[Hit]:
        """What was taken for a command, in seconds of this sound."""
        engine = self._engines.get(context)
        if engine is None:
            engine = self._engines[context] = ENGINES[self._name](self._model, context)
        heard_s = len(fed := blocks(sound)) * BLOCK_S
        began, from_ms = time.process_time(), self._fed_s[context]
        found = [hit for block in fed for hit in engine.hear(block)]
        self.cpu_s += time.process_time() - began
        self.audio_s += heard_s
        self._fed_s[context] += round(1000 * heard_s)
        return [Hit(hit.command, hit.decided_s - from_ms / 1000) for hit in found]


def progress(done: int, total: int, what: str) -> None:
    moving = sys.stderr.isatty()
    if moving or done == total or done % max(1, total // 10) == 0:
        end = "\r" if moving and done < total else "\n"
        print(f"{what}: {done} of {total}   ", end=end, file=sys.stderr, flush=True)


def recall(
    names: Sequence[str],
    model: Path,
    clips: Sequence[Clip],
    noises: Sequence[Sound],
    places: Sequence[str],
    draws: int,
) -> None:
    benches = {name: Bench(name, model) for name in names}
    total: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str, str, str]] = Counter()
    wrong: Counter[tuple[str, str, str, str]] = Counter()
    delays: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for nth, clip in enumerate(clips, 1):
        row = (clip.text, clip.source)
        total[row] += 1
        for place, draw in product(places, range(draws)):
            if draw and not noisy(place):
                continue
            sound = placed(clip, place, noises, np.random.default_rng([nth, draw]))
            for name, bench in benches.items():
                assert clip.context is not None
                hits = bench.hits(sound, clip.context)
                taken = [hit for hit in hits if hit.command is clip.command]
                right[(*row, name, place)] += bool(taken)
                wrong[(*row, name, place)] += len(taken) < len(hits)
                if taken and place == "clean":
                    late = taken[0].decided_s - word_end_s(clip)
                    delays[name, clip.source == "synthetic"].append(late)
        progress(nth, len(clips), "commands")

    def number(
        counted: Counter[tuple[str, str, str, str]], row: tuple[str, str], name: str, place: str
    ) -> str:
        return f"{counted[(*row, name, place)] / (draws if noisy(place) else 1):.3g}"

    for (text, source), count in list(total.items()):
        row = ("all", source)
        total[row] += count
        for name, place in product(names, places):
            right[(*row, name, place)] += right[text, source, name, place]
            wrong[(*row, name, place)] += wrong[text, source, name, place]
    head = [f"{name}, {place}" for name in names for place in places]
    rows = [
        [*row, str(count)]
        + [
            f"{number(right, row, name, place)} ({number(wrong, row, name, place)})"
            for name in names
            for place in places
        ]
        for row, count in sorted(total.items(), key=lambda item: (item[0][1], item[0][0]))
    ]
    table(
        "Commands taken (and how often, beside or instead, for something else)",
        ["said", "source", "number", *head],
        rows,
    )
    rows = [
        [name, "synthetic" if made else "people", str(len(late)), *percentiles(late)]
        for (name, made), late in sorted(delays.items())
    ]
    table(
        f"From the end of the word (by energy, {END_DB:.0f} dB under its loudest 10 ms) to the "
        "decision, milliseconds of sound, clean",
        ["engine", "said by", "number", "p50", "p95"],
        rows,
    )


def wake_phrases(
    model: Path, clips: Sequence[Clip], noises: Sequence[Sound], places: Sequence[str]
) -> None:
    """Each recorded wake phrase as an idle assistant's own, beside all else that it listens for."""
    ears: dict[str, Ours] = {}
    total: Counter[str] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for nth, clip in enumerate(clips, 1):
        total[clip.text] += 1
        ear = ears.get(clip.text) or ears.setdefault(
            clip.text, Ours(model, Context.IDLE, (clip.text,))
        )
        for place in places:
            sound = placed(clip, place, noises, np.random.default_rng([nth, 0]))
            hits = [hit for block in blocks(sound) for hit in ear.hear(block)]
            right[clip.text, place] += any(hit.command is not None for hit in hits)
        progress(nth, len(clips), "wake phrases")
    rows = [
        [text, str(count), *(str(right[text, place]) for place in places)]
        for text, count in sorted(total.items())
    ]
    table("Wake phrases taken", ["said", "number", *places], rows)


def blocks(sound: Sound) -> list[bytes]:
    """As the microphone hands it over."""
    size = round(RATE_HZ * BLOCK_S)
    pcm = np.clip(sound * 32768, -32768, 32767).astype(np.int16)
    pcm = np.concatenate((pcm, np.zeros(-len(pcm) % size, np.int16)))
    return [pcm[start : start + size].tobytes() for start in range(0, len(pcm), size)]


def false_commands(
    names: Sequence[str], model: Path, clips: Sequence[Clip], states: Sequence[Context]
) -> None:
    benches = {name: Bench(name, model) for name in names}
    hours: Counter[str] = Counter()
    taken: Counter[tuple[str, Context, str]] = Counter()
    chance = np.random.default_rng(1)
    for number, clip in enumerate(clips, 1):
        sound = placed(clip, "clean", (), chance)
        # Of the recording alone: the quiet around it would only flatter.
        hours[clip.kind] += round(1000 * len(clip.sound) / RATE_HZ)
        for state in states:
            for name, bench in benches.items():
                if bearable(name, state):
                    taken[clip.kind, state, name] += len(bench.hits(sound, state))
        progress(number, len(clips), "no commands")
    rows = [
        [kind, f"{ms / 60000:.1f}", str(state)]
        + [
            f"{taken[kind, state, n]} ({3.6e6 * taken[kind, state, n] / ms:.0f})"
            if bearable(n, state)
            else "-"
            for n in names
        ]
        for kind, ms in sorted(hours.items())
        for state in states
    ]
    table(
        "Taken for a command though none was said (an hour)",
        ["sound", "minutes", "state", *names],
        rows,
    )
    rows = [[n, f"{b.cpu_s / b.audio_s:.3f}"] for n, b in benches.items() if b.audio_s]
    table("CPU seconds for a second of such sound", ["engine", "real-time factor"], rows)


def bearable(name: str, state: Context) -> bool:
    """With hundreds of phrases PocketSphinx takes minutes for a second of some music."""
    return name != "PocketSphinx" or state is Context.SESSION


def silence(names: Sequence[str], model: Path, seconds: float) -> None:
    rows = []
    for name in names:
        cells = []
        for level_db in (HISS_DB, -45.0):
            bench = Bench(name, model)
            minute = np.frombuffer(quiet(RATE_HZ, 30.0, level_db).tobytes(), np.int16) / 32768
            bench.hits(minute.astype(np.float32), Context.SESSION)
            bench.cpu_s = bench.audio_s = 0.0
            while bench.audio_s < seconds:
                bench.hits(minute.astype(np.float32), Context.SESSION)
            cells.append(f"{3600 * bench.cpu_s / bench.audio_s:.0f}")
        rows.append([name, *cells, memory(name, model)])
    table(
        f"CPU seconds for an hour without speech (reckoned from {seconds:.0f} s), and memory",
        ["engine", "hiss", "steady noise", "MB of memory at most"],
        rows,
    )


def memory(name: str, model: Path) -> str:
    """Of a process that has only this engine."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hearing.compare", "--memory", name, "--model", str(model)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    return done.stdout.strip() or "?"


def print_memory(name: str, model: Path) -> None:
    engine = ENGINES[name](model, Context.SESSION)
    sound = array("h", quiet(RATE_HZ, 10.0, -30.0))
    size = round(RATE_HZ * BLOCK_S)
    for start in range(0, len(sound), size):
        engine.hear(sound[start : start + size].tobytes())
    print(round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="How well it hears, beside other ways.")
    parser.add_argument("--labels", type=Path, default=SPEECH / "labels.tsv")
    parser.add_argument("--model", type=Path, default=shipped())
    parser.add_argument("--quick", dest="every", action="store_const", const=10, default=1)
    parser.add_argument("--every", type=int, metavar="N", help="every Nth recording only")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=there())
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=TABLES)
    parser.add_argument("--places", nargs="+", choices=PLACES, default=PLACES)
    parser.add_argument(
        "--draws",
        type=int,
        choices=range(1, 21),
        default=1,
        metavar="N",
        help="noises a word is said in",
    )
    parser.add_argument("--memory", choices=ENGINES, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    model, names, every, tables = options.model, options.engines, options.every, options.tables
    if options.memory:
        print_memory(options.memory, model)
        return
    print(f"Model {model.name}; engines: {', '.join(names)}.")
    if "PocketSphinx" not in there():
        print("PocketSphinx is not installed: pip install pocketsphinx")
    clips = list(synthetic(every))
    if options.labels.is_file():
        clips += recordings(options.labels, every)
    else:
        print(f"No recordings of people: {options.labels} is missing (--labels FILE.tsv).")
    noises = [clip.sound for clip in clips if clip.kind == "noise"] or [
        np.random.default_rng(1).normal(0, 0.05, 10 * RATE_HZ).astype(np.float32)
    ]
    if "commands" in tables:
        said = [clip for clip in clips if clip.command]
        recall(names, model, said, noises, options.places, options.draws)
    if "wake" in tables:
        wake_phrases(model, [c for c in clips if c.kind == "wakeword"], noises, options.places)
    if "false" in tables:
        nothing = [*(clip for clip in clips if clip.command is None), *made_music(every)]
        false_commands(names, model, nothing, STATES if every < 10 else QUICK_STATES)
    if "silence" in tables:
        silence(names, model, SILENT_S / min(every, 4))
    if "sentences" in tables:
        every_sentence(model)
    if "talk" in tables:
        people_who_talk([(clip.kind, clip.text, clip.sound) for clip in clips])


if __name__ == "__main__":
    main()
