"""Facts that come one by one make sessions and reminders with a beginning and an end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.coach.effects import Record
from assistant.journal.row_time import Moment
from assistant.journal.store import Store, open_store

BEGAN_MS = 1_790_000_000_000
EXERCISE = Record("exercise", "bridge", 10.0, "done", planned_s=10.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "journal.sqlite3") as opened:
        yield opened


def at(seconds: float, boot: str = "one") -> Moment:
    return Moment(BEGAN_MS + round(seconds * 1000), 7200, boot, seconds, True)


def tell(store: Store, *facts: tuple[float, Record], boot: str = "one") -> None:
    store.write([(at(seconds, boot), record) for seconds, record in facts])


def ask(store: Store, sql: str) -> list[Any]:
    return store.database.execute(sql).fetchall()


STANDS = "SELECT asked, answer, delay_s, snoozes, snooze_s FROM stand ORDER BY id"


def test_an_exercise_belongs_to_the_session_that_is_going_on(store: Store) -> None:
    """And a session knows how it ended and how long it took."""
    tell(
        store,
        (0, Record("session_start", "desk-break")),
        (10, EXERCISE),
        (20, Record("session_end", "desk-break", 20.0, "done")),
        (100, Record("session_start", "lower-back-gentle")),
        (110, EXERCISE),
    )
    assert ask(store, "SELECT routine, seconds, how FROM session ORDER BY id") == [
        ("desk-break", 20.0, "done"),
        ("lower-back-gentle", 0.0, None),
    ]
    assert ask(store, "SELECT session FROM exercise ORDER BY id") == [(1,), (2,)]


def test_a_session_goes_on_after_a_power_cut(store: Store) -> None:
    """It is the same one; its time is what the coach has counted since."""
    tell(store, (0, Record("session_start", "desk-break")), (10, EXERCISE))
    tell(
        store,
        (60, EXERCISE),
        (70, Record("session_end", "desk-break", 30.0, "done")),
        boot="two",
    )
    assert ask(store, "SELECT how, seconds FROM session") == [("done", 30.0)]
    assert ask(store, "SELECT session FROM exercise") == [(1,), (1,)]


def test_a_session_that_never_ended_is_cut_when_the_next_begins(store: Store) -> None:
    """Only one session is open at a time."""
    tell(store, (0, Record("session_start", "desk-break")))
    tell(store, (0, Record("session_start", "desk-break")), boot="two")
    assert ask(store, "SELECT how FROM session ORDER BY id") == [("cut",), (None,)]


def test_what_was_forgotten_in_the_middle_of_a_session_stays_forgotten(store: Store) -> None:
    """What comes after is kept all the same."""
    tell(store, (10, EXERCISE), (20, Record("session_end", "desk-break", 20.0, "done")))
    assert ask(store, "SELECT session FROM exercise") == [(None,)]
    assert ask(store, "SELECT routine, how FROM session") == [("desk-break", "done")]


def test_pain_before_and_after_belongs_to_its_session(store: Store) -> None:
    """Whether it is asked for before the session begins, in it, or after its end."""
    tell(
        store,
        (0, Record("pain", "desk-break", detail="before", value=5)),
        (10, Record("session_start", "desk-break")),
        (20, Record("pain", "desk-break", detail="before", value=4)),
        (30, Record("session_end", "desk-break", 20.0, "done")),
        (40, Record("pain", "desk-break", detail="after", value=2)),
        (5000, Record("pain", "", detail="before", value=9)),
        (50000, Record("session_start", "desk-break")),
    )
    assert ask(store, "SELECT session, moment, value FROM pain ORDER BY id") == [
        (1, "before", 5),
        (1, "before", 4),
        (1, "after", 2),
        (None, "before", 9),
    ]


@pytest.mark.parametrize(
    ("kind", "answer", "delay_s"),
    [
        ("break_taken", "taken", 12.3),
        ("break_skipped", "skipped", 12.3),
        ("break_unanswered", "unanswered", 12.3),
    ],
)
def test_a_reminder_has_one_answer(store: Store, kind: str, answer: str, delay_s: float) -> None:
    """With the time from the reminder to the answer, as the coach has measured it."""
    tell(store, (0, Record("break_due")), (12, Record(kind, seconds=12.34)))
    assert ask(store, STANDS) == [(1, answer, delay_s, 0, 0.0)]


def test_a_reminder_that_was_put_off_is_one_reminder(store: Store) -> None:
    """Its delay counts from the first time it came."""
    tell(
        store,
        (0, Record("break_due")),
        (10, Record("break_snoozed", seconds=300.0)),
        (310, Record("break_due")),
        (320, Record("break_snoozed", seconds=120.0)),
        (440, Record("break_due")),
        (450.5, Record("break_taken", seconds=10.5)),
    )
    assert ask(store, STANDS) == [(1, "taken", 450.5, 2, 420.0)]


def test_standing_up_before_a_snooze_is_over_answers_the_reminder(store: Store) -> None:
    """It was put off, and then taken after all."""
    tell(
        store,
        (0, Record("break_due")),
        (10, Record("break_snoozed", seconds=300.0)),
        (60, Record("break_taken")),
    )
    assert ask(store, STANDS) == [(1, "taken", 60.0, 1, 300.0)]


def test_a_snooze_is_over_when_something_else_came(store: Store) -> None:
    """After a session, or the next day, a reminder is a new one."""
    snoozed = (Record("break_due"), Record("break_snoozed", seconds=300.0))
    tell(store, (0, snoozed[0]), (10, snoozed[1]))
    tell(store, (20, Record("session_start", "desk-break")), (200, Record("break_due")))
    tell(store, (210, Record("break_snoozed", seconds=300.0)), (80_000, Record("break_due")))
    assert ask(store, STANDS) == [
        (1, "snoozed", 10.0, 1, 300.0),
        (1, "snoozed", 10.0, 1, 300.0),
        (1, None, None, 0, 0.0),
    ]


def test_a_reminder_that_was_put_off_can_be_answered_in_every_way(store: Store) -> None:
    """Put off again, left out, or not answered: the coach says no second time that it is due."""
    for answer, expected in (
        (Record("break_skipped", seconds=1.0), ("skipped", 400.0, 1, 300.0)),
        (Record("break_unanswered", seconds=1.0), ("unanswered", 400.0, 1, 300.0)),
        (Record("break_snoozed", seconds=60.0), ("snoozed", 400.0, 2, 360.0)),
        (Record("break_taken", seconds=1.0), ("taken", 400.0, 1, 300.0)),
    ):
        store.database.execute("DELETE FROM stand")
        tell(store, (0, Record("break_due")), (10, Record("break_snoozed", seconds=300.0)))
        tell(store, (400, answer))
        assert ask(store, STANDS) == [(1, *expected)]


def test_a_late_answer_is_an_answer(store: Store) -> None:
    """The lamp asks on after the voice has given up; who gets up nine minutes later got up."""
    tell(store, (0, Record("break_due")), (240, Record("break_unanswered", seconds=240.0)))
    tell(store, (540, Record("break_taken", seconds=540.0)))
    assert ask(store, STANDS) == [(1, "taken", 540.0, 0, 0.0)]


def test_an_answer_hours_later_is_a_break_of_its_own(store: Store) -> None:
    """Nobody stood at that reminder."""
    tell(store, (0, Record("break_due")), (240, Record("break_unanswered", seconds=240.0)))
    tell(store, (3 * 3600, Record("break_taken")))
    assert [row[:2] for row in ask(store, STANDS)] == [(1, "unanswered"), (0, "taken")]
    tell(store, (20_000, Record("break_due")), (20_240, Record("break_unanswered")))
    tell(store, (20_000 + 3 * 3600 - 1, Record("break_taken")))
    assert ask(store, STANDS)[2][:3] == (1, "taken", 10_799.0)


@pytest.mark.parametrize(("before_s", "session"), [(600, 1), (601, None)])
def test_pain_that_was_asked_ten_minutes_before_a_session_belongs_to_it(
    store: Store, before_s: int, session: int | None
) -> None:
    """Longer ago it was asked for something else."""
    tell(store, (1000 - before_s, Record("pain", detail="before", value=5)))
    tell(store, (1000, Record("session_start", "desk-break")))
    assert ask(store, "SELECT session FROM pain") == [(session,)]


LED = (
    (1000, Record("session_start", "desk-break")),
    (1060, EXERCISE),
    (1090, EXERCISE),
    (1120, Record("session_end", "desk-break", 120.0, "done")),
)


def test_a_routine_counts_as_a_break(store: Store) -> None:
    """Nobody had to ask; once, however many exercises, on the day that it began."""
    tell(store, *LED)
    assert ask(store, "SELECT asked, answer, delay_s, mono_s FROM stand") == [
        (0, "taken", None, 1000.0)
    ]


def test_a_routine_in_which_nothing_was_done_is_no_break(store: Store) -> None:
    """Begun and stopped at a question."""
    tell(store, LED[0], (1030, Record("session_end", "desk-break", 30.0, "stopped")))
    assert ask(store, STANDS) == []


@pytest.mark.parametrize(
    ("before", "delay_s", "snoozes"),
    [
        ([], 100.0, 0),
        ([Record("break_snoozed", seconds=600.0)], 100.0, 1),
        ([Record("break_unanswered", seconds=95.0)], 100.0, 0),
    ],
)
def test_a_routine_answers_the_reminder_that_waits(
    store: Store, before: list[Record], delay_s: float, snoozes: int
) -> None:
    """Also one that was put off, or that nobody had answered: it isn't asked for again."""
    tell(store, (900, Record("break_due")), *((950, answer) for answer in before), *LED)
    [(asked, answer, delay, times, _)] = ask(store, STANDS)
    assert (asked, answer, delay, times) == (1, "taken", delay_s, snoozes)


