"""The sessions that a plan goes on from, as the journal knows them."""

from dataclasses import replace

from assistant.coach.effects import Keep, Record
from assistant.coach.events import Asked, Trained, WallClock
from assistant.coach.events import Command as C
from assistant.coach.step import begin
from assistant.journal.ended import ended
from assistant.journal.health import health
from assistant.journal.recent_sessions import trained
from assistant.journal.store import Store
from tests.coach.driver import Drive
from tests.coach.test_session_start import shipped
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
        Trained(TODAY, "strength", ("bridge",), "done", easy=True, after=-1, told=True),
        Trained(TODAY + 2, "mobility", ("cat-stretch",), "worse", told=True),
    )


def test_from_four_minutes_on_a_session_is_one_to_go_on_from(store: Store) -> None:
    tell(
        store,
        *session(0.0, "strength", ("bridge", "done"), for_s=240.0),
        *session(DAY_S, "mobility", ("cat-stretch", "done"), for_s=239.0),
    )
    assert [one.routine for one in trained(store.database, at(2 * DAY_S))] == ["strength"]


def test_what_was_said_of_the_second_of_a_day_says_nothing_of_the_first(store: Store) -> None:
    tell(
        store,
        *session(0.0, "strength", ("bridge", "done")),
        *session(3600.0, "strength", ("bridge", "done")),
        (7200.0, Record("felt", "strength", value=1)),
    )
    assert [one.easy for one in trained(store.database, at(DAY_S))] == [None, True]


def test_a_clock_that_nobody_has_confirmed_counts_unless_it_cannot_be_right(store: Store) -> None:
    """After a power cut, without a network: a date of years ago is that of a clock not yet set."""
    for days_ago in (40.0, 20_000.0):
        rows = session(-days_ago * DAY_S, "strength", ("bridge", "done"))
        store.write([(replace(at(when), clock_ok=False), record) for when, record in rows])
    assert [one.day for one in trained(store.database, at(0.0))] == [TODAY - 40]
    everything = [(one.day, one.dated) for one in ended(store.database)]
    assert everything == [(TODAY - 40, True), (TODAY - 20_000, False)]


def test_what_was_too_short_or_had_nothing_in_it_is_none(store: Store) -> None:
    tell(
        store,
        *session(0.0, "desk-break", ("desk-back-bend", "done"), for_s=200.0),
        *session(100.0, "mobility", ("cat-stretch", "left")),
    )
    assert trained(store.database, at(DAY_S)) == ()


def test_what_hurt_is_one_however_short_it_was(store: Store) -> None:
    """Stopped for pain, before any work too; or more pain afterwards."""
    tell(
        store,
        (0.0, Record("session_start", "strength")),
        (2.0, Record("session_end", "strength", 20.0, "hurt")),
        (50.0, Record("session_start", "strength")),
        (60.0, Record("exercise", "bridge", 5.0, "hurt")),
        (61.0, Record("session_end", "strength", 40.0, "hurt")),
        *session(100.0, "mobility", ("cat-stretch", "left"), for_s=90.0, after=2),
        *session(200.0, "mobility", ("cat-stretch", "done"), for_s=90.0, after=1),
    )
    assert trained(store.database, at(DAY_S)) == (
        Trained(TODAY, "strength", (), "hurt", short=True, told=True),
        Trained(TODAY, "strength", ("bridge",), "hurt", short=True, told=True),
        Trained(TODAY, "mobility", (), "worse", short=True, told=True),
    )


def test_a_restart_and_a_power_cut_take_nothing_from_what_hurt(store: Store) -> None:
    """What the coach knows of a session that was stopped for pain is what the journal tells the
    next start; where the power failed in the question, it comes back and counts."""
    for cut in (False, True):
        told = replace(shipped(), keeps=True)
        drive = Drive(told)
        drive.at(0.0, WallClock(TODAY * DAY_S + 36_000.0))
        drive.at(1.0, Asked(C.START, routine="lower-back-strength"))
        drive.at(15.0, Asked(C.NUMBER, value=2))
        while drive.session is None or not drive.session.working:
            drive.at(drive.now + 1.0, C.GO)
        drive.at(drive.now + 5.0, C.HURTS)
        began, log = 0.0, [*drive.log]
        if cut:
            place = [e.place for _, e in drive.log if isinstance(e, Keep)][-1]
            began, drive = drive.now + 20.0, Drive(told)
            drive.state, effects = begin(told, 0.0, greet=False, place=place)
            drive.take(effects)
            drive.at(0.0, WallClock(TODAY * DAY_S + 36_000.0 + began))
        drive.at(drive.now + 5.0, C.STOP)
        log += [(began + when, effect) for when, effect in drive.log if drive.log is not log]
        known = drive.state.person.trained
        assert [one.how for one in known] == ["hurt"]
        seen = {id(e): (t, e) for t, e in log}.values()
        tell(store, *((t, e) for t, e in seen if isinstance(e, Record)))
        assert trained(store.database, at(DAY_S))[-1:] == known


def test_a_morning_that_was_worse_counts_as_a_session_that_ended_worse(store: Store) -> None:
    """Twice in a row, and strengthening waits; once where it was said at once and the next day."""
    tell(
        store,
        *session(0.0, "strength", ("bridge", "done")),
        (DAY_S, Record("morning", str(TODAY), value=-1)),
    )
    assert health(store.database, at(DAY_S + 9)).ended == (True,)
    assert health(store.database, at(DAY_S + 9)).good == {}
    tell(
        store,
        *session(2 * DAY_S, "strength", ("bridge", "done"), after=5),
        (3 * DAY_S, Record("morning", str(TODAY + 2), value=-1)),
    )
    assert health(store.database, at(3 * DAY_S + 9)).ended == (True, True)
    tell(
        store,
        *session(4 * DAY_S, "strength", ("bridge", "done")),
        (5 * DAY_S, Record("morning", str(TODAY + 4), value=0)),
    )
    assert health(store.database, at(5 * DAY_S + 9)).ended == (True, True, False)


def test_a_morning_is_about_the_last_session_of_its_day(store: Store) -> None:
    """Two on one day that ended well, and a morning that is worse: one of them was too much."""
    tell(
        store,
        *session(0.0, "mobility", ("cat-stretch", "done")),
        *session(1000.0, "strength", ("bridge", "done")),
        (DAY_S, Record("morning", str(TODAY), value=-1)),
    )
    assert health(store.database, at(DAY_S + 9)).ended == (False, True)
    assert [one.after for one in trained(store.database, at(DAY_S + 9))] == [None, -1]
