"""A child process that talks in messages and is started again when it dies or falls silent.

The microphone and the voice live in children of their own, since a stuck audio
driver or synthesiser can only be cured by ending its process. This file decides
when a child has failed and when to try again; what the messages mean is its owner's.
"""

import logging
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Full, Queue
from typing import Any

from assistant.machine.messages import Alive, Protocol, encode

_log = logging.getLogger(__name__)

NEGLECTED_S = 120.0
"""A child that is this long past all limits, without an end and a new start, is beyond us."""
MEMORY_SCORE = 500
"""What the kernel adds when it looks for a process to end: half of all memory, as it were."""
BACKOFF_S = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Pause before each new start; the last one repeats. A child that worked starts afresh."""
LOOK_S = 0.25
"""Between two looks at a child's silence."""
WE_SLEPT_S = 1.0
"""Two looks that lie further apart: it was us who stood still (Ctrl-Z, a paused machine), and what
the child said meanwhile lies unread in its pipe."""
WAITING = 1000
"""So many messages may wait for a child; one that lets more gather doesn't read them."""


FRUGAL = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "65536"}
"""For glibc: one pool of memory for all threads of a child, and what is free at its end is given
back. Two to five MiB of 80 less, for both children together."""
_ahead: dict[str, "subprocess.Popen[bytes]"] = {}


def start_ahead(*modules: str) -> None:
    """Start the children that will be wanted, so that they load while we do. Their first workers
    take them over; one that nobody wants ends with us, when its input closes."""
    for module in modules:
        with suppress(OSError):  # its worker tries again, and tells
            _ahead[module] = _start(module)


def _start(module: str, arguments: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,  # Ctrl-C in the terminal is the parent's to answer
        env={**os.environ, "PYTHONUNBUFFERED": "1", **FRUGAL},
    )


def when_abandoned(end: Callable[[], None]) -> None:
    """For a child: call `end`, on a thread, when its parent closes its input or is gone. A process
    that is nobody's child, a service's, has no pipe there, and `end` is never called."""
    if not stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        return

    def wait() -> None:
        while os.read(0, 4096):
            pass
        end()

    threading.Thread(target=wait, name="input", daemon=True).start()


