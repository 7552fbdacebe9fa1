"""Kills at random moments: what the journal promised to keep is there, and it is whole.

Each round a real child process leads real routines with the real coach on a fast clock, and hands
what it orders to a real journal, until it is ended by SIGKILL at a random moment. In every other
round the machine's power goes instead: the files are copied as they lie at that instant, the
shared memory is thrown away, and what was written since the last acknowledged commit is torn at
random. Then, each time:

- the file is whole (integrity and foreign keys);
- the exercises in it are those that were handed over, in order: all that were acknowledged or are
  older than a second, perhaps newer ones, no other;
- the place in it is the last that was handed over or the one before (where each was waited for),
  else no older than the last one acknowledged, and never older than a second;
- the next child begins at that very place.

`python -m tests.journal.kills [ROUNDS] [SEED]` does a thousand and prints what it saw.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import struct
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.coach.effects import Hush, Keep, Place, Record, Say
from assistant.coach.events import Asked, Command, Event, Spoken
from assistant.coach.events import Due as Deadline
from assistant.coach.power_cut import keys
from assistant.coach.settings import Settings
from assistant.coach.state import Due, Paused, Sitting, State
from assistant.coach.step import begin, deadline, step
from assistant.content import routine_reader
from assistant.content.plan import compile_plan
from assistant.journal import Journal
from assistant.journal.row_time import Clock
from assistant.machine.places import folder
from tests.coach.driver import SETTINGS, kind_of, session_of

SURE_S = 1.0
"""What was handed over this long ago is on the disk, acknowledged or not."""
WAL_HEADER_BYTES = 32


def settings() -> Settings:
    known = routine_reader.load([folder("routines")])
    plans = {routine.id: compile_plan(routine) for routine in known.routines.values()}
    return replace(SETTINGS, plans=plans, keeps=True)


# --- the child --------------------------------------------------------------


class Child:
    """The coach on a clock that runs as fast as it can, and a journal on the real one."""

    def __init__(self, path: Path, told: int, seed: int, told_settings: Settings) -> None:
        self.chance, self.told, self.path = random.Random(seed), told, path
        self.every_place = self.chance.random() < 0.5
        self.now = 1000.0
        self.rows = self.places = 0
        self.said: list[int] = []
        self.journal = Journal(lambda _: None, path, clock=Clock(lambda: True))
        place = self.journal.place()
        self.state: State
        self.state, effects = begin(told_settings, self.now, greet=False, place=place)
        self.tell("began", self.every_place, *where(self.state))
        self.take(effects)

    def tell(self, *what: object) -> None:
        os.write(self.told, (json.dumps(what) + "\n").encode())

    def live(self) -> None:
        """Until it is killed."""
        while True:
            self.happen(self.next_event())
            time.sleep(self.chance.random() * 0.001)

    def next_event(self) -> Event:
        if self.said:
            return Spoken(self.said.pop(0))
        if kind_of(self.state) is Sitting and self.chance.random() < 0.3:
            routine = self.chance.choice(sorted(self.state.settings.plans))
            return Asked(Command.START, routine=routine)
        if kind_of(self.state) is Paused:
            return Asked(Command.RESUME)
        if kind_of(self.state) is Due and self.chance.random() < 0.5:
            return Asked(self.chance.choice((Command.UP, Command.SNOOZE)))
        if self.chance.random() < 0.01:
            return Asked(self.chance.choice((Command.NEXT, Command.BACK, Command.PAUSE)))
        at = deadline(self.state)
        self.now = max(self.now, self.now + 5.0 if at is None else at)
        return Deadline()

    def happen(self, event: Event) -> None:
        self.state, effects = step(self.state, event, self.now)
        self.take(effects)

    def take(self, effects: list[Any]) -> None:
        for effect in effects:
            match effect:
                case Say(utterance):
                    self.said.append(utterance)
                case Hush():
                    pass  # what was cut comes back as `Spoken` too, a moment later
                case Record():
                    self.record(effect)
                case Keep(place):
                    self.keep(effect, place)

    def record(self, record: Record) -> None:
        if record.kind == "exercise":
            self.rows += 1
            self.tell("row", time.monotonic(), record.name, record.side, record.detail)
        self.journal(record)
        if record.kind == "exercise" and self.chance.random() < 0.5:
            self.acknowledge()

    def keep(self, keep: Keep, place: Place) -> None:
        self.places += 1
        self.tell("place", time.monotonic(), *as_list(place))
        self.journal(keep)
        if self.every_place or self.chance.random() < 0.1:
            self.acknowledge()

    def acknowledge(self) -> None:
        if self.journal.flush(20.0):
            size, salt = wal_of(self.path)
            self.tell("ack", self.rows, self.places, size, salt)
        else:
            self.tell("stuck")


def where(state: State) -> tuple[str, str, str, str, int]:
    """The routine and the segment; nothing of no routine."""
    session = session_of(state)
    if session is None:
        return ("", "", "", "", 0)
    item, part, side, repetition = keys(session.plan)[session.index]
    exercise = session.plan.exercise_ids[item] if item >= 0 else ""
    return (session.plan.id, exercise, part, side, repetition)


def as_list(place: Place) -> list[Any]:
    at = [place.routine, place.exercise, place.part, place.side, place.repetition]
    return [*at, place.elapsed_s, place.sit_left_s, place.snoozes]


def wal_of(path: Path) -> tuple[int, int]:
    """How long the log of changes is, and its salt, which tells it from the one after."""
    with contextlib.suppress(OSError), path.with_name(path.name + "-wal").open("rb") as file:
        head = file.read(WAL_HEADER_BYTES)
        if len(head) == WAL_HEADER_BYTES:
            return file.seek(0, os.SEEK_END), struct.unpack(">8I", head)[4]
    return 0, 0


# --- one round --------------------------------------------------------------


@dataclass
class Told:
    """What a child said it handed over."""

    every_place: bool = False
    began: tuple[str | int, ...] = ()
    rows: list[tuple[float, tuple[str, str, str]]] = field(default_factory=list)
    places: list[tuple[float, list[Any]]] = field(default_factory=list)
    acked: tuple[int, int] = (0, 0)
    wal: tuple[int, int] = (0, 0)


@dataclass
class Harness:
    """The file that is killed over, and what has to be in it."""

    path: Path
    chance: random.Random
    told_settings: Settings = field(default_factory=settings)
    exercises: list[tuple[str, str, str]] = field(default_factory=list)
    place: list[Any] | None = None
    seen: Counter[str] = field(default_factory=Counter)

    def round(self, *, power: bool) -> None:
        told, killed_at = self.run_and_kill(power=power)
        self.seen["power cuts" if power else "kills"] += 1
        with contextlib.closing(sqlite3.connect(self.copy("seen-"))) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            if database.execute("PRAGMA user_version").fetchone() == (0,):
                # Killed before the file was laid out: then nothing may have been promised.
                promised = [*self.exercises, *(self.place or []), *filter(None, told.acked)]
                assert promised == []
                self.seen["ended before the file was laid out"] += 1
                return
            self.check_exercises(database, told, killed_at)
            self.check_place(database, told, killed_at)

    def run_and_kill(self, *, power: bool) -> tuple[Told, float]:
        out, told = os.pipe()
        seed = self.chance.randrange(2**32)
        lives_s = self.chance.choice((0.02, 0.1, 0.3, 0.3, 1.5)) * self.chance.random() + 0.005
        pid = os.fork()
        if pid == 0:
            os.close(out)
            with contextlib.suppress(BaseException):
                Child(self.path, told, seed, self.told_settings).live()
            os._exit(1)
        os.close(told)
        with os.fdopen(out, "rb") as reader:
            first = reader.readline()  # so that opening the file is killed over too, but not only
            time.sleep(lives_s)
            if power:
                os.kill(pid, signal.SIGSTOP)
                os.waitpid(pid, os.WUNTRACED)
            killed_at = time.monotonic()
            if power:
                self.copy("cut-")
            os.kill(pid, signal.SIGKILL)
            lines = [first, *reader]
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), "the child ended by itself"
        account = read_account(lines)
        if power:
            self.tear(account)
        return account, killed_at

    def copy(self, prefix: str) -> Path:
        """The files as they lie now, without the shared memory. The journal itself is left for
        the next child to find."""
        for suffix in ("", "-wal", "-shm"):
            source = self.path.with_name(self.path.name + suffix)
            to = source.with_name(prefix + source.name)
            to.unlink(missing_ok=True)
            if suffix != "-shm" and source.exists():
                shutil.copyfile(source, to)
        return self.path.with_name(prefix + self.path.name)

    def tear(self, told: Told) -> None:
        """Make the copy the journal, as it would be found: no shared memory, and what came after
        the last acknowledged commit cut off or garbled."""
        for suffix in ("", "-wal", "-shm"):
            name = self.path.name + suffix
            self.path.with_name(name).unlink(missing_ok=True)
            if (copy := self.path.with_name(f"cut-{name}")).exists():
                copy.rename(self.path.with_name(name))
        size, salt = wal_of(self.path)
        acked_size, acked_salt = told.wal
        if not size or salt != acked_salt or size <= acked_size:
            return
        wal = self.path.with_name(self.path.name + "-wal")
        with wal.open("r+b") as file:
            if self.chance.random() < 0.5:
                file.truncate(self.chance.randrange(acked_size, size))
            else:
                file.seek(self.chance.randrange(acked_size, size))
                file.write(self.chance.randbytes(512)[: size - file.tell()])
        self.seen["torn logs"] += 1

    def check_exercises(self, database: sqlite3.Connection, told: Told, killed_at: float) -> None:
        found = database.execute("SELECT exercise, side, how FROM exercise ORDER BY id").fetchall()
        known = len(self.exercises)
        handed = [row for _, row in told.rows]
        sure = max(told.acked[0], sum(at < killed_at - SURE_S for at, _ in told.rows))
        assert found[:known] == self.exercises, "what was written before has changed"
        kept = found[known:]
        assert kept == handed[: len(kept)], f"{kept} was never handed over as such"
        assert len(kept) >= sure, f"{sure} exercises had to be there, {len(kept)} are"
        self.exercises = found
        self.seen["exercises"] += len(kept)
        self.seen["exercises acknowledged"] += sure
        self.seen["exercises handed over in the last instant and not kept"] += len(handed) - len(
            kept
        )

    def check_place(self, database: sqlite3.Connection, told: Told, killed_at: float) -> None:
        columns = (
            "routine",
            "exercise",
            "part",
            "side",
            "repetition",
            "elapsed_s",
            "sit_left_s",
            "snoozes",
        )
        picked = ", ".join(f"kept ->> '{column}'" for column in columns)
        row = database.execute(f"SELECT {picked} FROM place").fetchone()  # noqa: S608
        if self.place is not None:
            assert told.began == tuple(self.place[:5]), "it began at another place"
        places = [place for _, place in told.places]
        sure = max(told.acked[1], sum(at < killed_at - SURE_S for at, _ in told.places))
        if row is None or (list(row) == self.place and sure == 0):
            assert sure == 0, "the place is lost"
            self.seen["places of the run before"] += 1
            return
        number = max(n for n, place in enumerate(places, 1) if place == list(row))
        assert number >= sure, "the place is too old"
        behind = len(places) - number
        if told.every_place:
            assert behind <= 1, f"the place is {behind} places behind"
            self.seen[f"places waited for and {behind} behind"] += 1
        self.seen["places"] += 1
        self.seen["in the middle of a session"] += bool(row[0])
        self.place = list(row)


def read_account(lines: list[bytes]) -> Told:
    told = Told()
    for line in lines:
        if not line.endswith(b"\n"):
            continue  # cut off in the middle: it was not said
        match json.loads(line):
            case ["began", every_place, *began]:
                told.every_place, told.began = every_place, tuple(began)
            case ["row", at, name, side, how]:
                told.rows.append((at, (name, side, how)))
            case ["place", at, *place]:
                told.places.append((at, place))
            case ["ack", rows, places, size, salt]:
                told.acked, told.wal = (rows, places), (size, salt)
            case other:
                raise AssertionError(f"the child said {other}")
    return told


def many(folder_: Path, rounds: int, seed: int) -> Counter[str]:
    """Kill that often; what was seen. Raises AssertionError at the first thing that is wrong."""
    harness = Harness(folder_ / "journal.sqlite3", random.Random(seed))
    for number in range(rounds):
        try:
            harness.round(power=number % 2 == 1)
        except AssertionError as error:
            raise AssertionError(f"round {number} of seed {seed}: {error}") from error
    return harness.seen


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        seen = many(Path(name), rounds, seed)
        size = (Path(name) / "journal.sqlite3").stat().st_size
    for what, count in sorted(seen.items()):
        print(f"{count:8}  {what}")
    print(f"nothing lost, nothing damaged in {rounds} rounds ({time.monotonic() - began:.0f} s,")
    print(f"the file had {size / 1e6:.1f} MB at the end)")


if __name__ == "__main__":
    main()
