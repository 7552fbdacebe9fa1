"""How a key of the configuration is declared: its default, what is printed of it, its limits.

Decides nothing; which keys there are stands in `keys` and `outside_keys`.
"""

from dataclasses import field
from typing import TypeVar

T = TypeVar("T")


def key(default: T, about: str, limits: tuple[float, float] | None = None) -> T:
    """A key of the file. Typed as its value, so that a dataclass reads as a plain list of keys."""
    value: T = field(default=default, metadata={"about": about, "limits": limits})
    return value


def path(about: str) -> str:
    """A key that names a file or a folder: ~ is one's home, a relative one starts at the file."""
    value: str = field(default="", metadata={"about": about, "limits": None, "path": True})
    return value
