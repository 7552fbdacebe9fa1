"""The drawing of the 40 pins: every wire once, as configured, and as the pictures show it."""

import re
from pathlib import Path

import pytest

from assistant.config import Active, Config, NoPin, Pull, Sensor
from assistant.config.keys import Panel, Presence
from assistant.doctor.wiring import HEADER, drawing

ROOT = Path(__file__).resolve().parents[2]


def wired(config: Config) -> dict[int, str]:
    """The pins that have a wire, with what is at its other end."""
    ends: dict[int, str] = {}
    for line in drawing(config).splitlines():
        row = re.match(r"(.*?) {2,}\S.*? (\d+) (.) (.) (\d+) +\S+(?: V| \d+)?(?: +-+ (.*))?$", line)
        if row is None:
            continue
        left, odd, odd_dot, even_dot, even, right = row.groups()
        if odd_dot == "@":
            ends[int(odd)] = left.strip(" -")
        if even_dot == "@":
            ends[int(even)] = right
    return ends


def test_the_usual_pins_are_those_of_the_picture() -> None:
    """Button between 11 and 9, LED with its resistor between 13 and 25, as README and guide say."""
    assert wired(Config()) == {
        11: "button",
        9: "button",
        13: "resistor, LED's long leg",
        25: "LED's short leg",
    }
    wiring, boards = (
        (ROOT / "deploy" / "pictures" / name).read_text() for name in ("wiring.svg", "boards.svg")
    )
    for pin, name in {9: "ground", 11: "GPIO17", 13: "GPIO27", 25: "ground"}.items():
        assert f">{pin}<" in wiring
        assert f">{pin} {name}<" in boards


def test_the_header_is_a_raspberry_pis() -> None:
    """28 GPIOs, each once; eight grounds, two of 3.3 V and two of 5 V where they belong."""
    assert sorted(name for name in HEADER if name.startswith("GPIO")) == sorted(
        f"GPIO {number}" for number in range(28)
    )
    grounds = [pin for pin, name in enumerate(HEADER, 1) if name == "ground"]
    assert grounds == [6, 9, 14, 20, 25, 30, 34, 39]
    assert [pin for pin, name in enumerate(HEADER, 1) if name.endswith("V")] == [1, 2, 4, 17]


@pytest.mark.parametrize("sensor", Sensor)
@pytest.mark.parametrize("button", range(0, 28, 3))
def test_no_pin_has_two_wires(sensor: Sensor, button: int) -> None:
    """Whatever is configured, each part has a pin of its own, and a ground of its own."""
    led, pin, echo = ((button + step) % 28 for step in (1, 2, 4))
    config = Config(
        panel=Panel(button_pin=button, led_pin=led),
        presence=Presence(sensor=sensor, pin=pin, echo_pin=echo),
    )
    ends = wired(config)
    signals = {Sensor.NONE: 4, Sensor.SEAT: 6, Sensor.PIR: 7, Sensor.DISTANCE: 8}
    assert len(ends) == signals[sensor], drawing(config)
    assert ends[HEADER.index(f"GPIO {button}") + 1] == "button"
    assert (
        len([pin for pin in ends if HEADER[pin - 1] == "ground"]) == (2, 3)[bool(sensor != "none")]
    )
    assert all(len(line) <= 100 for line in drawing(config).splitlines())


def test_what_is_none_has_no_wire() -> None:
    """A lamp alone, or a button alone, is drawn alone, and told of alone."""
    config = Config(panel=Panel(button_pin=NoPin.NONE))
    assert sorted(wired(config).values()) == ["LED's short leg", "resistor, LED's long leg"]
    assert "Button" not in drawing(config)
    config = Config(panel=Panel(led_pin=NoPin.NONE))
    assert wired(config) == {11: "button", 9: "button"}
    assert "LED" not in drawing(config)


@pytest.mark.parametrize(
    ("panel", "ends", "note"),
    [
        pytest.param(
            Panel(button_active=Active.HIGH),
            {11: "button", 17: "button"},
            "Button: between GPIO 17 and 3.3 V",
            id="pressed is high",
        ),
        pytest.param(
            Panel(button_active=Active.HIGH, button_pull=Pull.UP),
            {11: "button", 9: "button"},
            "Button: between GPIO 17 and ground",
            id="a switch to ground that opens when it is pressed",
        ),
        pytest.param(
            Panel(led_active=Active.LOW),
            {13: "resistor, LED's short leg", 17: "LED's long leg"},
            "long leg to 3.3 V",
            id="a lamp to 3.3 V",
        ),
    ],
)
def test_a_part_the_other_way_round_goes_to_the_other_supply(
    panel: Panel, ends: dict[int, str], note: str
) -> None:
    """Its second wire goes to where it must, and the words say the same."""
    seen = wired(Config(panel=panel))
    assert ends.items() <= seen.items()
    assert note in drawing(Config(panel=panel))


def test_a_pin_with_another_function_is_told_beside_the_drawing() -> None:
    assert "GPIO 18 (LED) is also for I2S sound" in drawing(Config(panel=Panel(led_pin=18)))
    assert "is also for" not in drawing(Config())
