"""findings/: each script says what was expected and what was seen, and can be found itself.

Whether a finding is still so needs its packages and a network: each is run by hand.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "findings"
SCRIPTS = sorted(FOLDER.glob("*.sh"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_tells_what_was_expected_and_what_was_seen(script: Path) -> None:
    """At which version, on which day, with pinned packages; and it can fail."""
    text = script.read_text(encoding="utf-8")
    head = text.split("set -euo pipefail")[0]
    assert "\n# Expected: " in head
    assert "\n# Seen: " in head
    assert re.search(r"20\d\d-\d\d-\d\d", head)
    for line in re.findall(r"pip. -q install (.+)", text):
        assert all(re.fullmatch(r"'[\w-]+==[\w.]+'", package) for package in line.split())
    assert "raise SystemExit(" in text


SET_UP = [
    pytest.param(script, program, id=f"{script.stem}, {program}")
    for script in SCRIPTS
    for program, call in (("python3", "\npython3 -m venv "), ("pip", '/bin/pip" -q install '))
    if call in script.read_text(encoding="utf-8")
]


@pytest.mark.parametrize(("script", "fails"), SET_UP)
def test_what_cannot_be_set_up_is_not_tried(script: Path, fails: str, tmp_path: Path) -> None:
    """No environment, or no packages: it ends with two, not as if something had changed."""
    failing = "#!/bin/sh\nexit 1\n"
    making = f'#!/bin/sh\nmkdir -p "$3/bin"\ncp "{tmp_path}/pip" "$3/bin"\n'
    programs = {
        "python3": failing if fails == "python3" else making,
        **{"pip": failing, "dpkg-query": "#!/bin/sh\n", "cc": "#!/bin/sh\n"},
    }
    for name, what in programs.items():
        (tmp_path / name).write_text(what)
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    assert subprocess.run([script], env={"PATH": path}, timeout=20).returncode == 2


def test_every_finding_is_in_the_list() -> None:
    told = re.findall(r"\]\((\w+\.sh)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert sorted(told) == [script.name for script in SCRIPTS]
