#!/usr/bin/env bash
# "A thirty second hold" is the hold number thirty-two.
#
# A recogniser writes words without hyphens; text2num puts the numbers in digits, so that they can be
# compared and read on a screen.
#
# Expected: "a 30 second hold", as "a ten second hold" is "a 10 second hold".
# Seen: "a 32nd hold". After twenty, thirty, forty, fifty, a hundred, the unit of time is read as the ordinal and
# added to the number, and nothing says so: "rest for one hundred twenty second" loses its duration. The
# plural is safe ("30 seconds"). Where exercises are meant, put "second" in the plural before, or take such
# numbers out first. text2num 3.1.0, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'text2num==3.1.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from text_to_num import alpha2digit

SEEN = {
    "a ten second hold": "a 10 second hold",
    "a thirty second hold": "a 32nd hold",
    "a twenty second break": "a 22nd break",
    "a one hundred twenty second rest": "a 122nd rest",
    "hold for thirty seconds": "hold for 30 seconds",
    "do the second side": "do the second side",
}
changed = []
for said, expected in SEEN.items():
    found = alpha2digit(said, "en")
    print(f"{said}: {found}")
    if found != expected:
        changed.append(said)
if changed:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
