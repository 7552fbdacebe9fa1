"""The lamp's patterns can be told apart without colour, and on a lamp of on and off."""

from itertools import combinations, groupby

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.coach.effects import Lamp
from assistant.panel import lamp_patterns


def rhythm(lamp: Lamp) -> tuple[tuple[bool, float], ...]:
    """One period as runs of on and off in seconds, beginning where it goes on."""
    ms = round(lamp_patterns.PATTERNS[lamp].period_s * 1000)
    bits = [lamp_patterns.lit(lamp, t / 1000) for t in range(ms)]
    starts = [n for n in range(ms) if bits[n] and not bits[n - 1]]
    at = starts[0] if starts else 0
    # a pattern with two blinks begins with the shorter gap, by construction of its table
    return tuple((on, len(list(run)) / 1000) for on, run in groupby(bits[at:] + bits[:at]))


@pytest.mark.parametrize(("one", "other"), list(combinations(Lamp, 2)))
def test_any_two_differ_in_rhythm(one: Lamp, other: Lamp) -> None:
    """Two patterns differ in the number of blinks, or one stretch is half as long again."""
    a, b = rhythm(one), rhythm(other)
    if [on for on, _ in a] == [on for on, _ in b]:
        ratios = [max(x, y) / min(x, y) for (_, x), (_, y) in zip(a, b, strict=True)]
        assert max(ratios) >= 1.5, (a, b)


@pytest.mark.parametrize("lamp", Lamp)
def test_every_stretch_is_long_enough_to_see(lamp: Lamp) -> None:
    """Nothing flashes faster than three times a second, nor is shorter than an eye needs."""
    runs = rhythm(lamp)
    assert all(seconds >= 0.19 for _, seconds in runs)
    flashes = sum(on for on, _ in runs)
    assert len(runs) == 1 or flashes / lamp_patterns.PATTERNS[lamp].period_s < 3


@pytest.mark.parametrize("lamp", Lamp)
def test_a_glance_of_six_seconds_shows_it_all(lamp: Lamp) -> None:
    """No pattern takes longer than six seconds to come round."""
    assert lamp_patterns.PATTERNS[lamp].period_s <= 6.0


@given(st.sampled_from(Lamp), st.floats(0, 1e6))
def test_a_level_is_between_dark_and_full(lamp: Lamp, t: float) -> None:
    """At any time the level is a brightness."""
    assert 0.0 <= lamp_patterns.level(lamp, t) <= 1.0


@given(st.sampled_from(Lamp), st.floats(0, 1000))
def test_the_level_stays_until_the_next_change(lamp: Lamp, t: float) -> None:
    """Between now and the next change a lamp of on and off, or a steady step, stays as it is."""
    change = lamp_patterns.next_change(lamp, t, glide_s=0.05)
    if change is None:
        assert lamp_patterns.level(lamp, t) == lamp_patterns.level(lamp, t + 123.4)
        return
    assert t <= change <= t + 6.0
    assume(change - t > 1e-6)  # at the very edge of two steps either level is right
    middle = (t + change) / 2
    assert lamp_patterns.level(lamp, middle) == pytest.approx(lamp_patterns.level(lamp, t), abs=0.2)


def test_a_breath_rises_and_falls_evenly() -> None:
    """Idle is half bright in the middle of its rise and of its fall, and dark between breaths."""
    assert lamp_patterns.level(Lamp.IDLE, 0.0) == 0.0
    assert lamp_patterns.level(Lamp.IDLE, 1.25) == pytest.approx(0.5)
    assert lamp_patterns.level(Lamp.IDLE, 2.5) == pytest.approx(1.0)
    assert lamp_patterns.level(Lamp.IDLE, 3.75) == pytest.approx(0.5)
    assert lamp_patterns.level(Lamp.IDLE, 5.5) == 0.0
