"""Choosing the operating point: what each price of a filler sound does to people kept apart.

    python -m models.train.choose WORK MODEL [--costs -0.6 -0.3 0] [--every N]

Uses only speakers of the corpus marked `dev`, whom the model hasn't heard, and made noise and music
from other numbers than the training's; through the product's own ear and acceptance. Recordings
kept for measuring are not touched: a choice made on them would flatter them.
"""

import argparse
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.decoder import Decoder
from assistant.hearing.ear import Ear
from assistant.hearing.level_gate import BLOCK_S
from models.build_graph import FILLER_COST, build, read_filler, vocabulary
from models.train.audio import RATE_HZ, Samples
from models.train.data import Corpus, understanding
from models.train.sounds import music, noise

ASKED = {
    **dict.fromkeys(("stop", "go", "repeat", "help"), Context.SESSION),
    **dict.fromkeys(("yes", "no"), Context.QUESTION),
    "start": Context.AWAKE,
}
PIECES, PIECE_S = 30, 10


class Trial:
    """One model with one price."""

    def __init__(self, model: Path) -> None:
        known = understanding()
        self._commands = {context: known.commands(context) for context in Context}
        self._ear = Ear(Decoder(model, self._commands), RATE_HZ)
        self._chance = np.random.default_rng(5)

    def taken(self, sound: Samples, context: Context) -> list[Command | None]:
        """What is accepted in this situation, with a second of faint hiss around it."""
        around = self._chance.normal(0, 8, len(sound) + 2 * RATE_HZ)
        around[RATE_HZ:-RATE_HZ] += sound
        data = np.clip(around, -32767, 32767).astype("<i2").tobytes()
        self._ear.listen(context)
        size = 2 * round(RATE_HZ * BLOCK_S)
        heard = [u for i in range(0, len(data), size) for u in self._ear.hear(data[i : i + size])]
        heard += self._ear.finish()
        return [u.verdict.command for u in heard if u.verdict.accepted]


def figures(
    trial: Trial, corpus: Corpus, every: int
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Of each word how many were asked, heard right and taken for another command.

    All of the commands, but of what is none only every so many.
    """
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for number, clip in enumerate(corpus.of("dev", "speech")):
        single = " " not in clip.text
        known = single and clip.text in ASKED
        if number % every and not known:
            continue
        name = clip.text if known else "other words" if single else "sentences"
        contexts = (ASKED[clip.text],) if known else (Context.SESSION, Context.QUESTION)
        for context in contexts:
            commands = trial.taken(corpus.sound(clip), context)
            expected = Command(clip.text) if known else None
            asked[name] += 1
            right[name] += expected in commands
            wrong[name] += any(command is not expected for command in commands)
    for name, maker in (("noise", noise), ("music", music)):
        for number in range(0, PIECES, every):
            wave = maker(np.random.default_rng([99, number]), PIECE_S * RATE_HZ)
            sound = (wave / (np.std(wave) + 1e-9) * 2500).astype(np.float32)
            for context in (Context.SESSION, Context.QUESTION):
                asked[name] += 1
                wrong[name] += len(trial.taken(sound, context))
    return asked, right, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description="Choose the price of a filler sound.")
    parser.add_argument("work", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--costs", type=float, nargs="+", default=[FILLER_COST])
    parser.add_argument("--every", type=int, default=1, help="of other words, noise: every Nth")
    options = parser.parse_args()
    corpus = Corpus(options.work)
    words = vocabulary()
    filler = read_filler(options.model.parent / "filler.txt")
    print("| cost | word | heard | of | taken for another |\n|---|---|---|---|---|")
    for cost in options.costs:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            shutil.copytree(options.model / "am", place / "am")
            build(place, words, filler, cost)
            asked, right, wrong = figures(Trial(place), corpus, options.every)
        for name in sorted(asked):
            print(
                f"| {cost} | {name} | {right[name]} | {asked[name]} | {wrong[name]} |", flush=True
            )


if __name__ == "__main__":
    main()
