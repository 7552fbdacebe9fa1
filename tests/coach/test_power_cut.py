"""What the journal is told, and coming back after a power cut."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coach.effects import Chime, Done, Keep, Place, Record, Sound
from assistant.coach.events import Asked, Command, Present, WallClock
from assistant.coach.fitting import known
from assistant.coach.state import Away, Due, Leading, Paused, Sitting
from assistant.coach.step import begin
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.types import Item, Kind, Phase, Plan
from tests.coach.driver import SETTINGS, SIDES, STARTS, Drive, kind_of, stand_at_of
from tests.coach.test_session_start import (
    GENTLE,
    NOON,
    SEEN,
    STRENGTH,
    led,
    person,
    rows,
    score,
    shipped,
    start,
    strengthening,
)

C = Command
KEEPING = replace(SETTINGS, keeps=True)
RIGHT = Place(
    "sides",
    "donkey-kick",
    "work",
    "right",
    length_s=5.0,
    elapsed_s=2.0,
    exercises=SIDES.exercise_ids,
    done=(Done("left", 5.0, 0),),
)
"""Two seconds into the right side of the last exercise, with all of the left one done."""


def places(drive: Drive) -> list[tuple[float, Place]]:
    return [(when, e.place) for when, e in drive.ordered(Keep) if isinstance(e, Keep)]


def came_back(place: Place) -> Drive:
    """A coach that starts at time 0 where another left off."""
    return Drive(place=place)


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
    intro = Place("sides", part="intro", length_s=4.0, exercises=SIDES.exercise_ids)
    assert kept[1] == (0.0, intro)
    times = [when for when, _ in kept]
    assert max(b - a for a, b in pairwise(times)) <= 1.0
    parts = {(at.exercise, at.part, at.side, at.repetition) for _, at in kept if at.routine}
    assert len(parts) == len(SIDES.segments)


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
    drive = came_back(RIGHT)
    assert drive.mode() is Paused
    assert drive.said() == [(0.0, sentences.back_in("kick", "right"))]
    drive.at(20.0, C.PRESS)
    drive.at(60.0)
    ends = [w for w, e in drive.ordered(Chime) if isinstance(e, Chime) and e.sound is Sound.END]
    assert ends == [20.0 + 3.0 + 3.0]
    rows = [e for _, e in drive.ordered(Record) if isinstance(e, Record) and e.kind == "exercise"]
    assert [(r.side, r.seconds) for r in rows] == [("left", 5.0), ("right", 5.0)]


def test_after_a_cut_in_the_introduction_the_routine_is_named() -> None:
    """Before the first exercise there is only the routine to name."""
    assert came_back(Place("sides", part="intro", length_s=4.0, elapsed_s=1.0)).said()[0][
        1
    ] == sentences.back_in("sides", "")


def test_after_a_cut_at_the_desk_the_minutes_go_on() -> None:
    """The twenty minutes don't start again, and that is said."""
    drive = came_back(Place(sit_left_s=660.0, snoozes=1))
    assert drive.said() == [
        (0.0, "I restarted. Eleven minutes left until your next stand-up."),
    ]
    assert drive.stand_at == 660.0
    assert drive.snoozes == 1


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
    assert again.mode() is Sitting
    again.at(2720.0)
    assert again.mode() is Due


def test_after_a_cut_who_left_is_still_away() -> None:
    """Nobody is asked to stand up in an empty room only since the power failed."""
    drive = Drive(KEEPING)
    drive.at(600.0, C.LEAVING)
    drive.at(4200.0)
    again = came_back(places(drive)[-1][1])
    assert again.mode() is Away
    assert not again.said()
    again.at(3 * 3600.0 + 10.0)
    assert again.mode() is Sitting


@pytest.mark.parametrize("place", [None, Place(), Place("gone", part="intro")])
def test_without_a_place_it_begins_as_ever(place: Place | None) -> None:
    """A routine that is not there any more is no place to come back to."""
    state, _ = begin(SETTINGS, 0.0, place=place)
    assert kind_of(state) is Sitting
    assert stand_at_of(state) == SETTINGS.sit_s
    assert state.voice.last_said == sentences.READY.format(wake="hey coach")


