"""The sessions of the last months, for a plan to go on from.

Decides which rows make one: a session that was led for long enough, or was stopped for pain, or
ended with more of it, however short it was; with what was done in it to its end or hurt, and what
was said of it since. What follows from them is the coach's.
"""

import json
import sqlite3

from assistant.coach.events import TRAINED_FROM_S, Trained
from assistant.journal.row_time import FIRST_DAY, Moment

LATELY_DAYS = 120

_SESSIONS = f"""
SELECT session.day, routine, session.how, session.seconds >= {TRAINED_FROM_S},
    (SELECT json_group_array(DISTINCT exercise) FROM exercise
     WHERE exercise.session = session.id AND exercise.how IN ('done', 'hurt')),
    (SELECT max(value) FROM pain WHERE pain.session = session.id AND moment = 'after')
    > (SELECT min(value) FROM pain WHERE pain.session = session.id AND moment = 'before'),
    (SELECT value FROM note WHERE kind = 'felt' AND name = routine AND note.at_ms > session.at_ms
     AND note.day <= session.day + 1 ORDER BY note.id LIMIT 1),
    (SELECT value FROM note WHERE kind = 'morning' AND name = CAST(session.day AS TEXT)
     ORDER BY note.id LIMIT 1)
FROM session
WHERE session.day BETWEEN ? AND ?
    AND (session.seconds >= {TRAINED_FROM_S} OR session.how = 'hurt'
         OR session.id IN (SELECT session FROM pain WHERE moment = 'after'))
    AND (session.clock_ok OR session.day >= {FIRST_DAY})
ORDER BY session.at_ms
"""  # noqa: S608 - two constants of ours


def trained(database: sqlite3.Connection, now: Moment) -> tuple[Trained, ...]:
    """The oldest first. Raises sqlite3.Error where that can't be read."""
    found = []
    for day, routine, how, long, listed, worse, felt, after in database.execute(
        _SESSIONS, (now.day - LATELY_DAYS, now.day)
    ):
        exercises = tuple(sorted(json.loads(listed)))
        ended = "worse" if worse and how != "hurt" else how or "stopped"
        short = not long or not exercises
        if not short or ended in ("worse", "hurt"):
            easy = None if felt is None else felt > 0
            found.append(Trained(day, routine, exercises, ended, easy, after, short))
    return tuple(found)
