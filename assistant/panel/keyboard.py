"""The keyboard: single keys, and lines that are typed.

Decides which key is which fact; what a typed line means is `parse`'s to say. What a terminal
sends for other keys, or as an answer, is left aside as a whole (`control_sequence`). It owns the
terminal's input mode and gives it back at the end, after a crash, and while the program is
stopped with Ctrl-Z. Without a terminal it reads plain lines; without any input, nothing.
"""

import atexit
import codecs
import os
import select
import signal
import sys
import termios
import threading
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from types import FrameType

from assistant.coach.events import Asked, Command, Event, Quit, Source, Touched, Unclear
from assistant.panel.button_presses import Taps
from assistant.panel.control_sequence import ControlSequence

KEYS = (
    ("space", "start, pause, go on"),
    ("space twice", "next"),
    ("Esc", "stop"),
    ("← →", "back, next"),
    ("+ -", "volume"),
    ("?", "help"),
    ("letters", "type a command"),
    ("Ctrl-C", "leave"),
    ("space thrice", "listen, or don't"),
)
"""For people: what each key does, the most needed first."""

ESCAPE_S = 0.1
"""What belongs to an Esc follows within this; what hasn't come by then was Esc alone."""
REPEAT_S = 0.06
"""A space that follows sooner comes from a key held down, not from a finger."""
PAUSE_S = 3.0
"""Whoever types a sentence doesn't wait so long in it: the next space is the button again."""
FORGET_S = 10.0
"""A line that nobody goes on with was a slip, and is forgotten."""
PASTE_S = 1.0
"""The end of what is pasted follows its last character sooner than this."""

_ARROWS = {"C": Command.NEXT, "D": Command.BACK}
_SIGNS = {"+": Command.LOUDER, "-": Command.QUIETER, "?": Command.HELP}
_ENDS = {"\x03": 130, "\x04": 0}
"""Ctrl-C (where it comes as a character and not as a signal) and Ctrl-D, and their exit codes."""

Parse = Callable[[str], Asked | Unclear | None]


def _ignore(*_: object) -> None:
    pass


