"""The file: what it is made of, how an older one is brought up to date, and who may read it."""

import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.coach.effects import Place, Record, Remember, Remembered, Wanted, Wish
from assistant.journal import rows
from assistant.journal.row_time import Clock
from assistant.journal.schema import APPLICATION_ID, SCHEMA, SCHEMA_VERSION, described
from assistant.journal.store import Damaged, Unusable, open_store, version_of
from assistant.journal.upkeep import forget

VERSION_1 = """
CREATE TABLE record (
    id INTEGER PRIMARY KEY,  -- the order of things: the clock of a Pi may be set back
    at TEXT NOT NULL,        -- UTC, ISO 8601
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    seconds REAL NOT NULL,
    detail TEXT NOT NULL
)
"""
ROWS_1 = [
    ("2026-11-02T08:00:00.000+00:00", "session_start", "desk-break", 0.0, ""),
    ("2026-11-02T08:00:40.500+00:00", "exercise", "desk-back-bend", 30.0, "done"),
    ("2026-11-02T08:01:00.000+00:00", "exercise", "desk-trunk-turn", 12.5, "left"),
    ("2026-11-02T08:02:00.000+00:00", "session_end", "desk-break", 120.0, "done"),
    ("2026-11-02T08:22:00.000+00:00", "break_due", "", 0.0, ""),
    ("2026-11-02T08:22:09.000+00:00", "break_snoozed", "", 300.0, ""),
    ("2026-11-02T08:27:09.000+00:00", "break_due", "", 0.0, ""),
    ("2026-11-02T08:27:20.000+00:00", "break_taken", "", 11.0, ""),
    ("2026-11-02T09:00:00.000+00:00", "fault", "microphone", 0.0, "it was unplugged"),
    ("2026-11-02T09:10:00.000+00:00", "session_start", "lower-back-gentle", 0.0, ""),
]


