"""Waiting for what another thread does, where nothing tells that it is done."""

import threading
import time
from collections.abc import Callable


def eventually(condition: Callable[[], object], within_s: float = 15.0) -> None:
    """Until it is so. Raises AssertionError where it doesn't come to that."""
    limit = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < limit
        threading.Event().wait(0.02)
