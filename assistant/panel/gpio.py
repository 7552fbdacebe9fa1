"""A Raspberry Pi's pins: inputs, a lamp and a distance sensor. The only file that knows gpiozero.

Decides how a part on a pin is opened, and how it is said why one can't be. What edges, levels
and distances mean stands in `button_presses`, `lamp_patterns` and `presence_sensor`.
"""

import logging
import os
import re
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.content.words import number
from assistant.panel.board import raspberry_pi

PWM_HZ = 100
"""Too fast to see, slow enough for software: about 200 wake-ups a second while it glides."""
PING_S = 0.5
"""How often a distance is measured: people sit down and get up slowly."""
PINS = range(28)

Tell = Callable[[float | None], None]

log = logging.getLogger(__name__)


class NoPins(Exception):
    """A pin can't be used; the message says why, in words that can be spoken, without a full stop.

    `mend` is what to do about it, to be read: commands, numbers, names of files.
    """

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.mend = mend


class Input:
    """A pin that is read: a button, a switch, a sensor that knows yes and no."""

    def __init__(self, device: Any, inverted: bool, tell: Callable[[bool], None]) -> None:
        self._device, self._inverted = device, inverted
        device.when_activated = guarded(lambda: tell(not inverted))
        device.when_deactivated = guarded(lambda: tell(inverted))

    @property
    def active(self) -> bool:
        """Whether it is so now."""
        return bool(self._device.is_active) is not self._inverted

    def close(self) -> None:
        """Let go of the pin; nothing is told any more."""
        self._device.close()


def open_input(
    tell: Callable[[bool], None], pin: int, *, active: str = "low", pull: str = "auto"
) -> Input:
    """Read `pin` (Broadcom's number): `tell` gets each change, on a thread of the library's.

    `active` is the level ("low" or "high") that counts as True; `pull` is where the Pi's own
    resistor draws the pin: "up", "down", "none", or "auto", away from `active`. Raises NoPins.
    """
    pull = {"low": "up", "high": "down"}[active] if pull == "auto" else pull
    # The library takes a pulled pin as active at the other level, and lets nobody say otherwise.
    usual = {"up": "low", "down": "high", "none": active}[pull]
    level = {"low": False, "high": True}[active] if pull == "none" else None
    pull_up = {"up": True, "down": False, "none": None}[pull]
    library = _library()
    device = _opened(
        library,
        lambda: library.DigitalInputDevice(pin, pull_up=pull_up, active_state=level),
        pin,
    )
    return Input(device, active != usual, tell)


class Led:
    """A pin that shines."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self._duty: float | None = None

    def shine(self, duty: float) -> None:
        """Be lit for this share of the time, 0 to 1.

        Pulses run only while the light is between dark and full: that is most of what they cost.
        """
        if duty == self._duty:
            return
        between = 0.0 < duty < 1.0
        if between != (self._device.frequency is not None):
            self._device.frequency = PWM_HZ if between else None
        self._device.value = duty
        self._duty = duty

    def close(self) -> None:
        """Be dark, and let go of the pin."""
        with suppress(Exception):  # whatever a driver raises, the pin is let go of
            self.shine(0.0)
        self._device.close()


def open_led(pin: int, *, active: str = "high") -> Led:
    """The lamp at `pin`, dark; `active` is the level at which it shines. Raises NoPins."""
    library = _library()
    high = active == "high"
    make = lambda: library.PWMLED(pin, active_high=high, frequency=None)  # noqa: E731
    return Led(_opened(library, make, pin))


def guarded(handler: Callable[[], None]) -> Callable[[], None]:
    """The same, but it never raises: one exception ends all the library's handlers for good."""

    def handle() -> None:
        try:
            handler()
        except Exception:
            log.exception("a change of a pin could not be told")

    return handle


