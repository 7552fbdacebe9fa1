"""From blocks of sound to utterances: where each begins and ends, and why it ended.

Decides when sound may hold words, in which situation they are heard, and when what was said is
over; each utterance is handed on with its verdict. It knows no microphone, no file, no clock and
no recogniser: time is the sound that went in, words come from the `Decoder`.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.coach.ear_and_voice import Context, Sound
from assistant.hearing.accept import (
    OWN_SOUND,
    Evidence,
    Judge,
    Verdict,
    accept,
    asks_again,
    over_own,
    reconsider,
)
from assistant.hearing.decoder import Decoder, Recogniser, Word
from assistant.hearing.echo import Echo
from assistant.hearing.endpoint import CLOSE_S, OTHERS_S, PATIENCE_S, WHOLE_S, Phrases
from assistant.hearing.level_gate import BLOCK_S, Gate
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
PASSED_S = 0.4
"""What an idle assistant hears is looked at no more once it has been no beginning of any phrase for
so long: most of a talk, which is refused whatever follows."""
TURNS = 2
"""So often the end is asked for again while the words stay the same."""


class Ended(StrEnum):
    """Why an utterance was taken for over."""

    WHOLE = "a whole phrase, and it was quiet"
    OTHERS = "no phrase begins like this, and it was quiet"
    QUIET = "it was quiet for long"
    LONG = "it went on for too long"
    DECODED = "the recogniser found an end"
    CHIME = "a chime of our own, and nothing more"
    NO_MORE = "the sound ended"


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
    ended: Ended = Ended.WHOLE


@dataclass(slots=True)
class _Open:
    """The utterance that is being said."""

    context: Context
    start: int
    """Samples since the ear was made."""
    recogniser: Recogniser
    blocks: list[bytes] = field(default_factory=list)
    above: list[float] = field(default_factory=list)
    """How much louder than our own voice each block was, in dB."""
    quiet_s: float = 0.0
    loudest_db: float = -math.inf
    tried: tuple[str, int] | None = None
    """These words were taken for the end already, in this pause, in this turn."""
    partial: str = ""
    same_s: float = 0.0
    """How long the partial has been the same."""
    wake_only: bool = False
    """No wake phrase has begun yet: its recogniser knows few other words."""
    passed: bool = False
    """It becomes no phrase any more: only its end is waited for."""

    @property
    def length_s(self) -> float:
        return len(self.blocks) * BLOCK_S

    def faded(self, level_db: float) -> bool:
        """Whether a block so loud is only what is left of the word: a room's echo, a noise that a
        person spoke over."""
        self.loudest_db = max(level_db, self.loudest_db - FORGOTTEN_DB)
        return level_db < self.loudest_db - FADED_DB


class _Books(dict[Context, Phrases]):
    """Each situation's phrases, looked into when it is first needed."""

    def __init__(self, decoder: Decoder) -> None:
        super().__init__()
        self._decoder = decoder

    def __missing__(self, context: Context) -> Phrases:
        book = self[context] = Phrases(self._decoder.commands[context])
        return book


