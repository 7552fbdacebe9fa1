"""The machine's clocks: which one counts, which one people read, and whether that one is right.

Decides what is told when the wall clock was set, when the time zone or summer time changed,
when it became known to be right, and when the machine woke from sleep. It sets no clock, and
what any of this means for a reminder is the coach's to say.
"""

import ctypes
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

STEP_S = 1.0
"""A clock that moved by less against another one was read a moment later, not set."""
LOOK_AGAIN_S = 30.0
"""How often a clock that isn't right is asked about again; a right one stays so until it is set."""

_SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")
_CLOCK_CHIPS = Path("/sys/class/rtc")
_STA_UNSYNC = 0x0040
_TIMEX_BYTES = 208
"""`struct timex` of <sys/timex.h>, on 64 and on 32 bits; 208 is the larger one."""
_EARLIEST_S = 1767225600
"""2026-01-01: this program is younger, so a clock that shows less was never set."""
_CHIP_OFF_S = 86400
"""A clock chip may run on local time, which is up to 14 hours off."""


# --- what the clocks show ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """All clocks at one moment, in seconds."""

    wall_s: float
    """Since 1970-01-01 UTC; may be set to anything at any time."""
    offset_s: int
    """What local time adds to UTC now."""
    awake_s: float
    """Monotonic; stands still while the machine is suspended."""
    boot_s: float
    """Monotonic; goes on while the machine is suspended."""


def awake_now() -> float:
    """Seconds that every interval and hold is measured in: CLOCK_MONOTONIC."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def read_clocks() -> Reading:
    """This machine's clocks, by its present time zone."""
    time.tzset()  # otherwise a zone that was changed since is never noticed
    wall_s = time.time()
    offset_s = time.localtime(wall_s).tm_gmtoff
    return Reading(wall_s, offset_s, awake_now(), time.clock_gettime(time.CLOCK_BOOTTIME))


# --- whether the wall clock is right ----------------------------------------


def clock_is_right() -> bool:
    """Whether the wall clock was set from the network, or runs from a clock chip."""
    return _SYNCHRONIZED.exists() or kernel_is_synchronized() or chip_agrees(time.time())


def kernel_is_synchronized() -> bool:
    """What a time service told the kernel; False where the kernel can't be asked."""
    try:
        timex = ctypes.create_string_buffer(_TIMEX_BYTES)  # modes = 0: only asks
        state = ctypes.CDLL(None).adjtimex(timex)
    except (AttributeError, OSError):
        return False
    # modes, offset, freq, maxerror, esterror, status: an int, four longs, an int.
    status = ctypes.c_int.from_buffer(timex, ctypes.sizeof(ctypes.c_long) * 5).value
    return state >= 0 and not status & _STA_UNSYNC


def chip_agrees(wall_s: float, chips: Path = _CLOCK_CHIPS) -> bool:
    """Whether a clock chip shows the same day. A chip without a battery begins in 1970.

    A PC has such a chip even where it isn't listed, as in a virtual machine.
    """
    listed = sorted(chips.glob("rtc*"))
    if not listed:
        return wall_s >= _EARLIEST_S and os.uname().machine in ("x86_64", "i686")
    return any(
        chip_s >= _EARLIEST_S and abs(chip_s - wall_s) <= _CHIP_OFF_S
        for chip_s in map(_chip_s, listed)
    )


def _chip_s(chip: Path) -> float:
    try:
        return int((chip / "since_epoch").read_text(encoding="ascii"))
    except (OSError, ValueError):  # an empty battery: the chip says itself that it isn't right
        return -math.inf


# --- what changed -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WallTime:
    """What the wall clock shows."""

    local_s: float
    """Local civil time as seconds since 1970-01-01 00:00 of the same local calendar."""
    trusted: bool
    """Whether it is known to be right."""


class WallClockWatch:
    """Tells what the wall clock shows, at first and again whenever that can't be reckoned from
    before: it was set, summer time or the zone changed, the machine slept, it became right."""

    def __init__(
        self,
        read: Callable[[], Reading] = read_clocks,
        trusted: Callable[[], bool] = clock_is_right,
    ) -> None:
        self._read, self._ask = read, trusted
        self._set_at = self._local_at = math.inf
        self._trusted = False
        self._ask_at = -math.inf

    def look(self) -> WallTime | None:
        """Returns at once; call it as often as you like, every half minute at least."""
        now = self._read()
        before = self._trusted
        self._judge(now)
        local_at = now.wall_s + now.offset_s - now.awake_s
        if abs(local_at - self._local_at) < STEP_S and self._trusted == before:
            return None
        self._local_at = local_at
        return WallTime(now.wall_s + now.offset_s, self._trusted)

    def _judge(self, now: Reading) -> None:
        """Ask whether the clock is right when it was set, and now and then while it isn't."""
        set_at = now.wall_s - now.boot_s
        if abs(set_at - self._set_at) >= STEP_S:
            self._set_at, self._trusted, self._ask_at = set_at, False, -math.inf
        if not self._trusted and now.awake_s >= self._ask_at:
            self._ask_at = now.awake_s + LOOK_AGAIN_S
            self._trusted = self._ask()


def total_asleep_s() -> float:
    """Seconds that this machine was suspended since it was started.

    Read late, the awake clock can only make it less: so the most of three is the truest.
    """
    return max(time.clock_gettime(time.CLOCK_BOOTTIME) - awake_now() for _ in range(3))


class SleepWatch:
    """Tells when the machine was suspended: one clock went on, the other one didn't."""

    def __init__(self, asleep_s: Callable[[], float] = total_asleep_s) -> None:
        self._asleep_s = asleep_s
        self._told_s = asleep_s()

    def look(self) -> float | None:
        """Seconds that it slept since this was last told; None for less than one."""
        seconds = self._asleep_s() - self._told_s
        if seconds < STEP_S:
            return None
        self._told_s += seconds
        return seconds
