"""A model between models: each weight is the weighted mean of theirs.

    python -m models.train.blend OUT MODEL SHARE MODEL SHARE [MODEL SHARE ...]

A model that learnt on from another one knows something new and has lost something old; between the
two there is often one that has lost little of either (Wortsman et al., "Robust fine-tuning of
zero-shot models", 2022). They must be of one family: each learnt on from another, or all from one.
Decides nothing about which share is best: that is measured. The graph is built as the shipped one.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.build_graph import HERE, build, read_filler, vocabulary
from models.train.kaldi import AffineLike, Written, read_model, write_model


def blended(models: Sequence[Written], shares: Sequence[float]) -> Written:
    """The mean of these models; `shares` sum to one. Raises ValueError for models that differ in
    more than their weights."""
    if abs(sum(shares) - 1) > 1e-6:
        raise ValueError(f"the shares sum to {sum(shares):g}, not to 1")
    first = models[0]
    if any(shape(model) != shape(first) for model in models):
        raise ValueError("the models' networks are of different shapes: blend models of one family")
    parts: dict[str, AffineLike | int] = {}
    for name, part in first.parts.items():
        layers = [model.parts[name] for model in models]
        parts[name] = part if isinstance(part, int) else mean(layers, shares)
    return Written(first.lines, parts, first.context)


def mean(layers: Sequence[AffineLike | int], shares: Sequence[float]) -> AffineLike:
    weights, bias = (
        sum(
            np.float32(share) * layer[i]
            for layer, share in zip(layers, shares, strict=True)
            if not isinstance(layer, int)
        )
        for i in (0, 1)
    )
    return np.asarray(weights, np.float32), np.asarray(bias, np.float32)


def shape(model: Written) -> object:
    sizes = {n: p if isinstance(p, int) else p[0].shape for n, p in model.parts.items()}
    return model.lines, sizes, model.context


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Blend models that learnt on from one another.")
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument(
        "models", nargs="+", metavar="MODEL SHARE", help="folder and share, at least two"
    )
    options = parser.parse_args(arguments)
    folders, shares = options.models[::2], options.models[1::2]
    if len(folders) != len(shares):
        parser.error(f"{folders[-1]} has no share: give MODEL SHARE, both of each")
    filler = read_filler(HERE / "filler.txt")
    try:
        models = [read_model(Path(folder) / "am" / "final.mdl") for folder in folders]
        made = blended(models, [float(share) for share in shares])
    except (OSError, ValueError) as error:
        parser.error(str(error))
    write_model(options.out / "am" / "final.mdl", filler[0], made.lines, made.parts, made.context)
    build(options.out, vocabulary(), filler)


if __name__ == "__main__":
    main()
