"""A routine as it is led: fitted to what is known of the person, and to the day.

Decides what is left out, exchanged or made lighter, and says why. The rules are `gate`'s and
`progress`'s; how a routine is changed is `content.variants`'s.
"""

from dataclasses import dataclass

from assistant.coach import gate
from assistant.coach.hours import DAY_S
from assistant.coach.progress import levelled
from assistant.coach.state import State
from assistant.content import sentences
from assistant.content.plan import compile_plan
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


def plan_for(state: State, name: str) -> Plan:
    """The plan that is led when the routine is asked for. One whose file isn't known (a plan made
    by hand) is led as it is, and so is one of which nothing would be left: `may_begin` has said no
    to it before."""
    settings = state.settings
    if name not in settings.routines:
        return settings.plans[name]
    routine = fitted(state, name).routine
    if routine == settings.routines[name] or not routine.items:
        return settings.plans[name]
    return compile_plan(routine)


def early(state: State) -> bool:
    """In the first hour or so after getting up bending forward is best left out (Snook 1998)."""
    if state.civil_offset is None:
        return False
    return WAKES_S <= (state.now + state.civil_offset) % DAY_S < state.settings.spared_until_s
