"""What the coach knows, and one turn of its thinking.

Decides nothing: `State` is the whole memory, `Turn` collects the effects of one
event while the state changes. Times are monotonic seconds.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from operator import attrgetter
from typing import Any

from assistant.coach.effects import (
    Chime,
    Context,
    Duck,
    Effect,
    Hush,
    Ignored,
    Lamp,
    Place,
    Priority,
    Record,
    Say,
    Sound,
    View,
)
from assistant.coach.events import Health, Part
from assistant.coach.hours import ALWAYS, Hours
from assistant.content.speech import estimate_s
from assistant.content.types import Cue, Exercise, Kind, Plan, Routine, Segment, Wording

TAIL_S = 0.4
"""How long after its last word the assistant still takes what it hears for its own echo."""
GIVE_UP_S = 3.0
"""How long a sentence may be overdue before the coach goes on without its voice."""

NOTHING_TOLD = Health()


class Mode(StrEnum):
    """What is going on, as far as it changes what a command means."""

    IDLE = "idle"
    LEADING = "leading"
    PAUSED = "paused"
    REENTRY = "reentry"
    """The three seconds between a pause and going on."""
    ASKING = "asking"
    """A question waits for its answer, before or after a session."""
    HURT = "hurt"
    """Stopped for pain; one question is open."""
    DUE = "due"
    """It is time to stand up, and nobody has answered yet."""
    OVERDUE = "overdue"
    """A reminder was not answered; only the lamp goes on asking."""
    STANDING = "standing"
    """The two minutes up are being timed."""
    AWAY = "away"
    """The person said that they were leaving."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the coach is told once, at the start."""

    plans: Mapping[str, Plan]
    routines: Mapping[str, Routine] = field(default_factory=dict)
    """What the plans were made of, so that they can be fitted to a person and a day."""
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
    gentle: str = "lower-back-gentle"
    """The routine that is offered instead when it hurts."""
    screening: bool = False
    """Whether the safety questions come before the first longer routine."""
    ask_pain: bool = False
    """Whether it asks before and after longer routines how the back is."""
    spared_until_s: float = 0.0
    """Until this time of day (seconds since midnight) nothing bends the back forward."""
    health: Health = NOTHING_TOLD
    spoken_names: tuple[str, ...] = ()
    """What routines are called aloud, in the order in which they are listed."""
    routine: str = "desk-break"
    """What a press starts."""
    wake: str = "hey coach"
    reminders: bool = True
    sit_s: float = 1200.0
    up_s: float = 120.0
    snooze_s: float = 300.0
    snoozes: int = 3
    """How often one break may be put off."""
    courtesy_s: float = 300.0
    """How long a reminder waits for people to stop talking, at most."""
    gap_s: float = 60.0
    """The least time between two interruptions."""
    hours: Hours = ALWAYS
    stretch: str = "desk-break"
    """The routine that "stretch" leads."""
    wording: Wording = Wording.COUNTED
    """How much is told of an exercise, until something else is asked for."""
    times: Mapping[str, int] = field(default_factory=dict)
    """How often each exercise (by its id) was done to its end lately; none: never."""
    volume: float = 0.8
    once: bool = False
    """End the program when the first session has ended."""
    keeps: bool = False
    """Whether there is a journal that keeps the place through a power cut."""


Marks = tuple[tuple[float, Cue | None], ...]
"""Seconds from a segment's start, and a sentence or (None) a tick, in the order of their times."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done of an exercise on one side."""

    side: str
    seconds: float
    reps: int


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
    """The segment's length now: the plan's, stretched for a slow voice or by "ten more seconds"."""
    marks: Marks = ()
    """What is still to come."""
    elapsed_s: float = 0.0
    """While paused: the time spent in the segment."""
    done: tuple[Done, ...] = ()
    """What was done so far of this exercise, by side, without this segment."""
    detour: Segment | None = None
    """An explanation that was asked for; the segment at `index` begins anew after it."""
    rest_s: float = 0.0
    """What every rest lasts longer (shorter, below 0) than planned."""
    praised: int = -1
    """After which exercise something was last said for it."""

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
class Utterance:
    """A sentence that was handed to the voice and hasn't come back."""

    number: int
    gives_up_at: float


