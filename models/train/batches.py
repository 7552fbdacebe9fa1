"""What the network is shown at each step: clips drawn by weight, changed, as features.

Step n of a seed is the same batch on every machine and after every restart: nothing is remembered
from one step to the next. Clips of about the same length stand together, so little is padding.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.train.audio import RATE_HZ, Samples
from models.train.augment import augmented, recorded
from models.train.data import Clip, Corpus
from models.train.features import BANDS, Frames, cepstra

FRAMES = 4500
"""Of 10 ms in one batch, about."""
BUCKETS = 14
NOTHING_SHARE = 0.24
"""Of the clips of a batch: noise or music, in which nothing is said."""
VARIANTS = 4
"""Ways of saying a clip's words that are tried, at most."""
AHEAD = 6
"""Batches that are made while the network learns."""
AGAIN = 24
"""So many batches are shown, then shown once more: to change a clip costs as much as to learn from
it, and the network drops other outputs the second time."""

Sounds = list[int]
"""Numbers of phones; silence (after the last phone) may be left out wherever it stands."""


@dataclass(frozen=True)
class Batch:
    frames: npt.NDArray[np.float32]
    """(clips, longest, BANDS); a shorter clip goes on with its last frame."""
    lengths: list[int]
    said: list[list[Sounds]]
    """For each clip the ways of saying it."""
    sources: list[str]
    """For each clip whose it is; of nothing said: empty."""


