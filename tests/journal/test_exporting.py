"""What is taken out of the journal can be read by others, and taken back in without a doubt."""

import csv
import io
import json
import resource
import signal
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.coach.effects import Record
from assistant.coach.events import Period
from assistant.errors import AssistantError
from assistant.journal import exporting, importing, old_days, upkeep
from assistant.journal.row_time import Moment
from assistant.journal.schema import SCHEMA_VERSION, described
from assistant.journal.stats import history, recall
from assistant.journal.store import Store, open_store

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
FIRST_DAY = 20_500
"""2026-02-16."""
DAYS = (0, 40, 80, 200, 270, 275, 276, 277)
"""After the first day; the last ones are in this week, and the very last is today."""
EPOCH = date(1970, 1, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "journal.sqlite3") as opened:
        yield opened


def exported(store: Store) -> str:
    file = io.StringIO()
    exporting.to_json(store, file, NOW)
    return file.getvalue()


def tables(store: Store) -> Any:
    return json.loads(exported(store))["tables"]


def answers(store: Store) -> object:
    """Everything that can be asked."""
    recalled = [recall(store.database, period, NOW) for period in Period]
    views = [
        sorted(store.database.execute(f"SELECT * FROM {view}").fetchall())  # noqa: S608
        for view in ("stand_day", "stand_delay", "count_day")
    ]
    return recalled, history(store.database, None, NOW.date()), views


# --- any life ---------------------------------------------------------------

SECONDS = st.floats(0, 10_000, allow_nan=False).map(lambda value: round(value, 3))
NAMES = st.sampled_from(("bridge", "bird-dog", "Knieheben", "брейк", "=SUM(A1)"))
RECORDS = st.one_of(
    st.builds(Record, st.just("session_start"), NAMES),
    st.builds(
        Record,
        st.just("exercise"),
        NAMES,
        SECONDS,
        st.sampled_from(("done", "left", "hurt")),
        SECONDS,
        st.integers(0, 20),
        st.integers(0, 20),
        st.sampled_from(("", "left", "right")),
    ),
    st.builds(Record, st.just("session_end"), NAMES, SECONDS, st.sampled_from(("done", "stopped"))),
    st.builds(
        Record,
        st.just("pain"),
        detail=st.sampled_from(("before", "after")),
        value=st.integers(0, 10),
    ),
    st.just(Record("break_due")),
    st.builds(
        Record,
        st.sampled_from(("break_taken", "break_snoozed", "break_skipped", "break_unanswered")),
        seconds=SECONDS,
    ),
    st.builds(Record, st.just("command"), NAMES, detail=st.sampled_from(("voice", "button"))),
    st.builds(Record, st.just("fault"), NAMES, detail=NAMES),
    st.builds(Record, st.sampled_from(("timer", "absence")), NAMES, SECONDS, NAMES),
)
FACTS = st.lists(st.tuples(st.integers(0, 7), SECONDS, st.booleans(), RECORDS), max_size=60)


def lived(store: Store, facts: list[tuple[int, float, bool, Record]]) -> None:
    """Facts in the order of time; several may fall on one moment, clocks may be wrong."""
    entries = []
    for place, second, known, record in sorted(facts, key=lambda fact: fact[:2]):
        at_s = (FIRST_DAY + DAYS[place]) * 86_400 + second
        boot = "" if place == 3 else f"boot {place}"
        entries.append((Moment(round(at_s * 1000), 3600, boot, second, known), record))
    store.write(entries)


