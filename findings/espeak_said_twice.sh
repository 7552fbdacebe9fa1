#!/usr/bin/env bash
# The same sentence again, and it is another sound.
#
# Whoever wants to know whether a loudspeaker said a sentence looks for its samples in the recording.
#
# Expected: a synthesiser without chance in it gives the same samples for the same text, voice and
# rate, however often one process is asked.
# Seen: in a fresh process the first is the same to the byte each time, and each one after it is
# another: 16 bytes longer, and 0.4 to 0.8 alike (the greatest normalised cross-correlation; another
# sentence has 0.3). The voice's flutter goes on through all that the process says. Their spectra
# are alike to 0.98. eSpeak NG 1.52 (espeakng-loader 0.2.4), en-us, x86_64, 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'espeakng-loader==0.2.4' 'numpy==2.1.3'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import ctypes
import sys

import espeakng_loader
import numpy as np

TEXT = b"As you like."
RETRIEVAL, UTF8 = 2, 1

espeak = ctypes.CDLL(espeakng_loader.get_library_path())
espeak.espeak_Initialize(RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), 0)
got = bytearray()


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
def keep(samples, count, _events):
    if samples and count:
        got.extend(ctypes.string_at(samples, 2 * count))
    return 0


def say() -> bytes:
    got.clear()
    espeak.espeak_Synth(TEXT, len(TEXT) + 1, 0, 1, 0, UTF8, None, None)
    espeak.espeak_Synchronize()
    return bytes(got)


def alike(first: bytes, second: bytes) -> float:
    a, b = (np.frombuffer(one, np.int16).astype(float) for one in (first, second))
    size = 2 ** (len(a) + len(b)).bit_length()
    shared = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    return float(shared.max() / np.sqrt((a @ a) * (b @ b)))


espeak.espeak_SetSynthCallback(keep)
espeak.espeak_SetVoiceByName(b"en-us")
said = [say() for _ in range(4)]
print("bytes", [len(one) for one in said])
print("alike", [round(alike(said[0], one), 2) for one in said])
with open(sys.argv[1], "wb") as file:
    file.write(said[0])
if any(one == said[0] or alike(said[0], one) > 0.9 for one in said[1:]):
    raise SystemExit("changed: said again, it is the same")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py first
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py second >/dev/null
cmp first second || { echo 'changed: the first of a process is not always the same' >&2; exit 1; }
