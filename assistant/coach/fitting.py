"""A routine as it is led: fitted to what is known of the person, and to the day.

Decides what is left out, exchanged or made lighter, and says why. Every way to an exercise comes
here: a start, an exchange, going on after a pause or a power cut. The rules are `suitability`'s and
`levels`'s; how a routine is changed is `content.eased_routine`'s.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from assistant.coach import suitability
from assistant.coach.events import Health
from assistant.coach.familiarity import known as familiar
from assistant.coach.levels import levelled
from assistant.coach.suitability import Known, Reason
from assistant.coach.turn import Turn
from assistant.coach.what_counts import EASIER_FROM
from assistant.coach.working_hours import DAY_S
from assistant.content import plan_sentences, sentences
from assistant.content.composing import composed
from assistant.content.eased_routine import eased, lighter, only
from assistant.content.plan import compile_plan, told_to
from assistant.content.safety_question_texts import ASKED_AGAIN_DAYS
from assistant.content.types import Exercise, Plan, Routine
from assistant.content.ways import FLOOR, connected

WHY = {
    Reason.NOT_ASKED: sentences.ONLY_SAFE,
    Reason.CONDITION: sentences.LEFT_OUT,
    Reason.FLOOR: plan_sentences.FLOOR_LEFT_OUT,
    Reason.STRENGTH: sentences.STRENGTH_WAITS,
    Reason.EARLY: sentences.EARLY,
}
"""What is said of it when something else is left. Red flags and much pain have their own words."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A routine as it suits today, and what to say of that."""

    routine: Routine
    why: tuple[str, ...] = ()
    reasons: frozenset[Reason] = frozenset()
    """Why something was left out."""
    enough: bool = True
    """Whether more than half of it is left, the time of day set aside."""


# --- what is known -------------------------------------------------------------


def known(turn: Turn, name: str) -> Known:
    """What is known now of whom a routine is for."""
    settings, person = turn.settings, turn.person
    plan = settings.plans.get(name)
    unasked = plan is None or not suitability.asks(plan) or not settings.ask_pain
    health = health_now(turn)
    return Known(
        health=health,
        screened=screened(turn),
        pain_answered=(health.pain is not None and not person.unanswered) or unasked,
        early=early(turn),
        gentle=name == turn.gentle,
        floor=turn.floor,
    )


def health_now(turn: Turn) -> Health:
    """What was told, with the pain that still counts: not that of days ago, nor that before a
    session after which there was less."""
    person = turn.person
    told = person.health.pain
    pain = suitability.pain_still(person.pain_told, turn.now)
    if pain is None and told is not None and told < EASIER_FROM:
        pain = told
    return person.health if pain == told else replace(person.health, pain=pain)


def screened(turn: Turn) -> bool:
    """Whether the safety questions were answered within three months. Who has switched them off
    answers for themselves, as long as what was told before can be read."""
    person = turn.person
    if person.health.screened and person.screened_at is not None:
        return turn.now - person.screened_at < ASKED_AGAIN_DAYS * DAY_S
    return person.health.screened or not (turn.settings.screening or person.health.unknown)


def early(turn: Turn) -> bool:
    """In the first hour or so after getting up."""
    time_s = turn.time_of_day(turn.now)
    return time_s is not None and suitability.WAKES_S <= time_s < turn.settings.spared_until_s


def early_at(turn: Turn) -> float | None:
    """When that begins next, in monotonic seconds; None where no clock tells."""
    time_s = turn.time_of_day(turn.now)
    if time_s is None:
        return None
    return turn.now + ((suitability.WAKES_S - time_s) % DAY_S or DAY_S)


def suits(turn: Turn, exercise: Exercise, name: str) -> bool:
    """Whether it may be led now in this routine."""
    return suitability.against(exercise, known(turn, name)) is None


# --- the routine ----------------------------------------------------------------


def fitted(turn: Turn, name: str) -> Fitted:
    """The routine, without what doesn't suit this person today, easier on a bad day. On a day
    without trouble, and with all that matters told, it is as it was written."""
    now = known(turn, name)
    left, reasons = _fit(turn, name, now)
    later = _fit(turn, name, replace(now, early=False))[0] if now.early else left
    why = [WHY[reason] for reason in sorted(reasons) if reason in WHY and left.items]
    if _hurts(now) and left.items:
        why.insert(0, sentences.EASIER_TODAY)
    wanted = turn.settings.routines[name]
    enough = bool(left.items) if wanted.minutes else own(later) * 2 > own(wanted)
    return Fitted(left, tuple(why), reasons, enough)


def own(routine: Routine) -> int:
    """How many exercises it is led for."""
    return sum(not item.around for item in routine.items)