class Question(StrEnum):
    """What can be asked before and after a session."""

    SCREENING = "screening"
    PAIN_BEFORE = "pain_before"
    PAIN_AFTER = "pain_after"
    GENTLE = "gentle"
    """The gentle routine instead?"""
    HARDER = "harder"
    """Something harder in place of what has gone well?"""


@dataclass(frozen=True, slots=True)
class Asking:
    """The question that is open."""

    question: Question
    routine: str = ""
    """What is led after it; empty: nothing."""
    number: int = 0
    """Which of the safety questions."""
    exercise: str = ""
    """For HARDER: what has gone well."""


class Pack(StrEnum):
    ICE = "ice"
    HEAT = "heat"


@dataclass(frozen=True, slots=True)
class Timer:
    """Ice or heat on a sore back."""

    pack: Pack
    began: float
    length_s: float
    halved: bool = False
    """Whether the word at half-time is past."""
    reminders: int = 0
    """How often it was said that time is up; 0: it isn't."""
    waits_until: float = -math.inf
    """Looked at again then, since something else was being said."""

    @property
    def ends_at(self) -> float:
        return self.began + self.length_s


class Then(StrEnum):
    """What an alarm is for; each belongs to one mode."""

    COUNT_IN = "count_in"
    REENTER = "reenter"
    FORGET = "forget"
    LEAVE_HURT = "leave_hurt"
    NO_ANSWER = "no_answer"
    APPROACH = "approach"
    ASK_TO_STAND = "ask_to_stand"
    ASK_AGAIN = "ask_again"
    UNANSWERED = "unanswered"
    HALFWAY = "halfway"
    SIT = "sit"
    ASSUME_BACK = "assume_back"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that the present mode does at a time, unless it is left before."""

    at: float
    then: Then
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that the coach knows."""

    settings: Settings
    now: float
    mode: Mode = Mode.IDLE
    since: float = 0.0
    """When the mode began."""
    session: Session | None = None
    """There is one exactly in the modes leading, paused, reentry and hurt."""
    asking: Asking | None = None
    """There is one exactly in the mode asking."""
    health: Health = NOTHING_TOLD
    pain_told: tuple[float, int] | None = None
    """When pain was last told of, before or after a session, and how much."""
    alarms: tuple[Alarm, ...] = ()
    """In the order of their times."""
    awake_until: float | None = None
    """After the wake phrase a command is taken until then."""
    misheard: int = 0
    stand_at: float | None = None
    """When sitting has been long enough."""
    due_since: float = 0.0
    """When the reminder that is open, or was last open, came up."""
    snoozes: int = 0
    """How often this break was put off."""
    reminders: bool = True
    sit_s: float = 1200.0
    """How long sitting may last, where the day has no length of its own."""
    sit_left_s: float | None = None
    """While nobody is there: what was left of the sitting."""
    absent_since: float | None = None
    """Since when the presence sensor has seen nobody."""
    quiet_until: float | None = None
    interrupted_at: float = -math.inf
    """When a reminder last made itself heard."""
    talked_at: float = -math.inf
    """When people were last heard talking."""
    stretches: int = 0
    """How often "stretch" was asked for, so that the next one is another one."""
    gentle: bool = False
    """The next reminder is the first after a long absence."""
    wording: Wording = Wording.COUNTED
    times: Mapping[str, int] = field(default_factory=dict)
    praises: int = 0
    """How often something was said for what was done, so that the next time it is another word."""
    timer: Timer | None = None
    timers: int = 0
    """How many were started."""
    skin_rests_until: float = -math.inf
    """Until then neither ice nor heat."""
    utterances: tuple[Utterance, ...] = ()
    spoken_count: int = 0
    last_said: str = ""
    quiet_at: float = 0.0
    pace: float = 1.0
    volume: float = 0.8
    civil_offset: float | None = None
    """Local civil seconds minus monotonic seconds, where the wall clock is known."""
    faults: tuple[tuple[Part, str], ...] = ()
    heard: str = ""
    exit_code: int | None = None
    over: bool = False
    lamp: Lamp | None = None
    """The lamp, the context and the view as they were last ordered."""
    context: Context | None = None
    view: View | None = None
    kept: Place | None = None
    """The place that was last kept, and when."""
    kept_at: float = 0.0


