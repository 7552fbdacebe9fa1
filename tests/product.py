"""The assistant as a person starts it: a process of its own, with folders of its own.

It starts and ends the program, keeps each line it prints and each step that it records with its
monotonic time, and knows the program's children; what they ought to be is the test's business.
"""

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np

from assistant.coach.effects import Sound
from assistant.speaking.chimes import Chimes
from tests.room import RATE_HZ, Recording, Samples, find, find_speech, read

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Line:
    at: float
    text: str


@dataclass(frozen=True)
class Step:
    """What the coach was told and what it ordered; each as `run --record` writes it."""

    at: float
    event: Mapping[str, Any]
    effects: Sequence[Mapping[str, Any]]

    def asked(self, command: str, source: str = "") -> bool:
        event = self.event
        return (
            event["is"] == "Asked"
            and event["command"] == command
            and source in ("", event["source"])
        )

    def tells(self, what: str, part: str) -> bool:
        """Whether a part was just lost or found."""
        return bool(self.event["is"] == what and self.event["part"] == part)

    def orders(self, effect_name: str, /, **fields: str) -> bool:
        """Whether an effect of this kind, with these values, is among what was ordered."""
        return any(
            effect["is"] == effect_name
            and all(effect[name] == value for name, value in fields.items())
            for effect in self.effects
        )


UNASKED = "[session]\nscreening = false\npain = false\nwelcome = false\nno_bending_before = 0\n"
"""Of a person who is asked nothing before a routine: nobody is there to answer."""


