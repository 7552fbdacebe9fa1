"""Which words are which command, in each situation.

Decides what may be said (the phrases for the recogniser) and what a sentence means, both from the
same templates in `routines/commands.yaml`; `templates` expands them, once for as long as they stay
the same. It knows no recogniser and no sound: typed lines are understood here too.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.coach.effects import Context
from assistant.coach.events import GUEST, Asked, Command, Source, Unclear
from assistant.errors import AssistantError, ExitCode
from assistant.hearing import wake_phrase
from assistant.hearing.body_words import of_the_body
from assistant.hearing.competing import SMALL, TENS
from assistant.hearing.meanings import Names, Sentences, asked_for
from assistant.hearing.meanings import plain as plain
from assistant.hearing.situations import SITUATIONS, TYPED, Sayable, situations_after_wake
from assistant.machine import places
from assistant.machine.cache import cached, program

if TYPE_CHECKING:
    from assistant.hearing.templates import Templates

_MINUTES = "(?:minutes?|mins?|m)"
_SECONDS = "(?:seconds?|secs?|s)"
_UNIT = f"(?:hours?|hrs?|h|{_MINUTES}|{_SECONDS})"
_NUMBER = r"(?:\d{1,4}(?:[.,]\d{1,2})?|[.,]\d{1,2})"
WRITTEN = (
    (r"\b(?:quiet '?till?|snooze (?:until|'?till?))\b", "quiet until"),
    (r"^(?:i['’]?m |i am )?(?:in|on) a (?:meeting|call) (?:until|'?till?)\b", "quiet until"),
    (r"^(?:i['’]?m |i am )?(?:in|on) a (?:meeting|call) for\b", "quiet for"),
    (r"(\d) ?½", r"\1.5"),
    (r"½|(?<![\w/])1/2(?= ?(?:an )?h)", "0.5"),
    (rf"\+ ?({_NUMBER} ?{_UNIT})(?!\w)", r"\1 more"),
    (rf"(?<![\w.,])({_NUMBER}) more ({_UNIT})(?!\w)", r"\1 \2 more"),
    (r"(?<!\S)[-\u2212](?=\d)", "minus "),
    (r"(?<=\d) ?/ ?10\b", " out of 10"),
    (r"\buntil 24[:.]00\b", "until 0:00"),
    (r"\bthis is a guest\b", "this is a friend"),  # the small model doesn't know the word
    (r"\b(until|at) (\d\d)h?(\d\d)\b", r"\1 \2:\3"),
    (r"\b(until|at) (\d\d?)h(?!\w)", r"\1 \2:00"),
    (rf"(?<![\w.,])(\d{{1,3}}) ?{_SECONDS}(?!\w)", r"\1 seconds"),
    (r"\b(i(?=m\b|ve\b)|(?:can|don)(?=t\b)|(?:what|let|it|that|today)(?=s\b))", r"\1'"),
)
"""What people write, and the same as the templates have it."""
LENGTH = (
    rf"(?<![\w.,])(?:(?P<hours>an|one|{_NUMBER})(?P<half> and a half)? ?(?:hours?|hrs?|h)"
    rf"(?:(?P<then_half> and a half)|(?: and)? ?(?P<and_minutes>[0-5]?\d) ?{_MINUTES}?)?"
    rf"|(?P<minutes>{_NUMBER}) ?{_MINUTES})(?!\w)"
)
"""What may be written of hours and minutes, in figures or not."""
ONE = ("an", "one")
OTHER_NUMBERS = frozenset({*SMALL, *TENS} - {"one", "ten"})
NEGATED = re.compile(r"\b(?:no|not|nothing|never|cannot|\w+n't|(?:ca|wo|do|does|did|is|are)nt)\b")
PAIN_AFTER_NO = re.compile(r"no(?: *[,.;:!]| +[-\u2013\u2014])")
"""Of "no, pain" the templates would see "no pain"."""
MOST_LIKE = 3
LIKE_FROM = 0.7
"""How much of two sentences is the same, from 0 to 1, where one may be meant by the other."""


class Understanding:
    """The sentences of one configuration: templates, wake phrases and routines."""

    def __init__(
        self,
        templates: Path,
        wake_phrases: Sequence[str],
        routines: Mapping[str, Sequence[str]],
        own: Path | None = None,
        people: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`routines` maps a routine's id to what a person may call it, `people` a person's to what
        is said for their name; `own` is a person's file of
        further sentences, which need not be there.

        Raises AssistantError, naming the file and what is wrong in it; but what is wrong in `own`
        only leaves it out (`own_problem`).
        """
        self._templates = templates
        self._wake_phrases = sorted({plain(p) for p in wake_phrases} - {""}, key=len, reverse=True)
        self._names = [(plain(name), ident) for ident, names in routines.items() for name in names]
        self._people = dict(people or {})
        spoken = [(plain(name), ident) for ident, names in self._people.items() for name in names]
        spoken += [("a friend", GUEST)] * bool(spoken)
        self._lists: Names = {"routine": self._names, "person": spoken}
        self._sentences = _read(templates, own, self._lists)
        self._templates_read: Templates | None = None
        for phrase, why in self.objections(self._wake_phrases).items():
            raise AssistantError(
                f'The wake phrase "{phrase}" can\'t be used: {why}. '
                'Choose another one, for instance "hey coach".',
                code=ExitCode.CONFIGURATION,
            )

    @property
    def sayable(self) -> Sayable:
        """All that may be said, for whoever listens."""
        phrases = {
            situation: {said: command for said, (command, _) in meant.items()}
            for situation, meant in self._sentences.meant.items()
        }
        return Sayable(phrases, tuple(self._wake_phrases))

    @property
    def own_problem(self) -> str:
        """Why a person's own sentences are left out; empty: they aren't."""
        return self._sentences.own_problem

    def phrases(self, context: Context) -> list[str]:
        """Everything that may be said in this situation, each phrase once."""
        return list(self.commands(context))

    def commands(self, context: Context) -> Mapping[str, Command]:
        """The same phrases, each with its command."""
        return self.sayable.commands(context)

    def match(
        self, text: str, context: Context, source: Source = Source.VOICE
    ) -> Asked | Unclear | None:
        """What this sentence asks for here.

        None is silence or talk that isn't for the assistant; after the wake phrase (AWAKE) talk
        that is no command is `Unclear`. Capitals, punctuation and figures are understood too.
        """
        spelled_out = _spelled_out(text.lower())
        said = plain(spelled_out)
        if not said:
            return None
        rest = self._after_wake_phrase(said)
        if rest == "":
            return Asked(Command.WAKE, source, text=said)
        asked: Asked | None = None
        if source is Source.TYPED:
            asked = self._typed(said if rest is None else rest, said, context)
            if asked is None or PAIN_AFTER_NO.match(spelled_out):
                asked = of_the_body(self._clauses(spelled_out)) or asked
        elif rest is not None:
            asked = self._recognise(rest, said, situations_after_wake(context), source)
        elif context is not Context.IDLE:
            asked = self._recognise(said, said, (SITUATIONS[context],), source)
        if asked is None and context is Context.AWAKE:
            return Unclear(source, self._like(said) if source is Source.TYPED else ())
        return asked

    def _like(self, said: str) -> tuple[str, ...]:
        """The few sentences that are most like one that means nothing: with a length, those that
        take one; with a "not", those that have one."""
        known = self._sentences.meant[SITUATIONS[Context.AWAKE]]
        # Of all numbers one is enough.
        few = [one for one in known if OTHER_NUMBERS.isdisjoint(one.split())]
        if re.search(rf"\b(?:minutes?|hours?|seconds?)\b|\d ?{_UNIT}\b", said):
            few = [one for one in few if "ten minutes" in one or "ten more" in one]
            return tuple(get_close_matches(said, few, MOST_LIKE, 0.0))
        if NEGATED.search(said):  # never the opposite of what was meant
            few = list(filter(NEGATED.search, few))
        return tuple(get_close_matches(said, few, MOST_LIKE, LIKE_FROM))

    def explain_unknown(self, words: Collection[str]) -> list[str]:
        """For words that the speech model lacks: what can't be heard now, and what to do."""
        told = []
        for phrase in self._wake_phrases:
            if lacking := _lacking(phrase, words):
                told.append(
                    f"The wake phrase \"{phrase}\" can't be heard: the speech model doesn't know "
                    f"{lacking}. Choose other words in the configuration, under [wake]."
                )
        for name, ident in self._names:
            if lacking := _lacking(name, words):
                told.append(
                    f"The routine {ident} can't be started as \"{name}\": the speech model doesn't "
                    f"know {lacking}. Give it another spoken name in its file."
                )
        for ident, names in self._people.items():
            told += [
                f'Nobody can say "this is {name}": the speech model doesn\'t know {lacking}. '
                f"`assistant people rename {ident} {ident} --spoken WORDS` gives them another one."
                for name in names
                if (lacking := _lacking(name, words))
            ]
        spoken = [name for names in self._people.values() for name in names]
        named = set(
            " ".join([*self._wake_phrases, *(name for name, _ in self._names), *spoken]).split()
        )
        if lacking := _lacking(" ".join(sorted(set(words) - named)), words):
            told.append(
                f"Sentences with {lacking} can't be heard: the speech model doesn't know the word. "
                f"They stand in {self._templates}."
            )
        return told

    def can_wake(self, unknown: Collection[str]) -> bool:
        """Whether a model that lacks these words can hear a wake phrase."""
        return any(not _lacking(phrase, unknown) for phrase in self._wake_phrases)

    def _after_wake_phrase(self, said: str) -> str | None:
        for phrase in self._wake_phrases:
            if said == phrase or said.startswith(phrase + " "):
                return said[len(phrase) :].strip()
        return None

    def _clauses(self, text: str) -> str:
        """`plain`, but with " / " where a comma or a full stop parts it ("no, more pain" isn't "no
        more pain"), and without the wake phrase."""
        parts = re.split(r"[,.;:!?\n]+|\s[-\u2013\u2014/]+\s", text)
        told = " / ".join(filter(None, map(plain, parts)))
        for phrase in self._wake_phrases:
            told = told.removeprefix(phrase).lstrip(" /")
        return told

    def _typed(self, sentence: str, said: str, context: Context) -> Asked | None:
        """A typed line is understood whatever was asked: nothing can be taken for it by mistake."""
        situations = tuple(dict.fromkeys((SITUATIONS[context], TYPED, *SITUATIONS.values())))
        return self._recognise(sentence, said, situations, Source.TYPED) or self._recognise(
            sentence.removesuffix(" please"), said, situations, Source.TYPED
        )

    def _recognise(
        self, sentence: str, said: str, situations: Sequence[str], source: Source
    ) -> Asked | None:
        for situation in situations:
            meant = self._sentences.meant.get(situation, {}).get(sentence)
            if meant is None:  # with figures, or nothing
                meant = self._templates_of().recognise(sentence, situation)
            if meant is not None:
                return asked_for(*meant, said, source)
        return None

    def _templates_of(self) -> "Templates":
        if self._templates_read is None:
            from assistant.hearing.templates import Templates

            self._templates_read = Templates(self._sentences.content, self._lists)
        return self._templates_read

    def objections(self, phrases: Sequence[str]) -> dict[str, str]:
        """Of these wake phrases those that can't be used, each with the reason."""
        said_in = self._sentences.meant.values()
        # "Okay" alone is an answer to a reminder; before "coach" it is none.
        own = sorted({said for several in said_in for said in several} - {"okay"})
        judged = ((phrase, wake_phrase.objection(plain(phrase), own)) for phrase in phrases)
        return {phrase: why for phrase, why in judged if why}


