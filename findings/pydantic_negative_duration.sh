#!/usr/bin/env bash
# Five seconds too early, as Python writes it, is two days too early to pydantic.
#
# A log says str(timedelta): "0:00:05", "1 day, 6:00:00". pydantic takes just these texts for a timedelta.
#
# Expected: the same time again, below zero as above; or a ValidationError, as for "1:30".
# Seen: "-1 day, 23:59:55", which is Python's for minus five seconds, is minus one day, 23 hours, 59 minutes and
# 55 seconds: the minus is taken for all of it, where Python means it for the days alone. Each time it is
# written and read again a day or so is added. What pydantic itself writes in JSON ("-PT5S") is read well.
# Write seconds, as a number. pydantic 2.14.4, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'pydantic==2.14.4'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import timedelta

from pydantic import TypeAdapter

DURATION = TypeAdapter(timedelta)
seen = {}
for seconds in (5, 30 * 3600, -5, -30 * 3600):
    duration = timedelta(seconds=seconds)
    read = DURATION.validate_python(str(duration)).total_seconds()
    json = DURATION.validate_json(DURATION.dump_json(duration)).total_seconds()
    print(f"{seconds} s is written {str(duration)!r} and read as {read:g} s; by way of JSON, {json:g} s")
    seen[seconds] = (read, json)
if seen != {5: (5, 5), 108000: (108000, 108000), -5: (-172795, -5), -108000: (-237600, -108000)}:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
