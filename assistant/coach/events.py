"""Facts in: everything that the coach can be told is a frozen dataclass in this file.

It decides nothing. Times are monotonic seconds unless a name says otherwise,
durations are seconds. What the coach orders is in `effects`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.coach.matter import Offered as Offered
from assistant.coach.memory import EASIER_FROM as EASIER_FROM
from assistant.coach.memory import GUEST as GUEST
from assistant.coach.memory import TRAINED_FROM_S as TRAINED_FROM_S
from assistant.coach.memory import Health as Health
from assistant.coach.memory import Remembered
from assistant.coach.memory import Trained as Trained
from assistant.coach.memory import more_than_before as more_than_before

NOTHING_REMEMBERED = Remembered()


class Command(StrEnum):
    """What a person can ask for, whichever way it was asked."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    GO = "go"
    NEXT = "next"
    BACK = "back"
    REPEAT = "repeat"
    STOP = "stop"
    TIME_LEFT = "time_left"
    WHATS_NEXT = "whats_next"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    QUIETER = "quieter"
    CHIMES_ON = "chimes_on"
    CHIMES_OFF = "chimes_off"
    METRONOME_ON = "metronome_on"
    METRONOME_OFF = "metronome_off"
    MORE_TIME = "more_time"
    """What is going on takes longer."""
    LESS_TIME = "less_time"
    LONGER_REST = "longer_rest"
    """This rest and all that come."""
    SHORTER_REST = "shorter_rest"
    OTHER_SIDE = "other_side"
    EASIER = "easier"
    """This exercise in an easier way, or less of it."""
    HARDER = "harder"
    EXPLAIN = "explain"
    """All the steps of this exercise, whether it is known or not."""
    FULL_WORDS = "full_words"
    """From now on all the steps of every exercise."""
    SHORT_WORDS = "short_words"
    ICE = "ice"
    """A timer for an ice pack."""
    HEAT = "heat"
    TIMER_OFF = "timer_off"
    HURTS = "hurts"
    BACK_HURTS = "back_hurts"
    """My back hurts, said while nothing is led."""
    DIZZY = "dizzy"
    LIST = "list"
    HELP = "help"
    YES = "yes"
    NO = "no"
    SNOOZE = "snooze"
    UP = "up"
    """I'm up, I'm done."""
    STOOD = "stood"
    """I already stood."""
    STRETCH = "stretch"
    """A desk routine now; it counts as the break."""
    HAVE_TIME = "have_time"
    """I have ten minutes: as much as fits in of what suits and is due."""
    QUIET = "quiet"
    """No reminders for a while, or until a time of day."""
    MEETING = "meeting"
    LUNCH = "lunch"
    LEAVING = "leaving"
    RETURNED = "returned"
    """I'm back."""
    INTERVAL = "interval"
    """Remind me every so many minutes."""
    REMINDERS_ON = "reminders_on"
    REMINDERS_OFF = "reminders_off"
    NOT_TODAY = "not_today"
    """No more reminders until tomorrow."""
    TOMORROW = "tomorrow"
    """What the plan has for today, tomorrow."""
    PLAN_TIME = "plan_time"
    """Remind me of my exercises at this time."""
    PLAN_DAYS = "plan_days"
    """What these days of the week are for."""
    GOAL = "goal"
    """On how many days of a week one would like to exercise."""
    NO_PLAN = "no_plan"
    """Nothing on this day of the week, or on any."""
    MAKE_PLAN = "make_plan"
    WELCOME = "welcome"
    """How all of this works, as at the first start."""
    TELL_PLAN = "tell_plan"
    TELL_TODAY = "tell_today"
    """What does the plan have for today?"""
    UNDO = "undo"
    """As it was before: what was changed last is taken back."""
    NEXT_BREAK = "next_break"
    DID_TODAY = "did_today"
    DID_WEEK = "did_week"
    DID_MONTH = "did_month"
    NUMBER = "number"
    """How much it hurts, from 0 to 10."""
    COMPARED = "compared"
    """How the back is after the last session: worse, the same, better."""
    SCREENING = "screening"
    """Ask the safety questions (again)."""
    CLOSE_EAR = "close_ear"
    """Stop listening. By hand (three presses, a key) it opens a closed ear again."""
    OPEN_EAR = "open_ear"
    WHY = "why"
    """Why this exercise?"""
    SHOW_CODE = "show_code"
    """Show the code with which a phone is let in to the page."""
    LEARN_VOICE = "learn_voice"
    """Learn how whoever is there says the short words."""
    THIS_IS = "this_is"
    """Somebody says who they are."""
    WAKE = "wake"
    """The wake phrase alone; a wake phrase and a command in one breath is just the command."""
    PRESS = "press"
    """One tap of the button or the space bar: the coach decides what it means now."""


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


class Part(StrEnum):
    """A part of the machine that can be lost and found."""

    MICROPHONE = "microphone"
    MODEL = "model"
    VOICE = "voice"
    LOUDSPEAKER = "loudspeaker"
    BUTTON = "button"
    LAMP = "lamp"
    JOURNAL = "journal"
    PRESENCE = "presence"
    SOUND = "sound"
    """What the microphone hears is too quiet, overdriven, or pure silence."""
    CONFIGURATION = "configuration"
    """Something in the person's configuration is left out; never found while the program runs."""
    ROUTINES = "routines"
    """Something in the person's own routines is left out; never found while the program runs."""
    RECORDING = "recording"
    """What `run --record` writes."""
    PROCESSOR = "processor"
    """The computer can't recognise speech as fast as it comes."""
    PAGE = "page"
    BROKER = "broker"
    """What `[mqtt]` and `[office]` tell others by, where only a person can mend it."""


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
    """For QUIET, PLAN_TIME: a time, in seconds since midnight or noon (the twelve-hour clock): the
    coach takes the next time that a clock shows this."""
    value: int | None = None
    """For NUMBER: 0 (no pain) to 10; for COMPARED: -1 worse, 0 the same, 1 better; for GOAL: days
    of a week; for LOUDER, QUIETER: to how many percent; for FASTER, SLOWER: to how many words a
    minute; None means a step."""
    text: str = ""
    """The words that were understood, for the screen; empty for the button."""
    whole_day: bool = False
    """`until_s` is since midnight, for it was said which half of the day is meant."""
    aim: str = ""
    """For PLAN_DAYS: an `effects.Aim`."""
    days: tuple[int, ...] = ()
    """For PLAN_DAYS, PLAN_TIME, NO_PLAN: days of the week, 0 is Monday; none: every day."""
    person: str = ""
    """For THIS_IS: whose id, or `GUEST`."""


@dataclass(frozen=True, slots=True)
class Touched:
    """The button went down: whatever it will mean, silence comes first."""


@dataclass(frozen=True, slots=True)
class Perhaps:
    """While the assistant speaks, something is being said that may become a command."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something was said after the wake phrase, or typed, that is no command."""

    source: Source = Source.VOICE


@dataclass(frozen=True, slots=True)
class Spoken:
    """An utterance ended: said to the end, cut, dropped as stale, or failed."""

    utterance: int
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Lost:
    """A part stopped working; `reason` says so in plain words, without a full stop."""

    part: Part
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """A part works (again)."""

    part: Part


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
class Talking:
    """People are talking near the microphone: voice activity, nothing kept. Posted about once a
    second while it lasts, never for the assistant's own voice."""


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
