"""The assistant as a person starts it: a process of its own, with folders of its own.

It starts and ends the program, keeps each line with the monotonic time of its arrival, and knows
the program's children; what the lines ought to say is the test's business.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tests.room import Recording, Room, Samples, find, loud, read

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Line:
    at: float
    text: str


class Folders:
    """Configuration, state and cache of one imaginary person."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "config" / "exercise-assistant"
        self.state = folder / "state" / "exercise-assistant"
        self.routines = self.config / "routines"
        (self.routines / "exercises").mkdir(parents=True)
        self._folder = folder

    def exercise(self, ident: str, spoken_name: str, **keys: str | float) -> str:
        """A standing hold of the person's own; `keys` are the dose's, or mode and count."""
        head = {"mode": "hold", "count": "silent"} | {
            key: value for key, value in keys.items() if isinstance(value, str)
        }
        dose = {"setup_s": 0.0, "rest_s": 0.0} | {
            key: value for key, value in keys.items() if not isinstance(value, str)
        }
        lines = [
            *(f'id = "{ident}"', f'name = "{ident}"', f'spoken_name = "{spoken_name}"'),
            *('position = "standing"', 'phase = "subacute"'),
            *('setup = "Stand tall."', 'steps = ["Look ahead."]', 'release = "Let your arms sink."'),
            *(f'{key} = "{value}"' for key, value in head.items()),
            *("[dose]", *(f"{key} = {value}" for key, value in dose.items())),
        ]
        path = self.routines / "exercises" / f"{ident}.toml"
        path.write_text("\n".join(lines) + "\n")
        return ident

    def routine(self, ident: str, spoken_name: str, *exercises: str) -> str:
        lines = [f'id = "{ident}"', f'name = "{ident}"', f'spoken_names = ["{spoken_name}"]']
        for exercise in exercises:
            lines += ["[[exercise]]", f'use = "{exercise}"']
        (self.routines / f"{ident}.toml").write_text("\n".join(lines) + "\n")
        return ident

    def env(self) -> dict[str, str]:
        return {
            "XDG_CONFIG_HOME": str(self._folder / "config"),
            "XDG_STATE_HOME": str(self._folder / "state"),
            "XDG_CACHE_HOME": str(self._folder / "cache"),
            "XDG_DATA_HOME": str(self._folder / "data"),
            "PYTHONPATH": str(ROOT),
        }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "assistant.cli", *arguments]


class Assistant:
    """A running program; used as a context it is always gone at the end, with its children."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        stdin: int = subprocess.PIPE,
        folder: Path | None = None,
    ) -> None:
        """`stdin` may be a terminal's descriptor instead of a pipe."""
        self.lines: list[Line] = []
        self._seen = 0
        self._family: set[tuple[int, str]] = set()
        self._news = threading.Condition()
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            command(*arguments),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            env=dict(environment),
            cwd=folder,
        )
        assert self.process.stdout is not None
        self._reader = threading.Thread(
            target=self._read, args=(self.process.stdout,), daemon=True, name="read lines"
        )
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if error is not None:
            sys.stdout.write(self.transcript())

    def _read(self, stream: IO[str]) -> None:
        for text in stream:
            with self._news:
                self.lines.append(Line(time.monotonic(), text.rstrip("\n")))
                self._news.notify_all()

    def transcript(self) -> str:
        """What it printed, for the report of a failed test."""
        return "".join(f"{line.at - self.began:8.3f} {line.text}\n" for line in self.lines)

    def wait_for(self, pattern: str, timeout_s: float = 20.0) -> Line:
        """The next line that holds a regular expression; lines before it count as read."""
        limit = time.monotonic() + timeout_s
        with self._news:
            while True:
                for place in range(self._seen, len(self.lines)):
                    if re.search(pattern, self.lines[place].text):
                        self._seen = place + 1
                        return self.lines[place]
                left = limit - time.monotonic()
                if left <= 0 or not (self._news.wait(min(left, 0.5)) or self._alive()):
                    raise AssertionError(
                        f"no line with {pattern!r} (unread: "
                        f"{[line.text for line in self.lines[self._seen :]]})"
                    )

    def printed(self, pattern: str) -> list[Line]:
        """All lines so far that hold a regular expression, read or not."""
        with self._news:
            return [line for line in self.lines if re.search(pattern, line.text)]

    def type(self, text: str) -> float:
        """Type a line; returns when."""
        assert self.process.stdin is not None
        at = time.monotonic()
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return at

    def wait(self, timeout_s: float = 20.0) -> int:
        """Its exit code, once it ended by itself."""
        code = self.process.wait(timeout_s)
        self._reader.join(5)
        return code

    def children(self) -> dict[int, str]:
        """Process ids and command lines of all that it started, and what those started."""
        found = descendants(self.process.pid)
        self._family |= {(pid, _born(pid)) for pid in found}
        return found

    def child(self, module: str) -> int:
        """The process id of the child that runs a module."""
        [pid] = [pid for pid, words in self.children().items() if module in words]
        return pid

    def left_behind(self) -> set[int]:
        """Children seen earlier that still live (the same ones: a number is soon used again)."""
        return {pid for pid, born in self._family if born and _born(pid) == born}

    def terminate(self) -> float:
        """Ask it to end, as the system does; returns when."""
        self.children()
        at = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return at

    def close(self) -> None:
        if self._alive():
            self.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
        for pid in self.left_behind():
            os.kill(pid, signal.SIGKILL)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is self.process.stdout:
                self._reader.join(5)
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def _alive(self) -> bool:
        return self.process.poll() is None


def descendants(pid: int) -> dict[int, str]:
    """All living descendants of a process, with their command lines."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        for child in parents.get(waiting.pop(), []):
            found[child] = _command_line(child)
            waiting.append(child)
    return found


def _born(pid: int) -> str:
    """When a process began, in the kernel's ticks; empty when it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def _command_line(pid: int) -> str:
    """Empty when no such process lives."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


class OwnVoice:
    """The product's own sentences as it renders them, to look for in a recording."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder, self._environment = folder, dict(environment)
        self._known: dict[str, Samples] = {}

    def samples(self, text: str) -> Samples:
        if text not in self._known:
            path = self._folder / f"sentence {len(self._known)}.wav"
            subprocess.run(
                command("say", text, "--to", str(path)),
                check=True,
                capture_output=True,
                env=self._environment,
            )
            self._known[text] = read(path)
        return self._known[text]

    def times(self, recording: Recording, text: str) -> list[float]:
        """When the sentence begins, each time it was said."""
        return find(recording, self.samples(text))


def wait_for_quiet(room: Room, length_s: float = 1.0, timeout_s: float = 30.0) -> float:
    """Wait until the loudspeaker has been quiet for so long; returns when it fell quiet."""
    limit = time.monotonic() + timeout_s
    while time.monotonic() < limit:
        room.loudspeaker.wait_until(time.monotonic() + 0.05)
        recent = room.record(since=time.monotonic() - length_s)
        if recent.end - recent.start >= length_s - 0.1 and not loud(recent):
            return recent.start
    raise AssertionError(f"the loudspeaker was not quiet for {length_s} s within {timeout_s} s")