def unusable_phrases(
    phrases: Sequence[str],
    routines: Mapping[str, Sequence[str]],
    people: Mapping[str, Sequence[str]],
) -> dict[str, str]:
    """Of these wake phrases those that can't be used beside the sentences that there are, each with
    the reason. Raises AssistantError where the sentences can't be read."""
    templates, own = places.sentence_templates(), places.own_sentence_templates()
    return Understanding(templates, (), routines, own, people).objections(phrases)


def _spelled_out(text: str) -> str:
    """Lengths and times as the templates have them, before `plain` takes their signs away."""
    for written, meant in WRITTEN:
        text = re.sub(written, meant, text)
    return re.sub(LENGTH, _in_minutes, text)


def _in_minutes(found: re.Match[str]) -> str:
    """ "2.5 h", "2 h 30" and "2 hours and a half" as "150 minutes", "2.5 min" as "2 minutes 30
    seconds"; without figures, or with a part of a second, as it is."""
    hours, half = found["hours"], found["half"] or found["then_half"]
    if hours in ONE and found["and_minutes"] is None:
        return found[0] if half else f"{hours} hour"
    number = 1.0 if hours in ONE else float((hours or "0").replace(",", "."))
    if half and not number.is_integer():
        return found[0]
    minutes = float((found["minutes"] or found["and_minutes"] or "0").replace(",", "."))
    length_s = 3600 * number + 60 * minutes + 1800 * bool(half)
    whole, rest_s = divmod(round(length_s), 60)
    if not math.isclose(60 * whole + rest_s, length_s):
        return found[0]
    told = [f"{whole} minutes"] * bool(whole or not rest_s) + [f"{rest_s} seconds"] * bool(rest_s)
    return " ".join(told)


def _lacking(phrase: str, unknown: Collection[str]) -> str:
    """The unknown words of a phrase, in quotes."""
    return ", ".join(f'"{word}"' for word in phrase.split() if word in unknown)


def _read(templates: Path, own: Path | None, names: Names) -> Sentences:
    """What these files make, with these names. Raises AssistantError."""

    def make() -> Sentences:
        from assistant.hearing.templates import sentences_of

        return sentences_of(templates, own, names)

    def made_of() -> Iterator[bytes]:
        yield from program("assistant.coach", "assistant.hearing", "hassil", "yaml")
        yield repr((templates, own, names)).encode()
        yield templates.read_bytes()
        if own is not None and own.exists() and not own.is_fifo():
            yield own.read_bytes()

    try:
        return cached("sentences", list(made_of()), make)
    except OSError:
        return make()
