"""Weeks at the desk in minutes: does the real program, with its real children, stay as it was?

`python -m tests.soak --days 14` lives that many days in a room of its own and prints what came of
it as JSON. Each day has its reminders, which are answered, a routine, a question that is typed and
one that is spoken, and a night. Time in which nobody does or says anything is left out (see
own_time); what is led and said takes the time that it takes. At the end of each day the memory of
all processes is read, their open files, their threads and what the journal has come to.
"""

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import linear_regression
from typing import Any

from assistant.coach.events import Due as TimePasses
from assistant.coach.settings import Settings
from assistant.coach.state import Awake, Due
from assistant.coach.step import begin, deadline, step
from assistant.machine.messages import build
from assistant.simulation.recording import EVENTS
from tests.coach.driver import kind_of, session_of
from tests.meters import family, memory_mib
from tests.own_time import Added
from tests.product import Assistant, Folders, command
from tests.room import Room, missing

CONFIG = """
[voice]
rate_wpm = 300
[session]
routine = "short"
screening = false
welcome = false
pain = false
[reminder]
sit_min = 120.0
routine = "short"
[hours]
on = true
saturday = "9:00-18:00"
sunday = "9:00-18:00"
"""
BEAT_S = 0.2
"""How long the program may take to notice that time was left out: as long as it rests between two
meals of a watchdog."""
LEAST_S = 1.0
"""Less than this is not worth leaving out."""
LEAP_S = 3600.0
EARLY_S = 0.1
STUCK_S = 120.0
WARM_DAYS = 3
"""Until everything that is kept for good has been used once; the slope begins after them."""


@dataclass(frozen=True)
class Day:
    """What all processes have at the end of one."""

    memory_kib: int
    files: int
    threads: int
    journal_kib: float


@dataclass
class Report:
    days: list[Day] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    took_min: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        warm = self.days[WARM_DAYS:]
        facts = {
            "days": len(self.days),
            "took_min": round(self.took_min, 1),
            "happened": self.happened,
            "memory_kib": [day.memory_kib for day in self.days],
            "memory_kib_a_day": _slope([day.memory_kib for day in warm]),
            "files": sorted({day.files for day in warm}),
            "threads": sorted({day.threads for day in warm}),
            "journal_kib": [day.journal_kib for day in self.days],
            "journal_kib_a_day": _slope([day.journal_kib for day in warm]),
            "wrong": self.wrong,
        }
        return json.dumps(facts, indent=2)


def _slope(values: list[float] | list[int]) -> float | None:
    if len(values) < 2:
        return None
    return round(linear_regression(range(len(values)), values).slope, 2)


