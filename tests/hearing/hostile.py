"""Files that nobody would hand in on purpose, made by the number of a seed.

    python -m tests.hearing.hostile [COUNT [FIRST]]

Listens to so many of them (10,000) through the way of `assistant hear` and prints what came of
it. Each is sound, heard to its end, or is refused with a sentence: nothing else may happen.
"""

from __future__ import annotations

import random
import resource
import struct
import sys
import tempfile
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from assistant.coach.effects import Context
from assistant.errors import AssistantError
from assistant.hearing import over_files
from assistant.hearing.models import shipped
from tests.hearing.setting import ROUTINES, TEMPLATES, UNDERSTANDING, WAKE

RATES_HZ = (8000, 8001, 11025, 16000, 22050, 32000, 44100, 47999, 48000, 96000, 176400, 192000)
WILD = (0.0, -0.0, 1.0, -1.0, 1e-40, 1e38, -1e38, float("nan"), float("inf"), float("-inf"))
ENDINGS = (".wav", ".flac", ".ogg", ".mp3", ".raw", "")


def riff(rate_hz: int, channels: int, bits: int, content: bytes, kind: int = 1) -> bytes:
    frame = channels * bits // 8
    form = struct.pack(
        "<4sIHHIIHH",
        b"fmt ",
        16,
        kind,
        channels,
        rate_hz,
        rate_hz * frame % 2**32,
        frame % 65536,
        bits,
    )
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(content)) + content
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def samples(chance: random.Random, count: int) -> array[int]:
    """Constant, full-scale noise, clicks, a square wave, silence, or words of random length."""
    match chance.randrange(6):
        case 0:
            return array("h", [chance.randint(-32768, 32767)] * count)
        case 1:
            return array("h", chance.randbytes(2 * count))
        case 2:
            return array("h", (32767 if byte == 0 else 0 for byte in chance.randbytes(count)))
        case 3:
            half = chance.randint(1, 400)
            return array("h", (32767 if i // half % 2 else -32768 for i in range(count)))
        case 4:
            return array("h", bytes(2 * count))
        case _:
            loud = chance.choice((10, 300, 3000, 20000))
            return array("h", ((byte - 128) * loud >> 7 for byte in chance.randbytes(count)))


def sound(chance: random.Random) -> bytes:
    rate_hz, channels = chance.choice(RATES_HZ), chance.choice((1, 1, 1, 2, 2, 6))
    count = round(rate_hz * chance.choice((0.0, 0.001, 0.05, 0.2, 0.7))) * channels
    return riff(rate_hz, channels, 16, samples(chance, count).tobytes())


def floats(chance: random.Random) -> bytes:
    numbers = array("f", (chance.choice(WILD) for _ in range(chance.choice((0, 1, 999, 9000)))))
    return riff(chance.choice(RATES_HZ), 1, 32, numbers.tobytes(), kind=3)


def odd_bits(chance: random.Random) -> bytes:
    content = chance.randbytes(chance.choice((0, 1, 2, 3, 4096, 9999)))
    bits = chance.choice((0, 1, 4, 8, 12, 24, 32, 64, 65535))
    kind = chance.choice((0, 1, 2, 3, 6, 7, 17, 85, 0xFFFE))
    return riff(chance.choice((*RATES_HZ, 0, 1, 2**32 - 1)), chance.choice((0, 1, 2, 999)), bits,
                content, kind) if bits < 512 else content  # fmt: skip


def truncated(chance: random.Random) -> bytes:
    whole = sound(chance)
    return whole[: chance.randint(0, min(len(whole), 4000))]


def broken(chance: random.Random) -> bytes:
    """Some bytes of the first hundred are others."""
    whole = bytearray(sound(chance))
    for _ in range(chance.randint(1, 8)):
        whole[chance.randrange(min(100, len(whole)))] = chance.randrange(256)
    return bytes(whole)


def text(chance: random.Random) -> bytes:
    letters = "stop pause RIFF WAVE fLaC OggS \n\t\0é"
    said = "".join(chance.choice(letters) for _ in range(chance.choice((0, 1, 40, 5000))))
    return said.encode()


def magic(chance: random.Random) -> bytes:
    """What begins like a sound file and goes on at random."""
    begins = (
        b"RIFF\xff\xff\xff\x7fWAVE",
        b"fLaC\0\0\0\x22",
        b"OggS\0\2",
        b"RF64",
        b"FORM",
        b"ID3\3",
    )
    return chance.choice(begins) + chance.randbytes(chance.choice((0, 5, 300, 5000)))


KINDS: tuple[Callable[[random.Random], bytes], ...] = (
    *(sound, sound, floats, odd_bits, truncated, broken, text, magic),
)


def made(folder: Path, seeds: range) -> Iterator[tuple[str, Path]]:
    """What kind, and the file; it lives until the next one is asked for."""
    for seed in seeds:
        chance = random.Random(seed)
        kind = KINDS[seed % len(KINDS)]
        path = folder / f"{seed}{chance.choice(ENDINGS)}"
        path.write_bytes(kind(chance))
        yield kind.__name__, path
        path.unlink()


def outcome(path: Path, seed: int) -> str:
    """What came of it: "heard", "refused", or what ought not to be."""
    rows = over_files.hear(
        [path],
        model=shipped(),
        wake_phrases=WAKE,
        routines=ROUTINES,
        templates=TEMPLATES,
        context=list(Context)[seed % len(Context)],
    )
    try:
        *found, summary = rows
    except AssistantError as error:
        return "refused" if str(path) in str(error) else f"a sentence without the file: {error}"
    wrong = [row for row in found if not sane(row, summary["audio_s"])]
    return f"nonsense: {wrong}" if wrong else "heard"


def sane(row: dict[str, Any], audio_s: float) -> bool:
    """Whether an utterance lies in its file and has all that it should."""
    in_order: bool = -0.5 <= row["start_s"] <= row["end_s"] + 0.01 <= row["decided_s"] + 0.02
    within: bool = row["decided_s"] <= audio_s + 0.051 and 0 <= row["confidence"] <= 1
    return in_order and within


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    over_files.Understanding = lambda *_: UNDERSTANDING  # type: ignore[attr-defined,assignment]
    outcomes: Counter[str] = Counter()
    began, slowest = time.monotonic(), 0.0
    with tempfile.TemporaryDirectory() as folder:
        seeds = range(first, first + count)
        for seed, (kind, path) in zip(seeds, made(Path(folder), seeds), strict=True):
            start = time.process_time()
            outcomes[f"{kind}: {outcome(path, seed)}"] += 1
            slowest = max(slowest, time.process_time() - start)
            if seed % 500 == 499:
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(f"{seed + 1} files, {memory:.0f} MB at most, slowest {slowest:.1f} s of CPU",
                      flush=True)  # fmt: skip
    for name, number in sorted(outcomes.items()):
        print(f"{name:20} {number}")
    print(f"{count} files in {time.monotonic() - began:.0f} s: no crash, no hang")


if __name__ == "__main__":
    main()
