"""A session that goes on, after something has become known that may speak against what is left.

Decides which of its exercises are left out then, and where it goes on. Asked before and after
whatever happens, by one row of `lead`, so that every way to an exercise of a session that is led
comes by here; the rules are `suitability`'s.
"""

from collections.abc import Mapping
from dataclasses import replace

from assistant.coach import session as walk
from assistant.coach import suitability
from assistant.coach.familiarity import known as familiar
from assistant.coach.fitting import WHY, instead, known
from assistant.coach.session_start import offer_gentle
from assistant.coach.state import Lead, Leading, Led
from assistant.coach.suitability import Known, Reason
from assistant.coach.turn import Turn
from assistant.content import plan_sentences, sentences
from assistant.content.plan import compile_plan, told_to
from assistant.content.types import Kind, Routine


def unfit(turn: Turn, _: object) -> bool:
    """something of it may not be led now"""
    routine = None if turn.led is None else turn.led.session.routine
    looked_at = (routine, turn.person, turn.memory, turn.room)
    if routine is None or turn.looked_at == looked_at:
        return False
    passing = (routine, known(turn, routine.id))
    if turn.passed != passing:
        turn.passed = None if _against(*passing) else passing
    turn.looked_at = () if turn.passed is None else looked_at
    return turn.passed is None


def _against(routine: Routine, now: Known) -> Mapping[int, Reason]:
    """Which exercises of a session may not be led now, by their number, and why. What is over
    counts too: one can go back to it."""
    reasons = (suitability.against(one.exercise, now) for one in routine.items)
    return {item: reason for item, reason in enumerate(reasons) if reason is not None}


def refit(turn: Turn, lead: Led, _: object) -> Lead:
    """What is left of the session, without what may not be led now; or its end, and where that is
    for the floor's sake another routine, for whoever would like it."""
    session, routine, last = lead.session, lead.session.routine, len(lead.session.plan.segments) - 1
    assert routine is not None  # the row's guard
    against = _against(routine, known(turn, routine.id))
    at_end = session.index == last
    here = max(0, session.segment.item)
    left = [
        item for item in range(0 if at_end else here, len(routine.items)) if item not in against
    ]
    if not left:
        rest = walk.close(turn, lead, "stopped")
        if Reason.FLOOR in against.values() and not at_end and instead(turn):
            return offer_gentle(turn, plan_sentences.ON_THE_FLOOR)
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
    item = len(items) if at_end else sum(one not in against for one in range(here))
    routine = walk.from_here(lead.session, replace(routine, items=items), item)
    plan = told_to(compile_plan(routine), familiar(turn), turn.voice.pace)
    into = session.index - walk.first_of(session.plan, here) if session.segment.item >= 0 else 0
    index = walk.first_of(plan, item) + (0 if jumps else into) if session.segment.item >= 0 else 0
    if at_end:
        index = len(plan.segments) - 1
    session = replace(session, plan=plan, routine=routine, index=index)
    if not anew:
        return replace(lead, session=session)
    if isinstance(lead, Leading):
        return Leading(walk.enter_segment(turn, session, index, turn.now))
    return replace(lead, session=walk.lay_out(turn, session, index, turn.now))
