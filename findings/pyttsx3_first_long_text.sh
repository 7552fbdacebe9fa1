#!/usr/bin/env bash
# The first text that is longer than some ten seconds is never saved, and nothing says so.
#
# "save_to_file(text, name)", then "runAndWait()": the recipe of the manual, on eSpeak NG.
#
# Expected: when runAndWait returns, the file is there, however long the text; or something is raised.
# Seen: in a new process a text of five words is saved (1.4 s of sound), and so are two short ones. Of
# a text of two hundred words there is no file: runAndWait returns at once, without an error. The same
# text saved a second time in that process is there, whole; the first file stays away. Around ten
# seconds of speech it depends on the run. And "Audio saved to ..." goes to standard output, where a
# program's own output may be read by another. pyttsx3 2.99, eSpeak NG 1.51, 2026-11-30.
set -euo pipefail
dpkg-query -W libespeak-ng1 >/dev/null || { echo 'Not tried. It needs: apt-get install libespeak-ng1' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'pyttsx3==2.99'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >save.py <<'PYTHON'
import sys
import wave
from pathlib import Path

import pyttsx3

times, words = int(sys.argv[1]), int(sys.argv[2])
text = "one two three four five. " * (words // 5)
engine = pyttsx3.init("espeak")
for number in range(times):
    engine.save_to_file(text, f"{number}.wav")
    engine.runAndWait()
for number in range(times):
    file = Path(f"{number}.wav")
    length_s = 0.0
    if file.exists():
        with wave.open(str(file)) as sound:
            length_s = sound.getnframes() / sound.getframerate()
        file.unlink()
    print(f"LENGTH {length_s:.1f}")
PYTHON
cat >seen.py <<'PYTHON'
import subprocess
import sys


told = []


def lengths_s(times: int, words: int) -> list[float]:
    """Of the files of so many equal texts, one saved after the other in a new process."""
    done = subprocess.run(
        [sys.executable, "save.py", str(times), str(words)],
        capture_output=True, text=True, check=True, timeout=100,
    )
    lines = done.stdout.splitlines()
    told.extend(line for line in lines if line.startswith("Audio saved to "))
    return [float(line.split()[1]) for line in lines if line.startswith("LENGTH")]


short, long = lengths_s(2, 5), lengths_s(1, 200)
twice = lengths_s(2, 200)
print(f"two texts of 5 words: {short} s; one of 200: {long} s; two of 200: {twice} s")
print(f"{len(told)} lines on standard output that the program didn't write")
if not (told and min(short) > 1 and long == [0.0] and twice[0] == 0.0 and twice[1] > 30):
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
