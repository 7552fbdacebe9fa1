#!/usr/bin/env bash
# In Italian one and a half is "uno", and in most languages half a degree below zero is half a degree above.
#
# Numbers are spoken: a weight, a temperature, minutes. What a person typed is kept as Decimal, so that 1.50 stays
# it.
#
# Expected: num2words(Decimal("1.5"), lang="it") is "uno virgola cinque", as num2words(1.5, lang="it") is; and
# -0.5 is "minus zero point five", as -1.5 is "minus one point five".
# Seen: "uno", for a Decimal and for text ("1.5"): in Italian the fraction is spoken of a float alone, and nothing
# is raised. -0.5 is "zero point five", in English, German, French, Spanish and eight others of thirteen that were
# tried; there Italian is the one that is right. Say the sign yourself, and in Italian give it a float. num2words
# 0.5.14, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'num2words==0.5.14'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from decimal import Decimal

from num2words import num2words

for one in (1.5, Decimal("1.5"), "1.5", Decimal("30.25")):
    print(f"{one!r}: {num2words(one, lang='it')}, in Spanish {num2words(one, lang='es')}")
italian = [num2words(one, lang="it") for one in (1.5, Decimal("1.5"), "1.5", Decimal("30.25"))]
without = []
for language in ("en", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "no", "fi", "ru", "ja"):
    below, above = num2words(-0.5, lang=language), num2words(0.5, lang=language)
    print(f"{language}: -0.5 is {below!r}, 0.5 is {above!r}")
    if below == above:
        without.append(language)
if italian != ["uno virgola cinque", "uno", "uno", "trenta"] or len(without) != 12 or "it" in without:
    raise SystemExit(f"changed: {italian} {without}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
