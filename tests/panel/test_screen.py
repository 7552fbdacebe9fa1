"""The screen takes a real terminal, writes only what changed, and gives the terminal back."""

import fcntl
import io
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.coach.effects import Context, Hush, Lamp, Listen, Priority, Say, SetLamp, Show, View
from assistant.panel.screen import Screen, usable

REPOSITORY = Path(__file__).resolve().parents[2]
WAITING = View("Waiting", "Say hey coach, or press.", Lamp.LISTENING)
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
CURSOR_BACK = "\x1b[?25h"


class Terminal:
    """A pseudo-terminal of a given size, and what was written to it."""

    def __init__(self, columns: int = 80, lines: int = 24) -> None:
        self.master, slave = os.openpty()
        self.resize(columns, lines)
        self.stream = os.fdopen(slave, "w", encoding="utf-8")
        self.seen = ""

    def resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def until(self, what: str, timeout_s: float = 10) -> str:
        """What was written up to and with `what`; later writes are kept for the next call."""
        ends = time.monotonic() + timeout_s
        while what not in self.seen:
            assert time.monotonic() < ends, f"{what!r} was not written: {self.seen!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                self.seen += os.read(self.master, 65536).decode()
        before, self.seen = self.seen.split(what, 1)
        return before + what

    def close(self) -> None:
        self.stream.close()
        os.close(self.master)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.setenv("TERM", "xterm-256color")
    it = Terminal()
    yield it
    it.close()


@pytest.fixture
def screen(terminal: Terminal) -> Iterator[Screen]:
    it = Screen(stream=terminal.stream)
    it(Show(WAITING))
    yield it
    it.close()


def words(written: str) -> str:
    """What was written, without where and how."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "\n", written)


def test_it_shows_what_the_coach_says(terminal: Terminal, screen: Screen) -> None:
    """A view, a lamp, a sentence, a line being typed appear; other orders are not for the eye."""
    assert ENTER in terminal.until("Say hey coach, or press.")
    screen(Listen(Context.SESSION))
    screen(Say(1, "Lower back, gentle.", Priority.CUE, 5.0))
    terminal.until("“Lower back, gentle.”")
    screen(SetLamp(Lamp.PAUSED))
    terminal.until("paused")
    screen.typing("start de")
    terminal.until("start de")
    screen.notice("No pins here.")
    terminal.until("No pins here.")


def test_only_changed_rows_are_written(terminal: Terminal, screen: Screen) -> None:
    """Nothing flickers: a new sentence writes its own row and leaves the rest alone."""
    terminal.until("leave")
    screen(Say(1, "And hold.", Priority.CUE, 5.0))
    written = terminal.until("“And hold.”")
    assert "\x1b[2J" not in written
    assert "Exercise Assistant" not in written
    screen(Hush())
    screen.typing("q")
    assert "And hold" not in terminal.until("> ")


def test_a_new_size_is_a_new_picture(terminal: Terminal, screen: Screen) -> None:
    """When the window changes its size everything is drawn again to fit."""
    terminal.until("leave")
    terminal.resize(40, 10)
    terminal.until("\x1b[2J")
    terminal.until("Waiting")
    screen.typing("q")
    rows = [int(row) for row in re.findall(r"\x1b\[(\d+);1H", terminal.until("> "))]
    assert max(rows) <= 10


def test_the_terminal_is_given_back(terminal: Terminal, screen: Screen) -> None:
    """Closing shows the cursor and what was there before, once."""
    terminal.until("leave")
    screen.close()
    assert CURSOR_BACK in terminal.until(LEAVE)
    screen.close()
    terminal.stream.write("after")
    terminal.stream.flush()
    assert LEAVE not in terminal.until("after")


def test_it_steps_aside_and_comes_back(terminal: Terminal, screen: Screen) -> None:
    """While the program is stopped the terminal is a person's own; then all is drawn anew."""
    terminal.until("leave")
    screen.step_aside()
    terminal.until(LEAVE)
    screen.come_back()
    terminal.until(ENTER)
    terminal.until("Waiting")


@pytest.mark.timeout(20)
def test_it_comes_back_though_it_was_stopped_while_it_was_being_told(
    terminal: Terminal, screen: Screen
) -> None:
    """Ctrl-Z may find the main thread in the midst of waking the screen, with that lock held."""
    terminal.until("leave")
    with vars(screen._wake)["_cond"]:
        screen.step_aside()
        screen.come_back()
    terminal.until(ENTER)
    terminal.until("Waiting")


def test_a_terminal_that_went_away_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the window closed under it the screen takes orders and closes as ever."""
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    screen = Screen(stream=terminal.stream)
    screen(Show(WAITING))
    terminal.until("leave")
    os.close(terminal.master)
    screen(Say(1, "And hold.", Priority.CUE, 5.0))
    screen.close()
    assert not screen._thread.is_alive()
    with suppress(OSError):  # what it could not write is still in its buffer
        terminal.stream.close()


CRASH = """
import sys, time
from assistant.coach.effects import Lamp, Show, View
from assistant.panel.screen import Screen
screen = Screen()
screen(Show(View("Waiting", "", Lamp.IDLE)))
sys.stdin.readline()
raise RuntimeError("as asked")
"""


def test_after_a_crash(terminal: Terminal) -> None:
    """A program that fails leaves the terminal as it found it."""
    with subprocess.Popen(
        [sys.executable, "-c", CRASH],
        stdin=subprocess.PIPE,
        stdout=terminal.stream,
        stderr=subprocess.DEVNULL,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as program:
        terminal.until("waiting")
        assert program.stdin is not None
        program.stdin.write(b"\n")
        program.stdin.close()
        terminal.until(LEAVE)
    assert program.returncode == 1


def test_a_terminal_that_takes_nothing_keeps_nothing_from_ending(
    terminal: Terminal, tmp_path: Path
) -> None:
    """After Ctrl-S, or over a connection that is gone, the assistant ends when it is asked to."""
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "run"],
        stdin=terminal.stream,
        stdout=terminal.stream,
        stderr=terminal.stream,
        cwd=REPOSITORY,
        env={**os.environ, "HOME": str(tmp_path), "PYTHONUTF8": "1"},
    ) as program:
        terminal.until("leave")
        os.write(terminal.master, b"\x13")
        try:
            program.terminate()
            assert program.wait(timeout=15) == 0
        finally:
            program.kill()


def test_no_colour_is_ever_sent(
    terminal: Terminal, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bold, dim and plain are all that is sent, so NO_COLOR has nothing left to forbid."""
    monkeypatch.setenv("NO_COLOR", "1")
    written = terminal.until("leave")
    assert set(re.findall(r"\x1b\[([0-9;]*)m", written)) <= {"0", "1", "2"}


def test_where_a_screen_makes_no_sense(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe and a dumb terminal get plain lines."""
    assert usable(terminal.stream)
    assert not usable(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not usable(terminal.stream)
