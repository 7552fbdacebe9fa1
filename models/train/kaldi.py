"""Writes `am/final.mdl` as libvosk reads it, Kaldi's binary form of transitions and network, and
reads the layers back.

Every token is followed by one space; a number is preceded by its size in bytes. The numbering of
phones and transitions is that of `models/build_graph.py`.
"""

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from models.build_graph import PLACES, Numbering

Matrix = npt.NDArray[np.float32]
AffineLike = tuple[Matrix, Matrix]
"""Weights (outputs, inputs) and bias (outputs)."""
LEVELS = 255
HALF = math.log(0.5)


def write_model(
    path: Path,
    phones: Sequence[str],
    lines: Sequence[str],
    parts: Mapping[str, AffineLike | int],
    context: tuple[int, int],
) -> None:
    """`parts`: by name, an affine layer, or the size of a rectifier. `context`: frames of 10 ms."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(b"\0B")
        write_transitions(file, triples_of(phones))
        write_network(file, lines, parts)
        for name, frames in zip(("LeftContext", "RightContext"), context, strict=True):
            token(file, f"<{name}>")
            integer(file, frames)
        token(file, "<Priors>")  # none: trained by maximum mutual information
        vector(file, np.zeros(0, np.float32))


def triples_of(phones: Sequence[str]) -> list[tuple[int, int, int]]:
    """(phone, output at its beginning, output while it goes on), in the order of transition ids."""
    ids = Numbering(list(phones))
    spoken = [ids.triple(p, place, f) for p in phones for place in PLACES for f in (False, True)]
    return sorted([ids.silence, *spoken])


def write_transitions(file: BinaryIO, triples: Sequence[tuple[int, int, int]]) -> None:
    """Each phone is one state that may last: its first frame has an output of its own."""
    token(file, "<TransitionModel>")
    token(file, "<Topology>")
    phones = sorted({phone for phone, _, _ in triples})
    integers(file, phones)
    integers(file, [0 if phone in set(phones) else -1 for phone in range(phones[-1] + 1)])
    integer(file, -1)  # what follows tells first and later frames apart
    for number in (1, 2, 0, 1, 2):  # one topology, two states; the first: outputs 0, 1; two ways on
        integer(file, number)
    for target in (0, 1):
        integer(file, target)
        real(file, 0.5)
    for number in (-1, -1, 0):  # the last state: no outputs, no way on
        integer(file, number)
    token(file, "</Topology>")
    token(file, "<Tuples>")
    integer(file, len(triples))
    for phone, begins, goes_on in triples:
        for number in (phone, 0, begins, goes_on):
            integer(file, number)
    token(file, "</Tuples>")
    token(file, "<LogProbs>")
    vector(file, np.array([0.0] + [HALF] * (2 * len(triples)), np.float32))
    token(file, "</LogProbs>")
    token(file, "</TransitionModel>")


def write_network(
    file: BinaryIO, lines: Sequence[str], parts: Mapping[str, AffineLike | int]
) -> None:
    token(file, "<Nnet3>")
    file.write(b"\n" + "\n".join(lines).encode() + b"\n\n")
    token(file, "<NumComponents>")
    integer(file, len(parts))
    for name, part in parts.items():
        token(file, "<ComponentName>")
        token(file, name)
        if isinstance(part, int):
            rectifier(file, part)
        else:
            affine(file, *part)
    token(file, "</Nnet3>")


def affine(file: BinaryIO, weights: Matrix, bias: Matrix) -> None:
    token(file, "<AffineComponent>")
    token(file, "<LearningRate>")
    real(file, 0.001)
    token(file, "<LinearParams>")
    matrix(file, weights)
    token(file, "<BiasParams>")
    vector(file, bias)
    token(file, "</AffineComponent>")


def rectifier(file: BinaryIO, size: int) -> None:
    token(file, "<RectifiedLinearComponent>")
    token(file, "<Dim>")
    integer(file, size)
    for statistic in ("<ValueAvg>", "<DerivAvg>"):
        token(file, statistic)
        vector(file, np.zeros(0, np.float32))
    token(file, "<Count>")
    file.write(b"\x08" + struct.pack("<d", 0.0))
    token(file, "</RectifiedLinearComponent>")


@dataclass(frozen=True)
class Written:
    """What a model's file holds: see `write_model`."""

    lines: list[str]
    parts: dict[str, AffineLike | int]
    context: tuple[int, int]


