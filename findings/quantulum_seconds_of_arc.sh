#!/usr/bin/env bash
# "Hold for thirty seconds" is an angle of half a minute.
#
# quantulum3 finds quantities in a sentence: "2 hours" is a time, "10 lbs" a mass. Its classifier for units of one
# name is an extra, so that a small machine needs no scikit-learn.
#
# Expected: without the classifier a second is the one that everybody knows, as "30 s" and "30 sec" are seconds;
# or the quantity says that it isn't sure.
# Seen: "second of arc", "minute of arc", whose entity is "angle", for each second and minute that is written out,
# in any sentence; hours are hours. So whoever adds up the times of a text loses all that are shorter than an hour,
# and no warning is given. ("2-3 times" is 2.5 times.) Take "second of arc" for a second where no angles are
# meant. quantulum3 0.10.0 without its extra, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'quantulum3==0.10.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from quantulum3 import parser

SEEN = {
    "hold for thirty seconds": (30, "second of arc", "angle"),
    "a 30 second hold": (30, "second of arc", "angle"),
    "rest for 5 minutes": (5, "minute of arc", "angle"),
    "rest for 2 hours": (2, "hour", "time"),
    "hold for 30 s": (30, "second", "time"),
    "rest for 5 min": (5, "minute", "time"),
}
changed = False
for sentence, before in SEEN.items():
    (found,) = parser.parse(sentence)
    now = (found.value, found.unit.name, found.unit.entity.name)
    print(f"{sentence}: {now[0]:g}, {now[1]}, {now[2]}")
    changed |= now != before
if changed:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" -W ignore seen.py
