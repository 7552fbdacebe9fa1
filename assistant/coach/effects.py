"""Orders out: everything that the coach can ask for is a frozen dataclass of this file.

It decides nothing. Times are monotonic seconds unless a name says otherwise,
durations are seconds. What the coach is told is in `events`.
"""

from dataclasses import dataclass
from enum import StrEnum

from assistant.coach.ear_and_voice import Chime as Chime
from assistant.coach.ear_and_voice import Command
from assistant.coach.ear_and_voice import Context as Context
from assistant.coach.ear_and_voice import Duck as Duck
from assistant.coach.ear_and_voice import Hush as Hush
from assistant.coach.ear_and_voice import Listen as Listen
from assistant.coach.ear_and_voice import Prepare as Prepare
from assistant.coach.ear_and_voice import Priority as Priority
from assistant.coach.ear_and_voice import Say as Say
from assistant.coach.ear_and_voice import SetEar as SetEar
from assistant.coach.ear_and_voice import SetVoice as SetVoice
from assistant.coach.ear_and_voice import Sound as Sound
from assistant.coach.events import Period
from assistant.coach.memory import Aim as Aim
from assistant.coach.memory import Moved as Moved
from assistant.coach.memory import Remembered as Remembered
from assistant.coach.memory import Wanted as Wanted
from assistant.coach.memory import Week as Week
from assistant.coach.memory import Wish as Wish


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
    NOT_LISTENING = "not_listening"
    """The ear is closed, because somebody wanted it."""
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class SetLamp:
    """Show this pattern until told otherwise."""

    lamp: Lamp


@dataclass(frozen=True, slots=True)
class LedNow:
    """Where a routine that is led stands."""

    routine: str
    """Its id."""
    exercise: str
    """The id of the exercise; empty: in the introduction or at the end."""
    side: str
    """left or right: that is worked, comes first or was last; empty: it has no sides."""
    part: str
    """Which part of the exercise: a `Kind` of the plan's segments."""
    following: str
    """The id of the exercise that comes next; empty: none."""
    began: float | None
    """When the part began, moved on by pauses; None while it stands still."""


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
    led: LedNow | None = None
    """What is led, to be drawn; None: no routine is."""


class Doing(StrEnum):
    """What a person would say is going on."""

    WAITING = "waiting"
    LEADING = "leading"
    PAUSED = "paused"
    ASKING = "asking"
    """A question is open."""
    COOLING = "cooling"
    """Ice is on the skin, and nothing else is going on."""
    WARMING = "warming"
    DUE = "due"
    OVERDUE = "overdue"
    STANDING = "standing"
    AWAY = "away"


class Expects(StrEnum):
    """What an open question takes for an answer: 0 to 10; worse, the same, better."""

    NOTHING = "nothing"
    YES_OR_NO = "yes_or_no"
    NUMBER = "number"
    COMPARED = "compared"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that somebody who isn't in the room may see of the moment. Not ordered by the coach:
    `situation.of` reads it off a state for whoever asks. Times are monotonic seconds, which all
    processes of one machine share."""

    doing: Doing
    view: View
    """As on the screen. Its words may tell of a person's health."""
    can: tuple[Command, ...]
    """The commands that have a meaning now, each without any value."""
    expects: Expects
    led: LedNow | None = None
    sits_since: float | None = None
    """Since when sitting counts; None: it doesn't."""
    interval_s: float = 0.0
    """How long sitting may last now."""
    reminders: bool = False
    quiet_until: float | None = None
    """Until when no reminder comes, because that was asked for."""
    here: bool = True
    """Whether somebody is taken to be there."""
    pack: bool = False
    """Whether ice or heat is on the skin, or is to be taken off."""
    listening: bool = True
    """Whether the microphone is open, as far as the person wants it."""
    volume: float = 1.0
    rate_wpm: int = 155
    """Words a minute now; the volume as in `SetVoice`."""
    floor: bool = True
    """Whether exercises on the floor are led, as it is wanted now."""
    desks: bool = True
    """Whether who is there is whose desk it is, as far as people are told apart."""
    person: str = ""
    """Who is taken to be there: an id, or `GUEST`; empty where nobody is told apart."""


