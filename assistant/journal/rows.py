"""What becomes of a `Record`: which row it adds, or which open one it completes.

Decides how the coach's facts, one after another, make sessions and stand-up reminders that have a
beginning and an end, also when the machine was switched off in between. Runs inside a
transaction of the caller's.
"""

import json
import math
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, cast, get_args, get_origin, get_type_hints

from assistant.coach.effects import Place, Record, Remember, Remembered
from assistant.journal.row_time import Moment
from assistant.machine.messages import build, plain

REMINDER_WAITS_S = 3 * 3600.0
"""A reminder that came this long ago, and was put off or not answered, is past."""
APART_S = 300.0
"""Breaks that nobody asked for are one when they are closer together."""
ASKED_BEFORE_S = 600
"""Pain that was asked for this long before a session begins belongs to it."""

_OURS = "0 = (SELECT imported FROM boot AS own WHERE own.id = boot)"
"""What came from another file goes on nowhere here."""
_LAST_SESSION = (
    f"SELECT id FROM session WHERE {{}} AND {_OURS} ORDER BY at_ms DESC, id DESC LIMIT 1"  # noqa: S608
)

_LATER_PARTS = {"unanswered": False}
"""Of a place: what the versions that came before them didn't know, and what held for those."""

Value = str | int | float | None


def insert(database: sqlite3.Connection, table: str, row: Mapping[str, Value]) -> int:
    """Add a row and return its number. Table and column names are ours, never a person's."""
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
    return int(database.execute(sql, tuple(row.values())).lastrowid or 0)


def boot_number(database: sqlite3.Connection, uuid: str) -> int:
    """The number of a boot in this file; a new one gets one."""
    database.execute("INSERT OR IGNORE INTO boot (uuid) VALUES (?)", (uuid,))
    return known_boot(database, uuid)


def known_boot(database: sqlite3.Connection, uuid: str) -> int:
    """The number of a boot of which there are rows; 0 where there are none."""
    return _number(database, "SELECT id FROM boot WHERE uuid = ?", (uuid,)) or 0


def when(database: sqlite3.Connection, moment: Moment) -> dict[str, Value]:
    """A moment as the columns that every timed table has."""
    return {
        "at_ms": moment.at_ms,
        "offset_s": moment.offset_s,
        "boot": boot_number(database, moment.boot),
        "mono_s": moment.mono_s,
        "clock_ok": int(moment.clock_ok),
    }


def add(database: sqlite3.Connection, moment: Moment, record: Record | Remember) -> None:
    """Write down one fact. Raises ValueError or TypeError for a number that is none."""
    if isinstance(record, Remember):
        replace_kept(database, moment, "remembered", plain(record.remembered))
        return
    if not all(map(math.isfinite, (record.seconds, record.planned_s, record.value or 0))):
        raise ValueError("a number that is none")
    at = when(database, moment)
    match record.kind:
        case "session_start":
            _begin_session(database, at, record.name)
        case "session_end":
            _end_session(database, at, record)
        case "exercise":
            _add_exercise(database, at, record)
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
    replace_kept(database, moment, "place", asdict(place))


def replace_kept(database: sqlite3.Connection, moment: Moment, table: str, kept: Any) -> None:
    """The one row of such a table. Raises ValueError for a number that is none."""
    row = when(database, moment) | {"id": 1, "kept": json.dumps(kept, allow_nan=False)}
    database.execute(f"DELETE FROM {table}")  # noqa: S608
    insert(database, table, row)


def kept(text: str) -> Place | None:
    """A place as it was kept; None where another version of the program meant something else."""
    try:
        return cast(Place, made(Place, _LATER_PARTS | json.loads(text)))
    except (TypeError, ValueError):
        return None


def remembered(text: str) -> Remembered:
    """What was remembered. A part that another version of the program meant otherwise is left out,
    and the rest holds."""
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    return cast(Remembered, _what_holds(Remembered, content))


def _what_holds(kind: Any, content: Any) -> Any:
    parts: dict[str, Any] = {}
    for name, hint in get_type_hints(kind).items():
        if not isinstance(content, dict) or name not in content:
            continue
        if is_dataclass(hint):
            parts[name] = _what_holds(hint, content[name])
            continue
        with suppress(TypeError, ValueError, KeyError, AttributeError):
            parts[name] = build(hint, content[name])
    return kind(**parts)


