"""How well it hears whom: a row for each kind of people, sound and place, several models abreast.

    python -m tests.hearing.card --labels FILE.tsv... [--models FOLDER...] [--every N]
        [--engines NAME...] [--draws N]

Prints what it hears of whom, the wake phrases, what it takes for a command though none was said,
numbers that a sentence doesn't list, what it costs; and of each row that can't be filled why.
PocketSphinx (`pip install pocketsphinx==5.1.1`) and the plain Vosk loop stand beside it where they
can. Take every Nth recording where all of them would take too long.

Decides who counts as what, from a recording's source and its speaker's name: speechocean762 puts
age and sex at its end ("6m"), a neural voice's first letter is where it comes from ("bf_emma" is
British), and "child" follows one that was made child-like. What a synthesiser says is a row of its
own and never counted with people. Only rows marked `eval` are read; what is a command, and in which
situation, is decided as in `compare`. Its own voice, barge-in and the endpoints are measured by
`own_voice`, `barge_in` and `compare`.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.competing import NUMBERS
from assistant.hearing.decoder import Decoder
from assistant.hearing.models import shipped
from tests.hearing.compare import (
    Bench,
    Clip,
    bearable,
    meaning,
    memory,
    placed,
    progress,
    to_rate,
    wake_phrases,
)
from tests.hearing.engines import ENGINES, RATE_HZ, there
from tests.hearing.measure import Sound, table
from tests.hearing.setting import UNDERSTANDING
from tests.hearing.voices import ESPEAK, FLITE, speech
from tests.hearing.voices import lacking as missing

NEURAL = "kokoro82m"
WAKE_WORDS = "wake phrases"
LEARNERS = "speechocean762"
GROWN_UP_YEARS = 13
SHORT = ("stop", "yes", "no", "go")
ROWS = (
    *("people", *(f'people, "{word}"' for word in SHORT), "household noise"),
    *("people, other words", "people, sentences", "children, learners of English, sentences"),
    *("all neural voices (synthetic)", "American voices (synthetic)", "British voices (synthetic)"),
    *("bm_george (synthetic)", "voices of other languages' speakers (synthetic)"),
    "voices made child-like (synthetic)",
)
"""What a card should have; where the recordings hold none of it, that is said."""
NUMBERED = {
    "{} more seconds": Context.SESSION,
    "snooze {} minutes": Context.DUE,
    "{}": Context.PAIN,
    "ice for {} minutes": Context.AWAKE,
}
"""Where a number may come, and not every number is meant."""
NUMBER_VOICES = (*ESPEAK[:2], *FLITE[:2])
PLACES = {"near, quiet": "clean", "noise at 10 dB": "10 dB", "2 m, simulated": "2 m"}
NOT_SAID_IN = (Context.SESSION, Context.IDLE)


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording, and in which rows it counts."""

    rows: tuple[str, ...]
    clip: Clip


def recordings(labels: Path, every: int) -> Iterator[Heard]:
    """Every Nth of each kind."""
    head, *lines = labels.read_text(encoding="utf-8").splitlines()
    seen: Counter[str] = Counter()
    for line in lines:
        row = dict(zip(head.split("\t"), line.split("\t"), strict=True))
        if row["split"] != "eval":
            continue
        who = whose(row["source"], row["speaker"])
        context, command = command_of(row["kind"], row["text"], row["source"])
        if row["kind"] == "wakeword":
            who = WAKE_WORDS
        elif row["kind"] == "noise":
            who = "household noise"
        elif command is None:
            who += ", other words" if " " not in row["text"].strip() else ", sentences"
        seen[who] += 1
        if (seen[who] - 1) % every:
            continue
        sound, rate_hz = soundfile.read(
            labels.parent / row["path"], dtype="float32", always_2d=True
        )
        sound = to_rate(sound.mean(axis=1), rate_hz)
        clip = Clip(row["kind"], row["text"], row["source"], sound, context, command)
        yield Heard(rows_of(who, row["speaker"], clip), clip)