@pytest.mark.parametrize("when", [995, 1000, 1061, 1125, 1400])
def test_getting_up_for_a_routine_and_the_routine_are_one_break(store: Store, when: int) -> None:
    """Whether it is said before it, in it or up to five minutes after it."""
    said = (when, Record("break_taken"))
    tell(store, *sorted([*LED, said], key=lambda fact: fact[0]))
    assert ask(store, "SELECT count(*) FROM stand") == [(1,)]


def test_getting_up_again_later_is_another_break(store: Store) -> None:
    """Five minutes after the end of the routine."""
    tell(store, *LED, (1421, Record("break_taken")))
    assert ask(store, "SELECT count(*) FROM stand") == [(2,)]


def test_a_break_that_is_said_five_times_is_one(store: Store) -> None:
    """In five minutes, or by two presses in two seconds; the clock may be set meanwhile."""
    tell(store, *((minute * 60, Record("break_taken")) for minute in range(5)))
    tell(store, (242, Record("break_taken")))
    assert ask(store, "SELECT count(*) FROM stand") == [(1,)]
    tell(store, (300, Record("break_taken")))
    assert ask(store, "SELECT count(*) FROM stand") == [(2,)]


def test_two_presses_at_a_reminder_are_one_break(store: Store) -> None:
    """The second one comes when the reminder is answered already."""
    taken = [(2700 + n, Record("break_taken", seconds=1200.0 + n)) for n in (0, 2)]
    tell(store, (1500, Record("break_due")), *taken)
    assert ask(store, STANDS) == [(1, "taken", 1200.0, 0, 0.0)]


