"""Settings that are changed from the page and kept in the configuration's file.

Decides which keys those are: what people change, and nothing that another device should have a say
in. What a value may be, and how the file is changed, the configuration's room decides.
"""

from pathlib import Path

from assistant.config import text
from assistant.config.hours import DAYS
from assistant.config.keys import Config
from assistant.errors import AssistantError, ExitCode
from assistant.outside.door_protocol import Keep, Kept

KEYS = (
    *("voice.volume", "voice.rate_wpm", "reminder.on", "reminder.sit_min"),
    *("hours.on", *(f"hours.{day}" for day in DAYS), "hours.lunch"),
)


def written(config: Config, name: str) -> str:
    """A key's value as a person writes it."""
    table, _, key = name.partition(".")
    value = getattr(getattr(config, table), key)
    return value if isinstance(value, str) else text.toml(value)


def keep(file: Path, wish: Keep) -> Kept:
    """Have the file say so; the answer tells why not."""
    if wish.key not in KEYS:
        return Kept(wish.number, f"{wish.key} can't be changed from here.")
    table, _, key = wish.key.partition(".")
    try:
        text.change(file, table, key, [wish.value])
    except AssistantError as error:
        if error.code == ExitCode.FILE_ACCESS:
            value = wish.value or '""'
            by_hand = f"sudo assistant config set {wish.key} {value}"
            return Kept(wish.number, f"From here it can't be written. On the machine: {by_hand}")
        return Kept(wish.number, str(error).splitlines()[0])
    return Kept(wish.number)
