"""A kind word for what was done: seldom, another one each time, and true.

Decides whether one is due after an exercise and which. It can't see anybody move, so it says only
what a clock knows: that all of it was done, on both sides, how much of the routine is over.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.coach.state import Marks, Session
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.speech import estimate_s
from assistant.content.types import Cue, Kind

SELDOM = 3
"""At most after every third exercise."""
GAP_S = 0.1
SLACK_S = 0.5


def earned(turn: Turn, session: Session) -> tuple[Session, str]:
    """What to say in the rest that begins now, mostly nothing; and the session that knows it."""
    segments = session.plan.segments
    if not session.working or segments[session.following].kind is not Kind.REST:
        return session, ""
    item = session.segment.item
    over = segments[session.following + 1].item != item
    if not over or item < session.praised + SELDOM:
        return session, ""
    true = truths(session)
    if not true:
        return session, ""
    praises = turn.person.praises + 1
    turn.person = replace(turn.person, praises=praises)
    return replace(session, praised=item), true[praises % len(true)]


def truths(session: Session) -> Sequence[str]:
    """What can be said for the exercise that is over now; nothing unless all of it was done."""
    item, count = session.segment.item, len(session.plan.exercises)
    planned: dict[str, float] = {}
    for segment in session.plan.segments:
        if segment.item == item and segment.kind is Kind.WORK:
            planned[segment.side] = planned.get(segment.side, 0.0) + segment.length_s
    done = {one.side: one.seconds for one in session.done}
    if any(done.get(side, 0.0) < seconds - SLACK_S for side, seconds in planned.items()):
        return ()
    true = [*sentences.ALL_DONE]
    if len(planned) > 1:
        true.append(sentences.BOTH_SIDES_DONE)
    if 2 * (item + 1) == count:
        true = [sentences.HALF_DONE]
    if item + 2 == count:
        true = [sentences.ONE_LEFT]
    return true


def among(marks: Marks, text: str) -> Marks:
    """With this sentence after the first one, in the place of a mere "and rest"."""
    later = [mark for mark in marks[1:] if not _rests(mark[1])]
    begins_s = sum(at_s + (0.0 if cue is None else cue.speech_s) for at_s, cue in marks[:1]) + GAP_S
    ends_s = begins_s + estimate_s(text) + GAP_S
    moved = [(max(at_s, ends_s), cue) for at_s, cue in later]
    return (*marks[:1], (begins_s, Cue(begins_s, text, speech_s=estimate_s(text))), *moved)


def _rests(cue: Cue | None) -> bool:
    return cue is not None and cue.text == "And rest."
