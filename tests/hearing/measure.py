"""What is measured of the live path alone, and the tables that figures are printed in.

Synthetic voices say every kind of command in its situation, and the gate says how often talk, and
what is none, counts as people talking. Figures of synthetic voices say little about people; they
are never mixed. `compare` asks for both.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.coach.effects import Context
from assistant.hearing.level_gate import BLOCK_S, Gate
from assistant.hearing.talk import Talk
from tests.hearing.engines import RATE_HZ
from tests.hearing.setting import UNDERSTANDING, accepted, feed, new_ear
from tests.hearing.test_ear import sentences
from tests.hearing.voices import ESPEAK, FLITE, HARD, lacking, music, quiet, sentence

Sound = NDArray[np.floating[Any]]
MUSIC_S = 60


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print(f"\n{title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def percentiles(times_s: Sequence[float]) -> list[str]:
    """The median and the time that 95 of 100 don't exceed, in milliseconds."""
    ordered = sorted(times_s)
    return [f"{1000 * ordered[round(share * (len(ordered) - 1))]:.0f}" for share in (0.5, 0.95)]


def every_sentence(model: Path) -> None:
    """Each kind of command, in its situation, by voices easy and hard."""
    said = [(c, text) for c in Context if c is not Context.SPEAKING for text in sentences(c)]
    asked, taken = Counter(context for context, _ in said), Counter[Context]()
    voices = [voice for voice in (*ESPEAK, *FLITE, *HARD) if not lacking(voice)]
    rows, late = [], []
    for voice in voices:
        right = wrong = 0
        delays: list[float] = []
        for context, text in said:
            with tempfile.TemporaryDirectory() as folder:
                rate_hz, samples, end_s = sentence(voice, text, Path(folder))
            ear = new_ear(rate_hz, context, model)
            heard = feed(ear, rate_hz, samples.tobytes()) + ear.finish()
            expected = UNDERSTANDING.commands(context)[text]
            taken[context] += accepted(heard) == [expected]
            right += accepted(heard) == [expected]
            wrong += any(command is not expected for command in accepted(heard))
            delays += [u.decided_s - end_s for u in heard if u.verdict.command is expected]
        rows.append([voice, f"{right} of {len(said)}", str(wrong), *percentiles(delays or [0.0])])
        late += delays
    table(
        "Sentences of every situation, and milliseconds from their end to the decision",
        ["synthetic voice", "taken", "as another command", "p50", "p95"],
        [*rows, ["all", "", "", *percentiles(late)]],
    )
    rows = [
        [str(c), str(len(UNDERSTANDING.phrases(c))), f"{taken[c]} of {count * len(voices)}"]
        for c, count in asked.items()
    ]
    table("The same, by situation", ["situation", "phrases", "taken"], rows)


def reports(rate_hz: int, pcm: bytes) -> list[float]:
    """When people were found to talk, in seconds; the recogniser isn't asked."""
    gate, talk = Gate(), Talk(rate_hz)
    size = 2 * round(rate_hz * BLOCK_S)
    times = []
    for start in range(0, len(pcm), size):
        block = pcm[start : start + size]
        loud = gate.loud(block)
        if talk.block(block, gate.level_db, loud):
            times.append(start / 2 / rate_hz)
    return times


def between_silence(sound: Sound) -> bytes:
    """As the microphone would send it, with a second of quiet before and after it."""
    silence = quiet(RATE_HZ, 1.0).tobytes()
    return silence + (np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes() + silence


def people_who_talk(sounds: Sequence[tuple[str, str, Sound]]) -> None:
    """How much of talk, and of what is none, counts as people talking. Each sound with its kind
    and text, at 16 kHz, 1 is full scale."""
    played = [(kind, text, between_silence(sound)) for kind, text, sound in sounds]
    played += [
        ("made music", s, music(s, MUSIC_S).tobytes()) for s in ("melody", "chords", "organ")
    ]
    seconds: Counter[str] = Counter()
    found: Counter[str] = Counter()
    longest: Counter[str] = Counter()
    for kind, text, pcm in played:
        name = f"noise ({text})" if kind == "noise" and text == "baby cry" else kind
        times, end_s = reports(RATE_HZ, pcm), len(pcm) / 2 / RATE_HZ - 1.0
        seconds[name] += round(1000 * (end_s - 1.0))
        found[name] += len(times)
        gap_s = max(b - a for a, b in pairwise([1.0, *times, end_s]))
        longest[name] = max(longest[name], round(gap_s))
    rows = [
        [name, f"{ms / 60000:.0f}", f"{1000 * found[name] / ms:.2f}", str(longest[name])]
        for name, ms in sorted(seconds.items())
    ]
    table(
        "Noticing that people talk",
        ["sound", "minutes", "counted as talk, times a second", "longest without, s"],
        rows,
    )
