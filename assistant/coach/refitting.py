"""A session that goes on, after something has become known that may speak against what is left.

Decides which of its exercises are left out then, and where it goes on. Asked when the clock is set,
when a pause ends, when something hurt, and after a power cut; the rules are `suitability`'s.
"""

from dataclasses import replace

from assistant.coach import session as walk
from assistant.coach import suitability
from assistant.coach.familiarity import known as familiar
from assistant.coach.fitting import WHY, known
from assistant.coach.state import Lead, Leading, Led
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.plan import compile_plan, told_to
from assistant.content.types import Kind


def refit(turn: Turn, lead: Led, _: object = None) -> Lead:
    """What is left of the session, without what may not be led now; or its end."""
    session = lead.session
    routine = session.routine
    if routine is None or session.index == len(session.plan.segments) - 1:
        return lead
    now = known(turn, routine.id)
    here = max(0, session.segment.item)
    against = {
        item: reason
        for item, one in enumerate(routine.items)
        if item >= here and (reason := suitability.against(one.exercise, now)) is not None
    }
    if not against:
        return lead
    left = [item for item in range(here, len(routine.items)) if item not in against]
    if not left:
        rest = walk.close(turn, lead, "stopped")
        turn.say(sentences.NOTHING_MORE_TODAY)
        return rest
    if (why := WHY.get(min(against.values()))) is not None:
        turn.say(why)
    items = tuple(one for item, one in enumerate(routine.items) if item not in against)
    routine = replace(routine, items=items)
    plan = told_to(compile_plan(routine), familiar(turn))
    if here in against:
        session = walk.count_in_work(session, walk.spent_s(turn, lead))
        session = walk.note_exercise(turn, session, "left")
    session = replace(session, plan=plan, routine=routine)
    moves = here in against or session.segment.kind is Kind.REST
    if not moves:
        return replace(lead, session=session)
    index = walk.first_of(plan, here) if here in against else session.index
    if isinstance(lead, Leading):
        turn.hush()
        return Leading(walk.enter_segment(turn, session, index, turn.now))
    return replace(lead, session=walk.lay_out(turn, session, index, turn.now))
