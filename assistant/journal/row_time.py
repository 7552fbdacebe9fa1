"""When something happened, and whether the wall clock could be believed then.

Decides what a row's moment holds; `machine.clock` says whether the clock is right. A Raspberry
Pi without a clock chip wakes up with the time of its last shutdown, until the network tells it
better; the monotonic clock of a boot is what such rows are put right by. It sets no clock.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from assistant.machine.clock import clock_is_right

FIRST_DAY = 20_454
"""2026-01-01: a clock that shows less, and isn't known to be right, is certainly wrong."""
LOOK_AGAIN_S = 30.0
"""How often a clock that isn't right is asked about again; a right one stays right."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as every clock of the machine showed it."""

    at_ms: int
    """Milliseconds since 1970-01-01 UTC by the wall clock."""
    offset_s: int
    """What local time added to UTC, in seconds."""
    boot: str
    """The boot's id; empty where it isn't known."""
    mono_s: float
    """Monotonic seconds of that boot."""
    clock_ok: bool
    """Whether the wall clock was known to be right."""

    @property
    def local(self) -> datetime:
        """Local civil time, with its offset from UTC."""
        zone = timezone(timedelta(seconds=self.offset_s))
        return datetime.fromtimestamp(self.at_ms / 1000, zone)

    @property
    def day(self) -> int:
        """The local date, as days since 1970-01-01."""
        return (self.at_ms // 1000 + self.offset_s) // 86400


class Clock:
    """Tells moments. `trusted` is asked seldom; None stands for this machine's own clock."""

    def __init__(self, trusted: Callable[[], bool] | None = None) -> None:
        self._trusted = clock_is_right if trusted is None else trusted
        self._ok, self._look_at = False, 0.0

    def now(self) -> Moment:
        mono_s, at_s = time.monotonic(), time.time()
        if not self._ok and mono_s >= self._look_at:
            self._look_at = mono_s + LOOK_AGAIN_S
            self._ok = self._trusted()
        offset_s = time.localtime(at_s).tm_gmtoff
        return Moment(round(at_s * 1000), offset_s, boot_id(), round(mono_s, 3), self._ok)


@cache
def boot_id() -> str:
    """This boot's id; where the kernel tells none, one of this process's own."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        import uuid  # seldom needed

        return str(uuid.uuid4())
