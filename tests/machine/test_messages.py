"""What processes of ours tell each other comes through whole, and nothing else is taken for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from assistant.coach.effects import Chime, Context, Hush, Priority, Say, Sound
from assistant.machine.messages import Alive, Protocol, encode


@dataclass(frozen=True)
class Inner:
    size: float


@dataclass(frozen=True)
class Outer:
    name: str
    count: int
    on: bool
    where: Context | None
    rank: Priority
    texts: tuple[str, ...]
    words: frozenset[str]
    table: Mapping[Context, Mapping[str, int]]
    inner: Inner
    order: Chime | Hush | Say


PROTOCOL = Protocol(Outer, Alive)
WHOLE = Outer(
    'a "name" with\nlines, é and \u2028',
    7,
    True,
    Context.PAIN,
    Priority.CUE,
    ("one", ""),
    frozenset({"b", "a"}),
    {Context.IDLE: {"go": 1}},
    Inner(0.5),
    Chime(Sound.TICK),
)


def test_every_kind_of_field_comes_through() -> None:
    line = encode(WHOLE)
    assert "\n" not in line
    assert PROTOCOL.decode(line) == WHOLE
    assert PROTOCOL.decode(encode(Alive())) == Alive(1.0)
    assert PROTOCOL.decode('{"is": "Alive"}') == Alive(1.0), (
        "a field with a default may be left out"
    )


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(encode(WHOLE)) | fields)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no JSON",
        "[1, 2]",
        "5",
        "null",
        "{}",
        '{"is": "Inner", "size": 1.0}',
        '{"is": "Outer"}',
        changed(more=1),
        changed(count="7"),
        changed(count=7.5),
        changed(count=True),
        changed(on=1),
        changed(name=None),
        changed(where="nowhere"),
        changed(rank=99),
        changed(texts=[1]),
        changed(texts=5),
        changed(table={"nowhere": {}}),
        changed(inner={"is": "Inner", "size": "large"}),
        changed(order={"is": "Listen", "context": "idle"}),
        changed(order={"is": "Chime", "sound": "moo"}),
    ],
)
def test_what_was_not_agreed_on_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="no message that was agreed on"):
        PROTOCOL.decode(line)
