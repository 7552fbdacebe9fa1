"""What stands in a routine's file, and the routine that it makes.

Decides what an entry changes of its exercise. Which files there are, and whether they can be used,
is `routine_reader`'s business.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.content.composing import composed, with_around
from assistant.content.limits import plain
from assistant.content.types import (
    Around,
    Count,
    Dose,
    Exercise,
    Item,
    Position,
    Prompt,
    Routine,
    Sound,
    Source,
)
from assistant.content.ways import FLOOR, gets_up


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One [[exercise]] of a routine: which one, and this routine's dose where it differs."""

    use: str
    start_side: Side | None = None
    only_side: Side | None = None
    """This side alone, such as the one that wants more of it."""
    setup: str = ""
    """Said instead of the exercise's own, when one is in position already."""
    hold_s: float | None = None
    reps: int | None = None
    sets: int | None = None
    release_s: float | None = None
    rest_s: float | None = None
    switch_s: float | None = None
    setup_s: float | None = None
    ready_s: float | None = None
    move_s: float | None = None
    tempo_s: float | None = None
    tempo: str | None = None
    set_reps: tuple[int, ...] | None = None
    count: Count | None = None
    cues: tuple[Prompt, ...] | None = None
    """Said instead of the exercise's own cues."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineFile:
    """What stands in a routine's file: exercises, or the minutes that are made of what is due."""

    id: str
    name: str
    exercise: tuple[Entry, ...] = ()
    minutes: int = 0
    """Instead of exercises: so long it is made, anew each time, of what suits and is due."""
    positions: tuple[Position, ...] = ()
    """With minutes: only in these positions."""
    warm_up: bool = False
    """Take a warm-up for the first position."""
    cool_down: bool = False
    """Take a cool-down in the last position."""
    spoken_names: tuple[str, ...] = ()
    """What to call it; without any it is called by its name."""
    intro: str = ""
    """Said at the start, after its name and how long it takes."""
    outro: str = "That's it. Well done."
    start_side: Side = Side.LEFT
    """Which side comes first, unless an exercise says otherwise."""
    sound: Sound = Sound.FULL
    total_s: float = 0.0
    """How long it is meant to take; `assistant routines check` says if it doesn't."""
    sources: tuple[Source, ...] = ()


def settled(dose: Dose) -> Dose:
    """A written tempo says how long a repetition takes."""
    if not dose.tempo:
        return dose
    return dataclasses.replace(dose, tempo_s=float(sum(map(int, dose.tempo.split("-")))))


def _dose(own: Dose, entry: Entry) -> Dose:
    """The exercise's own dose with what the routine says; of two ways to say one thing, the
    routine's holds."""
    names = [field.name for field in dataclasses.fields(Dose)]
    given: dict[str, Any] = {
        name: value for name in names if (value := getattr(entry, name)) is not None
    }
    if "tempo_s" in given:
        given.setdefault("tempo", "")
    if "reps" in given or "sets" in given:
        given.setdefault("set_reps", ())
    return settled(dataclasses.replace(own, **given))


def made_of(file: RoutineFile, path: str, exercises: Mapping[str, Exercise]) -> Routine:
    """The routine; one that is made of what is due is there as for somebody who is new."""
    routine = Routine(
        id=file.id,
        name=file.name,
        spoken_names=file.spoken_names or (plain(file.name),),
        intro=file.intro,
        items=tuple(_item(exercises[entry.use], entry, file.start_side) for entry in file.exercise),
        outro=file.outro,
        sound=file.sound,
        total_s=file.total_s,
        minutes=file.minutes,
        positions=file.positions,
        file=path,
        sources=file.sources,
    )
    if file.minutes:
        return composed(routine, exercises.values(), {})
    routine = _from_one_to_the_next(routine)
    asked = {Around.WARM_UP: file.warm_up, Around.COOL_DOWN: file.cool_down}
    return with_around(routine, exercises.values(), [one for one, on in asked.items() if on])


def _item(exercise: Exercise, entry: Entry, start_side: Side) -> Item:
    own: dict[str, Any] = {
        name: value
        for name in ("setup", "count", "cues")
        if (value := getattr(entry, name)) not in (None, "")
    }
    side = entry.start_side or start_side
    return Item(
        exercise=dataclasses.replace(exercise, **own),
        dose=_dose(exercise.dose, entry),
        start_side=side.value,
        only_side=entry.only_side.value if entry.only_side else "",
        own_setup=exercise.setup if "setup" in own else "",
    )


def _from_one_to_the_next(routine: Routine) -> Routine:
    """Each way was written for the position before it, and the last sentence for the last one."""
    places = [item.exercise.position for item in routine.items]
    before = zip(routine.items, [Position.STANDING, *places], strict=False)
    items = (dataclasses.replace(item, after=place) for item, place in before)
    lying = places[-1] in FLOOR and not gets_up(routine.outro.strip())
    return dataclasses.replace(routine, items=tuple(items), ends=places[-1], stays_lying=lying)
