"""Makes `models/negatives.ogg`: what `assistant teach` tries for false commands.

    python -m models.train.negatives OUT.ogg

Words that differ from a short command by one sound, each in a synthesiser's voice drawn by chance,
then noises and music, with short pauses between. Words that sound the same as a command ("know",
"paws") are left out: nothing can tell them apart. Everything in it is made by this program and the
synthesisers that the model learnt from; no person's recording is part of it.
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile

from assistant.coach.effects import Context
from models.build_graph import vocabulary
from models.train import synth
from models.train.audio import RATE_HZ, Samples, level
from models.train.data import SHORT, confusable, understanding
from models.train.sounds import other_than_speech

SEED = 19
WORDS, NOISES = 36, 3
NOISE_S = 2.5
GAP_S = 0.45
LOUDNESS = 2500.0
UNKIND = ("dumb", "hell", "sex")


def near() -> list[str]:
    """Words that sound like a short command, and are none anywhere."""
    words = vocabulary()
    known = understanding()
    said = {word for context in Context for text in known.phrases(context) for word in text.split()}
    same = {tuple(sounds) for word in SHORT for sounds in words.get(word, [])}
    return [
        word
        for word in confusable(words)
        if word not in (*said, *UNKIND) and not same & {tuple(sounds) for sounds in words[word]}
    ]


def made(chance: np.random.Generator) -> Samples:
    """All of it, one after the other."""
    pieces: list[Samples] = []
    engines = synth.voices()
    words = near()
    while len(pieces) < WORDS:
        word = words[int(chance.integers(len(words)))]
        try:
            sound = synth.say(word, chance, engines)
        except synth.Refused:
            continue
        pieces.append(sound / level(sound) * np.float32(LOUDNESS))
    pieces += [
        other_than_speech(chance, round(NOISE_S * RATE_HZ)) * np.float32(0.7) for _ in range(NOISES)
    ]
    gap = np.zeros(round(GAP_S * RATE_HZ), np.float32)
    return np.concatenate([part for piece in pieces for part in (gap, piece)] + [gap])


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the sounds that hold no command.")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    sound = np.clip(made(np.random.default_rng(SEED)) / 32768, -0.99, 0.99)
    soundfile.write(options.out, sound, RATE_HZ, format="OGG", subtype="OPUS")
    print(f"{options.out}: {len(sound) / RATE_HZ:.0f} s, {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
