"""The wheel: built, put into an empty folder and used from another one."""

import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

import assistant

ROOT = Path(__file__).resolve().parent.parent
DATA = "assistant/data/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by the environment's own hatchling, so without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the program as pip lays it out, and nothing else."""
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run(
        [*pip, "--disable-pip-version-check", "--target", str(target), str(wheel)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return target


def used(installed: Path, elsewhere: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed `assistant`; only its dependencies come from this environment."""
    libraries = sysconfig.get_path("purelib")
    # `-S` and a path of our own: the checkout that this environment points to stays out of it.
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), libraries])}
    env |= {name: str(elsewhere) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    script = [sys.executable, "-S", "-P", str(installed / "bin" / "assistant"), *arguments]
    return subprocess.run(script, cwd=elsewhere, env=env, capture_output=True, text=True)


def names(wheel: Path) -> Sequence[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def files_below(folder: str) -> set[str]:
    # Whoever owns the checkout, reading its list of files is safe.
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z", folder]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {name for name in listed.split("\0") if name}


def test_the_wheel_holds_all_routines_and_the_shipped_model(wheel: Path) -> None:
    """What a person needs to be led and heard is in the wheel, file by file."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout to know which files belong to the project")
    expected = {DATA + name for name in files_below("routines") | files_below("models/en-command")}
    assert any(name.endswith("/desk-break.toml") for name in expected)
    assert any(name.startswith(DATA + "models/en-command/") for name in expected)
    assert expected <= set(names(wheel))


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    """No tests, no scripts that made the model, no set-up: only what runs."""
    version = assistant.__version__
    for name in names(wheel):
        top = name.split("/")[0]
        assert top in {"assistant", f"exercise_assistant-{version}.dist-info"}, name
        assert not (name.startswith(DATA) and name.endswith((".py", ".sh", ".tgz"))), name


def test_the_wheel_stays_small(wheel: Path) -> None:
    """It is fetched over slow lines and kept on small cards: at most 4 MB, model included."""
    assert wheel.stat().st_size < 4_000_000


def test_an_installed_program_says_its_version_from_any_folder(
    installed: Path, tmp_path: Path
) -> None:
    done = used(installed, tmp_path, "--version")
    assert done.returncode == 0, done.stderr
    assert assistant.__version__ in done.stdout


def test_an_installed_program_finds_its_routines_from_any_folder(
    installed: Path, tmp_path: Path
) -> None:
    """The routines come from the wheel, not from the checkout."""
    done = used(installed, tmp_path, "routines")
    assert done.returncode == 0, done.stderr
    for name in ("desk-break", "mobility", "lower-back-gentle", "lower-back-strength"):
        assert name in done.stdout
    (installed / DATA / "routines" / "mobility.toml").rename(tmp_path / "away.toml")
    try:
        assert "mobility" not in used(installed, tmp_path, "routines").stdout
    finally:
        (tmp_path / "away.toml").rename(installed / DATA / "routines" / "mobility.toml")


def test_every_dependency_is_pinned() -> None:
    """A start next year installs the very same versions as today."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    lines = (ROOT / "deploy" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    for requirement in wanted:
        name = requirement.split(">=")[0].lower()
        assert name in pins, f"{name} has no line in deploy/constraints.txt"
    assert all(version for version in pins.values())
