"""No sum that the office can read, and none that it can reckon from several, is about fewer than
five people: attacked over whole years of people who come, leave, and change teams."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.office import seal
from assistant.office.groups import MOST, SEVERAL, Desk, Made, refusal, regroup
from assistant.office.sums import LEAST, Group, week_of

MONDAY = date(2026, 11, 30)
ZERO = "A" * 43 + "="
"""A key with which everybody has the same secret."""


def week(number: int) -> str:
    return week_of(MONDAY + timedelta(weeks=number))


def key(name: str, times: int = 0) -> str:
    """A key without the work of making one: groups look at its form alone."""
    made = hashlib.blake2b(f"{name} {times}".encode(), digest_size=seal.KEY_BYTES).digest()
    return base64.b64encode(made).decode()


def desks(*numbers: int, team: str = "sales") -> dict[str, Desk]:
    return {f"d{n}": Desk(key(f"d{n}"), team) for n in numbers}


def members(made: Sequence[Made]) -> list[set[str]]:
    return [set(one.group.members) for one in made if not one.to_week]


# --- the attack ---------------------------------------------------------------


def smallest_support(rows: list[list[int]]) -> int:
    """How few people any combination of sums with any factors can be about, none at all left out:
    the least weight of a non-zero vector in the span, by looking at every few columns."""
    columns = len(rows[0])
    full = rank(rows)
    for size in range(1, LEAST):
        for few in combinations(range(columns), size):
            kept = [[row[c] for c in range(columns) if c not in few] for row in rows]
            if rank(kept) < full:  # something of the span vanishes outside of these few
                return size
    return LEAST


def rank(rows: list[list[int]]) -> int:
    left = [[Fraction(value) for value in row] for row in rows]
    found = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((i for i in range(found, len(left)) if left[i][column]), None)
        if pivot is None:
            continue
        left[found], left[pivot] = left[pivot], left[found]
        for i in range(found + 1, len(left)):
            if factor := left[i][column] / left[found][column]:
                left[i] = [a - factor * b for a, b in zip(left[i], left[found], strict=True)]
        found += 1
    return found


def test_the_attack_finds_what_it_looks_for() -> None:
    """Two groups that differ by one person, and three that do only together."""
    assert smallest_support([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0]]) == 1
    a, b = [1] * 5 + [0] * 5, [0] * 5 + [1] * 5
    assert smallest_support([a, b]) == LEAST
    assert smallest_support([a, b, [1] * 9 + [0]]) == 1


CHANGES = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from(["join", "join", "leave", "move", "new key", "no sums"]),
            st.integers(0, 13),
            st.sampled_from(["a", "b"]),
        ),
        max_size=5,
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60)
@given(first=st.integers(0, 14), changes=CHANGES, apart=st.integers(1, 6))
def test_nothing_that_can_be_reckoned_in_a_year_is_about_fewer_than_five(
    first: int, changes: list[list[tuple[str, int, str]]], apart: int
) -> None:
    there = {f"d{n}": Desk(key(f"d{n}"), "ab"[n % 2]) for n in range(first)}
    made: tuple[Made, ...] = ()
    for number, some in enumerate(changes):
        for times, (what, n, team) in enumerate(some):
            change(there, what, f"d{n}", team, 100 * number + times)
        made = regroup(made, there, week(number * apart))
        now = members(made)
        assert all(LEAST <= len(group) <= MOST for group in now)
        assert sum(map(len, now)) == len(set().union(*now))  # nobody is in two
    if made:
        people = sorted({name for one in made for name in one.group.members})
        rows = [[int(name in one.group.members) for name in people] for one in made]
        assert smallest_support(rows) == LEAST


def change(there: dict[str, Desk], what: str, name: str, team: str, times: int) -> None:
    if what == "join":
        there.setdefault(name, Desk(key(name), team))
    elif what == "leave":
        there.pop(name, None)
    elif name in there:
        new = {"move": there[name].key, "new key": key(name, times), "no sums": ""}[what]
        there[name] = Desk(new, team if what == "move" else there[name].team)


# --- the rules, one by one -----------------------------------------------------


def test_four_desks_are_not_summed_and_five_are() -> None:
    assert regroup((), desks(1, 2, 3, 4), week(0)) == ()
    [made] = regroup((), desks(1, 2, 3, 4, 5), week(0))
    assert (made.team, made.group.from_week) == ("sales", week(1))


def test_a_large_team_has_several_groups_so_that_one_who_leaves_ends_one_of_them() -> None:
    there = desks(*range(23))
    made = regroup((), there, week(0))
    assert [len(group) for group in members(made)] == [6, 6, 6, 5]
    del there["d0"]
    after = regroup(made, there, week(3))
    assert [one.to_week for one in after] == [week(3), "", "", ""]


def test_who_comes_later_waits_for_four_others() -> None:
    made = regroup((), desks(*range(5)), week(0))
    assert regroup(made, desks(*range(9)), week(1)) == made
    assert members(regroup(made, desks(*range(10)), week(1)))[1] == {f"d{n}" for n in range(5, 10)}


def test_who_is_left_of_a_group_waits_for_five_new_ones_and_goes_with_them() -> None:
    made = regroup((), desks(*range(6)), week(0))
    left = regroup(made, desks(*range(5)), week(2))
    assert members(left) == []
    assert members(regroup(left, desks(*range(5), 10, 11, 12, 13), week(3))) == []
    grown = regroup(left, desks(*range(5), 10, 11, 12, 13, 14), week(3))
    assert members(grown) == [{f"d{n}" for n in (0, 1, 2, 3, 4, 10, 11, 12, 13, 14)}]


def test_after_a_year_in_no_group_one_is_new_again() -> None:
    left = regroup(regroup((), desks(*range(6)), week(0)), desks(*range(5)), week(2))
    assert members(regroup(left, desks(*range(5)), week(54))) == []
    assert members(regroup(left, desks(*range(5)), week(55))) == [{f"d{n}" for n in range(5)}]


def test_who_changes_the_team_takes_no_figure_along() -> None:
    """The old group ends, and the new team's group doesn't change."""
    there = {**desks(*range(5)), **desks(*range(5, 10), team="lab")}
    made = regroup((), there, week(0))
    there["d0"] = replace(there["d0"], team="lab")
    after = regroup(made, there, week(1))
    assert members(after) == [{f"d{n}" for n in range(5, 10)}]


def test_a_desk_that_has_a_new_key_ends_its_group() -> None:
    """Its old one can't be told apart from somebody else's any more, and its shares don't fit."""
    made = regroup((), desks(*range(5)), week(0))
    there = desks(*range(5))
    there["d3"] = Desk(key("d3", 2), "sales")
    assert members(regroup(made, there, week(1))) == []


