"""What systemd is told: ready, alive, ending. The only file that knows its notify protocol.

Decides when the watchdog is fed: each time the pump turns, as long as every child process is
looked after. A child looks after its device in the same way: the ear's beats only while sound
comes at its proper rate, the voice's only while it answers. A part that was told as lost doesn't
keep the watchdog hungry, since a new start would not bring it back and the button still works.
Where systemd didn't start us nothing is told to anybody.
"""

import logging
import math
import os
import re
import socket
from collections.abc import Callable, Mapping, Sequence

log = logging.getLogger(__name__)

BEATS_WITHIN_PATIENCE = 3
"""How often the watchdog is fed within its patience, so that one late turn doesn't matter."""


class Service:
    """The side of the program that faces systemd. Its methods return at once and never raise."""

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        healthy: Sequence[Callable[[], bool]] = (),
    ) -> None:
        """`healthy`: whether a child process is looked after; all of them are asked each time."""
        # A leading @ means an address without a file; anywhere else it is a letter.
        self._address = re.sub("^@", "\0", environment.get("NOTIFY_SOCKET", ""))
        self._healthy = healthy
        self._fed_at = -math.inf
        self.beat_s = (
            _patience_s(environment) / BEATS_WITHIN_PATIENCE if self._address else math.inf
        )
        """How long the pump may rest between two turns; infinite when no watchdog waits."""

    def ready(self) -> None:
        self._tell("READY=1")

    def turn(self, now: float) -> None:
        """The pump turned at `now`, monotonic seconds."""
        if now - self._fed_at < self.beat_s / 2:
            return  # a busy moment has many turns
        if all(ask() for ask in self._healthy):
            self._fed_at = now
            self._tell("WATCHDOG=1")

    def ending(self) -> None:
        self._tell("STOPPING=1")

    def _tell(self, words: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.setblocking(False)
                line.sendto(words.encode(), self._address)
        except OSError as error:  # its patience is our signal that it was not heard
            log.debug("systemd was not told %s (%s)", words, error)


def started_us(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether we are a service."""
    return bool(environment.get("NOTIFY_SOCKET"))


def _patience_s(environment: Mapping[str, str]) -> float:
    """The watchdog's patience; infinite when there is none, or it watches another process."""
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return math.inf
    try:
        microseconds = int(environment.get("WATCHDOG_USEC", ""))
    except ValueError:
        return math.inf
    return microseconds / 1e6 if microseconds > 0 else math.inf
