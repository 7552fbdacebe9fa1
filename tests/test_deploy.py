"""deploy/run and deploy/test: what they do when everything is there, and when it isn't.

A real first start fetches packages and takes minutes, so it isn't here; these tests run the
real scripts in a copy of the checkout with an environment that is already made, or that
cannot be made.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = (
    *("deploy/run", "deploy/test", "deploy/common.sh"),
    *("deploy/install", "deploy/service.sh", "deploy/bundle", "deploy/check-wheels"),
    *(
        "tests/pi/accept",
        "tests/pi/arm64",
        "tests/pi/kernel",
        "tests/pi/init.sh",
        "tests/pi/service_init.sh",
    ),
)
FORBIDDEN = ("pip", "pip3", "apt-get", "apt", "sudo", "python3", "curl", "wget")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the scripts need, in a folder with a space in its name."""
    copy = tmp_path / "my assistant"
    (copy / "deploy").mkdir(parents=True)
    (copy / "tests" / "pi").mkdir(parents=True)
    for name in (*SCRIPTS, "deploy/constraints.txt", "pyproject.toml"):
        shutil.copy2(ROOT / name, copy / name)
    return copy


@pytest.fixture
def tripwires(tmp_path: Path) -> Path:
    """Programs that must not be called: each leaves a trace and fails."""
    folder = tmp_path / "tripwires"
    folder.mkdir()
    for name in FORBIDDEN:
        script = folder / name
        script.write_text(f'#!/bin/sh\necho "{name} $*" >>"{folder}/called"\nexit 1\n')
        script.chmod(0o755)
    return folder


def make_ready(checkout: Path, extra: str = "", missing: str = "") -> Path:
    """An environment as a finished set-up leaves it, whose `assistant` prints its arguments."""
    venv = checkout / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    program = venv / "bin" / "assistant"
    program.write_text('#!/bin/sh\nprintf "<%s>" "$@"\n')
    program.chmod(0o755)
    script = 'checkout=$1 venv=$2; . "$1/deploy/common.sh"; wanted_stamp'
    stamp = subprocess.run(
        ["sh", "-c", script, "sh", checkout, venv], capture_output=True, text=True, check=True
    ).stdout
    (venv / "stamp").write_text(f"{stamp}extra:{extra}\nmissing:{missing}\n")
    return venv