@settings(max_examples=100)
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
    before, session = drive.state, drive.session
    again = came_back(places(drive)[-1][1])
    assert (again.session is None) == (session is None)
    if session is not None and again.session is not None:
        assert again.session.index == session.index
        assert again.session.done == session.done
        if isinstance(before.lead, Leading):
            spent = min(drive.now - session.began, session.length_s)
            assert 0.0 <= spent - again.session.elapsed_s <= 1.0
        else:
            assert again.session.elapsed_s == session.elapsed_s


NAMES = st.sampled_from(["", "sides", "plank", "donkey-kick", "work", "intro", "left", "gone"])


@given(
    st.tuples(NAMES, NAMES, NAMES, NAMES),
    st.integers(),
    st.lists(st.floats(), min_size=5, max_size=5),
    st.integers(),
    st.lists(NAMES).map(tuple),
)
def test_any_kept_place_is_safe(
    at: tuple[str, str, str, str],
    repetition: int,
    figures: list[float],
    snoozes: int,
    exercises: tuple[str, ...],
) -> None:
    """A place from a damaged or an old file never breaks the start."""
    length, elapsed, left, quiet, away = figures
    for more in ((None, None), (quiet, None), (quiet, away)):
        place = Place(*at, repetition, length, elapsed, exercises, (), left, snoozes, *more)
        state, _ = begin(SETTINGS, 0.0, place=place)
        assert kind_of(state) in (Sitting, Paused, Away)
        quiet_until = state.wishes.quiet_until
        assert quiet_until is None or 0.0 <= quiet_until <= 12 * 3600.0
        stand_at = stand_at_of(state)
        assert stand_at is None or 0.0 <= stand_at <= SETTINGS.sit_s


# --- in a routine that is another one now ----------------------------------------


def with_segments(*changed: tuple[int, float]) -> Plan:
    """The plan with other lengths for some segments."""
    segments = list(SIDES.segments)
    for index, length_s in changed:
        segments[index] = replace(segments[index], length_s=length_s)
    return replace(SIDES, segments=tuple(segments))


def test_after_a_change_of_the_routine_the_exercise_begins_anew() -> None:
    """The hold is another one now: nothing of it counts, and nothing is booked as done."""
    told = replace(SETTINGS, plans={"sides": with_segments((8, 30.0))})
    drive = Drive(told, place=RIGHT)
    assert drive.session is not None
    assert (drive.session.index, drive.session.elapsed_s, drive.session.done) == (5, 0.0, ())
    drive.at(5.0, C.STOP)
    rows = [e for _, e in drive.ordered(Record) if isinstance(e, Record) and e.kind == "exercise"]
    assert not rows


def test_an_exercise_that_is_gone_is_no_place() -> None:
    """It begins as ever, with words and all."""
    again = came_back(replace(RIGHT, exercise="bridge"))
    assert again.mode() is Sitting
    assert again.said()[0][1] == sentences.READY.format(wake="hey coach")


def test_work_that_was_jumped_over_is_not_booked() -> None:
    """One can come to the right side without the left one."""
    drive = Drive(KEEPING)
    drive.at(0.0, C.START)
    drive.at(STARTS["left"] + 1.5, C.OTHER_SIDE)
    drive.at(drive.now + 10.0)
    drive.at(drive.now, C.PAUSE)
    again = came_back(places(drive)[-1][1])
    assert again.session is not None
    assert [(one.side, one.seconds) for one in again.session.done] == [("left", 1.5)]


def cut_in(drive: Drive, exercise: str, pain: int = 1) -> Drive:
    """Somebody says go, again and again, until the exercise is being done; then the power fails."""
    while (
        drive.session is None
        or drive.session.plan.exercise_ids[drive.session.segment.item] != exercise
        or not drive.session.working
    ):
        drive.at(drive.now + 1.0, C.GO)
        assert drive.now < 3600
    drive.at(drive.now + 1.5, C.PAUSE)
    kept = places(drive)[-1][1]
    health = replace(drive.state.person.health, pain=pain, pain_age_s=60.0)
    return Drive(replace(drive.state.settings, health=health), place=kept)


def test_a_cut_before_eight_brings_back_what_was_led() -> None:
    """What bends the back forward was left out, and stays so, though no clock is known yet."""
    drive = person(keeps=True)
    drive.at(0.0, WallClock(NOON - 5 * 3600))
    drive.at(1.0, start(GENTLE))
    drive.at(10.0, score(1))
    before = led(drive)
    again = cut_in(drive, "abdominal-brace")
    assert led(again) == before
    assert not [name for name in led(again) if shipped().exercises[name].flexion]
    assert again.session is not None
    assert drive.session is not None
    assert again.session.segment == drive.session.segment


