"""`assistant figure`: an exercise drawn, in the terminal, into a file, or all of them on one sheet.

Decides the options, which exercises are meant, and how a sheet is laid out. How a figure looks is
the content's; how a drawing becomes a picture, `svg_to_png`'s.
"""

import sys
from argparse import ArgumentParser, Namespace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli import common
from assistant.errors import AssistantError, ExitCode
from assistant.machine.whole_file import write_whole

if TYPE_CHECKING:
    from assistant.content.figures import Figure
    from assistant.content.types import Exercise

WIDTH = 640
"""Of a picture of one figure, in pixels, unless another is asked for."""
LARGEST = 4000
CELL, CELL_HIGH, COLUMNS, EDGE = 230, 200, 5, 14
"""Of a sheet."""
TERMINAL = (56, 24)


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant figure bird-dog --to bird-dog.svg --moving")
    parser.add_argument("names", metavar="EXERCISE", nargs="*", help="its name, as in a routine")
    parser.add_argument("--to", metavar="FILE", help="write it to FILE.svg or FILE.png")
    parser.add_argument(
        "--sheet", action="store_true", help="all that are named, or all, with names"
    )
    parser.add_argument(
        "--side", choices=("left", "right"), default="right", help="which is worked"
    )
    parser.add_argument(
        "--moving", action="store_true", help="an SVG moves, in the exercise's tempo"
    )
    parser.add_argument("--width", metavar="PIXELS", type=int, help=f"of a PNG ({WIDTH})")


def run(asked: Namespace) -> int:
    target = None if asked.to is None else Path(asked.to)
    _check(asked, target)
    drawn = _drawn(asked.names, all_of_them=asked.sheet and not asked.names)
    if target is None:
        for exercise, figure in drawn.values():
            _print(exercise, figure, asked.side)
        return ExitCode.GOOD
    svg = _sheet(drawn, asked) if asked.sheet else _one(*next(iter(drawn.values())), asked)
    if target.suffix == ".svg":
        content = svg.encode()
    else:
        from assistant.cli import svg_to_png

        width = asked.width or (COLUMNS * CELL if asked.sheet else WIDTH)
        content = svg_to_png.png(svg, "--to FILE.svg", width=width, letters=asked.sheet)
    write_whole(target, content)
    names = ", ".join(exercise.name for exercise, _ in drawn.values())
    about = f"{len(drawn)} figures" if asked.sheet else names
    print(f"{target}: {about}, {max(1, round(len(content) / 1000)):,} kB")
    return ExitCode.GOOD


def _check(asked: Namespace, target: Path | None) -> None:
    """What can't be meant. Raises AssistantError."""
    wrong = ""
    if not asked.names and not asked.sheet:
        wrong = "which exercise? Name one, or draw them all: assistant figure --sheet --to all.svg"
    elif target is not None and target.suffix not in (".svg", ".png"):
        wrong = f"--to {target}: its name should end in .svg or .png"
    elif target is None and (asked.sheet or asked.moving or asked.width):
        wrong = "where to? Add --to FILE.svg or --to FILE.png"
    elif target is not None and len(asked.names) > 1 and not asked.sheet:
        wrong = "several figures in one file are a sheet: add --sheet"
    elif target is not None and target.suffix == ".png" and asked.moving:
        wrong = f"--moving: a PNG stands still; write {target.with_suffix('.svg')}"
    elif target is not None and target.suffix == ".svg" and asked.width:
        wrong = (
            f"--width: an SVG has no pixels; leave it out, or write {target.with_suffix('.png')}"
        )
    elif asked.width is not None and not 16 <= asked.width <= LARGEST:
        wrong = f"--width {asked.width}: expected pixels from 16 to {LARGEST}"
    if wrong:
        raise AssistantError(f"figure: {wrong}", code=ExitCode.COMMAND_LINE)


def _drawn(names: list[str], *, all_of_them: bool) -> "dict[str, tuple[Exercise, Figure]]":
    from assistant.content.toml_reader import nearest

    known = common.library().exercises
    found: dict[str, tuple[Exercise, Figure]] = {}
    for name in known if all_of_them else names:
        if name not in known:
            guess = nearest(name.lower().replace(" ", "-").replace("_", "-"), known)
            hint = f'did you mean "{guess}"? ' if guess else ""
            raise AssistantError(
                f'there is no exercise "{name}"; {hint}there are: {", ".join(sorted(known))}',
                code=ExitCode.COMMAND_LINE,
            )
        exercise = known[name]
        if exercise.figure is not None:
            found[name] = exercise, exercise.figure
        elif not all_of_them:
            raise AssistantError(
                f"{exercise.file}: it has no figure; write [figure] and its postures there, "
                "as the exercises that come along have it",
                code=ExitCode.COMMAND_LINE,
            )
    return found


def _side(exercise: "Exercise", asked: Namespace) -> str:
    """The one that was asked for, where it makes a difference."""
    from assistant.content.types import Sides

    return "" if exercise.sides is Sides.NONE else str(asked.side)


def _print(exercise: "Exercise", figure: "Figure", side: str) -> None:
    from assistant.panel import braille
    from assistant.panel.screen import styled

    print(exercise.name)
    if not (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf8"):
        raise AssistantError(
            "figure: this terminal has no signs for it; write it into a file with --to FILE.svg",
            code=ExitCode.COMMAND_LINE,
        )
    for row in braille.drawn(figure, figure.shows - 1, side == "left", *TERMINAL):
        print(styled(row) if sys.stdout.isatty() else "".join(text for text, _ in row).rstrip())


def _one(exercise: "Exercise", figure: "Figure", asked: Namespace) -> str:
    from assistant.content import figure_svg
    from assistant.content.figure_tempo import tempo

    moves = tempo(exercise) if asked.moving else ()
    side = _side(exercise, asked)
    return figure_svg.svg(figure, exercise.name, side=side, tempo=moves, paper=True)


def _sheet(drawn: "dict[str, tuple[Exercise, Figure]]", asked: Namespace) -> str:
    from assistant.content import figure_svg
    from assistant.content.figure_tempo import tempo

    columns = min(COLUMNS, len(drawn))
    rows = -(-len(drawn) // columns)
    parts = []
    for number, (exercise, figure) in enumerate(drawn.values()):
        x, y = number % columns * CELL, number // columns * CELL_HIGH
        moves = tempo(exercise) if asked.moving else ()
        svg = figure_svg.svg(
            figure, exercise.name, side=_side(exercise, asked), tempo=moves, alone=False
        )
        place = f'x="{x + EDGE}" y="{y + EDGE}" width="{CELL - 2 * EDGE}" height="{CELL_HIGH - 50}"'
        parts.append(svg.replace("<svg ", f"<svg {place} ", 1))
        parts.append(
            f'<text x="{x + CELL // 2}" y="{y + CELL_HIGH - 14}">{escape(exercise.name)}</text>'
        )
    words = "text{font:14px system-ui,sans-serif;text-anchor:middle}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns * CELL} '
        f'{rows * CELL_HIGH}"><title>Exercises</title>'
        f"<style>{figure_svg.style()}{words}</style>"
        '<g class="figure"><g class="paper"><rect class="full" width="100%" height="100%"/></g></g>'
        f'<g class="words">{"".join(parts)}</g></svg>'
    )
