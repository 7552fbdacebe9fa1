"""What happened is on the disk at once, and a failing disk never disturbs a session."""

import logging
import os
import queue
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from assistant.coach.effects import Done, Keep, Place, Recall, Record
from assistant.coach.events import Event, Found, Lost, Part, Period, Recalled
from assistant.journal import Journal, row_time, writer
from assistant.journal.row_time import Clock, Moment
from assistant.journal.writer import KEEP_EVERY_S, ROOM
from tests.eventually import eventually

Inbox = queue.SimpleQueue[Event]


@pytest.fixture
def inbox() -> Inbox:
    return queue.SimpleQueue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite3"


def ask(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def exercises(path: Path) -> list[str]:
    return [name for (name,) in ask(path, "SELECT exercise FROM exercise ORDER BY id")]


def exercise(name: str) -> Record:
    return Record(
        "exercise", name, 12.5, "done", planned_s=20.0, reps=3, planned_reps=5, side="left"
    )


def opened(inbox: Inbox, path: Path) -> Journal:
    """A journal whose file is there and that has nothing to do."""
    journal = Journal(inbox.put, path)
    journal(Record("fault", "button"))
    assert journal.flush(5.0)
    return journal


def lost(inbox: Inbox, timeout_s: float = 5.0) -> str:
    """The reason of the one Lost there is."""
    event = inbox.get(timeout=timeout_s)
    assert isinstance(event, Lost)
    assert event.part is Part.JOURNAL
    assert not event.reason.endswith(".")
    assert inbox.empty()
    return event.reason


# --- what is kept -----------------------------------------------------------


def test_an_exercise_is_kept_with_everything_that_is_known_of_it(inbox: Inbox, path: Path) -> None:
    """Planned and real, side and repetitions, how it ended, and when by every clock."""
    before = time.time()
    journal = Journal(inbox.put, path, clock=Clock(lambda: True))
    journal(Record("session_start", "desk-break"))
    journal(exercise("bridge"))
    journal.close()
    [row] = ask(
        path,
        "SELECT routine, exercise, side, exercise.seconds, planned_s, reps, planned_reps,"
        " exercise.how, exercise.at_ms, exercise.offset_s, uuid, exercise.mono_s, exercise.clock_ok"
        " FROM exercise JOIN session ON session.id = session JOIN boot ON boot.id = exercise.boot",
    )
    assert row[:8] == ("desk-break", "bridge", "left", 12.5, 20.0, 3, 5, "done")
    at_ms, offset_s, boot, mono_s, clock_ok = row[8:]
    assert before - 0.001 <= at_ms / 1000 <= time.time() + 0.001
    assert offset_s == time.localtime(at_ms / 1000).tm_gmtoff
    assert boot == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    assert abs(mono_s - time.monotonic()) < 30
    assert clock_ok == 1
    assert inbox.empty()


def test_where_the_kernel_names_no_boot_each_process_is_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of one monotonic clock belong together, and none to that of another."""
    names = []
    monkeypatch.setattr(row_time, "_BOOT_ID", path)
    for _ in range(2):
        row_time.boot_id.cache_clear()
        names += [row_time.boot_id(), Clock().now().boot]
    row_time.boot_id.cache_clear()
    assert names[0] == names[1] != names[2] == names[3]
    assert all(names)


def test_rows_of_many_threads_and_runs_add_up(inbox: Inbox, path: Path) -> None:
    """Nothing is lost between threads, nor between one run and the next."""
    for run in range(3):
        journal = Journal(inbox.put, path)
        threads = [
            threading.Thread(target=_record_many, args=(journal, f"run {run}")) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        journal.close(5.0)
    assert ask(path, "SELECT count(*) FROM fault") == [(1200,)]
    assert inbox.empty()


def _record_many(journal: Journal, name: str) -> None:
    for _ in range(100):
        journal(Record("fault", name))


def test_a_row_that_cannot_be_leaves_the_others_alone(inbox: Inbox, path: Path) -> None:
    """Whatever is handed over, what comes after it is still kept."""
    journal = Journal(inbox.put, path)
    journal(Record("pain", "desk-break", detail="before", value=99))
    journal(Record("exercise", "no number", float("nan")))
    journal(Record("exercise", "\ud800"))
    journal(Record("something new", value=7))
    journal(exercise("bridge"))
    journal.close()
    assert exercises(path) == ["bridge"]
    assert ask(path, "SELECT kind, value FROM note") == [("pain", 99), ("something new", 7)]
    assert inbox.empty()


def test_only_its_owner_may_read_it(inbox: Inbox, path: Path) -> None:
    """The files of the journal are for one person's eyes, side files too."""
    journal = Journal(inbox.put, path)
    assert journal.flush(5.0)
    journal.close()
    path.chmod(0o644)
    journal = Journal(inbox.put, path)
    journal(Record("fault", "voice"))
    assert journal.flush(5.0)
    with closing(sqlite3.connect(path)) as reader:  # keeps the side files there
        reader.execute("SELECT * FROM fault").fetchall()
        journal.close()
        files = sorted(path.parent.iterdir())
        assert len(files) == 3
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


# --- the place --------------------------------------------------------------


def kept(path: Path) -> list[Any]:
    sql = "SELECT kept ->> 'routine', kept ->> 'repetition', kept ->> 'elapsed_s' FROM place"
    return ask(path, sql) if path.exists() else []


def test_the_place_is_on_the_disk_within_a_second(inbox: Inbox, path: Path) -> None:
    """However often it changes, what was last handed over a second ago is there. (The best of
    three: what else this machine has to do is not the journal's doing.)"""
    journal = opened(inbox, path)
    took_s = []
    for run in range(1, 4):
        for number in range(100):  # more than any session orders
            journal(Keep(Place("desk-break", repetition=run, elapsed_s=number / 10)))
            time.sleep(0.001)
        last_at = time.monotonic()
        eventually(lambda run=run: kept(path) == [("desk-break", run, 9.9)])  # type: ignore[misc]
        took_s.append(time.monotonic() - last_at)
    assert min(took_s) < 1.0
    journal.close()


def test_many_places_cost_few_writes(inbox: Inbox, path: Path) -> None:
    """Flash memory is spared: between two writes only the newest place counts."""
    journal = Journal(inbox.put, path)
    journal(Keep(Place("desk-break")))
    assert journal.flush(5.0)
    size = path.with_name(path.name + "-wal").stat().st_size
    for number in range(100):
        journal(Keep(Place("desk-break", repetition=2, elapsed_s=float(number))))
    eventually(lambda: kept(path) == [("desk-break", 2, 99.0)])
    assert path.with_name(path.name + "-wal").stat().st_size - size < 10 * 4200
    journal.close()


def test_places_that_come_all_the_time_are_written_twice_a_second(inbox: Inbox, path: Path) -> None:
    """However many there are: each write wears the card out a little."""
    journal = opened(inbox, path)
    with closing(sqlite3.connect(path)) as database:
        versions = set()
        began = time.monotonic()
        while time.monotonic() - began < 1.2:
            journal(Keep(Place("desk-break", elapsed_s=time.monotonic())))
            versions.add(database.execute("PRAGMA data_version").fetchone())
    assert 2 <= len(versions) <= 5
    journal.close()


class CountedClock(Clock):
    """Tells how often it was looked at: the writer looks at it whenever it wakes up."""

    def __init__(self) -> None:
        super().__init__(lambda: True)
        self.looks = 0

    def now(self) -> Moment:
        self.looks += 1
        return super().now()


def test_an_idle_journal_sleeps(inbox: Inbox, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When all is written, put right and tidied, nothing wakes it up but a new fact."""
    monkeypatch.setattr(writer, "LOOK_AGAIN_S", 0.05)
    clock = CountedClock()
    journal = Journal(inbox.put, path, clock=clock)
    journal(exercise("bridge"))
    assert journal.flush(5.0)
    eventually(lambda: clock.looks >= 3)  # one for the row, one to put right, one to tidy
    looks = clock.looks
    threading.Event().wait(1.0)
    assert clock.looks - looks <= 1
    journal.close()


def test_places_do_not_hold_up_rows(inbox: Inbox, path: Path) -> None:
    """A row is written at once, also while places come all the time."""
    journal = opened(inbox, path)
    took_s = []
    for number in range(5):
        journal(Keep(Place("desk-break", elapsed_s=1.0)))
        journal(exercise("bridge"))
        began = time.monotonic()
        while len(exercises(path)) == number:
            journal(Keep(Place("desk-break", elapsed_s=time.monotonic())))
        took_s.append(time.monotonic() - began)
    assert min(took_s) < KEEP_EVERY_S / 2  # places alone would wait longer
    journal.close()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("ice", "begun")], "ice"),
        ([("ice", "begun"), ("ice", "done"), ("heat", "begun")], "heat"),
        ([("ice", "begun"), ("ice", "stopped")], ""),
        ([], ""),
    ],
)
def test_ice_that_was_on_when_the_power_went_is_told(
    inbox: Inbox, path: Path, rows: list[tuple[str, str]], told: str
) -> None:
    """A timer whose end was never written down, with its length, whatever else was going on."""
    journal = opened(inbox, path)
    for name, detail in rows:
        journal(Record("timer", name, 600.0, detail))
    assert journal.flush(5.0)
    place = journal.place()
    assert (place.timer if place else "") == told
    journal(
        Keep(
            Place(
                "lower-back-gentle", "bridge", "work", elapsed_s=3.25, done=(Done("left", 5.0, 1),)
            )
        )
    )
    assert journal.flush(5.0)
    kept = journal.place()
    assert kept is not None
    assert (kept.routine, kept.timer, kept.timer_s) == (
        "lower-back-gentle",
        told,
        600.0 if told else 0.0,
    )
    journal.close()


def test_one_comes_back_to_the_place_that_was_kept(inbox: Inbox, path: Path) -> None:
    """The next run is told where things stood, all of it."""
    place = Place(
        "lower-back-gentle", "bridge", "work", elapsed_s=3.25, done=(Done("left", 5.0, 1),)
    )
    journal = Journal(inbox.put, path)
    assert journal.place() is None
    journal(Keep(Place(sit_left_s=700.5, snoozes=2)))
    journal(Keep(place))
    journal.close()
    journal = Journal(inbox.put, path)
    assert journal.place() == place
    journal(Keep(Place()))
    journal.close()
    journal = Journal(inbox.put, path)
    assert journal.place() is None  # nowhere
    journal.close()


@pytest.mark.parametrize(("age_s", "told"), [(7100.0, True), (7300.0, False), (-500.0, True)])
def test_a_place_of_long_ago_is_no_place(
    inbox: Inbox, path: Path, age_s: float, told: bool
) -> None:
    """After two hours nobody goes on where they were; a clock that was set back doesn't matter."""
    journal = Journal(inbox.put, path)
    journal(Keep(Place("desk-break", elapsed_s=1.0)))
    journal.close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE boot SET uuid = 'another start of the machine'")
        database.execute("UPDATE place SET at_ms = at_ms - ?", (age_s * 1000,))
    journal = Journal(inbox.put, path)
    assert (journal.place() is not None) is told
    journal.close()


@pytest.mark.parametrize("place", [Place(ear_closed=True), Place("desk-break", ear_closed=True)])
def test_a_closed_ear_stays_closed_however_long_it_is_off(
    inbox: Inbox, path: Path, place: Place
) -> None:
    """A week later everything else is forgotten."""
    journal = Journal(inbox.put, path)
    journal(Keep(place))
    journal.close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE boot SET uuid = 'another start of the machine'")
        database.execute("UPDATE place SET at_ms = at_ms - ?", (7 * 86_400_000,))
    journal = Journal(inbox.put, path)
    assert journal.place() == Place(ear_closed=True)
    journal.close()


def test_what_is_ordered_together_is_kept_together(inbox: Inbox, path: Path) -> None:
    """An exercise and the place after it: a power cut finds both or neither, so that nothing is
    done twice (but where this very machine takes a rest between the two)."""
    journal = opened(inbox, path)
    together = 0
    for number in range(30):
        journal(exercise(f"exercise {number}"))
        time.sleep(0.001)  # the screen is drawn meanwhile
        journal(Keep(Place("desk-break", repetition=number)))
        while len(exercises(path)) == number:
            time.sleep(0.001)
        together += kept(path)[0][1] == number
    journal.close()
    assert together >= 24


# --- questions --------------------------------------------------------------


def test_a_question_is_answered_with_all_that_came_before_it(inbox: Inbox, path: Path) -> None:
    """`Recall` counts the row that was handed over just before."""
    journal = Journal(inbox.put, path)
    journal(Record("session_start", "desk-break"))
    journal(exercise("bridge"))
    journal(Record("session_end", "desk-break", 60.0, "done"))
    journal(Recall(Period.TODAY))
    event = inbox.get(timeout=5)
    assert isinstance(event, Recalled)
    assert (event.period, event.sessions, event.exercise_s) == (Period.TODAY, 1, 12.5)
    journal.close()


def test_whoever_looks_in_from_outside_is_told_of_today(inbox: Inbox, path: Path) -> None:
    """What is on the disk; without a journal, that it can't be known."""
    journal = Journal(inbox.put, path)
    journal(Record("break_due"))
    journal(Record("break_taken", seconds=20.0))
    assert journal.flush(5)
    counted = journal.today()
    assert counted is not None
    assert (counted.breaks_due, counted.breaks_taken) == (1, 1)
    journal.close()
    path.unlink()
    assert journal.today() is None


def test_a_question_that_cannot_be_answered_gets_the_reason(inbox: Inbox, path: Path) -> None:
    """Nobody waits for an answer that can't come."""
    path.mkdir(parents=True)
    journal = Journal(inbox.put, path)
    reason = lost(inbox)
    journal(Recall(Period.WEEK))
    assert lost(inbox) == reason
    journal.close()


# --- clocks -----------------------------------------------------------------


def test_rows_are_put_right_when_the_clock_is(inbox: Inbox, path: Path) -> None:
    """What was written under a wrong clock gets the time at which it really happened."""
    trusted = threading.Event()
    clock = Clock(trusted.is_set)
    journal = Journal(inbox.put, path, clock=clock)
    journal(exercise("bridge"))
    journal(Keep(Place("desk-break", elapsed_s=1.0)))
    assert journal.flush(5.0)
    journal.close()
    with closing(sqlite3.connect(path)) as database, database:
        assert database.execute("SELECT clock_ok FROM exercise").fetchall() == [(0,)]
        database.execute("UPDATE exercise SET at_ms = 86400000, offset_s = -3600")  # 1970
        database.execute("UPDATE place SET at_ms = 86400000")
    trusted.set()
    happened_s = time.time()
    journal = Journal(inbox.put, path, clock=Clock(trusted.is_set))
    journal(exercise("bird-dog"))
    eventually(lambda: ask(path, "SELECT sum(clock_ok) FROM exercise") == [(2,)])
    journal.close()
    for at_ms, offset_s in ask(path, "SELECT at_ms, offset_s FROM exercise"):
        assert abs(at_ms / 1000 - happened_s) < 5
        assert offset_s == time.localtime().tm_gmtoff
    [(at_ms, clock_ok)] = ask(path, "SELECT at_ms, clock_ok FROM place")
    assert clock_ok == 1
    assert abs(at_ms / 1000 - happened_s) < 5


def test_a_clock_that_is_right_at_last_puts_rows_right_though_nothing_more_comes(
    inbox: Inbox, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked at again and again."""
    monkeypatch.setattr(writer, "LOOK_AGAIN_S", 0.001)
    monkeypatch.setattr(row_time, "LOOK_AGAIN_S", 0.0)
    asked = count()
    journal = Journal(inbox.put, path, clock=Clock(lambda: next(asked) > 50))
    journal(exercise("bridge"))
    assert journal.flush(5.0)
    eventually(lambda: ask(path, "SELECT clock_ok FROM exercise") == [(1,)])
    journal.close()


def test_another_boots_rows_are_left_as_they_are(inbox: Inbox, path: Path) -> None:
    """Only the same run of the monotonic clock can tell when something really was."""
    journal = Journal(inbox.put, path, clock=Clock(lambda: False))
    journal(exercise("bridge"))
    journal.close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE boot SET uuid = 'another start of the machine'")
        database.execute("UPDATE exercise SET at_ms = 86400000")
    journal = Journal(inbox.put, path, clock=Clock(lambda: True))
    journal(exercise("bird-dog"))
    assert journal.flush(5.0)
    journal.close()
    assert ask(path, "SELECT at_ms, clock_ok FROM exercise ORDER BY id")[0] == (86400000, 0)


# --- what can go wrong ------------------------------------------------------


def _below_a_file(path: Path) -> None:
    path.parent.write_text("")


def _a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def _no_database(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"This is a shopping list.\n" * 1000)


def _another_database(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE photos (name)")


def _spoilt_page(path: Path) -> None:
    journal = Journal(print, path)
    for number in range(500):
        journal(exercise(f"exercise {number}"))
    assert journal.flush(5.0)
    journal.close()
    [(page,)] = ask(path, "SELECT rootpage FROM sqlite_master WHERE name = 'exercise'")
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(content)


def _a_pipe(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)


def _newer(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_below_a_file, "its file can't be opened"),
        (_a_folder, "its file can't be opened (is a directory)"),
        (_a_pipe, "its file can't be opened (it is none)"),
        (_no_database, "its file is damaged"),
        (_spoilt_page, "its file is damaged"),
        (_another_database, "its file is a database, but not a journal of this program"),
        (_newer, "its file was written by a newer version of this program"),
    ],
)
def test_a_journal_that_cannot_be_kept_is_said_once_and_done_without(
    inbox: Inbox,
    path: Path,
    spoil: Callable[[Path], None],
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One Lost in plain words, then silence; so it stands in the log, with the file's name; and
    the spoilt file stays as it was."""
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    journal = Journal(inbox.put, path, retry_s=0.05)
    journal(exercise("bridge"))
    assert reason in lost(inbox)
    assert journal.place() is None
    for _ in range(3):
        journal(exercise("bird-dog"))
        time.sleep(0.06)  # it is tried again meanwhile
    journal.close()
    assert inbox.empty()
    [logged] = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    assert logged.startswith(f"the journal {path} is not kept: ")
    assert reason in logged
    assert (path.read_bytes() if path.is_file() else None) == before


def test_what_came_while_it_could_not_be_kept_is_kept_later(inbox: Inbox, path: Path) -> None:
    """As soon as the file can be used again all that waited is in it, and that is said."""
    path.mkdir(parents=True)
    journal = Journal(inbox.put, path, retry_s=0.05)
    journal(exercise("bridge"))
    assert lost(inbox)
    journal(exercise("bird-dog"))
    path.rmdir()
    assert inbox.get(timeout=5) == Found(Part.JOURNAL)
    journal.close()
    assert exercises(path) == ["bridge", "bird-dog"]
    assert inbox.empty()


def test_a_file_that_cannot_be_used_is_left_alone_for_a_while(inbox: Inbox, path: Path) -> None:
    """Until then questions get the reason; a place to be kept is no reason."""
    path.mkdir(parents=True)
    journal = Journal(inbox.put, path, retry_s=3600.0)
    journal(exercise("bridge"))
    assert lost(inbox)
    path.rmdir()
    journal(Keep(Place("bridge")))
    journal(Recall(Period.TODAY))
    told = inbox.get(timeout=5)
    assert isinstance(told, Lost)
    assert "directory" in told.reason
    journal.close()
    assert inbox.empty()


def test_what_waits_is_bounded(inbox: Inbox, path: Path) -> None:
    """A disk that is gone for days doesn't eat the memory."""
    path.mkdir(parents=True)
    journal = Journal(inbox.put, path, retry_s=1.0)
    for _ in range(ROOM + 500):
        journal(Record("fault", "voice"))
    assert lost(inbox)
    path.rmdir()
    assert inbox.get(timeout=5) == Found(Part.JOURNAL)
    journal.close(10.0)
    assert ask(path, "SELECT count(*) FROM fault") == [(ROOM,)]


FULL = """
import queue, resource, sys
from pathlib import Path
from assistant.coach.effects import Record
from assistant.journal import Journal
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
inbox = queue.SimpleQueue()
journal = Journal(inbox.put, Path(sys.argv[1]))
for number in range(3000):
    journal(Record("fault", "voice", float(number), "x" * 200))
print(inbox.get(timeout=20).reason)
journal(Record("fault", "voice"))
journal.close()
print(inbox.empty())
"""


def test_a_file_that_may_not_grow_loses_nothing_that_was_written(tmp_path: Path) -> None:
    """When no more can be written it is said once, and what was there before stays readable."""
    path = tmp_path / "journal.sqlite3"
    journal = Journal(print, path)
    journal(exercise("bridge"))
    journal.close()
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, timeout=50
    )
    reason = "its file can't be written (the disk is full, or failing)"
    assert (ended.stdout.splitlines(), ended.returncode) == ([reason, "True"], 0)
    assert exercises(path) == ["bridge"]
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_said_and_when_there_is_room_again_all_is_kept(
    inbox: Inbox, small_disk: Path
) -> None:
    """Nothing that was written is lost, and what came meanwhile isn't either."""
    path = small_disk / "journal.sqlite3"
    journal = Journal(inbox.put, path, retry_s=0.05)
    journal(exercise("bridge"))
    assert journal.flush(5.0)
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * shutil.disk_usage(small_disk).free)
    for number in range(200):
        journal(exercise(f"exercise {number}"))
    assert lost(inbox) in (
        "the disk is full",
        "its file can't be written (the disk is full, or failing)",
    )
    assert exercises(path)[:1] == ["bridge"]
    ballast.unlink()
    assert inbox.get(timeout=5) == Found(Part.JOURNAL)
    assert journal.flush(5.0)
    journal.close()
    assert exercises(path) == ["bridge", *(f"exercise {number}" for number in range(200))]
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]