class Maker:
    """Makes any step's batch."""

    def __init__(self, corpus: Corpus, phones: Sequence[str], seed: int) -> None:
        self._corpus = corpus
        self._seed = seed
        self._silence = len(phones)
        number = {phone: i for i, phone in enumerate(phones)}
        self._spoken = {
            word: [[number[phone] for phone in variant] for variant in variants]
            for word, variants in corpus.pronunciations.items()
        }
        self._noises = corpus.of("train", "noise")
        self._talk = [*corpus.of("train", "talk"), *corpus.of("train", "speech")]
        clips = sorted(corpus.of("train", "speech"), key=lambda clip: clip.length)
        # A bucket is drawn as often as its sound lasts, then filled to a fixed length of sound.
        self._buckets = _split(clips, BUCKETS)
        self._shares = _shares([sum(c.weight * c.seconds for c in b) for b in self._buckets])

    def __call__(self, step: int) -> Batch:
        chance = np.random.default_rng([self._seed, 3, step])
        bucket = self._buckets[int(chance.choice(len(self._buckets), p=self._shares))]
        longest = bucket[-1].length / RATE_HZ + 0.9
        count = max(4, int(FRAMES / 100 / longest))
        drawn = chance.choice(len(bucket), count, p=_shares([clip.weight for clip in bucket]))
        frames, said, sources = [], [], []
        for index in drawn:
            source = ""
            if chance.random() < NOTHING_SHARE:
                sound, ways = self._nothing(chance, longest), [[self._silence]]
            else:
                clip = bucket[int(index)]
                sound = augmented(self._corpus.sound(clip), chance, self._noise, self._others)
                ways, source = self._ways(clip.text, chance), clip.source
            made = masked(cepstra(sound, warp_of(chance)), chance)
            # A way of saying it that has more phones than there is time for can't be learnt.
            ways = [way for way in ways if _least(way, self._silence) <= len(made) // 3]
            if ways:
                frames.append(made)
                said.append(ways)
                sources.append(source)
        return Batch(padded(frames), [len(f) for f in frames], said, sources)

    def _ways(self, text: str, chance: np.random.Generator) -> list[Sounds]:
        choices = [self._spoken[word] for word in text.split()]
        if np.prod([float(len(c)) for c in choices]) <= VARIANTS:
            ways = [list(way) for way in product(*choices)]
        else:
            ways = [[c[int(chance.integers(len(c)))] for c in choices] for _ in range(VARIANTS)]
        return [with_silence(way, self._silence) for way in ways]

    def _nothing(self, chance: np.random.Generator, longest_s: float) -> Samples:
        length = int(min(longest_s, chance.uniform(0.8, 4.0)) * RATE_HZ)
        return recorded(self._noise(chance, length), chance)

    def _noise(self, chance: np.random.Generator, length: int) -> Samples:
        return self._piece(self._noises, chance, length)

    def _others(self, chance: np.random.Generator, length: int) -> Samples:
        return self._piece(self._talk, chance, length)

    def _piece(self, clips: Sequence[Clip], chance: np.random.Generator, length: int) -> Samples:
        sound = self._corpus.sound(clips[int(chance.integers(len(clips)))])
        if len(sound) < length:
            sound = np.tile(sound, length // len(sound) + 1)
        start = int(chance.integers(len(sound) - length + 1))
        return sound[start : start + length]


def in_order(
    folder: Path, phones: Sequence[str], seed: int, steps: range, workers: int
) -> Iterator[Batch]:
    """The batches of these steps, made by other processes a little ahead."""
    with ProcessPoolExecutor(workers, initializer=_start, initargs=(folder, phones, seed)) as pool:
        waiting: dict[int, Future[Batch]] = {}
        for step in steps:
            for ahead in range(step, min(step + AHEAD, steps.stop)):
                if drawn_at(ahead) not in waiting:
                    waiting[drawn_at(ahead)] = pool.submit(_make, drawn_at(ahead))
            yield waiting[drawn_at(step)].result()
            for old in [number for number in waiting if number < drawn_at(step) - AGAIN]:
                del waiting[old]


def drawn_at(step: int) -> int:
    """The number of the batch that is shown at this step: 0 to 23, 0 to 23, 24 to 47, ..."""
    turn, place = divmod(step, 2 * AGAIN)
    return turn * AGAIN + place % AGAIN


_maker: dict[str, Maker] = {}


def _start(folder: Path, phones: Sequence[str], seed: int) -> None:
    _maker["mine"] = Maker(Corpus(folder), phones, seed)


def _make(step: int) -> Batch:
    return _maker["mine"](step)


def with_silence(words: Sequence[Sounds], silence: int) -> Sounds:
    """A pause may stand before, between and after the words."""
    return [silence, *(sound for word in words for sound in (*word, silence))]


def _least(way: Sounds, silence: int) -> int:
    return max(1, sum(sound != silence for sound in way))


def warp_of(chance: np.random.Generator) -> float:
    """Few different ones, so that the filters are made once."""
    return float(np.round(np.clip(chance.normal(1.0, 0.06), 0.84, 1.18), 2))


def masked(frames: Frames, chance: np.random.Generator) -> Frames:
    """Sometimes a short moment is lost: it shows the network an average instead."""
    if chance.random() < 0.4 and len(frames) > 40:
        length = int(chance.integers(1, 10))
        start = int(chance.integers(len(frames) - length))
        frames = frames.copy()
        frames[start : start + length] = frames.mean(axis=0)
    return frames


def padded(frames: Sequence[Frames]) -> npt.NDArray[np.float32]:
    longest = max(map(len, frames))
    block = np.empty((len(frames), longest, BANDS), np.float32)
    for row, some in zip(block, frames, strict=True):
        row[: len(some)], row[len(some) :] = some, some[-1]
    return block


def _split(clips: Sequence[Clip], parts: int) -> list[Sequence[Clip]]:
    """Parts of about the same total length."""
    ends = np.cumsum([clip.length for clip in clips])
    cuts = np.searchsorted(ends, np.linspace(0, ends[-1], parts + 1)[1:-1])
    bounds = [0, *map(int, cuts), len(clips)]
    return [clips[begin:end] for begin, end in pairwise(bounds) if end > begin]


def _shares(weights: Sequence[float]) -> npt.NDArray[np.float64]:
    array = np.asarray(weights, np.float64)
    return np.asarray(array / array.sum())


def bigram(
    texts: Sequence[str], spoken: Mapping[str, list[list[str]]], phones: Sequence[str], pause: float
) -> npt.NDArray[np.float64]:
    """How likely one phone follows another (silence last), rows sum to one.

    `pause`: how often people pause between two words.
    """
    size = len(phones) + 1
    number = {phone: i for i, phone in enumerate(phones)}
    counts = np.full((size, size), 0.3)
    silence = size - 1
    for text in texts:
        before = silence
        for word in text.split():
            first, *rest = [number[phone] for phone in spoken[word][0]]
            paused = 1.0 if before == silence else pause
            counts[silence, first] += paused
            counts[before, silence] += paused if before != silence else 0.0
            counts[before, first] += 1 - paused
            before = first
            for phone in rest:
                counts[before, phone] += 1
                before = phone
        counts[before, silence] += 1
    counts[silence, silence] = 1e-6
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))
