"""What the journal tells the coach of a person's back."""

import io
import json
import math
import random
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coach.effects import Record
from assistant.coach.events import Health
from assistant.journal import Journal, exporting, importing
from assistant.journal.health import health
from assistant.journal.old_days import KEEP_DAYS, some
from assistant.journal.row_time import Clock, Moment
from assistant.journal.store import Store, open_store
from tests.journal.test_rows import BEGAN_MS, at, tell
from tests.journal.test_rows import store as store

DAY_S = 86400.0
TODAY = at(0).day


def session(
    began_s: float, before: int, after: int, *exercises: tuple[str, str]
) -> list[tuple[float, Record]]:
    """A session with its answers and how each exercise ended."""
    return [
        (began_s, Record("pain", detail="before", value=before)),
        (began_s + 1, Record("session_start", "mobility")),
        *((began_s + 2, Record("exercise", name, 5.0, how)) for name, how in exercises),
        (began_s + 3, Record("session_end", "mobility", 300.0, "done")),
        (began_s + 4, Record("pain", detail="after", value=after)),
    ]


def test_an_empty_journal_tells_nothing(store: Store, tmp_path: Path) -> None:
    assert health(store.database, at(0)) == Health(answered=frozenset())
    journal = Journal(lambda _: None, tmp_path / "none" / "journal.sqlite3")
    journal.close()
    assert journal.health() == Health(answered=frozenset())


def test_the_last_answer_to_each_safety_question_holds(store: Store) -> None:
    """A no takes an earlier yes back; they are gone through when all were."""
    tell(
        store,
        (1, Record("screening", "stenosis", value=1)),
        (2, Record("screening", "numbness", value=1)),
        (3, Record("screening", "numbness", value=0)),
    )
    told = health(store.database, at(4))
    assert (told.screened, told.yes) == (False, frozenset({"stenosis"}))
    assert told.answered == frozenset({"stenosis", "numbness"})
    tell(store, (5, Record("screening", "all", value=1)))
    assert health(store.database, at(6)).screened


def test_pain_is_told_with_its_days_and_the_last_of_it_while_it_is_fresh(store: Store) -> None:
    """A session may be gone on with for two hours after a power cut."""
    tell(store, *session(0.0, 4, 4), *session(DAY_S, 2, 2))
    told = health(store.database, at(DAY_S + 60))
    assert told.pains == ((TODAY, 4), (TODAY + 1, 2))
    assert (told.pain, told.pain_age_s) == (2, 56.0)
    just = at(DAY_S + 4 + 7199, boot="two")
    over = at(DAY_S + 4 + 7200, boot="two")
    assert (health(store.database, just).pain, health(store.database, over).pain) == (2, None)


def test_a_number_is_for_the_session_that_follows_not_for_one_that_was_cut_off(
    store: Store,
) -> None:
    """The power failed in a session that nobody went on with. Hours later: nothing before another
    one, one after it. That is more than before. The first one's own number stays its own."""
    tell(store, (0, Record("pain", detail="before", value=2)))
    tell(store, (0, Record("session_start", "desk-break")))
    later = (
        (9, Record("pain", detail="before", value=0)),
        (9, Record("session_start", "mobility")),
        (69, Record("session_end", "mobility", 60.0, "stopped")),
        (70, Record("pain", detail="after", value=1)),
    )
    tell(store, *later, boot="two")
    assert health(store.database, at(99, boot="two")).ended == (True,)
    told = store.database.execute("SELECT session, value FROM pain ORDER BY id").fetchall()
    assert told == [(1, 2), (2, 0), (2, 1)]


def test_pain_that_was_told_after_a_session_counts_at_the_next_start(store: Store) -> None:
    """Two before it, eight after it: it is the eight that a restart seven minutes later knows."""
    tell(store, *session(0.0, 2, 8))
    told = health(store.database, at(424, boot="two"))
    assert (told.pain, told.pain_age_s) == (8, 420.0)


def test_a_later_answer_takes_the_place_of_an_earlier_one(store: Store) -> None:
    """Less pain as well as more."""
    tell(store, (0, Record("pain", detail="before", value=7)))
    tell(store, (60, Record("pain", detail="before", value=3)))
    assert health(store.database, at(70)).pain == 3


