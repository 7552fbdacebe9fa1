"""On a real GPIO chip a finger's presses become events, and the LED shows the lamp's table."""

from typing import Any

import pytest

from assistant.coach.effects import Lamp
from assistant.panel import patterns
from tests.pi.machine import boot

CELL_S = 0.05
LATE_S = 0.1
"""How late the lamp may be: a simulated machine on a busy one."""

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the guest script printed, from one boot for all of these tests."""
    return boot(tmp_path_factory.mktemp("pi"), "guest.py", timeout_s=150)


def facts(told: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    found = [line for line in told if line["what"] == what]
    assert found, f"the guest said nothing of {what!r}"
    return found


def test_opening_leaves_no_trace(told: list[dict[str, Any]]) -> None:
    """The pins open, and neither the working folder nor what lies in it changes."""
    (opened,) = facts(told, "open")
    assert opened["same_folder"]
    assert opened["left_behind"] == []


def test_a_tap(told: list[dict[str, Any]]) -> None:
    """A tap is touched within 60 ms of the finger, and a press 0.35 s after its release."""
    for tap in facts(told, "tap"):
        touched, press = tap["came"]
        assert (touched["event"], press["event"]) == ("touched", "press")
        assert 0.02 <= touched["after_s"] < 0.06 + (tap["took_s"] - 0.12)
        assert 0.46 <= press["after_s"] < tap["took_s"] + 0.45


def test_a_double_tap(told: list[dict[str, Any]]) -> None:
    """Two quick taps are one "next"."""
    (double,) = facts(told, "double")
    assert [one["event"] for one in double["came"]] == ["touched", "touched", "next"]


def test_a_hold(told: list[dict[str, Any]]) -> None:
    """Two seconds are a "stop", told while the finger is still there; letting go says nothing."""
    (hold,) = facts(told, "hold")
    touched, stop = hold["came"]
    assert (touched["event"], stop["event"]) == ("touched", "stop")
    assert 2.0 <= stop["after_s"] < hold["took_s"]


def fits(lamp: Lamp, cells: list[float]) -> bool:
    """Every cell lies within what the table says for that moment, or up to `LATE_S` before it.

    A glide is judged by the mean of a few cells: its hundred pulses a second are seen by chance.
    """
    pattern = patterns.PATTERNS[lamp]
    width, slack = 1, 0.02
    if any(step.glide for step in pattern.steps):
        width, slack = (5, 0.15) if pattern.period_s > 2 else (2, 0.2)
    for n in range(2, len(cells) - width):  # the change itself takes a moment
        seen = [cell for cell in cells[n : n + width] if cell >= 0]
        if len(seen) < width:
            continue  # the machine slept through it
        early_ms, late_ms = round(n * CELL_S * 1000 - LATE_S * 1000), (n + width) * CELL_S * 1000
        times = [t / 1000 for t in range(max(0, early_ms), round(late_ms) + 1, 5)]
        duties = [patterns.level(lamp, t) ** 2 for t in times]
        if not min(duties) - slack <= sum(seen) / width <= max(duties) + slack:
            return False
    return True


@pytest.mark.parametrize("lamp", Lamp)
def test_the_led_follows_the_table(told: list[dict[str, Any]], lamp: Lamp) -> None:
    """What the line shows over time is this lamp's pattern, and no other lamp's."""
    (cells,) = (line["cells"] for line in facts(told, "lamp") if line["lamp"] == lamp)
    assert sum(cell >= 0 for cell in cells) > 0.9 * len(cells)
    assert [other for other in Lamp if fits(other, cells)] == [lamp], cells


def test_closing_turns_the_led_off(told: list[dict[str, Any]]) -> None:
    """After closing the LED is dark, and the pins can be opened again."""
    (closed,) = facts(told, "close")
    assert closed["lit_before"]
    assert not closed["lit_after"]
    assert [one["event"] for one in facts(told, "tap again")[0]["came"]] == ["touched", "press"]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("no permission", "no permission to use /dev/gpiochip0: add yourself to the group gpio"),
        ("no lgpio", "the package lgpio is missing"),
        ("busy", 'pin 17 is in use by another program or driver (it calls itself "lg")'),
        ("one pin for both", "pin 17 is given to both the button and the LED"),
        ("no such pin", "there is no GPIO pin 77: expected a number from 0 to 27"),
    ],
)
def test_a_reason_for_people(told: list[dict[str, Any]], what: str, expected: str) -> None:
    """What keeps the pins from opening is said in plain words."""
    (refused,) = facts(told, what)
    assert refused["reason"].startswith(expected)
