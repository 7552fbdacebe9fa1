"""On a small Debian with systemd and real GPIO lines: deploy/install, and what the service does.

The packages come from deploy/bundle, which needs a network once; without one these tests are
skipped. The long part (upgrades and the way back, a spoken command) runs when ASSISTANT_ACCEPTANCE
is set, as tests/pi/accept does.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.pi.machine import REPOSITORY, boot, kernel, need_lgpio

LONG = bool(os.environ.get("ASSISTANT_ACCEPTANCE"))
PYTHON = "/usr/bin/python3"
"""Debian's own, as deploy/install would find it: the bundle is made for it."""

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("a small Debian")]
"""One worker takes them all, since they share one boot."""
only_long = pytest.mark.skipif(not LONG, reason="only with ASSISTANT_ACCEPTANCE=1: tests/pi/accept")


def bundle(folder: Path) -> Path:
    """What deploy/bundle makes, for this machine."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    made = subprocess.run(
        [REPOSITORY / "deploy" / "bundle", "--to", folder / "made", "--python", version],
        capture_output=True,
        text=True,
    )
    if made.returncode:
        pytest.skip(f"lacks packages, and a network to fetch them: {made.stderr[-300:]}")
    (one,) = (folder / "made").iterdir()
    return one.rename(folder / "bundle")


def rebuilt(bundled: Path, name: str, **changed: str) -> None:
    """The same bundle, with some files of the program changed."""
    copy = bundled.with_name(name)
    shutil.copytree(bundled, copy)
    (wheel,) = copy.glob("wheels/exercise_assistant-*.whl")
    source = copy / "source"
    for folder in ("assistant", "routines", "models"):
        shutil.copytree(REPOSITORY / folder, source / folder)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / file, source / file)
    for file, text in changed.items():
        with (source / "assistant" / f"{file}.py").open("a") as program:
            program.write(text)
    wheel.unlink()
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", wheel.parent, source], check=True, capture_output=True)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the guest printed, by what it is about, from one boot for all of these tests."""
    if os.getuid() != 0:
        pytest.skip("only root sees all files of a machine that is booted on this one's")
    if not Path("/lib/systemd/systemd").exists():
        pytest.skip("lacks systemd")
    if Path(PYTHON).resolve() != Path(sys.executable).resolve():
        pytest.skip(f"{PYTHON} is another Python than this one, whose lgpio it is to use")
    need_lgpio()
    if LONG and not shutil.which("arecord"):
        pytest.skip("lacks arecord and aplay, which play and record there (Debian: alsa-utils)")
    folder = tmp_path_factory.mktemp("pi")
    kernel(folder)
    made = bundle(folder)
    if LONG:
        rebuilt(made, "broken", app="\nraise RuntimeError('a version that never starts')\n")
        rebuilt(made, "good", app="\n# a newer version\n")
    parts = "GUEST_PARTS=" + ("short,long" if LONG else "short")
    more = (parts, "snd_dummy.enable=0", "snd_aloop.index=0")
    lines = boot(
        *(folder, "service_guest.py", 800),
        init="service_init.sh",
        memory="1024M",
        more=more,
    )
    return {line["what"]: line for line in lines}


def test_it_is_installed_by_one_command(told: dict[str, dict[str, Any]]) -> None:
    """Without a network, as a user of its own; it runs, and will with the machine."""
    assert told["install"]["code"] == 0, told["install"]["said"]
    ready = told["ready"]
    assert (ready["state"], ready["enabled"]) == ("active", "enabled")
    assert ready["user"] == "exercise-assistant"


def test_the_lamp_breathes_and_the_button_begins(told: dict[str, dict[str, Any]]) -> None:
    """Behind all its walls the service has its pins. The first press begins with the questions."""
    assert told["ready"]["breathes"] is not None, told["ready"]["log"]
    press = told["press"]
    assert press["steady_after_s"] is not None
    assert any("Do you have new numbness" in line for line in press["log"]), press["log"]


def test_it_has_no_network(told: dict[str, dict[str, Any]]) -> None:
    """Neither an address nor the kernel's own channel; a socket on this machine it has."""
    inside = told["inside"]
    assert inside["internet"]
    assert inside["netlink"]
    assert inside["unix"] == ""


def test_it_writes_in_its_own_folders_only(told: dict[str, dict[str, Any]]) -> None:
    """Not the program, not its configuration, not the system; and homes it can't even see."""
    inside = told["inside"]
    assert all(inside[place] for place in ("program", "settings", "system", "homes"))
    assert (inside["own"], inside["run"], inside["shared_tmp"]) == ("", "", False)


def test_it_can_not_get_more_rights(told: dict[str, dict[str, Any]]) -> None:
    """No capability, no way to one, no file system of its own making, nobody else's processes."""
    inside = told["inside"]
    assert inside["root"]
    assert inside["mount"]
    assert inside["processes"] == []
    assert inside["status"] == {"CapBnd": "0" * 16, "NoNewPrivs": "1", "Seccomp": "2"}


def test_a_killed_service_comes_back(told: dict[str, dict[str, Any]]) -> None:
    """Another process has its place and its lamp."""
    assert told["killed"]["back_s"] is not None, told["killed"]["log"]
    assert told["killed"]["shines"] is not None, told["killed"]["log"]


