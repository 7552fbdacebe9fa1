#!/usr/bin/env bash
# "In forty five minutes" is five minutes from now; "in half an hour", a whole one.
#
# Expected: what is understood is understood whole, as 45 is in digits; and what isn't gives the flag 0,
# "not parsed at all".
# Seen: of a number in two words the last one is taken, of "half an hour" and "an hour and a half" the
# "an hour", and the flag is 2, as for what was read well. "Forty-five", with its hyphen, is no time at
# all, also with the flag 2. "In ninety minutes" alone is refused as it should be. A reminder in words
# comes at another time than was asked for. Put the numbers in digits first. parsedatetime 2.6, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'parsedatetime==2.6'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime

from parsedatetime import Calendar

SEEN = {
    "in 45 minutes": (45, 2),
    "in fifteen minutes": (15, 2),
    "in an hour and twenty minutes": (80, 2),
    "in forty five minutes": (5, 2),
    "in twenty five minutes": (5, 2),
    "in forty-five minutes": (0, 2),
    "in half an hour": (60, 2),
    "in an hour and a half": (60, 2),
    "in one hour and thirty minutes": (60, 2),
    "in ninety minutes": (0, 0),
}
now = datetime(2026, 11, 30, 14, 0)
changed = []
for said, expected in SEEN.items():
    then, flag = Calendar().parseDT(said, now)
    found = (int((then - now).total_seconds()) // 60, flag)
    print(f"{said}: {found[0]} minutes, flag {flag}")
    if found != expected:
        changed.append(said)
if changed:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
