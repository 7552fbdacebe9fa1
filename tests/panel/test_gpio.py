"""On gpiozero's own simulated pins: edges become events, levels become light, reasons are plain."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Event as Flag
from typing import Any

import pytest
from gpiozero import LED as Led
from gpiozero import Button as OtherButton
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

from assistant.coach.effects import Lamp, SetLamp
from assistant.coach.events import Asked, Command, Event, Found, Lost, Part, Source, Touched
from assistant.panel import attached, gpio, lamp_patterns
from assistant.panel.board import raspberry_pi
from assistant.panel.button_and_led import ButtonAndLed
from assistant.panel.button_presses import HELD, Taps
from tests.pi.machine import need_lgpio

ROOT = Path(__file__).resolve().parents[2]
BUTTON, LED = 17, 27


class WatchedPin(MockPWMPin):  # type: ignore[misc] # gpiozero ships no types
    """A pin that tells when its light changes, and with a switch stronger than its own pull."""

    lights: SimpleQueue[float]
    switch: bool | None = None

    def _set_state(self, value: float) -> None:
        super()._set_state(value)
        if self.function == "output":
            type(self).lights.put(float(value))

    def connect(self, level: bool) -> None:
        """What is at the pin's end drives it to this level from now on."""
        self.switch = level
        (self.drive_high if level else self.drive_low)()

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        if self.switch is not None:
            self.connect(self.switch)


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


Open = Callable[..., ButtonAndLed]


@pytest.fixture
def opened(pins: Any, events: "SimpleQueue[Event]") -> Iterator[Open]:
    """A panel as configured; closed after the test."""
    those: list[ButtonAndLed] = []

    def open_it(**keys: Any) -> ButtonAndLed:
        those.append(ButtonAndLed(events.put, **{"button_pin": BUTTON, "led_pin": LED} | keys))
        return those[-1]

    yield open_it
    for it in those:
        it.close()


@pytest.fixture
def panel(opened: Open) -> ButtonAndLed:
    return opened()


def pressed(panel: ButtonAndLed) -> bool:
    return panel.pressed


def light(at_least: float, at_most: float) -> float:
    """The next light of this brightness; those before it pass by."""
    while not at_least <= (seen := WatchedPin.lights.get(timeout=5)) <= at_most:
        pass
    return seen


def test_a_press(pins: Any, panel: ButtonAndLed, events: "SimpleQueue[Event]") -> None:
    """The pin driven low is touched; let go it becomes a press of the button."""
    assert not panel.refusals
    pins.pin(BUTTON).drive_low()
    assert events.get(timeout=5) == Touched()
    assert panel.pressed
    pins.pin(BUTTON).drive_high()
    assert events.get(timeout=5) == Asked(Command.PRESS, Source.BUTTON)


def test_a_hold(pins: Any, panel: ButtonAndLed, events: "SimpleQueue[Event]") -> None:
    """Kept low for two seconds it is stop, with nobody letting go."""
    pins.pin(BUTTON).drive_low()
    assert events.get(timeout=5) == Touched()
    assert events.get(timeout=5) == Asked(Command.STOP, Source.BUTTON)


@pytest.mark.parametrize(
    ("active", "pull", "pulled", "rest"),
    [
        pytest.param("low", "auto", "up", True, id="a switch to ground"),
        pytest.param("high", "auto", "down", False, id="a touch sensor, or a switch to 3.3 V"),
        pytest.param("high", "up", "up", False, id="a switch to ground that opens when pressed"),
        pytest.param("low", "down", "down", True, id="one to 3.3 V that opens when pressed"),
        pytest.param("low", "none", "floating", True, id="a module that drives it, low"),
        pytest.param("high", "none", "floating", False, id="a module that drives it, high"),
    ],
)
def test_a_button_of_either_polarity(
    pins: Any,
    opened: Open,
    events: "SimpleQueue[Event]",
    active: str,
    pull: str,
    pulled: str,
    rest: bool,
) -> None:
    """At rest it says nothing; pressed, whichever level that is, it is a press."""
    pins.pin(BUTTON).connect(rest)
    panel = opened(button_active=active, button_pull=pull)
    assert pins.pin(BUTTON).pull == pulled
    assert not pressed(panel)
    pins.pin(BUTTON).connect(not rest)
    assert events.get(timeout=5) == Touched()
    assert pressed(panel)
    pins.pin(BUTTON).connect(rest)
    assert events.get(timeout=5) == Asked(Command.PRESS, Source.BUTTON)


