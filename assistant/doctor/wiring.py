"""What goes where on the 40 pins of a Raspberry Pi, drawn as text with the configured pins.

Decides which ground pin each part gets and how the header is drawn. It is the same header on every
Pi since the B+, a Zero 2 W included. Whether the parts work is the doctor's to find out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.config import Active, Config, NoPin, Pull, Sensor
from assistant.config.pin_functions import shared_pins

GROUND, SUPPLY = "ground", "3.3 V"
HEADER = (
    *("3.3 V", "5 V", "GPIO 2", "5 V", "GPIO 3", GROUND, "GPIO 4", "GPIO 14"),
    *(GROUND, "GPIO 15", "GPIO 17", "GPIO 18", "GPIO 27", GROUND, "GPIO 22", "GPIO 23"),
    *("3.3 V", "GPIO 24", "GPIO 10", GROUND, "GPIO 9", "GPIO 25", "GPIO 11", "GPIO 8"),
    *(GROUND, "GPIO 7", "GPIO 0", "GPIO 1", "GPIO 5", GROUND, "GPIO 6", "GPIO 12"),
    *("GPIO 13", GROUND, "GPIO 19", "GPIO 16", "GPIO 26", "GPIO 20", GROUND, "GPIO 21"),
)
"""What each pin is, from pin 1 on; odd pins are in the left row."""

ABOVE = (
    "The 40 pins, seen from above with the memory card at the top; the right row is at the",
    "board's edge. It is the same on a full-size Pi and on a Zero 2 W.",
    "Take the Pi off its power supply first.",
    "",
)


@dataclass(frozen=True, slots=True)
class Wire:
    """One end of a wire."""

    pin: int
    """The pin's number on the header, 1 to 40."""
    part: str
    """What is at its other end."""


def drawing(config: Config) -> str:
    """The header with all wires, then what to know when making them."""
    wires = list(_wires(config))
    ends = {wire.pin: wire.part for wire in wires}
    width = max((len(wire.part) for wire in wires if wire.pin % 2), default=0) + 4
    rows = [
        f"{_left(ends.get(odd, ''), width)} {HEADER[odd - 1]:>8} {odd:>3} {_dot(odd, ends)} "
        f"{_dot(odd + 1, ends)} {odd + 1:<3} {HEADER[odd]:<8} {_right(ends.get(odd + 1, ''))}"
        for odd in range(1, 40, 2)
    ]
    return "\n".join([*ABOVE, *(row.rstrip() for row in rows), "", *_notes(config)])


def _wires(config: Config) -> Iterator[Wire]:
    taken: set[int] = set()
    panel, presence = config.panel, config.presence
    if not isinstance(panel.button_pin, NoPin):
        yield from _pair(panel.button_pin, "button", "button", taken, _other_leg(config))
    if not isinstance(panel.led_pin, NoPin):
        if panel.led_active is Active.HIGH:
            long_leg, short_leg = "resistor, LED's long leg", "LED's short leg"
            yield from _pair(panel.led_pin, long_leg, short_leg, taken)
        else:
            short_leg, long_leg = "resistor, LED's short leg", "LED's long leg"
            yield from _pair(panel.led_pin, short_leg, long_leg, taken, SUPPLY)
    match presence.sensor:
        case Sensor.SEAT:
            yield from _pair(presence.pin, "seat switch", "seat switch", taken)
        case Sensor.PIR:
            yield Wire(2, "sensor, VCC")
            yield from _pair(presence.pin, "sensor, OUT", "sensor, GND", taken)
        case Sensor.DISTANCE:
            yield Wire(2, "sensor, VCC")
            yield from _pair(presence.pin, "sensor, TRIG", "sensor, GND", taken)
            yield Wire(_place(presence.echo_pin), "divider, sensor's ECHO")


def _other_leg(config: Config) -> str:
    """Where the button's second wire goes: to where the Pi's resistor doesn't draw the pin."""
    panel = config.panel
    down = panel.button_pull is Pull.AUTO and panel.button_active is Active.HIGH
    return SUPPLY if down or panel.button_pull is Pull.DOWN else GROUND


def _pair(gpio: int, part: str, back: str, taken: set[int], to: str = GROUND) -> Iterator[Wire]:
    """The wire to a part and the one back, to the nearest pin of that kind that is free, in the
    same row if there is one."""
    pin = _place(gpio)
    free = [at for at, what in enumerate(HEADER, 1) if what == to and at not in taken]
    other = min(free, key=lambda place: ((place - pin) % 2, abs(place - pin)))
    taken.add(other)
    yield Wire(pin, part)
    yield Wire(other, back)


def _place(gpio: int) -> int:
    return HEADER.index(f"GPIO {gpio}") + 1


def _left(part: str, width: int) -> str:
    return f"{part} {'-' * (width - len(part) - 1)}" if part else " " * width


def _right(part: str) -> str:
    return f"---- {part}" if part else ""


def _dot(pin: int, ends: dict[int, str]) -> str:
    return "@" if pin in ends else "o"


def _notes(config: Config) -> Iterator[str]:
    panel = config.panel
    if not isinstance(panel.button_pin, NoPin):
        where = f"between GPIO {panel.button_pin} and {_other_leg(config)}"
        yield f"Button: {where}, either way round."
        if panel.button_active is Active.HIGH:
            yield "A touch sensor has three wires: VCC to 3.3 V, GND to ground, and its output to"
            yield f"GPIO {panel.button_pin}."
    if not isinstance(panel.led_pin, NoPin):
        if panel.led_active is Active.HIGH:
            end = f"GPIO {panel.led_pin}"
            yield f"LED: long leg to a resistor of 330 ohm, that to {end}; short leg to ground."
        else:
            yield "LED: short leg to a resistor of 330 ohm, that to"
            yield f"GPIO {panel.led_pin}; long leg to 3.3 V."
    for part, pin, function in shared_pins(config):
        yield f"GPIO {pin} ({part}) is also for {function}: leave that off, or take another pin."
    match config.presence.sensor:
        case Sensor.SEAT:
            yield f"Seat switch: between GPIO {config.presence.pin} and ground."
        case Sensor.PIR:
            yield f"Motion sensor: VCC to 5 V, GND to ground, OUT to GPIO {config.presence.pin}."
        case Sensor.DISTANCE:
            yield f"Distance sensor: VCC to 5 V, GND to ground, TRIG to GPIO {config.presence.pin}."
            yield "Its ECHO gives 5 V, too much for the Pi. So a divider: 1000 ohm from ECHO to"
            yield f"GPIO {config.presence.echo_pin}, and 2000 ohm from there to ground."
