"""TOML into dataclasses, with every error of a file at once, each with its line and how to mend it.

The dataclass says what is allowed: its field names are the keys, its type hints the kinds of
value (text, numbers, true/false, enums, tuples, nested dataclasses, `X | None`). What the values
mean is for the caller to judge, who adds problems of its own with `Lines` and `Problem`.
"""

import dataclasses
import difflib
import functools
import re
import tomllib
import types
import typing
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from assistant.content.lines import Key, Lines

T = TypeVar("T")
Limits = Mapping[str, tuple[float, float]]
"""The least and the greatest value of a number, by the name of its key, in whatever table."""

_LARGEST = 1e12
_NUMBER_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


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
        return f"{self.file}{line}{key}: expected {self.expected}, found {self.found}; {self.mend}"


def read_toml(path: Path) -> tuple[dict[str, Any], str, list[Problem]]:
    """A file's data, its text, and why it could not be read (then the data is empty)."""
    file = str(path)
    text = ""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return tomllib.loads(text), text, []
    except OSError as error:
        found = (error.strerror or "an error").lower()
        return {}, "", [Problem(file, 0, "", found, "a file that can be read", "check its path")]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        found = f"the byte 0x{error.object[error.start]:02x}"
        return {}, "", [Problem(file, line, "", found, "text in UTF-8", "save it as UTF-8")]
    except (ValueError, RecursionError) as error:
        return {}, text, [_syntax(file, text, error)]


