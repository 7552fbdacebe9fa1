#!/usr/bin/env bash
# A quarter of a circle is three quarters of it.
#
# A gauge shows how much of the time is over: an arc from 0 to 90 degrees for a quarter. drawsvg has two for it,
# ArcLine and Arc, and says of the first: "In most cases, use Arc instead".
#
# Expected: the same quarter from both.
# Seen: ArcLine(0, 0, 10, 0, 90) draws the quarter from the right to the top, as in a textbook. Arc with the same
# numbers begins at the right, too, goes on over the top and the left and ends at the bottom: its angles are counted
# clockwise, and it is drawn counter-clockwise. `cw=True` makes a quarter of it, the other one, from the right
# to the bottom; and Arc(0, 0, 10, 0, -90) is the one that ArcLine draws. What the angles mean is not written
# in either. drawsvg 2.4.2; the lengths are svgpathtools 1.8.0's, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'drawsvg==2.4.2' 'svgpathtools==1.8.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import math

import drawsvg
from svgpathtools import parse_path

R = 10
ROUND = 2 * math.pi * R


def arc(end_deg: float, clockwise: bool) -> tuple[float, complex]:
    """Which part of the circle, and where its middle is."""
    path = parse_path(drawsvg.Arc(0, 0, R, 0, end_deg, cw=clockwise).args["d"])
    middle = path.point(0.5)
    return round(path.length() / ROUND, 2), complex(round(middle.real, 1), round(middle.imag, 1))


line = drawsvg.ArcLine(0, 0, R, 0, 90).args
drawn = float(line["stroke-dasharray"].split()[0])
begin = -float(line["stroke-dashoffset"])
half_way = (begin + drawn / 2) / R
middle = complex(round(R * math.cos(half_way), 1), round(R * math.sin(half_way), 1))
seen = [(round(drawn / ROUND, 2), middle), arc(90, False), arc(90, True), arc(-90, False)]
for name, (part, where) in zip(("ArcLine to 90", "Arc to 90", "the same, cw=True", "Arc to -90"), seen):
    print(f"{name}: {part:.0%} of the circle; its middle is at x {where.real:g}, y {where.imag:g} (down)")
upper_right, lower_right, upper_left = complex(7.1, -7.1), complex(7.1, 7.1), complex(-7.1, -7.1)
if seen != [(0.25, upper_right), (0.75, upper_left), (0.25, lower_right), (0.25, upper_right)]:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
