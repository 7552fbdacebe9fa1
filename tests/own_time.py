"""The program with clocks of its own, which a test sets while it runs.

`python -m tests.own_time FILE run --plain` is the assistant, but its three files that read clocks
read them through here. FILE holds what is added: to the wall clock alone, as if somebody had set
it, and to all clocks, as if that time had gone by. Its children keep the machine's clocks.
"""

import mmap
import struct
import sys
import time
from pathlib import Path
from typing import Any

from assistant import app, cli
from assistant.journal import row_time as journal_clock
from assistant.machine import clock

_BOTH = struct.Struct("dd")


class Added:
    """What is added to the clocks, in seconds; shared by all that open the same file."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_BOTH.pack(0.0, 0.0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _BOTH.size)

    def read(self) -> tuple[float, float]:
        """To the wall clock alone, and to all clocks."""
        wall_s, all_s = _BOTH.unpack(self._shared)
        return wall_s, all_s

    def set(self, wall_s: float = 0.0, all_s: float = 0.0) -> None:
        _BOTH.pack_into(self._shared, 0, wall_s, all_s)


class Clocks:
    """The module `time`, with what was added."""

    def __init__(self, added: Added) -> None:
        self._added = added

    def time(self) -> float:
        return time.time() + sum(self._added.read())

    def monotonic(self) -> float:
        return time.monotonic() + self._added.read()[1]

    def clock_gettime(self, which: int) -> float:
        wall_s, all_s = self._added.read()
        return time.clock_gettime(which) + all_s + wall_s * (which == time.CLOCK_REALTIME)

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


def main() -> int:
    clocks = Clocks(Added(Path(sys.argv[1])))
    for module in (app, clock, journal_clock):
        vars(module)["time"] = clocks
    return cli.main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
