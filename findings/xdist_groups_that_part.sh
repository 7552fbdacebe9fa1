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
for pytest in 9.1.1 9.2.0; do
    python3 -m venv "$folder/$pytest"
    "$folder/$pytest/bin/pip" install --quiet "pytest==$pytest" pytest-xdist==3.8.0
done
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
workers() { # how many ran one group
    HOME=$folder/work timeout 100 "$folder/$1/bin/python" -m pytest -p no:cacheprovider -n 2 --dist=loadgroup -v |
        grep -o '^\[gw[0-9]*\]' | sort -u | wc -l
}
before=$(workers 9.1.1) now=$(workers 9.2.0)
echo "workers for one group: $before with pytest 9.1.1, $now with 9.2.0"
[ "$before $now" = "1 2" ] || { echo 'changed' >&2; exit 1; }
