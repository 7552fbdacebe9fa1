#!/usr/bin/env bash
# "Hundred and five" is five hundred.
#
# A number that is said, by the library that most examples of voice programs take for it.
#
# Expected: 105, as "one hundred and five" is; an error, or the year, for "twenty twenty six"; an
# error, or a fraction, for "one and a half"; -5 for "minus five".
# Seen: 500, and 406; 1; 5. No error tells that a word was not used. word2number 1.1, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'word2number==1.1'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from word2number.w2n import word_to_num

SEEN = {
    "one hundred and five": 105,
    "hundred and five": 500,
    "twenty twenty six": 406,
    "two fifteen": 17,
    "one and a half": 1,
    "minus five": 5,
}


def understood(text: str) -> float:
    return word_to_num(text)
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
