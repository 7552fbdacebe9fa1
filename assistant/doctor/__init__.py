"""What works on this machine, and what to do about what doesn't.

Decides which parts are looked at and which of them the assistant can't do without: the
configuration and the routines. Everything else it does without, so lacking it is only a warning.
Parts that may hang are tried by `probe`, each in a process of its own, all at once.
"""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant import config as configuration
from assistant.config import Config, Sensor
from assistant.doctor import echo_canceller, machine
from assistant.doctor.finding import Finding as Finding
from assistant.doctor.finding import Grade as Grade
from assistant.errors import AssistantError, ExitCode
from assistant.machine import places
from assistant.machine.instance import holder, how_to_stop

PATIENCE_S = 12.0
"""How long a part may take; loading a large speech model on a small Pi takes some seconds."""
PYTHONS = ((3, 11), (3, 13))
LIBRARIES = (
    ("libportaudio.so.2", "libportaudio2", "hears and speaks"),
    ("libespeak-ng.so.1", "espeak-ng", "speaks"),
    ("libspeexdsp.so.1", "libspeexdsp1", "hears you while it speaks"),
)
ENDS_OF_ECHO = ("Microphone", "Loudspeaker")
LITTLE_ROOM = 20_000_000
SCREEN = (80, 24)


def examine(config_file: Path | None, *, as_json: bool) -> int:
    """Look at everything and print it; 0 if the assistant can lead a routine here, else 1."""
    findings = list(look(config_file))
    able = all(finding.grade is not Grade.FAIL for finding in findings)
    if as_json:
        checks = [asdict(finding) for finding in findings]
        print(json.dumps({"ok": able, "checks": checks}, indent=2, ensure_ascii=False))
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            print(_text(finding, width))
        print(f"\n{_summary(findings)}")
    return ExitCode.GOOD if able else ExitCode.UNEXPECTED


def look(config_file: Path | None) -> Iterator[Finding]:
    """Everything there is to see, each within PATIENCE_S, the slow ones at the same time."""
    settings, configured = _configuration(config_file)
    routines, read = _routines(settings)
    parts = _parts(settings, routines)
    with ThreadPoolExecutor(len(parts)) as pool:
        probes = [pool.submit(try_part, *part) for part in parts]
        yield _python()
        yield from map(_library, LIBRARIES)
        yield configured
        yield read
        tried = [probe.result() for probe in probes]
        yield from tried
        if all(one.grade is Grade.OK for one in tried if one.name in ENDS_OF_ECHO):
            # Not at the same time: a sound card may have room for one program only.
            yield try_part("Echo", "echo", _echo(settings))
        yield echo_canceller.look(settings.hearing.microphone)
        yield _state_folder()
        yield from machine.look()
        yield _instance()
        yield _terminal()


# --- looked at here ---------------------------------------------------------


def _python() -> Finding:
    found = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    low, high = (".".join(map(str, version)) for version in PYTHONS)
    if PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        return Finding("Python", Grade.OK, found)
    return Finding("Python", Grade.WARN, found, f"it is tested with Python {low} to {high}")


def _library(needed: tuple[str, str, str]) -> Finding:
    file, package, job = needed
    try:
        ctypes.CDLL(file)
    except OSError:
        mend = f"sudo apt install {package} (with it the assistant {job})"
        return Finding(package, Grade.WARN, f"{file} is not installed", mend)
    return Finding(package, Grade.OK, "installed")


def _configuration(file: Path | None) -> tuple[Config, Finding]:
    name = "Configuration"
    try:
        settings = configuration.load(file)
    except AssistantError as error:
        return Config(), Finding(name, Grade.FAIL, "it can't be used", str(error))
    path = file or places.config_file()
    found = str(path) if path.exists() else f"none, so all defaults ({path} would be read)"
    return settings, Finding(name, Grade.OK, found)


def _routines(settings: Config) -> tuple[dict[str, tuple[str, ...]], Finding]:
    from assistant.content.read import load

    name = "Routines"
    try:
        known = load(places.routine_folders(places.config_folder())).routines
    except (AssistantError, OSError) as error:
        return {}, Finding(name, Grade.FAIL, "a file can't be used", str(error))
    spoken = {routine.id: routine.spoken_names for routine in known.values()}
    there = ", ".join(sorted(known))
    usual = settings.session.routine
    if usual not in known:
        mend = "set routine in [session] of the configuration to one of these"
        found = f'the usual one, "{usual}", is not among them: {there}'
        return spoken, Finding(name, Grade.FAIL, found, mend)
    return spoken, Finding(name, Grade.OK, there)


