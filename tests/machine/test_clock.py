"""What the clocks tell: every change of the wall clock once, sleep never as something else."""

import ctypes
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.machine import clock
from assistant.machine.clock import Reading, SleepWatch, WallClockWatch, WallTime

ROOT = Path(__file__).resolve().parents[2]
START = Reading(wall_s=1_800_000_000.0, offset_s=3600, awake_s=100.0, boot_s=150.0)
YEARS_5_S = 5 * 365.25 * 86400
BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
SPRING_S, AUTUMN_S = 1806195600.0, 1824944400.0  # 2027-03-28 and 2027-10-31, 01:00 UTC


@dataclass
class Clocks:
    """Clocks of a machine to which everything can happen."""

    now: Reading = START

    def __call__(self) -> Reading:
        return self.now

    def pass_s(self, seconds: float) -> None:
        now = self.now
        self.now = replace(
            now,
            wall_s=now.wall_s + seconds,
            awake_s=now.awake_s + seconds,
            boot_s=now.boot_s + seconds,
        )

    def set_by(self, seconds: float) -> None:
        self.now = replace(self.now, wall_s=self.now.wall_s + seconds)

    def sleep(self, seconds: float) -> None:
        awake_s = self.now.awake_s
        self.pass_s(seconds)
        self.now = replace(self.now, awake_s=awake_s)

    def asleep_s(self) -> float:
        return self.now.boot_s - self.now.awake_s

    @property
    def local_s(self) -> float:
        return self.now.wall_s + self.now.offset_s


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the time zone of this process, and puts it back."""
    yield lambda name: monkeypatch.setenv("TZ", name)
    monkeypatch.undo()
    time.tzset()


def test_it_tells_at_first_and_then_only_what_is_new(clocks: Clocks) -> None:
    """A clock that just goes on is told of once, in years."""
    watch = WallClockWatch(clocks, lambda: True)
    assert watch.look() == WallTime(clocks.local_s, True)
    for seconds in (0.01, 1.0, 3600.0, 86400.0, YEARS_5_S):
        clocks.pass_s(seconds)
        assert watch.look() is None


@pytest.mark.parametrize("step_s", [YEARS_5_S, -YEARS_5_S, 86400.0, -3600.0, 1.0, -1.0])
def test_a_step_is_told_once(clocks: Clocks, step_s: float) -> None:
    """Whether the clock is set by a second or by five years, either way: once, as it is now."""
    watch = WallClockWatch(clocks, lambda: True)
    watch.look()
    clocks.pass_s(60.0)
    clocks.set_by(step_s)
    assert watch.look() == WallTime(clocks.local_s, True)
    clocks.pass_s(60.0)
    assert watch.look() is None
    assert SleepWatch(clocks.asleep_s).look() is None


def test_a_small_correction_is_nothing_new(clocks: Clocks) -> None:
    """Half a second of a time service changes no sentence and no working hour."""
    watch = WallClockWatch(clocks, lambda: True)
    watch.look()
    clocks.set_by(0.5)
    assert watch.look() is None
    clocks.set_by(0.6)  # together they are more than a second
    assert watch.look() == WallTime(clocks.local_s, True)


def test_sleep_is_told_as_sleep(clocks: Clocks) -> None:
    """After ten hours of suspend the awake clock is where it was, and both watches say so."""
    wall, sleep = WallClockWatch(clocks, lambda: True), SleepWatch(clocks.asleep_s)
    wall.look()
    clocks.pass_s(5.0)
    clocks.sleep(36000.0)
    assert sleep.look() == 36000.0
    assert wall.look() == WallTime(clocks.local_s, True)
    clocks.pass_s(30.0)
    assert sleep.look() is None
    assert wall.look() is None


def test_sleep_does_not_make_a_right_clock_doubtful(clocks: Clocks) -> None:
    """The clock that goes on in sleep tells a suspend from a clock that was set."""
    asked = []

    def trusted() -> bool:
        asked.append(clocks.now)
        return True

    watch = WallClockWatch(clocks, trusted)
    watch.look()
    clocks.sleep(36000.0)
    clocks.now = replace(clocks.now, offset_s=7200)  # and the summer began meanwhile
    assert watch.look() == WallTime(clocks.local_s, True)
    assert len(asked) == 1


def test_a_clock_becomes_right(clocks: Clocks) -> None:
    """Without a network it is asked about every half minute, then told once, then believed."""
    right = False
    watch = WallClockWatch(clocks, lambda: right)
    assert watch.look() == WallTime(clocks.local_s, False)
    clocks.pass_s(29.0)
    right = True
    assert watch.look() is None
    clocks.pass_s(1.0)
    assert watch.look() == WallTime(clocks.local_s, True)
    right = False
    clocks.pass_s(YEARS_5_S)
    assert watch.look() is None


def test_a_clock_that_was_set_is_asked_about_again(clocks: Clocks) -> None:
    """The network's time is believed at once; a date somebody typed in wrongly isn't."""
    right = False
    watch = WallClockWatch(clocks, lambda: right)
    watch.look()
    clocks.pass_s(1.0)
    clocks.set_by(400 * 86400)
    right = True
    assert watch.look() == WallTime(clocks.local_s, True)
    clocks.set_by(-YEARS_5_S)
    right = False
    assert watch.look() == WallTime(clocks.local_s, False)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["pass", "set", "sleep", "zone"]),
            st.floats(0, YEARS_5_S) | st.floats(0, 3),
            st.booleans(),
        ),
        max_size=20,
    )
)
def test_what_was_told_last_gives_the_clock_at_any_time(
    happened: list[tuple[str, float, bool]],
) -> None:
    """Last told time plus awake time since is the wall clock within a second; sleep adds up."""
    clocks = Clocks()
    wall, sleep = WallClockWatch(clocks, lambda: True), SleepWatch(clocks.asleep_s)
    told, told_at, slept_s = wall.look(), clocks.now.awake_s, 0.0
    for what, amount, backwards in happened:
        match what:
            case "pass":
                clocks.pass_s(amount)
            case "set":
                clocks.set_by(-amount if backwards else amount)
            case "sleep":
                clocks.sleep(amount)
                slept_s += amount
            case _:
                clocks.now = replace(clocks.now, offset_s=-7200 if backwards else 19800)
        if (new := wall.look()) is not None:
            told, told_at = new, clocks.now.awake_s
        if (slept := sleep.look()) is not None:
            slept_s -= slept
            assert slept >= clock.STEP_S
        assert told is not None
        assert abs(told.local_s + clocks.now.awake_s - told_at - clocks.local_s) < 1.001
        assert -0.001 < slept_s < 1.001


@pytest.mark.parametrize(
    ("change_s", "by_s"), [(SPRING_S, 3600), (AUTUMN_S, -3600)], ids=["spring", "autumn"]
)
def test_summer_time(
    zone: Callable[[str], None], change_s: float, by_s: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the very second that the zone changes its hour, the clock is told anew; UTC went on."""
    zone(BERLIN)
    seen = []
    watch = WallClockWatch(trusted=lambda: True)
    real = clock.read_clocks()
    for at_s in (change_s - 7200, change_s - 0.5, change_s, change_s + 7200):
        monkeypatch.setattr(time, "time", lambda at_s=at_s: at_s)
        passed_s = at_s - change_s
        monkeypatch.setattr(
            time, "clock_gettime", lambda _, passed_s=passed_s: real.boot_s + passed_s
        )
        seen.append(watch.look())
    first, before, at, after = seen
    assert first is not None
    assert (before, after) == (None, None)
    assert at == WallTime(first.local_s + 7200 + by_s, True)


