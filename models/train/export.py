"""From a trained run to the files of a model: the acoustic part, the filler, the graph."""

import math
from pathlib import Path

import numpy as np

from models.build_graph import build, read_filler, vocabulary
from models.train.batches import bigram
from models.train.data import Corpus
from models.train.kaldi import write_model
from models.train.learn import PAUSE, Run
from models.train.network import AFTER, BEFORE, Affine, Network, as_components

UNLIKELY = 1e-5


def export(run: Run, corpus: Path, model: Path) -> None:
    """Write the model; `filler.txt` goes beside its folder."""
    write_acoustic(run.mean, run.phones, model / "am" / "final.mdl")
    filler = model.parent / "filler.txt"
    filler.write_text(filler_text(Corpus(corpus), run.phones), encoding="utf-8")
    build(model, vocabulary(), read_filler(filler))


def write_acoustic(net: Network, phones: list[str], path: Path) -> None:
    lines, components = as_components(net)
    parts = {
        name: (part.weights, part.bias) if isinstance(part, Affine) else part.size
        for name, part in components.items()
    }
    write_model(path, phones, lines, parts, (BEFORE, AFTER))


def filler_text(corpus: Corpus, phones: list[str]) -> str:
    """How likely one sound follows another, from what people read aloud."""
    prose = [clip.text for clip in corpus.of("train", "speech") if clip.text.count(" ") > 3]
    table = bigram(prose, corpus.pronunciations, phones, PAUSE)
    costs = -np.log(np.maximum(table, UNLIKELY))
    lines = [
        "# How likely one speech sound follows another: minus the natural logarithm; "
        "row = before, column = after.",
        f"sil {' '.join(phones)}",
    ]
    names = [*phones, "sil"]
    for row in (len(phones), *range(len(phones))):
        values = " ".join(f"{max(0.0, cost):.2f}" for cost in costs[row][: len(phones)])
        lines.append(f"{names[row]} {values}")
    assert math.isfinite(costs.sum())
    return "\n".join(lines) + "\n"
