"""A week's figures of one desk, masked so that only the sum of a whole group can be read.

Decides which figures leave a desk, and how. Each two desks of a group share a secret; from it both
derive one random number for each figure of a week, which one adds and the other takes away. What a
desk sends is as good as random, whoever reads it, the broker and the office included; in the sum
over ALL of the group the masks cancel, and in no other sum. It is the pairwise masking of Bonawitz
et al., "Practical Secure Aggregation" (CCS 2017), without its recovery of those who drop out: a
group of which one desk says nothing about a week has no sum for that week. Who is in a group is
decided in `groups`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date

from assistant.office import seal

LEAST = 5
"""People in the smallest sum that is ever shown."""
_MODULUS = 2**32
_FIGURE_BYTES = 4
_WEEK = re.compile(r"(2\d{3})-W(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is summed of a week. Whole numbers from 0 to `GREATEST`."""

    breaks_due: int = 0
    breaks_taken: int = 0
    sessions: int = 0
    exercise_min: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __bool__(self) -> bool:
        return any(astuple(self))


GREATEST = 10_000
"""More of anything in one week is a fault, and is sent as this."""
_COUNT = len(fields(Figures))


@dataclass(frozen=True, slots=True)
class Group:
    """Desks that are summed together, always all of them."""

    members: Mapping[str, str]
    """Each one's id, and its public key."""
    from_week: str
    """The first week that is summed, such as "2026-W49" (ISO 8601)."""

    @property
    def ident(self) -> str:
        """The same for each member, and for no other group."""
        lines = [self.from_week, *(f"{name} {key}" for name, key in sorted(self.members.items()))]
        return hashlib.blake2b("\n".join(lines).encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Share:
    """What one desk says about one week: nothing, unless all of its group say theirs."""

    group: str
    masked: tuple[int, ...]


# --- weeks ------------------------------------------------------------------


def week_of(day: date) -> str:
    """The ISO week of a day: it begins on Monday."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def monday_of(week: str) -> date:
    """Its first day. Raises ValueError for what is no week."""
    found = _WEEK.fullmatch(week)
    if found is None:
        raise ValueError(f"{week} is no week such as 2026-W49")
    return date.fromisocalendar(int(found[1]), int(found[2]), 1)


def is_week(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(monday_of(text))
    except ValueError:
        return False


# --- masks ------------------------------------------------------------------


def share(figures: Figures, week: str, name: str, secret: str, group: Group) -> Share:
    """What the desk `name` sends about its week, with the secret key of its public one."""
    total = [min(max(0, number), GREATEST) for number in astuple(figures)]
    own = group.members[name]
    for other, key in group.members.items():
        if other == name:
            continue
        sign = 1 if own < key else -1
        for place, mask in enumerate(_masks(seal.shared_secret(secret, key), group, week)):
            total[place] += sign * mask
    return Share(group.ident, tuple(number % _MODULUS for number in total))


def _masks(secret: bytes, group: Group, week: str) -> Sequence[int]:
    made = hashlib.blake2b(
        f"{group.ident}\n{week}".encode(),
        key=secret,
        digest_size=_COUNT * _FIGURE_BYTES,
    ).digest()
    return [
        int.from_bytes(made[at : at + _FIGURE_BYTES], "big")
        for at in range(0, len(made), _FIGURE_BYTES)
    ]


def opened(group: Group, shares: Mapping[str, Share]) -> Figures | None:
    """The sum over the whole group of one week; None while anybody's share is missing, and where
    what came can't be right."""
    ours = [shares.get(name) for name in group.members]
    given = [one.masked for one in ours if one is not None and one.group == group.ident]
    if len(given) != len(group.members) or len(given) < LEAST:
        return None
    if any(len(masked) != _COUNT for masked in given):
        return None
    total = [sum(column) % _MODULUS for column in zip(*given, strict=True)]
    if any(number > GREATEST * len(given) for number in total):
        return None
    return Figures(*total)
