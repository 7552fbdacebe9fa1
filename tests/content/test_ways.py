"""One is told the way from where one is, whatever is left out before it, and how to get up."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.content.conditions import Condition
from assistant.content.eased_routine import exchanged, only
from assistant.content.plan import compile_plan
from assistant.content.types import Item, Kind, Position, Routine
from assistant.content.ways import FLOOR, THERE, connected, up
from tests.content.voice import shipped

LIBRARY = shipped()
ROUTINES = list(LIBRARY.routines.values())
FROM_BACK = "Roll onto your side, and "


def left(routine: Routine) -> Iterator[Routine]:
    """Without what one condition, an early hour, or a single "leave it out" takes away."""
    for condition in Condition:
        yield only(routine, lambda one, out=condition: out not in one.leave_out_with)  # type: ignore[misc]
    yield only(routine, lambda one: not one.flexion)
    for gone in routine.items:
        yield only(routine, lambda one, out=gone.exercise: one.id != out.id)  # type: ignore[misc]


def fits(before: Position, item: Item) -> bool:
    """Whether what is said takes somebody from one position into the other one, in good time."""
    now, said, took_s = item.exercise.position, item.exercise.setup, item.dose.setup_s
    down = "one knee, then the other" in said
    if now in FLOOR and before not in FLOOR:
        return down and said.endswith(THERE) and took_s >= 40
    if now not in FLOOR and before in FLOOR:
        return "one foot" in said.lower() and "chair" in said and took_s >= 30
    stays = said.startswith(("Stay", "Onto your hands and knees again"))
    if now is not before and now in FLOOR:
        rolls = before is not Position.SUPINE or FROM_BACK in said or now is not Position.ALL_FOURS
        return not down and not stays and rolls and took_s >= 10
    return not down and "one foot" not in said.lower()


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_the_way_begins_where_one_is_whatever_is_left_out(routine: Routine) -> None:
    """Nobody who stands is told to stay on the back, nobody on the back to stand tall."""
    for some in left(routine):
        led = connected(some)
        before = Position.STANDING
        for item in led.items:
            assert fits(before, item), (before, item.exercise.id, item.exercise.setup)
            before = item.exercise.position


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_the_last_sentence_is_for_where_the_last_exercise_ends(routine: Routine) -> None:
    for some in left(routine):
        led = connected(some)
        if not led.items or routine.id == "wind-down":  # there one may stay lying
            continue
        last = led.items[-1].exercise.position
        plan = compile_plan(led)
        said = " ".join(cue.text for cue in plan.segments[-1].cues)
        assert said.endswith(up(last)) == (last in FLOOR), (last, said)
        assert ("one foot" in said) == (last in FLOOR)


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_what_is_led_whole_is_as_it_was_written(routine: Routine) -> None:
    assert connected(routine) == routine


def test_another_exercise_comes_with_the_way_of_the_one_whose_place_it_takes() -> None:
    """On the first place one gets down for it."""
    gentle = LIBRARY.routines["lower-back-gentle"]
    for index, name in ((0, "back-arch"), (5, "kneeling-rock")):
        led = connected(exchanged(gentle, index, LIBRARY.exercises[name]))
        before = [Position.STANDING, *(item.exercise.position for item in led.items)]
        assert all(fits(*pair) for pair in zip(before, led.items, strict=False))


def test_ones_own_exercise_is_told_in_its_own_words() -> None:
    """One that doesn't say what is left to do in its position gets all of its way."""
    own = replace(LIBRARY.exercises["pelvic-tilt"], in_place="", setup="Lie flat, arms wide.")
    gentle = LIBRARY.routines["lower-back-gentle"]
    led = exchanged(gentle, 2, own).items[2]
    assert led.exercise.setup.endswith("Lie flat, arms wide.")


def test_after_a_long_side_on_hands_and_knees_one_may_come_down() -> None:
    """Before the other one; so nobody is on hands and knees for three minutes on end."""
    long = 0
    for routine in ROUTINES:
        plan = compile_plan(routine)
        stays_s = 0.0
        for segment, after in pairwise(plan.segments):
            there = segment.item >= 0
            there &= plan.segments[-1] is not segment
            here = there and routine.items[segment.item].exercise.position is Position.ALL_FOURS
            down = any("Come down" in cue.text for cue in segment.cues)
            works = segment.kind in (Kind.WORK, Kind.RELEASE, Kind.SWITCH)
            stays_s = stays_s + segment.length_s if here and works and not down else 0.0
            assert stays_s < 180, (routine.id, after.title)
            if down and segment.kind is Kind.SWITCH:
                long += 1
                said = [cue.text for cue in segment.cues]
                assert "Onto your hands and knees again." in said
                assert segment.length_s >= 25
    assert long > 3
