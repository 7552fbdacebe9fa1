"""The board shows no number about fewer than five people who chose no name, nor any two numbers
whose difference would be about fewer."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.machine.messages import encode
from assistant.office.groups import SEVERAL, Made
from assistant.office.sums import LEAST, Figures, Group, Share
from assistant.office.topics import About, Has, Told, of_desk
from assistant.office.wallboard import Board, parts_of_five
from assistant.office.wallboard_text import lines, summary

WEEK = "2026-W49"


def board(**teams: int) -> Board:
    desks = {f"{team}-{n}": team for team, count in teams.items() for n in range(count)}
    return Board(desks)


def tell(one: Board, desk: str, what: str, message: object) -> bool:
    payload = message if isinstance(message, bytes) else encode(message).encode()
    return one.heard(of_desk(desk, what), payload)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12)))
def test_the_parts_of_a_whole_have_five_each(sizes: dict[str, int]) -> None:
    """All that is shown are the parts and their sum: take away any, and a whole part is left."""
    parts = parts_of_five(sizes)
    assert all(sum(sizes[team] for team in teams) >= LEAST for _, teams in parts)
    shown = [team for _, teams in parts for team in teams]
    everybody = [team for team in sizes if sizes[team]]
    assert sorted(shown) == (sorted(everybody) if sum(sizes.values()) >= LEAST else [])


def test_a_small_team_is_shown_with_others_alone() -> None:
    one = board(sales=9, lab=6, it=2)
    for desk in ("sales-0", "lab-0", "it-0"):
        assert tell(one, desk, "here", b"here")
    assert [(row.team, row.desks, row.here) for row in one.rows()] == [
        ("sales", 9, 1),
        ("smaller teams", 8, 2),
    ]
    assert board(it=4).rows() == []


def test_who_chose_a_name_is_shown_by_it_and_counted_nowhere_else() -> None:
    """Else five of whom four go by their names would show the fifth."""
    one = board(sales=5)
    for number in range(4):
        assert tell(one, f"sales-{number}", "about", About("", f"Person {number}"))
        assert tell(one, f"sales-{number}", "here", b"here")
    assert one.rows() == []
    assert one.named()[0] == ("Person 0", "sales", True)
    assert "4 of 4 desks are on" in summary(one)  # the fifth isn't in it


def test_a_desk_that_vanished_is_not_there() -> None:
    one = board(sales=5)
    assert tell(one, "sales-1", "here", b"here")
    assert tell(one, "sales-1", "here", b"gone")
    assert [row.here for row in one.rows()] == [0]


def test_a_sum_is_shown_when_the_whole_group_has_told() -> None:
    one = board(sales=6)
    names = [f"sales-{n}" for n in range(6)]
    group = Group(dict(zip(names, "abcdef", strict=True)), WEEK)
    one.know([Made(group, "sales")])
    for name in names:
        assert one.sums() == []
        assert tell(one, name, "sums", Told({WEEK: Share(group.ident, (20, 15, 2, 30))}))
    [total] = one.sums()
    assert (total.team, total.people, total.figures) == ("sales", 6, Figures(120, 90, 12, 180))
    assert "2026-W49  sales       6  90 taken, 120 due        12      180" in lines(one, {})
    tell(one, names[0], "sums", Told({}))
    assert one.sums() == []


def test_weeks_after_the_end_of_a_group_are_not_summed() -> None:
    one = board(sales=5)
    names = [f"sales-{n}" for n in range(5)]
    group = Group(dict(zip(names, "abcde", strict=True)), WEEK)
    one.know([Made(group, "sales", to_week=WEEK)])
    shares = {week: Share(group.ident, (1, 1, 1, 1)) for week in ("2026-W48", WEEK, "2026-W50")}
    for name in names:
        tell(one, name, "sums", Told(shares))
    assert [total.week for total in one.sums()] == [WEEK]


def test_one_desk_that_tells_of_weeks_to_come_hides_no_sum() -> None:
    one = board(sales=6)
    names = [f"sales-{n}" for n in range(6)]
    group = Group(dict(zip(names[:5], "abcde", strict=True)), WEEK)
    one.know([Made(group, "sales")])
    share = Share(group.ident, (1, 1, 1, 1))
    for name in names[:5]:
        tell(one, name, "sums", Told({WEEK: share}))
    tell(one, names[5], "sums", Told({f"2999-W{n}": share for n in range(11, 19)}))
    assert [total.week for total in one.sums()] == [WEEK]


def test_teams_add_up_to_the_whole_and_small_ones_have_a_line_together() -> None:
    one = board(a=5, b=2, c=3)
    names = list(one.desks)
    groups = [Group(dict.fromkeys(names[:5], ""), WEEK), Group(dict.fromkeys(names[5:], ""), WEEK)]
    one.know([Made(groups[0], "a"), Made(groups[1], SEVERAL)])
    for name in names:
        group = groups[name not in groups[0].members]
        tell(one, name, "sums", Told({WEEK: Share(group.ident, (4, 3, 2, 1))}))
    text = "\n".join(lines(one, {}))
    assert "2026-W49  all                      10  30 taken, 40 due" in text
    assert "2026-W49  several small teams       5  15 taken, 20 due" in text


def test_it_is_told_where_a_routine_has_arrived() -> None:
    one = board(sales=2, lab=3)
    tell(one, "sales-0", "has", Has({"": 5, "sales": 2}))
    tell(one, "lab-0", "has", Has({"": 4}))
    text = lines(one, {"": 5, "sales": 2})
    assert "What is handed out to all lies at 1 of 5 desks." in text
    assert "What is handed out to the team sales lies at 1 of 2 desks." in text


def test_what_no_desk_of_the_office_says_is_passed_over() -> None:
    one = board(sales=5)
    assert not tell(one, "stranger", "here", b"here")
    assert not one.heard("other/topic", b"")
    for what, rubbish in (
        ("about", b"\xff"),
        ("about", b"[" * 5000),
        ("has", encode(About("")).encode()),
        ("sums", b'{"is": "Told", "weeks": 5}'),
        ("sums", b"x" * 10_000),
        ("wish", b"{}"),
    ):
        assert not tell(one, "sales-1", what, rubbish)


def test_a_name_cannot_draw_on_the_terminal() -> None:
    one = board(sales=5)
    tell(one, "sales-1", "about", About("", "\x1b[2J\nA" + "b" * 100))
    [(name, _, _)] = one.named()
    assert name == "[2JA" + "b" * 36
