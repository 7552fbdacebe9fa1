"""findings/: each script says what it needs and what it found, and can be found itself.

Whether a finding is still so needs its packages and a network: findings/run.
"""

import ast
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "findings"
SCRIPTS = sorted(FOLDER.glob("*.py"))
needs = runpy.run_path(str(FOLDER / "run"))["needs"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_tells_what_was_expected_and_what_was_seen(script: Path) -> None:
    """At which version, on which day; and it can fail."""
    python_packages, _ = needs(script)
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", package) for package in python_packages)
    text = ast.get_docstring(ast.parse(script.read_text())) or ""
    assert "\nExpected: " in text
    assert "\nSeen: " in text
    assert re.search(r"20\d\d-\d\d-\d\d", text)
    assert "raise SystemExit(" in script.read_text()


def test_every_finding_is_in_the_list() -> None:
    told = re.findall(r"\]\((\w+\.py)\)", (FOLDER / "README.md").read_text())
    assert sorted(told) == [script.name for script in SCRIPTS]


def test_an_unknown_finding_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, FOLDER / "run", "nosuch"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "No finding nosuch. There are: espeak_imperatives, " in done.stderr
