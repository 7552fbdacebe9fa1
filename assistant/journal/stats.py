"""What the journal's rows add up to: days, breaks, streaks, pain, exercises.

Decides what counts as what: a session is one in which something was exercised; a break is taken
whether it was asked for or not; a day is the local date of its rows; a streak forgives rest days;
an exercise is only compared where there is enough to compare. It words nothing and draws nothing.

A machine that is never online may never know its clock to be right. Its rows still belong to the
day that the clock showed, and such days are counted (`unsure_days`); only rows from before this
program existed are on no day at all and are counted apart (`undated`).

Every answer comes from indexed SQL over a read-only connection and the tables of `schema`.
"""

# ruff: noqa: S608 (what is put into SQL is always one of the constants of this file)

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from math import sqrt
from statistics import fmean, variance

from assistant.coach.events import Period, Recalled
from assistant.journal.tally import (
    ENOUGH_SESSIONS,
    REST_DAYS,
    Effect,
    Exercised,
    History,
    Mean,
    Tally,
    middle,
    monday,
    total,
)

TELLING_POINTS = 0.5
"""The least difference on the pain scale that is worth a sentence; it must also be more than
twice its standard error, since pain goes up and down by itself."""
LATELY_DAYS = 90
"""Who hasn't done an exercise for longer is told all of it again."""
_STEP_DAYS = 64
"""How far back a streak is followed at a time."""
_EPOCH = date(1970, 1, 1)
_PROGRAM_S_FIRST_DAY = 20_454
"""2026-01-01: a clock that shows less and isn't known to be right is certainly wrong."""
_DATED = f"(clock_ok OR day >= {_PROGRAM_S_FIRST_DAY})"


# --- answers ----------------------------------------------------------------


def recall(database: sqlite3.Connection, period: Period, now_local: datetime) -> Recalled:
    """How today, this week (from Monday) or this month went so far."""
    today = now_local.date()
    first = {
        Period.TODAY: today,
        Period.WEEK: monday(today),
        Period.MONTH: today.replace(day=1),
    }[period]
    done = total(days(database, first, today).values())
    return Recalled(
        period,
        breaks_due=done.breaks_due,
        breaks_taken=done.breaks_taken,
        delay_s=middle(chain.from_iterable(delays(database, first, today).values())),
        sessions=done.sessions,
        exercise_s=done.exercise_s,
        streak_days=streak_days(database, today),
        pain_before=done.before.value,
        pain_after=done.after.value,
    )


def times_done(database: sqlite3.Connection, today: date) -> dict[str, int]:
    """In how many sessions of the last months each exercise was done to its end, by its id."""
    rows = database.execute(
        "SELECT exercise, count(DISTINCT coalesce(session, -id)) FROM exercise"
        " WHERE how = 'done' AND day >= ? GROUP BY exercise",
        (_number(today - timedelta(days=LATELY_DAYS)),),
    )
    return dict(rows)


def history(database: sqlite3.Connection, first: date | None, last: date) -> History:
    """Everything about the days from `first` (None: the first with something) to `last`.

    It begins no earlier than the journal does, so that time before it isn't taken for rest.
    """
    by_day = days(database, first or _EPOCH, last)
    begin = min(by_day, default=last)
    if first is not None and first_day(database) < first:
        begin = first
    return History(
        begin,
        last,
        by_day,
        undated(database),
        unsure_days(database, begin, last),
        delays(database, begin, last),
        streak_days(database, last),
        exercises(database, begin, last),
        effects(database),
    )


def days(database: sqlite3.Connection, first: date, last: date) -> dict[date, Tally]:
    """Each day that has something on it, oldest first."""
    bounds = (_number(first), _number(last))
    return _tallies(database, f"{_DATED} AND day BETWEEN ? AND ?", bounds)


def undated(database: sqlite3.Connection) -> Tally:
    """What was done while the clock was certainly wrong, in all."""
    where = f"NOT clock_ok AND day < {_PROGRAM_S_FIRST_DAY}"
    return total(_tallies(database, where, ()).values())


def unsure_days(database: sqlite3.Connection, first: date, last: date) -> int:
    """Days with something from a clock that wasn't known to be right."""
    tables = ("session", "exercise", "pain", "stand")
    sql = " UNION ".join(
        f"SELECT day FROM {table} WHERE NOT clock_ok AND {_DATED} AND day BETWEEN :first AND :last"
        for table in tables
    )
    bounds = {"first": _number(first), "last": _number(last)}
    [count] = database.execute(f"SELECT count(*) FROM ({sql})", bounds).fetchone()
    return int(count)


def delays(database: sqlite3.Connection, first: date, last: date) -> dict[date, list[float]]:
    """Seconds from the reminder to standing, by day; only of breaks that were asked for."""
    bounds = (_number(first), _number(last))
    by_day: dict[int, list[float]] = {}
    for day, listed in database.execute(
        f"SELECT day, json_group_array(delay_s) FROM stand WHERE {_DATED}"
        " AND day BETWEEN ? AND ? AND asked AND answer = 'taken' AND delay_s IS NOT NULL"
        " GROUP BY day UNION ALL SELECT day, delays FROM old_stand"
        " WHERE delays != '[]' AND day BETWEEN ? AND ?",
        bounds * 2,
    ):
        by_day.setdefault(day, []).extend(json.loads(listed))
    return {_date(day): listed for day, listed in by_day.items()}


