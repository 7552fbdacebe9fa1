"""What happened is kept, and a failing disk never disturbs a session."""

import os
import queue
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.coach.events import Event, Lost, Part, Record
from assistant.journal import Journal

Inbox = queue.SimpleQueue[Event]


@pytest.fixture
def inbox() -> Inbox:
    return queue.SimpleQueue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite3"


def rows(path: Path) -> list[tuple[str, str, str, float, str]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(
            "SELECT at, kind, name, seconds, detail FROM record ORDER BY id"
        ).fetchall()


def lost(inbox: Inbox) -> str:
    """The reason of the one Lost there is."""
    event = inbox.get(timeout=5)
    assert isinstance(event, Lost)
    assert event.part is Part.JOURNAL
    assert not event.reason.endswith(".")
    assert inbox.empty()
    return event.reason


def wait_until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 10
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_a_row_is_kept_with_the_time_it_happened(inbox: Inbox, path: Path) -> None:
    """Every Record becomes one row, in the order of things, in UTC."""
    before = datetime.now(UTC)
    journal = Journal(inbox.put, path)
    journal(Record("session_start", "desk-break"))
    journal(Record("exercise", "bridge", 12.5, "left"))
    journal.close()
    first, second = rows(path)
    assert first[1:] == ("session_start", "desk-break", 0.0, "")
    assert second[1:] == ("exercise", "bridge", 12.5, "left")
    at = datetime.fromisoformat(first[0])
    assert at.utcoffset() == timedelta(0)
    assert before - timedelta(milliseconds=1) <= at <= datetime.now(UTC)
    assert inbox.empty()


def test_rows_of_many_threads_and_runs_add_up(inbox: Inbox, path: Path) -> None:
    """Nothing is lost between threads, nor between one run and the next."""
    for run in range(3):
        journal = Journal(inbox.put, path)
        threads = [
            threading.Thread(target=_record_many, args=(journal, f"run {run}")) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        journal.close(5.0)
    assert len(rows(path)) == 1200
    assert inbox.empty()


def _record_many(journal: Journal, name: str) -> None:
    for _ in range(100):
        journal(Record("fault", name))


def test_only_its_owner_may_read_it(inbox: Inbox, path: Path) -> None:
    """The files of the journal are for one person's eyes, side files too."""
    journal = Journal(inbox.put, path)
    journal(Record("fault", "voice"))
    journal.close()
    path.chmod(0o644)
    journal = Journal(inbox.put, path)
    journal(Record("fault", "voice"))
    wait_until(lambda: stat.S_IMODE(path.stat().st_mode) == 0o600)
    with closing(sqlite3.connect(path)) as reader:  # keeps the side files there
        reader.execute("SELECT * FROM record").fetchall()
        journal.close()
        files = sorted(path.parent.iterdir())
        assert len(files) == 3
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


KILLED = """
import sys
from pathlib import Path
from assistant.coach.events import Record
from assistant.journal import Journal
journal = Journal(print, Path(sys.argv[1]))
journal(Record("session_start", "desk-break"))
sys.stdin.read()
"""


def test_a_row_outlives_a_killed_program(path: Path) -> None:
    """A row is on the disk soon after it happened, not when the program ends."""
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdin=subprocess.PIPE)
    try:
        wait_until(lambda: _has_a_row(path))
    finally:
        child.kill()
        child.communicate()
    [row] = rows(path)
    assert row[1:3] == ("session_start", "desk-break")


def _has_a_row(path: Path) -> bool:
    try:
        return path.stat().st_size > 0 and bool(rows(path))
    except (OSError, sqlite3.Error):
        return False


def _below_a_file(path: Path) -> None:
    path.parent.write_text("")


def _a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def _no_database(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"This is a shopping list.\n" * 1000)


def _cut_short(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA user_version = 1;"
            "CREATE TABLE record (at, kind, name, seconds, detail);"
        )
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 4096)


def _newer(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.execute("BEGIN EXCLUSIVE")
        yield


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_below_a_file, "its file can't be opened"),
        (_a_folder, "its file can't be opened (is a directory)"),
        (_no_database, "its file is damaged"),
        (_cut_short, "its file is damaged"),
        (_newer, "its file was written by a newer version of this program"),
    ],
)
def test_a_journal_that_cannot_be_kept_is_said_once_and_done_without(
    inbox: Inbox, path: Path, spoil: object, reason: str
) -> None:
    """One Lost in plain words, then silence; and the spoilt file stays as it was."""
    assert callable(spoil)
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    journal = Journal(inbox.put, path)
    journal(Record("session_start", "desk-break"))
    assert reason in lost(inbox)
    for _ in range(3):
        journal(Record("session_end", "desk-break"))
    journal.close()
    assert inbox.empty()
    assert (path.read_bytes() if path.is_file() else None) == before


FULL = """
import queue, resource, sys
from pathlib import Path
from assistant.coach.events import Record
from assistant.journal import Journal
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
inbox = queue.SimpleQueue()
journal = Journal(inbox.put, Path(sys.argv[1]))
for number in range(2000):
    journal(Record("exercise", "bridge", float(number), "x" * 200))
print(inbox.get(timeout=20).reason)
journal(Record("exercise", "bridge"))
journal.close()
print(inbox.empty())
"""


def test_a_disk_that_fills_up_loses_nothing_that_was_written(tmp_path: Path) -> None:
    """When no more can be written it is said once, and what was there before stays readable."""
    path = tmp_path / "journal.sqlite3"
    journal = Journal(lambda event: None, path)
    journal(Record("session_start", "desk-break"))
    journal.close()
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, timeout=50
    )
    assert ended.stdout.splitlines() == ["its file can't be written (disk I/O error)", "True"]
    assert ended.returncode == 0
    assert rows(path)[0][1] == "session_start"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_done_without(inbox: Inbox, tmp_path: Path) -> None:
    """A home that can't be written costs the journal, nothing else."""
    tmp_path.chmod(0o500)
    try:
        Journal(inbox.put, tmp_path / "state" / "journal.sqlite3").close()
        assert lost(inbox) == "its file can't be opened (permission denied)"
    finally:
        tmp_path.chmod(0o700)


def test_closing_is_bounded_even_when_the_disk_is_stuck(inbox: Inbox, path: Path) -> None:
    """A file that another program keeps locked doesn't keep the program from ending."""
    with _locked(path):
        journal = Journal(inbox.put, path)
        journal(Record("session_start", "desk-break"))
        closer = threading.Thread(target=journal.close)
        closer.start()
        closer.join(1.5)
        assert not closer.is_alive()
        assert "can't be written (database is locked)" in lost(inbox)
