"""What a person may do with the whole file: check and repair it, back it up, restore it, forget.

Decides that nothing is ever thrown away but what was asked to be forgotten (a file that gives way
to another is kept beside it under a name of its own), and that a file is complete or not there.
What the command line says around it is decided there.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from assistant.errors import AssistantError, ExitCode
from assistant.journal.rows import Value, boot_number, insert
from assistant.journal.schema import APPLICATION_ID, SUMS, TIMED
from assistant.journal.store import (
    Damaged,
    Store,
    Unusable,
    open_store,
    sync_folder,
    unusable,
    version_of,
)

Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all."""
SIDE_FILES = ("-wal", "-shm", "-journal")
LET_GO_S = 5.0
_EPOCH = date(1970, 1, 1)


# --- check and repair -------------------------------------------------------


def check(path: Path) -> list[str]:
    """What is wrong with a journal, one finding a line; nothing: it is whole. Raises Unusable where
    that can't be told: no file, one of a newer version."""
    try:
        with open_store(path, create=False) as store, _explained():
            pages = store.database.execute("PRAGMA integrity_check(20)").fetchall()
            loose = store.database.execute("PRAGMA foreign_key_check").fetchall()
    except Damaged as error:
        return [str(error)]
    return [str(row) for (row,) in pages if row != "ok"] + [
        f"row {number} of {table} belongs to a {parent} that isn't there"
        for table, number, parent, _ in loose
    ]


@dataclass
class Rescued:
    """What a repair has saved."""

    aside: Path
    """The damaged file, kept."""
    rows: dict[str, int] = field(default_factory=dict)
    gaps: dict[str, int] = field(default_factory=dict)
    """Tables of which some rows could not be read, and in how many places."""


def repair(path: Path) -> Rescued:
    """Move a damaged file aside and put what can be read of it into a new one."""
    aside = path.with_name(f"{path.stem}.damaged-{_stamp()}{path.suffix}")
    fresh = path.with_name(f".{path.name}.repaired")
    _remove(fresh)
    rescued = Rescued(aside)
    with _explained():
        copy = path.with_name(f".{path.name}.copy")
        _copy(path, copy)  # reading a database may change it; the damaged one stays as it is
        try:
            with open_store(fresh) as store, store.change() as database:
                _rescue(copy, database, rescued)
            _fold(fresh)
        finally:
            _remove(copy)
        _move_aside(path, aside)
        fresh.replace(path)
        sync_folder(path.parent)
    return rescued


def _rescue(copy: Path, fresh: sqlite3.Connection, rescued: Rescued) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as old:
        for row in _rows(old, "boot", "id", rescued):
            _put(fresh, "boot", row)
        for table in TIMED:
            count = 0
            for row in _rows(old, table, "id", rescued):
                if not _has(fresh, "boot", row["boot"]):
                    row["boot"] = boot_number(fresh, f"lost {row['boot']}")
                if "session" in row and not _has(fresh, "session", row["session"]):
                    row["session"] = None
                count += _put(fresh, table, row)
            rescued.rows[table] = count
        for table in SUMS:
            key = "id" if table == "old_stand" else "day"
            rescued.rows[table] = sum(
                _put(fresh, table, row) for row in _rows(old, table, key, rescued)
            )


def _rows(
    old: sqlite3.Connection, table: str, key: str, rescued: Rescued
) -> Iterator[dict[str, Value]]:
    """Every row that can be read, in the order of its number, with jumps over what can't."""
    by_number = key == "id"
    where = "rowid > ? ORDER BY rowid" if by_number else "1 OR ?"
    select = "rowid AS number_, *" if by_number else "0 AS number_, *"
    last, jump = -1, 1
    while jump < 2**40:
        try:
            sql = f"SELECT {select} FROM {table} WHERE {where}"  # noqa: S608
            cursor = old.execute(sql, (last,))
            names = [column[0] for column in cursor.description]
            for values in cursor:
                row = dict(zip(names, values, strict=True))
                last, jump = int(row.pop("number_")), 1
                row.pop("day") if table in TIMED else None
                yield row
            return
        except sqlite3.Error:
            if not by_number:
                break
            rescued.gaps[table] = rescued.gaps.get(table, 0) + (jump == 1)
            last, jump = last + jump, jump * 2
    if not by_number:
        rescued.gaps[table] = 1


def _put(fresh: sqlite3.Connection, table: str, row: dict[str, Value]) -> int:
    with suppress(sqlite3.IntegrityError, sqlite3.OperationalError):  # a row that makes no sense
        insert(fresh, table, row)
        return 1
    return 0


def _has(database: sqlite3.Connection, table: str, number: Value) -> bool:
    sql = f"SELECT 1 FROM {table} WHERE id = ?"  # noqa: S608
    return database.execute(sql, (number,)).fetchone() is not None


# --- backup and restore -----------------------------------------------------


