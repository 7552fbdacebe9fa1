"""Which words are which command, in each situation.

Decides what may be said (the phrases for the recogniser) and what a sentence means, both from the
same templates in `routines/commands.yaml`, which hassil expands and matches. It knows no
recogniser and no sound: typed lines are understood here too.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from hassil import Intents, TextSlotList, recognize, sample_intents
from hassil.errors import HassilError
from hassil.intents import Intent, IntentData, SlotList
from hassil.parse_expression import ParseExpressionError
from hassil.parser import ParseError

from assistant.coach.effects import Context
from assistant.coach.events import GUEST, Asked, Command, Source, Unclear
from assistant.errors import AssistantError, ExitCode
from assistant.hearing import wake_phrase
from assistant.hearing.sentence_file import SentenceFile, first_line

SITUATIONS = {
    Context.IDLE: "awake",  # what follows the wake phrase
    Context.AWAKE: "awake",
    Context.SESSION: "session",
    Context.PAUSED: "paused",
    Context.QUESTION: "question",
    Context.PAIN: "pain",
    Context.DUE: "due",
    Context.SPEAKING: "speaking",
}
TYPED = "typed"
"""Sentences of this situation are never listened for: said, they would be heard by mistake."""
SECONDS_IN = {
    "seconds": 1.0,
    "minutes": 60.0,
    "long_minutes": 60.0,
    "typed_minutes": 60.0,
    "more_typed_minutes": 60.0,
    "hours": 3600.0,
    "typed_hours": 3600.0,
    "interval_hours": 3600.0,
}
DAY_HOURS = ("day_hour", "afternoon_hour", "typed_hour")
"""Hours of the 24; those of a clock face are "clock_hour"."""
CLOCK_MINUTES = ("clock_minutes", "typed_clock_minutes", "minutes_past", "minutes_to")
VALUES = ("score", "goal_days")
WEEKDAYS = ("weekday", "other_weekday")
SLOTS = (
    *("routine", *SECONDS_IN, "clock_hour", *DAY_HOURS[1:], *CLOCK_MINUTES, "score"),
    *("aim", "goal_days", *WEEKDAYS, "person"),
)
"""The lists that a sentence may name."""
FIXED = (*SECONDS_IN, "clock_hour", "day_hour", "half_day", "clock_minutes", "score", "every_day")
"""What a block of sentences may always mean. `half_day`: 0 or 12, added to the `clock_hour`;
`every_day`: 1."""
WRITTEN = (
    (r"\b(?:quiet '?till?|snooze (?:until|'?till?))\b", "quiet until"),
    (r"\b(\d+) ?mins?\b", r"\1 minutes"),
    (r"\b(until|at) 24[:.]00\b", r"\1 0:00"),
    (r"\b(until|at) (\d\d)h?(\d\d)\b", r"\1 \2:\3"),
)
"""What people write, and the same as the templates have it."""
HOURS = r"\b(an|one|\d+(?:[.,]\d+)?) ?(?:hours?|h)(?:(?: and)? ?(\d+) ?(?:minutes?|m)?)?(?!\w)"
ONE = ("an", "one")
HALF_DAY_H = 12
HOUR_S, DAY_S = 3600.0, 86400.0
MOST_PHRASES = 4000
"""In one situation; more would make the recogniser slow, and comes from a slip in a template."""


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
        spoken += [("a guest", GUEST)] * bool(spoken)
        self._lists: dict[str, SlotList] = {
            "routine": TextSlotList.from_tuples(self._names, allow_template=False, name="routine"),
            "person": TextSlotList.from_tuples(spoken, allow_template=False, name="person"),
        }
        self._sentences: dict[str, dict[str, Command]] = {}
        """By situation, every phrase without a wake phrase."""
        self.own_problem = ""
        """Why a person's own sentences are left out; empty: they aren't."""
        self._intents = self._read(templates, own)
        self._check_wake_phrases()
        self._commands = {context: self._expand(context) for context in Context}

    def phrases(self, context: Context) -> list[str]:
        """Everything that may be said in this situation, each phrase once."""
        return list(self._commands[context])

    def commands(self, context: Context) -> Mapping[str, Command]:
        """The same phrases, each with its command."""
        return self._commands[context]

    def match(
        self, text: str, context: Context, source: Source = Source.VOICE
    ) -> Asked | Unclear | None:
        """What this sentence asks for here.

        None is silence or talk that isn't for the assistant; after the wake phrase (AWAKE) talk
        that is no command is `Unclear`. Capitals, punctuation and figures are understood too.
        """
        said = plain(_spelled_out(text.lower()))
        if not said:
            return None
        rest = self._after_wake_phrase(said)
        if rest == "":
            return Asked(Command.WAKE, source, text=said)
        asked: Asked | None = None
        if rest is not None:
            asked = self._recognise(rest, said, self._situations_after_wake(context), source)
        elif context is not Context.IDLE:
            asked = self._recognise(said, said, self._situations(context, source), source)
        if asked is None and context is Context.AWAKE:
            return Unclear(source)
        return asked

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

    @staticmethod
    def _situations(context: Context, source: Source) -> tuple[str, ...]:
        """A typed line is understood whatever was asked: nothing can be taken for it by mistake."""
        if source is Source.TYPED:
            return SITUATIONS[context], SITUATIONS[Context.PAIN], TYPED
        return (SITUATIONS[context],)

    @staticmethod
    def _situations_after_wake(context: Context) -> tuple[str, ...]:
        """A reminder takes its own answers at once, and everything else after the wake phrase."""
        if context is Context.DUE:
            return SITUATIONS[Context.DUE], SITUATIONS[Context.AWAKE]
        return (SITUATIONS[context],)

    def _recognise(
        self, sentence: str, said: str, situations: Sequence[str], source: Source
    ) -> Asked | None:
        for situation in situations:
            found = recognize(
                sentence,
                self._intents,
                slot_lists=self._lists,
                intent_context={"situation": situation},
                language=self._intents.language,
            )
            if found is not None:
                slots = {name: entity.value for name, entity in found.entities.items()}
                return _asked(Command(found.intent.name), slots, said, source)
        return None

    def _expand(self, context: Context) -> dict[str, Command]:
        """Every phrase of a situation, with and without the wake phrase."""
        own = self._sentences[SITUATIONS[context]]
        after: dict[str, Command] = {}
        for situation in self._situations_after_wake(context):
            after.update(self._sentences[situation])
        phrases = {} if context is Context.IDLE else own
        for phrase in self._wake_phrases:
            phrases = {**phrases, phrase: Command.WAKE}
            phrases.update({f"{phrase} {said}": command for said, command in after.items()})
        return phrases

    def _read(self, templates: Path, own: Path | None) -> Intents:
        expected = frozenset({*SITUATIONS.values(), TYPED}), SLOTS, FIXED
        shipped = SentenceFile(templates, *expected)
        if own is not None and own.exists():
            try:
                added = SentenceFile(own, *expected)
                return self._parse(added, added.below(shipped.content))
            except AssistantError as error:
                self.own_problem = str(error)
        return self._parse(shipped, shipped.content)

    def _parse(self, file: SentenceFile, content: dict[str, Any]) -> Intents:
        """With all that can be said. Raises AssistantError, naming the file, for what hassil
        doesn't understand."""
        try:
            intents = Intents.from_dict(content if self._people else _without_names(content))
            for intent in intents.intents.values():
                for data in intent.data:
                    for _sentence in data.sentences:
                        pass  # hassil parses sentences when they are first looked at
            for situation in sorted({*SITUATIONS.values(), TYPED}):
                self._sentences[situation] = self._sample(file, intents, situation)
        except (ParseError, ParseExpressionError, HassilError, AssertionError) as error:
            raise file.wrong(f"a sentence isn't understood: {first_line(error)}") from None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise file.wrong(f"a part isn't understood: {first_line(error)}") from None
        return intents

    def _sample(self, file: SentenceFile, intents: Intents, situation: str) -> dict[str, Command]:
        """Every phrase of a situation, without a wake phrase."""
        chosen = Intents(
            language=intents.language,
            intents={
                name: Intent(name, [data for data in intent.data if situation in _when(data)])
                for name, intent in intents.intents.items()
            },
            slot_lists=intents.slot_lists,
            expansion_rules=intents.expansion_rules,
        )
        phrases: dict[str, Command] = {}
        for name, sentence in sample_intents(
            chosen, slot_lists=self._lists, language=intents.language
        ):
            if situation == TYPED:
                continue  # never listened for; but a slip in it is found here
            said = plain(sentence)
            if said and not any(letter.isdigit() for letter in said):
                phrases.setdefault(said, Command(name))
            if len(phrases) > MOST_PHRASES:
                raise file.wrong(
                    f"{name}: its sentences make more than {MOST_PHRASES} phrases; "
                    "use fewer choices in one sentence"
                )
        return phrases

    def _check_wake_phrases(self) -> None:
        said_in = (self._sentences[one] for one in set(SITUATIONS.values()))
        # "Okay" alone is an answer to a reminder; before "coach" it is none.
        own = sorted({said for several in said_in for said in several} - {"okay"})
        for phrase in self._wake_phrases:
            if why := wake_phrase.objection(phrase, own):
                raise AssistantError(
                    f'The wake phrase "{phrase}" can\'t be used: {why}. '
                    'Choose another one, for instance "hey coach".',
                    code=ExitCode.CONFIGURATION,
                )


