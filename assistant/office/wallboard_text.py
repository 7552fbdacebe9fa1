"""The board as lines of text, for a terminal of any size or for a file.

Decides the layout. Which numbers there are, and how many people each is about, is decided in
`wallboard`.
"""

from collections.abc import Iterator, Mapping, Sequence

from assistant.office.groups import SEVERAL
from assistant.office.sums import LEAST, Figures
from assistant.office.wallboard import Board, Sum, in_all

NAMED = 12
"""So many who chose a name have a line each where the screen is short."""
HEAD = ("WEEK", "TEAM", "PEOPLE", "BREAKS", "SESSIONS", "MINUTES")


def lines(board: Board, versions: Mapping[str, int], height: int = 10_000) -> list[str]:
    """The whole board, at most so many lines; `versions`: of what is handed out, by audience."""
    rows, named = board.rows(), board.named()
    parts = [
        [summary(board)],
        _teams(board, versions),
        _named(named, height) if named else [],
        _sums(board.sums()),
    ]
    if not rows:
        parts[1].insert(0, f"Teams are shown from {LEAST} desks on that go by no name.")
    found = [line for part in parts if part for line in (*part, "")][:-1]
    return found if len(found) <= height else [*found[: height - 1], "..."]


def summary(board: Board) -> str:
    """One line: how many are there, and the newest week."""
    rows, named = board.rows(), board.named()
    desks = sum(row.desks for row in rows) + len(named)
    here = sum(row.here for row in rows) + sum(one[2] for one in named)
    weeks = in_all(board.sums())
    last = max(weeks, default="")
    text = f"{here:,} of {desks:,} desks are on"
    if last:
        people, figures = weeks[last]
        text += f"; {last}: {people:,} people, {_breaks(figures)} breaks"
    return text


def _teams(board: Board, versions: Mapping[str, int]) -> list[str]:
    cells = [("TEAM", "DESKS", "ON")]
    cells += [(row.team, f"{row.desks:,}", f"{row.here:,}") for row in board.rows()]
    found = list(_table(cells, left=1)) if len(cells) > 1 else []
    for audience, version in sorted(versions.items()):
        there, of = board.arrived(audience, version)
        whom = f"the team {audience}" if audience else "all"
        found.append(f"What is handed out to {whom} lies at {there:,} of {of:,} desks.")
    return found


def _named(named: Sequence[tuple[str, str, bool]], height: int) -> list[str]:
    shown = named if height > 60 else named[:NAMED]
    cells = [(name, team, "on" if here else "off") for name, team, here in shown]
    more = [f"and {len(named) - len(shown)} more"] if len(named) > len(shown) else []
    return [*_table([("NAME", "TEAM", ""), *cells], left=3), *more]


def _sums(sums: Sequence[Sum]) -> list[str]:
    if not sums:
        return [
            "No sums yet: a week is summed when it has ended, of groups of five desks or more "
            "that were all used in it."
        ]
    whole = in_all(sums)
    cells = [HEAD]
    for week in sorted(whole, reverse=True):
        of_week = [one for one in sums if one.week == week]
        if len(of_week) > 1:
            cells.append((week, "all", *_numbers(*whole[week])))
        cells += [
            (week, "several small teams" if one.team == SEVERAL else one.team,
             *_numbers(one.people, one.figures))
            for one in of_week
        ]  # fmt: skip
    return list(_table(cells, left=2))


def _numbers(people: int, done: Figures) -> tuple[str, str, str, str]:
    return f"{people:,}", _breaks(done), f"{done.sessions:,}", f"{done.exercise_min:,}"


def _breaks(done: Figures) -> str:
    return f"{done.breaks_taken:,} taken, {done.breaks_due:,} due"


def _table(cells: Sequence[tuple[str, ...]], left: int) -> Iterator[str]:
    """Columns as wide as they need; the first `left` begin alike, the others end alike."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
