"""What a person may not even look at is named, and left out, and all the rest goes on."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NAME = "exercise-assistant"
ROOT = Path(__file__).resolve().parents[2]
ROUTINE = 'id = "mine"\nname = "Mine"\n[[exercise]]\nuse = "bridge"\nsetup_s = 30\n'


class Home:
    """A person's folders, looked at by an ordinary person: by nobody, where root runs the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config, self.state = folder / "config" / NAME, folder / "state" / NAME
        for place in (self.config / "routines" / "exercises", self.state, folder / "cache"):
            place.mkdir(parents=True)
        (self.config / "config.toml").write_text("[voice]\n")
        (self.config / "commands.yaml").write_text("language: en\n")
        (self.config / "routines" / "mine.toml").write_text(ROUTINE)
        (self.state / "day.jsonl").write_text("{}\n")
        for place in (folder, *folder.rglob("*")):
            if os.geteuid() == 0:
                os.chown(place, 65534, 65534)

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        kept = {f"XDG_{name.upper()}_HOME": f"{self.folder}/{name}" for name in ("config", "state")}
        kept |= {"XDG_CACHE_HOME": f"{self.folder}/cache", "PYTHONDONTWRITEBYTECODE": "1"}
        nobody = 65534 if os.geteuid() == 0 else None
        return subprocess.run(
            [sys.executable, *words], cwd=self.folder, env={**kept, "PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, timeout=60, check=False,
            user=nobody, group=nobody, extra_groups=None if nobody is None else [],
        )  # fmt: skip

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        done = self.python("-m", "assistant", *words)
        assert "Traceback" not in done.stderr
        assert "Errno" not in done.stderr
        return done


@pytest.fixture
def home() -> Iterator[Home]:
    # Not below pytest's own folder, which only root may enter where root runs the tests.
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        if home.python("-c", "import assistant").returncode:
            pytest.skip("nobody else may read this checkout")
        yield home
        for place in (home.config, home.state):
            place.chmod(0o700)


@pytest.mark.parametrize(
    ("closed", "named"),
    [
        ("config", "routines"), ("config/routines", "routines"),
        ("config/routines/exercises", "routines/exercises"),
        ("config/routines/mine.toml", "routines/mine.toml"), ("config/commands.yaml", ""),
        ("state", "office/all"),
    ],
)  # fmt: skip
def test_a_closed_place_is_named_and_the_shipped_routines_stay(
    home: Home, closed: str, named: str
) -> None:
    place = home.folder / closed.replace("config", f"config/{NAME}", 1)
    place = home.state if closed == "state" else place
    place.chmod(0)
    done = home.types("rehearse", "morning")
    place.chmod(0o700)
    assert done.returncode == 0
    assert "First, pelvic tilt." in done.stdout
    assert (f"{named}: expected a f" in done.stderr) == bool(named)
    assert ("found permission denied; check its path and permissions" in done.stderr) == bool(named)


def test_what_was_asked_for_and_is_closed_is_an_error_with_a_cure(home: Home) -> None:
    """The configuration, a recording, the history."""
    for place, words in (
        (home.config / "config.toml", ["config"]),
        (home.state / "day.jsonl", ["replay", str(home.state / "day.jsonl")]),
        (home.state, ["replay", str(home.state / "day.jsonl")]),
        (home.state, ["history"]),
    ):
        mode = place.stat().st_mode
        place.chmod(0)
        done = home.types(*words)
        place.chmod(mode)
        assert done.returncode == 7, (words, done.stderr)
        assert "permission denied" in done.stderr
        assert str(place) in done.stderr
