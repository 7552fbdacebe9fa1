#!/usr/bin/env bash
# "Tonight at seven" is at eight.
#
# When somebody wants to be reminded, as they say it.
#
# Expected: "tonight at seven" is 19:00; "tomorrow at eight" is tomorrow at eight; both days of
# "monday and thursday at 6pm" have the time.
# Seen: 20:00, which is when the night begins there; midnight; and Monday at midnight, Thursday at
# six. The hour that was said is dropped without a word; with figures ("tomorrow at 8") it is kept.
# timefhuman 0.1.5, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'timefhuman==0.1.5'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import datetime

from timefhuman import tfhConfig, timefhuman

SEEN = {
    "tonight at seven": "01 20:00",
    "tomorrow at eight": "02 00:00",
    "tomorrow at 8": "02 08:00",
    "monday and thursday at 6pm": "07 00:00, 03 18:00",
}
NOW = datetime(2026, 12, 1, 10)


def understood(text: str) -> str:
    return ", ".join(f"{at:%d %H:%M}" for at in timefhuman(text, tfhConfig(now=NOW)))
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
