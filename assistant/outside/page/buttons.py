"""The buttons of the page: what each asks for, and what stands on it.

Decides the words and their order. Which of them can be pressed now is the coach's to say; nothing
but these can be asked for from the page.
"""

from dataclasses import dataclass

from assistant.coach.effects import Situation
from assistant.coach.events import Command
from assistant.outside.door_protocol import Ask

C = Command


@dataclass(frozen=True, slots=True)
class Button:
    command: Command
    words: str
    seconds: float | None = None
    value: int | None = None

    @property
    def name(self) -> str:
        """What a form sends for it: "snooze", "snooze-600", "number-7"."""
        amount = self.value if self.value is not None else self.seconds
        return f"{self.command}-{amount:g}" if amount is not None else self.command.value

    def ask(self, number: int) -> Ask:
        return Ask(number, self.command, seconds=self.seconds, value=self.value)


FIRST = (
    *(Button(C.YES, "Yes"), Button(C.NO, "No")),
    *(Button(C.UP, "I’m up"), Button(C.SNOOZE, "Snooze"), Button(C.STOOD, "I already stood up")),
    *(Button(C.RETURNED, "I’m back"), Button(C.TIMER_OFF, "It’s off")),
    *(Button(C.PAUSE, "Pause"), Button(C.RESUME, "Go on"), Button(C.GO, "Ready, go")),
    *(Button(C.BACK, "Back"), Button(C.NEXT, "Next"), Button(C.REPEAT, "Again")),
    *(Button(C.START, "Start"), Button(C.STRETCH, "Stretch")),
    Button(C.STOP, "Stop"),
)
"""What is needed at once, as large as a thumb."""
HURTS = Button(C.HURTS, "That hurts")
NUMBERS = tuple(Button(C.NUMBER, str(value), value=value) for value in range(11))
MORE = (
    *(Button(C.EASIER, "Easier"), Button(C.HARDER, "Harder"), Button(C.OTHER_SIDE, "Other side")),
    *(Button(C.MORE_TIME, "More time"), Button(C.LESS_TIME, "Less time")),
    *(Button(C.LONGER_REST, "Longer rests"), Button(C.SHORTER_REST, "Shorter rests")),
    *(Button(C.EXPLAIN, "Explain"), Button(C.WHY, "Why this one?")),
    *(Button(C.TIME_LEFT, "How long left?"), Button(C.WHATS_NEXT, "What’s next?")),
    *(Button(C.HELP, "Help"), Button(C.NEXT_BREAK, "When is my next break?")),
    *(Button(C.SNOOZE, "Snooze ten minutes", 600.0), Button(C.QUIET, "Quiet for an hour", 3600.0)),
    *(
        Button(C.MEETING, "In a meeting"),
        Button(C.LUNCH, "Lunch"),
        Button(C.LEAVING, "I’m leaving"),
    ),
    *(Button(C.ICE, "Ice"), Button(C.HEAT, "Heat")),
    *(Button(C.DID_TODAY, "How was today?"), Button(C.DID_WEEK, "How was this week?")),
    *(Button(C.SCREENING, "Check my back"), Button(C.CLOSE_EAR, "Don’t listen")),
    Button(C.OPEN_EAR, "Listen again"),
)
VOICE = (
    *(Button(C.QUIETER, "Quieter"), Button(C.LOUDER, "Louder")),
    *(Button(C.SLOWER, "Slower"), Button(C.FASTER, "Faster")),
    *(Button(C.SHORT_WORDS, "Short instructions"), Button(C.FULL_WORDS, "Full instructions")),
)
REMINDERS = (Button(C.REMINDERS_ON, "Remind me"), Button(C.REMINDERS_OFF, "Don’t remind me"))
INTERVALS = tuple(
    Button(C.INTERVAL, f"Every {minutes} minutes", minutes * 60.0)
    for minutes in (15, 20, 30, 45, 60)
)
BY_NAME = {
    button.name: button
    for group in (FIRST, (HURTS,), NUMBERS, MORE, VOICE, REMINDERS, INTERVALS)
    for button in group
}
OPENS_OR_CLOSES = {C.OPEN_EAR: False, C.CLOSE_EAR: True}
"""Has a meaning only while the microphone is open, or closed."""


def possible(button: Button, now: Situation) -> bool:
    """Whether it can be pressed now."""
    if button.command is C.NUMBER:
        return now.expects == "number"
    if button.command in OPENS_OR_CLOSES and now.listening != OPENS_OR_CLOSES[button.command]:
        return False
    return button.command in now.can
