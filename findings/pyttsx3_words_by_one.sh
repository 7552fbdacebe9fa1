#!/usr/bin/env bash
# What lights up the word that is being spoken lights up its neighbour's space, on eSpeak alone.
#
# pyttsx3 tells of each word with "started-word": its name, its location in the text, its length.
#
# Expected: text[location : location + length] is the word, as on macOS and Windows, whose drivers count from 0.
# Seen: on eSpeak the location is one more: "ift " for "Lift", "he " for "the", and so for every word; the name
# beside it is right, since the driver takes off the one for itself, and for that alone. A text that
# is shown while it is spoken is right on the machine where it was written and wrong on a Raspberry Pi.
# Where the name isn't text[location : ...], take one off. pyttsx3 2.99, eSpeak NG 1.51, 2026-11-30.
set -euo pipefail
dpkg-query -W espeak-ng >/dev/null || { echo 'Not tried. It needs: apt-get install espeak-ng' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'pyttsx3==2.99'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import pyttsx3

TEXT = "Lift the hip slowly and hold"

words: list[tuple[str, str]] = []


def started(name: str, location: int, length: int) -> None:
    words.append((name.strip(), TEXT[location : location + length]))


engine = pyttsx3.init("espeak")
engine.connect("started-word", started)
engine.save_to_file(TEXT, "spoken.wav")
engine.runAndWait()
for name, place in words:
    print(f"the word {name!r}, the text at its place {place!r}")
places = [TEXT[TEXT.index(word) + 1 :][: len(word)] for word in TEXT.split()]
if [name for name, _ in words] != TEXT.split() or [place for _, place in words] != places:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
