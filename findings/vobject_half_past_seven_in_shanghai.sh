#!/usr/bin/env bash
# Half past seven in Shanghai is half past seven in Chicago.
#
# A calendar with appointments in two places, each time with its ZoneInfo, is written and read again.
#
# Expected: each is the moment that it was: TZID=Asia/Shanghai, and the rules of that zone beside it.
# Seen: both are TZID=CST, with the rules of Chicago for both: a zone is called by its abbreviation, and of two
# with one abbreviation the first that the process has written is the only one, also in another calendar, written
# later. The appointment in Shanghai is fourteen hours late. So with IST (India, Israel, Ireland in summer), and
# nearer to home with CET: after one in Algiers, whose clocks are never changed, a July's in Berlin is an hour
# late. Nothing is raised, and a test with one zone is right. (That IST is two zones was reported in 2025.) Write
# UTC, or use icalendar. vobject 0.9.9, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'vobject==0.9.9' 'python-dateutil==4.0.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import vobject

changed = False
SEEN = (
    ("Asia/Kolkata", datetime(2026, 12, 1, 7, 30), 0.0),
    ("Asia/Jerusalem", datetime(2026, 12, 1, 7, 30), -3.5),
    ("America/Chicago", datetime(2026, 12, 1, 7, 30), 0.0),
    ("Asia/Shanghai", datetime(2026, 12, 1, 7, 30), 14.0),
    ("Africa/Algiers", datetime(2026, 12, 1, 7, 30), 0.0),
    ("Europe/Berlin", datetime(2026, 12, 1, 7, 30), 0.0),
    ("Europe/Berlin", datetime(2027, 7, 1, 7, 30), 1.0),
)
for zone, clock, hours_late in SEEN:
    calendar = vobject.iCalendar()
    event = calendar.add("vevent")
    event.add("uid").value = f"{zone}-{clock.isoformat()}"
    event.add("dtstart").value = clock.replace(tzinfo=ZoneInfo(zone))
    text = calendar.serialize()
    (named,) = [line for line in text.splitlines() if line.startswith("DTSTART;TZID")]
    read = vobject.readOne(text).vevent.dtstart.value.astimezone(timezone.utc)
    late = (read - clock.replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)).total_seconds() / 3600
    print(f"{zone} {clock:%d %B %Y %H:%M}: {named}; read again {late:g} hours late")
    changed |= late != hours_late
if changed:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
