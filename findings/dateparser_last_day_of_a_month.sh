#!/usr/bin/env bash
# Once a month, "7:30" in the future is a month ago; on New Year's Eve it is eleven months away.
#
# It is two in the afternoon; a person says when they want to be reminded, and the program asks for
# dates in the future (PREFER_DATES_FROM).
#
# Expected: tomorrow at half past seven, whichever day it is.
# Seen: so on every day but the last of a month. There it is the first of the same month, in the past:
# the day is counted on and the month is not. On 31 December it is the first of December next year. So
# for "noon", "9 am" and whatever else is a time without a day; "Friday", where the same was once reported,
# is right in this version, and so is "tomorrow at 7:30". Take the time, and find the day yourself.
# dateparser 1.5.0, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'dateparser==1.5.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime

import dateparser

SEEN = {
    (2026, 11, 29): "2026-11-30",
    (2026, 11, 30): "2026-11-01",
    (2026, 2, 28): "2026-02-01",
    (2026, 12, 30): "2026-12-31",
    (2026, 12, 31): "2027-12-01",
}


def understood(said: str, now: datetime) -> str:
    settings = {"RELATIVE_BASE": now, "PREFER_DATES_FROM": "future"}
    found = dateparser.parse(said, languages=["en"], settings=settings)
    return f"{found:%Y-%m-%d %H:%M}" if found else "nothing"


changed = []
for day, expected in SEEN.items():
    now = datetime(*day, 14)
    found = {said: understood(said, now) for said in ("7:30", "noon", "9 am")}
    print(f"{now}: {found}")
    if {when.split()[0] for when in found.values()} != {expected}:
        changed.append(day)
last = datetime(2026, 11, 30, 14)
whole = [understood(said, last) for said in ("tomorrow at 7:30", "friday", "15:00")]
print(f"with a day, or still to come today: {whole}")
if changed or whole != ["2026-12-01 07:30", "2026-12-04 00:00", "2026-11-30 15:00"]:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
