"""The file is the person's: checked, repaired, copied, put back, forgotten, and small for ever."""

import os
import sqlite3
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.coach.effects import Record
from assistant.errors import AssistantError
from assistant.journal import Journal, backup, old_days, upkeep
from assistant.journal.health import health
from assistant.journal.row_time import Moment
from assistant.journal.stats import history
from assistant.journal.store import Store, Unusable, open_store
from tests.journal.decade import LAST_DAY, fill

DAY_MS = 86_400_000
TABLES = ("session", "exercise", "pain", "stand", "command", "fault", "note")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


def ask(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def everything(path: Path) -> dict[str, list[Any]]:
    return {table: ask(path, f"SELECT * FROM {table}") for table in TABLES}  # noqa: S608


def moment(day: int, second: int) -> Moment:
    return Moment(day * DAY_MS + second * 1000, 0, "one", float(second), True)


def a_day(day: int, mark: str) -> list[tuple[Moment, Record]]:
    """A day whose every text holds `mark`."""
    facts = (
        Record("session_start", f"{mark} routine"),
        Record("exercise", f"{mark} exercise", 10.0, "done"),
        Record("pain", detail="before", value=3),
        Record("session_end", f"{mark} routine", 30.0, "done"),
        Record("break_due"),
        Record("break_taken", seconds=12.0),
        Record("command", f"{mark} command", detail="voice"),
        Record("fault", "voice", detail=f"{mark} reason"),
        Record("timer", f"{mark} timer", 60.0, "done"),
    )
    return [(moment(day, 36_000 + n), record) for n, record in enumerate(facts)]


# --- small for ever ---------------------------------------------------------


def now_on(day: date) -> Moment:
    return Moment((day - date(1970, 1, 1)).days * DAY_MS + 43_200_000, 0, "now", 1.0, True)


def tidied(store: Store, now: Moment) -> None:
    while old_days.some(store, now):
        pass


def answers(store: Store) -> object:
    first = LAST_DAY - timedelta(days=1500)
    views = [
        store.database.execute(f"SELECT * FROM {view} ORDER BY 1, 2, 3").fetchall()  # noqa: S608
        for view in ("stand_day", "count_day")
    ]
    delays = store.database.execute("SELECT * FROM stand_delay ORDER BY 1, 2").fetchall()
    return views, delays, history(store.database, first, LAST_DAY)


def test_old_days_are_summed_up_and_every_answer_stays_the_same(path: Path) -> None:
    """Four years: totals, medians, streaks and what helps are what they were before."""
    with open_store(path) as store:
        fill(store, seed=3, years=4.0)
        before = answers(store)
        tidied(store, now_on(LAST_DAY))
        assert answers(store) == before
        limit = (LAST_DAY - date(1970, 1, 1)).days - old_days.KEEP_DAYS
        for table in ("stand", "command", "fault", "note"):
            sql = f"SELECT min(day) > {limit}, count(*) > 0 FROM {table}"  # noqa: S608
            assert store.database.execute(sql).fetchone() == (1, 1)
        tidied(store, now_on(LAST_DAY + timedelta(days=200)))  # and again as time goes by
        assert answers(store) == before


def test_one_step_sums_up_a_month_at_most_and_the_oldest_first(path: Path) -> None:
    """So that nobody who wants to write waits long."""
    with open_store(path) as store:
        for day in range(20_000, 20_100, 10):
            store.write(a_day(day, "x"))
        assert old_days.some(store, Moment(21_500 * DAY_MS, 0, "now", 1.0, True))
        left = store.database.execute("SELECT DISTINCT day FROM command ORDER BY day").fetchall()
        assert left == [(day,) for day in range(20_040, 20_100, 10)]


def test_rows_that_come_late_are_added_to_their_day_s_sums(path: Path) -> None:
    """As when an old export is read in."""
    with open_store(path) as store:
        for _ in range(2):
            store.write(a_day(20_500, "x"))
            tidied(store, Moment(21_500 * DAY_MS, 0, "now", 1.0, True))
        assert store.database.execute("SELECT due, taken, delays FROM old_stand").fetchall() == [
            (2, 2, "[12.0,12.0]")
        ]
        assert store.database.execute("SELECT sum(times) FROM old_count").fetchone() == (6,)
        assert store.database.execute("SELECT count(*) FROM stand").fetchone() == (0,)


def test_rows_that_may_still_be_put_right_are_not_summed_up(path: Path) -> None:
    """Those of this boot, and those of a clock that was never set."""
    with open_store(path) as store:
        unset = Moment(5 * DAY_MS, 0, "one", 1.0, False)
        here = Moment(20_500 * DAY_MS, 0, "now", 1.0, False)
        store.write([(unset, Record("break_due")), (here, Record("break_due"))])
        tidied(store, Moment(21_500 * DAY_MS, 0, "now", 1.0, True))
        assert store.database.execute("SELECT count(*) FROM stand").fetchone() == (2,)


def test_the_journal_tidies_up_by_itself(path: Path) -> None:
    """At the start, once there is nothing else to do."""
    with open_store(path) as store:
        store.write(a_day(15_000, "x"))
    journal = Journal(print, path)
    done = threading.Event()
    for _ in range(200):
        if ask(path, "SELECT count(*) FROM stand") == [(0,)]:
            done.set()
            break
        done.wait(0.05)
    journal.close()
    assert done.is_set()
    assert ask(path, "SELECT due FROM old_stand") == [(1,)]
    assert ask(path, "SELECT count(*) FROM exercise") == [(1,)]


# --- check and repair -------------------------------------------------------


def spoil(path: Path, name: str) -> None:
    """Overwrite the first page of a table or an index that holds rows: the root, where that does,
    else the first that the root points to."""
    [(page,)] = ask(path, f"SELECT rootpage FROM sqlite_master WHERE name = '{name}'")  # noqa: S608
    content = bytearray(path.read_bytes())
    while content[(page - 1) * 4096] in (0x02, 0x05):  # an inner page
        start = (page - 1) * 4096
        [first_cell] = struct.unpack_from(">H", content, start + 12)
        [page] = struct.unpack_from(">I", content, start + first_cell)
    content[(page - 1) * 4096 : page * 4096] = os.urandom(4096)
    path.write_bytes(content)


def test_a_whole_file_is_said_to_be_whole(path: Path) -> None:
    """And looking at it changes nothing."""
    with open_store(path) as store:
        store.write(a_day(20_500, "x"))
    before = everything(path)
    assert upkeep.check(path) == []
    assert everything(path) == before


def test_a_repair_saves_all_that_can_be_read_and_keeps_the_damaged_file(path: Path) -> None:
    """One page of exercises is gone: the others are there, and so is everything else."""
    with open_store(path) as store:
        fill(store, seed=5, years=0.3)
    before = everything(path)
    spoil(path, "exercise")
    damaged = path.read_bytes()
    assert upkeep.check(path)
    rescued = upkeep.repair(path)
    assert rescued.aside.read_bytes() == damaged
    assert upkeep.check(path) == []
    after = everything(path)
    for table in TABLES:
        if table != "exercise":
            assert after[table] == before[table]
    lost = len(before["exercise"]) - len(after["exercise"])
    assert 0 < lost <= 4096 // 30
    assert set(after["exercise"]) < set(before["exercise"])
    assert list(rescued.gaps) == ["exercise"]


@pytest.mark.parametrize("what", ["boot", "session", "stand_date", "sqlite_schema"])
def test_a_repair_always_ends_with_a_whole_journal(path: Path, what: str) -> None:
    """Whatever page is gone."""
    with open_store(path) as store:
        fill(store, seed=5, years=0.1)
    exercises = ask(path, "SELECT count(*) FROM exercise")
    if what == "sqlite_schema":
        path.write_bytes(os.urandom(4096) + path.read_bytes()[4096:])
    else:
        spoil(path, what)
    upkeep.repair(path)
    assert upkeep.check(path) == []
    if what != "sqlite_schema":
        assert ask(path, "SELECT count(*) FROM exercise") == exercises


# --- backup and restore -----------------------------------------------------


def test_a_backup_while_it_is_being_written_is_whole(path: Path, tmp_path: Path) -> None:
    """It holds everything up to a moment, and the writer loses nothing by it."""
    journal = Journal(print, path)
    stop = threading.Event()
    count = 0

    def write() -> None:
        nonlocal count
        while not stop.is_set():
            journal(Record("fault", "voice", detail=f"number {count}"))
            count += 1
            stop.wait(0.0005)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert journal.flush(10.0) or True
        for number in range(5):
            copy = tmp_path / f"backup {number}.sqlite3"
            while not path.exists() or not _has_tables(path):
                stop.wait(0.01)
            backup.backup(path, copy)
            assert upkeep.check(copy) == []
            found = [reason for (reason,) in ask(copy, "SELECT reason FROM fault ORDER BY id")]
            assert found == [f"number {n}" for n in range(len(found))]
    finally:
        stop.set()
        writer.join()
        journal.close(10.0)
    assert ask(path, "SELECT count(*) FROM fault") == [(count,)]
    assert (tmp_path / "backup 0.sqlite3").stat().st_mode & 0o777 == 0o600


def _has_tables(path: Path) -> bool:
    return bool(ask(path, "SELECT 1 FROM sqlite_master WHERE name = 'fault'"))


def test_a_backup_replaces_an_older_backup_but_nothing_else(path: Path, tmp_path: Path) -> None:
    """A photograph of the same name stays a photograph."""
    open_store(path).close()
    copy = tmp_path / "copy.sqlite3"
    backup.backup(path, copy)
    with open_store(path) as store:
        store.write(a_day(20_500, "x"))
    backup.backup(path, copy)
    assert ask(copy, "SELECT count(*) FROM session") == [(1,)]
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"not a journal")
    with pytest.raises(AssistantError, match="no backup of a journal"):
        backup.backup(path, photo)
    assert photo.read_bytes() == b"not a journal"
    assert {file.name for file in tmp_path.iterdir()} == {path.name, copy.name, photo.name}


