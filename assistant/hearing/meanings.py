"""What a sentence can mean: the slots of its template, and the command that they make.

Decides what the slots of a template may be called, and what each of them says of a command. Which
sentences there are stands in the templates, which `templates` reads.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from assistant.coach.events import Asked, Command, Source

SECONDS_IN = {
    "seconds": 1.0,
    "typed_seconds": 1.0,
    "minutes": 60.0,
    "long_minutes": 60.0,
    "typed_minutes": 60.0,
    "more_typed_minutes": 60.0,
    "typed_length": 60.0,
    "hours": 3600.0,
    "interval_hours": 3600.0,
}
DAY_HOURS = ("day_hour", "afternoon_hour", "typed_hour", "end_of_day")
"""Hours of the 24; those of a clock face are "clock_hour"."""
CLOCK_MINUTES = ("clock_minutes", "typed_clock_minutes", "minutes_past", "minutes_to")
VALUES = ("score", "goal_days", "in_days")
WEEKDAYS = ("weekday", "other_weekday")
SLOTS = (
    *("routine", *SECONDS_IN, "clock_hour", *DAY_HOURS[1:], *CLOCK_MINUTES, "score"),
    *("aim", "goal_days", *WEEKDAYS, "in_days", "half_day", "said_half_day"),
    *("person", "body_part"),
)
"""The lists that a sentence may name."""
FIXED = (
    *SECONDS_IN,
    "planned",
    "clock_hour",
    "day_hour",
    "half_day",
    "clock_minutes",
    "score",
    "every_day",
    "in_days",
    "okay",
    "pain",
    "hurts",
)
"""What a block of sentences may always mean. `half_day`: 0 or 12, added to the `clock_hour`, or 24
for the evening, which ends with twelve; `every_day`: 1; `in_days`: 0 today, 1 tomorrow. `planned`:
1, what the plan has for today. `okay`: 1, a yes that takes no red flag back. `pain`: 1, the
sentence says of what its number is; `hurts`: 1, and that it hurts now."""
HALF_DAY_H = 12
EVENING_H = 4
"""From this hour on it is an evening's; the ones before are of the night after it."""
HOUR_S = 3600.0

Meaning: TypeAlias = tuple[Command, Mapping[str, Any]]
"""What a sentence asks for, and what fills the slots of its template."""
Names: TypeAlias = dict[str, list[tuple[str, str]]]
"""By the list's name in the templates ("routine", "person"): what is said, and whose id it is."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """All that can be said without a wake phrase."""

    meant: dict[str, dict[str, Meaning]]
    """By situation, every phrase."""
    content: dict[str, Any]
    """The templates of it, as they were read and tidied up."""
    own_problem: str = ""
    """Why a person's own sentences are left out; empty: they aren't."""


def plain(text: str) -> str:
    """Lower case, single spaces, no punctuation but the apostrophe, hyphens as spaces."""
    kept = re.sub(r"[^\w' ]+", " ", text.lower().replace("’", "'"))
    return " ".join(kept.split())


def asked_for(command: Command, slots: Mapping[str, Any], text: str, source: Source) -> Asked:
    """The command, with what its slots say: `text` is all that was said."""
    lengths = [float(slots[name]) * s for name, s in SECONDS_IN.items() if name in slots]
    until_s, whole_day = _clock_time(slots)
    return Asked(
        command,
        source,
        routine=slots.get("routine", slots.get("body_part")),
        person=slots.get("person", ""),
        seconds=sum(lengths) if lengths else None,
        until_s=until_s,
        whole_day=whole_day,
        value=next((int(slots[name]) for name in VALUES if name in slots), None),
        text=text,
        aim="exercises" if "planned" in slots else str(slots.get("aim", "")),
        days=_days(slots),
        plainly="okay" not in slots,
        tells=frozenset({"pain", "hurts"} & slots.keys()),
    )


def _days(slots: Mapping[str, Any]) -> tuple[int, ...]:
    """Days of the week, Monday is 0."""
    if "every_day" in slots:
        return tuple(range(7))
    return tuple(sorted({int(slots[name]) for name in WEEKDAYS if name in slots}))


def _clock_time(slots: Mapping[str, Any]) -> tuple[float | None, bool]:
    """Seconds since midnight, and whether they are of the whole day: "until two" may be either
    half's, "until two in the afternoon" and "until 14:30" may not. What an evening has after
    midnight ("tonight at one") is counted on from 24 hours."""
    past_s = sum(60 * float(slots[name]) for name in CLOCK_MINUTES if name in slots)
    of_day = [int(slots[name]) for name in DAY_HOURS if name in slots]
    if of_day:
        [hour] = of_day
        whole_day = "typed_hour" not in slots or hour == 0 or hour > HALF_DAY_H
        return HOUR_S * (hour if whole_day else hour % HALF_DAY_H) + past_s, whole_day
    if "clock_hour" not in slots:
        return None, False
    hour, half_day = int(slots["clock_hour"]), int(slots.get("half_day", 0))
    if half_day > HALF_DAY_H:
        half_day = HALF_DAY_H if hour >= EVENING_H else 2 * HALF_DAY_H
    else:
        hour %= HALF_DAY_H
    time_s = HOUR_S * (hour + half_day) + past_s
    return time_s if half_day else time_s % (HOUR_S * HALF_DAY_H), "half_day" in slots
