#!/usr/bin/env bash
# "On Friday at 8" is five weeks from now.
#
# Times and lengths, as they are typed.
#
# Expected: on the first of December 2026, a Tuesday: this Friday, the fourth, at eight. "1.5 hours"
# is an hour and a half.
# Seen: the eighth of January 2027, the next Friday that is an eighth; with "8pm" it is this one.
# "1.5 hours" are five hours: the one and the point are left aside. ctparse 0.3.6, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'ctparse==0.3.6'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import logging
from datetime import datetime

from ctparse import ctparse

logging.disable(logging.CRITICAL)
SEEN = {
    "on friday at 8": "2027-01-08 X:X (X/X)",
    "on friday at 8pm": "2026-12-04 20:00 (X/X)",
    "1.5 hours": "5 hours",
    "90 minutes": "90 minutes",
}


def understood(text: str) -> str:
    return str(ctparse(text, ts=datetime(2026, 12, 1, 10), timeout=60).resolution)
changed = []
for text, seen in SEEN.items():
    found = understood(text)
    print(f"{text}: {found}")
    if found != seen:
        changed.append(text)
if changed:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
