"""Routines that the program puts together: a warm-up and a cool-down around what was written, and
so many minutes of what is due.

Decides the order, how one gets from one position to the next, and which of the exercises that may
be led are taken. Which may be led to whom is the coach's business, how long it takes is `plan`'s.
Strengthening is only where it was chosen, so nothing of it is taken here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.content.plan import THERE, compile_plan, told_to
from assistant.content.types import Around, Exercise, Item, Phase, Position, Routine
from assistant.content.variants import come_to, lighter

FLOOR = (
    *(Position.SUPINE, Position.SIDE, Position.PRONE),
    *(Position.ALL_FOURS, Position.HALF_KNEELING),
)
ORDER = (*FLOOR, Position.STANDING, Position.SEATED)
"""One gets down once: from the back by way of hands and knees to the feet."""
PREFERRED = (
    *(Position.SUPINE, Position.ALL_FOURS, Position.PRONE, Position.STANDING),
    *(Position.HALF_KNEELING, Position.SEATED),
)
"""Which comes first for somebody to whom all are new."""
FLOOR_FROM_MIN = 10
"""For less one doesn't get down and up again."""
POSITION_MIN = 5
"""So long one stays in a position before another one is worth the way."""
AT_HAND = frozenset({"mat", "chair", "desk", "wall"})
"""What needs nothing to be fetched."""
MOST_AROUND = 2
"""Exercises to warm up, and to cool down."""

DOWN = "Hold on to a chair, and come down to the mat, one knee, then the other."
INTO = {
    Position.SUPINE: "Lie on your side, and roll onto your back.",
    Position.PRONE: "Come onto your hands and knees, and lie on your front.",
    Position.ALL_FOURS: "Come onto your hands and knees.",
    Position.HALF_KNEELING: "Kneel upright on both knees.",
}
TURN = {
    Position.SUPINE: "Roll onto your side, and onto your back.",
    Position.PRONE: "Roll over slowly, and lie on your front.",
    Position.ALL_FOURS: "Come up onto your hands and knees.",
    Position.HALF_KNEELING: "Kneel upright on both knees.",
}
STAY = {
    Position.SUPINE: "Stay on your back.",
    Position.PRONE: "Stay on your front.",
    Position.ALL_FOURS: "Onto your hands and knees again.",
    Position.HALF_KNEELING: "Stay upright on your knees.",
}
UP = "Take your time getting up: one foot first, and a hand on the chair."
DOWN_S, UP_S, TURN_S, STAY_S, SEAT_S = 40.0, 30.0, 22.0, 5.0, 10.0
ENDS = "Take your time."
"""What a routine that may end on the floor ends with: there it becomes how one gets up."""


def placed(items: Sequence[Item], before: Position = Position.STANDING) -> tuple[Item, ...]:
    """The items with the way into each one's position, from the one that comes before it."""
    found = []
    for item in items:
        found.append(_placed(item, before))
        before = item.exercise.position
    return tuple(found)


def _placed(item: Item, before: Position) -> Item:
    exercise, now = item.exercise, item.exercise.position
    setup, setup_s = exercise.setup, item.dose.setup_s
    if now is before:
        if now in STAY:
            setup, setup_s = f"{STAY[now]} {exercise.in_place}", STAY_S
    elif now in INTO:
        down = before not in FLOOR
        if down:
            setup, setup_s = f"{DOWN} {INTO[now]} {exercise.in_place} {THERE}", DOWN_S
        else:
            setup, setup_s = f"{TURN[now]} {exercise.in_place}", TURN_S
    elif before in FLOOR:
        setup, setup_s = f"{UP} {exercise.setup}", UP_S
    else:
        setup_s = max(setup_s, SEAT_S)
    exercise = replace(exercise, setup=setup.strip())
    return replace(item, exercise=exercise, dose=replace(item.dose, setup_s=setup_s))


# --- before and after ------------------------------------------------------------


def with_around(
    routine: Routine, exercises: Iterable[Exercise], wanted: Collection[Around]
) -> Routine:
    """The routine with what warms up for its first position, and lets its last one end softly, as
    far as it doesn't hold that already."""
    written = routine.items
    if not (wanted and written):
        return routine
    held = {item.exercise.id for item in written}
    free = [one for one in exercises if one.id not in held]
    before: list[Item] = []
    after: list[Item] = []
    first, last = written[0].exercise.position, written[-1].exercise.position
    if Around.WARM_UP in wanted:
        good = [one for one in free if Around.WARM_UP in one.around and one.position is first]
        before = _beside(sorted(good, key=lambda one: (one.level, one.id)))
    if Around.COOL_DOWN in wanted:
        taken = {item.exercise.id for item in before}
        good = [one for one in free if Around.COOL_DOWN in one.around and one.position is last]
        good = [one for one in good if one.id not in taken]
        after = _beside(sorted(good, key=lambda one: (-one.level, one.id)))
    items = written
    if before:
        items = (*placed(before), _placed(items[0], first), *items[1:])
    items = (*items, *placed(after, last))
    return replace(routine, items=items, written=written)


