#!/usr/bin/env bash
# A speakerphone that gives one sound on two channels is twice as loud on one, and what was loud is cut off.
#
# Wyoming's AudioChunkConverter makes of what a microphone gives what a recogniser takes: 16 kHz, one
# channel.
#
# Expected: the mean of both channels: a sound that is the same on both stays as it is, as it does the
# other way round, from one channel to two.
# Seen: the sum. 8000 on both is 16000, 20000 on both is 32767, cut off, which a recogniser hears as noise;
# from one channel to two and back again all is twice as loud. (A sound on one side only stays as loud.)
# Take one of the channels yourself, or halve them first. wyoming 1.10.2, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'wyoming==1.10.2'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from array import array

from wyoming.audio import AudioChunk, AudioChunkConverter


def chunk(*frame: int) -> AudioChunk:
    """A hundredth of a second of one and the same frame."""
    return AudioChunk(16000, 2, len(frame), array("h", frame * 160).tobytes())


def converted(sound: AudioChunk, channels: int) -> AudioChunk:
    return AudioChunkConverter(channels=channels).convert(sound)


def levels(sound: AudioChunk) -> set[int]:
    return set(array("h", sound.audio))


seen = {
    "8000 on both": levels(converted(chunk(8000, 8000), 1)),
    "20000 on both": levels(converted(chunk(20000, 20000), 1)),
    "20000 on the left": levels(converted(chunk(20000, 0), 1)),
    "8000, to two channels": levels(converted(chunk(8000), 2)),
    "8000, to two and back": levels(converted(converted(chunk(8000), 2), 1)),
}
for name, found in seen.items():
    print(f"{name}: {found}")
if list(seen.values()) != [{16000}, {32767}, {20000}, {8000}, {16000}]:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
