"""Which words are which command, in each situation.

Decides what may be said (the phrases for the recogniser) and what a sentence means, both from the
same templates in `routines/commands.yaml`, which hassil expands and matches. It knows no
recogniser and no sound: typed lines are understood here too.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from hassil import Intents, TextSlotList, recognize, sample_intents
from hassil.errors import HassilError
from hassil.intents import Intent, IntentData, SlotList
from hassil.parse_expression import ParseExpressionError
from hassil.parser import ParseError

from assistant.coach.effects import Context
from assistant.coach.events import Asked, Command, Source, Unclear
from assistant.errors import AssistantError, ExitCode
from assistant.hearing import wake

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
    "some_minutes": 60.0,
    "pack_minutes": 60.0,
    "typed_minutes": 60.0,
    "hours": 3600.0,
}
SLOTS = ("routine", *SECONDS_IN, "clock_hour", "score")
"""The lists that a sentence may name."""
FIXED = (*SECONDS_IN, "clock_hour", "clock_minutes", "score")
"""What a block of sentences may always mean."""
HALF_DAY_S = 43200.0
MOST_PHRASES = 4000
"""In one situation; more would make the recogniser slow, and comes from a slip in a template."""

_WITHOUT_SENTENCES = {Command.PRESS, Command.WAKE}


class Understanding:
    """The sentences of one configuration: templates, wake phrases and routines."""

    def __init__(
        self,
        templates: Path,
        wake_phrases: Sequence[str],
        routines: Mapping[str, Sequence[str]],
    ) -> None:
        """`routines` maps a routine's id to what a person may call it.

        Raises AssistantError, naming the file and what is wrong in it.
        """
        self._templates = templates
        self._wake_phrases = sorted({plain(p) for p in wake_phrases} - {""}, key=len, reverse=True)
        self._names = [(plain(name), ident) for ident, names in routines.items() for name in names]
        self._lists: dict[str, SlotList] = {
            "routine": TextSlotList.from_tuples(self._names, allow_template=False, name="routine")
        }
        self._intents = self._read()
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
        said = plain(text)
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
        named = set(" ".join([*self._wake_phrases, *(name for name, _ in self._names)]).split())
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
        own = self._sentences(SITUATIONS[context])
        after: dict[str, Command] = {}
        for situation in self._situations_after_wake(context):
            after.update(self._sentences(situation))
        phrases = {} if context is Context.IDLE else own
        for phrase in self._wake_phrases:
            phrases = {**phrases, phrase: Command.WAKE}
            phrases.update({f"{phrase} {said}": command for said, command in after.items()})
        return phrases

    def _sentences(self, situation: str) -> dict[str, Command]:
        chosen = Intents(
            language=self._intents.language,
            intents={
                name: Intent(name, [data for data in intent.data if situation in _when(data)])
                for name, intent in self._intents.intents.items()
            },
            slot_lists=self._intents.slot_lists,
            expansion_rules=self._intents.expansion_rules,
        )
        phrases: dict[str, Command] = {}
        for name, sentence in sample_intents(
            chosen, slot_lists=self._lists, language=self._intents.language
        ):
            said = plain(sentence)
            if said and not any(letter.isdigit() for letter in said):
                phrases.setdefault(said, Command(name))
            if len(phrases) > MOST_PHRASES:
                raise self._wrong(
                    f"{name}: its sentences make more than {MOST_PHRASES} phrases; "
                    "use fewer choices in one sentence"
                )
        return phrases

    def _read(self) -> Intents:
        try:
            content = yaml.safe_load(self._templates.read_text(encoding="utf-8"))
        except OSError as error:
            raise self._wrong(f"it can't be read ({error.strerror})") from None
        except UnicodeDecodeError:
            raise self._wrong("it is not UTF-8 text") from None
        except yaml.YAMLError as error:
            raise self._wrong(_yaml_problem(error)) from None
        self._check(content)
        try:
            intents = Intents.from_dict(content)
            for _, data in _blocks(intents):
                for _sentence in data.sentences:
                    pass  # hassil parses sentences when they are first looked at
            for _phrase in sample_intents(intents, slot_lists=self._lists, language="en"):
                pass
        except (ParseError, ParseExpressionError, HassilError) as error:
            raise self._wrong(f"a sentence isn't understood: {_first_line(error)}") from None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._wrong(f"a part isn't understood: {_first_line(error)}") from None
        return intents

    def _check_wake_phrases(self) -> None:
        own = sorted({said for one in set(SITUATIONS.values()) for said in self._sentences(one)})
        for phrase in self._wake_phrases:
            if why := wake.objection(phrase, own):
                raise AssistantError(
                    f'The wake phrase "{phrase}" can\'t be used: {why}. '
                    'Choose another one, for instance "hey coach".',
                    code=ExitCode.CONFIGURATION,
                )

    def _check(self, content: Any) -> None:
        """Name what hassil would only stumble over."""
        if not isinstance(content, dict) or not isinstance(content.get("intents"), dict):
            raise self._wrong('expected "intents:" with a block for each command')
        if not isinstance(content.get("language"), str):
            raise self._wrong('expected "language: en"')
        known = sorted(set(Command) - _WITHOUT_SENTENCES)
        for name, intent in content["intents"].items():
            if isinstance(name, bool):
                word = "yes" if name else "no"
                raise self._wrong(f'intents: write "{word}" in quotes, as it means true or false')
            if name not in known:
                raise self._wrong(f"intents: found {name!r}, expected one of: {', '.join(known)}")
            if not isinstance(intent, dict) or not isinstance(intent.get("data"), list):
                raise self._wrong(f'{name}: expected "data:" with a list of sentences')
            for block in intent["data"]:
                self._check_block(name, block)

    def _check_block(self, name: str, block: Any) -> None:
        sentences = block.get("sentences") if isinstance(block, dict) else None
        if not isinstance(sentences, list) or not all(isinstance(s, str) for s in sentences):
            raise self._wrong(f'{name}: expected "sentences:" with a list of texts in quotes')
        condition = block.get("requires_context")
        when = condition.get("situation") if isinstance(condition, dict) else None
        expected = sorted({*SITUATIONS.values(), TYPED})
        if not isinstance(when, list) or not when or not set(map(str, when)) <= set(expected):
            raise self._wrong(
                f'{name}: found "situation: {when}", '
                f"expected a list of some of: {', '.join(expected)}"
            )
        for used in re.findall(r"\{([^}:]+)", " ".join(sentences)):
            if used not in SLOTS:
                raise self._wrong(
                    f"{name}: found {{{used}}}, expected one of: "
                    + ", ".join(f"{{{slot}}}" for slot in SLOTS)
                )
        fixed = block.get("slots")
        for key, value in fixed.items() if isinstance(fixed, dict) else ():
            if key not in FIXED or type(value) not in (int, float):
                raise self._wrong(
                    f"{name}: found slots: {{{key}: {value}}}, expected a number for one of: "
                    + ", ".join(FIXED)
                )

    def _wrong(self, what: str) -> AssistantError:
        return AssistantError(f"{self._templates}: {what}.", code=ExitCode.CONFIGURATION)


def plain(text: str) -> str:
    """Lower case, single spaces, no punctuation but the apostrophe, hyphens as spaces."""
    kept = re.sub(r"[^\w' ]+", " ", text.lower().replace("’", "'"))
    return " ".join(kept.split())


def _asked(command: Command, slots: Mapping[str, Any], text: str, source: Source) -> Asked:
    lengths = [float(slots[name]) * s for name, s in SECONDS_IN.items() if name in slots]
    until_s = None
    if "clock_hour" in slots:
        minutes = 60 * float(slots["clock_hour"]) + float(slots.get("clock_minutes", 0))
        until_s = 60 * minutes % HALF_DAY_S
    return Asked(
        command,
        source,
        routine=slots.get("routine"),
        seconds=sum(lengths) if lengths else None,
        until_s=until_s,
        value=int(slots["score"]) if "score" in slots else None,
        text=text,
    )


def _lacking(phrase: str, unknown: Collection[str]) -> str:
    """The unknown words of a phrase, in quotes."""
    return ", ".join(f'"{word}"' for word in phrase.split() if word in unknown)


def _blocks(intents: Intents) -> list[tuple[str, IntentData]]:
    return [(name, data) for name, intent in intents.intents.items() for data in intent.data]


def _when(data: IntentData) -> Sequence[str]:
    situations: Sequence[str] = data.requires_context["situation"]
    return situations


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}: " if mark is not None else ""
    problem = getattr(error, "problem", None) or _first_line(error)
    return f"{where}it isn't valid YAML ({problem})"


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
