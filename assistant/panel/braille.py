"""A figure for a terminal: a body of dots, eight to a character.

Decides which dots are set and how heavy a character is, in a frame that holds the whole movement;
what moves is bold, what is far is dotted. Where on the screen it stands is `screen_layout`'s.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from assistant.coach.effects import View
from assistant.content.figure_shapes import Box, Flat, Shape, Stroke, box, shapes
from assistant.content.figure_tempo import in_work
from assistant.content.figures import Figure as Drawn
from assistant.content.figures import moment
from assistant.content.types import Exercise
from assistant.panel.screen_layout import Figure, Row, left_s

Place = Callable[[Flat], Flat]
"""From the figure's own measure to dots."""

STEPS = 8
"""Places between two postures: each is drawn once, and kept."""
HALO = 0.8
"""Empty around each part, so that one tells an arm from the trunk behind it."""
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Of a braille sign, row by row."""
_EMPTY, _FAR, _THING, _NEAR, _MOVING = range(5)
_CODES = {"paper": _EMPTY, "near": _NEAR, "far": _FAR, "thing": _THING, "moving": _MOVING}


def of(exercises: Mapping[str, Exercise]) -> Figure:
    """What draws the exercise that is led, where it is in its movement."""

    def led(view: View, now: float, columns: int, rows: int) -> Sequence[Row]:
        left = left_s(view, now)
        exercise = None if view.led is None else exercises.get(view.led.exercise)
        if view.led is None or left is None or exercise is None or exercise.figure is None:
            return ()
        at = in_work(exercise, view.led.part, max(0.0, view.total_s - left))
        whole = round(at * STEPS) / STEPS
        return drawn(exercise.figure, whole, view.led.side == "left", columns, rows)

    return led


@lru_cache(maxsize=128)
def drawn(figure: Drawn, at: float, mirrored: bool, columns: int, rows: int) -> tuple[Row, ...]:
    """At most that many characters, as many rows as it needs."""
    left, top, width, height = _frame(figure)
    scale = min(2 * columns / width, 4 * rows / height)
    across, down = 2 * columns, 4 * math.ceil(height * scale / 4)
    shift = (across - width * scale) / 2

    def place(point: Flat) -> Flat:
        x = (point[0] - left) * scale + shift
        return (across - x if mirrored else x), (point[1] - top) * scale

    dots = [bytearray(across) for _ in range(down)]
    for shape in shapes(figure, moment(figure, at)):
        if (code := _CODES.get(shape.role)) is not None:
            if shape.role not in ("thing", "paper"):
                _set(dots, shape, place, scale, HALO, _EMPTY)
            _set(dots, shape, place, scale, 0.0, code)
    return tuple(_row(dots[y : y + 4], y) for y in range(0, down, 4))


@lru_cache(maxsize=128)
def _frame(figure: Drawn) -> Box:
    count = len(figure.postures) * 2
    return box([one for step in range(count) for one in shapes(figure, moment(figure, step / 2))])


def _set(
    dots: list[bytearray], shape: Shape, place: Place, scale: float, more: float, code: int
) -> None:
    for one in shape.strokes:
        for x, y in _inside(one, place, scale, more, len(dots[0]), len(dots)):
            dots[y][x] = code


def _inside(
    one: Stroke, place: Place, scale: float, more: float, across: int, down: int
) -> Iterator[tuple[int, int]]:
    """The dots of a stroke: as near to its line as it is thick, or within what it closes."""
    line = [place(point) for point in one.points]
    radius = max(one.width * scale / 2, 0.6) + more
    ends = [*line, line[0]] if one.closed else line

    def around(points: list[Flat], more: float) -> Iterator[tuple[int, int]]:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        right, bottom = min(across, int(max(xs) + more) + 1), min(down, int(max(ys) + more) + 1)
        for y in range(max(0, int(min(ys) - more)), bottom):
            for x in range(max(0, int(min(xs) - more)), right):
                yield x, y

    for a, b in pairwise(ends):
        yield from (at for at in around([a, b], radius) if _away(at, a, b) <= radius)
    if one.closed:
        yield from (at for at in around(line, 0.0) if _within(at, ends))


def _away(dot: tuple[int, int], a: Flat, b: Flat) -> float:
    """From the middle of a dot to a line with two ends."""
    at = (dot[0] + 0.5, dot[1] + 0.5)
    dx, dy = b[0] - a[0], b[1] - a[1]
    size = dx * dx + dy * dy
    share = ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / size if size else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.hypot(at[0] - a[0] - share * dx, at[1] - a[1] - share * dy)


def _within(dot: tuple[int, int], ends: list[Flat]) -> bool:
    at, crossed = (dot[0] + 0.5, dot[1] + 0.5), False
    for (ax, ay), (bx, by) in pairwise(ends):
        if (ay > at[1]) != (by > at[1]):
            crossed ^= at[0] < ax + (at[1] - ay) / (by - ay) * (bx - ax)
    return crossed


def _row(lines: list[bytearray], top: int) -> Row:
    pieces: list[tuple[str, str]] = []
    for x in range(0, len(lines[0]), 2):
        sign, codes = 0x2800, set()
        for y, line in enumerate(lines):
            for dx in (0, 1):
                code = line[x + dx]
                codes.add(code)
                thin = code == _FAR and (x + dx + top + y) % 2
                sign |= _BITS[y][dx] if code and not thin else 0
        weight = "bold" if _MOVING in codes else "dim" if codes <= {_EMPTY, _FAR, _THING} else ""
        text = chr(sign) if sign != 0x2800 else " "
        if pieces and (pieces[-1][1] == weight or text == " "):
            pieces[-1] = (pieces[-1][0] + text, pieces[-1][1])
        else:
            pieces.append((text, weight))
    return tuple(pieces)
