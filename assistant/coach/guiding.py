"""What is asked of the coach about the exercise that is going on: more or less of it, the other
side, all of its steps.

Decides what that does to the present stretch of the plan. How a plan is walked through is
`session`'s, how it is paused and left `moving_on`'s.
"""

from dataclasses import replace

from assistant.coach import levels, suitability
from assistant.coach import session as walk
from assistant.coach.events import Asked, Command
from assistant.coach.familiarity import known
from assistant.coach.state import Hurt, Leading, Led, Marks, Session
from assistant.coach.turn import Turn
from assistant.content import sentences, words
from assistant.content.plan import compile_plan, told_to
from assistant.content.types import Cue, Exercise, Kind, Plan, Rank, Routine, Segment
from assistant.content.variants import exchanged, lighter

MORE_S = 10.0
"""How much longer or shorter, when nothing else is said."""
REST_S = (-30.0, 60.0)
"""How much shorter and longer than planned rests can be made."""
LEAST_LEFT_S = 3.0
"""What is left of a hold at least that is made shorter: time to come down."""
FIRST = ("side first.", "side only.")
"""How the sentence ends that says which side comes first."""


# --- how long ----------------------------------------------------------------


def more_time(turn: Turn, lead: Leading, asked: Asked) -> Leading:
    """Lengthen what is going on; the count moves to the new end, halfway to the new middle."""
    extra_s = asked.seconds or MORE_S
    session = lead.session
    if session.working:
        marks, length_s = moved(session, extra_s), session.length_s + extra_s
    else:
        spent_s = walk.spent_s(turn, lead)
        length_s, marks = walk.lengthened(session.marks, session.length_s, extra_s, spent_s)
    turn.say(sentences.more_time(extra_s))
    return Leading(replace(session, length_s=length_s, marks=marks))


def less_time(turn: Turn, lead: Leading, asked: Asked) -> Leading:
    """Shorten what is going on: a hold to no less than it takes to come down, repetitions by whole
    ones, anything else to no less than what is to be said in it."""
    by_s = asked.seconds or MORE_S
    session = lead.session
    spent_s = walk.spent_s(turn, lead)
    if not session.working:
        length_s, marks = walk.lengthened(session.marks, session.length_s, -by_s, spent_s)
    elif session.segment.reps > 1:
        length_s, marks = fewer(session, by_s, spent_s)
    else:
        length_s = min(session.length_s, max(session.length_s - by_s, spent_s + LEAST_LEFT_S))
        marks = moved(session, length_s - session.length_s, spent_s)
    turn.say(sentences.LESS_TIME)
    return Leading(replace(session, length_s=length_s, marks=marks))


def moved(session: Session, by_s: float, spent_s: float = 0.0) -> Marks:
    """The marks of a hold that lasts `by_s` longer, or shorter: the count moves with the end, what
    is said in the middle half as far, a count upwards stays. What would be past is left out, and
    what would run into the count."""
    upwards = counts_up(session.segment)
    marks: list[tuple[float, Cue | None]] = []
    for at_s, cue in session.marks:
        middle = cue is not None and cue.rank is not Rank.COUNT
        share = 0.5 if middle else 0.0 if upwards else 1.0
        marks.append((at_s + share * by_s, cue))
    ends_s = session.length_s + by_s
    counted = [at_s for at_s, cue in marks if cue is None or cue.rank is Rank.COUNT]
    first_s = min([at_s for at_s in counted if at_s >= spent_s], default=ends_s)
    kept = [
        (at_s, cue)
        for at_s, cue in marks
        if spent_s <= at_s < ends_s
        and (cue is None or cue.rank is Rank.COUNT or by_s >= 0 or at_s + cue.speech_s <= first_s)
    ]
    return tuple(sorted(kept, key=lambda mark: mark[0]))


def counts_up(segment: Segment) -> bool:
    """Whether the seconds that have passed are counted, not those that are left."""
    counts = [cue for cue in segment.cues if cue.rank is Rank.COUNT]
    return bool(counts) and all(
        cue.text == f"{words.number(round(cue.at_s)).capitalize()}." for cue in counts
    )


def fewer(session: Session, by_s: float, spent_s: float) -> tuple[float, Marks]:
    """So many repetitions less as take this time, but not the one that is being done."""
    one_s = session.segment.length_s / session.segment.reps
    left_out_s = max(1, int(by_s / one_s)) * one_s
    begun_s = (int(spent_s / one_s) + 1) * one_s
    length_s = min(session.length_s, max(session.length_s - left_out_s, begun_s))
    return length_s, tuple(mark for mark in session.marks if mark[0] < length_s - 1e-6)


def change_rest(turn: Turn, lead: Leading, asked: Asked) -> Leading:
    """Every rest of this session from now on, and the one that is going on."""
    longer = asked.command is Command.LONGER_REST
    session = lead.session
    shortest_s, longest_s = REST_S
    rest_s = session.rest_s + (MORE_S if longer else -MORE_S)
    rest_s = min(max(rest_s, shortest_s), longest_s)
    by_s = rest_s - session.rest_s
    if by_s == 0:
        turn.say(sentences.LONGEST_REST if longer else sentences.SHORTEST_REST)
        return lead
    length_s, marks = session.length_s, session.marks
    if session.segment.kind is Kind.REST:
        length_s, marks = walk.lengthened(marks, length_s, by_s, walk.spent_s(turn, lead))
    turn.say(sentences.LONGER_REST if longer else sentences.SHORTER_REST)
    return Leading(replace(session, rest_s=rest_s, length_s=length_s, marks=marks))


# --- which, and how ------------------------------------------------------------