@dataclass(frozen=True, slots=True)
class Show:
    """Put this on the screen."""

    view: View


@dataclass(frozen=True, slots=True)
class Record:
    """Something worth a row in the journal."""

    kind: str
    """session_start, exercise, session_end, pain, goes_on (after "that hurts"), screening, level,
    told, felt, morning, command, break_due, break_taken, break_snoozed, break_skipped,
    break_unanswered, quiet, absence, timer, fault, person."""
    name: str = ""
    """The routine's, exercise's, command's or part's id."""
    seconds: float = 0.0
    """Held or moved seconds, delay to standing, snooze length: what the kind says."""
    detail: str = ""
    """How it ended or came: done, left, stopped, hurt, forgotten, quit; voice, button, key, typed,
    page, mqtt; before, held, in or after (pain); a reason (fault)."""
    planned_s: float = 0.0
    reps: int = 0
    planned_reps: int = 0
    side: str = ""
    """left, right or empty."""
    value: int | None = None
    """Pain, 0 to 10; screening, 1 for yes; a level, -1 to 1."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done of an exercise on one side."""

    side: str
    seconds: float
    reps: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where things stand, so that a power cut changes nothing but the time it took."""

    routine: str = ""
    """The routine that is being led; empty: none."""
    exercise: str = ""
    """The id of the exercise; empty: in the introduction or at the end."""
    part: str = ""
    """Which part of it: the `Kind` of its segment."""
    side: str = ""
    """left, right or empty."""
    repetition: int = 0
    """Which segment of this part and side of the exercise, from 0."""
    length_s: float = 0.0
    """How long that segment was planned; another length means that it isn't the same any more."""
    elapsed_s: float = 0.0
    """Seconds into the segment."""
    exercises: tuple[str, ...] = ()
    """The ids of all exercises as they were led, what was exchanged included."""
    done: tuple[Done, ...] = ()
    """What was done of the exercise before this segment."""
    sit_left_s: float | None = None
    """Seconds of sitting that are left until the next reminder; None: not counting."""
    snoozes: int = 0
    quiet_left_s: float | None = None
    """Seconds for which no reminder was to come; None: not quiet."""
    away_left_s: float | None = None
    """Seconds after which who left is taken to be back; None: not away."""
    ear_closed: bool = False
    """Somebody wanted the microphone closed; it stays so however long it is switched off."""
    timer: str = ""
    """Ice or heat whose end nobody has told; empty: none. The journal knows it from its rows."""
    timer_s: float = 0.0
    """How long it was to be on."""
    hurt: bool = False
    """Whether it had hurt there, and the question about it was still open."""
    unanswered: bool = False
    """Whether nobody had answered what was asked before the session."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Have this on disk within a second, replacing what was kept before."""

    place: Place


@dataclass(frozen=True, slots=True)
class Remember:
    """Have this on disk, replacing what was remembered before."""

    remembered: Remembered


@dataclass(frozen=True, slots=True)
class Recall:
    """Count up a period and post `Recalled`."""

    period: Period


@dataclass(frozen=True, slots=True)
class Meet:
    """From now on it is this person's, but for what is the desk's; post `Met`."""

    person: str
    """Their id, or `GUEST`, of whom nothing is kept."""


@dataclass(frozen=True, slots=True)
class MakeCode:
    """Make a code with which a device is let in to the page, show it and post `CodeMade`."""


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
    | Duck
    | Prepare
    | Chime
    | SetVoice
    | SetLamp
    | Listen
    | SetEar
    | Show
    | Record
    | Keep
    | Remember
    | Recall
    | Meet
    | MakeCode
    | Ignored
    | Exit
)
