"""Hours and intervals that an office suggests: what it may say, and what that means.

Decides which keys of a desk's configuration an office may speak of at all. Whether their values can
be is checked where they are taken over; that they are is for the person at the desk alone.
"""

import tomllib
from collections.abc import Mapping

MAY = {
    "hours": None,
    "intervals": None,
    "reminder": frozenset({"sit_min", "up_min", "snooze_min"}),
}
"""By table, the keys; None: all of them."""


def suggested(text: str) -> list[tuple[str, str, object]]:
    """Table, key and value of all that is suggested; what an office may not speak of is left
    out."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError):
        return []
    return [
        (table, key, value)
        for table, keys in data.items()
        if table in MAY and isinstance(keys, Mapping)
        for key, value in keys.items()
        if (allowed := MAY[table]) is None or key in allowed
    ]


def forbidden(text: str) -> list[str]:
    """The keys that an office may not speak of. Raises ValueError for what is no TOML."""
    data = tomllib.loads(text)
    known = {(table, key) for table, key, _ in suggested(text)}
    return [
        f"{table}.{key}"
        for table, keys in data.items()
        for key in (keys if isinstance(keys, Mapping) else [""])
        if (table, key) not in known
    ]
