"""What the journal knows of a person's back, for the coach to begin with.

Decides which rows count: the last answer to each safety question, the pain of the last months, how
sessions in a row ended, and how long each exercise has gone well. What follows from it is the
coach's business.
"""

import sqlite3

from assistant.coach.events import Health
from assistant.journal.clock import Moment

PAIN_LASTS_MS = 2 * 3600 * 1000
"""After this long an answer belongs to no session that could still go on."""
PAINS_DAYS = 400


def health(database: sqlite3.Connection, now: Moment) -> Health:
    answers = dict(
        database.execute(
            "SELECT name, value FROM note"
            " WHERE kind = 'screening' AND value IS NOT NULL ORDER BY id"
        )
    )
    return Health(
        screened="all" in answers,
        yes=frozenset(name for name, value in answers.items() if value and name != "all"),
        pain=_pain(database, now),
        pains=tuple(
            database.execute(
                "SELECT day, value FROM pain WHERE moment = 'before' AND day > ?"
                " ORDER BY at_ms, id",
                (now.day - PAINS_DAYS,),
            )
        ),
        worse=_worse_in_a_row(database),
        told=frozenset(
            name for (name,) in database.execute("SELECT name FROM note WHERE kind = 'told'")
        ),
        levels={
            name: value
            for name, value in database.execute(
                "SELECT name, value FROM note WHERE kind = 'level' ORDER BY id"
            )
            if value is not None
        },
        good=dict(database.execute(_GOOD)),
    )


def _pain(database: sqlite3.Connection, now: Moment) -> int | None:
    row = database.execute(
        "SELECT value, at_ms FROM pain WHERE moment = 'before' ORDER BY at_ms DESC, id DESC LIMIT 1"
    ).fetchone()
    return None if row is None or now.at_ms - row[1] > PAIN_LASTS_MS else int(row[0])


_ENDED = """
SELECT session, max(value) FILTER (WHERE moment = 'before') AS before,
    max(value) FILTER (WHERE moment = 'after') AS after
FROM pain WHERE session IS NOT NULL GROUP BY session HAVING before NOT NULL AND after NOT NULL
"""
"""How much it hurt before and after each session where both were told."""
_GOOD = f"""
WITH ended AS ({_ENDED}),
bad AS (
    SELECT exercise, id FROM exercise WHERE how = 'hurt'
    UNION ALL
    SELECT exercise, id FROM exercise JOIN ended USING (session) WHERE after > before
)
SELECT exercise, count(DISTINCT session) FROM exercise
WHERE how = 'done'
    AND id > coalesce((SELECT max(id) FROM bad WHERE bad.exercise = exercise.exercise), 0)
    AND at_ms > coalesce((
        SELECT max(at_ms) FROM note WHERE kind = 'level' AND name = exercise.exercise
    ), 0)
GROUP BY exercise
"""  # noqa: S608


def _worse_in_a_row(database: sqlite3.Connection) -> int:
    rows = database.execute(f"SELECT before, after FROM ({_ENDED}) ORDER BY session DESC")  # noqa: S608
    count = 0
    for before, after in rows:
        if after <= before:
            break
        count += 1
    return count
