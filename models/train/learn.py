"""The training loop: from a corpus to a network, with checkpoints and figures on the way.

Decides the schedule. A run is told by its seed and its number of steps: it may be ended at any time
and goes on from its last checkpoint as if nothing had been. (The processor's own rounding differs
from machine to machine; on one machine the same seed gives the same model.) On a machine that
others use too, a run can be given minutes instead: how many steps they hold shows at the end.
"""

import copy
import math
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from models.train.batches import Batch, Maker, bigram, in_order
from models.train.data import Corpus
from models.train.kaldi import read_layers
from models.train.network import Network
from models.train.objective import denominator, loss_of

FASTEST = 2e-3
"""The learning rate after the first steps."""
FALLING = 0.7
"""The last share of the run, in which it falls to nothing."""
WARM_UP = 150
DECAY = 1e-3
LARGE_SCORES = 1.5e-4
"""Price of the mean square of the outputs: keeps the network from being surer than it may be."""
AVERAGED = 0.995
"""What is exported is a running mean of the weights, over some 200 steps."""
KEPT = 0.6
"""How much an earlier model counts beside the text, where it is to be kept to."""
PAUSE = 0.25
EVERY = 25
KEPT_EVERY = 250
RANGE_BATCHES = 12

Tell = Callable[[str], None]


