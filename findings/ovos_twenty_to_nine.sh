#!/usr/bin/env bash
# "At twenty to nine" is nine o'clock in the evening.
#
# A clock time that is said, by the library that says clock times in the same words.
#
# Expected: what `nice_time` says of 19:45 and 7:30 ("quarter to eight", "half past seven"),
# `extract_datetime` reads; "at twenty to nine", asked at ten in the morning, is 20:40.
# Seen: it is 21:00, and "at five to twelve" is 12:00: the "to" stays among the words that were not
# used. "At half past seven" is no time at all, and "tomorrow at half past seven in the evening" is
# 19:00. ovos-date-parser 0.29.0 with ovos-number-parser 0.24.3a1, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'ovos-date-parser==0.29.0' 'ovos-number-parser==0.24.3a1'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime, timezone

from ovos_date_parser import extract_datetime, nice_time

SEEN = {
    "at twenty to nine": "01 21:00",
    "at five to twelve": "01 12:00",
    "at half past seven": "None",
    "tomorrow at half past seven in the evening": "02 19:00",
    "tomorrow at eight": "02 08:00",
}
NOW = datetime(2026, 12, 1, 10, tzinfo=timezone.utc)

print("19:45 and 7:30 are said:", *(nice_time(NOW.replace(hour=h, minute=m), lang="en") for h, m in ((19, 45), (7, 30))))


def understood(text: str) -> str:
    found = extract_datetime(text, anchorDate=NOW, lang="en")
    return "None" if found is None else f"{found[0]:%d %H:%M}"
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
