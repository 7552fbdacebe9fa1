"""Draws the screen's picture for the README: `python -m tests.panel.draw_screen [FILE.svg]`.

The same rows as in a terminal of 80 by 24, of a real session at a simulated time.
"""

import io
import re
import sys
from dataclasses import replace
from pathlib import Path

from rich import _export_format
from rich.console import Console
from rich.text import Text

from assistant.coach.effects import Lamp
from assistant.coach.events import Asked, Command
from assistant.content import routine_reader
from assistant.content.plan import compile_plan
from assistant.machine.places import folder
from assistant.panel import braille
from assistant.panel.screen_layout import Shown, rows
from tests.coach.driver import SETTINGS, Drive

DEFAULT = Path(__file__).resolve().parents[2] / "deploy" / "pictures" / "screen.svg"
WIDTH, HEIGHT = 80, 24


def example() -> Shown:
    """In the middle of a hold of the bridge, just asked how long is left."""
    routine = routine_reader.load([folder("routines")]).routines["lower-back-strength"]
    plan = compile_plan(routine)
    settings = replace(SETTINGS, plans={plan.id: plan}, routine=plan.id, reminders=False)
    drive = Drive(settings)
    drive.at(0.0, Command.START)
    item = plan.exercise_ids.index("bridge")
    while drive.session is None or drive.session.segment.item < item:
        drive.at(drive.now + 1.0)
    while drive.lamp() is not Lamp.HOLDING:
        drive.at(drive.now + 0.5)
    drive.at(drive.now + 1.5, Asked(Command.TIME_LEFT, text="how long left"))
    assert drive.state.shown.view is not None
    return Shown(
        view=drive.state.shown.view,
        lamp=Lamp.HOLDING,
        lamp_since=drive.now - 0.5,
        said=drive.state.voice.last_said,
        said_at=drive.now,
    )


def draw(shown: Shown, now: float, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The screen as SVG text, drawn with the fonts that a reader has."""
    console = Console(
        record=True, width=width, height=height, file=io.StringIO(), force_terminal=True
    )
    figure = braille.of(routine_reader.load([folder("routines")]).exercises)
    for row in rows(shown, now, width, height, figure=figure):
        console.print(Text.assemble(*row, no_wrap=True, overflow="crop", end=""))
    own_fonts = re.sub(
        r"@font-face \{\{.*?\}\}\n", "", _export_format.CONSOLE_SVG_FORMAT, flags=re.S
    )
    own_fonts = own_fonts.replace("Fira Code", "DejaVu Sans Mono")
    own_fonts = own_fonts.replace("<svg ", '<svg xml:space="preserve" ', 1)
    return console.export_svg(title="assistant run", code_format=own_fonts, unique_id="screen")


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    file.parent.mkdir(parents=True, exist_ok=True)
    shown = example()
    file.write_text(draw(shown, shown.said_at), encoding="utf-8")
    print(file)


if __name__ == "__main__":
    main()