def rows_of(who: str, speaker: str, clip: Clip) -> tuple[str, ...]:
    """The row of its kind of people, and those that it counts in besides."""
    voices = re.findall(r"\b[a-z][fm]_[a-z]+", speaker) if clip.source == NEURAL else []
    if voices and "child" not in speaker:
        one = [f"{voices[0]} (synthetic)"] if len(voices) == 1 else []
        return (who, "all neural voices (synthetic)", *one)
    return (who, f'{who}, "{clip.text}"') if clip.command and clip.text in SHORT else (who,)


def command_of(kind: str, text: str, source: str) -> tuple[Context | None, Command | None]:
    """What a single word means, and any sentence of a synthesiser's."""
    if kind != "word" and source != NEURAL:
        return None, None
    command = UNDERSTANDING.commands(Context.IDLE).get(text)
    return (Context.IDLE, command) if command else meaning(text)


def whose(source: str, speaker: str) -> str:
    """The row that a recording belongs to."""
    if source == NEURAL:
        voices = re.findall(r"\b([a-z])[fm]_[a-z]+", speaker)
        if "child" in speaker:
            return "voices made child-like (synthetic)"
        if voices and set(voices) <= {"a"}:
            return "American voices (synthetic)"
        if voices and set(voices) <= {"b"}:
            return "British voices (synthetic)"
        return "voices of other languages' speakers (synthetic)"
    if source == LEARNERS:
        age = re.search(r"(\d+)[mf]$", speaker)
        young = age is not None and int(age[1]) < GROWN_UP_YEARS
        return "children, learners of English" if young else "grown-up learners of English"
    return "people"


def measure(names: Sequence[tuple[str, Path]], heard: Sequence[Heard], draws: int) -> None:
    """Two tables: what was said and taken, and what was taken though nothing was said."""
    benches = {(name, model): Bench(name, model) for name, model in names}
    noises = [one.clip.sound for one in heard if one.clip.kind == "noise"] or [
        np.random.default_rng(1).normal(0, 0.05, 10 * RATE_HZ).astype(np.float32)
    ]
    said: defaultdict[tuple[str, str], Counter[object]] = defaultdict(Counter)
    nothing: defaultdict[tuple[str, Context], Counter[object]] = defaultdict(Counter)
    for number, one in enumerate(heard, 1):
        clip = one.clip
        for label, place in PLACES.items() if clip.command else [("", "clean")]:
            for draw in range(draws if place.endswith("dB") else 1):
                sound = placed(clip, place, noises, np.random.default_rng([number, draw]))
                if clip.command and clip.context:
                    found = {key: bench.hits(sound, clip.context) for key, bench in benches.items()}
                    for counts in (said[who, label] for who in one.rows):
                        counts["number"] += 1
                        for key, hits in found.items():
                            counts[key] += any(hit.command is clip.command for hit in hits)
                            others = any(hit.command is not clip.command for hit in hits)
                            counts[key, "else"] += others
                else:
                    _count_false(nothing, one.rows[0], sound, clip.sound, benches)
        progress(number, len(heard), "recordings")
    heads = [f"{model.name}, {name}" for name, model in names]
    table(
        "Commands taken (and how often something else)",
        ["who", "where", "number", *heads],
        [
            [*row, str(counts["number"]), *(f"{counts[k]} ({counts[k, 'else']})" for k in benches)]
            for row, counts in sorted(said.items())
        ],
    )
    table(
        "Taken for a command though none was said (an hour)",
        ["who", "minutes", "state", *heads],
        [
            [who, f"{counts['ms'] / 60000:.1f}", str(state)]
            + [f"{counts[k]} ({3.6e6 * counts[k] / counts['ms']:.0f})" for k in benches]
            for (who, state), counts in sorted(nothing.items())
        ],
    )


def lacking_rows(heard: Sequence[Heard]) -> list[str]:
    """The rows of a card for which there is no recording."""
    there = {row for one in heard for row in one.rows}
    return [row for row in (*ROWS, WAKE_WORDS) if row not in there]


