"""What the whole program measures on this machine, as one table: `python tests/bench.py`.

It starts the real program in a room (see `room`) and judges the loudspeaker's recording, the
kernel's accounts and the steps that the program records. It asserts nothing. Synthetic voices
stand in for people: their share of understood commands says nothing about human ones.
"""

import argparse
import contextlib
import os
import platform
import pty
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

if __name__ == "__main__":  # also as a script from any folder
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import soundfile

from assistant.coach.effects import Sound
from assistant.content import sentences
from assistant.content.plan import compile_plan
from assistant.content.routine_reader import load
from assistant.content.types import Plan, Routine
from tests.drift import lead
from tests.meters import Figure, cpu_s, family, memory_mib, table
from tests.product import ROOT, Assistant, Folders, Step, chime
from tests.room import RATE_HZ, Recording, Room, last_loud, missing, similarity, trim
from tests.synthetic import Speaker, Voice, voices

DRIFT_PLAN_S = 1800.0
SHORT_HOLD_S = 1.0
CHIME_WITHIN_S = 0.4
"""How late after its order a chime is looked for."""
HISS_DB = -60.0
"""A quiet room through a cheap microphone: what the program hears while CPU time is counted."""


class Bench:
    """What all measurements share: a person with routines, a speaker, and how long to measure."""

    def __init__(self, folder: Path, quick: bool) -> None:
        self.quick = quick
        self.folder = folder
        self.speaker = Speaker(folder)
        self.folders = Folders(folder)
        self.holds_s = [SHORT_HOLD_S] * (6 if quick else 50) + [10.0 if quick else 60.0]
        self._write_routines()

    def _write_routines(self) -> None:
        short, long = self.holds_s[:-1], self.holds_s[-1]
        folders = self.folders
        folders.exercise(
            "many", "many holds", mode="hold_reps", hold_s=SHORT_HOLD_S, reps=len(short)
        )
        folders.exercise("long", "one long hold", hold_s=long)
        folders.exercise("calm", "a calm hold", hold_s=600.0)
        folders.exercise("calmer", "another calm hold", hold_s=600.0)
        folders.routine("many-holds", "mini test", "many", "long")
        folders.routine("calm-holds", "morning test", "calm", "calmer")

    @contextlib.contextmanager
    def stage(
        self, *arguments: str, stdin: int = subprocess.PIPE, record: bool = True
    ) -> Iterator[tuple[Room, Assistant]]:
        # A program that finds the place of an earlier one says so instead of being ready.
        state = tempfile.mkdtemp(prefix="state-", dir=self.folder)
        with Room() as room:
            environment = room.env() | self.folders.env() | {"XDG_STATE_HOME": state}
            with Assistant(
                ["run", *arguments], environment, stdin=stdin, record=record
            ) as assistant:
                yield room, assistant

    def load(self) -> dict[str, Routine]:
        return load([ROOT / "routines", self.folders.routines]).routines


# --- time ---------------------------------------------------------------------


def drift(bench: Bench) -> list[Figure]:
    routine = bench.load()["lower-back-strength"]
    plan = _longer_than(DRIFT_PLAN_S, routine)
    walks = [lead(plan, seed) for seed in range(5)]
    name = f"{plan.total_s / 60:.0f} min of plan, simulated clock"
    return [
        Figure(
            f"end against plan, {name}", "ms", [1000 * walk.late_s for walk in walks], "no drift"
        ),
        Figure(
            f"hold error, {name}",
            "ms",
            [abs(1000 * error) for walk in walks for error in walk.hold_errors_s],
            "wakes up to 20 ms late",
        ),
    ]


def _longer_than(length_s: float, routine: Routine) -> Plan:
    items = routine.items
    while (plan := compile_plan(replace(routine, items=items))).total_s < length_s:
        items += routine.items
    return plan


def holds(bench: Bench) -> list[Figure]:
    with bench.stage("many-holds", "--once") as (room, assistant):
        code = assistant.wait(900)
        recording = room.record()
        steps = list(assistant.steps)
    if code:
        raise SystemExit(f"the routine did not end well (exit code {code})")
    begins = [_heard(recording, Sound.BEGIN, step.at) for step in _chimes(steps, "begin")]
    ends = [_heard(recording, Sound.END, step.at) for step in _chimes(steps, "end")]
    errors = [
        abs(1000 * (end - begin - planned))
        for begin, end, planned in zip(begins, ends, bench.holds_s, strict=True)
        if begin is not None and end is not None
    ]
    length_s = steps[-1].at - steps[0].at
    return [
        Figure(f"hold error in the recording, {length_s:.0f} s", "ms", errors, "p99 <= 50", 1),
        Figure("holds whose chimes were found", "of " + str(len(bench.holds_s)), [len(errors)]),
    ]


