"""The journal's one file: opened, brought up to date, written and read.

Decides how the file is opened (WAL, every commit on the disk before it counts, mode 0600), how an
older one is brought up to date, and what is said of one that can't be used. The tables and each
of their columns are described in `schema`; read them through `Store.database`, best through
the views `stand_day`, `stand_delay` and `count_day`. A `Store` belongs to one thread.
"""

import errno
import logging
import os
import re
import sqlite3
import time
from collections.abc import Iterable
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from assistant.coach.effects import Place, Record, Remember, Remembered
from assistant.errors import AssistantError, ExitCode
from assistant.journal import rows, wal_index
from assistant.journal.row_time import Moment
from assistant.journal.schema import APPLICATION_ID, LATEST, SCHEMA, SCHEMA_VERSION, TIMED

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE_LASTS_S = 2 * 3600.0
"""After this long nobody goes on where they were."""
PATIENCE_S = 5.0
"""How long another program may keep the file to itself."""
TRY_AGAIN_S = 0.02
LOG_PAGES = 200
"""The log beside the file stays below a megabyte, so that it never is what fills a small disk."""


_IMPOSSIBLE = (
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    TypeError,
    ValueError,
    OverflowError,
)
"""What SQLite and Python say of values that no column can hold."""

log = logging.getLogger(__name__)


class Unusable(AssistantError):
    """There is no journal that can be used; the text says why, without a full stop."""

    code = ExitCode.FILE_ACCESS


class Damaged(Unusable):
    """The file isn't a database, or not a whole one."""