def other_side(turn: Turn, lead: Leading, _: Asked) -> Leading:
    """Leave this side for the other one; before the first, say that both get their turn."""
    session = lead.session
    here, item = session.segment, session.segment.item
    own = [(i, s) for i, s in enumerate(session.plan.segments) if s.item == item and s.side]
    if item < 0 or len({segment.side for _, segment in own}) < 2:
        turn.say(sentences.NO_OTHER_SIDE)
        return lead
    if not here.side:
        turn.say(sentences.BOTH_SIDES)
        return lead
    others = [i for i, segment in own if i > session.index and segment.side != here.side]
    if others:
        return walk.jump(turn, lead, others[0], "")
    steps = steps_of(session.plan, item)
    first = walk.first_of(session.plan, item) if steps is None else steps
    return walk.jump(turn, lead, first, sentences.AGAIN)


def steps_of(plan: Plan, item: int) -> int | None:
    """Where the steps of an exercise are told."""
    indexes = (i for i, s in enumerate(plan.segments) if s.item == item and s.kind is Kind.STEPS)
    return next(indexes, None)


def exchange(turn: Turn, lead: Leading, asked: Asked) -> Leading:
    """Another exercise of the same kind in the place of this one (in a rest, of the next); where
    there is no easier one, less of the same."""
    item, routine = in_question(lead.session), lead.session.routine
    easier = asked.command is Command.EASIER
    if routine is None or not 0 <= item < len(routine.items):
        turn.say(sentences.NOT_NOW)
        return lead
    old = routine.items[item]
    name = old.exercise.easier if easier else old.exercise.harder
    other = turn.settings.exercises.get(name)
    if other is not None and fits(turn, lead.session, other):
        changed = exchanged(routine, item, other)
        text = sentences.EASIER if easier else sentences.HARDER
    elif easier and (dose := lighter(old.dose, old.exercise.mode)) != old.dose:
        items = (*routine.items[:item], replace(old, dose=dose), *routine.items[item + 1 :])
        changed, text = replace(routine, items=items), sentences.LIGHTER
    else:
        turn.say(sentences.NO_EASIER if easier else sentences.NO_HARDER)
        return lead
    return lead_on(turn, lead, item, changed, text)


def in_question(session: Session) -> int:
    """Which exercise "this one" is: in a rest before another one, that one."""
    item = session.segment.item
    if session.segment.kind in (Kind.INTRO, Kind.REST):
        return session.plan.segments[session.index + 1].item
    return item


def hurt_no(turn: Turn, lead: Hurt, _: Asked) -> Leading:
    """It hurt, though not sharply: the easier neighbour in its place, today and next time; where
    there is none, the next exercise."""
    session = lead.session
    item, routine = session.segment.item, session.routine
    old = routine.items[item].exercise if routine is not None and item >= 0 else None
    other = None if old is None else turn.settings.exercises.get(old.easier)
    levels.make_easier(turn, session.plan, item)
    if routine is None or other is None or not fits(turn, session, other):
        return walk.jump(turn, lead, walk.first_after(session), sentences.HURT_NO)
    text = sentences.easier_instead(other.spoken_name)
    return lead_on(turn, lead, item, exchanged(routine, item, other), text)


def fits(turn: Turn, session: Session, other: Exercise) -> bool:
    """None twice, none that doesn't suit, and none for later than what the routine is for."""
    plan = session.plan
    new = other.id not in plan.exercise_ids and suitability.in_keeping(other, plan.phases)
    return new and suitability.suits(other, turn.person.health)


def lead_on(turn: Turn, lead: Led, item: int, routine: Routine, text: str) -> Leading:
    """Lead this routine from now on, from the beginning of its exercise `item`, and say so."""
    session = walk.count_in_work(lead.session, walk.spent_s(turn, lead))
    turn.hush()
    session = walk.note_exercise(turn, session, "left" if session.segment.item == item else "done")
    plan = told_to(compile_plan(routine), known(turn))
    turn.say(text)
    session = replace(session, plan=plan, routine=routine, detour=None)
    return Leading(walk.enter_segment(turn, session, walk.first_of(plan, item), turn.now))


def explain(turn: Turn, lead: Leading, _: Asked) -> Leading:
    """All the steps: of the exercise that is being done, which goes on after that from its
    beginning, or of the one that one gets ready for."""
    session = lead.session
    segments = session.plan.segments
    coming = range(session.index, len(segments))
    index = next((i for i in coming if segments[i].kind in (Kind.STEPS, Kind.WORK)), None)
    if index is not None and segments[index].kind is Kind.STEPS:
        return tell_later(turn, lead, index)
    steps = None if index is None else steps_of(session.plan, session.segment.item)
    if steps is None:
        turn.say(sentences.NOTHING_TO_EXPLAIN)
        return lead
    return tell_now(turn, lead, segments[steps].full or segments[steps])


def tell_later(turn: Turn, lead: Leading, index: int) -> Leading:
    """The steps are told next, or just now: all of them."""
    session = lead.session
    segments = list(session.plan.segments)
    segments[index] = segments[index].full or segments[index]
    told = Leading(replace(session, plan=replace(session.plan, segments=tuple(segments))))
    if index == session.index:
        return walk.jump(turn, told, index, "")
    turn.say(sentences.EXPLAINED_SOON)
    return told


def tell_now(turn: Turn, lead: Leading, steps: Segment) -> Leading:
    """Before the present stretch begins anew. Which side comes first is told already."""
    cues = tuple(cue for cue in steps.cues if not cue.text.endswith(FIRST))
    detour = replace(steps, cues=cues, brief=None)
    return walk.jump(turn, lead, lead.session.index, "", detour=detour)
