#!/usr/bin/env bash
# Half of ninety minutes is a quarter of an hour.
#
# A plan is made easier: all its lengths are halved, or taken two and a half times.
#
# Expected: 45 minutes, as from Python's timedelta; fractions are no stranger to relativedelta: hours=1.5 is an
# hour and a half. Or it is refused, as months=1.5 is.
# Seen: 15 minutes. Ninety minutes are kept as one hour and thirty minutes, and each part is multiplied and cut to
# a whole number for itself: of half an hour nothing is left. Half a minute, half a day are no time at all; two
# and a half times ninety minutes are three hours and a quarter; once hours=1.5 is an hour. Twice ninety minutes
# is right. Nothing is raised. (That a fraction is lost was reported in 2020.) Reckon with timedelta wherever no
# months are meant. python-dateutil 4.0.0, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'python-dateutil==4.0.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

NOW = datetime(2026, 12, 1, 8)
SEEN = {
    ("minutes", 90, 2.0): timedelta(hours=3),
    ("minutes", 90, 0.5): timedelta(minutes=15),
    ("minutes", 90, 2.5): timedelta(hours=3, minutes=15),
    ("minutes", 1, 0.5): timedelta(0),
    ("days", 1, 0.5): timedelta(0),
    ("hours", 1.5, 1.0): timedelta(hours=1),
}
found = {}
for unit, count, factor in SEEN:
    length = NOW + relativedelta(**{unit: count}) * factor - NOW
    found[unit, count, factor] = length
    print(f"{factor} times {count} {unit}: {length}; of timedelta {timedelta(**{unit: count}) * factor}")
alone = NOW + relativedelta(hours=1.5) - NOW
print(f"1.5 hours by themselves: {alone}; 90 minutes are kept as {relativedelta(minutes=90)!r}")
if found != SEEN or alone != timedelta(hours=1, minutes=30):
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
