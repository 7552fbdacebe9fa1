"""A dose in few words, and which of its keys make sense with the mode and sides of an exercise.

Decides what would do nothing, or says one thing twice, as people write who mean another mode; each
cure is a line that can be written as it stands.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.content.toml_lines import Key
from assistant.content.toml_reader import Problem, shown
from assistant.content.types import Exercise, Item, Mode, Sides
from assistant.content.where_in_file import Place

_HOLDS = (Mode.HOLD, Mode.HOLD_REPS, Mode.TIMED)
_REPEATS = (Mode.REPS, Mode.HOLD_REPS, Mode.BREATHS)
TEMPO = re.compile(r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,2}")
TEMPO_S = (2, 30)
"""What one repetition may take."""


def dose_problems(
    exercise: Exercise, dose: Mapping[str, Any], key: Key, place: Place
) -> Iterable[Problem]:
    mode = exercise.mode
    if "hold_s" in dose and mode not in _HOLDS:
        yield place.problem(
            (*key, "hold_s"),
            "a hold",
            f"no hold: {exercise.id} has mode {mode}, so tempo_s says how long one takes",
            _instead("tempo_s", dose["hold_s"], TEMPO_S, dose, "tempo"),
        )
    if dose.get("reps", 1) != 1 and mode not in _REPEATS:
        yield place.problem(
            (*key, "reps"),
            "repetitions",
            f"none: {exercise.id} has mode {mode}, which is done in sets",
            f'{_instead("sets", dose["reps"], (1, 10), dose)}, or give it mode = "hold_reps"',
        )
    yield from _tempo_problems(exercise, dose, key, place)
    yield from _set_problems(exercise, dose, key, place)
    yield from _side_problems(exercise, dose, key, place)


def _instead(
    name: str, value: Any, limits: tuple[int, int], dose: Mapping[str, Any], *others: str
) -> str:
    """The other key with this value, if it isn't there already."""
    if any(one in dose for one in (name, *others)) or not isinstance(value, int | float):
        return "remove it"
    return f"write {name} = {min(max(value, limits[0]), limits[1]):g}"


def _tempo_problems(
    exercise: Exercise, dose: Mapping[str, Any], key: Key, place: Place
) -> Iterable[Problem]:
    tempo = dose.get("tempo", "")
    if not isinstance(tempo, str) or not tempo:
        return
    low, high = TEMPO_S
    good = TEMPO.fullmatch(tempo) is not None
    if exercise.mode is not Mode.REPS:
        yield place.problem(
            (*key, "tempo"), "a tempo", f"none: {exercise.id} has mode {exercise.mode}", "remove it"
        )
    elif not good or not low <= sum(map(int, tempo.split("-"))) <= high:
        yield place.problem(
            (*key, "tempo"),
            shown(tempo),
            f"whole seconds there, stay and back, {low:g} to {high:g} in all",
            'write tempo = "2-1-3"',
        )
    elif "tempo_s" in dose:
        yield place.problem((*key, "tempo_s"), "a tempo as well", "one of the two", "remove it")


def _set_problems(
    exercise: Exercise, dose: Mapping[str, Any], key: Key, place: Place
) -> Iterable[Problem]:
    by_set = dose.get("set_reps", [])
    if not by_set or not isinstance(by_set, list):
        return
    if exercise.mode not in _REPEATS:
        yield place.problem(
            (*key, "set_reps"),
            "repetitions",
            f"none: {exercise.id} has mode {exercise.mode}, which is done in sets",
            _instead("sets", len(by_set), (1, 10), dose),
        )
        return
    for other in ("reps", "sets"):
        if other in dose:
            yield place.problem((*key, other), "set_reps as well", "one of the two", "remove it")


def _side_problems(
    exercise: Exercise, dose: Mapping[str, Any], key: Key, place: Place
) -> Iterable[Problem]:
    none = exercise.sides is Sides.NONE
    for name, found, wrong, why in (
        ("switch_s", "a time to switch sides", none, "has no sides"),
        ("start_side", "a side to start with", none, "has no sides"),
        (
            *("only_side", "one side", exercise.sides is not Sides.LEFT_RIGHT),
            "has no left and right to choose from",
        ),
    ):
        if name in dose and wrong:
            yield place.problem((*key, name), found, f"none: {exercise.id} {why}", "remove it")


def card(item: Item) -> str:
    """As one writes it on a card: "3 x 5 s a side"."""
    dose, exercise = item.dose, item.exercise
    times = "-".join(map(str, dose.set_reps)) or (str(dose.reps) if dose.reps > 1 else "")
    match exercise.mode:
        case Mode.HOLD | Mode.TIMED:
            text = f"{dose.hold_s:g} s"
        case Mode.HOLD_REPS:
            text = f"{times or 1} x {dose.hold_s:g} s"
        case Mode.BREATHS:
            text = f"{times or 1} breaths"
        case _:
            text = f"{times or 1} times"
    if dose.sets > 1 and not dose.set_reps:
        text = f"{dose.sets} sets of {text}"
    if item.only_side:
        return f"{text}, {item.only_side} only"
    return text if exercise.sides is Sides.NONE else f"{text} a side"