def version_1(path: Path) -> None:
    """As the first version of this program left it: with a log of changes that isn't folded in."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(VERSION_1)
        database.execute("PRAGMA user_version = 1")
        database.executemany(
            "INSERT INTO record (at, kind, name, seconds, detail) VALUES (?, ?, ?, ?, ?)", ROWS_1
        )


def ask(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def test_every_column_has_its_meaning_in_the_file_itself(tmp_path: Path) -> None:
    """The description is read from the schema, so it can't fall behind it."""
    path = tmp_path / "journal.sqlite3"
    open_store(path).close()
    tables = dict(ask(path, "SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    assert set(described()) == set(tables)
    for table, meanings in described().items():
        columns = [row[1] for row in ask(path, f"PRAGMA table_xinfo({table})")]
        assert list(meanings) == columns
        assert all(meaning in tables[table] for meaning in meanings.values())


def test_it_is_opened_so_that_a_commit_outlives_a_power_cut(tmp_path: Path) -> None:
    """A log of changes, flushed at every commit; foreign keys; what is deleted is overwritten."""
    with open_store(tmp_path / "journal.sqlite3") as store:
        for pragma, value in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("secure_delete", 1),
            ("user_version", SCHEMA_VERSION),
        ):
            assert store.database.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_an_empty_file_becomes_a_journal(tmp_path: Path) -> None:
    """Version 0: a file that was just made, or one whose first start was cut off."""
    path = tmp_path / "journal.sqlite3"
    path.touch()
    with open_store(path) as store:
        store.write([(Clock().now(), Record("session_start", "desk-break"))])
    assert ask(path, "SELECT routine FROM session") == [("desk-break",)]


def test_a_journal_of_version_1_is_brought_up_to_date(tmp_path: Path) -> None:
    """Each of its facts is where it belongs now, in its order and at its time."""
    path = tmp_path / "journal.sqlite3"
    version_1(path)
    open_store(path).close()
    assert ask(path, "SELECT routine, seconds, how, at_ms / 1000 FROM session") == [
        ("desk-break", 120.0, "done", 1793606400),
        ("lower-back-gentle", 0.0, None, 1793610600),
    ]
    assert ask(path, "SELECT session, exercise, seconds, how, at_ms % 1000 FROM exercise") == [
        (1, "desk-back-bend", 30.0, "done", 500),
        (1, "desk-trunk-turn", 12.5, "left", 0),
    ]
    stands = ask(path, "SELECT asked, answer, delay_s, snoozes, snooze_s, clock_ok FROM stand")
    assert stands == [(0, "taken", None, 0, 0.0, 0), (1, "taken", 320.0, 1, 300.0, 0)]
    assert ask(path, "SELECT part, reason FROM fault") == [("microphone", "it was unplugged")]
    assert ask(path, "SELECT uuid FROM boot") == [("",)]
    assert ask(path, "SELECT name FROM sqlite_master WHERE name = 'record'") == []
    assert ask(path, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert ask(path, "PRAGMA foreign_key_check") == []


BEFORE_3 = (
    (
        "    uuid TEXT NOT NULL UNIQUE,  -- the kernel's id of this start; empty: not known\n"
        "    imported INTEGER NOT NULL DEFAULT 0 CHECK (imported IN (0, 1))"
        "  -- 1: an import brought it here\n",
        "    uuid TEXT NOT NULL UNIQUE  -- the kernel's id of this start; empty: not known\n",
    ),
    (
        "    kept TEXT NOT NULL  -- what the coach goes on from after a power cut, as JSON\n",
        "    routine TEXT NOT NULL,  -- the routine that is being led; empty: none\n"
        "    segment INTEGER NOT NULL,  -- the segment of its plan\n"
        "    elapsed_s REAL NOT NULL,  -- seconds into the segment\n"
        "    sit_left_s REAL,  -- seconds of sitting until the next reminder; empty: not counting\n"
        "    snoozes INTEGER NOT NULL  -- how often this reminder was put off\n",
    ),
)
"""What version 3 changed in the tables of version 2."""


[BEFORE_4] = re.findall(r"CREATE TABLE remembered .*?;\n\n", SCHEMA, re.DOTALL)


def version_2(path: Path) -> None:
    """As the second version left it, with a session, a reminder and a place in it."""
    schema = SCHEMA.replace(BEFORE_4, "")
    for now, then in BEFORE_3:
        assert now in schema
        schema = schema.replace(now, then)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(schema)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA user_version = 2")
        database.execute("INSERT INTO boot (uuid) VALUES ('old')")
        when = "at_ms, offset_s, boot, mono_s, clock_ok"
        for table, more, values in (
            ("session", "routine, seconds, how", "'desk-break', 9.0, 'done'"),
            ("stand", "asked, answer", "1, 'taken'"),
            ("place", "id, routine, segment, elapsed_s, snoozes", "1, 'desk-break', 3, 1.0, 0"),
        ):
            database.execute(
                f"INSERT INTO {table} ({when}, {more})"  # noqa: S608
                f" VALUES (1790000000000, 0, 1, 5.0, 1, {values})"
            )


def test_a_journal_of_version_2_is_brought_up_to_date(tmp_path: Path) -> None:
    """Every row is there; the tables are those of a new file; the old place is of no use."""
    path, fresh = tmp_path / "journal.sqlite3", tmp_path / "fresh.sqlite3"
    version_2(path)
    with open_store(path) as store:
        assert store.place(Clock().now()) is None
        store.write([], (Clock().now(), Place("bridge", sit_left_s=5.0)))
        assert store.place(Clock().now()) == Place("bridge", sit_left_s=5.0)
    assert ask(path, "SELECT routine, how FROM session") == [("desk-break", "done")]
    assert ask(path, "SELECT due, taken FROM stand_day") == [(1, 1)]
    assert ask(path, "SELECT uuid, imported FROM boot")[0] == ("old", 0)
    assert ask(path, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    open_store(fresh).close()
    for table in described():
        columns = f"SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo('{table}')"  # noqa: S608
        assert ask(path, columns) == ask(fresh, columns)


def test_a_journal_of_version_3_is_brought_up_to_date(tmp_path: Path) -> None:
    """What was remembered by nobody yet is remembered from now on; nothing else changes."""
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(SCHEMA.replace(BEFORE_4, ""))
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA user_version = 3")
        database.execute("INSERT INTO boot (uuid) VALUES ('old')")
        when = "at_ms, offset_s, boot, mono_s, clock_ok, routine"
        values = "1790000000000, 0, 1, 5.0, 1, 'desk-break'"
        database.execute(f"INSERT INTO session ({when}) VALUES ({values})")  # noqa: S608
    slow = Remembered(wanted=Wanted(pace=Wish(0.8, 1.0)), before=Wanted())
    with open_store(path) as store:
        assert store.remembered() == Remembered()
        store.write([(Clock().now(), Remember(slow))])
    with open_store(path) as store:
        assert store.remembered() == slow
    assert ask(path, "SELECT routine FROM session") == [("desk-break",)]
    assert ask(path, "PRAGMA user_version") == [(SCHEMA_VERSION,)]


def test_what_another_version_remembered_otherwise_is_left_out_and_the_rest_holds(
    tmp_path: Path,
) -> None:
    kept = {"wanted": {"pace": {"value": 0.8, "configured": 1.0}, "volume": "loud", "colour": 3}}
    with open_store(tmp_path / "journal.sqlite3") as store:
        store.write([(Clock().now(), Remember(Remembered()))])
        for text, holds in (
            (json.dumps(kept), Remembered(wanted=Wanted(pace=Wish(0.8, 1.0)))),
            ("5", Remembered()),
            ("", Remembered()),
            ('{"wanted": 5, "before": 5}', Remembered()),
        ):
            store.database.execute("UPDATE remembered SET kept = ?", (text,))
            assert store.remembered() == holds


def test_forgetting_everything_forgets_what_was_wanted_and_a_day_does_not(tmp_path: Path) -> None:
    now = Clock().now()
    slow = Remembered(wanted=Wanted(pace=Wish(0.8, 1.0)))
    with open_store(tmp_path / "journal.sqlite3") as store:
        store.write([(now, Remember(slow))])
        forget(store, now.local.date())
        assert store.remembered() == slow
        forget(store, None)
        assert store.remembered() == Remembered()


VERSIONS = {3: "c005a0d934bf449f", 4: "70be1b81fde92883"}
"""What the text of the schema is in each version that was given to anybody."""


def test_another_schema_is_another_version() -> None:
    """A file is only brought up to date where its version says that it is an older one. Whoever
    changes the tables counts the version up, adds the step that gets there, and a line here."""
    assert VERSIONS[SCHEMA_VERSION] == hashlib.sha256(SCHEMA.encode()).hexdigest()[:16]
    assert max(VERSIONS) == SCHEMA_VERSION


def test_a_place_of_the_version_before_is_a_place(tmp_path: Path) -> None:
    """It didn't write down whether what is asked before a session was answered."""
    now = Clock().now()
    with open_store(tmp_path / "journal.sqlite3") as store:
        store.write([], (now, Place("bridge", unanswered=True)))
        [(kept,)] = store.database.execute("SELECT kept FROM place")
        assert store.place(now) == Place("bridge", unanswered=True)
        older = {name: part for name, part in json.loads(kept).items() if name != "unanswered"}
        store.database.execute("UPDATE place SET kept = ?", (json.dumps(older),))
        assert store.place(now) == Place("bridge")


def test_a_place_of_another_version_of_the_program_is_none(tmp_path: Path) -> None:
    """Where something else was kept of it, nobody can tell where that was."""
    now = Clock().now()
    with open_store(tmp_path / "journal.sqlite3") as store:
        store.write([], (now, Place("bridge", repetition=3, snoozes=1)))
        assert store.place(now) == Place("bridge", repetition=3, snoozes=1)
        for kept in ('{"routine": "bridge"}', '{"routine": "bridge", "item": 3}', "{}", "5", ""):
            store.database.execute("UPDATE place SET kept = ?", (kept,))
            assert store.place(now) is None


@dataclass(frozen=True)
class Part:
    """A part of something that is kept."""

    side: str
    seconds: float | None = None


@dataclass(frozen=True)
class Whole:
    """Something with parts."""

    name: str
    parts: tuple[Part, ...] = ()
    names: tuple[str, ...] = ()


@pytest.mark.parametrize(
    "whole", [Whole("a"), Whole("b", (Part("left", 2.5), Part("")), ("one", "two"))]
)
def test_what_is_kept_comes_back_with_its_parts(whole: Whole) -> None:
    """Through JSON, which knows neither tuples nor what a part is."""
    assert rows.made(Whole, json.loads(json.dumps(asdict(whole)))) == whole
    with pytest.raises((TypeError, ValueError)):
        rows.made(Whole, {"name": "a", "parts": [{"side": "left"}], "names": []})


def test_bringing_up_to_date_is_all_or_nothing(tmp_path: Path) -> None:
    """A row of the old version that makes no sense leaves the old file as it was."""
    path = tmp_path / "journal.sqlite3"
    version_1(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO record VALUES (99, 'yesterday', 'fault', '', 0, '')")
    with pytest.raises(Unusable):
        open_store(path)
    assert ask(path, "SELECT count(*) FROM record") == [(len(ROWS_1) + 1,)]
    assert ask(path, "PRAGMA user_version") == [(1,)]


OPENED = """
import sys
from pathlib import Path
from assistant.journal.store import open_store
sys.stdin.readline()
open_store(Path(sys.argv[1])).close()
"""


def test_two_programs_may_bring_it_up_to_date_at_once(tmp_path: Path) -> None:
    """One does it, the other finds it done."""
    path = tmp_path / "journal.sqlite3"
    version_1(path)
    command = [sys.executable, "-c", OPENED, str(path)]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(2)]
    for process in both:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in both:
        process.communicate(timeout=30)
        assert process.returncode == 0
    assert ask(path, "SELECT count(*) FROM session") == [(2,)]


def test_a_look_at_a_file_that_another_program_is_just_making_sees_all_of_it_or_nothing(
    tmp_path: Path,
) -> None:
    """Made between two questions, its version would be that of before and its mark that of after:
    somebody else's database."""
    path = tmp_path / "journal.sqlite3"
    path.touch()
    asked: list[str] = []

    def between(question: str) -> None:
        asked.append(question)
        if len(asked) == 2:
            open_store(path).close()

    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.set_trace_callback(between)
        assert version_of(database) == 0
        database.set_trace_callback(None)
    open_store(path).close()
    with closing(sqlite3.connect(path)) as database:
        assert version_of(database) == SCHEMA_VERSION


def test_a_newer_file_is_left_as_it_is(tmp_path: Path) -> None:
    """Not a byte of what this program doesn't know is touched."""
    path = tmp_path / "journal.sqlite3"
    open_store(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(Unusable, match="newer version"):
        open_store(path)
    assert path.read_bytes() == before


def test_somebody_elses_database_is_no_journal(tmp_path: Path) -> None:
    """Nor is one that only says so."""
    path = tmp_path / "photos.sqlite3"
    for version in (0, 1, SCHEMA_VERSION):
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE photo (name)")
            database.execute(f"PRAGMA user_version = {version}")
        with pytest.raises(Damaged, match="not a journal"):
            open_store(path)
        assert [name for (name,) in ask(path, "SELECT name FROM sqlite_master")] == ["photo"]


def test_looking_makes_no_file(tmp_path: Path) -> None:
    """Who only wants to read is told that there is nothing."""
    path = tmp_path / "journal.sqlite3"
    with pytest.raises(Unusable, match="no journal yet"):
        open_store(path, create=False)
    assert not path.exists()


def test_a_place_that_cannot_be_looked_at_is_no_journal(tmp_path: Path) -> None:
    """Whatever the system says to the question itself: the assistant starts without one."""
    with pytest.raises(Unusable):
        open_store(tmp_path / ("j" * 300) / "journal.sqlite3", create=False)


READ = """
import os, sys
from pathlib import Path
from assistant.journal.store import open_store
os.setuid(65534)  # only now: the folder of the program may be root's alone
with open_store(Path(sys.argv[1]), create=False) as store:
    print(store.database.execute("SELECT routine FROM session").fetchall())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_journal_that_may_not_be_written_can_be_read(tmp_path: Path) -> None:
    """A card that is read-only, or a folder of another person who allows it."""
    path = tmp_path / "journal.sqlite3"
    with open_store(path) as store:
        store.write([(Clock().now(), Record("session_start", "desk-break"))])
    path.chmod(0o444)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, timeout=30
    )
    assert (done.stdout, done.returncode) == ("[('desk-break',)]\n", 0), done.stderr
