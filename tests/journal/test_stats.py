"""What the journal answers, against a second and naive count over all its rows."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.effects import Record
from assistant.coach.events import Period, Recalled
from assistant.journal import stats
from assistant.journal.row_time import Moment
from assistant.journal.rows import insert
from assistant.journal.schema import SCHEMA
from assistant.journal.store import Store, open_store
from assistant.journal.tally import Mean, Streak, Tally, weekly

TODAY = date(2026, 2, 20)
"""A Friday; some of the days drawn below are later, some from before the program existed."""
EVENING = datetime(2026, 2, 20, 21, 30)
EXERCISES = ("bridge", "bird-dog", "knee-rolls")
EPOCH = date(1970, 1, 1)
PLAIN: dict[str, Any] = {"side": "", "planned_s": 1.0, "planned_reps": 1, "how": "done"}
Row = dict[str, Any]
Rows = list[Row]
Days = Callable[[date | None], bool]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "journal.sqlite3") as opened:
        yield opened


# --- random journals, and the naive count -----------------------------------


def moments() -> st.SearchStrategy[Row]:
    """Days around New Year 2026 in several time zones; some clocks were not known to be right."""
    first = int(datetime(2025, 12, 20, tzinfo=UTC).timestamp() * 1000)
    return st.fixed_dictionaries(
        {
            "at_ms": st.integers(first, first + 70 * 86_400_000),
            "offset_s": st.sampled_from((0, 3600, 7200, -18_000, 20_700)),
            "boot": st.just(1),
            "mono_s": st.just(1.0),
            "clock_ok": st.sampled_from((1, 1, 1, 0)),
        }
    )


SECONDS = st.integers(0, 9000).map(lambda tenths: tenths / 10)


@dataclass
class Journal:
    sessions: Rows
    exercises: Rows
    pains: Rows
    stands: Rows
    old: Rows


@st.composite
def journals(draw: st.DrawFn) -> Journal:
    def rows(most: int, **columns: st.SearchStrategy[Any]) -> Rows:
        row = st.tuples(moments(), st.fixed_dictionaries(columns)).map(lambda two: two[0] | two[1])
        return draw(st.lists(row, max_size=most))

    sessions = rows(14, routine=st.just("any"))
    owner = st.sampled_from((None, *range(1, len(sessions) + 1)))
    fate = {"asked": st.sampled_from((0, 1, 1)), "delay_s": st.none() | SECONDS}
    answers = st.sampled_from((None, "taken", "taken", "skipped", "unanswered", "snoozed", "cut"))
    old = st.fixed_dictionaries(
        {
            "day": st.integers(20_440, 20_470),
            **{name: st.integers(0, 9) for name in ("due", "taken", "unasked")},
            "delays": st.lists(SECONDS, max_size=3),
        }
    )
    return Journal(
        sessions,
        rows(
            20,
            session=owner,
            exercise=st.sampled_from(EXERCISES),
            seconds=SECONDS,
            reps=st.integers(0, 12),
        ),
        rows(
            24,
            session=owner,
            moment=st.sampled_from(("before", "after")),
            value=st.integers(0, 10),
        ),
        rows(20, answer=answers, **fate),
        draw(st.lists(old, max_size=5, unique_by=lambda row: row["day"])),
    )


def database(journal: Journal) -> sqlite3.Connection:
    """The journal's real tables, in memory, with these rows."""
    made = sqlite3.connect(":memory:")
    made.executescript(SCHEMA)
    made.execute("INSERT INTO boot (uuid) VALUES ('any')")
    for row in journal.sessions:
        insert(made, "session", row)
    for row in journal.exercises:
        insert(made, "exercise", PLAIN | row)
    for row in journal.pains:
        insert(made, "pain", row)
    for row in journal.stands:
        insert(made, "stand", row)
    rest: Row = dict.fromkeys(("skipped", "unanswered", "snoozed", "cut", "snoozes", "snooze_s"), 0)
    for row in journal.old:
        insert(made, "old_stand", rest | row | {"delays": json.dumps(row["delays"])})
    return made


def naive_day(row: Row) -> date | None:
    """The local date of a row; None where its clock was certainly wrong."""
    local = datetime.fromtimestamp(
        row["at_ms"] / 1000, timezone(timedelta(seconds=row["offset_s"]))
    )
    return local.date() if row["clock_ok"] or local.year >= 2026 else None


