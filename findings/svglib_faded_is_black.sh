#!/usr/bin/env bash
# What is faded in a figure is printed in full black, and a filled zigzag isn't printed at all.
#
# A figure shows where an arm comes from: the same arm, at a fifth of its strength.
#
# Expected: opacity="0.2" is light grey, as fill-opacity="0.2" is; a <polyline> that says nothing of its fill is
# filled with black, as <polygon> and <path> are.
# Seen: opacity is left aside, for shapes, groups and text, as an attribute and as a style; even with 0 the arm is
# there, in black. The polyline is filled only where a fill is written. Nothing is said of either. Write
# fill-opacity and stroke-opacity, which are drawn, and each fill. svglib 2.3.2 with reportlab 5.1.0, drawn by
# pypdfium2 5.15.2, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'svglib==2.3.2' 'reportlab==5.1.0' 'pypdfium2==5.15.2'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import io

import pypdfium2
from reportlab.graphics import renderPDF
from svglib.svglib import svg2rlg


def darkest(what: str) -> int:
    """Of all that is drawn: 0 is black, 255 nothing."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">{what}</svg>'
    page = pypdfium2.PdfDocument(renderPDF.drawToString(svg2rlg(io.StringIO(svg))))[0]
    found = page.render(scale=2, grayscale=True).to_pil().getextrema()[0]
    print(f"{found:3}: {what}")
    return found


faded = [
    darkest(what)
    for what in (
        '<rect width="50" height="50" opacity="0.2"/>',
        '<rect width="50" height="50" style="opacity: 0.2"/>',
        '<g opacity="0"><path d="M10 10H50V50Z"/></g>',
        '<text x="10" y="80" font-size="60" opacity="0.2">H</text>',
    )
]
parts = darkest('<rect width="50" height="50" fill-opacity="0.2"/>')
points = 'points="10,10 90,10 90,90"'
filled = [darkest(f"<{what} {points}/>") for what in ("polygon", "polyline", 'polyline fill="black"')]
if max(faded) > 20 or not 180 < parts < 230 or [one < 128 for one in filled] != [True, False, True]:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
