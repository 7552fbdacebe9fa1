#!/usr/bin/env bash
# "In 1 hour and 30 minutes" is in half an hour, and "in half an hour" in an hour.
#
# arrow's dehumanize() reads what a person writes about a time from now.
#
# Expected: an hour and a half, as "in 2 hours and 30 minutes" is two and a half; or a ValueError, as for "in 1
# hour" alone, which it doesn't know.
# Seen: 30 minutes: what it knows of one is "an hour", "a day", "a week", and a "1 hour" beside another part is
# left aside without a word; so "in 1 day and 2 hours" is in two hours. "In half an hour" is in one, "in one and a
# half hours" is refused, "in 1.5 hours" is in five. Write "an hour" where a 1 stands, and refuse a point and a
# half. arrow 1.4.0, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'arrow==1.4.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import timedelta

import arrow

NOW = arrow.get(2026, 12, 1, 8)
SEEN = {
    "in 2 hours and 30 minutes": timedelta(hours=2, minutes=30),
    "in an hour and 30 minutes": timedelta(hours=1, minutes=30),
    "in 1 hour and 30 minutes": timedelta(minutes=30),
    "in 1 day and 2 hours": timedelta(hours=2),
    "in half an hour": timedelta(hours=1),
    "in 1.5 hours": timedelta(hours=5),
    "in 1 hour": None,
    "in one and a half hours": None,
}


def read(said: str) -> timedelta | None:
    try:
        return NOW.dehumanize(said) - NOW
    except ValueError:
        return None


found = {said: read(said) for said in SEEN}
for said, when in found.items():
    print(f"{said}: {when or 'refused'}")
if found != SEEN:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
