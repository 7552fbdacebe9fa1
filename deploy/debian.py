"""Debian's packages for another machine, for deploy/check-wheels and deploy/bundle.

Decides which packages that machine may need beside the ones it was asked for, and writes them down
as a folder that apt installs from (`Packages`). It asks the sources of this machine's own apt, as
another release on another processor would, with lists of its own; it installs nothing. What is in
Raspberry Pi OS alone (python3-lgpio) isn't among them: its images bring it.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

RELEASES = {"3.11": "bookworm", "3.13": "trixie"}
"""Whose Python it is: Raspberry Pi OS has Debian's packages under the same names. 3.12 is Ubuntu's,
and 3.14 of no stable Debian."""
ARCHITECTURES = {"aarch64": "arm64", "armv7l": "armhf", "x86_64": "amd64"}
"""What Debian calls a machine."""


class Lacking(Exception):
    """apt can't have it; the text is apt's own."""


@dataclass(frozen=True)
class Elsewhere:
    """apt as another machine would ask it, with everything that it writes below `folder`."""

    release: str
    architecture: str
    folder: Path

    def begin(self) -> None:
        """Read what that release has."""
        for needed in ("lists/partial", "cache/archives/partial"):
            (self.folder / needed).mkdir(parents=True)
        (self.folder / "status").touch()  # nothing is installed there
        source = f"deb {_site()} {self.release} main\n"
        (self.folder / "sources.list").write_text(source)
        self.ask("update", "--error-on=any")

    def ask(self, *words: str) -> None:
        options = {
            "APT::Architecture": self.architecture,
            "APT::Architectures": self.architecture,
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
            "Debug::NoLocking": "true",
            "Dir::Cache": f"{self.folder}/cache",
            "Dir::Etc::SourceList": f"{self.folder}/sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::State::Lists": f"{self.folder}/lists",
            "Dir::State::status": f"{self.folder}/status",
        }
        given = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
        done = subprocess.run(
            ["apt-get", *given, "--yes", "--no-install-recommends", *words],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Lacking("; ".join(done.stderr.strip().splitlines()[-3:]))


def _site() -> str:
    """Where this machine's apt has Debian from."""
    asked = ["apt-get", "indextargets", "--format", "$(SITE)"]
    kinds = ("Created-By: Packages", "Origin: Debian", "Label: Debian")
    try:
        found = subprocess.run([*asked, *kinds], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Lacking(f"this machine's apt can't be asked: {error}") from error
    if not found.stdout:
        raise Lacking("this machine's apt knows no source of Debian's")
    return found.stdout.splitlines()[0]


def check(release: str, architecture: str, packages: list[str]) -> bool:
    """Tell whether all of them can be had there."""
    with tempfile.TemporaryDirectory() as folder:
        there = Elsewhere(release, architecture, Path(folder))
        try:
            there.begin()
            there.ask("install", "--simulate", *packages)
        except Lacking as error:
            print(f"Debian {release} on {architecture}: {error}")
            return False
    print(f"Debian {release} on {architecture}: all packages: {' '.join(packages)}")
    return True


def fetch(release: str, architecture: str, packages: list[str], to: Path) -> None:
    """These and all that they need, as a folder for apt."""
    with tempfile.TemporaryDirectory() as folder:
        there = Elsewhere(release, architecture, Path(folder))
        there.begin()
        there.ask("install", "--download-only", *packages)
        to.mkdir(parents=True)
        for file in there.folder.glob("cache/archives/*.deb"):
            # "%3a" stands for an epoch's colon; apt would have to quote it twice.
            shutil.copy(file, to / file.name.replace("%3a", "."))
    index(to, release)


def index(folder: Path, release: str) -> None:
    """Write down what is in a folder of packages, so that apt can install from it."""
    entries = [_entry(file) for file in sorted(folder.glob("*.deb"))]
    (folder / "Packages").write_text("\n".join(entries))
    (folder / "release").write_text(f"{release}\n")


def _entry(file: Path) -> str:
    """One package as apt's index has it."""
    fields = subprocess.run(
        ["dpkg-deb", "--field", str(file)], capture_output=True, text=True, check=True
    ).stdout.rstrip("\n")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return f"{fields}\nFilename: ./{file.name}\nSize: {file.stat().st_size}\nSHA256: {digest}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("check", "fetch"))
    parser.add_argument("packages", nargs="+")
    parser.add_argument("--python", action="append", required=True)
    parser.add_argument("--machine", required=True, choices=ARCHITECTURES)
    parser.add_argument("--to", type=Path)
    asked = parser.parse_args()
    architecture = ARCHITECTURES[asked.machine]
    if asked.action == "check":
        releases = [RELEASES[python] for python in asked.python]
        results = [check(release, architecture, asked.packages) for release in releases]
        return 0 if all(results) else 1
    (python,) = asked.python
    if python not in RELEASES:
        print(f"no stable Debian has Python {python}", file=sys.stderr)
        return 1
    try:
        fetch(RELEASES[python], architecture, asked.packages, asked.to)
    except Lacking as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
