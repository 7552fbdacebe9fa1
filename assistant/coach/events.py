"""Facts in: everything that the coach can be told is a frozen dataclass in this file.

It decides nothing. Times are monotonic seconds unless a name says otherwise,
durations are seconds. What the coach orders is in `effects`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.coach.agenda_state import Offered as Offered
from assistant.coach.ear_and_voice import Command as Command
from assistant.coach.ear_and_voice import Found as Found
from assistant.coach.ear_and_voice import Lost as Lost
from assistant.coach.ear_and_voice import Part as Part
from assistant.coach.ear_and_voice import Perhaps as Perhaps
from assistant.coach.ear_and_voice import Spoken as Spoken
from assistant.coach.ear_and_voice import Talking as Talking
from assistant.coach.memory import GUEST as GUEST
from assistant.coach.memory import INTERVALS_S as INTERVALS_S
from assistant.coach.memory import Health as Health
from assistant.coach.memory import Remembered
from assistant.coach.memory import Trained as Trained

NOTHING_REMEMBERED = Remembered()


class Source(StrEnum):
    """How a command came."""

    VOICE = "voice"
    BUTTON = "button"
    KEY = "key"
    TYPED = "typed"
    PAGE = "page"
    """A tap on the page, on a phone or a tablet."""
    MQTT = "mqtt"
    """A message from the house: it may be an automation's, so it is no sign that somebody is here.
    """


@dataclass(frozen=True, slots=True)
class Asked:
    """A person asked for something."""

    command: Command
    source: Source = Source.VOICE
    routine: str | None = None
    """For START: the routine's id; None means the usual one."""
    seconds: float | None = None
    """For MORE_TIME, LESS_TIME, SNOOZE, QUIET, INTERVAL, ICE, HEAT, HAVE_TIME: how much; None means
    the usual amount."""
    until_s: float | None = None
    """For QUIET, PLAN_TIME, PLAN_ONCE: a time, in seconds since midnight or noon (the twelve-hour
    clock): the coach takes the next time that a clock shows this, or on another day the likelier.
    From 24 hours on it is after the end of the day that is meant."""
    value: int | None = None
    """For NUMBER: 0 (no pain) to 10; for COMPARED: -1 worse, 0 the same, 1 better; for GOAL: days
    of a week; for PLAN_ONCE: in how many days; for LOUDER, QUIETER: to how many percent; for
    FASTER, SLOWER: to how many words a minute; None means a step."""
    text: str = ""
    """The words that were understood, for the screen; empty for the button."""
    whole_day: bool = False
    """`until_s` is since midnight, for it was said which half of the day is meant."""
    aim: str = ""
    """For PLAN_DAYS: an `effects.Aim`; for START, HELP: what the plan has for today."""
    days: tuple[int, ...] = ()
    """For PLAN_DAYS, PLAN_TIME, NO_PLAN: days of the week, 0 is Monday; none: every day; for
    PLAN_ONCE: the next such day; none: today."""
    plainly: bool = True
    """For YES: not for "okay" and the like, which may mean no more than "I heard you"."""
    tells: frozenset[str] = frozenset()
    """For HURTS, BACK_HURTS, DIZZY, as they are typed: "yes" where the line begins with it, "sharp"
    or "numb" where it tells of that, and the id of a safety question of which it tells; for NUMBER:
    "pain" where the line says what the number is of, and "hurts" where it says that it does now."""
    person: str = ""
    """For THIS_IS: whose id, or `GUEST`."""


@dataclass(frozen=True, slots=True)
class Touched:
    """The button went down: whatever it will mean, silence comes first."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something was said after the wake phrase, or typed, that is no command."""

    source: Source = Source.VOICE
    like: tuple[str, ...] = ()
    """What is understood and is most like a line that was typed."""


@dataclass(frozen=True, slots=True)
class WallClock:
    """What the wall clock shows at the moment of this event; posted again whenever it was set.

    Only for people (clock times that are said, working hours), never for measuring.
    """

    local_s: float
    """Local civil time as seconds since 1970-01-01 00:00 of the same local calendar, so that
    date, weekday and time of day follow by division alone."""
    trusted: bool = True
    """False while the machine can't know: a board without a clock chip, before the network."""


@dataclass(frozen=True, slots=True)
class Slept:
    """The machine was suspended until just now; monotonic time stood still meanwhile."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Present:
    """A presence sensor saw somebody come, or miss; only where one is connected."""

    here: bool


class Period(StrEnum):
    """What a question about the past is about."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Recalled:
    """The journal's answer to `Recall`."""

    period: Period
    breaks_due: int = 0
    breaks_taken: int = 0
    delay_s: float | None = None
    """Median time from the reminder to standing; None without a break taken."""
    sessions: int = 0
    exercise_s: float = 0.0
    """Seconds held or moved."""
    streak_days: int = 0
    """Days up to today with a session or a break taken, with at most two days of rest between."""
    streak_rest_days: int | None = None
    """Days of rest between those; 0: they were days in a row. None: not counted."""
    pain_before: float | None = None
    pain_after: float | None = None
    """Means of the answers, 0 to 10; None where nobody was asked."""
    days: int = 0
    """On how many days there was a session."""
    delay_before_s: float | None = None
    """`delay_s` of the four weeks before; None without a break taken in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """The journal's answer to `Meet`: what it knows of a person, as at the start."""

    person: str
    """Their id."""
    health: Health
    times: Mapping[str, int] = field(default_factory=dict)
    """How often each exercise (by its id) was done to its end lately."""
    remembered: Remembered = NOTHING_REMEMBERED
    """What they asked for before; of reminders, what holds at this desk."""
    trained: tuple[Trained, ...] = ()
    """Their sessions of the last months, the oldest first."""


@dataclass(frozen=True, slots=True)
class CodeMade:
    """There is a new code, six digits with which a device is let in to the page; the answer to
    `MakeCode`, or asked for at the command line."""

    code: str


@dataclass(frozen=True, slots=True)
class Due:
    """The deadline that the coach asked for has passed."""


@dataclass(frozen=True, slots=True)
class Quit:
    """SIGTERM, Ctrl-C or the terminal was closed: say nothing more, put things away."""

    code: int = 0
    """The exit code: 0 for SIGTERM, 130 for Ctrl-C."""


Event = (
    Asked
    | Touched
    | Perhaps
    | Unclear
    | Spoken
    | Lost
    | Found
    | WallClock
    | Slept
    | Talking
    | Present
    | Recalled
    | Met
    | CodeMade
    | Offered
    | Due
    | Quit
)