def plain(text: str) -> str:
    """Lower case, single spaces, no punctuation but the apostrophe, hyphens as spaces."""
    kept = re.sub(r"[^\w' ]+", " ", text.lower().replace("’", "'"))
    return " ".join(kept.split())


def _spelled_out(text: str) -> str:
    """Lengths and times as the templates have them, before `plain` takes their signs away."""
    for written, meant in WRITTEN:
        text = re.sub(written, meant, text)
    return re.sub(HOURS, _in_minutes, text)


def _in_minutes(found: re.Match[str]) -> str:
    """ "2.5 h" and "2 h 30 minutes" as "150 minutes", "2 h" as "2 hours"."""
    hours, minutes = found[1], found[2]
    if minutes is None and hours.isalnum():
        return f"{hours} {'hour' if hours in (*ONE, '1') else 'hours'}"
    number = 1.0 if hours in ONE else float(hours.replace(",", "."))
    return f"{round(60 * number) + int(minutes or 0)} minutes"


def _asked(command: Command, slots: Mapping[str, Any], text: str, source: Source) -> Asked:
    lengths = [float(slots[name]) * s for name, s in SECONDS_IN.items() if name in slots]
    until_s, whole_day = _clock_time(slots)
    return Asked(
        command,
        source,
        routine=slots.get("routine"),
        person=slots.get("person", ""),
        seconds=sum(lengths) if lengths else None,
        until_s=until_s,
        whole_day=whole_day,
        value=next((int(slots[name]) for name in VALUES if name in slots), None),
        text=text,
        aim=str(slots.get("aim", "")),
        days=_days(slots),
    )


