"""What an idle assistant costs beside two programs that know nothing but a wake phrase.

    python -m tests.hearing.peers [--labels FILE.tsv] [--most SECONDS] [--python PYTHON]

openWakeWord and microWakeWord get the same sound in the same blocks, in an environment of their own
(`--python`: its interpreter; else one is made with pip in a folder that is thrown away). Printed is
the processor time, of all threads, for each second of sound in a quiet room, beside people who talk
to each other and in household noise, and how often each took it for its phrase. It asserts nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from assistant.coach.effects import Context
from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.models import shipped
from tests.hearing.compare import HISS_DB, blocks, recordings
from tests.hearing.engines import RATE_HZ, Ours
from tests.hearing.measure import table
from tests.hearing.test_over_files import SPEECH
from tests.hearing.voices import quiet

PACKAGES = ("pyopen-wakeword==1.1.0", "pymicro-wakeword==2.5.0")
PEERS = {
    "openWakeWord": """
import pyopen_wakeword as lib
features = lib.OpenWakeWordFeatures.from_builtin()
model = lib.OpenWakeWord.from_builtin(lib.Model.OKAY_NABU)
def taken(block):
    found = [p for f in features.process_streaming(block) for p in model.process_streaming(f)]
    return any(p > 0.5 for p in found)
""",
    "microWakeWord": """
import pymicro_wakeword as lib
features = lib.MicroWakeWordFeatures()
model = lib.MicroWakeWord.from_builtin(lib.Model.OKAY_NABU)
def taken(block):
    return any([model.process_streaming(f) for f in features.process_streaming(block)])
""",
}
"""How each is made, and what it says of a block."""
RUN = """
import sys, time
began, hits = time.process_time(), [False]
while block := sys.stdin.buffer.read({size}):
    hits.append(taken(block))
print(time.process_time() - began, sum(b and not a for a, b in zip(hits, hits[1:])))
"""
QUIET_S = 60.0


def rooms(labels: Path, most_s: float) -> dict[str, list[bytes]]:
    """By what goes on in each, its sound in blocks."""
    heard: dict[str, list[bytes]] = {"quiet room": [], "talk": [], "household noise": []}
    still = np.frombuffer(quiet(RATE_HZ, min(QUIET_S, most_s), HISS_DB).tobytes(), np.int16)
    heard["quiet room"] = blocks(still.astype(np.float32) / 32768)
    for clip in recordings(labels, 1):
        kind = {"talk": "talk", "noise": "household noise"}.get(clip.kind)
        if kind is not None and len(heard[kind]) * BLOCK_S < most_s:
            heard[kind] += blocks(clip.sound)
    return heard


def ours(sound: list[bytes]) -> tuple[float, int]:
    """Seconds of the processor, and how often it woke."""
    ear = Ours(shipped(), Context.IDLE)
    began = time.process_time()
    woken = sum(len(ear.hear(block)) for block in sound)
    return time.process_time() - began, woken


def theirs(python: Path, name: str, sound: list[bytes]) -> tuple[float, int]:
    code = PEERS[name] + RUN.format(size=2 * round(RATE_HZ * BLOCK_S))
    done = subprocess.run(
        [str(python), "-c", code], input=b"".join(sound), stdout=subprocess.PIPE, check=True
    )
    used_s, woken = done.stdout.split()
    return float(used_s), int(woken)


def measured(python: Path, heard: Mapping[str, list[bytes]]) -> list[list[str]]:
    rows = []
    for kind, sound in heard.items():
        length_s = len(sound) * BLOCK_S
        found = [ours(sound), *(theirs(python, name, sound) for name in PEERS)]
        cells = [f"{used_s / length_s:.4f} ({woken})" for used_s, woken in found]
        rows.append([kind, f"{length_s:.0f}", *cells])
        print(kind, *cells, file=sys.stderr, flush=True)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--labels", type=Path, default=SPEECH / "labels.tsv")
    parser.add_argument("--most", type=float, default=600.0, metavar="SECONDS")
    parser.add_argument("--python", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        python = asked.python
        if python is None:
            venv.create(folder, with_pip=True)
            python = Path(folder) / "bin" / "python"
            subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
        rows = measured(python, rooms(asked.labels, asked.most))
    title = "Processor seconds for a second of sound, idle (and how often it woke)"
    table(title, ["room", "seconds", "ours", *PEERS], rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