class Store:
    """An open journal. Use as a context manager, or `close()` it."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path, self.database = path, database
        self.left_out = 0
        """How many facts made no sense and were not kept, such as a text for a number."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.database.close()

    @contextmanager
    def change(self) -> "Iterator[sqlite3.Connection]":
        """All that is written inside is on the disk afterwards, or none of it."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield self.database
            self.database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # a failed commit has rolled back by itself
                self.database.execute("ROLLBACK")
            raise

    def try_to_write(self) -> None:
        """Raises where nothing can be written, though the file could be opened."""
        with self.change() as database:
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def write(
        self,
        entries: Iterable[tuple[Moment, Record | Remember]],
        place: tuple[Moment, Place] | None = None,
    ) -> None:
        """Keep facts, and the place if there is a new one: all of it or nothing."""
        with self.change() as database:
            for moment, record in entries:
                try:
                    rows.add(database, moment, record)
                except _IMPOSSIBLE as error:
                    # A row that can't be must not keep all that come after it from being kept.
                    self.left_out += 1
                    log.warning("a row for the journal is left out: %s (%s)", record, error)
            if place is not None:
                rows.keep(database, *place)

    def place(self, now: Moment) -> Place | None:
        """Where things stood, unless that is too long ago or was nowhere."""
        place, timer = self._kept(now), self._timer(now)
        if timer is None:
            return place
        pack, length_s = timer
        return replace(place or Place(), timer=pack, timer_s=length_s)

    def remembered(self) -> Remembered:
        """What was asked for and not taken back."""
        row = self.database.execute("SELECT kept FROM remembered").fetchone()
        return Remembered() if row is None else rows.remembered(row[0])

    def who(self, now: Moment) -> str:
        """The id of who was last there, as far as was told; empty where that is too long ago, and
        nothing was led to them since."""
        row = self.database.execute(
            "SELECT at_ms, uuid, mono_s, name FROM note JOIN boot ON boot.id = note.boot"
            " WHERE kind = 'person' AND NOT imported ORDER BY note.id DESC LIMIT 1"
        ).fetchone()
        place = self._kept(now)
        led = place is not None and bool(place.routine)
        holds = row is not None and (led or _age_s(now, *row[:3]) <= PLACE_LASTS_S)
        return str(row[3]) if holds else ""

    def _timer(self, now: Moment) -> tuple[str, float] | None:
        """The ice or heat whose end was never written down, and how long it was to be on."""
        row = self.database.execute(
            "SELECT at_ms, uuid, mono_s, name, seconds FROM note JOIN boot ON boot.id = note.boot"
            " WHERE note.id = (SELECT max(id) FROM note WHERE kind = 'timer') AND detail = 'begun'"
        ).fetchone()
        if row is None or _age_s(now, *row[:3]) > PLACE_LASTS_S:
            return None
        return row[3], row[4]

    def _kept(self, now: Moment) -> Place | None:
        row = self.database.execute(
            "SELECT kept, at_ms, uuid, mono_s FROM place JOIN boot ON boot.id = place.boot"
        ).fetchone()
        place = None if row is None else rows.kept(row[0])
        if place is None:
            return None
        age_s = _age_s(now, *row[1:])
        counting = (place.sit_left_s, place.quiet_left_s, place.away_left_s)
        nowhere = not place.routine and all(left_s is None for left_s in counting)
        if nowhere or age_s > PLACE_LASTS_S:
            return Place(ear_closed=True) if place.ear_closed else None  # however long ago
        return place

    def put_right(self, now: Moment) -> int:
        """Correct the rows of this boot that were written before the clock was right; how many."""
        if not now.clock_ok:
            return 0
        count = 0
        with self.change() as database:
            boot = rows.known_boot(database, now.boot)
            for table in (*TIMED, *LATEST):
                sql = (
                    f"UPDATE {table} SET clock_ok = 1, offset_s = ?,"  # noqa: S608
                    " at_ms = ? - CAST(round((? - mono_s) * 1000) AS INTEGER)"
                    " WHERE boot = ? AND clock_ok = 0"
                )
                values = (now.offset_s, now.at_ms, now.mono_s, boot)
                count += database.execute(sql, values).rowcount
        return count


def _age_s(now: Moment, at_ms: int, boot: str, mono_s: float) -> float:
    """How long ago a row was written. A clock that was set back by a power cut gives a negative
    age: as good as new."""
    return now.mono_s - mono_s if boot == now.boot else (now.at_ms - at_ms) / 1000


def open_store(path: Path, *, create: bool = True, patience_s: float = PATIENCE_S) -> Store:
    """Open the journal, making it or bringing it up to date where needed.

    With `create=False` a file that isn't there is an error. A file that can't be written (a
    read-only disk) is opened for reading then. Raises `Unusable`.
    """
    try:
        if path.exists() and not path.is_file():
            what = "is a directory" if path.is_dir() else "it is none"
            raise Unusable(f"its file can't be opened ({what})")
        if not create and not path.exists():
            raise Unusable(f"there is no journal yet at {path}; `assistant run` begins one")
        if create:
            _make_private(path)
            wal_index.check_room(path.parent)
        elif not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
            return Store(path, _open_to_read(path))
        return Store(path, _open_patiently(path, patience_s))
    except (OSError, sqlite3.Error) as error:
        raise unusable(error) from error


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with suppress(OSError), os.fdopen(descriptor) as file:
        os.fchmod(file.fileno(), 0o600)  # SQLite gives its side files the same mode
    if new:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that a new or renamed file is still there after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_patiently(path: Path, patience_s: float) -> sqlite3.Connection:
    """Two programs that make the file at the same moment would wait for each other: there SQLite
    calls it locked at once, whatever its timeout, so it is tried again here."""
    until = time.monotonic() + patience_s
    while True:
        try:
            return _open_to_write(path, max(0.0, until - time.monotonic()))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(TRY_AGAIN_S)


def _open_to_write(path: Path, patience_s: float) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, timeout=patience_s)
    try:
        version = version_of(database)  # before anything in it is changed
        database.execute("PRAGMA journal_mode = WAL")
        wal_index.hold_index(path)
        database.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        database.execute("PRAGMA synchronous = FULL")  # a committed row outlives a power cut
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
        if version < SCHEMA_VERSION:
            _bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


def _open_to_read(path: Path) -> sqlite3.Connection:
    """Without side files, where none can be made: then nobody is writing either."""
    for option in ("mode=ro", "immutable=1"):
        database = sqlite3.connect(f"{path.resolve().as_uri()}?{option}", uri=True)
        try:
            if version_of(database) < SCHEMA_VERSION:
                raise Unusable(
                    "its file is of an earlier version and can't be written to bring it up to date"
                )
            return database
        except BaseException as error:
            database.close()
            if option == "immutable=1" or not isinstance(error, sqlite3.OperationalError):
                raise
    raise AssertionError


def version_of(database: sqlite3.Connection) -> int:
    """The schema's version, 0 for an empty file. Raises Unusable where it is no journal of ours."""
    # In one statement: between two, another program may just be making the tables.
    version, application, names = database.execute(
        "SELECT user_version, application_id,"
        " (SELECT group_concat(name) FROM sqlite_master) FROM pragma_user_version,"
        " pragma_application_id"
    ).fetchone()
    if application == APPLICATION_ID or (version in (0, 1) and application == 0):
        if version > SCHEMA_VERSION:
            raise Unusable("its file was written by a newer version of this program")
        if version >= 2 or names == ("record" if version else None):
            return int(version)
    if application == 0 and version > SCHEMA_VERSION:
        raise Unusable("its file was written by a newer version of this program")
    raise Damaged("its file is a database, but not a journal of this program")