def test_a_button_that_is_down_at_the_start_asks_for_nothing(
    pins: Any, opened: Open, events: "SimpleQueue[Event]"
) -> None:
    """After some seconds it is told as what it is, and no press comes of it."""
    pins.pin(BUTTON).connect(False)
    assert opened().pressed
    assert events.get(timeout=8) == Lost(Part.BUTTON, HELD)
    assert events.empty()


def test_the_light_follows_the_lamp(panel: ButtonAndLed) -> None:
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


def test_a_lamp_between_the_pin_and_3_3_volts(opened: Open) -> None:
    """Its pin is low while it shines and high while it is dark."""
    panel = opened(led_active="low")
    panel.lamp(SetLamp(Lamp.LISTENING))
    light(0.0, 0.0)
    panel.lamp(SetLamp(Lamp.OFF))
    light(1.0, 1.0)


def test_a_dimmed_lamp_is_never_brighter_than_asked(opened: Open) -> None:
    """Half as bright for the eye is a quarter of the time."""
    panel = opened(led_brightness=0.5)
    panel.lamp(SetLamp(Lamp.LISTENING))
    assert light(0.01, 1.0) == pytest.approx(0.25)
    panel.lamp(SetLamp(Lamp.DUE))
    while (seen := WatchedPin.lights.get(timeout=5)) > 0.0:
        assert seen <= 0.25 + 1e-9
    assert seen == 0.0


@pytest.mark.parametrize("missing", ["button_pin", "led_pin"])
def test_each_works_without_the_other(
    pins: Any, opened: Open, events: "SimpleQueue[Event]", missing: str
) -> None:
    """A pin that is "none" is left alone, and no fault."""
    panel = opened(**{missing: "none"})
    assert not panel.refusals
    if missing == "led_pin":
        pins.pin(BUTTON).drive_low()
        assert events.get(timeout=5) == Touched()
    else:
        panel.lamp(SetLamp(Lamp.LISTENING))
        light(1.0, 1.0)
        assert not panel.pressed
    assert events.empty()


def test_closing_leaves_it_dark(panel: ButtonAndLed) -> None:
    """A lit LED is dark after closing; closing again does nothing."""
    panel.lamp(SetLamp(Lamp.LISTENING))
    light(1.0, 1.0)
    panel.close()
    assert WatchedPin.lights.get(timeout=5) == 0.0
    panel.close()