STOPPED = (
    (0.0, Record("pain", detail="before", value=2)),
    (1.0, Record("session_start", "mobility")),
    (100.0, Record("exercise", "bridge", 5.0, "hurt")),
    (101.0, Record("session_end", "mobility", 100.0, "hurt")),
)


def test_a_session_that_was_stopped_for_pain_counts_as_six(store: Store) -> None:
    """From the moment it was stopped, whatever was told before it; for two hours."""
    tell(store, *STOPPED)
    told = health(store.database, at(161, boot="two"))
    assert (told.pain, told.pain_age_s, told.ended) == (6, 60.0, (True,))
    assert health(store.database, at(101 + 7199)).pain == 6
    assert health(store.database, at(101 + 7200)).pain is None
    assert told.pains == ((TODAY, 2),)  # nobody said six


@pytest.mark.parametrize("back_s", [0.0, 100.0, 350.0])
def test_that_hurts_just_after_a_session_counts_though_the_clock_was_set_back(
    store: Store, back_s: float
) -> None:
    """Ten seconds after its end; by the clock it may be within it, or before."""
    said = Record("command", "hurts", detail="voice")
    rows = (
        (at(1000), Record("session_start", "mobility")),
        (at(1300), Record("session_end", "mobility", 300.0, "done")),
        (replace(at(1310 - back_s), mono_s=at(1310).mono_s), said),
    )
    store.write(rows)
    now = replace(at(1400 - back_s), mono_s=at(1400).mono_s)
    assert health(store.database, now).pain == 6
    assert health(store.database, replace(now, boot="two", mono_s=5.0)).pain == 6


@pytest.mark.parametrize("how", ["done", "stopped"])
def test_that_hurts_outside_a_session_counts_as_six(store: Store, how: str) -> None:
    """Before the first one and after one that ended well; in one that went on after it, it does
    not, also where a power cut has made that look shorter."""
    hurts = Record("command", "hurts", detail="voice")
    tell(store, (0.0, hurts))
    assert health(store.database, at(60)).unsaid
    assert (health(store.database, at(60)).pain, health(store.database, at(7200)).pain) == (6, None)
    tell(
        store,
        (10_000.0, Record("session_start", "mobility")),
        (10_050.0, hurts),
        (10_060.0, Record("exercise", "bridge", 5.0, "done")),
        (10_060.0, Record("session_end", "mobility", 10.0, how)),
    )
    assert health(store.database, at(10_070)).pain is None
    tell(store, (10_080.0, hurts))
    told = health(store.database, at(10_090, boot="two"))
    assert (told.pain, told.unsaid) == (6, True)
    tell(store, (10_100.0, Record("pain", detail="before", value=6)))
    told = health(store.database, at(10_110, boot="two"))
    assert (told.pain, told.unsaid) == (6, False)


def test_more_that_was_told_before_it_was_stopped_stays_more(store: Store) -> None:
    """Eight before it and stopped for pain: eight. What was told yesterday is past."""
    tell(store, (-DAY_S, Record("pain", detail="before", value=10)), *STOPPED[1:])
    assert health(store.database, at(161)).pain == 6
    tell(store, (5.0, Record("pain", detail="before", value=8)))
    assert health(store.database, at(161)).pain == 8


def test_what_was_told_in_the_moment_before_it_was_stopped_counts(store: Store) -> None:
    """ "Eight, that hurts", in one breath."""
    tell(store, *STOPPED[1:3], (100.5, Record("pain", detail="in", value=8)), STOPPED[3])
    assert health(store.database, at(161)).pain == 8


def test_an_answer_after_it_was_stopped_takes_its_place(store: Store) -> None:
    """Asked anew an hour later: three."""
    tell(store, *STOPPED, (3700, Record("pain", detail="before", value=3)))
    assert health(store.database, at(3800)).pain == 3


def test_stopped_for_pain_after_a_power_cut_counts_from_when_it_hurt(store: Store) -> None:
    """The session's own length is only what it took since the power cut."""
    tell(store, (0.0, Record("session_start", "mobility")))
    tell(
        store,
        (5000.0, Record("command", "hurts", detail="voice")),
        (5010.0, Record("session_end", "mobility", 30.0, "hurt")),
        boot="two",
    )
    told = health(store.database, at(5060, boot="three"))
    assert (told.pain, told.pain_age_s) == (6, 60.0)