@dataclass
class Naive:
    """Every figure by walking through all rows, one after the other."""

    journal: Journal

    def of(self, rows: Rows, days: Days) -> Rows:
        return [row for row in rows if days(self.day(row))]

    def day(self, row: Row) -> date | None:
        """What is part of a session is on the day that it began."""
        session = row.get("session")
        return naive_day(row if session is None else self.journal.sessions[session - 1])

    def old(self, days: Days) -> Rows:
        return [row for row in self.journal.old if days(EPOCH + timedelta(days=row["day"]))]

    def sessions(self, days: Days) -> int:
        worked = {row["session"] for row in self.journal.exercises}
        numbered = list(enumerate(self.journal.sessions, 1))
        return sum(days(naive_day(row)) and number in worked for number, row in numbered)

    def exercise_s(self, days: Days) -> float:
        return sum(float(row["seconds"]) for row in self.of(self.journal.exercises, days))

    def pains(self, moment: str, days: Days) -> list[int]:
        there = self.of(self.journal.pains, days)
        return [row["value"] for row in there if row["moment"] == moment]

    def stands(self, days: Days) -> tuple[int, int, int]:
        rows, old = self.of(self.journal.stands, days), self.old(days)
        due = sum(row["asked"] for row in rows)
        taken = sum(row["asked"] and row["answer"] == "taken" for row in rows)
        unasked = sum(not row["asked"] for row in rows)
        return (
            due + sum(row["due"] for row in old),
            taken + sum(row["taken"] for row in old),
            unasked + sum(row["unasked"] for row in old),
        )

    def delays(self, days: Days) -> list[float]:
        listed = [
            row["delay_s"]
            for row in self.of(self.journal.stands, days)
            if row["asked"] and row["answer"] == "taken" and row["delay_s"] is not None
        ]
        return listed + [delay for row in self.old(days) for delay in row["delays"]]

    def active(self, day: date) -> bool:
        _, taken, unasked = self.stands(only(day))
        return self.sessions(only(day)) > 0 or taken + unasked > 0

    def streak(self, today: date) -> Streak:
        """Walk back day by day; three days with nothing in a row, today left out, end it."""
        count, rest, rests, day = int(self.active(today)), 0, 0, today
        while rest <= 2 and day > date(2025, 1, 1):
            day -= timedelta(days=1)
            active = self.active(day)
            rests += rest if active else 0
            count, rest = count + active, 0 if active else rest + 1
        return Streak(count, rests)


def only(day: date) -> Days:
    return lambda found: found == day


def span(first: date, last: date) -> Days:
    return lambda found: found is not None and first <= found <= last


def nearly(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, abs=1e-9)


def mean_of(values: Sequence[float]) -> float | None:
    return mean(values) if values else None


# --- the same answers -------------------------------------------------------


@given(journal=journals(), period=st.sampled_from(Period))
def test_what_is_recalled_is_what_the_rows_say(journal: Journal, period: Period) -> None:
    """Today, the week from Monday and the month from its first: as counted row by row."""
    naive = Naive(journal)
    first = {
        Period.TODAY: TODAY,
        Period.WEEK: date(2026, 2, 16),
        Period.MONTH: date(2026, 2, 1),
    }[period]
    days = span(first, TODAY)
    due, taken, unasked = naive.stands(days)
    delays = naive.delays(days)
    delays_before = naive.delays(span(first - timedelta(weeks=4), first - timedelta(days=1)))
    with closing(database(journal)) as made:
        found = stats.recall(made, period, EVENING)
    assert found == Recalled(
        period,
        breaks_due=due,
        breaks_taken=taken + unasked,
        delay_s=nearly(median(delays) if delays else None),
        sessions=naive.sessions(days),
        exercise_s=nearly(naive.exercise_s(days)),
        streak_days=naive.streak(TODAY).days,
        streak_rest_days=naive.streak(TODAY).rest_days,
        pain_before=nearly(mean_of(naive.pains("before", days))),
        pain_after=nearly(mean_of(naive.pains("after", days))),
        days=sum(
            naive.sessions(only(first + timedelta(days=number))) > 0
            for number in range((TODAY - first).days + 1)
        ),
        delay_before_s=nearly(median(delays_before) if delays_before else None),
    )


