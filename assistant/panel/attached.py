"""A part on a pin: opened, and tried again for as long as it can't be had.

Decides when it is tried and what is told of it. How it is opened, and what it does, is the
business of whoever owns it. One pin that can't be had takes no other part with it.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

from assistant.coach.events import Event, Found, Lost, Part
from assistant.panel.gpio import NoPins

AGAIN_S = 5.0
"""At boot the kernel hands the pins over within that; a program that ends lets go of them."""
LONGEST_S = 300.0
"""Between two tries of a part that works and fails again and again."""
STEADY_S = 60.0
"""A part that has worked for so long begins anew with `AGAIN_S`."""

STOPPED = "it stopped working, until the next start"
"""Said of what is followed no more, for a reason that nobody foresaw."""

log = logging.getLogger(__name__)


class Closable(Protocol):
    """Something that is open."""

    def close(self) -> None:
        """Let go of the pins. Calling it again does nothing."""


D = TypeVar("D", bound=Closable)


class Attached(Generic[D]):
    """`now` is monotonic seconds. Tried first at once; `attempt` is for `deadline`, or earlier.

    `Lost` is posted when a second try fails too, or when it fails while it is used; `Found` when
    it is there after that.
    """

    def __init__(
        self, part: Part, open_it: Callable[[], D], post: Callable[[Event], None], now: float
    ) -> None:
        self._part, self._open, self._post = part, open_it, post
        self._tries = 0
        self._told = False
        self._wait_s = AGAIN_S
        self._since = now
        """When it was last tried."""
        self.device: D | None = None
        self.refusal: NoPins | None = None
        """Why it could not be had at the last try; None: it is there."""
        self.attempt(now)

    @property
    def deadline(self) -> float | None:
        """When to try again; None while it is there."""
        return None if self.device is not None else self._since + self._wait_s

    def attempt(self, now: float) -> bool:
        """Try to open it, if it isn't open; whether it is open now and was not before."""
        if self.device is not None:
            return False
        self._since, self._tries = now, self._tries + 1
        try:
            self.device = self._open()
        except NoPins as reason:
            self.refusal = reason
            if self._tries > 1:
                self._tell_lost(str(reason))
            return False
        self.refusal = None
        if self._told:
            self._told = False
            self._post(Found(self._part))
        return True

    def fail(self, error: Exception, now: float) -> None:
        """It raised this while it was used: let it go, and try again later."""
        log.warning("the %s failed while it was used (%r)", self._part, error)
        self._wait_s = AGAIN_S if now - self._since > STEADY_S else min(2 * self._wait_s, LONGEST_S)
        self.close()
        self.refusal = NoPins("its pin stopped answering", "restart the machine")
        self._tell_lost(str(self.refusal))
        self._since = now

    def close(self) -> None:
        """Let go of the pin. Calling it again does nothing."""
        if self.device is not None:
            with suppress(Exception):  # one failing close never keeps the next from closing
                self.device.close()
            self.device = None

    def _tell_lost(self, reason: str) -> None:
        if not self._told:
            self._told = True
            self._post(Lost(self._part, reason))
