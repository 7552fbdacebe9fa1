#!/usr/bin/env bash
# One line in a person's sound configuration, and `import sounddevice` itself fails.
#
# ~/.asoundrc sets the default device, as many instructions have it, without the "!" of
# `pcm.!default`.
#
# Expected: the import works; opening the default device may fail. (Where PortAudio is missing, the
# import raises OSError, so that is what is caught around it.)
# Seen: PortAudioError from the import. ALSA can't merge the line with its own default, every
# configuration fails, and sounddevice initialises PortAudio when it is imported. With the "!" it
# works. sounddevice 0.5.6 over PortAudio 19.6.0, ALSA 1.2.8, 2026-11-29.
set -euo pipefail
dpkg-query -W libportaudio2 >/dev/null || { echo 'Not tried. It needs: apt-get install libportaudio2' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'sounddevice==0.5.6'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import os
import subprocess
import sys
from pathlib import Path

TRY = """
try:
    import sounddevice
except Exception as error:
    print(type(error).__name__)
else:
    print("imported")
"""


def imported(configuration: str) -> str:
    Path(".asoundrc").write_text(configuration)
    done = subprocess.run(
        [sys.executable, "-c", TRY],
        env=os.environ | {"HOME": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


seen = {
    line: imported(line)
    for line in ("", "pcm.default { type plug slave.pcm null }", "pcm.!default { type null }")
}
for line, found in seen.items():
    print(f"{line or 'no line'}: {found}")
if list(seen.values()) != ["imported", "PortAudioError", "imported"]:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
