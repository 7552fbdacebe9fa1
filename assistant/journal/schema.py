"""The journal's tables, each column with its meaning, as they stand in the file itself.

Decides what is kept and how it is laid out. How rows get in is decided in `store`, what they
add up to in `stats`. The comments below are part of the file (`sqlite3 FILE .schema` shows
them) and of what is exported, so every column has one.

Time: `at_ms` and `offset_s` are for people; a row of a boot whose clock wasn't right yet is put
right as soon as it is. `day` is the local date as days since 1970-01-01.

Sessions, exercises and pain are kept for good. Of days that are long gone, what came between
(stand-up reminders, commands, faults, notes) is only kept in sums: `old_stand` and `old_count`.
The views add both up, so ask these: `stand_day`, `stand_delay` and `count_day`.
"""

import re
from collections.abc import Mapping

SCHEMA_VERSION = 4
"""One more with each change of the text below, and a step in `store` that gets there."""
APPLICATION_ID = 0x45784A6C
"""Tells a journal from any other SQLite file; "ExJl"."""

_WHEN = """
    at_ms INTEGER NOT NULL,  -- when: milliseconds since 1970-01-01 UTC
    offset_s INTEGER NOT NULL,  -- what local time added to UTC then, in seconds
    boot INTEGER NOT NULL REFERENCES boot,  -- since which start of the machine
    mono_s REAL NOT NULL,  -- when, in seconds of the monotonic clock since that start
    clock_ok INTEGER NOT NULL CHECK (clock_ok IN (0, 1)),  -- 1: at_ms is known to be right
    day INTEGER AS ((at_ms / 1000 + offset_s) / 86400),  -- local date: days since 1970-01-01
""".strip("\n")

