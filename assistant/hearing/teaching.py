"""Learning how one person says the short commands, from a few repetitions of each.

Decides what is tried for a phrase that isn't heard surely enough, and what of it is kept: only what
helps with a repetition that it wasn't chosen by, loses no other repetition, and takes nothing else
for the phrase, neither the person's other commands nor what comes along to try it with. It knows
no microphone and no file, and keeps no sound: what it hands on is `Taught`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.accept import UNKNOWN, least_confidence
from assistant.hearing.competing import DECOYS, NEGATED, NUMBERS, OFTEN
from assistant.hearing.decoder import Decoder
from assistant.hearing.ear import Ear, Utterance
from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.taught import Taught

ASKED: Mapping[str, Context] = {
    **dict.fromkeys(("stop", "pause", "go", "next", "back", "repeat"), Context.SESSION),
    **dict.fromkeys(("yes", "no"), Context.QUESTION),
    "resume": Context.PAUSED,
    "done": Context.DUE,
}
"""The phrases that are asked for, each with the situation in which it is tried; the wake phrase
comes besides."""
REPETITIONS = 3
SURELY = 0.1
"""A repetition counts as heard if it would be with so much more confidence asked: the next one may
be said less well."""
OFTENER = 3
"""A phrase is listed so many times as often."""
USUAL = 6
"""What is listed less often counts as this."""
LESS = (0.1, 0.2)
"""Or so much less confidence is enough for it."""
LEAST = 0.3
"""But never less than this: at 0.3 every third noise that a phrase is heard in would be taken."""
ALTERNATIVES = 6
"""So many ways of writing a repetition are looked at."""
ALIASES = 3
"""And so many of them tried, the commonest first."""
MOST_REFUSED = 3
"""What takes something else is tried in so many ways: each costs a small machine half a minute."""
BEFORE_S, AFTER_S = 0.5, 1.2
"""Quiet around a repetition, so that it is heard as it would be live."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What was said once, or what is tried with it."""

    blocks: tuple[bytes, ...]
    """Of BLOCK_S each, mono int16."""
    rate_hz: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one phrase."""

    phrase: str
    before: int
    """Repetitions that were surely heard, of `number`, before anything was learnt."""
    after: int
    number: int
    taught: Taught
    """Empty where nothing was needed, or nothing helped."""


class _Choice:
    """What was tried for one phrase, the mildest first, and which repetitions it makes heard."""

    def __init__(self, tried: Sequence[tuple[Taught, Sequence[bool]]]) -> None:
        """The first of them teaches nothing."""
        self._tried = list(tried)
        self._refused = 0

    def best(self) -> tuple[Taught, int]:
        """What to teach, and how many repetitions are surely heard then: what makes the most of
        them heard and loses none; but only if what would have been chosen by the others helps with
        the one that was left out."""
        before = self._heard(0)
        kept = sum(self._heard(self._mildest(without=i))[i] for i in range(len(before)))
        best = self._mildest() if kept > sum(before) else 0
        return self._tried[best][0], sum(self._heard(best))

    def refuse(self, option: Taught) -> None:
        """It takes something else for the phrase."""
        self._refused += 1
        enough = self._refused == MOST_REFUSED
        self._tried = [
            one for one in self._tried if not one[0] or (one[0] is not option and not enough)
        ]

    def _heard(self, option: int) -> Sequence[bool]:
        return self._tried[option][1]

    def _mildest(self, without: int | None = None) -> int:
        before = self._heard(0)
        kept = [i for i in range(len(before)) if i != without]

        def worth(option: int) -> int:
            heard = self._heard(option)
            lost = any(before[i] and not heard[i] for i in kept)
            return -1 if lost else sum(heard[i] for i in kept)

        return max(range(len(self._tried)), key=lambda option: (worth(option), -option))


class Teaching:
    """One person's repetitions, and what can be learnt from them."""

    def __init__(
        self, decoder: Decoder, asked: Mapping[str, Context], negatives: Sequence[Sound] = ()
    ) -> None:
        """`decoder`: one that was taught nothing. `negatives`: sounds in which none of the phrases
        is said."""
        self._decoder, self._asked = decoder, asked
        self._negatives = list(negatives)
        self._said: dict[str, list[Sound]] = {phrase: [] for phrase in asked}

    def add(self, phrase: str, sound: Sound) -> Utterance | None:
        """One more repetition; what it is heard as so far, if as anything."""
        self._said[phrase].append(sound)
        heard = _accepted(self._decoder, sound, self._asked[phrase])
        return heard[-1] if heard else None

    def learn(self) -> list[Outcome]:
        """Of every phrase that was said, in the order in which they were asked for."""
        tried = {phrase: self._try(phrase, sounds) for phrase, sounds in self._said.items()}
        choices = {phrase: _Choice(some) for phrase, some in tried.items()}
        for context in dict.fromkeys(self._asked.values()):
            here = {p: choice for p, choice in choices.items() if self._asked[p] is context}
            while taken := self._takes_others(context, [c.best()[0] for c in here.values()]):
                for option in taken:
                    here[option.phrase].refuse(option)
        outcomes = []
        for phrase, sounds in self._said.items():
            if sounds:
                taught, after = choices[phrase].best()
                before = sum(tried[phrase][0][1])
                outcomes.append(Outcome(phrase, before, after, len(sounds), taught))
        return outcomes

    def _try(self, phrase: str, sounds: Sequence[Sound]) -> list[tuple[Taught, list[bool]]]:
        none = Taught(phrase)
        tried = [(none, self._surely(none, sounds))]
        if len(sounds) > 1 and not all(tried[0][1]):
            written = [self._written(sound, phrase) for sound in sounds]
            options = self._options(phrase, written)
            tried += [(option, self._surely(option, sounds)) for option in options]
        return tried

    def _options(self, phrase: str, written: Sequence[Sequence[str]]) -> Iterator[Taught]:
        """What may be tried, the mildest first. A way of writing the phrase must have been found
        in two repetitions."""
        command = self._decoder.commands[self._asked[phrase]][phrase]
        wake = command is Command.WAKE
        often = 0 if wake else OFTENER * max(OFTEN.get(phrase, 1), USUAL)
        needed = least_confidence(command, self._asked[phrase])
        less, least = (round(max(LEAST, needed - some), 2) for some in LESS)
        found = [text for texts in written for text in texts]
        shared = [t for t in dict.fromkeys(found) if sum(t in texts for texts in written) > 1]
        aliases = sorted(shared, key=found.count, reverse=True)[:ALIASES]
        names = [(one,) for one in aliases] + ([tuple(aliases)] if len(aliases) > 1 else [])
        yield Taught(phrase, least_confidence=less)
        if often:
            yield Taught(phrase, often=often)
        yield Taught(phrase, least_confidence=least)
        yield from (Taught(phrase, heard_as) for heard_as in names)
        for heard_as in ((), *names):
            yield Taught(phrase, heard_as, often, less)
            yield Taught(phrase, heard_as, often, least)

    def _written(self, sound: Sound, phrase: str) -> list[str]:
        """What the model writes for it without a list of phrases, but what means something; a word
        of the phrase itself may be in it, as in "next the"."""
        taken = {text for texts in self._decoder.commands.values() for text in texts}
        taken |= {UNKNOWN, *DECOYS, *NEGATED, *NUMBERS}
        found = self._decoder.likely(_in_quiet(sound), sound.rate_hz, ALTERNATIVES)
        return [
            text
            for text in dict.fromkeys(found)
            if text not in taken
            and len(text.split()) in range(1, len(phrase.split()) + 2)
            and taken.isdisjoint(set(text.split()) - set(phrase.split()))
        ]

    def _surely(self, option: Taught, sounds: Sequence[Sound]) -> list[bool]:
        """Which of them are heard as the phrase, with some confidence to spare."""
        phrase, context = option.phrase, self._asked[option.phrase]
        command = self._decoder.commands[context][phrase]
        needed = min(least_confidence(command, context), option.least_confidence)
        decoder = self._decoder.taught([option])
        return [
            any(
                u.verdict.command is command and u.confidence >= needed + SURELY
                for u in _accepted(decoder, sound, context)
            )
            for sound in sounds
        ]

    def _takes_others(self, context: Context, options: Sequence[Taught]) -> list[Taught]:
        """Those of them with which something is taken for the phrase that wasn't before."""
        options = [option for option in options if option]
        if not options:
            return []
        meaning = self._decoder.commands[context]
        decoder = self._decoder.taught(options)
        said = [(meaning.get(other), s) for other, sounds in self._said.items() for s in sounds]
        wrong: Counter[Command] = Counter()
        for expected, sound in (*said, *((None, sound) for sound in self._negatives)):
            now = _commands(decoder, sound, context, expected)
            if now.total():
                wrong += now - _commands(self._decoder, sound, context, expected)
        return [option for option in options if wrong[meaning[option.phrase]]]


def _commands(
    decoder: Decoder, sound: Sound, context: Context, expected: Command | None
) -> Counter[Command]:
    """What is taken for a command that isn't."""
    heard = [u.verdict.command for u in _accepted(decoder, sound, context)]
    return Counter(command for command in heard if command is not None and command is not expected)


def _accepted(decoder: Decoder, sound: Sound, context: Context) -> list[Utterance]:
    ear = Ear(decoder, sound.rate_hz)
    ear.listen(context)
    found = [utterance for block in _in_quiet(sound) for utterance in ear.hear(block)]
    return [u for u in (*found, *ear.finish()) if u.verdict.accepted]


def _in_quiet(sound: Sound) -> list[bytes]:
    """As it would come live."""
    quiet = bytes(2 * round(sound.rate_hz * BLOCK_S))
    before, after = round(BEFORE_S / BLOCK_S), round(AFTER_S / BLOCK_S)
    return [*[quiet] * before, *sound.blocks, *[quiet] * after]


def to_keep(outcomes: Sequence[Outcome]) -> tuple[Taught, ...]:
    """What was learnt of them all."""
    return tuple(one.taught for one in outcomes if one.taught)
