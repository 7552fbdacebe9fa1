#!/usr/bin/env bash
# Two words in any order, one of them a choice: they are glued together, or nothing is taken at all.
#
# "(a;b)" takes its parts in any order, "(a|b)" one of them; both in one pair of brackets is not
# excluded by the documentation, and is read without a word.
#
# Expected: "(stop;now|please)" takes "stop now" and "please stop", or is refused when it is read.
# Seen: its samples are "stopnow", "nowstop" and "please", and it takes "please" alone. With the
# choice first, "(now|please;stop)", it is read, and each sentence that is tried against it raises an
# AssertionError. With brackets of its own for the choice, "((now|please);stop)", all is as expected.
# hassil 3.12.1, 2026-11-30.
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

from hassil import Intents, recognize
from hassil.sample import sample_intents

SAID = ("stop now", "now stop", "stop please", "please stop", "please")


def tried(template: str) -> tuple[str, str]:
    """Its samples, and which sentences it takes."""
    text = f'language: en\nintents: {{A: {{data: [{{sentences: ["{template}"]}}]}}}}\n'
    intents = Intents.from_yaml(io.StringIO(text))
    try:
        samples = ", ".join(sorted(sentence for _, sentence in sample_intents(intents)))
    except AssertionError as error:
        samples = type(error).__name__
    return samples, ", ".join(filter(None, (taken(said, intents) for said in SAID)))


def taken(said: str, intents: Intents) -> str:
    """The sentence, or what is raised; empty: it isn't taken."""
    try:
        return said if recognize(said, intents) else ""
    except AssertionError as error:
        return type(error).__name__


ALL = "now stop, please stop, stop now, stop please"
SEEN = {
    "(stop;now|please)": ("nowstop, please, stopnow", "please"),
    "(now|please;stop)": ("AssertionError", ", ".join(["AssertionError"] * len(SAID))),
    "((now|please);stop)": (ALL, "stop now, now stop, stop please, please stop"),
}
changed = False
for template, expected in SEEN.items():
    samples, takes = tried(template)
    print(f"{template}: samples {samples}; takes {takes or 'nothing'}")
    changed |= (samples, takes) != expected
if changed:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
