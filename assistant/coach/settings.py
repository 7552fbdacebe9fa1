"""What the coach is told once, at the start.

Decides nothing and has no defaults of its own: what can be configured stands, with its default, in
the configuration alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.coach.effects import Remembered, Week
from assistant.coach.events import Health, Trained
from assistant.coach.working_hours import Hours
from assistant.content.types import Exercise, Plan, Routine, Wording

NOTHING_TOLD = Health()
NOTHING_WANTED = Remembered()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The configuration, the library and what the journal knows, as the coach needs them."""

    plans: Mapping[str, Plan]
    routines: Mapping[str, Routine] = field(default_factory=dict)
    """What the plans were made of, so that they can be fitted to a person and a day."""
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
    gentle: str
    """The routine that is offered instead when it hurts."""
    screening: bool
    """Whether the safety questions come before the first longer routine."""
    ask_pain: bool
    """Whether it asks before and after longer routines how the back is."""
    spared_until_s: float
    """Until this time of day (seconds since midnight) nothing bends the back forward."""
    health: Health = NOTHING_TOLD
    remembered: Remembered = NOTHING_WANTED
    """What was asked for before the program last ended."""
    trained: tuple[Trained, ...] = ()
    """The sessions of the last months, the oldest first."""
    week: Week | None = None
    """The plan that is configured."""
    offers_plan: bool = False
    """Whether a plan is offered after the first session."""
    mobility: str = ""
    """The routine of a day for mobility."""
    beside_mobility: tuple[str, ...] = ()
    """In turn with it, once it is familiar."""
    strength: str = ""
    """The first routine of a day for strength; those whose names continue it are the next steps."""
    floor: bool = True
    """Whether somebody gets down to the floor, until they say otherwise."""
    upright: Mapping[str, str] = field(default_factory=dict)
    """By a routine what takes its place for whoever doesn't."""
    instead: tuple[str, ...] = ()
    """What takes the place of a routine of which most doesn't suit somebody."""
    asks_after: bool = False
    """Whether it asks after strength if it was easy, and the next day how the back is."""
    looks_back: bool = False
    """Whether it tells of the week on Sunday evening."""
    people: Mapping[str, str] = field(default_factory=dict)
    """By their id what those are called who exercise here; empty: nobody is told apart."""
    owner: str = ""
    """Whose desk it is, by their id."""
    person: str = ""
    """Who is there at the start: an id, or `GUEST`; empty where nobody is told apart."""
    stranger: str = ""
    """Who somebody is taken for who hasn't said who they are: an id, or `GUEST`."""
    forget_s: float = 0.0
    """So long after the last routine, or after they said so, somebody is taken to be who they said.
    """
    spoken_names: tuple[str, ...] = ()
    """What routines are called aloud, in the order in which they are listed."""
    routine: str
    """What a press starts."""
    wake: str
    reminders: bool
    sit_s: float
    up_s: float
    snooze_s: float
    snoozes: int
    """How often one break may be put off."""
    courtesy_s: float
    """How long a reminder waits for people to stop talking, at most."""
    gap_s: float
    """The least time between two interruptions."""
    hours: Hours
    stretch: str
    """The routine that "stretch" leads."""
    wording: Wording
    """How much is told of an exercise, until something else is asked for."""
    times: Mapping[str, int] = field(default_factory=dict)
    """How often each exercise (by its id) was done to its end lately; none: never."""
    volume: float
    rate_wpm: float = 155.0
    """Words a minute at a pace of 1."""
    chimes: bool = True
    """Whether short sounds are played; without them the voice and the lamp tell all of it."""
    metronome: bool = False
    """Whether repetitions are ticked along."""
    night: tuple[float, float] | None = None
    """From and to, in seconds since midnight (`to` may be past the next one); None: never."""
    night_volume: float = 1.0
    """How much of the volume is left at night."""
    welcome: bool = False
    """Whether it is somebody's first start, and they are to be told how this works."""
    welcomes: bool = False
    """Whether anybody is ever told how this works without asking for it."""
    button: bool = False
    """Whether there is a button that can be tried."""
    once: bool = False
    """End the program when the first session has ended."""
    keeps: bool = False
    """Whether there is a journal that keeps the place through a power cut."""
    page: bool = False
    """Whether there is a page for phones, which a code lets in to."""
