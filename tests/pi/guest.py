"""Runs inside the small machine: presses the button, reads the LED back, prints what happened.

It judges nothing. Each line it prints is one JSON object with a "what"; the test outside does
the asserting. A press is the simulated line being pulled down, as a button to ground does.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from subprocess import PIPE, Popen
from typing import Any

from assistant.coach.effects import Lamp, SetLamp
from assistant.coach.events import Asked, Event
from assistant.panel.button_and_led import ButtonAndLed
from assistant.panel.lamp_patterns import PATTERNS
from tests.pi.telling import next_of, on_time, tell

BUTTON, LED = 17, 27
LINES = Path("/sys/devices/platform/gpio-sim.0/gpiochip0")
CELL_S = 0.05


def pull(direction: str, pin: int = BUTTON) -> float:
    """Move the line as a finger would; returns when."""
    at = time.monotonic()
    (LINES / f"sim_gpio{pin}" / "pull").write_text(f"pull-{direction}")
    return at


def led() -> bool:
    return (LINES / f"sim_gpio{LED}" / "value").read_text().strip() == "1"


@dataclass(frozen=True)
class Came:
    event: Event
    at: float

    def name(self) -> str:
        return self.event.command.value if isinstance(self.event, Asked) else "touched"


def collect(inbox: "SimpleQueue[Came]", since: float, quiet_s: float) -> list[dict[str, Any]]:
    """Everything that comes until it has been quiet for so long."""
    came: list[dict[str, Any]] = []
    while True:
        try:
            one = next_of(inbox, quiet_s)
        except Empty:
            return came
        came.append({"event": one.name(), "after_s": round(one.at - since, 4)})


def press(inbox: "SimpleQueue[Came]", what: str, moves: list[tuple[str, float]]) -> None:
    """Pull the line this way and that, staying for so long each time."""
    since = time.monotonic()
    for direction, stay_s in moves:
        pull(direction)
        time.sleep(stay_s)  # a finger stays: this is the input, not waiting for a result
    took = time.monotonic() - since
    tell(what, came=collect(inbox, since, quiet_s=0.6), took_s=round(took, 3))


def watch(seconds: float, since: float) -> list[float]:
    """How much of each twentieth of a second the LED was on."""
    on, seen = [0] * round(seconds / CELL_S), [0] * round(seconds / CELL_S)
    with (LINES / f"sim_gpio{LED}" / "value").open() as line:
        while (cell := int((time.monotonic() - since) / CELL_S)) < len(on):
            line.seek(0)
            on[cell] += line.read(1) == "1"
            seen[cell] += 1
    return [round(a / b, 3) if b else -1.0 for a, b in zip(on, seen, strict=True)]


def refused(what: str, button_pin: int = BUTTON, led_pin: int = LED) -> None:
    """Tell why which part can't be had."""
    panel = ButtonAndLed(lambda event: None, button_pin=button_pin, led_pin=led_pin)
    told = {part.value: [str(one), one.mend] for part, one in panel.refusals.items()}
    panel.close()
    tell(what, refused=told)


def in_a_child(what: str, before: Callable[[], object]) -> None:
    """Try to open in a process of its own, after `before` changed it."""
    child = os.fork()
    if child == 0:
        before()
        refused(what)
        os._exit(0)
    os.waitpid(child, 0)


def become_nobody() -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)


def lose_lgpio() -> None:
    sys.modules["lgpio"] = None  # type: ignore[assignment] # how Python marks what can't be imported


def held_by_another() -> None:
    """Another program has the pin first."""
    program = f"""
import lgpio, sys
lgpio.gpio_claim_input(lgpio.gpiochip_open(0), {BUTTON})
print("held", flush=True)
sys.stdin.read()
"""
    with Popen([sys.executable, "-c", program], stdin=PIPE, stdout=PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        refused("busy")


def presses(inbox: "SimpleQueue[Came]") -> None:
    for _ in range(3):
        press(inbox, "tap", [("down", 0.12), ("up", 0.0)])
    press(inbox, "double", [("down", 0.1), ("up", 0.1), ("down", 0.1), ("up", 0.0)])
    press(inbox, "hold", [("down", 2.4), ("up", 0.0)])


def shows(panel: ButtonAndLed, lamp: Lamp) -> None:
    panel.lamp(SetLamp(lamp))
    since = time.monotonic()
    seconds = max(2.2, 1.1 * PATTERNS[lamp].period_s)
    tell("lamp", lamp=lamp.value, cells=watch(seconds, since))


def main() -> None:
    os.chmod("/dev/gpiochip0", 0o660)  # noqa: PTH101 - as Raspberry Pi OS has it
    pull("up")
    in_a_child("no permission", become_nobody)
    in_a_child("no lgpio", lose_lgpio)
    held_by_another()
    refused("one pin for both", BUTTON, BUTTON)
    refused("no such pin", 77, LED)

    inbox: SimpleQueue[Came] = SimpleQueue()

    def post(event: Event) -> None:
        inbox.put(Came(event, time.monotonic()))

    folder = Path.cwd()
    there = {entry.name for entry in folder.iterdir()}
    began = time.monotonic()
    panel = ButtonAndLed(post, button_pin=BUTTON, led_pin=LED)
    tell(
        "open",
        took_s=round(time.monotonic() - began, 3),
        same_folder=Path.cwd() == folder,
        left_behind=sorted({entry.name for entry in folder.iterdir()} - there),
    )
    on_time(partial(presses, inbox))
    for lamp in Lamp:
        on_time(partial(shows, panel, lamp))

    panel.lamp(SetLamp(Lamp.LISTENING))
    watch(0.2, time.monotonic())
    before = led()
    panel.close()
    tell("close", lit_before=before, lit_after=led())
    panel.close()
    again = ButtonAndLed(post, button_pin=BUTTON, led_pin=LED)
    on_time(partial(press, inbox, "tap again", [("down", 0.12), ("up", 0.0)]))
    again.close()

    pull("down")
    other_way = ButtonAndLed(post, button_pin=BUTTON, button_active="high")
    on_time(partial(press, inbox, "tap the other way", [("up", 0.12), ("down", 0.0)]))
    other_way.close()
    low = ButtonAndLed(lambda event: None, led_pin=LED, led_active="low")
    low.lamp(SetLamp(Lamp.LISTENING))
    watch(0.3, time.monotonic())
    lit = led()
    low.lamp(SetLamp(Lamp.OFF))
    watch(0.3, time.monotonic())
    tell("low", lit=lit, dark=led())
    low.close()


if __name__ == "__main__":
    main()
