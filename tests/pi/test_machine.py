"""Which kernel the small machine is booted with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pi import machine

BUILDER = machine.REPOSITORY / "tests" / "pi" / "kernel"


def test_the_newest_that_was_built_here_goes_before_the_one_that_came_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was built for this processor."""
    came_along = tmp_path / "came_along"
    came_along.write_text("came along")
    monkeypatch.delenv(machine.VARIABLE, raising=False)
    monkeypatch.setattr(machine, "DEFAULT", came_along)
    monkeypatch.setattr(machine, "CACHE", tmp_path)
    (boot := tmp_path / "boot").mkdir()
    assert machine.kernel(boot).read_text() == "came along"
    for age_s, name in ((0, "linux-9.new"), (1, "linux-2"), (2, "linux-1")):
        (tmp_path / name).write_text(name)
        os.utime(tmp_path / name, (10 - age_s, 10 - age_s))
    assert machine.kernel(boot).read_text() == "linux-2"


def test_what_was_built_is_found_by_tests_that_have_a_cache_of_their_own(tmp_path: Path) -> None:
    """Where tests/pi/kernel leaves it, there it is looked for."""
    usual = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    del usual["ASSISTANT_PI_KERNELS"]
    words = "import tests.conftest, tests.pi.machine as it; print(it.CACHE)"
    found = said([sys.executable, "-c", words], usual)
    settings = said(["cksum", BUILDER.with_suffix(".config")], usual)
    program = Path(found) / f"linux-{settings.split()[0]}"
    assert program.is_relative_to(tmp_path)  # else one would be built now
    program.parent.mkdir()
    program.touch(0o755)
    assert said([BUILDER], usual) == str(program)


def said(words: list[str | Path], environment: dict[str, str]) -> str:
    done = subprocess.run(
        words,
        cwd=machine.REPOSITORY,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout.strip()
