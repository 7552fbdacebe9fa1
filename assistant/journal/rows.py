"""What becomes of a `Record`: which row it adds, or which open one it completes.

Decides how the coach's facts, one after another, make sessions and stand-up reminders that have a
beginning and an end, also when the machine was switched off in between. Runs inside a
transaction of the caller's.
"""

import sqlite3
from collections.abc import Mapping

from assistant.coach.effects import Place, Record
from assistant.journal.clock import Moment

SNOOZE_LASTS_S = 3 * 3600
"""A reminder after a snooze this long ago is a new one."""
ASKED_BEFORE_S = 600
"""Pain that was asked for this long before a session begins belongs to it."""

Value = str | int | float | None


def insert(database: sqlite3.Connection, table: str, row: Mapping[str, Value]) -> int:
    """Add a row and return its number. Table and column names are ours, never a person's."""
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
    return int(database.execute(sql, tuple(row.values())).lastrowid or 0)


def boot_number(database: sqlite3.Connection, uuid: str) -> int:
    """The number of a boot in this file; a new one gets one."""
    database.execute("INSERT OR IGNORE INTO boot (uuid) VALUES (?)", (uuid,))
    [number] = database.execute("SELECT id FROM boot WHERE uuid = ?", (uuid,)).fetchone()
    return int(number)


def when(database: sqlite3.Connection, moment: Moment) -> dict[str, Value]:
    """A moment as the columns that every timed table has."""
    return {
        "at_ms": moment.at_ms,
        "offset_s": moment.offset_s,
        "boot": boot_number(database, moment.boot),
        "mono_s": moment.mono_s,
        "clock_ok": int(moment.clock_ok),
    }


def add(database: sqlite3.Connection, moment: Moment, record: Record) -> None:
    """Write down one fact."""
    at = when(database, moment)
    match record.kind:
        case "session_start":
            _begin_session(database, at, record.name)
        case "session_end":
            _end_session(database, at, record)
        case "exercise":
            insert(database, "exercise", at | _exercise(record, _open_session(database)))
        case "pain" if record.value is not None and 0 <= record.value <= 10:
            _add_pain(database, at, record.detail, record.value)
        case "command":
            named = {"command": record.name, "source": record.detail}
            insert(database, "command", at | named)
        case "fault":
            insert(database, "fault", at | {"part": record.name, "reason": record.detail})
        case "break_due":
            _add_reminder(database, at)
        case "break_taken" | "break_snoozed" | "break_skipped" | "break_unanswered":
            _answer_reminder(database, at, record)
        case _:
            insert(database, "note", at | _note(record))


def keep(database: sqlite3.Connection, moment: Moment, place: Place) -> None:
    """Replace the place that was kept."""
    row = when(database, moment) | {
        "routine": place.routine,
        "segment": place.segment,
        "elapsed_s": place.elapsed_s,
        "sit_left_s": place.sit_left_s,
        "snoozes": place.snoozes,
        "quiet_left_s": place.quiet_left_s,
        "away_left_s": place.away_left_s,
    }
    database.execute("DELETE FROM place")
    insert(database, "place", {"id": 1} | row)


# --- sessions ---------------------------------------------------------------


def _begin_session(database: sqlite3.Connection, at: Mapping[str, Value], routine: str) -> None:
    database.execute("UPDATE session SET how = 'cut' WHERE how IS NULL")
    number = insert(database, "session", {**at, "routine": routine})
    database.execute(
        "UPDATE pain SET session = ? WHERE session IS NULL AND moment = 'before'"
        " AND boot = ? AND mono_s >= ? - ?",
        (number, at["boot"], at["mono_s"], ASKED_BEFORE_S),
    )


def _end_session(database: sqlite3.Connection, at: Mapping[str, Value], record: Record) -> None:
    number = _open_session(database)
    if number is None:  # what there was of it has been forgotten
        insert(database, "session", {**at, "routine": record.name, "how": record.detail})
        return
    database.execute(
        "UPDATE session SET seconds = ?, how = ? WHERE id = ?",
        (record.seconds, record.detail, number),
    )


