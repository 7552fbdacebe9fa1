"""Routines that the program puts together: the minutes that somebody has, and what comes around
strengthening."""

from itertools import pairwise
from pathlib import Path

import pytest

from assistant.content import limits
from assistant.content.composing import composed
from assistant.content.plan import compile_plan, told_to
from assistant.content.routine_reader import ContentError, load
from assistant.content.types import Around, Exercise, Kind, Phase, Position, Routine
from assistant.content.ways import FLOOR, THERE, up
from tests.content.voice import ROUTINES, shipped

LIBRARY = shipped()
EXERCISES = list(LIBRARY.exercises.values())
MADE = [routine for routine in LIBRARY.routines.values() if routine.minutes]
AROUND = [routine for routine in LIBRARY.routines.values() if routine.written]

every_made = pytest.mark.parametrize("routine", MADE, ids=lambda routine: routine.id)


def days(routine: Routine, exercises: list[Exercise] = EXERCISES, n: int = 6) -> list[Routine]:
    """What is made day after day for somebody who does all of it."""
    times: dict[str, int] = {}
    found = []
    for _ in range(n):
        found.append(composed(routine, exercises, times))
        for item in found[-1].items:
            times[item.exercise.id] = times.get(item.exercise.id, 0) + 1
    return found


def ids(routine: Routine) -> list[str]:
    return [item.exercise.id for item in routine.items]


def test_five_ten_fifteen_and_twenty_minutes_are_shipped() -> None:
    assert sorted(routine.minutes for routine in MADE) == [5, 10, 15, 20]


@every_made
def test_it_takes_its_minutes_at_most_and_three_quarters_of_them(routine: Routine) -> None:
    """All that is said included, the first time and for who knows all of it."""
    known = set(LIBRARY.exercises)
    for made in days(routine):
        assert 45 * routine.minutes <= compile_plan(made).total_s <= 60 * routine.minutes
    briefly = composed(routine, EXERCISES, {}, known=known)
    total_s = told_to(compile_plan(briefly), known).total_s
    assert 45 * routine.minutes <= total_s <= 60 * routine.minutes


@every_made
def test_what_was_done_least_often_comes_first(routine: Routine) -> None:
    """After a few days nothing has been done thrice that another exercise there waits for."""
    first, second, *_ = made = days(routine)
    assert set(ids(second)) != set(ids(first))
    assert len({name for one in made for name in ids(one)}) >= 2 * len(ids(first))


@every_made
def test_it_is_mild_and_each_kind_comes_once(routine: Routine) -> None:
    """No strengthening unasked, one of each family, and nothing that has to be fetched."""
    for made in days(routine):
        led = [item.exercise for item in made.items]
        assert Phase.STRENGTH not in {one.phase for one in led}
        families = [one.family for one in led if one.family]
        assert len(families) == len(set(families))
        assert not any("towel" in one.equipment for one in led)


@every_made
def test_one_gets_down_once_and_not_for_five_minutes(routine: Routine) -> None:
    for made in days(routine):
        places = [item.exercise.position for item in made.items]
        turns = [places[0], *(b for a, b in pairwise(places) if a is not b)]
        assert len(turns) == len(set(turns)) <= max(1, routine.minutes // 5)
        down = [place in FLOOR for place in turns]
        assert sum(now and not before for before, now in pairwise([False, *down])) <= 1
        assert routine.minutes >= 10 or not any(down)
        assert not (any(down) and Position.SEATED in turns)


@every_made
def test_there_is_time_to_get_down_and_it_says_how_to_get_up(routine: Routine) -> None:
    """Who isn't there yet says go later; what ends on the floor doesn't leave anybody there."""
    for made in days(routine):
        plan = compile_plan(made)
        for segment in plan.segments:
            texts = [cue.text for cue in segment.cues]
            if any("come down to the mat" in text for text in texts):
                assert texts[-1] == THERE
                assert segment.length_s >= 40.0
        last = [cue.text for cue in plan.segments[-1].cues]
        place = made.items[-1].exercise.position
        on_the_floor = place in FLOOR
        assert " ".join(last).endswith(up(place)) == on_the_floor
        assert ("Take your time." in last) == (not on_the_floor and routine.minutes >= 10)


@every_made
def test_a_mat_is_fetched_for_the_floor_alone(routine: Routine) -> None:
    upright = [one for one in EXERCISES if one.position not in FLOOR]
    assert "mat" not in composed(routine, upright, {}).intro
    for made in days(routine):
        down = any(item.exercise.position in FLOOR for item in made.items)
        assert ("Have a mat and a chair ready." in made.intro) == down


def test_which_side_comes_first_is_said_before_it_waits_for_go() -> None:
    exercise = LIBRARY.exercises["knee-to-chest"]
    made = composed(LIBRARY.routines["minutes-10"], [exercise], {})
    texts = [cue.text for cue in compile_plan(made).segments[1].cues]
    assert texts[-1] == THERE
    assert texts[-2].endswith(" first.")


def test_whoever_may_do_little_gets_that() -> None:
    """Of what suits every back there are ten minutes, upright; of nothing there is nothing."""
    ten = LIBRARY.routines["minutes-10"]
    mild = [one for one in EXERCISES if not one.leave_out_with and one.phase is Phase.ACUTE]
    made = composed(ten, mild, {})
    assert set(ids(made)) <= {one.id for one in mild}
    assert compile_plan(made).total_s >= 450
    assert not {item.exercise.position for item in made.items} & set(FLOOR)
    assert composed(ten, [], {}).items == ()


def test_a_level_that_was_come_to_is_led() -> None:
    """The neighbour takes its place, if it may be led."""
    ten = LIBRARY.routines["minutes-10"]
    higher = composed(ten, EXERCISES, {}, levels={"pelvic-tilt": 1})
    assert "back-arch" in ids(higher)
    assert "pelvic-tilt" not in ids(higher)
    without = [one for one in EXERCISES if one.id != "back-arch"]
    assert "pelvic-tilt" in ids(composed(ten, without, {}, levels={"pelvic-tilt": 1}))


def own(folder: Path, text: str) -> Routine:
    (folder / "mine.toml").write_text(f'id = "mine"\nname = "My own"\n{text}')
    return load([ROUTINES, folder]).routines["mine"]


def test_a_file_may_say_in_which_positions(tmp_path: Path) -> None:
    """Ten minutes on a chair, for who doesn't get up."""
    mine = own(tmp_path, 'minutes = 10\npositions = ["seated"]\n')
    assert {item.exercise.position for item in mine.items} == {Position.SEATED}
    assert compile_plan(mine).total_s <= 600


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('minutes = 10\nexercise = [{ use = "bridge" }]\n', "exercise beside minutes"),
        ("minutes = 10\nwarm_up = true\n", "warm_up beside minutes"),
        ('positions = ["seated"]\nexercise = [{ use = "bridge" }]\n', "without minutes"),
        ("", "a line exercise = ..., or minutes"),
        ("minutes = 1\n", "3 to 60"),
    ],
)
def test_what_is_written_twice_or_not_at_all_is_named(
    tmp_path: Path, text: str, found: str
) -> None:
    with pytest.raises(ContentError) as raised:
        own(tmp_path, text)
    assert found in str(raised.value)
    assert len(raised.value.problems) == 1


