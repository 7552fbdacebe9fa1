"""Numbers, lengths and clock times as they are said."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.content import words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        *((0, "zero"), (19, "nineteen"), (20, "twenty"), (59, "fifty-nine"), (60, "sixty")),
        *((75, "seventy-five"), (100, "one hundred"), (105, "one hundred and five")),
        *((999, "nine hundred and ninety-nine"), (1000, "one thousand")),
        *((1020, "one thousand and twenty"), (1234, "one thousand two hundred and thirty-four")),
    ],
)
def test_numbers_are_words(value: int, said: str) -> None:
    assert words.number(value) == said


@pytest.mark.parametrize(
    "name", ["ten minutes", "Twenty-five minutes", "A quarter of an hour", "half an hour"]
)
def test_a_name_may_be_a_length(name: str) -> None:
    assert words.is_length(name)


@pytest.mark.parametrize("name", ["", "Minutes", "Rush hour", "Fifteen minutes a day", "ten"])
def test_other_names_are_none(name: str) -> None:
    """What also says something else may take another time than it says."""
    assert not words.is_length(name)


@given(st.integers(0, 999_999))
def test_no_number_is_said_in_figures(value: int) -> None:
    """Seventy-five days, seven hundred and twenty minutes: the voice never reads figures."""
    assert re.fullmatch(r"[a-z]+(?:[- ][a-z]+)*", words.number(value))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        *((0, "zero seconds"), (1, "one second"), (59.4, "fifty-nine seconds")),
        *((60, "one minute"), (70, "one minute ten"), (84, "one minute twenty-five")),
        *((85, "a minute and a half"), (89, "a minute and a half"), (90, "a minute and a half")),
        *((105, "two minutes"), (150, "two and a half minutes"), (299, "five minutes")),
        *((330, "six minutes"), (3540, "fifty-nine minutes"), (3600, "one hour")),
        *((4500, "one hour and fifteen minutes"), (5400, "an hour and a half")),
        *((9000, "two and a half hours"), (43200, "twelve hours")),
    ],
)
def test_lengths_are_said_as_people_say_them(seconds: float, said: str) -> None:
    """Half minutes up to five, whole ones up to an hour, then quarters of an hour."""
    assert words.length(seconds) == said


@given(st.floats(0, 1e6))
def test_no_length_is_said_in_figures(seconds: float) -> None:
    assert re.fullmatch(r"[a-z]+(?:[- ][a-z]+)*", words.length(seconds))


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        *(
            (0, "midnight"),
            (12 * 60, "noon"),
            (9 * 60, "nine o'clock"),
            (15 * 60 + 5, "five past three"),
        ),
        *((15 * 60 + 37, "twenty-three to four"), (6 * 60 + 30, "half past six")),
        *((23 * 60 + 45, "a quarter to twelve"), (12 * 60 + 15, "a quarter past twelve")),
    ],
)
def test_clock_times(clock: int, said: str) -> None:
    assert words.clock(clock * 60) == said


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (18.5, "half past six"),
        (18.51, "half past six"),
        (19.0, "seven"),
        (19.04, "about seven"),
        (18.9, "about seven"),
        (12.0, "noon"),
        (23.99, "midnight"),
        (6.7, "about a quarter to seven"),
    ],
)
def test_a_time_that_is_no_appointment_is_said_as_people_say_it(hour: float, said: str) -> None:
    assert words.about(hour * 3600.0) == said
