"""Which wheels a machine needs: looked for by deploy/check-wheels, fetched by deploy/bundle.

Decides what a Raspberry Pi's Python would install, from any other machine: the requirements that
hold there, at the versions of constraints.txt, as wheels only. Where a Pi takes a package from its
own system instead (`FROM_THE_SYSTEM`), that is told and is no lack.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "deploy" / "constraints.txt"

MACHINES = ("aarch64", "armv7l", "x86_64")
GLIBC = (36, 35, 34, 31, 28, 27, 24, 17)
"""What Debian 12's C library (2.36) runs, and Debian 13's all the more, the newest first."""
PLATFORMS = (*(f"manylinux_2_{minor}" for minor in GLIBC), "manylinux2014", "linux")

FROM_THE_SYSTEM = {"lgpio": "python3-lgpio"}
"""Raspberry Pi OS has these as packages where there is no wheel; Debian itself doesn't."""
FULLEST = "aarch64"
"""The machine that has wheels of everything: what another one lacks is told by this one's list."""

PLAIN_PYTHON = ("srt",)
"""Published as source only, and the same on every machine: a wheel is made of it here."""


@dataclass(frozen=True)
class Target:
    """A machine's Python: "3.11" on "aarch64"."""

    python: str
    machine: str

    def __str__(self) -> str:
        return f"Python {self.python} on {self.machine}"

    def pip_options(self) -> list[str]:
        tags = [f"{platform}_{self.machine}" for platform in PLATFORMS]
        platforms = [word for tag in tags for word in ("--platform", tag)]
        return ["--only-binary=:all:", "--python-version", self.python, *platforms]

    def wants(self, requirement: Requirement) -> bool:
        marker = requirement.marker
        return marker is None or marker.evaluate(
            {
                "python_version": self.python,
                "python_full_version": f"{self.python}.0",
                "platform_machine": self.machine,
                "sys_platform": "linux",
                "platform_system": "Linux",
            }
        )


def needed(target: Target) -> list[str]:
    """What the program itself needs there, by name and least version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = [Requirement(text) for text in project["dependencies"]]
    return [f"{one.name}{one.specifier}" for one in found if target.wants(one)]


def pip(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pip", *words, "--disable-pip-version-check", "--no-input"],
        capture_output=True,
        text=True,
        check=False,
    )


def make_plain(folder: Path) -> None:
    """Wheels of what is published as source only."""
    build = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
    done = pip(*build, "--constraint", str(CONSTRAINTS), *PLAIN_PYTHON)
    if done.returncode:
        sys.exit(f"No wheel could be made of {', '.join(PLAIN_PYTHON)}:\n{done.stderr[-2000:]}")


def resolve(target: Target, made: Path, *wanted: str) -> list[str] | None:
    """The files that pip would install there; None if there is something that it can't."""
    with tempfile.TemporaryDirectory() as nowhere:
        done = pip(
            *("install", "--dry-run", "--quiet", "--ignore-installed", "--target", nowhere),
            *("--report", "-", "--constraint", str(CONSTRAINTS), *target.pip_options()),
            *("--find-links", str(made), *wanted),
        )
    if done.returncode:
        return None
    report = json.loads(done.stdout)
    return sorted(one["download_info"]["url"].rsplit("/", 1)[-1] for one in report["install"])


def check(target: Target, made: Path) -> bool:
    """Tell what would be installed; False if something is missing."""
    wanted = needed(target)
    files = resolve(target, made, *wanted)
    if files is not None:
        print(f"{target}: all {len(files)} wheels")
        print(*(f"    {file}" for file in files), sep="\n")
        for name, package in FROM_THE_SYSTEM.items():
            if not any(name in one for one in wanted):
                print(f"    {name}: the system's package {package}")
        return True
    lacks = lacking(target, made)
    print(f"{target}: not all wheels; MISSING: {', '.join(lacks)}")
    return False


def lacking(target: Target, made: Path) -> list[str]:
    """What there is for the fullest machine and not for this one, as "name version"."""
    fullest = Target(target.python, FULLEST)
    everything = resolve(fullest, made, *needed(fullest)) or []
    known = [file.split("-")[:2] for file in everything]
    return [
        f"{name} {version}"
        for name, version in known
        if resolve(target, made, "--no-deps", f"{name}=={version}") is None
    ]


def fetch(target: Target, folder: Path) -> None:
    """All wheels of a bundle: the program, what it needs, and pip to install them with."""
    folder.mkdir(parents=True, exist_ok=True)
    make_plain(folder)
    if resolve(target, folder, *needed(target)) is None:
        lacks = ", ".join(lacking(target, folder)) or "anything: is there a network?"
        cure = " There is one for a system of 64 bits." if target.machine == "armv7l" else ""
        sys.exit(f"{target} can have no bundle: there is no wheel for it of {lacks}.{cure}")
    to = ("--dest", str(folder), "--find-links", str(folder), "--constraint", str(CONSTRAINTS))
    for step in (
        ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)),
        ("download", *to, *target.pip_options(), *needed(target), "pip"),
    ):
        done = pip(*step)
        if done.returncode:
            sys.exit(f"pip could not fetch everything for {target}:\n{done.stderr[-2000:]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("check", "fetch"))
    parser.add_argument("--python", action="append", required=True)
    parser.add_argument("--machine", action="append", required=True, choices=MACHINES)
    parser.add_argument("--to", type=Path)
    asked = parser.parse_args()
    targets = [Target(python, machine) for machine in asked.machine for python in asked.python]
    if asked.action == "fetch":
        fetch(targets[0], asked.to)
        return 0
    with tempfile.TemporaryDirectory() as made:
        make_plain(Path(made))
        results = [check(target, Path(made)) for target in targets]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