def _chimes(steps: Sequence[Step], sound: str) -> list[Step]:
    return [step for step in steps if step.orders("Chime", sound=sound)]


def _heard(recording: Recording, sound: Sound, ordered: float) -> float | None:
    """When a chime that was ordered then was heard, even under speech."""
    needle = trim(chime(sound))
    window = recording.between(ordered, ordered + CHIME_WITHIN_S + len(needle) / RATE_HZ)
    likeness = similarity(window.samples, needle)
    if not len(likeness) or likeness.max() < 0.3:
        return None
    return window.start + int(likeness.argmax()) / RATE_HZ


def cut(bench: Bench) -> list[Figure]:
    """Press into a long sentence, at another place of it each time."""
    values: list[float] = []
    keyboard, terminal = pty.openpty()
    try:
        with bench.stage("calm-holds", stdin=terminal) as (room, assistant):
            assistant.wait_lamp("holding", 40)
            for turn in range(3 if bench.quick else 12):
                os.write(keyboard, b"help\n")
                text = sentences.HELP_PAUSED if turn % 2 else sentences.HELP_SESSION
                said = assistant.wait_said(text)
                room.loudspeaker.wait_until(said.at + 1.0 + 0.17 * turn)
                pressed = time.monotonic()
                os.write(keyboard, b" ")
                answered = assistant.wait_asked("press", "key")
                room.loudspeaker.wait_until(answered.at)
                ended = last_loud(room.record(pressed - 0.1).between(pressed, answered.at))
                if ended is not None:  # otherwise the press fell between two words
                    values.append(1000 * (ended - pressed))
                if turn % 2:
                    assistant.wait_lamp("holding")
                assistant.wait_listening()
    finally:
        os.close(keyboard)
        os.close(terminal)
    return [Figure("last sound after a press, recorded", "ms", values, "<= 120")]


def start(bench: Bench) -> list[Figure]:
    said, spoken, heard = [], [], []
    for _ in range(3 if bench.quick else 9):
        with bench.stage() as (room, assistant):
            ready = assistant.wait_line("Ready when you are")
            found = assistant.wait_step(
                lambda step: step.tells("Found", "microphone"), "the microphone"
            )
            said.append(ready.at - assistant.began)
            spoken.append(room.loudspeaker.wait_sound(assistant.began) - assistant.began)
            heard.append(found.at - assistant.began)
    return [
        Figure('start to "Ready"', "s", said, "<= 2", 2),
        Figure("start to hearing", "s", heard, "<= 2", 2),
        Figure("start to its first word, recorded", "s", spoken, "<= 2", 2),
        *_second_start(bench),
    ]


