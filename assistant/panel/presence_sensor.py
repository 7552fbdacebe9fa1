"""Whether somebody is there: what a motion, distance or seat sensor's readings mean.

Decides how long a sensor must say the same before it counts, and when it counts as broken. How a
pin is read stands in `gpio`; what coming and going mean for the sitting time is the coach's.
A sensor that can't be believed means that somebody may be there: nobody misses a reminder by it.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue

from assistant.coach.events import Event, Found, Lost, Part, Present
from assistant.panel import gpio
from assistant.panel.attached import STOPPED, Attached, Closable
from assistant.panel.gpio import NoPins

HOLDS_S = {"pir": (0.25, 120.0), "seat": (1.0, 5.0), "distance": (2.0, 10.0)}
"""For how long somebody must be seen, and then be missed, until it counts. People who read hardly
move, so a motion sensor has to miss them for long; its pulses are two seconds and more, so that a
spike on its wire is none. A seat's switch opens when one leans over."""

FAR_FACTOR = 1.2
"""Who came within the near distance is away only beyond this many times it."""
ECHOES = 5
"""The middle one of so many distances counts: an arm or a lost echo changes nothing."""
MISSES = 20
"""So many echoes missed in a row, ten seconds of them, are no accident."""

Post = Callable[[Event], None]
log = logging.getLogger(__name__)


class PresenceFilter:
    """Feed it what a sensor says (`sense`) and, at `deadline`, `due`: each returns what is new.

    The first thing it is told holds at once. Later ones hold when they have lasted `come_s` (to
    True) or `gone_s` (to False); what is shorter never happened.
    """

    def __init__(self, come_s: float, gone_s: float) -> None:
        self._hold_s = {True: come_s, False: gone_s}
        self._here: bool | None = None
        self._changed_at: float | None = None
        """Since when the sensor has said the opposite."""

    @property
    def here(self) -> bool | None:
        """None before the first word of the sensor."""
        return self._here

    @property
    def deadline(self) -> float | None:
        """When `due` has something to do; None while nothing is open."""
        if self._changed_at is None:
            return None
        return self._changed_at + self._hold_s[not self._here]

    def sense(self, active: bool, now: float) -> list[bool]:
        """The sensor says this now."""
        if self._here is None:
            self._here = active
            return [active]
        news = self.due(now)  # a late caller must not change what happened before
        if active == self._here:
            self._changed_at = None
        elif self._changed_at is None:
            self._changed_at = now
        return news + self.due(now)

    def due(self, now: float) -> list[bool]:
        """Time has passed; call it at `deadline` or later, and as often as you like."""
        if self.deadline is None or now < self.deadline:
            return []
        self._here, self._changed_at = not self._here, None
        return [self._here]


class Nearness:
    """Near or far, from one distance after the other; None is an echo that didn't come."""

    def __init__(self, near_m: float) -> None:
        self._near_m = near_m
        self._last: deque[float] = deque(maxlen=ECHOES)
        self._near: bool | None = None
        self._misses = 0
        self.lost = False
        """Whether echoes have been missing for too long; a few in a row end that."""

    def echo(self, distance_m: float | None) -> bool | None:
        """Whether somebody is near; None as long as that isn't known."""
        if distance_m is None:
            self._misses += 1
            if self._misses == MISSES:
                self.lost, self._near = True, None
            if self.lost:
                self._last.clear()
            return self._near
        self._misses = 0
        self._last.append(distance_m)
        if len(self._last) == ECHOES:
            self.lost = False
            limit_m = self._near_m * (FAR_FACTOR if self._near else 1.0)
            self._near = sorted(self._last)[ECHOES // 2] <= limit_m
        return self._near


class PresenceSensor:
    """A sensor that is followed in a thread of its own from here until `close`."""

    def __init__(
        self,
        post: Post,
        presence_filter: PresenceFilter,
        nearness: Nearness | None,
        open_it: Callable[[gpio.Tell], Closable],
    ) -> None:
        """`open_it` gets where readings go: true or false, or a distance in metres, or None for
        an echo that didn't come; it may raise NoPins, and is asked again then."""
        self._post, self._filter, self._nearness = post, presence_filter, nearness
        self._silent = False
        """Whether echoes are missing, and that has been told."""
        self._inbox: SimpleQueue[tuple[float | None, float] | None] = SimpleQueue()
        self._pins = Attached(Part.PRESENCE, lambda: open_it(self._reading), post, time.monotonic())
        self._thread = threading.Thread(target=self._follow, name="presence", daemon=True)
        self._thread.start()

    @property
    def refusal(self) -> NoPins | None:
        """Why its pins can't be had just now; None: they are open."""
        return self._pins.refusal

    def close(self) -> None:
        """Let go of the pins; nothing is posted any more. Calling it again does nothing."""
        self._inbox.put(None)
        self._thread.join(2.0)
        self._pins.close()

    def _reading(self, reading: float | None) -> None:
        self._inbox.put((reading, time.monotonic()))

    def _follow(self) -> None:
        try:
            self._run()
        except Exception:
            log.exception("the presence sensor is followed no more")
            self._post(Lost(Part.PRESENCE, STOPPED))

    def _run(self) -> None:
        while True:
            now = time.monotonic()
            if self._pins.deadline is not None and self._pins.deadline <= now:
                self._pins.attempt(now)
            self._tell(self._filter.due(now))
            due = [at for at in (self._filter.deadline, self._pins.deadline) if at is not None]
            try:
                item = self._inbox.get(timeout=max(0.001, min(due) - now) if due else None)
            except Empty:
                continue
            if item is None:
                return
            reading, at = item
            self._tell(self._meaning(reading, at))

    def _meaning(self, reading: float | None, at: float) -> list[bool]:
        if self._nearness is None:
            return self._filter.sense(bool(reading), at)
        near = self._nearness.echo(reading)
        if self._nearness.lost != self._silent:
            self._silent = self._nearness.lost
            self._post(
                Lost(Part.PRESENCE, "the distance sensor sends no echo, so look at its wires")
                if self._silent
                else Found(Part.PRESENCE)
            )
        if near is None:
            return self._filter.sense(True, at) if self._silent else []
        return self._filter.sense(near, at)

    def _tell(self, news: list[bool]) -> None:
        for here in news:
            self._post(Present(here))


def open_presence(
    post: Post,
    sensor: str,
    pin: int,
    echo_pin: int,
    near_m: float,
    *,
    gone_s: float | None = None,
) -> PresenceSensor:
    """Follow a "pir", "seat" or "distance" sensor: `Present` is posted at first and on each change.

    A motion sensor that sees nobody at first may have somebody reading before it, so it starts
    with True. Pins that can't be had are posted as `Lost`, and tried again. `gone_s` is for tests:
    how long somebody must be missed.
    """
    come_s, usual_s = HOLDS_S[sensor]
    presence_filter = PresenceFilter(come_s, usual_s if gone_s is None else gone_s)

    def open_it(tell: gpio.Tell) -> Closable:
        if sensor == "distance":
            rangefinder: Closable = gpio.open_distance(tell, pin, echo_pin, near_m * 2)
            return rangefinder
        opened = gpio.open_input(tell, pin, active="low" if sensor == "seat" else "high")
        if sensor == "pir":
            tell(True)
        tell(opened.active)
        return opened

    return PresenceSensor(
        post, presence_filter, Nearness(near_m) if sensor == "distance" else None, open_it
    )
