"""What is asked of the coach about the exercise that is going on: more or less of it, the other
side, all of its steps.

Decides what that does to the present stretch of the plan. How a plan is walked through is
`session`'s, how it is paused and left `controls`'s.
"""

from dataclasses import replace

from assistant.coach import fitting, levels, pain, suitability, week_plan
from assistant.coach import session as walk
from assistant.coach.events import Asked, Command
from assistant.coach.familiarity import known
from assistant.coach.state import (
    Hurt,
    Lead,
    Leading,
    Led,
    Marks,
    Paused,
    Reentry,
    Session,
)
from assistant.coach.turn import Turn
from assistant.content import plan_sentences, read_back, sentences, words
from assistant.content.eased_routine import exchanged, lighter
from assistant.content.plan import compile_plan, told_to
from assistant.content.types import Cue, Exercise, Kind, Plan, Rank, Routine, Segment

Moving = Leading | Paused | Reentry

MORE_S = 10.0
"""How much longer or shorter, when nothing else is said."""
REST_S = (-30.0, 60.0)
"""How much shorter and longer than planned rests can be made."""
LEAST_MORE_S = 30.0
"""A stretch of work gets at most twice as long as planned, or this much longer if that is more."""
MOST_WAIT_S = 120.0
"""Anything else gets at most this much longer; whoever needs more time can pause."""
LEAST_LEFT_S = 3.0
"""What is left of a hold at least that is made shorter: time to come down."""
FIRST = ("side first.", "side only.")
"""How the sentence ends that says which side comes first."""


# --- how long ----------------------------------------------------------------


def more_time(turn: Turn, lead: Moving, asked: Asked) -> Lead:
    """Lengthen what is going on, as far as it may be: repetitions and breaths by whole ones, a hold
    with its count moved to the new end, halfway to the new middle."""
    session = lead.session
    extra_s = asked.seconds or MORE_S
    room_s = longest_s(session) - session.length_s
    most = extra_s > room_s + 1e-6
    if session.working and session.segment.unit_s:
        unit_s = session.segment.unit_s
        wanted = max(1, round(extra_s / unit_s))
        units = min(wanted, int(room_s / unit_s + 1e-6))
        most = units < wanted
        length_s, marks = with_units(session, units, walk.spent_s(turn, lead))
        text = read_back.more_units(units, breaths=session.segment.reps < 2, most=most)
    elif session.working:
        extra_s = min(extra_s, room_s)
        marks, length_s = moved(session, extra_s), session.length_s + extra_s
        text = read_back.more_time(extra_s, most=most)
    else:
        extra_s = min(extra_s, room_s)
        length_s, marks = walk.lengthened(
            session.marks, session.length_s, extra_s, walk.spent_s(turn, lead)
        )
        text = read_back.more_time(extra_s, most=most)
    turn.say(text)
    return replace(lead, session=replace(session, length_s=length_s, marks=marks))


def stepwise(turn: Turn, _: object) -> bool:
    """it grows by steps"""
    session = None if turn.led is None else turn.led.session
    if session is None or not session.working:
        return False
    return week_plan.grows(turn, session.plan.exercise_ids[session.segment.item])


def stay_at_step(turn: Turn, lead: Moving, _: Asked) -> Lead:
    """Longer is the next step, which is offered when it is time for it."""
    turn.say(plan_sentences.STEP_BY_STEP)
    return lead


def longest_s(session: Session) -> float:
    """As long as this stretch may get by being asked for more."""
    planned_s = session.planned_s
    if not session.working:
        return planned_s + MOST_WAIT_S
    return max(2 * planned_s, planned_s + LEAST_MORE_S)


def with_units(session: Session, units: int, spent_s: float) -> tuple[float, Marks]:
    """So many repetitions or breaths more: before the last one, unless that has begun."""
    unit_s, by_s = session.segment.unit_s, units * session.segment.unit_s
    last_s = session.length_s - unit_s
    at_s = last_s if spent_s <= last_s else session.length_s
    added = [
        (at_s + n * unit_s + cue.at_s, cue) for n in range(units) for cue in session.segment.unit
    ]
    marks = [(t + by_s if t >= at_s - 1e-6 else t, cue) for t, cue in session.marks]
    return session.length_s + by_s, tuple(sorted([*marks, *added], key=lambda mark: mark[0]))