def test_a_disk_that_turns_read_only_loses_nothing_that_was_written(
    inbox: Inbox, small_disk: Path
) -> None:
    """A card that wears out is told of once; what is on it can still be read."""
    path = small_disk / "journal.sqlite3"
    journal = Journal(inbox.put, path)
    journal(exercise("bridge"))
    journal.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    journal = Journal(inbox.put, path, retry_s=0.05)
    journal(exercise("bird-dog"))
    assert lost(inbox) == "its file can't be opened (read-only file system)"
    assert journal.place() is None
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert inbox.get(timeout=5) == Found(Part.JOURNAL)
    journal.close()
    assert exercises(path) == ["bridge", "bird-dog"]


def test_a_disk_that_does_not_keep_up_is_said_once(inbox: Inbox, path: Path) -> None:
    """As soon as a row has no place to wait in, before the disk has stood still for long."""
    opened(inbox, path).close()
    with _locked(path):
        journal = Journal(inbox.put, path, patience_s=60.0, still_s=60.0)
        for _ in range(ROOM):
            journal(Record("fault", "voice"))
        assert inbox.empty()
        journal(Record("fault", "voice"))
        journal(Record("fault", "voice"))
        assert lost(inbox) == "the disk doesn't keep up"
    assert inbox.get(timeout=5) == Found(Part.JOURNAL)
    journal.close(10.0)
    assert inbox.empty()


