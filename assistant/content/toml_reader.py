"""TOML into dataclasses, with every error of a file at once, each with its line and how to mend it.

The dataclass says what is allowed: its field names are the keys, its type hints the kinds of
value (text, numbers, true/false, enums, tuples, nested dataclasses, `X | None`). What the values
mean is for the caller to judge, who adds problems of its own with `Lines` and `Problem`.
"""

import dataclasses
import difflib
import functools
import tomllib
import types
import typing
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from assistant.content.number_meant import IN_MINUTES, number_meant, sets_meant
from assistant.content.toml_lines import Key, Lines
from assistant.content.toml_mistakes import YES, slip

T = TypeVar("T")
Limits = Mapping[str, tuple[float, float]]
"""The least and the greatest value of a number, by the name of its key, in whatever table."""

_LARGEST = 1e12
_LONG = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file a person wrote; `str()` of it is what that person reads."""

    file: str
    line: int
    """From 1; 0 when it concerns the whole file."""
    key: str
    """Dotted, list places from 1: `exercise 2.hold_s`; empty when it concerns no key."""
    found: str
    expected: str
    mend: str
    """What to do, as an order: "write hold_s = 5"."""

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        key = f", `{self.key}`" if self.key else ""
        where = f"{self.file}{line}{key}"
        if len(self.expected) > _LONG:  # what to do comes before a long list of what there is
            return f"{where}: found {self.found}; {self.mend} (expected {self.expected})"
        return f"{where}: expected {self.expected}, found {self.found}; {self.mend}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What people write who mean something else, so that the cure is theirs."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """Another key's name for it: "seconds" for hold_s."""
    gone: Mapping[str, str] = field(default_factory=dict)
    """What to do about a key that has no such other name."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By key, another word for a choice: "sitting" for seated."""
    examples: Mapping[str, str] = field(default_factory=dict)
    """By key, a line that would do, where one is missing."""


def read_toml(path: Path, lists: Collection[str] = ()) -> tuple[dict[str, Any], str, list[Problem]]:
    """A file's data, its text, and why it could not be read (then the data is empty). Of the tables
    in `lists` there may be several."""
    file = str(path)
    text = ""
    try:
        if path.is_fifo():
            return {}, "", [Problem(file, 0, "", "a named pipe", "a file", "give it another name")]
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return tomllib.loads(text), text, []
    except IsADirectoryError:
        return {}, "", [Problem(file, 0, "", "a folder", "a file", "give it another name")]
    except OSError as error:
        wrong = (error.strerror or "an error").lower(), "a file that can be read"
        return {}, "", [Problem(file, 0, "", *wrong, "check its path and permissions")]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        found = f"the byte 0x{error.object[error.start]:02x}"
        return {}, "", [Problem(file, line, "", found, "text in UTF-8", "save it as UTF-8")]
    except (ValueError, RecursionError) as error:
        why = slip(text, error, lists)
        return {}, text, [Problem(file, why.line, "", why.found, why.expected, why.mend)]


def read_typed(
    cls: type[T],
    data: Mapping[str, Any],
    text: str,
    file: str,
    *,
    limits: Limits | None = None,
    skip: Collection[str] = (),
    may_be_empty: Collection[str] = (),
    vocabulary: Vocabulary | None = None,
) -> tuple[T | None, list[Problem]]:
    """Build `cls` from parsed TOML; None when anything is wrong, and then all that is wrong.

    `text` is the file's text, for line numbers. Fields in `skip` are not keys of the file (they
    keep their defaults). A text may be empty only where the field's default is empty, or where
    its name is in `may_be_empty`.
    """
    known = vocabulary or Vocabulary()
    skipped, empty = frozenset(skip), frozenset(may_be_empty)
    reader = _Reader(cls, file, Lines(text), limits or {}, skipped, empty, known)
    value = reader.table(cls, data, ())
    reader.problems.sort(key=lambda problem: problem.line)
    return (None if reader.problems else value), reader.problems


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that a person most likely meant, or empty."""
    return next(iter(difflib.get_close_matches(word, list(known), 1, 0.6)), "")


def such_as(word: str, names: Sequence[str]) -> str:
    """What was expected: all names, or of many those that are most like the word."""
    most = 12
    if len(names) <= most:
        return f"one of: {', '.join(names)}"
    like = sorted(difflib.get_close_matches(word, names, most, 0.0))
    return f"one of {len(names)}, such as: {', '.join(like)}"


def shown(value: object) -> str:
    """A value as a person would write it in TOML, shortened."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            inner = "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in value)
            return f'"{inner[:40]}..."' if len(inner) > 43 else f'"{inner}"'
        case list() | tuple():
            return "a list" if value else "an empty list"
        case dict():
            return "a table"
        case int() if abs(value) > _LARGEST:
            return "a very large number"
        case _:
            return str(value)


