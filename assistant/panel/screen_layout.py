"""What the screen shows, as rows of text: a view, a moment and a size in, rows out.

Decides what stands where, and what gives way when there is little room. Pure: it
knows no terminal, so a test reads the same rows that a person sees. Only weight
(bold, dim) is used, never a colour: it reads the same on light and on dark.
"""

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.coach.effects import Lamp, View
from assistant.panel import lamp_patterns
from assistant.panel.keyboard import KEYS

SAID_S = 20.0
"""How long a sentence stays to be read after it was begun."""
NOTICE_S = 60.0
CODE = "code"
"""Of a picture that a camera reads, the only thing that has colours: dark on light, or it can't."""

WORDS = {
    Lamp.OFF: "off",
    Lamp.IDLE: "waiting",
    Lamp.LISTENING: "listening",
    Lamp.READY: "get ready",
    Lamp.HOLDING: "hold",
    Lamp.RESTING: "rest",
    Lamp.PAUSED: "paused",
    Lamp.SOON: "time to stand up soon",
    Lamp.DUE: "time to stand up",
    Lamp.OVERDUE: "still time to stand up",
    Lamp.STANDING: "standing",
    Lamp.QUIET: "no reminders for now",
    Lamp.NOT_LISTENING: "not listening",
    Lamp.FAULT: "something doesn't work",
}

Row = tuple[tuple[str, str], ...]
"""Pieces of (text, weight); weight is empty, bold or dim."""
Figure = Callable[[View, float, int, int], Sequence[Row]]
"""What is led, at a time, drawn in at most so many columns and rows; nothing where there is no
picture of it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the screen shows at a moment."""

    view: View = field(default_factory=lambda: View("Starting", "", Lamp.OFF))
    lamp: Lamp = Lamp.OFF
    lamp_since: float = 0.0
    said: str = ""
    said_at: float = 0.0
    line: str = ""
    notice: str = ""
    notice_until: float = 0.0
    code: tuple[str, ...] = ()
    """What a camera reads, beside the notice."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows that stand or fall together; the highest number falls first."""

    falls: int
    rows: tuple[Row, ...]


FIGURE_FROM = (80, 24)
"""Columns and rows of a terminal from which a figure has room beside the countdown."""
_ABOVE = 3
"""Rows above the figure."""
_KEPT_FREE = 7
"""Rows that no figure takes: those above it, and the keys below."""


