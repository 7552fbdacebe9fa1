#!/usr/bin/env bash
# Half an MP3 file says that it is as long as the whole.
#
# Expected: `info().frames` of a download that broke off is about half, or reading it fails.
# Seen: it says the whole length, which stands in the file's first frame; reading gives half of it
# and no error. Whoever tells a person the length, or makes room for it, is wrong by as much as is
# missing. soundfile 0.14.0 with its libsndfile, 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'soundfile==0.14.0' 'numpy==2.4.6'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from pathlib import Path

import numpy
import soundfile

noise = numpy.random.default_rng(0).normal(size=220_500) * 0.1
soundfile.write("whole.mp3", noise, 22_050)
whole = Path("whole.mp3").read_bytes()
Path("half.mp3").write_bytes(whole[: len(whole) // 2])
told = soundfile.info("half.mp3").frames
read = len(soundfile.read("half.mp3")[0])
print(f"written {len(noise)}; of half the file: told {told}, read {read}")
if told != len(noise) or not 0.45 < read / told < 0.55:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
