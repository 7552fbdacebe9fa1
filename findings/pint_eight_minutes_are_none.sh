#!/usr/bin/env bash
# "08 min" are none, "5 Min" are five million inches, and "2 1/2 h" are one hour.
#
# A length as people write it, read by the library for units; most of what it can't read raises an
# UndefinedUnitError.
#
# Expected: 8 minutes; 5 minutes, or an error, as for "2 Hours"; two and a half hours, or an error. "1,5 h", as
# most of Europe writes it, an hour and a half, or an error; "1:30 h" the same.
# Seen: 0, since what stands side by side is multiplied: 0 times 8. So "007 s", and 2 times a half. "Min" are
# mega-inches. "1,5 h" is fifteen hours and "0,5 h" none, since commas are taken out, wherever they stand; "1:30
# h" is thirty hours, what stands before the colon is gone. And 60 rpm, a step in each second, are 6.28 Hz: a turn
# is 2 pi, and so no longer one. Nothing is raised. Look at the number with an expression of your own, and give it
# Quantity(8, "min"). pint 0.25.3, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'pint==0.25.3'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import pint

units = pint.UnitRegistry()
SEEN = {
    "8 min": "8 minute",
    "08 min": "0 minute",
    "007 s": "0 second",
    "5 Min": "5 megainch",
    "2 1/2 h": "1.0 hour",
    "1,5 h": "15 hour",
    "0,5 h": "0 hour",
    "1:30 h": "30 hour",
    "2 Hours": "UndefinedUnitError",
}


def read(what: str) -> str:
    try:
        return str(units.Quantity(what))
    except pint.UndefinedUnitError as unknown:
        return type(unknown).__name__


found = {what: read(what) for what in SEEN}
for what, is_read in found.items():
    print(f"{what}: {is_read}")
turning, counted = (units(what).to("Hz").magnitude for what in ("60 rpm", "60 count/min"))
print(f"60 rpm: {turning:.2f} Hz; 60 count/min: {counted:.2f} Hz")
if found != SEEN or not 6.28 < turning < 6.29 or counted != 1:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
