#!/usr/bin/env bash
# "Every weekday at half past seven" is Monday to Friday of every seventh week.
#
# recurrent makes of a sentence a rule for a calendar, or None where it understands none ("every morning").
#
# Expected: 7:30 on each of these days; or None.
# Seen: BYDAY=MO,TU,WE,TH,FR;INTERVAL=7, and no hour: whatever number isn't understood elsewhere becomes the
# interval. "Every hour between 9 and 17" is every seventeen hours, day and night; of "7:30 am and 7:30 pm" the
# second is lost. Nothing is raised. Ask for the time apart from the days, or look whether each number of the
# sentence is in the rule where it belongs. recurrent 0.4.1 with parsedatetime 2.6, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'recurrent==0.4.1' 'parsedatetime==2.6'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime

from recurrent import RecurringEvent

NOW = datetime(2026, 11, 30, 6)
SEEN = {
    "every weekday at half past seven": {"BYDAY=MO,TU,WE,TH,FR", "INTERVAL=7", "FREQ=WEEKLY"},
    "every hour between 9 and 17": {"INTERVAL=17", "FREQ=HOURLY"},
    "every day at 7:30 am and 7:30 pm": {"BYHOUR=7", "BYMINUTE=30", "INTERVAL=1", "FREQ=DAILY"},
    "every morning": None,
}
changed = False
for sentence, before in SEEN.items():
    rule = RecurringEvent(now_date=NOW).parse(sentence)
    print(f"{sentence}: {rule}")
    changed |= (rule if rule is None else set(rule.removeprefix("RRULE:").split(";"))) != before
if changed:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