@settings(max_examples=50)
@given(FACTS, st.integers(0, 300))
def test_export_wipe_import_gives_the_same_answers(
    facts: list[tuple[int, float, bool, Record]], tidied_days: int
) -> None:
    """Whatever has happened, and however much of it has been summed up."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(Path(folder) / "journal.sqlite3") as store,
    ):
        lived(store, facts)
        later = Moment((FIRST_DAY + 731 + tidied_days) * 86_400_000, 0, "now", 1.0, True)
        while old_days.some(store, later):
            pass
        text, before, rows = exported(store), answers(store), tables(store)
        again = importing.from_json(store, text)
        assert again.added == 0  # nothing is doubled
        assert (answers(store), tables(store)) == (before, rows)
        upkeep.forget(store, None)
        taken = importing.from_json(store, text)
        assert taken.known == 0
        assert taken.added == sum(map(len, rows.values()))
        assert answers(store) == before
        assert importing.from_json(store, text).added == 0


@settings(max_examples=20)
@given(FACTS)
def test_half_a_life_and_the_whole_one_make_the_whole_one(
    facts: list[tuple[int, float, bool, Record]],
) -> None:
    """An older export first, then a newer one of the same journal: what went on has ended."""
    with tempfile.TemporaryDirectory() as folder:
        ordered = sorted(facts, key=lambda fact: fact[:2])
        with (
            open_store(Path(folder) / "one.sqlite3") as one,
            open_store(Path(folder) / "other.sqlite3") as other,
        ):
            lived(one, ordered[: len(ordered) // 2])
            importing.from_json(other, exported(one))
            lived(one, ordered[len(ordered) // 2 :])
            importing.from_json(other, exported(one))
            for table in ("exercise", "command", "fault", "note"):
                ours, theirs = tables(one)[table], tables(other)[table]
                assert len(ours) == len(theirs)
            assert len(tables(one)["session"]) == len(tables(other)["session"])


def test_a_row_whose_clock_was_put_right_is_still_the_same(store: Store) -> None:
    """An export from before, imported after: nothing is there twice."""
    wrong = Moment(86_400_000, 0, "one", 100.0, False)
    store.write([(wrong, Record("session_start", "desk-break")), (wrong, Record("break_due"))])
    text = exported(store)
    store.put_right(Moment(FIRST_DAY * 86_400_000, 0, "one", 150.0, True))
    assert importing.from_json(store, text).added == 0


def test_a_day_that_was_summed_up_since_is_not_added_again(store: Store) -> None:
    """The rows of an old export are in the sums already."""
    moment = Moment(FIRST_DAY * 86_400_000, 0, "one", 100.0, True)
    store.write([(moment, Record("break_due")), (moment, Record("command", "up", detail="voice"))])
    text, before = exported(store), answers(store)
    while old_days.some(store, Moment((FIRST_DAY + 1000) * 86_400_000, 0, "now", 1.0, True)):
        pass
    assert importing.from_json(store, text).added == 0
    assert answers(store) == before


# --- columns ----------------------------------------------------------------


def test_every_column_of_an_export_is_explained_in_it(store: Store, tmp_path: Path) -> None:
    """In JSON and beside the CSV files."""
    moment = Moment(FIRST_DAY * 86_400_000, 7200, "one", 100.0, True)
    store.write(
        [
            (moment, Record("session_start", "desk-break")),
            (moment, Record("exercise", "bridge", 10.0, "done")),
            (moment, Record("pain", detail="before", value=3)),
            (moment, Record("break_due")),
            (moment, Record("command", "up", detail="voice")),
            (moment, Record("fault", "voice", detail="-1 is no reason")),
            (moment, Record("timer", "=1+1", 3.0, "done")),
        ]
    )
    data = json.loads(exported(store))
    for table, rows in data["tables"].items():
        for row in rows:
            assert set(row) <= set(data["columns"][table])
    exporting.to_csv(store, tmp_path / "csv")
    with (tmp_path / "csv" / "columns.csv").open(newline="", encoding="utf-8-sig") as file:
        explained = {(row["table"], row["column"]) for row in csv.DictReader(file)}
    for table in exporting.TABLES:
        with (tmp_path / "csv" / f"{table}.csv").open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            assert {(table, name) for name in reader.fieldnames or ()} == {
                pair for pair in explained if pair[0] == table
            }
        if table in data["tables"] and data["tables"][table]:
            assert rows[0]["date"] == (EPOCH + timedelta(days=FIRST_DAY)).isoformat()
            assert rows[0]["time"] == "02:00:00"  # local time
    assert set(described()) > set(exporting.TABLES)


def test_a_sum_has_the_date_of_its_day(store: Store, tmp_path: Path) -> None:
    """It has no time, since it is all of that day's."""
    with store.database:
        store.database.execute(
            "INSERT INTO old_count VALUES (?, 'command', 'stop', '', 3, 0.0)", (20_454,)
        )
    exporting.to_csv(store, tmp_path)
    with (tmp_path / "old_count.csv").open(newline="", encoding="utf-8-sig") as file:
        [row] = csv.DictReader(file)
    assert (row["date"], row["name"]) == ("2026-01-01", "stop")


