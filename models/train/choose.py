"""Choosing the operating point on people who are kept apart from learning and from measuring.

    python -m models.train.choose WORK MODEL [--costs -1.8 -1.4 -1] [--every N]

Decides which confidence a command needs in each situation, and what a filler sound costs (less:
more is taken for unknown speech). It uses only speakers of the corpus marked `dev`, whom the model
hasn't heard, and made noise and music from other numbers than the training's, through the product's
own ear; a choice made on recordings that are measured with would flatter them. Voices are counted
apart from people, and children's sentences are among those that hold no command.

Everything that is a whole phrase is let through once, with its confidence; what each limit would
have let through is reckoned from that. The limit that is proposed takes the most commands where a
false one weighs as much as WEIGHT missed ones, and none at all to an idle assistant.
"""

import argparse
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.accept import (
    LEAST_CONFIDENCE,
    Evidence,
    Verdict,
    accept,
    least_confidence,
)
from assistant.hearing.decoder import Decoder
from assistant.hearing.ear import Ear
from assistant.hearing.level_gate import BLOCK_S
from models.build_graph import FILLER_COST, build, read_filler, vocabulary
from models.train.audio import RATE_HZ, Samples
from models.train.data import MADE, ROOT, Clip, Corpus, understanding
from models.train.sounds import music, noise

WHERE = (
    *(Context.QUESTION, Context.SESSION, Context.PAUSED, Context.DUE, Context.IDLE, Context.AWAKE),
    Context.PAIN,
)
"""A sentence is asked for in the first of these that knows it; but "start" and numbers are not
answers to a question."""
NO_COMMAND_IN = (Context.SESSION, Context.QUESTION, Context.PAUSED, Context.IDLE, Context.DUE)
WEIGHT = 3.0
LIMITS = tuple(round(0.3 + 0.05 * i, 2) for i in range(13))
PIECES, PIECE_S = 30, 10
LEAST = 0.3


@dataclass(frozen=True, slots=True)
class Trial:
    """One sound in one situation."""

    context: Context
    group: str
    """people, voices, sentences, other words, noise, music."""
    said: str
    expected: Command | None
    heard: tuple[tuple[Command, float], ...]
    """The whole phrases that were heard, each with its confidence."""

    def taken(self, limit_of: Callable[[Command], float]) -> tuple[bool, int]:
        """Whether what was said is taken with these limits, and how many other commands."""
        found = [command for command, sure in self.heard if sure >= limit_of(command)]
        return self.expected in found, sum(command is not self.expected for command in found)


def trials(model: Path, corpus: Corpus, every: int) -> Iterator[Trial]:
    """All that is kept apart, heard with this model."""
    known = understanding()
    commands = {context: known.commands(context) for context in Context}
    ear = Ear(Decoder(model, commands), RATE_HZ, _lenient)
    chance = np.random.default_rng(5)

    def trial(sound: Samples, context: Context, group: str, said: str = "") -> Trial:
        heard = _heard(ear, sound, context, chance)
        return Trial(context, group, said, commands[context].get(said), heard)

    others = 0
    for clip in (*corpus.of("dev", "speech"), *corpus.of("dev", "talk")):
        context = next((c for c in WHERE if clip.text in commands[c]), None)
        if context is not None:
            yield trial(corpus.sound(clip), context, _group(clip), clip.text)
            continue
        others += 1
        if others % every == 0:
            group = "other words" if clip.text and " " not in clip.text else "sentences"
            for where in NO_COMMAND_IN:
                yield trial(corpus.sound(clip), where, group)
    for name, maker in (("noise", noise), ("music", music)):
        for number in range(0, PIECES, every):
            wave = maker(np.random.default_rng([99, number]), PIECE_S * RATE_HZ)
            sound = (wave / (np.std(wave) + 1e-9) * 2500).astype(np.float32)
            for where in NO_COMMAND_IN:
                yield trial(sound, where, name)


def _group(clip: Clip) -> str:
    return "voices" if clip.source in MADE else "people"


