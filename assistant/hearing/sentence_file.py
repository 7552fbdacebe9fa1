"""A file of sentence templates, such as `routines/commands.yaml`: read, checked, tidied up.

Decides what such a file may hold and how a slip in it is told, with its line. hassil takes a
template as it stands, so that one with a comma never matches, not even its own sample; what is
spoken has no punctuation, so it is taken out here. What sentences mean is `understand`'s.
"""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from assistant.coach.events import Command
from assistant.errors import AssistantError, ExitCode

WITHOUT_SENTENCES = frozenset({Command.PRESS, Command.WAKE})
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same in C, three times as quick, where PyYAML was built with it."""
_NAMES = re.compile(r"(\{[^}]*\}|<[^>]*>)")
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}|<\s*>")
_NOTHING = re.compile(r"\(\s*[|;]|[|;]\s*\)|[|;]\s*[|;]")
_NO_WORD = re.compile(r"[^\w' ()\[\]|;]+")
_OPENS, _CLOSES = "([", ")]"
_ASTRAY = re.compile(r"[{}<>]")
_GLUED = re.compile(r"(?<=[\w'}>])(?=[{<])|(?<=[}>])(?=[\w'])")
"""Where a value or a part touches a word; said, they are two."""


class SentenceFile:
    """One file that was read. Raises AssistantError, naming the file and what is wrong in it."""

    def __init__(
        self,
        path: Path,
        situations: frozenset[str],
        slots: tuple[str, ...],
        fixed: tuple[str, ...],
    ) -> None:
        """`situations`, `slots` (the lists that a sentence may name) and `fixed` (what a block may
        always mean) are what may stand in it."""
        self.path = path
        self._situations, self._slots, self._fixed = situations, slots, fixed
        self._lines: list[str] = []
        self.content = self._read()

    def below(self, above: dict[str, Any]) -> dict[str, Any]:
        """The content of another file with this one's sentences and rules after its own."""
        rules = above.get("expansion_rules") or {}
        own = self.content.get("expansion_rules") or {}
        for name in own:
            if name in rules:
                raise self.wrong(f"<{name}> is taken already: give it another name")
        intents = {name: {**intent} for name, intent in above["intents"].items()}
        for name, intent in self.content["intents"].items():
            before = intents.get(name, {"data": []})
            intents[name] = {**before, "data": [*before["data"], *intent["data"]]}
        return {**above, "intents": intents, "expansion_rules": rules | own}

    def _read(self) -> dict[str, Any]:
        try:
            if self.path.is_fifo():  # it would be waited for
                raise self.wrong("it is a named pipe: a file is wanted")
            text = self.path.read_text(encoding="utf-8-sig")
            content = yaml.load(text, LOADER)  # noqa: S506 - both are the safe ones
        except OSError as error:
            raise self.wrong(f"it can't be read ({error.strerror})") from None
        except UnicodeDecodeError:
            raise self.wrong("it is not UTF-8 text") from None
        except yaml.YAMLError as error:
            raise self.wrong(_yaml_problem(error)) from None
        self._lines = text.splitlines()
        if not isinstance(content, dict) or not isinstance(content.get("intents"), dict):
            raise self.wrong('expected "intents:" with a block for each command')
        content.setdefault("language", "en")
        if not isinstance(content["language"], str):
            raise self.wrong('expected "language: en"')
        for name, intent in content["intents"].items():
            self._check_intent(name, intent)
        rules = content.get("expansion_rules") or {}
        if not isinstance(rules, dict) or not all(isinstance(rule, str) for rule in rules.values()):
            raise self.wrong('expansion_rules: expected lines such as  i_am: "(i\'m|i am)"')
        content["expansion_rules"] = {name: self._tidy(rule) for name, rule in rules.items()}
        return content

    def _check_intent(self, name: Any, intent: Any) -> None:
        """Name what hassil would only stumble over."""
        known = sorted(set(Command) - WITHOUT_SENTENCES)
        if isinstance(name, bool):
            word = "yes" if name else "no"
            raise self.wrong(f'intents: write "{word}" in quotes, as it means true or false')
        if name not in known:
            raise self.wrong(f"intents: found {name!r}, expected one of: {', '.join(known)}")
        if not isinstance(intent, dict) or not isinstance(intent.get("data"), list):
            raise self.wrong(f'{name}: expected "data:" with a list of sentences')
        for block in intent["data"]:
            self._check_block(name, block)
            block["sentences"] = [self._tidy(sentence) for sentence in block["sentences"]]

    def _check_block(self, name: str, block: Any) -> None:
        sentences = block.get("sentences") if isinstance(block, dict) else None
        if not isinstance(sentences, list) or not all(isinstance(s, str) for s in sentences):
            raise self.wrong(f'{name}: expected "sentences:" with a list of texts in quotes')
        condition = block.get("requires_context")
        when = condition.get("situation") if isinstance(condition, dict) else None
        if not isinstance(when, list) or not when or not set(map(str, when)) <= self._situations:
            raise self.wrong(
                f'{name}: found "situation: {when}", '
                f"expected a list of some of: {', '.join(sorted(self._situations))}"
            )
        for sentence in sentences:
            for used in re.findall(r"\{([^}:]+)", sentence):
                if used not in self._slots:
                    raise self.wrong(
                        f"{self._line_of(sentence)}{name}: found {{{used}}}, expected one of: "
                        + ", ".join(f"{{{slot}}}" for slot in self._slots)
                    )
        fixed = block.get("slots")
        for key, value in fixed.items() if isinstance(fixed, dict) else ():
            if key not in self._fixed or type(value) not in (int, float):
                raise self.wrong(
                    f"{name}: found slots: {{{key}: {value}}}, expected a number for one of: "
                    + ", ".join(self._fixed)
                )

    def _tidy(self, sentence: str) -> str:
        """As it is spoken: small letters, no punctuation, hyphens as spaces."""
        if objection := _objection(sentence):
            raise self.wrong(f'{self._line_of(sentence)}"{sentence}": {objection}')
        parts = _NAMES.split(_GLUED.sub(" ", sentence))
        parts[::2] = [_NO_WORD.sub(" ", part.lower().replace("’", "'")) for part in parts[::2]]
        return " ".join("".join(parts).split())

    def check_rules(self, rules: Collection[str]) -> None:
        """Raise for a <part> that is none of these."""
        blocks = [block for one in self.content["intents"].values() for block in one["data"]]
        own = self.content["expansion_rules"].values()
        for sentence in (*own, *(one for block in blocks for one in block["sentences"])):
            for used in re.findall(r"<([^>]+)>", sentence):
                if used not in rules:
                    known = ", ".join(f"<{rule}>" for rule in sorted(rules))
                    line = self._line_of(f"<{used}>")
                    raise self.wrong(f"{line}found <{used}>, expected one of: {known or 'none'}")

    def _line_of(self, sentence: str) -> str:
        for number, line in enumerate(self._lines, 1):
            if sentence and sentence in line:
                return f"line {number}: "
        return ""

    def wrong(self, what: str) -> AssistantError:
        """An error that names the file."""
        return AssistantError(f"{self.path}: {what}.", code=ExitCode.CONFIGURATION)


