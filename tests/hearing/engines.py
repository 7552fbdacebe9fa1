"""Three ways to turn sound into commands, side by side: ours, plain Vosk, PocketSphinx.

Each takes one stream of 16 kHz sound in blocks and says what it took for a command, and when in
that sound. How well each does is `compare`'s to count.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from assistant.coach.effects import Context
from assistant.coach.events import Command
from tests.hearing.setting import UNDERSTANDING, new_ear

RATE_HZ = 16000
SPHINX_THRESHOLD = 1e-20
"""Of every phrase alike; PocketSphinx has no better default."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something was taken for a command; None: for words that are no whole command."""

    command: Command | None
    decided_s: float


class Engine(Protocol):
    def hear(self, block: bytes) -> list[Hit]: ...


class Ours:
    """The live path."""

    def __init__(self, model: Path, context: Context) -> None:
        self._ear = new_ear(RATE_HZ, context, model)

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
    """PocketSphinx with its own English model, looking for the same phrases."""

    def __init__(self, model: Path, context: Context) -> None:
        import pocketsphinx

        self._phrases: Mapping[str, Command] = UNDERSTANDING.commands(context)
        self._decoder: Any = pocketsphinx.Decoder(lm=None, loglevel="FATAL")
        known = [p for p in self._phrases if all(map(self._decoder.lookup_word, p.split()))]
        with tempfile.NamedTemporaryFile("w", suffix=".kws") as file:
            file.writelines(f"{phrase} /{SPHINX_THRESHOLD}/\n" for phrase in known)
            file.flush()
            self._decoder.add_kws("phrases", file.name)
        self._decoder.activate_search("phrases")
        self._decoder.start_utt()
        self._samples = 0

    def hear(self, block: bytes) -> list[Hit]:
        self._samples += len(block) // 2
        self._decoder.process_raw(block, False, False)
        found = self._decoder.hyp()
        if found is None:
            return []
        self._decoder.end_utt()
        self._decoder.start_utt()
        said = found.hypstr.strip().split("  ")[0].strip()
        return [Hit(self._phrases.get(said), self._samples / RATE_HZ)]


ENGINES: dict[str, type[Ours] | type[Plain] | type[Sphinx]] = {
    "ours": Ours,
    "plain Vosk": Plain,
    "PocketSphinx": Sphinx,
}


def there() -> list[str]:
    """The engines that this machine has."""
    return [n for n in ENGINES if n != "PocketSphinx" or find_spec("pocketsphinx") is not None]
