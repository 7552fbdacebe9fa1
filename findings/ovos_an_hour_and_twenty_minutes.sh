#!/usr/bin/env bash
# "An hour and twenty minutes" is twenty minutes.
#
# How long something lasts, as people say it to a voice assistant.
#
# Expected: 1:20, as "one hour and twenty minutes" is; and a minute and a half where "one and a half
# minutes" is one.
# Seen: 0:20, the hour stays among the words that were not used. "A minute and a half" is no length,
# nor are "an hour", "10 min" and "five more minutes". ovos-date-parser 0.29.0 with
# ovos-number-parser 0.24.3a1, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'ovos-date-parser==0.29.0' 'ovos-number-parser==0.24.3a1'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from ovos_date_parser import extract_duration

SEEN = {
    "one hour and twenty minutes": "1:20:00",
    "an hour and twenty minutes": "0:20:00",
    "one and a half minutes": "0:01:30",
    "a minute and a half": "None",
    "an hour": "None",
    "10 min": "None",
    "five more minutes": "None",
}


def understood(text: str) -> str:
    return str(extract_duration(text, lang="en")[0])
changed = []
for text, seen in SEEN.items():
    found = understood(text)
    print(f"{text}: {found}")
    if found != seen:
        changed.append(text)
if changed:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
