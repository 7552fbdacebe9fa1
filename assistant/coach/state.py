"""What the coach knows: five machines beside each other, and what all of them share.

Decides nothing. `State` is the whole memory: `lead` (a routine and its questions), `desk` (sitting
and standing), `pack` (ice or heat), `agenda` (what is brought up by itself), `ear` (the wake
phrase), each exactly one of the frozen states below, which hold what they need and nothing else.
Times are monotonic seconds. Which state follows which stands in the table of each machine: `lead`,
`desk`, `ice_and_heat`, `agenda`, `attention`.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from assistant.coach.agenda_state import Agenda as Agenda
from assistant.coach.agenda_state import Matter as Matter
from assistant.coach.effects import Context, Done, Lamp, Place, Remembered, View
from assistant.coach.events import Part
from assistant.coach.person import Person as Person
from assistant.coach.question_state import Asking as Asking
from assistant.coach.question_state import Put as Put
from assistant.coach.question_state import Question as Question
from assistant.coach.settings import Settings
from assistant.coach.suitability import Known
from assistant.coach.triggers import Time
from assistant.coach.working_hours import Hours
from assistant.content.types import Cue, Kind, Plan, Routine, Segment

Marks = tuple[tuple[float, Cue | None], ...]
"""Seconds from a segment's start, and a sentence or (None) a tick, in the order of their times."""


# --- the lead: a routine, and the questions around it --------------------------------------------


@dataclass(frozen=True, slots=True)
class Session:
    """A place in a plan."""

    plan: Plan
    started: float
    routine: Routine | None = None
    """What the plan was compiled from, with other exercises than its file's where that was asked
    for."""
    index: int = 0
    """The segment."""
    began: float = 0.0
    """When the segment began; moved on by pauses, so that now - began is time spent in it."""
    length_s: float = 0.0
    """The segment's length now: as it was to be, or changed by "ten more seconds"."""
    planned_s: float = 0.0
    """The segment's length as it was to be: the plan's, stretched for a slow voice, and with the
    rests that were asked for."""
    marks: Marks = ()
    """What is still to come."""
    elapsed_s: float = 0.0
    """While it stands still: the time spent in the segment."""
    done: tuple[Done, ...] = ()
    """What was done so far of this exercise, by side, without this segment."""
    detour: Segment | None = None
    """An explanation that was asked for; the segment at `index` begins anew after it."""
    rest_s: float = 0.0
    """What every rest lasts longer (shorter, below 0) than planned."""
    praised: int = -1
    """After which exercise something was last said for it."""
    counted: frozenset[str] = frozenset()
    """The exercises of which this session has counted already whether they went well."""

    @property
    def segment(self) -> Segment:
        return self.plan.segments[self.index] if self.detour is None else self.detour

    @property
    def following(self) -> int:
        """The segment that comes next; past the last one, the number of segments."""
        return self.index + (self.detour is None)

    @property
    def working(self) -> bool:
        return self.segment.kind is Kind.WORK

    @property
    def ends_at(self) -> float:
        return self.began + self.length_s


@dataclass(frozen=True, slots=True)
class AtRest:
    """Nothing is led and nothing asked."""

    answered: Asking | None = None
    """The safety question whose answer was a red flag just now: it may have been misheard."""
    until: float = -math.inf
    """So long it may be taken back at once."""


@dataclass(frozen=True, slots=True)
class Leading:
    session: Session


@dataclass(frozen=True, slots=True)
class Paused:
    session: Session
    forget_at: float


@dataclass(frozen=True, slots=True)
class Reentry:
    """The three seconds between a pause and going on."""

    session: Session
    began: float
    counted: int = 0
    """How many of them were said."""
    after: int = 0
    """The last sentence before them: while a later one is said, it isn't counted."""


@dataclass(frozen=True, slots=True)
class Hurt:
    """Stopped for pain; one question is open."""

    session: Session
    put: Put
    ends: bool = False
    """Whatever is answered: six and more was told, or a power cut came, and the body moved."""


Led = Leading | Paused | Reentry | Hurt
"""A session is there."""
Lead = AtRest | Asking | Led


# --- the desk: sitting and standing --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alarm:
    at: float
    then: Time
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Sitting counts, unless both times are None."""

    stand_at: float | None = None
    """When it has been long enough."""
    left_s: float | None = None
    """While nobody is there: what was left of it."""
    snoozes: int = 0
    """How often this break was put off."""
    due_since: float = 0.0
    """With snoozes: when the reminder that was put off came up."""


@dataclass(frozen=True, slots=True)
class Due:
    """It is time to stand up, and nobody has answered yet."""

    since: float
    due_since: float
    """When the reminder first came up, before it was put off."""
    snoozes: int
    alarms: tuple[Alarm, ...]
    """In the order of their times."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """A reminder was not answered: the lamp asks on, and sitting counts towards the next one."""

    stand_at: float
    due_since: float
    snoozes: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The time up is being measured."""

    since: float
    halved: bool = False
    """Whether the word at half-time is past."""


