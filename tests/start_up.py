"""How soon each command answers: `python -m tests.start_up` prints a table, medians of seven runs.

Each is a process of its own, with folders of its own, from its start to its end; `run` to the line
that says that it is ready. A command that nobody can end in a moment, or that needs a microphone
and a person, is asked for its help only.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from assistant.cli import build_parser
from tests.product import Folders, command

RUNS = 7
ANSWERS: dict[str, str] = {
    "run": "run --plain",
    "rehearse": "rehearse desk-break",
    "routines": "routines list",
    "sentences": "sentences",
    "say": "say Hello. --to {folder}/said.wav",
    "hear": "hear {folder}/said.wav",
    "models": "models path",
    "history": "history",
    "simulate": "simulate --days 1 --person diligent",
    "doctor": "doctor --wiring",
    "config": "config",
    "completion": "completion bash",
}
READY = "Ready"


def took_s(words: list[str], environment: Mapping[str, str], until: str = "") -> float:
    """Seconds until it has ended, or has printed a line with this in it."""
    began = time.monotonic()
    with subprocess.Popen(
        command(*words),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(environment),
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if until and until in line:
                break
        else:
            if process.wait() or until:
                raise SystemExit(f"{words} failed: {''.join(said)[-500:]}")
        took = time.monotonic() - began
        if until:
            process.terminate()
            process.stdout.read()
    return took


def main() -> int:
    known = next(iter(build_parser()._subparsers._group_actions)).choices  # type: ignore[union-attr]
    assert known is not None
    lines = {"--version": "--version", "--help": "--help"}
    lines |= {name: ANSWERS.get(name, f"{name} --help") for name in known}
    print("| command | answers after |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        environment = Folders(Path(folder)).env() | {"PATH": "/usr/bin:/bin"}
        for name, line in lines.items():
            words = line.format(folder=folder).split()
            until = READY if name == "run" else ""
            took = median(took_s(words, environment, until) for _ in range(RUNS))
            shown = line.format(folder="").replace(" /", " ")
            print(f"| `{shown}` | {1000 * took:.0f} ms |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