def test_on_a_full_disk_a_table_is_as_it_was_and_it_is_told_which(
    store: Store, tmp_path: Path
) -> None:
    """No file may grow here beyond what one page holds."""
    store.write(
        [(Moment(FIRST_DAY * 86_400_000, 0, "one", 1.0, True), Record("fault", "x" * 9000))]
    )
    (tmp_path / "fault.csv").write_text("last month's")
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(AssistantError, match=r"fault\.csv can't be written"):
            exporting.to_csv(store, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert (tmp_path / "fault.csv").read_text() == "last month's"


def test_a_spreadsheet_takes_no_text_for_a_formula(store: Store, tmp_path: Path) -> None:
    """Names that begin like one are marked as text; numbers stay numbers."""
    moment = Moment(FIRST_DAY * 86_400_000, -3600, "one", 100.0, True)
    store.write([(moment, Record("timer", "=1+1", 3.0, "done"))])
    exporting.to_csv(store, tmp_path)
    with (tmp_path / "note.csv").open(newline="", encoding="utf-8-sig") as file:
        [row] = csv.DictReader(file)
    assert (row["name"], row["seconds"], row["offset_s"]) == ("'=1+1", "3", "-3600")


@pytest.mark.parametrize(
    ("decimal_comma", "first", "third"),
    [(False, "date,time,id,", "28.3"), (True, "date;time;id;", "28,3")],
)
def test_a_spreadsheet_reads_each_number_as_its_country_writes_it(
    store: Store, tmp_path: Path, decimal_comma: bool, first: str, third: str
) -> None:
    """In tenths at most; where the comma is the decimal sign, a semicolon ends the column. The mark
    of UTF-8 begins every file, so that "Knieheben für Mäuse" is read as it is written."""
    moment = Moment(FIRST_DAY * 86_400_000, 0, "one", 28.25997682299976, True)
    store.write(
        [
            (moment, Record("exercise", "Knieheben für Mäuse", 28.25997682299976, "done")),
            (moment, Record("exercise", "bridge", 30.0, "done", reps=5)),
            (moment, Record("break_taken")),
        ]
    )
    exporting.to_csv(store, tmp_path, decimal_comma=decimal_comma)
    for path in tmp_path.glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf"), path
    text = (tmp_path / "exercise.csv").read_text(encoding="utf-8-sig")
    assert text.startswith(first)
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";" if decimal_comma else ","))
    assert [row["exercise"] for row in rows] == ["Knieheben für Mäuse", "bridge"]
    assert [row["seconds"] for row in rows] == [third, "30"]
    assert [row["mono_s"] for row in rows] == [third, third]
    assert rows[1]["reps"] == "5"
    columns = (tmp_path / "columns.csv").read_text(encoding="utf-8-sig")
    assert columns.startswith(first[4:5].join(("table", "column", "meaning")))


# --- what is no export ------------------------------------------------------


def a_life(store: Store) -> Any:
    moment = Moment(FIRST_DAY * 86_400_000, 0, "one", 100.0, True)
    store.write(
        [
            (moment, Record("session_start", "desk-break")),
            (moment, Record("exercise", "bridge", 10.0, "done")),
            (moment, Record("pain", detail="before", value=3)),
            (moment, Record("break_due")),
        ]
    )
    return json.loads(exported(store))


def test_every_error_is_named_and_nothing_is_written(store: Store) -> None:
    """Table, row, column, what was expected and what was found; one line each."""
    data = a_life(store)
    found = data["tables"]
    found["session"][0]["routine"] = 5
    found["exercise"][0]["reps"] = 1.5
    found["exercise"][0]["side"] = None
    found["exercise"].append("a row")
    del found["pain"][0]["value"]
    found["stand"][0]["mood"] = "good"
    found["weather"] = []
    upkeep.forget(store, None)
    with pytest.raises(importing.BadImport) as caught:
        importing.from_json(store, json.dumps(data))
    assert str(caught.value).splitlines() == [
        "tables: there is no table 'weather'",
        "session, row 1, routine: expected a text, found 5",
        "exercise, row 1, side: expected a text, found null",
        "exercise, row 1, reps: expected a whole number, found 1.5",
        'exercise, row 2: expected an object, found "a row"',
        "pain, row 1, value: expected a whole number, found nothing",
        "stand, row 1: there is no column 'mood'",
    ]
    assert all(rows == [] for rows in tables(store).values())


