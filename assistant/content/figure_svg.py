"""A figure as a drawing: flat strokes for any screen, and the same as SVG, still or moving.

Decides how a body looks: how thick, what lies before what, which colour, where the arrow goes.
Whoever wants it in something else than SVG takes `shapes`. Where the body is, `figures` says, and
when, `figure_tempo`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from assistant.content import body
from assistant.content.body import Body, Vector
from assistant.content.figure_tempo import Tempo, moments
from assistant.content.figures import (
    DESK_HIGH,
    PARTS,
    SEAT_HIGH,
    Arrow,
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
"""Looked at from farther above, no side is the far one."""
_SEEN = 10.0
"""From here on the floor is no line any more."""

# --- shapes -------------------------------------------------------------------

_TRUNK = ("hip", "waist", "ribs", "chest", "collar")
_LIMBS = {
    "leg": ((("hip", "knee", "ankle"), body.LEG_R), (("ankle", "heel", "toes"), body.FOOT_R)),
    "arm": ((("shoulder", "elbow", "wrist"), body.ARM_R), (("wrist", "fingers"), body.HAND_R)),
}
OTHER = {"left": "right", "right": "left"}
_ENDS = {
    "leg": ("knee", "heel", "toes"),
    "arm": ("elbow", "fingers"),
    "trunk": ("pelvis", "waist", "shoulders", "left_shoulder"),
    "head": ("head", "nose"),
}
"""Which points of a part an arrow may follow."""


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
        stroke(outline, body.TRUNK_R, closed=True),
        stroke(("waist", "belly"), body.TRUNK_R - 2.0),
    )
    head = (
        stroke(("shoulders", "neck"), 2.4),
        stroke(("head", "nose"), 1.3),
        stroke(("head", "head"), body.HEAD_R),
    )
    found = [
        (middle + 1.0, Shape("trunk", role("trunk", "near"), trunk)),
        (deep("head") + 1.5, Shape("head", role("head", "near"), head)),
    ]
    for side in body.SIDES:
        for part, lines in _LIMBS.items():
            depth = deep(*(f"{side}_{name}" for name in lines[0][0]))
            apart = depth - deep(*(f"{OTHER[side]}_{name}" for name in lines[0][0]))
            near = "far" if apart < -4.0 and figure.above < _LEVEL else "near"
            limb = tuple(stroke([f"{side}_{name}" for name in names], r) for names, r in lines)
            depth += 2.0 if part == "arm" else 0.0
            found.append((depth, Shape(f"{side}_{part}", role(f"{side}_{part}", near), limb)))
    found.sort(key=lambda one: one[0])
    return [_floor(figure), *_things(figure, posed), *(shape for _, shape in found)]


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
            top, front, end, deep, foot = (
                (SEAT_HIGH - 1.2, x - ahead * 8, x + ahead * (9 if sits else 15), 10.0, 0.0)
                if thing == "chair"
                else (DESK_HIGH - 1.2, x - ahead * 4, x + ahead * 24, 16.0, 3.0)
            )
            feet = [end - ahead * foot] if thing == "desk" else [front, end]
            lines = [line(2.4, (one, top, -deep), (one, top, deep)) for one in (front, end)]
            for z in (-deep, deep):
                lines.append(line(2.4, (front, top, z), (end, top, z)))
                lines += [line(1.6, (one, top, z), (one, 0.8, z)) for one in feet]
                if thing == "chair":
                    lines.append(line(2.4, (end, top, z), (end, top + 26, z)))
            if thing == "chair":
                lines.append(line(2.4, (end, top + 26, -deep), (end, top + 26, deep)))
            yield Shape(thing, "thing", tuple(dict.fromkeys(lines)))
    if figure.towel is not None:
        aim = flat(figure, posed.points[figure.towel])[:2]
        hands = (flat(figure, posed.points[f"{side}_palm"])[:2] for side in body.SIDES)
        yield Shape("towel", "thing", tuple(Stroke((hand, aim), 1.8) for hand in hands))


# --- the arrows ---------------------------------------------------------------

_STEPS = 16
_BESIDE = 7.5
"""How far beside the way of a point its arrow runs."""


def arrows(figure: Figure) -> list[Shape]:
    """The author's own; without any, from the first posture to the one that is shown, beside what
    moves most."""
    shown = moment(figure, figure.shows - 1)
    if figure.arrows:
        return [
            _arrow(_own(flat(figure, shown.points[one.spot])[:2], one)) for one in figure.arrows
        ]
    last = figure.shows - 1
    way = [moment(figure, last * step / _STEPS) for step in range(_STEPS + 1)]
    found: list[list[Flat]] = []
    for part in figure.moves:
        side, _, limb = part.partition("_")
        names = [f"{side}_{name}" for name in _ENDS[limb]] if limb else _ENDS[part]
        paths = [[flat(figure, one.points[name])[:2] for one in way] for name in names]
        found.append(max(paths, key=_length))
    longest = max(map(_length, found))
    middle = flat(figure, shown.points["waist"])[:2]
    kept: list[list[Flat]] = []
    for path in sorted(found, key=_length, reverse=True):
        apart = all(math.dist(path[-1], other[-1]) > 30.0 for other in kept)
        if _length(path) > longest / 2 and apart:
            kept.append(path)
    return [_arrow(_beside(path, middle)) for path in kept]


def _length(path: Sequence[Flat]) -> float:
    return math.dist(path[0], path[-1])


def _beside(path: Sequence[Flat], middle: Flat) -> list[Flat]:
    """The same way, on the side that is away from the body."""
    (ax, ay), (bx, by) = path[0], path[-1]
    length = _length(path) or 1.0
    nx, ny = (ay - by) / length, (bx - ax) / length
    x, y = path[len(path) // 2]
    if (x - middle[0]) * nx + (y - middle[1]) * ny < 0:
        nx, ny = -nx, -ny
    return [(x + nx * _BESIDE, y + ny * _BESIDE) for x, y in path]


def _own(at: Flat, arrow: Arrow) -> list[Flat]:
    """Straight to the spot or away from it; bent, around it."""

    def beside(degrees: float, wide: float, high: float) -> Flat:
        turn = math.radians(degrees)
        return at[0] + wide * math.cos(turn), at[1] - high * math.sin(turn)

    if arrow.bend:
        shares = (step / _STEPS - 0.5 for step in range(_STEPS + 1))
        return [beside(arrow.towards + arrow.bend * one, arrow.wide, arrow.high) for one in shares]
    near = 1.5 + (body.HEAD_R if arrow.spot == "head" else 0.0)
    ends = (near, near + 9.5) if arrow.away else (-near - 10.0, -near)
    return [beside(arrow.towards, far, far) for far in ends]


def _arrow(line: Sequence[Flat]) -> Shape:
    tip = line[-1]
    before = next((one for one in reversed(line) if math.dist(one, tip) > 2.5), line[0])
    size = math.dist(before, tip) or 1.0
    dx, dy = (tip[0] - before[0]) / size, (tip[1] - before[1]) / size

    def back(far: float, aside: float) -> Flat:
        return tip[0] - far * dx - aside * dy, tip[1] - far * dy + aside * dx

    shaft = tuple(one for one in line if math.dist(one, tip) > 4.0)
    head = Stroke((tip, back(4.6, 2.9), back(4.6, -2.9)), 0.8, closed=True)
    return Shape("arrow", "arrow", (Stroke((*shaft, back(3.5, 0.0)), 1.9), head))


# --- SVG ----------------------------------------------------------------------

LIGHT = {"near": "#22303c", "far": "#8d99a5", "moving": "#d4520a", "thing": "#6b7780",
         "ghost": "#e6e0d8", "arrow": "#0b62a8", "paper": "#ffffff", "mat": "#eef1f4"}  # fmt: skip
DARK = {"near": "#e4e9ee", "far": "#74808c", "moving": "#f58a3c", "thing": "#97a3ad",
        "ghost": "#3a3631", "arrow": "#6db8f2", "paper": "#15191d", "mat": "#20262b"}  # fmt: skip
MARGIN = 4.0
_FLAT = ("ghost", "thing", "mat")
"""Without paper around it."""
HALO = 1.8
"""Of paper around each shape, so that one tells an arm from the trunk behind it."""


def style(*, dark: bool = True) -> str:
    """What colours the drawings of a page, in light and in dark; a page says it once."""
    rules = _colours(LIGHT) + (
        ".figure{stroke-linecap:round;stroke-linejoin:round;fill:none}.figure .moves{display:none}"
    )
    if dark:
        rules += f"@media(prefers-color-scheme:dark){{{_colours(DARK)}}}"
    return rules + (
        "@media(prefers-reduced-motion:no-preference){"
        ".figure .moves{display:inline}.figure .moves~.still{display:none}}"
    )


def _colours(palette: dict[str, str]) -> str:
    rules = (
        f".figure .{role}{{stroke:{colour}}}.figure .{role} .full{{fill:{colour}}}"
        for role, colour in palette.items()
    )
    return "".join(rules) + f".words{{fill:{palette['near']}}}"


def svg(
    figure: Figure,
    name: str,
    *,
    side: str = "",
    tempo: Tempo = (),
    alone: bool = True,
    paper: bool = False,
) -> str:
    """The drawing. `name` is for who can't see it; the left `side` is mirrored. With a `tempo` it
    moves, where the viewer doesn't mind. `alone` brings its colours along, else the page has
    `style`; with `paper` it doesn't lie on whatever is behind it."""
    shown = moment(figure, figure.shows - 1)
    before = [one for one in shapes(figure, moment(figure, 0)) if one.role == "moving"]
    ghost = [Shape(one.part, "ghost", one.strokes) for one in before]
    floor, *rest = shapes(figure, shown)
    still = [floor, *ghost, *rest, *arrows(figure)]
    places = moments(tempo)
    frames = [shapes(figure, moment(figure, at)) for _, at in places]
    around = box([*still, *(one for frame in frames for one in frame)])
    left, top, width, height = around
    parts = []
    if tempo:
        ident = "-".join(name.lower().split())
        moving = _moving(ident, places, frames, [floor, *rest])
        parts.append(f'<g class="moves">{moving}</g>')
    parts.append(f'<g class="still">{"".join(map(_drawn, still))}</g>')
    if side == "left":
        over = f"{2 * left + width:.1f}"
        parts = [f'<g transform="translate({over} 0) scale(-1 1)">', *parts, "</g>"]
    if paper:
        sheet = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
        parts.insert(0, f'<g class="paper"><rect class="full" {sheet}/></g>')
    said = escape(f"{name}, {side} side" if side else name)
    look = f"<style>{style()}</style>" if alone else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" '
        f'viewBox="{left:.1f} {top:.1f} {width:.1f} {height:.1f}">'
        f"<title>{said}</title>{look}{''.join(parts)}</svg>"
    )


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


