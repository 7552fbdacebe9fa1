"""The button and the LED on a Raspberry Pi's pins: the only file that knows gpiozero.

Decides how a press on a pin becomes an event and a lamp pattern becomes light. What
gestures and patterns are stands in `taps` and `patterns`; what a machine without pins
does instead is the caller's to decide, who is told why in one plain clause.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from assistant.coach.events import Event, Lamp, Lost, Part, SetLamp
from assistant.panel import patterns
from assistant.panel.taps import Taps

PWM_HZ = 100
"""Too fast to see, slow enough for software: about 200 wake-ups a second while it glides."""
GLIDE_S = 0.05
"""How often the brightness moves while it glides; coarser shows as steps."""

Post = Callable[[Event], None]


class NoPanel(Exception):
    """Button and LED can't be used; the message says why, in plain words without a full stop."""


class ButtonAndLamp:
    """An open button and LED. One thread follows both; the library's own only hand over edges."""

    def __init__(self, post: Post, button: Any, led: Any) -> None:
        self._post, self._button, self._led = post, button, led
        self._taps = Taps()
        self._lamp, self._began = Lamp.OFF, time.monotonic()
        self._brightness = 0.0
        self._inbox: SimpleQueue[tuple[bool, float] | SetLamp | None] = SimpleQueue()
        button.when_pressed = lambda: self._inbox.put((True, time.monotonic()))
        button.when_released = lambda: self._inbox.put((False, time.monotonic()))
        self._thread = threading.Thread(target=self._follow, name="button and lamp", daemon=True)
        self._thread.start()

    def lamp(self, effect: SetLamp) -> None:
        """Show this pattern from now on. Returns at once."""
        self._inbox.put(effect)

    def close(self) -> None:
        """Turn the LED off and let go of the pins. Calling it again does nothing.

        The chip stays open until the process ends: gpiozero keeps its pins for good, and a pin of
        a closed chip would end the thread that carries all edges.
        """
        if not self._thread.is_alive():
            return
        self._inbox.put(None)
        self._thread.join(2.0)
        for thing in (self._button, self._led):
            with suppress(Exception):  # one failing close never keeps the next from closing
                thing.close()

    def _follow(self) -> None:
        try:
            while True:
                now = time.monotonic()
                self._tell(self._taps.due(now))
                self._shine(patterns.level(self._lamp, now - self._began))
                try:
                    item = self._inbox.get(timeout=self._wait_s(now))
                except Empty:
                    continue
                if item is None:
                    return
                self._take(item)
        except Exception as error:  # whatever a driver raises, the session goes on without it
            self._post(Lost(Part.BUTTON, f"its pins stopped answering ({error})"))
        finally:
            with suppress(Exception):
                self._shine(0.0)

    def _take(self, item: tuple[bool, float] | SetLamp) -> None:
        if isinstance(item, SetLamp):
            if item.lamp is not self._lamp:
                self._lamp, self._began = item.lamp, time.monotonic()
            return
        closed, at = item
        self._tell(self._taps.down(at) if closed else self._taps.up(at))

    def _tell(self, events: list[Any]) -> None:
        for event in events:
            self._post(event)

    def _wait_s(self, now: float) -> float | None:
        change = patterns.next_change(self._lamp, now - self._began, GLIDE_S)
        times = [self._taps.deadline, None if change is None else self._began + change]
        due = [at for at in times if at is not None]
        return max(0.001, min(due) - now) if due else None

    def _shine(self, level: float) -> None:
        """Eyes see differences of dim light best, so the duty is the level squared.

        Pulses run only while the light is between dark and full: that is most of what they cost.
        """
        duty = level * level
        if duty == self._brightness:
            return
        self._brightness = duty
        between = 0.0 < duty < 1.0
        if between != (self._led.frequency is not None):
            self._led.frequency = PWM_HZ if between else None
        self._led.value = duty


def open_button_and_lamp(post: Post, button_pin: int, led_pin: int) -> ButtonAndLamp:
    """Open the pins (Broadcom's numbers). Raises `NoPanel` with the reason if that can't be."""
    if os.environ.setdefault("GPIOZERO_PIN_FACTORY", "lgpio") == "lgpio":
        _look_for_chip()
        _import_lgpio()
    try:
        from gpiozero import Button, Device, PWMLED  # noqa: I001 - their names, their order
    except ImportError as error:
        raise NoPanel("the package gpiozero is missing") from error
    button = None
    pin = button_pin
    try:
        Device.ensure_pin_factory()
        button = Button(button_pin, pull_up=True)
        pin = led_pin
        led = PWMLED(led_pin, frequency=None)
    except Exception as error:  # gpiozero and each of its back ends raise errors of their own
        reason = _reason(error, pin, Device.pin_factory)
        if button is not None:
            button.close()
        raise NoPanel(reason) from error
    return ButtonAndLamp(post, button, led)


def has_pins() -> bool:
    """Whether this machine has GPIO pins at all."""
    return bool(_chips())


def _chips() -> list[Path]:
    return sorted(Path("/dev").glob("gpiochip*"))


def _look_for_chip() -> None:
    chips = _chips()
    if not chips:
        raise NoPanel("no GPIO here")
    if not any(os.access(chip, os.R_OK | os.W_OK) for chip in chips):
        raise NoPanel(
            f"no permission to use {chips[0]}: add yourself to the group gpio "
            "(sudo usermod -aG gpio $USER), then log in again"
        )


def _import_lgpio() -> None:
    """Its import goes to its working folder and leaves a pipe there: give it one, and come back."""
    try:
        here = Path.cwd()
        with tempfile.TemporaryDirectory(prefix="assistant-gpio-") as folder:
            asked = os.environ.get("LG_WD")
            os.environ["LG_WD"] = asked or folder
            try:
                import lgpio  # noqa: F401
            finally:
                os.chdir(here)
                if not asked:
                    del os.environ["LG_WD"]  # the folder goes; the pipe is open already
    except ImportError as error:
        raise NoPanel(
            "the package lgpio is missing: on a Raspberry Pi, sudo apt install python3-lgpio"
        ) from error
    except OSError as error:
        raise NoPanel(
            f"the package lgpio needs a folder it may write to ({error.strerror}): set LG_WD to one"
        ) from error


def _reason(error: Exception, pin: int, factory: Any) -> str:
    """What went wrong, for a person."""
    kind, text = type(error).__name__, str(error).strip("'\"")
    if kind == "PinUnknownPi":
        return "this machine has GPIO pins but is no Raspberry Pi"
    if "busy" in text.lower():
        holder = _holder(pin, factory)
        named = f' (it calls itself "{holder}")' if holder else ""
        return f"pin {pin} is in use by another program or driver{named}"
    if kind == "GPIOPinInUse":
        return f"pin {pin} is given to both the button and the LED"
    if kind == "PinInvalidPin":
        return f"there is no GPIO pin {pin}: expected a number from 0 to 27"
    return f"pin {pin} can't be opened ({text})"


def _holder(pin: int, factory: Any) -> str:
    """The name that the kernel knows for who holds the pin; empty if it can't be asked."""
    with suppress(Exception):  # only a name for a message
        import lgpio

        handle = lgpio.gpiochip_open(factory.chip)
        try:
            return str(lgpio.gpio_get_line_info(handle, pin)[4])
        finally:
            lgpio.gpiochip_close(handle)
    return ""