def _lenient(
    text: str,
    evidence: Evidence,
    phrases: Mapping[str, Command],
    at_most: Mapping[str, float],
    context: Context,
) -> Verdict:
    """The product's judgement but for the confidence."""
    sure = Evidence(
        1.0 if evidence.confidence >= LEAST else 0.0,
        evidence.length_s,
        evidence.above_own_db,
        evidence.saying,
    )
    return accept(text, sure, phrases, at_most, context)


def _heard(
    ear: Ear, sound: Samples, context: Context, chance: np.random.Generator
) -> tuple[tuple[Command, float], ...]:
    """The whole phrases in this sound, with a second of faint hiss around it."""
    around = chance.normal(0, 8, len(sound) + 2 * RATE_HZ)
    around[RATE_HZ:-RATE_HZ] += sound
    data = np.clip(around, -32767, 32767).astype("<i2").tobytes()
    ear.listen(context)
    size = 2 * round(RATE_HZ * BLOCK_S)
    found = [u for i in range(0, len(data), size) for u in ear.hear(data[i : i + size])]
    return tuple(
        (u.verdict.command, u.confidence)
        for u in (*found, *ear.finish())
        if u.verdict.accepted and u.verdict.command is not None
    )


def counted(found: Sequence[Trial]) -> list[tuple[str, int, int, int]]:
    """At the shipped limits, of each group how many were asked, taken, and taken for another."""
    rows: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for trial in found:
        right, wrong = trial.taken(partial(least_confidence, context=trial.context))
        name = f"{trial.group}, {trial.context}"
        rows[name] = [a + b for a, b in zip(rows[name], (1, right, wrong), strict=True)]
    return [(name, *counts) for name, counts in sorted(rows.items())]  # type: ignore[misc]


def proposed(found: Sequence[Trial]) -> list[tuple[Context, float, int, int]]:
    """For each situation and limit: how many were taken, and how many false commands; of the
    commands that `LEAST_CONFIDENCE` doesn't name."""
    rows = []
    for context in sorted({trial.context for trial in found}):
        here = [trial for trial in found if trial.context is context]
        for limit in LIMITS:

            def limit_of(command: Command, limit: float = limit) -> float:
                return LEAST_CONFIDENCE.get(command, limit)

            each = [trial.taken(limit_of) for trial in here]
            rows.append((context, limit, sum(r for r, _ in each), sum(w for _, w in each)))
    return rows


def best(rows: Sequence[tuple[Context, float, int, int]]) -> dict[Context, float]:
    """The limit that is proposed for each situation; of equals the strictest."""
    found: dict[Context, float] = {}
    worth: dict[Context, float] = {}
    for context, limit, right, wrong in rows:
        if context is Context.IDLE and wrong:
            continue
        value = right - WEIGHT * wrong
        if context not in worth or value >= worth[context]:
            worth[context], found[context] = value, limit
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Choose the operating point.")
    parser.add_argument("work", type=Path, help="the folder that models.train made")
    parser.add_argument("model", type=Path)
    parser.add_argument("--costs", type=float, nargs="+", default=[FILLER_COST])
    parser.add_argument("--every", type=int, default=1, help="of what is no command: every Nth")
    options = parser.parse_args()
    corpus = Corpus(options.work)
    words = vocabulary()
    own = options.model.parent / "filler.txt"
    filler = read_filler(own if own.is_file() else ROOT / "models" / "filler.txt")
    for cost in options.costs:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            shutil.copytree(options.model / "am", place / "am")
            build(place, words, filler, cost)
            found = list(trials(place, corpus, options.every))
        print(f"\nA filler sound costs {cost}; at the limits of today:\n")
        print("| said, where | number | taken | taken for another |\n|---|---|---|---|")
        for name, *counts in counted(found):
            print(f"| {name} | {' | '.join(map(str, counts))} |", flush=True)
        rows = proposed(found)
        print("\n| where | limit | taken | false |\n|---|---|---|---|")
        chosen = best(rows)
        for context, limit, right, wrong in rows:
            mark = " (proposed)" if chosen.get(context) == limit else ""
            print(f"| {context} | {limit}{mark} | {right} | {wrong} |")


if __name__ == "__main__":
    main()
