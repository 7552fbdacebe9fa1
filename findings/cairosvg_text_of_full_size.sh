#!/usr/bin/env bash
# Text at 100 % of its size is as large as the whole picture, and text of medium size is invisible.
#
# Expected: font-size="50%" is half of what is around it, as CSS has it and "0.5em" is; "large" is a little more
# than "medium"; or it is told what can't be read.
# Seen: a percentage is one of the picture: in a picture of 100 pixels, within a group of 20, letters at 100 %
# have the size 100, and at 50 % they are more than twice as high as their neighbours. With a word, "medium",
# "large", "smaller", nothing is drawn at all, and nothing is said. "0.5em" is right. Give sizes as numbers.
# CairoSVG 2.9.1 with Debian's libcairo2, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'cairosvg==2.9.1' 'pillow==13.0.0' 'numpy==2.4.6'
"$folder/environment/bin/python" -c 'import cairosvg' # which looks for the library
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import io

import cairosvg
import numpy as np
from PIL import Image


def height(size: str) -> int:
    """How many pixels high the letter H is, in a group whose letters are 20 high."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><g font-size="20">'
        f'<text x="5" y="95" font-size="{size}">H</text></g></svg>'
    )
    png = cairosvg.svg2png(bytestring=svg.encode(), background_color="white")
    dark = np.asarray(Image.open(io.BytesIO(png)).convert("L")) < 128
    found = int(dark.any(axis=1).sum())
    print(f"font-size {size}: {found} pixels high")
    return found


right = height("20")
if not right or abs(height("1em") - right) > 1 or abs(2 * height("0.5em") - right) > 2:
    raise SystemExit("changed")
if (
    height("100%") < 4 * right
    or height("50%") < 2 * right
    or any([height("medium"), height("large"), height("smaller")])
):
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