# --- pins that can't be had ---------------------------------------------------


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow one another quickly."""
    monkeypatch.setattr(attached, "AGAIN_S", 0.05)


def test_a_lamp_whose_pin_is_taken_does_not_take_the_button_with_it(
    opened: Open, pins: Any, events: "SimpleQueue[Event]", soon: None
) -> None:
    """The lamp is told of, the button works; and the lamp comes when its pin is free."""
    other = Led(LED)
    panel = opened()
    assert list(panel.refusals) == [Part.LAMP]
    assert events.get(timeout=5) == Lost(Part.LAMP, "pin twenty-seven is given to two parts")
    pins.pin(BUTTON).drive_low()
    assert events.get(timeout=5) == Touched()
    pins.pin(BUTTON).drive_high()
    assert events.get(timeout=5) == Asked(Command.PRESS, Source.BUTTON)
    other.close()
    assert events.get(timeout=5) == Found(Part.LAMP)
    panel.lamp(SetLamp(Lamp.LISTENING))
    light(1.0, 1.0)


def test_a_button_whose_pin_is_taken_comes_when_it_is_free(
    opened: Open, pins: Any, events: "SimpleQueue[Event]", soon: None
) -> None:
    """Told once however often it is tried; the lamp shines meanwhile."""
    other = OtherButton(BUTTON)
    panel = opened()
    panel.lamp(SetLamp(Lamp.LISTENING))
    light(1.0, 1.0)
    assert events.get(timeout=5) == Lost(Part.BUTTON, "pin seventeen is given to two parts")
    other.close()
    assert events.get(timeout=5) == Found(Part.BUTTON)
    pins.pin(BUTTON).drive_low()
    assert events.get(timeout=5) == Touched()


def test_a_pin_that_another_program_held_is_had_once_that_has_ended(
    opened: Open, pins: Any, events: "SimpleQueue[Event]", soon: None, monkeypatch: Any
) -> None:
    """What the library had half made at the first tries keeps no pin for itself."""
    made, held = WatchedPin.__init__, Flag()
    held.set()

    def claim(self: Any, *given: Any) -> None:
        if held.is_set():
            raise OSError("GPIO busy")
        made(self, *given)

    monkeypatch.setattr(WatchedPin, "__init__", claim)
    panel = opened(led_pin="none")
    assert events.get(timeout=5) == Lost(
        Part.BUTTON, "pin seventeen is in use by another program or driver"
    )
    assert "GPIO 17" in panel.refusals[Part.BUTTON].mend
    held.clear()
    assert events.get(timeout=5) == Found(Part.BUTTON)
    pins.pin(BUTTON).drive_low()
    assert events.get(timeout=5) == Touched()


def test_what_is_there_at_the_second_try_is_no_fault(
    opened: Open, events: "SimpleQueue[Event]", soon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At boot the pins are handed over a moment later: nobody is told of that."""
    tries: list[int] = []

    def library() -> Any:
        tries.append(1)
        if len(tries) == 1:
            raise gpio.NoPins("there is no permission to use the pins", "")
        return real()

    real = gpio._library
    monkeypatch.setattr(gpio, "_library", library)
    panel = opened(button_pin="none")
    assert list(panel.refusals) == [Part.LAMP]
    panel.lamp(SetLamp(Lamp.LISTENING))
    light(1.0, 1.0)
    assert events.empty()


