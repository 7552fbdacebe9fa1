"""A small machine with real GPIO lines: User Mode Linux with the kernel's own simulated chip.

It boots the kernel as an ordinary process on this machine's files, read-only, and gives back
what the guest script wrote. Where there is no such kernel, the tests say so and are skipped.
"""

import json
import lzma
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
VARIABLE = "ASSISTANT_PI_KERNEL"
SHIPPED = DEFAULT = REPOSITORY.parent / "shared" / "lab" / "pi" / "linux-uml.xz"
CACHE = Path(os.environ["ASSISTANT_PI_KERNELS"])
"""Where tests/pi/kernel leaves what it built: the tests themselves have a cache of their own."""


def kernel(folder: Path) -> Path:
    """The kernel as a program in `folder`, unpacked if need be; skips the test if there is none."""
    named = os.environ.get(VARIABLE)
    built = [file for file in CACHE.glob("linux-*") if file.name[6:].isdigit()]
    found = Path(named) if named else DEFAULT
    if not named and built:  # for this machine's processor
        found = max(built, key=lambda file: file.stat().st_mtime)
    if not found.is_file():
        pytest.skip(
            f"no kernel with simulated GPIO: {found} is missing (tests/pi/kernel builds one; or "
            f"set {VARIABLE} to a User Mode Linux with CONFIG_GPIO_SIM, or to it as .xz)"
        )
    if found == SHIPPED and "amx_tile" in Path("/proc/cpuinfo").read_text().split():
        pytest.skip(f"{found} doesn't start on a processor with AMX; tests/pi/kernel builds one")
    program = folder / "linux"
    opener = lzma.open if found.suffix == ".xz" else open
    with opener(found, "rb") as packed, program.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    program.chmod(0o755)
    return program


def need_lgpio() -> None:
    """Skip the test where this Python has none, and so no way to the pins."""
    if find_spec("lgpio") is None:
        pytest.skip("no lgpio for this Python")


def boot(
    folder: Path,
    script: str,
    timeout_s: float,
    *,
    init: str = "init.sh",
    memory: str = "256M",
    more: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Run a guest script of this folder to its end and return the JSON objects it printed.

    `init` is the machine's first process, `more` goes onto the kernel's command line. What the
    machine prints stands in the folder's `console` meanwhile.
    """
    command = [
        str(kernel(folder)),
        *(f"mem={memory}", "rootfstype=hostfs", "rootflags=/", "ro", "quiet", "panic=-1"),
        *("con=null", "con0=null,fd:1", "con1=null,fd:1", f"uml_dir={folder}"),
        f"GUEST_PYTHON={sys.executable}",
        f"GUEST_REPOSITORY={REPOSITORY}",
        f"GUEST_SCRIPT={script}",
        f"GUEST_FOLDER={folder}",
        *more,
        *("init=/bin/sh", "--", str(REPOSITORY / "tests" / "pi" / init)),
    ]
    console = folder / "console"
    # One that takes too long is ended, and fails with what it printed until then.
    with console.open("wb") as written, suppress(subprocess.TimeoutExpired):
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            timeout=timeout_s,
            check=False,
        )
    shown = console.read_text(errors="replace")
    assert "guest ended with 0" in shown, shown[-3000:]
    return [json.loads(line) for line in shown.splitlines() if line.startswith("{")]
