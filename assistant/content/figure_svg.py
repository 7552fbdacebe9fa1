"""A figure as SVG, still or moving.

Decides which colour each part has, where the arrow goes, and what of the first posture is seen
behind the one that is shown. How a body becomes strokes is `figure_shapes`' business; where it is,
`figures` says, and when, `figure_tempo`.
"""

import math
from collections.abc import Sequence
from html import escape

from assistant.content import body
from assistant.content.figure_shapes import Flat, Shape, Stroke, box, flat, shapes
from assistant.content.figure_tempo import Tempo, moments
from assistant.content.figures import Arrow, Figure, moment

# --- the arrows ---------------------------------------------------------------

_ENDS = {
    "leg": ("knee", "heel", "toes"),
    "arm": ("elbow", "fingers"),
    "trunk": ("pelvis", "waist", "shoulders", "left_shoulder"),
    "head": ("head", "nose"),
}
"""Which points of a part an arrow may follow."""
_STEPS = 16
_BESIDE = 7.5
"""How far beside the way of a point its arrow runs."""
_SHORT = 8.0
"""A second arrow that is no longer says nothing."""


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
        if not kept or (_length(path) > max(longest / 2, _SHORT) and apart):
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
_FLAT = ("ghost", "thing", "mat", "paper")
"""Without paper around it."""
_LEFT = 9.0
"""How far a line goes from where it was, for that to be shown too."""
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
    floor, *rest = shapes(figure, shown)
    ghost = _ghost(shapes(figure, moment(figure, 0)), rest)
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


def _ghost(before: Sequence[Shape], shown: Sequence[Shape]) -> list[Shape]:
    """What moves, where it came from; what hardly leaves its place would be mere specks."""
    after = {shape.part: shape.strokes for shape in shown}
    found = []
    for shape in before:
        if shape.role == "moving":
            pairs = zip(shape.strokes, after[shape.part], strict=True)
            far = tuple(one for one, other in pairs if _apart(one, other) > _LEFT)
            found.append(Shape(shape.part, "ghost", far))
    return [shape for shape in found if shape.strokes]


def _apart(one: Stroke, other: Stroke) -> float:
    """The most that a point of a line is away from where it is in the other."""
    return max(map(math.dist, one.points, other.points))


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