def rows(
    shown: Shown,
    now: float,
    width: int,
    height: int,
    *,
    ascii_only: bool = False,
    figure: Figure | None = None,
) -> list[Row]:
    """Exactly `height` rows, none longer than `width` characters. `figure` draws what is led; only
    a terminal that is large enough, and knows its dots, gets it."""
    left = left_s(shown.view, now)
    inner = max(1, width - 2)
    room_for_it = width >= FIGURE_FROM[0] and height >= FIGURE_FROM[1] and not ascii_only
    columns = min(inner * 2 // 5, 2 * (height - _KEPT_FREE))
    drawn: Sequence[Row] = ()
    free = height - _KEPT_FREE
    if room_for_it and now < shown.notice_until and 0 < len(shown.code) <= free:
        columns, drawn = len(shown.code[0]), [((line, CODE),) for line in shown.code]
    elif figure is not None and room_for_it:
        drawn = figure(shown.view, now, columns, free)
    beside = inner - columns - 2 if drawn else inner
    top = [
        *_head(shown.view, inner, beside),
        *_countdown(shown.view, left, beside, height),
        *_state(shown, now, beside),
    ]
    bottom = _foot(shown.line, inner)
    air = [()] if height >= 16 else []
    room = height - len(air)
    while sum(len(part.rows) for part in (*top, *bottom)) > room and (top or bottom):
        worst = max((*top, *bottom), key=lambda part: part.falls)
        (top if worst in top else bottom).remove(worst)
    above = [row for part in top for row in part.rows]
    below = [row for part in bottom for row in part.rows]
    all_rows = [*air, *above, *[()] * (room - len(above) - len(below)), *below][:height]
    for number, row in enumerate(drawn, _ABOVE):
        all_rows[number] = _beside(all_rows[number], row, beside + 2)
    return [_finish(row, width, ascii_only) for row in all_rows]


def _beside(row: Row, other: Row, column: int) -> Row:
    used = sum(len(text) for text, _ in row)
    return (*row, (" " * (column - used), ""), *other) if other else row


def moving(shown: Shown) -> bool:
    """Whether anything changes by itself within the second."""
    steps = lamp_patterns.PATTERNS[shown.lamp].steps
    return shown.view.ends_at is not None or len(steps) > 1


def _head(view: View, inner: int, beside: int) -> list[_Part]:
    name = "Exercise Assistant"
    gap = inner - len(name) - len(view.progress)
    parts = []
    if gap > 1:
        head: Row = ((name, "dim"), (" " * gap, ""), (view.progress, "dim"))
        parts += [_Part(6 if not view.progress else 4, (head,)), _Part(9, ((),))]
    elif view.progress:
        parts.append(_Part(4, (((view.progress, "dim"),),)))
    parts.append(_Part(0, (((view.title, "bold"),),)))
    if view.detail:
        parts.append(_Part(3, tuple(_plain(line) for line in _wrap(view.detail, beside, 3))))
    return [*parts, _Part(9, ((),))]


def _countdown(view: View, left: float | None, inner: int, height: int) -> list[_Part]:
    if left is None:
        return []
    shown = _clock(left)
    cells = max(1, inner - 8)
    full = 0 if view.total_s <= 0 else round(min(1.0, left / view.total_s) * cells)
    bar: Row = (("█" * full, "bold"), ("░" * (cells - full), "dim"), (f" {shown:>6}", "bold"))
    parts = [_Part(1, (bar,)), _Part(9, ((),))]
    if height >= 20:
        digits = tuple(((line, "bold"),) for line in _large(shown.removesuffix(" s")))
        parts.insert(0, _Part(8, (*digits, ())))
    return parts


def _state(shown: Shown, now: float, inner: int) -> list[_Part]:
    view = shown.view
    symbol = "●" if lamp_patterns.lit(shown.lamp, now - shown.lamp_since) else "○"
    lamp: Row = ((symbol, "bold"), (f" {WORDS[shown.lamp]}", ""))
    parts = [_Part(1, (lamp,)), _Part(9, ((),))]
    if shown.said and now - shown.said_at < SAID_S:
        parts.append(_Part(2, tuple(_plain(line) for line in _wrap(f"“{shown.said}”", inner, 3))))
    if view.heard:
        parts.append(_Part(5, ((("Heard: ", "dim"), (view.heard, "")),)))
    if view.stand_at is not None:
        parts.append(_Part(5, (_plain(_stand_up(view.stand_at - now)),)))
    if shown.notice and now < shown.notice_until:
        parts.append(_Part(6, tuple(_plain(line) for line in _wrap(shown.notice, inner, 3))))
    for fault in view.faults:
        lines = _wrap(f"! {fault}", inner, 2)
        parts.append(_Part(2, tuple(((line, "bold"),) for line in lines)))
    return parts


def _foot(line: str, inner: int) -> list[_Part]:
    parts = [_Part(7, _hints(inner))]
    if line:
        seen = line[-max(1, inner - 3) :]  # its end is where the next letter goes
        parts.insert(0, _Part(0, ((("> ", "dim"), (seen, ""), ("▏", "bold")),)))
    return parts


def _hints(inner: int) -> tuple[Row, ...]:
    """As many keys as two rows hold, the most needed first."""
    done: list[Row] = []
    row: list[tuple[str, str]] = []
    used = 0
    for key, words in KEYS:
        size = len(key) + 1 + len(words) + (3 if row else 0)
        if row and used + size > inner:
            done.append(tuple(row))
            row, used, size = [], 0, size - 3
        if row:
            row.append(("   ", ""))
        row += [(key, "bold"), (f" {words}", "dim")]
        used += size
    return (*done, tuple(row))[:2]


def left_s(view: View, now: float) -> float | None:
    """What is left of the countdown that runs, or stands still."""
    if view.left_s is not None:
        return max(0.0, view.left_s)
    return None if view.ends_at is None else max(0.0, view.ends_at - now)


def _clock(seconds: float) -> str:
    whole = math.ceil(seconds - 1e-6)
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02d}"


def _stand_up(seconds: float) -> str:
    if seconds <= 0:
        return "Stand up now"
    return (
        "Stand up in less than a minute" if seconds < 60 else f"Stand up in {seconds // 60:.0f} min"
    )


def _wrap(text: str, inner: int, most: int) -> list[str]:
    return textwrap.wrap(text, inner, max_lines=most, placeholder=" …")


def _plain(text: str) -> Row:
    return ((text, ""),)


_ASCII = str.maketrans(
    {"█": "#", "░": ".", "“": '"', "”": '"', "…": "...", "▏": "_", "←": "<-", "→": "->"}
    | {"●": "(*)", "○": "( )", "’": "'", "‘": "'", "–": "-", "—": "-"}
)


def _finish(row: Row, width: int, ascii_only: bool) -> Row:
    """A column of margin on each side, no control characters, cut to size."""
    pieces, room = [(" ", "")], max(0, width - 2)
    for text, weight in row:
        clean = "".join(char if char.isprintable() else " " for char in text)
        if ascii_only:
            clean = clean.translate(_ASCII).encode("ascii", "replace").decode()
        clean, room = clean[:room], room - len(clean[:room])
        if clean:
            pieces.append((clean, weight))
    return tuple(pieces) if len(pieces) > 1 else ()


_DIGITS = {
    "0": "███ █ █ █ █ █ █ ███",
    "1": " █  ██   █   █  ███",
    "2": "███   █ ███ █   ███",
    "3": "███   █ ███   █ ███",
    "4": "█ █ █ █ ███   █   █",
    "5": "███ █   ███   █ ███",
    "6": "███ █   ███ █ █ ███",
    "7": "███   █   █   █   █",
    "8": "███ █ █ ███ █ █ ███",
    "9": "███ █ █ ███   █ ███",
    ":": "     █       █     ",
}
"""Five rows of three, a space between rows."""


def _large(text: str) -> list[str]:
    """Digits to be read from the floor: each block two characters wide, about square."""
    return [
        "  ".join(
            "".join(char * 2 for char in _DIGITS[digit][row * 4 : row * 4 + 3]) for digit in text
        )
        for row in range(5)
    ]
