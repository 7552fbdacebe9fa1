"""What the journal's rows add up to: days, breaks, streaks, pain, exercises.

Decides what counts as what: a session is one in which something was exercised, and belongs with all
that was done and told in it to the day it began on; a break is taken whether it was asked for or
not; a day is the local date of its rows; a streak forgives rest days. Which exercise helps is not
told: pain goes up and down by itself, and what is led depends on it, so that among people whom no
exercise helps nearly everyone would hear of one. It words nothing and draws nothing.

A machine that is never online may never know its clock to be right. Its rows still belong to the
day that the clock showed, and such days are counted (`unsure_days`); only rows from before this
program existed are on no day at all and are counted apart (`undated`).

Every answer comes from indexed SQL over a read-only connection and the tables of `schema`.
"""

# ruff: noqa: S608 (what is put into SQL is always one of the constants of this file)

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from assistant.coach.events import Period, Recalled
from assistant.journal.row_time import FIRST_DAY
from assistant.journal.tally import (
    REST_DAYS,
    Exercised,
    History,
    Mean,
    Streak,
    Tally,
    middle,
    monday,
    total,
)

Week = Sequence[Sequence[tuple[float, float]]]
"""Working hours of seven days, Monday first: from and to, in seconds after that day's midnight; a
span that goes past the next midnight ends after 86,400. Empty: none are known."""
NIGHT_S = 4 * 3600
"""Until then who is still up means the day before by "today"."""
AFTER_WORK_S = 2 * 3600
"""So long after a night's work it is still its day."""
DAY_S = 86_400
LATELY_DAYS = 90
"""Who hasn't done an exercise for longer is told all of it again."""
_STEP_DAYS = 64
"""How far back a streak is followed at a time."""
_EPOCH = date(1970, 1, 1)
_DATED = f"({{table}}.clock_ok OR {{table}}.day >= {FIRST_DAY})"


# --- answers ----------------------------------------------------------------


def recall(
    database: sqlite3.Connection, period: Period, now_local: datetime, week: Week = ()
) -> Recalled:
    """How today, this week (from Monday) or this month went so far. In the small hours, and while
    a night's work goes on, today is the day before."""
    began_s = _began_s(now_local, week)
    today = _date(began_s // DAY_S)
    first = {
        Period.TODAY: today,
        Period.WEEK: monday(today),
        Period.MONTH: today.replace(day=1),
    }[period]
    within = _Within(first, now_local.date(), began_s if period is Period.TODAY else 0)
    tallies = _tallies(database, within)
    done = total(tallies.values())
    weeks_before = _Within(first - timedelta(weeks=4), first - timedelta(days=1))
    streak = streak_of(database, today)
    return Recalled(
        period,
        breaks_due=done.breaks_due,
        breaks_taken=done.breaks_taken,
        delay_s=middle(chain.from_iterable(_delays(database, within).values())),
        sessions=done.sessions,
        exercise_s=done.exercise_s,
        streak_days=streak.days,
        streak_rest_days=streak.rest_days,
        pain_before=done.before.value,
        pain_after=done.after.value,
        days=sum(tally.sessions > 0 for tally in tallies.values()),
        delay_before_s=middle(chain.from_iterable(_delays(database, weeks_before).values())),
    )


def _began_s(now_local: datetime, week: Week) -> int:
    """When today began, in local seconds since 1970-01-01."""
    today = _number(now_local.date())
    ends_s = _night_ends_s(today, week)
    time_s = (now_local.hour * 60 + now_local.minute) * 60 + now_local.second
    if time_s < (ends_s or NIGHT_S):
        return (today - 1) * DAY_S + _night_ends_s(today - 1, week)
    return today * DAY_S + ends_s


def _night_ends_s(day: int, week: Week) -> int:
    """Until when on this date the work that began on the one before is its day; 0: there is none.
    Who comes home and asks how it went means that work, but not where the next has begun."""
    if not week:
        return 0
    before, today = (week[_date(number).weekday()] for number in (day - 1, day))
    over_s = max((to_s - DAY_S for _, to_s in before), default=0)
    if over_s <= 0:
        return 0
    return int(min([over_s + AFTER_WORK_S, *(at_s for at_s, _ in today if at_s >= over_s)]))


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
        streak_of(database, last),
        exercises(database, begin, last),
    )


def days(database: sqlite3.Connection, first: date, last: date) -> dict[date, Tally]:
    """Each day that has something on it, oldest first."""
    return _tallies(database, _Within(first, last))


def undated(database: sqlite3.Connection) -> Tally:
    """What was done while the clock was certainly wrong, in all."""
    return total(_tallies(database, None).values())


def unsure_days(database: sqlite3.Connection, first: date, last: date) -> int:
    """Days with something from a clock that wasn't known to be right."""
    within = _Within(first, last)
    sql = " UNION ".join(
        f"SELECT day FROM {table} WHERE {within.sql(table)} AND NOT clock_ok{alone}"
        for table, alone in _TABLES
    )
    [count] = database.execute(f"SELECT count(*) FROM ({sql})").fetchone()
    return int(count)


