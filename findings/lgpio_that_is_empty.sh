#!/usr/bin/env bash
# Asked for wheels only, pip installs a pin library of zero bytes.
#
# Expected: for Python 3.13 there is no wheel of lgpio, so that a machine without a compiler is told
# that nothing fits.
# Seen: pip goes back to 0.0.0.2, a placeholder of 2020 whose lgpio.py is empty. It installs,
# it imports, and fails only when a pin is asked for: "module 'lgpio' has no attribute ...". For
# 3.12 it takes 0.2.2.0. A least version (lgpio>=0.2) is the cure. lgpio on the Python index,
# 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import subprocess
import sys
import zipfile
from pathlib import Path


def chosen(python: str) -> tuple[str, int]:
    """The wheel that pip takes there, and how large its module is."""
    folder = Path(python)
    options = ("--no-deps", "--only-binary=:all:", "--python-version", python)
    platforms = (f"--platform={name}_x86_64" for name in ("manylinux_2_34", "manylinux2014"))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "-q",
            "download",
            *options,
            *platforms,
            "-d",
            folder,
            "lgpio",
        ],
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        return wheel.name.split("-")[1], packed.getinfo("lgpio.py").file_size


seen = {python: chosen(python) for python in ("3.12", "3.13", "3.14")}
for python, (version, size) in seen.items():
    print(f"Python {python}: lgpio {version}, lgpio.py has {size} bytes")
if [version for version, _ in seen.values()] != ["0.2.2.0", "0.0.0.2", "0.0.0.2"]:
    raise SystemExit("changed")
if seen["3.13"][1] != 0:
    raise SystemExit("changed: it isn't empty any more")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
