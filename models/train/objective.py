"""What is learnt: that what was said scores higher than all else that could have been said.

Lattice-free maximum mutual information from a flat start: the score of every way of saying a clip
(numerator), against the score of every sequence of phones under a bigram (denominator). Each phone
has two outputs of the network: one when it begins, one while it goes on. No alignment is needed.

Both sums come with their slopes, by going through time once forward and once back: that takes less
than half of the time that it takes torch to find them out by itself.

Where an earlier model is to be kept to, what it hears counts for a share of what was said: all the
sequences of phones, each as likely as that model finds it (Wong and Gales, "Sequence
student-teacher training of deep neural networks", 2016). So a word that it hears isn't forgotten.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

NEVER = -1e30
LEAST = -60.0
"""No output is further below the best one: all of them at zero would end the sum."""


def loss_of(
    scores: Tensor,
    lengths: Tensor,
    said: Sequence[Sequence[Sequence[int]]],
    bigram: Tensor,
    kept: Tensor | None = None,
    shares: Tensor | None = None,
) -> Tensor:
    """Per frame of 30 ms, in nats. `scores`: (clips, frames, 2 x phones).

    It may fall below 0: what could have been said pays the bigram's price, what was said doesn't.
    `kept`: how often an earlier model finds each output at each frame (the slope of its
    `denominator`), shaped as `scores`; `shares`: (clips), how much that counts, 0 to 1.
    """
    if kept is None or shares is None:
        kept, shares = torch.zeros(1, 1, 1), torch.zeros(len(said))
    loss: Tensor = _Objective.apply(scores, lengths, said, bigram, kept, shares)
    return loss


class _Objective(torch.autograd.Function):
    """Tells torch the slope that is known already."""

    @staticmethod
    def forward(
        ctx: Any,
        scores: Tensor,
        lengths: Tensor,
        said: Sequence[Sequence[Sequence[int]]],
        bigram: Tensor,
        kept: Tensor,
        kept_shares: Tensor,
    ) -> Tensor:
        owner = torch.tensor([i for i, ways in enumerate(said) for _ in ways])
        ways = [way for some in said for way in some]
        each, right_slope = numerator(scores[owner], lengths[owner], ways, len(bigram) - 1)
        best = torch.full((len(said),), NEVER).scatter_reduce(0, owner, each, "amax")
        shares = (each - best[owner]).exp()
        spread = torch.zeros(len(said)).index_add(0, owner, shares)
        right = spread.log() + best
        wrong, slope = denominator(scores, lengths, bigram)
        shares = shares / spread[owner] * (1 - kept_shares[owner])
        slope.index_add_(0, owner, right_slope * shares[:, None, None], alpha=-1)
        kept = kept * kept_shares[:, None, None]
        slope -= kept
        right = right * (1 - kept_shares) + (kept * scores).sum(dim=(1, 2))
        heard = lengths.sum()
        ctx.save_for_backward(slope / heard)
        return (wrong - right).sum() / heard

    @staticmethod
    def backward(ctx: Any, *grad: Tensor) -> tuple[Tensor, None, None, None, None, None]:
        [slope] = ctx.saved_tensors
        return slope * grad[0], None, None, None, None, None


def numerator(
    scores: Tensor, lengths: Tensor, ways: Sequence[Sequence[int]], silence: int
) -> tuple[Tensor, Tensor]:
    """Log of the summed score of all alignments of each way, and its slope; silences may go."""
    rows, frames, _ = scores.shape
    width = max(map(len, ways))
    phones = torch.tensor([[*way, *[silence] * (width - len(way))] for way in ways])
    sizes = torch.tensor([len(way) for way in ways])
    optional = (phones == silence) & (sizes > 1)[:, None]  # one alone must be there
    # Time first: each moment is one piece of memory.
    begins = scores.gather(2, (2 * phones)[:, None].expand(rows, frames, width)).transpose(0, 1)
    goes_on = scores.gather(2, (2 * phones + 1)[:, None].expand(rows, frames, width))
    begins, goes_on = begins.contiguous(), goes_on.transpose(0, 1).contiguous()
    # Two places of padding on the left (forward), on the right (back): no phone is there.
    at = torch.full((frames, rows, width + 2), NEVER)
    entry = torch.full((frames, rows, width), NEVER)
    skips = torch.where(torch.nn.functional.pad(optional[:, :-1], (1, 0)), 0.0, NEVER)
    entry[0, :, 0] = 0.0
    entry[0, :, 1:2] = skips[:, 1:2]
    skips[:, :2] = NEVER
    at[0, :, 2:] = entry[0] + begins[0]
    for t in range(1, frames):
        before = at[t - 1]
        torch.logaddexp(before[:, 1:-1], before[:, :-2] + skips, out=entry[t])
        stays = before[:, 2:] + goes_on[t]
        torch.logaddexp(entry[t] + begins[t], stays, out=at[t, :, 2:])
    last = torch.full((rows, width), NEVER).scatter(1, (sizes - 1)[:, None], 0.0)
    may_skip = optional.gather(1, (sizes - 1)[:, None])[:, 0]
    earlier = (sizes - 2).clamp(min=0)[:, None]
    price = torch.where(may_skip, 0.0, last.gather(1, earlier)[:, 0])
    last.scatter_(1, earlier, price[:, None])
    ends = at[lengths - 1, torch.arange(rows), 2:]
    total = (ends + last).logsumexp(dim=1)
    onward = torch.full((frames, rows, width + 2), NEVER)
    skips = torch.nn.functional.pad(skips, (0, 2), value=NEVER)[:, 2:]  # a single sound: one
    for t in range(frames - 1, -1, -1):
        if t == frames - 1:
            onward[t, :, :-2] = last
            continue
        after = onward[t + 1]
        entered = torch.nn.functional.pad(begins[t + 1], (0, 2)) + after
        moved = torch.logaddexp(entered[:, 1:-1], entered[:, 2:] + skips)
        moved = torch.logaddexp(moved, goes_on[t + 1] + after[:, :-2])
        onward[t, :, :-2] = torch.where((t + 1 < lengths)[:, None], moved, last)
    inside = (torch.arange(frames)[:, None] < lengths)[:, :, None]
    rest = torch.where(inside, onward[:, :, :-2] - total[:, None], NEVER)
    begun = (entry + begins + rest).exp()
    lasted = (at[:-1, :, 2:] + goes_on[1:] + rest[1:]).exp()
    slope = torch.zeros(frames, rows, scores.shape[2])
    slope.scatter_add_(2, (2 * phones).expand(frames, rows, width), begun)
    slope[1:].scatter_add_(2, (2 * phones + 1).expand(frames - 1, rows, width), lasted)
    return total, slope.transpose(0, 1)


def denominator(scores: Tensor, lengths: Tensor, bigram: Tensor) -> tuple[Tensor, Tensor]:
    """Log of the summed score of all phone sequences, each times its probability; its slope."""
    most = scores.amax(dim=2)
    likely = (scores - most[:, :, None]).clamp(min=LEAST).exp().transpose(0, 1)
    begins, goes_on = likely[:, :, 0::2].contiguous(), likely[:, :, 1::2].contiguous()
    frames, rows, size = begins.shape
    at, entry = torch.empty(frames, rows, size), torch.empty(frames, rows, size)
    totals = torch.empty(frames, rows, 1)
    entry[0] = torch.cat([bigram[-1, :-1] * 0.5, torch.tensor([0.5])])
    for t in range(frames):
        if t:
            torch.mm(at[t - 1], bigram, out=entry[t])
        moved = entry[t] * begins[t]
        if t:
            moved.addcmul_(at[t - 1], goes_on[t])
        torch.sum(moved, dim=1, keepdim=True, out=totals[t])
        torch.div(moved, totals[t], out=at[t])
    inside = torch.arange(frames)[:, None] < lengths
    sums = torch.where(inside, totals[:, :, 0].log() + most.T, 0.0).sum(dim=0)
    onward = torch.ones(frames, rows, size)
    back = bigram.T.contiguous()
    for t in range(frames - 2, -1, -1):
        after = onward[t + 1] / totals[t + 1]
        moved = torch.mm(begins[t + 1] * after, back).addcmul_(goes_on[t + 1], after)
        onward[t] = torch.where((t + 1 < lengths)[:, None], moved, 1.0)
    rest = torch.where(inside[:, :, None], onward / totals, 0.0)
    slope = torch.zeros(frames, rows, 2 * size)
    slope[:, :, 0::2] = entry * begins * rest
    slope[1:, :, 1::2] = at[:-1] * goes_on[1:] * rest[1:]
    return sums, slope.transpose(0, 1).contiguous()
