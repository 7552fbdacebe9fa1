"""Keys and typed lines are facts like any other, and the terminal is given back."""

import os
import pty
import select
import shlex
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.events import Asked, Command, Event, Quit, Source, Touched, Unclear
from assistant.panel.keyboard import Keyboard, Keys

REPOSITORY = Path(__file__).resolve().parents[2]


def parse(text: str) -> Asked | Unclear | None:
    """Two sentences are understood, one is heard as nothing at all."""
    if text == "nothing":
        return None
    known = {"next": Command.NEXT, "start desk break": Command.START}
    return Asked(known[text], text=text) if text in known else Unclear()


def key(command: Command) -> Asked:
    return Asked(command, Source.KEY)


UNCLEAR = Unclear(Source.TYPED)
TYPED_NEXT = Asked(Command.NEXT, Source.TYPED, text="next")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(" ", [Touched(), key(Command.PRESS)], id="space is the button"),
        pytest.param("  ", [Touched(), Touched(), key(Command.NEXT)], id="space twice"),
        pytest.param("\x1b[C", [key(Command.NEXT)], id="right arrow"),
        pytest.param("\x1bOD", [key(Command.BACK)], id="left arrow, the other way"),
        pytest.param("\x1b[1;2C", [key(Command.NEXT)], id="right arrow with shift"),
        pytest.param("\x1b[A\x1b[15~", [], id="other keys say nothing"),
        pytest.param("\x1bs", [], id="Alt and a letter is no Esc"),
        pytest.param("\x1b ", [], id="nor is Alt and the space bar"),
        pytest.param("\x1b\r\x1b\t\x1b\x7f", [], id="nor Alt and Enter, Tab, backspace"),
        pytest.param("\x1bé", [], id="nor Alt and any letter"),
        pytest.param("\x1b\x1b[C", [key(Command.NEXT)], id="Alt and an arrow is the arrow"),
        pytest.param("\x1b\x1b", [Touched(), key(Command.STOP)], id="Esc held down is stop"),
        pytest.param("\x1b[[A\x1b[[E", [], id="function keys of the Linux console"),
        pytest.param("\x1bOP\x1bO2P\x1bO5S", [], id="function keys of xterm"),
        pytest.param("\x1b[11~\x1b[23^\x1b[24;5~", [], id="function keys of rxvt"),
        pytest.param("\x1b[M !!\x1b[<0;9;9M\x1b[I\x1b[O", [], id="mouse and focus"),
        pytest.param("\x1b]11;rgb:1e1e/1e1e/1e1e\x07", [], id="an answer about a colour"),
        pytest.param("\x1b]11;rgb:0/0/0\x1b\\+", [key(Command.LOUDER)], id="its other end"),
        pytest.param("\x1bP1$r0m\x1b\\\x1b_Gi=1;OK\x1b\\", [], id="other long answers"),
        pytest.param("\x1b[?1;2c\x1b[3;1R\x1b[?2004;2$y", [], id="answers about what it can"),
        pytest.param("\x1b[200~stop it\n now\x1b[201~", [], id="pasted text waits for Enter"),
        pytest.param("\x1b[200~nex\x1b[201~t\r", [TYPED_NEXT], id="and is a line then"),
        pytest.param("\x1b[1;\x03", [Quit(130)], id="Ctrl-C in half an arrow"),
        pytest.param("\x1b]0;title\x03", [Quit(130)], id="Ctrl-C in half an answer"),
        pytest.param("\x1b[1;\x1b", [Touched(), key(Command.STOP)], id="Esc after half an arrow"),
        pytest.param("\x1b", [Touched(), key(Command.STOP)], id="Esc is stop"),
        pytest.param("+-?", [key(c) for c in (Command.LOUDER, Command.QUIETER, Command.HELP)]),
        pytest.param("\x03", [Quit(130)], id="Ctrl-C"),
        pytest.param("\x04", [Quit()], id="Ctrl-D"),
        pytest.param("next\r", [TYPED_NEXT], id="a typed line"),
        pytest.param("  \r", [Touched(), Touched(), key(Command.NEXT)], id="no line, no command"),
        pytest.param("nexd\x7ft\n", [TYPED_NEXT], id="backspace"),
        pytest.param("nex\x1b", [], id="Esc clears a begun line"),
        pytest.param("what?\n", [UNCLEAR], id="a sign within a line is part of it"),
        pytest.param("nothing\n", [UNCLEAR], id="what nobody understands is not silently lost"),
        pytest.param("é\n", [UNCLEAR], id="any letter"),
    ],
)
def test_each_key_is_a_fact(text: str, expected: list[Event]) -> None:
    """A key, or a typed line, becomes what the table says."""
    keys = Keys(parse)
    assert keys.feed(text, 10.0) + keys.due(20.0) == expected
    assert keys.deadline is None