def test_a_disk_that_stands_still_is_said_once(inbox: Inbox, path: Path) -> None:
    """A question gets its reason in place of an answer that would come too late; all that came
    meanwhile is kept as soon as the disk goes on."""
    opened(inbox, path).close()
    with _locked(path):
        journal = Journal(inbox.put, path, patience_s=60.0, still_s=0.2)
        journal(exercise("bridge"))
        journal(Recall(Period.TODAY))
        eventually(lambda: _loses(journal, inbox))
    assert inbox.get(timeout=5) == Found(Part.JOURNAL)
    journal.close()
    assert inbox.empty()
    assert exercises(path) == ["bridge"]


def test_a_question_that_was_asked_twice_is_answered_once(inbox: Inbox, path: Path) -> None:
    """Whoever gets no answer for a while asks again."""
    opened(inbox, path).close()
    with _locked(path):
        journal = Journal(inbox.put, path, patience_s=60.0)
        journal(Recall(Period.TODAY))
        journal(Recall(Period.TODAY))
    assert isinstance(inbox.get(timeout=5), Recalled)
    journal(exercise("bridge"))
    assert journal.flush(5.0)
    journal.close()
    assert inbox.empty()


def _loses(journal: Journal, inbox: Inbox) -> bool:
    """Whether giving it something more told that it is lost."""
    journal(Keep(Place()))
    return not inbox.empty() and inbox.get() == Lost(Part.JOURNAL, "the disk stands still")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_done_without(inbox: Inbox, tmp_path: Path) -> None:
    """A home that can't be written costs the journal, nothing else."""
    tmp_path.chmod(0o500)
    try:
        Journal(inbox.put, tmp_path / "state" / "journal.sqlite3").close()
        assert lost(inbox) == "its file can't be opened (permission denied)"
    finally:
        tmp_path.chmod(0o700)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        yield


