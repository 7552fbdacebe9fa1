"""A routine as it is led: fitted to what is known of the person, and to the day.

Decides what is left out, exchanged or made lighter, and says why. The rules are `gate`'s and
`progress`'s; how a routine is changed is `content.variants`'s.
"""

from dataclasses import dataclass

from assistant.coach import gate
from assistant.coach.hours import DAY_S
from assistant.coach.known import known
from assistant.coach.progress import levelled
from assistant.coach.state import State
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


def fitted(state: State, name: str) -> Fitted:
    """The routine, without what doesn't suit this person today, easier on a bad day. On a day
    without trouble, and with nothing told, it is as it was written."""
    settings, health = state.settings, state.health
    routine = levelled(settings.routines[name], health, settings.exercises)
    why: list[str] = []

    def allowed(exercise: Exercise) -> bool:
        return health.yes.isdisjoint(exercise.leave_out_with)

    kept = only(routine, allowed)
    if len(kept.items) < len(routine.items):
        why.append(sentences.LEFT_OUT)
    if health.pain is not None and health.pain >= gate.EASIER_FROM and kept.items:
        kept = only(eased(kept, settings.exercises), allowed)
        why.append(sentences.EASIER_TODAY)
    strong = only(kept, lambda exercise: gate.suits(exercise, health))
    if len(strong.items) < len(kept.items):
        why.append(sentences.STRENGTH_WAITS)
    if early(state):
        upright = only(strong, lambda exercise: not exercise.flexion)
        if upright.items and len(upright.items) < len(strong.items):
            strong = upright
            why.append(sentences.EARLY)
    return Fitted(strong, tuple(why))


def leads(state: State, name: str) -> bool:
    """Whether there is anything of the routine that may be led; a power cut changes nothing in
    that."""
    if gate.red_flag(state.health):
        return False
    return name not in state.settings.routines or bool(fitted(state, name).routine.items)


def led(state: State, name: str) -> tuple[Plan, Routine | None]:
    """The plan that is led when the routine is asked for, and what it was made of. A plan that was
    made by hand is led as it is. `leads` has said that something is left."""
    settings = state.settings
    plan, routine = settings.plans[name], settings.routines.get(name)
    if routine is not None:
        suited = fitted(state, name).routine
        if suited != routine:
            plan, routine = compile_plan(suited), suited
    return told_to(plan, known(state)), routine


def early(state: State) -> bool:
    """In the first hour or so after getting up bending forward is best left out (Snook 1998)."""
    if state.civil_offset is None:
        return False
    return WAKES_S <= (state.now + state.civil_offset) % DAY_S < state.settings.spared_until_s