def _drawn(shape: Shape) -> str:
    """A shape and the paper around it."""
    paths = [(_path(one), one) for one in shape.strokes]
    halo = "".join(f'<path d="{d}" stroke-width="{one.width + HALO:.1f}"/>' for d, one in paths)
    lines = "".join(
        f'<path d="{d}" stroke-width="{one.width:.1f}"{_full(one)}/>' for d, one in paths
    )
    over = "" if shape.role in _FLAT else f'<g class="paper">{halo}</g>'
    return f'{over}<g class="{shape.role}">{lines}</g>'


def _full(one: Stroke) -> str:
    return ' class="full"' if one.closed else ""


def _path(one: Stroke) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in one.points) + ("Z" if one.closed else "")


def _moving(name: str, steps: Tempo, frames: Sequence[Sequence[Shape]], shown: list[Shape]) -> str:
    """All shapes, each path going through its places; what is before what stays as in the still
    one. A path is said once, and drawn twice: as paper around it, and as itself."""
    times = [time for time, _ in steps]
    by_part = [{shape.part: shape for shape in frame} for frame in frames]
    paths, drawn = "", ""
    for shape in shown:
        lines, halo = "", ""
        for i, one in enumerate(shape.strokes):
            places = [_path(frame[shape.part].strokes[i]) for frame in by_part]
            ident = f"{name}-{shape.part}-{i}"
            paths += f'<path id="{ident}" d="{places[0]}">{_change(places, times)}</path>'
            use = f'<use href="#{ident}" stroke-width='
            lines += f'{use}"{one.width:.1f}"{_full(one)}/>'
            halo += f'{use}"{one.width + HALO:.1f}"/>'
        over = "" if shape.role in _FLAT else f'<g class="paper">{halo}</g>'
        drawn += f'{over}<g class="{shape.role}">{lines}</g>'
    return f"<defs>{paths}</defs>{drawn}"


def _change(places: Sequence[str], times: Sequence[float]) -> str:
    if len(set(places)) == 1:
        return ""
    return (
        f'<animate attributeName="d" dur="{times[-1]:g}s" repeatCount="indefinite" '
        f'keyTimes="{";".join(f"{time / times[-1]:.3g}" for time in times)}" '
        f'values="{";".join(places)}"/>'
    )
