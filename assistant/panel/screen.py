"""The live view in a terminal: keeps what is shown, and draws it when it changes.

Decides when to draw; what is drawn is `screen_layout`'s. It uses the terminal's second screen,
so that what a person had there is back afterwards, and writes only rows that changed. A terminal
that takes nothing (Ctrl-S, a connection that is gone) holds up nobody but the thread that draws,
and whoever brings the screen back, for half a second.
"""

import atexit
import os
import select
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import TextIO

from assistant.coach.effects import Effect, Hush, Lamp, Say, SetLamp, Show
from assistant.content.types import Exercise
from assistant.panel import braille
from assistant.panel.screen_layout import CODE, NOTICE_S, Row, Shown, moving, rows

MOVING_S = 0.125
STILL_S = 1.0
TAKES_S = 0.5
"""A terminal that takes nothing for so long isn't waited for."""


STYLES = {"bold": "\x1b[1m", "dim": "\x1b[2m", "green": "\x1b[32m", CODE: "\x1b[30;107m"}
PLAIN = "\x1b[0m"
ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l"
"""The second screen, no cursor, and what is too long for a row isn't carried to the next one."""
LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l"


def usable(stream: TextIO | None = None) -> bool:
    """Whether there is a terminal that can place text; if not, `event_log` is the way."""
    try:
        return (stream or sys.stdout).isatty() and os.environ.get("TERM", "dumb") != "dumb"
    except (AttributeError, ValueError):
        return False


def styled(row: Row) -> str:
    """A row for a terminal. Nothing in a text can steer it: a name is a name."""
    return "".join(
        f"{STYLES[style]}{_visible(text)}{PLAIN}" if style else _visible(text)
        for text, style in row
    )


def _visible(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


class Screen:
    """Takes effects and the line being typed; draws on a thread of its own.

    What is led is drawn as `exercises` have it. The terminal is taken at once, and `close` gives it
    back (so does the end of the program, whatever the reason); `step_aside` and `come_back` do so
    while it is stopped with Ctrl-Z.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        stream: TextIO | None = None,
        exercises: Mapping[str, Exercise] = MappingProxyType({}),
    ) -> None:
        self._clock, self._stream = clock, stream or sys.stdout
        self._figure = braille.of(exercises)
        self._shown = Shown(lamp_since=clock())
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closing = False
        self._visible = False
        self._drawn: list[Row] = []
        self._size = (0, 0)
        self._terminal = threading.RLock()
        self._thread = threading.Thread(target=self._run, name="screen", daemon=True)
        atexit.register(self.step_aside)
        self._thread.start()

    def __call__(self, effect: Effect) -> None:
        """Show, Say, Hush and SetLamp change the picture; the rest is not for the eye."""
        now = self._clock()
        with self._lock:
            shown = self._shown
            match effect:
                case Show(view):
                    shown = _with_lamp(replace(shown, view=view), view.lamp, now)
                case SetLamp(lamp):
                    shown = _with_lamp(shown, lamp, now)
                case Say(_, text):
                    shown = replace(shown, said=text, said_at=now)
                case Hush():
                    shown = replace(shown, said="")
                case _:
                    return
            self._shown = shown
        self._wake.set()

    def typing(self, line: str) -> None:
        """The line being typed, as it is now; empty when there is none."""
        with self._lock:
            self._shown = replace(self._shown, line=line)
        self._wake.set()

    def notice(self, text: str, code: Sequence[str] = (), for_s: float = NOTICE_S) -> None:
        """Something worth saying once, and a code for a camera: it stands there for a while."""
        with self._lock:
            self._shown = replace(
                self._shown, notice=text, code=tuple(code), notice_until=self._clock() + for_s
            )
        self._wake.set()

    def step_aside(self) -> None:
        """Give the terminal back as it was, for now."""
        if self._terminal.acquire(timeout=TAKES_S):  # else it takes nothing, this neither
            try:
                if self._visible:
                    self._visible = False
                    self._write(LEAVE)
            finally:
                self._terminal.release()

    def come_back(self) -> None:
        """Take the terminal (again) and draw everything anew."""
        entered = False
        with self._terminal:
            if not self._visible and not self._closing:
                self._visible, self._drawn = True, []
                entered = self._write(ENTER)
        # This comes as a signal's handler, perhaps in the midst of waking the thread or of a change
        # to what is shown: so the thread isn't woken, and that lock isn't asked for.
        if entered:
            self._draw(self._shown)

    def close(self) -> None:
        """Give the terminal back. Calling it again does nothing."""
        self._closing = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(TAKES_S)
        self.step_aside()
        atexit.unregister(self.step_aside)

    def _run(self) -> None:
        self.come_back()
        while not self._closing:
            self._wake.clear()
            with self._lock:
                shown = self._shown
            self._draw(shown)
            self._wake.wait(MOVING_S if moving(shown) else STILL_S)

    def _draw(self, shown: Shown) -> None:
        width, height = size = self._measure()
        utf8 = (self._stream.encoding or "").lower().replace("-", "") == "utf8"
        now = self._clock()
        picture = rows(shown, now, width, height, ascii_only=not utf8, figure=self._figure)
        with self._terminal:
            if not self._visible:
                return
            out = ""
            if size != self._size or not self._drawn:
                out, self._drawn, self._size = "\x1b[H\x1b[2J", [()] * height, size
            for n, (row, old) in enumerate(zip(picture, self._drawn, strict=True)):
                if row != old:
                    out += f"\x1b[{n + 1};1H\x1b[2K{styled(row)}"
            self._drawn = picture if self._write(out) else []

    def _write(self, out: str) -> bool:
        """Whether the terminal took it. Not through the stream: what waits in there would hold up
        the end of the program."""
        left = out.encode(self._stream.encoding, "replace")
        with suppress(OSError, ValueError):  # the terminal went away; the keyboard says so
            terminal = self._stream.fileno()
            while left and select.select([], [terminal], [], TAKES_S)[1]:
                left = left[os.write(terminal, left) :]
        return not left

    def _measure(self) -> tuple[int, int]:
        try:
            size = os.get_terminal_size(self._stream.fileno())
        except (OSError, ValueError, AttributeError):
            return 80, 24
        return size.columns or 80, size.lines or 24


def _with_lamp(shown: Shown, lamp: Lamp, now: float) -> Shown:
    return shown if shown.lamp is lamp else replace(shown, lamp=lamp, lamp_since=now)
