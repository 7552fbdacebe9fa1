"""Draws the screen's picture for the README: `python -m tests.panel.picture [FILE.svg]`.

The same rows as in a terminal of 80 by 24, from a view as the coach gives it.
"""

import io
import re
import sys
from pathlib import Path

from rich import _export_format
from rich.console import Console

from assistant.coach.events import Lamp, View
from assistant.panel.picture import Shown, rows
from assistant.panel.screen import as_text

DEFAULT = Path(__file__).resolve().parents[2] / "deploy" / "pictures" / "screen.svg"
WIDTH, HEIGHT = 80, 24
NOW = 1000.0

EXAMPLE = Shown(
    view=View(
        title="Bridge",
        detail="Press through your heels and keep breathing.",
        lamp=Lamp.HOLDING,
        ends_at=NOW + 12.0,
        total_s=20.0,
        heard="how long left",
        stand_at=NOW + 14 * 60 + 5,
        progress="Exercise 2 of 4",
    ),
    lamp=Lamp.HOLDING,
    lamp_since=NOW - 0.5,
    said="Three more of these, then bird dog.",
    said_at=NOW - 1.0,
)


def draw(shown: Shown, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The screen as SVG text, drawn with the fonts that a reader has."""
    console = Console(
        record=True, width=width, height=height, file=io.StringIO(), force_terminal=True
    )
    for row in rows(shown, NOW, width, height):
        console.print(as_text(row))
    own_fonts = re.sub(
        r"@font-face \{\{.*?\}\}\n", "", _export_format.CONSOLE_SVG_FORMAT, flags=re.S
    )
    own_fonts = own_fonts.replace("Fira Code", "DejaVu Sans Mono")
    own_fonts = own_fonts.replace("<svg ", '<svg xml:space="preserve" ', 1)
    return console.export_svg(title="assistant run", code_format=own_fonts, unique_id="screen")


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(draw(EXAMPLE), encoding="utf-8")
    print(file)


if __name__ == "__main__":
    main()
