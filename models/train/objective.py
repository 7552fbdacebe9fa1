"""What is learnt: that what was said scores higher than all else that could have been said.

Lattice-free maximum mutual information from a flat start: the score of every way of saying a clip
(numerator), against the score of every sequence of phones under a bigram (denominator). Each phone
has two outputs of the network: one when it begins, one while it goes on. No alignment is needed.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

NEVER = -1e30


def loss_of(
    scores: Tensor, lengths: Tensor, said: Sequence[Sequence[Sequence[int]]], bigram: Tensor
) -> Tensor:
    """Per frame of 30 ms, in nats. `scores`: (clips, frames, 2 x phones).

    It may fall below 0: what could have been said pays the bigram's price, what was said doesn't.
    """
    owner = torch.tensor([i for i, ways in enumerate(said) for _ in ways])
    ways = [way for some in said for way in some]
    each = numerator(scores[owner], lengths[owner], ways, len(bigram) - 1)
    best = torch.full((len(said),), NEVER).scatter_reduce(0, owner, each.detach(), "amax")
    spread = torch.zeros(len(said)).index_add(0, owner, (each - best[owner]).exp())
    right = spread.log() + best
    return (denominator(scores, lengths, bigram) - right).sum() / lengths.sum()


def numerator(
    scores: Tensor, lengths: Tensor, ways: Sequence[Sequence[int]], silence: int
) -> Tensor:
    """Log of the summed score of all alignments of each way; silences may be left out."""
    rows, frames, _ = scores.shape
    width = max(map(len, ways))
    phones = torch.full((rows, width), silence)
    for row, way in zip(phones, ways, strict=True):
        row[: len(way)] = torch.tensor(way)
    sizes = torch.tensor([len(way) for way in ways])
    optional = phones == silence
    alone = sizes == 1  # nothing but silence: that one must be there
    begins = scores.gather(2, (2 * phones)[:, None].expand(rows, frames, width))
    goes_on = scores.gather(2, (2 * phones + 1)[:, None].expand(rows, frames, width))
    skips = torch.full((rows, width), NEVER)
    skips[:, 2:] = torch.where(optional[:, 1:-1], 0.0, NEVER)
    at = torch.full((rows, width), NEVER)
    at[:, 0] = 0.0
    if width > 1:
        at[:, 1] = torch.where(optional[:, 0] & ~alone, 0.0, NEVER)
    at = at + begins[:, 0]
    for t in range(1, frames):
        one = torch.nn.functional.pad(at[:, :-1], (1, 0), value=NEVER)
        two = torch.nn.functional.pad(at[:, :-2], (2, 0), value=NEVER)[:, :width] + skips
        onward = torch.logaddexp(torch.logaddexp(one, two) + begins[:, t], at + goes_on[:, t])
        at = torch.where((t < lengths)[:, None], onward, at)
    last = at.gather(1, (sizes - 1)[:, None])[:, 0]
    earlier = at.gather(1, (sizes - 2).clamp(min=0)[:, None])[:, 0]
    may_skip = optional.gather(1, (sizes - 1)[:, None])[:, 0] & ~alone
    return torch.logaddexp(last, torch.where(may_skip, earlier, torch.tensor(NEVER)))


def denominator(scores: Tensor, lengths: Tensor, bigram: Tensor) -> Tensor:
    """Log of the summed score of all phone sequences, each times its probability."""
    most = scores.detach().amax(dim=2)
    likely = (scores - most[:, :, None]).exp()
    begins, goes_on = likely[:, :, 0::2], likely[:, :, 1::2]
    first = bigram[-1] * 0.5
    first = torch.cat([first[:-1], torch.tensor([0.5])])
    at = first * begins[:, 0]
    total = at.sum(dim=1, keepdim=True)
    at, sums = at / total, total.log()[:, 0] + most[:, 0]
    for t in range(1, scores.shape[1]):
        onward = (at @ bigram) * begins[:, t] + at * goes_on[:, t]
        total = onward.sum(dim=1, keepdim=True)
        inside = t < lengths
        at = torch.where(inside[:, None], onward / total, at)
        sums = sums + torch.where(inside, total.log()[:, 0] + most[:, t], 0.0)
    return sums
