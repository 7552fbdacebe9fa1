"""deploy/run and deploy/test: what they do when everything is there, and when it isn't.

A real first start fetches packages and takes minutes, so it isn't here; these tests run the
real scripts in a copy of the checkout with an environment that is already made, or that
cannot be made.
"""

import fcntl
import os
import re
import shlex
import shutil
import subprocess
import sys
import termios
import time
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.doctor.installation import PYTHONS

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = (
    *("deploy/run", "deploy/test", "deploy/setup.sh"),
    *(
        "deploy/install",
        "deploy/service.sh",
        "deploy/echo-canceller.sh",
        "deploy/bundle",
        "deploy/check-wheels",
    ),
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
    script = 'checkout=$1 venv=$2; . "$1/deploy/setup.sh"; wanted_stamp'
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
    by = "" if os.getuid() == 0 else "sudo "
    assert done.stderr.splitlines() == [f"Still missing: {by}apt-get install no-such-package"]


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
    assert "needs one of these Pythons: 3.14 3.13 3.12 3.11." in done.stderr
    assert "/bin/false is broken" in done.stderr


def test_the_set_up_the_package_and_the_doctor_name_the_same_pythons(tmp_path: Path) -> None:
    """One that is installed on is not warned of afterwards."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    low, high = PYTHONS
    assert project["requires-python"] == f">={low[0]}.{low[1]},<{high[0]}.{high[1] + 1}"
    tried = step("echo $pythons", tmp_path).stdout.split()
    assert tried == [f"3.{minor}" for minor in range(high[1], low[1] - 1, -1)]
    classified = [line.split(" :: ")[-1] for line in project["classifiers"] if " :: 3." in line]
    assert classified == tried[::-1]


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
    return programs(tmp_path / "all installed", dpkg_query="printf installed")


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


PI_4, PI_5 = "Raspberry Pi 4 Model B Rev 1.4", "Raspberry Pi 5 Model B Rev 1.0"


@pytest.mark.parametrize(
    ("machine", "version", "model", "sees_the_systems", "lgpio"),
    [
        ("aarch64", "3.11", PI_4, False, False),
        ("aarch64", "3.13", PI_5, True, True),
        ("aarch64", "3.14", PI_5, True, True),
        ("armv7l", "3.11", "Raspberry Pi 3 Model B Rev 1.2", True, False),
        ("armv7l", "3.13", "Raspberry Pi 3 Model B Rev 1.2", True, True),
        ("aarch64", "3.13", "Some Other Board", False, False),
        ("x86_64", "3.13", None, False, False),
    ],
)
def test_a_pi_takes_from_its_system_what_the_package_index_lacks(
    tmp_path: Path,
    machine: str,
    version: str,
    model: str | None,
    sees_the_systems: bool,
    lgpio: bool,
) -> None:
    """There is no lgpio on the index from Python 3.13 on; for 32 bits, no cffi, NumPy or PyYAML."""
    if model is not None:
        (tmp_path / "model").write_text(model + "\0")
    folder = programs(tmp_path / "bin", uname=f"echo {machine}")
    words = 'needs_system_packages && echo sees; machine_packages | grep -o "[^ ]*lgpio"; :'
    done = step(words, folder, DEVICE_TREE=str(tmp_path), version=version)
    said = [*["sees"] * sees_the_systems, *["python3-lgpio"] * lgpio]
    assert done.stdout.split() == said


# --- on Debian, with programs that stand in for its own ---------------------------------------


def programs(folder: Path, **bodies: str) -> Path:
    """A folder of small programs."""
    folder.mkdir(exist_ok=True)
    for name, body in bodies.items():
        program = folder / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\nhere={shlex.quote(str(folder))}\n{body}\n")
        program.chmod(0o755)
    return folder


def step(words: str, path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Some of the steps of a set-up, as their own shell runs them; without a terminal."""
    return subprocess.run(
        ["sh", "-euc", sourced(words, variables)],
        env=os.environ | {"PATH": f"{path}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )


def sourced(words: str, variables: dict[str, str]) -> str:
    sets = "; ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
    return f"checkout={shlex.quote(str(ROOT))}; {sets or ':'}; . $checkout/deploy/setup.sh; {words}"


APT_GET = """
echo "$*" >>"$here/asked"
case "$*" in
*update*) : >"$here/lists"; echo "E: Some other repository has no Release file." >&2; exit 100 ;;
*install*) [ -e "$here/lists" ] || { echo "E: Unable to fetch some archives" >&2; exit 100; } ;;
esac
case "$*" in *no-such*) echo "E: Unable to locate package no-such" >&2; exit 100 ;; esac
case "$*" in *simulate*) exit ;; esac
for word; do : >"$here/has-$word"; done
"""
"""Its lists are old; bringing them up to date fails for one source, and works for the others."""
DPKG_QUERY = 'for word; do :; done; if [ -e "$here/has-$word" ]; then printf installed; fi'
SUDO = """
ask() {
    printf '[password?]' >/dev/tty
    read -r answer </dev/tty
    [ "$answer" = sesame ] || { echo "sudo: 1 incorrect password attempt" >&2; exit 1; }
    [ -e "$here/forgetful" ] || : >"$here/remembers"
}
case $1 in
-n) shift; [ -e "$here/remembers" ] || { echo "sudo: a password is required" >&2; exit 1; } ;;
-v) ask; exit ;;
*) [ -e "$here/remembers" ] || ask ;;
esac
exec "$@"
"""
"""It wants a password, as everywhere but on Raspberry Pi OS, and asks at the terminal itself."""
WANTED = ("libportaudio2", "no-such", "espeak-ng")


@pytest.fixture
def debian(tmp_path: Path) -> Path:
    """The programs of a Debian where somebody without rights lacks packages."""
    bodies = {"apt_get": APT_GET, "dpkg_query": DPKG_QUERY, "sudo": SUDO}
    return programs(tmp_path / "debian", id="echo 1000", **bodies)


def has(debian: Path) -> set[str]:
    return {file.name.removeprefix("has-") for file in debian.glob("has-*")} & set(WANTED)


def asks(debian: Path, password: str) -> str:
    """What a person at a terminal sees of the system packages, who answers with this password."""
    log = debian / "log"
    log.touch()
    words = f"install_packages {' '.join(WANTED)}; echo went on"
    mine, theirs = os.openpty()
    child = subprocess.Popen(
        ["sh", "-euc", sourced(words, {"log": str(log)})],
        env=os.environ | {"PATH": f"{debian}{os.pathsep}{os.environ['PATH']}"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    seen = b""
    with suppress(OSError):  # nobody is at the other end any more
        while part := os.read(mine, 1024):
            os.write(mine, f"{password}\n".encode() * part.count(b"[password?]"))
            seen += part
    os.close(mine)
    assert child.wait() == 0, seen
    return seen.decode()


@pytest.mark.parametrize("forgetful", [False, True])
def test_who_sits_at_a_terminal_is_asked_for_the_password(debian: Path, forgetful: bool) -> None:
    """Where it can be seen, before the words of apt go into the log; once, unless sudo is set to
    remember nothing. One source or package that fails keeps the others out of nowhere."""
    if forgetful:
        (debian / "forgetful").touch()
    seen = asks(debian, "sesame")
    assert seen.index("your password is for installing system packages") < seen.index("[password?]")
    assert (seen.count("[password?]") == 1) is not forgetful
    assert has(debian) == {"libportaudio2", "espeak-ng"}
    assert "Unable to locate package no-such" in seen
    assert "sudo apt-get install no-such" in seen
    assert "went on" in seen


def test_a_wrong_password_is_asked_for_once(debian: Path) -> None:
    seen = asks(debian, "barley")
    assert seen.count("[password?]") == 1
    assert "could not be installed: sudo refused" in seen
    assert f"sudo apt-get install {' '.join(WANTED)}" in seen
    assert "went on" in seen
    assert not (debian / "asked").exists()


@pytest.mark.parametrize(
    ("words", "user", "why", "cure"),
    [
        ("", "1000", "sudo wants a password, and there is no terminal", "sudo apt-get install {}"),
        ('have() { [ "$1" != sudo ]; };', "1000", "there is no sudo", "su -c 'apt-get install {}'"),
    ],
)
def test_without_anybody_to_ask_it_is_said_what_to_install(
    debian: Path, words: str, user: str, why: str, cure: str
) -> None:
    """In words that can be typed as they stand; nothing waits for an answer."""
    programs(debian, id=f"echo {user}")
    log = debian / "log"
    log.touch()
    done = step(f"{words} install_packages {' '.join(WANTED)}; echo went on", debian, log=str(log))
    assert done.stdout == "went on\n"
    assert why in done.stderr
    assert cure.format(" ".join(WANTED)) in done.stderr
    assert not (debian / "asked").exists()


def test_root_needs_no_sudo(debian: Path) -> None:
    programs(debian, id="echo 0", sudo=': >"$here/asked-sudo"; exit 1')
    (debian / "log").touch()
    done = step(f"install_packages {' '.join(WANTED)}", debian, log=str(debian / "log"))
    assert has(debian) == {"libportaudio2", "espeak-ng"}
    assert "They come with: apt-get install no-such" in done.stderr
    assert not (debian / "asked-sudo").exists()


def test_what_it_can_not_do_without_is_said_before_it_fails(debian: Path) -> None:
    """Debian's own Python makes no environment without one more package: it is named, with the
    command, and not guessed at from what failed later."""
    programs(debian, python3="exit 1")
    (debian / "log").touch()
    given = {"log": str(debian / "log"), "SYSTEM_BIN": str(debian), "python": f"{debian}/python3"}
    done = step("version=3.13; install_what_it_needs; echo went on", debian, **given)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.search("sudo apt-get install .*python3-venv\n", done.stderr)
    assert "It can't go on without python3-venv. Once that is installed, start" in done.stderr


RETRIED = "WARNING: Retrying (Retry(total={})) after connection broken by 'NewConnectionError'"
REFUSED = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate is not yet valid"
NO_VERSION = (
    "ERROR: Could not find a version that satisfies the requirement vosk (from versions: {})"
)


@pytest.mark.parametrize(
    ("pip_said", "said", "code"),
    [
        ([RETRIED.format(0), NO_VERSION.format("none")], "The network could not be reached", 1),
        ([RETRIED.format(0), "ERROR: ResolutionImpossible: for help"], "The network could", 1),
        (["ERROR: HTTPSConnectionPool: Read timed out."], "The network could not be reached", 1),
        ([f"Could not fetch URL: {REFUSED}", NO_VERSION.format("none")], "Is the clock right?", 1),
        ([RETRIED.format(1), NO_VERSION.format("0.3.32, 0.3.38")], "ERROR: Could not find", 1),
        ([RETRIED.format(1), "ERROR: Failed building wheel"], "ERROR: Failed building", 1),
        (["ERROR: [Errno 28] No space left on device"], "Please make room", 7),
    ],
)
def test_why_pip_failed_is_taken_from_what_this_pip_said(
    tmp_path: Path, pip_said: list[str], said: str, code: int
) -> None:
    """Not from an earlier step's words in the same log, nor from a connection that came about at
    the second try."""
    lines = "; ".join(f"echo {shlex.quote(line)} >&2" for line in pip_said)
    folder = programs(tmp_path / "bin", python=f"{lines}; exit 1")
    log = tmp_path / "log"
    log.write_text(f"E: Timeout was reached\nERROR: an earlier one\n{REFUSED}\n")
    done = step("pip_install vosk", folder, venv=str(tmp_path), log=str(log))
    assert done.returncode == code
    assert said in done.stderr
    assert "an earlier one" not in done.stderr


def test_somebodys_own_environment_is_not_touched(checkout: Path) -> None:
    """A .venv that no set-up of ours made stays as it is; the program's is made at home."""
    theirs = checkout / ".venv"
    for name in ("pyvenv.cfg", "bin/python", "lib/mine.py"):
        (theirs / name).parent.mkdir(parents=True, exist_ok=True)
        (theirs / name).write_text("mine")
    home = checkout.parent / "home"
    done = start(checkout, PYTHON="/bin/false", HOME=str(home), XDG_DATA_HOME="")
    assert f"{theirs} is not of this program's making" in done.stderr
    files = {path.relative_to(theirs).as_posix() for path in theirs.rglob("*") if path.is_file()}
    assert files == {"pyvenv.cfg", "bin/python", "lib/mine.py"}
    assert (home / ".local/share/exercise-assistant/venv/set-up.log").exists()


def test_a_set_up_that_failed_early_is_gone_on_with(checkout: Path) -> None:
    """Its folder is known again as the program's own."""
    for _ in range(2):
        done = start(checkout, PYTHON="/bin/false")
        assert "not of this program's making" not in done.stderr
    assert [path.name for path in (checkout / ".venv").iterdir()] == ["set-up.log"]


def test_tests_that_belong_together_run_in_one_lane(request: pytest.FixtureRequest) -> None:
    """What plays and listens would disturb itself; a release of pytest dropped the groups."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("there is one lane: pytest without --numprocesses")
    assert request.node.nodeid.endswith("@test_deploy.py")