def test_what_is_restored_is_what_was_backed_up_and_the_old_is_kept(
    path: Path, tmp_path: Path
) -> None:
    """Nothing is lost by changing one's mind."""
    copy = tmp_path / "copy.sqlite3"
    with open_store(path) as store:
        store.write(a_day(20_500, "first"))
    backup.backup(path, copy)
    first = everything(path)
    with open_store(path) as store:
        store.write(a_day(20_501, "second"))
    second = everything(path)
    aside = backup.restore(path, {}, copy, path.parent).journal_kept
    assert everything(path) == first
    assert aside is not None
    assert everything(aside) == second
    assert path.stat().st_mode & 0o777 == 0o600
    assert upkeep.copies(path) == [aside]


def screened(store: Store) -> tuple[bool, set[str]]:
    told = health(store.database, Moment(20_502 * DAY_MS, 0, "later", 1.0, True))
    return told.screened, {*told.yes}


def at_noon(day: int) -> Moment:
    return Moment(day * DAY_MS + DAY_MS // 2, 0, f"day {day}", 60.0, True)


def answered(day: int, **answers: int) -> list[tuple[Moment, Record]]:
    told = [Record("screening", name, value=value) for name, value in answers.items()]
    return [(at_noon(day), one) for one in told]


def test_after_a_restore_the_safety_questions_are_asked_again(path: Path, tmp_path: Path) -> None:
    """What was told since the backup may have been a red flag; what it knows of one it keeps."""
    copy = tmp_path / "copy.sqlite3"
    with open_store(path) as store:
        store.write(answered(20_500, fever=0, cancer=1, all=1))
        assert screened(store) == (True, {"cancer"})
    backup.backup(path, copy)
    with open_store(path) as store:
        store.write(answered(20_501, fever=1))
    backup.restore(path, {}, copy, path.parent)
    with open_store(path) as store:
        assert screened(store) == (False, {"cancer"})


@pytest.mark.parametrize("day", [20_500, 20_501])
def test_a_red_flag_that_is_forgotten_with_its_day_is_asked_for_again(path: Path, day: int) -> None:
    """Also where the answers that are left are those of a better day."""
    with open_store(path) as store:
        store.write(answered(20_500, fever=0, all=1))
        store.write(answered(20_501, fever=1))
        assert screened(store) == (True, {"fever"})
        upkeep.forget(store, date(1970, 1, 1) + timedelta(days=day))
        assert not screened(store)[0]


def test_a_day_without_answers_is_forgotten_without_asking_again(path: Path) -> None:
    with open_store(path) as store:
        store.write(answered(20_500, fever=0, all=1))
        store.write(a_day(20_501, "mark"))
        assert upkeep.forget(store, date(1970, 1, 1) + timedelta(days=20_501))
        assert screened(store)[0]


def test_two_restores_in_one_second_keep_both_journals(path: Path, tmp_path: Path) -> None:
    """The second would else lie where the first one put what there was before."""
    copy = tmp_path / "copy.sqlite3"
    with open_store(path) as store:
        store.write(a_day(20_500, "first"))
    backup.backup(path, copy)
    with open_store(path) as store:
        store.write(a_day(20_501, "second"))
    second = everything(path)
    asides = [backup.restore(path, {}, copy, path.parent).journal_kept for _ in range(2)]
    assert len(set(asides)) == 2
    assert asides[0] is not None
    assert everything(asides[0]) == second


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """What a person has written themselves."""
    folder = tmp_path / "config"
    for name, text in OWN.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text)
    (folder / "notes.txt").write_text("not ours")
    (folder / ".hidden.toml").write_text("an editor's")
    (folder / "large.yaml").write_bytes(b"#" * (backup.LARGEST + 1))
    return folder


