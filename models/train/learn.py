"""The training loop: from a corpus to a network, with checkpoints and figures on the way.

Decides the schedule. A run is told by its seed and its number of steps: it may be ended at any time
and goes on from its last checkpoint as if nothing had been. (The processor's own rounding differs
from machine to machine; on one machine the same seed gives the same model.)
"""

import copy
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from models.train.batches import Batch, Maker, bigram, in_order
from models.train.data import Corpus
from models.train.network import Network
from models.train.objective import loss_of

FASTEST = 2e-3
"""The learning rate after the first steps; it falls to nothing along half a cosine."""
WARM_UP = 150
DECAY = 1e-3
LARGE_SCORES = 1.5e-4
"""Price of the mean square of the outputs: keeps the network from being surer than it may be."""
AVERAGED = 0.995
"""What is exported is a running mean of the weights, over some 200 steps."""
PAUSE = 0.25
EVERY = 25
KEPT_EVERY = 250
RANGE_BATCHES = 12

Tell = Callable[[str], None]


class Run:
    """A network on its way."""

    def __init__(self, folder: Path, phones: Sequence[str], seed: int, steps: int) -> None:
        torch.manual_seed(seed)
        self.path = folder / "checkpoint.pt"
        self.phones, self.seed, self.steps = list(phones), seed, steps
        self.step = 0
        self.net = Network(2 * (len(phones) + 1))
        self.mean = copy.deepcopy(self.net)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), FASTEST, weight_decay=DECAY)

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
        self.step = int(kept["step"])
        self.net.load_state_dict(kept["net"])
        self.mean.load_state_dict(kept["mean"])
        self.optimiser.load_state_dict(kept["optimiser"])
        torch.set_rng_state(kept["chance"])
        return True

    def keep(self) -> None:
        """Atomically: a power cut leaves the last whole checkpoint."""
        whole = {
            "step": self.step,
            "seed": self.seed,
            "net": self.net.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "chance": torch.get_rng_state(),
        }
        fresh = self.path.with_suffix(".new")
        torch.save(whole, fresh)
        fresh.replace(self.path)

    def rate(self) -> float:
        done = self.step / max(1, self.steps)
        return FASTEST * min(1.0, (self.step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * done))

    def learn(self, batch: Batch, likely: torch.Tensor) -> float:
        """One step; the loss per frame of 30 ms."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        self.net.train()
        scores = self.net(torch.from_numpy(batch.frames))
        lengths = torch.tensor([(length + 2) // 3 for length in batch.lengths])
        loss = loss_of(scores, lengths, batch.said, likely)
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


def train(
    folder: Path, phones: Sequence[str], seed: int, steps: int, tell: Tell, *, workers: int = 1
) -> Run:
    """Train, or go on training, on the corpus in `folder`."""
    corpus = Corpus(folder)
    run = Run(folder, phones, seed, steps)
    likely = likely_of(corpus, phones)
    if run.restore():
        tell(f"going on from step {run.step}")
    else:
        make = Maker(corpus, phones, seed)
        first = [
            torch.from_numpy(make(steps + n).frames).flatten(0, 1) for n in range(RANGE_BATCHES)
        ]
        run.net.learn_range(torch.cat(first))
        run.mean.learn_range(torch.cat(first))
    size = sum(parameter.numel() for parameter in run.net.parameters())
    clips = corpus.of("train", "speech")
    tell(f"{len(clips)} clips, {sum(c.seconds for c in clips) / 3600:.2f} h, {size} parameters")
    begun, first_step, losses, sound_s = time.monotonic(), run.step, [], 0.0
    for batch in in_order(folder, phones, seed, range(run.step, steps), workers):
        losses.append(run.learn(batch, likely))
        sound_s += sum(batch.lengths) / 100
        if run.step % KEPT_EVERY == 0:
            run.keep()
        if run.step % EVERY == 0 or run.step == steps:
            took = time.monotonic() - begun
            left = took / (run.step - first_step) * (steps - run.step)
            tell(
                f"step {run.step} of {steps}, loss {sum(losses) / len(losses):.3f} a frame, "
                f"{sound_s / 3600:.1f} h heard, {took / 60:.1f} min, {left / 60:.1f} min left"
            )
            losses = []
    run.keep()
    run.net.eval()
    run.mean.eval()
    return run


def likely_of(corpus: Corpus, phones: Sequence[str]) -> torch.Tensor:
    """How one phone follows another in all that is learnt from."""
    texts = [clip.text for clip in corpus.of("train", "speech")]
    table = bigram(texts, corpus.pronunciations, phones, PAUSE)
    return torch.tensor(table, dtype=torch.float32)
