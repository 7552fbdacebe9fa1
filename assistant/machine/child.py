"""A child process that talks in JSON lines and is started again when it dies or falls silent.

The microphone and the voice live in children of their own, since a stuck audio
driver or synthesiser can only be cured by ending its process. This file decides
when a child has failed and when to try again; what the lines mean is its owner's.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

Message = dict[str, Any]
_log = logging.getLogger(__name__)

NEGLECTED_S = 120.0
"""A child that is this long past all limits, without an end and a new start, is beyond us."""
SACRIFICE = 500
"""What the kernel adds when it looks for a process to end: half of all memory, as it were."""
BACKOFF_S = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Pause before each new start; the last one repeats. A child that worked starts afresh."""


class Worker:
    """Keep one child alive: `python -m module args...`.

    `on_message` and `on_end` are called on a thread of the worker's. The child writes one
    JSON object a line to its standard output, reads them from its standard input, and ends
    when that closes. A child that writes nothing for `silence_s` is ended and started again;
    so it sends a heartbeat such as `{"alive": true}` (messages holding "alive" are not passed on).
    """

    def __init__(
        self,
        module: str,
        args: Sequence[str],
        on_message: Callable[[Message], None],
        on_end: Callable[[str], None],
        *,
        on_start: Callable[[], None] = lambda: None,
        silence_s: float = 5.0,
        start_s: float = 30.0,
        steady_s: float = 60.0,
    ) -> None:
        """`on_end` gets the reason each time the child is gone against our will; `on_start` is
        called when a new child takes messages. `start_s` is how long the first line may take. A
        child that lived for `steady_s` worked, and is started again soon."""
        self._command = [sys.executable, "-P", "-m", module, *args]
        self._on_message, self._on_end, self._on_start = on_message, on_end, on_start
        self._silence_s, self._start_s, self._steady_s = silence_s, start_s, steady_s
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._child: subprocess.Popen[str] | None = None
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

    def send(self, message: Message) -> bool:
        """Hand the child a message; False when no child takes it. Never raises, never waits long:
        a pipe holds hundreds of messages and a child that doesn't read them is ended as silent."""
        with self._lock:
            child = self._child
            if child is None or child.stdin is None:
                return False
            try:
                child.stdin.write(json.dumps(message) + "\n")
                child.stdin.flush()
            except (OSError, ValueError):
                return False
            return True

    def close(self, timeout_s: float = 1.2) -> None:
        """End the child: by closing its input, after half of the time by SIGTERM, then by SIGKILL.
        Two that hang are closed one after the other, and a service has three seconds in all."""
        self._closing.set()
        child = self._child
        # A send to a stopped child with a full pipe keeps the lock: the child's end frees it.
        if self._lock.acquire(timeout=timeout_s / 4):
            try:
                if child is not None and child.stdin is not None:
                    child.stdin.close()
            except OSError:
                pass
            finally:
                self._lock.release()
        if child is None:
            return
        for signal_number, share in ((None, 0.5), (signal.SIGTERM, 0.25), (signal.SIGKILL, 0.5)):
            if signal_number is not None:
                child.send_signal(signal_number)
            try:
                child.wait(timeout_s * share)
                break
            except subprocess.TimeoutExpired:
                continue
        if self._keeper.is_alive() and self._keeper is not threading.current_thread():
            self._keeper.join(timeout_s)

    def _keep(self) -> None:
        failures = 0
        while not self._closing.is_set():
            began = time.monotonic()
            reason = self._run_once()
            if self._closing.is_set():
                return
            self._on_end(reason)
            failures = 1 if time.monotonic() - began > self._steady_s else failures + 1
            self._closing.wait(BACKOFF_S[min(failures, len(BACKOFF_S)) - 1])

    def _run_once(self) -> str:
        self._why, self._last_line, self._limit_s = "", time.monotonic(), self._start_s
        try:
            child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",  # a library's stray bytes must not end the thread that reads
                bufsize=1,
                start_new_session=True,  # Ctrl-C in the terminal is the parent's to answer
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        except OSError as error:
            return f"its process could not be started ({error.strerror})"
        _first_to_go(child.pid)
        with self._lock:
            self._child = child
        if self._closing.is_set():
            child.terminate()
        self._on_start()
        assert child.stdout is not None
        for line in child.stdout:
            self._last_line, self._limit_s = time.monotonic(), self._silence_s
            try:
                message = json.loads(line)
            except ValueError:
                continue  # a library printed something; not ours
            if isinstance(message, dict) and "alive" not in message:
                self._on_message(message)
        with self._lock:
            self._child = None
        code = child.wait()
        if self._why:
            return self._why
        _log.info("%s ended with code %s", self._command[2], code)
        return "it stopped unexpectedly"

    def _watch(self) -> None:
        while not self._closing.wait(0.25):
            child = self._child
            if child is not None and time.monotonic() - self._last_line > self._limit_s:
                self._why = "it stopped answering"
                child.kill()
                self._closing.wait(1.0)


def _first_to_go(pid: int) -> None:
    """When memory is short the kernel ends the child, which is started again, rather than us."""
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text(f"{SACRIFICE}\n")
