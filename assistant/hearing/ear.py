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
from assistant.hearing.accept import (
    DECOYS,
    LIKE_STOP,
    OFTEN,
    OWN_SOUND,
    UNKNOWN,
    WAKE_OFTEN,
    Evidence,
    Verdict,
    accept,
    asks_again,
    over_own,
    reconsider,
)
from assistant.hearing.echo import Echo
from assistant.hearing.endpoint import CLOSE_S, OTHERS_S, PATIENCE_S, WHOLE_S, Phrases
from assistant.hearing.gate import BLOCK_S, Gate
from assistant.hearing.hiss import over_hiss
from assistant.hearing.lean import left_out
from assistant.hearing.talk import Talk

PRE_ROLL_S = 0.3
"""Kept from before the gate opened, since words begin more softly than they go on."""
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
COMMAND_S = 4.0
"""What has gone on for longer is no command in any situation, so it isn't heard again."""
OVER_OWN_DB = 3.0
"""While our own voice sounds, what is no louder than what may remain of it isn't looked at."""
SHORT_S = 1.0
"""After so little sound its end is asked for soon: that costs next to nothing."""
FADED_DB = 25.0
"""What is quieter than the loudest of an utterance by this much is no more of it."""
FORGOTTEN_DB = 1.0
"""With each block the loudest counts less: a knock mustn't make the words after it quiet."""
LATE_S = 0.3
"""Where noise goes on, a whole phrase that no longer rest follows is over too when it has been the
same for so long more than it would have to be quiet: a word may be written before it ends."""
TURNS = 2
"""So often the end is asked for again while the words stay the same."""
ANY_ENGLISH = ("parliament", "mortgage", "senator", "vinegar", "cathedral")
"""No exercise needs these words: a model that knows them all can write down what anybody says."""
UNKNOWN_OFTEN = {Context.SESSION: 3, Context.PAUSED: 2}
"""How often `[unk]` stands among the phrases of a situation, where it isn't once."""


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
        self._writes_freely = all(map(self._knows, ANY_ENGLISH))
        decoys = [word for word in DECOYS if self._knows(word)]
        fewer = [word for word in decoys if word not in LIKE_STOP]
        self._grammars = {
            c: _grammar(c, phrases, decoys if c is not Context.SPEAKING else fewer)
            for c, phrases in self._commands.items()
        }
        self._books = {c: Phrases(phrases) for c, phrases in self._commands.items()}
        self.context = Context.IDLE
        self.saying: frozenset[str] = frozenset()
        """The words of what the assistant is saying now."""
        self.talking = False
        """With the last block: people talk near the microphone. True at most once a second."""
        self.perhaps = False
        """With the last block: this may become a command, while the assistant speaks."""
        self._position = 0  # samples heard since the beginning
        self._own_s = (math.inf, -math.inf)  # when a chime of our own sounds
        self._gate = Gate()
        self._talk = Talk(rate_hz)
        self._echo = Echo(rate_hz)
        self._before: deque[tuple[bytes, float]] = deque(maxlen=round(PRE_ROLL_S / BLOCK_S))
        # The utterance that is open, if one is: its recogniser and situation, its blocks and how
        # much louder than our own voice each was, where it began.
        self._recogniser: Any = None
        self._in = Context.IDLE
        self._blocks: list[bytes] = []
        self._above: list[float] = []
        self._start = 0
        self._quiet_s = 0.0
        self._loudest_db = -math.inf
        self._tried: tuple[str, int] | None = None
        """These words were taken for the end already, in this pause, in this turn."""
        self._partial = ""
        self._same_s = 0.0  # how long the partial has been the same

    def listen(self, context: Context) -> list[Utterance]:
        """From now on these phrases. What is being said is heard again with them from its start,
        but for what was begun before the assistant spoke: that is heard to its end."""
        if context is self.context:
            return []
        if self.context is Context.SPEAKING:
            self.saying = frozenset()
        self.context = context
        if self._recogniser is None or context is Context.SPEAKING:
            return []
        if len(self._blocks) * BLOCK_S > COMMAND_S:
            return []
        blocks, above, start = self._blocks, self._above, self._start
        self._begin(start)
        return self._decode(blocks, above)

    def hear(self, block: bytes, played: bytes = b"", played_rate_hz: int = 0) -> list[Utterance]:
        """The next block; what was decided with it. `played` is what the loudspeaker's device
        took meanwhile (the same time, mono int16 at its own rate), empty for nothing."""
        self._position += len(block) // 2
        self.talking = self.perhaps = False
        block = self._echo.hear(block, played, played_rate_hz)
        loud = self._gate.loud(block)
        above = self._gate.level_db - self._echo.expected_db
        loud = loud and above >= OVER_OWN_DB
        if self._echo.sounding or self.context is Context.SPEAKING:
            self._talk.forget()
        else:
            self.talking = self._talk.block(block, self._gate.level_db, loud)
        if self._recogniser is not None:
            loud = loud and not self._faded()
            self._quiet_s = 0.0 if loud else self._quiet_s + BLOCK_S
            self._tried = None if loud else self._tried
            return self._decode([block], [above])
        self._before.append((block, above))
        if not loud:
            self._echo.learn([above])
            self._echo.learn_room(above)
            return []
        blocks, aboves = map(list, zip(*self._before, strict=True))
        self._before.clear()
        self._begin(self._position - sum(map(len, blocks)) // 2)
        return self._decode(blocks, aboves)

    def chimed(self, sound: Sound) -> None:
        """The assistant plays this now: what is heard within it is no word."""
        now_s = self._position / self._rate_hz
        self._own_s = (now_s, now_s + OWN_SOUND_S[sound] + OWN_LATE_S)

    def unsettle(self) -> None:
        """What the loudspeaker plays isn't where it was in time: trust what is heard less."""
        self._echo.unsettle()

    def finish(self) -> list[Utterance]:
        """The sound has ended: decide what is open."""
        return [] if self._recogniser is None else self._decide(self._recogniser.FinalResult())

    def _faded(self) -> bool:
        """Whether this block is only what is left of the word: a room's echo, a noise that a
        person spoke over."""
        level_db = self._gate.level_db
        self._loudest_db = max(level_db, self._loudest_db - FORGOTTEN_DB)
        return level_db < self._loudest_db - FADED_DB

    @property
    def _book(self) -> Phrases:
        return self._books[self._in]

    def _begin(self, start: int) -> None:
        self._in = self.context
        self._start, self._quiet_s, self._tried = start, 0.0, None
        self._loudest_db = -math.inf
        self._blocks, self._above, self._partial = [], [], ""
        self._recogniser = self._new_recogniser()

    def _new_recogniser(self) -> Any:
        grammar = self._grammars[self._in]
        recogniser = self._vosk.KaldiRecognizer(self._model, self._rate_hz, grammar)
        recogniser.SetWords(True)
        return recogniser

    def _decode(self, blocks: list[bytes], above: list[float]) -> list[Utterance]:
        for block, over in zip(blocks, above, strict=True):
            self._blocks.append(block)
            self._above.append(over)
            if self._recognise(len(self._blocks)):
                return self._decide(self._recogniser.Result())
        length_s = len(self._blocks) * BLOCK_S
        if self._quiet_s >= PATIENCE_S or length_s >= LONGEST_S:
            return self._decide(self._recogniser.FinalResult())
        text = json.loads(self._recogniser.PartialResult())["partial"]
        self._same_s += BLOCK_S * len(blocks)
        if text != self._partial:
            self._same_s = 0.0
            if self.context is Context.SPEAKING and self._echo.sounding:
                self.perhaps = self._book.begins(text)
        self._partial = text
        if self._quiet_s >= OWN_QUIET_S and self._is_own_chime(text, length_s - self._quiet_s):
            return self._decide(self._recogniser.FinalResult())
        if self._quiet_s >= OTHERS_S and not self._book.begins(text):
            return self._decide(self._recogniser.FinalResult())
        whole = text in self._commands[self._in]
        patience_s = self._book.patience_s(text)
        still_s = self._quiet_s
        if whole and patience_s < WHOLE_S:
            still_s = max(still_s, self._same_s - LATE_S)
        if length_s - self._quiet_s - PRE_ROLL_S <= SHORT_S:
            patience_s = min(patience_s, CLOSE_S)  # the words so far are a guess
        turn = min(TURNS, int(still_s / WHOLE_S))
        if still_s >= patience_s and (text, turn) != self._tried:
            self._tried = text, turn
            return self._try_to_end(still_s, last=whole and self._quiet_s >= WHOLE_S)
        return []

    def _try_to_end(self, still_s: float, *, last: bool) -> list[Utterance]:
        """The decoder lags behind, or guesses what comes; only its end tells what it has. If that
        is nothing to act on, it was too early, but for the `last` time: then only the beginning of
        a phrase may still go on."""
        found = self._judge(self._recogniser.FinalResult())
        text = found.text if found else ""
        over = last and (text in self._commands[self._in] or not self._book.begins(text))
        if found and still_s >= self._book.patience_s(text):
            over |= found.verdict.accepted or found.verdict.reason == OWN_SOUND
        if over:
            return self._end(found)
        self._recogniser = self._new_recogniser()
        for count in range(len(self._blocks)):
            self._recognise(count + 1)
        return []

    def _recognise(self, count: int) -> bool:
        """The last of so many blocks; whether the recogniser takes the utterance for ended."""
        block = over_hiss(self._blocks[count - 1], count)
        return bool(self._recogniser.AcceptWaveform(block))

    def _freely(self) -> str:
        """What the utterance is without a list of phrases."""
        recogniser = self._vosk.KaldiRecognizer(self._model, self._rate_hz)
        for count, block in enumerate(self._blocks, 1):
            recogniser.AcceptWaveform(over_hiss(block, count))
        return str(json.loads(recogniser.FinalResult())["text"])

    def _is_own_chime(self, text: str, sound_s: float) -> bool:
        from_s, until_s = self._own_s
        own = from_s - PRE_ROLL_S <= self._start / self._rate_hz <= until_s
        return own and sound_s <= OWN_WHOLE_S and not (text and self._book.begins(text))

    def _forget(self) -> None:
        self._recogniser, self._blocks, self._above = None, [], []

    def _decide(self, result: str) -> list[Utterance]:
        return self._end(self._judge(result))

    def _end(self, found: Utterance | None) -> list[Utterance]:
        if found is None or not found.verdict.accepted:
            self._echo.learn(self._above)
        self._forget()
        return [] if found is None else [found]

    def _judge(self, result: str) -> Utterance | None:
        content = json.loads(result)
        words = content.get("result", [])
        if not words:
            return None
        start_s = self._start / self._rate_hz
        text = " ".join(word["word"] for word in words)
        begins_s, ends_s = words[0]["start"], words[-1]["end"]
        first = int(begins_s / BLOCK_S)
        above = self._above[first : max(first + 1, round(ends_s / BLOCK_S))]
        evidence = Evidence(
            confidence=min(word["conf"] for word in words),
            length_s=ends_s - begins_s,
            above_own_db=over_own(above),
            saying=self.saying,
        )
        verdict = accept(text, evidence, self._commands[self._in])
        if self._writes_freely and asks_again(verdict):
            verdict = reconsider(verdict, text, self._freely())
        if self._own_s[0] <= start_s + begins_s and start_s + ends_s <= self._own_s[1]:
            verdict = Verdict(verdict.command, False, OWN_SOUND)
        return Utterance(
            text=text,
            confidence=evidence.confidence,
            start_s=start_s + begins_s,
            end_s=start_s + ends_s,
            decided_s=self._position / self._rate_hz,
            context=self._in,
            verdict=verdict,
        )

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
            recogniser = self._vosk.KaldiRecognizer(
                self._model, self._rate_hz, json.dumps([UNKNOWN])
            )
            recogniser.AcceptWaveform(bytes(2 * round(BLOCK_S * self._rate_hz)))
        except Exception as error:
            raise AssistantError(
                f"{model}: this speech model takes no sound of {self._rate_hz} Hz ({error}). "
                "Record with 16000 Hz or more.",
                code=ExitCode.MISSING_MODEL,
            ) from None

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def _known(
        self, commands: Mapping[Context, Mapping[str, Command]]
    ) -> tuple[list[str], dict[Context, dict[str, Command]]]:
        """The words that this model lacks, and the phrases without them.

        vosk would drop such a word and keep the rest of the phrase as a command.
        """
        words = {
            word for phrases in commands.values() for phrase in phrases for word in phrase.split()
        }
        unknown = {word for word in words if not self._knows(word)}
        return sorted(unknown), {
            context: {p: c for p, c in phrases.items() if unknown.isdisjoint(p.split())}
            for context, phrases in commands.items()
        }


def _grammar(context: Context, phrases: Mapping[str, Command], decoys: Iterable[str]) -> str:
    idle = context is Context.IDLE
    listed = [
        phrase
        for phrase, command in phrases.items()
        for _ in range(WAKE_OFTEN if idle and command is Command.WAKE else OFTEN.get(phrase, 1))
    ]
    others = [word for word in decoys if word not in phrases]
    unknown = [UNKNOWN] * UNKNOWN_OFTEN.get(context, 1)
    return json.dumps([*listed, *others, *unknown])


def _load_vosk() -> Any:
    with left_out():
        import vosk

    vosk.SetLogLevel(-1)
    return vosk
