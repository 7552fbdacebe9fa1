#!/usr/bin/env bash
# Who stands perfectly still for five minutes is not moving, and hasn't stopped either.
#
# A break is a part of a recorded walk: the phone lies on the bench, and its place stays the same.
#
# Expected: get_moving_data() gives five minutes of stopped time; moving and stopped are the whole.
# Seen: stopped_time is 0. Points without any distance between them belong to neither: of seven minutes two are
# moving and five are nowhere. Who shuffles about, by a metre in a minute, has stopped for all five; so it is
# where the recorder leaves out the points of the break. Take the moving time from get_duration(). gpxpy 1.6.2,
# 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'gpxpy==1.6.2'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime, timedelta, timezone

from gpxpy.gpx import GPX, GPXTrack, GPXTrackPoint, GPXTrackSegment

BEGIN = datetime(2026, 12, 1, 7, 30, tzinfo=timezone.utc)
STRIDE = 0.0001  # degrees of latitude: 11 m in 5 s


def walk(what: str, seconds: range, left_out: range, in_the_break: float) -> tuple[float, float]:
    """One minute of walking, five of a break, one of walking: what is moving and what stopped, in seconds."""
    segment, latitude = GPXTrackSegment(), 48.0
    for second in seconds:
        if second in left_out:
            continue
        latitude += in_the_break if 60 <= second < 360 else STRIDE
        segment.points.append(GPXTrackPoint(latitude, 11.0, time=BEGIN + timedelta(seconds=second)))
    track = GPXTrack()
    track.segments.append(segment)
    gpx = GPX()
    gpx.tracks.append(track)
    found = gpx.get_moving_data()
    print(f"{what}: {gpx.get_duration():.0f} s, moving {found.moving_time:.0f}, stopped {found.stopped_time:.0f}")
    return found.moving_time, found.stopped_time


every, none = range(0, 420, 5), range(0)
still = walk("lies still", every, none, 0.0)
about = walk("a metre a minute", every, none, 0.00000075)
left = walk("nothing recorded", every, range(60, 360), 0.0)
if still[1] != 0 or sum(still) != 115 or sum(about) != 415 or about[1] != 300 or sum(left) != 415:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
