"""How one gets from where one is into an exercise's position, and up again at the end.

Decides the sentences and the time for it wherever the way that was written is not the one that is
gone: where an exercise before it is left out or another one takes its place, and in routines that
are put together by the program. Which exercises a routine has is decided elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.content.limits import sentences
from assistant.content.types import Item, Position, Routine

FLOOR = (
    *(Position.SUPINE, Position.SIDE, Position.PRONE),
    *(Position.ALL_FOURS, Position.HALF_KNEELING),
)
LYING = (Position.SUPINE, Position.SIDE, Position.PRONE)
THERE = "Say go when you're there."
"""The last of the way down to the floor, which takes as long as it takes."""
DOWN = "Hold on to a chair, and come down to the mat, one knee, then the other."
INTO = {
    Position.SUPINE: "Lie on your side, and roll onto your back.",
    Position.SIDE: "Lie down on your {side} side.",
    Position.PRONE: "Come onto your hands and knees, and lie on your front.",
    Position.ALL_FOURS: "Come onto your hands and knees.",
    Position.HALF_KNEELING: "Kneel upright on both knees.",
}
"""From the mat, after `DOWN`."""
STAY = {
    Position.SUPINE: "Stay on your back.",
    Position.SIDE: "Lie on your {side} side.",
    Position.PRONE: "Stay on your front.",
    Position.ALL_FOURS: "Onto your hands and knees again.",
    Position.HALF_KNEELING: "Stay upright on your knees.",
}
ONTO_BACK = "Lie down on your side, and roll onto your back."
_RISE = {
    Position.SUPINE: "Roll onto your side, and come up",
    Position.SIDE: "Come up",
    Position.PRONE: "Push yourself up",
}
UP = "Take your time getting up: one foot first, and a hand on the chair."
"""From hands and knees, or upright on the knees."""
_LYING = re.compile(r"\b(lie|lying)\b", re.IGNORECASE)
"""Of the last words of a routine that ends lying, those for who lies."""
ENDS = "Take your time."
"""What a routine that may end on the floor ends with: there it becomes how one gets up."""
MAT_AND_CHAIR, CHAIR = "Have a mat and a chair ready.", "Have a chair ready."
"""What a routine that may be on the floor begins with, and the same where none of it is."""
DOWN_S, UP_S, TURN_S, STAY_S, SEAT_S = 40.0, 30.0, 22.0, 5.0, 10.0


def turned(before: Position, now: Position) -> str:
    """From one position on the floor into another one."""
    rolls = before in LYING
    match now:
        case Position.ALL_FOURS:
            return f"{_RISE[before]} onto your hands and knees." if rolls else INTO[now]
        case Position.HALF_KNEELING:
            return f"{_RISE[before]}, and kneel upright on both knees." if rolls else INTO[now]
        case Position.SIDE:
            return "Roll onto your {side} side." if rolls else INTO[now]
        case Position.PRONE:
            return (
                "Roll over slowly, and lie on your front." if rolls else "Lie down on your front."
            )
        case _:
            return "Roll over slowly onto your back." if rolls else ONTO_BACK


def up(before: Position) -> str:
    """From the floor onto the feet."""
    if before not in LYING:
        return UP
    return (
        f"{_RISE[before]} onto your hands and knees first. Then one foot, and a hand on the chair."
    )


def gets_up(said: str) -> bool:
    """Whether it tells somebody, in the end, how to get up."""
    return said.endswith("a hand on the chair.")


def every_way() -> Iterator[str]:
    """All that may be said of them."""
    yield from (CHAIR, DOWN, UP, *INTO.values(), *STAY.values())
    yield from (up(before) for before in LYING)
    yield from (turned(before, now) for before in FLOOR for now in FLOOR if before is not now)


def placed(item: Item, before: Position) -> Item:
    """The item with the way into its position from this one."""
    exercise, now = item.exercise, item.exercise.position
    own = item.own_setup or exercise.setup
    here = exercise.in_place or own
    setup, setup_s = own, item.dose.setup_s
    if now in FLOOR and now is before:
        setup, setup_s = f"{STAY[now]} {here}", STAY_S
    elif now in FLOOR and before in FLOOR:
        setup, setup_s = f"{turned(before, now)} {here}", TURN_S
    elif now in FLOOR:
        setup, setup_s = f"{DOWN} {INTO[now]} {here} {THERE}", DOWN_S
    elif before in FLOOR:
        setup, setup_s = f"{up(before)} {own}", UP_S
    elif now is not before:
        setup_s = max(setup_s, SEAT_S)
    dose = replace(item.dose, setup_s=setup_s)
    exercise = replace(exercise, setup=setup)
    return replace(item, exercise=exercise, dose=dose, after=before, own_setup=own)


def connected(routine: Routine, item: int = 0, before: Position = Position.STANDING) -> Routine:
    """With the way to each exercise from the one before it, to number `item` from where somebody
    is: as it was written, where it was written for that position; and with an end for the last, or
    past it for where somebody is."""
    items = list(routine.items)
    for number in range(item, len(items)):
        if items[number].after not in (before, None):
            items[number] = placed(items[number], before)
        before = items[number].exercise.position
    return ended(replace(routine, items=tuple(items)), before)


def ended(routine: Routine, last: Position) -> Routine:
    """With a last sentence for the position that somebody is in at the end."""
    if last is routine.ends or (routine.ends is None and not routine.minutes):
        return routine
    own = said = (routine.own_outro or routine.outro).strip()
    for text in (UP, *map(up, LYING), ENDS):
        own = own.removesuffix(text).strip()
    end = up(last) if last in FLOOR else ENDS if routine.minutes and own != said else ""
    if routine.stays_lying and last in LYING:
        end = ""
    elif routine.stays_lying:
        own = " ".join(text for text in sentences(own) if not _LYING.search(text))
    return replace(routine, outro=f"{own} {end}".strip(), ends=last, own_outro=said)