def test_what_an_import_brought_waits_for_no_answer(store: Store) -> None:
    """A reminder that is still open on another machine isn't answered on this one."""
    tell(store, (0, Record("break_due")), boot="other")
    store.database.execute("UPDATE boot SET imported = 1")
    tell(store, (10, Record("break_taken")))
    assert ask(store, STANDS) == [(1, None, None, 0, 0.0), (0, "taken", None, 0, 0.0)]


def test_nothing_here_is_part_of_a_session_that_an_import_brought(store: Store) -> None:
    """Though it is newer, and was still going on there."""
    tell(store, (0, Record("session_start", "a")), (9, Record("session_end", "a", 9.0, "done")))
    tell(store, (50, Record("session_start", "theirs")), boot="other")
    store.database.execute("UPDATE boot SET imported = 1 WHERE uuid = 'other'")
    tell(store, (60, EXERCISE), (70, Record("pain", detail="after", value=3)))
    assert ask(store, "SELECT session FROM exercise") == [(None,)]
    assert ask(store, "SELECT session FROM pain") == [(1,)]


def test_getting_up_is_no_answer_to_a_reminder_of_yesterday(store: Store) -> None:
    """The power went while it asked; the break of today is one of its own."""
    tell(store, (0, Record("break_due")))
    tell(store, (80_000, Record("break_taken")), boot="two")
    tell(store, *((81_000 + second, record) for second, record in LED), boot="two")
    assert [row[:3] for row in ask(store, STANDS)] == [
        (1, None, None),
        (0, "taken", None),
        (0, "taken", None),
    ]


def test_standing_up_unasked_is_no_answer(store: Store) -> None:
    """It counts by itself, and has no delay."""
    tell(store, (0, Record("break_taken")))
    assert ask(store, STANDS) == [(0, "taken", None, 0, 0.0)]


def test_a_reminder_that_the_power_cut_is_told_apart(store: Store) -> None:
    """It was due, and nobody could answer."""
    tell(store, (0, Record("break_due")))
    tell(store, (0, Record("break_due")), (5, Record("break_taken", seconds=5.0)), boot="two")
    assert [row[1] for row in ask(store, STANDS)] == ["cut", "taken"]
    assert ask(store, "SELECT due, taken, cut FROM stand_day") == [(2, 1, 1)]


def test_commands_and_faults_are_kept_without_a_word_that_was_said(store: Store) -> None:
    """What was asked for and how it came; which part failed and why."""
    tell(
        store,
        (0, Record("command", "snooze", detail="voice")),
        (1, Record("fault", "microphone", detail="it was unplugged")),
        (2, Record("timer", "tea", 240.0, "done")),
        (3, Record("command", "snooze", detail="voice")),
    )
    assert ask(store, "SELECT kind, name, detail, times, seconds FROM count_day") == [
        ("command", "snooze", "voice", 2, 0.0),
        ("fault", "microphone", "", 1, 0.0),
        ("timer", "tea", "done", 1, 240.0),
    ]


def test_a_local_date_is_the_one_on_the_wall(store: Store) -> None:
    """Half past eleven in the evening UTC is the next day two hours to the east."""
    evening = 20_000 * 86400 + 23.5 * 3600
    moment = Moment(round(evening * 1000), 7200, "one", 1.0, True)
    store.write([(moment, EXERCISE)])
    assert ask(store, "SELECT day FROM exercise") == [(20_001,)]
    assert moment.day == 20_001
    assert (moment.local.date() - moment.local.date().replace(1970, 1, 1)).days == 20_001
