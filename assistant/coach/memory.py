"""What outlives the program: what a person has asked for, the plan, and what was asked already.

Decides nothing: what the coach orders to be remembered, and is told at its start. What counts as
one change is `remembering`'s.
"""

from dataclasses import dataclass
from enum import StrEnum

GUEST = "guest"
"""The id of whoever isn't known: nothing is kept of them."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A value that was asked for, and the configured one that it was asked instead of: whoever
    changes the configuration afterwards means that."""

    value: float
    configured: float


@dataclass(frozen=True, slots=True)
class Week:
    """A plan: what each day is for, and when it is asked for."""

    days: tuple[str, ...]
    """Seven, Monday first: an `Aim`, or a routine's id."""
    at_s: float
    """Seconds since midnight."""


class Aim(StrEnum):
    """What a day of the plan is for."""

    REST = ""
    NEXT = "exercises"
    """Whatever is next: by what was done, how it felt, and how the back is."""
    STRENGTH = "strength"
    MOBILITY = "mobility"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person has asked for and hasn't taken back; None: as configured."""

    pace: Wish | None = None
    volume: Wish | None = None
    chimes: Wish | None = None
    """1 or 0: whether short sounds are played."""
    metronome: Wish | None = None
    """1 or 0: whether repetitions are ticked along."""
    sit_s: Wish | None = None
    quiet_until_s: float | None = None
    """No reminders until then, in local civil seconds."""
    week: Week | None = None
    days_goal: int | None = None
    """On how many days of a week one would like to exercise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What outlives the program, until it is changed again. Days are since 1970-01-01."""

    wanted: Wanted = Wanted()
    before: Wanted | None = None
    """As it was before the last change; None: there was none."""
    asked_day: int = 0
    """The last day on which the plan has had its answer, or was left alone at last."""
    plan_day: int = 0
    """The day on which the plan that was offered was taken; 0: none was, or its first weeks have
    been told."""
    moved_to: int = 0
    """The day to which a session of the plan was put off."""
    offered: bool = False
    """Whether a plan has been offered."""
    morning_day: int = 0
    """The last day of exercise of which it was asked how the back was afterwards."""
    told_day: int = 0
    """The last day on which the week was looked back on unasked."""
    step: int = 0
    """Which of the strengthening routines one has come to."""
    step_day: int = 0
    """The day on which that was decided last."""


TRAINED_FROM_S = 240.0


@dataclass(frozen=True, slots=True)
class Trained:
    """A session that was long enough to count (`TRAINED_FROM_S`), or hurt, and what came of it."""

    day: int
    """Local date: days since 1970-01-01."""
    routine: str
    exercises: tuple[str, ...]
    """The ids of those that were done to their end, or hurt."""
    how: str
    """done, stopped, hurt; worse: it hurt more afterwards."""
    easy: bool | None = None
    """Whether it was said to be easy; None: not asked, or not answered."""
    after: int | None = None
    """How the back was the next morning: -1 worse, 0 the same, 1 better; None: nobody said."""
    short: bool = False
    """Not long enough to count as exercise: what came of it counts all the same."""
