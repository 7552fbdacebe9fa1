"""What happened, kept in one SQLite file on this machine.

Decides how rows are stored and that a failing disk never disturbs a session: rows are written
on a thread of the journal's own, and when that fails it says so once and does without. It never
gets sound or words that were overheard, and decides nothing about what is worth a row.
"""

import logging
import os
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from assistant.coach.events import Event, Lost, Part, Record

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE record (
    id INTEGER PRIMARY KEY,  -- the order of things: the clock of a Pi may be set back
    at TEXT NOT NULL,        -- UTC, ISO 8601
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    seconds REAL NOT NULL,
    detail TEXT NOT NULL
)
"""
_ROOM = 10_000
"""Rows that may wait for a slow disk: hours of them."""

_Row = tuple[str, str, str, float, str]
log = logging.getLogger(__name__)


class _Unusable(Exception):
    """Why there can be no journal, in plain words without a full stop."""


class Journal:
    """Takes `Record` effects; returns at once and never raises.

    When rows can't be kept, `post` gets one `Lost(Part.JOURNAL, reason)` and later rows are
    dropped. `close()` writes what waits, within `timeout_s`.
    """

    def __init__(self, post: Callable[[Event], None], path: Path) -> None:
        self._post, self._path = post, path
        self._waiting: queue.Queue[_Row | None] = queue.Queue(_ROOM)
        self._lost = threading.Event()
        self._writer = threading.Thread(target=self._write, name="journal", daemon=True)
        self._writer.start()

    def __call__(self, effect: Record) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._put((at, effect.kind, effect.name, effect.seconds, effect.detail))

    def close(self, timeout_s: float = 1.0) -> None:
        self._put(None)
        self._writer.join(timeout_s)

    def _put(self, row: _Row | None) -> None:
        if not self._lost.is_set():
            try:
                self._waiting.put_nowait(row)
            except queue.Full:
                self._give_up("the disk doesn't keep up")

    def _give_up(self, reason: str) -> None:
        if not self._lost.is_set():
            self._lost.set()
            log.warning("the journal %s is not kept: %s", self._path, reason)
            self._post(Lost(Part.JOURNAL, reason))

    def _write(self) -> None:
        try:
            with closing(_open(self._path)) as database:
                more = True
                while more and not self._lost.is_set():
                    rows, more = self._next_batch()
                    _insert(database, rows)
        except (_Unusable, OSError, sqlite3.Error) as error:
            self._give_up(_reason(error))

    def _next_batch(self) -> tuple[list[_Row], bool]:
        """All rows that wait, once there is one; False when the journal is being closed."""
        rows = []
        entry = self._waiting.get()
        while entry is not None:
            rows.append(entry)
            try:
                entry = self._waiting.get_nowait()
            except queue.Empty:
                return rows, True
        return rows, False


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with suppress(OSError), os.fdopen(descriptor) as file:
        os.fchmod(file.fileno(), 0o600)  # SQLite gives its side files the same mode
    database = sqlite3.connect(path, isolation_level=None, timeout=2.0)
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:  # before anything in it is changed
            raise _Unusable("its file was written by a newer version of this program")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")  # a committed row outlives a power cut
        _bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


def _bring_up_to_date(database: sqlite3.Connection) -> None:
    database.execute("BEGIN IMMEDIATE")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version == 0:
        database.execute(_SCHEMA)
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    database.execute("COMMIT")


def _insert(database: sqlite3.Connection, rows: list[_Row]) -> None:
    if rows:
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "INSERT INTO record (at, kind, name, seconds, detail) VALUES (?, ?, ?, ?, ?)", rows
        )
        database.execute("COMMIT")


def _reason(error: Exception) -> str:
    match error:
        case _Unusable():
            return str(error)
        case OSError():
            return f"its file can't be opened ({(error.strerror or str(error)).lower()})"
        case sqlite3.Error() if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
            return "the disk is full"
        case sqlite3.DatabaseError() if getattr(error, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_NOTADB,
            sqlite3.SQLITE_CORRUPT,
        ):
            return "its file is damaged"
        case _:
            return f"its file can't be written ({error})"