_NAMES = tuple(each.name for each in fields(State))
_PLACES = {name: place for place, name in enumerate(_NAMES)}
_read = attrgetter(*_NAMES)
_write = tuple(getattr(State, name).__set__ for name in _NAMES)


def changed(state: State, changes: Mapping[str, Any]) -> State:
    """`dataclasses.replace`, at a third of its price: most of the coach's time goes into it."""
    values = list(_read(state))
    for name, value in changes.items():
        values[_PLACES[name]] = value
    made = object.__new__(State)
    for write, value in zip(_write, values, strict=True):
        write(made, value)
    return made


class Turn:
    """One event being answered: the state so far and the effects so far."""

    __slots__ = ("effects", "state")

    def __init__(self, state: State) -> None:
        self.state = state
        self.effects: list[Effect] = []

    @property
    def now(self) -> float:
        return self.state.now

    @property
    def session(self) -> Session:
        """The session; only asked for in modes that have one."""
        assert self.state.session is not None
        return self.state.session

    @property
    def asking(self) -> Asking:
        """The open question; only asked for in its mode."""
        assert self.state.asking is not None
        return self.state.asking

    def set(self, **changes: Any) -> None:
        self.state = changed(self.state, changes)

    def set_session(self, **changes: Any) -> None:
        self.set(session=replace(self.session, **changes))

    def enter(self, mode: Mode, *alarms: tuple[float, Then, str]) -> None:
        """Change the mode and forget the old one's alarms. Alarms are in seconds from now."""
        due = tuple(Alarm(self.now + after_s, then, text) for after_s, then, text in alarms)
        self.set(mode=mode, since=self.now, alarms=due)

    def do(self, effect: Effect) -> None:
        self.effects.append(effect)

    def chime(self, sound: Sound) -> None:
        self.do(Chime(sound))

    def say(
        self,
        text: str,
        priority: Priority = Priority.CUE,
        within_s: float = 5.0,
        speech_s: float | None = None,
    ) -> None:
        """Speak, and remember until when the voice may take for it."""
        state = self.state
        takes_s = (estimate_s(text) if speech_s is None else speech_s) / state.pace
        number = state.spoken_count + 1
        # What waits before it takes its time too.
        behind_s = max((u.gives_up_at - self.now for u in state.utterances), default=0.0)
        gives_up_at = self.now + min(within_s, behind_s) + takes_s + GIVE_UP_S
        self.set(
            utterances=(*state.utterances, Utterance(number, gives_up_at)),
            spoken_count=number,
            last_said=text,
        )
        self.do(Say(number, text, priority, within_s))

    def hush(self) -> None:
        """Silence at once. The voice answers for what was cut as for what was said."""
        if self.state.utterances:
            self.do(Hush())

    def duck(self) -> None:
        """Make way for what somebody may be saying."""
        if self.state.utterances:
            self.do(Duck())

    def ignore(self, reason: str) -> None:
        self.do(Ignored(reason))

    def record(
        self, kind: str, name: str = "", seconds: float = 0.0, detail: str = "", **more: Any
    ) -> None:
        self.do(Record(kind, name, seconds, detail, **more))

    def time_of_day(self, at: float) -> float | None:
        """The local time of day (seconds since midnight) at a monotonic time, where it is known."""
        offset = self.state.civil_offset
        return None if offset is None else (at + offset) % 86400
