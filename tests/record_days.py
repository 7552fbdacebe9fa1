"""Days of the real program, recorded for `test_recordings` to play again.

`python -m tests.record_days` lets the program run ten times with `--record`, in a virtual room with
a microphone and a loudspeaker, types what a person would, presses a mock of the button's pin, sets
its clocks ahead and pulls its plug, and packs what was written into tests/recordings. Do it anew
when a rule changes what is ordered, and say which. It takes some five minutes.
"""

import io
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.own_time import Added
from tests.product import ROOT, UNASKED, Folders
from tests.room import Room

ARCHIVE = ROOT / "tests" / "recordings" / "days.tar.xz"
PRESS_S, HELD_S = 0.15, 2.4
CONFIGURATION = 'routine = "short"\ninstructions = "short"\n'


class Day:
    """One program that runs, and what a person does to it."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.file = folder / f"{name}.jsonl"
        self._added = Added(folder / f"{name}.clocks")
        self._pins = folder / f"{name}.pins"
        os.mkfifo(self._pins)
        words = [__spec__.name, str(self._pins), str(folder / f"{name}.clocks")]
        self._program = subprocess.Popen(
            [sys.executable, "-m", *words, "run", "--plain", "--record", str(self.file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env={**environment, "GPIOZERO_PIN_FACTORY": "mock"}
            | {"GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin"},
        )
        self.wait('"Found", "part": "microphone"')

    def type(self, *lines: str, each_s: float = 1.5) -> None:
        assert self._program.stdin is not None
        for line in lines:
            self._program.stdin.write(f"{line}\n")
            self._program.stdin.flush()
            time.sleep(each_s)

    def wait(self, words: str, times: int = 1, within_s: float = 90.0) -> None:
        """Until this was recorded so often."""
        until = time.monotonic() + within_s
        while not self.file.exists() or self.file.read_text().count(words) < times:
            if time.monotonic() > until or self._program.poll() is not None:
                raise SystemExit(f"{self.file.stem}: {words!r} was not recorded {times} times")
            time.sleep(0.1)

    def later(self, seconds: float) -> None:
        """That much time has gone by, on all clocks; a typed line wakes it."""
        self._added.set(all_s=self._added.read()[1] + seconds)

    def press(self, for_s: float = PRESS_S) -> None:
        with self._pins.open("w") as pins:
            pins.write(f"{for_s}\n")
        time.sleep(for_s + 1.5)

    def end(self, number: int = signal.SIGTERM) -> None:
        self._program.send_signal(number)
        self._program.wait(10)


def session(day: Day) -> None:
    day.type("start short")
    day.wait('"kind": "session_end"')


def pause(day: Day) -> None:
    day.type("start short")
    day.wait('"lamp": "holding"')
    day.type("pause", "how long left", "make it longer", "go on", each_s=2)
    day.wait('"lamp": "holding"', 2)
    day.type("pause", "next", "stop", each_s=2)


def hurt(day: Day) -> None:
    day.type("start short")
    day.wait('"lamp": "holding"')
    day.type("ouch", "no", each_s=4)
    day.type("ouch", "yes", each_s=4)
    day.type("start short", "start lower back strength", each_s=6)


def questions(day: Day) -> None:
    day.type("start lower back gentle", each_s=6)
    day.type("repeat", "help", "no", "yes", each_s=4)
    day.type(*["no"] * 20, each_s=1.5)
    day.type("three", each_s=4)
    day.type("next", "next", "stop", "four", each_s=4)


def reminder(day: Day) -> None:
    day.type("next break")
    day.later(1198)
    day.type("next break")
    day.wait('"sound": "due"')
    day.type("snooze", each_s=3)
    day.later(298)
    day.type("next break")
    day.wait('"sound": "due"', 2)
    day.type("i'm up", each_s=3)
    day.later(118)
    day.type("help", each_s=6)
    day.type("how did i do today", each_s=5)


def quiet(day: Day) -> None:
    day.type("in a meeting", "next break", "reminders on", "quiet for an hour", each_s=3)
    day.later(3598)
    day.type("next break", "lunch", each_s=4)
    day.later(3598)
    day.type("i'm back", "remind me every thirty minutes", each_s=4)


def cut(day: Day) -> None:
    day.type("start short")
    day.wait('"lamp": "holding"', 2)
    time.sleep(1.2)


def after_the_cut(day: Day) -> None:
    day.type("go on", each_s=5)
    day.wait('"kind": "session_end"')


def timer(day: Day) -> None:
    day.type("ice for ten minutes", "how long left", each_s=3)
    day.later(298)
    day.type("help", each_s=5)
    day.later(298)
    day.type("help", each_s=6)
    day.type("stop the timer", "heat timer", each_s=3)


def typed(day: Day) -> None:
    day.type("hello there", "help", "slower", "louder", "list routines", each_s=3)
    day.type("start short", "explain", "why this exercise", "what's next", each_s=4)
    day.type("back", "other side", "make it easier", "stop", "how did i do today", each_s=3)


def button(day: Day) -> None:
    day.press()
    day.wait('"lamp": "holding"')
    day.press()
    day.press()
    day.wait('"lamp": "holding"', 2)
    day.press(HELD_S)
    day.press(HELD_S)
    day.press()


DAYS: dict[str, Callable[[Day], None]] = {
    "session": session,
    "pause": pause,
    "hurt": hurt,
    "questions": questions,
    "reminder": reminder,
    "quiet": quiet,
    "power-cut": cut,
    "power-cut-2": after_the_cut,
    "timer": timer,
    "typed": typed,
    "button": button,
}


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, Room() as room:
        folder = Path(scratch)
        for name, lived in DAYS.items():
            person = folder / name.removesuffix("-2")  # the day after is the same person's
            folders = Folders(person) if not person.exists() else None
            if folders is not None:
                asks = "[session]\nwelcome = false\n" if lived is questions else UNASKED
                (folders.config / "config.toml").write_text(asks + CONFIGURATION)
                tall = folders.exercise("tall", "standing tall", hold_s=6.0)
                still = folders.exercise("still", "standing still", hold_s=6.0)
                folders.routine("short", "short", tall, still)
                environment = {**room.env(), **folders.env()}
            day = Day(name, folder, environment)
            try:
                lived(day)
            finally:
                day.end(signal.SIGKILL if lived is cut else signal.SIGTERM)
            print(name, len(day.file.read_text().splitlines()), "lines")
        with tarfile.open(ARCHIVE, "w:xz") as archive:
            for name in DAYS:
                written = (folder / f"{name}.jsonl").read_bytes()
                for place in (scratch, str(ROOT)):  # where it was written is nobody's business
                    written = written.replace(place.encode(), b"")
                whole = written[: written.rindex(b"\n") + 1]  # a cut may leave half a line
                packed = tarfile.TarInfo(f"{name}.jsonl")
                packed.size = len(whole)
                archive.addfile(packed, io.BytesIO(whole))


def program(pins: str, clocks: str, *arguments: str) -> int:
    """The assistant, whose button is pressed for as many seconds as each line of `pins` says."""
    from tests import own_time

    def presses() -> None:
        from gpiozero import Device

        while True:
            for line in Path(pins).read_text().splitlines():
                pin = Device.pin_factory.pin(17)
                pin.drive_low()
                time.sleep(float(line))
                pin.drive_high()

    threading.Thread(target=presses, daemon=True).start()
    sys.argv[1:] = [clocks, *arguments]
    return own_time.main()


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(program(*sys.argv[1:]))
    main()