def first_day(database: sqlite3.Connection) -> date:
    """The first day with anything on it; the last there can be when there is none."""
    dated = f"WHERE {_DATED}"
    found = [
        database.execute(f"SELECT min(day) FROM {table} {where}").fetchone()[0]
        for table, where in (
            ("session", dated),
            ("exercise", dated),
            ("pain", dated),
            ("stand", dated),
            ("old_stand", ""),
        )
    ]
    return min((_date(day) for day in found if day is not None), default=date.max)


def streak_days(database: sqlite3.Connection, today: date) -> int:
    """Active days up to today, with at most `REST_DAYS` rest days between two of them, and since
    the last one. The rest days themselves don't count, and today is none before it is over."""
    count, later, last = 0, today, today
    while True:
        first = max(last - timedelta(days=_STEP_DAYS - 1), _EPOCH)
        there = days(database, first, last)
        for day in sorted((day for day, tally in there.items() if tally.active), reverse=True):
            if (later - day).days > REST_DAYS + 1:
                return count
            count, later = count + 1, day
        last = first - timedelta(days=1)
        if (later - last).days > REST_DAYS + 1 or last < _EPOCH:
            return count


def exercises(database: sqlite3.Connection, first: date, last: date) -> tuple[Exercised, ...]:
    """What was exercised, the most minutes first."""
    rows = database.execute(
        "SELECT exercise, count(DISTINCT coalesce(session, -id)), sum(seconds), sum(reps)"
        f" FROM exercise WHERE {_DATED} AND day BETWEEN ? AND ?"
        " GROUP BY exercise ORDER BY 3 DESC, exercise",
        (_number(first), _number(last)),
    )
    return tuple(Exercised(*row) for row in rows)


def effects(database: sqlite3.Connection) -> tuple[Effect, ...]:
    """How pain changed with each exercise and without it, where both are known often enough."""
    changes: dict[int, float] = dict(
        database.execute(
            "SELECT session, avg(value) FILTER (WHERE moment = 'after')"
            " - avg(value) FILTER (WHERE moment = 'before') AS change"
            " FROM pain WHERE session IS NOT NULL GROUP BY session HAVING change IS NOT NULL"
        )
    )
    sessions: dict[str, set[int]] = {}
    for session, exercise in database.execute("SELECT session, exercise FROM exercise"):
        if session in changes:
            sessions.setdefault(exercise, set()).add(session)
    together: dict[frozenset[int], list[str]] = {}
    for exercise, of_it in sorted(sessions.items()):
        together.setdefault(frozenset(of_it), []).append(exercise)
    asked = set().union(*sessions.values())
    found = [
        _effect(tuple(names), [changes[one] for one in of_it], [changes[n] for n in asked - of_it])
        for of_it, names in together.items()
        if min(len(of_it), len(asked - of_it)) >= ENOUGH_SESSIONS
    ]
    return tuple(sorted(found, key=lambda one: (one.with_it - one.without, one.exercises)))


def _effect(names: tuple[str, ...], with_it: list[float], without: list[float]) -> Effect:
    less = fmean(without) - fmean(with_it)
    error = sqrt(variance(with_it) / len(with_it) + variance(without) / len(without))
    return Effect(
        names,
        len(with_it),
        fmean(with_it),
        len(without),
        fmean(without),
        telling=less >= TELLING_POINTS and less > 2 * error,
    )


# --- SQL --------------------------------------------------------------------


_PARTS = (
    (
        "SELECT day, count(*) FROM session WHERE {where}"
        " AND EXISTS (SELECT 1 FROM exercise WHERE exercise.session = session.id) GROUP BY day"
    ),
    "SELECT day, sum(seconds) FROM exercise WHERE {where} GROUP BY day",
    (
        "SELECT day, sum(asked), sum(asked AND answer IS 'taken'), sum(NOT asked)"
        " FROM stand WHERE {where} GROUP BY day"
    ),
    (
        "SELECT day, sum(value * (moment = 'before')), sum(moment = 'before'),"
        " sum(value * (moment = 'after')), sum(moment = 'after')"
        " FROM pain WHERE {where} GROUP BY day"
    ),
)
"""Each gives days with the next figures of a tally."""
_OLD = (2, "SELECT day, due, taken, unasked FROM old_stand WHERE day BETWEEN ? AND ?")


def _tallies(
    database: sqlite3.Connection, where: str, bounds: tuple[int, ...]
) -> dict[date, Tally]:
    found: dict[int, list[float]] = {}
    place = 0
    for sql in _PARTS:
        rows = database.execute(sql.format(where=where), bounds)
        _add(found, place, rows)
        place += len(rows.description) - 1
    if bounds:
        place, sql = _OLD
        _add(found, place, database.execute(sql, bounds))
    return {_date(day): _tally(found[day]) for day in sorted(found)}


def _add(found: dict[int, list[float]], place: int, rows: Iterable[tuple[float, ...]]) -> None:
    for day, *figures in rows:
        sums = found.setdefault(int(day), [0] * 9)
        for index, figure in enumerate(figures, place):
            sums[index] += figure


def _tally(sums: Sequence[float]) -> Tally:
    sessions, seconds, due, answered, unasked, before, befores, after, afters = sums
    return Tally(
        int(sessions),
        seconds,
        int(due),
        int(answered),
        int(unasked),
        Mean(before, int(befores)),
        Mean(after, int(afters)),
    )


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _date(number: int) -> date:
    return _EPOCH + timedelta(days=number)
