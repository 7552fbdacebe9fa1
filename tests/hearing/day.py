"""A day of sound through the path of `assistant hear`, as fast as it goes.

    python -m tests.hearing.day [HOURS]

Silence, hiss, talk and music made by synthesisers, and every five minutes a word at a known time.
Prints for each hour the memory, and how far the word's time stamps were from the truth: a word
has a first sound that no recogniser dates exactly, so what counts is that it doesn't grow.
"""

import random
import resource
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from assistant.coach.effects import Context
from assistant.hearing import over_files
from assistant.hearing.models import shipped
from assistant.sound.files import SoundFile
from tests.hearing.own_voice import own_sentences
from tests.hearing.setting import ROUTINES, TEMPLATES, WAKE
from tests.hearing.voices import ESPEAK, FLITE, hiss, load, music, render

RATE_HZ = 16000
MINUTE, HOUR_S = 60 * RATE_HZ, 3600
WORD, EVERY_MINUTES = "pause", 5
MINUTES = ("silence",) * 5 + ("hiss",) * 4 + ("fan",) * 2 + ("talk",) + ("melody", "organ")
WITHIN_S = 1.0
"""A time stamp farther from the truth belongs to something else."""


class Day:
    """Its sound, made as it is asked for, and when the word really began."""

    def __init__(self, hours: int, folder: Path) -> None:
        self.truth_s: list[float] = []
        self._chance = random.Random(hours)
        self._left = hours * 60
        self._whole = {
            "silence": array("h", bytes(2 * MINUTE)),
            "hiss": hiss(MINUTE, -62.0),
            "fan": hiss(MINUTE, -40.0, seed=2),
            "melody": music("melody", 60, RATE_HZ),
            "organ": music("organ", 60, RATE_HZ, seed=3),
        }
        sentences = self._chance.sample(own_sentences(), 60)
        voices = (*ESPEAK, *FLITE)
        self._sentences = [spoken(voices[i % 6], s, folder) for i, s in enumerate(sentences)]
        self._words = [spoken(voice, WORD, folder) for voice in voices]
        self._ready, self._made = array("h"), 0

    @contextmanager
    def opened(self, path: Path) -> Iterator[SoundFile]:
        """In place of a file."""
        yield SoundFile(RATE_HZ, 1, self._read)

    def _read(self, count: int) -> "array[int]":
        if len(self._ready) < count and self._left:
            self._ready += self._minute()
        taken, self._ready = self._ready[:count], self._ready[count:]
        return taken

    def _minute(self) -> "array[int]":
        self._left -= 1
        if self._left % EVERY_MINUTES == 0:
            minute = self._with_word()
        elif (kind := self._chance.choice(MINUTES)) == "talk":
            minute = self._talk()
        else:
            minute = self._whole[kind]
        self._made += MINUTE
        return minute

    def _with_word(self) -> "array[int]":
        word, at = (
            self._chance.choice(self._words),
            self._chance.randrange(MINUTE // 2, MINUTE - 3 * RATE_HZ),
        )
        self.truth_s.append((self._made + at) / RATE_HZ)
        quiet = self._whole["hiss"]
        return quiet[:at] + word + quiet[at + len(word) :]

    def _talk(self) -> "array[int]":
        said = array("h")
        while len(said) < MINUTE:
            pause = self._whole["hiss"][: self._chance.randrange(RATE_HZ // 5, 2 * RATE_HZ)]
            said += self._chance.choice(self._sentences) + pause
        return said[:MINUTE]


def spoken(voice: str, text: str, folder: Path) -> "array[int]":
    """A sentence without the silence around it, at RATE_HZ."""
    rate_hz, samples = load(render(voice, text, folder / "raw.wav"))
    loudest = max(map(abs, samples))
    heard = [i for i, sample in enumerate(samples) if abs(sample) > loudest / 30]
    samples = samples[heard[0] : heard[-1] + 1]
    places = (i * rate_hz / RATE_HZ for i in range(int((len(samples) - 1) * RATE_HZ / rate_hz)))
    return array(
        "h",
        (
            round(9000 / loudest * (samples[int(p)] * (1 - p % 1) + samples[int(p) + 1] * (p % 1)))
            for p in places
        ),
    )


def memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def report(hour: int, day: Day, starts_s: list[float]) -> None:
    truth = [s for s in day.truth_s if hour - 1 <= s / HOUR_S < hour]
    nearest = [min(starts_s, key=lambda s: abs(s - real), default=-9.0) - real for real in truth]
    off = [error for error in nearest if abs(error) < WITHIN_S]
    print(
        f"hour {hour:2}: {memory_mb():.0f} MB; {len(off)} of {len(truth)} words heard, time stamps "
        f"off by {median(off):+.2f} s, {min(off):+.2f} to {max(off):+.2f}"
        if off
        else f"hour {hour:2}: {memory_mb():.0f} MB; no word of {len(truth)} heard",
        flush=True,
    )


def main() -> None:
    hours = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    began, cpu = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        day = Day(hours, Path(folder))
        over_files.sound_file = day.opened  # type: ignore[attr-defined]
        rows = over_files.hear(
            ["a day"],
            model=shipped(),
            wake_phrases=WAKE,
            routines=ROUTINES,
            templates=TEMPLATES,
            context=Context.SESSION,
        )
        starts_s: list[float] = []
        others, hour = 0, 1
        for row in rows:
            while row.get("decided_s", hours * HOUR_S + 1) > hour * HOUR_S and hour <= hours:
                report(hour, day, starts_s)
                hour += 1
            if row.get("accepted") and row["text"] == WORD:
                starts_s.append(row["start_s"])
            others += bool(row.get("accepted")) and row["text"] != WORD
    spent, length = time.process_time() - cpu, time.monotonic() - began
    print(f"{hours} hours in {length / 60:.0f} min, {spent:.0f} s of CPU; {others} other commands")


if __name__ == "__main__":
    main()
