"""Measure the listening path and print the tables of `models/README.md`.

    python -m tests.hearing.measure [MODEL] [--speech FOLDER] [--every N]

Synthetic voices say every kind of command in its situation; where recordings of people are
(`labels.tsv` and `eval/`), their words are counted, and what talk and noise are taken for.
Figures of synthetic voices say little about people; they are never mixed.
"""

from __future__ import annotations

import argparse
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import soundfile

from assistant.coach.events import Command, Context
from assistant.hearing.ear import Utterance
from assistant.hearing.models import shipped
from tests.hearing.setting import UNDERSTANDING, accepted, feed, new_ear
from tests.hearing.test_ear import SAID
from tests.hearing.test_files import SPEECH
from tests.hearing.voices import ESPEAK, FLITE, HARD, lacking, quiet, sentence

PEOPLE = {
    "stop": Context.SESSION,
    "go": Context.SESSION,
    "repeat": Context.SESSION,
    "help": Context.SESSION,
    "yes": Context.QUESTION,
    "no": Context.QUESTION,
    "start": Context.AWAKE,
}


def run(model: Path, rate_hz: int, samples: array[int], context: Context) -> list[Utterance]:
    ear = new_ear(rate_hz, context, model)
    return feed(ear, rate_hz, samples.tobytes()) + ear.finish()


def synthetic(model: Path) -> None:
    print("\n| synthetic voice | taken | as another command |\n|---|---|---|")
    delays: list[float] = []
    said = [(context, text) for context, texts in SAID.items() for text in texts]
    for voice in (*ESPEAK, *FLITE, *HARD):
        if lacking(voice):
            continue
        right = wrong = 0
        for context, text in said:
            with tempfile.TemporaryDirectory() as folder:
                rate_hz, samples, end_s = sentence(voice, text, Path(folder))
            heard = run(model, rate_hz, samples, context)
            expected = UNDERSTANDING.commands(context)[text]
            right += accepted(heard) == [expected]
            wrong += any(command is not expected for command in accepted(heard))
            delays += [u.decided_s - end_s for u in heard if u.verdict.command is expected]
        print(f"| {voice} | {right} of {len(said)} | {wrong} |", flush=True)
    delays.sort()
    middle, late = delays[len(delays) // 2], delays[round(0.95 * (len(delays) - 1))]
    print(
        f"\nFrom the end of the last word to the decision: median {middle:.2f} s, p95 {late:.2f} s"
    )


def recordings(speech: Path, kinds: set[str], every: int) -> Iterator[tuple[str, str, array[int]]]:
    """Kind, text and sound, at 16 kHz with half a second of quiet around it."""
    lines = (speech / "labels.tsv").read_text().splitlines()
    header = lines[0].split("\t")
    rows = [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]
    chosen = [row for row in rows if row["split"] == "eval" and row["kind"] in kinds]
    for row in chosen[::every]:
        samples, rate_hz = soundfile.read(speech / row["path"], dtype="int16")
        silence = quiet(rate_hz, 1.0)
        yield row["kind"], row["text"], silence + array("h", samples.tobytes()) + silence


def words(model: Path, speech: Path, every: int) -> None:
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for _, text, samples in recordings(speech, {"word"}, every):
        asked = text in PEOPLE
        expected = Command(text) if asked else None
        for context in (PEOPLE[text],) if asked else (Context.SESSION, Context.QUESTION):
            name = text if asked else f"(other words) in {context}"
            commands = accepted(run(model, 16000, samples, context))
            total[name] += 1
            right[name] += expected in commands
            wrong[name] += any(command is not expected for command in commands)
    print("\n| people say | taken | as another command |\n|---|---|---|")
    for name, count in sorted(total.items()):
        print(f"| {name} | {right[name]} of {count} | {wrong[name]} |", flush=True)


def false_commands(model: Path, speech: Path, every: int) -> None:
    kinds = {"talk", "phrase", "wakeword", "noise"}
    contexts = (Context.IDLE, Context.SESSION, Context.QUESTION)
    length_s: Counter[str] = Counter()
    taken: dict[tuple[str, Context], Counter[str]] = {}
    for kind, _, samples in recordings(speech, kinds, every):
        length_s[kind] += round(len(samples) / 16)
        for context in contexts:
            counted = taken.setdefault((kind, context), Counter())
            counted.update(map(str, accepted(run(model, 16000, samples, context))))
    print("\n| taken for a command | minutes | idle | session | question |\n|---|---|---|---|---|")
    for kind, milliseconds in sorted(length_s.items()):
        counts = [taken[kind, context] for context in contexts]
        cells = [f"{c.total()} {dict(c.most_common(3)) or ''}" for c in counts]
        print(f"| {kind} | {milliseconds / 60000:.0f} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the listening path.")
    parser.add_argument("model", type=Path, nargs="?", default=shipped())
    parser.add_argument("--speech", type=Path, default=SPEECH, help="folder with labels.tsv")
    parser.add_argument("--every", type=int, default=1, help="every Nth recording only")
    options = parser.parse_args()
    synthetic(options.model)
    if (options.speech / "labels.tsv").is_file():
        words(options.model, options.speech, options.every)
        false_commands(options.model, options.speech, options.every)
    else:
        print("\nNo recordings of people: set ASSISTANT_SPEECH_DIR or --speech.")


if __name__ == "__main__":
    main()
