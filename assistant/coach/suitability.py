"""What suits a person today: the rules for pain, and for what was told of the back.

Decides which exercises may be led, when strengthening waits, and what counts as a red flag. Pure
functions of what is known; the questions are put by `asking`, the routine is fitted by `fitting`.

Pain goes by the convention of physiotherapists in the UK: up to 3 of 10 carry on, 4 and 5 take it
easier, from 6 on rest or only gently. Strengthening waits while it hurts (4 and more), after two
sessions in a row that ended with more pain, and where a person doesn't know yet what is allowed
after an operation or in pregnancy. Who doesn't answer decides for themselves; but an answer of 4 or
more holds for two hours, so that asking for the routine again doesn't undo it.
"""

from collections.abc import Collection, Sequence

from assistant.coach.events import Health
from assistant.content import sentences
from assistant.content.types import Condition, Exercise, Phase, Plan

EASIER_FROM = 4
REST_FROM = 6
WORSE_IN_A_ROW = 2
PAIN_LASTS_S = 2 * 3600.0
ASKS_FROM_S = 300.0
"""A shorter routine without strengthening begins without questions."""
FORTNIGHT_DAYS = 14
QUARTER_DAYS = 91

RED_FLAGS = {
    "numbness": sentences.EMERGENCY,
    "bladder": sentences.EMERGENCY,
    "weakness": sentences.EMERGENCY,
    "accident": sentences.EMERGENCY,
    "unwell": sentences.URGENT,
}
"""What is said when the answer is yes; after it no exercise is led until the answer is no."""


def red_flag(health: Health) -> bool:
    return not health.yes.isdisjoint(RED_FLAGS)


def strengthening(health: Health) -> bool:
    """Whether strengthening exercises may be led."""
    hurts = health.pain is not None and health.pain >= EASIER_FROM
    unsure = {Condition.SURGERY, Condition.PREGNANCY}
    calm = health.worse < WORSE_IN_A_ROW and health.yes.isdisjoint(unsure)
    return calm and not hurts and not red_flag(health)


def pain_still(told: tuple[float, int] | None, now: float) -> int | None:
    """The pain to reckon with as long as the question isn't answered anew."""
    if told is None or told[1] < EASIER_FROM or now - told[0] >= PAIN_LASTS_S:
        return None
    return told[1]


def suits(exercise: Exercise, health: Health) -> bool:
    """Whether nothing that was told speaks against it."""
    if exercise.phase is Phase.STRENGTH and not strengthening(health):
        return False
    return health.yes.isdisjoint(exercise.leave_out_with)


def in_keeping(exercise: Exercise, phases: Collection[Phase]) -> bool:
    """Whether it is for no later in the healing than what a routine holds: what is safe in an acute
    spell stays so, and strengthening is only where it was chosen."""
    order = list(Phase)
    return order.index(exercise.phase) <= max(map(order.index, phases), default=0)


def asks(plan: Plan) -> bool:
    """Whether the questions come before it. One or two minutes at the desk go without."""
    return plan.total_s >= ASKS_FROM_S or Phase.STRENGTH in plan.phases


def hurting_for(pains: Sequence[tuple[int, int]], today: int) -> tuple[int, bool]:
    """For how many days pain has been told of, without a fortnight's break, and whether it has
    become less meanwhile."""
    since = last = today
    first = 0
    for day, value in pains:
        if value == 0 or not first or day - last > FORTNIGHT_DAYS:
            since, first = day, value
        last = day
    return (today - since, pains[-1][1] < first) if first else (0, False)
