"""What the office sees: who is there, what has arrived, and the sums of the weeks.

Decides what of the desks' messages is shown, and to how many people each number belongs. A number
is about five desks or more, and so is what is left when any of the others are taken away from
it; but whoever chose a name is shown by it, and is counted nowhere else. How it is drawn is
decided in `wallboard_text`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.office.groups import SEVERAL, Made
from assistant.office.sums import LEAST, Figures, Share, is_week, opened
from assistant.office.topics import HERE, ROOT, About, Has, Told, understood

LONGEST_NAME = 40
SMALL = "smaller teams"
WEEKS = 8
MOST_BYTES = 8192
"""Of what a desk tells; nothing that one of ours sends comes near it."""


@dataclass(slots=True)
class Seen:
    """What was heard of a desk."""

    here: bool = False
    name: str = ""
    sums: bool = False
    """Whether it takes part in sums."""
    versions: Mapping[str, int] | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A team, or several small ones: the desks that go by no name."""

    team: str
    desks: int
    here: int


@dataclass(frozen=True, slots=True)
class Sum:
    """A week of a team; `SEVERAL`: of desks of small teams together."""

    week: str
    team: str
    people: int
    figures: Figures


class Board:
    """All that was heard. Not for several threads."""

    def __init__(self, teams: Mapping[str, str], made: Sequence[Made] = ()) -> None:
        """`teams`: of each desk, as the office knows it; desks that aren't in it don't count."""
        self.teams = dict(teams)
        self.desks = {desk: Seen() for desk in teams}
        self._made = tuple(made)
        self._shares: dict[str, dict[str, Share]] = {}
        """By week, then by desk."""
        self._sums: list[Sum] | None = None
        self.changed = True

    def know(self, made: Sequence[Made]) -> None:
        """The groups are these now."""
        self._made, self._sums, self.changed = tuple(made), None, True

    def heard(self, topic: str, payload: bytes) -> bool:
        """Take in what a desk told; False for what is no message of a desk of this office."""
        parts = topic.split("/")
        if len(parts) != 4 or parts[:2] != [ROOT, "desk"] or len(payload) > MOST_BYTES:
            return False
        desk, what = parts[2:]
        seen = self.desks.get(desk)
        if seen is None:
            return False
        try:
            self._take(desk, seen, what, payload)
        except ValueError:
            return False
        self.changed = True
        return True

    def _take(self, desk: str, seen: Seen, what: str, payload: bytes) -> None:
        match what:
            case "here":
                seen.here = payload == HERE
            case "about":
                about: About = understood(About, payload)
                seen.key, seen.sums = about.key, bool(about.key)
                seen.name = _printable(about.name)
            case "has":
                seen.versions = understood(Has, payload).versions
            case "sums":
                told: Told = understood(Told, payload)
                for shares in self._shares.values():
                    shares.pop(desk, None)
                for week, share in sorted(told.weeks.items())[-WEEKS:]:
                    if is_week(week):
                        self._shares.setdefault(week, {})[desk] = share
                self._sums = None
            case _:
                raise ValueError(what)

    # --- what is shown ---

    def named(self) -> list[tuple[str, str, bool]]:
        """Name, team, and whether they are there, of those who chose a name."""
        return sorted(
            (seen.name, self.teams[desk], seen.here)
            for desk, seen in self.desks.items()
            if seen.name
        )

    def rows(self) -> list[Row]:
        """The desks without a name by teams; together they are all of them, or none are shown."""
        there: dict[str, list[bool]] = {}
        for desk, seen in self.desks.items():
            if not seen.name:
                there.setdefault(self.teams[desk], []).append(seen.here)
        parts = parts_of_five({team: len(desks) for team, desks in there.items()})
        return [
            Row(
                label,
                sum(len(there[team]) for team in teams),
                sum(sum(there[team]) for team in teams),
            )
            for label, teams in parts
        ]

    def arrived(self, audience: str, version: int) -> tuple[int, int]:
        """At how many desks of an audience a version lies, and how many there are."""
        of = [seen for desk, seen in self.desks.items() if audience in ("", self.teams[desk])]
        return sum((seen.versions or {}).get(audience, 0) >= version for seen in of), len(of)

    def sums(self) -> list[Sum]:
        """The last weeks' sums by team, newest first."""
        if self._sums is None:
            self._sums = self._summed()
        return self._sums

    def _summed(self) -> list[Sum]:
        found: dict[tuple[str, str], tuple[int, Figures]] = {}
        for week in sorted(self._shares, reverse=True):
            if len({summed for summed, _ in found}) == WEEKS:
                break
            for made in self._made:
                if made.group.from_week <= week and (not made.to_week or week <= made.to_week):
                    total = opened(made.group, self._shares[week])
                    if total is not None:
                        people, before = found.get((week, made.team), (0, Figures()))
                        found[week, made.team] = people + len(made.group.members), before + total
        return [
            Sum(week, team, people, figures)
            for (week, team), (people, figures) in sorted(
                found.items(), key=lambda one: (one[0][0], one[0][1] != SEVERAL, one[0][1])
            )[::-1]
        ]


def parts_of_five(sizes: Mapping[str, int]) -> list[tuple[str, list[str]]]:
    """Teams, and one part of several, so that each part has five or more: a whole, of which
    whatever is left when other parts are taken away is about five or more as well."""
    large = sorted(team for team, size in sizes.items() if size >= LEAST)
    small = sorted(team for team, size in sizes.items() if 0 < size < LEAST)
    while small and sum(sizes[team] for team in small) < LEAST:
        if not large:
            return []
        least = min(large, key=lambda team: (sizes[team], team))
        large.remove(least)
        small.append(least)
    return [*((team, [team]) for team in large), *([(SMALL, small)] if small else [])]


def in_all(sums: Iterable[Sum]) -> dict[str, tuple[int, Figures]]:
    """By week: people, and what they did together."""
    found: dict[str, tuple[int, Figures]] = {}
    for one in sums:
        people, figures = found.get(one.week, (0, Figures()))
        found[one.week] = people + one.people, figures + one.figures
    return found


def _printable(name: str) -> str:
    """What a desk calls itself, fit for a terminal."""
    return "".join(c for c in name if c.isprintable())[:LONGEST_NAME].strip()
