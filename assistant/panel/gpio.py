"""Button, LED and presence sensors on a Raspberry Pi's pins: the only file that knows gpiozero.

Decides how a press on a pin becomes an event, a lamp pattern becomes light and a sensor's pin
becomes readings. What gestures, patterns and readings mean stands in `taps`, `patterns` and
`presence`; what a machine without pins does instead is the caller's to decide, who is told
why in one plain clause.
"""

import os
import re
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol, cast

from assistant.coach.effects import Lamp, SetLamp
from assistant.coach.events import Event, Lost, Part
from assistant.panel import patterns
from assistant.panel.taps import Taps

PWM_HZ = 100
"""Too fast to see, slow enough for software: about 200 wake-ups a second while it glides."""
GLIDE_S = 0.05
"""How often the brightness moves while it glides; coarser shows as steps."""

MOTION_HZ = 4
"""A motion sensor's pulse is two seconds long and more."""
PING_S = 0.5
"""How often a distance is measured: people sit down and get up slowly."""

Post = Callable[[Event], None]
Tell = Callable[[float | None], None]


class NoPanel(Exception):
    """Pins can't be used; the message says why, in plain words without a full stop."""


class Closable(Protocol):
    def close(self) -> None: ...


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
    library = _library()
    button = None
    pin = button_pin
    try:
        library.Device.ensure_pin_factory()
        button = library.Button(button_pin, pull_up=True)
        pin = led_pin
        led = library.PWMLED(led_pin, frequency=None)
    except Exception as error:  # gpiozero and each of its back ends raise errors of their own
        reason = _reason(error, pin, library.Device.pin_factory, "both the button and the LED")
        if button is not None:
            button.close()
        raise NoPanel(reason) from error
    return ButtonAndLamp(post, button, led)


def open_motion(tell: Tell, pin: int) -> Closable:
    """A motion sensor (PIR), whose pin is high while it sees movement. Raises `NoPanel`."""
    library = _library()
    sensor = _opened(library, lambda: library.MotionSensor(pin, sample_rate=MOTION_HZ), pin)
    sensor.when_motion = lambda: tell(True)
    sensor.when_no_motion = lambda: tell(False)
    tell(sensor.motion_detected)
    return cast(Closable, sensor)


def open_seat(tell: Tell, pin: int) -> Closable:
    """A switch that connects its pin to ground while somebody sits on it. Raises `NoPanel`."""
    library = _library()
    switch = _opened(library, lambda: library.Button(pin, pull_up=True), pin)
    switch.when_pressed = lambda: tell(True)
    switch.when_released = lambda: tell(False)
    tell(switch.is_pressed)
    return cast(Closable, switch)


def open_distance(tell: Tell, trigger_pin: int, echo_pin: int, farthest_m: float) -> Closable:
    """An HC-SR04 or the like: tells each distance, at most `farthest_m`, or None for no echo.

    Raises `NoPanel`.
    """
    library = _library()
    # What these warn of is told as None, or is nothing that a person could mend.
    for kind in (library.DistanceSensorNoEcho, library.PWMSoftwareFallback):
        warnings.filterwarnings("ignore", category=kind)

    class Rangefinder(library.DistanceSensor):  # type: ignore[misc, name-defined]
        """Only here can an echo that is missing be told from one that came before."""

        def _read(self) -> float | None:
            try:
                value: float | None = super()._read()
            except Exception:  # the thread that measures must outlive whatever a driver raises
                value = None
            tell(None if value is None else value * farthest_m)
            return value

    sensor = _opened(
        library,
        lambda: Rangefinder(echo_pin, trigger_pin, max_distance=farthest_m, partial=True),
        trigger_pin,
        echo_pin,
    )
    sensor._queue.sample_wait = PING_S  # sixteen a second otherwise, and no setting for it
    return cast(Closable, sensor)


def _opened(library: Any, make: Callable[[], Any], *pins: int) -> Any:
    try:
        library.Device.ensure_pin_factory()
        return make()
    except Exception as error:  # gpiozero and each of its back ends raise errors of their own
        factory = library.Device.pin_factory
        named = re.findall(r"\d+", str(error))
        suspects = [pin for pin in pins if str(pin) in named or _holder(pin, factory)]
        pin = suspects[0] if suspects else pins[0]
        reason = _reason(error, pin, factory, "the presence sensor and something else")
        raise NoPanel(reason) from error


def _library() -> Any:
    """gpiozero, once it is sure that it can use the pins."""
    if os.environ.setdefault("GPIOZERO_PIN_FACTORY", "lgpio") == "lgpio":
        _look_for_chip()
        _import_lgpio()
    try:
        import gpiozero
    except ImportError as error:
        raise NoPanel("the package gpiozero is missing") from error
    return gpiozero


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
            "(sudo usermod -aG gpio $USER), then restart the machine"
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


def _reason(error: Exception, pin: int, factory: Any, both: str) -> str:
    """What went wrong, for a person; `both` are those that would share a pin."""
    kind, text = type(error).__name__, str(error).strip("'\"")
    if kind == "PinUnknownPi":
        return "this machine has GPIO pins but is no Raspberry Pi"
    if "busy" in text.lower():
        holder = _holder(pin, factory)
        named = f' (it calls itself "{holder}")' if holder else ""
        return f"pin {pin} is in use by another program or driver{named}"
    if kind == "GPIOPinInUse":
        return f"pin {pin} is given to {both}"
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