def dotted(key: Key) -> str:
    """A key as a person reads it: `exercise 2.hold_s`."""
    words = ""
    for part in key:
        words += f" {part + 1}" if isinstance(part, int) else f".{part}" if words else part
    return "".join(c if c.isprintable() else "?" for c in words)[:80]


# --- values -----------------------------------------------------------------

_BAD: Any = object()
_hints: Callable[[Any], dict[str, Any]] = functools.cache(typing.get_type_hints)
"""Kept, since asking anew took a third of the time of reading all files."""


class _Reader:
    def __init__(
        self,
        root: type[Any],
        file: str,
        lines: Lines,
        limits: Limits,
        skip: frozenset[str],
        may_be_empty: frozenset[str],
        vocabulary: Vocabulary,
    ) -> None:
        self._root, self._file, self._lines = root, file, lines
        self._limits, self._skip = limits, skip
        self._may_be_empty = may_be_empty
        self._vocabulary = vocabulary
        self._told: set[Key] = set()
        """Keys that are missing only because of a slip that is told already."""
        self.problems: list[Problem] = []

    def _wrong(self, key: Key, found: str, expected: str, mend: str) -> Any:
        line = self._lines.of(key)
        self.problems.append(Problem(self._file, line, dotted(key), found, expected, mend))
        return _BAD

    def table(self, cls: type[Any], data: Any, key: Key) -> Any:
        if not isinstance(data, Mapping):
            name = dotted(key)
            return self._wrong(key, shown(data), "a table", f"write [{name}] and its keys below")
        hints = _hints(cls)
        fields = {f.name: f for f in dataclasses.fields(cls) if f.init and f.name not in self._skip}
        for name in data:
            if name not in fields:
                self._unknown((*key, name), name, fields, hints, data)
        values: dict[str, Any] = {}
        for name, one in fields.items():
            if name in data:
                values[name] = self._value(hints[name], data[name], (*key, name), _default(one))
            elif _default(one) is _BAD:
                values[name] = self._missing((*key, name))
        if any(value is _BAD for value in values.values()):
            return _BAD
        return cls(**values)

    def _missing(self, key: Key) -> Any:
        if key in self._told:
            return _BAD
        name = str(key[-1])
        example = self._vocabulary.examples.get(name, f"{name} = ...")
        return self._wrong(key, "nothing", f"a line {name} = ...", f"add {name}: write {example}")

    def _unknown(
        self,
        key: Key,
        name: str,
        fields: Collection[str],
        hints: Mapping[str, Any],
        data: Mapping[str, Any],
    ) -> None:
        gone = self._vocabulary.gone.get(name)
        # "minutes" is a routine's key, too
        timed = IN_MINUTES.search(small := name.lower()) and "hold_s" in fields
        mend = gone or (None if timed else self._misplaced(key, name, hints, data))
        if mend is None:
            said = [one for one in (small, self._vocabulary.keys.get(small)) if one in fields]
            guess = said[0] if said else nearest(small, fields)
            guess = guess or next((f for f in fields if f.startswith(f"{name}_")), "")
            if guess and guess not in data:
                self._told.add((*key[:-1], guess))
                much = number_meant(f"{data[name]} min", guess) if timed else None
                mend = f"write {guess} = {much:g}" if much else f"did you mean {guess}?"
            else:
                mend = "remove it"
        if mend:
            expected = f"one of: {', '.join(fields)}"
            self._wrong(key, f"the unknown key {shown(name)}", expected, mend)

    def _misplaced(
        self, key: Key, name: str, hints: Mapping[str, Any], data: Mapping[str, Any]
    ) -> str | None:
        """What to do about a key of another table; empty: that is said already."""
        if len(key) > 1 and name in _hints(self._root) and name not in self._skip:
            self._told.add((name,))
            line = self._lines.of(key[:1])
            return f"move it above line {line}, where the first [{key[0]}] begins"
        for table, hint in hints.items():
            inner = _table_of(hint)
            if inner is None or name not in _hints(inner) or table in self._skip:
                continue
            if typing.get_origin(hint) is tuple:
                return f"move it below the [[{table}]] that it is for"
            if table in data:
                return f"move it below [{table}]"
            if (*key[:-1], table) in self._told:
                return ""
            self._told.add((*key[:-1], table))
            return f"write [{table}] above it"
        return None

    def _value(self, hint: Any, value: Any, key: Key, default: Any) -> Any:
        origin = typing.get_origin(hint)
        if origin in (types.UnionType, typing.Union):
            inner = [arg for arg in typing.get_args(hint) if arg is not type(None)]
            if len(inner) == 1:
                return self._value(inner[0], value, key, default)
            number, instead = inner  # a number, or a word such as "none"
            if isinstance(value, str) and value in list(instead):
                return instead(value)
            also = "".join(f', or "{word}"' for word in instead)
            return self._number(number, value, key, default, also)
        if origin is tuple:
            return self._list(typing.get_args(hint)[0], value, key)
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            return self.table(hint, value, key)
        if hint is bool:
            return self._flag(value, key)
        if hint is int or hint is float:
            return self._number(hint, value, key, default)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return self._choice(hint, value, key)
        if hint is str:
            empty = default == "" or key[-1] in self._may_be_empty
            return self._text(value, key, may_be_empty=empty)
        raise TypeError(f"{hint} is no type that a file can hold")

    def _list(self, hint: Any, value: Any, key: Key) -> Any:
        if not isinstance(value, list):
            brackets = f"put brackets around it: {key[-1]} = [...]"
            if isinstance(value, dict) and dataclasses.is_dataclass(hint) and len(key) == 1:
                brackets = f"write [[{key[0]}]]"
            return self._wrong(key, shown(value), "a list", brackets)
        items = [self._value(hint, item, (*key, i), _BAD) for i, item in enumerate(value)]
        return _BAD if any(item is _BAD for item in items) else tuple(items)

    def _flag(self, value: Any, key: Key) -> Any:
        if isinstance(value, bool):
            return value
        yes = str(value).lower() in (*YES, "1")
        example = "true" if yes else "false"
        return self._wrong(key, shown(value), "true or false", f"write {key[-1]} = {example}")

    def _number(
        self, kind: type[int] | type[float], value: Any, key: Key, default: Any, also: str = ""
    ) -> Any:
        names = [part for part in key if isinstance(part, str)]
        name = names[-1]
        limit = self._limits.get(".".join(names[-2:])) or self._limits.get(name)
        low, high = limit or (-_LARGEST, _LARGEST)
        good = isinstance(value, int if kind is int else int | float)
        if good and not isinstance(value, bool) and low <= value <= high:
            return kind(value)
        expected = _number_kind(kind, name)
        if limit is not None:
            expected += f" from {low:g} to {high:g}"
        else:
            expected += " such as 5" + ("" if kind is int else " or 7.5")
        example = _example(kind, value, default, low, high, name)
        write = f"write {name} = {example:g}" if name == key[-1] else f"write {example:g} there"
        if isinstance(value, str):
            write = sets_meant(value, name) or write
        return self._wrong(key, shown(value), expected + also, write)

    def _choice(self, hint: type[StrEnum], value: Any, key: Key) -> Any:
        options = [member.value for member in hint]
        if isinstance(value, str) and value in options:
            return hint(value)
        name = next(str(part) for part in reversed(key) if isinstance(part, str))
        guess = ""
        if isinstance(value, str):
            plain = "_".join(value.lower().replace("-", " ").split())
            guess = self._vocabulary.values.get(name, {}).get(plain.replace("_", " "), "")
            guess = guess or nearest(plain, options)
        mend = f'did you mean "{guess}"?' if guess else f'write "{options[0]}", for instance'
        return self._wrong(key, shown(value), f"one of: {', '.join(options)}", mend)

    def _text(self, value: Any, key: Key, *, may_be_empty: bool) -> Any:
        if not isinstance(value, str):
            mend = 'write it between quotes: "..."'
            if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
                mend = f"write {key[-1]} = {quoted(' '.join(value))}"
            elif isinstance(value, int | float) and isinstance(key[-1], str):
                mend = f"write {key[-1]} = {quoted(shown(value))}"
            return self._wrong(key, shown(value), "a text", mend)
        if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") and c != "\n" for c in value):
            return self._wrong(
                key, shown(value), "a text without control characters", "type it again"
            )
        if not value.strip() and not may_be_empty:
            return self._wrong(key, "an empty text", "a text", "write it, or remove the line")
        return " ".join(value.split()) if "\n" in value else value


