"""What a routine's and an exercise's file may hold, as a JSON Schema made from the types.

Editors that know TOML complete and check files with it while they are written. It says what the
types and the limits say; what fits together is only seen by `assistant routines check`.
"""

import ast
import dataclasses
import inspect
import types
import typing
from enum import StrEnum
from typing import Any

from assistant.content.dose import TEMPO
from assistant.content.limits import ID, LIMITS
from assistant.content.routine_file import RoutineFile
from assistant.content.types import Exercise

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_KINDS: dict[str, tuple[type[Any], str]] = {
    "exercise": (Exercise, "An exercise of the exercise assistant"),
    "routine": (RoutineFile, "A routine of the exercise assistant"),
}
KINDS = tuple(_KINDS)
_PATTERNS = {"id": ID.pattern, "tempo": TEMPO.pattern}
_INTERNAL = {"file"}
"""Fields that no file holds."""


def schema(kind: str) -> dict[str, Any]:
    """The schema of an "exercise" or a "routine" file."""
    cls, title = _KINDS[kind]
    return {"$schema": _DRAFT, "title": title, **_table(cls)}


def _table(cls: type[Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    told = _told(cls)
    properties: dict[str, Any] = {}
    required = []
    for field in dataclasses.fields(cls):
        if field.name in _INTERNAL:
            continue
        value = _value(hints[field.name], field.name)
        if field.name in told:
            value["description"] = told[field.name]
        default = field.default
        if default is dataclasses.MISSING:
            required.append(field.name)
        elif isinstance(default, str | int | float) and default not in ("", 0):
            value["default"] = default
        properties[field.name] = value
    table: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return {**table, "required": required} if required else table


def _value(hint: Any, name: str) -> dict[str, Any]:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _value(next(arg for arg in typing.get_args(hint) if arg is not type(None)), name)
    if origin is tuple:
        return {"type": "array", "items": _value(typing.get_args(hint)[0], name)}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"type": "string", "enum": [member.value for member in hint]}
    if dataclasses.is_dataclass(hint):
        return _table(typing.cast("type[Any]", hint))
    if hint is bool:
        return {"type": "boolean"}
    if hint is str:
        pattern = _PATTERNS.get(name)
        return {"type": "string", **({"pattern": f"^(?:{pattern})$"} if pattern else {})}
    kind = {"type": "integer" if hint is int else "number"}
    if name not in LIMITS:
        return kind
    low, high = LIMITS[name]
    return {**kind, "minimum": low, "maximum": high}


def _told(cls: type[Any]) -> dict[str, str]:
    """The sentences that stand below the fields in the source."""
    try:
        body = ast.parse(inspect.getsource(cls)).body[0]
    except (OSError, SyntaxError):
        return {}  # an installation without sources still has the schema, only less talkative
    told: dict[str, str] = {}
    assert isinstance(body, ast.ClassDef)
    for statement, following in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
        ):
            told[statement.target.id] = " ".join(str(following.value.value).split())
    return told
