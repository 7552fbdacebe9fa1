"""Without a terminal: one plain line for each thing that happens.

Decides what is worth a line and how it reads; where the lines go (a log, a pipe) is the
caller's. Effects that only move (the countdown, the lamp) are not worth one.
"""

import select
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import TextIO

from assistant.coach.effects import Effect, Say, Show, View


def _time_of_day() -> str:
    return time.strftime("%H:%M:%S")


class EventLog:
    """Takes effects; writes `HH:MM:SS text`. A reader that has gone away ends it quietly, and one
    that takes nothing (Ctrl-S, a page of `less`) misses lines, and is told how many.

    It has the same doors as `Screen`, so that the program needn't know which one it has.
    """

    def __init__(
        self, stream: TextIO | None = None, time_of_day: Callable[[], str] = _time_of_day
    ) -> None:
        self._stream = stream or sys.stdout
        self._time_of_day = time_of_day
        self._last: View | None = None
        self._said = ""
        self._lock = threading.Lock()
        self._missed = 0

    def __call__(self, effect: Effect) -> None:
        """Write what is new in it."""
        with self._lock:
            match effect:
                case Show(view):
                    for text in news(self._last, view):
                        if text != f"! {self._said}":  # what was just said is told once
                            self._write(text)
                    self._last = view
                case Say(_, text):
                    self._write(f'"{text}"')
                    self._said = text
                case _:
                    pass

    def notice(self, text: str, _code: Sequence[str] = (), _for_s: float = 0.0) -> None:
        """Something worth saying once."""
        with self._lock:
            self._write(text)

    def typing(self, line: str) -> None:
        """Half a line is nobody's news."""

    def step_aside(self) -> None:
        """Lines take nothing that would have to be given back."""

    def come_back(self) -> None:
        """Nothing was put aside."""

    def close(self) -> None:
        """What was missed last is told now, where there is room for it: nothing follows any more.

        It waits for none, and can be called more than once.
        """
        with self._lock:
            if self._missed and self._has_room():
                self._put(self._missing())

    def _write(self, text: str) -> None:
        if not self._has_room():
            self._missed += 1
            return
        clean = "".join(char if char.isprintable() else " " for char in text)
        self._put(f"{self._missing()}{self._time_of_day()} {clean}\n")

    def _missing(self) -> str:
        """How many lines are, told once; empty: none."""
        missed, self._missed = self._missed, 0
        lines = "line is" if missed == 1 else "lines are"
        return f"({missed} {lines} missing here)\n" if missed else ""

    def _put(self, text: str) -> None:
        encoding = self._stream.encoding or "ascii"
        line = text.encode(encoding, "replace")
        try:
            self._stream.write(line.decode(encoding))
            self._stream.flush()
        except (OSError, ValueError):
            pass  # nobody reads any more: the session is not the log's to end

    def _has_room(self) -> bool:
        """Whether a line can be written at once: the session is not the log's to hold up."""
        try:
            return bool(select.select([], [self._stream], [], 0)[1])
        except (OSError, ValueError):  # no file, or one that is closed: nothing is waited for
            return True


def news(before: View | None, now: View) -> list[str]:
    """What a person would want to be told of, in lines."""
    lines = []
    if now.heard and (before is None or before.heard != now.heard):
        lines.append(f"heard: {now.heard}")
    if before is None or _where(before) != _where(now):
        lines.append(_where(now))
    old, new = (before.faults if before else ()), now.faults
    lines += [f"! {fault}" for fault in new if fault not in old]
    lines += [f"well again: {fault}" for fault in old if fault not in new]
    return lines


def _where(view: View) -> str:
    progress = f" ({view.progress})" if view.progress else ""
    return f"{view.title}{progress}" + (f" - {view.detail}" if view.detail else "")
