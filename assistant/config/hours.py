"""Working hours and days off as a person writes them, as plain numbers.

Decides what "9:00-12:00 13:00-17:00" and "2026-12-24" mean, and how to mend what means nothing.
It reads no clock: which of them holds now is the coach's to say.
"""

import re
from datetime import date

from assistant.config.keys import Config

Span = tuple[int, int]
"""From and to, in seconds since the midnight that the day began with; past midnight `to` is
greater than `DAY_S`."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_S = 86400

_SPAN = re.compile(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)", re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d\d))?\s*([ap]m)?", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIRST_DAY = date(1970, 1, 1).toordinal()


def spans(text: str) -> tuple[Span, ...]:
    """The spans of one day, earliest first. Raises ValueError saying what is wrong with which."""
    found: list[Span] = []
    for word in text.split():
        one = _span(word)
        if found and one[0] < found[-1][1]:
            raise ValueError(f"{word} begins before the one in front of it has ended")
        found.append(one)
    return tuple(found)


def _span(word: str) -> Span:
    match = _SPAN.fullmatch(word)
    if match is None:
        raise ValueError(f"{word} is no time from and to")
    hour, minute, to_hour, to_minute = map(int, match.groups())
    from_s, to_s = (hour * 60 + minute) * 60, (to_hour * 60 + to_minute) * 60
    if from_s >= DAY_S or to_s > DAY_S:
        raise ValueError(f"{word} has a time that no clock shows")
    if from_s == to_s:
        raise ValueError(f"{word} ends when it begins")
    return from_s, to_s if to_s > from_s else to_s + DAY_S


def day_number(text: str) -> int:
    """Days from 1970-01-01 to a date such as 2026-12-24. Raises ValueError for anything else."""
    if not _DATE.fullmatch(text):
        raise ValueError(f"{text} is no date")
    return date.fromisoformat(text).toordinal() - _FIRST_DAY


def time_of_day(text: str) -> int:
    """A time such as 18:30, in seconds since midnight. Raises ValueError for anything else."""
    match = re.fullmatch(r"(\d{1,2}):([0-5]\d)", text, re.ASCII)
    if match is None or int(match[1]) > 23:
        raise ValueError(f"{text} is no time")
    return (int(match[1]) * 60 + int(match[2])) * 60


def guess_time(text: str) -> str:
    """The time that was most likely meant, written as it should be; empty when unclear."""
    times = [_clock_time(*match.groups()) for match in _TIME.finditer(text)]
    try:
        [one] = times
        time_of_day(one)
    except ValueError:
        return ""
    return one


def guess(text: str) -> str:
    """The hours that were most likely meant, written as they should be; empty when unclear."""
    times = [_clock_time(*match.groups()) for match in _TIME.finditer(text)]
    pairs = zip(times[::2], times[1::2], strict=False)
    written = " ".join(f"{begin}-{end}" for begin, end in pairs)
    try:
        spans(written)
    except ValueError:
        return ""
    return "" if len(times) % 2 else written


def _clock_time(hour: str, minute: str | None, half: str | None) -> str:
    number = int(hour)
    if half and 1 <= number <= 12:
        number = number % 12 + (12 if half.lower() == "pm" else 0)
    return f"{number}:{minute or '00'}"


# --- of a whole configuration -----------------------------------------------


def week(config: Config) -> tuple[tuple[Span, ...], ...]:
    """The working hours of the seven days, Monday first."""
    return tuple(spans(getattr(config.hours, day)) for day in DAYS)


def lunch(config: Config) -> Span | None:
    return next(iter(spans(config.hours.lunch)), None)


def night(config: Config) -> Span | None:
    return next(iter(spans(config.voice.night)), None)


def holidays(config: Config) -> frozenset[int]:
    """Days off, as days since 1970-01-01."""
    return frozenset(map(day_number, config.hours.holidays))


def intervals(config: Config) -> tuple[float, ...]:
    """Seconds of sitting on each of the seven days, Monday first; 0: the usual ones."""
    return tuple(getattr(config.intervals, day) * 60 for day in DAYS)


def plan(config: Config) -> tuple[tuple[str, ...], float] | None:
    """What the seven days are for, Monday first, and when it is asked for (seconds since midnight);
    None: nothing is planned."""
    days = tuple(getattr(config.plan, day) for day in DAYS)
    return (days, float(time_of_day(config.plan.time))) if any(days) else None
