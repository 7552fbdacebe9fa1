"""From blocks of sound to utterances: gate, recogniser, acceptance.

Decides where an utterance begins and ends and hands each one on with its verdict. It knows no
microphone, no file and no clock: time is the sound that went in. The one file that imports vosk,
and only when an `Ear` is made.

Each utterance gets a recogniser of its own (about a millisecond): there is no state to leak from
one to the next, and a new situation never meets a half-decoded utterance.
"""

import json
import math
import os
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.coach.effects import Context, Sound
from assistant.coach.events import Command
from assistant.errors import AssistantError, ExitCode
from assistant.hearing.accept import OWN_SOUND, UNKNOWN, Verdict, accept
from assistant.hearing.gate import BLOCK_S, Gate
from assistant.hearing.talk import Talk

PRE_ROLL_S = 0.3
"""Kept from before the gate opened, since words begin more softly than they go on."""
WHOLE_S = 0.35
"""This long below the gate ends an utterance that is a whole phrase so far."""
PATIENCE_S = 0.8
"""This long below the gate ends any other: people hesitate after "ten"."""
OWN_SOUND_S = {
    Sound.WAKE: 0.25,
    Sound.BEGIN: 0.35,
    Sound.END: 0.45,
    Sound.DUE: 0.95,
    Sound.DONE: 0.82,
    Sound.FAULT: 0.46,
    Sound.TICK: 0.05,
}
"""How long the assistant's own chimes last."""
OWN_LATE_S = 0.45
"""How much later than it was ordered the end of a chime may still be in the microphone."""
OWN_WHOLE_S = 1.5
OWN_QUIET_S = 0.25
"""What began with a chime of our own, is no longer than the first and begins no phrase, is over
after the second: what a person says next stands alone."""
LONGEST_S = 10.0
"""No command is as long: continuous talk is cut into pieces of this length."""
SETTLE_S = 0.25
"""Dropped after the assistant has spoken: its last sound is still in the room and in buffers."""
UNKNOWN_SHARE = 0.02
"""How often `[unk]` stands among the phrases, as a share of them; at least once."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something was said; times are seconds of sound since the ear was made."""

    text: str
    confidence: float
    """Of the least sure word, 0 to 1."""
    start_s: float
    end_s: float
    decided_s: float
    context: Context
    verdict: Verdict


