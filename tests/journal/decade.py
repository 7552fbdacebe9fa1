"""Simulated years of somebody's desk days, for tests and measurements: the same for the same seed.

Written through `Store.write` as the coach's own facts, so every row is one that life could have
made. Ten years hold about 60,000 reminders and 3,000 sessions. `python -m tests.journal.decade`
prints what they cost.
"""

import io
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.coach.effects import Record
from assistant.journal import exporting, importing, old_days, upkeep
from assistant.journal.backup import backup
from assistant.journal.row_time import Moment
from assistant.journal.schema import TIMED
from assistant.journal.store import Store, open_store

LAST_DAY = date(2026, 11, 20)
"""The last day that is filled; a Friday."""
ROUTINES = {
    # routine -> its exercises: id, sides, planned seconds, planned repetitions, how it helps
    "desk-break": (
        ("desk-back-bend", ("",), 30.0, 6, 0.1),
        ("desk-trunk-turn", ("left", "right"), 20.0, 5, 0.2),
        ("desk-shoulder-squeeze", ("",), 25.0, 5, 0.0),
    ),
    "lower-back-gentle": (
        ("pelvic-tilt", ("",), 60.0, 10, 0.6),
        ("knee-rolls", ("",), 60.0, 10, 0.3),
        ("knee-to-chest", ("left", "right"), 40.0, 0, 0.5),
        ("cat-stretch", ("",), 60.0, 8, 0.2),
    ),
    "lower-back-strength": (
        ("abdominal-brace", ("",), 60.0, 6, 0.1),
        ("bridge", ("",), 60.0, 8, 0.4),
        ("donkey-kick", ("left", "right"), 30.0, 8, -0.2),
        ("bird-dog", ("left", "right"), 40.0, 5, 0.3),
    ),
}
LOCAL_OFFSET_S = 3600
Entry = tuple[Moment, Record]


def fill(store: Store, seed: int = 1, years: float = 10.0, last: date = LAST_DAY) -> None:
    """Write the years that end with `last`, both included, into an empty store."""
    chance = random.Random(seed)
    first = last - timedelta(days=round(years * 365.25) - 1)
    entries = (
        entry
        for number in range((last - first).days + 1)
        for entry in day(chance, first + timedelta(days=number))
    )
    store.write(entries)


def day(chance: random.Random, when: date) -> Iterator[Entry]:
    """One day: from nine to five with reminders on working days, a session on most days."""
    clock = _Clock(when)
    if when.weekday() < 5 and chance.random() > 0.09:  # holidays, and days at home
        session_at = chance.randrange(4, 20)
        for slot in range(25):
            clock.wait(chance.uniform(900, 1300))
            yield from reminder(chance, clock)
            if slot == session_at and chance.random() < 0.95:
                yield from session(chance, clock, when)
            if chance.random() < 0.01:
                yield clock.now(), Record("fault", "microphone", detail="it was unplugged")
        yield clock.now(), Record("absence", "lunch", 2400.0, "no one there")
    elif chance.random() < 0.55:
        clock.wait(chance.uniform(1800, 20000))
        yield from session(chance, clock, when)


def reminder(chance: random.Random, clock: "_Clock") -> Iterator[Entry]:
    yield clock.now(), Record("break_due")
    for _ in range(2):
        if chance.random() > 0.12:
            break
        clock.wait(chance.uniform(2, 40))
        yield clock.now(), Record("command", "snooze", detail="voice")
        yield clock.now(), Record("break_snoozed", seconds=300.0)
        clock.wait(300.0)
        yield clock.now(), Record("break_due")
    fate = chance.random()
    if fate < 0.75:
        delay_s = min(230.0, chance.lognormvariate(3.2, 0.8))
        clock.wait(delay_s)
        if chance.random() < 0.3:
            yield clock.now(), Record("command", "up", detail=chance.choice(("voice", "button")))
        yield clock.now(), Record("break_taken", seconds=delay_s)
        clock.wait(120.0)
    elif fate < 0.85:
        clock.wait(15.0)
        yield clock.now(), Record("break_skipped", seconds=15.0)
    else:
        clock.wait(240.0)
        yield clock.now(), Record("break_unanswered", seconds=240.0)