def test_pain_in_a_session_that_never_ended_counts(store: Store) -> None:
    """The power went while it asked whether it is sharp; one that went well to its end is no
    reason for care."""
    hurts = (50.0, Record("command", "hurts", detail="voice"))
    tell(store, (0.0, Record("session_start", "mobility")), hurts)
    told = health(store.database, at(90, boot="two"))
    assert (told.pain, told.unsaid) == (6, False)
    tell(store, (60.0, Record("session_end", "mobility", 60.0, "done")))
    assert health(store.database, at(90, boot="two")).pain is None


def test_what_hurt_and_was_answered_does_not_count_after_a_power_cut(store: Store) -> None:
    """Taken back, or not sharp: that "that hurts". Another one does, before it and after it."""
    hurts, goes_on = Record("command", "hurts", detail="voice"), Record("goes_on", "hurts")
    tell(store, (0.0, Record("session_start", "mobility")), (50.0, hurts), (60.0, goes_on))
    assert health(store.database, at(90, boot="two")).pain is None
    tell(store, (70.0, hurts))
    assert health(store.database, at(90, boot="two")).pain == 6
    tell(store, (100.0, Record("session_start", "mobility")), (150.0, hurts), boot="two")
    tell(store, (160.0, goes_on), boot="two")
    told = health(store.database, at(170, boot="three"))
    assert (told.pain, told.pain_age_s) == (6, 100.0)
    tell(store, (8000.0, hurts), (8010.0, goes_on), boot="four")
    assert health(store.database, at(8020, boot="five")).pain is None
    tell(store, (20_000.0, Record("session_start", "mobility")), (20_050.0, hurts))
    tell(store, (20_100.0, Record("session_start", "mobility")), (20_150.0, hurts))
    tell(store, (20_160.0, goes_on))  # of the second session alone
    told = health(store.database, at(20_170))
    assert (told.pain, told.pain_age_s) == (6, 120.0)


@pytest.mark.parametrize("how", [None, "done"])
def test_what_hurt_at_rest_counts_though_the_clock_was_set_back_before_a_session(
    store: Store, how: str | None
) -> None:
    """What was said to go on is of the session alone, which by the wall clock began before."""
    hurts, goes_on = Record("command", "hurts", detail="voice"), Record("goes_on", "hurts")
    told = [
        (4000, 4000.0, hurts),
        (500, 4100.0, Record("session_start", "mobility")),
        (560, 4160.0, hurts),
        (570, 4170.0, goes_on),
    ]
    if how is not None:
        told.append((4500, 8100.0, Record("session_end", "mobility", 4000.0, how)))
    store.write([(replace(at(wall_s), mono_s=mono_s), one) for wall_s, mono_s, one in told])
    assert health(store.database, replace(at(4600), boot="two")).pain == 6


@pytest.mark.parametrize("word", ["hurts", "back_hurts"])
def test_that_it_hurts_is_known_until_a_number_is_told(store: Store, word: str) -> None:
    tell(store, (0, Record("command", word, detail="voice")))
    told = health(store.database, at(60, boot="two"))
    assert (told.pain, told.unsaid) == (6, True)
    tell(store, (70, Record("pain", detail="before", value=2)))
    assert health(store.database, at(80, boot="two")).pain == 2


def test_dizziness_is_known_for_half_an_hour(store: Store) -> None:
    """The last time that it was said, whatever the clocks have done; without one, until a session
    has begun since."""
    dizzy = Record("command", "dizzy", detail="voice")
    assert health(store.database, at(0)).dizzy_age_s is None
    tell(store, (0, dizzy), (60, dizzy))
    for boot in ("one", "two"):
        assert health(store.database, at(160, boot=boot)).dizzy_age_s == 100.0
        assert health(store.database, at(1860, boot=boot)).dizzy_age_s is None
    clockless = [Moment(5_000, 0, boot, mono_s, False) for boot, mono_s in (("x", 5.0), ("y", 9.0))]
    store.write([(clockless[0], dizzy)])
    later = Moment(5_000, 0, "z", 5.0, False)
    assert health(store.database, later).dizzy_age_s == 0.0
    store.write([(clockless[1], Record("session_start", "mobility"))])
    assert health(store.database, at(4000, boot="two")).dizzy_age_s is None


