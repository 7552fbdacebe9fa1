"""Frozen dataclasses as JSON, one a line, and back: what processes of ours tell each other.

Decides what such a line looks like and that nothing else is taken for one: a kind, a field or a
type that wasn't agreed on is refused. What the messages mean is for those who send them.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Hashable, Mapping
from enum import Enum
from functools import cache
from typing import Any

KIND = "is"
"""The key that holds a dataclass's name."""
SIMPLE = frozenset({str, int, float, bool, type(None)})


@dataclasses.dataclass(frozen=True, slots=True)
class Alive:
    """A child's heartbeat."""

    share: float = 1.0
    """How much of the sound that it should get it got lately, for a child that listens."""


class Protocol:
    """The messages that one side may send; any of them may be part of another one."""

    def __init__(self, *kinds: type) -> None:
        self._kinds = {kind.__name__: kind for kind in kinds}

    def decode(self, line: str) -> Any:
        """One of the kinds. Raises ValueError, with the reason, for anything else."""
        try:
            content = json.loads(line)
            return build(self._kinds[content[KIND]], content)
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise ValueError(f"no message that was agreed on: {error}") from None


def encode(message: Any) -> str:
    """A line, without its end."""
    return json.dumps(plain(message), separators=(",", ":"))


def plain(value: Any) -> Any:
    """A dataclass, enum, mapping or tuple as JSON can hold it; dataclasses keep their name."""
    kind: Any = type(value)
    if kind in SIMPLE:
        return value
    if (names := _fields(kind)) is not None:
        return {KIND: kind.__name__, **{name: plain(getattr(value, name)) for name in names}}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def build(hint: Any, value: Any) -> Any:
    """The opposite of `plain`, led by a type hint. Raises TypeError, ValueError or KeyError."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _one_of(args, value)
    if origin in (tuple, frozenset):
        return origin(build(args[0], item) for item in value)
    if origin is not None:  # Mapping[K, T]
        return {build(args[0], key): build(args[1], item) for key, item in value.items()}
    if dataclasses.is_dataclass(hint):
        hints = _hints(typing.cast(Any, hint))
        return typing.cast(Any, hint)(
            **{name: build(hints[name], item) for name, item in value.items() if name != KIND}
        )
    if issubclass(hint, Enum):
        return hint(value)
    if type(value) is not hint and not (hint is float and type(value) is int):
        raise TypeError(f"expected {hint.__name__}, found {value!r}")
    return hint(value)


def _one_of(hints: tuple[Any, ...], value: Any) -> Any:
    """`X | None`, or one of several dataclasses, told apart by their names."""
    if value is None and type(None) in hints:
        return None
    others = [hint for hint in hints if hint is not type(None)]
    if len(others) == 1:
        return build(others[0], value)
    return build({hint.__name__: hint for hint in others}[value[KIND]], value)


@cache
def _fields(kind: Hashable) -> tuple[str, ...] | None:
    """The names of a dataclass's fields; None where it is none."""
    if not dataclasses.is_dataclass(kind):
        return None
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)