def read_model(path: Path) -> Written:
    """What `write_model` wrote; raises ValueError for any other file."""
    data = path.read_bytes()
    parts: dict[str, AffineLike | int] = {}
    try:
        begin, at = data.index(b"<Nnet3> ") + len(b"<Nnet3> "), data.index(b"<NumComponents> ")
        lines = data[begin:at].decode().strip().splitlines()
        while (at := data.find(b"<ComponentName> ", at)) >= 0:
            at += len(b"<ComponentName> ")
            name = data[at : data.index(b" ", at)].decode()
            at += len(name) + 1
            if data.startswith(b"<RectifiedLinearComponent> ", at):
                parts[name] = _integer_after(data, b"<Dim> ", at)
            elif data.startswith(b"<AffineComponent> ", at):
                at = data.index(b"CM3 ", at) + len(b"CM3 ")
                least, extent, rows, columns = struct.unpack_from("<ffii", data, at)
                steps = np.frombuffer(data, np.uint8, rows * columns, at + 16)
                at += 16 + rows * columns
                at = data.index(b"FV ", at) + len(b"FV ") + 5
                weights = least + steps.reshape(rows, columns) * np.float32(extent / LEVELS)
                bias = np.frombuffer(data, "<f4", rows, at)
                parts[name] = weights.astype(np.float32), bias.astype(np.float32)
                at += 4 * rows
        ends = [_integer_after(data, b"<%sContext> " % side, 0) for side in (b"Left", b"Right")]
    except (ValueError, struct.error):
        parts = {}
    if not any(isinstance(part, tuple) for part in parts.values()):
        raise ValueError(f"{path}: not a model that `python -m models.train` wrote")
    return Written(lines, parts, (ends[0], ends[1]))


def _integer_after(data: bytes, name: bytes, at: int) -> int:
    [value] = struct.unpack_from("<i", data, data.index(name, at) + len(name) + 1)
    return int(value)


def read_layers(path: Path) -> dict[str, AffineLike]:
    """The affine layers of a model that `write_model` wrote, by name."""
    parts = read_model(path).parts
    return {name: part for name, part in parts.items() if not isinstance(part, int)}


def token(file: BinaryIO, text: str) -> None:
    file.write(text.encode() + b" ")


def integer(file: BinaryIO, value: int) -> None:
    file.write(b"\x04" + struct.pack("<i", value))


def real(file: BinaryIO, value: float) -> None:
    file.write(b"\x04" + struct.pack("<f", value))


def integers(file: BinaryIO, values: Sequence[int]) -> None:
    integer(file, len(values))
    file.write(np.asarray(values, "<i4").tobytes())


def vector(file: BinaryIO, values: Matrix) -> None:
    token(file, "FV")
    integer(file, len(values))
    file.write(values.astype("<f4").tobytes())


def matrix(file: BinaryIO, values: Matrix) -> None:
    """Rows one after the other, a byte a number: its place between the least and the greatest."""
    least, extent, steps = stepped(values)
    token(file, "CM3")
    file.write(struct.pack("<ffii", least, extent, *values.shape))
    file.write(steps.tobytes())


def stepped(values: Matrix) -> tuple[float, float, npt.NDArray[np.uint8]]:
    """Least number, greatest less least, and each number in 255ths of that."""
    least = float(values.min())
    extent = float(values.max()) - least
    steps = np.round((values - least) / max(extent, 1e-20) * LEVELS)
    return least, extent, np.clip(steps, 0, LEVELS).astype(np.uint8)


def as_read(values: Matrix) -> Matrix:
    """What the recogniser will read back."""
    least, extent, steps = stepped(values)
    return (least + steps.astype(np.float32) * (extent / LEVELS)).astype(np.float32)
