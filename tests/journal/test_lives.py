"""What a restart knows: the journal on the disk says what was told and done, life after life.

The random lives of the coach, with a real journal beside the plain model that they are begun with.
"""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.coach.effects import Record
from assistant.coach.events import Health
from assistant.journal import exporting, importing
from assistant.journal.health import health
from assistant.journal.row_time import Moment
from assistant.journal.store import Store, open_store
from tests.coach.lives import Life, Rows
from tests.journal.test_rows import BEGAN_MS

DAY_S = 86_400.0


class Written(Rows):
    """The plain model, and a journal in which the same is written down."""

    def __init__(self, store: Store, folder: Path) -> None:
        super().__init__()
        self.store, self.folder = store, folder
        self.compared = 0
        self.vague_until = 0.0
        """Pain in a session that went on after a power cut may count from another moment until
        then: how long such a session took isn't known exactly."""
        self.session_at = 0.0

    def moment(self, at: float) -> Moment:
        at_ms = BEGAN_MS + round(at * 1000)
        return Moment(at_ms, 0, f"started at {self.booted}", round(at - self.booted, 3), True)

    def add(self, at: float, record: Record) -> None:
        super().add(at, record)
        self.store.write([(self.moment(at), record)])
        if record.kind == "session_start":
            self.session_at = at
        if "hurt" in record.detail + record.name and self.session_at < self.began:
            self.vague_until = at + 2 * 3600.0

    def bring(self, at: float, record: Record) -> None:
        """By way of a file that another machine's journal was written into."""
        super().add(at, self.elsewhere(record))
        text = io.StringIO()
        path = self.folder / f"{len(self.rows)}.sqlite3"
        with open_store(path) as other:
            other.write([(Moment(BEGAN_MS + round(at * 1000), 0, path.stem, at, True), record)])
            exporting.to_json(other, text, datetime.now(UTC))
        importing.from_json(self.store, text.getvalue())

    def health(self, now: float) -> Health:
        told = super().health(now)
        if not self.unreadable:
            kept = health(self.store.database, self.moment(now))
            for name in ("screened", "screened_days", "answered", "yes", "before", "levels"):
                assert getattr(kept, name) == getattr(told, name), (name, kept, told, self.rows)
            assert kept.ended[-3:] == told.ended[-3:], (kept, told, self.rows)
            if now > self.vague_until:
                assert kept.pain == told.pain, (kept, told, self.rows)
                assert kept.pain_age_s == pytest.approx(told.pain_age_s, abs=0.5)
            self.compared += 1
        return told


@pytest.mark.parametrize("first", range(0, 20, 5))
def test_a_restart_knows_what_was_told(first: int, tmp_path: Path) -> None:
    compared = 0
    for seed in range(first, first + 5):
        folder = tmp_path / str(seed)
        with open_store(folder / "journal.sqlite3") as store:
            rows = Written(store, folder)
            life = Life(seed, rows)
            for _ in range(40):
                life.happens()
        compared += rows.compared
    assert compared > 10
