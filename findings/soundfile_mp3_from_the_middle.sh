#!/usr/bin/env bash
# An MP3 that is read from the middle begins with a quarter of a second of another sound.
#
# A file is read in pieces, or from where one stopped: seek, then read.
#
# Expected: the samples after seek(n) are those that reading from the beginning gives from n on, as
# with FLAC, Vorbis and Opus.
# Seen: of a steady tone, written by soundfile itself, the first samples after a seek are wrong by as
# much as the tone is loud, wherever one seeks to: for 0.25 s at 16 kHz, for 0.09 s at 44.1 kHz.
# Frames of a simple sound borrow room from many frames before them, and not all of these are read
# again. Noise has no such frames: there each sample is right. soundfile 0.14.0 (libsndfile 1.2.2),
# 2026-11-30.
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
import io

import numpy as np
import soundfile

RATE_HZ = 16000


def wrong_s(sound, form: str, subtype: str, rate_hz: int = RATE_HZ) -> float:
    """How long after a seek the samples are others than those of the whole file, at most."""
    file = io.BytesIO()
    soundfile.write(file, sound, rate_hz, format=form, subtype=subtype)
    file.seek(0)
    whole, _ = soundfile.read(file)
    longest = 0
    for at in range(rate_hz, 5 * rate_hz, rate_hz // 2):
        file.seek(0)
        with soundfile.SoundFile(file) as opened:
            opened.seek(at)
            piece = opened.read(rate_hz // 2)
        off = np.nonzero(np.abs(piece - whole[at : at + len(piece)]) > 0.05)[0]
        longest = max(longest, off[-1] + 1 if len(off) else 0)
    return longest / rate_hz


def tone_at(rate_hz: int):
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(6 * rate_hz) / rate_hz)


tone = tone_at(RATE_HZ)
noise = 0.1 * np.random.default_rng(1).standard_normal(len(tone))
finer_s = wrong_s(tone_at(44100), "MP3", "MPEG_LAYER_III", 44100)
found = {
    "a tone as MP3": wrong_s(tone, "MP3", "MPEG_LAYER_III"),
    "noise as MP3": wrong_s(noise, "MP3", "MPEG_LAYER_III"),
    "a tone as FLAC": wrong_s(tone, "FLAC", "PCM_16"),
    "a tone as Vorbis": wrong_s(tone, "OGG", "VORBIS"),
    "a tone as Opus": wrong_s(tone, "OGG", "OPUS"),
}
for name, length_s in found.items():
    print(f"{name}: wrong for {length_s:.2f} s after a seek")
print(f"a tone as MP3 of 44.1 kHz: wrong for {finer_s:.2f} s")
if not (found.pop("a tone as MP3") > 0.15 and finer_s > 0.03) or any(found.values()):
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