# --- bringing up to date ----------------------------------------------------


def _bring_up_to_date(database: sqlite3.Connection) -> None:
    database.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(database)  # another process may have been faster
        if version < SCHEMA_VERSION:
            if version in (2, 3):
                if version == 2:
                    _from_version_2(database)
                _make(database, _table("remembered"))  # what version 3 lacked
            else:
                _make(database, SCHEMA)
            if version == 1:
                _from_version_1(database)
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise


def _make(database: sqlite3.Connection, schema: str) -> None:
    for statement in filter(str.strip, schema.split(";\n")):
        database.execute(statement)


def _table(name: str) -> str:
    """How a table is made."""
    [text] = re.findall(rf"CREATE TABLE {name} .*?;\n", SCHEMA, re.DOTALL)
    return str(text)


def _from_version_2(database: sqlite3.Connection) -> None:
    """Version 2 kept a column for each part of a place (which is of no use after an update), and
    didn't tell what had come with an import."""
    [imported] = re.findall(r"^ +(imported .*?)  --", SCHEMA, re.MULTILINE)
    _make(
        database, f"ALTER TABLE boot ADD COLUMN {imported};\nDROP TABLE place;\n{_table('place')}"
    )


def _from_version_1(database: sqlite3.Connection) -> None:
    """Version 1 had one table of facts and knew neither boots nor what clocks were worth."""
    old = database.execute("SELECT at, kind, name, seconds, detail FROM record ORDER BY id")
    for at, kind, name, seconds, detail in old.fetchall():
        try:
            then = datetime.fromisoformat(at)
        except ValueError as error:
            raise Damaged("its file is damaged") from error
        offset = then.astimezone().utcoffset()
        moment = Moment(
            at_ms=round(then.timestamp() * 1000),
            offset_s=0 if offset is None else int(offset.total_seconds()),
            boot="",
            mono_s=0.0,
            clock_ok=False,
        )
        rows.add(database, moment, Record(kind, name, seconds, detail))
    database.execute("DROP TABLE record")


# --- what is said of one that can't be used ---------------------------------


def unusable(error: Exception) -> Unusable:
    """Why there can be no journal, in plain words."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match error:
        case Unusable():
            return error
        case OSError() if error.errno == errno.ENOSPC:
            return Unusable("the disk is full")
        case OSError():
            return Unusable(f"its file can't be opened ({(error.strerror or str(error)).lower()})")
        case sqlite3.Error() if code == sqlite3.SQLITE_FULL:
            return Unusable("the disk is full")
        case sqlite3.Error() if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return Damaged("its file is damaged")
        case sqlite3.Error() if code == sqlite3.SQLITE_BUSY:
            return Unusable("another program keeps its file locked")
        case sqlite3.Error() if code == sqlite3.SQLITE_READONLY:
            return Unusable("its file may not be written")
        case sqlite3.Error() if code == sqlite3.SQLITE_IOERR:
            return Unusable("its file can't be written (the disk is full, or failing)")
        case _:
            return Unusable(f"its file can't be used ({error})")
