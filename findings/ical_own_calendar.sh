#!/usr/bin/env bash
# One appointment in "local time", and a calendar can't be read again by the library that wrote it.
#
# ical keeps the calendars of Home Assistant. `datetime.astimezone()` and `fromisoformat("...+05:30")` give a time
# with an offset, and the moment is certain.
#
# Expected: that moment in UTC, as timezone.utc is written; or it is refused where the appointment is made, as
# much else is.
# Seen: TZID=CEST, TZID="UTC+05:30", which are names of no zone, without a word. Reading it raises
# CalendarParseError, for the whole calendar: the other appointments are lost with it. In winter, or in New
# York, a test may pass: CET and EST happen to be names. Give it a ZoneInfo, or UTC. (icalendar_local_time.sh is
# another library; there the hour is read without a zone.) ical 14.3.1, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'ical==14.3.1' 'tzdata==2026.6'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import os
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from ical.exceptions import CalendarParseError

os.environ["TZ"] = "Europe/Berlin"
time.tzset()


def read_again(start: datetime) -> str:
    calendar = Calendar()
    for when in (datetime(2026, 7, 28, 12, tzinfo=UTC), start):
        calendar.events.append(Event(summary="wall slide", start=when, end=when.replace(minute=45)))
    written = IcsCalendarStream.calendar_to_ics(calendar)
    line = [line for line in written.splitlines() if line.startswith("DTSTART")][-1]
    try:
        read = f"{len(IcsCalendarStream.calendar_from_ics(written).events)} of 2 appointments"
    except CalendarParseError:
        read = "refused"
    print(f"{start}: {line}, read again: {read}")
    return read


summer, winter = datetime(2026, 7, 28, 7, 30), datetime(2026, 1, 28, 7, 30)
wrong = [summer.astimezone(), datetime.fromisoformat("2026-07-28T07:30:00+05:30")]
right = [winter.astimezone(), summer.replace(tzinfo=ZoneInfo("Europe/Berlin")), summer.replace(tzinfo=UTC)]
seen = [read_again(start) for start in wrong + right]
if seen != ["refused"] * 2 + ["2 of 2 appointments"] * 3:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