def test_closing_is_bounded_even_when_the_disk_is_stuck(inbox: Inbox, path: Path) -> None:
    """A file that another program keeps locked doesn't keep the program from ending."""
    with _locked(path):
        journal = Journal(inbox.put, path, patience_s=0.5)
        journal(exercise("bridge"))
        closer = threading.Thread(target=journal.close)
        closer.start()
        closer.join(1.5)
        assert not closer.is_alive()
        assert lost(inbox) == "another program keeps its file locked"


def test_it_is_found_again_though_nothing_is_to_be_written(inbox: Inbox, path: Path) -> None:
    """In a quiet night the lamp must not go on telling of a fault that is over."""
    with _locked(path):
        journal = Journal(inbox.put, path, patience_s=0.2, retry_s=0.05)
        assert lost(inbox) == "another program keeps its file locked"
    assert inbox.get(timeout=20) == Found(Part.JOURNAL)
    journal.close()


ONE_OF_TWO = """
import sys, time
from pathlib import Path
from assistant.journal.store import open_store
time.sleep(max(0.0, float(sys.argv[2]) - time.time()))
open_store(Path(sys.argv[1])).close()
"""


def test_two_processes_may_make_it_at_the_same_moment(tmp_path: Path) -> None:
    """Each waits for the other; before, one in ten was told that the file is locked."""
    at = time.time() + 1.0
    makers = [
        subprocess.Popen([sys.executable, "-c", ONE_OF_TWO, str(tmp_path / str(pair)), str(at)])
        for pair in range(8)
        for _ in range(2)
    ]
    assert [maker.wait(30) for maker in makers] == [0] * 16