class Desk:
    """The program, its room, and the person who lives with it."""

    def __init__(self, room: Room, folder: Path) -> None:
        self.report = Report()
        self._room, self._state_folder = room, folder / "state"
        self._record, self._read = folder / "steps.jsonl", 0
        folders = Folders(folder)
        folders.routine("short", "short", folders.exercise("hold", "hold", hold_s=3.0))
        (folders.config / "config.toml").write_text(CONFIG)
        service = {"NOTIFY_SOCKET": str(folder / "nobody"), "WATCHDOG_USEC": f"{3e6 * BEAT_S:.0f}"}
        environment = room.env() | folders.env() | service
        self._spoken, clocks = folder / "spoken.wav", folder / "clocks"
        say = command("say", "Hey coach, when is my next break?", "--to", str(self._spoken))
        subprocess.run(say, check=True, capture_output=True, env=environment)
        self._added, self._left_out_s = Added(clocks), 0.0
        self.program = Assistant(
            ["run", "--plain", "--record", str(self._record)],
            environment,
            record=False,
            own_time=clocks,
        )

    def live(self, days: int) -> None:
        began = time.monotonic()
        while not self._record.exists() or not self._record.read_bytes().count(b"\n"):
            time.sleep(0.1)
        first = json.loads(self._record.read_text().splitlines()[0])
        settings = build(Settings, first["settings"])
        self._keeps_nothing = replace(settings, keeps=False)
        self._state, _ = begin(settings, first["now"], greet=first["greet"], place=None)
        midnight = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        family_before: set[int] = set()
        for number in range(1, days + 1):
            self._day(midnight + timedelta(days=number))
            pids = family(self.program.process.pid)
            if family_before not in (set(), set(pids)):
                self.report.wrong.append(f"day {number}: a child was started again")
            family_before = set(pids)
            self.report.days.append(self._measure(pids))
        self.report.took_min = (time.monotonic() - began) / 60

    def _day(self, midnight: datetime) -> None:
        self._until(midnight + timedelta(hours=12))
        for words in ("start short", "how did i do today"):
            self.program.type(words)
            self._done()
        self._room.play(self._spoken)
        self._done()
        self._until(midnight + timedelta(hours=26))  # the night has begun for good

    def _done(self) -> None:
        """Until what was asked for was begun, and is over."""
        time.sleep(2.0)  # a person too waits for an answer before the next question
        limit = time.monotonic() + STUCK_S
        while self._busy():
            if time.monotonic() > limit:
                self.report.wrong.append(f"stuck while {kind_of(self._state).__name__}")
                return
            time.sleep(0.1)

    def _busy(self) -> bool:
        self._follow()
        state = self._state
        awake = isinstance(state.ear, Awake)
        return bool(state.voice.utterances) or awake or session_of(state) is not None

    def _until(self, moment: datetime) -> None:
        """Let time go by; whoever is asked to stand up does so."""
        while (left_s := moment.timestamp() - time.time() - self._left_out_s) > LEAST_S:
            self._follow()
            if kind_of(self._state) is Due:
                self.program.type("i'm up")
                self._done()
            # Not when the place is to be kept, which is every few seconds; it is, after each leap.
            keeps_nothing = replace(self._state, settings=self._keeps_nothing)
            due = deadline(step(keeps_nothing, TimePasses(), self._state.now)[0])
            if due is not None:
                left_s = min(left_s, due - time.monotonic() - self._left_out_s)
            if self._busy() or left_s < LEAST_S:
                time.sleep(BEAT_S / 2)
                continue
            self._left_out_s += min(left_s - EARLY_S, LEAP_S)
            self._added.set(all_s=self._left_out_s)
            time.sleep(BEAT_S)

    def _follow(self) -> None:
        """Read on in the recording."""
        if self.program.process.poll() is not None:
            raise RuntimeError(f"the program ended (code {self.program.process.returncode})")
        with self._record.open("rb") as file:
            file.seek(self._read)
            *whole, rest = file.read().split(b"\n")
            self._read = file.tell() - len(rest)
        for text in whole:
            line = json.loads(text)
            if "event" in line:
                event = build(EVENTS[line["event"]["is"]], line["event"])
                self._state, _ = step(self._state, event, line["now"])
                self._count(line)

    def _count(self, line: dict[str, Any]) -> None:
        event = line["event"]
        if event["is"] == "Asked":
            self.report.happened[f"asked, {event['source']}"] += 1
        if event["is"] == "Lost":
            self.report.happened[f"lost: {event['part']}"] += 1
        for effect in line["effects"]:
            if effect["is"] == "Record" and effect["kind"] in ("break_due", "break_taken"):
                self.report.happened[effect["kind"]] += 1
            if effect["is"] == "Record" and effect["kind"] == "session_end":
                self.report.happened[f"session {effect['detail']}"] += 1

    def _measure(self, pids: list[int]) -> Day:
        [journal] = self._state_folder.rglob("journal.sqlite3")
        return Day(
            memory_kib=round(1024 * memory_mib(pids)),
            files=sum(_entries(f"/proc/{pid}/fd") for pid in pids),
            threads=sum(_entries(f"/proc/{pid}/task") for pid in pids),
            journal_kib=_pages_kib(journal),
        )


def _pages_kib(path: Path) -> float:
    """What a journal holds; the log beside it is used again and again, and counts for nothing."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        [pages] = database.execute("PRAGMA page_count").fetchone()
        [size] = database.execute("PRAGMA page_size").fetchone()
    return float(pages * size / 1024)


def _entries(folder: str) -> int:
    return len(list(Path(folder).iterdir()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=14)
    asked = parser.parse_args()
    if lacking := missing():
        sys.exit(f"no room without these packages: {' '.join(lacking)}")
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, Room() as room:
        desk = Desk(room, Path(folder))
        with desk.program:
            desk.live(asked.days)
    print(desk.report.as_json())
    return 1 if desk.report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
