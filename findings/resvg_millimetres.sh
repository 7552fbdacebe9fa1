#!/usr/bin/env bash
# A picture whose size is in millimetres can't be drawn, unless a resolution is given.
#
# Expected: 96 dots an inch, as CSS and SVG have it: 50 mm are 189 pixels.
# Seen: "SVG has an invalid size". The default of `dpi` is 0.0, told as "0 = SVG default", and with
# it every mm, cm, in and pt is 0. With dpi=96 it is 189. resvg-py 0.5.0, 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'resvg-py==0.5.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import struct

import resvg_py

PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}"
    viewBox="0 0 10 10"><rect width="5" height="5"/></svg>"""


def drawn(size: str, **options: float) -> str:
    try:
        png = bytes(resvg_py.svg_to_bytes(svg_string=PICTURE.format(size=size), **options))
    except ValueError as error:
        return str(error)
    return f"{struct.unpack('>I', png[16:20])[0]} pixels"


seen = {size: (drawn(size), drawn(size, dpi=96)) for size in ("189", "50mm", "2in")}
print("size: without dpi, with dpi=96")
for size, found in seen.items():
    print(f"{size}: {found}")
refused = "SVG has an invalid size"
if list(seen.values()) != [
    ("189 pixels", "189 pixels"),
    (refused, "189 pixels"),
    (refused, "192 pixels"),
]:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
