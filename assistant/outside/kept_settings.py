"""Settings that are changed from the page and kept in the configuration's file.

Decides which keys those are: what people change, and nothing that another device should have a say
in; and which of them can hold at once, as if it had been said. What a value may be, and how the
file is changed, the configuration's room decides.
"""

import tomllib
from pathlib import Path

from assistant.coach.effects import Situation
from assistant.coach.events import Command
from assistant.config import config_editing
from assistant.config.hours import DAYS
from assistant.config.keys import Config
from assistant.errors import AssistantError, ExitCode
from assistant.outside.door_protocol import Ask, Keep, Kept

KEYS = (
    *("voice.volume", "voice.rate_wpm", "reminder.on", "reminder.sit_min"),
    *("hours.on", *(f"hours.{day}" for day in DAYS), "hours.lunch", "session.floor"),
)

TODAY_S = 12 * 3600.0
"""Reminders that are switched off now: as long as the coach allows."""
AT_ONCE = ("voice.volume", "voice.rate_wpm", "reminder.on", "reminder.sit_min", "session.floor")
"""Of the others a person is told that they hold from the next start on."""


def at_once(key: str, value: str, now: Situation) -> Ask | None:
    """What to ask for, so that a value which can be used holds now; None: that can't be, or it does
    already. It is without a number."""
    if key not in AT_ONCE:
        return None
    meant = tomllib.loads(f"value = {value}")["value"]
    match key:
        case "voice.volume" if meant != now.volume:
            louder = meant > now.volume
            percent = round(100 * meant)
            return Ask(0, Command.LOUDER if louder else Command.QUIETER, value=percent)
        case "voice.rate_wpm" if meant != now.rate_wpm:
            faster = meant > now.rate_wpm
            return Ask(0, Command.FASTER if faster else Command.SLOWER, value=meant)
        case "reminder.on" if meant:
            return Ask(0, Command.REMINDERS_ON)
        case "reminder.on":
            return Ask(0, Command.REMINDERS_OFF, seconds=TODAY_S)
        case "session.floor":
            return Ask(0, Command.FLOOR if meant else Command.NO_FLOOR)
        case "reminder.sit_min":
            return Ask(0, Command.INTERVAL, seconds=60.0 * meant)
    return None


def written(config: Config, name: str) -> str:
    """A key's value as a person writes it."""
    table, _, key = name.partition(".")
    value = getattr(getattr(config, table), key)
    return value if isinstance(value, str) else config_editing.toml(value)


def keep(file: Path, wish: Keep) -> Kept:
    """Have the file say so; the answer tells why not."""
    if wish.key not in KEYS:
        return Kept(wish.number, f"{wish.key} can't be changed from here.", usable=False)
    table, _, key = wish.key.partition(".")
    try:
        config_editing.change(file, table, key, [wish.value])
    except AssistantError as error:
        if error.code == ExitCode.FILE_ACCESS:
            value = wish.value or '""'
            by_hand = f"sudo assistant config set {wish.key} {value}"
            return Kept(wish.number, f"From here it can't be written. On the machine: {by_hand}")
        return Kept(wish.number, str(error).splitlines()[0], usable=False)
    return Kept(wish.number)