TWO = """
import sys
from pathlib import Path
from assistant.coach.effects import Record
from assistant.journal import Journal
inbox = []
journal = Journal(inbox.append, Path(sys.argv[1]))
for number in range(150):
    journal(Record("fault", sys.argv[2], detail=str(number)))
    assert journal.flush(20.0)
journal.close()
assert not inbox, inbox
"""


def test_two_processes_may_write_it(path: Path) -> None:
    """Neither loses a row to the other, nor is told that the journal is lost."""
    both = [subprocess.Popen([sys.executable, "-c", TWO, str(path), name]) for name in "ab"]
    assert [process.wait(50) for process in both] == [0, 0]
    counts = ask(path, "SELECT part, count(*) FROM fault GROUP BY part ORDER BY part")
    assert counts == [("a", 150), ("b", 150)]


ON_A_FULL_DISK = """
import sys
from contextlib import suppress
from pathlib import Path
from assistant.coach.effects import Record
from assistant.journal.row_time import Clock, Moment
from assistant.journal.store import open_store
disk, clock = Path(sys.argv[1]), Clock()
with open_store(disk / "journal.sqlite3") as store:
    store.write([(clock.now(), Record("fault", "voice"))])
for free_kib in range(0, 64, 2):
    with (disk / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
        while True:
            ballast.write(bytes(1024))
    with (disk / "ballast").open("r+b") as ballast:
        ballast.truncate((disk / "ballast").stat().st_size - 1024 * free_kib)
    try:
        with open_store(disk / "journal.sqlite3") as store:
            for _ in range(20):
                store.write([(clock.now(), Record("fault", "voice"))])
    except Exception as error:
        print(error)
"""


