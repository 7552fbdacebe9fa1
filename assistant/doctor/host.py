"""The machine around the assistant: its disk, clock, heat, power, memory and pins, and the service.

Decides from what the kernel and systemd tell how well the machine is, and what to do. Everything
is read, nothing changed; a machine that doesn't tell something is not asked about it.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from assistant.config import Config
from assistant.config.pin_functions import EEPROM, FUNCTIONS, I2C, I2S, SPI, UART, shared_pins
from assistant.doctor.finding import Finding, Grade, doubt, good
from assistant.doctor.programs import told
from assistant.machine import places
from assistant.machine.clock import clock_is_right
from assistant.machine.places import NAME as SERVICE
from assistant.panel.board import raspberry_pi

HOT_C = 80.0
"""From here on a Raspberry Pi makes itself slower."""
LITTLE_MEMORY = 60_000_000
"""Bytes; the ear alone takes more when it begins."""

TROUBLES = ((0, "the supply gives too little voltage"), (1, "it is slowed down"), (3, "it is hot"))
"""Bits of the firmware's answer: this is so now; 16 bits higher: it was so since the start."""
WEAK = 0
THROTTLED = "sys/devices/platform/soc*/soc*:firmware/get_throttled"
ZONES = "sys/class/thermal/thermal_zone*/temp"
MEMORY = "proc/meminfo"
LITTLE_ROOM = 20_000_000
"""Bytes on the disk; a journal of years is smaller."""


WAYS = {
    EEPROM: ("proc/device-tree/hat",),
    I2C: ("dev/i2c-1",),
    SPI: ("dev/spidev0.0", "dev/spidev0.1"),
    UART: ("dev/serial0",),
    I2S: (
        "proc/device-tree/soc/i2s@*/status",
        "proc/device-tree/axi/pcie@*/rp1/i2s@*/status",
    ),
}
"""Where the kernel shows that a function of the pins is switched on; below "/"."""


def look(config: Config, root: Path = Path("/")) -> Iterator[Finding]:
    """All that is told of the machine; `root` is where the kernel's files are."""
    yield _clock()
    yield from _heat(root)
    yield from _power(root)
    yield from _memory(root)
    yield from _pins(config, root)
    services = list(_service())
    yield from services
    if services:
        yield from _memory_limits(root)


def state_folder() -> Finding:
    """Where the journal is kept."""
    name, folder = "State folder", places.state_folder()
    there = next(path for path in (folder, *folder.parents) if os.path.exists(path))  # noqa: PTH110 - also where one may not look
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        mend = f"without it there is no journal; make {there} a folder that you may write to"
        return doubt(name, f"{folder} can't be written", mend)
    free = shutil.disk_usage(there).free
    found = f"{folder}, {free // 1_000_000} MB free"
    return good(name, found) if free >= LITTLE_ROOM else doubt(name, found, "make some room on it")


def _clock() -> Finding:
    if clock_is_right():
        return good("Clock", "right: set from the network, or by a clock chip")
    mend = (
        "connect a network once, or fit a clock chip; until then it doesn't keep to working "
        "hours, and everything else goes on"
    )
    return doubt("Clock", "nobody has set it since the machine started", mend)


def _heat(root: Path) -> Iterator[Finding]:
    degrees = [
        read / 1000 for file in sorted(root.glob(ZONES)) if (read := _number(file)) is not None
    ]
    if not degrees:
        return
    found = f"{max(degrees):.0f} degrees Celsius"
    if max(degrees) >= HOT_C:
        mend = "give it air, a heat sink or a fan: it is slower while it is hot"
        yield doubt("Temperature", found, mend)
    else:
        yield good("Temperature", found)


def _power(root: Path) -> Iterator[Finding]:
    for file in root.glob(THROTTLED):
        bits = _number(file, 16)
        if bits is None:
            continue
        now = [what for bit, what in TROUBLES if bits >> bit & 1]
        before = [what for bit, what in TROUBLES if bits >> bit + 16 & 1]
        if not now and not before:
            yield good("Power", "enough, at all times since the start")
            continue
        weak = bits >> WEAK & 1 or bits >> WEAK + 16 & 1
        mend = "take the power supply made for this Pi" if weak else "give it air"
        when = "" if now else "not now, but since the start: "
        yield doubt("Power", when + ", ".join(now or before), mend)


def _memory(root: Path) -> Iterator[Finding]:
    line = re.search(r"^MemAvailable:\s+(\d+) kB", _text(root / MEMORY), re.MULTILINE)
    if line is None:
        return
    free = int(line[1]) * 1024
    found = f"{free // 1_000_000} MB free"
    if free < LITTLE_MEMORY:
        yield doubt("Memory", found, "end other programs; it may run out")
    else:
        yield good("Memory", found)


def _pins(config: Config, root: Path) -> Iterator[Finding]:
    """Only where there are such pins, and where one of them has another function too."""
    shared = list(shared_pins(config)) if raspberry_pi(root) else []
    if not shared:
        return
    found = "; ".join(
        f"{part} on GPIO {pin}, which is also for {function}" for part, pin, function in shared
    )
    wrong = [(part, function) for part, _, function in shared if _in_use(function, root)]
    if not wrong:
        yield good("Pins", f"{found}: not in use here")
        return
    free = ", ".join(str(pin) for pin in range(28) if pin not in FUNCTIONS)
    mends = [f"{function} is switched on: give the {part} another pin" for part, function in wrong]
    yield doubt("Pins", found, "\n".join([*mends, f"pins with no other function: {free}"]))


def _in_use(function: str, root: Path) -> bool:
    for way in WAYS[function]:
        for file in root.glob(way):
            if file.name != "status" or _text(file).startswith("ok"):
                return True
    return False


def _memory_limits(root: Path) -> Iterator[Finding]:
    """The firmware of a Raspberry Pi switches them off unless the command line asks for them."""
    controllers = _text(root / "sys" / "fs" / "cgroup" / "cgroup.controllers")
    if controllers and "memory" not in controllers.split():
        yield good(
            "Memory limits",
            "this kernel keeps to none, so the service's have no effect; it goes on without. "
            "cgroup_enable=memory at the end of the line in /boot/firmware/cmdline.txt gives them",
        )


def _text(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""


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
    text = told("systemctl", *words, "show", "--property", keys, SERVICE)
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


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
