"""Days that are long gone are kept in sums, so that ten years fit on any card.

Decides what is summed up and when: reminders, commands, faults and notes of days more than two
years ago. Sessions, exercises and pain stay as they are, for good: there are few of them, and
they are what one wants to look back on. The sums answer as the rows did (`stand_day` and the other
views): nothing that is counted changes.
"""

from assistant.journal.row_time import FIRST_DAY, Moment
from assistant.journal.rows import known_boot
from assistant.journal.store import Store

KEEP_DAYS = 731
"""Two years, one of them a leap year."""
SOME_DAYS = 31
"""As many in one go, so that rows which come meanwhile don't wait."""

_OLD = "day <= :last AND boot != :boot AND (clock_ok OR day >= :first)"
_OLD_NOTE = f"{_OLD} AND kind NOT IN ('screening', 'level', 'told')"
"""What was told of the back, and which exercises it has come to, holds for good."""
_SUM_STANDS = f"""
INSERT INTO old_stand
SELECT day, sum(asked), sum(asked AND answer IS 'taken'), sum(answer IS 'skipped'),
    sum(answer IS 'unanswered'), sum(answer IS 'snoozed'), sum(answer IS NULL OR answer = 'cut'),
    sum(NOT asked), sum(snoozes), sum(snooze_s),
    json_group_array(delay_s) FILTER (WHERE asked AND answer = 'taken' AND delay_s IS NOT NULL)
FROM stand WHERE {_OLD} GROUP BY day
ON CONFLICT (day) DO UPDATE SET due = due + excluded.due, taken = taken + excluded.taken,
    skipped = skipped + excluded.skipped, unanswered = unanswered + excluded.unanswered,
    snoozed = snoozed + excluded.snoozed, cut = cut + excluded.cut,
    unasked = unasked + excluded.unasked, snoozes = snoozes + excluded.snoozes,
    snooze_s = snooze_s + excluded.snooze_s,
    delays = (SELECT json_group_array(value) FROM (
        SELECT value FROM json_each(old_stand.delays)
        UNION ALL SELECT value FROM json_each(excluded.delays)))
"""  # noqa: S608
_SUM_COUNTS = """
INSERT INTO old_count
SELECT day, {kind}, {name}, {detail}, count(*), {seconds}
FROM {table} WHERE {old} GROUP BY 1, 2, 3, 4
ON CONFLICT (day, kind, name, detail) DO UPDATE
SET times = times + excluded.times, seconds = seconds + excluded.seconds
"""
_COUNTED = (
    ("command", "'command'", "command", "source", "0.0"),
    ("fault", "'fault'", "part", "''", "0.0"),
    ("note", "kind", "name", "detail", "sum(seconds)"),
)


def _old(table: str) -> str:
    return _OLD_NOTE if table == "note" else _OLD


def some(store: Store, now: Moment) -> bool:
    """Sum up some of the days that are old by now; whether there are more.

    Rows of this boot are left alone: its clock may still be put right.
    """
    limit = now.day - KEEP_DAYS
    with store.change() as database:
        values = {"boot": known_boot(database, now.boot), "first": FIRST_DAY, "last": limit}
        oldest = [
            day
            for table in ("stand", "command", "fault", "note")
            for (day,) in database.execute(
                f"SELECT min(day) FROM {table} WHERE {_old(table)}",  # noqa: S608
                values,
            )
            if day is not None
        ]
        if not oldest:
            return False
        values["last"] = min(limit, min(oldest) + SOME_DAYS - 1)
        database.execute(_SUM_STANDS, values)
        database.execute(f"DELETE FROM stand WHERE {_OLD}", values)  # noqa: S608
        for table, kind, name, detail, seconds in _COUNTED:
            columns = {"kind": kind, "name": name, "detail": detail, "seconds": seconds}
            old = _old(table)
            database.execute(_SUM_COUNTS.format(table=table, old=old, **columns), values)
            database.execute(f"DELETE FROM {table} WHERE {old}", values)  # noqa: S608
    return values["last"] < limit