def test_a_full_disk_of_small_blocks_does_not_end_the_program(tmp_path: Path) -> None:
    """SQLite maps its index into memory; a block of it that can't be made would end who touches
    it."""
    image, disk = tmp_path / "image", tmp_path / "disk"
    disk.mkdir()
    with image.open("wb") as file:
        file.truncate(4 << 20)
    make = ["mkfs.ext4", "-q", "-b", "1024", "-m", "0", "-O", "^has_journal", str(image)]
    for words in (make, ["mount", "-o", "loop", str(image), str(disk)]):
        may = os.geteuid() == 0 and shutil.which(words[0])
        if not may or subprocess.run(words, capture_output=True).returncode:
            pytest.skip("no file system may be mounted here")
    try:
        done = subprocess.run(
            [sys.executable, "-c", ON_A_FULL_DISK, str(disk)], capture_output=True, text=True
        )
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
    assert (done.returncode, set(done.stdout.splitlines())) == (0, {"the disk is full"})


def test_the_log_beside_the_file_stays_small(inbox: Inbox, path: Path) -> None:
    """Otherwise it is the log that fills a small disk, and is not found again without room."""
    journal = opened(inbox, path)
    for _ in range(400):
        journal(Record("fault", "voice"))
        assert journal.flush(20.0)
    log = path.with_name(f"{path.name}-wal")
    assert 0 < log.stat().st_size < 1 << 20
    journal.close()


# --- a first start ------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "new"),
    [
        ((), True),
        ((Record("told", "welcome unanswered"), Record("stand", "taken")), True),
        ((Record("told", "welcome"),), False),
        ((Record("session_start", "desk-break"),), False),
    ],
)
def test_somebody_is_new_until_a_session_or_the_welcome(
    rows: Sequence[Record], new: bool, inbox: Inbox, path: Path
) -> None:
    """Reminders alone teach nobody how to begin."""
    journal = Journal(inbox.put, path)
    assert journal.is_new()
    for row in rows:
        journal(row)
    journal.close()
    assert Journal(inbox.put, path).is_new() is new


def test_who_cannot_be_known_is_not_greeted_as_new(inbox: Inbox, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("no journal")
    assert not Journal(inbox.put, path).is_new()
