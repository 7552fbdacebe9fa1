"""What outlives the program: what a person has asked for, told and done, and was asked already.

Decides nothing but whether a wish still holds: what the coach orders to be remembered, and is told
at its start. What counts as one change is `lasting_wishes`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

GUEST = "guest"
"""The id of whoever isn't known: nothing is kept of them."""
INTERVALS_S = (300.0, 7200.0)
"""How often a reminder to stand up may be wanted: the shortest and the longest interval."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A value that was asked for, and the configured one that it was asked instead of: whoever
    changes the configuration afterwards means that."""

    value: float
    configured: float


def holds(wish: Wish | None, configured: float, otherwise: float | None = None) -> float:
    """What holds: the wish, unless the configuration was changed since; then what is configured, or
    what that comes to."""
    if wish is not None and wish.configured == configured:
        return wish.value
    return configured if otherwise is None else otherwise


@dataclass(frozen=True, slots=True)
class Week:
    """A plan: what each day is for, and when it is asked for."""

    days: tuple[str, ...]
    """Seven, Monday first: an `Aim`, or a routine's id."""
    at_s: float
    """Seconds since midnight."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Exercises on one day at a time of their own."""

    day: int
    """Local date: days since 1970-01-01."""
    at_s: float
    """Seconds since midnight."""
    instead_of: int = 0
    """The day whose exercises these are, if it isn't that one; 0: it is, or they are some more."""


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
    week_instead_of: Week | None = None
    """The configured plan that it was asked instead of, one without a day where there was none;
    None: nobody knows. Whoever changes the configuration afterwards means that."""
    moved: Moved | None = None
    days_goal: int | None = None
    """On how many days of a week one would like to exercise."""
    floor: Wish | None = None
    """1 or 0: whether one gets down to the floor. 0 holds whatever is configured since."""
    no_floor_day: int | None = None
    """The day (since 1970-01-01) on which one doesn't, whatever else is said of it; 0: today, of
    which nobody knows the date yet."""


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
    twice_day: int = 0
    """The day on which it was answered whether strength is to be twice a week; 0: never asked."""
    offered: bool = False
    """Whether a plan has been offered."""
    told_why: str = ""
    """Why the plan has something else than it would have, as it was heard last; empty: it hadn't.
    """
    morning_day: int = 0
    """The last day of exercise of which it was asked how the back was afterwards."""
    told_day: int = 0
    """The last day on which the week was looked back on unasked."""
    step: int = 0
    """Which of the strengthening routines one has come to."""
    step_day: int = 0
    """The day on which that was decided last."""
    refused: int = 0
    """How often in a row something harder was refused."""
    refused_day: int = 0
    """The day on which that was last."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A session that was long enough to count as exercise, or hurt, and what came of it."""

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
    told: bool = False
    """Whether it is one of `Health.ended`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a person has told of their back: the journal's word at the start, then the coach's."""

    unknown: bool = False
    """What was told before can't be read (a locked or damaged journal): anything may have been."""
    screened: bool = False
    """The safety questions have been gone through."""
    screened_days: int | None = None
    """How many days ago that was, at the start; None: never, or that isn't known."""
    answered: frozenset[str] | None = None
    """Which of them have an answer; None: all that there are, once they have been gone through."""
    yes: frozenset[str] = frozenset()
    """Which of them were last answered with yes."""
    pain: int | None = None
    """The answer before the session that is led, or is about to be; at the start what was told
    last, before or after a session, if it still counts. A session that was stopped for pain counts
    as 6, or as what was told before it if that is more. None: not asked, or not told."""
    pain_age_s: float | None = None
    """How long before the start `pain` was told; None: not known, so it may have been just now."""
    pains: tuple[tuple[int, int], ...] = ()
    """The answers before sessions of the last months, oldest first: the day (since 1970-01-01) and
    how much."""
    unsaid: bool = False
    """At the start: `pain` was no number, but "that hurts" outside a session."""
    dizzy_age_s: float | None = None
    """How long before the start they last said that they are dizzy; None: not lately."""
    before: int | None = None
    """At the start, of a session that goes on: the number that the one after is measured by."""
    ended: tuple[bool, ...] = ()
    """How the last sessions ended of which that is known, the oldest first, as far back as it
    matters. True: with more pain than before, stopped for it, or worse the next morning; False:
    with no more, and long enough to count."""
    told: frozenset[str] = frozenset()
    """What is said only once, and has been: "two weeks", "three months"."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """By an exercise's id: -1 where the easier neighbour takes its place, 1 the harder one."""
    good: Mapping[str, int] = field(default_factory=dict)
    """By an exercise's id: how many sessions in a row it was done to its end, without trouble,
    since its level last changed."""
