#!/usr/bin/env bash
# A table is put beside a dotted key, and the keys below it are its own from then on.
#
# A person's file says "speech.rate = 140"; a program adds a setting that is a table to `speech`.
#
# Expected: as with one more number, every other key of the file keeps its place and its value.
# Seen: the new table's header is written between the lines, so that what stood below belongs to it
# when the file is read again: `volume` is gone from [voice]. Inside a table the header also lacks
# that table's name, and a second `speech` is born. Until it is written, the document in memory is
# right, and nothing is raised. A number, a text or an array is added well; where the person wrote
# [voice.speech] in place of dots, a table too. (Putting a table in place of the whole dotted key, once
# wrong as well, is right in this version.) tomlkit 0.15.2, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'tomlkit==0.15.2'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import tomllib

import tomlkit

DOTTED = "[voice]\nspeech.rate = 140\nvolume = 0.5\n"
HEADED = "[voice]\nvolume = 0.5\n\n[voice.speech]\nrate = 140\n"
TOP = "speech.rate = 140\nname = 'coach'\n"


def read_again(text: str, path: tuple[str, ...], value: object) -> tuple[object, object]:
    """What the document says after `pause` was added there; what its text says."""
    document = tomlkit.parse(text)
    table = document
    for key in path:
        table = table[key]
    table["pause"] = value
    return document.unwrap(), tomllib.loads(tomlkit.dumps(document))


PAUSE = {"short_s": 0.3}
changed = []
for name, text, path, value, as_said in (
    ("a number", DOTTED, ("voice", "speech"), 0.3, True),
    ("a table below a header", HEADED, ("voice", "speech"), PAUSE, True),
    ("a table in a table", DOTTED, ("voice", "speech"), PAUSE, False),
    ("a table at the top", TOP, ("speech",), PAUSE, False),
):
    meant, written = read_again(text, path, value)
    print(f"{name}: meant {meant}\n    written {written}")
    if (meant == written) is not as_said:
        changed.append(name)
if written != {"speech": {"rate": 140, "pause": {"short_s": 0.3, "name": "coach"}}}:
    changed.append("whose key it is")
if changed:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
