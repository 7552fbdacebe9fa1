#!/usr/bin/env bash
# A minute of exercise with a pause in it lasts six minutes, or was over after half of it.
#
# A watch writes a lap with its time, TotalTimeSeconds, which leaves pauses out, and begins a new <Track> after a
# pause. 30 seconds, five minutes' pause, 30 seconds.
#
# Expected: 60 seconds, from 7:30 to 7:36.
# Seen: tcxreader: 360 seconds, for the exercise and for the lap; the time that stands in the file isn't read at
# all. python-tcxparser: 60 seconds, but completed at 7:30:30, since of a lap only the first track's end is looked
# at. Indoors, without places, tcxreader has no time and no pulse at all, unless only_gps=False. Read the lap's
# own time. tcxreader 0.4.11, python-tcxparser 2.4.0, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'tcxreader==0.4.11' 'python-tcxparser==2.4.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from pathlib import Path

from tcxparser import TCXParser
from tcxreader.tcxreader import TCXReader

PLACE = "<Position><LatitudeDegrees>48</LatitudeDegrees><LongitudeDegrees>11</LongitudeDegrees></Position>"


def track(times: str, place: str) -> str:
    points = "".join(
        f"<Trackpoint><Time>2026-12-01T07:{time}.000Z</Time>{place}"
        "<HeartRateBpm><Value>100</Value></HeartRateBpm></Trackpoint>"
        for time in times.split()
    )
    return f"<Track>{points}</Track>"


def file(place: str) -> str:
    Path("exercise.tcx").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase'
        ' xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>'
        '<Activity Sport="Other"><Id>2026-12-01T07:30:00.000Z</Id><Lap StartTime="2026-12-01T07:30:00.000Z">'
        "<TotalTimeSeconds>60</TotalTimeSeconds><DistanceMeters>0</DistanceMeters><Calories>5</Calories>"
        "<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod>"
        f"{track('30:00 30:15 30:30', place)}{track('35:30 35:45 36:00', place)}"
        "</Lap></Activity></Activities></TrainingCenterDatabase>"
    )
    return "exercise.tcx"


reader = TCXReader().read(file(PLACE))
print(f"tcxreader: {reader.duration} s, its lap {reader.laps[0].duration} s, until {reader.end_time:%H:%M:%S}")
parser = TCXParser(file(PLACE))
print(f"python-tcxparser: {parser.duration} s, until {parser.completed_at}")
inside = TCXReader().read(file(""))
print(f"tcxreader, indoors: {inside.duration} s, {len(inside.trackpoints)} points, pulse {inside.hr_avg}")
if (reader.duration, reader.laps[0].duration, parser.duration) != (360, 360, 60):
    raise SystemExit("changed")
if parser.completed_at != "2026-12-01T07:30:30.000Z" or (inside.duration, inside.trackpoints) != (0, []):
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
