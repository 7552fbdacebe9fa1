"""deploy/install and its parts, as far as they go without a machine of their own.

What it does to a machine is tested on one: tests/pi/test_service.py.
"""

import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.outside.helper_processes import NEIGHBOURS as NEIGHBOURS_OF_THE_DOOR

ROOT = Path(__file__).resolve().parent.parent
SERVICES = (
    "deploy/systemd/exercise-assistant.service",
    "deploy/systemd/user/exercise-assistant.service",
)
PAGE = "deploy/systemd/exercise-assistant-outside@page.service"
NEIGHBOURS = (
    "deploy/systemd/exercise-assistant-outside@.service",
    "deploy/systemd/user/exercise-assistant-outside@.service",
)
MOST_EXPOSED = 1.5


def step(
    words: str, path: Path | None = None, checkout: Path = ROOT, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Some of the steps of deploy/install, as its own shell runs them."""
    given = {"action": "install", "kind": "", "wheels": "", "purge": "", "upgrade": ""}
    given |= {"echo_canceller": ""}
    given |= {"checkout": str(checkout)} | variables
    sets = "; ".join(f"{name}={shlex.quote(value)}" for name, value in given.items())
    first = f"{path}{os.pathsep}" if path else ""
    return subprocess.run(
        ["sh", "-euc", f'{sets}; . "{ROOT}/deploy/service.sh"; {words}'],
        env={**os.environ, "PATH": first + os.environ["PATH"]},
        capture_output=True,
        text=True,
    )


def programs(folder: Path, **bodies: str) -> Path:
    """A folder of small programs."""
    folder.mkdir(exist_ok=True)
    for name, body in bodies.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--sytem"], 'doesn\'t know "--sytem"'),
        (["--purge"], "--purge goes with --uninstall"),
        (["--from"], "--from needs a folder"),
        (["--from", "/etc"], "/etc is no folder that deploy/bundle made"),
    ],
)
def test_a_wrong_option_is_said_in_words(words: list[str], said: str) -> None:
    """Before anything is touched; the exit code is that of a wrong command line."""
    done = subprocess.run([ROOT / "deploy" / "install", *words], capture_output=True, text=True)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("script", ["install", "bundle", "check-wheels"])
def test_help_changes_nothing(script: str) -> None:
    done = subprocess.run([ROOT / "deploy" / script, "--help"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"deploy/{script}")


def test_whoever_carries_a_bundle_is_told_every_package() -> None:
    """Where there is no network, what the README and --help leave out can't be had any more."""
    done = subprocess.run([ROOT / "deploy" / "bundle", "--help"], capture_output=True, text=True)
    needed = step('echo "$packages_needed"').stdout.split()
    assert needed
    manual = (ROOT / "deploy" / "README.md").read_text()
    told = manual.split("must have there already: ")[1].split(".")[0]
    assert [name for name in needed if name not in done.stdout or f"`{name}`" not in told] == []


@pytest.mark.parametrize(
    ("meant_for", "said"),
    [
        ("3.11 m68k\n", "for Python 3.11 on m68k. Here is"),
        ("3.14 {here}\n", "/usr/bin/python3 is 3.11;"),
        ("", "is not whole"),
    ],
)
def test_a_bundle_for_another_machine_is_refused(tmp_path: Path, meant_for: str, said: str) -> None:
    """Before anything is touched, with what there is and what would fit."""
    (tmp_path / "for").write_text(meant_for.format(here=platform.machine()))
    old = "python_version() { echo 3.11; }"
    words = f"{old}; PYTHON=/usr/bin/python3; fit_the_bundle"
    done = step(words, wheels=str(tmp_path))
    assert done.returncode == 2
    assert said in done.stderr
    assert "deploy/bundle" in done.stderr


def test_a_bundle_for_this_machine_fits(tmp_path: Path) -> None:
    """Its Python is then the one that is taken, though another stands first."""
    (tmp_path / "for").write_text(f"3.12 {platform.machine()}\n")
    folder = programs(tmp_path / "bin", python3="echo 3.13", python3_12="echo 3.12")
    (folder / "python3_12").rename(folder / "python3.12")
    words = f"PYTHON='{folder}/python3 {folder}/python3.12'; fit_the_bundle; echo $python $version"
    done = step(words, wheels=str(tmp_path))
    assert done.stdout.split() == [f"{folder}/python3.12", "3.12"], done.stderr


@pytest.mark.parametrize("here", ["trixie", "forky"])
def test_the_systems_packages_come_from_the_bundle(tmp_path: Path, here: str) -> None:
    """apt installs from its folder without a network, but never another release's packages; and
    the machine's own lists stay as they are. (apt itself, which only says what it would do.)"""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        pytest.skip("lacks apt-get: this is not Debian")
    bundle = tmp_path / "a bundle"
    package = tmp_path / "package"
    (package / "DEBIAN").mkdir(parents=True)
    (package / "DEBIAN" / "control").write_text(
        "Package: coach-sample\nVersion: 1:1.0\nArchitecture: all\nMaintainer: us <us@localhost>\n"
        "Description: a package of a test\n It has a second line.\n"
    )
    (bundle / "debs").mkdir(parents=True)
    made = bundle / "debs" / "coach-sample_1.1.0_all.deb"
    subprocess.run(["dpkg-deb", "--build", package, made], check=True, capture_output=True)
    indexed = "import sys, pathlib, debian; debian.index(pathlib.Path(sys.argv[1]), 'trixie')"
    where = os.environ | {"PYTHONPATH": str(ROOT / "deploy")}
    subprocess.run([sys.executable, "-c", indexed, bundle / "debs"], check=True, env=where)
    (tmp_path / "os-release").write_text(f'ID=debian\nVERSION_CODENAME={here}\nVERSION_ID="13"\n')
    words = (
        "sudo=; use_bundle || { echo none; exit; }; apt update >/dev/null; "
        "apt install --simulate coach-sample; leave_bundle; ls $TMPDIR"
    )
    release = str(tmp_path / "os-release")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = step(
        f"export TMPDIR={shlex.quote(str(temporary))}; {words}",
        wheels=str(bundle),
        OS_RELEASE=release,
    )
    assert done.returncode == 0, done.stderr
    if here == "trixie":
        assert "Inst coach-sample (1:1.0" in done.stdout
    else:
        assert done.stdout == "none\n"
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("server", "user", "kind"),
    [
        pytest.param("", "1000", "system", id="Lite"),
        pytest.param("", "0", "system", id="Lite, as root"),
        pytest.param("pipewire", "1000", "user", id="a desktop with PipeWire"),
        pytest.param("pulseaudio", "1000", "user", id="a desktop with PulseAudio"),
    ],
)
def test_who_has_the_sound_has_the_service(
    tmp_path: Path, server: str, user: str, kind: str
) -> None:
    """On a desktop a sound server belongs to the person, so the service does too."""
    folder = programs(tmp_path / "bin", id=f"echo {user}", **({server: ""} if server else {}))
    assert chosen(tmp_path, folder).stdout.strip() == kind