def mostly_suits(turn: Turn, name: str) -> bool:
    """Whether more than half of a routine suits somebody on a good day, by what they have told of
    themselves."""
    routine, told = turn.settings.routines[name], suitability.conditions(turn.person.health)
    floor = turn.floor
    if routine.minutes or (floor and not told):
        return True
    suiting = only(routine, lambda one: suitability.always_against(one, told, floor=floor) is None)
    return own(suiting) * 2 > own(routine)


def kept_off(turn: Turn, name: str) -> bool:
    """Whether half of a routine or more is on the floor, where somebody doesn't get down to it."""
    routine = turn.settings.routines[name]
    upright = only(routine, lambda one: one.position not in FLOOR)
    return not (turn.floor or routine.minutes) and own(upright) * 2 <= own(routine)


def suits_today(turn: Turn, name: str) -> bool:
    """Whether more than half of a routine suits today, and something of it just now."""
    fit = fitted(turn, name)
    return fit.enough and bool(fit.routine.items)


def instead(turn: Turn, suits: Callable[[Turn, str], bool] = suits_today, day: int = 0) -> str:
    """What suits somebody where the routine that was to come doesn't: the gentle one; else, in turn
    by the day, those called as what they have told of, and the first that is there for it. Empty:
    none."""
    settings = turn.settings
    told = sorted(suitability.conditions(turn.person.health))

    def suiting(*names: str) -> list[str]:
        return [one for one in names if one in settings.routines and suits(turn, one)]

    if suiting(turn.gentle):
        return turn.gentle
    several = [*suiting(*told), *suiting(*settings.instead)[:1]]
    return several[day // 2 % len(several)] if several else ""


def _fit(turn: Turn, name: str, now: Known) -> tuple[Routine, frozenset[Reason]]:
    """What of a routine is led, and why the rest of it isn't."""
    exercises = turn.settings.exercises
    reasons: set[Reason] = set()

    def allowed(exercise: Exercise) -> bool:
        reason = suitability.against(exercise, now)
        if reason is not None:
            reasons.add(reason)
        return reason is None

    def may_become(exercise: Exercise) -> bool:
        """What is too much today may have an easier neighbour that isn't; what a condition or the
        floor speaks against is left out."""
        left_out = suitability.against(exercise, now) in (Reason.CONDITION, Reason.FLOOR)
        return allowed(exercise) if left_out else True

    if turn.settings.routines[name].minutes:
        return _made(turn, name, [one for one in exercises.values() if allowed(one)], now, reasons)
    routine = levelled(turn.settings.routines[name], now, exercises)
    if _hurts(now):
        routine = eased(only(routine, may_become), exercises)
    routine = connected(only(routine, allowed))
    return (routine if own(routine) else replace(routine, items=())), frozenset(reasons)


def _made(
    turn: Turn, name: str, allowed: Sequence[Exercise], now: Known, reasons: Collection[Reason]
) -> tuple[Routine, frozenset[Reason]]:
    """What is made today of what may be led; lighter where it hurts. What else there would be
    matters only where nothing is left."""
    hurts = _hurts(now)
    routine = composed(
        turn.settings.routines[name],
        allowed,
        turn.person.times,
        levels={} if hurts else now.health.levels,
        known=familiar(turn),
    )
    if hurts:
        items = [replace(i, dose=lighter(i.dose, i.exercise.mode)) for i in routine.items]
        routine = replace(routine, items=tuple(items))
    return routine, frozenset() if routine.items else frozenset(reasons)


def _hurts(now: Known) -> bool:
    return now.health.pain is not None and now.health.pain >= EASIER_FROM


def length_s(turn: Turn, name: str) -> float:
    """How long the routine takes, by what is known, once it is known how much it hurts; as it was
    written where nothing of it would be left."""
    plan, routine = turn.settings.plans[name], turn.settings.routines[name]
    suited, _ = _fit(turn, name, replace(known(turn, name), screened=True, pain_answered=True))
    if suited.items and suited != routine:
        plan = compile_plan(suited)
    return told_to(plan, familiar(turn), turn.voice.pace).total_s


def led_plan(turn: Turn, name: str) -> tuple[Plan, Routine | None]:
    """The plan that is led when the routine is asked for, and what it was made of. A plan that was
    made by hand is led as it is. Whoever asks has seen to it that something is left."""
    plan, routine = turn.settings.plans[name], turn.settings.routines.get(name)
    if routine is not None:
        suited = fitted(turn, name).routine
        if suited != routine:
            plan, routine = compile_plan(suited), suited
    return told_to(plan, familiar(turn), turn.voice.pace), routine
