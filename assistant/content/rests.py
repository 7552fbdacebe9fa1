"""What is said, and how long it takes, between the sides, the sets and the exercises of a plan.

Decides when one may come down from hands and knees. What leads into the work after it is `plan`'s.
"""

import re
from collections.abc import Sequence

from assistant.content import words
from assistant.content.limits import sentences
from assistant.content.stretches import LEAD_S, Line, Paced, cue, cues, stretch
from assistant.content.types import Dose, Exercise, Item, Kind, Position, Segment

_ANNOUNCE_S = 9.0
"""How long before the end of a rest the next exercise is named."""
_REST_SAID_FROM_S = 5.0
"""A shorter rest runs straight into the next exercise, which says its own name."""
TIRING = (Position.ALL_FOURS, Position.HALF_KNEELING)
"""In these one moves, and doesn't wait."""
_COME_DOWN = "Come down and rest, any way you like."
_DOWN_AGAIN = "Come down, any way you like."
"""The same, where it is said already that one rests."""
_COME_DOWN_FROM_S = 25.0
"""A rest between two sets, or two sides, in which there is time to come down, and up again."""
_UP_AGAIN = "Onto your hands and knees again."
_UP_AGAIN_S = 6.0


def switch(
    exercise: Exercise,
    dose: Dose,
    index: int,
    side: str,
    into: Sequence[Paced],
    *,
    comes_down: bool,
) -> Segment:
    """From one side to the other. What is said while one changes leaves time for it."""
    ending = _coming_down(exercise) if comes_down else ending_of(exercise)
    up = [(_UP_AGAIN, _UP_AGAIN_S)] if comes_down else []
    lines = [
        *(*ending, cue("Switch sides.")),
        cue(f"{side.capitalize()} {exercise.side}."),
        *cues(sided(exercise.switch, side)),
    ]
    return stretch(
        Kind.SWITCH,
        index,
        f"Switch to the {side} side",
        lines,
        max(dose.switch_s, _COME_DOWN_FROM_S * comes_down),
        side=side,
        last=[*up, *into],
        after_s=LEAD_S,
    )


def between_sets(
    exercise: Exercise,
    dose: Dose,
    index: int,
    set_number: int,
    side: str,
    into: Sequence[Paced],
) -> Segment:
    """A rest; whoever changes sides in it, or legs, is told at its beginning and has all of it."""
    named = f"Set {words.number(set_number)}{f', {side} {exercise.side}' if side else ''}."
    changed = [
        *sentences(sided(exercise.switch, side) if side else ""),
        *sentences(sided(exercise.between_sets, side)),
    ]
    early = side or changed
    down = exercise.position is Position.ALL_FOURS and dose.rest_s >= _COME_DOWN_FROM_S
    rests = _coming_down(exercise) if down else _resting(exercise)
    up = [(_UP_AGAIN, _UP_AGAIN_S)] if down else []
    return stretch(
        Kind.REST,
        index,
        f"Rest, then set {set_number}",
        [*rests, *map(cue, [named, *changed] if early else [])],
        dose.rest_s,
        side=side,
        last=[*up, *([] if early else [(named, 0.0)]), *into],
        lead_s=2.0,
        after_s=LEAD_S,
    )


def ending_of(exercise: Exercise) -> list[Line]:
    """The end of a side."""
    return [cue(exercise.release), *cues(exercise.done)]


def _resting(exercise: Exercise) -> list[Line]:
    """The end of the work, and that it is a rest, unless that is said already."""
    return [*ending_of(exercise), *([] if _says_rest(exercise) else [cue("And rest.")])]


def _coming_down(exercise: Exercise) -> list[Line]:
    """The end of the work on hands and knees, and that one needn't stay there."""
    return [*ending_of(exercise), cue(_DOWN_AGAIN if _says_rest(exercise) else _COME_DOWN)]


def _says_rest(exercise: Exercise) -> bool:
    return re.search(r"\b(rest|relax)\b", f"{exercise.release} {exercise.done}".lower()) is not None


def rest(item: Item, index: int, following: Exercise) -> Segment:
    """After an exercise, with the name of the next one."""
    lines = ending_of(item.exercise)
    announce: list[Paced] = []
    if item.exercise.position in TIRING and following.position in TIRING:
        lines = _coming_down(item.exercise)
    elif item.dose.rest_s >= _REST_SAID_FROM_S:
        lines = _resting(item.exercise)
    if item.dose.rest_s >= _REST_SAID_FROM_S:
        announce = [(f"Next, {following.spoken_name}.", 0.0)]
    title = f"Rest, then {_within(following.name)}"
    return stretch(
        Kind.REST, index, title, lines, item.dose.rest_s, last=announce, lead_s=_ANNOUNCE_S
    )


def _within(name: str) -> str:
    """A name in the midst of a sentence: McGill keeps his capital."""
    return name if re.match(r"\w+[A-Z]", name) else f"{name[:1].lower()}{name[1:]}"


def sided(text: str, side: str) -> str:
    """A sentence about this side."""
    other = "right" if side == "left" else "left"
    return text.replace("{side}", side).replace("{other}", other)
