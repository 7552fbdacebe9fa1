"""What a running program costs, read from the kernel, and how figures are summed up."""

import os
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.product import descendants


def family(pid: int) -> list[int]:
    """A process and all its living descendants."""
    return [pid, *descendants(pid)]


def memory_mib(pids: Iterable[int]) -> float:
    """Proportional set size of all together: memory shared among them counts once."""
    return sum(_pss_kib(pid) for pid in pids) / 1024


def _pss_kib(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0  # it ended meanwhile
    return int(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")))


def cpu_s(pids: Iterable[int]) -> float:
    """Processor seconds used so far by all together."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figure:
    """Several measurements of one thing."""

    what: str
    unit: str
    values: Sequence[float]
    aim: str = ""
    digits: int = 0

    def row(self) -> tuple[str, ...]:
        if not self.values:
            return (self.what, self.unit, "-", "-", "-", "-", "0", self.aim)
        ordered = sorted(self.values)
        told = (statistics.median(ordered), ordered[0], percentile(ordered, 99), ordered[-1])
        numbers = tuple(f"{value:.{self.digits}f}" for value in told)
        return (self.what, self.unit, *numbers, str(len(ordered)), self.aim)


HEAD = ("what", "unit", "median", "min", "p99", "max", "n", "aim")


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The value that `percent` of the sorted values don't exceed (nearest rank)."""
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[int(rank) - 1]


def table(figures: Iterable[Figure]) -> str:
    """Aligned columns, text to the left and numbers to the right."""
    rows = [HEAD, *(figure.row() for figure in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    text_columns = (0, 1, len(HEAD) - 1)
    lines = []
    for row in rows:
        cells = (
            cell.ljust(width) if i in text_columns else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
