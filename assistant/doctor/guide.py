"""`assistant doctor --guide`: lamp, button, loudspeaker and microphone, tried with a person.

Decides what is asked, and which loudspeakers and microphones are tried when the configured one
isn't heard. Only a person can say whether a lamp shines or a tone was heard; what a machine can
find out alone is the doctor's, and whether a voice is understood is the microphone check's.
"""

import queue
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict

from assistant.coach.effects import Lamp, SetLamp
from assistant.coach.events import Event, Part, Touched
from assistant.config import Config, NoPin
from assistant.doctor.finding import Finding, Grade, doubt, good
from assistant.doctor.parts import NoAnswer, ask, try_part
from assistant.errors import ExitCode
from assistant.panel.button_presses import HELD
from assistant.panel.gpio import expected

PRESS_S = 30.0
REST_S = 10.0
"""So long a finger may stay on the button before it counts as held down."""
WIRING = "see the wiring: assistant doctor --wiring"
USUAL = ("default", "pulse", "pipewire")
"""Names behind which the system's own choice stands, beside the cards themselves."""
CARD = re.compile(r" \(hw:\d+,\d+\)$")

Ask = Callable[[str], bool]
"""A question to a person, and whether the answer was yes."""
Tell = Callable[[str], None]
Check = Callable[[str], bool]
"""The microphone check, with a device's name (empty: the system's); whether it was well."""
Keep = Callable[[str, str, str], None]
"""Write a value into the configuration: table, key, value."""


def guide(config: Config, check: Check, keep: Keep, ask_yes: Ask, tell: Tell = print) -> int:
    """Go through all parts; 0 if each did what it should."""
    tell("The parts one after the other. Stop the assistant first, if it runs.\n")
    speaks, loudspeaker = _loudspeaker(config.voice.loudspeaker, ask_yes, tell)
    hears, microphone = _microphone(config.hearing.microphone, loudspeaker, check, ask_yes, tell)
    findings = [*_panel(config, ask_yes, tell), speaks, hears]
    for table, key, was, now in (
        ("voice", "loudspeaker", config.voice.loudspeaker, loudspeaker),
        ("hearing", "microphone", config.hearing.microphone, microphone),
    ):
        if now != was and ask_yes(f'Keep "{now}" as your {key}?'):
            keep(table, key, now)
    tell("")
    for finding in findings:
        tell(f"{finding.grade:4}  {finding.name}: {finding.found}")
        for line in finding.mend.splitlines():
            tell(f"      -> {line}")
    well = all(finding.grade is Grade.OK for finding in findings)
    tell("\nAll of it works." if well else "\nMend what has an arrow, and try again.")
    return ExitCode.GOOD if well else ExitCode.UNEXPECTED


def yes(question: str) -> bool:
    """Ask in the terminal. Enter and y mean yes; the end of the input means no."""
    try:
        answer = input(f"{question} [Y/n] ")
    except EOFError:
        print()
        return False
    return answer.strip().lower() in ("", "y", "yes")


# --- lamp and button ----------------------------------------------------------


def _panel(config: Config, ask_yes: Ask, tell: Tell) -> Iterator[Finding]:
    from assistant.panel.button_and_led import ButtonAndLed

    pins = config.panel
    if pins.button_pin is NoPin.NONE and pins.led_pin is NoPin.NONE:
        return
    if not expected():
        tell("Lamp and button: this is no Raspberry Pi. The space bar is the button.")
        return
    inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()
    panel = ButtonAndLed(inbox.put, **asdict(pins))
    with closing(panel):
        for part, reason in panel.refusals.items():
            tell(f"{part.capitalize()}: {reason}.")
            yield doubt(part.capitalize(), str(reason), f"{reason.mend}\n{WIRING}")
        if pins.led_pin is not NoPin.NONE and Part.LAMP not in panel.refusals:
            panel.lamp(SetLamp(Lamp.IDLE))
            yield _seen(ask_yes("Lamp. Does it breathe slowly?"))
        if pins.button_pin is not NoPin.NONE and Part.BUTTON not in panel.refusals:
            yield pressed(inbox, lambda: panel.pressed, tell)


def _seen(breathes: bool) -> Finding:
    if breathes:
        return good("Lamp", "it breathes")
    mend = (
        "turn the LED round: its long leg goes to the resistor\n"
        'an LED between 3.3 V and the pin needs led_active = "low" in [panel]\n' + WIRING
    )
    return doubt("Lamp", "it doesn't shine as it should", mend)


