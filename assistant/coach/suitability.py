"""The gate: whether an exercise may be led to a person, by what is known of them.

Decides for one exercise, as a pure function of what is known: the answers to the safety questions,
pain and what hurt, how sessions ended, whether the question that belongs to it was answered, and
the time of day. What isn't known is taken for the cautious answer. `fitting` asks it for every
exercise of every routine, on every way to one; the questions are put by `session_start`.

Pain goes by the convention of physiotherapists in the UK: up to 3 of 10 carry on, 4 and 5 take it
easier, from 6 on rest, or the gentle routine to whoever says yes to it. Four and more hold for two
hours, and so does a session that was stopped for pain, which counts as six at least. Strengthening
waits while it hurts (4 and more), after two sessions in a row that ended with more pain or for
pain, until two in a row have not, and where a person doesn't know yet what is allowed after an
operation or in pregnancy. In the first hour or so after getting up bending forward is best left out
(Snook 1998).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from assistant.coach.events import Health
from assistant.coach.what_counts import EASIER_FROM, PAIN_LASTS_S
from assistant.content import cautions
from assistant.content.safety_question_texts import QUESTIONS, Flag, FollowUp, Question, meaning
from assistant.content.types import Condition, Exercise, Phase, Plan
from assistant.content.ways import FLOOR

REST_FROM = 6
SEE_SOMEONE_FROM = 8
FORTNIGHT_DAYS = 14
WAKES_S = 4 * 3600.0
"""The morning begins here."""

UNSURE = frozenset({Condition.SURGERY, Condition.PREGNANCY})
"""With these nobody has said yet what is allowed."""
BY_ID = {question.id: question for question in QUESTIONS}


class Reason(IntEnum):
    """Why an exercise isn't led, the weightiest first."""

    RED_FLAG = 0
    REST = 1
    """Pain of six and more: only what is gentle, in the gentle routine."""
    NOT_ASKED = 2
    """A question that belongs to it has no answer: only what suits every back."""
    CONDITION = 3
    FLOOR = 4
    """It is done on the floor, and somebody doesn't get down there."""
    STRENGTH = 5
    """Strengthening waits."""
    EARLY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known when an exercise is to be led in a routine."""

    health: Health
    screened: bool
    """Whether the safety questions count as answered."""
    pain_answered: bool
    """Whether it is known how much it hurts, or the routine is one before which nobody is asked."""
    early: bool
    gentle: bool
    """Whether the routine is the gentle one."""
    floor: bool = True
    """Whether somebody gets down to the floor."""


def against(exercise: Exercise, known: Known) -> Reason | None:
    """Why it may not be led; None: it may. The only judge of that."""
    health = known.health
    acute = exercise.phase is Phase.ACUTE
    if red_flag(health):
        return Reason.RED_FLAG
    if rests(health) and not (known.gentle and acute):
        return Reason.REST
    if (lasting := always_against(exercise, conditions(health), floor=known.floor)) is not None:
        return lasting
    if not known.screened and exercise.leave_out_with:
        return Reason.NOT_ASKED
    if not (known.screened and known.pain_answered) and not acute:
        return Reason.NOT_ASKED
    if exercise.phase is Phase.STRENGTH and not strengthening(health):
        return Reason.STRENGTH
    if known.early and exercise.flexion:
        return Reason.EARLY
    return None


def always_against(exercise: Exercise, told: frozenset[Condition], *, floor: bool) -> Reason | None:
    """Why it isn't for somebody who has told of this, and who gets down to the floor or doesn't,
    on a good day either."""
    if not told.isdisjoint(exercise.leave_out_with):
        return Reason.CONDITION
    return None if floor or exercise.position not in FLOOR else Reason.FLOOR


# --- what was told -----------------------------------------------------------


def follow_up_id(question: Question) -> str:
    """What the answer to its follow-up is kept under."""
    return f"{question.id}_then"


FOLLOW_UPS = frozenset(map(follow_up_id, QUESTIONS))


def cautious(follow_up: FollowUp) -> bool:
    """What counts as its answer until there is one."""
    return not follow_up.settles


def flags(health: Health) -> Mapping[str, Flag]:
    """By question, what keeps a person from all exercise. A yes to a question that is asked no more
    may have been anything."""
    return _read(health.yes)[0]


def conditions(health: Health) -> frozenset[Condition]:
    """What some exercises are left out with."""
    return _read(health.yes)[1]


@lru_cache(maxsize=8)
def _read(yes: frozenset[str]) -> tuple[Mapping[str, Flag], frozenset[Condition]]:
    """Kept, since each exercise is judged at each event, by the same answers nearly always."""
    flagged: dict[str, Flag] = {}
    told: set[Condition] = set()
    for name in yes - FOLLOW_UPS:
        flag: Flag | None = Flag.URGENT
        if name in BY_ID:
            means = meaning(BY_ID[name], yes=True, then=follow_up_id(BY_ID[name]) in yes)
            flag = means.flag
            if means.condition is not None:
                told.add(means.condition)
        if flag is not None:
            flagged[name] = flag
    return flagged, frozenset(told)


def complete(health: Health) -> bool:
    """Whether each of today's questions has an answer: there may be new ones since."""
    return health.answered is None or health.answered >= BY_ID.keys()


def red_flag(health: Health) -> bool:
    return bool(flags(health))


def strengthening(health: Health) -> bool:
    """Whether strengthening exercises may be led. What can't be read may have been anything."""
    hurts = health.pain is not None and health.pain >= EASIER_FROM
    unsure = conditions(health) & UNSURE
    calm = not (worse_twice(health.ended) or unsure or health.unknown)
    return calm and not hurts and not red_flag(health)


def worse_twice(ended: Sequence[bool]) -> bool:
    """Whether two sessions in a row ended worse, and no two in a row have ended well since."""
    last = [worse for worse, again in pairwise(ended) if worse == again]
    return bool(last) and last[-1]


def worse_again(ended: Sequence[bool]) -> bool:
    """Whether the last one was the second in a row, or one more, that ended worse."""
    return all(ended[-2:]) and len(ended) > 1


def rests(health: Health) -> bool:
    """So much pain that nothing but the gentle routine is led, and that only after a yes."""
    return health.pain is not None and health.pain >= REST_FROM


def pain_still(told: tuple[float, int] | None, now: float) -> int | None:
    """The pain to reckon with as long as the question isn't answered anew."""
    if told is None or told[1] < EASIER_FROM or now - told[0] >= PAIN_LASTS_S:
        return None
    return told[1]


def in_keeping(exercise: Exercise, phases: Collection[Phase]) -> bool:
    """Whether it is for no later in the healing than what a routine holds: what is safe in an acute
    spell stays so, and strengthening is only where it was chosen."""
    order = list(Phase)
    return order.index(exercise.phase) <= max(map(order.index, phases), default=0)


def asks(plan: Plan) -> bool:
    """Whether the question about pain comes before it. One or two minutes at the desk go without,
    and without the safety questions where enough of them suits every back."""
    return plan.total_s >= cautions.LONG_S or plan.delicate


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