class Keys:
    """Characters and times in, events out. Reads no clock and no terminal."""

    def __init__(self, parse: Parse, on_line: Callable[[str], None] = _ignore) -> None:
        self._parse, self._on_line = parse, on_line
        self._taps = Taps(source=Source.KEY, bounce_s=0.0)
        self._release_at: float | None = None
        self._sequence: ControlSequence | None = None
        """What has come since an Esc."""
        self._sequence_at = 0.0
        self._line = ""
        self._line_at = 0.0
        """When the line was typed on last."""
        self._pasted_at: float | None = None
        """While text is being pasted: when the last of it came."""

    @property
    def deadline(self) -> float | None:
        """When `due` has something to do."""
        times = [self._release_at, self._taps.deadline]
        if self._sequence is not None:
            times.append(self._sequence_at + ESCAPE_S)
        if self._line:
            times.append(self._line_at + FORGET_S)
        if self._pasted_at is not None:
            times.append(self._pasted_at + PASTE_S)
        return min((at for at in times if at is not None), default=None)

    def feed(self, text: str, now: float) -> list[Event]:
        """What was typed just now, in one piece as the terminal gave it."""
        events = self.due(now)
        held = self._release_at is not None
        for place, char in enumerate(text):
            if self._sequence is not None:
                # Alt with a key is sent as Esc and that key, in one piece.
                events += self._in_sequence(char, now, alone=place == 0)
            elif char == "\x1b":
                self._sequence, self._sequence_at = ControlSequence(), now
            elif self._pasted_at is not None:
                self._paste(char, now)
            elif char == " " and self._is_button(now):
                self._edit("", now)
                events += self._space(now, held=held)
            else:
                events += self._char(char, now)
        return events

    def due(self, now: float) -> list[Event]:
        """Time has passed."""
        events: list[Event] = []
        if self._release_at is not None and self._release_at <= now:
            events += self._release()
        events += self._taps.due(now)
        if self._sequence is not None and self._sequence_at + ESCAPE_S <= now:
            events += self._end_sequence(now)
        if self._pasted_at is not None and self._pasted_at + PASTE_S <= now:
            self._pasted_at = None
        if self._line and self._line_at + FORGET_S <= now:
            self._edit("", now)
        return events

    # --- the space bar ------------------------------------------------------

    def _is_button(self, now: float) -> bool:
        """Whether a space is the button now, and not a part of a line."""
        return not self._line or self._line_at + PAUSE_S <= now

    def _space(self, now: float, *, held: bool) -> list[Event]:
        """A terminal tells no release: it comes `REPEAT_S` after the last of a key's repeats."""
        events: list[Event] = []
        if not held:
            events += self._release()
            events += self._taps.down(now)
        self._release_at = now + REPEAT_S
        return events

    def _release(self) -> list[Event]:
        if self._release_at is None:
            return []
        at, self._release_at = self._release_at, None
        return [*self._taps.up(at - REPEAT_S)]

    # --- other keys ---------------------------------------------------------

    def _char(self, char: str, now: float) -> list[Event]:
        if char in _ENDS:
            return [Quit(_ENDS[char])]
        if char in "\r\n":
            return self._enter(now)
        if char in "\x7f\b":
            self._edit(self._line[:-1], now)
        elif not self._line and char in _SIGNS:
            return [Asked(_SIGNS[char], Source.KEY)]
        elif char.isprintable():
            self._edit(self._line + char, now)
        return []

    def _in_sequence(self, char: str, now: float, *, alone: bool) -> list[Event]:
        """One more character after an Esc; `alone`: it came in a piece of its own."""
        sequence = self._sequence
        assert sequence is not None
        if alone and sequence.empty and not sequence.may_begin_with(char):
            return [*self._end_sequence(now), *self._after(char, now)]
        self._sequence_at = now
        if sequence.breaks_off(char):
            self._sequence = None
            return self._after(char, now)
        if not sequence.add(char):
            return []
        self._sequence = None
        if sequence.text == "[200~":
            self._pasted_at = now
        elif sequence.text == "[201~":
            self._pasted_at = None
        elif self._pasted_at is None and (arrow := sequence.arrow) in _ARROWS:
            return [Asked(_ARROWS[arrow], Source.KEY)]
        return []

    def _after(self, char: str, now: float) -> list[Event]:
        """A character that doesn't belong to the sequence before it."""
        if char == "\x1b":
            self._sequence, self._sequence_at = ControlSequence(), now
            return []
        if char == " " and self._is_button(now):
            self._edit("", now)
            return self._space(now, held=False)
        return self._char(char, now)

    def _end_sequence(self, now: float) -> list[Event]:
        """Esc alone: clears a begun line; on an empty one it is stop. Half an arrow is nothing."""
        alone, self._sequence = self._sequence is not None and self._sequence.empty, None
        if not alone or self._pasted_at is not None:
            return []
        if self._line:
            self._edit("", now)
            return []
        return [Touched(), Asked(Command.STOP, Source.KEY)]

    def _paste(self, char: str, now: float) -> None:
        """Pasted text waits on the line for Enter, whatever is in it."""
        self._pasted_at = now
        if char in _ENDS:
            return
        self._edit(self._line + (char if char.isprintable() else " "), now)

    def _enter(self, now: float) -> list[Event]:
        text = self._line.strip()
        self._edit("", now)
        return typed(text, self._parse)

    def _edit(self, line: str, now: float) -> None:
        self._line_at = now
        if line != self._line:
            self._line = line
            self._on_line(line)


def typed(text: str, parse: Parse) -> list[Event]:
    """A whole line. It was certainly meant for us, so one that isn't understood is `Unclear`."""
    if not text.strip():
        return []
    meant = parse(text.strip())
    return [Unclear(Source.TYPED) if meant is None else replace(meant, source=Source.TYPED)]


