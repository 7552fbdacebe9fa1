"""What is counted of a stretch of days: the answers as plain typed values.

Decides which figures there are and how days add up to weeks and to a whole. Where they come from
is decided in `stats`, how they are told in `history_in_words` and `history_page`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

REST_DAYS = 2
"""Days in a row with nothing on them that a streak survives: a weekend."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean that can be added to."""

    total: float = 0.0
    count: int = 0

    @property
    def value(self) -> float | None:
        return self.total / self.count if self.count else None

    def __add__(self, other: "Mean") -> "Mean":
        return Mean(self.total + other.total, self.count + other.count)


@dataclass(frozen=True, slots=True)
class Tally:
    """What was done on a day, or on several."""

    sessions: int = 0
    exercise_s: float = 0.0
    """Seconds held or moved."""
    breaks_due: int = 0
    breaks_answered: int = 0
    """Of those due: stood up."""
    breaks_unasked: int = 0
    """Stood up without a reminder; not among those due."""
    before: Mean = Mean()
    """Pain, 0 to 10."""
    after: Mean = Mean()

    @property
    def breaks_taken(self) -> int:
        return self.breaks_answered + self.breaks_unasked

    @property
    def active(self) -> bool:
        """Whether the day counts for a streak."""
        return self.sessions > 0 or self.breaks_taken > 0

    def __bool__(self) -> bool:
        return self != Tally()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.sessions + other.sessions,
            self.exercise_s + other.exercise_s,
            self.breaks_due + other.breaks_due,
            self.breaks_answered + other.breaks_answered,
            self.breaks_unasked + other.breaks_unasked,
            self.before + other.before,
            self.after + other.after,
        )


@dataclass(frozen=True, slots=True)
class Exercised:
    """One exercise over a stretch of days."""

    exercise: str
    sessions: int
    seconds: float
    reps: int


@dataclass(frozen=True, slots=True)
class Streak:
    """Days with a session or a break up to today, at most `REST_DAYS` of rest between two."""

    days: int = 0
    rest_days: int = 0
    """Days of rest between them, and since the last one; 0: they were days in a row."""


@dataclass(frozen=True, slots=True)
class History:
    """All that is told and drawn about a stretch of days."""

    first: date
    last: date
    days: Mapping[date, Tally] = field(default_factory=dict)
    """Days with something on them only."""
    undated: Tally = Tally()
    """From the whole journal: what was done while the clock was certainly wrong."""
    unsure_days: int = 0
    """Days on which the clock wasn't known to be right."""
    delays: Mapping[date, list[float]] = field(default_factory=dict)
    """By day: seconds from each reminder to standing."""
    streak: Streak = Streak()
    exercises: tuple[Exercised, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.days and not self.undated

    @property
    def total(self) -> Tally:
        return total(self.days.values())

    @property
    def delay_s(self) -> float | None:
        return middle(delay for of_day in self.delays.values() for delay in of_day)

    def between(self, first: date, last: date) -> Tally:
        return total(tally for day, tally in self.days.items() if first <= day <= last)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def total(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


def weekly(history: History) -> list[tuple[date, Tally]]:
    """Every week of the stretch by its Monday, also those with nothing on them."""
    sums: dict[date, Tally] = {}
    for day, tally in history.days.items():
        sums[monday(day)] = sums.get(monday(day), Tally()) + tally
    first, last = monday(history.first), monday(history.last)
    weeks = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    return [(week, sums.get(week, Tally())) for week in weeks]


def middle(values: Iterable[float]) -> float | None:
    """The median; None of nothing."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return (ordered[half] + ordered[~half]) / 2 if ordered else None
