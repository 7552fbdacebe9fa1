"""The acoustic model: a time-delay network, and its form in the recogniser's terms.

A first layer sees five frames of 10 ms and moves on by three; then residual blocks, each a narrow
linear layer that also sees an earlier moment and a wide one that also sees a later moment, so that
most of the parameters (and of the time on a small machine) are in few numbers. It looks back 0.5
s and ahead 0.17 s: more ahead would delay every answer. Batch norm stands where the following layer
can swallow it: what is exported is affine layers, rectifiers and sums only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from models.train.features import BANDS

BLOCKS = ((1, 1), (1, 1), (2, 1), (2, 1), (1, 1), (1, 0), (2, 0), (3, 0), (3, 0))
"""How far back and ahead each block looks, in frames of 30 ms."""
BEFORE = 2 + 3 * sum(back for back, _ in BLOCKS)
AFTER = 2 + 3 * sum(ahead for _, ahead in BLOCKS)
"""In frames of 10 ms."""
WIDE, NARROW = 320, 96
DROPPED = 0.12
ADDED = 0.1
"""How much a new block says at first, in a network that begins with one of fewer blocks."""

Matrix = npt.NDArray[np.float32]


class Network(nn.Module):
    def __init__(self, outputs: int, wide: int = WIDE, narrow: int = NARROW) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(BANDS))
        self.register_buffer("scale", torch.ones(BANDS))
        self.mean: Tensor
        self.scale: Tensor
        self.first = nn.Conv1d(BANDS, wide, 5, stride=3)
        self.norms = nn.ModuleList(nn.BatchNorm1d(wide, affine=False) for _ in range(len(BLOCKS)))
        self.narrow = nn.ModuleList(
            nn.Conv1d(wide, narrow, 2 if back else 1, dilation=max(1, back), bias=False)
            for back, _ in BLOCKS
        )
        self.wide = nn.ModuleList(
            nn.Conv1d(narrow, wide, 2 if ahead else 1, dilation=max(1, ahead))
            for _, ahead in BLOCKS
        )
        self.last_norm = nn.BatchNorm1d(wide, affine=False)
        self.last = nn.Conv1d(wide, outputs, 1)
        nn.init.zeros_(self.last.weight)  # flat: at first every sound is as likely everywhere

    def learn_range(self, frames: Tensor) -> None:
        """Mean and spread of the input, from some frames (count, BANDS)."""
        self.mean.copy_(frames.mean(dim=0))
        self.scale.copy_(1 / frames.std(dim=0))

    @torch.no_grad()
    def take_over(self, layers: Mapping[str, tuple[Matrix, Matrix]], shown: list[Tensor]) -> None:
        """Begin with what a written model has learnt: its layers (see `as_components`), of as many
        blocks or fewer. `shown` are batches such as it will learn from: they tell the mean and
        spread before each layer, which a written model holds no more."""
        blocks = range(1, len(BLOCKS) + 1)
        names = ["first", "last", *(f"{part}{i}" for i in blocks for part in ("narrow", "wide"))]
        if unknown := layers.keys() - set(names):
            raise ValueError(f"a network of other parts: {', '.join(sorted(unknown))}")
        self.eval()
        unfold(self.first, layers["first"], self.scale, -(self.mean * self.scale))
        for i, norm, narrow, wide in zip(blocks, self.norms, self.narrow, self.wide, strict=True):
            assert isinstance(norm, nn.BatchNorm1d)
            assert isinstance(narrow, nn.Conv1d)
            assert isinstance(wide, nn.Conv1d)
            if f"narrow{i}" not in layers:
                wide.weight.mul_(ADDED)
                assert wide.bias is not None
                wide.bias.mul_(ADDED)
                continue
            self._learn_norm(norm, shown)
            scale, shift = as_scale(norm)
            unfold(narrow, layers[f"narrow{i}"], scale, shift)
            # Without a bias of its own the layer needs a mean that makes the written one.
            bias = torch.from_numpy(layers[f"narrow{i}"][1])
            across = narrow.weight.sum(dim=2)
            lacking = torch.linalg.lstsq(across, (bias - across @ shift)[:, None], driver="gelsd")
            assert norm.running_mean is not None
            norm.running_mean.sub_(lacking.solution[:, 0] / scale)
            none = torch.ones(wide.in_channels), torch.zeros(wide.in_channels)
            unfold(wide, layers[f"wide{i}"], *none)
        self._learn_norm(self.last_norm, shown)
        unfold(self.last, layers["last"], *as_scale(self.last_norm))

    def _learn_norm(self, norm: nn.BatchNorm1d, shown: list[Tensor]) -> None:
        """Mean and spread of what reaches it."""
        reached: list[Tensor] = []
        hook = norm.register_forward_pre_hook(lambda _, given: reached.append(given[0]))
        for frames in shown:
            self(frames)
        hook.remove()
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.running_mean.copy_(torch.cat(reached).mean(dim=0))
        norm.running_var.copy_(torch.cat(reached).var(dim=0))

    def forward(self, frames: Tensor) -> Tensor:
        """(clips, frames, BANDS) to (clips, frames / 3 rounded up, outputs).

        Convolutions written as products of matrices: on a processor that takes two thirds of the
        time.
        """
        length = frames.shape[1]
        count = (length + 2) // 3
        x = (frames - self.mean) * self.scale
        after = max(0, (count - 1) * 3 + 1 + AFTER - length)
        x = torch.cat([x[:, :1].expand(-1, BEFORE, -1), x, x[:, -1:].expand(-1, after, -1)], dim=1)
        x = x.unfold(1, 5, 3).flatten(2)
        x = torch.relu(linear(x, self.first.weight.flatten(1), self.first.bias))
        blocks = zip(BLOCKS, self.norms, self.narrow, self.wide, strict=True)
        for (back, ahead), norm, narrow, wide in blocks:
            now = in_time(linear(norm(x.flatten(0, 1)), by_moment(narrow.weight)), x, back)
            if ahead:
                now = torch.cat([now[:, :-ahead], now[:, ahead:]], dim=2)
            now = torch.relu(linear(now, wide.weight.transpose(1, 2).flatten(1), wide.bias))
            x = x[:, back : x.shape[1] - ahead] + self.thinned(now)
        scores = linear(self.last_norm(x.flatten(0, 1)), self.last.weight[:, :, 0], self.last.bias)
        return scores.view(len(x), -1, scores.shape[1])[:, :count]

    def thinned(self, x: Tensor) -> Tensor:
        """While it learns, some outputs are off for a whole clip."""
        if not self.training:
            return x
        kept = (torch.rand(len(x), 1, x.shape[2]) >= DROPPED).float()
        return x * (kept / (1 - DROPPED))


def by_moment(weights: Tensor) -> Tensor:
    """(outputs, inputs, moments) to (moments x outputs, inputs)."""
    return weights.permute(2, 0, 1).flatten(0, 1)


def in_time(both: Tensor, x: Tensor, back: int) -> Tensor:
    """What two moments contribute, added where they meet."""
    both = both.view(len(x), x.shape[1], -1)
    if not back:
        return both
    half = both.shape[2] // 2
    return both[:, :-back, :half] + both[:, back:, half:]


@dataclass(frozen=True)
class Affine:
    """Output = weights @ input + bias."""

    weights: Matrix
    bias: Matrix


@dataclass(frozen=True)
class Rectifier:
    size: int


Component = Affine | Rectifier


def as_components(net: Network) -> tuple[list[str], dict[str, Component]]:
    """Lines that wire the recogniser's network, and its parts by name."""
    lines = [f"input-node name=input dim={BANDS}"]
    parts: dict[str, Component] = {}

    def node(name: str, part: Component, source: str) -> None:
        parts[name] = part
        lines.append(f"component-node name={name} component={name} input={source}")

    shift = -(net.mean * net.scale)
    node("first", folded(net.first, net.scale, shift), appended("input", (-2, -1, 0, 1, 2)))
    node("first_relu", Rectifier(net.first.out_channels), "first")
    before = ["first_relu"]
    blocks = zip(BLOCKS, net.norms, net.narrow, net.wide, strict=True)
    for i, ((back, ahead), norm, narrow, wide) in enumerate(blocks, 1):
        assert isinstance(norm, nn.BatchNorm1d)
        assert isinstance(narrow, nn.Conv1d)
        assert isinstance(wide, nn.Conv1d)
        linear = folded(narrow, *as_scale(norm))
        node(f"narrow{i}", linear, appended(summed(before), (-3 * back, 0) if back else (0,)))
        offsets = (0, 3 * ahead) if ahead else (0,)
        none = torch.ones(wide.in_channels), torch.zeros(wide.in_channels)
        node(f"wide{i}", folded(wide, *none), appended(f"narrow{i}", offsets))
        node(f"wide{i}_relu", Rectifier(wide.out_channels), f"wide{i}")
        before.append(f"wide{i}_relu")
    node("last", folded(net.last, *as_scale(net.last_norm)), summed(before))
    lines.append("output-node name=output input=last objective=linear")
    return lines, parts


