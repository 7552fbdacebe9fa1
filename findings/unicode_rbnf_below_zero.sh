#!/usr/bin/env bash
# Minus one and a half is spoken "minus one", and minus a half "minus".
#
# Expected: "minus one point five", since 1.5 is "one point five", -2 is "minus two", and the list of what
# the library can do has both negative numbers and fractions.
# Seen: what stands behind the point is lost below zero, in every language that was tried, with
# `Decimal` and with text too: -12.25 is "minus twelve", -0.5 is the word "minus" alone. Nothing is
# raised. Say the sign yourself and give it the number without one. unicode-rbnf 2.4.1 (which hassil brings
# with it), 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'unicode-rbnf==2.4.1'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from decimal import Decimal

from unicode_rbnf import RbnfEngine

SEEN = {
    "en": ("one point five", "minus two", "minus one", "minus twelve", "minus"),
    "de": ("eins Komma fünf", "minus zwei", "minus eins", "minus zwölf", "minus"),
    "fr": ("une virgule cinq", "moins deux", "moins un", "moins douze", "moins"),
}
changed = []
for language, expected in SEEN.items():
    engine = RbnfEngine.for_language(language)
    numbers = (1.5, -2, -1.5, Decimal("-12.25"), "-0.5")
    found = tuple(engine.format_number(number).text for number in numbers)
    print(language, dict(zip(map(str, numbers), found, strict=True)))
    if found != expected:
        changed.append(language)
if changed:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
