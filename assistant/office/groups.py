"""Who is summed with whom: so that no sum, and no difference of sums, is about fewer than five.

Decides how the office makes groups of desks, and which group a desk refuses. Three rules do it:

1. A desk is in one group at a time, so the sums of one week are about groups that don't overlap:
   any total less any of its parts is a whole group again.
2. A group never changes. It is summed for the weeks in which all of its desks were used, and ends
   when one of them leaves, changes its team, or has a new key.
3. A new group brings at least five desks that were in no group during the last year. Order the
   groups of a year by their beginnings, and take any sum of multiples of their sums: the last
   group in it brought five desks that are in none of the others, and nothing cancels these. So
   comparing weeks, as if people did the same in each, is about five people or more as well.

So who comes later waits for four others, and who is left of a group that ended waits for five new
ones. How the sums are made is decided in `sums`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import cycle

from assistant.office import seal
from assistant.office.sums import LEAST, Group, monday_of, week_of

MOST = 12
"""Desks in a group at most: the more there are, the more seldom all of them were there."""
MEMORY_WEEKS = 52
"""After so long in no group a desk counts as one that was never in any."""
SEVERAL = ""
"""The team of a group whose desks are from several teams that are too small."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a desk tells of itself, for as long as it takes part in sums."""

    key: str
    """Its public key; empty, or another one's too: it takes part in no sums."""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A group that the office made."""

    group: Group
    team: str
    """`SEVERAL`, or the team that all of it are in."""
    to_week: str = ""
    """The last week that is summed; empty: there is no end yet."""


def regroup(made: Sequence[Made], desks: Mapping[str, Desk], week: str) -> tuple[Made, ...]:
    """The groups as they are to be from the week after `week` on: those that were made, some of
    them ended, and new ones. `desks`: all that there are."""
    often = Counter(desk.key for desk in desks.values())
    summed = {
        name: desk
        for name, desk in desks.items()
        if often[desk.key] == 1 and seal.can_agree(desk.key)
    }
    looked = tuple(
        one if one.to_week or _whole(one, summed) else replace(one, to_week=week) for one in made
    )
    busy = {name for one in looked if not one.to_week for name in one.group.members}
    since = week_of(monday_of(week) - timedelta(weeks=MEMORY_WEEKS))
    known = {name for one in looked if (one.to_week or week) >= since for name in one.group.members}
    waiting = sorted(name for name in summed if name not in busy)
    begins = week_of(monday_of(week) + timedelta(weeks=1))
    new = [
        Made(Group({name: summed[name].key for name in names}, begins), team)
        for team, there in _by_team(waiting, desks).items()
        for names in _split(there, known)
    ]
    return (*looked, *new)


def _whole(made: Made, summed: Mapping[str, Desk]) -> bool:
    return all(
        name in summed and summed[name].key == key and made.team in (SEVERAL, summed[name].team)
        for name, key in made.group.members.items()
    )


def _by_team(waiting: Iterable[str], desks: Mapping[str, Desk]) -> dict[str, list[str]]:
    """Those of a team too small to be ever summed wait together with those of the others."""
    sizes: dict[str, int] = {}
    for desk in desks.values():
        sizes[desk.team] = sizes.get(desk.team, 0) + 1
    found: dict[str, list[str]] = {}
    for name in waiting:
        team = desks[name].team
        found.setdefault(team if sizes[team] >= LEAST else SEVERAL, []).append(name)
    return found


def _split(waiting: Sequence[str], known: Iterable[str]) -> list[list[str]]:
    """As many groups as there can be, each with at least five that were in none."""
    seen = set(known)
    fresh = [name for name in waiting if name not in seen]
    count = len(fresh) // LEAST
    groups: list[list[str]] = [fresh[index::count] for index in range(count)]
    riders = [name for name in waiting if name in seen]
    for group, rider in zip(cycle(groups), riders, strict=False):
        if len(group) == MOST:
            break
        group.append(rider)
    return groups


def refusal(group: Group, name: str, key: str, former: Iterable[Group], from_week: str) -> str:
    """Why the desk `name` will not be summed in this group; empty: it will.

    `former`: the groups that it was in during the last year, this one not among them; `from_week`:
    the first week of which it has told nothing yet.
    """
    members = group.members
    if members.get(name) != key:
        return "this desk isn't in it, or not with its key"
    if len(set(members.values())) < LEAST or not all(map(seal.can_agree, members.values())):
        return f"there are fewer than {LEAST} desks in it, or one has no key that can be used"
    if len(set(members.values())) != len(members):
        return "one key stands for several desks in it"
    if group.from_week < from_week:
        return "it begins with a week that this desk has told of already"
    before = list(former)
    names = {one for old in before for one in old.members}
    keys = {one for old in before for one in old.members.values()}
    new = [one for one, own in members.items() if one not in names and own not in keys]
    if before and len(new) < LEAST:
        return f"fewer than {LEAST} of its desks are new beside those of an earlier group"
    return ""
