"""An export of the journal, taken back in.

Decides what can be imported: an export is checked to its last row, every error is named, and then
all of it is added or nothing. What is there already isn't added again, also when its clock was
put right or its day was summed up in between: the same file twice changes nothing.
"""

import json
import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.errors import AssistantError, ExitCode
from assistant.journal.exporting import FORMAT, TABLES, Column, Row, columns, rows_of
from assistant.journal.rows import Value, insert, known_boot
from assistant.journal.schema import SCHEMA_VERSION, SUMS, TIMED
from assistant.journal.store import Store

Progress = Callable[[int, int], None]
VERSIONS = range(2, SCHEMA_VERSION + 1)
"""What an export of these holds has not changed."""

SAME = {
    # What tells two rows of one moment apart.
    "session": ("routine",),
    "exercise": ("exercise", "side"),
    "pain": ("moment",),
    "stand": ("asked",),
    "command": ("command", "source"),
    "fault": ("part",),
    "note": ("kind", "name", "detail"),
}
OPEN = {"session": "how", "stand": "answer"}
"""What is empty in these as long as they go on."""
SUMMED = {"stand": "old_stand", "command": "old_count", "fault": "old_count", "note": "old_count"}
BYTE_ORDER_MARK = "\ufeff"
"""What some editors put at the beginning of a file that they save."""
_SIDES = ("", "left", "right")
_NAMED = 40
"""Errors that are named one by one."""
_LARGEST = 2**63 - 1
_YEAR_S = 366 * 86_400.0
_LENGTHS = ("seconds", "planned_s", "delay_s", "snooze_s")
"""Of one thing, or of a day; what is longer than a year is a fault of whoever wrote the file."""
_COUNTS = (
    *("reps", "planned_reps", "snoozes", "times", "value"),
    *("due", "taken", "skipped", "unanswered", "snoozed", "cut", "unasked"),
)
_MOST = 1_000_000
"""Of a count: far more than there can be, and so few that a lifetime of them can be summed."""
_LAST_MS = 253_402_300_800_000
"""The year 9999 has ended."""


class BadImport(AssistantError):
    """A file that can't be imported; the text names every error."""

    code = ExitCode.FILE_ACCESS


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did."""

    added: int
    known: int
    """Rows that were there already."""


def from_json(store: Store, text: str, progress: Progress = lambda done, total: None) -> Taken:
    """Add what isn't there yet, all of it or nothing. Raises BadImport naming every error."""
    tables = check(store.database, text)
    total = sum(map(len, tables.values()))
    added = done = 0
    with store.change() as database:
        sums = _days_summed(database)
        detailed = _days_in_detail(database)
        numbers: dict[int, int] = {}
        for table in TIMED:
            present = _present(database, table)
            for row in tables[table]:
                added += _take(database, table, row, present, numbers, sums)
                done += 1
                if done % 1000 == 0:
                    progress(done, total)
        for table in SUMS:
            for row in tables[table]:
                if row["day"] not in sums[table] and row["day"] not in detailed[table]:
                    insert(database, table, row)
                    added += 1
        progress(total, total)
    return Taken(added, total - added)


def _take(
    database: sqlite3.Connection,
    table: str,
    row: Row,
    present: dict[tuple[Value, ...], list[int]],
    numbers: dict[int, int],
    sums: Mapping[str, set[int]],
) -> int:
    """Add a row unless it is there; 1 if it changed anything. Equal rows count one by one."""
    number = int(row["id"] or 0)
    known = present.get(_key(table, row))
    fresh = {name: value for name, value in row.items() if name != "id"}
    fresh["boot"] = _boot(database, str(row["boot"]))
    if row.get("session") is not None:
        fresh["session"] = numbers[int(row["session"] or 0)]
    if known:
        there = known.pop(0)
        if table == "session":
            numbers[number] = there
        return _complete(database, table, there, fresh)
    if _day(row) in sums.get(SUMMED.get(table, ""), ()):
        return 0
    there = insert(database, table, fresh)
    if table == "session":
        numbers[number] = there
    return 1


