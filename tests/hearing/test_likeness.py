"""How like a sound is to itself later, beside the sums that it stands for."""

import random

import pytest

from assistant.hearing.likeness import likeness

CHANCE = random.Random(3)


@pytest.mark.parametrize("offset", [0, 9000])
def test_it_is_the_mean_of_products_over_the_power(offset: int) -> None:
    samples = [offset + CHANCE.randint(-3000, 3000) for _ in range(200)]
    around = [sample - sum(samples) // 200 for sample in samples]
    power = sum(value * value for value in around) / 200
    expected = [
        sum(a * b for a, b in zip(around, around[lag:], strict=False)) / (200 - lag) / power
        for lag in range(1, 51)
    ]
    assert list(likeness(samples, range(1, 51))) == pytest.approx(expected, abs=1e-9)


def test_a_sound_is_like_itself_a_period_later_and_silence_or_the_end_like_nothing() -> None:
    period = [1000, 400, -300, -1200, 100]
    assert list(likeness(period * 40, [5, 10])) == pytest.approx([1.0, 1.0])
    assert list(likeness([0] * 200, [5, 10])) == [0.0, 0.0]
    assert list(likeness(period, [5, 10])) == [0.0, 0.0]
