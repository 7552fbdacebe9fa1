"""Routines that the program puts together: a warm-up and a cool-down around what was written, and
so many minutes of what is due.

Decides the order, how one gets from one position to the next, and which of the exercises that may
be led are taken. Which may be led to whom is the coach's business, how long it takes is `plan`'s.
Strengthening is only where it was chosen, so nothing of it is taken here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.content.eased_routine import come_to, lighter
from assistant.content.plan import compile_plan, told_to
from assistant.content.types import Around, Exercise, Item, Phase, Position, Routine
from assistant.content.ways import CHAIR, DOWN_S, FLOOR, MAT_AND_CHAIR, connected, placed

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
        items = (*_placed(before), placed(written[0], first), *written[1:])
    return replace(routine, items=(*items, *_placed(after, last)), written=written)


def _placed(items: Sequence[Item], before: Position = Position.STANDING) -> Iterator[Item]:
    """With the way into each one's position, from the one that comes before it."""
    for item in items:
        yield placed(item, before)
        before = item.exercise.position


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
    says how one gets up, whatever it ended on the time before; upright it needs no mat."""
    items = _placed([Item(exercise=one, dose=one.dose) for one in exercises])
    intro = routine.intro
    if not any(one.position in FLOOR for one in exercises):
        intro = intro.replace(MAT_AND_CHAIR, CHAIR)
    return connected(replace(routine, items=tuple(items), intro=intro))


def _total_s(routine: Routine, known: Collection[str]) -> float:
    return told_to(compile_plan(routine), known).total_s


@lru_cache(maxsize=512)
def _length_s(exercise: Exercise, briefly: bool) -> float:
    """About how long it takes, with the rest after it."""
    item = Item(exercise=exercise, dose=exercise.dose)
    alone = Routine(id="x", name="X", spoken_names=("x",), intro="", items=(item,))
    plan = told_to(compile_plan(alone), (exercise.id,) if briefly else ())
    return sum(one.length_s for one in plan.segments if one.item == 0) + exercise.dose.rest_s
