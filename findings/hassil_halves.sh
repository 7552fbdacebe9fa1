#!/usr/bin/env bash
# In a range in halves, "minus one" is minus one and a half.
#
# A list is a range "from -2 to 2" with `fractions: halves`, as for a volume or a temperature.
#
# Expected: "minus one" is -1 and "minus one point five" -1.5, as "one" is 1 and "one point five" 1.5.
# Seen: "minus one" is -1.5, and "minus one point five" isn't taken at all: below zero the words of a number have
# no fraction (unicode_rbnf_below_zero.sh), two numbers have the same words, and the last one wins. "Minus"
# alone, with no number, is -0.5. In digits each is right. Give such a range as whole halves or tenths, and
# divide. hassil 3.13.0 with unicode-rbnf 2.4.1, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'hassil==3.13.0' 'unicode-rbnf==2.4.1'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import io

from hassil import Intents, recognize

INTENTS = Intents.from_yaml(
    io.StringIO("""
language: en
intents: {A: {data: [{sentences: ["turn it by {n}"]}]}}
lists: {n: {range: {from: -2, to: 2, fractions: halves}}}
""")
)
SEEN = {
    "one": 1,
    "one point five": 1.5,
    "-1": -1,
    "-1.5": -1.5,
    "minus one": -1.5,
    "minus one point five": None,
    "minus": -0.5,
}
changed = []
for said, expected in SEEN.items():
    result = recognize(f"turn it by {said}", INTENTS)
    found = result.entities["n"].value if result else None
    print(f"turn it by {said}: {found}")
    if found != expected:
        changed.append(said)
if changed:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
