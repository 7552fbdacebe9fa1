"""`assistant doctor --guide`: lamp, button, loudspeaker and microphone, tried with a person.

Decides what is asked and what to do when the answer is no. Only a person can say whether a lamp
shines or a tone was heard; what a machine can find out alone is the doctor's.
"""

import queue
from collections.abc import Callable, Iterator
from contextlib import closing

from assistant.coach.effects import Lamp, SetLamp
from assistant.coach.events import Event
from assistant.config import Config
from assistant.doctor import try_part
from assistant.doctor.finding import Finding, Grade
from assistant.errors import ExitCode

PRESS_S = 30.0
Ask = Callable[[str], bool]
Tell = Callable[[str], None]


def guide(settings: Config, ask: Ask = lambda question: _ask(question), tell: Tell = print) -> int:
    """Go through all parts; 0 if each did what it should."""
    tell("Four parts, one after the other. Stop the assistant first, if it runs.\n")
    findings = [
        *_panel(settings, ask, tell),
        _loudspeaker(settings, ask, tell),
        _microphone(settings, tell),
    ]
    tell("")
    for finding in findings:
        tell(f"{finding.grade:4}  {finding.name}: {finding.found}")
        if finding.mend:
            tell(f"      -> {finding.mend}")
    good = all(finding.grade is Grade.OK for finding in findings)
    tell("\nAll of it works." if good else "\nMend what has an arrow, and try again.")
    return ExitCode.GOOD if good else ExitCode.UNEXPECTED


def _ask(question: str) -> bool:
    """Enter and y mean yes; the end of the input means no."""
    try:
        answer = input(f"{question} [Y/n] ")
    except EOFError:
        print()
        return False
    return answer.strip().lower() in ("", "y", "yes")


def _panel(settings: Config, ask: Ask, tell: Tell) -> Iterator[Finding]:
    from assistant.panel.gpio import NoPanel, open_button_and_lamp

    inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()
    pins = settings.panel
    try:
        panel = open_button_and_lamp(inbox.put, pins.button_pin, pins.led_pin)
    except NoPanel as reason:
        tell(f"Lamp and button: {reason}.")
        mend = "see the wiring: assistant doctor --wiring"
        yield Finding("Lamp and button", Grade.WARN, str(reason), mend)
        return
    with closing(panel):
        panel.lamp(SetLamp(Lamp.IDLE))
        if ask("Lamp. Does it breathe slowly?"):
            yield Finding("Lamp", Grade.OK, "it breathes")
        else:
            mend = "turn the LED round: its long leg goes to the resistor; then see the wiring"
            yield Finding("Lamp", Grade.WARN, "it doesn't shine as it should", mend)
        tell("Button. Press it now.")
        yield _pressed(inbox, pins.button_pin)


def _pressed(inbox: "queue.SimpleQueue[Event]", pin: int) -> Finding:
    try:
        inbox.get(timeout=PRESS_S)
    except queue.Empty:
        mend = f"see that it joins GPIO {pin} to ground: assistant doctor --wiring"
        return Finding("Button", Grade.WARN, f"nothing came in {PRESS_S:.0f} seconds", mend)
    return Finding("Button", Grade.OK, "it was pressed")


def _loudspeaker(settings: Config, ask: Ask, tell: Tell) -> Finding:
    name = settings.voice.loudspeaker
    tell("Loudspeaker. Three short tones.")
    played = try_part("Loudspeaker", "tones", {"loudspeaker": name})
    if played.grade is not Grade.OK:
        return played
    if ask("Did you hear them?"):
        return Finding("Loudspeaker", Grade.OK, "you heard it")
    mend = "turn it up (alsamixer, or the sound settings); or name another one: assistant doctor"
    return Finding("Loudspeaker", Grade.WARN, "it played, and you heard nothing", mend)


def _microphone(settings: Config, tell: Tell) -> Finding:
    tell('Microphone. Say "hey coach, start", a few times, as from your mat.')
    return try_part("Microphone", "speech", {"microphone": settings.hearing.microphone})
