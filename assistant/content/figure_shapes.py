"""A body as flat strokes, for any screen.

Decides how it looks: how thick, what lies before what, what is far and what moves, and the things
that it touches. Where the body is, `figures` says; what colour and which arrow, `figure_svg`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.content import body
from assistant.content.body import Body, Vector, plus
from assistant.content.figures import (
    BACK_HIGH,
    DESK_HIGH,
    PARTS,
    SEAT_HIGH,
    Figure,
    keys,
    moment,
    wall_beside,
)

Flat = tuple[float, float]
"""In the picture: to the right and down, in hundredths of the body's height."""
Box = tuple[float, float, float, float]
"""Left, top, width, height."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line with round ends; closed, its inside is filled."""

    points: tuple[Flat, ...]
    width: float
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """Strokes of one colour that nothing parts."""

    part: str
    """trunk, head, left_arm, chair ..., the same at every moment."""
    role: str
    """near, far, moving, thing, mat, ghost or arrow."""
    strokes: tuple[Stroke, ...]


_LEVEL = 28.0
"""Looked at from farther above, or from the front, no side is the far one."""
_SEEN = 10.0
"""From here on the floor is no line any more."""

MARGIN = 4.0
"""Around what `box` holds."""

# --- shapes -------------------------------------------------------------------

_TRUNK = ("pelvis", "waist", "ribs", "chest", "collar")
_FRONT = ("front_pelvis", "front_waist", "front_chest", "front_collar")
_LIMBS = {
    "leg": ((("hip", "knee", "ankle"), body.LEG_R), (("ankle", "heel", "toes"), body.FOOT_R)),
    "arm": ((("shoulder", "elbow", "wrist"), body.ARM_R), (("wrist", "fingers"), body.HAND_R)),
}
OTHER = {"left": "right", "right": "left"}


def flat(figure: Figure, point: Vector) -> tuple[float, float, float]:
    """Where a point is in the picture, and how near to who looks."""
    turn, tilt = math.radians(figure.around), math.radians(figure.above)
    x, y, z = point
    across = x * math.cos(turn) - z * math.sin(turn)
    deep = z * math.cos(turn) + x * math.sin(turn)
    down = deep * math.sin(tilt) - y * math.cos(tilt)
    return across, down, deep * math.cos(tilt) + y * math.sin(tilt)


def shapes(figure: Figure, posed: Body) -> list[Shape]:
    """The floor, what else it touches, then the body, the farthest first."""

    def stroke(names: Sequence[str], radius: float, *, closed: bool = False) -> Stroke:
        line = tuple(flat(figure, posed.points[name])[:2] for name in names)
        return Stroke(line, 2 * radius, closed)

    def deep(*names: str) -> float:
        return sum(flat(figure, posed.points[name])[2] for name in names) / len(names)

    def role(part: str, otherwise: str) -> str:
        return "moving" if part in figure.moves else otherwise

    outline = [f"right_{name}" for name in _TRUNK] + [f"left_{name}" for name in reversed(_TRUNK)]
    middle = deep("pelvis", "shoulders")
    trunk = (
        stroke(outline, body.OUTLINE_R, closed=True),
        stroke(_FRONT, body.OUTLINE_R),
        stroke(("left_collar", "neck", "right_collar"), 2.0, closed=True),
        stroke(("shoulders", "neck"), 2.8),
    )
    head = (
        stroke(("bridge", "nose"), 1.1),
        stroke(("skull", "chin"), body.FACE_R),
    )
    found = [
        (middle + 1.0, Shape("trunk", role("trunk", "near"), trunk)),
        (deep("head") + 1.5, Shape("head", role("head", "near"), head)),
    ]
    beside = figure.above < _LEVEL and abs(math.sin(math.radians(figure.around))) < 0.9
    for side in body.SIDES:
        for part, lines in _LIMBS.items():
            depth = deep(*(f"{side}_{name}" for name in lines[0][0]))
            apart = depth - deep(*(f"{OTHER[side]}_{name}" for name in lines[0][0]))
            near = "far" if apart < -4.0 and beside else "near"
            limb = tuple(stroke([f"{side}_{name}" for name in names], r) for names, r in lines)
            depth += 2.0 if part == "arm" else 0.0
            found.append((depth, Shape(f"{side}_{part}", role(f"{side}_{part}", near), limb)))
    if _faces(figure):
        face = (stroke(("bridge", "nose"), 0.8),)
        found.append((deep("head") + 1.6, Shape("face", "paper", face)))
    found.sort(key=lambda one: one[0])
    return [_floor(figure), *_things(figure, posed), *(shape for _, shape in found)]


