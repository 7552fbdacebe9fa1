#!/usr/bin/env bash
# Tests that belong together are run by two at once.
#
# What shares a microphone or a port is marked `xdist_group`, so that one worker runs it all.
#
# Expected: `--dist=loadgroup` keeps a group in one worker with pytest 9.2.0 as with 9.1.1, or says
# that it can't: pytest-xdist 3.8.0 asks for pytest 7 or newer.
# Seen: with 9.2.0 each test of the group goes to whichever worker is free, without a word. The
# group was written into an attribute of the test that pytest no longer reads. pytest 9.1.1 and
# 9.2.0 with pytest-xdist 3.8.0, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/before"
"$folder/before/bin/pip" -q install 'pytest==9.1.1' 'pytest-xdist==3.8.0'
python3 -m venv "$folder/now"
"$folder/now/bin/pip" -q install 'pytest==9.2.0' 'pytest-xdist==3.8.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >test_seen.py <<'PYTHON'
import time

import pytest


@pytest.mark.parametrize("number", range(8))
@pytest.mark.xdist_group("microphone")
def test_listens(number: int) -> None:
    time.sleep(0.1)
PYTHON
cat >seen.py <<'PYTHON'
import re
import subprocess
import sys


def workers(python: str) -> int:
    """How many ran one group."""
    run = [python, "-m", "pytest", "-p", "no:cacheprovider", "-n", "2", "--dist=loadgroup", "-v"]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    return len(set(re.findall(r"^\[(gw\d)\]", done.stdout, re.MULTILINE)))


before, now = map(workers, sys.argv[1:])
print(f"workers for one group: {before} with pytest 9.1.1, {now} with 9.2.0")
if (before, now) != (1, 2):
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 100 python3 seen.py "$folder/before/bin/python" "$folder/now/bin/python"
