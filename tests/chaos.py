"""A life with failing parts: the real program in a room of its own, and one fault after another.

`python -m tests.chaos --minutes 30 --seed 1` runs it and prints what came of it as JSON. The same
seed brings the same faults in the same order. Somebody uses the assistant all the while, with short
routines and a reminder each minute; between faults the parts have time to come back. It ends with
everything mended, and judges: did the parent live, did it always answer, came all holds and
reminders in time, was every lost part found again, and is nothing left behind?

The wall clock that is set is the program's own (see own_time), since the machine's is everybody's.
The disk that is slow or full is one of its own, which only root can make; without it those two
faults are left out.
"""

import argparse
import contextlib
import fcntl
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.coach.effects import Chime, Effect, Record, Sound
from assistant.coach.events import Due
from assistant.coach.settings import Settings
from assistant.coach.step import begin, deadline, step
from assistant.machine.messages import build
from assistant.simulation.recording import EVENTS
from tests.meters import family, memory_mib
from tests.own_time import Added
from tests.product import UNASKED, Assistant, Folders, command, descendants
from tests.room import Room, missing

FIFREEZE, FITHAW = 0xC0045877, 0xC0045878
"""Of <linux/fs.h>."""
EAR, VOICE = "hearing.listener", "speaking.voice"
TRAINING = ("start short", "pause", "go on", "next", "repeat", "how long left", "stop", "stretch")
WORKING = ("louder", "quieter", "next break", "how did i do today", "help", "stop")
WHEN_ASKED = ("i'm up", "snooze", "stretch")
PHASE_S = (60.0, 180.0)
"""How long somebody does the one or the other, before they think again."""
PAUSE_S = (1.0, 4.0)
AWAY_S = (3.0, 8.0)
STALL_S = (1.0, 6.0)
BREATH_S = (0.05, 0.5)
"""How long a slow disk stands still, and does something, in turn."""
HOUR_S, DAY_S = 3600.0, 86400.0
ANSWER_S = 20.0
"""How long a typed word may take to reach the coach on a machine that others use too; more is a
program that stands still. The slowest answer is reported."""
MEND_S = 90.0
"""The journal tries a full disk again after half a minute; the slowest start waits ten seconds."""


@dataclass
class Report:
    seed: int
    minutes: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    words: int = 0
    slowest_answer_s: float = 0.0
    late_ms: dict[str, list[float]] = field(default_factory=dict)
    """How late each deadline was met: of holds, of reminders, and all others."""
    memory_mib: list[float] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    still_lost: list[str] = field(default_factory=list)
    stop_s: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        late = {what: _summed(values) for what, values in sorted(self.late_ms.items())}
        return json.dumps(vars(self) | {"late_ms": late}, indent=2)


