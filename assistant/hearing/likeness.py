"""How like is a sound to itself a moment later?

Decides nothing: a number for each lag, in which `talk` finds a voice's pitch. They come from
distances, which Python reckons in C: two and a half times as fast as sums of products.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import mul


def likeness(samples: Sequence[int], lags: Iterable[int]) -> Iterator[float]:
    """For each lag (in samples): 1 where the sound, without a constant offset, repeats itself so
    much later, about 0 where it has nothing to do with itself. 0 for silence, and for a lag that
    is longer than the sound."""
    count = len(samples)
    mean = sum(samples) // count
    around = tuple(sample - mean for sample in samples)
    energy = list(accumulate(map(mul, around, around), initial=0))
    power = energy[-1]
    for lag in lags:
        if not power or lag >= count:
            yield 0.0
            continue
        # |a - b|^2 = |a|^2 + |b|^2 - 2ab
        apart = math.dist(around[lag:], around[: count - lag]) ** 2
        product = (energy[count - lag] + power - energy[lag] - apart) / 2
        yield product * count / (power * (count - lag))