class Ear:
    """One stream of sound; the decoder may be another stream's too, one after the other."""

    def __init__(self, decoder: Decoder, rate_hz: int, judge: Judge = accept) -> None:
        """`hear` takes blocks of BLOCK_S, mono int16, at `rate_hz`. `judge` says what is a command.
        Raises AssistantError when the model takes no such sound."""
        decoder.check_rate(rate_hz)
        self._decoder, self._rate_hz, self._accept = decoder, rate_hz, judge
        self._books = _Books(decoder)
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
        self._open: _Open | None = None

    def listen(self, context: Context) -> list[Utterance]:
        """From now on these phrases. What is being said is heard again with them from its start,
        but for what was begun before the assistant spoke: that is heard to its end."""
        if context is self.context:
            return []
        if self.context is Context.SPEAKING:
            self.saying = frozenset()
        self.context = context
        before = self._open
        if before is None or context is Context.SPEAKING or before.length_s > COMMAND_S:
            return []
        return self._decode(self._begin(before.start), before.blocks, before.above)

    def teach(self, decoder: Decoder) -> None:
        """From now on the same model, taught by somebody else: what is being said is still written
        down as before, and judged by this."""
        self._decoder, self._books = decoder, _Books(decoder)

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
        said = self._open
        if said is not None:
            loud = loud and not said.faded(self._gate.level_db)
            said.quiet_s = 0.0 if loud else said.quiet_s + BLOCK_S
            said.tried = None if loud else said.tried
            return self._decode(said, [block], [above])
        self._before.append((block, above))
        if not loud:
            self._echo.learn([above])
            self._echo.learn_room(above)
            return []
        blocks, aboves = map(list, zip(*self._before, strict=True))
        self._before.clear()
        said = self._begin(self._position - sum(map(len, blocks)) // 2)
        return self._decode(said, blocks, aboves)

    def chimed(self, sound: Sound) -> None:
        """The assistant plays this now: what is heard within it is no word."""
        now_s = self._position / self._rate_hz
        self._own_s = (now_s, now_s + OWN_SOUND_S[sound] + OWN_LATE_S)

    def unsettle(self) -> None:
        """What the loudspeaker plays isn't where it was in time: trust what is heard less."""
        self._echo.unsettle()

    def finish(self) -> list[Utterance]:
        """The sound has ended: decide what is open."""
        said = self._open
        found = self._decode_whole(said) if said and said.wake_only else []
        return found if self._open is None else [*found, *self._decide(self._open, Ended.NO_MORE)]

    def _begin(self, start: int, *, whole: bool = False) -> _Open:
        """`whole`: what began to an idle assistant, which may be doing something else by now."""
        context = Context.IDLE if whole else self.context
        wake_only = context is Context.IDLE and not whole
        if wake_only:
            recogniser = self._decoder.wake_recogniser(self._rate_hz)
        else:
            recogniser = self._decoder.recogniser(context, self._rate_hz)
        self._open = _Open(context, start, recogniser, wake_only=wake_only)
        return self._open

    def _decode(self, said: _Open, blocks: list[bytes], above: list[float]) -> list[Utterance]:
        for block, over in zip(blocks, above, strict=True):
            said.blocks.append(block)
            said.above.append(over)
            if not said.passed and said.recogniser.take(block):
                return self._decide(said, Ended.DECODED)
        text = said.partial if said.passed else said.recogniser.partial()
        if said.wake_only and self._may_wake(text):
            return self._decode_whole(said)
        if said.quiet_s >= PATIENCE_S:
            return self._decide(said, Ended.QUIET)
        if said.length_s >= LONGEST_S:
            return self._decide(said, Ended.LONG)
        begins = self._books[said.context].begins(text)
        said.same_s += BLOCK_S * len(blocks)
        if text != said.partial:
            said.partial, said.same_s = text, 0.0
            if self.context is Context.SPEAKING and self._echo.sounding:
                self.perhaps = begins
        idle = said.context is Context.IDLE
        said.passed = idle and not begins and said.same_s >= PASSED_S
        if said.quiet_s >= OWN_QUIET_S and self._is_own_chime(said):
            return self._decide(said, Ended.CHIME)
        if said.quiet_s >= OTHERS_S and (not begins or (idle and not text)):
            return self._decide(said, Ended.OTHERS)
        return self._try_to_end(said) if self._may_be_over(said) else []

    def _may_wake(self, text: str) -> bool:
        """Whether a word of this begins a wake phrase."""
        begins = self._books[Context.IDLE].begins
        return any(map(begins, text.split()))

    def _decode_whole(self, said: _Open) -> list[Utterance]:
        """From its start, among all that may be said to an idle assistant."""
        heard = self._begin(said.start, whole=True)
        heard.quiet_s, heard.loudest_db = said.quiet_s, said.loudest_db
        return self._decode(heard, said.blocks, said.above)

    def _may_be_over(self, said: _Open) -> bool:
        """Whether it has been quiet for as long as it must be after these words; the end is asked
        for TURNS times at most while the words stay the same. Without a word yet it is only where a
        single short one may be all: in noise it would be asked for again at each dip."""
        patience_s = self._books[said.context].patience_s(said.partial)
        short = said.length_s - said.quiet_s - PRE_ROLL_S <= SHORT_S
        if not said.partial and (said.context is Context.IDLE or not short):
            return False
        # The first words are a guess.
        enough_s = min(patience_s, CLOSE_S) if short else patience_s
        still_s = self._still_s(said)
        turn = min(TURNS, int(still_s / WHOLE_S))
        if still_s < enough_s or (said.partial, turn) == said.tried:
            return False
        said.tried = said.partial, turn
        return True

    def _still_s(self, said: _Open) -> float:
        """How long it has been quiet; or, where noise goes on, how long a whole phrase that no
        longer rest follows has been the same."""
        text = said.partial
        whole = text in self._decoder.commands[said.context]
        if whole and self._books[said.context].patience_s(text) < WHOLE_S:
            return max(said.quiet_s, said.same_s - LATE_S)
        return said.quiet_s

    def _try_to_end(self, said: _Open) -> list[Utterance]:
        """The decoder lags behind, or guesses what comes; only its end tells what it has. If that
        is nothing to act on, it was too early, but for the last time: then only the beginning of
        a phrase may still go on."""
        book, phrases = self._books[said.context], self._decoder.commands[said.context]
        still_s = self._still_s(said)
        last = said.partial in phrases and said.quiet_s >= WHOLE_S
        found = self._judge(said, said.recogniser.words(ended=False), Ended.WHOLE)
        text = found.text if found else ""
        over = last and (text in phrases or not book.begins(text))
        if found and still_s >= book.patience_s(text):
            over |= found.verdict.accepted or found.verdict.reason == OWN_SOUND
        if over:
            return self._end(said, found)
        said.recogniser = self._decoder.recogniser(said.context, self._rate_hz)
        for block in said.blocks:
            said.recogniser.take(block)
        return []

    def _is_own_chime(self, said: _Open) -> bool:
        from_s, until_s = self._own_s
        own = from_s - PRE_ROLL_S <= said.start / self._rate_hz <= until_s
        short = said.length_s - said.quiet_s <= OWN_WHOLE_S
        return (
            own and short and not (said.partial and self._books[said.context].begins(said.partial))
        )

    def _decide(self, said: _Open, why: Ended) -> list[Utterance]:
        if said.wake_only or said.passed:
            return self._end(said, None)  # to write it down costs as much as half a second of it
        words = said.recogniser.words(ended=why is Ended.DECODED)
        return self._end(said, self._judge(said, words, why))

    def _end(self, said: _Open, found: Utterance | None) -> list[Utterance]:
        if found is None or not found.verdict.accepted:
            self._echo.learn(said.above)
        self._open = None
        return [] if found is None else [found]

    def _judge(self, said: _Open, words: list[Word], why: Ended) -> Utterance | None:
        if not words:
            return None
        text = " ".join(word.text for word in words)
        begins_s, ends_s = words[0].start_s, words[-1].end_s
        start_s = said.start / self._rate_hz
        first = int(begins_s / BLOCK_S)
        evidence = Evidence(
            confidence=min(word.confidence for word in words),
            length_s=ends_s - begins_s,
            above_own_db=over_own(said.above[first : max(first + 1, round(ends_s / BLOCK_S))]),
            saying=self.saying,
        )
        decoder = self._decoder
        phrases = decoder.commands[said.context]
        verdict = self._accept(text, evidence, phrases, decoder.at_most, said.context)
        if decoder.writes_freely and asks_again(verdict):
            freely = decoder.freely(said.blocks, self._rate_hz)
            verdict = reconsider(verdict, text, freely)
        if self._own_s[0] <= start_s + begins_s and start_s + ends_s <= self._own_s[1]:
            verdict = Verdict(verdict.command, False, OWN_SOUND)
        return Utterance(
            text=self._decoder.meant.get(text, text),
            confidence=evidence.confidence,
            start_s=start_s + begins_s,
            end_s=start_s + ends_s,
            decided_s=self._position / self._rate_hz,
            context=said.context,
            verdict=verdict,
            ended=why,
        )