def test_a_cut_after_an_exchange_comes_back_in_the_same_exercise() -> None:
    """The easier one that was asked for is still there, and nothing else is booked."""
    drive = person(keeps=True)
    drive.at(0.0, WallClock(NOON))
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0, score(1))
    first = next(i for i, name in enumerate(led(drive)) if shipped().exercises[name].easier)
    easier = shipped().exercises[led(drive)[first]].easier
    while drive.session is not None and drive.session.segment.item < first:
        drive.at(drive.now + 1.0, Asked(C.NEXT))
    drive.at(drive.now + 40.0)
    drive.at(drive.now, Asked(C.EASIER))
    assert led(drive)[first] == easier
    again = cut_in(drive, led(drive)[-1])
    assert led(again) == led(drive)
    assert again.session is not None
    assert drive.session is not None
    assert again.session.index == drive.session.index
    assert again.session.done == drive.session.done


def test_a_number_of_before_is_no_answer_after_a_cut_either() -> None:
    """Nobody answered when it was asked anew: nothing harder comes in by a power cut."""
    drive = person(replace(SEEN, pain=4, pain_age_s=3000.0), keeps=True)
    drive.at(1.0, start("mobility"), C.NEXT)
    again = cut_in(drive, led(drive)[-1], pain=4)
    assert led(again) == led(drive)
    assert not known(Turn(again.state), "mobility").pain_answered
    again.at(60.0, score(4))
    assert known(Turn(again.state), "mobility").pain_answered


@pytest.mark.parametrize(
    ("answer", "goes_on"),
    [(C.RESUME, True), (C.GO, True), (C.NO, True), (C.YES, False), (C.STOP, False)],
)
def test_that_it_goes_on_after_what_hurt_is_written_down(answer: C, *, goes_on: bool) -> None:
    """For after a power cut; where that came before the answer, nothing goes on."""
    drive = person(keeps=True)
    drive.at(1.0, start(STRENGTH), score(1))
    drive.at(60.0, C.HURTS)
    kept = places(drive)[-1][1]
    assert not rows(drive, "goes_on")
    drive.at(65.0, answer)
    assert rows(drive, "goes_on") == [("hurts", None)] * goes_on
    again = Drive(drive.state.settings)
    again.state, effects = begin(drive.state.settings, 0.0, place=kept)
    again.take(effects)
    again.at(20.0, answer)
    assert not rows(again, "goes_on")


@pytest.mark.parametrize(
    ("exercises", "pain", "comes_back"),
    [
        (("gone", "dead-bug"), 1, ("dead-bug",)),
        (("side-plank-knees", "dead-bug"), 5, None),
        (("gone",), 1, shipped().plans[STRENGTH].exercise_ids),
        (("dead-bug", "abdominal-brace"), None, ("abdominal-brace",)),
    ],
)
def test_what_was_led_comes_back_as_far_as_it_is_there_and_suits(
    exercises: tuple[str, ...], pain: int | None, comes_back: tuple[str, ...] | None
) -> None:
    """An exercise that is gone is left out; one that waits while it hurts, or while nobody knows
    how much, isn't brought back."""
    told = replace(shipped(), health=replace(SEEN, pain=pain))
    drive = Drive(told, place=Place(STRENGTH, part="intro", exercises=exercises))
    assert drive.session is not None
    if comes_back is not None:
        assert led(drive) == comes_back
    assert pain == 1 or not strengthening(led(drive))


def test_a_routine_of_which_nothing_is_left_does_not_come_back() -> None:
    """All of it waits while it hurts."""
    library = shipped()
    hard = next(e for e in library.exercises.values() if e.phase is Phase.STRENGTH and not e.easier)
    own = replace(library.routines[STRENGTH], items=(Item(exercise=hard, dose=hard.dose),))
    told = replace(library, routines={STRENGTH: own}, health=replace(SEEN, pain=5))
    state, _ = begin(told, 0.0, place=Place(STRENGTH, part="intro"))
    assert kind_of(state) is Sitting


def test_what_was_left_of_a_sitting_is_kept_while_nobody_is_there() -> None:
    """It stands still until somebody comes."""
    drive = Drive(KEEPING)
    drive.at(60.0, Present(False))
    drive.at(90.0)
    assert places(drive)[-1] == (60.0, Place(sit_left_s=1140.0))
