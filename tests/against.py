"""This checkout beside another commit of it: `python -m tests.against COMMIT [--rounds N]`.

Both are run by turns in one room on this machine, so that what else it does meets both alike. For
each figure it prints the medians, their spread and the ratio; below 1 is less. Each has a home of
its own, where it has been started once: what it keeps for its next start is there, its journal is a
new one. Processor times are of a whole process, and of all that it started. It asserts nothing.
"""

import argparse
import os
import platform
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.meters import cpu_s, family, memory_mib
from tests.product import ROOT, UNASKED, Assistant, Folders
from tests.room import Room, missing

PROGRAM = [
    sys.executable,
    "-P",
    "-c",
    "import sys; from assistant.cli import main; sys.exit(main())",
]
COMMANDS = (
    *("--help", "routines", "history", "simulate --days 1 --person diligent"),
    "simulate --days 365 --person diligent",
)
EAR = "assistant.hearing.listener"
IDLE_S = 20.0
Values = Iterator[tuple[str, str, float]]
"""What, its unit, how much."""


def unpack(commit: str, folder: Path) -> Path:
    """The files of a commit."""
    folder.mkdir()
    with subprocess.Popen(
        ["git", "-C", str(ROOT), "archive", commit], stdout=subprocess.PIPE
    ) as packed:
        subprocess.run(["tar", "-x", "-C", str(folder)], stdin=packed.stdout, check=True)
    if packed.returncode:
        raise SystemExit(f"{commit} can't be had here")
    return folder


def unasked(environment: dict[str, str]) -> str:
    """Of `UNASKED`, the keys that this version knows: it refuses another one's."""
    printed = subprocess.run(
        [*PROGRAM, "config"],
        env={"PATH": os.defpath, **environment},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    known = {line.partition(" =")[0] for line in printed.splitlines()}
    lines = UNASKED.splitlines(keepends=True)
    return "".join(line for line in lines if line[0] == "[" or line.partition(" =")[0] in known)


def life(room: Room, environment: dict[str, str]) -> Values:
    """From its start through waiting and a session, and a child that is killed."""
    with Assistant(["run", "--plain"], room.env() | environment, program=PROGRAM) as it:
        ready = it.wait_line("Ready when you are", 60)
        heard = it.wait_step(lambda step: step.tells("Found", "microphone"), "hearing", 60)
        yield "start to Ready", "ms", 1000 * (ready.at - it.began)
        yield "start to hearing", "ms", 1000 * (heard.at - it.began)
        spoken = room.loudspeaker.wait_sound(it.began)
        used = cpu_s(family(it.process.pid))
        yield "start to its first word, recorded", "ms", 1000 * (spoken - it.began)
        yield "processor until its first word, all processes", "ms", 1000 * used
        room.loudspeaker.wait_quiet(3.0)
        time.sleep(3)
        pids = family(it.process.pid)
        yield "memory of all processes (PSS), waiting", "MiB", memory_mib(pids)
        used, began = cpu_s(pids), time.monotonic()
        time.sleep(IDLE_S)
        share = (cpu_s(pids) - used) / (time.monotonic() - began)
        yield "processor, waiting in silence", "% of a core", 100 * share
        ear = it.child(EAR)
        os.kill(ear, signal.SIGKILL)
        killed = time.monotonic()
        again = it.wait_step(lambda step: step.tells("Found", "microphone"), "hearing again", 60)
        yield "ear killed to hearing again", "ms", 1000 * (again.at - killed)
        it.type("start desk break")
        it.wait_line("heard: start desk break", 20)
        time.sleep(12)
        yield (
            "memory of all processes (PSS), in a session",
            "MiB",
            memory_mib(family(it.process.pid)),
        )


def commands(environment: dict[str, str]) -> Values:
    for line in COMMANDS:
        began, before = time.monotonic(), children_s()
        subprocess.run(
            [*PROGRAM, *line.split()],
            env={"PATH": os.defpath, **environment},
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        yield f"`{line}`", "ms", 1000 * (time.monotonic() - began)
        yield f"`{line}`, processor", "ms", 1000 * (children_s() - before)


def children_s() -> float:
    """Processor seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", choices=("life", "commands"))
    asked = parser.parse_args()
    if lacking := missing():
        print(f"no room without these packages: {' '.join(lacking)}", file=sys.stderr)
        return 1
    found: dict[tuple[str, str], dict[bool, list[float]]] = defaultdict(
        lambda: {False: [], True: []}
    )
    with tempfile.TemporaryDirectory() as folder, Room() as room:
        trees = {False: unpack(asked.commit, Path(folder) / "other"), True: ROOT}
        homes = {ours: Folders(Path(tempfile.mkdtemp(dir=folder))) for ours in trees}
        for ours, folders in homes.items():
            environment = folders.env() | {"PYTHONPATH": str(trees[ours])}
            config = folders.config / "config.toml"
            config.unlink()
            config.write_text(unasked(environment))
            with Assistant(["run"], room.env() | environment, program=PROGRAM) as it:
                it.wait_line("Ready when you are", 90)
        for number in range(asked.rounds):
            for ours in (False, True) if number % 2 else (True, False):
                environment = homes[ours].env() | {"PYTHONPATH": str(trees[ours])}
                shutil.rmtree(homes[ours].state)
                measures: dict[str, Callable[[], Values]] = {
                    "life": lambda environment=environment: life(room, environment),  # type: ignore[misc]
                    "commands": lambda environment=environment: commands(environment),  # type: ignore[misc]
                }
                for name, measure in measures.items():
                    if asked.only in (None, name):
                        for what, unit, value in measure():
                            found.setdefault((what, unit), {False: [], True: []})[ours].append(
                                value
                            )
            print(f"round {number + 1} of {asked.rounds}", file=sys.stderr, flush=True)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"| | {asked.commit[:9]} | now | ratio |\n|---|---|---|---|")
    for (what, unit), values in found.items():
        before, now = (statistics.median(values[ours]) for ours in (False, True))
        cells = [spread(values[ours]) for ours in (False, True)]
        print(f"| {what}, {unit} | {cells[0]} | {cells[1]} | {now / before:.2f} |")
    return 0


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3g} ({min(values):.3g}-{max(values):.3g})"


if __name__ == "__main__":
    sys.exit(main())
