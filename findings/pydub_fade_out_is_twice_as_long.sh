#!/usr/bin/env bash
# A short sound that fades out over a longer time is heard twice.
#
# A chime is to fade away over two seconds, and this chime has one.
#
# Expected: fade_out(2000) of a second fades it from its beginning, to silence or to half of it, and it stays a
# second, as with fade_in(2000).
# Seen: the second is heard, and then once more while it goes on fading: 1999 ms. For three seconds of fading it
# is heard three times; with 1001 ms in place of 1000 it is twice as long already, and loud up to the repetition.
# What lies before the beginning is taken from the end, as Python's [-1000] is. Fade over min(fade, len(sound)).
# pydub 0.25.1, 2026-12-01. (Python 3.13 lacks a module that pydub needs: there it isn't tried.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'pydub==0.25.1' 'numpy==2.4.6'
"$folder/environment/bin/python" -W ignore -c 'import pydub'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import numpy as np
from pydub import AudioSegment

RATE = 16000
steps = np.repeat(np.arange(1000, 11000, 1000), RATE // 10)  # louder with each tenth of a second
second = AudioSegment(steps.astype(np.int16).tobytes(), frame_rate=RATE, sample_width=2, channels=1)
lengths = {}
for fade in (500, 1000, 1001, 2000, 3000):
    out = second.fade_out(fade)
    lengths[fade] = len(out), len(second.fade_in(fade))
    loud = [out[at + 20 : at + 80].max for at in range(0, len(out), 100)]
    print(f"fade_out({fade}): {len(out)} ms, in tenths of a second {loud}; fade_in: {lengths[fade][1]} ms")
if lengths != {500: (1000, 1000), 1000: (1000, 1000), 1001: (1999, 1000), 2000: (1999, 1000), 3000: (2998, 1000)}:
    raise SystemExit(f"changed: {lengths}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" -W ignore seen.py
