"""What a message from the house asks for: a topic and a text in, a wish for the coach out.

Decides which commands there are and what may stand in them. Whatever is old, kept by the broker or
not understood is refused with the reason. There is none that has something said, and none that
answers a question about the back. What becomes of a wish, the coach decides.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.coach.events import INTERVALS_S, Command
from assistant.outside.door_protocol import Ask, Somebody

PRESSED, ON, OFF = "PRESS", "ON", "OFF"
OLDEST_S = 10.0
"""A command that is older, or comes from so far ahead, isn't obeyed: it was meant for then."""
LONGEST = 1000
"""Characters."""
MEETING_S = 4 * 3600.0
"""A meeting of which another program will tell the end, but may not."""
OFF_S = 12 * 3600.0
"""Reminders that are switched off; as long as the coach allows."""
BUTTONS = {
    "pause": Command.PAUSE,
    "resume": Command.RESUME,
    "next": Command.NEXT,
    "stop": Command.STOP,
    "up": Command.UP,
    "stretch": Command.STRETCH,
}
"""By topic: what is pressed, without any value."""


class Refused(ValueError):
    """The reason, in plain words without a full stop, for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Choose:
    """From now on "start" means this routine, by its id."""

    routine: str


@dataclass(frozen=True, slots=True)
class MeetingOver:
    """The meeting has ended that was told of before."""


Wish = Ask | Somebody | Choose | MeetingOver


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, opened."""

    value: str
    id: str = ""
    """The sender's own, for the answer."""


def opened(payload: bytes, now: datetime) -> Sent:
    """The text of a message: plain, or {"value": ..., "at": ..., "id": ...}. `now` is aware.

    Raises Refused, also where "at" is too long ago."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        raise Refused("it is no text") from None
    if len(text) > LONGEST:
        raise Refused(f"it is longer than {LONGEST} characters")
    if not text.startswith("{"):
        return Sent(text.strip())
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):  # nested too deep
        raise Refused("it begins as JSON, and isn't any") from None
    if unknown := set(found) - {"value", "at", "id"}:
        raise Refused(f'it may hold "value", "at" and "id", not "{min(unknown)}"')
    if "at" in found:
        check_time(found["at"], now)
    return Sent(str(found.get("value", PRESSED)), str(found.get("id", "")))


def check_time(at: object, now: datetime) -> None:
    """Raise Refused unless the time is just now."""
    when = moment(str(at))
    if when is None or when.tzinfo is None:
        raise Refused(f'"at" is a time with its zone, such as "{now.isoformat("T", "seconds")}"')
    age_s = (now - when).total_seconds()
    if age_s > OLDEST_S:
        raise Refused(f"it is {age_s:.0f} seconds old, and was meant for then")
    if age_s < -OLDEST_S:
        raise Refused(f"it comes from {-age_s:.0f} seconds ahead: set one of the clocks")


def wish(
    key: str, value: str, number: int, *, routines: Mapping[str, str], chosen: str, now: datetime
) -> Wish:
    """What is asked for by `value` on the topic `key`. `routines`: ids by all their names in lower
    case; `chosen`: the one that "start" means. Raises Refused."""
    match key:
        case "start":
            routine = chosen if value == PRESSED else known(value, routines)
            return Ask(number, Command.START, routine=routine)
        case "routine":
            return Choose(known(value, routines))
        case "snooze":
            return Ask(number, Command.SNOOZE, seconds=None if value == PRESSED else minutes(value))
        case "reminders":
            on = switched(value)
            command = Command.REMINDERS_ON if on else Command.REMINDERS_OFF
            return Ask(number, command, seconds=None if on else OFF_S)
        case "interval":
            return Ask(number, Command.INTERVAL, seconds=interval_s(value))
        case "meeting":
            if value != PRESSED and not switched(value):
                return MeetingOver()
            return Ask(number, Command.MEETING, seconds=None if value == PRESSED else MEETING_S)
        case "quiet":
            return quiet(number, value, now)
        case "here":
            return Somebody(switched(value))
    if (command := BUTTONS.get(key, Command.WAKE)) is Command.WAKE:
        raise Refused("there is no such command")
    if value != PRESSED:
        raise Refused(f'expected "{PRESSED}"')
    return Ask(number, command)


def quiet(number: int, value: str, now: datetime) -> Ask:
    """Until a time of day, a moment, for some minutes, or no more."""
    if value == OFF:
        return Ask(number, Command.REMINDERS_ON)
    if found := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?", value):
        until_s = (int(found[1]) * 60 + int(found[2])) * 60.0
        return Ask(number, Command.QUIET, until_s=until_s, whole_day=True)
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return Ask(number, Command.QUIET, seconds=minutes(value))
    if (until := moment(value)) is None:
        raise Refused(f'expected minutes, "14:30", "{now.isoformat("T", "seconds")}" or "{OFF}"')
    try:
        # A calendar of Home Assistant gives the local time without its zone.
        seconds = (until.astimezone(now.tzinfo) - now).total_seconds()
    except (ValueError, OverflowError):  # the first or the last day that a calendar has
        raise Refused(f"{value} is too far away") from None
    if seconds <= 0:
        raise Refused(f"{value} is over")
    return Ask(number, Command.QUIET, seconds=seconds)


def moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def known(name: str, routines: Mapping[str, str]) -> str:
    try:
        return routines[name.casefold()]
    except KeyError:
        raise Refused(f'there is no routine "{name}"') from None


def switched(value: str) -> bool:
    if value not in (ON, OFF):
        raise Refused(f'expected "{ON}" or "{OFF}"')
    return value == ON


def interval_s(value: str) -> float:
    """One that the coach takes as it is: what it would change must not be told as obeyed."""
    shortest_s, longest_s = INTERVALS_S
    if not shortest_s <= (seconds := minutes(value)) <= longest_s:
        raise Refused(f"expected minutes from {shortest_s / 60:g} to {longest_s / 60:g}")
    return seconds


def minutes(value: str) -> float:
    """In seconds."""
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", value) or not float(value):
        raise Refused("expected minutes, such as 5 or 7.5")
    return float(value) * 60