def _summed(values: list[float]) -> dict[str, float]:
    late = sorted(values)
    return {
        "count": len(late),
        "median": round(late[len(late) // 2], 1),
        "99 percent": round(late[len(late) * 99 // 100], 1),
        "most": round(late[-1], 1),
    }


class Life:
    """The program, its room, its disk, and what is done to them."""

    def __init__(self, seed: int, room: Room, folder: Path, own_disk: bool) -> None:
        self.chance = random.Random(seed)
        self._whim = random.Random(seed)  # its own, since what is said depends on what goes on
        self.report = Report(seed)
        self._room, self._folder = room, folder
        self._state = folder / "state"
        self._record = folder / "steps.jsonl"
        self._read = 0
        self._events: list[dict[str, Any]] = []
        self._lamp, self._phase_until = "", 0.0
        self._phase: Sequence[str] = TRAINING
        self._faults = [self.kill, self.hang, self.unplug, self.crowd, self.starve, self.jump]
        if own_disk:
            self._faults += [self.fill, self.drag]
        folders = Folders(folder)
        folders.routine("short", "short", folders.exercise("hold", "hold", hold_s=3.0, sets=2))
        (folders.config / "config.toml").write_text(
            f'{UNASKED}routine = "short"\n[reminder]\nsit_min = 1.0\nup_min = 0.5\ngap_min = 0.5\n'
            'snooze_min = 1.0\ncourtesy_min = 0.0\nroutine = "short"\n'
        )
        environment = room.env() | folders.env()
        self._spoken, clocks = folder / "spoken.wav", folder / "clocks"
        said = command("say", "Hey coach, how long left?", "--to", str(self._spoken))
        subprocess.run(said, check=True, capture_output=True, env=environment)
        self._added, self._wall_s = Added(clocks), 0.0
        self.program = Assistant(
            ["run", "--plain", "--record", str(self._record)],
            environment,
            record=False,
            own_time=clocks,
        )

    # --- faults -----------------------------------------------------------------

    def kill(self) -> None:
        """The ear or the voice dies."""
        self._signal(signal.SIGKILL)

    def hang(self) -> None:
        """The ear or the voice stands still, and has to be ended."""
        self._signal(signal.SIGSTOP)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._victims():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _victims(self) -> list[int]:
        module = self.chance.choice((EAR, VOICE))
        children = descendants(self.program.process.pid)
        return [pid for pid, words in children.items() if module in words]

    def starve(self) -> None:
        """The ear or the voice gets no more memory than it has, while there is work to do."""
        for pid in self._victims():
            with contextlib.suppress(OSError):
                size = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
                most = (size * resource.getpagesize(), resource.RLIM_INFINITY)
                resource.prlimit(pid, resource.RLIMIT_AS, most)
        self._room.play(self._spoken, wait=False)
        self.answers("help")
        self.rest(AWAY_S)
        for pid in descendants(self.program.process.pid):
            with contextlib.suppress(OSError):
                resource.prlimit(pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)

    def jump(self) -> None:
        """The wall clock is set by an hour or a day, back or forth; all others go on."""
        self._look()
        before = len(self._events)
        self._wall_s += self.chance.choice((-DAY_S, -HOUR_S, HOUR_S, DAY_S))
        self._added.set(wall_s=self._wall_s)
        self.answers("help")  # it wakes the pump, which sees the clock with its next turn
        limit = time.monotonic() + ANSWER_S
        while not any(event["is"] == "WallClock" for event in self._events[before:]):
            if time.monotonic() > limit:
                self.report.wrong.append("it did not see that the wall clock was set")
                return
            time.sleep(0.02)
            self._look()

    def unplug(self) -> None:
        """Microphone and loudspeaker are gone for a while."""
        self._room.stop_server()
        self.rest(AWAY_S)
        self._room.start_server()

    def crowd(self) -> None:
        """Others take the processor for a while, as a Pi does that is hot."""
        busy = [
            subprocess.Popen([sys.executable, "-c", "while True: pass"])
            for _ in range(os.cpu_count() or 1)
        ]
        self.rest(AWAY_S)
        for one in busy:
            one.kill()
            one.wait()

    def fill(self) -> None:
        """The disk of the journal is full for a while."""
        filler = self._state / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(65536))
        self.rest(AWAY_S)
        filler.unlink(missing_ok=True)

    def drag(self) -> None:
        """The disk of the journal stands still for seconds with whatever is written, as a worn
        memory card does."""
        for _ in range(self.chance.randint(1, 3)):
            with frozen(self._state):
                self.answers(self.word())
                self.rest(STALL_S)
            self.rest(BREATH_S)

    # --- living -----------------------------------------------------------------

    def rest(self, span: tuple[float, float]) -> None:
        time.sleep(self.chance.uniform(*span))

    def live(self, minutes: float) -> None:
        """One fault and a few words, over and over."""
        self.answers("help")
        until = time.monotonic() + minutes * 60
        while time.monotonic() < until and not self.report.wrong:
            fault = self.chance.choice(self._faults)
            self.report.faults[fault.__name__] += 1
            fault()
            for _ in range(self.chance.randint(1, 3)):
                self.answers(self.word())
                self.rest(PAUSE_S)
            pids = family(self.program.process.pid)
            self.report.memory_mib.append(round(memory_mib(pids), 1))
        self.report.minutes = minutes

    def word(self) -> str:
        """What somebody says who trains for a while, then works, and answers when asked to stand
        up."""
        if time.monotonic() > self._phase_until:
            self._phase = self._whim.choice((TRAINING, WORKING))
            self._phase_until = time.monotonic() + self._whim.uniform(*PHASE_S)
        return self._whim.choice(WHEN_ASKED if self._lamp == "due" else self._phase)

    def answers(self, word: str) -> None:
        """Type a word, and see that it reaches the coach."""
        self._look()
        before = len(self._events)
        try:
            at = self.program.type(word)
        except (BrokenPipeError, OSError):
            self.report.wrong.append(f"the program ended (code {self.program.process.poll()})")
            return
        self.report.words += 1
        while time.monotonic() - at < ANSWER_S:
            self._look()
            if any(event["is"] in ("Asked", "Unclear") for event in self._events[before:]):
                took_s = time.monotonic() - at
                self.report.slowest_answer_s = max(self.report.slowest_answer_s, round(took_s, 2))
                return
            time.sleep(0.02)
        self.report.wrong.append(f"{word!r} did not reach the coach in {ANSWER_S} s")

    def end(self) -> None:
        """All is mended now: wait until every part is back, then stop it."""
        self._added.set()
        limit = time.monotonic() + MEND_S
        while self._missing() and time.monotonic() < limit:
            # The journal is found again by what is written next, so something has to be.
            for word in ("start short", "stop"):
                self.answers(word)
                self.rest(PAUSE_S)
        self.report.still_lost = sorted(self._missing())
        self.report.wrong += [f"{part} was never found again" for part in self.report.still_lost]
        at = self.program.terminate()
        code = self.program.wait()
        self.report.stop_s = round(time.monotonic() - at, 2)
        if code != 0:
            self.report.wrong.append(f"it ended with code {code}")
        if left := self.program.left_behind():
            self.report.wrong.append(f"processes were left behind: {sorted(left)}")
        self._judge_times()

    def _look(self) -> None:
        """Read on in the recording."""
        if not self._record.exists():
            return
        with self._record.open("rb") as file:
            file.seek(self._read)
            *whole, rest = file.read().split(b"\n")
            self._read = file.tell() - len(rest)
        for line in whole:
            if b'"event"' in line:
                told = json.loads(line)
                self._events.append(told["event"])
                for effect in told["effects"]:
                    if effect["is"] == "SetLamp":
                        self._lamp = effect["lamp"]

    def _missing(self) -> set[str]:
        self._look()
        lost: set[str] = set()
        self.report.lost = Counter()
        for event in self._events:
            if event["is"] == "Lost":
                lost.add(event["part"])
                self.report.lost[event["part"]] += 1
            elif event["is"] == "Found":
                lost.discard(event["part"])
        return lost

    def _judge_times(self) -> None:
        """Play the recording again: the same effects, and how late each deadline was met."""
        first, *lines = [json.loads(line) for line in self._record.read_text().splitlines()]
        settings = build(Settings, first["settings"])
        state, _ = begin(settings, first["now"], greet=first["greet"], place=None)
        for line in lines:
            event, now, due = (
                build(EVENTS[line["event"]["is"]], line["event"]),
                line["now"],
                deadline(state),
            )
            state, effects = step(state, event, now)
            if isinstance(event, Due) and due is not None and now >= due:
                self.report.late_ms.setdefault(_meant_for(effects), []).append(1000 * (now - due))


def _meant_for(effects: list[Effect]) -> str:
    """What a deadline was for, by what it brought."""
    if Chime(Sound.END) in effects:
        return "holds"
    if any(isinstance(effect, Record) and effect.kind == "break_due" for effect in effects):
        return "reminders"
    return "others"


@contextlib.contextmanager
def disk(folder: Path) -> Iterator[bool]:
    """A disk of four megabytes for what the program keeps, where that may be made."""
    state, image = folder / "state", folder / "image"
    state.mkdir()
    with image.open("wb") as file:
        file.truncate(4 << 20)
    # Without ext4's own journal: what is written waits for nobody but the disk.
    make = ["mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", str(image)]
    made = all(
        subprocess.run(words, capture_output=True).returncode == 0
        for words in (make, ["mount", "-o", "loop", str(image), str(state)])
    )
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", "--lazy", state], check=True)


@contextlib.contextmanager
def frozen(folder: Path) -> Iterator[None]:
    """Whoever writes to this disk meanwhile, or waits for what was written, waits for its end."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.ioctl(descriptor, FIFREEZE, 0)
        try:
            yield
        finally:
            fcntl.ioctl(descriptor, FITHAW, 0)
    finally:
        os.close(descriptor)


def run(minutes: float, seed: int) -> Report:
    """Live that long; the report's `wrong` is empty if all went well."""
    with (
        tempfile.TemporaryDirectory(prefix="chaos-") as name,
        disk(Path(name)) as own,
        Room() as room,
    ):
        life = Life(seed, room, Path(name), own)
        with life.program:
            life.live(minutes)
            life.end()
        return life.report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if lacking := missing():
        sys.exit(f"no room without these packages: {' '.join(lacking)}")
    report = run(asked.minutes, asked.seed)
    print(report.as_json())
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
