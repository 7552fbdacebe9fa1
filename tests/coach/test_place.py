"""What the journal is told, and coming back after a power cut."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coach.effects import Chime, Keep, Place, Record, Sound
from assistant.coach.events import Command
from assistant.coach.state import Mode
from assistant.coach.step import begin
from assistant.content import sentences
from assistant.content.types import Kind
from tests.coach.driver import SETTINGS, SIDES, STARTS, Drive

C = Command
KEEPING = replace(SETTINGS, keeps=True)


def places(drive: Drive) -> list[tuple[float, Place]]:
    return [(when, e.place) for when, e in drive.ordered(Keep) if isinstance(e, Keep)]


def came_back(place: Place) -> Drive:
    """A coach that starts at time 0 where another left off."""
    drive = Drive()
    drive.state, effects = begin(SETTINGS, 0.0, place=place)
    drive.log = []
    drive.take(effects)
    return drive


def test_each_side_has_its_row() -> None:
    """Planned and real seconds and repetitions, for each side of an exercise."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(STARTS["right"] + 2.0, C.STOP)
    rows = [e for _, e in drive.ordered(Record) if isinstance(e, Record) and e.kind == "exercise"]
    assert [(r.name, r.side, r.seconds, r.planned_s, r.detail) for r in rows] == [
        ("plank", "", 20.0, 20.0, "done"),
        ("donkey-kick", "left", 5.0, 5.0, "stopped"),
        ("donkey-kick", "right", 2.0, 5.0, "stopped"),
    ]


def test_repetitions_that_were_begun_do_not_count() -> None:
    """Only whole repetitions are written down."""
    segments = tuple(
        replace(s, reps=5) if s.kind is Kind.WORK and s.item == 0 else s for s in SIDES.segments
    )
    drive = Drive(replace(SETTINGS, plans={"sides": replace(SIDES, segments=segments)}))
    drive.at(0.0, C.START)
    drive.at(STARTS["work"] + 11.9, C.NEXT)
    rows = [e for _, e in drive.ordered(Record) if isinstance(e, Record) and e.kind == "exercise"]
    assert [(r.reps, r.planned_reps, r.detail) for r in rows] == [(2, 5, "left")]


def test_the_place_is_kept_every_second_of_a_session() -> None:
    """A cut costs at most a second of the session, and nothing of what was done before."""
    drive = Drive(KEEPING)
    drive.at(0.0, C.START)
    drive.at(STARTS["outro"])
    kept = places(drive)
    assert kept[1] == (0.0, Place("sides", 0, 0.0))
    times = [when for when, _ in kept]
    assert max(b - a for a, b in pairwise(times)) <= 1.0
    by_segment = {place.segment for _, place in kept}
    assert by_segment == set(range(10))


def test_the_remaining_minutes_are_kept() -> None:
    """At the desk the place is kept every five seconds, and at once when something happens."""
    drive = Drive(KEEPING)
    drive.at(60.0)
    assert len(places(drive)) == 13
    assert places(drive)[-1] == (60.0, Place(sit_left_s=1140.0))
    drive.at(SETTINGS.sit_s + 3.0, C.SNOOZE)
    assert places(drive)[-1][1] == Place(sit_left_s=300.0, snoozes=1)


def test_without_a_journal_nothing_is_kept() -> None:
    """Nobody is asked to keep what nobody can keep."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(100.0)
    assert not places(drive)


def test_after_a_cut_it_waits_where_it_was() -> None:
    """It says where it was, holds nobody to anything, and goes on at that very place."""
    drive = came_back(Place("sides", 8, 2.0))
    assert drive.mode() is Mode.PAUSED
    assert drive.said() == [(0.0, sentences.back_in("kick", "right"))]
    drive.at(20.0, C.PRESS)
    drive.at(60.0)
    ends = [w for w, e in drive.ordered(Chime) if isinstance(e, Chime) and e.sound is Sound.END]
    assert ends == [20.0 + 3.0 + 3.0]
    rows = [e for _, e in drive.ordered(Record) if isinstance(e, Record) and e.kind == "exercise"]
    assert [(r.side, r.seconds) for r in rows] == [("left", 5.0), ("right", 5.0)]


def test_after_a_cut_in_the_introduction_the_routine_is_named() -> None:
    """Before the first exercise there is only the routine to name."""
    assert came_back(Place("sides", 0, 1.0)).said()[0][1] == sentences.back_in("sides", "")


def test_after_a_cut_at_the_desk_the_minutes_go_on() -> None:
    """The twenty minutes don't start again, and that is said."""
    drive = came_back(Place(sit_left_s=660.0, snoozes=1))
    assert drive.said() == [
        (0.0, "I restarted. Eleven minutes left until your next stand-up."),
    ]
    assert drive.state.stand_at == 660.0
    assert drive.state.snoozes == 1


