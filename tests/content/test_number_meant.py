"""Which number somebody meant who wrote one as people do."""

import pytest

from assistant.content.number_meant import number_meant


@pytest.mark.parametrize(
    ("key", "text", "meant"),
    [
        ("sit_min", "1 hour", 60),
        ("sit_min", "1.5 h", 90),
        ("sit_min", "90 s", 1.5),
        ("sit_min", "1 h 30", 90),
        ("minutes", "1 hour and 15 minutes", 75),
        ("minutes", "20 min", 20),
        ("hold_s", "2 h", 7200),
        ("hold_s", "2 min", 120),
        ("hold_s", "1 min 30 s", 90),
        ("hold_s", "1m30", 90),
        ("hold_s", "1:30", 90),
        ("hold_s", "8 a side", 8),
        ("hold_s", "8 each", 8),
        ("hold_s", "8 sec each side", 8),
        ("hold_s", "8-12", 8),
        ("reps", "10 reps", 10),
        ("gain_db", "6 dB", 6),
        ("neck", "-10°", -10),
    ],
)
def test_a_number_is_of_the_unit_of_its_key(key: str, text: str, meant: float) -> None:
    assert number_meant(text, key) == meant


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(("sit_min", text) for text in ("30 a", "30 days", "10%", "5 reps", "1 hour 2 hours")),
        *(("hold_s", text) for text in ("30 a", "500 ms", "10%", "30°", "10 s 5 min", "1 s 30")),
        *(("reps", text) for text in ("10%", "30 s", "2 min", "30 a")),
        *(("volume", "80%"), ("rate_hz", "16 kHz"), ("near_m", "50 cm")),
    ],
)
def test_a_number_of_another_unit_is_no_number_of_this_key(key: str, text: str) -> None:
    assert number_meant(text, key) is None


def test_of_a_key_in_minutes_nobody_knows_what_a_time_with_a_colon_means() -> None:
    """Three quarters of an hour, or of a minute."""
    assert number_meant("0:45", "sit_min") is None
