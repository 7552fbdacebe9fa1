"""How sessions ended, as rows tell it: worse (stopped for pain too), or well.

Decides what a session's last number is measured by (the one before it, else what still held when it
began, else the first one told in it), which sessions are long enough to count, and which one the
next morning's word is about. The coach decides the same as it goes (`coach.pain`), and what follows
from it.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.coach.what_counts import TRAINED_FROM_S, more_than_before
from assistant.journal.row_time import FIRST_DAY

_MEASURED_BY = "coalesce({}, {}, {})".format(
    *(
        f"(SELECT value FROM pain WHERE pain.session = session.id AND moment = '{moment}'"  # noqa: S608
        f" ORDER BY at_ms {order}, mono_s {order}, id {order} LIMIT 1)"
        for moment, order in (("before", "DESC"), ("held", "DESC"), ("in", "ASC"))
    )
)
"""A number before it that was told again takes the place of the one it was told for."""
_SESSIONS = f"""
SELECT session.id, session.day, routine, session.how, session.seconds >= {TRAINED_FROM_S},
    session.clock_ok OR session.day >= {FIRST_DAY},
    (SELECT json_group_array(DISTINCT exercise) FROM exercise
     WHERE exercise.session = session.id AND exercise.how IN ('done', 'hurt')),
    {_MEASURED_BY},
    (SELECT max(value) FROM pain WHERE pain.session = session.id AND moment = 'after'),
    (SELECT value FROM note WHERE kind = 'felt' AND name = routine AND note.at_ms > session.at_ms
     AND note.day <= session.day + 1 AND NOT EXISTS (
        SELECT 1 FROM session AS later WHERE later.routine = session.routine
        AND later.at_ms > session.at_ms AND later.at_ms <= note.at_ms
     ) ORDER BY note.id LIMIT 1),
    (SELECT value FROM note WHERE kind = 'morning' AND name = CAST(session.day AS TEXT)
     ORDER BY note.id LIMIT 1)
FROM session WHERE session.day BETWEEN ? AND ?
ORDER BY session.at_ms DESC, session.mono_s DESC, session.id DESC
"""  # noqa: S608 - constants of ours


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a session."""

    id: int
    day: int
    dated: bool
    """Whether the wall clock can have been right."""
    routine: str
    exercises: tuple[str, ...]
    """Those that were done to their end, or hurt."""
    how: str
    """done, stopped, hurt and so on, as it was written down; worse: it hurt more afterwards."""
    short: bool
    """Not long enough to count as exercise."""
    answered: bool
    """Whether a number was told after it."""
    easy: bool | None
    after: int | None
    """What was said the next morning."""

    @property
    def worse(self) -> bool:
        return self.how in ("worse", "hurt") or self.after == -1

    @property
    def told(self) -> bool:
        """Whether it counts for how sessions in a row have ended."""
        return self.worse or (self.answered and not self.short)

    @property
    def trained(self) -> bool:
        """Whether it counts for a plan: long enough, or the back spoke against it."""
        return not self.short or self.how in ("worse", "hurt")


_OPEN = f"""
SELECT {_MEASURED_BY} FROM session WHERE how IS NULL
    AND 0 = (SELECT imported FROM boot WHERE boot.id = session.boot)
ORDER BY at_ms DESC, id DESC LIMIT 1
"""  # noqa: S608 - constants of ours


def before(database: sqlite3.Connection) -> int | None:
    """What the session that goes on here is measured by; None: nobody has told, or none does."""
    row = database.execute(_OPEN).fetchone()
    return None if row is None else row[0]


def ended(
    database: sqlite3.Connection, since_day: int = -(2**40), until_day: int = 2**40
) -> Iterator[Ended]:
    """The newest first. Raises sqlite3.Error where they can't be read."""
    mornings: set[int] = set()
    rows = database.execute(_SESSIONS, (since_day, until_day))
    for number, day, routine, how, long, dated, listed, before, told, felt, morning in rows:
        exercises = tuple(sorted(json.loads(listed)))
        over = told is not None and how not in (None, "hurt")  # one that goes on may still hurt
        more = over and more_than_before(told, before)
        one = Ended(
            number,
            day,
            bool(dated),
            routine,
            exercises,
            "worse" if more else how or "stopped",
            short=not long or not exercises,
            answered=told is not None,
            easy=None if felt is None else felt > 0,
            after=None,
        )
        if one.trained and day not in mornings:
            mornings.add(day)
            one = replace(one, after=morning)
        yield one
