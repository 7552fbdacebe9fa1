"""A simulated machine that stood still judges nothing: it does what it was at once more."""

import json
import time
from collections.abc import Iterator
from ctypes import PyDLL
from itertools import chain, repeat
from typing import Any

import pytest

from tests.pi import telling
from tests.pi.telling import LATE_S, TRIES, on_time, tell

stand_still_us = PyDLL(None).usleep
"""As a machine that is given no time: it keeps the interpreter, so no other thread goes on."""
STILL_US = round(1.5e6 * LATE_S)


@pytest.fixture(autouse=True)
def _it_has_just_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "_began", time.monotonic())


def told(still: Iterator[bool], capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What goes out of a scenario that tells its number, and stands still or not each time."""
    numbers = iter(range(9))

    def scenario() -> None:
        tell("seen", number=next(numbers))
        if next(still):
            stand_still_us(STILL_US)

    on_time(scenario)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_was_seen_while_it_stood_still_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Only that it was late, and by how much; then what the next try saw."""
    late, seen = told(chain([True], repeat(False)), capsys)
    assert (late["what"], seen["what"], seen["number"]) == ("late", "seen", 1)
    assert seen["late_s"] < LATE_S <= late["late_s"]


def test_a_machine_that_is_always_late_is_judged_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What blocks everything may be the product: the last try counts."""
    *late, seen = told(repeat(True), capsys)
    assert [line["what"] for line in late] == ["late"] * (TRIES - 1)
    assert seen["number"] == TRIES - 1