def test_an_age_that_no_clock_tells_is_none_and_the_pain_still_counts(store: Store) -> None:
    """After a power cut without a clock, or with one that was set back."""
    tell(store, (500, Record("pain", detail="before", value=7)))
    for now in (
        Moment(5_000, 0, "two", 5.0, False),
        at(400, boot="two"),
    ):
        told = health(store.database, now)
        assert (told.pain, told.pain_age_s) == (7, None)
    store.write([(Moment(5_000, 0, "old", 5.0, False), Record("pain", detail="after", value=4))])
    assert health(store.database, Moment(9_000, 0, "old", 65.0, False)).pain_age_s == 60.0
    assert health(store.database, at(DAY_S, boot="two")).pain == 4


def test_the_questions_have_an_age(store: Store) -> None:
    """In days since they were gone through last; none where no clock tells."""
    assert health(store.database, at(0)).screened_days is None
    tell(store, (0, Record("screening", "all", value=1)))
    assert health(store.database, at(2 * DAY_S - 1, boot="two")).screened_days == 1
    assert health(store.database, at(91 * DAY_S, boot="two")).screened_days == 91
    tell(store, (80 * DAY_S, Record("screening", "all", value=1)))
    assert health(store.database, at(91 * DAY_S, boot="two")).screened_days == 11
    told = health(store.database, Moment(5_000, 0, "three", 5.0, False))
    assert (told.screened, told.screened_days) == (True, None)


# --- when it was said, not when the row came --------------------------------


def exported(store: Store) -> str:
    file = io.StringIO()
    exporting.to_json(store, file, datetime.now(UTC))
    return file.getvalue()


JANUARY, MARCH = 0.0, 60 * DAY_S


def test_an_older_export_takes_nothing_back(store: Store, tmp_path: Path) -> None:
    """A red flag of March holds, and so does a level, when January's export comes in."""
    with open_store(tmp_path / "old.sqlite3") as old:
        tell(
            old,
            (JANUARY, Record("screening", "numbness", value=0)),
            (JANUARY + 1, Record("screening", "all", value=1)),
            (JANUARY + 2, Record("level", "donkey-kick", value=1)),
            *session(JANUARY + 10, 1, 3),
            *session(JANUARY + DAY_S, 1, 3),
            boot="old",
        )
        january = exported(old)
    tell(
        store,
        (MARCH, Record("screening", "numbness", value=1)),
        (MARCH + 1, Record("level", "donkey-kick", value=-1)),
        *session(MARCH + 10, 2, 1, ("bridge", "done")),
    )
    before = health(store.database, at(MARCH + DAY_S))
    assert before.yes == {"numbness"}
    assert (before.levels, before.ended) == ({"donkey-kick": -1}, (False,))
    assert importing.from_json(store, january).added > 0
    told = health(store.database, at(MARCH + DAY_S))
    assert told == replace(
        before,
        screened=True,
        screened_days=60,
        pains=((TODAY, 1), (TODAY + 1, 1), *before.pains),
        ended=(True, True, False),
    )


def test_a_newer_export_is_believed(store: Store, tmp_path: Path) -> None:
    """What was said later, on another machine, takes an earlier yes back."""
    tell(store, (JANUARY, Record("screening", "numbness", value=1)))
    with open_store(tmp_path / "new.sqlite3") as new:
        tell(new, (MARCH, Record("screening", "numbness", value=0)), boot="new")
        importing.from_json(store, exported(new))
    assert health(store.database, at(MARCH + DAY_S)).yes == frozenset()


def undated(number: int, boot: str, answer: int) -> tuple[Moment, Record]:
    moment = Moment(number * 1000, 0, boot, float(number), False)
    return moment, Record("screening", "numbness", value=answer)


