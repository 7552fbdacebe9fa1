"""Runs as root inside the small Debian: installs the service, presses its button, breaks it.

It judges nothing. Each line it prints is one JSON object with a "what"; the test outside does
the asserting. GUEST_FOLDER holds what deploy/bundle made ("bundle") and lgpio for this machine.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import wave
from array import array
from collections.abc import Callable
from pathlib import Path

from tests.pi.telling import on_time, tell
from tests.pi.watch import Watch

NAME = "exercise-assistant"
COMMAND = "/usr/local/bin/assistant"
BUTTON, LED = 17, 27
LINES = Path("/sys/devices/platform/gpio-sim.0/gpiochip0")
FOLDER = Path(os.environ["GUEST_FOLDER"])
LIBRARY = Path("/usr/local/lib/pi")
DROP_INS = Path(f"/etc/systemd/system/{NAME}.service.d")
PROCESSES = Path(f"/sys/fs/cgroup/system.slice/{NAME}.service/cgroup.procs")
BOOT_S = round(time.clock_gettime(time.CLOCK_BOOTTIME), 2)
"""When systemd was through with what comes before services: the guest is the first of them."""
WATCHDOG_S = 6


UNWELCOMED = "[session]\nwelcome = false\n"
"""Of a person who knows it: a first start would tell who it is."""


def ask(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, check=False)


def install(what: str, *options: str, bundle: str = "bundle") -> None:
    began = time.monotonic()
    done = ask(str(FOLDER / bundle / "deploy" / "install"), "--system", *options)
    said = (done.stdout + done.stderr).splitlines()
    tell(what, code=done.returncode, took_s=seconds_since(began), said=said)


def seconds_since(began: float) -> float:
    return round(time.monotonic() - began, 2)


def shown(key: str) -> str:
    return ask("systemctl", "show", "--property", key, "--value", NAME).stdout.strip()


def log(lines: int) -> list[str]:
    done = ask("journalctl", "--quiet", "--output=cat", "--unit", NAME, f"--lines={lines}")
    return done.stdout.splitlines()


def wait(fits: Callable[[], bool], timeout_s: float) -> float | None:
    """Seconds until it is so; None if it never was."""
    began = time.monotonic()
    while time.monotonic() - began < timeout_s:
        if fits():
            return seconds_since(began)
        time.sleep(0.02)
    return None


def led() -> bool:
    return (LINES / f"sim_gpio{LED}" / "value").read_text().strip() == "1"


def pull(direction: str) -> None:
    (LINES / f"sim_gpio{BUTTON}" / "pull").write_text(f"pull-{direction}")


def changes(seconds: float) -> int:
    """How often the LED went on or off."""
    last, count, until = led(), 0, time.monotonic() + seconds
    while time.monotonic() < until:
        if (now := led()) != last:
            last, count = now, count + 1
    return count


def prepare() -> None:
    """What a Raspberry Pi has and this machine hasn't: its pin library, and a shorter patience."""
    LIBRARY.mkdir(parents=True)
    for file in Path(sys.prefix).glob("lib/python3*/site-packages/*lgpio*"):
        if file.is_file():
            shutil.copy(file, LIBRARY)
    DROP_INS.mkdir(parents=True)
    settings = Path(f"/etc/{NAME}")
    settings.mkdir()
    (settings / "config.toml").write_text(UNWELCOMED)
    keys = [
        f"Environment=PYTHONPATH={LIBRARY}",
        f"WatchdogSec={WATCHDOG_S}",
        "BindReadOnlyPaths=/run/cpuinfo:/proc/cpuinfo",  # the board's revision
    ]
    if not Path("/proc/self/ns/user").exists():  # every kernel of Debian's has them
        keys.append("PrivateUsers=no")
    (DROP_INS / "pi.conf").write_text("\n".join(["[Service]", *keys, ""]))


def lives() -> None:
    """It waits, breathing; a press begins, with its questions, whose lamp is steady."""
    ready_us = int(shown("ActiveEnterTimestampMonotonic"))
    began_us = int(shown("InactiveExitTimestampMonotonic"))
    tell(
        "ready",
        state=shown("ActiveState"),
        enabled=shown("UnitFileState"),
        user=shown("User"),
        took_s=(ready_us - began_us) / 1e6,
        boot_s=BOOT_S,
        breathes=wait(lambda: changes(0.5) > 10, 20),
        log=log(40),
    )
    on_time(press)


