"""The one queue of the house: posted to from anywhere, read by the pump.

Decides how long the pump rests when nothing is posted. What is posted is not its concern.
"""

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

E = TypeVar("E")

LONGEST_WAIT_S = 30.0
"""The wall clock is looked at this often at least; it may be set at any time."""


class Inbox(Generic[E]):
    """`post` may be called from any thread and from a signal handler."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[E] = SimpleQueue()  # its put is re-entrant
        self.post: Callable[[E], None] = self._queue.put

    def next(self, until: float | None, longest_s: float = LONGEST_WAIT_S) -> E | None:
        """The next event; None when there is none by `until` (monotonic), or for `longest_s`."""
        wait_s = longest_s if until is None else until - time.monotonic()
        try:
            return self._queue.get(timeout=min(max(0.0, wait_s), longest_s))
        except Empty:
            return None