def _days(slots: Mapping[str, Any]) -> tuple[int, ...]:
    """Days of the week, Monday is 0."""
    if "every_day" in slots:
        return tuple(range(7))
    return tuple(sorted({int(slots[name]) for name in WEEKDAYS if name in slots}))


def _clock_time(slots: Mapping[str, Any]) -> tuple[float | None, bool]:
    """Seconds since midnight, and whether they are of the whole day: "until two" may be either
    half's, "until two in the afternoon" and "until 14:30" may not."""
    minutes = sum(float(slots[name]) for name in CLOCK_MINUTES if name in slots)
    of_day = [int(slots[name]) for name in DAY_HOURS if name in slots]
    if of_day:
        [hour] = of_day
        typed = "typed_hour" in slots
        whole_day = not typed or hour == 0 or hour > HALF_DAY_H
    elif "clock_hour" in slots:
        hour = int(slots["clock_hour"]) % HALF_DAY_H + int(slots.get("half_day", 0))
        whole_day = "half_day" in slots
    else:
        return None, False
    day_s = DAY_S if whole_day else DAY_S / 2
    return (HOUR_S * hour + 60 * minutes) % day_s, whole_day


def _without_names(content: dict[str, Any]) -> dict[str, Any]:
    """Without the sentences that hold somebody's name: hassil warns of a list that is empty."""
    intents = {
        name: {
            **intent,
            "data": [
                {**block, "sentences": kept}
                for block in intent["data"]
                if (kept := [one for one in block["sentences"] if "{person" not in one])
            ],
        }
        for name, intent in content["intents"].items()
    }
    return {**content, "intents": intents}


def _lacking(phrase: str, unknown: Collection[str]) -> str:
    """The unknown words of a phrase, in quotes."""
    return ", ".join(f'"{word}"' for word in phrase.split() if word in unknown)


def _when(data: IntentData) -> Sequence[str]:
    situations: Sequence[str] = data.requires_context["situation"]
    return situations