OWN = {
    "config.toml": b"[voice]\nvolume = 0.8\n",
    "commands.yaml": "sentences: [\u00fcben]\n".encode(),
    "routines/evening.toml": b"\xef\xbb\xbfname = 'Evening'\r\n",
    "routines/exercises/neck.toml": b"name = 'Neck'\n",
}


def test_a_backup_has_what_a_person_wrote_themselves(path: Path, own: Path) -> None:
    """Configuration, routines, exercises and sentences, to the byte; nothing else of the folder."""
    open_store(path).close()
    copy = path.with_name("copy")
    assert set(backup.backup(path, copy, own)) == set(OWN)
    assert backup.contents(copy) == OWN
    assert upkeep.check(copy) == []
    fresh = path.with_name("elsewhere")
    done = backup.restore(fresh / "journal.sqlite3", OWN, copy, fresh / "config")
    assert (done.journal_kept, done.files_kept) == (None, ())
    assert backup.own_files(fresh / "config") == OWN
    assert ask(fresh / "journal.sqlite3", "SELECT name FROM sqlite_master ORDER BY 1") == ask(
        path, "SELECT name FROM sqlite_master ORDER BY 1"
    )


def test_what_is_restored_is_there_after_a_power_cut(
    path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each folder is synced once all in it has its name."""
    copy = path.with_name("copy")
    open_store(path).close()
    backup.backup(path, copy, own)
    synced: list[tuple[Path, set[str]]] = []

    def fsync(descriptor: int, really: Callable[[int], None] = os.fsync) -> None:
        place = Path(f"/proc/self/fd/{descriptor}").resolve()
        if place.is_dir():
            synced.append((place, {one.name for one in place.iterdir()}))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    elsewhere = path.with_name("elsewhere")
    backup.restore(elsewhere / "journal.sqlite3", OWN, copy, elsewhere)
    there = [elsewhere, elsewhere / "routines", elsewhere / "routines" / "exercises"]
    for folder in there:
        assert (folder, {one.name for one in folder.iterdir()}) in synced
    first = next(names for place, names in synced if "journal.sqlite3" in names)
    assert not first & {"config.toml", "commands.yaml"}, "the journal before what may fail"


def test_what_is_replaced_is_told_before_and_kept(path: Path, own: Path) -> None:
    """A file that is the same stays as it is, and one that isn't in the backup, too."""
    open_store(path).close()
    copy = path.with_name("copy")
    backup.backup(path, copy, own)
    config, evening = own / "config.toml", own / "routines" / "evening.toml"
    config.write_bytes(b"mine\n")
    evening.unlink()
    later = own / "routines" / "later.toml"
    later.write_bytes(b"later\n")
    untouched = (own / "commands.yaml").stat()
    assert backup.replaced(backup.contents(copy), own) == [config]
    done = backup.restore(path, backup.contents(copy), copy, own)
    assert set(done.files) == {config, evening}
    [kept] = done.files_kept
    assert kept.read_bytes() == b"mine\n"
    assert kept.suffix not in backup.SUFFIXES
    assert backup.own_files(own) == OWN | {"routines/later.toml": b"later\n"}
    assert (own / "commands.yaml").stat().st_mtime_ns == untouched.st_mtime_ns


def test_a_backup_of_the_journal_alone_touches_no_file(path: Path, own: Path) -> None:
    """As older versions of the program made them."""
    open_store(path).close()
    copy = path.with_name("copy")
    backup.backup(path, copy)
    with closing(sqlite3.connect(copy)) as database:
        database.execute("DROP TABLE own_file")
    assert backup.contents(copy) == {}
    backup.restore(path, {}, copy, own)
    assert backup.own_files(own) == OWN


@pytest.mark.parametrize(
    "name", ["../x.toml", "/etc/x.toml", "a/../../x.toml", "run.sh", ".toml/x"]
)
def test_a_backup_writes_only_into_the_folder(path: Path, own: Path, name: str) -> None:
    """One that was changed by somebody else is refused."""
    open_store(path).close()
    copy = path.with_name("copy")
    backup.backup(path, copy, own)
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("INSERT INTO own_file VALUES (?, x'00')", (name,))
    with pytest.raises(Unusable, match="can't be one of yours"):
        backup.contents(copy)


def test_where_a_file_cannot_be_written_nothing_is_restored(path: Path, own: Path) -> None:
    """The journal doesn't change either."""
    with open_store(path) as store:
        store.write(a_day(20_500, "first"))
    copy = path.with_name("copy")
    backup.backup(path, copy, own)
    with open_store(path) as store:
        store.write(a_day(20_501, "second"))
    before = everything(path)
    (own / "routines" / "evening.toml").unlink()
    (own / "routines" / ".evening.toml.part").mkdir()
    (own / "config.toml").write_bytes(b"mine\n")
    with pytest.raises(Unusable, match=r"evening\.toml of .* can't be written .*is a directory"):
        backup.restore(path, backup.contents(copy), copy, own)
    assert everything(path) == before
    assert (own / "config.toml").read_bytes() == b"mine\n"
    assert not list(own.rglob(".config*"))


def test_what_an_upgrade_left_is_an_older_copy(path: Path) -> None:
    """Cut short, it leaves the journal as it was before; whoever forgets is told of it."""
    left = [path.with_name(f"{path.name}{suffix}.before") for suffix in ("", "-wal")]
    for file in left:
        file.touch()
    assert upkeep.copies(path) == sorted(left)


def test_what_is_no_whole_journal_is_not_restored(path: Path, tmp_path: Path) -> None:
    """A text, another database, a damaged backup: the journal stays as it is."""
    with open_store(path) as store:
        fill(store, seed=5, years=0.1)
    before = everything(path)
    text, other, torn = (tmp_path / name for name in ("text", "other", "torn"))
    text.write_text("Milk, bread.")
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE photo (name)")
    backup.backup(path, torn)
    spoil(torn, "exercise")
    files = {file.name for file in tmp_path.iterdir()}
    for source in (text, other, torn):
        with pytest.raises(Unusable):
            backup.restore(path, {}, source, path.parent)
    assert everything(path) == before
    assert {file.name for file in tmp_path.iterdir()} == files


# --- forgetting -------------------------------------------------------------


def raw(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


@pytest.fixture
def running(path: Path) -> Iterator[Journal]:
    """The assistant keeps the file open all the while."""
    journal = Journal(print, path)
    yield journal
    journal.close()


def test_a_day_that_is_forgotten_is_gone_from_the_file(path: Path, running: Journal) -> None:
    """Not a byte of it is left, in whatever file; the other days are as they were."""
    running(Record("fault", "voice", detail="today"))
    assert running.flush(5.0)
    with open_store(path) as store:
        for number in range(40):
            store.write(a_day(20_500 + number, f"mark{number:02}"))
        assert raw(path).count(b"mark17") > 0
        count = upkeep.forget(store, date(1970, 1, 1) + timedelta(days=20_517))
        assert count == 7
        assert raw(path).count(b"mark17") == 0
        assert raw(path).count(b"mark16") > 0
        sql = "SELECT count(*), count(DISTINCT day) FROM exercise"
        assert store.database.execute(sql).fetchone() == (39, 39)
    running(Record("fault", "voice", detail="later"))
    assert running.flush(5.0)
    assert ask(path, "SELECT reason FROM fault WHERE reason IN ('today', 'later')") == [
        ("today",),
        ("later",),
    ]


def test_a_day_that_was_summed_up_can_be_forgotten_too(path: Path) -> None:
    """Sums are about the person as much as rows are."""
    with open_store(path) as store:
        store.write(a_day(20_500, "mark"))
        tidied(store, Moment(21_500 * DAY_MS, 0, "now", 1.0, True))
        upkeep.forget(store, date(1970, 1, 1) + timedelta(days=20_500))
        assert store.database.execute("SELECT * FROM stand_day").fetchall() == []
        assert store.database.execute("SELECT * FROM count_day").fetchall() == []
    assert raw(path).count(b"mark") == 0


def test_everything_can_be_forgotten(path: Path, running: Journal) -> None:
    """Rows, sums, the place, and which boots there were."""
    running(Record("fault", "voice", detail="mark today"))
    assert running.flush(5.0)
    with open_store(path) as store:
        for number in range(40):
            store.write(a_day(20_500 + number, "mark"))
        upkeep.forget(store, None)
        for table in (*TABLES, "old_stand", "old_count", "place", "boot"):
            sql = f"SELECT count(*) FROM {table}"  # noqa: S608
            assert store.database.execute(sql).fetchone() == (0,)
    assert raw(path).count(b"mark") == 0


READER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN")
database.execute("SELECT * FROM fault").fetchall()
print("reading", flush=True)
sys.stdin.read()
"""


def test_forgetting_says_when_another_program_keeps_what_was_forgotten(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is only called forgotten when it is gone."""
    monkeypatch.setattr(upkeep, "LET_GO_S", 0.2)
    with open_store(path, patience_s=0.2) as store:
        store.write(a_day(20_500, "mark"))
        reader = subprocess.Popen(
            [sys.executable, "-c", READER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            assert reader.stdout is not None
            assert reader.stdout.readline() == b"reading\n"
            with pytest.raises(Unusable, match="say forget again"):
                upkeep.forget(store, None)
        finally:
            reader.communicate()
        upkeep.forget(store, None)
        assert raw(path).count(b"mark") == 0
