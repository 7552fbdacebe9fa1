#!/usr/bin/env bash
# A WAV file of floating-point samples, read as 16-bit integers, is silent.
#
# Expected: half of full scale is 16384, whatever the file holds, as for 24 bits, FLAC and MP3.
# Seen: nothing but zeros from FLOAT and DOUBLE; no warning. libsndfile doesn't scale such samples
# when integers are asked for: 0.5 becomes 0. Ogg Vorbis and MP3, which are decoded to floats too,
# are scaled. soundfile 0.14.0 with its libsndfile, 2026-11-29.
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
import numpy
import soundfile

tone = numpy.sin(numpy.arange(22050) / 20) * 0.5
peaks = {}
for kind, subtype in (
    *(("WAV", "PCM_16"), ("WAV", "PCM_24"), ("WAV", "FLOAT"), ("WAV", "DOUBLE")),
    *(("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")),
):
    name = f"{subtype}.{kind.lower()}"
    soundfile.write(name, tone, 22050, format=kind, subtype=subtype)
    samples, _ = soundfile.read(name, dtype="int16")
    peaks[name] = int(numpy.abs(samples).max())
    print(f"{name}: peak {peaks[name]}")
silent = {name for name, peak in peaks.items() if peak == 0}
if silent != {"FLOAT.wav", "DOUBLE.wav"} or min(set(peaks.values()) - {0}) < 16000:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