@pytest.mark.parametrize(
    ("table", "column", "value", "error"),
    [
        ("pain", "value", 11, "pain, row 1, value: expected 0 to 10, found 11"),
        ("pain", "session", 77, "pain, row 1, session: there is no session 77"),
        ("exercise", "seconds", -1, "exercise, row 1, seconds: expected 0 or more, found -1"),
        ("exercise", "seconds", True, "exercise, row 1, seconds: expected a number, found true"),
        ("exercise", "side", "up", 'exercise, row 1, side: expected left, right or an empty text, found "up"'),  # noqa: E501
        ("exercise", "reps", 2**63, "exercise, row 1, reps: expected a whole number, found 9223372036854775808"),  # noqa: E501
        ("exercise", "seconds", 9e18, "exercise, row 1, seconds: expected seconds, a year at most, found 9e+18"),  # noqa: E501
        ("exercise", "reps", 2**63 - 1, "exercise, row 1, reps: expected 1000000 at most, found 9223372036854775807"),  # noqa: E501
        ("stand", "snooze_s", -1, "stand, row 1, snooze_s: expected 0 or more, found -1"),
        ("old_stand", "due", 2**62, "old_stand, row 1, due: expected 1000000 at most, found 4611686018427387904"),  # noqa: E501
        ("old_stand", "delays", "[1e400]", 'old_stand, row 1, delays: expected a list of seconds, found "[1e400]"'),  # noqa: E501
        ("session", "at_ms", -1, "session, row 1, at_ms: expected a time before the year 10000, found -1"),  # noqa: E501
        ("session", "at_ms", 253_402_300_800_000, "session, row 1, at_ms: expected a time before the year 10000, found 253402300800000"),  # noqa: E501
        ("old_stand", "day", 2_932_896, "old_stand, row 1, day: expected a day before the year 10000, found 2932896"),  # noqa: E501
        ("old_stand", "day", -1, "old_stand, row 1, day: expected a day before the year 10000, found -1"),  # noqa: E501
        ("stand", "asked", 2, "stand, row 1, asked: expected 0 or 1, found 2"),
        ("stand", "at_ms", 2**70, "stand, row 1, at_ms: expected a whole number, found 1180591620717411303424"),  # noqa: E501
        ("stand", "offset_s", 90000, "stand, row 1, offset_s: expected less than a day, found 90000"),  # noqa: E501
        ("session", "routine", "\ud800", "session, row 1, routine: it holds characters that can't be written"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_an_error(
    store: Store, table: str, column: str, value: object, error: str
) -> None:
    """Right in kind, wrong in sense."""
    data = a_life(store)
    before = tables(store)
    counts = ("due", "taken", "skipped", "unanswered", "snoozed", "cut", "unasked", "snoozes")
    sums = dict.fromkeys(counts, 1) | {"day": FIRST_DAY, "snooze_s": 1.0, "delays": "[1.5]"}
    data["tables"]["old_stand"] = [sums]
    data["tables"][table][0][column] = value
    with pytest.raises(importing.BadImport) as caught:
        importing.from_json(store, json.dumps(data))
    assert str(caught.value) == error
    assert tables(store) == before


def test_a_time_whose_local_one_is_in_the_year_10000_is_an_error(store: Store) -> None:
    """No calendar has that day, and every table of days would end with it."""
    data = a_life(store)
    data["tables"]["session"][0] |= {"at_ms": 253_402_300_799_000, "offset_s": 3600}
    with pytest.raises(importing.BadImport, match="before the year 10000"):
        importing.from_json(store, json.dumps(data))


@pytest.mark.parametrize(
    "text",
    ["", "hello", "[]", "null", '{"format": "photos"}', '{"format": NaN}', "[" * 100_000],
)
def test_what_is_no_export_is_refused(store: Store, text: str) -> None:
    """With one sentence that says what was expected."""
    with pytest.raises(importing.BadImport, match=r"no JSON|no export"):
        importing.from_json(store, text)


def test_a_newer_export_is_refused(store: Store) -> None:
    """It may hold what this program would lose."""
    data = a_life(store)
    for version in (SCHEMA_VERSION + 1, 99, 1, "3", None):
        data["version"] = version
        with pytest.raises(importing.BadImport, match="it is of version"):
            importing.from_json(store, json.dumps(data))


def test_an_export_of_the_version_before_is_taken(store: Store) -> None:
    """What is exported has not changed since."""
    data = a_life(store)
    data["version"] = 2
    upkeep.forget(store, None)
    assert importing.from_json(store, json.dumps(data)).added == 5
    assert store.database.execute("SELECT imported FROM boot").fetchall() == [(1,)]


def test_a_boot_of_ours_stays_ours_when_it_is_imported(store: Store) -> None:
    """Only what came with an import is of another file."""
    data = a_life(store)
    importing.from_json(store, json.dumps(data))
    assert store.database.execute("SELECT imported FROM boot").fetchall() == [(0,)]


def test_a_mark_at_the_beginning_is_no_error(store: Store) -> None:
    """Some editors put one there when they save."""
    text = exported(store)
    assert importing.from_json(store, "\ufeff" + text).added == 0


def test_a_number_that_is_none_is_refused(store: Store) -> None:
    """NaN and infinity are no JSON, and nothing that was measured."""
    data = a_life(store)
    for value in (float("nan"), float("inf")):
        data["tables"]["exercise"][0]["seconds"] = value
        with pytest.raises(importing.BadImport, match="is no number"):
            importing.from_json(store, json.dumps(data))
    data["tables"]["exercise"][0]["seconds"] = 5.0
    text = json.dumps(data).replace("5.0", "1e999")
    with pytest.raises(importing.BadImport, match="seconds: expected a number"):
        importing.from_json(store, text)


def test_what_stands_twice_is_named(store: Store) -> None:
    """A number of a row, and the sums of a day."""
    with store.database:
        store.database.execute("INSERT INTO old_stand VALUES (9, 1, 1, 0, 0, 0, 0, 0, 0, 0, '[2]')")
        store.database.execute("INSERT INTO old_count VALUES (9, 'command', 'stop', '', 3, 0)")
    data = a_life(store)
    for table in ("session", "old_stand", "old_count"):
        data["tables"][table] *= 2
    with pytest.raises(importing.BadImport) as caught:
        importing.from_json(store, json.dumps(data))
    assert str(caught.value).splitlines() == [
        "session: there are several rows with id 1",
        "old_stand: there are several rows for day 9",
        "old_count: there are several rows for day 9",
    ]


def test_a_summed_day_is_the_local_one(store: Store) -> None:
    """Half an hour after midnight in local time is in the sums of the new day, not of the old."""
    half_past = Moment((FIRST_DAY * 86_400 - 5_400) * 1000, 7200, "one", 100.0, True)
    assert half_past.day == FIRST_DAY
    store.write([(half_past, Record("break_due")), (half_past, Record("command", "up"))])
    text = exported(store)
    while old_days.some(store, Moment((FIRST_DAY + 1000) * 86_400_000, 0, "now", 1.0, True)):
        pass
    before = answers(store)
    assert importing.from_json(store, text).added == 0
    assert answers(store) == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_no_file_does_harm(store: Store, data: st.DataObject) -> None:
    """Whatever stands in a cell, a row or a table: it is taken, or refused and nothing changes."""
    upkeep.forget(store, None)
    life = a_life(store)
    before = tables(store)
    table = data.draw(st.sampled_from(sorted(life["tables"])))
    rows = life["tables"][table]
    if rows and data.draw(st.booleans()):
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(JSON)
    else:
        life["tables"][table] = data.draw(JSON)
    try:
        importing.from_json(store, json.dumps(life))
    except importing.BadImport:
        assert tables(store) == before
    assert store.database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert store.database.execute("PRAGMA foreign_key_check").fetchall() == []
    for view in ("stand_day", "stand_delay", "count_day"):
        store.database.execute(f"SELECT * FROM {view}").fetchall()  # noqa: S608
