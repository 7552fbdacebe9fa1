"""A short share of tests/chaos.py: whatever fails, the program goes on and all of it comes back."""

import pytest

from tests import chaos
from tests.room import missing


@pytest.mark.timeout(300)
def test_half_a_minute_of_faults() -> None:
    """Its parent lives, every word is heard, every lost part is found again, nothing is left."""
    if lacking := missing():
        pytest.skip(f"no room without these packages: {' '.join(lacking)}")
    report = chaos.run(minutes=0.4, seed=7)
    assert report.wrong == [], report.as_json()
    assert sum(report.faults.values()) >= 2
    assert report.words > 2