def test_a_lamp_that_fails_later_is_told_and_the_button_goes_on(
    pins: Any,
    panel: ButtonAndLed,
    events: "SimpleQueue[Event]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever a driver raises, the lamp is lost, says so, and takes nothing with it."""

    def fail(*_: object) -> float:
        raise OSError("input/output error")

    monkeypatch.setattr(lamp_patterns, "level", fail)
    panel.lamp(SetLamp(Lamp.DUE))
    assert events.get(timeout=5) == Lost(Part.LAMP, "its pin stopped answering")
    pins.pin(BUTTON).drive_low()
    assert events.get(timeout=5) == Touched()


def test_what_nobody_foresaw_is_told_of_both(
    panel: ButtonAndLed,
    events: "SimpleQueue[Event]",
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A slip of ours ends the thread that follows them: never in silence."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr(Taps, "due", fail)
    panel.lamp(SetLamp(Lamp.DUE))
    assert events.get(timeout=5) == Lost(Part.BUTTON, attached.STOPPED)
    assert events.get(timeout=5) == Lost(Part.LAMP, attached.STOPPED)
    assert "a slip" in caplog.text


def test_a_handler_that_fails_ends_no_other(pins: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The library carries all edges on one thread, which an exception would end."""

    def fail(closed: bool) -> None:
        raise RuntimeError("no room")

    it = gpio.open_input(fail, BUTTON)
    pins.pin(BUTTON).drive_low()
    pins.pin(BUTTON).drive_high()
    it.close()
    assert caplog.text.count("could not be told") == 2


@pytest.mark.parametrize(
    ("make", "reason", "mend"),
    [
        pytest.param(
            lambda: gpio.open_led(77),
            "there is no pin seventy-seven",
            "write a number from 0 to 27",
            id="no such pin",
        ),
        pytest.param(
            lambda: gpio.open_input(print, 3, active="high"),
            "pin three has a resistor of its own",
            "GPIO 3 is pulled up by the board: write auto, or take another pin",
            id="a pull that the board doesn't allow",
        ),
    ],
)
def test_a_pin_that_cannot_be_used_is_named(
    pins: Any, make: Callable[[], Any], reason: str, mend: str
) -> None:
    """In words to be spoken, and what to do in words to be read."""
    with pytest.raises(gpio.NoPins) as caught:
        make()
    assert (str(caught.value), caught.value.mend) == (reason, mend)


# --- whose machine has pins -----------------------------------------------------


def firmware(root: Path, *, model: str = "", cpuinfo: str = "") -> Path:
    """A folder as the kernel fills it."""
    for path, text in (("proc/device-tree/model", model), ("proc/cpuinfo", cpuinfo)):
        if text:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
    return root


@pytest.mark.parametrize(
    ("told", "model"),
    [
        pytest.param(
            {"model": "Raspberry Pi Zero 2 W Rev 1.0\0"}, "Raspberry Pi Zero 2 W Rev 1.0", id="Pi"
        ),
        pytest.param(
            {"cpuinfo": "processor\t: 0\nModel\t\t: Raspberry Pi 5 Model B Rev 1.0\n"},
            "Raspberry Pi 5 Model B Rev 1.0",
            id="in a container, which hides the device tree",
        ),
        pytest.param({"model": "Xunlong Orange Pi Zero 2\0"}, "", id="another board"),
        pytest.param({"cpuinfo": "model name\t: Intel(R) Core(TM) i5\n"}, "", id="a PC"),
        pytest.param({}, "", id="a machine that tells nothing"),
    ],
)
def test_a_raspberry_pi_is_known_by_its_firmware(
    tmp_path: Path, told: dict[str, str], model: str
) -> None:
    """By nothing else: a PC has a GPIO chip too."""
    assert raspberry_pi(firmware(tmp_path, **told)) == model


def test_a_pc_with_a_gpio_chip_has_no_pins_that_could_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost there, whoever may use its chip: the keyboard is the button."""
    if raspberry_pi():
        pytest.skip("this machine is a Raspberry Pi")
    from assistant import app
    from assistant.config import Config
    from assistant.machine.inbox import Inbox

    chip = tmp_path / "gpiochip0"
    chip.touch()
    monkeypatch.setattr(gpio, "_chips", lambda: [chip])
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)
    inbox, notices = Inbox[Event](), list[str]()
    assert app.open_panel(Config(), inbox, notices.append) is None
    assert inbox.next(0) is None
    assert notices == ["No GPIO pins here: the space bar is the button, the screen shows the lamp."]
    with pytest.raises(gpio.NoPins, match=r"^this machine has no pins for it$"):
        gpio.open_led(LED)


def test_from_a_folder_that_is_closed_to_oneself_the_pins_open_all_the_same(
    tmp_path: Path,
) -> None:
    """As when root calls the service's user from a home that is nobody else's business."""
    if os.getuid():
        pytest.skip("only root may become somebody else")
    if not all(folder.stat().st_mode & 0o001 for folder in (ROOT, *ROOT.parents)):
        pytest.skip("nobody else may look into the folder of this checkout")
    need_lgpio()
    code = (
        "import os, sys\n"
        "os.chdir(sys.argv[1]); os.setgid(65534); os.setuid(65534)\n"
        "from assistant.panel import gpio\n"
        "gpio._import_lgpio()\n"
        "print(os.getcwd())\n"
    )
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    done = subprocess.run(
        [sys.executable, "-c", code, str(home)],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": "/tmp"},
    )
    assert (done.stdout, done.stderr) == ("/\n", "")
