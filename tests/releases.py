"""A first start from nothing on other releases of Debian: `python -m tests.releases trixie forky`.

For each release a small Debian is made in a folder of its own (mmdebstrap), with nothing in it but
what every Debian has, and `deploy/run desk-break --once` is started there: once as root, once by a
person whose sudo asks for a password, at a terminal. With --suite, deploy/test follows as root;
with --service, the small Debian is booted (systemd-nspawn), deploy/install makes a service of it,
and the services with a network talk with a real broker. It needs root and a network, and tells one
line for each try. What was said lies in --to; so do the small Debians, packed, which are made once.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
PERSON, PASSWORD = "anna", "sesame"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LONGEST_S = 1200
SUITE_S = 5400
ITS_OWN_MOUNTS = "RELEASES_MOUNTS"
"""Set once this process has mounts of its own, which go when it goes."""


@dataclass(frozen=True)
class Outcome:
    """How one try went."""

    what: str
    code: int
    took_s: float
    said: str

    @property
    def good(self) -> bool:
        asked = self.said.count("password for ")
        return self.code == 0 and asked == (1 if "sudo" in self.what else 0)

    def line(self) -> str:
        set_up = re.search(r"done in (\d+) s", self.said)
        return (
            f"{'ok ' if self.good else 'BAD'} {self.what}: exit code {self.code} after "
            f"{self.took_s:.0f} s, set up in {set_up[1] if set_up else '?'} s, "
            f"password asked for {self.said.count('password for ')} times"
        )


def make(release: str, packed: Path) -> None:
    """A release's smallest Debian, packed."""
    lagging = 'Acquire::Check-Valid-Until "false"'  # a mirror may be behind the newest
    words = ["--quiet", "--variant=minbase", "--include=ca-certificates", f"--aptopt={lagging}"]
    half = packed.with_name(f"half-{packed.name}")
    subprocess.run(["mmdebstrap", *words, release, half], check=True)
    half.rename(packed)


def unpack(packed: Path, to: Path) -> Path:
    """One to try in, with the kernel's files and this machine's certificates and names."""
    to.mkdir()
    subprocess.run(["tar", "-xpf", packed, "-C", to, "--exclude=./dev/*"], check=True)
    for kind, place in (
        ("proc", "proc"),
        ("sysfs", "sys"),
        ("tmpfs", "dev/shm"),
        ("devpts", "dev/pts"),
    ):
        if place == "dev/shm":
            subprocess.run(["mount", "--bind", "/dev", to / "dev"], check=True)
        subprocess.run(["mount", "-t", kind, kind, to / place], check=True)
    for file in (CERTIFICATES, "etc/resolv.conf", "etc/hosts"):
        shutil.copy(f"/{file}", to / file)
    return to


def carry(to: Path) -> None:
    """The checkout as it is, without what was made in it."""
    to.mkdir(parents=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout.split(b"\0")
    for file in (name.decode() for name in files if name):
        if (ROOT / file).is_file():
            (to / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, to / file)


def at_a_terminal(*command: str) -> tuple[int, str]:
    """Run it as a person would, who gives their password when they are asked for it."""
    pid, terminal = os.forkpty()
    if pid == 0:
        os.execvp("timeout", ["timeout", "--foreground", str(LONGEST_S), *command])  # noqa: S606
    said = b""
    with suppress(OSError):  # nobody is at the other end any more
        while part := os.read(terminal, 4096):
            said += part
            if b"password for " in part:
                os.write(terminal, f"{PASSWORD}\n".encode())
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode(errors="replace")


def environment(home: str) -> list[str]:
    return [
        "env",
        "-i",
        f"PATH={SYSTEM_PATH}",
        f"HOME={home}",
        "TERM=xterm",
        f"PIP_CERT=/{CERTIFICATES}",
    ]


def as_root(release: str, place: Path, *command: str, timeout_s: float = LONGEST_S) -> Outcome:
    """Without a terminal; root is asked for no password."""
    began = time.monotonic()
    done = subprocess.run(
        ["chroot", place, *environment("/root"), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout_s,
    )
    what = f"{release}, root, {Path(command[0]).name}"
    return Outcome(what, done.returncode, time.monotonic() - began, done.stdout)


def as_a_person(release: str, place: Path) -> Outcome:
    for words in (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "install", "--no-install-recommends", "--yes", "sudo"],
        ["useradd", "--create-home", "--groups", "sudo", PERSON],
        ["chpasswd"],
        ["find", "/var/lib/apt/lists", "-mindepth", "1", "-delete"],
        ["chown", "-R", f"{PERSON}:", f"/home/{PERSON}"],
    ):
        if words[0] == "chown":
            carry(place / "home" / PERSON / "coach")
        given = f"{PERSON}:{PASSWORD}" if words == ["chpasswd"] else ""
        step = ["chroot", str(place), *words]
        subprocess.run(step, input=given, text=True, check=True, capture_output=True)
    began = time.monotonic()
    who = [f"--userspec={PERSON}:{PERSON}", f"--groups={PERSON},sudo"]
    script = [f"/home/{PERSON}/coach/deploy/run", "desk-break", "--once", "--plain"]
    inside = ["chroot", *who, str(place), *environment(f"/home/{PERSON}")]
    code, said = at_a_terminal(*inside, *script)
    return Outcome(f"{release}, a person with sudo, run", code, time.monotonic() - began, said)


def as_a_service(release: str, place: Path) -> Outcome:
    """Booted, with systemd as its first process; it ends when the try has ended. What was mounted
    there goes: a booted system mounts its own."""
    packages = ["systemd-sysv", "dbus", "mosquitto"]
    for step in (["update"], ["install", "--no-install-recommends", "--yes", *packages]):
        words = ["chroot", str(place), *environment("/root"), "apt-get", "-qq", *step]
        subprocess.run(words, check=True, capture_output=True)
    for mounted in ("dev/shm", "dev/pts", "dev", "sys", "proc"):
        subprocess.run(["umount", "--lazy", place / mounted], check=True)
    units = place / "etc/systemd/system"
    (units / "multi-user.target.wants").mkdir(parents=True, exist_ok=True)
    (units / "mosquitto.service").symlink_to("/dev/null")
    (units / "try.service").write_text(TRY)
    (units / "multi-user.target.wants/try.service").symlink_to("../try.service")
    (place / "try").write_text(TRIED)
    began = time.monotonic()
    booted = subprocess.run(
        ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "-D", place],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},  # newer ones know no other
        timeout=LONGEST_S,
        check=False,
    )
    told = place / "try.txt"
    said = told.read_text() if told.exists() else booted.stdout.decode(errors="replace")
    code = re.search(r"ended with (\d+)$", said.strip())
    took_s = time.monotonic() - began
    return Outcome(f"{release}, booted, service", int(code[1]) if code else 1, took_s, said)