def pressed(inbox: "queue.SimpleQueue[Event]", held: Callable[[], bool], tell: Tell) -> Finding:
    """Have the button pressed once: `inbox` is what its panel posts, `held` whether it is closed
    now. Only a press that comes after the question counts, and after it was seen open."""
    until = time.monotonic() + REST_S
    if held():
        tell("Button. Let go of it for a moment.")
    while held():
        if time.monotonic() >= until:
            mend = 'see that its wires don\'t touch; or set button_active in [panel] to "high"'
            return doubt("Button", HELD, f"{mend}\n{WIRING}")
        time.sleep(0.05)
    while not inbox.empty():
        inbox.get()
    tell("Button. Press it now.")
    until = time.monotonic() + PRESS_S
    while (left := until - time.monotonic()) > 0:
        try:
            if inbox.get(timeout=left) == Touched():
                return good("Button", "it was pressed")
        except queue.Empty:
            break
    mend = f"see that it joins its pin to ground\n{WIRING}"
    return doubt("Button", f"nothing came in {PRESS_S:.0f} seconds", mend)


# --- loudspeaker and microphone -------------------------------------------------


def _loudspeaker(configured: str, ask_yes: Ask, tell: Tell) -> tuple[Finding, str]:
    """What was heard, and of which loudspeaker; the configured one if of none."""
    last = good("Loudspeaker", "")
    for place, name in enumerate([configured, *_others("loudspeakers", configured)]):
        if place == 1 and not ask_yes("There are others. Shall we try them?"):
            break
        tell(f"{_called(name, 'Loudspeaker')} Three short tones.")
        last = try_part("Loudspeaker", "tones", {"loudspeaker": name})
        if last.grade is not Grade.OK:
            tell(f"It can't be used: {last.found}.")
        elif ask_yes("Did you hear them?"):
            return good("Loudspeaker", "you heard it"), name
    if last.grade is Grade.OK:
        mend = "turn it up: the sound settings, or alsamixer"
        last = doubt("Loudspeaker", "it played, and you heard nothing", mend)
    return last, configured


def _microphone(
    configured: str, loudspeaker: str, check: Check, ask_yes: Ask, tell: Tell
) -> tuple[Finding, str]:
    """Whether the wake phrase was understood, and with which microphone."""
    others = _others("microphones", configured)
    # A speakerphone is both: its microphone is the one meant by whoever hears its loudspeaker.
    others.sort(key=lambda name: name != loudspeaker)
    for place, name in enumerate([configured, *others]):
        if place == 1 and not ask_yes("There are other microphones. Shall we try them?"):
            break
        tell(f"\n{_called(name, 'Microphone')}")
        if check(name):
            return good("Microphone", "it understood you"), name
    mend = "see what was said of it above; `assistant mic` shows its level while you speak"
    return doubt("Microphone", "it did not understand you", mend), configured


def _called(name: str, part: str) -> str:
    return f'{part} "{name}".' if name else f"{part}: the one that the system chooses."


def _others(kind: str, configured: str) -> list[str]:
    """Names of other devices of a kind ("microphones", "loudspeakers"), the likeliest first."""
    try:
        listed = ask("names", {})
        return likeliest(listed[kind], listed["microphones"], listed["loudspeakers"], configured)
    except (NoAnswer, KeyError):
        return []


def likeliest(
    names: Sequence[str], microphones: Sequence[str], loudspeakers: Sequence[str], configured: str
) -> list[str]:
    """Which of `names` to try, as the configuration writes them: first what is a microphone and a
    loudspeaker in one, then what hangs on USB. Only cards, and what the system itself chooses;
    not the many other names that ALSA gives to each."""

    def rank(name: str) -> tuple[bool, bool, bool]:
        both = name in microphones and name in loudspeakers
        return name in USUAL, not both, "usb" not in name.lower()

    cards = [name for name in names if CARD.search(name) or name in USUAL]
    bare = [CARD.sub("", name) for name in sorted(cards or names, key=rank)]
    # The number of a card changes when it is plugged in again, so it is no part of its name.
    return [name for name in dict.fromkeys(bare) if name.lower() != configured.lower()]