def _default(one: "dataclasses.Field[Any]") -> Any:
    if one.default is not dataclasses.MISSING:
        return one.default
    if one.default_factory is not dataclasses.MISSING:
        return one.default_factory()
    return _BAD


def _table_of(hint: Any) -> type[Any] | None:
    """The dataclass that a table, or a list of tables, is read into."""
    inner = typing.get_args(hint)[0] if typing.get_origin(hint) is tuple else hint
    return inner if isinstance(inner, type) and dataclasses.is_dataclass(inner) else None


def quoted(text: str) -> str:
    """A text as TOML has it, in one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _number_kind(kind: type, name: str) -> str:
    if name.endswith("_s"):
        return "seconds"
    if name.endswith("_min"):
        return "minutes"
    return "a whole number" if kind is int else "a number"


def _example(
    kind: type[int] | type[float], value: object, default: Any, low: float, high: float, name: str
) -> float:
    """A number to write instead: the one that was meant, or has a sign too many; else the default,
    else any."""
    guess: float = 5
    value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, str) and (meant := number_meant(value, name)) is not None:
        guess = meant
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        guess = abs(value) if value < 0 <= low else value
    elif isinstance(default, int | float) and not isinstance(default, bool) and default:
        guess = default
    guess = min(max(guess, low), high)
    return int(guess + 0.5) if kind is int else guess