@given(journal=journals(), back=st.integers(0, 80))
def test_every_day_adds_up_to_what_its_rows_say(journal: Journal, back: int) -> None:
    """Each day of a history, its weeks, and what belongs to no day, as counted row by row."""
    naive = Naive(journal)
    first = TODAY - timedelta(days=back)
    with closing(database(journal)) as made:
        found = stats.history(made, first, TODAY)
        everything = stats.history(made, None, TODAY)
    for number in range(back + 1):
        day = first + timedelta(days=number)
        tally = found.between(day, day)
        assert tally.sessions == naive.sessions(only(day))
        assert tally.exercise_s == nearly(naive.exercise_s(only(day)))
        assert (tally.breaks_due, tally.breaks_answered, tally.breaks_unasked) == naive.stands(
            only(day)
        )
        assert tally.before.value == nearly(mean_of(naive.pains("before", only(day))))
        assert tally.after.value == nearly(mean_of(naive.pains("after", only(day))))
        assert tally.active == naive.active(day)
        assert sorted(found.delays.get(day, [])) == sorted(naive.delays(only(day)))
    weeks = weekly(found)
    assert sum(tally.sessions for _, tally in weeks) == found.total.sessions
    assert all(week.weekday() == 0 for week, _ in weeks)
    nowhere: Days = lambda day: day is None  # noqa: E731
    assert everything.undated.sessions == naive.sessions(nowhere)
    assert everything.undated.exercise_s == nearly(naive.exercise_s(nowhere))
    until: Days = span(date.min, TODAY)
    assert everything.total.sessions == naive.sessions(until)
    assert everything.total.exercise_s == nearly(naive.exercise_s(until))


@given(journal=journals())
def test_exercises_add_up_to_what_their_rows_say(journal: Journal) -> None:
    """Sessions, seconds and repetitions of each exercise; a row without a session is one too."""
    first = date(2026, 1, 10)
    expected: dict[str, tuple[int, float, int]] = {}
    for exercise in EXERCISES:
        numbered = enumerate(journal.exercises, 1)
        rows = [(n, row) for n, row in numbered if row["exercise"] == exercise]
        rows = [(n, row) for n, row in rows if span(first, TODAY)(Naive(journal).day(row))]
        if rows:
            sessions = {row["session"] if row["session"] else -number for number, row in rows}
            seconds = sum(row["seconds"] for _, row in rows)
            expected[exercise] = (len(sessions), seconds, sum(row["reps"] for _, row in rows))
    with closing(database(journal)) as made:
        found = stats.exercises(made, first, TODAY)
    assert {
        one.exercise: (one.sessions, nearly(one.seconds), one.reps) for one in found
    } == expected
    assert [one.seconds for one in found] == sorted((one.seconds for one in found), reverse=True)


# --- what counts as what ----------------------------------------------------


def write(store: Store, day: date, *records: Record, ok: bool = True) -> None:
    """Facts at ten in the morning of a day, local time."""
    at_s = datetime(day.year, day.month, day.day, 10, tzinfo=UTC).timestamp() - 3600
    store.write(
        (Moment(round(at_s * 1000) + number, 3600, str(day), 100.0 + number, ok), record)
        for number, record in enumerate(records)
    )


def session(
    exercise: str = "bridge", before: int | None = None, after: int | None = None
) -> list[Record]:
    records = [Record("pain", "r", detail="before", value=before)] if before is not None else []
    records += [
        Record("session_start", "r"),
        Record("exercise", exercise, 60.0, "done"),
        Record("session_end", "r", 90.0, "done"),
    ]
    return records + (
        [Record("pain", "r", detail="after", value=after)] if after is not None else []
    )