def test_the_line_being_typed_is_told() -> None:
    """The screen hears of every change of the line, and of its end."""
    lines: list[str] = []
    Keys(parse, lines.append).feed("start\x7f desk\n", 0.0)
    expected = ["s", "st", "sta", "star", "start", "star", "star ", "star d", "star de"]
    assert lines == [*expected, "star des", "star desk", ""]


@pytest.mark.parametrize(("gap_s", "expected"), [(0.09, Command.NEXT), (0.11, Command.STOP)])
def test_an_arrow_in_two_reads(gap_s: float, expected: Command) -> None:
    """Esc waits a tenth of a second for the rest of an arrow before it is stop."""
    keys = Keys(parse)
    assert keys.feed("\x1b", 1.0) == []
    events = keys.feed("[C", 1.0 + gap_s)
    assert next(e for e in events if isinstance(e, Asked)).command is expected


@pytest.mark.parametrize("char", ["s", " ", "\r", "é"])
def test_esc_and_then_another_key_is_stop(char: str) -> None:
    """Two keys come in two pieces, however quickly: stop is never lost by the next one."""
    keys = Keys(parse)
    keys.feed("\x1b", 1.0)
    assert key(Command.STOP) in keys.feed(char, 1.05)


def test_a_long_answer_in_many_pieces_is_left_aside_as_a_whole() -> None:
    """A slow line sends it bit by bit; no letter of it is typed."""
    keys, lines = Keys(parse, lambda line: lines.append(line)), list[str]()
    now = 1.0
    for char in "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\":
        now += 0.09
        assert keys.feed(char, now) == []
    assert (lines, keys.due(now + 60), keys.deadline) == ([], [], None)


# --- a slip of the finger -----------------------------------------------------


@pytest.mark.parametrize("slip", ["k", "\x1b[200~k\x1b[201~", "+k", "the cat walks here"])
@pytest.mark.parametrize("wait_s", [3.1, 9.0, 60.0])
def test_after_a_stray_letter_the_space_bar_is_the_button_again(slip: str, wait_s: float) -> None:
    """Whoever waits before the space isn't typing; the letter is forgotten."""
    lines: list[str] = []
    keys = Keys(parse, lines.append)
    keys.feed(slip, 10.0)
    events = keys.feed(" ", 10.0 + wait_s) + keys.due(100.0)
    assert events == [Touched(), key(Command.PRESS)]
    assert lines[-1] == ""


def test_a_line_that_nobody_goes_on_with_is_forgotten() -> None:
    """Ten seconds after its last letter it is gone from the screen, and nothing comes of it."""
    lines: list[str] = []
    keys = Keys(parse, lines.append)
    keys.feed("nex", 0.0)
    assert keys.deadline == 10.0
    assert keys.due(10.0) == []
    assert lines[-1] == ""
    assert keys.feed("next\r", 11.0) == [TYPED_NEXT]


def test_somebody_who_types_slowly_is_given_the_time() -> None:
    """A key every two seconds is a sentence, spaces and all."""
    keys, events = Keys(parse), list[Event]()
    for place, char in enumerate("start desk break\r"):
        events += keys.feed(char, 2.0 * place)
    assert events == [Asked(Command.START, Source.TYPED, text="start desk break")]


