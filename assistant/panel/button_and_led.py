"""The button and the LED: presses become events, the lamp's patterns become light.

Decides how the two share one thread, and that each works without the other. What gestures and
patterns mean stands in `button_presses` and `lamp_patterns`, how a pin is opened in `gpio`.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from assistant.coach.effects import Lamp, SetLamp
from assistant.coach.events import Event, Lost, Part
from assistant.panel import gpio, lamp_patterns
from assistant.panel.attached import STOPPED, Attached
from assistant.panel.button_presses import Taps
from assistant.panel.gpio import NoPins

GLIDE_S = 0.05
"""How often the brightness moves while it glides; coarser shows as steps."""

log = logging.getLogger(__name__)
Edge = tuple[bool, float]
"""Whether the button is pressed, and since when (monotonic)."""


class ButtonAndLed:
    """One thread follows both from here until `close`; the library's own only hand over edges."""

    def __init__(
        self,
        post: Callable[[Event], None],
        *,
        button_pin: int | str = "none",
        button_active: str = "low",
        button_pull: str = "auto",
        led_pin: int | str = "none",
        led_active: str = "high",
        led_brightness: float = 1.0,
    ) -> None:
        """The keys of the configuration; a pin that is "none" is not used."""
        self._post = post
        self._inbox: SimpleQueue[Edge | SetLamp | None] = SimpleQueue()
        self._taps = Taps()
        self._lamp, self._began = Lamp.OFF, time.monotonic()
        self._brightness = led_brightness
        now = time.monotonic()
        self._button: Attached[gpio.Input] | None = None
        self._led: Attached[gpio.Led] | None = None
        if isinstance(button_pin, int):
            self._button = Attached(
                Part.BUTTON,
                lambda: gpio.open_input(
                    self._edge, button_pin, active=button_active, pull=button_pull
                ),
                post,
                now,
            )
            self._begin_taps(now)
        if isinstance(led_pin, int):
            self._led = Attached(
                Part.LAMP, lambda: gpio.open_led(led_pin, active=led_active), post, now
            )
        self._thread = threading.Thread(target=self._follow, name="button and lamp", daemon=True)
        self._thread.start()

    @property
    def refusals(self) -> dict[Part, NoPins]:
        """Which of the two can't be had just now, and why."""
        both = {Part.BUTTON: self._button, Part.LAMP: self._led}
        return {
            part: one.refusal
            for part, one in both.items()
            if one is not None and one.refusal is not None
        }

    @property
    def pressed(self) -> bool:
        """Whether the button's contact is closed at this moment; False without a button."""
        device = None if self._button is None else self._button.device
        return device is not None and device.active

    def lamp(self, effect: SetLamp) -> None:
        """Show this pattern from now on. Returns at once."""
        self._inbox.put(effect)

    def close(self) -> None:
        """Turn the LED off and let go of the pins. Calling it again does nothing.

        The chip stays open until the process ends: gpiozero keeps its pins for good, and a pin of
        a closed chip would end the thread that carries all edges.
        """
        self._inbox.put(None)
        self._thread.join(2.0)
        for one in (self._button, self._led):
            if one is not None:
                one.close()

    def _edge(self, closed: bool) -> None:
        self._inbox.put((closed, time.monotonic()))

    def _follow(self) -> None:
        try:
            self._run()
        except Exception:
            log.exception("button and lamp are followed no more")
            for part, one in ((Part.BUTTON, self._button), (Part.LAMP, self._led)):
                if one is not None:
                    self._post(Lost(part, STOPPED))

    def _run(self) -> None:
        while True:
            now = time.monotonic()
            self._try_again(now)
            self._tell(self._taps.due(now))
            self._shine(now)
            try:
                item = self._inbox.get(timeout=self._wait_s(now))
            except Empty:
                continue
            if item is None:
                return
            self._take(item)

    def _try_again(self, now: float) -> None:
        for one in (self._button, self._led):
            if one is not None and one.deadline is not None and one.deadline <= now:
                opened = one.attempt(now)
                if opened and one is self._button:
                    self._begin_taps(now)

    def _begin_taps(self, now: float) -> None:
        self._taps = Taps(held_since=now if self.pressed else None)

    def _take(self, item: Edge | SetLamp) -> None:
        if isinstance(item, SetLamp):
            if item.lamp is not self._lamp:
                self._lamp, self._began = item.lamp, time.monotonic()
            return
        closed, at = item
        self._tell(self._taps.down(at) if closed else self._taps.up(at))

    def _tell(self, events: Sequence[Event]) -> None:
        for event in events:
            self._post(event)

    def _wait_s(self, now: float) -> float | None:
        times = [self._taps.deadline]
        times += [one.deadline for one in (self._button, self._led) if one is not None]
        if self._led is not None and self._led.device is not None:
            change = lamp_patterns.next_change(self._lamp, now - self._began, GLIDE_S)
            times.append(None if change is None else self._began + change)
        due = [at for at in times if at is not None]
        return max(0.001, min(due) - now) if due else None

    def _shine(self, now: float) -> None:
        """Eyes see differences of dim light best, so the duty is the level squared."""
        if self._led is None or self._led.device is None:
            return
        try:
            level = self._brightness * lamp_patterns.level(self._lamp, now - self._began)
            self._led.device.shine(level * level)
        except Exception as error:  # whatever a driver raises, the button goes on
            self._led.fail(error, now)
