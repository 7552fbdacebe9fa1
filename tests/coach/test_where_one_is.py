"""In a session the way to an exercise begins where one is: standing, or on the mat already."""

import re

import pytest

from assistant.coach.events import Command as C
from assistant.coach.session import where
from assistant.content.types import Kind
from assistant.content.ways import FLOOR, LYING, UP, gets_up, up
from tests.coach.driver import Drive
from tests.coach.test_adjusting import LIBRARY, led, run_until, session

DOWN = "Hold on to a chair, and come down to the mat, one knee, then the other."


def way(drive: Drive) -> str:
    """What is said to get into position for the exercise that is coming, or is done now."""
    now = session(drive)
    item = max(0, now.segment.item)
    setups = (one for one in now.plan.segments if one.item == item and one.kind is Kind.SETUP)
    return " ".join(cue.text for cue in next(setups).cues)


@pytest.mark.parametrize("routine", ["lower-back-gentle", "yoga"])
def test_what_is_left_out_before_one_is_down_leaves_the_way_down(routine: str) -> None:
    """Also where two of them are, and where it is told before one gets there."""
    drive = led(routine)
    run_until(drive, Kind.STEPS if routine == "yoga" else Kind.SETUP, 0, into_s=1.0)
    for item in (1, 2):
        drive.at(drive.now + 1.0, C.NEXT)
        assert session(drive).segment.item == item
        assert DOWN in way(drive)


def test_what_is_left_out_on_the_mat_leaves_one_there() -> None:
    drive = led("lower-back-gentle")
    run_until(drive, Kind.STEPS, 0, into_s=1.0)
    drive.at(drive.now, C.NEXT)
    assert "Stay on your back" in way(drive)
    assert DOWN not in way(drive)


def test_who_goes_back_to_the_first_exercise_is_not_sent_down_again() -> None:
    drive = led("lower-back-gentle")
    run_until(drive, Kind.WORK, 1, into_s=1.0)
    drive.at(drive.now, C.BACK)
    assert session(drive).segment.item == 0
    assert DOWN not in way(drive)
    assert "Stay on your back" in way(drive)


def test_who_turns_back_from_the_front_is_told_to_roll_over() -> None:
    drive = led("lower-back-gentle")
    run_until(drive, Kind.WORK, 4, into_s=1.0)
    drive.at(drive.now, C.BACK)
    assert "Roll over slowly onto your back." in way(drive)
    run_until(drive, Kind.WORK, 3)
    run_until(drive, Kind.SETUP, 4)
    assert "Roll over slowly, and lie on your front." in way(drive)


@pytest.mark.parametrize(("kind", "down"), [(Kind.SETUP, True), (Kind.WORK, False)])
def test_another_one_is_begun_where_one_is(kind: Kind, *, down: bool) -> None:
    """The first exercise, exchanged before one is down and after that."""
    drive = led("lower-back-gentle")
    run_until(drive, kind, 0, into_s=0.5)
    drive.at(drive.now, C.HARDER)
    assert session(drive).plan.exercise_ids[0] == "back-arch"
    assert session(drive).segment.item == 0
    assert (DOWN in way(drive)) == down


@pytest.mark.parametrize(
    ("routine", "rest", "other", "way_there"),
    [("lower-back-gentle", 3, "prone-lying", "Roll over slowly, and lie on your front."),
     ("mobility", 5, "bottom-to-heels", "Push yourself up onto your hands and knees.")],
)  # fmt: skip
def test_what_is_exchanged_in_a_rest_is_reached_from_there(
    routine: str, rest: int, other: str, way_there: str
) -> None:
    drive = led(routine)
    run_until(drive, Kind.REST, rest)
    drive.at(drive.now, C.EASIER)
    here = session(drive)
    assert here.segment.item == rest + 1
    assert here.plan.exercise_ids[rest + 1] == other
    assert way_there in way(drive)


def last_words(drive: Drive) -> str:
    """What is said at the end, once it is there."""
    plan = session(drive).plan
    assert session(drive).index == len(plan.segments) - 1
    return " ".join(cue.text for cue in plan.segments[-1].cues)


def skip_to_the_end(drive: Drive) -> None:
    while session(drive).segment.kind is not Kind.OUTRO:
        drive.at(drive.now + 0.5, C.NEXT)