def _second_start(bench: Bench) -> list[Figure]:
    """deploy/run where it was run before; a first start would install things."""
    if not (ROOT / ".venv" / "stamp").exists():
        print("deploy/run has not set up this checkout: its second start is not measured")
        return []
    values = []
    with Room() as room:
        for _ in range(3 if bench.quick else 9):
            began = time.monotonic()
            process = subprocess.Popen(
                [str(ROOT / "deploy" / "run")],
                env=room.env()
                | bench.folders.env()
                | {"XDG_STATE_HOME": tempfile.mkdtemp(prefix="state-", dir=bench.folder)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert process.stdout is not None
            assert process.stdin is not None
            for line in process.stdout:
                if "Ready" in line:
                    values.append(time.monotonic() - began)
                    break
            process.terminate()
            process.wait(5)
            process.stdout.close()
            process.stdin.close()
    return [Figure("second start of deploy/run to Ready", "s", values, "< 3", 2)]


# --- what it costs ------------------------------------------------------------


def cost(bench: Bench) -> list[Figure]:
    with bench.stage(record=False) as (room, assistant):
        assistant.wait_line("Ready when you are")
        room.loudspeaker.wait_sound(assistant.began)
        room.loudspeaker.wait_quiet(3.0)
        idle = _samples(lambda: memory_mib(family(assistant.process.pid)), 5)
        silent = _shares(assistant, 20.0 if bench.quick else 60.0)
        hiss = room.play(_hiss(bench, 30.0 if bench.quick else 70.0), wait=False)
        time.sleep(5)  # the gate learns what is quiet here
        hissing = _shares(assistant, 20.0 if bench.quick else 60.0)
        hiss.terminate()
        hiss.wait(5)
        assistant.type("start desk break")
        assistant.wait_line("heard: start desk break")
        leading = _samples(lambda: memory_mib(family(assistant.process.pid)), 15)
    return [
        Figure("memory of all processes (PSS), waiting", "MiB", idle, "<= 160"),
        Figure("memory of all processes (PSS), in a session", "MiB", leading, "<= 160"),
        Figure("CPU in digital silence, all processes", "% of a core", silent, "<= 4", 1),
        Figure(f"CPU in hiss of {HISS_DB:.0f} dB", "% of a core", hissing, "<= 4", 1),
    ]


def _samples(measure: Callable[[], float], count: int) -> list[float]:
    values = []
    for _ in range(count):
        values.append(measure())
        time.sleep(1)
    return values


def _shares(assistant: Assistant, length_s: float) -> list[float]:
    """Percent of one core, in stretches of ten seconds."""
    pids = family(assistant.process.pid)
    values = []
    for _ in range(round(length_s / 10)):
        used, began = cpu_s(pids), time.monotonic()
        time.sleep(10)
        values.append(100 * (cpu_s(pids) - used) / (time.monotonic() - began))
    return values


def _hiss(bench: Bench, length_s: float) -> Path:
    path = bench.folder / "hiss.wav"
    noise = np.random.default_rng(1).normal(0, 10 ** (HISS_DB / 20), round(length_s * RATE_HZ))
    soundfile.write(path, noise, RATE_HZ, subtype="PCM_16")
    return path


# --- being understood ---------------------------------------------------------

SCRIPT = (
    ("hey coach, start morning test", "start"),
    ("pause", "pause"),
    ("how long left", "time_left"),
    ("go on", "resume"),
    ("ten more seconds", "more_time"),
    ("louder", "louder"),
    ("what's next", "whats_next"),
    ("quieter", "quieter"),
    ("next", "next"),
    ("stop", "stop"),
)
"""One voice's part: each line fits the state that the one before leads to."""


def recall(bench: Bench) -> list[Figure]:
    cast = voices()[: 2 if bench.quick else None]
    latencies: list[float] = []
    shares: list[float] = []
    with bench.stage() as (room, assistant):
        for voice in cast:
            understood = 0
            for text, command in SCRIPT:
                latency = _ask(bench, room, assistant, voice, text, command)
                if latency is None:
                    print(f"  not understood: {voice}: {text}", flush=True)
                    assistant.type(text.removeprefix("hey coach, "))
                    assistant.wait_asked(command, "typed")
                else:
                    understood += 1
                    latencies.append(1000 * latency)
                if command == "resume":
                    assistant.wait_lamp("holding")  # nobody is heard while it counts to three
                if command in ("start", "next"):
                    _hurry_to_the_hold(assistant)
            shares.append(100 * understood / len(SCRIPT))
    return [
        Figure("commands understood, by synthetic voice", "%", shares),
        Figure("word end to decision", "ms", latencies),
    ]


def _ask(
    bench: Bench, room: Room, assistant: Assistant, voice: Voice, text: str, command: str
) -> float | None:
    """Say it; the seconds from the end of the speech to its being understood, or None."""
    assistant.wait_listening()
    room.loudspeaker.wait_quiet(1.0)
    began = time.monotonic()
    room.play(bench.speaker.say(voice, text))
    try:
        asked = assistant.wait_step(
            lambda step: step.event["is"] == "Asked" and step.at > began, "a command", timeout_s=3
        )
    except AssertionError:
        return None
    if asked.event["command"] != command:
        return None
    ended = last_loud(room.microphone.since(began).between(began, asked.at))
    return None if ended is None else asked.at - ended


def _hurry_to_the_hold(assistant: Assistant) -> None:
    """Leave out getting into position."""
    for _ in range(6):
        assistant.type("go")
        went = assistant.wait_asked("go", "typed")
        if went.orders("SetLamp", lamp="holding"):
            return
        if went.orders("Ignored"):
            return


# --- all of it ----------------------------------------------------------------

MEASUREMENTS: dict[str, Callable[[Bench], list[Figure]]] = {
    "drift": drift,
    "start": start,
    "cut": cut,
    "cost": cost,
    "recall": recall,
    "holds": holds,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about four minutes instead of 18")
    parser.add_argument("--only", choices=MEASUREMENTS, action="append", help="may be repeated")
    asked = parser.parse_args()
    if lacking := missing():
        print(f"no room without these packages: {' '.join(lacking)}", file=sys.stderr)
        return 1
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), asked.quick)
        for name in asked.only or MEASUREMENTS:
            print(f"measuring: {name}", flush=True)
            measured = MEASUREMENTS[name](bench)
            for figure in measured:
                print("  " + "  ".join(figure.row()), flush=True)
            figures += measured
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