class Ear:
    """One model and one stream of sound."""

    def __init__(
        self,
        model: str | Path,
        commands: Mapping[Context, Mapping[str, Command]],
        rate_hz: int,
    ) -> None:
        """`commands`: the phrases of each situation. Raises AssistantError when the folder is no
        model. `hear` takes blocks of BLOCK_S, mono int16, at `rate_hz`."""
        self._vosk: Any = _load_vosk()
        self._model = self._open(model)
        self._rate_hz = rate_hz
        self._try(model)
        self.unknown_words, self._commands = self._known(commands)
        self._grammars = {c: _grammar(list(phrases)) for c, phrases in self._commands.items()}
        self.context = Context.IDLE
        self.talking = False
        """With the last block: people talk near the microphone. True at most once a second."""
        self._position = 0  # samples heard since the beginning
        self._settle = 0
        self._own_s = (math.inf, -math.inf)  # when a chime of our own sounds
        self._gate = Gate()
        self._talk = Talk(rate_hz)
        self._before: deque[bytes] = deque(maxlen=round(PRE_ROLL_S / BLOCK_S))
        # The utterance that is open, if one is: its recogniser, its blocks, where it began.
        self._recogniser: Any = None
        self._blocks: list[bytes] = []
        self._start = 0
        self._quiet_s = 0.0

    def listen(self, context: Context) -> list[Utterance]:
        """From now on these phrases. What is being said is heard again with them from its start."""
        if context is self.context:
            return []
        spoke = self.context is Context.SPEAKING
        self.context = context
        if spoke or context is Context.SPEAKING:
            self._settle = round(SETTLE_S * self._rate_hz) if spoke else 0
            self._before.clear()
            self._talk.forget()
            self._forget()
            return []
        if self._recogniser is None:
            return []
        blocks, start = self._blocks, self._start
        self._begin(start)
        return [found for block in blocks for found in self._decode(block)]

    def hear(self, block: bytes) -> list[Utterance]:
        """The next block; what was decided with it."""
        self._position += len(block) // 2
        self.talking = False
        if self.context is Context.SPEAKING:
            return []
        if self._settle > 0:
            self._settle -= len(block) // 2
            return []
        loud = self._gate.loud(block)
        self.talking = self._talk.block(block, self._gate.level_db, loud)
        if self._recogniser is not None:
            self._quiet_s = 0.0 if loud else self._quiet_s + BLOCK_S
            return self._decode(block)
        self._before.append(block)
        if not loud:
            return []
        blocks = list(self._before)
        self._before.clear()
        self._begin(self._position - sum(map(len, blocks)) // 2)
        return [found for earlier in blocks for found in self._decode(earlier)]

    def chimed(self, sound: Sound) -> None:
        """The assistant plays this now: what is heard within it is no word."""
        now_s = self._position / self._rate_hz
        self._own_s = (now_s, now_s + OWN_SOUND_S[sound] + OWN_LATE_S)

    def finish(self) -> list[Utterance]:
        """The sound has ended: decide what is open."""
        return [] if self._recogniser is None else self._decide(self._recogniser.FinalResult())

    @property
    def _phrases(self) -> Mapping[str, Command]:
        return self._commands[self.context]

    def _begin(self, start: int) -> None:
        grammar = self._grammars[self.context]
        self._recogniser = self._vosk.KaldiRecognizer(self._model, self._rate_hz, grammar)
        self._recogniser.SetWords(True)
        self._start, self._quiet_s, self._blocks = start, 0.0, []

    def _forget(self) -> None:
        self._recogniser, self._blocks = None, []

    def _decode(self, block: bytes) -> list[Utterance]:
        if self._recogniser is None:  # an earlier block of the same batch ended the utterance
            return []
        self._blocks.append(block)
        if self._recogniser.AcceptWaveform(block):
            return self._decide(self._recogniser.Result())
        if self._over():
            return self._decide(self._recogniser.FinalResult())
        return []

    def _over(self) -> bool:
        """Whether the utterance ends here although the recogniser hasn't said so yet."""
        if self._quiet_s >= PATIENCE_S or len(self._blocks) * BLOCK_S >= LONGEST_S:
            return True
        if self._quiet_s < OWN_QUIET_S:
            return False
        text = json.loads(self._recogniser.PartialResult())["partial"]
        if self._quiet_s >= WHOLE_S and text in self._phrases:
            return True
        from_s, until_s = self._own_s
        own = from_s - PRE_ROLL_S <= self._start / self._rate_hz <= until_s
        short = len(self._blocks) * BLOCK_S - self._quiet_s <= OWN_WHOLE_S
        return own and short and not any(p.startswith(text or "?") for p in self._phrases)

    def _decide(self, result: str) -> list[Utterance]:
        content = json.loads(result)
        words = content.get("result", [])
        start_s = self._start / self._rate_hz
        self._forget()
        if not words:
            return []
        text = " ".join(word["word"] for word in words)
        confidence = min(word["conf"] for word in words)
        begins_s, ends_s = start_s + words[0]["start"], start_s + words[-1]["end"]
        verdict = accept(text, confidence, self._phrases)
        if self._own_s[0] <= begins_s and ends_s <= self._own_s[1]:
            verdict = Verdict(verdict.command, False, OWN_SOUND)
        return [
            Utterance(
                text=text,
                confidence=confidence,
                start_s=begins_s,
                end_s=ends_s,
                decided_s=self._position / self._rate_hz,
                context=self.context,
                verdict=verdict,
            )
        ]

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

    def _try(self, model: str | Path) -> None:
        """Say now what would fail at the first word: some models take no slow sound."""
        try:
            recogniser = self._vosk.KaldiRecognizer(self._model, self._rate_hz, _grammar([]))
            recogniser.AcceptWaveform(bytes(2 * round(BLOCK_S * self._rate_hz)))
        except Exception as error:
            raise AssistantError(
                f"{model}: this speech model takes no sound of {self._rate_hz} Hz ({error}). "
                "Record with 16000 Hz or more.",
                code=ExitCode.MISSING_MODEL,
            ) from None

    def _known(
        self, commands: Mapping[Context, Mapping[str, Command]]
    ) -> tuple[list[str], dict[Context, dict[str, Command]]]:
        """The words that this model lacks, and the phrases without them.

        vosk would drop such a word and keep the rest of the phrase as a command.
        """
        words = {
            word for phrases in commands.values() for phrase in phrases for word in phrase.split()
        }
        unknown = {word for word in words if self._model.vosk_model_find_word(word) < 0}
        return sorted(unknown), {
            context: {p: c for p, c in phrases.items() if unknown.isdisjoint(p.split())}
            for context, phrases in commands.items()
        }


def _grammar(phrases: Iterable[str]) -> str:
    listed = list(phrases)
    return json.dumps([*listed, *[UNKNOWN] * max(1, round(UNKNOWN_SHARE * len(listed)))])


def _load_vosk() -> Any:
    import vosk

    vosk.SetLogLevel(-1)
    return vosk
