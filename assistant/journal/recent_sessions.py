"""The sessions of the last months, for a plan to go on from.

Decides how far back it goes: a session that was led for long enough, or was stopped for pain, or
ended with more of it, however short it was; with what was done in it to its end or hurt, and what
was said of it since. How each ended is `ended`'s, what follows from them the coach's.
"""

import sqlite3

from assistant.coach.events import Trained
from assistant.journal.ended import ended
from assistant.journal.row_time import Moment

LATELY_DAYS = 120


def trained(database: sqlite3.Connection, now: Moment) -> tuple[Trained, ...]:
    """The oldest first. Raises sqlite3.Error where that can't be read."""
    found = [
        Trained(
            one.day,
            one.routine,
            one.exercises,
            one.how,
            one.easy,
            one.after,
            one.short,
            one.told,
        )
        for one in ended(database, now.day - LATELY_DAYS, now.day)
        if one.dated and one.trained
    ]
    return tuple(reversed(found))