@pytest.mark.parametrize(
    ("days_ago", "streak", "rest"),
    [
        ((), 0, 0),
        ((0,), 1, 0),
        ((1,), 1, 0),
        ((3,), 1, 2),
        ((4,), 0, 0),
        ((0, 1, 2), 3, 0),
        ((1, 2, 3, 4), 4, 0),
        ((0, 3, 6), 3, 4),
        ((0, 4), 1, 0),
        ((2, 5, 9), 2, 3),
        (tuple(range(0, 300, 3)), 100, 198),
    ],
)
def test_a_streak_forgives_two_rest_days_and_counts_them(
    store: Store, days_ago: tuple[int, ...], streak: int, rest: int
) -> None:
    """Two days without anything, a weekend, never end a streak; three do; today isn't over yet."""
    for days in days_ago:
        write(store, TODAY - timedelta(days=days), Record("break_taken"))
    assert stats.streak_of(store.database, TODAY) == Streak(streak, rest)


def test_a_session_in_which_nothing_was_done_is_none(store: Store) -> None:
    """Started and stopped at once: nothing to be counted, and no streak."""
    write(store, TODAY, Record("session_start", "r"), Record("session_end", "r", 2.0, "stopped"))
    found = stats.recall(store.database, Period.TODAY, EVENING)
    assert (found.sessions, found.streak_days) == (0, 0)


def test_a_day_is_the_local_one(store: Store) -> None:
    """At half past midnight in local time it is the new day, whatever Greenwich says."""
    at_s = datetime(2026, 2, 19, 23, 30, tzinfo=UTC).timestamp()
    moment = Moment(round(at_s * 1000), 3600, "boot", 5.0, True)
    store.write([(moment, Record("break_due")), (moment, Record("break_taken", seconds=3.0))])
    assert stats.recall(store.database, Period.TODAY, EVENING).breaks_taken == 1


def local(day: int, hour: int, minute: int) -> Moment:
    """A minute of February 2026, an hour east of Greenwich."""
    at_s = datetime(2026, 2, day, hour, minute, tzinfo=UTC).timestamp()
    return Moment(round(at_s * 1000) - 3_600_000, 3600, "boot", at_s, True)


OVER_MIDNIGHT = [
    (local(18, 23, 53), Record("pain", "r", detail="before", value=4)),
    (local(18, 23, 55), Record("session_start", "r")),
    (local(18, 23, 58), Record("exercise", "knee-rolls", 100.0, "done", reps=3)),
    (local(19, 0, 4), Record("exercise", "back-arch", 300.0, "done")),
    (local(19, 0, 9), Record("session_end", "r", 800.0, "done")),
    (local(19, 0, 10), Record("pain", "r", detail="after", value=2)),
]


def test_a_session_over_midnight_is_whole_on_the_day_it_began(store: Store) -> None:
    """With its seconds, its break and what was told after it; nothing of it is on the next day."""
    store.write(OVER_MIDNIGHT)
    found = stats.history(store.database, date(2026, 2, 10), date(2026, 2, 19))
    eighteenth = date(2026, 2, 18)
    assert dict(found.days) == {eighteenth: Tally(1, 400.0, 0, 0, 1, Mean(4.0, 1), Mean(2.0, 1))}
    only_that = stats.history(store.database, eighteenth, eighteenth)
    assert only_that.total == found.total
    assert [(one.exercise, one.seconds) for one in only_that.exercises] == [
        ("back-arch", 300.0),
        ("knee-rolls", 100.0),
    ]
    evening = stats.recall(store.database, Period.TODAY, datetime(2026, 2, 19, 21))
    assert (evening.sessions, evening.exercise_s) == (0, 0.0)


def test_who_is_still_up_after_midnight_means_the_day_that_ends(store: Store) -> None:
    """Until four in the morning; what came after midnight belongs to it then, too."""
    store.write([*OVER_MIDNIGHT, (local(19, 1, 0), Record("break_taken"))])
    for hour, sessions, breaks in ((0, 1, 2), (3, 1, 2), (4, 0, 1), (21, 0, 1)):
        found = stats.recall(store.database, Period.TODAY, datetime(2026, 2, 19, hour, 30))
        assert (found.sessions, found.breaks_taken) == (sessions, breaks), hour


NIGHTS = tuple(((22 * 3600.0, 30 * 3600.0),) if day < 5 else () for day in range(7))
"""From 22 to 6, the nights after Monday to Friday."""


