#!/usr/bin/env bash
# At midsummer in Reykjavik the sun sets before it rises, and this morning's golden hour in Tokyo is tomorrow's.
#
# Reminders are to be given by daylight: from sunrise to sunset.
#
# Expected: daylight() of a date begins with its sunrise and ends with the sunset after it; where that falls after
# midnight, on the next date. golden_hour() of a date is on that date, as sunrise() of it is, in the place's own
# time.
# Seen: sunrise at 2:57, sunset at 0:01 on the same date, which is the one of the evening before: the two are the
# wrong way round, and whoever asks whether it is light now is told no for all of the day. So in Nome; and in
# Urumqi, whose clocks are Peking's, a summer evening's twilight ends before the morning's begins. The morning's
# golden hour in Tokyo and in Sydney is the next date's, all year: its date is counted in UTC. The evening's is
# right. Where an end is before its beginning, ask for the next date. astral 3.2, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'astral==3.2'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import dawn, daylight, dusk, golden_hour, sunrise

SUMMER = date(2026, 6, 21)
PLACES = {
    "Reykjavik": (Observer(64.1, -21.9), ZoneInfo("Atlantic/Reykjavik")),
    "Nome": (Observer(64.5, -165.4), ZoneInfo("America/Nome")),
    "Berlin": (Observer(52.5, 13.4), ZoneInfo("Europe/Berlin")),
    "Urumqi": (Observer(43.8, 87.6), ZoneInfo("Asia/Shanghai")),
    "Tokyo": (Observer(35.7, 139.7), ZoneInfo("Asia/Tokyo")),
    "Sydney": (Observer(-33.9, 151.2), ZoneInfo("Australia/Sydney")),
}


def told(what: str, begin: datetime, end: datetime) -> bool:
    print(f"{what} on {SUMMER}: from {begin:%d %H:%M} to {end:%d %H:%M}")
    return end > begin


right = {}
for name in ("Reykjavik", "Nome", "Berlin"):
    place, zone = PLACES[name]
    right[name] = told(f"{name}, daylight", *daylight(place, SUMMER, tzinfo=zone))
place, zone = PLACES["Urumqi"]
dark = 18  # degrees that the sun is below the horizon
right["Urumqi"] = told("Urumqi, not quite dark", *(when(place, SUMMER, dark, zone) for when in (dawn, dusk)))
late = []
for name in ("Tokyo", "Sydney", "Berlin"):
    place, zone = PLACES[name]
    told(f"{name}, the morning's golden hour", *golden_hour(place, SUMMER, tzinfo=zone))
    dates = [SUMMER + timedelta(days) for days in range(365)]
    late.append(sum(golden_hour(place, one, tzinfo=zone)[0].date() > one for one in dates))
    print(f"{name}: sunrise {sunrise(place, SUMMER, tzinfo=zone):%d %H:%M}; late on {late[-1]} dates of {len(dates)}")
if right != {"Reykjavik": False, "Nome": False, "Berlin": True, "Urumqi": False}:
    raise SystemExit(f"changed: {right}")
if late != [365, 365, 0]:
    raise SystemExit(f"changed: {late}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
