"""Facts in (events) and orders out (effects).

Everything the coach can be told and everything it can ask for is a frozen
dataclass in this file; it decides nothing. Times are monotonic seconds unless
a name says otherwise, durations are seconds.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


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


# --- events -----------------------------------------------------------------


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


# --- effects ----------------------------------------------------------------


class Priority(IntEnum):
    """Which waiting utterance is spoken first. Nothing cuts a sentence but `Hush`."""

    TIP = 0
    CUE = 1
    COUNT = 2
    SAFETY = 3


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a sentence. One voice, one queue: highest priority first, then oldest first."""

    utterance: int
    """A number of its own; comes back in `Spoken`."""
    text: str
    priority: Priority
    within_s: float
    """If it can't begin within this time it is dropped (a late count is a wrong count)."""


@dataclass(frozen=True, slots=True)
class Hush:
    """Cut what is being said within one audio block, and forget what waits."""


@dataclass(frozen=True, slots=True)
class Prepare:
    """These sentences come soon: render them ahead, so that they begin on time."""

    texts: tuple[str, ...]


class Sound(StrEnum):
    """A short sound of the program's own; mixed over speech, never queued, so it is on time."""

    WAKE = "wake"
    BEGIN = "begin"
    END = "end"
    TICK = "tick"
    DUE = "due"
    DONE = "done"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Chime:
    """Play a short sound now."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class SetVoice:
    """How the voice speaks from the next sentence on."""

    pace: float
    """1.0 is the configured rate in words a minute; 0.8 is slower."""
    volume: float
    """0.0 to 1.0, for speech and chimes."""


class Lamp(StrEnum):
    """What the LED and the screen's lamp tell; the panel owns the patterns."""

    OFF = "off"
    IDLE = "idle"
    LISTENING = "listening"
    READY = "ready"
    HOLDING = "holding"
    RESTING = "resting"
    PAUSED = "paused"
    SOON = "soon"
    """Two minutes before a reminder."""
    DUE = "due"
    OVERDUE = "overdue"
    """A reminder was not answered; nothing more is said."""
    STANDING = "standing"
    QUIET = "quiet"
    """No reminders for now: quiet was asked for, or nobody is there."""
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class SetLamp:
    """Show this pattern until told otherwise."""

    lamp: Lamp


class Context(StrEnum):
    """What may be said now."""

    IDLE = "idle"
    """A wake phrase first, alone or with a command in one breath."""
    AWAKE = "awake"
    """The wake phrase was heard: any command, or nothing of ours (`Unclear`)."""
    SESSION = "session"
    PAUSED = "paused"
    QUESTION = "question"
    """Yes or no, and what always works: stop, that hurts."""
    DUE = "due"
    """A stand-up reminder waits: "I'm up", "snooze", no wake phrase needed for these."""
    SPEAKING = "speaking"
    """The assistant itself is talking: what comes in is dropped and flushed."""


@dataclass(frozen=True, slots=True)
class Listen:
    """What to listen for, until told otherwise."""

    context: Context


@dataclass(frozen=True, slots=True)
class View:
    """What the screen shows."""

    title: str
    """What is going on: "Bridge, second side", "Waiting", "Time to stand up"."""
    detail: str
    """One line more: the instruction or what can be done now."""
    lamp: Lamp
    ends_at: float | None = None
    """Monotonic time at which the countdown bar reaches zero; None: no countdown runs."""
    total_s: float = 0.0
    """The length of the whole bar."""
    left_s: float | None = None
    """A countdown that stands still (paused), in seconds."""
    heard: str = ""
    """The last command, in the person's words."""
    stand_at: float | None = None
    """Monotonic time of the next stand-up reminder; None: off or not counting."""
    progress: str = ""
    """Where in the routine: "Exercise 2 of 4"."""
    faults: tuple[str, ...] = ()
    """What doesn't work now, one plain sentence each."""


@dataclass(frozen=True, slots=True)
class Show:
    """Put this on the screen."""

    view: View


@dataclass(frozen=True, slots=True)
class Record:
    """Something worth a row in the journal."""

    kind: str
    """session_start, exercise, session_end, pain, command, break_due, break_taken, break_snoozed,
    break_skipped, break_unanswered, quiet, absence, timer, fault."""
    name: str = ""
    """The routine's, exercise's, command's or part's id."""
    seconds: float = 0.0
    """Held or moved seconds, delay to standing, snooze length: what the kind says."""
    detail: str = ""
    """How it ended or came: done, left, stopped, hurt, forgotten, quit; voice, button, key, typed;
    before or after (pain); a reason (fault)."""
    planned_s: float = 0.0
    reps: int = 0
    planned_reps: int = 0
    side: str = ""
    """left, right or empty."""
    value: int | None = None
    """Pain, 0 to 10."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where things stand, so that a power cut changes nothing but the time it took."""

    routine: str = ""
    """The routine that is being led; empty: none."""
    segment: int = 0
    elapsed_s: float = 0.0
    """Seconds into the segment."""
    sit_left_s: float | None = None
    """Seconds of sitting that are left until the next reminder; None: not counting."""
    snoozes: int = 0


@dataclass(frozen=True, slots=True)
class Keep:
    """Have this on disk within a second, replacing what was kept before."""

    place: Place


@dataclass(frozen=True, slots=True)
class Recall:
    """Count up a period and post `Recalled`."""

    period: Period


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that can't be, or that nothing can be done about now: noted in the log."""

    reason: str


@dataclass(frozen=True, slots=True)
class Exit:
    """The program may end."""

    code: int


Effect = (
    Say
    | Hush
    | Prepare
    | Chime
    | SetVoice
    | SetLamp
    | Listen
    | Show
    | Record
    | Keep
    | Recall
    | Ignored
    | Exit
)