def _boot(database: sqlite3.Connection, uuid: str) -> int:
    """The number of a boot; of one that isn't known here nobody can tell when it was among ours."""
    database.execute("INSERT OR IGNORE INTO boot (uuid, imported) VALUES (?, 1)", (uuid,))
    return known_boot(database, uuid)


def _complete(database: sqlite3.Connection, table: str, number: int, row: Row) -> int:
    """What was still going on when it was written here may have ended in the file."""
    mark = OPEN.get(table)
    if mark is None or row[mark] is None:
        return 0
    names = ", ".join(f"{name} = ?" for name in row)
    sql = f"UPDATE {table} SET {names} WHERE id = ? AND {mark} IS NULL"  # noqa: S608
    return database.execute(sql, (*row.values(), number)).rowcount


def _key(table: str, row: Mapping[str, Value]) -> tuple[Value, ...]:
    """The same row, also when its clock was put right in between."""
    when = (row["boot"], row["mono_s"]) if row["boot"] else (row["at_ms"],)
    return (*when, *(row[name] for name in SAME[table]))


def _present(database: sqlite3.Connection, table: str) -> dict[tuple[Value, ...], list[int]]:
    found: dict[tuple[Value, ...], list[int]] = defaultdict(list)
    for row in rows_of(database, table):
        found[_key(table, row)].append(int(row["id"] or 0))
    return found


