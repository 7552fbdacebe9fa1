"""What is installed and written here: Python, libraries, a person's own files, folders, terminal.

Decides what of it the assistant does without, by asking the same functions that `run` asks. Only
read; what may hang is tried in `parts`.
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import config as configuration
from assistant.config import Config
from assistant.config.checks import unknown_routines
from assistant.content import routine_reader
from assistant.content.toml_reader import Problem
from assistant.content.types import Library
from assistant.doctor.finding import Finding, Grade, doubt, good
from assistant.errors import AssistantError
from assistant.machine import places
from assistant.machine.single_instance import holder, how_to_stop

PYTHONS = ((3, 11), (3, 14))
LIBRARIES = (
    ("libportaudio.so.2", "libportaudio2", "hears and speaks"),
    ("libespeak-ng.so.1", "espeak-ng", "speaks"),
    ("libspeexdsp.so.1", "libspeexdsp1", "hears you while it speaks"),
)
"""File, Debian package, and what the assistant does with it."""
SCREEN = (80, 24)


@dataclass(frozen=True, slots=True)
class Own:
    """What a person's own files come to."""

    config: Config
    known: Library
    findings: tuple[Finding, ...]


def python() -> Finding:
    """The Python that runs this."""
    name, found = "Python", ".".join(map(str, sys.version_info[:3]))
    low, high = (".".join(map(str, version)) for version in PYTHONS)
    if PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        return good(name, found)
    return doubt(name, found, f"it is tested with Python {low} to {high}")


def libraries() -> list[Finding]:
    """The libraries of the system that it is better with."""
    return [_library(*needed) for needed in LIBRARIES]


def _library(file: str, package: str, job: str) -> Finding:
    try:
        ctypes.CDLL(file)
    except OSError:
        mend = f"sudo apt install {package} (with it the assistant {job})"
        return doubt(package, f"{file} is not installed", mend)
    return good(package, "installed")


# --- a person's own files -----------------------------------------------------


def own_files(file: Path | None) -> Own:
    """The configuration (`file`, or the person's own) and all routines, as `run` takes them: with
    what can't be used left out."""
    try:
        config, wrong = configuration.load_usable(file)
        configured = _configuration(file or places.config_file(), wrong)
    except AssistantError as error:
        config = Config()
        configured = Finding("Configuration", Grade.FAIL, "it can't be read", str(error))
    known, broken = routine_reader.load_usable(places.routine_folders(places.config_folder()))
    return Own(config, known, (configured, _routines(config, known, broken)))


def _configuration(path: Path, wrong: Sequence[Problem]) -> Finding:
    if wrong:
        found = f"{path}: what can't be used is left out, and has its default"
        return doubt("Configuration", found, "\n".join(map(str, wrong)))
    found = str(path) if path.exists() else f"none, so all defaults ({path} would be read)"
    return good("Configuration", found)


def _routines(config: Config, known: Library, broken: Sequence[Problem]) -> Finding:
    name, there = "Routines", ", ".join(sorted(known.routines))
    if not known.routines:
        return Finding(
            name, Grade.FAIL, "there are none", "install the assistant again: deploy/run"
        )
    unknown = unknown_routines(config, known.routines)
    mends = [str(problem) for problem in broken]
    mends += [
        f'there is no routine "{asked}": write another one as {key} in [{table}]'
        for table, key, asked in unknown
    ]
    if mends:
        lacking = "".join(f', but not "{asked}"' for _, _, asked in unknown)
        return doubt(name, f"{there}{lacking}; the rest is left out", "\n".join(mends))
    return good(name, there)


# --- where it runs ------------------------------------------------------------


def instance() -> Finding:
    """Whether an assistant of this user runs already."""
    pid = holder(places.writable_folders())
    if pid is None:
        return good("Running", "no other assistant is running")
    found = f"an assistant is running (process {pid or 'unknown'}), and may hold the parts above"
    return doubt("Running", found, f"stop it before you start another one: {how_to_stop(pid)}")


def terminal() -> Finding:
    """Whether the live screen has room."""
    name = "Terminal"
    if not sys.stdout.isatty():
        return good(name, "none here: one plain line an event")
    columns, lines = shutil.get_terminal_size()
    found = f"{columns} columns, {lines} lines, {os.environ.get('TERM', 'of no known kind')}"
    if columns < SCREEN[0] or lines < SCREEN[1]:
        return doubt(name, found, f"make it {SCREEN[0]} by {SCREEN[1]} at least, or use --plain")
    return good(name, found)
