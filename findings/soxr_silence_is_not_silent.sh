#!/usr/bin/env bash
# What a muted microphone gives, resampled, is no longer silence; and from 16 kHz to 16 kHz it isn't a copy.
#
# A program that takes 16-bit sound at whatever rate the microphone has brings it to 16 kHz, and takes nothing but
# zeros for a microphone that is switched off.
#
# Expected: zeros stay zeros, as from floating-point numbers, and with the same rate on both sides nothing
# changes.
# Seen: of 16-bit samples a quarter is 1 or -1, in every quality, in one call and in a stream, and from 16 kHz to
# 16 kHz too: soxr adds noise (dither) before it rounds, and neither says so nor can be told not to. The noise is
# the same each time, so that two resampled silences are alike. Resample float32 and round, or look for zeros
# before. soxr 1.1.0, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'soxr==1.1.0' 'numpy==2.4.6'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import numpy as np
import soxr

changed = False
for before in (48000, 44100, 16000):
    silence, hold = np.zeros(before, np.int16), np.full(before, 1000, np.int16)
    out, floats = soxr.resample(silence, before, 16000), soxr.resample(silence.astype(np.float32), before, 16000)
    middle = soxr.resample(hold, before, 16000)[4000:12000]
    stream = soxr.ResampleStream(before, 16000, 1, dtype="int16").resample_chunk(silence, last=True)
    share = np.count_nonzero(out) / len(out)
    values = sorted(set(out.tolist()))
    print(f"{before} to 16000 Hz: {share:.0%} of silence is {values}; of floats {np.count_nonzero(floats)};")
    print(
        f"   in a stream {np.count_nonzero(stream) / len(stream):.0%}; a steady 1000 is {sorted(set(middle.tolist()))}"
    )
    changed |= not 0.2 < share < 0.3 or floats.any() or not stream.any() or set(middle) != {999, 1000, 1001}
if changed:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
