"""When a reminder may come at all: working days, lunch, holidays, nights."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.working_hours import ALWAYS, DAY_S, Hours, weekday

H = 3600.0
MONDAY = 4 * DAY_S
"""1970-01-05."""
OFFICE: tuple[tuple[float, float], ...] = ((9 * H, 18 * H),)
NIGHT: tuple[tuple[float, float], ...] = ((22 * H, 30 * H),)
WEEK = Hours(days=(OFFICE,) * 5 + ((),) * 2)
NIGHTS = Hours(days=(NIGHT,) * 5 + ((),) * 2)


def at(day: int, hour: float) -> float:
    """Local civil time on a day of that first week, Monday being 0."""
    return MONDAY + day * DAY_S + hour * H


def test_without_hours_every_time_is_open() -> None:
    """Nobody who set no hours is left alone at some."""
    assert ALWAYS.open(at(6, 3))
    assert ALWAYS.next_open(at(6, 3)) == at(6, 3)


def test_the_first_day_of_the_calendar_was_a_thursday() -> None:
    """Monday is 0, and the calendar's own first day is 3."""
    assert (weekday(0), weekday(4), weekday(-1)) == (3, 0, 2)


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [(0, 8.99, False), (0, 9, True), (4, 17.99, True), (4, 18, False), (5, 12, False)],
)
def test_a_span_begins_with_its_first_second_and_ends_before_its_last(
    day: int, hour: float, expected: bool
) -> None:
    """Nine belongs to the day's work, six doesn't, and Saturday has none."""
    assert WEEK.open(at(day, hour)) is expected


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [(0, 23, True), (1, 5.99, True), (1, 6, False), (5, 5, True), (5, 23, False), (0, 3, False)],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(
    day: int, hour: float, expected: bool
) -> None:
    """Friday's night ends on Saturday morning; Sunday's, which there is none of, not on Monday."""
    assert NIGHTS.open(at(day, hour)) is expected


def test_work_begins_again_on_the_next_working_day() -> None:
    """From Friday evening that is Monday morning."""
    assert WEEK.next_open(at(4, 18.5)) == at(7, 9)
    assert WEEK.next_open(at(0, 7)) == at(0, 9)
    assert WEEK.next_open(at(0, 12)) == at(0, 12)


def test_lunch_is_no_working_time() -> None:
    """It is closed from its beginning to its end, and opens then."""
    hours = replace(WEEK, lunch=(12.5 * H, 13.25 * H))
    assert hours.open(at(1, 12.49))
    assert not hours.open(at(1, 12.5))
    assert hours.next_open(at(1, 13)) == at(1, 13.25)
    assert hours.next_open(at(5, 13)) == at(7, 9)


def test_a_lunch_at_midnight_goes_past_it() -> None:
    """Who works at night eats at night."""
    hours = replace(NIGHTS, lunch=(23.5 * H, 24.25 * H))
    assert not hours.open(at(0, 23.75))
    assert not hours.open(at(1, 0.2))
    assert hours.open(at(1, 0.25))
    assert hours.next_open(at(0, 23.75)) == at(1, 0.25)


def test_a_holiday_has_no_work() -> None:
    """Not even on a Tuesday; the night that began the day before goes on."""
    tuesday = int(at(1, 0) // DAY_S)
    assert replace(WEEK, holidays=frozenset([tuesday])).next_open(at(0, 19)) == at(2, 9)
    night = replace(NIGHTS, holidays=frozenset([tuesday]))
    assert night.open(at(1, 5))
    assert not night.open(at(1, 23))


def test_who_never_works_is_never_asked() -> None:
    """A week of days off, or a year of holidays, has no next time."""
    assert Hours(days=((),) * 7).next_open(at(0, 9)) is None
    year = frozenset(range(int(MONDAY // DAY_S), int(MONDAY // DAY_S) + 500))
    assert replace(WEEK, holidays=year).next_open(at(0, 1)) is None


def test_a_day_can_have_an_interval_of_its_own() -> None:
    """Where it has none, and where no day has, the usual one holds."""
    hours = replace(WEEK, intervals=(1800.0, 0.0, *(0.0,) * 5))
    assert hours.interval(at(0, 10), 1200.0) == 1800.0
    assert hours.interval(at(1, 10), 1200.0) == 1200.0
    assert WEEK.interval(at(0, 10), 1200.0) == 1200.0


MINUTES = st.integers(0, 1439)
SPANS = st.tuples(MINUTES, MINUTES).map(
    lambda pair: (
        pair[0] * 60.0,
        (pair[1] if pair[1] > pair[0] else pair[1] + 1440) * 60.0,
    )
)
WEEKS = st.builds(
    Hours,
    days=st.tuples(*[st.lists(SPANS, max_size=2).map(tuple)] * 7),
    lunch=st.none() | SPANS,
    holidays=st.frozensets(st.integers(4, 20), max_size=5),
)


@given(WEEKS, st.integers(0, 14 * 1440))
def test_the_next_open_time_is_the_first_one(hours: Hours, minute: int) -> None:
    """It is open, not in the past, and no minute before it is open."""
    now = MONDAY + minute * 60.0
    opens = hours.next_open(now)
    until = now + 8 * DAY_S if opens is None else opens
    if opens is not None:
        assert opens >= now
        assert hours.open(opens)
    between = int((min(until, now + 2 * DAY_S) - now) // 60)
    assert not any(hours.open(now + 60.0 * m) for m in range(between) if now + 60.0 * m < until)
