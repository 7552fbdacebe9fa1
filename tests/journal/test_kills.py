"""Whenever it is killed, or the power goes, the journal is whole and holds what it promised."""

from pathlib import Path

from tests.journal.kills import many

ROUNDS = 40
"""A short form; `python -m tests.journal.kills` does a thousand."""


def test_nothing_is_lost_whenever_it_is_killed(tmp_path: Path) -> None:
    """Exercises, the place and the file itself outlive kills and power cuts in mid-write."""
    seen = many(tmp_path, ROUNDS, seed=7)
    assert seen["kills"] == seen["power cuts"] == ROUNDS // 2
    assert seen["exercises acknowledged"] > 0
    assert seen["in the middle of a session"] > 0