def press() -> None:
    """Once more it only has the question put again."""
    pull("down")
    time.sleep(0.12)  # a finger stays: this is the input, not waiting for a result
    pull("up")
    wait(lambda: any("numbness" in line for line in log(40)), 10)
    steady_s = wait(lambda: changes(0.4) == 0, 10)  # a lamp that is on or off, no longer breathing
    tell("press", steady_after_s=steady_s, log=log(40))


INSIDE = """
import json, os, pathlib, socket
def fails(act):
    try: act()
    except OSError as error: return error.strerror
    return ""
write = lambda path: lambda: pathlib.Path(path).write_text("x")
print(json.dumps(dict(
    internet=fails(lambda: socket.socket(socket.AF_INET)),
    netlink=fails(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
    unix=fails(lambda: socket.socket(socket.AF_UNIX)),
    program=fails(write("/opt/exercise-assistant/x")),
    settings=fails(write("/etc/exercise-assistant/config.toml")),
    system=fails(write("/usr/x")),
    homes=fails(lambda: os.listdir("/root")),
    own=fails(write("/var/lib/exercise-assistant/x")),
    run=fails(write("/run/exercise-assistant/x")),
    root=fails(lambda: os.setuid(0)),
    mount=fails(lambda: os.unshare(os.CLONE_NEWNS) if hasattr(os, "unshare") else os.chroot("/")),
    processes=[p for p in os.listdir("/proc") if p == "1"],
    groups=sorted(os.getgroups()),
    status={line.split(":")[0]: line.split(":")[1].strip() for line in open("/proc/self/status")
            if line.startswith(("CapBnd", "NoNewPrivs", "Seccomp:"))},
    shared_tmp=os.path.exists("/var/tmp/seen-by-all"),
)))
"""


def inside() -> None:
    """The same walls around another program: what it may, and what it may not."""
    Path("/var/tmp/seen-by-all").write_text("")
    unit = Path(f"/etc/systemd/system/{NAME}.service").read_text()
    (FOLDER_HERE / "inside.py").write_text(INSIDE)
    lines = [
        f"ExecStart=/usr/bin/python3 {FOLDER_HERE}/inside.py"
        if line.startswith("ExecStart=")
        else "Type=oneshot"
        if line.startswith("Type=")
        else f"StandardOutput=file:{FOLDER_HERE}/inside.json"
        if line.startswith("NotifyAccess=")
        else line
        for line in unit.splitlines()
        if not line.startswith(("Restart", "Watchdog", "TimeoutAbort"))
    ]
    Path("/etc/systemd/system/pi-inside.service").write_text("\n".join(lines) + "\n")
    shutil.copytree(DROP_INS, "/etc/systemd/system/pi-inside.service.d")
    ask("systemctl", "daemon-reload")
    done = ask("systemctl", "start", "pi-inside")
    answer = (FOLDER_HERE / "inside.json").read_text()
    ask("systemctl", "restart", NAME)  # they share folders that one of them took away
    tell("inside", code=done.returncode, **(json.loads(answer) if answer else {}))


FOLDER_HERE = Path("/usr/local/lib/pi-inside")


def comes_back(what: str, harm: int) -> None:
    """Harm the main process: another one has to take its place and be ready."""
    first = int(shown("MainPID"))
    os.kill(first, harm)
    back_s = wait(
        lambda: shown("MainPID") not in ("0", str(first)) and shown("ActiveState") == "active",
        60,
    )
    # It may wait, or be where the press had led it: any pattern but darkness is a lamp that lives.
    tell(what, back_s=back_s, shines=wait(lambda: changes(2.0) > 0, 20), log=log(300))


def stops() -> None:
    pids = PROCESSES.read_text().split()
    wait(led, 10)
    began = time.monotonic()
    ask("systemctl", "stop", NAME)
    tell(
        "stop",
        took_s=seconds_since(began),
        lit=led(),
        result=shown("Result"),
        had=len(pids),
        left=[pid for pid in pids if Path(f"/proc/{pid}").exists()],
    )


