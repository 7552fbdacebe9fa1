"""Which figures of an author's cannot be: what touches doesn't, or something is below the floor.

Decides how near is near, and finds the angles that would do. Joints that go too far are told when
the file is read; how a posture becomes a body is `figures`' business.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.content import body
from assistant.content.body import Body, bent_to
from assistant.content.figures import (
    PARTS,
    THINGS,
    Figure,
    Key,
    Part,
    keys,
    limb_of,
    moment,
    wall_beside,
)
from assistant.content.toml_reader import Problem
from assistant.content.where_in_file import Place

NEAR = 1.0
"""How far what is said to touch may be away, in hundredths of the body's height."""
BETWEEN = 8
"""Into how many steps the way between two postures is cut to be looked at."""
_ALL_POINTS = {name: r for points in PARTS.values() for name, r in points}


@dataclass(frozen=True, slots=True)
class Gap:
    """A point that isn't where it is said to be."""

    thing: str
    name: str
    away: float
    """Hundredths of the body's height; below 0 it is inside."""

    def __str__(self) -> str:
        where = "away from" if self.thing == "wall" else "above" if self.away > 0 else "below"
        said = f"{self.name} {abs(self.away):.1f} {where} the {self.thing}"
        return said.replace("_", " ")


def gaps(posed: Body, touches: Iterable[tuple[str, Part]]) -> Iterator[Gap]:
    """How far each point that is said to touch is away, and all that is below the floor."""
    wall = None
    for thing, part in touches:
        for name, r in PARTS[part]:
            if thing == "wall":
                face, _ = wall_beside(posed, name, r)
                wall = face if wall is None else wall
                yield Gap(thing, name, abs(face - wall))
            else:
                yield Gap(thing, name, posed.points[name][1] - r - THINGS[thing])
    for name, r in _ALL_POINTS.items():
        if (below := r - posed.points[name][1]) > NEAR:
            yield Gap("floor", name, -below)


def number_problems(figure: Figure, place: Place) -> Iterable[Problem]:
    """What can't be drawn at all."""
    count = len(figure.postures)
    if not 2 <= count <= 4:
        mend = "write [[figure.postures]] and one posture more" if count < 2 else "leave one out"
        yield place.problem(("figure", "postures"), str(count), "two to four of them", mend)
    elif figure.shows > count:
        mend = f"write shows = {count}"
        yield place.problem(("figure", "shows"), f"{figure.shows} of {count}", "one of them", mend)
    if not figure.moves:
        mend = 'write moves = ["trunk"]'
        yield place.problem(("figure", "moves"), "none", "what is emphasised", mend)


def figure_advice(figure: Figure, place: Place) -> list[Problem]:
    """Postures that nobody can be in: what touches doesn't, or something is below the floor."""
    wrong = [
        problem
        for number, key in enumerate(keys(figure))
        for problem in _posture_advice(moment(figure, number), key, number, place)
    ]
    return wrong or list(_way_advice(figure, place))


def _posture_advice(posed: Body, key: Key, number: int, place: Place) -> Iterator[Problem]:
    here = ("figure", "postures", number)
    worst: dict[str, Gap] = {}
    for gap in gaps(posed, key.touches):
        limb = " ".join(limb_of(gap.name) or (gap.name,))
        if abs(gap.away) > max(NEAR, abs(worst[limb].away) if limb in worst else 0.0):
            worst[limb] = gap
    for gap in worst.values():
        yield place.problem(
            (*here, gap.thing),
            str(gap),
            f"what touches within {NEAR:g} hundredths of the body's height",
            _cure(posed, key, gap),
        )
    for side, spot in key.hands.items():
        away = math.dist(posed.points[f"{side}_palm"], posed.points[spot])
        if away > NEAR:
            yield place.problem(
                here,
                f"the {side} hand {away:.1f} away from {spot}",
                "a spot that it reaches",
                "bring the two nearer to each other, or take hand_on out",
            )


def _way_advice(figure: Figure, place: Place) -> Iterator[Problem]:
    postures = keys(figure)
    for number, key in enumerate(postures):
        following = postures[(number + 1) % len(postures)]
        shared = [touch for touch in key.touches if touch in following.touches]
        for step in range(1, BETWEEN):
            between = moment(figure, number + step / BETWEEN)
            wrong = [gap for gap in gaps(between, shared) if abs(gap.away) > NEAR]
            if wrong:
                yield place.problem(
                    ("figure", "postures", number),
                    f"{wrong[0]} on the way from it",
                    "a way on which what touches goes on touching",
                    "write one more [[figure.postures]] below it, half-way",
                )
                break


def _cure(posed: Body, key: Key, gap: Gap) -> str:
    """The angles of its limb with which all that it touches does."""
    limb = limb_of(gap.name)
    if limb is None:
        return f"change pitch, waist, chest or neck, or take it out of {gap.thing}"
    side, part = limb
    wanted = {
        name: r + THINGS[thing]
        for thing, one in key.touches
        if thing != "wall"
        for name, r in PARTS[one]
        if limb_of(name) == limb
    } or {gap.name: posed.points[gap.name][1] - gap.away}
    before = after = posed.pose.side(side)
    for _ in range(8):  # up and down alone: where it stands along the floor is the author's
        now = posed.reach(limb)(after)
        aims = {name: (now[name][0], high, now[name][2]) for name, high in wanted.items()}
        after = bent_to(posed.reach(limb), after, part, aims)
    changed = ", ".join(
        f"{joint} = {after[joint]:.0f}"
        for joint in body.JOINTS[part]
        if round(after[joint]) != round(before[joint])
    )
    return f"write {side} = {{ {changed} }}" if changed else f"take it out of {gap.thing}"
