"""What is said about when an exercise is not for somebody, and when to end it.

Decides the wording, which sessions begin with the reasons to end at once, and what of an exercise's
own is told the first times: whom it is not for with each, before anybody gets into position for
it, the rest with its steps, once in a routine. All of it answers whoever asks why or how. With
which condition an exercise isn't led at all is the table's in `conditions`; here it is only said.
"""

from collections.abc import Collection, Mapping

from assistant.content import words
from assistant.content.conditions import Condition, Movement
from assistant.content.types import Exercise, Phase, Position

LONG_S = 300.0
"""A session of at least this length begins with the reasons to end, and the question about pain."""
ANY_PAIN = "the pain gets worse, or spreads down your leg"
"""The reason that every exercise shares: said once, at the start."""
END_AT_ONCE = (
    "End it at once if the pain gets worse, or spreads down your leg. "
    "Also if you are numb or dizzy, or your chest hurts: then get help."
)
_LEFT_OUT = "leave this one out"
SAY_NEXT = "Say next, and we go on without it."
_UPRIGHT = (Position.STANDING, Position.SEATED)
_CONDITIONS: Mapping[Condition, tuple[str, ...]] = {
    Condition.OSTEOPOROSIS: ("osteoporosis",),
    Condition.STENOSIS: ("a narrow spinal canal", "a slipped vertebra"),
    Condition.LEG_PAIN: ("pain below the knee",),
    Condition.HIP_REPLACEMENT: ("a hip replacement",),
}
_UNCLEARED: Mapping[Condition, tuple[str, ...]] = {
    Condition.SURGERY: ("after a back operation",),
    Condition.PREGNANCY: ("in pregnancy",),
}
"""Nearly every exercise is left out with these: they are asked for, and said on demand."""
_BACKWARDS = frozenset({Movement.EXTENSION, Movement.END_EXTENSION})


def delicate(exercise: Exercise) -> bool:
    """Whether a session with it begins like a long one, however short it is: it strengthens, or,
    lying, bends the back backwards, which may draw pain into the leg. What doesn't state its
    movements may do that."""
    moved = exercise.movements
    bends = moved is None or not _BACKWARDS.isdisjoint(moved)
    return exercise.phase is Phase.STRENGTH or (exercise.position is Position.PRONE and bends)


def ahead(exercise: Exercise, said: Collection[str] = ()) -> tuple[str, ...]:
    """Before one turns over, or gets down: whom it is not for, since it is about this one; and how
    to leave it out, unless the routine has `said` that. Upright the steps are
    soon enough."""
    if exercise.position in _UPRIGHT:
        return ()
    told = _left_out(exercise, said)
    return (*told, SAY_NEXT) if told and SAY_NEXT not in said else told


def briefly(exercise: Exercise, said: Collection[str] = ()) -> tuple[str, ...]:
    """With the steps, sentence by sentence, without what the routine has `said` before; but whom an
    exercise is not for is said with each, in short where it was `said` at length."""
    own = exercise.stop_if if exercise.stop_if != ANY_PAIN else ""
    told = _left_out(exercise, said)
    cautions = (*exercise.contraindications, *_end_if(own))
    rest = tuple(text for text in cautions if text not in (*told, *said))
    return (*told, *rest) if exercise.position in _UPRIGHT else rest


def _left_out(exercise: Exercise, said: Collection[str]) -> tuple[str, ...]:
    own = (text for text in exercise.contraindications if _LEFT_OUT in text)
    conditions = not_with(exercise)
    return (*(in_short(exercise) if {*conditions} & {*said} else conditions), *own)


def everything(exercise: Exercise) -> tuple[str, ...]:
    """For whoever asks."""
    return (
        *not_with(exercise),
        *_not_uncleared(exercise),
        *exercise.contraindications,
        *_end_if(exercise.stop_if),
    )


def in_short(exercise: Exercise) -> tuple[str, ...]:
    """Whom it is not for: on paper, and where it was said at length before."""
    names = _named(exercise, _CONDITIONS)
    return (f"Not with {words.listing(names, 'or')}.",) if names else ()


def not_with(exercise: Exercise) -> list[str]:
    """Whom it is not for."""
    names = _named(exercise, _CONDITIONS)
    listed = words.listing(names, "or")
    return [f"With {listed}, {_LEFT_OUT}."] if names else []


def _not_uncleared(exercise: Exercise) -> list[str]:
    names = _named(exercise, _UNCLEARED)
    until = "until a professional agrees"
    return [f"Leave it out {words.listing(names, 'or')}, {until}."] if names else []


def _named(exercise: Exercise, names: Mapping[Condition, tuple[str, ...]]) -> list[str]:
    if exercise.movements is None:
        return []  # its author has said nothing of it; the coach leaves it out
    left_out = (names[condition] for condition in names if condition in exercise.leave_out_with)
    return [name for several in left_out for name in several]


def _end_if(reason: str) -> list[str]:
    return [f"End it if {reason}."] if reason else []
