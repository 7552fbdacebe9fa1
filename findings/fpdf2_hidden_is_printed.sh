#!/usr/bin/env bash
# What is hidden in a figure is printed, and the later of two styles doesn't win.
#
# One drawing has an exercise in two sizes, one of them hidden, or a grid that only its author is to see.
#
# Expected: display="none" and visibility="hidden" aren't printed; where an element has two classes, the style
# that stands last in the sheet decides, whatever their order in class="…". Tags that it doesn't know, fpdf2 tells
# of in a warning.
# Seen: all that is hidden is printed, by an attribute, a style or a class, a shape, a group or a text, and no
# warning is given. Of two classes the one that is named last decides. A style for a tag's name or an id is left
# aside, too. Take the hidden parts out, and write each colour as an attribute. fpdf2 2.8.9, drawn by pypdfium2
# 5.15.2, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'fpdf2==2.8.9' 'pypdfium2==5.15.2'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import io

import fpdf
import pypdfium2

HIDDEN = 'class="hidden"'
SQUARE = '<rect width="50" height="50" {}/>'


def printed(what: str) -> bool:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{what}</svg>'
    pdf = fpdf.FPDF(unit="pt", format=(100, 100))
    pdf.add_page()
    pdf.image(io.BytesIO(svg.encode()), 0, 0, 100, 100)
    page = pypdfium2.PdfDocument(bytes(pdf.output()))[0]
    found = page.render(grayscale=True).to_pil().getextrema()[0] < 128
    print(f"{'printed' if found else 'nothing'}: {what}")
    return found


hidden = [
    printed(what)
    for what in (
        SQUARE.format('display="none"'),
        SQUARE.format('style="visibility: hidden"'),
        f'<g display="none">{SQUARE.format("")}</g>',
        f"<style>.hidden {{display: none}}</style>{SQUARE.format(HIDDEN)}",
        '<text x="10" y="80" font-size="60" display="none">H</text>',
    )
]
none = printed(SQUARE.format('fill="none"'))
sheet = "<style>.one {fill: black} .two {fill: white}</style>"
classes = [printed(sheet + SQUARE.format(f'class="{both}"')) for both in ("one two", "two one")]
tag = printed(f"<style>rect {{fill: white}}</style>{SQUARE.format('')}")
if not all(hidden) or none or classes != [False, True] or not tag:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
