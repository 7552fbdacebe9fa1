"""To each their own journal: what is whose on the disk, and who was last there."""

import queue
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from assistant.coach.effects import Keep, Meet, Place, Record, Remember
from assistant.coach.events import GUEST, Event, Health, Met
from assistant.coach.memory import Remembered, Wanted, Wish
from assistant.journal import Journal, Journals
from assistant.journal.journals import file_of
from assistant.journal.row_time import Clock, Moment

PEOPLE = ("maria", "ben")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


@contextmanager
def opened(
    path: Path, inbox: "queue.SimpleQueue[Event] | None" = None, clock: Clock | None = None
) -> Iterator[Journals]:
    journals = Journals((inbox or queue.SimpleQueue()).put, path, "maria", clock=clock)
    try:
        yield journals
    finally:
        journals.close()


def ask(path: Path, sql: str) -> list[object]:
    with closing(sqlite3.connect(path)) as database:
        return [value for (value,) in database.execute(sql).fetchall()]


def of(path: Path, person: str) -> Path:
    return file_of(person, "maria", path)


def test_every_row_is_in_the_journal_of_whom_it_is_of(path: Path) -> None:
    """A session is of who is there; a reminder of whose desk it is; a guest leaves nothing."""
    with opened(path) as journals:
        journals.begin(PEOPLE, GUEST)
        for person in ("maria", "ben", GUEST):
            journals(Meet(person))
            journals(Record("session_start", f"of-{person}"))
            journals(Record("pain", "", detail="before", value=3))
            journals(Record("break_due"))
            journals(Record("break_taken", seconds=4.0))
            journals(Record("screening", "numbness", value=1))
    assert ask(of(path, "maria"), "SELECT routine FROM session") == ["of-maria"]
    assert ask(of(path, "ben"), "SELECT routine FROM session") == ["of-ben"]
    assert ask(of(path, "maria"), "SELECT sum(due) FROM stand_day") == [3]
    assert ask(of(path, "ben"), "SELECT sum(due) FROM stand_day") == [None]
    assert len(list(path.parent.rglob("*.sqlite3"))) == 2


def test_what_was_told_comes_back_to_who_told_it(path: Path) -> None:
    """As soon as they say who they are, what they said a moment ago is known again."""
    inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()
    with opened(path, inbox) as journals:
        journals(Meet("ben"))
        journals(Record("screening", "numbness", value=1))
        journals(Record("screening", "all", value=1))
        journals(Meet("maria"))
        journals(Meet("ben"))
        told = [inbox.get(timeout=10.0) for _ in range(3)]
    assert all(isinstance(one, Met) for one in told)
    last = {one.person: one.health for one in told if isinstance(one, Met)}
    assert last["ben"].yes == {"numbness"}
    assert not last["maria"].yes


def test_after_a_restart_it_is_known_who_was_led(path: Path) -> None:
    """The place is kept with the desk, and whose that is; who is there without one is known by the
    last word of it, for two hours."""
    led = Place("lower-back-gentle")
    with opened(path) as journals:
        journals.begin(PEOPLE, GUEST)
        journals(Record("person", "ben"))
        journals(Meet("ben"))
        journals(Record("screening", "all", value=1))
        journals(Keep(led))
    with opened(path) as journals:
        met = journals.begin(PEOPLE, GUEST)
        assert (met.person, met.health.screened) == ("ben", True)
        assert journals.place() == led
    with opened(path) as journals:  # they were taken out of the configuration meanwhile
        assert journals.begin(["maria"], GUEST) == Met(person=GUEST, health=Health(unknown=True))
        assert journals.place() == Place(), "nobody else goes on where they were"
    late = "UPDATE note SET at_ms = at_ms - 7300000, mono_s = mono_s - 7300"
    with closing(sqlite3.connect(path)) as database:
        database.execute(late)
        database.commit()
    with opened(path) as journals:  # they said so hours ago, and were led until just now
        assert journals.begin(PEOPLE, GUEST).person == "ben"
        journals(Keep(Place(sit_left_s=600.0)))
    with opened(path) as journals:
        assert journals.begin(PEOPLE, GUEST).person == GUEST


def test_the_journal_of_one_becomes_the_owners_and_nothing_is_lost(path: Path) -> None:
    """What an earlier version kept needs no change; who comes later begins with nothing."""
    alone = Journal(queue.SimpleQueue[Event]().put, path)
    alone(Record("screening", "all", value=1))
    alone(Record("session_start", "strength"))
    alone.close()
    with opened(path) as journals:
        assert journals.begin(PEOPLE, "maria").health.screened
        journals(Meet("ben"))
        assert not journals.begin(PEOPLE, "ben").health.screened
    assert ask(path, "SELECT routine FROM session") == ["strength"]