def numbers(models: Sequence[Path], every: int) -> None:
    """Numbers that their sentence doesn't list, by synthetic voices: each one that is taken for a
    command was taken for another one."""
    voices = [voice for voice in NUMBER_VOICES if not missing(voice)]
    asked = [
        (frame.format(number), context)
        for frame, context in NUMBERED.items()
        for number in NUMBERS
        if frame.format(number) not in UNDERSTANDING.commands(context)
    ][::every]
    benches = {model: Bench("ours", model) for model in models}
    taken: Counter[Path] = Counter()
    for place, (text, context) in enumerate(asked, 1):
        for voice in voices:
            with tempfile.TemporaryDirectory() as folder:
                rate_hz, samples = speech(voice, text, Path(folder))
            sound = to_rate(np.frombuffer(samples.tobytes(), np.int16) / np.float32(32768), rate_hz)
            clip = Clip("number", text, "synthetic", sound)
            sound = placed(clip, "clean", (), np.random.default_rng(1))
            for model, bench in benches.items():
                taken[model] += bool(bench.hits(sound, context))
        progress(place, len(asked), "numbers")
    table(
        "Numbers that the sentence doesn't list, by synthetic voices, taken for others",
        ["number", *(model.name for model in models)],
        [[str(len(asked) * len(voices)), *(str(taken[model]) for model in models)]],
    )


def costs(models: Sequence[Path]) -> None:
    """On the disk, until it is ready, and of memory, in a process of its own."""
    rows = []
    for model in models:
        size = sum(file.stat().st_size for file in model.rglob("*") if file.is_file())
        began = time.process_time()
        Decoder(model, {})
        load_ms = 1000 * (time.process_time() - began)
        rows.append([model.name, f"{size / 1e6:.1f}", f"{load_ms:.0f}", memory("ours", model)])
    table(
        "What it costs",
        ["model", "MB on the disk", "ms of a processor to load", "MB of memory at most"],
        rows,
    )


def _count_false(
    nothing: defaultdict[tuple[str, Context], Counter[object]],
    who: str,
    sound: Sound,
    spoken: Sound,
    benches: dict[tuple[str, Path], Bench],
) -> None:
    for state in NOT_SAID_IN:
        counts = nothing[who, state]
        counts["ms"] += round(1000 * len(spoken) / RATE_HZ)
        for (name, model), bench in benches.items():
            if bearable(name, state):
                counts[name, model] += len(bench.hits(sound, state))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="How well it hears whom.")
    parser.add_argument("--labels", type=Path, nargs="+", required=True, metavar="FILE.tsv")
    parser.add_argument("--models", type=Path, nargs="+", default=[shipped()], metavar="FOLDER")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=there())
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of each row every Nth")
    parser.add_argument("--draws", type=int, default=1, metavar="N", help="noises for each word")
    options = parser.parse_args(arguments)
    every = [one for labels in options.labels for one in recordings(labels, options.every)]
    heard = [one for one in every if one.rows != (WAKE_WORDS,)]
    names = [(name, model) for model in options.models for name in options.engines]
    names = [one for i, one in enumerate(names) if one[0] != "PocketSphinx" or i < len(ENGINES)]
    measure(names, heard, options.draws)
    noises = [one.clip.sound for one in heard if one.clip.kind == "noise"]
    woken = [one.clip for one in every if one.rows == (WAKE_WORDS,)]
    for model in options.models if woken else ():
        print(f"\n{model.name}; the other engines have no wake phrase of their own.")
        wake_phrases(model, woken, noises, ["clean", "10 dB"] if noises else ["clean"])
    numbers(options.models, options.every)
    costs(options.models)
    for row in lacking_rows(every):
        print(f"Not measured: {row}: no recording of it is marked eval in these labels.")
    for engine in ENGINES:
        if engine not in options.engines:
            print(f"Not measured: {engine}: not installed, or not asked for.")


if __name__ == "__main__":
    main()