def _state_folder() -> Finding:
    folder = places.state_folder()
    there = next(path for path in (folder, *folder.parents) if os.path.exists(path))  # noqa: PTH110 - also where one may not look
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        mend = f"without it there is no journal; make {there} a folder that you may write to"
        return Finding("State folder", Grade.WARN, f"{folder} can't be written", mend)
    free = shutil.disk_usage(there).free
    found = f"{folder}, {free // 1_000_000} MB free"
    if free < LITTLE_ROOM:
        return Finding("State folder", Grade.WARN, found, "make some room on the disk")
    return Finding("State folder", Grade.OK, found)


def _instance() -> Finding:
    pid = holder(places.writable_folders())
    if pid is None:
        return Finding("Running", Grade.OK, "no other assistant is running")
    found = f"an assistant is running (process {pid or 'unknown'}), and may hold the parts above"
    mend = f"stop it before you start another one: {how_to_stop(pid)}"
    return Finding("Running", Grade.WARN, found, mend)


def _terminal() -> Finding:
    if not sys.stdout.isatty():
        return Finding("Terminal", Grade.OK, "none here: one plain line an event")
    columns, lines = shutil.get_terminal_size()
    found = f"{columns} columns, {lines} lines, {os.environ.get('TERM', 'of no known kind')}"
    if columns < SCREEN[0] or lines < SCREEN[1]:
        mend = f"make it {SCREEN[0]} by {SCREEN[1]} at least, or use --plain"
        return Finding("Terminal", Grade.WARN, found, mend)
    return Finding("Terminal", Grade.OK, found)


# --- tried in a process of its own ------------------------------------------


def _parts(
    settings: Config, routines: dict[str, tuple[str, ...]]
) -> list[tuple[str, str, dict[str, Any]]]:
    hearing = {
        "model": settings.hearing.model,
        "wake_phrases": settings.wake.phrases,
        "routines": routines,
        "templates": str(places.sentence_templates()),
    }
    presence: list[tuple[str, str, dict[str, Any]]] = []
    if settings.presence.sensor is not Sensor.NONE:
        presence.append(("Presence", "presence", asdict(settings.presence)))
    return [
        ("Sound devices", "devices", {}),
        ("Microphone", "microphone", {"microphone": settings.hearing.microphone}),
        ("Speech model", "model", hearing),
        ("Loudspeaker", "loudspeaker", {"loudspeaker": settings.voice.loudspeaker}),
        ("Voice", "voice", asdict(settings.voice)),
        ("Button and LED", "gpio", asdict(settings.panel)),
        *presence,
    ]


def _echo(settings: Config) -> dict[str, Any]:
    return {
        "microphone": settings.hearing.microphone,
        "loudspeaker": settings.voice.loudspeaker,
    }


def try_part(name: str, part: str, given: dict[str, Any]) -> Finding:
    """Have `probe` try a part in a process of its own, for PATIENCE_S at most."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "assistant.doctor.probe", part],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        printed, _ = child.communicate(json.dumps(given), PATIENCE_S)
        answer = json.loads(printed)
    except subprocess.TimeoutExpired:
        mend = "its driver is stuck: unplug it and plug it in again, or restart the machine"
        return Finding(name, Grade.WARN, f"no answer within {PATIENCE_S:.0f} seconds", mend)
    except ValueError:
        found = f"trying it ended its process (code {child.returncode})"
        return Finding(name, Grade.WARN, found, "install the assistant again: deploy/run")
    finally:
        _end(child)
    return Finding(name, Grade(answer["grade"]), answer["found"], answer["mend"])


def _end(child: subprocess.Popen[str]) -> None:
    """With its own children; a process stuck inside a driver is left to the kernel."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        child.wait(1.0)


# --- told -------------------------------------------------------------------


def _text(finding: Finding, width: int) -> str:
    lines = [f"{finding.grade:4}  {finding.name:{width}}  {finding.found}"]
    lines += [f"{'':4}  {'':{width}}  -> {line}" for line in finding.mend.splitlines()]
    return "\n".join(lines)


def _summary(findings: list[Finding]) -> str:
    if any(finding.grade is Grade.FAIL for finding in findings):
        return "It can't start before what is marked fail is mended."
    good: Callable[[str], bool] = {f.name: f.grade is Grade.OK for f in findings}.__getitem__
    tells = "by voice and in writing" if good("Voice") and good("Loudspeaker") else "in writing"
    takes = "by voice and by key" if good("Microphone") and good("Speech model") else "by key"
    return f"It can lead a routine here: it tells you {tells}, and takes commands {takes}."
