#!/usr/bin/env bash
# Told what to do, one is told it with the noun's sound.
#
# Instructions begin with a verb: "Use the chair", "Close your eyes".
#
# Expected: "use" as in "I will use it" (a soft s), "close" as in "to close".
# Seen: "use" as in "the use of", "close" as in "close to you", also after "please". "To use" and
# "to close" are right. And "20 secs" is spoken "20 sex". Other words for the same ("take the
# chair", "shut your eyes", "20 seconds") have one sound only. eSpeak NG 1.51 (and 1.52), en-us,
# 2026-11-29.
set -euo pipefail
dpkg-query -W espeak-ng >/dev/null || { echo 'Not tried. It needs: apt-get install espeak-ng' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import subprocess


def phonemes(text: str) -> str:
    done = subprocess.run(
        ["espeak-ng", "-q", "-x", "-v", "en-us", text], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


SEEN = {
    "Use it.": "j'u:s",
    "Please use it.": "j'u:s",
    "You have to use it.": "j'u:z",
    "Close it.": "kl'oUs",
    "You have to close it.": "kl'oUz",
    "20 secs": "s'Eks",
    "20 seconds": "s'Ek@ndz",
}
changed = []
for text, sound in SEEN.items():
    spoken = phonemes(text)
    print(f"{text} {spoken}")
    if sound not in spoken.split():
        changed.append(text)
if changed:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
