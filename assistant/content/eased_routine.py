"""A routine fitted to a person and a day: other exercises, smaller doses, in the same order.

Decides how a routine is made easier and how one exercise takes another's place. What a person may
do today is the coach's business; how long the result takes is `plan`'s.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from assistant.content import counts_and_cues
from assistant.content.types import Dose, Exercise, Item, Mode, Position, Routine, Sides
from assistant.content.ways import ended, placed

LESS = 2 / 3
"""How much of a dose is left when it is made lighter."""
SHORT_S = 10.0
"""A hold as short as this stays as it is."""


def exchanged(routine: Routine, index: int, exercise: Exercise) -> Routine:
    """The routine with another exercise, at that one's own dose, in place of the one at `index`.
    It keeps the side to begin with, and the rest that follows."""
    old = routine.items[index]
    before = routine.items[index - 1].exercise.position if index else Position.STANDING
    one_sided = exercise.sides is Sides.LEFT_RIGHT
    item = Item(
        exercise=exercise,
        dose=replace(exercise.dose, rest_s=old.dose.rest_s),
        start_side=old.start_side,
        only_side=old.only_side if one_sided else "",
        around=old.around,
    )
    item = placed(item, old.after or before)
    items = (*routine.items[:index], item, *routine.items[index + 1 :])
    return ended(replace(routine, items=items), items[-1].exercise.position)


def neighbour(exercise: Exercise, exercises: Mapping[str, Exercise], level: int) -> Exercise:
    """The one that takes its place at a level; itself where there is no such neighbour."""
    name = {-1: exercise.easier, 1: exercise.harder}.get(level, "")
    return exercises.get(name, exercise)


def come_to(
    exercise: Exercise, exercises: Mapping[str, Exercise], levels: Mapping[str, int]
) -> list[Exercise]:
    """From an exercise step by step to the one that a person has come to in its place, the last of
    them: each leads on by its own level, in one direction."""
    steps, level = [exercise], levels.get(exercise.id, 0)
    while levels.get(steps[-1].id, 0) == level:
        following = neighbour(steps[-1], exercises, level)
        if following in steps:
            break
        steps.append(following)
    return steps


def only(routine: Routine, suits: Callable[[Exercise], bool]) -> Routine:
    """The routine without the exercises that don't suit; it may be left with none."""
    return replace(routine, items=tuple(i for i in routine.items if suits(i.exercise)))


def eased(routine: Routine, exercises: Mapping[str, Exercise]) -> Routine:
    """Easier and shorter: of each exercise the easier neighbour, unless the routine holds that one
    already or it takes longer for the same phase of healing; and less of it."""
    held = {item.exercise.id for item in routine.items}
    for index, item in enumerate(routine.items):
        easier = exercises.get(item.exercise.easier)
        if easier is not None and easier.id not in held and _gains(item, easier):
            held.add(easier.id)
            routine = exchanged(routine, index, easier)
    items = (replace(i, dose=lighter(i.dose, i.exercise.mode)) for i in routine.items)
    return replace(routine, items=tuple(items))


def _gains(item: Item, easier: Exercise) -> bool:
    """Whether the easier neighbour is milder by its phase, or at least no longer."""
    old = item.exercise
    return easier.phase is not old.phase or _work_s(easier, easier.dose) <= _work_s(old, item.dose)


def _work_s(exercise: Exercise, dose: Dose) -> float:
    """What a routine's time of work is for it, on both sides and in all sets of equal length."""
    sides = 2 if exercise.sides is Sides.LEFT_RIGHT else 1
    holds = dose.reps if exercise.mode is Mode.HOLD_REPS else 1
    return counts_and_cues.seconds(exercise, dose) * holds * dose.sets * sides


def lighter(dose: Dose, mode: Mode) -> Dose:
    """Two thirds of the repetitions (of a long hold, or of two, two thirds of its time), a set
    less."""

    def fewer(reps: int) -> int:
        return max(1, math.ceil(reps * LESS))

    hold_s = dose.hold_s
    few = mode is Mode.HOLD_REPS and fewer(dose.reps) == dose.reps and not dose.set_reps
    if (few or mode in (Mode.HOLD, Mode.TIMED)) and hold_s > SHORT_S:
        hold_s = max(SHORT_S, 5.0 * round(hold_s * LESS / 5.0))
    return replace(
        dose,
        hold_s=hold_s,
        reps=fewer(dose.reps),
        sets=max(1, dose.sets - 1),
        set_reps=tuple(fewer(reps) for reps in dose.set_reps[:-1]) or dose.set_reps[:1],
    )