def made(kind: Any, value: Any) -> Any:
    """What `asdict` and JSON have made of a value, as the kind it was: data classes and tuples of
    them within one another. Raises TypeError or ValueError where the parts are others."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        if set(value) != set(hints):
            raise ValueError("other parts")
        return kind(**{name: made(hints[name], part) for name, part in value.items()})
    if get_origin(kind) is tuple:
        item, *_ = get_args(kind)
        return tuple(made(item, one) for one in value)
    return value


# --- sessions ---------------------------------------------------------------


def _begin_session(database: sqlite3.Connection, at: Mapping[str, Value], routine: str) -> None:
    """What was told of pain before it is its own, also where one that was cut off was still open
    then, and could have been gone on with."""
    cut = _open_session(database)
    database.execute("UPDATE session SET how = 'cut' WHERE how IS NULL")
    number = insert(database, "session", {**at, "routine": routine})
    database.execute(
        "UPDATE pain SET session = ? WHERE moment = 'before' AND boot = ? AND mono_s >= ? - ?"
        " AND (session IS NULL OR session = ? AND NOT EXISTS (SELECT 1 FROM session"
        " WHERE id = pain.session AND boot = pain.boot AND mono_s >= pain.mono_s))",
        (number, at["boot"], at["mono_s"], ASKED_BEFORE_S, cut),
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


_JUST_HURT = """
SELECT max(said.at_ms - session.at_ms) / 1000.0 FROM session JOIN (
    SELECT at_ms, boot, mono_s FROM command WHERE command = 'hurts'
    UNION ALL
    SELECT at_ms, boot, mono_s FROM pain WHERE moment = 'after' AND value >= 6
) AS said ON said.at_ms BETWEEN session.at_ms AND session.at_ms + 7200000
WHERE session.id = ? AND NOT EXISTS (
    SELECT 1 FROM note WHERE kind = 'goes_on' AND boot = said.boot AND mono_s >= said.mono_s
) AND NOT EXISTS (SELECT 1 FROM exercise WHERE session = session.id AND at_ms > said.at_ms)
"""


def give_up(database: sqlite3.Connection) -> None:
    """Nobody goes on with the session that was cut off. Where it had just hurt, and nobody has said
    that it goes on, it was stopped for that, as when the program is ended there."""
    number = _open_session(database)
    [seconds] = database.execute(_JUST_HURT, (number,)).fetchone()
    if seconds is not None:
        sql = "UPDATE session SET how = 'hurt', seconds = ? WHERE id = ?"
        database.execute(sql, (seconds, number))


def _open_session(database: sqlite3.Connection) -> int | None:
    return _number(database, _LAST_SESSION.format("how IS NULL"))


def _add_exercise(database: sqlite3.Connection, at: Mapping[str, Value], record: Record) -> None:
    session = _open_session(database)
    row: dict[str, Value] = {
        "session": session,
        "exercise": record.name,
        "side": record.side,
        "seconds": record.seconds,
        "planned_s": record.planned_s,
        "reps": record.reps,
        "planned_reps": record.planned_reps,
        "how": record.detail,
    }
    insert(database, "exercise", {**at, **row})
    if session is None:
        return
    sql = "SELECT count(*) FROM exercise WHERE session = ?"
    if database.execute(sql, (session,)).fetchone() == (1,):
        _routine_is_break(database, session)


def _add_pain(
    database: sqlite3.Connection, at: Mapping[str, Value], moment: str, value: int
) -> None:
    """Before or in a session it is that session's; after, the last one's."""
    number = _open_session(database)
    if number is None and moment == "after":
        number = _number(database, _LAST_SESSION.format("1"))
    answer: dict[str, Value] = {"session": number, "moment": moment, "value": value}
    insert(database, "pain", {**at, **answer})


# --- stand-up reminders -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stand:
    """The last break or reminder, as it stands now."""

    id: int
    answer: str | None
    snoozes: int
    since_s: float
    """Since it came first."""
    taken_s: float
    """Since it was answered."""

    @property
    def waits(self) -> bool:
        """Whether standing up would be the answer to it; after "unanswered" the lamp asks on."""
        return self.answer in (None, "snoozed", "unanswered") and self.since_s < REMINDER_WAITS_S


def _last_stand(database: sqlite3.Connection, at: Mapping[str, Value]) -> _Stand | None:
    row = database.execute(
        "SELECT id, answer, snoozes, coalesce(delay_s, 0.0), boot, mono_s, at_ms FROM stand"  # noqa: S608
        f" WHERE {_OURS} ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    number, answer, snoozes, delay_s, boot, mono_s, at_ms = row
    now = {name: float(at[name] or 0) for name in ("mono_s", "at_ms")}
    known = boot == at["boot"] and mono_s > 0
    since_s = now["mono_s"] - mono_s if known else (now["at_ms"] - at_ms) / 1000
    since_s = float(round(since_s, 1))  # less than nothing where the clock was set back
    return _Stand(number, answer, snoozes, since_s, since_s - delay_s)


def _add_reminder(database: sqlite3.Connection, at: Mapping[str, Value]) -> None:
    """A reminder that was put off and comes again is still the same one, unless a session was begun
    in between."""
    last = _last_stand(database, at)
    again = (
        "UPDATE stand SET answer = NULL, delay_s = NULL WHERE id = ? AND answer = 'snoozed'"
        " AND NOT EXISTS (SELECT 1 FROM session WHERE session.at_ms > stand.at_ms)"
    )
    if last is not None and last.waits and database.execute(again, (last.id,)).rowcount:
        return
    database.execute("UPDATE stand SET answer = 'cut' WHERE answer IS NULL")
    insert(database, "stand", {**at, "asked": 1})


def _answer_reminder(database: sqlite3.Connection, at: Mapping[str, Value], record: Record) -> None:
    answer, last = record.kind.removeprefix("break_"), _last_stand(database, at)
    if last is None or not last.waits:
        if answer == "taken" and not _exercised(database, at):
            _add_unasked(database, at, last)
        return
    # The coach counts from the last time it asked, so its own figure is only taken where it asked
    # once and waited for the answer.
    once = last.answer is None and not last.snoozes and answer != "snoozed"
    snoozed = answer == "snoozed"
    database.execute(
        "UPDATE stand SET answer = ?, delay_s = ?, snoozes = snoozes + ?, snooze_s = snooze_s + ?"
        " WHERE id = ?",
        (
            answer,
            round(record.seconds, 1) if once else max(0.0, last.since_s),
            int(snoozed),
            record.seconds if snoozed else 0.0,
            last.id,
        ),
    )


def _add_unasked(
    database: sqlite3.Connection, at: Mapping[str, Value], last: _Stand | None
) -> None:
    """A break that nobody asked for. Said several times it is one."""
    if last is None or last.answer != "taken" or abs(last.taken_s) >= APART_S:
        insert(database, "stand", {**at, "asked": 0, "answer": "taken"})


def _exercised(database: sqlite3.Connection, at: Mapping[str, Value]) -> bool:
    """Whether a routine is being led, or has just been: that is the same break."""
    sql = (
        "SELECT 1 FROM session WHERE at_ms > :at_ms - :long_ms"
        " AND (how IS NULL OR at_ms + seconds * 1000 > :at_ms - :short_ms)"
        " AND EXISTS (SELECT 1 FROM exercise WHERE exercise.session = session.id)"
    )
    lengths = {"long_ms": REMINDER_WAITS_S * 1000, "short_ms": APART_S * 1000}
    return database.execute(sql, {**at, **lengths}).fetchone() is not None


def _routine_is_break(database: sqlite3.Connection, session: int) -> None:
    """A routine counts as a break from its first exercise on: as the answer to the reminder that
    waited when it began, or as one that nobody asked for."""
    cursor = database.execute(
        "SELECT at_ms, offset_s, boot, mono_s, clock_ok FROM session WHERE id = ?", (session,)
    )
    names = [column[0] for column in cursor.description]
    began: dict[str, Value] = dict(zip(names, cursor.fetchone(), strict=True))
    last = _last_stand(database, began)
    if last is not None and last.waits:
        sql = "UPDATE stand SET answer = 'taken', delay_s = ? WHERE id = ?"
        database.execute(sql, (max(0.0, last.since_s), last.id))
    else:
        _add_unasked(database, began, last)


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
