"""The machine around the assistant: its clock, heat, power, memory, and the service's state.

Decides from what the kernel and systemd tell how well the machine is, and what to do. Everything
is read, nothing changed; a machine that doesn't tell something is not asked about it.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.doctor.finding import Finding, Grade
from assistant.machine.clock import clock_is_right
from assistant.machine.places import NAME as SERVICE

PATIENCE_S = 3.0
HOT_C = 80.0
"""From here on a Raspberry Pi makes itself slower."""
LITTLE_MEMORY = 60_000_000
"""Bytes; the ear alone takes more when it begins."""

TROUBLES = ((0, "the supply gives too little voltage"), (1, "it is slowed down"), (3, "it is hot"))
"""Bits of the firmware's answer: this is so now; 16 bits higher: it was so since the start."""
WEAK = 0


@dataclass(frozen=True, slots=True)
class Places:
    """Where the kernel tells it."""

    root: Path = Path("/")

    @property
    def throttled(self) -> list[Path]:
        return sorted(self.root.glob("sys/devices/platform/soc*/soc*:firmware/get_throttled"))

    @property
    def heats(self) -> list[Path]:
        return sorted(self.root.glob("sys/class/thermal/thermal_zone*/temp"))

    @property
    def memory(self) -> Path:
        return self.root / "proc" / "meminfo"


def look(places: Places = Places()) -> Iterator[Finding]:
    yield _clock()
    yield from _heat(places)
    yield from _power(places)
    yield from _memory(places)
    yield from _service()


def _clock() -> Finding:
    if clock_is_right():
        return Finding("Clock", Grade.OK, "right: set from the network, or by a clock chip")
    mend = (
        "connect a network once, or fit a clock chip; until then it doesn't keep to working "
        "hours, and everything else goes on"
    )
    return Finding("Clock", Grade.WARN, "nobody has set it since the machine started", mend)


def _heat(places: Places) -> Iterator[Finding]:
    degrees = [read / 1000 for file in places.heats if (read := _number(file)) is not None]
    if not degrees:
        return
    found = f"{max(degrees):.0f} degrees Celsius"
    if max(degrees) >= HOT_C:
        mend = "give it air, a heat sink or a fan: it is slower while it is hot"
        yield Finding("Temperature", Grade.WARN, found, mend)
    else:
        yield Finding("Temperature", Grade.OK, found)


def _power(places: Places) -> Iterator[Finding]:
    for file in places.throttled:
        bits = _number(file, 16)
        if bits is None:
            continue
        now = [what for bit, what in TROUBLES if bits >> bit & 1]
        before = [what for bit, what in TROUBLES if bits >> bit + 16 & 1]
        if not now and not before:
            yield Finding("Power", Grade.OK, "enough, at all times since the start")
            continue
        weak = bits >> WEAK & 1 or bits >> WEAK + 16 & 1
        mend = "take the power supply made for this Pi" if weak else "give it air"
        when = "" if now else "not now, but since the start: "
        yield Finding("Power", Grade.WARN, when + ", ".join(now or before), mend)


def _memory(places: Places) -> Iterator[Finding]:
    try:
        told = re.search(r"^MemAvailable:\s+(\d+) kB", places.memory.read_text(), re.MULTILINE)
    except OSError:
        return
    if told is None:
        return
    free = int(told[1]) * 1024
    found = f"{free // 1_000_000} MB free"
    if free < LITTLE_MEMORY:
        yield Finding("Memory", Grade.WARN, found, "end other programs; it may run out")
    else:
        yield Finding("Memory", Grade.OK, found)


def _number(file: Path, base: int = 10) -> int | None:
    try:
        return int(file.read_text().strip(), base)
    except (OSError, ValueError):
        return None


# --- the service ------------------------------------------------------------


def _service() -> Iterator[Finding]:
    for whose, words in (("the machine's", ()), ("your own", ("--user",))):
        state = _asked(*words)
        if state.get("LoadState") == "loaded":
            yield _judged(state, whose, " ".join(["systemctl", *words]))


def _asked(*words: str) -> dict[str, str]:
    """What systemd knows of the service; empty where there is no systemd."""
    keys = "LoadState,ActiveState,SubState,NRestarts,UnitFileState"
    try:
        told = subprocess.run(
            ["systemctl", *words, "show", "--property", keys, SERVICE],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return dict(line.split("=", 1) for line in told.stdout.splitlines() if "=" in line)


def _judged(state: dict[str, str], whose: str, ctl: str) -> Finding:
    restarts = int(state.get("NRestarts") or 0)
    found = f"{whose}, {state.get('ActiveState')}"
    if restarts:
        found += f", started again {restarts} times"
    mend = _service_mend(state, restarts, ctl)
    return Finding("Service", Grade.WARN if mend else Grade.OK, found, mend)


def _service_mend(state: dict[str, str], restarts: int, ctl: str) -> str:
    own = "--user" in ctl
    ctl = ctl if own else f"sudo {ctl}"
    # Not `journalctl --user`: a journal that is kept in memory has no files of one person's.
    see = f"see why: journalctl {'--user-unit' if own else '-u'} {SERVICE}"
    crashed = restarts or state.get("SubState", "").startswith("auto-restart")
    match state.get("ActiveState"):
        case "active" if state.get("UnitFileState") != "enabled":
            return f"let it start with the machine: {ctl} enable {SERVICE}"
        case "active":
            return see if restarts else ""
        case "failed":
            return f"{see}; then start it: {ctl} start {SERVICE}"
        case "activating" | "deactivating" if crashed:
            return see
        case "activating":
            return "it is just starting: look again in a minute"
        case _:
            return f"start it: {ctl} start {SERVICE}"