@pytest.mark.parametrize(
    ("day", "hour", "minute", "due"),
    [
        (18, 21, 50, 1),  # before the night: what came since the last one was over
        (18, 23, 59, 3),
        (19, 0, 5, 3),
        (19, 5, 50, 5),
        (19, 7, 59, 5),  # just home
        (19, 8, 1, 0),
        (19, 23, 50, 1),
    ],
)
def test_a_day_ends_when_the_night_shift_does(
    store: Store, day: int, hour: int, minute: int, due: int
) -> None:
    """Who works from 22 to 6 asks at 5:50 for the whole night, and not for the one before."""
    for moment in (
        local(18, 4, 0),
        local(18, 12, 0),
        local(18, 22, 30),
        local(18, 23, 30),
        local(19, 3, 0),
        local(19, 5, 30),
        local(19, 22, 30),
    ):
        if moment.local.replace(tzinfo=None) <= datetime(2026, 2, day, hour, minute):
            store.write([(moment, Record("break_due"))])
    asked = datetime(2026, 2, day, hour, minute)
    assert stats.recall(store.database, Period.TODAY, asked, NIGHTS).breaks_due == due


def test_the_next_day_begins_when_its_work_does(store: Store) -> None:
    """Work from 7 to 6 leaves an hour to ask in; and after a night off a day is a day."""
    long_days = tuple(((7 * 3600.0, 30 * 3600.0),) for _ in range(7))
    store.write([(local(18, 6, 50), Record("break_due"))])
    for hour, minute, due in ((6, 59, 1), (7, 0, 0)):
        asked = datetime(2026, 2, 18, hour, minute)
        assert stats.recall(store.database, Period.TODAY, asked, long_days).breaks_due == due
    store.write([(local(16, 1, 0), Record("break_due"))])
    monday = datetime(2026, 2, 16, 4, 30)
    assert stats.recall(store.database, Period.TODAY, monday, NIGHTS).breaks_due == 1
    store.write([(local(16, 5, 0), Record("break_due"))])
    first_night = datetime(2026, 2, 17, 0, 30)
    assert stats.recall(store.database, Period.TODAY, first_night, NIGHTS).breaks_due == 2


def test_a_week_that_begins_tonight_is_not_asked_for_yet(store: Store) -> None:
    """At half past midnight on Monday this week is the one that ends."""
    store.write([(local(11, 10, 0), Record("break_taken"))])
    for hour, taken in ((0, 1), (9, 0)):
        asked = datetime(2026, 2, 16, hour, 30)
        assert stats.recall(store.database, Period.WEEK, asked).breaks_taken == taken


def test_a_machine_whose_clock_was_never_set_still_answers(store: Store) -> None:
    """What the clock showed is the day, and the history says that it may be off."""
    write(store, TODAY, *session(), ok=False)
    assert stats.recall(store.database, Period.TODAY, EVENING).sessions == 1
    found = stats.history(store.database, None, TODAY)
    assert (found.unsure_days, found.undated.sessions) == (1, 0)


def test_a_clock_from_before_the_program_is_on_no_day(store: Store) -> None:
    """1970 is no day of anybody's: counted, but apart."""
    write(store, date(1970, 1, 2), *session(), ok=False)
    found = stats.history(store.database, None, TODAY)
    assert (found.undated.sessions, found.total.sessions, found.unsure_days) == (1, 0, 0)
    assert not found.empty


def test_time_before_the_journal_is_no_rest(store: Store) -> None:
    """A history begins with the first day that has something on it."""
    write(store, date(2026, 2, 10), *session())
    assert stats.history(store.database, date(2026, 1, 1), TODAY).first == date(2026, 2, 10)
    assert stats.history(store.database, date(2026, 2, 15), TODAY).first == date(2026, 2, 15)


def test_an_exercise_counts_once_a_session_and_not_for_ever(store: Store) -> None:
    """Both sides of one session are one time; what was left, or is months ago, counts nothing."""
    both = [exercise("bird-dog", side=side) for side in ("left", "right")]
    for day in (TODAY, TODAY - timedelta(days=80), TODAY - timedelta(days=100)):
        write(store, day, Record("session_start", "x"), *both, exercise("bridge", how="left"))
        write(store, day, Record("session_end", "x", 60.0, "done"))
    assert stats.times_done(store.database, TODAY) == {"bird-dog": 2}


def exercise(name: str, *, side: str = "", how: str = "done") -> Record:
    return Record("exercise", name, 10.0, how, planned_s=10.0, side=side)