def people() -> None:
    """Root names somebody while the service runs, and takes them away again once it stands."""
    state = Path(f"/var/lib/{NAME}")
    journal = state / "people" / "ben.sqlite3"
    remove = COMMAND, "people", "remove", "Ben", "--yes"
    said = [ask(COMMAND, "people", "add", name).stderr for name in ("Maria", "Ben")]
    journal.parent.mkdir(exist_ok=True)
    journal.touch()
    for place in (journal.parent, journal):
        shutil.chown(place, NAME, NAME)
    refused = ask(*remove).stderr
    stops()
    said += [ask(*remove).stderr]
    tell(
        "people",
        refused=refused,
        said=[*filter(None, said)],
        left=journal.exists(),
        strangers=[str(path) for path in state.rglob("*") if path.owner() != NAME],
    )


def speaks() -> None:
    """A spoken command into the sound card's other end, and what comes out there."""
    Path(f"/etc/{NAME}/config.toml").write_text(
        f"{UNWELCOMED}screening = false\npain = false\n"
        '[hearing]\nmicrophone = "hw:0,1"\n[voice]\nloudspeaker = "hw:0,1"\n'
    )
    spoken, answer = FOLDER_HERE / "spoken.wav", FOLDER_HERE / "answer.wav"
    ask(COMMAND, "say", "Hey coach, start desk break.", "--to", str(spoken))
    Path(f"/var/lib/{NAME}/journal.sqlite3").unlink(missing_ok=True)  # no session to go on with
    ask("systemctl", "restart", NAME)
    ready_s = wait(lambda: any("Ready" in line for line in log(5)), 30)
    time.sleep(8.0)  # its greeting is over; a person too would wait for that
    before = log(50)
    recorder = subprocess.Popen(
        ["arecord", "-q", "-D", "plughw:0,0", "-f", "S16_LE", "-r", "22050", str(answer)]
    )
    ask("aplay", "-q", "-D", "plughw:0,0", str(spoken))
    heard_s = wait(lambda: any("Desk break" in line for line in log(50)[len(before) - 50 :]), 20)
    time.sleep(3.0)
    recorder.terminate()
    recorder.wait()
    with wave.open(str(answer)) as file:
        samples = array("h", file.readframes(file.getnframes()))
    tell(
        "spoken to",
        ready_s=ready_s,
        heard_s=heard_s,
        loud_share=sum(abs(one) > 500 for one in samples) / max(1, len(samples)),
        log=log(50),
    )


def presses() -> None:
    """While it leads and speaks: from the finger to silence, from its leaving to the lamp."""
    silent_ms, lamp_ms, watch = [], [], Watch(led)
    for _ in range(9):
        if wait(watch.speaks_in_the_dark, 20) is None:
            continue
        down = time.monotonic()
        pull("down")
        time.sleep(0.08)
        up = time.monotonic()
        pull("up")
        time.sleep(1.0)
        silent_ms.append(watch.silent_after(down))
        lamp_ms.append(watch.lit_after(up))
        pull("down")  # and go on
        time.sleep(0.08)
        pull("up")
        time.sleep(1.0)
    watch.close()
    tell("presses", silent_ms=silent_ms, lamp_ms=lamp_ms)


def costs() -> None:
    """What it takes while nobody needs it: all its processes, over a minute."""
    from tests.meters import cpu_s, memory_mib

    ask("systemctl", "restart", NAME)
    wait(lambda: any("Ready" in line for line in log(5)), 30)
    time.sleep(15.0)
    pids = [int(pid) for pid in PROCESSES.read_text().split()]
    used, began = cpu_s(pids), time.monotonic()
    time.sleep(60.0)
    share = (cpu_s(pids) - used) / (time.monotonic() - began)
    tell(
        "costs",
        processes=len(pids),
        memory_mib=round(memory_mib(pids), 1),
        idle_percent=round(100 * share, 1),
    )


