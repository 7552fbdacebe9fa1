"""On a real GPIO chip a finger's presses become events, and the LED shows the lamp's table."""

from typing import Any

import pytest

from assistant.coach.effects import Lamp
from assistant.panel import lamp_patterns
from tests.pi.machine import boot, need_lgpio

CELL_S = 0.05
LATE_S = 0.1
"""How late the lamp may be: a simulated machine on a busy one. One that stood still for longer, in
all of its tries, says nothing of the lamp."""

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the guest script printed, from one boot for all of these tests."""
    need_lgpio()
    return boot(tmp_path_factory.mktemp("pi"), "guest.py", timeout_s=270)


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
    pattern = lamp_patterns.PATTERNS[lamp]
    width, slack = 1, 0.02
    if any(step.glide for step in pattern.steps):
        width, slack = (5, 0.15) if pattern.period_s > 2 else (2, 0.2)
    for n in range(2, len(cells) - width):  # the change itself takes a moment
        seen = [cell for cell in cells[n : n + width] if cell >= 0]
        if len(seen) < width:
            continue  # the machine slept through it
        early_ms, late_ms = round(n * CELL_S * 1000 - LATE_S * 1000), (n + width) * CELL_S * 1000
        times = [t / 1000 for t in range(max(0, early_ms), round(late_ms) + 1, 5)]
        duties = [lamp_patterns.level(lamp, t) ** 2 for t in times]
        if not min(duties) - slack <= sum(seen) / width <= max(duties) + slack:
            return False
    return True


@pytest.mark.parametrize("lamp", Lamp)
def test_the_led_follows_the_table(told: list[dict[str, Any]], lamp: Lamp) -> None:
    """What the line shows over time is this lamp's pattern, and no other lamp's."""
    (line,) = (line for line in facts(told, "lamp") if line["lamp"] == lamp)
    if line["late_s"] >= LATE_S:
        pytest.skip(f"the small machine stood still for {line['late_s']} s in all of its tries")
    cells = line["cells"]
    assert sum(cell >= 0 for cell in cells) > 0.9 * len(cells)
    assert [other for other in Lamp if fits(other, cells)] == [lamp], cells


def test_closing_turns_the_led_off(told: list[dict[str, Any]]) -> None:
    """After closing the LED is dark, and the pins can be opened again."""
    (closed,) = facts(told, "close")
    assert closed["lit_before"]
    assert not closed["lit_after"]
    assert [one["event"] for one in facts(told, "tap again")[0]["came"]] == ["touched", "press"]


def test_a_button_the_other_way_round(told: list[dict[str, Any]]) -> None:
    """High is pressed, the chip's own resistor pulls it down."""
    (tap,) = facts(told, "tap the other way")
    assert [one["event"] for one in tap["came"]] == ["touched", "press"]


def test_a_lamp_to_3_3_volts(told: list[dict[str, Any]]) -> None:
    """The line is low while it shines."""
    (seen,) = facts(told, "low")
    assert (seen["lit"], seen["dark"]) == (False, True)


@pytest.mark.parametrize(
    ("what", "part", "reason", "mend"),
    [
        ("no permission", "lamp", "there is no permission to use the pins", "/dev/gpiochip0"),
        ("no lgpio", "button", "the package lgpio is missing", "python3-lgpio"),
        (
            "busy",
            "button",
            "pin seventeen is in use by another program or driver",
            '(it calls itself "lg")',
        ),
        ("one pin for both", "lamp", "pin seventeen is given to two parts", "GPIO 17"),
        ("no such pin", "button", "there is no pin seventy-seven", "from 0 to 27"),
    ],
)
def test_a_reason_for_people(
    told: list[dict[str, Any]], what: str, part: str, reason: str, mend: str
) -> None:
    """What keeps a pin from opening is said in plain words, with what to do."""
    (refused,) = facts(told, what)
    assert refused["refused"][part][0] == reason
    assert mend in refused["refused"][part][1]


@pytest.mark.parametrize("what", ["busy", "one pin for both", "no such pin"])
def test_a_pin_that_cannot_be_had_leaves_the_other_part_alone(
    told: list[dict[str, Any]], what: str
) -> None:
    """On a real chip too only one of the two is missing."""
    (refused,) = facts(told, what)
    assert len(refused["refused"]) == 1