def test_without_dates_what_was_said_in_this_file_has_its_order(store: Store) -> None:
    """A machine whose clock always begins in 1970: a no takes the yes of another boot back."""
    store.write([undated(50, "one", 1), undated(5, "two", 0)])
    assert health(store.database, at(0, boot="three")).yes == frozenset()
    store.write([undated(9, "two", 1)])
    assert health(store.database, at(0, boot="three")).yes == {"numbness"}
    store.write([(at(9, boot="three"), Record("screening", "numbness", value=0))])
    assert health(store.database, at(60, boot="four")).yes == frozenset()


def test_rows_that_know_no_boot_are_ordered_by_their_dates(store: Store) -> None:
    """As the first version of the program wrote them: all of them at the second 0 of none."""
    for day, answer in ((3, 0), (1, 1), (2, 1)):
        moment = Moment(BEGAN_MS + day * 86_400_000, 0, "", 0.0, False)
        store.write([(moment, Record("screening", "numbness", value=answer))])
    assert health(store.database, at(4 * DAY_S)).yes == frozenset()
    pain = Moment(BEGAN_MS + 4 * 86_400_000 - 60_000, 0, "", 0.0, False)
    store.write([(pain, Record("pain", detail="before", value=5))])
    assert health(store.database, replace(at(4 * DAY_S), boot="")).pain_age_s == 60.0


def test_pain_is_told_of_a_little_more_than_a_year(store: Store) -> None:
    """400 days of it."""
    tell(store, (0, Record("pain", detail="before", value=5)))
    assert health(store.database, at(399 * DAY_S)).pains == ((TODAY, 5),)
    assert health(store.database, at(400 * DAY_S)).pains == ()


def test_a_no_of_which_nobody_knows_when_it_was_said_takes_no_yes_back(
    store: Store, tmp_path: Path
) -> None:
    """Neither the no that an import brings, nor the yes, has a date."""
    with open_store(tmp_path / "other.sqlite3") as other:
        other.write([undated(50, "other", 0)])
        without_date = exported(other)
    tell(store, (0, Record("screening", "numbness", value=1)))
    importing.from_json(store, without_date)
    assert health(store.database, at(60)).yes == {"numbness"}


ANSWERS = st.one_of(
    st.builds(
        Record,
        st.just("screening"),
        st.sampled_from(("numbness", "stenosis", "all")),
        value=st.integers(0, 1),
    ),
    st.builds(Record, st.just("level"), st.just("bridge"), value=st.integers(-1, 1)),
    st.builds(
        Record,
        st.just("pain"),
        detail=st.sampled_from(("before", "after")),
        value=st.integers(0, 10),
    ),
    st.builds(Record, st.just("session_start"), st.just("mobility")),
    st.builds(
        Record,
        st.just("exercise"),
        st.sampled_from(("bridge", "bird-dog")),
        st.just(5.0),
        st.sampled_from(("done", "left", "hurt")),
    ),
    st.builds(
        Record, st.just("session_end"), st.just("mobility"), st.just(9.0),
        st.sampled_from(("done", "stopped", "hurt")),
    ),
    st.just(Record("command", "hurts", detail="voice")),
    st.just(Record("told", "two weeks")),
)  # fmt: skip
LIVES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 9000), ANSWERS),
    max_size=30,
    unique_by=lambda fact: fact[:2],
)


def moment(place: int, second: int, *, dated: bool) -> Moment:
    at_ms = BEGAN_MS + place * 40_000_000 + second * 1000 if dated else second * 1000
    return Moment(at_ms, 3600, f"boot {place}", float(second), dated)