def open_distance(tell: Tell, trigger_pin: int, echo_pin: int, farthest_m: float) -> Any:
    """An HC-SR04 or the like: tells each distance, at most `farthest_m`, or None for no echo.

    Its `close` lets go of the pins. Raises NoPins.
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
    return sensor


def _opened(library: Any, make: Callable[[], Any], *pins: int) -> Any:
    for pin in pins:
        if pin not in PINS:
            mend = f"write a number from {PINS[0]} to {PINS[-1]}"
            raise NoPins(f"there is no pin {number(pin)}", mend)
    try:
        library.Device.ensure_pin_factory()
        return make()
    except Exception as error:  # gpiozero and each of its back ends raise errors of their own
        factory = library.Device.pin_factory
        named = re.findall(r"\d+", str(error))
        suspects = [pin for pin in pins if str(pin) in named or _holder(pin, factory)]
        refusal = _refusal(error, suspects[0] if suspects else pins[0], factory)
    # Not out of the library's error: what it was making is kept alive by that, with its pins.
    raise refusal


def expected() -> bool:
    """Whether there are pins that a person can miss: on a Raspberry Pi, or through a back end of
    gpiozero that was asked for by its name."""
    return os.environ.get("GPIOZERO_PIN_FACTORY", "lgpio") != "lgpio" or bool(raspberry_pi())


def _library() -> Any:
    """gpiozero, once it is sure that it can use the pins."""
    if not expected():
        raise NoPins("this machine has no pins for it", "use a Raspberry Pi for a button and lamp")
    if os.environ.setdefault("GPIOZERO_PIN_FACTORY", "lgpio") == "lgpio":
        _look_for_chip()
        _import_lgpio()
    try:
        import gpiozero
    except ImportError as error:
        raise NoPins("the package gpiozero is missing", "deploy/run installs it") from error
    return gpiozero


def _chips() -> list[Path]:
    return sorted(Path("/dev").glob("gpiochip*"))


def _look_for_chip() -> None:
    chips = _chips()
    if not chips:
        mend = "it should be /dev/gpiochip0; hand it to the container, if this is one"
        raise NoPins("the way to the pins is missing", mend)
    if not any(os.access(chip, os.R_OK | os.W_OK) for chip in chips):
        mend = (
            f"for {chips[0]} add yourself to the group gpio (sudo usermod -aG gpio $USER), "
            "then restart the machine"
        )
        raise NoPins("there is no permission to use the pins", mend)


def _import_lgpio() -> None:
    """Its import goes to its working folder and leaves a pipe there: give it one, and come back."""
    import tempfile  # takes memory

    try:
        here = Path.cwd()
    except OSError:  # it was removed
        here = Path("/")
    try:
        with tempfile.TemporaryDirectory(prefix="assistant-gpio-") as folder:
            asked = os.environ.get("LG_WD")
            os.environ["LG_WD"] = asked or folder
            try:
                import lgpio  # noqa: F401
            finally:
                _come_back(here)
                if not asked:
                    del os.environ["LG_WD"]  # the folder goes; the pipe is open already
    except ImportError as error:
        mend = "on a Raspberry Pi: sudo apt install python3-lgpio"
        raise NoPins("the package lgpio is missing", mend) from error
    except OSError as error:
        mend = f"set LG_WD to a folder that you may write to ({error.strerror})"
        raise NoPins("the package lgpio finds no folder to write to", mend) from error


def _come_back(here: Path) -> None:
    """A folder that one was in may be closed to oneself: somebody else's home, through sudo."""
    try:
        os.chdir(here)
    except OSError:
        os.chdir("/")


def _refusal(error: Exception, pin: int, factory: Any) -> NoPins:
    """What went wrong, for a person."""
    kind, text = type(error).__name__, str(error).strip("'\"")
    spoken = f"pin {number(pin)}"
    if kind == "PinUnknownPi":
        return NoPins("this Raspberry Pi is newer than its package gpiozero", "update it")
    if "busy" in text.lower():
        holder = _holder(pin, factory)
        named = f' (it calls itself "{holder}")' if holder else ""
        mend = f"end what uses GPIO {pin}{named}, or give another pin in the configuration"
        return NoPins(f"{spoken} is in use by another program or driver", mend)
    if kind == "GPIOPinInUse":
        mend = f"give GPIO {pin} to one part only, in the configuration"
        return NoPins(f"{spoken} is given to two parts", mend)
    if kind == "PinFixedPull":
        mend = f"GPIO {pin} is pulled up by the board: write auto, or take another pin"
        return NoPins(f"{spoken} has a resistor of its own", mend)
    return NoPins(f"{spoken} can't be opened", f"take another pin than GPIO {pin} ({text})")


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
