"""Sound to words: the one file that knows vosk, and it imports it only when a model is opened.

Decides which words a model knows, what stands in the list of phrases that vosk is to choose from,
and how what it wrote down is read. Where an utterance begins and ends is the ear's, whether it is
a command `accept`'s.

Each utterance gets a recogniser of its own (six milliseconds for an idle assistant's list on a PC,
less for the others): there is no state to leak from one to the next, and a new situation never
meets a half-decoded utterance.
"""

import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from assistant.coach.ear_and_voice import Command, Context
from assistant.errors import AssistantError, ExitCode
from assistant.hearing.accept import UNKNOWN
from assistant.hearing.competing import OFTEN, WAKE_SHARE, beside
from assistant.hearing.hiss import over_hiss
from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.taught import Taught

ANY_ENGLISH = ("parliament", "mortgage", "senator", "vinegar", "cathedral")
"""No exercise needs these words: a model that knows them all can write down what anybody says."""
UNKNOWN_OFTEN = {Context.SESSION: 3, Context.PAUSED: 2}
"""How often `[unk]` stands among the phrases of a situation, where it isn't once."""
WAKE_OFTEN = 100
"""How often a wake phrase stands among the few words of `Decoder.wake_recogniser`: at 60 one of 101
recordings fewer was heard; 150 hear no more, and begin oftener at what isn't one."""
NOT_NEEDED = {"requests": (), "srt": (), "tqdm": ("tqdm",), "urllib.request": ("urlretrieve",)}
"""What vosk imports only to fetch models, and the names that it takes out of it. It would take more
time and memory than vosk's own code, and one of them opens an internet socket as soon as it is
loaded, to see whether it could. Fetching a model is `models`' business."""


@dataclass(frozen=True, slots=True)
class Word:
    """As the recogniser wrote it; times are seconds since the recogniser was made."""

    text: str
    confidence: float
    """0 to 1, among the phrases of the situation."""
    start_s: float
    end_s: float


class Recogniser:
    """One utterance, block by block."""

    def __init__(self, vosk: Any) -> None:
        self._vosk = vosk
        self._blocks = 0

    def take(self, block: bytes) -> bool:
        """The next block; whether the recogniser takes the utterance for ended with it."""
        self._blocks += 1
        return bool(self._vosk.AcceptWaveform(over_hiss(block, self._blocks)))

    def partial(self) -> str:
        """The words so far, some of them guessed."""
        return str(json.loads(self._vosk.PartialResult())["partial"])

    def words(self, *, ended: bool) -> list[Word]:
        """What was said; `ended` by the recogniser's own finding, else made to end now. Nothing
        more may be asked of it afterwards."""
        result = self._vosk.Result() if ended else self._vosk.FinalResult()
        return [
            Word(word["word"], word["conf"], word["start"], word["end"])
            for word in json.loads(result).get("result", [])
        ]

    def alternatives(self) -> list[str]:
        """What may have been said, the likeliest first, of a recogniser that was asked for it."""
        found = json.loads(self._vosk.FinalResult())["alternatives"]
        return [" ".join(one["text"].split()) for one in found]

    def text(self) -> str:
        """The same as one text, without times."""
        return str(json.loads(self._vosk.FinalResult())["text"])


