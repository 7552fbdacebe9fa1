"""What else a Raspberry Pi's pins are for, and which configured pins are in the way of it.

Decides from the numbers alone. It is the same on the 40 pins of every Pi: the functions that the
firmware gives them for HATs and modules. Whether one is in use on a machine is the doctor's to see.
"""

from collections.abc import Iterator

from assistant.config.keys import Config, Sensor

EEPROM, I2C, SPI, UART, I2S = "a HAT's memory", "I2C", "SPI", "the serial line", "I2S sound"
FUNCTIONS = {
    **dict.fromkeys((0, 1), EEPROM),
    **dict.fromkeys((2, 3), I2C),
    **dict.fromkeys((7, 8, 9, 10, 11), SPI),
    **dict.fromkeys((14, 15), UART),
    **dict.fromkeys((18, 19, 20, 21), I2S),
}
"""By GPIO number; what isn't here is free on a Pi without a HAT. Sound HATs take I2S and I2C, many
of them SPI for their lights; a pin that is driven by hand takes the sound, or the HAT, away."""


def configured_pins(config: Config) -> dict[str, int]:
    """The pins that the configuration uses, by what is on them: "button", "LED", "sensor",
    "sensor's echo"."""
    panel, presence = config.panel, config.presence
    pins: dict[str, object] = {"button": panel.button_pin, "LED": panel.led_pin}
    if presence.sensor is not Sensor.NONE:
        pins["sensor"] = presence.pin
    if presence.sensor is Sensor.DISTANCE:
        pins["sensor's echo"] = presence.echo_pin
    return {part: pin for part, pin in pins.items() if isinstance(pin, int)}


def shared_pins(config: Config) -> Iterator[tuple[str, int, str]]:
    """Configured pins that have another function: the part, its pin, and that function."""
    for part, pin in configured_pins(config).items():
        if pin in FUNCTIONS:
            yield part, pin, FUNCTIONS[pin]