def _day(row: Row) -> int:
    return (int(row["at_ms"] or 0) // 1000 + int(row["offset_s"] or 0)) // 86400


def _days_summed(database: sqlite3.Connection) -> dict[str, set[int]]:
    return {table: _days(database, table) for table in SUMS}


def _days_in_detail(database: sqlite3.Connection) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {table: set() for table in SUMS}
    for table, summed in SUMMED.items():
        found[summed] |= _days(database, table)
    return found


def _days(database: sqlite3.Connection, table: str) -> set[int]:
    return {day for (day,) in database.execute(f"SELECT DISTINCT day FROM {table}")}  # noqa: S608


# --- is it an export? -------------------------------------------------------


def check(database: sqlite3.Connection, text: str) -> dict[str, list[Row]]:
    """The rows of an export, each checked. Raises BadImport naming every error."""
    try:
        data = json.loads(text.removeprefix(BYTE_ORDER_MARK), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadImport(f"it is no JSON ({error})") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadImport(
            f'it is no export of a journal: expected "format": "{FORMAT}" at its beginning;'
            " name a file that `assistant journal export --json` wrote"
        )
    if data.get("version") not in VERSIONS:
        raise BadImport(
            f"it is of version {_shown(data.get('version'))}, this program reads up to"
            f" {SCHEMA_VERSION}: bring the program up to date"
        )
    errors: list[str] = []
    found = data.get("tables")
    tables = found if isinstance(found, dict) else {}
    if tables is not found:
        errors.append("tables: expected an object with a list for each table")
    errors += [f"tables: there is no table {name!r}" for name in tables if name not in TABLES]
    checked: dict[str, list[Row]] = {}
    for table in TABLES:
        rows = tables.get(table, [])
        if not isinstance(rows, list):
            errors.append(f"{table}: expected a list of rows, found {_shown(rows)}")
            rows = []
        checked[table] = list(_checked(database, table, rows, errors))
    if not errors:
        errors += _loose_ends(checked)
    if errors:
        more = len(errors) - _NAMED
        named = errors[:_NAMED] + ([f"and {more} more"] if more > 0 else [])
        raise BadImport("\n".join(named))
    return checked


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _checked(
    database: sqlite3.Connection, table: str, rows: Iterable[Any], errors: list[str]
) -> Iterator[Row]:
    wanted = columns(database, table)
    names = {column.name for column in wanted}
    for number, row in enumerate(rows, 1):
        where = f"{table}, row {number}"
        if not isinstance(row, dict):
            errors.append(f"{where}: expected an object, found {_shown(row)}")
            continue
        wrong = [f"{where}: there is no column {name!r}" for name in row if name not in names]
        for column in wanted:
            problem = _problem(column, row)
            wrong += [f"{where}, {column.name}: {problem}"] if problem else []
        if not wrong:
            wrong += [f"{where}, {problem}" for problem in _nonsense(table, row)]
        errors += wrong
        if not wrong:
            yield {column.name: _exact(column, row[column.name]) for column in wanted}


def _problem(column: Column, row: Mapping[str, Any]) -> str:
    expected = {int: "a whole number", float: "a number", str: "a text"}[column.kind]
    if column.name not in row:
        return f"expected {expected}, found nothing"
    value = row[column.name]
    if value is None and not column.needed:
        return ""
    fits = {int: int, float: int | float, str: str}[column.kind]
    if isinstance(value, bool) or not isinstance(value, fits):
        return f"expected {expected}, found {_shown(value)}"
    if isinstance(value, int | float) and not (math.isfinite(value) and abs(value) <= _LARGEST):
        return f"expected {expected}, found {_shown(value)}"
    if isinstance(value, str) and not _writable(value):
        return "it holds characters that can't be written"
    return ""


def _nonsense(table: str, row: Mapping[str, Any]) -> Iterator[str]:
    """Values of the right kind that can't be."""
    rules: list[tuple[str, bool, str]] = []
    if table in TIMED:
        late_ms = max(0, row["offset_s"] * 1000)  # the local time has to be one, too
        rules += [
            ("at_ms", 0 <= row["at_ms"] < _LAST_MS - late_ms, "a time before the year 10000"),
            ("offset_s", abs(row["offset_s"]) <= 86_399, "less than a day"),
            ("clock_ok", row["clock_ok"] in (0, 1), "0 or 1"),
        ]
    else:
        rules.append(("day", 0 <= row["day"] < 2_932_896, "a day before the year 10000"))
    match table:
        case "pain":
            rules.append(("value", 0 <= row["value"] <= 10, "0 to 10"))
        case "exercise":
            rules.append(("side", row["side"] in _SIDES, "left, right or an empty text"))
        case "stand":
            rules.append(("asked", row["asked"] in (0, 1), "0 or 1"))
        case "old_stand":
            rules.append(("delays", _is_list_of_lengths(row["delays"]), "a list of seconds"))
    for names, most, expected in (
        (_LENGTHS, _YEAR_S, "seconds, a year at most"),
        (_COUNTS, _MOST, f"{_MOST} at most"),
    ):
        for name in names:
            if row.get(name) is not None:
                least = -most if name == "value" else 0
                rules.append((name, row[name] >= least, f"{least} or more"))
                rules.append((name, row[name] <= most, expected))
    for name, holds, expected in rules:
        if not holds:
            yield f"{name}: expected {expected}, found {_shown(row[name])}"


def _loose_ends(tables: Mapping[str, list[Row]]) -> Iterator[str]:
    """Rows that belong to nothing, and numbers that are given twice."""
    for table in TIMED:
        numbers = Counter(row["id"] for row in tables[table])
        twice = [number for number, count in numbers.items() if count > 1]
        yield from (f"{table}: there are several rows with id {number}" for number in twice)
    sessions = {row["id"] for row in tables["session"]}
    for table in ("exercise", "pain"):
        for number, row in enumerate(tables[table], 1):
            if row["session"] is not None and row["session"] not in sessions:
                yield f"{table}, row {number}, session: there is no session {row['session']}"
    for table, key in (("old_stand", ("day",)), ("old_count", ("day", "kind", "name", "detail"))):
        keys = Counter(tuple(row[name] for name in key) for row in tables[table])
        days = [key[0] for key, count in keys.items() if count > 1]
        yield from (f"{table}: there are several rows for day {day}" for day in days)


def _exact(column: Column, value: Any) -> Value:
    return float(value) if column.kind is float and value is not None else value


def _writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_list_of_lengths(text: str) -> bool:
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, list) and all(
        type(item) in (int, float) and abs(item) <= _YEAR_S for item in found
    )


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."