@lru_cache(maxsize=256)
def _faces(figure: Figure) -> bool:
    """Whether one sees the face from in front, in each posture: then its nose tells where to."""
    bodies = [moment(figure, number).points for number in range(len(figure.postures))]
    return all(flat(figure, one["nose"])[2] - flat(figure, one["head"])[2] > 1.0 for one in bodies)


@lru_cache(maxsize=256)
def _floor(figure: Figure) -> Shape:
    """A line below all postures; from above, what they take up of it."""
    bodies = [moment(figure, number) for number in range(len(figure.postures))]
    below = [flat(figure, (x, 0.0, z)) for one in bodies for x, _, z in one.points.values()]
    left, right = min(x for x, _, _ in below) - 4.0, max(x for x, _, _ in below) + 4.0
    if figure.above < _SEEN:
        return Shape("floor", "thing", (Stroke(((left, 0.8), (right, 0.8)), 1.6),))
    far, near = min(y for _, y, _ in below) - 3.0, max(y for _, y, _ in below) + 3.0
    corners = ((left, far), (right, far), (right, near), (left, near))
    return Shape("floor", "mat", (Stroke(corners, 3.0, closed=True),))


_AROUND = {"chair": (12.0, 11.0), "chair_back": (-17.0, 0.0), "desk": (4.0, 24.0)}
"""From what touches a thing to its near end, and to its far one, or its back."""


def _things(figure: Figure, posed: Body) -> Iterator[Shape]:
    """Chair, desk, wall and towel."""

    def line(width: float, *points: Vector) -> Stroke:
        return Stroke(tuple(flat(figure, point)[:2] for point in points), width)

    seen: set[str] = set()
    for number, key in enumerate(keys(figure)):
        for thing, part in key.touches:
            if thing == "floor" or thing in seen:
                continue
            seen.add(thing)
            there = moment(figure, number)
            name, r = PARTS[part][0]
            x = there.points[name][0]
            sits = part in ("pelvis", "hips")
            ahead = -1.0 if sits or x < 0 else 1.0
            if thing == "wall":
                face, ahead = wall_beside(there, name, r)
                at = face + 0.8 * ahead
                yield Shape(thing, "thing", (line(1.6, (at, 0.8, 0.0), (at, 105.0, 0.0)),))
                continue
            back, on = _AROUND[thing] if not sits else (8, 9)
            top, deep, foot = (
                (DESK_HIGH - 1.2, 16.0, 3.0) if thing == "desk" else (SEAT_HIGH - 1.2, 10.0, 0.0)
            )
            front, end = x - ahead * back, x + ahead * on
            feet = [end - ahead * foot] if thing == "desk" else [front, end]
            lines = [line(2.4, (one, top, -deep), (one, top, deep)) for one in (front, end)]
            for z in (-deep, deep):
                lines.append(line(2.4, (front, top, z), (end, top, z)))
                lines += [line(1.6, (one, top, z), (one, 0.8, z)) for one in feet]
                if thing != "desk":
                    lines.append(line(2.4, (end, top, z), (end, BACK_HIGH - 1.2, z)))
            if thing != "desk":
                lines.append(line(2.4, *((end, BACK_HIGH - 1.2, z) for z in (-deep, deep))))
            yield Shape(thing, "thing", tuple(dict.fromkeys(lines)))
    if figure.towel is not None:
        yield Shape("towel", "thing", (line(1.8, *_around(posed, figure.towel)),))


def _around(posed: Body, spot: str) -> list[Vector]:
    """From hand to hand, around a foot below its sole, or around whatever the spot is."""
    left, right = (posed.points[f"{side}_palm"] for side in body.SIDES)
    side, _, name = spot.partition("_")
    if name != "toes":
        return [left, posed.points[spot], right]
    toes, heel, ankle = (posed.points[f"{side}_{one}"] for one in ("toes", "heel", "ankle"))
    along = plus(toes, heel, -1.0)
    sole = plus(heel, along, 0.24)  # where the ankle is above
    below = plus(sole, ankle, -1.0)
    ball, arch = plus(heel, along, 0.85), plus(heel, along, 0.35)
    return [left, *(plus(point, below, 1.2) for point in (ball, arch)), right]


def box(all_of_them: Sequence[Shape]) -> Box:
    """What holds all of it, and a margin."""
    ends = [
        (x + sign * one.width / 2, y + sign * one.width / 2)
        for shape in all_of_them
        for one in shape.strokes
        for x, y in one.points
        for sign in (-1, 1)
    ]
    left, right = min(x for x, _ in ends) - MARGIN, max(x for x, _ in ends) + MARGIN
    top, bottom = min(y for _, y in ends) - MARGIN, max(y for _, y in ends) + MARGIN
    return left, top, right - left, bottom - top
