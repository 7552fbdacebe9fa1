#!/usr/bin/env bash
# One sound for two loudspeakers is quieter from each, and it stays so when it is one again.
#
# A chime of one channel is played on a headset with two: PyAV's AudioResampler makes "stereo" of "mono".
#
# Expected: the same samples on both sides, as other converters have it, so that one of the two, or their mean, is
# what it was.
# Seen: 8000 is 5657 on both sides, 3 dB less, and 5657 still when it is one channel again; once more through two
# it is 4000. FFmpeg, below it, takes one channel for a loudspeaker in the middle, whose power two others share. A
# list of sounds of one channel and of two so has two loudnesses, and no error or option of AudioResampler tells
# of it. Put the samples on both sides yourself. (wyoming_two_channels.sh is the other way: there they are added
# up.) PyAV 18.1.0, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'av==18.1.0' 'numpy==2.4.6'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import av
import numpy as np


def resampled(samples: np.ndarray, before: str, after: str) -> np.ndarray:
    """16-bit samples, those of two channels by turns."""
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout=before)
    frame.sample_rate = 16000
    resampler = av.AudioResampler("s16", after, 16000)
    frames = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([one.to_ndarray().ravel() for one in frames])


sound, levels = np.full(1600, 8000, np.int16), []
for _ in range(2):
    two = resampled(sound, "mono", "stereo")
    sound = resampled(two, "stereo", "mono")
    levels.append((int(two[800]), int(two[801]), int(sound[800])))
    print(f"left {levels[-1][0]}, right {levels[-1][1]}, as one channel again {levels[-1][2]}")
if levels[0] != (5657, 5657, 5657) or not all(abs(level - 4000) <= 2 for level in levels[1]):
    raise SystemExit(f"changed: {levels}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
