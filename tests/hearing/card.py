"""How well it hears whom: a row for each kind of people, sound and place, several models abreast.

    python -m tests.hearing.card --labels FILE.tsv... [--models FOLDER...] [--every N]
        [--engines NAME...] [--draws N]

Decides who counts as what, from a recording's source and its speaker's name: speechocean762 puts
age and sex at its end ("6m"), a neural voice's first letter is where it comes from ("bf_emma" is
British), and "child" follows one that was made child-like. What a synthesiser says is a row of its
own and never counted with people. Only rows marked `eval` are read; what is a command, and in which
situation, is decided as in `compare`.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.models import shipped
from tests.hearing.compare import Bench, Clip, bearable, meaning, placed, progress, to_rate
from tests.hearing.engines import ENGINES, RATE_HZ, there
from tests.hearing.measure import Sound, table
from tests.hearing.setting import UNDERSTANDING

NEURAL = "kokoro82m"
LEARNERS = "speechocean762"
GROWN_UP_YEARS = 13
PLACES = {"near, quiet": "clean", "noise at 10 dB": "10 dB", "2 m, simulated": "2 m"}
NOT_SAID_IN = (Context.SESSION, Context.IDLE)


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording, and whose."""

    who: str
    clip: Clip


def recordings(labels: Path, every: int) -> Iterator[Heard]:
    """Every Nth of each kind."""
    head, *lines = labels.read_text(encoding="utf-8").splitlines()
    seen: Counter[str] = Counter()
    for line in lines:
        row = dict(zip(head.split("\t"), line.split("\t"), strict=True))
        if row["split"] != "eval" or row["kind"] == "wakeword":
            continue
        who = whose(row["source"], row["speaker"])
        context, command = command_of(row["kind"], row["text"], row["source"])
        if row["kind"] == "noise":
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
        yield Heard(who, Clip(row["kind"], row["text"], row["source"], sound, context, command))


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
                    counts = said[one.who, label]
                    counts["number"] += 1
                    for key, bench in benches.items():
                        hits = bench.hits(sound, clip.context)
                        counts[key] += any(hit.command is clip.command for hit in hits)
                        counts[key, "else"] += any(hit.command is not clip.command for hit in hits)
                else:
                    _count_false(nothing, one.who, sound, clip.sound, benches)
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
    heard = [one for labels in options.labels for one in recordings(labels, options.every)]
    names = [(name, model) for model in options.models for name in options.engines]
    names = [one for i, one in enumerate(names) if one[0] != "PocketSphinx" or i < len(ENGINES)]
    measure(names, heard, options.draws)


if __name__ == "__main__":
    main()
