#!/usr/bin/env bash
# Read and written again, a reminder at half past seven is at half past eight from spring on.
#
# A program adds an appointment to a calendar of a person's and leaves the others as they are.
#
# Expected: ics, which knows no repetitions, keeps the lines that it doesn't know, and an appointment stays what
# it was.
# Seen: "every day at 7:30 in Berlin" is "every day at 6:30 UTC" afterwards: the rule is kept, but not the zone that
# it is counted in, and when the clocks are changed it is an hour off. And into a calendar that doesn't say
# which calendar it is, the line CALSCALE:GEORGIAN is written, so that recurring_ical_events, which reads
# Gregorian ones, refuses the file. (That line was reported in 2021; it is in the newest release.) Change a
# calendar with icalendar. ics 0.7.3; read with icalendar 7.3.2 and recurring-ical-events 3.8.2, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'ics==0.7.3' 'icalendar==7.3.2' 'recurring-ical-events==3.8.2' 'tzdata==2026.6'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from zoneinfo import ZoneInfo

import ics
import recurring_ical_events
from icalendar import Calendar
from recurring_ical_events import InvalidCalendar

BERLIN = ZoneInfo("Europe/Berlin")
BEFORE = "\r\n".join((
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//one//", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20260301T000000Z",
    "DTSTART;TZID=Europe/Berlin:20260328T073000", "DURATION:PT15M", "RRULE:FREQ=DAILY;COUNT=2",
    "SUMMARY:wall slide", "END:VEVENT", "END:VCALENDAR", "",
))  # fmt: skip


def times(calendar: str) -> list[str]:
    found = recurring_ical_events.of(Calendar.from_ical(calendar)).between((2026, 3, 1), (2026, 5, 1))
    return [f"{one['DTSTART'].dt.astimezone(BERLIN):%H:%M}" for one in found]


after = ics.Calendar(BEFORE).serialize()
try:
    refused = f"read: {times(after)}"
except InvalidCalendar as why:
    refused = f"{why}"
stated = after.replace("CALSCALE:GEORGIAN", "CALSCALE:GREGORIAN")
print(f"28 and 29 March, the second after the clocks were changed: {times(BEFORE)}")
print(f"read and written by ics: {refused}; with the name of the calendar put right: {times(stated)}")
if times(BEFORE) != ["07:30", "07:30"] or times(stated) != ["07:30", "08:30"] or "supported" not in refused:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" -W ignore seen.py
