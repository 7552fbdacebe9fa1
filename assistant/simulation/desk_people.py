"""Simulated people: when they sit, talk, leave and sleep, and how they answer a reminder.

Decides what a person does, by chance from one seeded generator and by nothing else than what the
assistant lets people see and hear. What the assistant does about it is the coach's.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from random import Random

from assistant.coach.effects import Lamp
from assistant.coach.events import Asked, Command, Source
from assistant.coach.working_hours import DAY_S, Hours, weekday

HOUR_S = 3600.0
_EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY = date(2026, 1, 5).toordinal() - _EPOCH
"""Days since 1970-01-01 of the first simulated day, a Monday."""
WEEKDAYS = (0, 1, 2, 3, 4)
YEARS_S = 5 * 365.25 * DAY_S


class What(StrEnum):
    """What happens around the assistant."""

    COME = "come"
    SIT = "sit"
    """Sit down again after standing."""
    GO = "go"
    LUNCH = "lunch"
    MEETING = "meeting"
    TALK = "talk"
    """People talk for `seconds` on end."""
    WHIM = "whim"
    SUSPEND = "suspend"
    CUT = "cut"
    START = "start"
    """The power is back."""
    LOOK = "look"
    """A sensor tells who is there, the machine having slept."""
    SET_CLOCK = "set_clock"


@dataclass(frozen=True, slots=True, order=True)
class Happening:
    """Something at a time; `at` is in seconds of local civil time."""

    at: float
    what: What
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """A kind of person. Chances are from 0 to 1, numbers are for each working day."""

    about: str
    days: tuple[int, ...] = WEEKDAYS
    start_h: float = 9.0
    end_h: float = 17.5
    """Past midnight it is more than 24."""
    hours: tuple[float, float] | None = (9.0, 18.0)
    """The working hours that are configured."""
    lunch_h: float = 12.5
    stands: float = 1.0
    stretches: float = 0.0
    snoozes: float = 0.0
    skips: float = 0.0
    """What none of these four takes is left unanswered."""
    gives_in: float = 1.0
    """The chance of standing when there is no snooze left."""
    delay_s: tuple[float, float] = (3.0, 60.0)
    talks: int = 2
    meetings: int = 0
    declares: float = 1.0
    """The chance that a meeting, lunch or leaving is said."""
    errands: int = 1
    whims: int = 0
    leave_days: float = 0.0
    """The chance of a day that is not worked at all."""
    sensor: bool = False
    sleeps: bool = False
    """The machine is suspended when nobody works."""
    faults: float = 0.0
    """The chance of each: a power cut, a clock that is set, a short suspend."""

    def working_hours(self) -> Hours:
        if self.hours is None:
            return Hours()
        start, end = (hour * HOUR_S for hour in self.hours)
        return Hours(days=tuple(((start, end),) if day in self.days else () for day in range(7)))


PEOPLE = {
    "diligent": Habits(about="stands up each time, within a minute", stands=0.95, stretches=0.05),
    "ignoring": Habits(about="never answers and declares nothing", stands=0.0, declares=0.0),
    "meeting-heavy": Habits(
        about="sits in meetings half the day and says so half the time",
        stands=0.6,
        snoozes=0.2,
        skips=0.1,
        talks=4,
        meetings=4,
        declares=0.5,
        delay_s=(5.0, 180.0),
    ),
    "night-shift": Habits(
        about="works from ten at night until six",
        start_h=22.0,
        end_h=29.5,
        hours=(22.0, 30.0),
        lunch_h=25.5,
        stands=0.8,
        snoozes=0.1,
        faults=0.02,
    ),
    "chaotic": Habits(
        about="comes and goes, asks for anything, with a machine that fails",
        days=tuple(range(7)),
        start_h=10.0,
        end_h=19.0,
        hours=None,
        stands=0.4,
        stretches=0.05,
        snoozes=0.2,
        skips=0.1,
        gives_in=0.5,
        delay_s=(1.0, 400.0),
        talks=5,
        meetings=1,
        declares=0.4,
        errands=6,
        whims=5,
        leave_days=0.05,
        sleeps=True,
        faults=0.5,
    ),
    "away": Habits(
        about="is often gone, and a sensor sees it",
        hours=None,
        stands=0.5,
        errands=10,
        declares=0.2,
        leave_days=0.2,
        sensor=True,
    ),
    "snoozer": Habits(
        about="puts it off for as long as it lasts",
        stands=0.0,
        snoozes=1.0,
        gives_in=0.7,
        delay_s=(2.0, 30.0),
    ),
}


@lru_cache(maxsize=16)
def summer_time(year: int) -> tuple[float, float]:
    """From when to when clocks show an hour more, in standard time, as in most of Europe."""

    def last_sunday(month: int) -> float:
        last = date(year, month, 31).toordinal()
        return (last - last % 7 - _EPOCH) * DAY_S + 2 * HOUR_S

    return last_sunday(3), last_sunday(10)


def year_of(at: float) -> int:
    return date.fromordinal(int(at // DAY_S) + _EPOCH).year


def summer_s(at: float) -> float:
    start, end = summer_time(year_of(at))
    return HOUR_S if start <= at < end else 0.0


@dataclass
class Person:
    """Where somebody is, and what they see."""

    here: bool = False
    sat_since: float | None = None
    """None: on their feet."""
    lamp: Lamp | None = None

    def come(self, at: float) -> None:
        self.here, self.sat_since = True, at

    def stand(self, at: float) -> float:
        """Get up; how long they had been sitting."""
        sat_s = 0.0 if self.sat_since is None else at - self.sat_since
        self.sat_since = None
        return sat_s

    def go(self, at: float) -> float:
        self.here = False
        return self.stand(at)


def day(habits: Habits, number: int, chance: Random) -> Iterator[Happening]:
    """All that happens on one day, in no order."""
    midnight = (FIRST_DAY + number) * DAY_S
    start = midnight + habits.start_h * HOUR_S + chance.uniform(0, 900)
    end = midnight + habits.end_h * HOUR_S + chance.uniform(-1800, 1500)
    works = weekday(FIRST_DAY + number) in habits.days and chance.random() >= habits.leave_days
    if habits.sleeps:
        yield Happening(midnight + (habits.end_h + 0.6) * HOUR_S, What.SUSPEND, _night_s(habits))
    if not works:
        return
    yield Happening(start, What.COME)
    yield Happening(end, What.GO)
    lunch = midnight + habits.lunch_h * HOUR_S + chance.uniform(-900, 900)
    lunch_s = chance.uniform(1200, 3600)
    yield Happening(lunch, What.LUNCH)
    yield Happening(lunch + lunch_s, What.COME)
    for _ in range(habits.errands):
        gone = chance.uniform(start, end - 1200)
        yield Happening(gone, What.GO)
        yield Happening(gone + chance.choice((60.0, 150.0, 600.0, 1100.0)), What.COME)
    for _ in range(habits.talks):
        spell_s = min(900.0, 30.0 * math.exp(chance.gauss(1.0, 1.0)))
        yield Happening(chance.uniform(start, end), What.TALK, spell_s)
    for _ in range(habits.meetings):
        begins = chance.uniform(start, end - HOUR_S)
        lasts_s = chance.choice((900.0, 1800.0, 3600.0))
        yield Happening(begins, What.MEETING, lasts_s)
        yield from _conversation(begins, lasts_s, chance)
    for _ in range(habits.whims):
        yield Happening(chance.uniform(start, end), What.WHIM)
    for what in (What.CUT, What.SET_CLOCK, What.SUSPEND):
        if chance.random() < habits.faults:
            seconds = {
                What.CUT: chance.uniform(15, 300),
                What.SET_CLOCK: chance.choice((-YEARS_S, -HOUR_S, -1.5, 1.5, HOUR_S, YEARS_S)),
                What.SUSPEND: chance.choice((5.0, 100.0, 1800.0)),
            }[what]
            yield Happening(chance.uniform(start, end), what, seconds)


def _night_s(habits: Habits) -> float:
    """From when the machine is put to sleep to an hour before work."""
    return (24.0 - (habits.end_h + 0.6) + habits.start_h - 1.0) * HOUR_S


def _conversation(begins: float, lasts_s: float, chance: Random) -> Iterator[Happening]:
    """People talk in turns, with pauses that are mostly short."""
    at = begins
    while at < begins + lasts_s:
        spell_s = chance.uniform(20, 200)
        yield Happening(at, What.TALK, spell_s)
        at += spell_s + chance.choice((2.0, 8.0, 15.0, 45.0))


def answer(habits: Habits, chance: Random) -> Asked | None:
    """How somebody answers a reminder; None: not at all."""
    lot = chance.random()
    source = chance.choice((Source.VOICE, Source.BUTTON))
    for share, command in (
        (habits.stands, Command.UP if source is Source.VOICE else Command.PRESS),
        (habits.snoozes, Command.SNOOZE),
        (habits.stretches, Command.STRETCH),
        (habits.skips, Command.NEXT),
    ):
        if lot < share:
            seconds = chance.choice((None, 120.0, 600.0)) if command is Command.SNOOZE else None
            return Asked(command, source, seconds=seconds)
        lot -= share
    return None


WHIMS = (
    Command.QUIET, Command.MEETING, Command.REMINDERS_OFF, Command.REMINDERS_ON, Command.STOOD,
    Command.INTERVAL, Command.NEXT_BREAK, Command.START, Command.STOP, Command.LEAVING,
    Command.RETURNED, Command.SNOOZE, Command.UP, Command.HELP, Command.WAKE, Command.LUNCH,
)  # fmt: skip


def whim(chance: Random) -> Asked:
    """Something that somebody asks for, for whatever reason."""
    seconds = chance.choice((None, 60.0, 900.0, 3600.0, 9000.0))
    return Asked(chance.choice(WHIMS), chance.choice((Source.VOICE, Source.TYPED)), seconds=seconds)