def test_after_a_cut_quiet_goes_on() -> None:
    """A meeting is not forgotten: no reminder comes until its end, and that is said."""
    drive = Drive(KEEPING)
    drive.at(600.0, C.MEETING)
    drive.at(1500.0)
    kept = places(drive)[-1][1]
    assert kept.quiet_left_s == pytest.approx(2700.0, abs=5.0)
    again = came_back(kept)
    assert again.said()[0][1].startswith("All right, quiet for")
    again.at(2600.0)
    assert again.mode() is Mode.IDLE
    again.at(2720.0)
    assert again.mode() is Mode.DUE


def test_after_a_cut_who_left_is_still_away() -> None:
    """Nobody is asked to stand up in an empty room only since the power failed."""
    drive = Drive(KEEPING)
    drive.at(600.0, C.LEAVING)
    drive.at(4200.0)
    again = came_back(places(drive)[-1][1])
    assert again.mode() is Mode.AWAY
    assert not again.said()
    again.at(3 * 3600.0 + 10.0)
    assert again.mode() is Mode.IDLE


@pytest.mark.parametrize("place", [None, Place(), Place("gone", 3, 1.0)])
def test_without_a_place_it_begins_as_ever(place: Place | None) -> None:
    """A routine that is not there any more is no place to come back to."""
    state, _ = begin(SETTINGS, 0.0, place=place)
    assert state.mode is Mode.IDLE
    assert state.stand_at == SETTINGS.sit_s
    assert state.last_said == sentences.READY.format(wake="hey coach")


@settings(max_examples=100, deadline=None)
@given(
    st.floats(0, 90),
    st.lists(
        st.tuples(st.floats(0, 20), st.sampled_from([C.PAUSE, C.GO, C.NEXT, C.BACK])), max_size=5
    ),
)
def test_a_cut_at_any_moment_costs_at_most_a_second(
    cut: float, moves: list[tuple[float, Command]]
) -> None:
    """Whenever the power goes, it comes back in the same segment, at most a second earlier."""
    drive = Drive(KEEPING)
    drive.at(0.0, C.START)
    for gap, command in moves:
        drive.at(drive.now + gap, command)
    drive.at(drive.now + cut)
    before = drive.state
    again = came_back(places(drive)[-1][1]).state
    assert (again.session is None) == (before.session is None)
    if before.session is not None and again.session is not None:
        assert again.session.index == before.session.index
        if before.mode is Mode.LEADING:
            spent = min(drive.now - before.session.began, before.session.length_s)
            assert 0.0 <= spent - again.session.elapsed_s <= 1.0
        else:
            assert again.session.elapsed_s == before.session.elapsed_s


@given(st.text(max_size=8), st.integers(), st.floats(), st.floats(), st.integers())
def test_any_kept_place_is_safe(
    routine: str, segment: int, elapsed: float, left: float, snoozes: int
) -> None:
    """A place from a damaged or an old file never breaks the start."""
    for name in (routine, "sides", ""):
        for more in ((None, None), (left, None), (elapsed, left)):
            place = Place(name, segment, elapsed, left, snoozes, *more)
            state, _ = begin(SETTINGS, 0.0, place=place)
            assert state.mode in (Mode.IDLE, Mode.PAUSED, Mode.AWAY)
            assert state.quiet_until is None or 0.0 <= state.quiet_until <= 12 * 3600.0
        assert state.stand_at is None or 0.0 <= state.stand_at <= SETTINGS.sit_s
