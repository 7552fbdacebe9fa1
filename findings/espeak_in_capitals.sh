#!/usr/bin/env bash
# In capitals, "keep it straight" is "keep I T straight", and "let us begin" is "let U S begin".
#
# A card has its headings in capitals, and they are read aloud.
#
# Expected: as "STOP", "HOLD", "AM" and "IN" are words in capitals too, so is every word that is one; or all short
# ones are spelled.
# Seen: of the short words of such cards just these two are spelled, also in a line that is all capitals. And
# after "No. 5" there is the pause of a sentence's end, since "No" is the word that refuses: "Exercise no. Five
# of eight." ("e.g." is "for example", and "Dr." is "doctor", though with the same pause.) Give it small letters,
# and "number". eSpeak NG 1.51 (Debian 12), en-us, 2026-11-30.
set -euo pipefail
dpkg-query -W espeak-ng >/dev/null || { echo 'Not tried. It needs: apt-get install espeak-ng' >&2; exit 2; }
python3 - <<'PYTHON'
import subprocess

WORDS = "stop hold rest go on in up no am is if my we he do so to at by an as or of be me lie sit leg arm hip knee"


def said(text: str) -> str:
    asked = ["espeak-ng", "-q", "-x", "-v", "en-us", "--", text]
    sounds = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return "".join(sign for sign in " | ".join(sounds.split("\n")).rstrip(" |") if sign not in "',_%=")


def spelled(word: str) -> bool:
    """Whether it sounds as its letters do, one by one."""
    letters = said(" ".join(word.upper())).replace(" ", "")
    return said(word.upper()).replace(";", "").replace(" ", "") == letters != said(word).replace(" ", "")


words = [word for word in f"{WORDS} it us".split() if spelled(word)]
print(f"spelled in capitals: {', '.join(words)}")
for text in ("KEEP IT STRAIGHT", "Keep it straight", "Exercise No. 5 of 8", "Exercise number 5 of 8"):
    print(f"{text}: {said(text)}")
if words != ["it", "us"] or "noU | f" not in said("Exercise No. 5 of 8"):
    raise SystemExit("changed")
PYTHON
