"""The one queue of the house: posted to from anywhere, read by the pump.

Decides how long the pump rests when nothing is posted. What is posted is not its concern.
"""

import threading
import time
from collections import deque
from contextlib import suppress
from typing import Generic, TypeVar

E = TypeVar("E")

LONGEST_WAIT_S = 30.0
"""The wall clock is looked at this often at least; it may be set at any time."""


class Inbox(Generic[E]):
    """What waits to be read, in the order in which it came.

    A lock that is open while there is news, and no SimpleQueue: that one waits for ever, on Python
    3.11 and 3.12, when a signal's handler outlasts the time that was given, as Ctrl-Z's does.
    """

    def __init__(self) -> None:
        self._events: deque[E] = deque()
        self._news = threading.Lock()
        self._news.acquire()

    def post(self, event: E) -> None:
        """May be called from any thread and from a signal handler."""
        self._events.append(event)
        with suppress(RuntimeError):  # it is open already
            self._news.release()

    def next(self, until: float | None, longest_s: float = LONGEST_WAIT_S) -> E | None:
        """The next event; None when there is none by `until` (monotonic), or for `longest_s`. Only
        one thread may ask."""
        now = time.monotonic()
        end = now + longest_s if until is None else min(until, now + longest_s)
        while not self._events:
            if not self._news.acquire(timeout=max(0.0, end - time.monotonic())):
                return None
        return self._events.popleft()
