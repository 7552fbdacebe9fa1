"""Days that real programs saw, played again: the coach still orders the very same.

Each was written by `run --record`, with a virtual microphone and loudspeaker, typed lines, a mock
of the button's pin, and clocks that were set ahead: a session to its end, pauses, what hurt, the
questions, reminders, quiet, a power cut, ice and heat, typed lines, the button.
"""

import tarfile
from pathlib import Path

import pytest

from assistant.replay import replay

ARCHIVE = Path(__file__).parent / "recordings" / "days.tar.xz"
DAYS = ("session", "pause", "hurt", "questions", "reminder", "quiet", "power-cut", "power-cut-2",
        "timer", "typed", "button")  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
def test_a_recorded_day_replays_to_the_very_same_effects(tmp_path: Path, day: str) -> None:
    """Every effect of every event, in its order."""
    path = tmp_path / f"{day}.jsonl"
    with tarfile.open(ARCHIVE) as archive:
        packed = archive.extractfile(path.name)
        assert packed is not None
        path.write_bytes(packed.read())
    steps = list(replay(path))
    assert len(steps) > 40
    for number, (_, event, effects, same) in enumerate(steps, 1):
        assert same, f"event {number}, {event}: now {effects}"


def test_every_recorded_day_is_played() -> None:
    """None lies there unread."""
    with tarfile.open(ARCHIVE) as archive:
        assert set(archive.getnames()) == {f"{day}.jsonl" for day in DAYS}
