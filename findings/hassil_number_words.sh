#!/usr/bin/env bash
# What "five minutes" means depends on what was asked before.
#
# Two lists are ranges of the same numbers, one of them times sixty (`multiplier`), so that "five
# minutes" is 300 and "five seconds" is 5.
#
# Expected: 300 and 5, in whichever order they are asked.
# Seen: both 300, or both 5: whichever list first met a number's word decides for the other one too.
# In digits ("5 seconds") each is right. The words are kept for the whole process, by language and
# range, without the multiplier.
# hassil 3.12.1, 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'hassil==3.12.1'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import io
import subprocess
import sys

from hassil import Intents, recognize

SENTENCES = """
language: en
intents:
  Wait:
    data:
      - sentences:
          - "wait {minutes} minutes"
          - "wait {seconds} seconds"
lists:
  minutes: {range: {from: 1, to: 10, multiplier: 60}}
  seconds: {range: {from: 1, to: 10}}
"""


def answers(*asked: str) -> list[float]:
    """What each sentence is understood as, asked one after the other in a process of their own."""
    done = subprocess.run(
        [sys.executable, __file__, *asked], capture_output=True, text=True, check=True
    )
    return [float(line) for line in done.stdout.split()]


def main() -> None:
    seen = {
        "minutes first": answers("wait five minutes", "wait five seconds"),
        "seconds first": answers("wait five seconds", "wait five minutes"),
        "in digits": answers("wait 5 minutes", "wait 5 seconds"),
    }
    for how, values in seen.items():
        print(how, values)
    if list(seen.values()) != [[300, 300], [5, 5], [300, 5]]:
        raise SystemExit("changed")


if sentences := sys.argv[1:]:
    intents = Intents.from_yaml(io.StringIO(SENTENCES))
    for sentence in sentences:
        if found := recognize(sentence, intents):
            print(found.entities_list[0].value)
else:
    main()
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
