#!/usr/bin/env bash
# An exercise in Berlin ends at 7:36 in UTC, and again at 8:36 in UTC.
#
# A watch writes into its FIT file when an activity ended, twice in one message: timestamp, and local_timestamp,
# what the clock on the wall said. The difference is all that tells of its time zone.
#
# Expected: the first as a time in UTC, the second as one without a zone, which is what Python has for a clock on
# a wall.
# Seen: both are in UTC. The second is an hour later than the first, as if it were another moment; shown in
# Berlin's time it is 9:36, and nothing but its name tells that it mustn't be converted. Take its zone away:
# replace(tzinfo=None). fitdecode 0.11.0; the file is written by fit-tool 0.9.16, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'fitdecode==0.11.0' 'fit-tool==0.9.16'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime, timedelta, timezone

import fitdecode
from fit_tool.fit_file_builder import FitFileBuilder
from fit_tool.profile.messages.activity_message import ActivityMessage
from fit_tool.profile.messages.file_id_message import FileIdMessage
from fit_tool.profile.profile_type import FileType, Manufacturer

END = datetime(2026, 12, 1, 7, 36, tzinfo=timezone.utc)
EPOCH = datetime(1989, 12, 31, tzinfo=timezone.utc)  # of FIT: seconds are counted from it

name = FileIdMessage()
name.type, name.manufacturer = FileType.ACTIVITY, Manufacturer.DEVELOPMENT.value
activity = ActivityMessage()
activity.timestamp = round(END.timestamp() * 1000)
activity.local_timestamp = round((END + timedelta(hours=1) - EPOCH).total_seconds())
builder = FitFileBuilder(auto_define=True)
builder.add(name)
builder.add(activity)
builder.build().to_file("activity.fit")

with fitdecode.FitReader("activity.fit") as reader:
    (read,) = [frame for frame in reader if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "activity"]
moment, wall = read.get_value("timestamp"), read.get_value("local_timestamp")
print(f"timestamp: {moment}\nlocal_timestamp: {wall}, {wall - moment} later")
if moment != END or wall.utcoffset() != timedelta(0) or wall - moment != timedelta(hours=1):
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