class Folders:
    """Configuration, state and cache of one imaginary person."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "config" / "exercise-assistant"
        self.state = folder / "state" / "exercise-assistant"
        self.routines = self.config / "routines"
        (self.routines / "exercises").mkdir(parents=True)
        (self.config / "config.toml").write_text(UNASKED)
        self._folder = folder

    def exercise(
        self, ident: str, spoken_name: str, step: str = "Look ahead.", **keys: str | float
    ) -> str:
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
            *(
                'setup = "Stand tall."',
                f'steps = ["{step}"]',
                'release = "Let your arms sink."',
            ),
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
    return [sys.executable, "-m", "assistant", *arguments]


class Assistant:
    """A running program; used as a context it is always gone at the end, with its children."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        stdin: int = subprocess.PIPE,
        record: bool = True,
        own_time: Path | None = None,
        program: Sequence[str] = (),
    ) -> None:
        """`program` is another one than this checkout's. `stdin` may be a terminal's descriptor
        instead of a pipe. Without `record` there are only lines. `own_time` is the file that sets
        its clocks (see tests.own_time)."""
        self.lines: list[Line] = []
        self.steps: list[Step] = []
        self._seen = {"lines": 0, "steps": 0}
        self._family: set[tuple[int, str]] = set()
        self._news = threading.Condition()
        self._folder = tempfile.TemporaryDirectory(prefix="run-")
        self._readers: list[threading.Thread] = []
        words = [*program, *arguments] if program else command(*arguments)
        if own_time is not None:
            words[2:3] = ["tests.own_time", str(own_time)]
        if record:
            words += ["--record", self._read_steps_in_background()]
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            words,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            env=dict(environment),
        )
        assert self.process.stdout is not None
        self._in_background(self._read_lines, self.process.stdout)

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

    # --- what it prints and records ---------------------------------------------

    def _in_background(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._readers.append(thread)
        thread.start()

    def _read_lines(self, stream: IO[str]) -> None:
        for text in stream:
            with self._news:
                self.lines.append(Line(time.monotonic(), text.rstrip("\n")))
                self._news.notify_all()

    def _read_steps_in_background(self) -> str:
        """A pipe with a name, so that each step arrives when it is written."""
        path = f"{self._folder.name}/steps"
        os.mkfifo(path)
        # Open for both directions: it neither waits for a writer nor ends with one.
        self._in_background(self._read_steps, os.open(path, os.O_RDWR | os.O_NONBLOCK))
        return path

    def _read_steps(self, pipe: int) -> None:
        rest = b""
        while True:
            ready, _, _ = select.select([pipe], [], [], 0.2)
            if not ready:
                if hasattr(self, "process") and not self._alive():
                    os.close(pipe)
                    return
                continue
            *whole, rest = (rest + os.read(pipe, 65536)).split(b"\n")
            with self._news:
                self.steps += [_step(line) for line in whole if b'"event"' in line]
                self._news.notify_all()

    def wait_line(self, pattern: str, timeout_s: float = 20.0) -> Line:
        """The next line that holds a regular expression; lines before it count as read."""
        found = self._wait("lines", lambda line: bool(re.search(pattern, line.text)), timeout_s)
        if found is None:
            raise AssertionError(f"no line with {pattern!r} came in {timeout_s} s{self._fate()}")
        return found  # type: ignore[no-any-return]

    def wait_step(self, fits: Callable[[Step], bool], what: str, timeout_s: float = 20.0) -> Step:
        """The next step that fits; steps before it count as read."""
        found = self._wait("steps", fits, timeout_s)
        if found is None:
            raise AssertionError(f"waited {timeout_s} s for {what}{self._fate()}")
        return found  # type: ignore[no-any-return]

    def wait_asked(self, command: str, source: str = "", timeout_s: float = 8.0) -> Step:
        what = f"{command!r} by {source or 'any way'} to be understood"
        return self.wait_step(lambda step: step.asked(command, source), what, timeout_s)

    def wait_lamp(self, lamp: str, timeout_s: float = 20.0) -> Step:
        return self.wait_step(
            lambda step: step.orders("SetLamp", lamp=lamp), f"the lamp {lamp}", timeout_s
        )

    def wait_said(self, text: str, timeout_s: float = 20.0) -> Step:
        """Until a sentence is ordered."""
        return self.wait_step(
            lambda step: step.orders("Say", text=text), f"the sentence {text!r}", timeout_s
        )

    def wait_listening(self, timeout_s: float = 20.0) -> None:
        """Until it is silent and listens, whenever it began to."""
        limit = time.monotonic() + timeout_s
        with self._news:
            while self._context() in ("", "speaking"):
                if time.monotonic() > limit or not self._alive():
                    raise AssertionError(f"not listening after {timeout_s} s{self._fate()}")
                self._news.wait(0.2)

    def said(self) -> list[tuple[float, str]]:
        """Every sentence ordered so far, and when."""
        with self._news:
            steps = list(self.steps)
        return [
            (step.at, effect["text"])
            for step in steps
            for effect in step.effects
            if effect["is"] == "Say"
        ]

    def commands(self, source: str) -> list[str]:
        """The words of every command that came in one way."""
        with self._news:
            events = [step.event for step in self.steps if step.event["is"] == "Asked"]
        return [event["text"] for event in events if event["source"] == source]

    def transcript(self) -> str:
        """What it printed and what it was told, for the report of a failed test."""
        told = [(line.at, "> " + line.text) for line in self.lines]
        told += [
            (step.at, json.dumps([step.event, [e for e in step.effects if e["is"] != "Show"]]))
            for step in self.steps
        ]
        return "".join(f"{at - self.began:8.3f} {text}\n" for at, text in sorted(told))

    def _context(self) -> str:
        contexts = [
            str(effect["context"])
            for step in self.steps
            for effect in step.effects
            if effect["is"] == "Listen"
        ]
        return contexts[-1] if contexts else ""

    def _wait(self, kept: str, fits: Callable[[Any], bool], timeout_s: float) -> Any:
        items: list[Any] = getattr(self, kept)
        limit = time.monotonic() + timeout_s
        with self._news:
            while True:
                alive = self._alive()
                for place in range(self._seen[kept], len(items)):
                    if fits(items[place]):
                        self._seen[kept] = place + 1
                        return items[place]
                left_s = limit - time.monotonic()
                if left_s <= 0:
                    return None
                if not self._news.wait(min(left_s, 0.5)) and not alive:
                    return None

    # --- what is done to it -----------------------------------------------------

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
        for reader in self._readers:
            reader.join(5)
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
        for reader in self._readers:
            reader.join(5)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._folder.cleanup()

    def _fate(self) -> str:
        return "" if self._alive() else f": it ended with code {self.process.returncode}"

    def _alive(self) -> bool:
        return self.process.poll() is None


def _step(line: bytes) -> Step:
    data = json.loads(line)
    return Step(data["now"], data["event"], data["effects"])


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


def chime(sound: Sound) -> Samples:
    """One of the product's own short sounds, as it is mixed at half volume."""
    pcm = np.frombuffer(Chimes(RATE_HZ, 0.5)[sound], np.int16).astype(np.float32)
    return np.asarray(pcm / 32768, np.float32)


def holds(recording: Recording) -> list[tuple[float, float]]:
    """When each hold was heard to begin and to end, by its chimes (they may lie under speech)."""
    begins = find(recording, chime(Sound.BEGIN), at_least=0.4)
    ends = find(recording, chime(Sound.END), at_least=0.4)
    return [(max(b for b in begins if b < end), end) for end in ends if begins and begins[0] < end]


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

    def know(self, *texts: str) -> None:
        """Render these now, so that nobody waits for them later."""
        for text in texts:
            self.samples(text)

    def times(self, recording: Recording, text: str) -> list[float]:
        """When the sentence begins, each time it was said (perhaps under a chime)."""
        return find_speech(recording, self.samples(text))
