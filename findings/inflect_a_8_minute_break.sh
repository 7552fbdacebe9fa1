#!/usr/bin/env bash
# "A 8-minute break", and somebody who is "openning" a door.
#
# Sentences are put together of numbers and words: inflect's a() finds "a" or "an" by the sound, for "MRI" and
# "honest" too, and present_participle() makes the -ing of a verb.
#
# Expected: "an 8-minute break", "an 11", "an 18 second hold", "an 80", as it is "an eighth" in words; "opening",
# "visiting", "quitting".
# Seen: "a" before every number in digits; spoken, that is "a eight". "Openning" and "visitting", where the last
# letter isn't doubled, and "quiting", where it is. ("Beginning", "stopping", "panicking" are right.) Ask a() with
# the number in words, number_to_words(8), and put "an" before the digits yourself. inflect 7.6.0, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'inflect==7.6.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import inflect

engine = inflect.engine()
articles = {
    what: engine.a(what)
    for what in ("8-minute break", "11", "18 second hold", "80", "eighth", "MRI", "honest answer")
}
doing = {verb: engine.present_participle(verb) for verb in ("opens", "visits", "quits", "begins", "stops", "panics")}
for what, said in {**articles, **doing}.items():
    print(f"{what}: {said}")
told = [said.split()[0] for said in articles.values()]
if told != ["a", "a", "a", "a", "an", "an", "an"]:
    raise SystemExit(f"changed: {told}")
if list(doing.values()) != ["openning", "visitting", "quiting", "beginning", "stopping", "panicking"]:
    raise SystemExit(f"changed: {doing}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
