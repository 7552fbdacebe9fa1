"""Days that real programs saw, played again: the coach still orders the very same.

Each was written by `run --record`, with a virtual microphone and loudspeaker, typed lines, a mock
of the button's pin, and clocks that were set ahead: a session to its end, pauses, what hurt, the
questions, reminders, quiet, a power cut, ice and heat, typed lines, the button. A rule that changes
what is ordered needs them anew: `python -m tests.record_days`.
"""

import tarfile
from pathlib import Path

import pytest

from assistant.simulation.recording import replay
from tests.record_days import ARCHIVE, DAYS


@pytest.mark.parametrize("day", DAYS)
def test_a_recorded_day_replays_to_the_very_same_effects(day: str, tmp_path: Path) -> None:
    """Every effect of every event, in its order."""
    with tarfile.open(ARCHIVE) as archive:
        packed = archive.extractfile(f"{day}.jsonl")
        assert packed is not None
        path = tmp_path / "day.jsonl"
        path.write_bytes(packed.read())
    count = 0
    for count, (now, event, effects, same) in enumerate(replay(path), 1):
        assert same, (count, now, event, effects)
    assert count > 15


def test_every_recorded_day_is_played() -> None:
    """None lies there unread."""
    with tarfile.open(ARCHIVE) as archive:
        assert set(archive.getnames()) == {f"{day}.jsonl" for day in DAYS}