def test_the_real_clocks_say_nothing_new(zone: Callable[[str], None]) -> None:
    """On this machine, as it is, a second look finds the same clocks."""
    zone("UTC0")
    wall, sleep = WallClockWatch(), SleepWatch()
    told = wall.look()
    assert told is not None
    assert abs(told.local_s - time.time()) < 1
    assert told.trusted == clock.clock_is_right()
    assert wall.look() is None
    assert sleep.look() is None
    assert abs(clock.awake_now() - time.monotonic()) < 1


def test_a_zone_that_changes_while_it_runs(zone: Callable[[str], None]) -> None:
    """A traveller's new time zone is told at the next look, by the real clocks."""
    zone("XXX-9")
    watch = WallClockWatch()
    first, at = watch.look(), time.monotonic()
    zone("YYY+5:30")
    second = watch.look()
    assert first is not None
    assert second is not None
    passed_s = time.monotonic() - at
    assert second.local_s == pytest.approx(first.local_s - 14.5 * 3600 + passed_s, abs=0.5)


def in_own_namespace(kind: str, program: str) -> str:
    """Run a program where it may change what it sees of the machine; skips where that can't be."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no program unshare (util-linux)")
    alone = [unshare, "--map-root-user", "--user", kind]
    able = subprocess.run([*alone, "true"], capture_output=True, text=True)
    if able.returncode:
        pytest.skip(f"unshare {kind} isn't allowed here: {able.stderr.strip()}")
    environment = {name: value for name, value in os.environ.items() if name != "TZ"}
    done = subprocess.run(
        [*alone, sys.executable, "-c", program],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_systems_zone_changes_while_it_runs(tmp_path: Path) -> None:
    """What a person sets with timedatectl, another /etc/localtime, is told at the next look."""
    zones = Path("/usr/share/zoneinfo")
    if not (zones / "Asia" / "Tokyo").is_file() or not Path("/etc/localtime").exists():
        pytest.skip("no time zones here (package tzdata)")
    for name in ("Tokyo", "Kolkata"):
        shutil.copyfile(zones / "Asia" / name, tmp_path / name)
    program = f"""