def test_pasted_text_whose_end_never_comes_takes_no_key_for_long() -> None:
    keys = Keys(parse)
    keys.feed("\x1b[200~what", 0.0)
    assert keys.feed("\x1b", 20.0) + keys.due(30.0) == [Touched(), key(Command.STOP)]


def test_a_space_bar_held_down_is_one_long_press() -> None:
    """The repeats of a held key are no taps: after two seconds it is stop, once."""
    keys = Keys(parse)
    events = []
    for n in range(100):
        events += keys.feed(" ", 5.0 + n * 0.033)
    events += keys.due(60.0)
    assert events == [Touched(), key(Command.STOP)]


@given(st.lists(st.tuples(st.text(max_size=6), st.floats(0, 1)), max_size=30))
def test_no_input_raises(pieces: list[tuple[str, float]]) -> None:
    """Whatever is typed, and however it is cut, is either understood or ignored."""
    keys, now = Keys(parse), 0.0
    for text, wait_s in pieces:
        now += wait_s
        keys.feed(text, now)
    keys.due(now + 60)
    assert keys.deadline is None


# --- over a real terminal ---------------------------------------------------


class Terminal:
    """Both ends of a pseudo-terminal, with a keyboard at one of them."""

    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.keyboard = Keyboard(self.events.put, parse, fd=self.slave)
        self.keyboard.start()

    def press(self, *pieces: bytes) -> None:
        for piece in pieces:
            os.write(self.master, piece)
            while self._unread():
                time.sleep(0.001)  # so that the next piece is a read of its own

    def _unread(self) -> int:
        import array
        import fcntl

        count = array.array("i", [0])
        fcntl.ioctl(self.slave, termios.FIONREAD, count)
        return count[0]

    def event(self) -> Event:
        return self.events.get(timeout=5)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    it = Terminal()
    yield it
    it.keyboard.close()
    os.close(it.slave)


def test_keys_come_over_a_terminal(terminal: Terminal) -> None:
    """A space, an arrow in three reads, a letter in two, and Ctrl-D arrive as their events."""
    terminal.press(b" ")
    assert [terminal.event(), terminal.event()] == [Touched(), key(Command.PRESS)]
    terminal.press(b"\x1b", b"[", b"C")
    assert terminal.event() == key(Command.NEXT)
    terminal.press("é".encode()[:1], "é".encode()[1:], b"\n")
    assert terminal.event() == UNCLEAR
    terminal.press(b"\x1b")
    assert [terminal.event(), terminal.event()] == [Touched(), key(Command.STOP)]
    terminal.press(b"\x04")
    assert terminal.event() == Quit()


def test_the_terminal_is_given_back(terminal: Terminal) -> None:
    """Nothing is echoed while it runs; after closing every setting is as it was."""
    assert not termios.tcgetattr(terminal.slave)[3] & (termios.ECHO | termios.ICANON)
    terminal.keyboard.close()
    assert termios.tcgetattr(terminal.slave) == terminal.before
    terminal.keyboard.close()


def test_a_closed_terminal_is_the_end(terminal: Terminal) -> None:
    """When the window is closed the program is asked to end."""
    os.close(terminal.master)
    assert terminal.event() == Quit()


# --- no terminal ------------------------------------------------------------


def read_from(fd: int) -> tuple[Keyboard, SimpleQueue[Event]]:
    events: SimpleQueue[Event] = SimpleQueue()
    keyboard = Keyboard(events.put, parse, fd=fd)
    keyboard.start()
    return keyboard, events


def test_lines_come_through_a_pipe() -> None:
    """Without a terminal each line is a typed command, the last one without its end too."""
    out, into = os.pipe()
    keyboard, events = read_from(out)
    os.write(into, b"next\n\nwhat\nstart desk ")
    os.write(into, b"break")
    os.close(into)
    got = [events.get(timeout=5) for _ in range(3)]
    assert got == [
        TYPED_NEXT,
        UNCLEAR,
        Asked(Command.START, Source.TYPED, text="start desk break"),
    ]
    keyboard.close()
    os.close(out)