def crowded() -> None:
    """The kernel has too little memory for it: what it ends, and whether all comes back."""
    place = Path("/sys/fs/cgroup/system.slice") / f"{NAME}.service"
    if not (place / "memory.max").exists():
        tell("crowded", lacks="a kernel that counts memory (CONFIG_MEMCG)")
        return

    def limit(size: str) -> None:
        ask("systemctl", "set-property", "--runtime", NAME, "MemoryHigh=infinity", size)

    def killed() -> int:
        lines = (place / "memory.events").read_text().splitlines()
        return int(dict(line.split() for line in lines)["oom_kill"])

    parent, pids = shown("MainPID"), PROCESSES.read_text().split()
    stat = (place / "memory.stat").read_text().splitlines()
    own = int(dict(line.split() for line in stat)["anon"])
    limit(f"MemoryMax={own * 3 // 4}")
    short_s = wait(lambda: killed() > 0, 20)
    limit("MemoryMax=512M")
    tell(
        "crowded",
        short_s=short_s,
        killed=killed(),
        back_s=wait(lambda: len(PROCESSES.read_text().split()) == len(pids), 60),
        same_parent=parent == shown("MainPID"),
        shines=wait(lambda: changes(2.0) > 0, 20),
        log=log(20),
    )


def a_persons_own() -> None:
    """On a desktop somebody installs it for themselves; it runs while they are logged out."""
    ask("useradd", "--create-home", "maria")
    ask("loginctl", "enable-linger", "maria")
    uid = ask("id", "-u", "maria").stdout.strip()
    bus = Path(f"/run/user/{uid}/bus")
    wait(bus.exists, 30)
    places = (f"XDG_RUNTIME_DIR={bus.parent}", f"DBUS_SESSION_BUS_ADDRESS=unix:path={bus}")
    maria = ("runuser", "-u", "maria", "--", "env", "-C", "/", "HOME=/home/maria", *places)
    carried = Path("/srv/carried")  # the folder of the tests is not hers to see
    shutil.copytree(FOLDER / "bundle", carried)
    script = str(carried / "deploy" / "install")
    done = ask(*maria, script, "--echo-canceller")
    cancellers = [path.name for path in Path("/home/maria/.config").rglob("*echo-cancel*")]
    state = ask(*maria, "systemctl", "--user", "is-active", NAME).stdout.strip()
    gone = ask(*maria, script, "--uninstall", "--purge")
    left = [str(path) for path in Path("/home/maria").rglob(f"*{NAME}*")]
    said = (done.stdout + done.stderr).splitlines()
    tell(
        "a person's own",
        code=done.returncode,
        state=state,
        cancellers=cancellers,
        said=said,
        gone=gone.returncode,
        left=left,
    )


def version() -> str:
    return str(Path(f"/opt/{NAME}/current").readlink())


def upgrades() -> None:
    """Again the same; then one that can't start; then a good one."""
    install("started again")
    install("again")
    first = version()
    install("broken", "--upgrade", bundle="broken")
    tell("after broken", back=version() == first, state=shown("ActiveState"))
    install("good", "--upgrade", bundle="good")
    versions = sorted(path.name for path in Path(f"/opt/{NAME}/versions").iterdir())
    tell("after good", new=version() != first, state=shown("ActiveState"), versions=versions)


def main() -> None:
    FOLDER_HERE.mkdir(parents=True)
    prepare()
    pull("up")
    install("install")
    lives()
    inside()
    comes_back("killed", signal.SIGKILL)
    comes_back("stuck", signal.SIGSTOP)
    people()
    if "long" in os.environ["GUEST_PARTS"].split(","):
        upgrades()
        speaks()
        presses()
        costs()
        crowded()
    install("uninstall", "--uninstall")
    tell(
        "gone",
        program=Path(f"/opt/{NAME}").exists(),
        unit=Path(f"/etc/systemd/system/{NAME}.service").exists(),
        journal=Path(f"/var/lib/{NAME}/journal.sqlite3").exists(),
    )
    install("purge", "--uninstall", "--purge")
    if "long" in os.environ["GUEST_PARTS"].split(","):
        a_persons_own()
    tell(
        "purged",
        state=Path(f"/var/lib/{NAME}").exists(),
        user=ask("getent", "passwd", NAME).returncode == 0,
    )


if __name__ == "__main__":
    main()
