"""The buttons of the page: what each asks for, and what stands on it.

Decides the words and their order. Which of them can be pressed now is the coach's to say; nothing
but these can be asked for from the page.
"""

from collections.abc import Container
from dataclasses import dataclass

from assistant.coach.effects import Doing, Expects, Situation
from assistant.coach.events import Command
from assistant.content.types import Kind
from assistant.outside.door_protocol import Ask

C, D = Command, Doing
LED = (D.LEADING, D.PAUSED)
AT_REST = (D.WAITING, D.STANDING, D.DUE, D.OVERDUE, D.COOLING, D.WARMING, D.AWAY)


@dataclass(frozen=True, slots=True)
class Button:
    command: Command
    words: str
    front: tuple[Doing, ...] = ()
    """When it is needed at once: then it is as large as a thumb. Else it is among the others."""
    only: tuple[Doing, ...] = tuple(Doing)
    """When it has a sense besides "that is so already"."""
    seconds: float | None = None
    value: int | None = None

    @property
    def name(self) -> str:
        """What a form sends for it: "snooze", "snooze-600", "number-7"."""
        amount = self.value if self.value is not None else self.seconds
        return f"{self.command}-{amount:g}" if amount is not None else self.command.value

    def ask(self) -> Ask:
        return Ask(0, self.command, seconds=self.seconds, value=self.value)


COMPARED = (("Worse", -1), ("The same", 0), ("Better", 1))
NUMBERS = tuple(Button(C.NUMBER, str(n), (D.ASKING,), value=n) for n in range(11))
ALL = (
    *(Button(C.YES, "Yes", (D.ASKING,)), Button(C.NO, "No", (D.ASKING,))),
    *(Button(C.COMPARED, words, (D.ASKING,), value=value) for words, value in COMPARED),
    Button(C.TOMORROW, "Tomorrow", (D.ASKING,)),
    Button(C.UP, "I'm up", (D.DUE, D.OVERDUE, D.STANDING)),
    Button(C.SNOOZE, "Snooze", (D.DUE,)),
    Button(C.STOOD, "I already stood up", (D.DUE, D.OVERDUE)),
    Button(C.RETURNED, "I'm back", (D.AWAY,), (D.AWAY,)),
    Button(C.TIMER_OFF, "It's off", (*AT_REST, *LED)),
    Button(C.PAUSE, "Pause", (D.LEADING,)),
    Button(C.RESUME, "Go on", (D.PAUSED,), (D.PAUSED,)),
    Button(C.GO, "Ready, go", (D.LEADING,), (D.LEADING,)),
    Button(C.BACK, "Back", LED, (*LED, D.ASKING)),
    Button(C.NEXT, "Next", LED, (*LED, D.ASKING)),
    Button(C.REPEAT, "Again", LED, (*LED, D.ASKING)),
    Button(C.START, "Start", (D.WAITING, D.COOLING, D.WARMING), AT_REST),
    Button(C.STRETCH, "Stretch", (D.WAITING, D.DUE, D.OVERDUE, D.STANDING)),
    Button(C.STOP, "Stop", (*LED, D.ASKING)),
    Button(C.HURTS, "That hurts", LED),
    *(Button(C.EASIER, "Easier"), Button(C.HARDER, "Harder"), Button(C.OTHER_SIDE, "Other side")),
    *(Button(C.MORE_TIME, "More time"), Button(C.LESS_TIME, "Less time")),
    *(Button(C.LONGER_REST, "Longer rests"), Button(C.SHORTER_REST, "Shorter rests")),
    *(Button(C.EXPLAIN, "Explain"), Button(C.WHY, "Why this one?")),
    *(Button(C.TIME_LEFT, "How long left?"), Button(C.WHATS_NEXT, "What's next?")),
    *(Button(C.HELP, "Help"), Button(C.NEXT_BREAK, "When is my next break?")),
    Button(C.SNOOZE, "Snooze ten minutes", seconds=600.0),
    Button(C.QUIET, "Quiet for an hour", seconds=3600.0),
    *(Button(C.MEETING, "In a meeting"), Button(C.LUNCH, "Lunch")),
    *(Button(C.LEAVING, "I'm leaving"), Button(C.ICE, "Ice"), Button(C.HEAT, "Heat")),
    *(Button(C.DID_TODAY, "How was today?"), Button(C.DID_WEEK, "How was this week?")),
    *(Button(C.SCREENING, "Check my back"), Button(C.CLOSE_EAR, "Don't listen")),
    Button(C.OPEN_EAR, "Listen again"),
)
"""What is shown beside the moment; the most needed first."""
VOICE = (
    *(Button(C.QUIETER, "Quieter"), Button(C.LOUDER, "Louder")),
    *(Button(C.SLOWER, "Slower"), Button(C.FASTER, "Faster")),
    *(Button(C.SHORT_WORDS, "Short instructions"), Button(C.FULL_WORDS, "Full instructions")),
)
REMINDERS = (Button(C.REMINDERS_ON, "Remind me"), Button(C.REMINDERS_OFF, "Don't remind me"))
FLOOR = (
    *(Button(C.NO_FLOOR, "Nothing on the floor"), Button(C.NO_FLOOR_TODAY, "Not today")),
    Button(C.FLOOR, "On the floor again"),
)
INTERVALS = tuple(
    Button(C.INTERVAL, f"{minutes} minutes", seconds=minutes * 60.0)
    for minutes in (15, 20, 30, 45, 60)
)
BY_NAME = {
    button.name: button
    for group in (ALL, NUMBERS, VOICE, REMINDERS, FLOOR, INTERVALS)
    for button in group
}
ROUTINE, PERSON = C.START.value, C.THIS_IS.value
"""Of these there is one for each: "start:lower-back", "this_is:mia"."""


def wish(name: str, routines: Container[str], people: Container[str]) -> Ask | None:
    """What is asked for by a button's name, without a number; None: there is no such button."""
    verb, colon, which = name.partition(":")
    match verb:
        case C.START if colon and which in routines:
            return Ask(0, C.START, routine=which)
        case C.THIS_IS if colon and which in people:
            return Ask(0, C.THIS_IS, person=which)
    return BY_NAME[name].ask() if name in BY_NAME else None


def possible(button: Button, now: Situation) -> bool:
    """Whether it can be pressed now, and has a sense."""
    match button.command:
        case C.NUMBER:
            return now.expects is Expects.NUMBER
        case C.OPEN_EAR | C.CLOSE_EAR:
            return now.listening == (button.command is C.CLOSE_EAR)
        case C.TIMER_OFF if not now.pack:
            return False
        case C.GO if now.led is not None and now.led.part == Kind.WORK:
            return False  # nothing is waited for
    return button.command in now.can and now.doing in button.only


def in_front(button: Button, now: Situation) -> bool:
    return now.doing in button.front and possible(button, now)