def test_no_input_is_no_event() -> None:
    """An empty input (as under systemd) ends the reading and nothing else."""
    fd = os.open(os.devnull, os.O_RDONLY)
    keyboard, events = read_from(fd)
    keyboard._thread.join(5)
    assert not keyboard._thread.is_alive()
    keyboard.close()
    with pytest.raises(Empty):
        events.get_nowait()
    os.close(fd)


# --- in a real shell --------------------------------------------------------


class Shell:
    """An interactive shell on a terminal of its own, as a person has it."""

    def __init__(self) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # From 3.13 on a traceback at a terminal is coloured, its words apart.
            os.environ.update(PS1="$ ", PYTHONPATH=str(REPOSITORY), PYTHON_COLORS="0")
            os.execv("/bin/sh", ["sh", "-i"])  # noqa: S606 - a shell is what is wanted here
        self.seen = ""

    def type(self, text: str) -> None:
        os.write(self.fd, text.encode())

    def until(self, what: str, timeout_s: float = 20) -> None:
        """Read until this has appeared, after what was waited for before."""
        ends = time.monotonic() + timeout_s
        while what not in self.seen:
            more = select.select([self.fd], [], [], max(0.0, ends - time.monotonic()))[0]
            assert more, f"{what!r} did not come: {self.seen!r}"
            self.seen += os.read(self.fd, 4096).decode(errors="replace")
        self.seen = self.seen.split(what, 1)[1]

    def echoes(self) -> bool:
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def close(self) -> None:
        os.close(self.fd)
        os.waitpid(self.pid, 0)


@pytest.fixture
def shell() -> Iterator[Shell]:
    it = Shell()
    it.until("$ ")
    yield it
    it.close()


TYPIST = f"{shlex.quote(sys.executable)} -m tests.panel.typist"


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)


def test_ctrl_z_and_back(shell: Shell) -> None:
    """Stopped with Ctrl-Z the terminal is the shell's; brought back, the keys work again."""
    shell.type(f"{TYPIST}\n")
    shell.until("<started>")
    assert not shell.echoes()
    shell.type("\x1a")
    shell.until("<stopping>")
    shell.until("Stopped")
    shell.until("$ ")
    assert shell.echoes()
    shell.type("fg\n")
    shell.until("<resumed>")
    assert not shell.echoes()
    shell.type("+")
    shell.until("<louder>")
    shell.type("\x04")
    shell.until("<Quit>")
    shell.until("$ ")
    assert shell.echoes()


def test_ended_at_once(shell: Shell) -> None:
    """Ended with Ctrl-\\ it gives the terminal back all the same: a shell may not."""
    shell.type(f"ulimit -c 0; {TYPIST}\n")
    shell.until("<started>")
    shell.type("\x1c")
    shell.until("<stopping>")
    shell.until("Quit")
    shell.until("$ ")
    assert shell.echoes()


def test_in_the_background(shell: Shell) -> None:
    """Sent to the background it goes on and leaves the keys to the shell."""
    shell.type(f"{TYPIST}\n")
    shell.until("<started>")
    shell.type("\x1a")
    shell.until("$ ")
    shell.type("bg\n")
    shell.until("$ ")
    shell.type("echo still $((40 + 2))\n")
    shell.until("still 42")
    shell.type("fg\n")
    shell.until("<resumed>")
    shell.type("-")
    shell.until("<quieter>")
    shell.type("\x04")
    shell.until("$ ")


def test_after_a_crash(shell: Shell) -> None:
    """A program that fails leaves the terminal as it found it."""
    shell.type(f"{TYPIST} crash\n")
    shell.until("RuntimeError: as asked")
    shell.until("$ ")
    assert shell.echoes()
