"""Every sentence that the assistant can say, with where it comes from.

Gathered from what is led (each routine, and each exercise alone) and from the templates of
`sentences`, filled with examples. It judges nothing: a test and a person read it.
"""

import inspect
import itertools
import typing
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

from assistant.content import sentences, words
from assistant.content.plan import compile_plan
from assistant.content.read import Library
from assistant.content.types import Item, Routine

_EXAMPLES: dict[str, tuple[Any, ...]] = {
    "time_of_day_s": (None, 54300.0),
    "side": ("", "left"),
    "period": ("today", "week", "month"),
    "name": ("bridge",),
    "reason": ("it is gone",),
    "wake": ("hey coach",),
    "here": ("bridge",),
    "pack": ("ice", "heat"),
    "rest_s": (0.0, 600.0),
    "timer_begun.seconds": (1200.0,),
    "delay_s": (None, 95.0),
    "here_s": (0.0, 45.0),
    "more_time.seconds": (10.0,),
}
"""By the name of a parameter (of a function), where its type doesn't say enough."""
_BY_TYPE: dict[Any, tuple[Any, ...]] = {
    int: (0, 1, 3),
    float: (600.0,),
    bool: (False, True),
    str: ("bridge",),
}
_MOST = 200
"""Fillings of one template; beyond it they only repeat."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or a few that are said in one breath."""

    text: str
    where: str
    """The name of a template, or a file of `routines`."""


def every_sentence(library: Library) -> list[Sentence]:
    """All of them, each once, in the order of a session: its own sentences, then the routines'."""
    found = [*_templates(), *_numbers(), *_led(library), *_told(library)]
    first: dict[str, Sentence] = {}
    for sentence in found:
        first.setdefault(sentence.text, sentence)
    return list(first.values())


def _templates() -> Iterator[Sentence]:
    for name, value in vars(sentences).items():
        where = f"sentences.{name}"
        if isinstance(value, FunctionType):
            if not name.startswith("_") and value.__module__ == sentences.__name__:
                yield from (Sentence(text, where) for text in _filled(value))
        elif name.isupper():
            yield from (Sentence(_example(text), where) for text in _texts(value))


def _texts(value: Any) -> Iterable[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for inner in value.values() for text in _texts(inner))
        case tuple() | list():
            yield from (text for inner in value for text in _texts(inner))


def _example(text: str) -> str:
    """A template's places filled, as far as they are known by name."""
    filled = {name: str(next(v for v in values if v)) for name, values in _EXAMPLES.items()}
    more = {"names": "bridge and side bend", "sat": "Twenty minutes", "length": "Two minutes"}
    more |= {"left": "Five minutes", "where": "bridge, left side"}
    return text.format_map({**filled, **more})


def _filled(template: FunctionType) -> Iterator[str]:
    parameters = inspect.signature(template).parameters
    hints = typing.get_type_hints(template)
    keywords = sum(p.kind is p.KEYWORD_ONLY for p in parameters.values())
    choices = [_values(template.__name__, name, hints.get(name)) for name in parameters]
    for values in itertools.islice(itertools.product(*choices), _MOST):
        text = template(*values[: len(values) - keywords], **_named(parameters, values, keywords))
        yield from _texts(text)


def _named(names: Iterable[str], values: Sequence[Any], keywords: int) -> dict[str, Any]:
    """The last ones, which are given by name."""
    pairs = list(zip(names, values, strict=True))
    return dict(pairs[len(pairs) - keywords :])


def _values(template: str, name: str, hint: Any) -> tuple[Any, ...]:
    for known in (f"{template}.{name}", name):
        if known in _EXAMPLES:
            return _EXAMPLES[known]
    if hint in _BY_TYPE:
        return _BY_TYPE[hint]
    if typing.get_origin(hint) is Sequence:
        return (["bridge", "side bend"],)
    for inner in typing.get_args(hint):
        if inner in _BY_TYPE:
            return (None, *_BY_TYPE[inner]) if type(None) in typing.get_args(hint) else ()
    raise TypeError(f"no example for {template}({name}: {hint})")


def _numbers() -> Iterator[Sentence]:
    for value in range(60):
        yield Sentence(f"{words.number(value).capitalize()}.", "words.number")


def _led(library: Library) -> Iterator[Sentence]:
    alone = [_alone(exercise.id, library) for exercise in library.exercises.values()]
    for routine in (*library.routines.values(), *alone):
        where = _name(routine.file)
        for segment in compile_plan(routine).segments:
            yield from (Sentence(cue.text, where) for cue in segment.cues)


def _alone(name: str, library: Library) -> Routine:
    """Each exercise, begun on either side: those that no routine uses are heard too."""
    exercise = library.exercises[name]
    items = tuple(
        Item(exercise=exercise, dose=exercise.dose, start_side=side) for side in ("left", "right")
    )
    return Routine(
        id=name,
        name=exercise.name,
        spoken_names=(exercise.spoken_name,),
        intro="",
        items=items,
        file=exercise.file,
    )


def _told(library: Library) -> Iterator[Sentence]:
    """What is told of an exercise, though not while it is led."""
    for exercise in library.exercises.values():
        where = _name(exercise.file)
        told = [*exercise.mistakes, *exercise.contraindications]
        if exercise.stop_if:
            told.append(f"Stop if {exercise.stop_if}.")
        yield from (Sentence(text, where) for text in told)


def _name(file: str) -> str:
    path = Path(file)
    inside = path.parent.name == "exercises"
    return f"routines/exercises/{path.name}" if inside else f"routines/{path.name}"