def test_a_guest_has_the_desks_plan_and_changes_nothing_of_it(path: Path) -> None:
    """And how often is reminded is the desk's for everybody."""
    sit_s = Wish(2400.0, 1200.0)
    with opened(path) as journals:
        journals.begin(PEOPLE, "maria")
        journals(Remember(Remembered(wanted=Wanted(days_goal=3, sit_s=sit_s))))
        journals(Meet("ben"))
        journals(Remember(Remembered(wanted=Wanted(days_goal=5, sit_s=sit_s))))
        journals(Meet(GUEST))
        journals(Remember(Remembered(wanted=Wanted(days_goal=7, sit_s=sit_s))))
    with opened(path) as journals:
        told = [journals.begin(PEOPLE, who).remembered.wanted for who in ("maria", "ben", GUEST)]
    assert [(one.days_goal, one.sit_s) for one in told] == [(3, sit_s), (5, sit_s), (3, sit_s)]


def test_who_gets_down_to_the_floor_is_each_persons_own(path: Path) -> None:
    """Nobody knows it of a guest, who may be whose desk it is: that they don't is kept for them,
    that they do isn't."""
    not_down, down = Wish(0.0, 1.0), Wish(1.0, 0.0)

    def told(floor: Wish) -> list[Wanted]:
        with opened(path) as journals:
            journals.begin(PEOPLE, "maria")
            wanted = Wanted(floor=floor, no_floor_day=9)
            journals(Remember(Remembered(wanted=wanted, before=Wanted())))
        with opened(path) as journals:
            known = [journals.begin(PEOPLE, who).remembered for who in ("maria", "ben", GUEST)]
        assert known[2].before is None
        return [one.wanted for one in known]

    assert [one.floor for one in told(not_down)] == [not_down, None, not_down]
    wanted = told(down)
    assert [one.floor for one in wanted] == [down, None, None]
    assert [one.no_floor_day for one in wanted] == [9, None, 9]


def test_nobody_gets_anothers_journal_by_becoming_the_owner(path: Path) -> None:
    """Who has a file of their own keeps it, whatever the configuration says of the desk."""
    with opened(path) as journals:
        journals(Meet("ben"))
        journals(Record("session_start", "of-ben"))
    assert file_of("ben", "ben", path) == of(path, "ben")
    assert file_of("maria", "ben", path) != path
    assert file_of("", "", path) == path


@pytest.mark.parametrize("who", ["ben", GUEST])
def test_how_often_the_desk_reminds_holds_whoever_asked_for_it(path: Path, who: str) -> None:
    """Through a restart; all else that was asked for stays whose it was."""
    slow, often = Wish(0.8, 1.0), Wish(1800.0, 1200.0)
    with opened(path) as journals:
        journals.begin(PEOPLE, GUEST)
        journals(Meet("maria"))
        journals(Remember(Remembered(wanted=Wanted(pace=slow), before=Wanted())))
        journals(Meet(who))
        journals(Remember(Remembered(wanted=Wanted(days_goal=4, sit_s=often))))
    with opened(path) as journals:
        found = journals.begin(["maria"], "maria").remembered
    assert found == Remembered(wanted=Wanted(pace=slow, sit_s=often), before=Wanted(sit_s=often))


class Seconds(Clock):
    """One passes between any two things."""

    def __init__(self) -> None:
        super().__init__()
        self._at_s = 0

    def now(self) -> Moment:
        self._at_s += 1
        return Moment(1_800_000_000_000 + 1000 * self._at_s, 0, "one", float(self._at_s), True)


SAID = Record("command", "hurts", detail="voice")


@pytest.mark.parametrize(
    ("after", "comes_back", "ended"),
    [
        ((), False, (True,)),
        ((), True, ()),
        ((Record("goes_on", "hurts"),), False, ()),
        ((Record("exercise", "bridge", 5.0, "done"),), False, ()),
    ],
)
@pytest.mark.parametrize("told", [SAID, Record("pain", detail="after", value=7)])
def test_a_power_cut_where_it_had_just_hurt_stopped_the_session_for_that(
    path: Path, told: Record, after: Sequence[Record], comes_back: bool, ended: tuple[bool, ...]
) -> None:
    """Where nobody comes back to it in time. What was answered there, or gone on with, was not."""
    led = Place("lower-back-gentle", hurt=True) if comes_back else Place(sit_left_s=600.0)
    clock = Seconds()
    with opened(path, clock=clock) as journals:
        journals.begin((), "")
        journals(Record("session_start", "lower-back-gentle"))
        for record in (told, *after):
            journals(record)
        journals(Keep(led))
    for _ in range(2):
        with opened(path, clock=clock) as journals:
            met = journals.begin((), "")
            assert met.health.ended == ended
            assert [one.how for one in met.trained] == ["hurt"] * len(ended)
