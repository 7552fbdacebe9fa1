"""How a guest script tells what it saw: one JSON object a line, each with a "what".

Decides when what was seen doesn't count: the small machine is a program on a busy one, and stands
still with it. It notices that by its own clock, and does such a scenario again. Whether what is
told is right, the test outside decides.
"""

import json
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeVar

BEAT_S = 0.02
LATE_S = 0.1
"""A machine that stood still for longer may have made a short movement long, or a lamp's blink."""
TRIES = 6
WAKES_S = 0.1
"""Whoever woke at the same moment has had their turn by then."""
AGAIN_S = 150.0
"""Later than that after the start nothing is done again: whoever waits for it all has a limit."""

T = TypeVar("T")

_began = time.monotonic()
_kept: list[dict[str, Any]] | None = None
"""What the scenario under way has told; None where each line goes out at once."""


def tell(what: str, **facts: Any) -> None:
    """Print it, or keep it until it is known whether the machine was on time."""
    line = {"what": what, **facts}
    if _kept is None:
        print(json.dumps(line), flush=True)
    else:
        _kept.append(line)


def next_of(inbox: "SimpleQueue[T]", quiet_s: float) -> T:
    """What comes within so long. Raises Empty; but a machine that stood still wakes all at once,
    and whoever has something to put in is let go first."""
    try:
        return inbox.get(timeout=quiet_s)
    except Empty:
        return inbox.get(timeout=WAKES_S)


class Heartbeat:
    """A thread that only sleeps and wakes while this is entered."""

    def __init__(self) -> None:
        self.late_s = 0.0
        """How late it woke at most."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def _beat(self) -> None:
        over, before = False, time.monotonic()
        while not over:
            over = self._over.wait(BEAT_S)
            now = time.monotonic()
            self.late_s, before = max(self.late_s, now - before - BEAT_S), now

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()


def on_time(scenario: Callable[[], object]) -> None:
    """Tell what it told while the machine was never late; the last of `TRIES` counts as it is."""
    global _kept
    for left in reversed(range(TRIES)):
        _kept = []
        with Heartbeat() as heart:
            scenario()
        told, _kept = _kept, None
        if heart.late_s < LATE_S or not left or time.monotonic() - _began > AGAIN_S:
            break
        tell("late", late_s=round(heart.late_s, 3))
    for line in told:
        tell(**line, late_s=round(heart.late_s, 3))