def session(chance: random.Random, clock: "_Clock", when: date) -> Iterator[Entry]:
    routine = chance.choice(tuple(ROUTINES))
    began = clock.seconds
    source = chance.choice(("voice", "voice", "button", "key"))
    yield clock.now(), Record("command", "start", detail=source)
    yield clock.now(), Record("session_start", routine)
    years = (LAST_DAY - when).days / 365.25
    before = max(0, min(10, round(chance.gauss(2.5 + 0.25 * years, 1.2))))
    asked = chance.random() < 0.7
    if asked:
        yield clock.now(), Record("pain", routine, detail="before", value=before)
    how, helped = "done", 0.0
    for exercise, sides, planned_s, planned_reps, helps in ROUTINES[routine]:
        share = 1.0
        if chance.random() < 0.04:
            share, how = chance.uniform(0.1, 0.9), chance.choice(("stopped", "hurt", "done"))
        detail = "done" if share == 1.0 else ("left" if how == "done" else how)
        helped += helps * share
        for side in sides:
            clock.wait(planned_s * share + 15.0)
            yield (
                clock.now(),
                Record(
                    "exercise",
                    exercise,
                    round(planned_s * share, 3),
                    detail,
                    planned_s=planned_s,
                    reps=int(planned_reps * share),
                    planned_reps=planned_reps,
                    side=side,
                ),
            )
        if how != "done":
            break
    if chance.random() > 0.01:  # else the power was cut
        yield clock.now(), Record("session_end", routine, clock.seconds - began, how)
        if asked and how == "done" and chance.random() < 0.9:
            after = max(0, min(10, round(before - helped + chance.gauss(0, 0.8))))
            yield clock.now(), Record("pain", routine, detail="after", value=after)


class _Clock:
    """One boot a day, at nine in the morning, local time."""

    def __init__(self, when: date) -> None:
        midnight = datetime(when.year, when.month, when.day, tzinfo=UTC).timestamp()
        self._began_s = midnight + 9 * 3600 - LOCAL_OFFSET_S
        self._boot = f"boot of {when.isoformat()}"
        self.seconds = 30.0

    def wait(self, seconds: float) -> None:
        self.seconds += seconds

    def now(self) -> Moment:
        return Moment(
            round((self._began_s + self.seconds) * 1000),
            LOCAL_OFFSET_S,
            self._boot,
            round(self.seconds, 3),
            True,
        )


def measure() -> None:
    """What ten years cost: the file, and everything that is done with the whole of it."""
    with TemporaryDirectory() as name, open_store(Path(name) / "journal.sqlite3") as store:
        fill(store)
        for table in TIMED:
            [count] = store.database.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            print(f"{count:10,}  {table}")
        size(store, "ten years, every row")
        today = Moment(round(time.time() * 1000), 0, "now", 1.0, True)
        steps = [took(lambda: old_days.some(store, today))]
        while old_days.some(store, today):
            steps.append(took(lambda: old_days.some(store, today)))
        print(f"{1000 * max(steps):10.0f}  ms at most for summing up a month")
        store.database.execute("VACUUM")
        size(store, "ten years, old days summed up")
        now = datetime.now().astimezone()
        text = io.StringIO()
        print(f"{1000 * took(lambda: exporting.to_json(store, text, now)):10.0f}  ms to export all")
        print(f"{len(text.getvalue()) / 1e6:10.1f}  MB of JSON")
        copy = Path(name) / "copy.sqlite3"
        print(f"{1000 * took(lambda: backup(store.path, copy)):10.0f}  ms to back up")
        print(f"{1000 * took(lambda: upkeep.check(store.path)):10.0f}  ms to check")
        print(f"{1000 * took(lambda: upkeep.forget(store, LAST_DAY)):10.0f}  ms to forget a day")
        upkeep.forget(store, None)
        back = took(lambda: importing.from_json(store, text.getvalue()))
        print(f"{1000 * back:10.0f}  ms to import all")


def took(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def size(store: Store, what: str) -> None:
    store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"{store.path.stat().st_size / 1e6:10.1f}  MB: {what}")


if __name__ == "__main__":
    measure()
