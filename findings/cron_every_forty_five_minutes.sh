#!/usr/bin/env bash
# "Every 45 minutes", as a timetable is put into words, is after 45 and after 15.
#
# A person's reminders are lines of a crontab; they are read back in words, so that the person can see whether
# they are right.
#
# Expected: of */45 that it is at 0 and 45 minutes past the hour, as that is said of "0,45"; cron-descriptor is
# exact elsewhere: that a day of the month and one of the week are joined by "or", few know. In German the days
# are German.
# Seen: "Every 45 minutes", "Every 5 hours" for */5, whose last pause is four, and "every 2 days" for */2, which
# are the 31st and the 1st one after the other. So one who wants a break each 45 minutes is told that it will be
# so, and has two, a quarter of an hour apart, in each hour. With locale_code="de_DE" the sentence is German and
# its days are English, unless the program has called setlocale(). Ask a timetable for its next times and show
# those. cron-descriptor 2.2.1, with cronsim 2.8 for the times, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'cron-descriptor==2.2.1' 'cronsim==2.8'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime
from itertools import islice, pairwise

from cron_descriptor import Options, get_description
from cronsim import CronSim

TOLD = {
    "*/45 * * * *": ("Every 45 minutes", {15.0, 45.0}),
    "0 */5 * * *": ("Every 5 hours", {240.0, 300.0}),
    "0 8 */2 * *": ("At 08:00 AM, every 2 days", {1440.0, 2880.0}),
    "0,45 * * * *": ("At 0 and 45 minutes past the hour", {15.0, 45.0}),
}
changed = False
for line, seen in TOLD.items():
    times = list(islice(CronSim(line, datetime(2026, 12, 1)), 50))
    pauses = {(later - earlier).total_seconds() / 60 for earlier, later in pairwise(times)}
    told = get_description(line)
    print(f"{line}: {told!r}; pauses of {sorted(pauses)} minutes")
    changed |= (told, pauses) != seen
german = Options()
german.locale_code, german.use_24hour_time_format = "de_DE", True
told = get_description("30 7 * * 1-5", german)
print(told)
if changed or told != "Um 07:30, Monday bis Friday":
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" -W ignore seen.py
