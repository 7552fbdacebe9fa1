"""Measure the listening path and print the tables of `models/README.md`.

    python -m tests.hearing.measure [MODEL] [--speech FOLDER] [--every N] [--situations NAME...]

Synthetic voices say every kind of command in its situation; where recordings of people are
(`labels.tsv` and `eval/`), their words are counted, what talk and noise are taken for, and how
often either counts as people talking.
Figures of synthetic voices say little about people; they are never mixed.
"""

from __future__ import annotations

import argparse
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import soundfile

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.ear import Utterance
from assistant.hearing.gate import BLOCK_S, Gate
from assistant.hearing.models import shipped
from assistant.hearing.talk import Talk
from tests.hearing.setting import UNDERSTANDING, accepted, feed, new_ear
from tests.hearing.test_ear import sentences
from tests.hearing.test_files import SPEECH
from tests.hearing.voices import ESPEAK, FLITE, HARD, lacking, music, quiet, sentence

PEOPLE = {
    "stop": Context.SESSION,
    "go": Context.SESSION,
    "repeat": Context.SESSION,
    "help": Context.SESSION,
    "yes": Context.QUESTION,
    "no": Context.QUESTION,
    "start": Context.AWAKE,
}
SITUATIONS = tuple(c for c in Context if c is not Context.SPEAKING)


def run(model: Path, rate_hz: int, samples: array[int], context: Context) -> list[Utterance]:
    ear = new_ear(rate_hz, context, model)
    return feed(ear, rate_hz, samples.tobytes()) + ear.finish()


def synthetic(model: Path, situations: Sequence[Context]) -> None:
    print("\n| synthetic voice | taken | as another command |\n|---|---|---|")
    delays: list[float] = []
    said = [(context, text) for context in situations for text in sentences(context)]
    asked, taken = Counter(context for context, _ in said), Counter[Context]()
    voices = [voice for voice in (*ESPEAK, *FLITE, *HARD) if not lacking(voice)]
    for voice in voices:
        right = wrong = 0
        for context, text in said:
            with tempfile.TemporaryDirectory() as folder:
                rate_hz, samples, end_s = sentence(voice, text, Path(folder))
            heard = run(model, rate_hz, samples, context)
            expected = UNDERSTANDING.commands(context)[text]
            taken[context] += accepted(heard) == [expected]
            right += accepted(heard) == [expected]
            wrong += any(command is not expected for command in accepted(heard))
            delays += [u.decided_s - end_s for u in heard if u.verdict.command is expected]
        print(f"| {voice} | {right} of {len(said)} | {wrong} |", flush=True)
    print("\n| situation | phrases | taken |\n|---|---|---|")
    for context, count in asked.items():
        phrases = len(UNDERSTANDING.phrases(context))
        print(f"| {context} | {phrases} | {taken[context]} of {count * len(voices)} |")
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


def false_commands(model: Path, speech: Path, every: int, situations: Sequence[Context]) -> None:
    kinds = {"talk", "phrase", "wakeword", "noise"}
    length_s: Counter[str] = Counter()
    taken: dict[tuple[str, Context], Counter[str]] = {}
    for kind, _, samples in recordings(speech, kinds, every):
        length_s[kind] += round(len(samples) / 16)
        for context in situations:
            counted = taken.setdefault((kind, context), Counter())
            counted.update(map(str, accepted(run(model, 16000, samples, context))))
    print(f"\n| taken for a command | minutes | {' | '.join(situations)} |")
    print("|---|---" + "|---" * len(situations) + "|")
    for kind, milliseconds in sorted(length_s.items()):
        counts = [taken[kind, context] for context in situations]
        cells = [f"{c.total()} {dict(c.most_common(3)) or ''}" for c in counts]
        print(f"| {kind} | {milliseconds / 60000:.0f} | {' | '.join(cells)} |", flush=True)


def reports(rate_hz: int, samples: array[int]) -> list[float]:
    """When people were found to talk, in seconds; the recogniser isn't asked."""
    gate, talk = Gate(), Talk(rate_hz)
    size = round(rate_hz * BLOCK_S)
    times = []
    for start in range(0, len(samples), size):
        block = samples[start : start + size].tobytes()
        loud = gate.loud(block)
        if talk.block(block, gate.level_db, loud):
            times.append(start / rate_hz)
    return times


def talking(speech: Path, every: int) -> None:
    """How much of talk, and of what is none, counts as people talking."""
    seconds: Counter[str] = Counter()
    found: Counter[str] = Counter()
    longest = dict.fromkeys(("talk", "phrase"), 0.0)
    sounds = list(recordings(speech, {"talk", "phrase", "noise", "word"}, every))
    music_s = 60
    sounds += [("music", style, music(style, music_s)) for style in ("melody", "chords", "organ")]
    for kind, text, samples in sounds:
        name = f"noise ({text})" if kind == "noise" and text == "baby cry" else kind
        times, end_s = reports(16000, samples), len(samples) / 16000 - 1.0
        seconds[name] += round(1000 * (end_s if kind == "music" else end_s - 1.0))
        found[name] += len(times)
        if kind in longest:
            gaps = [b - a for a, b in pairwise([1.0, *times, end_s])]
            longest[kind] = max(longest[kind], *gaps)
    print("\n| sound | minutes | counted as talk, times a second | longest without, s |")
    print("|---|---|---|---|")
    for name, milliseconds in sorted(seconds.items()):
        share = 1000 * found[name] / milliseconds
        gap = f"{longest[name]:.0f}" if name in longest else ""
        print(f"| {name} | {milliseconds / 60000:.0f} | {share:.2f} | {gap} |")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the listening path.")
    parser.add_argument("model", type=Path, nargs="?", default=shipped())
    parser.add_argument("--speech", type=Path, default=SPEECH, help="folder with labels.tsv")
    parser.add_argument("--every", type=int, default=1, help="every Nth recording only")
    parser.add_argument("--situations", type=Context, nargs="+", default=SITUATIONS)
    options = parser.parse_args()
    synthetic(options.model, options.situations)
    if (options.speech / "labels.tsv").is_file():
        words(options.model, options.speech, options.every)
        talking(options.speech, options.every)
        false_commands(options.model, options.speech, options.every, options.situations)
    else:
        print("\nNo recordings of people: set ASSISTANT_SPEECH_DIR or --speech.")


if __name__ == "__main__":
    main()