class Run:
    """A network on its way."""

    def __init__(
        self,
        folder: Path,
        phones: Sequence[str],
        seed: int,
        steps: int,
        minutes: float = math.inf,
        fastest: float = FASTEST,
    ) -> None:
        torch.manual_seed(seed)
        self.path = folder / "checkpoint.pt"
        self.phones, self.seed, self.steps, self.minutes = list(phones), seed, steps, minutes
        self.fastest = fastest
        self.step = 0
        self.took_s = 0.0
        """All of it, earlier starts too."""
        self.net = Network(2 * (len(phones) + 1))
        self.mean = copy.deepcopy(self.net)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), fastest, weight_decay=DECAY)
        self.earlier: Earlier | None = None

    def restore(self) -> bool:
        """Go on where an earlier run ended; whether there was one."""
        if not self.path.is_file():
            return False
        kept: dict[str, Any] = torch.load(self.path, weights_only=True)
        if kept["seed"] != self.seed:
            raise SystemExit(
                f"{self.path} was begun with seed {kept['seed']}, not {self.seed}: "
                "give that seed, or another folder"
            )
        self.step, self.took_s = int(kept["step"]), float(kept["took_s"])
        self.net.load_state_dict(kept["net"])
        self.mean.load_state_dict(kept["mean"])
        self.optimiser.load_state_dict(kept["optimiser"])
        torch.set_rng_state(kept["chance"])
        return True

    def begin(self, shown: Sequence[Batch], earlier: Path | None) -> None:
        """Learn the range of the input, and take over what an earlier model knows."""
        _begin(self.net, shown, earlier)
        self.mean.load_state_dict(self.net.state_dict())

    def keep(self) -> None:
        """Atomically: a power cut leaves the last whole checkpoint."""
        whole = {
            "step": self.step,
            "took_s": self.took_s,
            "seed": self.seed,
            "net": self.net.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "chance": torch.get_rng_state(),
        }
        fresh = self.path.with_suffix(".new")
        torch.save(whole, fresh)
        fresh.replace(self.path)

    def done(self) -> float:
        """The share of the run that is over, by its steps or its minutes."""
        return min(1.0, max(self.step / max(1, self.steps), self.took_s / 60 / self.minutes))

    def rate(self) -> float:
        """It stays, then falls to nothing along a line."""
        falling = min(1.0, (1 - self.done()) / FALLING)
        return self.fastest * min(1.0, (self.step + 1) / WARM_UP) * falling

    def learn(self, batch: Batch, likely: torch.Tensor) -> float:
        """One step; the loss per frame of 30 ms."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        self.net.train()
        scores = self.net(torch.from_numpy(batch.frames))
        lengths = torch.tensor([(length + 2) // 3 for length in batch.lengths])
        kept = self.earlier.hears(batch, lengths, likely) if self.earlier else (None, None)
        loss = loss_of(scores, lengths, batch.said, likely, *kept)
        self.optimiser.zero_grad()
        (loss + LARGE_SCORES * scores.square().mean()).backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimiser.step()
        self.step += 1
        self._average()
        return loss.item()

    def _average(self) -> None:
        """The first steps count less, or the mean would remember the random start."""
        share = min(AVERAGED, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            pairs = zip(
                self.mean.state_dict().values(), self.net.state_dict().values(), strict=True
            )
            for mean, now in pairs:
                if mean.dtype.is_floating_point:
                    mean.lerp_(now, 1 - share)
                else:
                    mean.copy_(now)


class Earlier:
    """The model that is kept to, where it has learnt from such clips itself."""

    def __init__(self, net: Network, new: Collection[str]) -> None:
        self.net, self.new = net.eval(), frozenset(new)

    @torch.no_grad()
    def hears(
        self, batch: Batch, lengths: torch.Tensor, likely: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """How often it finds each output at each frame, and how much that counts for each clip."""
        shares = torch.tensor([0.0 if source in self.new else KEPT for source in batch.sources])
        return denominator(self.net(torch.from_numpy(batch.frames)), lengths, likely)[1], shares


def _begin(net: Network, shown: Sequence[Batch], earlier: Path | None) -> None:
    frames = [torch.from_numpy(batch.frames) for batch in shown]
    net.learn_range(torch.cat([some.flatten(0, 1) for some in frames]))
    if earlier:
        net.take_over(read_layers(earlier / "am" / "final.mdl"), frames)


def train(
    folder: Path,
    phones: Sequence[str],
    seed: int,
    steps: int,
    tell: Tell,
    *,
    minutes: float = math.inf,
    workers: int = 1,
    earlier: Path | None = None,
    fastest: float = FASTEST,
    keep: Path | None = None,
    new: Collection[str] = (),
) -> Run:
    """Train, or go on training, on the corpus in `folder`; a new run may begin with what an
    earlier model has learnt, and keep to what the model `keep` hears in all but `new` sources."""
    corpus = Corpus(folder)
    run = Run(folder, phones, seed, steps, minutes, fastest)
    likely = likely_of(corpus, phones)
    make = Maker(corpus, phones, seed)
    if run.restore():
        tell(f"going on from step {run.step}")
    else:
        run.begin(_shown(make, steps), earlier)
        if earlier:
            tell(f"beginning with {earlier}")
    if keep:
        net = Network(2 * (len(phones) + 1))
        _begin(net, _shown(make, steps), keep)
        run.earlier = Earlier(net, new)
        tell(f"keeping to {keep}, except in {', '.join(new) or 'nothing'}")
    size = sum(parameter.numel() for parameter in run.net.parameters())
    clips = corpus.of("train", "speech")
    tell(f"{len(clips)} clips, {sum(c.seconds for c in clips) / 3600:.2f} h, {size} parameters")
    before_s, losses, sound_s, begun = run.took_s, [], 0.0, time.monotonic()
    for batch in in_order(folder, phones, seed, range(run.step, steps), workers):
        losses.append(run.learn(batch, likely))
        run.took_s = before_s + time.monotonic() - begun
        sound_s += sum(batch.lengths) / 100
        ended = run.done() == 1.0
        if run.step % KEPT_EVERY == 0 or ended:
            run.keep()
        if run.step % EVERY == 0 or ended:
            left_s = run.took_s * (1 / run.done() - 1)
            tell(
                f"step {run.step} of {steps}, loss {sum(losses) / len(losses):.3f} a frame, "
                f"{sound_s / 3600:.1f} h heard, {run.took_s / 60:.1f} min, "
                f"{left_s / 60:.1f} min left"
            )
            losses = []
        if ended:
            break
    run.net.eval()
    run.mean.eval()
    return run


def _shown(make: Maker, steps: int) -> list[Batch]:
    """Batches that the run itself never comes to."""
    return [make(steps + n) for n in range(RANGE_BATCHES)]


def likely_of(corpus: Corpus, phones: Sequence[str]) -> torch.Tensor:
    """How one phone follows another in all that is learnt from."""
    texts = [clip.text for clip in corpus.of("train", "speech")]
    table = bigram(texts, corpus.pronunciations, phones, PAUSE)
    return torch.tensor(table, dtype=torch.float32)