def test_the_watchdog_bites_a_service_that_hangs(told: dict[str, dict[str, Any]]) -> None:
    """A stopped pump feeds nobody: it is ended, tells where it stood, and another one begins."""
    assert told["stuck"]["back_s"] is not None, told["stuck"]["log"]
    assert told["stuck"]["shines"] is not None, told["stuck"]["log"]
    assert any("Fatal Python error" in line for line in told["stuck"]["log"]), told["stuck"]["log"]


def test_it_stops_with_its_lamp_off(told: dict[str, dict[str, Any]]) -> None:
    """In good order, with all its processes, and without being killed for taking too long."""
    stop = told["stop"]
    assert (stop["lit"], stop["result"], stop["left"]) == (False, "success", [])
    assert stop["had"] >= 1


def test_who_is_removed_by_root_leaves_nothing_and_the_service_may_go_on(
    told: dict[str, dict[str, Any]],
) -> None:
    """The command that was installed finds what the service keeps, waits until it is stopped, and
    gives it back to it."""
    people = told["people"]
    assert "already running" in people["refused"]
    assert (people["said"], people["left"], people["strangers"]) == ([], False, [])


def test_uninstalling_keeps_the_journal(told: dict[str, dict[str, Any]]) -> None:
    """Only --purge takes what it remembers, and its user."""
    gone, purged = told["gone"], told["purged"]
    assert (gone["program"], gone["unit"], gone["journal"]) == (False, False, True)
    assert (purged["state"], purged["user"]) == (False, False)


@only_long
def test_installing_again_changes_nothing(told: dict[str, dict[str, Any]]) -> None:
    """It starts one that was stopped; the next time it has nothing to do and says so."""
    assert told["started again"]["code"] == 0
    assert told["again"]["code"] == 0
    assert any("nothing is newer" in line for line in told["again"]["said"])


@only_long
def test_a_version_that_does_not_come_up_gives_its_place_back(
    told: dict[str, dict[str, Any]],
) -> None:
    """Exit code 8, the reason, and the version before runs again."""
    assert told["broken"]["code"] == 8, told["broken"]["said"]
    assert any("RuntimeError" in line for line in told["broken"]["said"]), told["broken"]
    assert not any("Ready" in line for line in told["broken"]["said"]), "words of the one before"
    assert told["after broken"] == {"what": "after broken", "back": True, "state": "active"}


@only_long
def test_a_newer_version_takes_the_place(told: dict[str, dict[str, Any]]) -> None:
    """And the one before is kept for the way back."""
    assert told["good"]["code"] == 0, told["good"]["said"]
    after = told["after good"]
    assert (after["new"], after["state"], len(after["versions"])) == (True, "active", 2)


@only_long
def test_it_hears_a_command_and_answers_aloud(told: dict[str, dict[str, Any]]) -> None:
    """Through the sound card of the kernel: a spoken command in, speech out."""
    spoken = told["spoken to"]
    assert spoken["heard_s"] is not None, spoken["log"]
    assert spoken["loud_share"] > 0.05


@only_long
def test_it_is_measured(
    told: dict[str, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    """What a press and a minute of waiting cost, for those who read along. This machine is an
    ordinary process, whose every system call is slow: a bound here is far from what a person
    would notice."""
    presses, costs, ready = told["presses"], told["costs"], told["ready"]
    silent_ms, lamp_ms = (
        [one for one in presses[what] if one is not None] for what in ("silent_ms", "lamp_ms")
    )
    with capsys.disabled():
        print(f"\nboot to services {ready['boot_s']} s, start to READY {ready['took_s']:.2f} s")
        print(f"finger to silence, ms: {silent_ms}\nfinger gone to lamp, ms: {lamp_ms}")
        print(
            f"{costs['processes']} processes, {costs['memory_mib']} MiB (PSS), "
            f"{costs['idle_percent']} % of a processor while it waits"
        )
    assert len(silent_ms) >= 3
    assert median(silent_ms) < 1000
    assert len(lamp_ms) >= 3
    assert median(lamp_ms) < 1000


@only_long
def test_when_memory_runs_out_a_child_goes_and_comes_back(told: dict[str, dict[str, Any]]) -> None:
    """The kernel ends the ear or the voice, never the one who leads and keeps the lamp."""
    crowded = told["crowded"]
    if "lacks" in crowded:
        pytest.skip(f"lacks {crowded['lacks']}; tests/pi/kernel builds one")
    assert crowded["short_s"] is not None, crowded
    assert crowded["same_parent"], crowded["log"]
    assert crowded["back_s"] is not None, crowded["log"]
    assert crowded["shines"] is not None, crowded["log"]


@only_long
def test_on_a_desktop_it_is_a_persons_own(told: dict[str, dict[str, Any]]) -> None:
    """It chooses so by itself where there is a sound server, needs no root, and leaves nothing."""
    if shutil.which("pulseaudio") is None and shutil.which("pipewire") is None:
        pytest.skip("lacks a sound server, so this machine is no desktop")
    own = told["a person's own"]
    assert (own["code"], own["state"]) == (0, "active"), own["said"]
    assert len(own["cancellers"]) == 1, own["said"]
    assert (own["gone"], own["left"]) == (0, [])
