"""The JSON Schema of the files: made from the types, shipped, and true."""

import json
import re
from typing import Any

import pytest

from assistant.content.json_schema import KINDS, schema
from assistant.content.limits import LIMITS
from assistant.content.toml_reader import read_toml
from tests.content.voice import ROUTINES

FILES = {
    "routine": sorted(ROUTINES.glob("*.toml")),
    "exercise": sorted(ROUTINES.glob("exercises/*.toml")),
}
SHIPPED = {
    "routine": ROUTINES / "routine.schema.json",
    "exercise": ROUTINES / "exercises" / "exercise.schema.json",
}
TYPES = {"string": str, "integer": int, "number": int | float, "boolean": bool, "array": list}


def faults(value: Any, rule: dict[str, Any], where: str = "") -> list[str]:
    """What JSON Schema has against a value: as much of it as our schemas use."""
    unknown = set(rule) - {
        *("$schema", "title", "description", "default", "type", "properties", "required", "enum"),
        *("additionalProperties", "items", "minimum", "maximum", "pattern"),
    }
    assert not unknown
    if rule["type"] == "object":
        if not isinstance(value, dict):
            return [where]
        found = [f"{where}.{name}" for name in value if name not in rule["properties"]]
        found += [f"{where}.{name}" for name in rule.get("required", ()) if name not in value]
        for name, inner in value.items():
            if name in rule["properties"]:
                found += faults(inner, rule["properties"][name], f"{where}.{name}")
        return found
    kind: Any = TYPES[rule["type"]]
    if not isinstance(value, kind) or (isinstance(value, bool) and rule["type"] != "boolean"):
        return [where]
    if rule["type"] == "array":
        return [f for i, v in enumerate(value) for f in faults(v, rule["items"], f"{where}[{i}]")]
    wrong = (
        value not in rule.get("enum", [value])
        or not rule.get("minimum", value) <= value <= rule.get("maximum", value)
        or ("pattern" in rule and not re.search(rule["pattern"], value))
    )
    return [where] if wrong else []


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_schema_is_that_of_the_types(kind: str) -> None:
    """Whoever changes a type prints it again: assistant routines schema."""
    assert json.loads(SHIPPED[kind].read_text()) == schema(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_shipped_file_is_valid_and_names_its_schema(kind: str) -> None:
    """Its first line tells an editor where the schema is."""
    for path in FILES[kind]:
        data, text, problems = read_toml(path)
        assert not problems
        assert faults(data, schema(kind)) == [], path.name
        named = text.splitlines()[0].removeprefix("#:schema ")
        assert (path.parent / named).resolve() == SHIPPED[kind].resolve()


SPOILT: list[tuple[str, dict[str, Any], str]] = [
    ("exercise", {"position": "lying"}, ".position"),
    ("exercise", {"level": 9}, ".level"),
    ("exercise", {"steps": "Reach."}, ".steps"),
    ("exercise", {"hold": 3}, ".hold"),
    ("exercise", {"dose": {"hold_s": "five"}}, ".dose.hold_s"),
    ("exercise", {"dose": {"reps": 2.5}}, ".dose.reps"),
    ("exercise", {"dose": {"tempo": "slow"}}, ".dose.tempo"),
    ("exercise", {"dose": {"set_reps": [6, 0]}}, ".dose.set_reps[1]"),
    ("exercise", {"cues": [{"at": "now", "say": "Up."}]}, ".cues[0].at"),
    ("exercise", {"cues": [{"at": "half"}]}, ".cues[0].say"),
    ("exercise", {"movements": [1]}, ".movements[0]"),
    ("exercise", {"file": "x"}, ".file"),
    ("routine", {"id": "My Own"}, ".id"),
    ("routine", {"sound": "loud"}, ".sound"),
    ("routine", {"exercise": [{}]}, ".exercise[0].use"),
    ("routine", {"exercise": [{"use": "bridge", "switch_s": 2}]}, ".exercise[0].switch_s"),
    ("routine", {"exercise": [{"use": "bridge", "only_side": "both"}]}, ".exercise[0].only_side"),
]


@pytest.mark.parametrize(("kind", "change", "where"), SPOILT)
def test_what_the_types_refuse_the_schema_refuses(
    kind: str, change: dict[str, Any], where: str
) -> None:
    """The same slips, at the same places."""
    data, _, _ = read_toml(FILES[kind][0])
    assert faults({**data, **change}, schema(kind)) == [where]


def test_it_explains_and_limits() -> None:
    """An editor shows what a key means, what it is without it, and how far it may go."""
    exercise = schema("exercise")["properties"]
    dose = exercise["dose"]["properties"]
    assert exercise["movements"]["description"].startswith("What it asks of the body")
    assert "end_rotation" in exercise["movements"]["items"]["enum"]
    assert dose["tempo_s"] == {
        "type": "number",
        "minimum": LIMITS["tempo_s"][0],
        "maximum": LIMITS["tempo_s"][1],
        "default": 4.0,
        "description": "One repetition, or one breath.",
    }
    assert set(schema("routine")["required"]) == {"id", "name"}