def _objection(sentence: str) -> str:
    """What hassil would misunderstand or break over, and what to write; empty for nothing."""
    if empty := _EMPTY.search(sentence):
        return f"found {empty[0]} with nothing in it; write words there, or leave it out"
    if _NOTHING.search(sentence):
        return "found a choice with nothing in it; write [now] for what may be left out"
    if not re.search(r"\w", sentence):
        return "there are no words in it"
    if astray := _ASTRAY.search(_NAMES.sub("", sentence)):
        sign = astray[0]
        if sign in "{<":
            return f"found {sign} that is never closed"
        return f"found {sign} without its {'{' if sign == '}' else '<'} before it"
    levels = [""]
    for sign in _NAMES.sub("", sentence):
        if sign in _OPENS:
            levels.append("")
            opened = sign
        elif sign in _CLOSES:
            if len(levels) == 1:
                return f"found {sign} without its {_OPENS[_CLOSES.index(sign)]} before it"
            levels.pop()
        elif sign in "|;":
            if levels[-1] not in ("", sign):
                return "a choice beside ; needs brackets of its own, such as (now;(go|stop))"
            levels[-1] = sign
    if len(levels) > 1:
        return f"found {opened} that is never closed"
    return ""


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}: " if mark is not None else ""
    problem = getattr(error, "problem", None) or first_line(error)
    return f"{where}it isn't valid YAML ({problem})"


def first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
