#!/usr/bin/env bash
# An appointment in "local time", as Python gives it, is one whose time zone nobody knows.
#
# `datetime.astimezone()` and `fromisoformat("...+05:30")` give a time with an offset, and the moment
# is certain.
#
# Expected: icalendar writes that moment, in UTC, as what has no named zone can only be written; or
# it raises.
# Seen: TZID=CEST, TZID=BST, TZID=IST, TZID="UTC+05:30": an abbreviation is taken for the name of a
# zone, no VTIMEZONE stands beside it, and add_missing_timezones() adds none. Read again by icalendar
# itself the hour has no zone at all, so that it is another moment anywhere else, and three countries
# call three zones IST. In winter it may pass a test: CET and EST happen to be names. Give it UTC, or
# a ZoneInfo. icalendar 7.3.2, 2026-11-30.
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
import os
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event


def written(moment: datetime) -> tuple[str, bool]:
    """The line, and whether what is read again is the same moment."""
    event = Event()
    event.start = moment
    calendar = Calendar()
    calendar.add_component(event)
    calendar.add_missing_timezones()
    [again] = Calendar.from_ical(calendar.to_ical()).events
    line = event.to_ical().decode().splitlines()[1]
    return line, again.start.tzinfo is not None and again.start == moment


def local(zone: str, month: int) -> datetime:
    os.environ["TZ"] = zone
    time.tzset()
    return datetime(2026, month, 1, 8).astimezone()


changed = []
for moment, zone, same in (
    (local("Europe/Berlin", 7), "CEST", False),
    (local("Europe/London", 7), "BST", False),
    (local("Europe/Dublin", 7), "IST", False),
    (local("Asia/Kolkata", 7), "IST", False),
    (datetime.fromisoformat("2026-07-01T08:00:00+05:30"), '"UTC+05:30"', False),
    (local("Europe/Berlin", 12), "CET", True),
    (datetime(2026, 7, 1, 8, tzinfo=ZoneInfo("Europe/Berlin")), "Europe/Berlin", True),
    (local("Europe/Berlin", 7).astimezone(UTC), "", True),
):
    line, is_same = written(moment)
    print(f"{moment}: {line}; {'the same moment' if is_same else 'another, or none'}")
    if is_same is not same or (f";TZID={zone}:" in line) is not bool(zone):
        changed.append(str(moment))
if changed:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