def less_time(turn: Turn, lead: Moving, asked: Asked) -> Lead:
    """Shorten what is going on: a hold to no less than it takes to come down, repetitions and
    breaths by whole ones, anything else to no less than what is to be said in it."""
    by_s = asked.seconds or MORE_S
    session = lead.session
    spent_s = walk.spent_s(turn, lead)
    if not session.working:
        length_s, marks = walk.lengthened(session.marks, session.length_s, -by_s, spent_s)
    elif session.segment.unit_s:
        length_s, marks = fewer(session, by_s, spent_s)
    else:
        length_s = min(session.length_s, max(session.length_s - by_s, spent_s + LEAST_LEFT_S))
        marks = moved(session, length_s - session.length_s, spent_s)
    turn.say(sentences.LESS_TIME)
    return replace(lead, session=replace(session, length_s=length_s, marks=marks))


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
    """So many repetitions or breaths less as take this time, but not the one that is being done;
    the last one is still called the last, where it hasn't begun."""
    one_s = session.segment.unit_s
    left_out_s = max(1, int(by_s / one_s)) * one_s
    begun_s = (int(spent_s / one_s + 1e-9) + 1) * one_s
    length_s = min(session.length_s, max(session.length_s - left_out_s, begun_s))
    by_s, old_s, new_s = session.length_s - length_s, session.length_s - one_s, length_s - one_s
    if new_s < spent_s:  # that one has begun
        return length_s, tuple(mark for mark in session.marks if mark[0] < length_s - 1e-6)
    before = [mark for mark in session.marks if mark[0] < new_s - 1e-6]
    last = [(at_s - by_s, cue) for at_s, cue in session.marks if at_s >= old_s - 1e-6]
    return length_s, (*before, *last)


def change_rest(turn: Turn, lead: Moving, asked: Asked) -> Lead:
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
    session = replace(session, rest_s=rest_s)
    if session.segment.kind is Kind.REST:
        spent_s = walk.spent_s(turn, lead)
        length_s, marks = walk.lengthened(session.marks, session.length_s, by_s, spent_s)
        planned_s = session.planned_s + by_s
        session = replace(session, length_s=length_s, planned_s=planned_s, marks=marks)
    turn.say(sentences.LONGER_REST if longer else sentences.SHORTER_REST)
    return replace(lead, session=session)


# --- which, and how ------------------------------------------------------------


def other_side(turn: Turn, lead: Moving, _: Asked) -> Lead:
    """Leave this side for the other one; before the first, say that both get their turn."""
    session = lead.session
    here, item = session.segment, in_question(session)
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


def exchange(turn: Turn, lead: Moving, asked: Asked) -> Lead:
    """Another exercise of the same kind in the place of this one (in a rest, of the next); where
    there is no easier one, less of the same."""
    item, routine = in_question(lead.session), lead.session.routine
    easier = asked.command is not Command.HARDER
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
    pain.goes_on(turn)
    session = lead.session
    item, routine = session.segment.item, session.routine
    old = routine.items[item].exercise if routine is not None and item >= 0 else None
    other = None if old is None else turn.settings.exercises.get(old.easier)
    levels.make_easier(turn, session.plan, item)
    if routine is None or other is None or not fits(turn, session, other):
        return walk.jump_to(turn, lead, walk.item_after(session), sentences.HURT_NO)
    text = sentences.easier_instead(other.spoken_name)
    return lead_on(turn, lead, item, exchanged(routine, item, other), text)


def fits(turn: Turn, session: Session, other: Exercise) -> bool:
    """None twice, none that doesn't suit, and none for later than what the routine is for."""
    plan = session.plan
    new = other.id not in plan.exercise_ids and suitability.in_keeping(other, plan.phases)
    return new and fitting.suits(turn, other, plan.id)


def lead_on(turn: Turn, lead: Led, item: int, routine: Routine, text: str) -> Leading:
    """Lead this routine from now on, from the beginning of its exercise `item`, and say so."""
    session = walk.count_in_work(lead.session, walk.spent_s(turn, lead))
    turn.hush()
    session = walk.note_exercise(turn, session, walk.ended(session, session.index, "left"))
    routine = walk.from_here(lead.session, routine, item)
    plan = told_to(compile_plan(routine), known(turn))
    turn.say(text)
    session = replace(session, plan=plan, routine=routine, detour=None)
    return Leading(walk.enter_segment(turn, session, walk.first_of(plan, item), turn.now))


def explain(turn: Turn, lead: Moving, _: Asked) -> Lead:
    """All the steps, and what to take care of: of the exercise that is being done, which goes on
    after that from its beginning, or of the one that one gets ready for."""
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
    return tell_now(turn, lead, in_full(session.plan, steps))


def in_full(plan: Plan, index: int) -> Segment:
    """All the steps, with all that there is to take care of."""
    steps = plan.segments[index]
    return plan.explained[steps.item] if plan.explained else steps.full or steps


def tell_later(turn: Turn, lead: Moving, index: int) -> Lead:
    """The steps are told next, or just now: all of them."""
    session = lead.session
    segments = list(session.plan.segments)
    segments[index] = in_full(session.plan, index)
    plan = replace(session.plan, segments=tuple(segments))
    told = replace(lead, session=replace(session, plan=plan))
    if index == session.index:
        return walk.jump(turn, told, index, "")
    turn.say(sentences.EXPLAINED_SOON)
    return told


def tell_now(turn: Turn, lead: Moving, steps: Segment) -> Leading:
    """Before the present stretch begins anew, or what leads into it where the steps don't. Which
    side comes first is told already."""
    index = lead.session.index
    before = steps_of(lead.session.plan, steps.item)
    if lead.session.working and before is not None:
        index -= lead.session.plan.segments[before + 1].kind is Kind.SETUP
    cues = tuple(cue for cue in steps.cues if not cue.text.endswith(FIRST))
    detour = replace(steps, cues=cues, brief=None)
    return walk.jump(turn, lead, index, "", detour=detour)
