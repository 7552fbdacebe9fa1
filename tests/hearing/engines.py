"""Three ways to turn sound into commands, side by side: ours, plain Vosk, PocketSphinx.

Each takes one stream of 16 kHz sound in blocks and says what it took for a command, and when in
that sound. How well each does is `compare`'s to count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from assistant.coach.effects import Context
from assistant.coach.events import Command
from tests.hearing.setting import UNDERSTANDING, WAKE, new_ear

RATE_HZ = 16000
LONGEST_S = 10.0
"""PocketSphinx finds no end in noise, and takes longer the longer it waits."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something was taken for a command; None: for words that are no whole command."""

    command: Command | None
    decided_s: float


class Engine(Protocol):
    def hear(self, block: bytes) -> list[Hit]: ...


class Ours:
    """The live path."""

    def __init__(self, model: Path, context: Context, wake: Sequence[str] = WAKE) -> None:
        self._ear = new_ear(RATE_HZ, context, model, wake)

    def hear(self, block: bytes) -> list[Hit]:
        heard = self._ear.hear(block)
        return [Hit(u.verdict.command, u.decided_s) for u in heard if u.verdict.accepted]


class Plain:
    """The usual loop: a grammar with [unk], the recogniser's own endpoints, and any final result
    that holds a word is a command."""

    def __init__(self, model: Path, context: Context) -> None:
        import vosk

        vosk.SetLogLevel(-1)
        self._phrases: Mapping[str, Command] = UNDERSTANDING.commands(context)
        grammar = json.dumps([*self._phrases, "[unk]"])
        self._recogniser: Any = vosk.KaldiRecognizer(vosk.Model(str(model)), RATE_HZ, grammar)
        self._samples = 0

    def hear(self, block: bytes) -> list[Hit]:
        self._samples += len(block) // 2
        if not self._recogniser.AcceptWaveform(block):
            return []
        said = json.loads(self._recogniser.Result())["text"]
        words = " ".join(word for word in said.split() if word != "[unk]")
        return [Hit(self._phrases.get(words), self._samples / RATE_HZ)] if words else []


class Sphinx:
    """PocketSphinx with its own English model and endpointer, and a grammar of the same phrases.

    (Its search for keywords, with one threshold for all phrases, found 10,000 commands an hour.)
    """

    def __init__(self, model: Path, context: Context) -> None:
        import pocketsphinx

        self._phrases: Mapping[str, Command] = UNDERSTANDING.commands(context)
        self._decoder: Any = pocketsphinx.Decoder(lm=None, loglevel="FATAL")
        known = [p for p in self._phrases if all(map(self._decoder.lookup_word, p.split()))]
        grammar = f"#JSGF V1.0; grammar phrases; public <phrase> = {' | '.join(known)};"
        self._decoder.add_jsgf_string("phrases", grammar)
        self._decoder.activate_search("phrases")
        self._endpointer: Any = pocketsphinx.Endpointer(sample_rate=RATE_HZ)
        self._waiting = b""
        self._samples = self._begun = 0

    def hear(self, block: bytes) -> list[Hit]:
        self._waiting += block
        hits: list[Hit] = []
        size = self._endpointer.frame_bytes
        while len(self._waiting) >= size:
            frame, self._waiting = self._waiting[:size], self._waiting[size:]
            self._samples += size // 2
            hits += self._frame(frame)
        return hits

    def _frame(self, frame: bytes) -> list[Hit]:
        before = self._endpointer.in_speech
        speech = self._endpointer.process(frame)
        if speech is None:
            return []
        if not before:
            self._begin()
        self._decoder.process_raw(speech, False, False)
        goes_on = self._endpointer.in_speech
        if goes_on and self._samples - self._begun < LONGEST_S * RATE_HZ:
            return []
        self._decoder.end_utt()
        said = self._said()
        if goes_on:
            self._begin()
        return said

    def _begin(self) -> None:
        self._begun = self._samples
        self._decoder.start_utt()

    def _said(self) -> list[Hit]:
        found = self._decoder.hyp()
        if found is None or not found.hypstr:
            return []
        return [Hit(self._phrases.get(found.hypstr), self._samples / RATE_HZ)]


ENGINES: dict[str, type[Ours] | type[Plain] | type[Sphinx]] = {
    "ours": Ours,
    "plain Vosk": Plain,
    "PocketSphinx": Sphinx,
}


def there() -> list[str]:
    """The engines that this machine has."""
    return [n for n in ENGINES if n != "PocketSphinx" or find_spec("pocketsphinx") is not None]