@settings(max_examples=60)
@given(life=LIVES, order=st.integers(0, 10_000), undated=st.sets(st.integers(0, 3), max_size=2))
def test_imports_in_any_order_give_the_same_health(
    life: list[tuple[int, int, Record]], order: int, undated: set[int]
) -> None:
    """Exports of several machines, whole ones and older ones, some without dates."""
    files: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for place in range(4):
            facts = sorted((fact for fact in life if fact[0] == place), key=lambda fact: fact[1])
            with open_store(Path(folder) / f"{place}.sqlite3") as store:
                for part in (facts[: len(facts) // 2], facts[len(facts) // 2 :]):
                    store.write(
                        (moment(place, second, dated=place not in undated), record)
                        for _, second, record in part
                    )
                    files.append(exported(store))
        found = []
        for number, listed in enumerate((files, random.Random(order).sample(files, len(files)))):
            with open_store(Path(folder) / f"joined-{number}.sqlite3") as joined:
                for text in listed:
                    importing.from_json(joined, text)
                now = Moment(BEGAN_MS + 130_000_000, 3600, "now", 5.0, True)
                found.append(health(joined.database, now))
        assert found[0] == found[1]


# --- what can't be read -----------------------------------------------------


def read_anew(path: Path, patience_s: float = 0.05) -> Health:
    journal = Journal(lambda _: None, path, clock=Clock(lambda: True), patience_s=patience_s)
    try:
        return journal.health()
    finally:
        journal.close()


def test_a_journal_that_cannot_be_read_is_not_an_empty_one(tmp_path: Path) -> None:
    """Locked, damaged, of a newer version, or a folder in its place: anything may stand in it."""
    path = tmp_path / "journal.sqlite3"
    with open_store(path) as made:
        tell(made, (0, Record("screening", "numbness", value=1)))
    whole = path.read_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert read_anew(path) == Health(unknown=True)
        other.execute("ROLLBACK")
    assert read_anew(path).yes == {"numbness"}
    for content in (b"Milk, bread. " * 400, whole[:4096] + b"\x00" * (len(whole) - 4096)):
        path.write_bytes(content)
        assert read_anew(path) == Health(unknown=True)
    path.write_bytes(whole)
    with open_store(path) as made:
        made.database.execute("PRAGMA user_version = 99")
    assert read_anew(path) == Health(unknown=True)
    (tmp_path / "folder").mkdir()
    assert read_anew(tmp_path / "folder") == Health(unknown=True)


NOT_A_NUMBER = [
    Record("level", "bridge", value=None),
    Record("level", "bridge", value=7),
    Record("level", "bridge", value=math.nan),  # type: ignore[arg-type]
    Record("level", "bridge", value="harder"),  # type: ignore[arg-type]
    Record("screening", "numbness", value=None),
    Record("pain", detail="before", value=11),
    Record("pain", detail="before", value=math.inf),  # type: ignore[arg-type]
    Record("pain", detail="before", value="six"),  # type: ignore[arg-type]
    Record("exercise", "bridge", math.nan, "done"),
    Record("exercise", "bridge", "long", "done"),  # type: ignore[arg-type]
    Record("exercise", ["bridge"], 5.0, "done"),  # type: ignore[arg-type]
    Record("break_taken", seconds=math.inf),
    Record("quiet", seconds="an hour"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("record", NOT_A_NUMBER, ids=lambda record: f"{record.kind}")
def test_what_makes_no_sense_is_left_out_and_keeps_nothing_from_being_kept(
    store: Store, record: Record
) -> None:
    """A level without a value, a text for a number, a number that is none."""
    tell(
        store,
        (0, Record("level", "bridge", value=1)),
        (1, record),
        (2, Record("pain", detail="before", value=5)),
    )
    told = health(store.database, at(3))
    assert (told.levels, told.yes, told.pain) == ({"bridge": 1}, frozenset(), 5)
    assert store.left_out <= 1
    json.loads(exported(store), parse_constant=pytest.fail)


# --- how it went ------------------------------------------------------------


def test_sessions_that_ended_worse_are_counted_from_the_last_one_back(store: Store) -> None:
    well = ("bridge", "done")
    tell(store, *session(0.0, 1, 3), *session(100.0, 2, 2, well), *session(200.0, 2, 2))
    assert health(store.database, at(300)).ended == (True, False), "nothing was done in the last"
    tell(store, *session(300.0, 2, 4), *session(400.0, 1, 2))
    assert health(store.database, at(500)).ended == (True, False, True, True)
    for number in range(9):
        tell(store, *session(500.0 + 10 * number, 2, 2, well))
    assert health(store.database, at(600)).ended == (False,) * 3, "as far as it matters"


@pytest.mark.parametrize(
    ("told", "measured_by", "worse"),
    [
        ((("before", 2),), 2, True),
        ((("before", 8), ("before", 2)), 2, True),
        ((("before", 2), ("before", 8)), 8, False),
        ((("held", 6),), 6, False),
        ((("held", 4),), 4, True),
        ((("held", 6), ("before", 2)), 2, True),
        ((("in", 5), ("in", 1)), 5, False),
        ((), None, True),
    ],
)
def test_what_the_number_after_is_measured_by(
    store: Store, told: tuple[tuple[str, int], ...], measured_by: int | None, worse: bool
) -> None:
    """The last one before it, else what still held, else the first one in it; where nobody knows,
    four and more count as more. A program that is started meanwhile goes on with the same."""
    rows = [Record("pain", detail=moment, value=value) for moment, value in told]
    asked = [row for row in rows if row.detail == "before"]
    others = [row for row in rows if row.detail != "before"]
    rows = [*asked, Record("session_start", "mobility"), *others]
    tell(store, *((float(second), row) for second, row in enumerate(rows)))
    assert health(store.database, at(10)).before == measured_by
    tell(
        store,
        (300.0, Record("session_end", "mobility", 290.0, "done")),
        (301.0, Record("pain", detail="after", value=5)),
    )
    assert health(store.database, at(310)).ended == ((True,) if worse else ())
    assert health(store.database, at(310)).before is None


def test_a_session_that_was_stopped_for_pain_ended_worse(store: Store) -> None:
    """Three in a row are three, though nobody told a number after them."""
    for number in range(3):
        tell(store, *((number * 7000 + second, record) for second, record in STOPPED))
    told = health(store.database, at(DAY_S))
    assert (told.ended, told.good) == ((True,) * 3, {})


def test_an_exercise_done_three_times_in_one_session_went_well_once(store: Store) -> None:
    """And a session that was stopped for pain did no exercise in it any good."""
    tell(store, *session(0.0, 2, 2, *[("bridge", "done")] * 3))
    assert health(store.database, at(10)).good == {"bridge": 1}
    tell(
        store,
        *session(100.0, 2, 2, ("bridge", "hurt"), ("bridge", "done"), ("bird-dog", "done")),
    )
    assert health(store.database, at(200)).good == {"bird-dog": 1}


def test_good_sessions_are_counted_since_the_last_trouble(store: Store) -> None:
    """Trouble is a "that hurts", more pain afterwards, or another level."""
    tell(
        store,
        *session(0.0, 1, 3, ("bridge", "done"), ("cat-stretch", "done")),
        *session(100.0, 2, 2, ("bridge", "done"), ("cat-stretch", "hurt")),
        *session(200.0, 2, 1, ("bridge", "done"), ("cat-stretch", "done")),
    )
    assert health(store.database, at(300)).good == {"bridge": 2, "cat-stretch": 1}
    tell(
        store, (301, Record("level", "bridge", value=1)), *session(400.0, 2, 2, ("bridge", "done"))
    )
    told = health(store.database, at(500))
    assert told.good["bridge"] == 1
    assert told.levels == {"bridge": 1}


def test_what_was_told_once_and_what_holds_for_good_outlives_the_summing_up(store: Store) -> None:
    """Years later an answer still leaves out what it speaks against."""
    tell(
        store,
        (1, Record("screening", "stenosis", value=1)),
        (2, Record("level", "bridge", value=-1)),
        (3, Record("told", "two weeks")),
        (4, Record("quiet", "quiet", 60.0)),
    )
    then = Moment(BEGAN_MS + (KEEP_DAYS + 40) * 86_400_000, 7200, "two", 5.0, True)
    while some(store, then):
        pass
    told = health(store.database, then)
    assert told == replace(
        Health(),
        answered=frozenset({"stenosis"}),
        yes=frozenset({"stenosis"}),
        levels={"bridge": -1},
        told=frozenset({"two weeks"}),
    )
    assert store.database.execute("SELECT kind FROM note ORDER BY id").fetchall() == [
        ("screening",),
        ("level",),
        ("told",),
    ]


def test_a_new_program_knows_what_the_last_one_was_told(tmp_path: Path) -> None:
    """Written by the journal, read by the next one."""
    path = tmp_path / "journal.sqlite3"
    journal = Journal(lambda _: None, path)
    journal(Record("screening", "surgery", value=1))
    assert journal.flush(20.0)
    journal.close()
    following = Journal(lambda _: None, path)
    assert following.health().yes == {"surgery"}
    following.close()
    with open_store(path) as opened:
        assert opened.database.execute("SELECT count(*) FROM note").fetchone() == (1,)
