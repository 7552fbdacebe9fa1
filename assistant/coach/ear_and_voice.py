"""Orders to the ear and the voice, and what they tell: what their processes know of the coach.

It decides nothing. These are effects and events like those in `effects` and `events`, which have
them too; they stand apart since two small processes need these and none of the others.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

# --- orders -----------------------------------------------------------------


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
class Duck:
    """Speak more quietly for a second: somebody may be saying something."""


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


CHIME_FIRST_S = 1.2
"""What is announced by a chime is said so long after it began."""


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
    PAIN = "pain"
    """A number from zero to ten, or to skip the question, and what always works."""
    DUE = "due"
    """A stand-up reminder waits: "I'm up", "snooze", no wake phrase needed for these."""
    SPEAKING = "speaking"
    """The assistant itself is talking: only what can't wait is taken, and a wake phrase."""


@dataclass(frozen=True, slots=True)
class Listen:
    """What to listen for, until told otherwise."""

    context: Context


@dataclass(frozen=True, slots=True)
class SetEar:
    """Open or close the microphone's device itself, until told otherwise; open at the start."""

    listening: bool


# --- what is told -----------------------------------------------------------


class Command(StrEnum):
    """What a person can ask for, whichever way it was asked."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    GO = "go"
    NEXT = "next"
    BACK = "back"
    REPEAT = "repeat"
    """The exercise, or the question."""
    SAY_AGAIN = "say_again"
    """What was that?"""
    STOP = "stop"
    TIME_LEFT = "time_left"
    HOW_MANY = "how_many"
    """How many repetitions and exercises are left?"""
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
    TIRED = "tired"
    """Something gentle, then."""
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
    SKIP_TODAY = "skip_today"
    """Nothing of the plan today."""
    DID_IT = "did_it"
    """I did today's exercises without you."""
    HELLO = "hello"
    THANKS = "thanks"
    TOMORROW = "tomorrow"
    """What the plan has for today, tomorrow."""
    PLAN_ONCE = "plan_once"
    """My exercises at this time, on this one day."""
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
    NO_FLOOR = "no_floor"
    """I can't get down on the floor: nothing is led there from now on."""
    NO_FLOOR_TODAY = "no_floor_today"
    FLOOR = "floor"
    """Exercises on the floor again."""
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
class Perhaps:
    """While the assistant speaks, something is being said that may become a command."""


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
class Talking:
    """People are talking near the microphone: voice activity, nothing kept. Posted about once a
    second while it lasts, never for the assistant's own voice."""
