"""The sessions that a plan goes on from, as the journal knows them."""

from assistant.coach.effects import Record
from assistant.coach.events import Trained
from assistant.journal.health import health
from assistant.journal.store import Store
from assistant.journal.training import trained
from tests.journal.test_rows import at, tell
from tests.journal.test_rows import store as store

DAY_S = 86400.0
TODAY = at(0).day


def session(
    began_s: float, routine: str, *exercises: tuple[str, str], for_s: float = 600.0, after: int = 1
) -> list[tuple[float, Record]]:
    return [
        (began_s, Record("pain", detail="before", value=1)),
        (began_s + 1, Record("session_start", routine)),
        *((began_s + 2, Record("exercise", name, 5.0, how)) for name, how in exercises),
        (began_s + 3, Record("session_end", routine, for_s, "done")),
        (began_s + 4, Record("pain", detail="after", value=after)),
    ]


def test_sessions_come_with_what_was_done_and_what_was_said_of_them_since(store: Store) -> None:
    """Whether it was easy, whether it hurt more afterwards, and how the next morning was."""
    tell(
        store,
        *session(0.0, "strength", ("bridge", "done"), ("bridge", "done"), ("dead-bug", "left")),
        (10.0, Record("felt", "strength", value=1)),
        (DAY_S, Record("morning", str(TODAY), value=-1)),
        *session(2 * DAY_S, "mobility", ("cat-stretch", "done"), after=3),
    )
    assert trained(store.database, at(3 * DAY_S)) == (
        Trained(TODAY, "strength", ("bridge",), "done", easy=True, after=-1),
        Trained(TODAY + 2, "mobility", ("cat-stretch",), "worse"),
    )


def test_what_was_too_short_or_had_nothing_in_it_is_none(store: Store) -> None:
    tell(
        store,
        *session(0.0, "desk-break", ("desk-back-bend", "done"), for_s=200.0),
        *session(100.0, "mobility", ("cat-stretch", "left")),
    )
    assert trained(store.database, at(DAY_S)) == ()


def test_a_morning_that_was_worse_counts_as_a_session_that_ended_worse(store: Store) -> None:
    """Twice in a row, and strengthening waits; once where it was said at once and the next day."""
    tell(
        store,
        *session(0.0, "strength", ("bridge", "done")),
        (DAY_S, Record("morning", str(TODAY), value=-1)),
    )
    assert health(store.database, at(DAY_S + 9)).worse == 1
    assert health(store.database, at(DAY_S + 9)).good == {}
    tell(
        store,
        *session(2 * DAY_S, "strength", ("bridge", "done"), after=5),
        (3 * DAY_S, Record("morning", str(TODAY + 2), value=-1)),
    )
    assert health(store.database, at(3 * DAY_S + 9)).worse == 2
    tell(
        store,
        *session(4 * DAY_S, "strength", ("bridge", "done")),
        (5 * DAY_S, Record("morning", str(TODAY + 4), value=0)),
    )
    assert health(store.database, at(5 * DAY_S + 9)).worse == 0
