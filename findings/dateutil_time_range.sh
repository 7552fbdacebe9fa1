#!/usr/bin/env bash
# From half past seven to eight is half past seven on the other side of the world.
#
# A person writes when they have time: "7:30-8:00", "10am-11am".
#
# Expected: a ParserError, as for "7:30 - 8:00" with spaces and "7:30 to 8:00": it is no moment.
# Seen: 7:30 in a time zone eight hours behind UTC, 10:00 in one eleven hours behind; "Mon 7:30-8" the
# same. In Berlin the reminder comes at half past four in the afternoon, and as all other times are
# without a zone, comparing with one raises a TypeError far from here. `ignoretz=True` gives 7:30. Refuse a time
# that has a zone where nobody was asked for one. python-dateutil 2.9.0, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'python-dateutil==2.9.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime

from dateutil.parser import ParserError, parse

DAY = datetime(2026, 11, 30)


def read(written: str) -> str:
    try:
        return parse(written, default=DAY).isoformat()
    except ParserError:
        return "refused"


written = ("7:30-8:00", "10am-11am", "Mon 7:30-8", "7:30 - 8:00", "7:30 to 8:00", "7:30")
seen = [read(one) for one in written]
for one, when in zip(written, seen):
    print(f"{one!r}: {when}")
ranges = ["2026-11-30T07:30:00-08:00", "2026-11-30T10:00:00-11:00", "2026-11-30T07:30:00-08:00"]
if seen != [*ranges, "refused", "refused", "2026-11-30T07:30:00"]:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
