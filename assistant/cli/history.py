"""`assistant history`: the past in the terminal, as a page or as a picture.

Decides the options, which days are shown and where it goes: a picture on a terminal, plain lines
into a pipe, one file for `--html` and `--png`. What is counted, said and drawn is the journal's.
"""

import os
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli import common
from assistant.errors import AssistantError, ExitCode
from assistant.machine.whole_file import OWNER_ONLY, write_whole

if TYPE_CHECKING:
    from assistant.journal.tally import History

USUAL_DAYS = 84
MOST_DAYS = 36_600
PERIODS = {"month": 30, "year": 365}


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant history --html my-back.html")
    span = parser.add_mutually_exclusive_group()
    span.add_argument(
        "--days",
        metavar="N",
        type=int,
        help=f"the last N days ({USUAL_DAYS}; for a page or a picture everything)",
    )
    for period, days in PERIODS.items():
        span.add_argument(f"--{period}", action="store_true", help=f"the last {days} days")
    parser.add_argument(
        "--html",
        metavar="FILE",
        type=common.written_as(".html", ".htm"),
        help="write a page: to read, print or pass on",
    )
    parser.add_argument(
        "--png", metavar="FILE", type=common.written_as(".png"), help="write a picture"
    )
    common.add_person(parser)


def run(asked: Namespace) -> int:
    days = _days(asked)
    to_files = asked.html is not None or asked.png is not None
    if days is None and not to_files:
        days = USUAL_DAYS
    from assistant.journal.past import read_past

    found = read_past(common.journal_of(asked), days)
    if not to_files:
        _print(found)
        return ExitCode.GOOD
    from assistant.journal import history_page, history_picture

    if asked.html is not None:
        drawn, look = _figures(found)
        sheet = history_page.html(found, _names(), datetime.now(), drawn, look)
        _write(asked.html, sheet.encode(), found)
    if asked.png is not None:
        from assistant.cli import svg_to_png

        _write(asked.png, svg_to_png.png(history_picture.svg(found), "a page with --html"), found)
    return ExitCode.GOOD


def _write(target: str, content: bytes, found: "History") -> None:
    from assistant.journal.history_in_words import title

    write_whole(Path(target), content, OWNER_ONLY)
    print(f"{target}: {title(found)}, {max(1, round(len(content) / 1000)):,} kB")


def _days(asked: Namespace) -> int | None:
    """How many days were asked for; None: not said."""
    for period, days in PERIODS.items():
        if getattr(asked, period):
            return days
    given: int | None = asked.days
    if given is not None and not 1 <= given <= MOST_DAYS:
        raise AssistantError(
            f"--days {given}: expected a whole number from 1 to {MOST_DAYS}",
            code=ExitCode.COMMAND_LINE,
        )
    return given


def _names() -> Mapping[str, str]:
    """What exercises are called."""
    return {one.id: one.name for one in common.library().exercises.values()}


def _figures(found: "History") -> tuple[Mapping[str, str], str]:
    """Drawings of what was done, and what colours them."""
    from assistant.content import figure_svg

    known = common.library().exercises
    done = [known[one.exercise] for one in found.exercises if one.exercise in known]
    drawn = {
        one.id: figure_svg.svg(one.figure, one.name, alone=False)
        for one in done
        if one.figure is not None
    }
    return drawn, figure_svg.style() if drawn else ""


def _print(found: "History") -> None:
    from assistant.journal.history_in_words import lines, picture, signs_for
    from assistant.panel.screen import styled

    if not sys.stdout.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        print("\n".join(lines(found)))
        return
    width = shutil.get_terminal_size().columns
    without = {"green"} if os.environ.get("NO_COLOR") else set()
    for row in picture(found, width, signs_for(sys.stdout.encoding)):
        print(styled(tuple((text, "" if style in without else style) for text, style in row)))