def read_typed(
    cls: type[T],
    data: Mapping[str, Any],
    text: str,
    file: str,
    *,
    limits: Limits | None = None,
    skip: Collection[str] = (),
    may_be_empty: Collection[str] = (),
) -> tuple[T | None, list[Problem]]:
    """Build `cls` from parsed TOML; None when anything is wrong, and then all that is wrong.

    `text` is the file's text, for line numbers. Fields in `skip` are not keys of the file (they
    keep their defaults). A text may be empty only where the field's default is empty, or where
    its name is in `may_be_empty`.
    """
    reader = _Reader(file, Lines(text), limits or {}, frozenset(skip), frozenset(may_be_empty))
    value = reader.table(cls, data, ())
    reader.problems.sort(key=lambda problem: problem.line)
    return (None if reader.problems else value), reader.problems


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that a person most likely meant, or empty."""
    return next(iter(difflib.get_close_matches(word, list(known), 1, 0.6)), "")


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


# --- why a file is no TOML --------------------------------------------------


def _syntax(file: str, text: str, error: Exception) -> Problem:
    if isinstance(error, RecursionError):
        return Problem(file, 1, "", "lists nested very deeply", "TOML", "write it flatter")
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", str(error))
    line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
    reason = str(error)[: place.start()] if place else str(error)
    reason = "".join(c if c.isprintable() else " " for c in reason)
    lines = text.splitlines()
    written = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    found = f"{shown(written)} ({reason[:1].lower() + reason[1:]})"
    return Problem(file, line, "", found, "TOML such as key = value", "mend that line")


# --- values -----------------------------------------------------------------

_BAD: Any = object()
_hints: Callable[[Any], dict[str, Any]] = functools.cache(typing.get_type_hints)
"""Kept, since asking anew took a third of the time of reading all files."""


class _Reader:
    def __init__(
        self,
        file: str,
        lines: Lines,
        limits: Limits,
        skip: frozenset[str],
        may_be_empty: frozenset[str],
    ) -> None:
        self._file, self._lines, self._limits, self._skip = file, lines, limits, skip
        self._may_be_empty = may_be_empty
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
                self._unknown((*key, name), name, fields)
        values: dict[str, Any] = {}
        for name, field in fields.items():
            if name in data:
                values[name] = self._value(hints[name], data[name], (*key, name), _default(field))
            elif _default(field) is _BAD:
                self._wrong((*key, name), "nothing", f"a line {name} = ...", f"add {name}")
                values[name] = _BAD
        if any(value is _BAD for value in values.values()):
            return _BAD
        return cls(**values)

    def _unknown(self, key: Key, name: str, fields: Iterable[str]) -> None:
        fields = list(fields)
        if guess := nearest(name, fields) or next(
            (field for field in fields if field.startswith(f"{name}_")), ""
        ):
            mend = f"did you mean {guess}?"
        else:
            mend = "remove it"
        known = ", ".join(fields)
        self._wrong(key, f"the unknown key {shown(name)}", f"one of: {known}", mend)

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
            return self._wrong(
                key, shown(value), "a list", f"put brackets around it: {key[-1]} = [...]"
            )
        items = [self._value(hint, item, (*key, i), _BAD) for i, item in enumerate(value)]
        return _BAD if any(item is _BAD for item in items) else tuple(items)

    def _flag(self, value: Any, key: Key) -> Any:
        if isinstance(value, bool):
            return value
        yes = str(value).lower() in ("yes", "on", "1", "true")
        example = "true" if yes else "false"
        return self._wrong(key, shown(value), "true or false", f"write {key[-1]} = {example}")

    def _number(
        self, kind: type[int] | type[float], value: Any, key: Key, default: Any, also: str = ""
    ) -> Any:
        name = next(str(part) for part in reversed(key) if isinstance(part, str))
        low, high = self._limits.get(name, (-_LARGEST, _LARGEST))
        good = isinstance(value, int if kind is int else int | float)
        if good and not isinstance(value, bool) and low <= value <= high:
            return kind(value)
        expected = _number_kind(kind, name)
        if name in self._limits:
            expected += f" from {low:g} to {high:g}"
        else:
            expected += " such as 5" + ("" if kind is int else " or 7.5")
        example = _example(value, default, low, high)
        write = f"write {name} = {example:g}" if name == key[-1] else f"write {example:g} there"
        return self._wrong(key, shown(value), expected + also, write)

    def _choice(self, hint: type[StrEnum], value: Any, key: Key) -> Any:
        options = [member.value for member in hint]
        if isinstance(value, str) and value in options:
            return hint(value)
        guess = nearest(value.lower(), options) if isinstance(value, str) else ""
        mend = f'did you mean "{guess}"?' if guess else f'write for instance "{options[0]}"'
        return self._wrong(key, shown(value), f"one of: {', '.join(options)}", mend)

    def _text(self, value: Any, key: Key, *, may_be_empty: bool) -> Any:
        if not isinstance(value, str):
            return self._wrong(key, shown(value), "a text", 'write it between quotes: "..."')
        if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") and c != "\n" for c in value):
            return self._wrong(
                key, shown(value), "a text without control characters", "type it again"
            )
        if not value.strip() and not may_be_empty:
            return self._wrong(key, "an empty text", "a text", "write it, or remove the line")
        return " ".join(value.split()) if "\n" in value else value


def _default(field: "dataclasses.Field[Any]") -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return _BAD


def _number_kind(kind: type, name: str) -> str:
    if name.endswith("_s"):
        return "seconds"
    if name.endswith("_min"):
        return "minutes"
    return "a whole number" if kind is int else "a number"


def _example(value: object, default: Any, low: float, high: float) -> float:
    """A number to write instead: the one that was spelt out, else the default, else any."""
    guess: float = 5
    if isinstance(value, str) and value.strip().lower() in _NUMBER_WORDS:
        guess = _NUMBER_WORDS.index(value.strip().lower())
    elif isinstance(value, str) and re.fullmatch(r"\s*\d{1,6}(\.\d{1,3})?\s*\w{0,7}\s*", value):
        guess = float(re.findall(r"[\d.]+", value)[0])
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        guess = value
    elif isinstance(default, int | float) and not isinstance(default, bool) and default:
        guess = default
    return min(max(guess, low), high)
