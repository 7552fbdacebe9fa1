"""Button, lamp and presence sensor: opened as the assistant opens them, and closed again.

Decides what is told of pins that can't be had. Whether a press comes and a light is seen only a
person can tell, with the guide.
"""

from collections.abc import Mapping
from typing import Any

from assistant.coach.events import Part
from assistant.doctor.finding import Finding, doubt, good
from assistant.panel.button_and_led import ButtonAndLed
from assistant.panel.button_presses import HELD
from assistant.panel.gpio import expected
from assistant.panel.presence_sensor import open_presence

BUTTON_AND_LED, PRESENCE = "Button and LED", "Presence"
INSTEAD = "the space bar is the button, the screen shows the lamp"


def button_and_led(settings: Mapping[str, Any]) -> Finding:
    """`settings`: the keys of [panel] in the configuration."""
    pins = {"button": settings["button_pin"], "LED": settings["led_pin"]}
    wired = [f"{part} on pin {pin}" for part, pin in pins.items() if isinstance(pin, int)]
    if not wired:
        return good(BUTTON_AND_LED, f"none, as configured; {INSTEAD}")
    if not expected():
        return good(BUTTON_AND_LED, f"no Raspberry Pi, so no pins; {INSTEAD}")
    panel = ButtonAndLed(lambda event: None, **settings)
    refusals, pressed = panel.refusals, panel.pressed
    panel.close()
    if refusals:
        words = {Part.BUTTON: "button", Part.LAMP: "LED"}
        found = "; ".join(f"{words[part]}: {reason}" for part, reason in refusals.items())
        mends = dict.fromkeys(reason.mend for reason in refusals.values())
        return doubt(BUTTON_AND_LED, found, "\n".join([*mends, f"until then {INSTEAD}"]))
    if pressed:
        mend = "let go of it; or see button_active of [panel] in the configuration"
        return doubt(BUTTON_AND_LED, f"the button: {HELD}", mend)
    return good(BUTTON_AND_LED, ", ".join(wired))


def presence(settings: Mapping[str, Any]) -> Finding:
    """`settings`: the keys of [presence] in the configuration."""
    sensor = open_presence(lambda event: None, **settings)
    reason = sensor.refusal
    sensor.close()
    if reason is not None:
        mend = f"{reason.mend}\nuntil then it counts you as sitting there"
        return doubt(PRESENCE, str(reason), mend)
    return good(PRESENCE, f"{settings['sensor']} on pin {settings['pin']}")
