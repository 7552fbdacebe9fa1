"""What the journal knows of a person's back, for the coach to begin with.

Decides which rows count, by when things were said and never by when a row came into the file: the
last answer to each safety question, the pain that still counts, dizziness of just now, how sessions
in a row ended, and how long each exercise has gone well. Where it can't be told what was said last,
the cautious answer holds. What follows from all this is the coach's business.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.coach.events import Health
from assistant.coach.what_counts import DIZZY_S, EASIER_FROM, PAIN_LASTS_S
from assistant.journal.ended import before, ended
from assistant.journal.row_time import FIRST_DAY, Moment
from assistant.journal.rows import known_boot

PAINS_DAYS = 400
HURT = 6
"""What a session that was stopped for pain counts as, or "that hurts" outside of one, if nothing
worse was told before it."""
_UNDATED = 50
"""Answers without a date that are looked at; those before them have been followed by others."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A number that was told, and all that is known of when."""

    value: int
    at_ms: int
    boot: int
    """In the order in which the file came to know them; 0: not known."""
    mono_s: float
    dated: bool
    """Whether the wall clock can have been right."""
    imported: bool
    unsaid: bool = False
    """Whether it was no number, but "that hurts" outside a session."""

    def after(self, other: "_Said") -> bool:
        """Whether it was certainly said later than the other."""
        if self.boot == other.boot != 0:
            return self.mono_s > other.mono_s
        if self.dated and other.dated:
            return self.at_ms > other.at_ms
        return self.boot > other.boot != 0 and not (self.imported or other.imported)

    def age_s(self, now: "_Said") -> float | None:
        """How long before `now` it was; None where no clock tells."""
        if self.boot == now.boot != 0:
            return now.mono_s - self.mono_s
        if self.dated and now.dated and now.at_ms >= self.at_ms:
            return (now.at_ms - self.at_ms) / 1000
        return None


def health(database: sqlite3.Connection, now: Moment) -> Health:
    """All that was told. Raises sqlite3.Error where that can't be read."""
    here = _here(database, now)
    answers = _last(database, "screening")
    asked = [said for said in answers.pop("all", []) if said.value]
    pain, pain_age_s, unsaid = _pain(database, here)
    told = [one for one in ended(database) if one.told]
    worse = [one.id for one in told if one.worse]
    return Health(
        screened=bool(asked),
        screened_days=_days_ago(asked, here),
        answered=frozenset(answers),
        yes=frozenset(name for name, said in answers.items() if any(one.value for one in said)),
        pain=pain,
        pain_age_s=pain_age_s,
        unsaid=unsaid,
        dizzy_age_s=_dizzy_age_s(database, here),
        pains=tuple(
            database.execute(
                "SELECT day, value FROM pain WHERE moment = 'before' AND day > ?"
                " ORDER BY at_ms, mono_s, value",
                (now.day - PAINS_DAYS,),
            )
        ),
        before=before(database),
        ended=_as_far_as_it_matters(one.worse for one in told),
        told=frozenset(
            name for (name,) in database.execute("SELECT name FROM note WHERE kind = 'told'")
        ),
        levels={
            name: min(one.value for one in said) for name, said in _last(database, "level").items()
        },
        good=dict(database.execute(_GOOD, (json.dumps(worse),))),
    )


def _here(database: sqlite3.Connection, now: Moment) -> _Said:
    boot = known_boot(database, now.boot) if now.boot else 0
    dated = now.clock_ok or now.day >= FIRST_DAY
    return _Said(0, now.at_ms, boot, now.mono_s, dated, imported=False)


# --- what was told last -----------------------------------------------------

_WHEN = f"""
    at_ms, CASE uuid WHEN '' THEN 0 ELSE boot END, mono_s, clock_ok OR day >= {FIRST_DAY} AS dated,
    imported
"""
_NOTES = f"""
SELECT name, value, {_WHEN} FROM note JOIN boot ON boot.id = note.boot
WHERE kind = ? AND value IS NOT NULL AND (kind != 'level' OR value BETWEEN -1 AND 1)
"""  # noqa: S608


