#!/usr/bin/env bash
# On the night of the clocks a reminder of half an hour before comes half an hour after.
#
# An appointment has an alarm, TRIGGER:-PT8H: the evening before. icalendar tells when an appointment's alarms
# are, for one with a named zone whose rules stand in the file.
#
# Expected: hours and minutes are exact, days are days of the calendar, as the standard has it (RFC 5545, 3.3.6):
# before the appointment by eight hours, in spring and in autumn too.
# Seen: they are taken off what the clock shows. In Berlin on 28 March 2027 a morning's 7:30 is announced seven
# hours before, and on 25 October 2026 nine hours. Of 3:15 in that spring night, half an hour before is 2:45,
# which no clock shows and which is half an hour after the beginning; in autumn it is an hour and a half before.
# An appointment of DURATION:PT8H that goes through the spring night ends after seven. Nothing is raised. Reckon
# in UTC. icalendar 7.3.2, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'icalendar==7.3.2'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime, timedelta, timezone

from icalendar import Calendar, Event

FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:{begin}
DURATION:{length}
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Stand up
TRIGGER:{trigger}
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def event(begin: str, trigger: str, length: str = "PT1H") -> Event:
    text = FILE.format(begin=begin, trigger=trigger, length=length)
    return Calendar.from_ical(text.replace("\n", "\r\n")).walk("VEVENT")[0]


def between(begin: datetime, end: datetime) -> timedelta:
    return end.astimezone(timezone.utc) - begin.astimezone(timezone.utc)


def before(begin: str, trigger: str) -> float:
    """How many hours the alarm is before the appointment."""
    one = event(begin, trigger)
    (alarm,) = one.alarms.times
    found = between(alarm.trigger, one.start) / timedelta(hours=1)
    print(f"{trigger} of {one.start}: {alarm.trigger}, {found} hours before")
    return found


found = [
    before(begin, trigger)
    for begin, trigger in (
        ("20261201T073000", "-PT8H"),
        ("20270328T073000", "-PT8H"),
        ("20261025T073000", "-PT8H"),
        ("20270328T031500", "-PT30M"),
        ("20261025T031500", "-PT30M"),
    )
]
night = event("20270327T230000", "-PT8H", "PT8H")
lasts = between(night.start, night.end)
print(f"PT8H from {night.start}: until {night.end}, {lasts}")
if found != [8, 7, 9, -0.5, 1.5] or lasts != timedelta(hours=7):
    raise SystemExit(f"changed: {found}, {lasts}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