def _open_session(database: sqlite3.Connection) -> int | None:
    return _number(
        database, "SELECT id FROM session WHERE how IS NULL ORDER BY at_ms DESC, id DESC LIMIT 1"
    )


def _exercise(record: Record, session: int | None) -> dict[str, Value]:
    return {
        "session": session,
        "exercise": record.name,
        "side": record.side,
        "seconds": record.seconds,
        "planned_s": record.planned_s,
        "reps": record.reps,
        "planned_reps": record.planned_reps,
        "how": record.detail,
    }


def _add_pain(
    database: sqlite3.Connection, at: Mapping[str, Value], moment: str, value: int
) -> None:
    """Before or in a session it is that session's; after, the last one's."""
    number = _open_session(database)
    if number is None and moment == "after":
        number = _number(database, "SELECT id FROM session ORDER BY at_ms DESC, id DESC LIMIT 1")
    answer: dict[str, Value] = {"session": number, "moment": moment, "value": value}
    insert(database, "pain", {**at, **answer})


# --- stand-up reminders -----------------------------------------------------


def _add_reminder(database: sqlite3.Connection, at: Mapping[str, Value]) -> None:
    """A reminder that was put off and comes again is still the same one."""
    number = _snoozed(database, at)
    if number is not None:
        database.execute("UPDATE stand SET answer = NULL, delay_s = NULL WHERE id = ?", (number,))
        return
    database.execute("UPDATE stand SET answer = 'cut' WHERE answer IS NULL")
    insert(database, "stand", {**at, "asked": 1})


def _answer_reminder(database: sqlite3.Connection, at: Mapping[str, Value], record: Record) -> None:
    answer = record.kind.removeprefix("break_")
    number = _number(database, "SELECT max(id) FROM stand WHERE answer IS NULL")
    if number is None and answer == "taken":
        number = _snoozed(database, at)  # stood up before it came again
    if number is None:
        if answer == "taken":
            insert(database, "stand", {**at, "asked": 0, "answer": "taken"})
        return
    snooze_s = record.seconds if answer == "snoozed" else 0.0
    database.execute(
        "UPDATE stand SET answer = ?, delay_s = ?, snoozes = snoozes + ?, snooze_s = snooze_s + ?"
        " WHERE id = ?",
        (
            answer,
            _delay_s(database, number, at, record),
            int(answer == "snoozed"),
            snooze_s,
            number,
        ),
    )


def _snoozed(database: sqlite3.Connection, at: Mapping[str, Value]) -> int | None:
    """The reminder that waits to come again, if nothing has come after it."""
    return _number(
        database,
        "SELECT id FROM stand WHERE id = (SELECT max(id) FROM stand) AND answer = 'snoozed'"
        " AND :at_ms - at_ms < :lasts_ms AND NOT EXISTS"
        " (SELECT 1 FROM session WHERE session.at_ms > stand.at_ms)",
        {**at, "lasts_ms": SNOOZE_LASTS_S * 1000},
    )


def _delay_s(
    database: sqlite3.Connection, number: int, at: Mapping[str, Value], record: Record
) -> float:
    """Since the first reminder. The coach counts from the last one, so its own figure is only
    taken where there was just one."""
    boot, mono_s, at_ms, snoozes = database.execute(
        "SELECT boot, mono_s, at_ms, snoozes FROM stand WHERE id = ?", (number,)
    ).fetchone()
    if record.kind != "break_snoozed" and not snoozes:
        return round(record.seconds, 1)
    now = {name: float(at[name] or 0) for name in ("mono_s", "at_ms")}
    known = boot == at["boot"] and mono_s > 0
    since_s = now["mono_s"] - mono_s if known else (now["at_ms"] - at_ms) / 1000
    return float(round(max(0.0, since_s), 1))


def _note(record: Record) -> dict[str, Value]:
    return {
        "kind": record.kind,
        "name": record.name,
        "seconds": record.seconds,
        "detail": record.detail,
        "value": record.value,
    }


def _number(
    database: sqlite3.Connection, sql: str, values: Mapping[str, Value] | tuple[Value, ...] = ()
) -> int | None:
    row = database.execute(sql, values).fetchone()
    return None if row is None or row[0] is None else int(row[0])
