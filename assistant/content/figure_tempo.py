"""When a figure is where: the work of an exercise as a way through its postures.

Decides how long each part of the movement takes, from the dose, and where in it one is at a moment
of the work. The postures are `figures`', the coach's own times are the plan's.
"""

from itertools import pairwise

from assistant.content.types import Exercise, Kind, Mode, Sides

Tempo = tuple[tuple[float, float], ...]
"""(seconds from the start, where: see `figures.moment`), from 0 to the end of a round."""

MOVE_S, REST_S, HELD_S = 2.0, 1.0, 3.0
"""There or back where the dose doesn't say; before the next one; a hold, where it is only shown."""
FRAME_S, _MOST = 0.2, 8
"""A drawing that moves has a place this often, and no more of them between two postures."""


def tempo(exercise: Exercise) -> Tempo:
    """One round of its movement, as its own dose has it; a long hold is shown shortened."""
    assert exercise.figure is not None
    dose, count = exercise.dose, len(exercise.figure.postures)
    there_s, stay_s, back_s, rest_s = MOVE_S, 0.0, MOVE_S, 0.0
    if exercise.mode in (Mode.HOLD, Mode.HOLD_REPS):
        there_s = dose.move_s or MOVE_S
        stay_s, rest_s = min(dose.hold_s, HELD_S), REST_S
    elif exercise.mode is Mode.REPS and dose.tempo:
        there_s, stay_s, back_s = map(float, dose.tempo.split("-"))
    elif exercise.mode is not Mode.TIMED:
        there_s = back_s = dose.tempo_s / 2
    rounds = 2 if exercise.sides is Sides.ALTERNATING and count == 4 else 1
    steps = count // rounds
    found, at_s, at = [(0.0, 0.0)], 0.0, 0
    for _ in range(rounds):
        for _ in range(steps - 1):
            at_s, at = at_s + there_s / (steps - 1), at + 1
            found.append((at_s, float(at)))
        for length_s, onward in ((stay_s, 0), (back_s, 1), (rest_s, 0)):
            if length_s:
                at_s, at = at_s + length_s, at + onward
                found.append((at_s, float(at)))
    return tuple(found)


def where(tempo_: Tempo, elapsed_s: float) -> float:
    """Where in the postures a movement is that goes round and round."""
    left_s = elapsed_s % tempo_[-1][0]
    for (before_s, one), (after_s, other) in pairwise(tempo_):
        if left_s <= after_s:
            return one + (other - one) * (left_s - before_s) / (after_s - before_s)
    return tempo_[-1][1]


def moments(tempo_: Tempo) -> Tempo:
    """The same round with the steps between, from which a drawing that moves is made."""
    found = [tempo_[0]] if tempo_ else []
    for (before_s, one), (after_s, other) in pairwise(tempo_):
        steps = 1 if one == other else min(max(1, round((after_s - before_s) / FRAME_S)), _MOST)
        for step in range(1, steps + 1):
            share = step / steps
            found.append((before_s + (after_s - before_s) * share, one + (other - one) * share))
    return tuple(found)


def in_work(exercise: Exercise, part: str, elapsed_s: float) -> float:
    """Where the figure is while an exercise is led: it shows the movement while it is told, holds
    while one holds, and rests while one rests."""
    assert exercise.figure is not None
    if part == Kind.WORK and exercise.mode in (Mode.HOLD, Mode.HOLD_REPS):
        return float(exercise.figure.shows - 1)
    if part in (Kind.RELEASE, Kind.REST, Kind.OUTRO):
        return 0.0
    return where(tempo(exercise), elapsed_s)
