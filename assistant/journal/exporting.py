"""The journal in files that other programs read.

Decides what an export looks like: JSON holds everything, for keeping and for import; CSV has a
file for each table, for a spreadsheet. Every column comes with its meaning. A spreadsheet reads CSV
as its country writes numbers: where the comma is the decimal sign, columns end with a semicolon.
The mark at the beginning tells it that the text is UTF-8. What an import takes is decided in
`importing`.
"""

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TextIO

from assistant.journal.rows import Value
from assistant.journal.schema import SCHEMA_VERSION, SUMS, TIMED, described
from assistant.journal.store import Store
from assistant.machine.whole_file import OWNER_ONLY, whole_file

FORMAT = "exercise assistant journal"
TABLES = (*TIMED, *SUMS)
Row = dict[str, Value]
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it stands in a file."""

    name: str
    kind: type
    needed: bool


# --- export -----------------------------------------------------------------


def to_json(store: Store, file: TextIO, now: datetime) -> int:
    """Write everything but the place; one row a line. How many rows."""
    head = {"format": FORMAT, "version": SCHEMA_VERSION, "exported": now.isoformat()}
    file.write(json.dumps(head, indent=1)[:-2] + ',\n "columns": ')
    meaning = {name: columns for name, columns in described().items() if name in TABLES}
    file.write(json.dumps(meaning, indent=1, ensure_ascii=False) + ',\n "tables": {')
    count = 0
    for number, table in enumerate(TABLES):
        file.write(f'{"," if number else ""}\n  "{table}": [')
        for place, row in enumerate(rows_of(store.database, table)):
            file.write(("," if place else "") + "\n" + json.dumps(row, ensure_ascii=False))
            count += 1
        file.write("]")
    file.write("\n }\n}\n")
    return count


def to_csv(store: Store, folder: Path, *, decimal_comma: bool = False) -> int:
    """Write a file for each table, and one that tells what the columns mean. How many rows. Raises
    AssistantError for one that can't be written; what was in its place stays."""
    folder.mkdir(parents=True, exist_ok=True)
    ends = ";" if decimal_comma else ","
    mark = "," if decimal_comma else "."
    count = 0
    for table in TABLES:
        timed = table in TIMED
        extra = ["date", "time"] if timed else ["date"]
        names = [column.name for column in columns(store.database, table)]
        with _new(folder / f"{table}.csv") as file:
            writer = csv.writer(file, delimiter=ends)
            writer.writerow(extra + names)
            for row in rows_of(store.database, table):
                cells = [_cell(row[name], mark) for name in names]
                writer.writerow(_readable(row, timed) + cells)
                count += 1
    with _new(folder / "columns.csv") as file:
        writer = csv.writer(file, delimiter=ends)
        writer.writerow(["table", "column", "meaning"])
        for table, meanings in described().items():
            if table in TABLES:
                writer.writerow([table, "date", "local date"])
                if table in TIMED:
                    writer.writerow([table, "time", "local time"])
                kept = {column.name for column in columns(store.database, table)}
                writer.writerows([table, *item] for item in meanings.items() if item[0] in kept)
    return count


@contextmanager
def _new(path: Path) -> Iterator[TextIO]:
    with (
        whole_file(path, OWNER_ONLY) as part,
        part.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        yield file


def _cell(value: Value, mark: str) -> Value:
    """A number with its sign for decimals, in tenths at most; a text that no spreadsheet takes for
    a formula."""
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0").replace(".", mark)
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


def _readable(row: Row, timed: bool) -> list[str]:
    if not timed:
        return [(_EPOCH + timedelta(days=int(row["day"] or 0))).isoformat()]
    zone = timezone(timedelta(seconds=int(row["offset_s"] or 0)))
    then = datetime.fromtimestamp(int(row["at_ms"] or 0) / 1000, UTC).astimezone(zone)
    return [then.date().isoformat(), then.strftime("%H:%M:%S")]


def rows_of(database: sqlite3.Connection, table: str) -> Iterator[Row]:
    names = [column.name for column in columns(database, table)]
    picked = ", ".join("boot.uuid" if name == "boot" else f"{table}.{name}" for name in names)
    joined = f"JOIN boot ON boot.id = {table}.boot" if table in TIMED else ""
    order = f"{table}.id" if table in TIMED else "day"
    sql = f"SELECT {picked} FROM {table} {joined} ORDER BY {order}"  # noqa: S608
    for values in database.execute(sql):
        yield dict(zip(names, values, strict=True))


def columns(database: sqlite3.Connection, table: str) -> list[Column]:
    """The columns of a table as a file has them: a boot by its own id, no date that follows."""
    kinds = {"INTEGER": int, "REAL": float, "TEXT": str}
    made = []
    for _, name, kind, needed, _, key, hidden in database.execute(f"PRAGMA table_xinfo({table})"):
        if not hidden:
            made.append(Column(name, str if name == "boot" else kinds[kind], bool(needed or key)))
    return made
