"""What a person may do with the whole file: check and repair it, and forget.

Decides that nothing is ever thrown away but what was asked to be forgotten (a file that gives way
to another is kept beside it under a name of its own), and that a file is complete or not there.
What the command line says around it is decided there.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.journal.database_files import copy, explained, fold, move_aside, remove, stamp
from assistant.journal.rows import Value, boot_number, insert
from assistant.journal.schema import LATEST, SUMS, TIMED
from assistant.journal.store import Damaged, Store, Unusable, open_store, sync_folder

LET_GO_S = 5.0
_EPOCH = date(1970, 1, 1)
_ANSWERS = "SELECT count(*) FROM note WHERE kind = 'screening'"


# --- check and repair -------------------------------------------------------


def check(path: Path) -> list[str]:
    """What is wrong with a journal, one finding a line; nothing: it is whole. Raises Unusable where
    that can't be told: no file, one of a newer version."""
    try:
        with open_store(path, create=False) as store, explained():
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
    aside = path.with_name(f"{path.stem}.damaged-{stamp()}{path.suffix}")
    fresh = path.with_name(f".{path.name}.repaired")
    remove(fresh)
    rescued = Rescued(aside)
    with explained():
        spare = path.with_name(f".{path.name}.copy")
        copy(path, spare)  # reading a database may change it; the damaged one stays as it is
        try:
            with open_store(fresh) as store, store.change() as database:
                _rescue(spare, database, rescued)
            fold(fresh)
        finally:
            remove(spare)
        move_aside(path, aside)
        fresh.replace(path)
        sync_folder(path.parent)
    return rescued


def _rescue(spare: Path, fresh: sqlite3.Connection, rescued: Rescued) -> None:
    with closing(sqlite3.connect(spare, isolation_level=None)) as old:
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
        if "note" in rescued.gaps:
            ask_anew(fresh)
        for row in _rows(old, "remembered", "id", rescued):
            if _has(fresh, "boot", row["boot"]):
                _put(fresh, "remembered", row)
        for table in SUMS:
            key = "id" if table == "old_stand" else "day"
            rescued.rows[table] = sum(
                _put(fresh, table, row) for row in _rows(old, table, key, rescued)
            )


def ask_anew(database: sqlite3.Connection) -> None:
    """An answer may be lost, which may have been a red flag: before the next routine the safety
    questions are asked again."""
    database.execute("DELETE FROM note WHERE kind = 'screening' AND name = 'all'")


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
                row.pop("day") if table in (*TIMED, *LATEST) else None
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


# --- forgetting -------------------------------------------------------------


def forget(store: Store, day: date | None) -> int:
    """Forget a day, or everything (None); how many rows that were. Really gone from the file."""
    with explained():
        with store.change() as database:
            tables = (*reversed(TIMED), *SUMS)  # what belongs to a session before the session
            answers = database.execute(_ANSWERS).fetchone()
            count = sum(_forget_in(database, table, day) for table in tables)
            if database.execute(_ANSWERS).fetchone() != answers:
                ask_anew(database)
            for table in LATEST if day is None else ("place",):  # a wish belongs to no day
                _forget_in(database, table, day)
            timed = (*TIMED, *LATEST)
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