def _last(database: sqlite3.Connection, kind: str) -> dict[str, list[_Said]]:
    """By name what was said last; several where it can't be told which of them that is."""
    by_name: dict[str, list[_Said]] = {}
    for name, *said in database.execute(_NOTES, (kind,)):
        by_name.setdefault(name, []).append(_Said(*said))
    return {name: _latest(said) for name, said in by_name.items()}


def _latest(said: list[_Said]) -> list[_Said]:
    last = [one for one in said if not any(other.after(one) for other in said)]
    return last or said


def _days_ago(asked: Iterable[_Said], now: _Said) -> int | None:
    """Whole days since it was said last, where a clock tells."""
    ages = [one.age_s(now) for one in asked]
    known = [age for age in ages if age is not None]
    return int(max(known) // 86_400) if known and len(known) == len(ages) else None


# --- pain -------------------------------------------------------------------

_TOLD = f"""
SELECT value, 0 AS unsaid, at_ms, boot, mono_s, clock_ok, day FROM pain
WHERE moment != 'held' AND NOT (moment = 'in' AND value < {EASIER_FROM})
"""  # noqa: S608
"""Less in the midst of a session changes nothing, and what held then is known already."""
_STOPPED = f"""
SELECT {HURT} AS value, 0 AS unsaid, at_ms + CAST(seconds * 1000 AS INTEGER) AS at_ms, boot,
    mono_s + seconds AS mono_s, clock_ok, day
FROM session WHERE how = 'hurt'
UNION ALL
SELECT {HURT}, 0, exercise.at_ms, exercise.boot, exercise.mono_s, exercise.clock_ok, exercise.day
FROM exercise JOIN session ON session.id = session
WHERE exercise.how = 'hurt' AND session.how = 'hurt'
UNION ALL
SELECT {HURT}, coalesce(how NOT IN ('hurt', 'cut'), session.id IS NULL), command.at_ms,
    command.boot, command.mono_s, command.clock_ok, command.day
FROM command LEFT JOIN session ON session.id = (
    SELECT id FROM session WHERE at_ms <= command.at_ms
    AND NOT (boot = command.boot AND mono_s > command.mono_s) ORDER BY at_ms DESC LIMIT 1
)
WHERE command IN ('hurts', 'back_hurts') AND NOT EXISTS (
    SELECT 1 FROM note WHERE kind = 'goes_on' AND note.boot = command.boot
    AND note.mono_s >= command.mono_s AND NOT EXISTS (
        SELECT 1 FROM session AS other WHERE other.boot = command.boot
        AND other.mono_s BETWEEN command.mono_s AND note.mono_s
    )
) AND (
    how IS NULL OR how IN ('hurt', 'cut')
    OR CASE session.boot WHEN command.boot THEN session.mono_s + session.seconds < command.mono_s
    ELSE session.at_ms + CAST(session.seconds * 1000 AS INTEGER) < command.at_ms END
    AND NOT EXISTS (
        SELECT 1 FROM exercise AS later WHERE later.session = session.id
        AND CASE later.boot WHEN command.boot THEN later.mono_s > command.mono_s
        ELSE later.at_ms > command.at_ms END
    )
)
"""  # noqa: S608
"""Sessions that were stopped for pain: when they ended, or, of one that went on after a power cut
or never ended, when it was said that it hurts, unless it was answered there and then that it goes
on; and when that was said outside a session. Within one boot the clock may be set meanwhile."""
_LATELY = f"""
SELECT value, {_WHEN}, unsaid FROM ({{}}) AS said JOIN boot ON boot.id = said.boot
WHERE dated AND at_ms >= ?
UNION ALL
SELECT * FROM (
    SELECT value, {_WHEN}, unsaid FROM ({{}}) AS said JOIN boot ON boot.id = said.boot
    WHERE NOT dated ORDER BY boot.id DESC, mono_s DESC LIMIT {_UNDATED}
)
"""  # noqa: S608


def _pain(database: sqlite3.Connection, now: _Said) -> tuple[int | None, float | None, bool]:
    """The pain to reckon with, how long ago that was, and whether no number was told."""
    sql = f"SELECT max(at_ms) FROM pain WHERE clock_ok OR day >= {FIRST_DAY}"  # noqa: S608
    [last_ms] = database.execute(sql).fetchone()
    since_ms = min(last_ms or 0, now.at_ms) - PAIN_LASTS_S * 1000
    told, stopped = (
        [_Said(*row) for row in database.execute(_LATELY.format(rows, rows), (since_ms,))]
        for rows in (_TOLD, _STOPPED)
    )
    stopped = [_with_told(one, told) for one in stopped]
    ages = [(one, one.age_s(now)) for one in _latest(told + stopped)]
    counting = [(one, age) for one, age in ages if age is None or age < PAIN_LASTS_S]
    if not counting:
        return None, None, False
    most = max(one.value for one, _ in counting)
    of_most = (age for one, age in counting if one.value == most)
    unsaid = all(one.unsaid for one, _ in counting)
    return most, min(of_most, key=lambda age: age or 0.0), unsaid


def _with_told(stopped: _Said, told: Iterable[_Said]) -> _Said:
    """What was told in the two hours before may have been worse."""
    ages = ((one.value, one.age_s(stopped)) for one in told)
    values = (value for value, age in ages if age is not None and 0 <= age < PAIN_LASTS_S)
    return replace(stopped, value=max([stopped.value, *values]))


# --- dizziness --------------------------------------------------------------

_DIZZY, _BEGUN = (
    f"SELECT 0, {_WHEN} FROM {table} JOIN boot ON boot.id = {table}.boot{only}"  # noqa: S608
    for table, only in (("command", " WHERE command = 'dizzy'"), ("session", ""))
)


def _dizzy_age_s(database: sqlite3.Connection, now: _Said) -> float | None:
    """How long ago somebody said that they are dizzy; None: not lately. Where no clock tells, it
    may have been just now, unless a session has begun since."""
    ages = [(said := _Said(*row), said.age_s(now)) for row in database.execute(_DIZZY)]
    unknown = [said for said, age in ages if age is None]
    begun = [_Said(*row) for row in database.execute(_BEGUN)] if unknown else []
    if any(not any(other.after(said) for other in begun) for said in unknown):
        return 0.0
    return min((age for _, age in ages if age is not None and age < DIZZY_S), default=None)


# --- how it went ------------------------------------------------------------

_MATTER = 3
"""So many in a row that ended well say all that matters of those before them."""
_GOOD = """
WITH tried AS (
    SELECT exercise, max(exercise.at_ms) AS at_ms, max(exercise.how = 'done') AS done,
        max(exercise.how = 'hurt' OR session IN (SELECT value FROM json_each(?))) AS bad
    FROM exercise WHERE session IS NOT NULL GROUP BY exercise, session
),
since AS (
    SELECT exercise, max(at_ms) AS at_ms FROM (
        SELECT exercise, at_ms FROM tried WHERE bad
        UNION ALL
        SELECT name, at_ms FROM note WHERE kind = 'level'
    ) GROUP BY exercise
)
SELECT tried.exercise, count(*) FROM tried LEFT JOIN since USING (exercise)
WHERE done AND NOT bad AND tried.at_ms > coalesce(since.at_ms, -1)
GROUP BY tried.exercise
"""
"""Not in the sessions that ended worse, which are given as a list."""


def _as_far_as_it_matters(newest_first: Iterable[bool]) -> tuple[bool, ...]:
    """How sessions ended, the oldest first."""
    found: list[bool] = []
    for worse in newest_first:
        found.append(worse)
        if not any(found[-_MATTER:]) and len(found) >= _MATTER:
            break
    return tuple(reversed(found))
