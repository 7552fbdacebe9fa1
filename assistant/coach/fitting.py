"""A routine as it is led: fitted to what is known of the person, and to the day.

Decides what is left out, exchanged or made lighter, and says why. The rules are `suitability`'s and
`levels`'s; how a routine is changed is `content.variants`'s.
"""

from dataclasses import dataclass

from assistant.coach import suitability
from assistant.coach.familiarity import known
from assistant.coach.levels import levelled
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.plan import compile_plan, told_to
from assistant.content.types import Exercise, Plan, Routine
from assistant.content.variants import eased, only

WAKES_S = 4 * 3600.0
"""The morning begins here."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A routine as it suits today, and what to say of that."""

    routine: Routine
    why: tuple[str, ...] = ()


def fitted(turn: Turn, name: str) -> Fitted:
    """The routine, without what doesn't suit this person today, easier on a bad day. On a day
    without trouble, and with nothing told, it is as it was written."""
    settings, health = turn.settings, turn.person.health
    routine = levelled(settings.routines[name], health, settings.exercises)
    why: list[str] = []

    def allowed(exercise: Exercise) -> bool:
        return health.yes.isdisjoint(exercise.leave_out_with)

    kept = only(routine, allowed)
    if len(kept.items) < len(routine.items):
        why.append(sentences.LEFT_OUT)
    if health.pain is not None and health.pain >= suitability.EASIER_FROM and kept.items:
        kept = only(eased(kept, settings.exercises), allowed)
        why.append(sentences.EASIER_TODAY)
    strong = only(kept, lambda exercise: suitability.suits(exercise, health))
    if len(strong.items) < len(kept.items):
        why.append(sentences.STRENGTH_WAITS)
    if early(turn):
        upright = only(strong, lambda exercise: not exercise.flexion)
        if upright.items and len(upright.items) < len(strong.items):
            strong = upright
            why.append(sentences.EARLY)
    return Fitted(strong, tuple(why))


def led_plan(turn: Turn, name: str) -> tuple[Plan, Routine | None]:
    """The plan that is led when the routine is asked for, and what it was made of. A plan that was
    made by hand is led as it is. Whoever asks has seen to it that something is left."""
    plan, routine = turn.settings.plans[name], turn.settings.routines.get(name)
    if routine is not None:
        suited = fitted(turn, name).routine
        if suited != routine:
            plan, routine = compile_plan(suited), suited
    return told_to(plan, known(turn), turn.voice.pace), routine


def early(turn: Turn) -> bool:
    """In the first hour or so after getting up bending forward is best left out (Snook 1998)."""
    time_s = turn.time_of_day(turn.now)
    return time_s is not None and WAKES_S <= time_s < turn.settings.spared_until_s
