"""What the journal tells the coach of a person's back."""

from dataclasses import replace
from pathlib import Path

from assistant.coach.effects import Record
from assistant.coach.events import Health
from assistant.journal import Journal
from assistant.journal.clock import Moment
from assistant.journal.health import PAIN_LASTS_MS, health
from assistant.journal.store import Store, open_store
from assistant.journal.tidy import KEEP_DAYS, some
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
        (began_s + 3, Record("session_end", "mobility", 3.0, "done")),
        (began_s + 4, Record("pain", detail="after", value=after)),
    ]


def test_an_empty_journal_tells_nothing(store: Store, tmp_path: Path) -> None:
    assert health(store.database, at(0)) == Health()
    journal = Journal(lambda _: None, tmp_path / "none" / "journal.sqlite3")
    journal.close()
    assert journal.health() == Health()


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
    tell(store, (5, Record("screening", "all", value=1)))
    assert health(store.database, at(6)).screened


def test_pain_is_told_with_its_days_and_the_last_of_it_while_it_is_fresh(store: Store) -> None:
    """A session may be gone on with for two hours after a power cut."""
    tell(store, *session(0.0, 4, 4), *session(DAY_S, 2, 2))
    told = health(store.database, at(DAY_S + 60))
    assert told.pains == ((TODAY, 4), (TODAY + 1, 2))
    assert told.pain == 2
    later = at(DAY_S + PAIN_LASTS_MS / 1000 + 60)
    assert health(store.database, later).pain is None


def test_sessions_that_ended_worse_are_counted_from_the_last_one_back(store: Store) -> None:
    tell(store, *session(0.0, 1, 3), *session(100.0, 2, 2))
    assert health(store.database, at(200)).worse == 0
    tell(store, *session(300.0, 2, 4), *session(400.0, 1, 2))
    assert health(store.database, at(500)).worse == 2


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
        Health(), yes=frozenset({"stenosis"}), levels={"bridge": -1}, told=frozenset({"two weeks"})
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