import subprocess
from assistant.machine.clock import WallClockWatch
def become(zone):
    subprocess.run(["mount", "--bind", f"{tmp_path}/{{zone}}", "/etc/localtime"], check=True)
    return watch.look()
watch = WallClockWatch(trusted=lambda: True)
tokyo, kolkata = become("Tokyo"), become("Kolkata")
print(round(tokyo.local_s - kolkata.local_s), watch.look())
"""
    assert in_own_namespace("--mount", program) == "12600 None"


def test_the_kernels_own_clocks_after_a_suspend() -> None:
    """Where the kernel's clock that goes on is an hour ahead of before, an hour was slept."""
    if not Path("/proc/self/timens_offsets").exists():
        pytest.skip("this kernel has no namespaces of time")
    program = """
import ctypes, os, pathlib
from assistant.machine.clock import SleepWatch
watch = SleepWatch()
assert watch.look() is None
CLONE_NEWTIME = 0x80
assert ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWTIME) == 0, ctypes.get_errno()
pathlib.Path("/proc/self/timens_offsets").write_text("boottime 3600 0")
if os.fork() == 0:  # only a child lives in the new time
    slept = watch.look()
    print(round(slept, 3), watch.look(), flush=True)
    os._exit(0)
os.wait()
"""
    assert in_own_namespace("--mount", program) == "3600.0 None"


# --- whether it is right ----------------------------------------------------

NOW_S = 1_800_000_000.0


def chip(folder: Path, name: str, since_epoch: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "since_epoch").write_text(since_epoch)


@pytest.mark.parametrize(
    ("chip_s", "agrees"),
    [
        pytest.param(NOW_S, True, id="the same time"),
        pytest.param(NOW_S + 14 * 3600, True, id="local time at the far end of the world"),
        pytest.param(NOW_S - 86400, True, id="a day off is still the same clock"),
        pytest.param(NOW_S - 86401, False, id="more than a day behind"),
        pytest.param(NOW_S + 86401, False, id="more than a day ahead: the wall clock was set back"),
        pytest.param(300.0, False, id="a chip without a battery begins in 1970"),
    ],
)
def test_a_clock_chip_vouches_for_the_wall_clock(
    tmp_path: Path, chip_s: float, agrees: bool
) -> None:
    """A chip is asked what it shows: that it is there proves nothing."""
    chip(tmp_path, "rtc0", f"{chip_s:.0f}\n")
    assert clock.chip_agrees(NOW_S, tmp_path) is agrees


def test_a_chip_and_a_wall_clock_that_were_both_never_set(tmp_path: Path) -> None:
    """Two clocks that agree on 1970 are both wrong."""
    chip(tmp_path, "rtc0", "300\n")
    assert not clock.chip_agrees(310.0, tmp_path)


def test_one_of_two_chips_is_enough(tmp_path: Path) -> None:
    """The board's own chip without a battery doesn't spoil the one that was added."""
    chip(tmp_path, "rtc0", "300\n")
    chip(tmp_path, "rtc1", f"{NOW_S:.0f}\n")
    assert clock.chip_agrees(NOW_S, tmp_path)


@pytest.mark.parametrize("text", ["", "soon\n"])
def test_a_chip_that_cannot_be_read_vouches_for_nothing(tmp_path: Path, text: str) -> None:
    """The kernel refuses to tell the time of a chip whose battery ran empty."""
    chip(tmp_path, "rtc0", text)
    (tmp_path / "rtc1").mkdir()
    assert not clock.chip_agrees(NOW_S, tmp_path)


def test_without_a_chip_only_a_pc_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Raspberry Pi without a chip can't know; a PC, real or virtual, starts with the time."""
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine="aarch64"))
    assert not clock.chip_agrees(NOW_S, tmp_path / "none")
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine="x86_64"))
    assert clock.chip_agrees(NOW_S, tmp_path / "none")
    assert not clock.chip_agrees(1_600_000_000.0, tmp_path / "none")


def test_a_kernel_that_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the call is missing or forbidden, the kernel vouches for nothing."""

    class Forbidden:
        @staticmethod
        def adjtimex(_: object) -> int:
            return -1

    for library in (Forbidden, object):
        monkeypatch.setattr(ctypes, "CDLL", lambda _, library=library: library())
        assert not clock.kernel_is_synchronized()


def test_asking_is_cheap(zone: Callable[[str], None]) -> None:
    """The pump looks at every event; a thousand looks are well within a second."""
    zone("UTC0")
    watch = WallClockWatch()
    began = time.process_time()
    for _ in range(1000):
        watch.look()
    assert time.process_time() - began < 1