@dataclass(frozen=True, slots=True)
class Away:
    """The person said that they were leaving, or three reminders in a row met no sign of life."""

    since: float
    until: float
    """Then they are taken to be back; infinity: at the first sign of life."""


@dataclass(frozen=True, slots=True)
class Exercising:
    """A routine is led, or was asked for in place of sitting: nothing counts."""


Desk = Sitting | Due | Overdue | Standing | Away | Exercising


# --- the pack ------------------------------------------------------------------------------------


class Kept(StrEnum):
    """What is on the skin."""

    ICE = "ice"
    HEAT = "heat"


@dataclass(frozen=True, slots=True)
class NoPack:
    rests_until: float = -math.inf
    """Until then the skin gets neither ice nor heat."""
    used: int = 0
    """How many there were."""


@dataclass(frozen=True, slots=True)
class PackOn:
    kind: Kept
    began: float
    length_s: float
    used: int
    halved: bool = False
    """Whether the word at half-time is past."""
    waits_until: float = -math.inf
    """Looked at again then, since something else was being said."""

    @property
    def ends_at(self) -> float:
        return self.began + self.length_s


@dataclass(frozen=True, slots=True)
class PackOver:
    """Its time is up; it is said until somebody answers, a few times."""

    kind: Kept
    ended: float
    rests_until: float
    used: int
    said: int = 1
    waits_until: float = -math.inf

    @property
    def ends_at(self) -> float:
        return self.ended


Pack = NoPack | PackOn | PackOver


# --- the ear -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asleep:
    """Outside of what a situation takes by itself, a wake phrase comes first."""


@dataclass(frozen=True, slots=True)
class Awake:
    """After the wake phrase any command is taken."""

    until: float
    misheard: int = 0


@dataclass(frozen=True, slots=True)
class Closed:
    """The microphone is closed, because somebody wanted it."""


Ear = Asleep | Awake | Closed


# --- what all of them share ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence that was handed to the voice and hasn't come back."""

    number: int
    gives_up_at: float


@dataclass(frozen=True, slots=True)
class Voice:
    volume: float
    pace: float = 1.0
    utterances: tuple[Utterance, ...] = ()
    count: int = 0
    last_said: str = ""
    last_told: str = ""
    """The same without what was only counted."""
    quiet_at: float = 0.0
    """When the echo of the last sentence is over."""
    by_night: bool = False
    """Whether it was last told to be as quiet as at night."""
    chimes: bool = True
    metronome: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """What is known of the room and of the machine in it."""

    absent_since: float | None = None
    """Since when the presence sensor has seen nobody."""
    sensed: bool = False
    """The presence sensor says that somebody is there."""
    talked_at: float = -math.inf
    """When people were last heard talking."""
    alive_at: float = -math.inf
    """When there was last a sign of life: a voice, a press, a key, the presence sensor."""
    civil_offset: float | None = None
    """Local civil seconds minus monotonic seconds, where the wall clock is known."""
    faults: tuple[tuple[Part, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a person wants to be reminded, by the configuration and what was asked for since."""

    reminders: bool
    sit_s: float
    """How long sitting may last, where the day has no length of its own."""
    hours: Hours
    quiet_until: float | None = None
    quiet_unsure: bool = False
    """It was asked for in an earlier run, and no clock has told yet how much of it is left."""
    interrupted_at: float = -math.inf
    """When a reminder last made itself heard."""
    gently: bool = False
    """The next reminder is the first after a long absence."""
    unheard: int = 0
    """How many reminders in a row met no sign of life."""
    taken_at: float = -math.inf
    """When a break was last written down as taken."""
    taken: int = 0
    """How many were, in this run."""
    wanted_last: bool = False
    """Whether something was wanted since a question was put or answered: "undo" is about that."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What was last ordered to be shown, listened for and kept."""

    heard: str = ""
    lamp: Lamp | None = None
    context: Context | None = None
    view: View | None = None
    kept: Place | None = None
    kept_at: float = 0.0


@dataclass(frozen=True, slots=True)
class State:
    """All that the coach knows."""

    settings: Settings
    now: float
    lead: Lead
    desk: Desk
    pack: Pack
    agenda: Agenda
    ear: Ear
    voice: Voice
    room: Room
    wishes: Wishes
    person: Person
    memory: Remembered
    shown: Shown = Shown()
    passed: tuple[Routine, Known] | None = None
    """What was led and what was known when all of it last passed the gate."""
    planned: tuple[object, tuple[int, ...]] = (None, ())
    """The next days on which the plan has something, and what that followed from."""
    wakes_at: float | None = None
    """When time brings something next, or something else is to be shown or kept; None: never."""
    exit_code: int | None = None
    over: bool = False
