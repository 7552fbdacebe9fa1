"""What a child says while a piece of its work takes long, so that it isn't ended for hanging.

Decides nothing about the work: only that a piece is begun, and since when. A process that stands
still says nothing, and neither does one whose piece takes longer than any does.
"""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from assistant.machine.messages import Alive

BEAT_S = 0.5
"""Between two signs."""
WORK_S = 60.0
"""A piece of work that takes longer will not end: a whole sentence, heard twice by a machine ten
times too slow, takes less."""


class SignsOfLife:
    """Signs from a thread of its own, for as long as this lasts."""

    def __init__(self, send: Callable[[Any], None]) -> None:
        """`send` takes `Alive`, from any thread, and raises OSError once nobody listens."""
        self._send = send
        self._began = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="signs of life", daemon=True)

    def next_piece(self) -> None:
        """The piece before is done."""
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        self.next_piece()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(BEAT_S):
            if BEAT_S < time.monotonic() - self._began < WORK_S:
                try:
                    self._send(Alive(0.0))
                except OSError:
                    return
