"""Facts in: everything that the coach can be told is a frozen dataclass in this file.

It decides nothing. Times are monotonic seconds unless a name says otherwise,
durations are seconds. What the coach orders is in `effects`.
"""

from dataclasses import dataclass
from enum import StrEnum


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
    MORE_TIME = "more_time"
    HURTS = "hurts"
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
    NEXT_BREAK = "next_break"
    DID_TODAY = "did_today"
    DID_WEEK = "did_week"
    DID_MONTH = "did_month"
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


class Part(StrEnum):
    """A part of the machine that can be lost and found."""

    MICROPHONE = "microphone"
    MODEL = "model"
    VOICE = "voice"
    LOUDSPEAKER = "loudspeaker"
    BUTTON = "button"
    JOURNAL = "journal"
    PRESENCE = "presence"


@dataclass(frozen=True, slots=True)
class Asked:
    """A person asked for something."""

    command: Command
    source: Source = Source.VOICE
    routine: str | None = None
    """For START: the routine's id; None means the usual one."""
    seconds: float | None = None
    """For MORE_TIME, SNOOZE, QUIET, INTERVAL: how much; None means the usual amount."""
    until_s: float | None = None
    """For QUIET: until when, in seconds since midnight or noon (the twelve-hour clock): the coach
    takes the next time that a clock shows this."""
    text: str = ""
    """The words that were understood, for the screen; empty for the button."""


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
    """True when it was said to its end."""


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
    """Days in a row with a session or a break taken; a rest day in between doesn't end it."""
    pain_before: float | None = None
    pain_after: float | None = None
    """Means of the answers, 0 to 10; None where nobody was asked."""


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
    | Due
    | Quit
)
