"""A session that goes on, after something has become known that may speak against what is left.

Decides which of its exercises are left out then, and where it goes on. Asked when the clock is set,
when a pause ends, when something hurt, and after a power cut; the rules are `suitability`'s.
"""

from dataclasses import replace

from assistant.coach import guiding, suitability
from assistant.coach import session as walk
from assistant.coach.events import Asked
from assistant.coach.familiarity import known as familiar
from assistant.coach.fitting import WHY, known
from assistant.coach.state import Hurt, Lead, Leading, Led
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.plan import compile_plan, told_to
from assistant.content.types import Kind


def refit(turn: Turn, lead: Led, _: object = None) -> Lead:
    """What is left of the session, without what may not be led now; or its end."""
    session = lead.session
    routine, last = session.routine, len(session.plan.segments) - 1
    if routine is None:
        return lead
    now = known(turn, routine.id)
    # What is over counts too: one can go back to it.
    against = {
        item: reason
        for item, one in enumerate(routine.items)
        if (reason := suitability.against(one.exercise, now)) is not None
    }
    if not against:
        return lead
    at_end = session.index == last
    here = max(0, session.segment.item)
    left = [
        item for item in range(0 if at_end else here, len(routine.items)) if item not in against
    ]
    if not left:
        rest = walk.close(turn, lead, "stopped")
        turn.say(sentences.NOTHING_MORE_TODAY)
        return rest
    jumps = here in against and not at_end
    anew = jumps or session.segment.kind is Kind.REST
    if anew and isinstance(lead, Leading):
        turn.hush()
    if (why := WHY.get(min(against.values()))) is not None and not at_end:
        turn.say(why)
    if jumps:
        session = walk.count_in_work(session, walk.spent_s(turn, lead))
        session = walk.note_exercise(turn, session, "left")
    items = tuple(one for item, one in enumerate(routine.items) if item not in against)
    routine = replace(routine, items=items)
    plan = told_to(compile_plan(routine), familiar(turn), turn.voice.pace)
    into = session.index - walk.first_of(session.plan, here) if session.segment.item >= 0 else 0
    item = sum(one not in against for one in range(here))
    index = walk.first_of(plan, item) + (0 if jumps else into) if session.segment.item >= 0 else 0
    if at_end:
        index = len(plan.segments) - 1
    session = replace(session, plan=plan, routine=routine, index=index)
    if not anew:
        return replace(lead, session=session)
    if isinstance(lead, Leading):
        return Leading(walk.enter_segment(turn, session, index, turn.now))
    return replace(lead, session=walk.lay_out(turn, session, index, turn.now))


def hurt_no(turn: Turn, lead: Hurt, asked: Asked) -> Lead:
    """It hurt, though not sharply: on with what may be led now."""
    return refit(turn, guiding.hurt_no(turn, lead, asked))
