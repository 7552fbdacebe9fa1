"""Each process beyond the door begins in the same way, and ends in it where it isn't wanted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.outside.helper_processes import NEIGHBOURS


def begun(module: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, "XDG_CONFIG_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize("module", NEIGHBOURS.values())
def test_one_that_is_not_wanted_ends_well(module: str, tmp_path: Path) -> None:
    """systemd doesn't start it again then."""
    done = begun(module, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("module", NEIGHBOURS.values())
def test_a_file_that_is_not_there_is_told_in_one_sentence(module: str, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere.toml"
    done = begun(module, tmp_path, str(missing))
    assert done.returncode == 1
    assert done.stderr.startswith("assistant: ")
    assert str(missing) in done.stderr
    assert "Traceback" not in done.stderr