def _beside(exercises: Sequence[Exercise]) -> list[Item]:
    few = exercises[:MOST_AROUND]
    return [Item(exercise=one, dose=lighter(one.dose, one.mode), around=True) for one in few]


# --- so many minutes --------------------------------------------------------------


def composed(
    routine: Routine,
    exercises: Iterable[Exercise],
    times: Mapping[str, int],
    *,
    levels: Mapping[str, int] | None = None,
    known: Collection[str] = (),
) -> Routine:
    """The routine, filled with what may be led (`exercises`) and is due: what was done least often
    lately (`times`, by id) comes first, one of each family, in as few positions as the time is
    worth. `known` are those of which less has to be told. It takes its `minutes` at most, unless
    a single exercise takes longer; without any exercise it is left with none."""
    allowed = {one.id: one for one in exercises if _takes(one, routine)}
    mild = _mildest(allowed.values())
    here = [allowed.get(come_to(one, allowed, levels or {})[-1].id, one) for one in mild]
    most = max(1, routine.minutes // POSITION_MIN)
    groups = _due(here, times)[:most]
    chosen: list[Exercise] = []
    families: set[str] = set()
    left_s = 60.0 * routine.minutes
    while any(groups):
        for group in groups:
            while group:
                one = group.pop(0)
                new = one.position not in {other.position for other in chosen}
                takes_s = _length_s(one, one.id in known) + new * DOWN_S
                if not chosen:  # with it comes what is said before and after
                    takes_s = _total_s(_laid(routine, [one]), known)
                elif takes_s > left_s or one.family in families:
                    continue
                left_s -= takes_s
                families |= {one.family} - {""}
                chosen.append(one)
                break
    while len(chosen) > 1 and _total_s(_laid(routine, chosen), known) > 60.0 * routine.minutes:
        chosen.pop()
    return _laid(routine, chosen)


def _takes(exercise: Exercise, routine: Routine) -> bool:
    """Whether it belongs into a routine that is made."""
    short = routine.minutes < FLOOR_FROM_MIN and exercise.position in FLOOR
    there = exercise.position in routine.positions if routine.positions else not short
    handy = AT_HAND.issuperset(exercise.equipment)
    placeable = exercise.position is not Position.SIDE
    return there and handy and placeable and exercise.phase is not Phase.STRENGTH


def _mildest(exercises: Iterable[Exercise]) -> list[Exercise]:
    """In each position the lowest level of each family, and all that have none."""
    found: dict[tuple[str, Position], Exercise] = {}
    for one in sorted(exercises, key=lambda one: (one.level, one.id)):
        found.setdefault((one.family or one.id, one.position), one)
    return list(found.values())


def _due(exercises: Sequence[Exercise], times: Mapping[str, int]) -> list[list[Exercise]]:
    """Position by position, the one that is due most first, and so within each. On the floor
    nobody is asked onto a chair."""
    groups: dict[Position, list[Exercise]] = {}
    for one in exercises:
        groups.setdefault(one.position, []).append(one)
    if any(position in FLOOR for position in groups):
        groups.pop(Position.SEATED, None)

    def often(position: Position) -> tuple[float, int]:
        held = groups[position]
        mean = sum(times.get(one.id, 0) for one in held) / len(held)
        return mean, PREFERRED.index(position)

    def often_done(one: Exercise) -> tuple[int, int, bool, str]:
        warms = Around.WARM_UP in one.around
        return times.get(one.id, 0), list(Phase).index(one.phase), not warms, one.id

    return [sorted(groups[position], key=often_done) for position in sorted(groups, key=often)]


def _laid(routine: Routine, exercises: Sequence[Exercise]) -> Routine:
    """In the order in which they are done: one position after the other, the milder first."""

    def order(one: Exercise) -> tuple[int, int, bool, int, str]:
        place, phase = ORDER.index(one.position), list(Phase).index(one.phase)
        return place, phase, Around.WARM_UP not in one.around, one.level, one.id

    return made_again(routine, sorted(exercises, key=order))


def made_again(routine: Routine, exercises: Sequence[Exercise]) -> Routine:
    """One that was made before, of these exercises in this order. Where it ends on the floor it
    says how one gets up, whatever it ended on the time before."""
    said = routine.outro.strip()
    own = said.removesuffix(UP).removesuffix(ENDS)
    down = bool(exercises) and exercises[-1].position in FLOOR
    outro = f"{own.strip()} {UP if down else ENDS if own != said else ''}".strip()
    items = placed([Item(exercise=one, dose=one.dose) for one in exercises])
    return replace(routine, items=items, outro=outro)


def _total_s(routine: Routine, known: Collection[str]) -> float:
    return told_to(compile_plan(routine), known).total_s


@lru_cache(maxsize=512)
def _length_s(exercise: Exercise, briefly: bool) -> float:
    """About how long it takes, with the rest after it."""
    item = Item(exercise=exercise, dose=exercise.dose)
    alone = Routine(id="x", name="X", spoken_names=("x",), intro="", items=(item,))
    plan = told_to(compile_plan(alone), (exercise.id,) if briefly else ())
    return sum(one.length_s for one in plan.segments if one.item == 0) + exercise.dose.rest_s