SCHEMA = """
CREATE TABLE boot (
    id INTEGER PRIMARY KEY,  -- a number for it in this file
    uuid TEXT NOT NULL UNIQUE,  -- the kernel's id of this start; empty: not known
    imported INTEGER NOT NULL DEFAULT 0 CHECK (imported IN (0, 1))  -- 1: an import brought it here
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,  -- a number for it in this file
    WHEN,
    routine TEXT NOT NULL,  -- the routine's id
    seconds REAL NOT NULL DEFAULT 0,  -- how long it was led, pauses included (since a power cut)
    how TEXT  -- done, stopped, hurt (stopped for pain), forgotten, quit; cut: no end; empty: open
) STRICT;
CREATE INDEX session_day ON session (day);
CREATE INDEX session_time ON session (at_ms);
CREATE INDEX session_open ON session (at_ms) WHERE how IS NULL;

CREATE TABLE exercise (
    id INTEGER PRIMARY KEY,  -- a number for it in this file
    WHEN,
    session INTEGER REFERENCES session ON DELETE CASCADE,  -- the session it was part of
    exercise TEXT NOT NULL,  -- the exercise's id
    side TEXT NOT NULL,  -- left, right or empty
    seconds REAL NOT NULL,  -- held or moved
    planned_s REAL NOT NULL,  -- what the routine asked for
    reps INTEGER NOT NULL,  -- repetitions done
    planned_reps INTEGER NOT NULL,  -- repetitions the routine asked for
    how TEXT NOT NULL  -- done, left, stopped, hurt, forgotten, quit
) STRICT;
CREATE INDEX exercise_day ON exercise (day);
CREATE INDEX exercise_session ON exercise (session);

CREATE TABLE pain (
    id INTEGER PRIMARY KEY,  -- a number for it in this file
    WHEN,
    session INTEGER REFERENCES session ON DELETE CASCADE,  -- the session it was asked in
    moment TEXT NOT NULL,  -- before, in, after; held: told shortly before, and still counting
    value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 10)  -- 0: none, 10: the worst
) STRICT;
CREATE INDEX pain_day ON pain (day);
CREATE INDEX pain_session ON pain (session);

CREATE TABLE stand (
    id INTEGER PRIMARY KEY,  -- a number for it in this file
    WHEN,
    asked INTEGER NOT NULL CHECK (asked IN (0, 1)),  -- 0: stood up without a reminder
    answer TEXT,  -- taken, skipped, unanswered, snoozed, cut; empty: open (snoozed: nothing after)
    delay_s REAL,  -- from the first reminder to the answer, in tenths; empty: open or not asked
    snoozes INTEGER NOT NULL DEFAULT 0,  -- how often it was put off
    snooze_s REAL NOT NULL DEFAULT 0  -- for how long in all
) STRICT;
CREATE INDEX stand_date ON stand (day);
CREATE INDEX stand_open ON stand (id) WHERE answer IS NULL;

CREATE TABLE command (
    id INTEGER PRIMARY KEY,  -- a number for it in this file
    WHEN,
    command TEXT NOT NULL,  -- what was asked for; never the words
    source TEXT NOT NULL  -- voice, button, key or typed
) STRICT;

CREATE TABLE fault (
    id INTEGER PRIMARY KEY,  -- a number for it in this file
    WHEN,
    part TEXT NOT NULL,  -- microphone, model, voice, loudspeaker, button, journal
    reason TEXT NOT NULL  -- why, in plain words
) STRICT;

CREATE TABLE note (
    id INTEGER PRIMARY KEY,  -- a number for it in this file
    WHEN,
    kind TEXT NOT NULL,  -- timer, quiet, absence, screening, level, told, felt, morning, plan
    name TEXT NOT NULL,  -- which one
    seconds REAL NOT NULL,  -- how long
    detail TEXT NOT NULL,  -- how it ended or why
    value INTEGER  -- 1: yes (screening, felt easy), better (morning), harder (level); -1: the other
) STRICT;

CREATE TABLE place (
    id INTEGER PRIMARY KEY CHECK (id = 1),  -- there is one place only
    WHEN,
    kept TEXT NOT NULL  -- what the coach goes on from after a power cut, as JSON
) STRICT;

CREATE TABLE remembered (
    id INTEGER PRIMARY KEY CHECK (id = 1),  -- there is one row only
    WHEN,
    kept TEXT NOT NULL  -- what was asked for and holds until it is taken back, as JSON
) STRICT;

CREATE TABLE old_stand (
    day INTEGER PRIMARY KEY,  -- local date: days since 1970-01-01
    due INTEGER NOT NULL,  -- reminders
    taken INTEGER NOT NULL,  -- of these: stood up
    skipped INTEGER NOT NULL,  -- of these: left out
    unanswered INTEGER NOT NULL,  -- of these: nobody answered
    snoozed INTEGER NOT NULL,  -- of these: put off, and nothing came after
    cut INTEGER NOT NULL,  -- of these: the machine was switched off meanwhile, or still open
    unasked INTEGER NOT NULL,  -- stood up without a reminder; not part of due
    snoozes INTEGER NOT NULL,  -- how often reminders were put off
    snooze_s REAL NOT NULL,  -- for how long in all
    delays TEXT NOT NULL  -- the delay_s of those taken, as a JSON list
) STRICT;

CREATE TABLE old_count (
    day INTEGER NOT NULL,  -- local date: days since 1970-01-01
    kind TEXT NOT NULL,  -- command, fault, or the note's kind
    name TEXT NOT NULL,  -- the command, the part, or the note's name
    detail TEXT NOT NULL,  -- the source, or the note's detail; empty for a fault
    times INTEGER NOT NULL,  -- how many rows there were
    seconds REAL NOT NULL,  -- their seconds in all
    PRIMARY KEY (day, kind, name, detail)
) STRICT, WITHOUT ROWID;

CREATE VIEW stand_day AS
SELECT day, sum(due) AS due, sum(taken) AS taken, sum(skipped) AS skipped,
    sum(unanswered) AS unanswered, sum(snoozed) AS snoozed, sum(cut) AS cut,
    sum(unasked) AS unasked, sum(snoozes) AS snoozes, sum(snooze_s) AS snooze_s
FROM (
    SELECT day, asked AS due, asked AND answer IS 'taken' AS taken,
        answer IS 'skipped' AS skipped, answer IS 'unanswered' AS unanswered,
        answer IS 'snoozed' AS snoozed, answer IS NULL OR answer = 'cut' AS cut,
        NOT asked AS unasked, snoozes, snooze_s
    FROM stand
    UNION ALL
    SELECT day, due, taken, skipped, unanswered, snoozed, cut, unasked, snoozes, snooze_s
    FROM old_stand
)
GROUP BY day;

CREATE VIEW stand_delay AS
SELECT day, delay_s FROM stand WHERE asked AND answer = 'taken' AND delay_s IS NOT NULL
UNION ALL
SELECT day, value FROM old_stand, json_each(old_stand.delays);

CREATE VIEW count_day AS
SELECT day, kind, name, detail, sum(times) AS times, sum(seconds) AS seconds
FROM (
    SELECT day, 'command' AS kind, command AS name, source AS detail, 1 AS times, 0.0 AS seconds
    FROM command
    UNION ALL
    SELECT day, 'fault', part, '', 1, 0.0 FROM fault
    UNION ALL
    SELECT day, kind, name, detail, 1, seconds FROM note
    UNION ALL
    SELECT day, kind, name, detail, times, seconds FROM old_count
)
GROUP BY day, kind, name, detail;
""".replace("    WHEN,", _WHEN)

TIMED = ("session", "exercise", "pain", "stand", "command", "fault", "note")
"""The tables whose rows hold a moment and are kept one by one."""
LATEST = ("place", "remembered")
"""Those with one row, which the next one replaces."""
SUMS = ("old_stand", "old_count")


def described() -> Mapping[str, Mapping[str, str]]:
    """The meaning of every column of every table, read from the schema itself."""
    tables = {}
    for name, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)", SCHEMA, re.DOTALL):
        columns = re.findall(r"^    ([a-z]\w*) [^\n]*-- ([^\n]+)$", body, re.MULTILINE)
        tables[name] = dict(columns)
    return tables