def start(
    checkout: Path, *arguments: str, path: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    first = f"{path}{os.pathsep}" if path else ""
    return subprocess.run(
        [checkout / "deploy" / "run", *arguments],
        cwd="/",
        env={**os.environ, "PATH": first + os.environ["PATH"], **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_plain_posix_shell(name: str) -> None:
    """Debian's /bin/sh is dash: it must at least parse them."""
    shell = shutil.which("dash")
    if shell is None:
        pytest.skip("lacks dash (package dash)")
    subprocess.run([shell, "-n", ROOT / name], check=True)


def test_shellcheck_finds_nothing() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("lacks shellcheck (package shellcheck)")
    done = subprocess.run(
        ["shellcheck", "-x", *SCRIPTS, ".ci/run"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_help_needs_no_set_up_and_leaves_nothing_behind(checkout: Path, tripwires: Path) -> None:
    done = start(checkout, "--help", path=tripwires, HOME="/nonexistent")
    assert done.returncode == 0
    assert "desk-break --once" in done.stdout
    assert done.stderr == ""
    assert not (checkout / ".venv").exists()
    assert not (tripwires / "called").exists()


def test_a_second_start_only_starts(checkout: Path, tripwires: Path) -> None:
    """No pip, no apt, no sudo, no network; every argument is handed on as it was given."""
    make_ready(checkout)
    done = start(checkout, "desk-break", "--once", "two words", path=tripwires)
    assert done.returncode == 0
    assert done.stdout == "<run><desk-break><--once><two words>"
    assert done.stderr == ""
    assert not (tripwires / "called").exists()


def test_a_second_start_costs_less_than_a_third_of_a_second(checkout: Path) -> None:
    """The best of five, so that a busy machine doesn't decide it."""
    make_ready(checkout)

    def once() -> float:
        began = time.perf_counter()
        start(checkout)
        return time.perf_counter() - began

    assert min(once() for _ in range(5)) < 0.3


def test_an_environment_for_tests_also_serves_to_run(checkout: Path, tripwires: Path) -> None:
    make_ready(checkout, extra="test")
    assert start(checkout, path=tripwires).stdout == "<run>"


def test_a_package_that_is_still_missing_is_named_at_every_start(checkout: Path) -> None:
    """One line that says what to do, and the assistant starts all the same."""
    if shutil.which("dpkg-query") is None:
        pytest.skip("lacks dpkg-query: this is not Debian")
    make_ready(checkout, missing="dpkg no-such-package")
    done = start(checkout)
    assert done.stdout == "<run>"
    assert done.stderr.splitlines() == ["Still missing: sudo apt-get install no-such-package "]


@pytest.mark.parametrize("change", ["pins", "python", "moved", "half gone"])
def test_whatever_changed_is_noticed(checkout: Path, tripwires: Path, change: str) -> None:
    """Other pins or Python, a moved checkout, a missing program: set up again, not started."""
    venv = make_ready(checkout)
    match change:
        case "pins":
            with (checkout / "deploy" / "constraints.txt").open("a") as pins:
                pins.write("another==1.0\n")
        case "python":
            (venv / "bin" / "python").unlink()
            (venv / "bin" / "python").symlink_to("/bin/true")
        case "moved":
            checkout = checkout.rename(checkout.with_name("elsewhere"))
        case "half gone":
            (venv / "bin" / "assistant").unlink()
    done = start(checkout, path=tripwires, PYTHON="/bin/false")
    assert "<run>" not in done.stdout
    assert "setting up" in done.stderr


def test_no_fitting_python_is_said_in_words(checkout: Path) -> None:
    done = start(checkout, PYTHON="/bin/false")
    assert done.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13" in done.stderr
    assert "/bin/false is broken" in done.stderr


def test_nowhere_to_write_is_said_in_words(checkout: Path) -> None:
    """Neither the checkout nor the home folder can take the environment."""
    (checkout / ".venv").write_text("a file in the way")
    done = start(checkout, HOME="/proc/nowhere", XDG_DATA_HOME="")
    assert done.returncode == 7
    assert str(checkout / ".venv") in done.stderr
    assert "XDG_DATA_HOME" in done.stderr


def test_a_start_without_a_network_is_said_in_words_and_mended_later(
    checkout: Path, tmp_path: Path
) -> None:
    """No address answers: one clear line, exit code 1, and nothing that looks finished."""
    blocked = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_EXTRA_INDEX_URL": ""}
    blocked |= {"PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
    if subprocess.run([sys.executable, "-m", "ensurepip", "--version"]).returncode != 0:
        pytest.skip("lacks ensurepip (package python3-venv)")
    done = start(
        checkout, PYTHON=os.path.realpath(sys.executable), path=no_apt(tmp_path), **blocked
    )
    assert done.returncode == 1
    assert "The network could not be reached" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv" / "stamp").exists()
    assert (checkout / ".venv" / "unfinished").exists()
    log = re.search(r"\(Log: (.*)\)", done.stderr)
    assert log is not None
    assert "127.0.0.1" in Path(log[1]).read_text()


def no_apt(tmp_path: Path) -> Path:
    """A dpkg-query that finds everything installed, so that nothing is installed by the test."""
    folder = tmp_path / "all installed"
    folder.mkdir()
    (folder / "dpkg-query").write_text("#!/bin/sh\nprintf installed\n")
    (folder / "dpkg-query").chmod(0o755)
    return folder


def test_two_starts_at_once_set_up_one_after_the_other(checkout: Path, tripwires: Path) -> None:
    """The second waits for the first one's lock, and says so."""
    if shutil.which("flock") is None:
        pytest.skip("lacks flock (package util-linux)")
    holder = subprocess.Popen(
        ["flock", checkout / "pyproject.toml", "sh", "-c", "echo held; read -r line"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    second = subprocess.Popen(
        [checkout / "deploy" / "run"],
        env={**os.environ, "PATH": f"{tripwires}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert second.stderr is not None
    assert "waiting" in second.stderr.readline()
    make_ready(checkout)
    holder.communicate("done\n")
    out, _ = second.communicate()
    assert out == "<run>"
    assert not (tripwires / "called").exists()


@pytest.mark.parametrize(
    ("machine", "version", "model", "needed"),
    [
        ("aarch64", "3.11", "Raspberry Pi 4 Model B Rev 1.4", False),
        ("aarch64", "3.13", "Raspberry Pi 5 Model B Rev 1.0", True),
        ("armv7l", "3.11", "Raspberry Pi 3 Model B Rev 1.2", True),
        ("aarch64", "3.13", "Some Other Board", False),
        ("x86_64", "3.13", None, False),
    ],
)
def test_a_pi_without_a_pin_library_of_pips_takes_the_systems(
    tmp_path: Path, machine: str, version: str, model: str | None, needed: bool
) -> None:
    """There is no lgpio on the package index for 32 bits or for Python 3.13."""
    if model is not None:
        (tmp_path / "model").write_text(model + "\0")
    (tmp_path / "uname").write_text(f"#!/bin/sh\necho {machine}\n")
    (tmp_path / "uname").chmod(0o755)
    script = (
        f'checkout={shlex.quote(str(ROOT))}; . "$checkout/deploy/common.sh"; needs_system_lgpio'
    )
    done = subprocess.run(
        ["sh", "-c", script],
        env={
            "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "DEVICE_TREE": str(tmp_path),
            "version": version,
        },
    )
    assert (done.returncode == 0) is needed
