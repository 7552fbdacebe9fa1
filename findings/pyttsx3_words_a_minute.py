# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "pyttsx3==2.99",
# ]
# [tool.findings]
# debian = ["espeak-ng", "libespeak-ng1"]
# ///
"""A rate of 155 words a minute gives many more.

Expected: pyttsx3's `rate` is in words a minute, as its documentation has it: 155 within a tenth.
Seen: about 190 of a plain English text, a quarter too many, at 100 and 200 alike. eSpeak NG, which
gets the number unchanged, counts long words and its pauses otherwise. Whoever plans by the number
(how long does this sentence take?) must measure. pyttsx3 2.99 over eSpeak NG 1.51 (and 1.52),
2026-11-29.
"""

import time
import wave
from pathlib import Path

import pyttsx3

TEXT = " ".join(["The quick brown fox jumps over the lazy dog."] * 10)
WORDS = len(TEXT.split())


def true_rate(rate_wpm: int) -> float:
    """Words a minute of what is written at this rate, pauses and all."""
    engine = pyttsx3.init("espeak")
    engine.setProperty("rate", rate_wpm)
    file = Path(f"{rate_wpm}.wav")
    engine.save_to_file(TEXT, str(file))
    engine.runAndWait()
    sizes = [0]
    until = time.monotonic() + 30
    while time.monotonic() < until and (sizes[-1] == 0 or sizes[-1] != sizes[-2]):
        time.sleep(0.3)  # the call may come back before the file is whole, or there
        sizes.append(file.stat().st_size if file.exists() else 0)
    with wave.open(str(file)) as sound:
        return WORDS * 60 * sound.getframerate() / sound.getnframes()


seen = {rate: true_rate(rate) for rate in (100, 155, 200)}
for rate, true in seen.items():
    print(f"asked for {rate}, is {true:.0f} ({true / rate:.2f} times)")
if not all(1.1 < true / rate < 1.4 for rate, true in seen.items()):
    raise SystemExit("changed")
