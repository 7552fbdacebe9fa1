"""Ten simulated years, timed: `python -m tests.journal.bench_decade`.

Prints rows, the file's size, how long loading takes, every question, the picture in the terminal,
the page and the PNG; processor time of the best of several runs, since a machine may have other
things to do. Ends with 1 when a limit is broken.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from time import perf_counter, process_time

from assistant.cli import svg_to_png
from assistant.coach.events import Period
from assistant.journal import history_in_words, history_page, history_picture, old_days, stats
from assistant.journal.row_time import Moment
from assistant.journal.store import open_store
from tests.journal import decade

RUNS = 7
NOW = datetime(2026, 11, 20, 21, 0)
AT = Moment(1_795_200_000_000, 3600, "the bench", 1.0, True)
"""The same evening, as the clock of a boot."""


def timed(work: Callable[[], object], runs: int = RUNS) -> float:
    """The processor time of the best of several runs, in seconds."""
    taken = []
    for _ in range(runs):
        began = process_time()
        work()
        taken.append(process_time() - began)
    return min(taken)


class Figures(dict[str, float]):
    """Figures by name, printed as they come."""

    def note(self, name: str, value: float, unit: str) -> None:
        self[name] = value
        digits = {"s": 3, "ms": 1}.get(unit, 0)
        print(f"{name:34}{value:12,.{digits}f} {unit}", flush=True)


def measure(path: Path) -> Figures:
    """Every figure, with all rows there, then with old detail summed up as `old_days` does it."""
    found = Figures()
    began = perf_counter()
    with open_store(path) as store:
        decade.fill(store)
        found.note("writing ten years", perf_counter() - began, "s")
    found.note("opening the file", 1000 * timed(lambda: open_store(path).close()), "ms")
    with open_store(path) as store:
        count(found, store.database)
        ask(found, store.database, "question: ")
        while old_days.some(store, AT):
            pass
        ask(found, store.database, "question, tidied: ")
        draw(found, store.database)
    found.note("file", path.stat().st_size, "bytes")
    return found


def count(found: Figures, database: Connection) -> None:
    for table in ("session", "exercise", "pain", "stand", "command"):
        [rows] = database.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        found.note(f"rows in {table}", rows, "rows")


def ask(found: Figures, database: Connection, prefix: str) -> None:
    """What can be asked; each over all ten years unless it names a shorter time."""
    first, today = stats.first_day(database), NOW.date()
    questions: dict[str, Callable[[], object]] = {
        **{f"recall {period}": partial(stats.recall, database, period, NOW) for period in Period},
        "every day": lambda: stats.days(database, first, today),
        "delays": lambda: stats.delays(database, first, today),
        "streak": lambda: stats.streak_of(database, today),
        "exercises": lambda: stats.exercises(database, first, today),
        "undated": lambda: stats.undated(database),
        "unsure days": lambda: stats.unsure_days(database, first, today),
        "first day": lambda: stats.first_day(database),
    }
    for name, question in questions.items():
        found.note(prefix + name, 1000 * timed(question), "ms")


def draw(found: Figures, database: Connection) -> None:
    """The terminal for a year, the page and the picture for all ten."""
    today = NOW.date()
    begin = today - timedelta(days=364)
    year = stats.history(database, begin, today)
    signs = history_in_words.BLOCKS
    reading = timed(lambda: stats.history(database, begin, today))
    found.note("terminal, a year: reading", 1000 * reading, "ms")
    drawing = timed(lambda: history_in_words.picture(year, 80, signs))
    found.note("terminal, a year: drawing", 1000 * drawing, "ms")

    def page_of_all() -> bytes:
        return history_page.html(stats.history(database, None, today), {}, NOW).encode()

    found.note("page, ten years", timed(page_of_all, 3), "s")
    found.note("page, ten years: size", len(page_of_all()), "bytes")
    everything = stats.history(database, None, today)
    found.note(
        "picture, ten years",
        timed(lambda: svg_to_png.png(history_picture.svg(everything), ""), 3),
        "s",
    )


def broken(found: Figures) -> list[str]:
    """Which limits are broken, by name."""
    limits = {"file": 50e6, "page, ten years": 2.0, "page, ten years: size": 1e6}
    limits |= {name: 100.0 for name in found if name.startswith("question")}
    return [name for name, limit in limits.items() if found[name] > limit]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        over = broken(measure(Path(folder) / "journal.sqlite3"))
    print(f"over the limit: {', '.join(over)}" if over else "every limit is kept")
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())