def delays(database: sqlite3.Connection, first: date, last: date) -> dict[date, list[float]]:
    """Seconds from the reminder to standing, by day; only of breaks that were asked for."""
    return _delays(database, _Within(first, last))


def _delays(database: sqlite3.Connection, within: "_Within") -> dict[date, list[float]]:
    by_day: dict[int, list[float]] = {}
    for day, listed in database.execute(
        f"SELECT day, json_group_array(delay_s) FROM stand WHERE {within.sql('stand')}"
        " AND asked AND answer = 'taken' AND delay_s IS NOT NULL GROUP BY day"
        f" UNION ALL SELECT day, delays FROM old_stand WHERE delays != '[]' AND {within.days}"
    ):
        by_day.setdefault(day, []).extend(json.loads(listed))
    return {_date(day): listed for day, listed in by_day.items()}


def first_day(database: sqlite3.Connection) -> date:
    """The first day with anything on it; the last there can be when there is none."""
    found = [
        database.execute(f"SELECT min(day) FROM {table} WHERE {where}").fetchone()[0]
        for table, where in (
            *((table, _DATED.format(table=table) + alone) for table, alone in _TABLES),
            ("old_stand", "1"),
        )
    ]
    return min((_date(day) for day in found if day is not None), default=date.max)


def streak_of(database: sqlite3.Connection, today: date) -> Streak:
    """Active days up to today, with at most `REST_DAYS` rest days between two of them, and since
    the last one. Today is none before it is over."""
    count, rest, later, last = 0, 0, today, today
    while True:
        first = max(last - timedelta(days=_STEP_DAYS - 1), _EPOCH)
        there = days(database, first, last)
        for day in sorted((day for day, tally in there.items() if tally.active), reverse=True):
            if (later - day).days > REST_DAYS + 1:
                return Streak(count, rest)
            rest += max(0, (later - day).days - 1)
            count, later = count + 1, day
        last = first - timedelta(days=1)
        if (later - last).days > REST_DAYS + 1 or last < _EPOCH:
            return Streak(count, rest)


def exercises(database: sqlite3.Connection, first: date, last: date) -> tuple[Exercised, ...]:
    """What was exercised, the most minutes first."""
    rows = database.execute(
        "SELECT exercise, count(DISTINCT coalesce(session, -id)), sum(seconds), sum(reps)"
        f" FROM {_whole('exercise', _Within(first, last))}"
        " GROUP BY exercise ORDER BY 3 DESC, exercise",
    )
    return tuple(Exercised(*row) for row in rows)


# --- SQL --------------------------------------------------------------------


_TABLES = (
    ("session", ""),
    ("stand", ""),
    ("exercise", " AND session IS NULL"),
    ("pain", " AND session IS NULL"),
)
"""The tables that make a day, and which of their rows stand on a day of their own."""


@dataclass(frozen=True, slots=True)
class _Within:
    """Days, both included, and the first of them from a local second on."""

    first: date
    last: date
    from_s: int = 0

    @property
    def days(self) -> str:
        return f"day BETWEEN {_number(self.first)} AND {_number(self.last)}"

    def sql(self, table: str) -> str:
        later = f" AND {table}.at_ms / 1000 + {table}.offset_s >= {self.from_s}"
        dated = _DATED.format(table=table)
        return f"{dated} AND {table}.{self.days}{later if self.from_s else ''}"


def _sql(within: _Within | None, table: str) -> str:
    """None: what is on no day."""
    undated = f"NOT {table}.clock_ok AND {table}.day < {FIRST_DAY}"
    return undated if within is None else within.sql(table)


def _whole(table: str, within: _Within | None) -> str:
    """Rows of what is done and told in sessions, on the day (`on_day`) that their session began."""
    return f"""(
        SELECT {table}.*, session.day AS on_day FROM session
        JOIN {table} ON {table}.session = session.id WHERE {_sql(within, "session")}
        UNION ALL
        SELECT {table}.*, {table}.day FROM {table}
        WHERE session IS NULL AND {_sql(within, table)}
    )"""


def _tallies(database: sqlite3.Connection, within: _Within | None) -> dict[date, Tally]:
    parts = [
        f"SELECT day, count(*) FROM session WHERE {_sql(within, 'session')}"
        " AND EXISTS (SELECT 1 FROM exercise WHERE exercise.session = session.id) GROUP BY day",
        f"SELECT on_day, sum(seconds) FROM {_whole('exercise', within)} GROUP BY on_day",
        "SELECT day, sum(asked), sum(asked AND answer IS 'taken'), sum(NOT asked)"
        f" FROM stand WHERE {_sql(within, 'stand')} GROUP BY day",
        "SELECT on_day, sum(value * (moment = 'before')), sum(moment = 'before'),"
        " sum(value * (moment = 'after')), sum(moment = 'after')"
        f" FROM {_whole('pain', within)} GROUP BY on_day",
    ]
    found: dict[int, list[float]] = {}
    place = 0
    for sql in parts:
        rows = database.execute(sql)
        _add(found, place, rows)
        place += len(rows.description) - 1
    if within is not None:
        sql = f"SELECT day, due, taken, unasked FROM old_stand WHERE {within.days}"
        _add(found, 2, database.execute(sql))
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