def as_scale(norm: nn.BatchNorm1d) -> tuple[Tensor, Tensor]:
    """What a trained batch norm does: times a scale, plus a shift."""
    assert norm.running_var is not None
    assert norm.running_mean is not None
    scale = 1 / torch.sqrt(norm.running_var + norm.eps)
    return scale, -norm.running_mean * scale


def folded(layer: nn.Conv1d, scale: Tensor, shift: Tensor) -> Affine:
    """The layer with what is done to its input before it; columns by moment, then by input."""
    weights = layer.weight.detach()
    bias = torch.einsum("oik,i->o", weights, shift)
    if layer.bias is not None:
        bias = bias + layer.bias.detach()
    columns = (weights * scale[None, :, None]).transpose(1, 2).reshape(len(weights), -1)
    return Affine(columns.numpy(), bias.numpy())


def unfold(layer: nn.Conv1d, written: tuple[Matrix, Matrix], scale: Tensor, shift: Tensor) -> None:
    """Undo `folded`: the layer, from its written weights and bias and what is done before it."""
    columns, bias = map(torch.from_numpy, written)
    weights = columns.view(len(columns), layer.kernel_size[0], layer.in_channels).transpose(1, 2)
    layer.weight.copy_(weights / scale[None, :, None])
    if layer.bias is not None:
        layer.bias.copy_(bias - torch.einsum("oik,i->o", layer.weight, shift))


def summed(names: list[str]) -> str:
    """The recogniser's sums have two terms."""
    text = names[0]
    for name in names[1:]:
        text = f"Sum({text}, {name})"
    return text


def appended(source: str, offsets: tuple[int, ...]) -> str:
    parts = [source if offset == 0 else f"Offset({source}, {offset})" for offset in offsets]
    return parts[0] if len(parts) == 1 else f"Append({', '.join(parts)})"
