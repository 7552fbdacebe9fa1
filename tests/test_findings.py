"""findings/: each script says what was expected and what was seen, and can be found itself.

Whether a finding is still so needs its packages and a network: each is run by hand.
"""

import re
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
        assert all(re.fullmatch(r"'[\w-]+==[\d.]+'", package) for package in line.split())
    assert "raise SystemExit(" in text


def test_every_finding_is_in_the_list() -> None:
    told = re.findall(r"\]\((\w+\.sh)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert sorted(told) == [script.name for script in SCRIPTS]