class Decoder:
    """One model, and the phrases of each situation that it knows all words of."""

    def __init__(
        self,
        model: str | Path,
        commands: Mapping[Context, Mapping[str, Command]],
        taught: Sequence[Taught] = (),
    ) -> None:
        """`taught`: how people here say some of them. Takes seconds on a small machine. Raises
        AssistantError when the folder is no model."""
        self._folder = model
        self._vosk = load_vosk()
        self._model = self._open(model)
        self.unknown_words, self._plain = self._known(commands)
        self.writes_freely = all(map(self._knows, ANY_ENGLISH))
        """Whether there can be a second opinion (`freely`)."""
        self._others: dict[Context, list[str]] = {}
        self._teach(taught)

    def _teach(self, taught: Sequence[Taught]) -> None:
        self.meant = {
            alias: one.phrase
            for one in taught
            for alias in one.heard_as
            if all(map(self._knows, alias.split()))
        }
        """What is written when somebody says a phrase in their own way, with that phrase."""
        self.at_most = {one.phrase: one.least_confidence for one in taught}
        self.at_most |= {alias: self.at_most[phrase] for alias, phrase in self.meant.items()}
        self._often = {one.phrase: one.often for one in taught if one.often}
        self._often |= {a: self._often.get(p, OFTEN.get(p, 1)) for a, p in self.meant.items()}
        self.commands: dict[Context, Mapping[str, Command]] = {}
        self._grammars: dict[Context, str] = {}
        self._wakes = ""
        for context, phrases in self._plain.items():
            aliases = {a: phrases[p] for a, p in self.meant.items() if p in phrases}
            self.commands[context] = {**aliases, **phrases} if aliases else phrases

    def taught(self, taught: Sequence[Taught]) -> "Decoder":
        """The same model, with what people taught; it isn't loaded again."""
        other = copy(self)
        other._teach(taught)
        return other

    def check_rate(self, rate_hz: int) -> None:
        """Say now what would fail at the first word: some models take no slow sound. Raises
        AssistantError."""
        try:
            recogniser = self._vosk.KaldiRecognizer(self._model, rate_hz, json.dumps([UNKNOWN]))
            recogniser.AcceptWaveform(bytes(2 * round(BLOCK_S * rate_hz)))
        except Exception as error:
            raise AssistantError(
                f"{self._folder}: this speech model takes no sound of {rate_hz} Hz ({error}). "
                "Record with 16000 Hz or more.",
                code=ExitCode.MISSING_MODEL,
            ) from None

    def recogniser(self, context: Context, rate_hz: int) -> Recogniser:
        """For one utterance of mono int16 samples, in this situation."""
        made = self._vosk.KaldiRecognizer(self._model, rate_hz, self._listed(context))
        made.SetWords(True)
        return Recogniser(made)

    def wake_recogniser(self, rate_hz: int) -> Recogniser:
        """For an idle assistant, until a wake phrase may have begun: its search costs half of that
        among all that may follow one. Only its partial text counts."""
        if not self._wakes:
            wakes = [p for p, c in self.commands[Context.IDLE].items() if c is Command.WAKE]
            listed = [*wakes * WAKE_OFTEN, *self._beside(Context.IDLE), UNKNOWN]
            self._wakes = json.dumps(listed, ensure_ascii=False)
        return Recogniser(self._vosk.KaldiRecognizer(self._model, rate_hz, self._wakes))

    def _listed(self, context: Context) -> str:
        """What vosk is to choose from, put together when a situation first comes: all of them at
        once would take as long as the model."""
        if context not in self._grammars:
            self._grammars[context] = _grammar(
                context, self.commands[context], self._beside(context), self._often
            )
        return self._grammars[context]

    def _beside(self, context: Context) -> list[str]:
        if context not in self._others:
            self._others[context] = beside(context, self._plain[context], self._knows)
        return self._others[context]

    def likely(self, blocks: Iterable[bytes], rate_hz: int, most: int) -> list[str]:
        """What an utterance may be without a list of phrases, the likeliest first."""
        made = self._vosk.KaldiRecognizer(self._model, rate_hz)
        made.SetMaxAlternatives(most)
        recogniser = Recogniser(made)
        for block in blocks:
            recogniser.take(block)
        return recogniser.alternatives()

    def freely(self, blocks: Iterable[bytes], rate_hz: int) -> str:
        """What an utterance is without a list of phrases."""
        recogniser = Recogniser(self._vosk.KaldiRecognizer(self._model, rate_hz))
        for block in blocks:
            recogniser.take(block)
        return recogniser.text()

    def _open(self, folder: str | Path) -> Any:
        try:
            return self._vosk.Model(os.fspath(folder))
        except Exception as error:  # vosk has no class of its own for this
            raise AssistantError(
                f"{folder}: this speech model can't be loaded ({error}). "
                'Fetch it again with "assistant models fetch", or take its line out of the '
                "configuration to use the model that comes with the assistant.",
                code=ExitCode.MISSING_MODEL,
            ) from None

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def _known(
        self, commands: Mapping[Context, Mapping[str, Command]]
    ) -> tuple[list[str], Mapping[Context, Mapping[str, Command]]]:
        """The words that this model lacks, and the phrases without them.

        vosk would drop such a word and keep the rest of the phrase as a command.
        """
        words = {
            word for phrases in commands.values() for phrase in phrases for word in phrase.split()
        }
        unknown = {word for word in words if not self._knows(word)}
        if not unknown:
            return [], commands
        return sorted(unknown), {
            context: {p: c for p, c in phrases.items() if unknown.isdisjoint(p.split())}
            for context, phrases in commands.items()
        }


def _grammar(
    context: Context,
    phrases: Mapping[str, Command],
    others: Iterable[str],
    often: Mapping[str, int] = MappingProxyType({}),
) -> str:
    listed = []
    for phrase, command in phrases.items():
        usual = 1 if command is Command.WAKE else OFTEN.get(phrase, 1)
        listed += [phrase] * max(usual, often.get(phrase, 0))
    beside_them = [text for text in others if text not in phrases]
    if context is Context.IDLE:
        times = max(1, round(WAKE_SHARE * (len(listed) + len(beside_them))))
        listed += [p for p, command in phrases.items() if command is Command.WAKE] * times
    unknown = [UNKNOWN] * UNKNOWN_OFTEN.get(context, 1)
    # vosk reads no escapes: a word with an accent would be taken for an unknown one.
    return json.dumps([*listed, *beside_them, *unknown], ensure_ascii=False)


_loading = threading.Lock()


def load_vosk() -> Any:
    """The library, without what it doesn't need. Any thread may."""
    with _loading, left_out():
        import vosk

    vosk.SetLogLevel(-1)
    return vosk


@contextmanager
def left_out() -> Iterator[None]:
    """What is imported meanwhile finds empty modules for NOT_NEEDED; nobody does afterwards."""
    absent = [name for name in NOT_NEEDED if name not in sys.modules]
    for name in absent:
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name]).update(dict.fromkeys(NOT_NEEDED[name]))
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