def chosen(home: Path, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Which kind it is on a machine that has only these programs and these units."""
    alone = f"have() {{ [ -x {shlex.quote(str(folder))}/$1 ]; }}; machine_units={home}/units"
    return step(f"{alone}; choose_kind; echo $kind", folder, ROOT, HOME=str(home), **variables)


@pytest.mark.parametrize("action", ["install", "uninstall"])
@pytest.mark.parametrize(
    ("server", "user", "unit", "kind"),
    [
        pytest.param("pipewire", "1000", "units", "system", id="--system on a desktop"),
        pytest.param("pipewire", "0", "units", "system", id="the same, with sudo"),
        pytest.param("", "1000", ".config/systemd/user", "user", id="--user on Lite"),
        pytest.param("", "0", ".config/systemd/user", "system", id="root has none of its own"),
    ],
)
def test_what_is_installed_is_upgraded_and_removed(
    tmp_path: Path, action: str, server: str, user: str, unit: str, kind: str
) -> None:
    """However it was chosen then, it need not be said again."""
    folder = programs(tmp_path / "bin", id=f"echo {user}", **({server: ""} if server else {}))
    (tmp_path / unit).mkdir(parents=True)
    (tmp_path / unit / "exercise-assistant.service").touch()
    done = chosen(tmp_path, folder, action=action, SUDO_USER="maria")
    assert done.stdout.strip() == kind, done.stderr


def test_a_desktop_is_not_installed_with_sudo(tmp_path: Path) -> None:
    """Root has no sound there: it is said what to do instead."""
    folder = programs(tmp_path / "bin", id="echo 0", pipewire="")
    done = chosen(tmp_path, folder, SUDO_USER="maria")
    assert done.returncode == 1
    assert "without sudo" in done.stderr
    assert "--system" in done.stderr


def named(checkout: Path, version: str = "3.11", wheels: str = "") -> str:
    unit = str(checkout / SERVICES[0])
    done = step(
        "wanted_version", checkout=checkout, version=version, wheels=wheels, unit_source=unit
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_version_is_named_after_all_that_would_be_installed(tmp_path: Path) -> None:
    """The same program has the same name; one changed letter gives another."""
    copy = tmp_path / "copy"
    for folder in ("assistant", "routines", "models", "deploy"):
        shutil.copytree(ROOT / folder, copy / folder)
    shutil.copy(ROOT / "pyproject.toml", copy)
    assert named(copy) == named(ROOT)
    assert named(copy).startswith("0.")
    assert named(copy, "3.13") != named(copy)
    for changed in ("assistant/app.py", SERVICES[0]):
        before = named(copy)
        with (copy / changed).open("a") as file:
            file.write("#")
        assert named(copy) != before


def test_a_bundle_is_named_after_its_wheels_and_its_unit(tmp_path: Path) -> None:
    wheel = tmp_path / "wheels" / "exercise_assistant-0.1.0-py3-none-any.whl"
    unit = tmp_path / SERVICES[0]
    unit.parent.mkdir(parents=True)
    for sourced in ("setup.sh", "echo-canceller.sh"):
        shutil.copy(ROOT / "deploy" / sourced, tmp_path / "deploy")
    names = []
    for changed in (unit, wheel, wheel, unit):
        changed.parent.mkdir(exist_ok=True)
        with changed.open("a") as file:
            file.write("#")
        if wheel.exists():
            names.append(named(tmp_path, wheels=str(tmp_path)))
    assert all(name.startswith("0.1.0-python3.11-") for name in names)
    assert len(set(names)) == 3


def test_a_pause_before_a_start_does_not_grow() -> None:
    """RestartSteps counts every failure since somebody last started the service by hand: after six,
    months apart, it would be away for two minutes."""
    units = list((ROOT / "deploy/systemd").rglob("*.service"))
    assert len(units) == 6
    for unit in units:
        text = unit.read_text()
        assert "RestartSteps=" not in text
        assert f"\nRestartSec={'500ms' if '@page' in unit.name else '5'}\n" in text


@pytest.mark.parametrize("unit", [PAGE, PAGE.replace("systemd/", "systemd/user/")])
@pytest.mark.parametrize(
    ("result", "waits"), [("signal", False), ("oom-kill", False), ("exit-code", True)]
)
def test_a_page_that_was_killed_is_back_soon_and_one_that_fails_by_itself_waits(
    tmp_path: Path, unit: str, result: str, waits: bool
) -> None:
    found = re.search(r"^ExecStopPost=(.*)$", (ROOT / unit).read_text(), re.M)
    assert found is not None
    folder = programs(tmp_path / "bin", sleep='echo "$1 s"')
    done = subprocess.run(
        shlex.split(found[1]),
        env={"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "SERVICE_RESULT": result},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert done.stdout == ("4.5 s\n" if waits else "")


def installed(folder: Path) -> Path:
    """The command as it is installed; what it gives back lies in the folder, too."""
    command = folder / "assistant"
    assert step("place_command", kind="system", command=str(command)).returncode == 0
    text = command.read_text()
    (folder / "var" / "exercise-assistant").mkdir(parents=True)
    command.write_text(text.replace("in /var/lib /var/cache /run;", f"in {folder}/var;"))
    assert command.read_text() != text
    return command


def calls(
    command: Path, person: str, words: list[str], code: int = 0
) -> tuple[int, list[list[str]]]:
    """How it ends for them, and which programs it calls, each with its arguments."""
    said = f'printf "%s\\n" "${{0##*/}}" "$@" .; [ "${{0##*/}}" != env ] || exit {code}'
    programs_of = dict.fromkeys(("sudo", "env", "runuser", "chown"), said)
    folder = programs(command.parent / person, id=f"echo {person}", **programs_of)
    done = subprocess.run(
        [command, *words],
        env={"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    each = done.stdout.split("\n.\n")
    return done.returncode, [one.split("\n") for one in each if one]


@pytest.mark.parametrize(
    ("words", "maria", "root"),
    [
        (["mic", "--check"], "service", "service"),
        (["models", "fetch", "one"], "service", "service"),
        (["welcome"], "service", "service"),
        (["handout", "desk-break", "--for-me"], "service", "service"),
        (["handout", "desk-break"], "mine", "mine"),
        (["say", "print it --for-me now"], "mine", "mine"),
        (["hear", "my recording.wav"], "mine", "mine"),
        (["office", "setup", "my office"], "mine", "mine"),
        (["people", "--help"], "mine", "mine"),
        (["people", "remove", "Ben", "--yes"], "asks", "both"),
        (["people", "add", "Mia", "--spoken", "maya, mee a"], "asks", "both"),
        (["office", "leave"], "asks", "both"),
        (["config", "set", "voice.night", ""], "mine", "both"),
        (["config", "get", "voice.night"], "mine", "mine"),
    ],
)
def test_what_is_the_services_is_found_whoever_asks(
    tmp_path: Path, words: list[str], maria: str, root: str
) -> None:
    """Its microphone, model and memory are tried as its user; who changes its configuration as
    root sees what it remembers, and leaves it nothing that it can't change; a person's own files
    are looked at with their own."""
    command = installed(tmp_path)
    for person, expected in (("maria", maria), ("root", root)):
        _, [(program, *given), *rest] = calls(command, person, words)
        assert given[-len(words) :] == words
        if expected == "asks":
            assert (program, given) == ("sudo", [str(command), *words])
            continue
        as_service = given[:2] == ["-u", "exercise-assistant"]
        assert (program != "env", as_service) == (expected == "service",) * 2
        assert ("XDG_STATE_HOME=/var/lib" in given) is (expected != "mine")
        back = [
            "chown",
            "-R",
            "-h",
            "-P",
            "exercise-assistant:",
            f"{tmp_path}/var/exercise-assistant",
        ]
        assert rest == ([back] if expected == "both" else [])


def test_what_fails_as_root_is_given_back_too(tmp_path: Path) -> None:
    """And the command ends as what it ran."""
    code, [_, (program, *_)] = calls(installed(tmp_path), "root", ["people", "add", "Ben"], 3)
    assert (code, program) == (3, "chown")


def test_ctrl_c_as_root_leaves_the_service_nothing_of_roots(tmp_path: Path) -> None:
    """The terminal's signal comes to the command and to what it runs."""
    command = installed(tmp_path)
    note = tmp_path / "given back"
    told = programs(
        tmp_path / "bin", id="echo root", env="echo runs; exec sleep 60", chown=f"touch '{note}'"
    )
    process = subprocess.Popen(
        [command, "people", "remove", "Ben"],
        env={"PATH": f"{told}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # the tests may be deaf
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"runs\n"
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 128 + signal.SIGINT
    assert note.exists()


def test_a_bundle_without_pip_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    done = step("find_pip_wheel", wheels=str(tmp_path))
    assert done.returncode == 2
    assert "deploy/bundle" in done.stderr


NOTHING = "ctl() { :; }"


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_a_journal_that_a_newer_version_touched_is_put_back(tmp_path: Path) -> None:
    """On the way back the version before finds its journal as it left it."""
    journal = tmp_path / "journal.sqlite3"
    journal.write_text("old")
    newer = f"echo new >{journal}; echo new >{journal}-wal"
    done = step(f"{NOTHING}; keep_journal; {newer}; restore_journal", state=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path) == {"journal.sqlite3": "old"}


def test_everybody_s_journal_is_put_back(tmp_path: Path) -> None:
    """Each who exercises at this desk has one of their own."""
    people = tmp_path / "people"
    people.mkdir()
    for name in ("ben", "mia"):
        (people / f"{name}.sqlite3").write_text(name)
    newer = f"echo new >{people}/mia.sqlite3; echo new >{people}/mia.sqlite3-wal"
    done = step(f"{NOTHING}; keep_journal; {newer}; restore_journal", state=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert contents(people) == {"ben.sqlite3": "ben", "mia.sqlite3": "mia"}
    assert (
        step(f"{NOTHING}; keep_journal; remove_kept_journal", state=str(tmp_path)).returncode == 0
    )
    assert contents(people) == {"ben.sqlite3": "ben", "mia.sqlite3": "mia"}


def test_the_way_back_brings_who_was_forgotten_and_keeps_who_is_new(tmp_path: Path) -> None:
    """A newer version may remove a journal or begin one, while it is tried."""
    people = tmp_path / "people"
    people.mkdir()
    for name in ("ben.sqlite3", "ben.sqlite3-wal"):
        (people / name).write_text(name)
    begun = "echo zoe >zoe.sqlite3; echo log >zoe.sqlite3-wal"
    newer = f"cd {people}; rm ben.sqlite3 ben.sqlite3-wal; {begun}"
    done = step(f"{NOTHING}; keep_journal; {newer}; restore_journal", state=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert contents(people) == {
        **{"ben.sqlite3": "ben.sqlite3", "ben.sqlite3-wal": "ben.sqlite3-wal"},
        **{"zoe.sqlite3": "zoe\n", "zoe.sqlite3-wal": "log\n"},
    }


def test_what_an_earlier_upgrade_left_is_not_put_back(tmp_path: Path) -> None:
    """A log of changes beside a journal that it doesn't belong to would spoil it."""
    (tmp_path / "journal.sqlite3").write_text("old")
    for suffix in ("", "-wal"):
        (tmp_path / f"journal.sqlite3{suffix}.before").write_text("older")
    done = step(f"{NOTHING}; keep_journal; restore_journal", state=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path) == {"journal.sqlite3": "old"}


UPGRADE = """
ctl() { echo "$*" >>"$root/asked"; }
need_python() { python=python3 version=3.11; }
wanted_version() { echo new; }
install_packages() { :; }
make_version() { mkdir -p "$root/versions/$1"; }
make_user() { :; }
switch_to() { ln -sfn "versions/$1" "$root/current"; }
place_command() { :; }
come_up() { echo new >"$state/journal.sqlite3"; }
"""
"""What the machine must do of an upgrade is left out; the order of its steps is the real one."""


def upgrade(folder: Path, before: str, words: str = "") -> subprocess.CompletedProcess[str]:
    root, state = folder / "root", folder / "state"
    (root / "versions" / before).mkdir(parents=True)
    (root / "current").symlink_to(f"versions/{before}")
    state.mkdir()
    (state / "journal.sqlite3").write_text("old" * 10_000)
    (state / "journal.sqlite3-wal.before").write_text("older")
    places = {"root": str(root), "state": str(state), "command": "/bin/assistant"}
    return step(f"{UPGRADE}{words}\ninstall_service", None, ROOT, kind="system", **places)


@pytest.mark.parametrize("before", ["old", "new"])
def test_a_version_that_came_up_needs_no_copy_of_the_journal(tmp_path: Path, before: str) -> None:
    """It would be a history that nobody forgets; also where the last upgrade was cut short."""
    done = upgrade(tmp_path, before)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "root" / "current").readlink() == Path("versions/new")
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["journal.sqlite3"]


def test_a_full_disk_leaves_the_version_before_running(tmp_path: Path) -> None:
    """A copy that ends half-way is removed, and it is said what to do. (No file may grow here.)"""
    done = upgrade(tmp_path, "old", "trap '' XFSZ; ulimit -f 8")
    root, state = tmp_path / "root", tmp_path / "state"
    assert done.returncode == 7
    assert f'make room there ("df -h {state}"' in done.stderr
    assert contents(state) == {"journal.sqlite3": "old" * 10_000}
    assert (root / "current").readlink() == Path("versions/old")
    assert [path.name for path in (root / "versions").iterdir()] == ["old"]
    asked = (root / "asked").read_text().splitlines()
    assert asked == ["stop exercise-assistant", "start exercise-assistant"]


def uninstall(home: Path, words: str = "", **variables: str) -> str:
    """What is said when a person's own service, installed in this home or not, is removed."""
    places = {"root": "share/exercise-assistant", "units": "units", "command": "bin/assistant"}
    places |= {"state": "state", "config": "config", "cache": "cache"}
    given = {name: str(home / place) for name, place in places.items()} | variables
    nobody = "have() { false; }"
    done = step(f"{NOTHING}; {nobody}; {words}\nremove_all", None, ROOT, kind="user", **given)
    assert done.returncode == 0, done.stderr
    return done.stderr


def install(home: Path) -> None:
    for file in (
        "units/exercise-assistant.service",
        "share/exercise-assistant/current/stamp",
    ):
        (home / file).parent.mkdir(parents=True)
        (home / file).touch()


def test_what_is_not_there_is_not_said_to_be_removed(tmp_path: Path) -> None:
    (tmp_path / "units").mkdir()
    assert uninstall(tmp_path).splitlines() == ["There is no service of yours to remove."]


def test_uninstalling_says_how_to_remove_the_rest(tmp_path: Path) -> None:
    """Once the service is gone, its kind must be said; then that works, too."""
    install(tmp_path)
    (tmp_path / "state").mkdir()
    said = uninstall(tmp_path)
    assert "is removed." in said
    assert "--uninstall --purge --user" in said
    assert [path.name for path in (tmp_path / "share").iterdir()] == []
    assert "Nothing that it remembered is left" in uninstall(tmp_path, purge="yes")
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("lingered", [False, True])
def test_a_person_lingers_no_longer_than_the_service_is_there(
    tmp_path: Path, lingered: bool
) -> None:
    """Running while logged out is switched off again by whoever switched it on, and only then."""
    install(tmp_path)
    asked = tmp_path / "asked"
    log = f'loginctl() {{ echo "$1" >>{asked}; }}; getent() {{ false; }}; id() {{ echo maria; }}'
    if not lingered:
        placed = step(
            f"{log}; run_while_logged_out", root=str(tmp_path / "share/exercise-assistant")
        )
        assert placed.returncode == 0, placed.stderr
        assert asked.read_text().split() == ["enable-linger"]
    uninstall(tmp_path, log)
    said = asked.read_text().split() if asked.exists() else []
    assert said == ([] if lingered else ["enable-linger", "disable-linger"])
    assert [path.name for path in (tmp_path / "share").iterdir()] == []


def test_new_groups_come_with_a_restart(tmp_path: Path) -> None:
    """Who lingers is never quite logged out, and keeps the groups that they had."""
    folder = programs(tmp_path / "bin", id="echo maria", getent="", loginctl="")
    done = step("run_while_logged_out", folder, root=str(tmp_path))
    assert "usermod -aG gpio maria, then restart the machine" in done.stderr


def with_canceller(home: Path, server: str, words: str) -> list[str]:
    """Steps on a desktop with this sound server; what they asked of systemd."""
    have = f'have() {{ [ "$1" = {server} ]; }}'
    ctl = f'ctl() {{ echo "$*" >>{home}/asked; }}'
    done = step(f"{have}; {ctl}; {words}", kind="user", home=str(home))
    assert done.returncode == 0, done.stderr
    asked = home / "asked"
    return asked.read_text().splitlines() if asked.exists() else []


@pytest.mark.parametrize(
    ("server", "file", "source", "restarted"),
    [
        pytest.param(
            "pipewire-pulse",
            "pipewire/pipewire.conf.d/exercise-assistant-echo-cancel.conf",
            "pipewire-echo-cancel.conf",
            "try-restart pipewire wireplumber pipewire-pulse",
            id="PipeWire",
        ),
        pytest.param(
            "pulseaudio",
            "pulse/exercise-assistant-echo-cancel.pa",
            "pulseaudio-echo-cancel.pa",
            "try-restart pulseaudio",
            id="PulseAudio",
        ),
    ],
)
def test_the_servers_echo_canceller_comes_and_goes_without_a_trace(
    tmp_path: Path, server: str, file: str, source: str, restarted: str
) -> None:
    """A second time changes nothing, and doesn't interrupt anybody's sound."""
    placed = tmp_path / ".config" / file
    for _ in range(2):
        assert with_canceller(tmp_path, server, "place_echo_canceller") == [restarted]
        assert placed.read_text() == (ROOT / "deploy" / "audio" / source).read_text()
    if server == "pulseaudio":
        script = placed.with_name("default.pa").read_text()
        assert script == f".include /etc/pulse/default.pa\n.include {placed}\n"
    assert with_canceller(tmp_path, server, "remove_echo_canceller") == [restarted, restarted]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "asked"]


def test_a_persons_own_sound_script_stays_theirs(tmp_path: Path) -> None:
    """One line more while the canceller is there, none afterwards."""
    script = tmp_path / ".config" / "pulse" / "default.pa"
    script.parent.mkdir(parents=True)
    script.write_text(".include /etc/pulse/default.pa\nload-module module-null-sink\n")
    before = script.read_text()
    with_canceller(tmp_path, "pulseaudio", "place_echo_canceller")
    assert script.read_text().startswith(before)
    assert "echo-cancel.pa" in script.read_text()
    with_canceller(tmp_path, "pulseaudio", "remove_echo_canceller")
    assert script.read_text() == before


def test_without_a_sound_server_there_is_no_canceller(tmp_path: Path) -> None:
    assert with_canceller(tmp_path, "nothing", "place_echo_canceller") == []


def test_the_machines_own_service_has_no_use_for_it() -> None:
    """It opens the sound card itself; that is said before anything is touched."""
    words = ["--system", "--echo-canceller"]
    done = subprocess.run([ROOT / "deploy" / "install", *words], capture_output=True, text=True)
    assert done.returncode == 2
    assert "--user" in done.stderr


def exposure(unit: Path) -> float:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", unit],
        capture_output=True,
        text=True,
    )
    if "exposure level" not in done.stdout:
        pytest.skip(f"this systemd-analyze looks at no files: {done.stderr.strip()}")
    return float(done.stdout.split("exposure level for")[1].split(":")[1].split()[0])


def test_the_service_is_hardly_exposed() -> None:
    """systemd's own judgement, of ten at most."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("lacks systemd-analyze (package systemd)")
    assert exposure(ROOT / SERVICES[0]) <= MOST_EXPOSED
    assert exposure(ROOT / PAGE) <= MOST_EXPOSED
    assert exposure(ROOT / NEIGHBOURS[0]) <= MOST_EXPOSED


@pytest.mark.parametrize("unit", NEIGHBOURS)
def test_what_has_a_network_comes_and_goes_with_the_service(unit: str) -> None:
    """One that the configuration doesn't want ends well, and isn't started again."""
    keys = set((ROOT / unit).read_text().splitlines())
    assert keys >= {
        *("PartOf=exercise-assistant.service", "WantedBy=exercise-assistant.service"),
        *("Restart=on-failure", "NoNewPrivileges=yes"),
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    }


def test_each_neighbour_of_the_program_is_enabled_by_the_installation() -> None:
    """A table of the configuration that can be switched on has its service."""
    line = re.search(r'^neighbours="(.*)"$', (ROOT / "deploy/service.sh").read_text(), re.MULTILINE)
    assert line is not None
    assert {one.rpartition("@")[2] for one in line[1].split()} == set(NEIGHBOURS_OF_THE_DOOR)


def test_a_version_brings_all_its_units_and_takes_them_away(tmp_path: Path) -> None:
    """The one before may have had others."""
    old, new = tmp_path / "versions" / "old", tmp_path / "versions" / "new"
    units = tmp_path / "units"
    for folder, names in ((old, ("",)), (new, ("", "-outside@"))):
        folder.mkdir(parents=True)
        for name in names:
            (folder / f"exercise-assistant{name}.service").write_text(folder.name)
    places = {"root": str(tmp_path), "units": str(units)}
    for version, there in (("new", 2), ("old", 1), ("new", 2)):
        done = step(f"{NOTHING}; switch_to {version}", None, ROOT, kind="user", **places)
        assert done.returncode == 0, done.stderr
        assert [file.read_text() for file in units.iterdir()] == [version] * there


@pytest.mark.parametrize("unit", SERVICES)
def test_both_services_are_watched_and_have_no_network(unit: str) -> None:
    """What systemd's judgement doesn't count, or counts only for the machine's services."""
    keys = set((ROOT / unit).read_text().splitlines())
    assert keys >= {
        *("Type=notify", "Restart=always", "WatchdogSec=20", "StartLimitIntervalSec=0"),
        *("RestrictAddressFamilies=AF_UNIX", "NoNewPrivileges=yes", "KillMode=mixed"),
    }


def test_the_page_sees_the_local_network_and_no_journal() -> None:
    """Whoever breaks in there finds a door to the coach, and nothing to read."""
    keys = set((ROOT / PAGE).read_text().splitlines())
    assert keys >= {
        *("IPAddressDeny=any", "PrivateDevices=yes", "NoNewPrivileges=yes", "ProtectHome=yes"),
        "IPAddressAllow=localhost link-local 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7",
        "InaccessiblePaths=-/var/lib/exercise-assistant",
    }


def test_what_talks_with_a_broker_sees_nothing_that_the_assistant_remembers() -> None:
    """Neither the journal nor the files beside it, the devices of the page, or a taught voice: of
    all that lies there, what an office handed out."""
    state = "/var/lib/exercise-assistant"
    keys = (ROOT / "deploy/systemd/exercise-assistant-outside@.service").read_text().splitlines()
    assert {f"TemporaryFileSystem={state}:ro", f"BindPaths={state}/office"} <= set(keys)
    assert [key for key in keys if key.startswith("BindPaths=")] == [f"BindPaths={state}/office"]


def allowed(unit: str) -> set[str]:
    """The system calls that a unit's filter lets through, with systemd's own groups."""

    def expanded(words: list[str]) -> set[str]:
        calls: set[str] = set()
        for word in words:
            calls |= expanded(group(word)) if word.startswith("@") else {word}
        return calls

    def group(name: str) -> list[str]:
        told = subprocess.run(
            ["systemd-analyze", "--no-pager", "syscall-filter", name],
            capture_output=True,
            text=True,
            check=True,
        )
        lines = [line.strip() for line in told.stdout.splitlines()[1:]]
        return [line for line in lines if line and not line.startswith("#")]

    calls: set[str] = set()
    for line in (ROOT / unit).read_text().splitlines():
        if line.startswith("SystemCallFilter=~"):
            calls -= expanded(line.split("~")[1].split())
        elif line.startswith("SystemCallFilter="):
            calls |= expanded(line.split("=")[1].split())
    return calls


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_may_ask_whether_the_clock_is_right(unit: str) -> None:
    """By the C library's call for it, which differs; it can set no clock. ProtectClock would deny
    the asking, whatever the filter says."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("lacks systemd-analyze (package systemd)")
    calls = allowed(unit)
    assert calls >= {"read", "adjtimex", "clock_adjtime", "clock_adjtime64"}
    assert not calls & {"clock_settime", "clock_settime64", "settimeofday", "reboot"}
    assert "ProtectClock=yes" not in (ROOT / unit).read_text().splitlines()


def test_a_sound_card_may_come_later_than_the_service() -> None:
    """systemd looks up a group of devices once, when it starts the service, and leaves out one that
    the kernel doesn't know yet: its module is loaded before. (GPIO is part of every kernel.)"""
    keys = (ROOT / SERVICES[0]).read_text().splitlines()
    groups = [key.split()[0] for key in keys if key.startswith("DeviceAllow=char-")]
    assert groups == ["DeviceAllow=char-alsa", "DeviceAllow=char-gpiochip"]
    assert "Wants=modprobe@snd.service" in keys
    (after,) = (key for key in keys if key.startswith("After="))
    assert "modprobe@snd.service" in after.removeprefix("After=").split()


def test_the_machines_service_can_set_no_clock() -> None:
    """What ProtectClock would do beside: no right to set it, no clock chip."""
    keys = (ROOT / SERVICES[0]).read_text().splitlines()
    assert {"CapabilityBoundingSet=", "NoNewPrivileges=yes", "DevicePolicy=closed"} <= set(keys)
    assert not [key for key in keys if key.startswith("DeviceAllow=") and "rtc" in key]
