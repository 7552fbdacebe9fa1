"""Working days and hours: when a reminder may come at all.

Pure arithmetic on local civil time (seconds since 1970-01-01 00:00 of the local calendar).
Decides nothing about reminders.
"""

from dataclasses import dataclass

DAY_S = 86400.0
HORIZON_DAYS = 400
"""How far ahead the next working day is looked for; holidays may fill a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A week of working hours. Without days there is no time at which a reminder may not come."""

    days: tuple[tuple[tuple[float, float], ...], ...] = ()
    """Seven days, Monday first; each its spans in seconds since its midnight. A span that goes past
    midnight ends after 86,400."""
    lunch: tuple[float, float] | None = None
    """In seconds since midnight; one that goes past midnight ends after 86,400."""
    holidays: frozenset[int] = frozenset()
    """Days since 1970-01-01. A span belongs to the day on which it begins."""
    intervals: tuple[float, ...] = ()
    """Seven lengths of sitting, Monday first, in seconds; 0 means the usual one."""

    def open(self, local_s: float) -> bool:
        """Whether a reminder may come at this time."""
        if not self.days:
            return True
        today = int(local_s // DAY_S)
        for day in (today, today - 1):
            if day in self.holidays:
                continue
            time_s = local_s - day * DAY_S
            for start, end in self.days[weekday(day)]:
                if start <= time_s < end:
                    return not self._at_lunch(local_s)
        return False

    def next_open(self, local_s: float) -> float | None:
        """The first time from now on at which one may come; None: not within a year."""
        if self.open(local_s):
            return local_s
        today = int(local_s // DAY_S)
        for day in range(today - 1, today + HORIZON_DAYS):
            starts = [start for start, _ in self._spans(day)]
            if self.lunch is not None:
                starts.append(day * DAY_S + self.lunch[1])
            for start in sorted(starts):
                if start > local_s and self.open(start):
                    return start
        return None

    def interval(self, local_s: float, usual_s: float) -> float:
        """How long sitting may last on this day."""
        own = self.intervals[weekday(int(local_s // DAY_S))] if self.intervals else 0.0
        return own or usual_s

    def _spans(self, day: int) -> list[tuple[float, float]]:
        if day in self.holidays:
            return []
        midnight = day * DAY_S
        return [(midnight + start, midnight + end) for start, end in self.days[weekday(day)]]

    def _at_lunch(self, local_s: float) -> bool:
        if self.lunch is None:
            return False
        start, end = self.lunch
        time_s = local_s % DAY_S
        return start <= time_s < end or start <= time_s + DAY_S < end  # past midnight


ALWAYS = Hours()


def weekday(day: int) -> int:
    """0 is Monday; 1970-01-01 was a Thursday."""
    return (day + 3) % 7
