"""On a real GPIO chip a sensor's line becomes who is there; on a real kernel clocks are set.

A distance sensor's echo is timed in microseconds, which a simulated machine can't do: its logic
and the library's timing are tested in tests/panel.
"""

from typing import Any

import pytest

from tests.pi.machine import boot, need_lgpio

GONE_S, COME_S, POLL_S = 1.0, 1.0, 0.25
LATE_S = 0.6
"""How late news may be: a simulated machine on a busy one."""

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the guest script printed, by what it is about, from one boot for all of these tests."""
    need_lgpio()
    lines = boot(tmp_path_factory.mktemp("pi"), "desk_guest.py", timeout_s=270)
    return {line["what"] + line.get("kind", ""): line for line in lines}


def here(line: dict[str, Any]) -> list[bool | str]:
    return [news["here"] for news in line["came"]]


def test_a_motion_sensor(told: dict[str, dict[str, Any]]) -> None:
    """There at first; missed after the hold time; back within a poll of one movement."""
    first, one = told["pir: nobody from the first"], told["pir: one movement"]
    assert here(first) == [True, False]
    assert GONE_S - POLL_S <= first["came"][1]["after_s"] < GONE_S + LATE_S
    assert here(one) == [True, False]
    assert one["came"][0]["after_s"] < POLL_S + LATE_S
    still_s = one["came"][1]["after_s"] - one["moved_s"]
    assert GONE_S - POLL_S <= still_s < GONE_S + POLL_S + LATE_S


def test_who_moves_now_and_then_stays(told: dict[str, dict[str, Any]]) -> None:
    """Pulses closer together than the hold time are one presence; then stillness ends it."""
    assert here(told["pir: moving on"]) == [True]
    assert here(told["pir: still"]) == [False]
    assert told["pir: still"]["came"][0]["after_s"] >= GONE_S


def test_a_seat_switch(told: dict[str, dict[str, Any]]) -> None:
    """Empty at once; sitting once it has lasted; a bump is nobody."""
    assert here(told["seat: empty from the first"]) == [False]
    assert here(told["seat: a bump"]) == []
    assert here(told["seat: sits"]) == [True]
    assert COME_S <= told["seat: sits"]["came"][0]["after_s"] < COME_S + LATE_S


def test_a_seat_does_not_flap(told: dict[str, dict[str, Any]]) -> None:
    """Who leans over stays; getting up is told once, however the contacts chatter."""
    assert here(told["seat: leans over"]) == []
    up = told["seat: gets up"]
    assert here(up) == [False]
    assert GONE_S <= up["came"][0]["after_s"] < up["moved_s"] + GONE_S + LATE_S


def test_closing_lets_go(told: dict[str, dict[str, Any]]) -> None:
    """Nothing comes after closing, and the pin can be opened again."""
    assert here(told["pir: closed"]) == []
    assert here(told["seat: again"]) == [False]


@pytest.mark.parametrize("sensor", ["pir", "seat", "distance"])
def test_a_pin_that_is_taken(told: dict[str, dict[str, Any]], sensor: str) -> None:
    """What keeps a sensor from opening is said in plain words."""
    reason = told["taken" + sensor]["reason"]
    assert reason == "pin twenty-two is given to two parts"


@pytest.mark.parametrize(
    ("what", "trusted"),
    [
        pytest.param("never set", False, id="a year that is past is not believed"),
        pytest.param("synchronized", True, id="what a time service vouches for is"),
        pytest.param("a plausible year", True, id="and so is a PC's clock"),
        pytest.param("five years ahead", True, id="five years ahead"),
        pytest.param("five years back", True, id="five years back"),
    ],
)
def test_a_wall_clock_that_is_set(
    told: dict[str, dict[str, Any]], what: str, trusted: bool
) -> None:
    """Each setting of the kernel's clock is told once, as it is then, and is never sleep."""
    line = told[what]
    assert (line["told"], line["right"], line["again"], line["slept"]) == (True, True, False, False)
    assert line["trusted"] is trusted


def test_a_clock_that_goes_on(told: dict[str, dict[str, Any]]) -> None:
    """When nothing was set nothing is told."""
    assert not told["nothing"]["told"]
