"""The meter of `assistant mic`: one row that is written over and over."""

import io
import re

import pytest

from assistant.cli.mic import Meter
from assistant.sound.pcm import Level


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("columns", "bar"), [(200, 40), (80, 40), (45, 26), (20, 1)])
def test_the_meter_stays_on_one_row(
    columns: int, bar: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is too wide would be two, and push all that was told out of sight."""
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal = Terminal()
    Meter(terminal).level(Level(-20.0, -1.0, 0.5))
    row = re.sub(r"\x1b\[K|\r", "", terminal.getvalue())
    assert len(row) < columns
    assert re.fullmatch(rf"[#.|]{{{bar}}}  -20 dB  too loud", row), row
