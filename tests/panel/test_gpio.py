"""On gpiozero's own simulated pins: edges become events, levels become light, reasons are plain."""

from collections.abc import Iterator
from queue import SimpleQueue
from threading import Event as Flag
from typing import Any

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

from assistant.coach.effects import Lamp, SetLamp
from assistant.coach.events import Asked, Command, Event, Lost, Part, Source, Touched
from assistant.panel import gpio, patterns

BUTTON, LED = 17, 27


class WatchedPin(MockPWMPin):  # type: ignore[misc] # gpiozero ships no types
    """A pin that tells when its light changes."""

    lights: SimpleQueue[float]

    def _set_state(self, value: float) -> None:
        super()._set_state(value)
        if self.function == "output":
            type(self).lights.put(float(value))


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    WatchedPin.lights = SimpleQueue()
    Device.pin_factory = MockFactory(pin_class=WatchedPin)
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = None


@pytest.fixture
def events() -> "SimpleQueue[Event]":
    return SimpleQueue()


@pytest.fixture
def panel(pins: Any, events: "SimpleQueue[Event]") -> Iterator[gpio.ButtonAndLamp]:
    it = gpio.open_button_and_lamp(events.put, BUTTON, LED)
    yield it
    it.close()


def light(at_least: float, at_most: float) -> float:
    """The next light of this brightness; those before it pass by."""
    while not at_least <= (seen := WatchedPin.lights.get(timeout=5)) <= at_most:
        pass
    return seen


def test_a_press(pins: Any, panel: gpio.ButtonAndLamp, events: "SimpleQueue[Event]") -> None:
    """The pin driven low is touched; let go it becomes a press of the button."""
    pins.pin(BUTTON).drive_low()
    assert events.get(timeout=5) == Touched()
    pins.pin(BUTTON).drive_high()
    assert events.get(timeout=5) == Asked(Command.PRESS, Source.BUTTON)


def test_a_hold(pins: Any, panel: gpio.ButtonAndLamp, events: "SimpleQueue[Event]") -> None:
    """Kept low for two seconds it is stop, with nobody letting go."""
    pins.pin(BUTTON).drive_low()
    assert events.get(timeout=5) == Touched()
    assert events.get(timeout=5) == Asked(Command.STOP, Source.BUTTON)


def test_the_light_follows_the_lamp(panel: gpio.ButtonAndLamp) -> None:
    """Lit is full, breathing passes through dim light, off is dark."""
    panel.lamp(SetLamp(Lamp.LISTENING))
    light(1.0, 1.0)
    panel.lamp(SetLamp(Lamp.DUE))
    for low, high in ((0.001, 0.3), (0.3, 0.99), (0.001, 0.3), (0.0, 0.0)):
        light(low, high)
    panel.lamp(SetLamp(Lamp.LISTENING))
    light(1.0, 1.0)
    panel.lamp(SetLamp(Lamp.OFF))
    light(0.0, 0.0)


def test_closing_leaves_it_dark(pins: Any, panel: gpio.ButtonAndLamp) -> None:
    """A lit LED is dark after closing; closing again does nothing."""
    panel.lamp(SetLamp(Lamp.LISTENING))
    light(1.0, 1.0)
    panel.close()
    assert WatchedPin.lights.get(timeout=5) == 0.0
    panel.close()


def test_a_pin_that_fails_is_told(
    pins: Any, panel: gpio.ButtonAndLamp, events: "SimpleQueue[Event]", monkeypatch: Any
) -> None:
    """When the driver fails later on, the part is lost and says so; nothing hangs."""
    failed = Flag()

    def fail(*_: object) -> float:
        failed.set()
        raise OSError("input/output error")

    monkeypatch.setattr(patterns, "level", fail)
    panel.lamp(SetLamp(Lamp.DUE))
    assert failed.wait(5)
    assert events.get(timeout=5) == Lost(
        Part.BUTTON, "its pins stopped answering (input/output error)"
    )


def test_one_pin_for_both(pins: Any) -> None:
    """The same pin for button and LED is named, and nothing stays open."""
    with pytest.raises(gpio.NoPanel, match="pin 17 is given to both the button and the LED"):
        gpio.open_button_and_lamp(print, BUTTON, BUTTON)
    gpio.open_button_and_lamp(print, BUTTON, LED).close()


def test_no_such_pin(pins: Any) -> None:
    """A number that is no pin is named with what is possible."""
    with pytest.raises(gpio.NoPanel, match="there is no GPIO pin 77: expected a number from 0"):
        gpio.open_button_and_lamp(print, 77, LED)


def test_no_pins_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without pins the reason is that, not a library's."""
    if gpio.has_pins():
        pytest.skip("this machine has GPIO pins")
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)
    with pytest.raises(gpio.NoPanel, match=r"^no GPIO here$"):
        gpio.open_button_and_lamp(print, BUTTON, LED)
