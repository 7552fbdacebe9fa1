"""Which pins have another function, and that a person who takes one is told."""

from pathlib import Path

import pytest

from assistant import cli
from assistant.config import Config, NoPin, Sensor
from assistant.config.keys import Panel, Presence
from assistant.config.pin_functions import FUNCTIONS, I2C, I2S, configured_pins, shared_pins


def test_the_usual_pins_have_no_other_function() -> None:
    """Nor have those of a sensor: whoever changes nothing is in no HAT's way."""
    config = Config(presence=Presence(sensor=Sensor.DISTANCE))
    assert set(configured_pins(config)) == {"button", "LED", "sensor", "sensor's echo"}
    assert list(shared_pins(config)) == []


def test_only_what_is_connected_counts() -> None:
    """A pin of a sensor that isn't there, or that is none, is in nobody's way."""
    config = Config(
        panel=Panel(button_pin=NoPin.NONE, led_pin=20), presence=Presence(pin=2, echo_pin=3)
    )
    assert list(shared_pins(config)) == [("LED", 20, I2S)]
    config = Config(presence=Presence(sensor=Sensor.PIR, pin=2, echo_pin=3))
    assert list(shared_pins(config)) == [("sensor", 2, I2C)]


def test_half_of_the_pins_are_free() -> None:
    free = [pin for pin in range(28) if pin not in FUNCTIONS]
    assert free == [4, 5, 6, 12, 13, 16, 17, 22, 23, 24, 25, 26, 27]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("panel.led_pin", "18", "GPIO 18 (LED) is also for I2S sound"),
        ("panel.button_pin", "none", ""),
        ("panel.led_pin", "5", ""),
        ("voice.volume", "0.5", ""),
    ],
)
def test_who_sets_a_pin_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, value: str, told: str
) -> None:
    """With the value it got; a pin of its own is not remarked on."""
    file = tmp_path / "config.toml"
    assert cli.main(["config", "--config", str(file), "set", key, value]) == 0
    printed = capsys.readouterr().out
    assert ("is also for" in printed) is bool(told)
    assert told in printed
    assert file.read_text().count(key.partition(".")[2]) == 1