class Keyboard:
    """Reads standard input (or `fd`) on a thread of its own from `start` to `close`.

    `on_line` is told the line being typed each time it changes; `on_stop` and `on_resume` let a
    screen step aside while the program is stopped with Ctrl-Z, or before Ctrl-\\ ends it. Start it
    on the main thread.
    """

    def __init__(
        self,
        post: Callable[[Event], None],
        parse: Parse,
        *,
        fd: int | None = None,
        on_line: Callable[[str], None] = _ignore,
        on_stop: Callable[[], None] = _ignore,
        on_resume: Callable[[], None] = _ignore,
    ) -> None:
        self._post, self._parse = post, parse
        self._fd = _standard_input() if fd is None else fd
        self._keys = Keys(parse, on_line)
        self._on_stop, self._on_resume = on_stop, on_resume
        self._cooked: list[object] | None = None
        self._wake_out, self._wake_in = os.pipe()
        self._closing = False
        self._signals: dict[int, object] = {}
        self._thread = threading.Thread(target=self._read, name="keyboard", daemon=True)

    def start(self) -> None:
        """Begin to read; a terminal is switched to single keys without echo."""
        if self._fd is None:
            return
        if os.isatty(self._fd):
            with suppress(termios.error):
                self._cooked = termios.tcgetattr(self._fd)
            atexit.register(self._restore)
            self._watch_stops()
            self._enter()
        self._thread.start()

    def close(self) -> None:
        """Stop reading and give the terminal back as it was. Calling it again does nothing."""
        if self._closing:
            return
        self._closing = True
        os.write(self._wake_in, b"x")
        if self._thread.is_alive():
            self._thread.join(2.0)
        self._restore()
        atexit.unregister(self._restore)
        for number, handler in self._signals.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        os.close(self._wake_out)
        os.close(self._wake_in)

    def _read(self) -> None:
        assert self._fd is not None
        decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        plain, rest = self._cooked is None, ""
        while self._wait():
            if not plain and not self._in_front():
                time.sleep(0.2)  # in the background the terminal is the shell's
                continue
            try:
                data = os.read(self._fd, 4096)
            except OSError:
                data = b""
            if not data:
                if not plain:
                    self._tell([Quit()])  # the terminal was closed
                elif rest:
                    self._tell(typed(rest, self._parse))
                return
            text = decoder.decode(data)
            if plain:
                *lines, rest = (rest + text).split("\n")
                for line in lines:
                    self._tell(typed(line, self._parse))
            else:
                self._tell(self._keys.feed(text, time.monotonic()))

    def _wait(self) -> bool:
        """Until there is something to read (True) or it is closed (False)."""
        assert self._fd is not None
        while not self._closing:
            deadline = self._keys.deadline
            wait_s = None if deadline is None else max(0.0, deadline - time.monotonic())
            ready, _, _ = select.select([self._fd, self._wake_out], [], [], wait_s)
            self._tell(self._keys.due(time.monotonic()))
            if self._wake_out in ready:
                break
            if self._fd in ready:
                return True
        return False

    def _tell(self, events: list[Event]) -> None:
        for event in events:
            self._post(event)

    # --- the terminal's mode ------------------------------------------------

    def _in_front(self) -> bool:
        """Whether the terminal is ours now, not a shell's that has put us in the background."""
        assert self._fd is not None
        try:
            return os.tcgetpgrp(self._fd) == os.getpgrp()
        except OSError:
            return True  # not our controlling terminal: nobody else claims it

    def _enter(self) -> None:
        if self._cooked is not None and self._in_front():
            assert self._fd is not None
            with suppress(termios.error):
                tty.setcbreak(self._fd, termios.TCSANOW)

    def _restore(self) -> None:
        if self._cooked is not None and self._in_front():
            assert self._fd is not None
            with suppress(termios.error):
                termios.tcsetattr(self._fd, termios.TCSANOW, self._cooked)  # type: ignore[arg-type]

    def _watch_stops(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # only the main thread may; then Ctrl-Z leaves the terminal as it is
        handlers = dict.fromkeys((signal.SIGTSTP, signal.SIGQUIT), self._stop)
        for number, handler in {**handlers, signal.SIGCONT: self._resume}.items():
            self._signals[number] = signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Ctrl-Z and Ctrl-\\: give the terminal back, then really stop, or end. It runs between two
        steps of the main thread: one that hangs in a library's call is neither stopped nor ended.
        """
        self._on_stop()
        self._restore()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.signal(number, self._stop)

    def _resume(self, number: int, frame: FrameType | None) -> None:
        self._enter()
        if self._in_front():
            self._on_resume()


def _standard_input() -> int | None:
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return None