def backup(path: Path, to: Path, progress: Progress = lambda done, total: None) -> None:
    """Copy the journal as it is at one moment, also while it is being written.

    `to` is complete or not there. A file that is no journal is not replaced.
    """
    fresh = to.with_name(f".{to.name}.part")
    with open_store(path, create=False) as store:
        try:
            if to.exists():
                _check_replaceable(to)
            _remove(fresh)
            os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            with closing(sqlite3.connect(fresh)) as target:
                store.database.backup(
                    target,
                    pages=500,
                    progress=lambda _, left, total: progress(total - left, total),
                )
                target.execute("PRAGMA journal_mode = DELETE")  # one file, easy to carry
            _sync(fresh)
            fresh.replace(to)
            sync_folder(to.parent)
        except (OSError, sqlite3.Error) as error:
            text = f"{to} can't be written: {unusable(error)}"
            raise AssistantError(text, code=ExitCode.FILE_ACCESS) from error
        finally:
            with suppress(OSError):
                _remove(fresh)


def restore(path: Path, source: Path) -> Path | None:
    """Put a backup in the journal's place; where the old one is kept, if there was one.

    The assistant must not be running. Raises Unusable, and changes nothing then.
    """
    fresh = path.with_name(f".{path.name}.restored")
    with _explained():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove(fresh)
        try:
            _copy(source, fresh)
            fresh.chmod(0o600)
            with open_store(fresh) as store:
                if findings := check(fresh):
                    raise Damaged(f"{source} is damaged ({findings[0]})")
                store.database.execute("DELETE FROM place")  # that was another day
            _fold(fresh)
            aside = path.with_name(f"{path.stem}.before-restore-{_stamp()}{path.suffix}")
            kept = path.exists()
            if kept:
                _move_aside(path, aside)
            fresh.replace(path)
            sync_folder(path.parent)
        finally:
            _remove(fresh)
    return aside if kept else None


def _check_replaceable(to: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{to.resolve().as_uri()}?mode=ro", uri=True)) as database:
            [application] = database.execute("PRAGMA application_id").fetchone()
    except sqlite3.Error:
        application = 0
    if application != APPLICATION_ID:
        raise AssistantError(
            f"{to} is there already and is no backup of a journal; name another file",
            code=ExitCode.FILE_ACCESS,
        )


# --- forgetting -------------------------------------------------------------


def forget(store: Store, day: date | None) -> int:
    """Forget a day, or everything (None); how many rows that were. Really gone from the file."""
    with _explained():
        with store.change() as database:
            tables = (*reversed(TIMED), *SUMS)  # what belongs to a session before the session
            count = sum(_forget_in(database, table, day) for table in tables)
            _forget_in(database, "place", day)
            timed = (*TIMED, "place")
            used = " UNION ".join(f"SELECT boot FROM {table}" for table in timed)  # noqa: S608
            database.execute(f"DELETE FROM boot WHERE id NOT IN ({used})")  # noqa: S608
        store.database.execute("VACUUM")
        _empty_log(store.database)
    return count


def _forget_in(database: sqlite3.Connection, table: str, day: date | None) -> int:
    sql = f"DELETE FROM {table}"  # noqa: S608
    if day is None:
        return database.execute(sql).rowcount
    return database.execute(f"{sql} WHERE day = ?", ((day - _EPOCH).days,)).rowcount


def _empty_log(database: sqlite3.Connection) -> None:
    """Until the log of changes is cut to nothing, what was forgotten still stands in it."""
    until = time.monotonic() + LET_GO_S
    while database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() > until:
            raise Unusable(
                "it is forgotten, but a program that reads the file keeps it from being wiped;"
                " close that program and say forget again"
            )
        time.sleep(0.05)


def copies(path: Path) -> list[Path]:
    """Older files beside the journal, which hold what was in it then; also those of an upgrade
    that was cut short."""
    found = [
        *path.parent.glob(f"{path.name}*.before"),
        *path.parent.glob(f"{path.stem}.damaged-*"),
        *path.parent.glob(f"{path.stem}.before-*"),
    ]
    return sorted(found)


# --- files ------------------------------------------------------------------


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise unusable(error) from error


def _stamp() -> str:
    return datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")


def _copy(source: Path, to: Path) -> None:
    """The file with what stands in its log of changes."""
    for suffix in ("", *SIDE_FILES):
        beside = source.with_name(source.name + suffix)
        if suffix == "-shm" or not (beside.exists() or suffix == ""):
            continue
        copied = to.with_name(to.name + suffix)
        shutil.copyfile(beside, copied)
        copied.chmod(0o600)


def _fold(path: Path) -> None:
    """Everything into the one file, on the disk."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        version_of(database)
    _sync(path)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _move_aside(path: Path, aside: Path) -> None:
    for suffix in ("", *SIDE_FILES):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))


def _remove(path: Path) -> None:
    for suffix in ("", *SIDE_FILES):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
