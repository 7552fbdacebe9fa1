#!/usr/bin/env bash
# "Two and a half minutes" are thirty seconds, and PT1M30S is a month.
#
# A whole library for lengths as people write them; it says whether it understood (success), and what it couldn't
# use.
#
# Expected: 150 seconds, as "two minutes and thirty seconds" is, and 90 for "a minute and a half"; or success is
# False, as for "a few minutes". PT1M30S, as calendars write it, is 90 seconds.
# Seen: 30 seconds: each number that follows takes the place of the one before, "and a half" behind its unit is
# dropped, and success is True. "1 1/2 hours" is half of one, "2 to 3 minutes" three. M is a month, also in
# PT1M30S, whose T says that it isn't; "-5 min" is five minutes. Ask invalid as well, which lists what was
# dropped, and refuse what has any. timelength 3.0.4, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'timelength==3.0.4'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from timelength import TimeLength

SEEN = {
    "two minutes and thirty seconds": (150, True),
    "two and a half minutes": (30, True),
    "a minute and a half": (60, True),
    "1 1/2 hours": (1800, True),
    "2 to 3 minutes": (180, True),
    "-5 min": (300, True),
    "PT1M30S": (2635230, True),
    "a few minutes": (0, False),
}
found = {}
for written in SEEN:
    result = TimeLength(written).result
    found[written] = result.seconds, result.success
    print(f"{written}: {result.seconds:.0f} s, understood: {result.success}, left aside: {result.invalid}")
if found != SEEN:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