TRY = """[Service]
Type=oneshot
ExecStart=/bin/sh /try
ExecStopPost=systemctl --force poweroff
StandardOutput=file:/try.txt
StandardError=file:/try.txt
TimeoutStartSec=infinity
"""
TRIED = f"""export PATH={SYSTEM_PATH} HOME=/root PIP_CERT=/{CERTIFICATES} PYTHONPATH=/srv/coach
cd /srv/coach && deploy/install --system && systemctl is-active exercise-assistant &&
    /opt/exercise-assistant/current/bin/python -m tests.pi.broker_guest
echo "ended with $?"
"""


def try_out(release: str, kept: Path, folder: Path, *, suite: bool, service: bool) -> list[Outcome]:
    packed = kept / f"{release}.tar"
    if not packed.exists():
        make(release, packed)
    place = unpack(packed, folder / f"{release}-root")
    carry(place / "srv" / "coach")
    with ThreadPoolExecutor() as both:
        person = both.submit(as_a_person, release, unpack(packed, folder / f"{release}-person"))
        outcomes = [
            as_root(release, place, "/srv/coach/deploy/run", "desk-break", "--once", "--plain")
        ]
        outcomes.append(person.result())
    if suite:
        outcomes.append(as_root(release, place, "/srv/coach/deploy/test", "-q", timeout_s=SUITE_S))
    if service:
        outcomes.append(as_a_service(release, place))
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("releases", nargs="+", metavar="RELEASE")
    parser.add_argument("--suite", action="store_true", help="also all tests, on each")
    parser.add_argument("--service", action="store_true", help="also as a service, on each")
    parser.add_argument("--to", type=Path, default=Path("releases"), help="where all of it lies")
    asked = parser.parse_args()
    if os.getuid() != 0 or shutil.which("mmdebstrap") is None:
        sys.exit("This needs root, and Debian's package mmdebstrap.")
    if ITS_OWN_MOUNTS not in os.environ:
        os.environ[ITS_OWN_MOUNTS] = "1"
        again = ["unshare", "--mount", sys.executable, "-m", "tests.releases", *sys.argv[1:]]
        os.execvp(again[0], again)  # noqa: S606
    if asked.service and shutil.which("systemd-nspawn") is None:
        sys.exit("--service needs Debian's package systemd-container.")
    asked.to.mkdir(parents=True, exist_ok=True)
    outcomes = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            for release in asked.releases:
                for outcome in try_out(
                    release, asked.to, Path(folder), suite=asked.suite, service=asked.service
                ):
                    outcomes.append(outcome)
                    print(outcome.line(), flush=True)
                    name = outcome.what.replace(", ", "-").replace(" ", "-")
                    (asked.to / f"{name}.txt").write_text(outcome.said)
        finally:
            mounted = [
                line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()
            ]
            for place in sorted((one for one in mounted if one.startswith(folder)), reverse=True):
                subprocess.run(["umount", "--lazy", place], check=False)
    return 0 if all(outcome.good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
