"""The first text of a routine: six answers become some twelve lines of TOML.

Decides which exercises are suggested for what, and how the file is laid out. Who is asked, and
where the file goes, is the command line's business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.content.plan import compile_plan
from assistant.content.types import Exercise, Item, Phase, Position, Routine

PURPOSES: Mapping[str, Sequence[str]] = {
    "gentle": (
        *("pelvic-tilt", "knee-rolls", "abdominal-brace", "back-arch", "draw-in", "knee-to-chest"),
        *("cat-stretch", "bottom-to-heels"),
    ),
    "mobility": (
        *("knee-rolls", "knee-to-chest", "back-arch", "figure-four", "hamstring-towel"),
        *("cat-stretch", "kneeling-rock", "hip-flexor"),
    ),
    "strength": (
        *("bridge", "dead-bug", "curl-up", "plank-knees", "side-plank-knees", "donkey-kick"),
        "bird-dog",
    ),
    "desk": (
        *("desk-back-bend", "desk-shoulder-squeeze", "desk-side-bend", "desk-quad-stretch"),
        *("desk-draw-in", "desk-trunk-turn", "desk-hamstring-stretch"),
    ),
}
"""What somebody may want a routine for, and what suits that, in an order with few changes of
position; "strength" is for days when the pain has receded."""

_FLOOR_S = 30
_GET_DOWN = "Hold on to a chair, and come down to the mat."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody answered."""

    id: str
    name: str
    spoken_name: str
    exercises: tuple[str, ...]
    start_side: str = "left"


def suggest(purpose: str, minutes: float, known: Mapping[str, Exercise]) -> list[str]:
    """As many of the exercises that suit `purpose` as take this long or a little less."""
    chosen: list[str] = []
    for name in (one for one in PURPOSES[purpose] if one in known):
        if chosen and length_s([*chosen, name], known) > minutes * 60 + 15:
            break
        chosen.append(name)
    return chosen


def length_s(names: Sequence[str], known: Mapping[str, Exercise]) -> float:
    """What a routine of these takes."""
    items = tuple(_placed(known[name], number, known, names) for number, name in enumerate(names))
    routine = Routine(
        id="x", name="X", spoken_names=("my own",), intro=_intro(names, known), items=items
    )
    return compile_plan(routine).total_s


def _intro(names: Sequence[str], known: Mapping[str, Exercise]) -> str:
    ease = "Ease off if it hurts, and tell me to stop at any time."
    if any(known[name].phase is Phase.STRENGTH for name in names):
        return f"For days when the pain has receded. {ease}"
    return ease


def _placed(
    exercise: Exercise, number: int, known: Mapping[str, Exercise], names: Sequence[str]
) -> Item:
    setup, setup_s = _setup(number, known, names)
    dose = replace(exercise.dose, setup_s=setup_s or exercise.dose.setup_s)
    return Item(exercise=replace(exercise, setup=setup or exercise.setup), dose=dose)


def _setup(
    number: int, known: Mapping[str, Exercise], names: Sequence[str]
) -> tuple[str, float | None]:
    """Another way to get into position, where the exercise's own doesn't suit, and its time."""
    exercise = known[names[number]]
    before = known[names[number - 1]].position if number else Position.STANDING
    standing = (Position.STANDING, Position.SEATED)
    if before in standing and exercise.position not in standing:
        return f"{_GET_DOWN} {exercise.setup}", _FLOOR_S
    if before not in standing and exercise.position in standing:
        return f"Hold on to a chair, and come up, one foot first. {exercise.setup}", _FLOOR_S
    if before is exercise.position and exercise.position not in standing:
        return "", 5
    return "", None if exercise.dose.setup_s >= 10 or exercise.position in standing else 15


def text(wish: Wish, known: Mapping[str, Exercise], schema: str) -> str:
    """The file; `schema` is where editors find its schema."""
    lines = [
        f"#:schema {schema}",
        "# Below `use` anything of the exercise's dose may be changed: hold_s, reps, sets, rest_s,",
        "# tempo_s ... (_s means seconds). Then: assistant routines check, assistant rehearse.",
        f'id = "{wish.id}"',
        f'name = "{_escaped(wish.name)}"',
        f'spoken_names = ["{wish.spoken_name}"] # what you say: start {wish.spoken_name}',
        f'intro = "{_intro(wish.exercises, known)}"',
    ]
    if wish.start_side != "left":
        lines.append(f'start_side = "{wish.start_side}"')
    for number, name in enumerate(wish.exercises):
        setup, setup_s = _setup(number, known, wish.exercises)
        lines += ["", "[[exercise]]", f'use = "{name}"']
        if setup:
            lines.append(f'setup = "{_escaped(setup)}"')
        if setup_s is not None:
            lines.append(f"setup_s = {setup_s:g}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
