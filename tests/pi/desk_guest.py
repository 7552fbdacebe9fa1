"""Runs inside the small machine: moves presence sensors' lines and sets the machine's wall clock.

It judges nothing. Each line it prints is one JSON object with a "what"; the test outside does
the asserting. The sensors' hold times are shortened, everything else is as it is used.
"""

import ctypes
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from assistant.coach.events import Event, Present
from assistant.machine import clock
from assistant.panel import gpio
from assistant.panel.presence_sensor import open_presence
from tests.pi.telling import next_of, on_time, tell

SENSOR, ECHO = 22, 23
LINES = Path("/sys/devices/platform/gpio-sim.0/gpiochip0")
GONE_S = 1.0
YEARS_5_S = 5 * 365 * 86400

Came = tuple[Event, float]


def pull(direction: str) -> None:
    """Move the sensor's line, as its output or a switch would."""
    (LINES / f"sim_gpio{SENSOR}" / "pull").write_text(f"pull-{direction}")


class Sensor:
    """One open sensor, and what it posts."""

    def __init__(self, kind: str) -> None:
        self._inbox: SimpleQueue[Came] = SimpleQueue()
        self._kind, self._since = kind, time.monotonic()
        self._open = open_presence(
            lambda event: self._inbox.put((event, time.monotonic())),
            *(kind, SENSOR, ECHO, 1.0),
            gone_s=GONE_S,
        )
        assert self._open.refusal is None, self._open.refusal

    def after(self, what: str, move: Callable[[], object], quiet_s: float) -> None:
        """Do this, then tell all that comes until it has been quiet for so long."""
        since = time.monotonic()
        move()
        moved_s = time.monotonic() - since
        came = []
        while True:
            try:
                event, at = next_of(self._inbox, quiet_s)
            except Empty:
                break
            here = event.here if isinstance(event, Present) else str(event)
            came.append({"here": here, "after_s": round(at - since, 3)})
        tell(f"{self._kind}: {what}", came=came, moved_s=round(moved_s, 3))

    def close(self) -> None:
        self._open.close()


def flicker(times: int, high_s: float, low_s: float, last: str) -> None:
    """The line goes up and down: this is the input, not waiting for a result."""
    for _ in range(times):
        pull("up")
        time.sleep(high_s)
        pull("down")
        time.sleep(low_s)
    pull(last)


def motion() -> None:
    pull("down")
    sensor = Sensor("pir")
    sensor.after("nobody from the first", lambda: None, GONE_S + 1.0)
    sensor.after("one movement", lambda: flicker(1, 0.5, 0.0, "down"), GONE_S + 1.0)
    sensor.after("moving on", lambda: flicker(4, 0.5, 0.6, "up"), 0.5)
    sensor.after("still", lambda: pull("down"), GONE_S + 1.0)
    sensor.close()
    sensor.after("closed", lambda: flicker(1, 0.5, 0.0, "down"), 0.5)


def seat() -> None:
    pull("up")
    sensor = Sensor("seat")
    sensor.after("empty from the first", lambda: None, 0.5)
    sensor.after("a bump", lambda: flicker(1, 0.0, 0.4, "up"), 1.2)
    sensor.after("sits", lambda: pull("down"), 1.5)
    sensor.after("leans over", lambda: flicker(4, 0.5, 0.3, "down"), GONE_S + 0.5)
    sensor.after("gets up", lambda: flicker(20, 0.01, 0.01, "up"), GONE_S + 1.0)
    sensor.close()
    sensor = Sensor("seat")
    sensor.after("again", lambda: None, 0.5)
    sensor.close()


def refused() -> None:
    other = gpio.open_input(lambda closed: None, SENSOR)
    for kind in ("pir", "seat", "distance"):
        sensor = open_presence(lambda event: None, kind, SENSOR, ECHO, 1.0)
        tell("taken", kind=kind, reason=str(sensor.refusal))
        sensor.close()
    other.close()


def become_synchronized() -> None:
    """Say to the kernel what a time service says: the clock is set (ADJ_STATUS, no flag)."""
    timex = (ctypes.c_long * 26)(0x0010)
    state = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    assert state >= 0, ctypes.get_errno()


def wall_clock() -> None:
    watch, sleep = clock.WallClockWatch(), clock.SleepWatch()

    def look(what: str) -> None:
        before, told, after = time.time(), watch.look(), time.time()
        tell(
            what,
            told=told is not None,
            right=told is not None and before <= told.local_s <= after,
            trusted=told.trusted if told is not None else None,
            slept=sleep.look() is not None,
            again=watch.look() is not None,
        )

    def set_to(at_s: float) -> None:
        time.clock_settime(time.CLOCK_REALTIME, at_s)

    now_s, may_2021_s = time.time(), datetime(2021, 5, 1, tzinfo=UTC).timestamp()
    set_to(may_2021_s)
    look("never set")
    set_to(may_2021_s + 86400)
    become_synchronized()
    look("synchronized")
    set_to(now_s)
    look("a plausible year")
    for what, by_s in (("five years ahead", YEARS_5_S), ("five years back", -YEARS_5_S)):
        set_to(time.time() + by_s)
        look(what)
    look("nothing")


def main() -> None:
    wall_clock()
    on_time(motion)
    on_time(seat)
    refused()


if __name__ == "__main__":
    main()