# --- around strengthening -----------------------------------------------------------


def test_what_strengthens_is_begun_and_ended_softly() -> None:
    """All but the three of McGill, which are a programme of their own."""
    strong = {
        routine.id
        for routine in LIBRARY.routines.values()
        if any(item.exercise.phase is Phase.STRENGTH for item in routine.items)
    }
    assert {routine.id for routine in AROUND} == strong - {"mcgill-three"}


@pytest.mark.parametrize("routine", AROUND, ids=lambda routine: routine.id)
def test_the_warm_up_and_the_cool_down_come_by_themselves(routine: Routine) -> None:
    """In the first and the last position, marked as such, mild, each once; one gets down to the
    first of them, and stays there for the next."""
    around = [item for item in routine.items if item.around]
    kept = [item for item in routine.items if not item.around]
    assert [item.exercise.id for item in kept] == [one.exercise.id for one in routine.written]
    assert len(set(ids(routine))) == len(ids(routine))
    assert {item.exercise.phase for item in around} == {Phase.ACUTE}
    assert Around.WARM_UP in routine.items[0].exercise.around
    assert routine.items[0].exercise.position is kept[0].exercise.position
    assert Around.COOL_DOWN in routine.items[-1].exercise.around
    assert routine.items[-1].exercise.position is kept[-1].exercise.position
    assert "one knee, then the other" in routine.items[0].exercise.setup
    assert routine.items[0].exercise.setup.endswith(THERE)
    assert routine.items[0].dose.setup_s >= 40.0
    assert kept[0].exercise.setup.startswith("Stay on your back.")


def test_a_routine_that_wants_neither_is_as_it_was_written(tmp_path: Path) -> None:
    mine = own(tmp_path, 'exercise = [{ use = "bridge" }]\n')
    assert (ids(mine), mine.written) == (["bridge"], ())
    mine = own(tmp_path, 'warm_up = true\nexercise = [{ use = "knee-rolls" }]\n')
    assert ids(mine) == ["pelvic-tilt", "knee-rolls"]


# --- without a sound ------------------------------------------------------------------


def test_the_meeting_is_seated_short_and_silent() -> None:
    """Nobody gets up, nothing needs a question, and nothing ticks."""
    routine = LIBRARY.routines["meeting"]
    plan = compile_plan(routine)
    assert plan.silent
    assert plan.total_s < 300
    assert {item.exercise.position for item in routine.items} == {Position.SEATED}
    assert not any(item.exercise.leave_out_with for item in routine.items)
    assert not any(segment.ticks for segment in plan.segments)
    assert any(segment.kind is Kind.WORK for segment in plan.segments)


def test_every_floor_position_has_its_way() -> None:
    """Whoever is in a position already is told what is still to do, for each exercise there."""
    for one in EXERCISES:
        assert bool(one.in_place) == (one.position in FLOOR), one.id
        assert all(sentence.endswith(".") for sentence in limits.sentences(one.in_place))
