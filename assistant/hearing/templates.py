"""Templates of sentences, expanded and matched: the one file that knows hassil.

Decides which sentences a template stands for and what each of them says, and what a typed line with
figures says. hassil takes time and memory to load: `understand` needs this file when templates have
changed, and for a typed line that is none of the sentences.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, permutations, product
from pathlib import Path
from typing import Any

from hassil import Intents, TextSlotList, recognize
from hassil.errors import HassilError, MissingListError, MissingRuleError
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.intents import RangeSlotList, SlotList
from hassil.parse_expression import ParseExpressionError
from hassil.parser import ParseError
from hassil.sample import sample_expression

from assistant.coach.events import Command
from assistant.errors import AssistantError
from assistant.hearing.meanings import (
    FIXED,
    SLOTS,
    Meaning,
    Names,
    Sentences,
    plain,
)
from assistant.hearing.sentence_file import SentenceFile, first_line
from assistant.hearing.situations import SITUATIONS, TYPED

MOST_PHRASES = 4000
"""In one situation; more would make the recogniser slow, and comes from a slip in a template."""

ONE_OF_MANY = re.compile(r"(?<!ty )(\bone (?:more )?(?:second|minute|hour))s?\b")
"""A list of numbers begins with one, of which nobody says "one minutes"."""


def sentences_of(templates: Path, own: Path | None, names: Names) -> Sentences:
    """All that can be said. Raises AssistantError, naming the file and what is wrong in it; but
    what is wrong in `own`, which need not be there, only leaves it out."""
    expected = frozenset({*SITUATIONS.values(), TYPED}), SLOTS, FIXED
    shipped = SentenceFile(templates, *expected)
    why = ""
    if own is not None and own.exists():
        try:
            added = SentenceFile(own, *expected)
            return _sentences(added, added.below(shipped.content), names)
        except AssistantError as error:
            why = str(error)
    return replace(_sentences(shipped, shipped.content, names), own_problem=why)


def _sentences(file: SentenceFile, content: dict[str, Any], names: Names) -> Sentences:
    """Raises AssistantError, naming the file, for what hassil doesn't understand."""
    file.check_rules(content["expansion_rules"])
    content = content if names["person"] else _without_people(content)
    try:
        return Sentences(_expanded(file, Templates(content, names)), content)
    except (ParseError, ParseExpressionError, HassilError, AssertionError) as error:
        raise file.wrong(f"a sentence isn't understood: {first_line(error)}") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise file.wrong(f"a part isn't understood: {first_line(error)}") from None


def _expanded(file: SentenceFile, templates: "Templates") -> dict[str, dict[str, Meaning]]:
    """By situation, every phrase without a wake phrase."""
    meant: dict[str, dict[str, Meaning]] = {one: {} for one in SITUATIONS.values()}
    for name, situations, said, slots in templates.expand():
        phrase = ONE_OF_MANY.sub(r"\1", plain(said))
        if not phrase or any(letter.isdigit() for letter in phrase):
            continue
        for situation in situations:
            if situation == TYPED:
                continue  # never listened for
            meant[situation].setdefault(phrase, (Command(name), slots))
            if len(meant[situation]) > MOST_PHRASES:
                raise file.wrong(
                    f"{name}: its sentences make more than {MOST_PHRASES} phrases; "
                    "use fewer choices in one sentence"
                )
    return meant


class Templates:
    """Sentence templates and the lists of names in them."""

    def __init__(self, content: dict[str, Any], names: Names) -> None:
        """Raises what hassil does, for what it doesn't understand."""
        self._intents = Intents.from_dict(content)
        self._lists: dict[str, SlotList] = {
            name: TextSlotList.from_tuples(values, allow_template=False, name=name)
            for name, values in names.items()
        }

    def recognise(self, sentence: str, situation: str) -> Meaning | None:
        """What a sentence, figures or not, says in a situation."""
        for said in dict.fromkeys((sentence, ONE_OF_MANY.sub(r"\1s", sentence))):
            found = recognize(
                said,
                self._intents,
                slot_lists=self._lists,
                intent_context={"situation": situation},
                language=self._intents.language,
            )
            if found is not None:
                slots = {name: entity.value for name, entity in found.entities.items()}
                return Command(found.intent.name), slots
        return None

    def expand(self) -> Iterator[tuple[str, Sequence[str], str, Mapping[str, Any]]]:
        """Each sentence once, numbers as words: its intent, its situations, and what fills its
        slots."""
        for name, intent in self._intents.intents.items():
            for data in intent.data:
                lists = {**self._intents.slot_lists, **self._lists, **data.slot_lists}
                rules = {**self._intents.expansion_rules, **data.expansion_rules}
                said = _Said(lists, rules, self._intents.language)
                situations = data.requires_context["situation"]
                for sentence in data.sentences:
                    said.check(sentence.expression)
                    if situations == [TYPED]:
                        continue  # never listened for, and a great many
                    for text, slots in said.all_of(sentence.expression):
                        yield name, situations, text, {**data.slots, **slots}


class _Said:
    """What can be said with these lists and rules, each with what it fills the slots with: hassil's
    own sampler tells only the words."""

    def __init__(self, lists: Mapping[str, Any], rules: Mapping[str, Any], language: str) -> None:
        self._lists, self._rules, self._language = lists, rules, language

    def check(self, expression: Expression) -> None:
        """Raises what hassil does, where it names a list or a rule that there isn't."""
        match expression:
            case Group():
                for item in expression.items:
                    self.check(item)
            case RuleReference(rule_name=name):
                if name not in self._rules:
                    raise MissingRuleError(f"Missing expansion rule <{name}>")
                self.check(self._rules[name].expression)
            case ListReference(list_name=name) if name not in self._lists:
                raise MissingListError(f"Missing slot list {{{name}}}")

    def all_of(self, expression: Expression) -> Iterator[tuple[str, dict[str, Any]]]:
        match expression:
            case TextChunk():
                yield expression.original_text, {}
            case Alternative():
                yield from chain.from_iterable(map(self.all_of, expression.items))
            case Permutation():
                for order in permutations(expression.items):
                    yield from self._one_after_the_other(order)
            case Group():
                yield from self._one_after_the_other(expression.items)
            case RuleReference(rule_name=name):
                yield from self.all_of(self._rules[name].expression)
            case ListReference():
                yield from self._of_list(expression)
            case _:
                raise ValueError(f"unexpected: {expression}")

    def _one_after_the_other(
        self, items: Sequence[Expression]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        for parts in product(*map(self.all_of, items)):
            slots = {name: value for _, filled in parts for name, value in filled.items()}
            yield "".join(text for text, _ in parts), slots

    def _of_list(self, reference: ListReference) -> Iterator[tuple[str, dict[str, Any]]]:
        values, slot = self._lists[reference.list_name], reference.slot_name
        if isinstance(values, TextSlotList):
            for value in values.values:
                for text, slots in self.all_of(value.text_in):
                    yield text, {**slots, slot: value.value_out}
        elif isinstance(values, RangeSlotList) and values.words:
            for number in range(values.start, values.stop + 1, values.step):
                only = replace(values, start=number, stop=number, digits=False)
                for text in sample_expression(
                    reference, {reference.list_name: only}, language=self._language
                ):
                    yield text, {slot: number}


def _without_people(content: dict[str, Any]) -> dict[str, Any]:
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
