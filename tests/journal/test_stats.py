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
from assistant.journal.clock import Moment
from assistant.journal.rows import insert
from assistant.journal.schema import SCHEMA
from assistant.journal.store import Store, open_store
from assistant.journal.tally import ENOUGH_SESSIONS, Effect, weekly

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
        return [row for row in rows if days(naive_day(row))]

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

    def streak(self, today: date) -> int:
        """Walk back day by day; three days with nothing in a row, today left out, end it."""
        count, rest, day = int(self.active(today)), 0, today
        while rest <= 2 and day > date(2025, 1, 1):
            day -= timedelta(days=1)
            active = self.active(day)
            count, rest = count + active, 0 if active else rest + 1
        return count


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
    with closing(database(journal)) as made:
        found = stats.recall(made, period, EVENING)
    assert found == Recalled(
        period,
        breaks_due=due,
        breaks_taken=taken + unasked,
        delay_s=nearly(median(delays) if delays else None),
        sessions=naive.sessions(days),
        exercise_s=nearly(naive.exercise_s(days)),
        streak_days=naive.streak(TODAY),
        pain_before=nearly(mean_of(naive.pains("before", days))),
        pain_after=nearly(mean_of(naive.pains("after", days))),
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
        rows = [(n, row) for n, row in rows if span(first, TODAY)(naive_day(row))]
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


@given(
    done=st.lists(
        st.tuples(
            st.sets(st.sampled_from(EXERCISES)),
            st.lists(st.integers(0, 10), max_size=2),
            st.lists(st.integers(0, 10), max_size=2),
        ),
        max_size=60,
    )
)
def test_exercises_are_compared_as_a_naive_count_does(
    done: list[tuple[set[str], list[int], list[int]]],
) -> None:
    """With and without: sessions and mean change, only where both are many enough."""
    when = {"at_ms": 0, "offset_s": 0, "boot": 1, "mono_s": 1.0, "clock_ok": 0}
    journal = Journal([when | {"routine": "any"} for _ in done], [], [], [], [])
    for number, (names, before, after) in enumerate(done, 1):
        own = when | {"session": number}
        journal.exercises += [own | {"exercise": n, "seconds": 1.0, "reps": 1} for n in names]
        journal.pains += [own | {"moment": "before", "value": value} for value in before]
        journal.pains += [own | {"moment": "after", "value": value} for value in after]
    with closing(database(journal)) as made:
        found = stats.effects(made)
    told = {name: one for one in found for name in one.exercises}
    known = [(names, mean(b), mean(a)) for names, b, a in done if names and b and a]
    for exercise in EXERCISES:
        there = [a - b for names, b, a in known if exercise in names]
        missing = [a - b for names, b, a in known if exercise not in names]
        if min(len(there), len(missing)) < ENOUGH_SESSIONS:
            assert exercise not in told
        else:
            one = told[exercise]
            assert (one.sessions_with, one.sessions_without) == (len(there), len(missing))
            assert (one.with_it, one.without) == (nearly(mean(there)), nearly(mean(missing)))


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
    ("days_ago", "streak"),
    [
        ((), 0),
        ((0,), 1),
        ((1,), 1),
        ((3,), 1),
        ((4,), 0),
        ((0, 1, 2), 3),
        ((0, 3, 6), 3),
        ((0, 4), 1),
        ((2, 5, 9), 2),
        (tuple(range(0, 300, 3)), 100),
    ],
)
def test_a_streak_forgives_two_rest_days(
    store: Store, days_ago: tuple[int, ...], streak: int
) -> None:
    """Two days without anything, a weekend, never end a streak; three do; today isn't over yet."""
    for days in days_ago:
        write(store, TODAY - timedelta(days=days), Record("break_taken"))
    assert stats.streak_days(store.database, TODAY) == streak


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


def compared(store: Store, changes: dict[str, list[int]]) -> dict[tuple[str, ...], Effect]:
    day = date(2026, 1, 1)
    for exercise, listed in changes.items():
        for change in listed:
            write(store, day, *session(exercise, 5, 5 + change))
            day += timedelta(days=1)
    return {one.exercises: one for one in stats.effects(store.database)}


def test_an_exercise_is_compared_only_with_enough_of_both(store: Store) -> None:
    """Seven sessions without it are not enough to say anything."""
    assert compared(store, {"bridge": [-2] * 20, "bird-dog": [0] * (ENOUGH_SESSIONS - 1)}) == {}


def test_a_clear_difference_is_telling_and_the_other_way_is_not(store: Store) -> None:
    """Only what went with less pain is worth a sentence."""
    found = compared(store, {"bridge": [-2, -1] * 6, "bird-dog": [0, 1, -1, 0] * 3})
    assert found["bridge",].telling
    assert not found["bird-dog",].telling
    assert found["bridge",].with_it == pytest.approx(-1.5)


def test_a_difference_within_chance_is_not_telling(store: Store) -> None:
    """Pain goes up and down by itself: a mean that a few days made says nothing."""
    found = compared(store, {"bridge": [-5, 4] * 5, "bird-dog": [5, -4] * 5})
    assert found["bridge",].with_it < found["bridge",].without
    assert not found["bridge",].telling


def test_exercises_that_always_went_together_are_one(store: Store) -> None:
    """Nobody can tell which of them it was."""
    both = [Record("exercise", "knee-rolls", 60.0, "done")]
    for number in range(ENOUGH_SESSIONS):
        day = date(2026, 1, 1) + timedelta(days=number)
        start, *rest = session("bridge", 5, 3)[1:]
        write(store, day, session("bridge", 5)[0], start, *both, *rest)
    for number in range(ENOUGH_SESSIONS):
        write(store, date(2026, 2, 1) + timedelta(days=number), *session("bird-dog", 5, 5))
    assert {one.exercises for one in stats.effects(store.database)} == {
        ("bridge", "knee-rolls"),
        ("bird-dog",),
    }


def test_an_exercise_counts_once_a_session_and_not_for_ever(store: Store) -> None:
    """Both sides of one session are one time; what was left, or is months ago, counts nothing."""
    both = [exercise("bird-dog", side=side) for side in ("left", "right")]
    for day in (TODAY, TODAY - timedelta(days=80), TODAY - timedelta(days=100)):
        write(store, day, Record("session_start", "x"), *both, exercise("bridge", how="left"))
        write(store, day, Record("session_end", "x", 60.0, "done"))
    assert stats.times_done(store.database, TODAY) == {"bird-dog": 2}


def exercise(name: str, *, side: str = "", how: str = "done") -> Record:
    return Record("exercise", name, 10.0, how, planned_s=10.0, side=side)