def test_who_never_came_down_is_not_told_to_get_up() -> None:
    """Nor to end what was not begun; and back from there it is the way down, and at the end up."""
    drive = led("lower-back-gentle")
    skip_to_the_end(drive)
    assert last_words(drive) == "That's it. Well done."
    drive.at(drive.now + 0.5, C.BACK)
    assert DOWN in way(drive)
    run_until(drive, Kind.OUTRO, -1)
    assert last_words(drive).startswith("Come forward, and rest.")
    assert last_words(drive).endswith(UP)


@pytest.mark.parametrize(
    ("routine", "item"), [("morning", 0), ("morning", 2), ("minutes-20", None)]
)
def test_who_leaves_out_the_rest_on_the_mat_is_told_how_to_get_up(
    routine: str, item: int | None
) -> None:
    drive = led(routine)
    items = LIBRARY.routines[routine].items
    assert items[-1].exercise.position not in FLOOR
    if item is None:
        item = max(n for n, one in enumerate(items) if one.exercise.position in FLOOR)
    run_until(drive, Kind.WORK, item, into_s=1.0)
    skip_to_the_end(drive)
    assert last_words(drive).endswith(up(items[item].exercise.position))


@pytest.mark.parametrize("routine", sorted(LIBRARY.routines))
def test_who_leaves_everything_out_is_told_nothing_that_is_not_so(routine: str) -> None:
    """Standing all the while, or on the chair: on the way nobody stays where they never were, and
    at the end nothing is let go of, nobody gets up, and nobody stays lying."""
    drive = led(routine)
    while session(drive).segment.kind is not Kind.OUTRO:
        drive.at(drive.now + 0.5, C.UP, C.NEXT)
        if session(drive).segment.kind is not Kind.OUTRO:
            assert not re.search(r"\b(stay|again)\b", way(drive).lower())
    said = last_words(drive)
    assert not gets_up(said)
    assert "lying" not in said
    last = LIBRARY.routines[routine].items[-1].exercise
    assert all(text not in said for text in (last.release, last.done) if text)


@pytest.mark.parametrize("routine", sorted(LIBRARY.routines))
def test_whoever_is_in_place_and_leaves_the_rest_out_is_told_the_truth_at_the_end(
    routine: str,
) -> None:
    """From each exercise, before it has begun: from the floor one gets up, or stays lying only
    where one lies; nothing is let go of."""
    for item, one in enumerate(LIBRARY.routines[routine].items):
        drive = led(routine)
        while session(drive).segment.item < item:
            drive.at(drive.now + 0.5, C.NEXT)
        while where(session(drive)) is not one.exercise.position:
            drive.at(drive.now + 0.5, C.GO)
        assert not session(drive).working
        skip_to_the_end(drive)
        said = last_words(drive)
        lies = routine == "wind-down" and one.exercise.position in LYING
        assert ("lying" in said) == lies
        assert gets_up(said) == (one.exercise.position in FLOOR and not lies)
        last = LIBRARY.routines[routine].items[-1].exercise
        assert all(text not in said for text in (last.release, last.done) if text)


def test_what_is_left_in_the_midst_of_it_is_let_go_of() -> None:
    drive = led("desk-break-2")
    run_until(drive, Kind.WORK, 1, into_s=1.0)
    drive.at(drive.now, C.NEXT)
    assert last_words(drive).startswith("And let go.")


def test_who_may_stay_lying_may_so_after_turning_back() -> None:
    """Also where it was reached by leaving everything out."""
    drive = led("wind-down")
    skip_to_the_end(drive)
    drive.at(drive.now + 0.5, C.BACK)
    assert DOWN in way(drive)
    run_until(drive, Kind.OUTRO, -1)
    assert last_words(drive).endswith("Stay lying as long as you like. Sleep well.")


def test_what_hurt_and_has_no_easier_one_leaves_the_way_down() -> None:
    drive = led("lower-back-gentle")
    run_until(drive, Kind.SETUP, 0, into_s=1.0)
    drive.at(drive.now, C.HURTS)
    drive.at(drive.now + 3.0, C.NO)
    assert session(drive).segment.item == 1
    assert DOWN in way(drive)


@pytest.mark.parametrize("told", [False, True])
def test_who_turns_back_at_the_end_is_on_the_mat_until_told_to_get_up(*, told: bool) -> None:
    drive = led("lower-back-gentle")
    outro = run_until(drive, Kind.OUTRO, -1)
    drive.at(drive.now + (outro.cues[-1].at_s if told else 0.0) + 1.0, C.BACK)
    assert session(drive).segment.item == 6
    assert way(drive).startswith(DOWN if told else "Onto your hands and knees again.")