@pytest.mark.parametrize("bad", ["", "rubbish", "A" * 43 + "=", "AQ" + "A" * 41 + "="])
def test_a_desk_without_a_key_that_can_be_used_spoils_no_group(bad: str) -> None:
    """The last two are points of small order: with those, everybody has the same secret."""
    there = {**desks(*range(5)), "d5": Desk(bad, "sales")}
    assert members(regroup((), there, week(0))) == [{f"d{n}" for n in range(5)}]


def test_a_desk_that_shows_anothers_key_spoils_only_that_ones_sums() -> None:
    there = {**desks(*range(6)), "thief": Desk(key("d0"), "sales")}
    assert members(regroup((), there, week(0))) == [{f"d{n}" for n in range(1, 6)}]


def test_no_group_is_so_large_that_hardly_ever_all_are_there() -> None:
    left = regroup(regroup((), desks(*range(24)), week(0)), {}, week(1))
    again = regroup(left, desks(*range(24), 30, 31, 32, 33, 34), week(2))
    assert [len(group) for group in members(again)] == [MOST]


def test_small_teams_are_summed_together_and_under_no_teams_name() -> None:
    there = {**desks(1, 2), **desks(3, 4, 5, team="lab"), **desks(*range(6, 11), team="it")}
    made = regroup((), there, week(0))
    assert {one.team: set(one.group.members) for one in made} == {
        SEVERAL: {"d1", "d2", "d3", "d4", "d5"},
        "it": {f"d{n}" for n in range(6, 11)},
    }


def test_who_takes_part_in_no_sums_is_in_no_group() -> None:
    there = {**desks(1, 2, 3, 4, 5), "d6": Desk("", "sales"), "d7": Desk("rubbish", "sales")}
    assert members(regroup((), there, week(0))) == [{"d1", "d2", "d3", "d4", "d5"}]


# --- a desk trusts no group blindly ----------------------------------------------


def group(*numbers: int, from_week: str = "2026-W50") -> Group:
    return Group({f"d{n}": key(f"d{n}") for n in numbers}, from_week)


def refused(one: Group, former: Sequence[Group] = (), from_week: str = "2026-W49") -> str:
    return refusal(one, "d1", key("d1"), former, from_week)


def test_a_desk_takes_a_good_group() -> None:
    assert refused(group(1, 2, 3, 4, 5)) == ""
    assert refused(group(1, 6, 7, 8, 9, 10), [group(1, 2, 3, 4, 5)]) == ""


@pytest.mark.parametrize(
    ("one", "former", "why"),
    [
        (group(1, 2, 3, 4), [], "fewer than 5"),
        (group(2, 3, 4, 5, 6), [], "isn't in it"),
        (Group({**group(1, 2, 3, 4, 5).members, "d1": key("x")}, "2026-W50"), [], "isn't in it"),
        (Group({**group(1, 2, 3, 4, 5, 6).members, "d2": key("d3")}, "2026-W50"), [], "one key"),
        (Group({**group(1, 2, 3, 4, 5).members, "d2": "?"}, "2026-W50"), [], "fewer than 5"),
        (Group({**group(1, 2, 3, 4, 5).members, "d2": ZERO}, "2026-W50"), [], "fewer than 5"),
        (group(1, 2, 3, 4, 5, from_week="2026-W48"), [], "told of already"),
        (group(1, 2, 3, 4, 5, 6), [group(1, 2, 3, 4, 5)], "are new"),
        (group(1, 2, 6, 7, 8, 9), [group(1, 2, 3, 4, 5)], "are new"),
        (
            Group({**group(1, 6, 7, 8, 9).members, "other": key("d2")}, "2026-W50"),
            [group(1, 2, 3, 4, 5)],
            "are new",
        ),
    ],
)
def test_a_desk_refuses_a_group_that_would_show_it(
    one: Group, former: list[Group], why: str
) -> None:
    assert why in refused(one, former)


@settings(max_examples=40)
@given(first=st.integers(5, 12), changes=CHANGES)
def test_a_desk_takes_every_group_that_the_office_makes(
    first: int, changes: list[list[tuple[str, int, str]]]
) -> None:
    """The rule of the desk never stands in the way of the office's."""
    there = {f"d{n}": Desk(key(f"d{n}"), "a") for n in range(first)}
    made: tuple[Made, ...] = ()
    for number, some in enumerate(changes):
        for n, (what, desk, team) in enumerate(some):
            change(there, what, f"d{desk}", team, 100 * number + n)
        before, made = made, regroup(made, there, week(number))
        for one in made[len(before) :]:
            for name, own in one.group.members.items():
                former = [old.group for old in before if name in old.group.members]
                assert refusal(one.group, name, own, former, week(number)) == ""