class Worker:
    """Keep one child alive: `python -m module arguments`.

    `on_message`, `on_start` and `on_end` are called on a thread of the worker's; what they raise is
    logged and goes no further. The child writes a message a line to its standard output, reads
    them from its standard input, and ends when that closes. A child that writes nothing for
    `silence_s` is ended and started again; so it sends `Alive` now and then, which isn't passed on
    but calls `on_alive`.
    """

    def __init__(
        self,
        module: str,
        says: Sequence[type],
        on_message: Callable[[Any], None],
        on_end: Callable[[str], None],
        *,
        arguments: Sequence[str] = (),
        on_start: Callable[[], None] = lambda: None,
        on_alive: Callable[[], None] = lambda: None,
        silence_s: float = 5.0,
        start_s: float = 30.0,
        steady_s: float = 60.0,
        backoff_s: Sequence[float] = BACKOFF_S,
    ) -> None:
        """`says`: the kinds of message that the child may send. `on_end` gets the reason each time
        the child is gone against our will; `on_start` is called when a new child takes messages.
        `start_s` is how long the first line may take. A child that lived for `steady_s` worked,
        and is started again soon: after the first of `backoff_s`."""
        self._module = module
        self._arguments = arguments
        self._protocol = Protocol(Alive, *says)
        self._on_message, self._on_end, self._on_start = on_message, on_end, on_start
        self._on_alive = on_alive
        self._silence_s, self._start_s, self._steady_s = silence_s, start_s, steady_s
        self._backoff_s = backoff_s
        self._closing = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._outbox: Queue[Any] | None = None
        """What waits for the child that is there now; None in it closes its input."""
        self._limit_s = start_s
        self._last_line = 0.0
        self._why = ""
        self._keeper = threading.Thread(target=self._keep, name=f"keep {module}", daemon=True)
        self._watcher = threading.Thread(target=self._watch, name=f"watch {module}", daemon=True)

    def start(self) -> None:
        """Start the child and return at once."""
        self._last_line = time.monotonic()
        self._keeper.start()
        self._watcher.start()

    @property
    def pid(self) -> int | None:
        """The child's process id while one lives."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def tended(self) -> bool:
        """Whether the child is looked after: it spoke not long ago, or its end was told and a new
        start is at hand. False when even ending it and starting anew has failed for minutes."""
        return time.monotonic() - self._last_line <= self._limit_s + NEGLECTED_S

    def send(self, message: Any) -> bool:
        """Hand the child a message (a frozen dataclass); False when no child takes it. Never raises
        and never waits: a thread of the worker's writes it, however long it is."""
        outbox = self._outbox
        if outbox is None:
            return False
        try:
            outbox.put_nowait(message)
        except Full:
            self._end_child("it stopped taking messages")
            return False
        return True

    def close(self, timeout_s: float = 1.2) -> None:
        """End the child within `timeout_s`: by closing its input, after half of the time by
        SIGTERM, then by SIGKILL. A child that even this doesn't end is left to the kernel. Two that
        hang are closed one after the other, and a service has three seconds in all."""
        limit = time.monotonic() + timeout_s
        self._closing.set()
        child, outbox = self._child, self._outbox
        self._outbox = None
        if child is None:
            return
        if outbox is not None:
            with suppress(Full):
                outbox.put_nowait(None)
        for signal_number, share in ((None, 0.5), (signal.SIGTERM, 0.25), (signal.SIGKILL, 0.0)):
            if signal_number is not None:
                child.send_signal(signal_number)
            try:
                child.wait(max(0.0, limit - share * timeout_s - time.monotonic()))
                break
            except subprocess.TimeoutExpired:
                continue
        if self._keeper.is_alive() and self._keeper is not threading.current_thread():
            self._keeper.join(max(0.1, limit - time.monotonic()))

    def _keep(self) -> None:
        failures = 0
        while not self._closing.is_set():
            began = time.monotonic()
            reason = self._run_once()
            if self._closing.is_set():
                return
            self._tell(self._on_end, reason)
            failures = 1 if time.monotonic() - began > self._steady_s else failures + 1
            self._closing.wait(self._backoff_s[min(failures, len(self._backoff_s)) - 1])

    def _run_once(self) -> str:
        self._why, self._last_line, self._limit_s = "", time.monotonic(), self._start_s
        try:
            child = _ahead.pop(self._module, None) or _start(self._module, self._arguments)
        except OSError as error:
            return f"its process could not be started ({error.strerror})"
        _first_to_go(child.pid)
        outbox: Queue[Any] = Queue(WAITING)
        threading.Thread(
            target=_write, args=(child, outbox), name=f"write {self._module}", daemon=True
        ).start()
        self._child, self._outbox = child, outbox
        if self._closing.is_set():
            child.terminate()
        self._tell(self._on_start)
        self._read(child)
        self._child = self._outbox = None
        with suppress(Full):  # else the writer is told by the broken pipe
            outbox.put_nowait(None)
        code = child.wait()
        if self._why:
            return self._why
        _log.info("%s ended with code %s", self._module, code)
        return "it stopped unexpectedly"

    def _read(self, child: "subprocess.Popen[bytes]") -> None:
        assert child.stdout is not None
        # A library's stray bytes must not end the thread that reads.
        file = child.stdout.fileno()
        with child.stdout, open(file, encoding="utf-8", errors="replace", closefd=False) as lines:
            for line in lines:
                self._last_line, self._limit_s = time.monotonic(), self._silence_s
                try:
                    message = self._protocol.decode(line)
                except ValueError as error:
                    _log.info("%s: %s: %s", self._module, error, line.rstrip()[:200])
                    continue  # a library printed something
                if isinstance(message, Alive):
                    self._tell(self._on_alive)
                else:
                    self._tell(self._on_message, message)

    def _tell(self, whom: Callable[..., None], *what: Any) -> None:
        """A fault of our owner's must not end the thread that keeps the child."""
        try:
            whom(*what)
        except Exception:
            _log.exception("%s: %s", self._module, what)

    def _watch(self) -> None:
        looked = time.monotonic()
        while not self._closing.wait(LOOK_S):
            before, looked = looked, time.monotonic()
            if looked - before > WE_SLEPT_S:
                self._last_line = looked
            if self._child is not None and looked - self._last_line > self._limit_s:
                self._end_child("it stopped answering")
                self._closing.wait(1.0)
                looked = time.monotonic()

    def _end_child(self, why: str) -> None:
        child = self._child
        if child is not None:
            self._why = why
            child.kill()


def _write(child: "subprocess.Popen[bytes]", outbox: "Queue[Any]") -> None:
    """Write what waits, until None comes or nobody reads any more; then close the pipe."""
    assert child.stdin is not None
    with suppress(OSError), child.stdin as pipe:
        while (message := outbox.get()) is not None:
            left = memoryview(f"{encode(message)}\n".encode())
            while left:
                left = left[pipe.write(left) or 0 :]


def _first_to_go(pid: int) -> None:
    """When memory is short the kernel ends the child, which is started again, rather than us."""
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text(f"{MEMORY_SCORE}\n")
