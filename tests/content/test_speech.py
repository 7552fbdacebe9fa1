"""The estimate of how long a sentence takes, against the voice itself."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.content.speech import estimate_s
from tests.content.voice import corpus, missing, rendered_s


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_the_estimate_is_safe_and_not_wasteful() -> None:
    """99 of 100 sentences take no longer than estimated; the median estimate is under 20 % long.
    Here every other sentence of ours; `measure_speech` takes all."""
    real = rendered_s(corpus()[::2])
    ratios = [estimate_s(text) / seconds for text, seconds in real.items()]
    assert len(ratios) > 300
    assert sum(ratio >= 1 for ratio in ratios) / len(ratios) >= 0.99
    assert min(ratios) > 0.96
    assert median(ratios) < 1.20


@given(st.text(max_size=80))
def test_any_text_has_a_length(text: str) -> None:
    """Whatever a person writes takes some time, and saying it twice takes longer."""
    assert (estimate_s(text) > 0) == bool(text.strip())
    if text.strip():
        assert estimate_s(f"{text} {text}") > estimate_s(text) - 0.5


def test_figures_take_longer_than_letters() -> None:
    """What the voice spells out is counted as such."""
    assert estimate_s("Hold 25 seconds.") > estimate_s("Hold a seconds.") + 0.5
