#!/usr/bin/env bash
# A template with a question mark matches nothing, not even the sentence that is made of it.
#
# What is recognised has its punctuation taken out before it is matched; the template keeps its own.
#
# Expected: "are you ready?" as a template takes "are you ready?", or is refused when it is read.
# Seen: it takes neither "are you ready?" nor "are you ready", and no word is said about it. The
# sample that hassil itself makes of the template isn't recognised either. The same with a comma, an
# exclamation mark, a colon and a full stop at the end. hassil 3.12.1, 2026-11-29.
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

TEMPLATES = ("are you ready?", "stop!", "yes, please", "that is all.", "next: please", "go on")


def takes(template: str) -> tuple[bool, bool, bool]:
    """Whether it takes its own sample, the sentence as written, and without punctuation."""
    text = f'language: en\nintents: {{A: {{data: [{{sentences: ["{template}"]}}]}}}}\n'
    intents = Intents.from_yaml(io.StringIO(text))
    (sample,) = (sentence for _, sentence in sample_intents(intents))
    plain = "".join(letter for letter in template if letter.isalpha() or letter == " ")
    own, written, bare = (
        recognize(sentence, intents) is not None for sentence in (sample, template, plain)
    )
    return own, written, bare


seen = {template: takes(template) for template in TEMPLATES}
print("template: its own sample, as written, without punctuation")
for template, found in seen.items():
    print(f"{template!r}: {found}")
if any(any(found) for template, found in seen.items() if template != "go on"):
    raise SystemExit("changed")
if seen["go on"] != (True, True, True):
    raise SystemExit("changed: a plain template isn't taken")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
