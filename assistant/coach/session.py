"""Leading a session: walking through a compiled plan, and leaving it.

Decides when each segment of the plan begins and ends and what is said in it. A segment of work ends
on its time whatever is being said; every other segment waits for the voice, which the coach in turn
gives up on after a while. It doesn't decide what a plan holds, nor what a command does: those are
the rows of `lead`.
"""

import math
from dataclasses import replace

from assistant.coach import levels, praise_due
from assistant.coach.effects import Done, Prepare, Priority, Sound
from assistant.coach.events import Trained
from assistant.coach.familiarity import known, note_done
from assistant.coach.fitting import led_plan
from assistant.coach.priorities import Claim, free_from
from assistant.coach.question import ask_after, asks_after
from assistant.coach.state import AtRest, Lead, Leading, Led, Marks, Session
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.coach.what_counts import TRAINED_FROM_S
from assistant.coach.working_hours import DAY_S, weekday
from assistant.content import plan_sentences
from assistant.content.plan import compile_plan, pace_stretch, told_to
from assistant.content.stretches import AFTER_S
from assistant.content.types import Cue, Kind, Plan, Position, Rank, Routine, Segment
from assistant.content.ways import connected, gets_up

LATE_S = 1.0
"""What should have been said this long ago isn't said any more; a segment that should have begun
this long ago begins now. So a machine that slept doesn't rush through what it missed."""

PRIORITIES = {Rank.TIP: Priority.TIP, Rank.CUE: Priority.CUE, Rank.COUNT: Priority.COUNT}
WITHIN_S = {Rank.TIP: 1.0, Rank.CUE: 3.0, Rank.COUNT: 0.4}
"""How late a sentence may begin during work; elsewhere the segment waits for it."""
SEGMENT_WAITS_S = 30.0
ENOUGH = 2 / 3
"""How much of the planned work an exercise needs to count as done."""


# --- the walk ---------------------------------------------------------------


def begin_session(turn: Turn, name: str) -> Leading:
    """Start a routine from its beginning; `session_start` has seen to what comes before."""
    plan, routine = led_plan(turn, name)
    turn.signal(Signal.SESSION_BEGINS)
    turn.record("session_start", plan.id)
    take_what_holds(turn)
    return Leading(enter_segment(turn, Session(plan, turn.now, routine), 0, turn.now))


def take_what_holds(turn: Turn) -> None:
    """Where nobody has told a number before it, the one after it is measured by what was told
    within two hours."""
    person = turn.person
    if person.told_before is None and person.health.pain is not None:
        turn.record("pain", detail="held", value=person.health.pain)
        turn.person = replace(person, told_before=person.health.pain)


def enter_segment(
    turn: Turn,
    session: Session,
    index: int,
    at: float,
    *,
    detour: Segment | None = None,
    good: str = "",
) -> Session:
    """Begin a segment, or a detour before it, at a time (now, or a moment ago when one follows
    another); `good` is what is said for what was done just before."""
    session = lay_out(turn, session, index, at, detour)
    if good:
        session = replace(session, marks=praise_due.among(session.marks, good))
    if session.working:
        turn.chime(Sound.BEGIN)
    prepare(turn, session)
    return session


def lay_out(
    turn: Turn, session: Session, index: int, at: float, detour: Segment | None = None
) -> Session:
    """Make the segment (or a detour before it) the present one, as if it had begun at `at`."""
    segment = session.plan.segments[index] if detour is None else detour
    length_s, told = stretched(turn, session, segment)
    return replace(
        session,
        index=index,
        began=at,
        length_s=length_s,
        planned_s=length_s,
        marks=told,
        elapsed_s=0.0,
        detour=detour,
    )


def stretched(turn: Turn, session: Session, segment: Segment) -> tuple[float, Marks]:
    """How long a segment takes as things are, and its marks: a slow voice needs longer for the same
    words (a fast one still leaves the time to move), and rests may have been made longer."""
    slow = pace_stretch(segment.kind, turn.voice.pace)
    marks: list[tuple[float, Cue | None]] = [(cue.at_s * slow, cue) for cue in segment.cues]
    marks += [(tick_s, None) for tick_s in segment.ticks]
    if turn.voice.metronome:
        marks += [(beat_s * slow, None) for beat_s in segment.beats]
    told = tuple(sorted(marks, key=lambda mark: mark[0]))
    length_s = segment.length_s * slow
    if segment.kind is Kind.REST and session.rest_s:
        return lengthened(told, length_s, session.rest_s)
    return length_s, told


def lengthened(
    marks: Marks, length_s: float, by_s: float, since_s: float = 0.0
) -> tuple[float, Marks]:
    """A stretch without work, `by_s` longer (shorter, below 0) as far as what is still to be said
    in it allows: what announces the next moves with the end. `since_s` of it has passed."""
    length_s = max(length_s + by_s, since_s)
    if not marks:
        return length_s, marks
    *before, (at_s, cue) = marks
    ends = [since_s, *(at + one.speech_s for at, one in before if one is not None)]
    if before or since_s:
        at_s = max(at_s + by_s, *ends)
    speech_s = 0.0 if cue is None else cue.speech_s
    return max(length_s, at_s + speech_s + AFTER_S), (*before, (at_s, cue))


def prepare(turn: Turn, session: Session) -> None:
    """Have the voice render what comes in this segment and the next."""
    if session.plan.silent:
        return
    cues = [cue for _, cue in session.marks if cue is not None]
    soon = session.plan.segments[session.following : session.following + 1]
    cues += [cue for segment in soon for cue in segment.cues]
    turn.do(Prepare(tuple(dict.fromkeys(cue.text for cue in cues))))


def acts_at(turn: Turn, session: Session) -> float | None:
    """When the session wants to act next; None while it waits for the voice."""
    if session.marks:
        return session.began + session.marks[0][0]
    return session.ends_at if free_from(turn, Claim.SEGMENT) < math.inf else None


def act(turn: Turn, lead: Leading, at: float) -> Lead:
    """Do what the session has to do at `at`: the next mark, or the end of the segment."""
    session = lead.session
    if not session.marks:
        return end_segment(turn, session, at)
    (_, cue), *rest = session.marks
    rank = Rank.COUNT if cue is None else cue.rank
    within_s = WITHIN_S[rank] if session.working else SEGMENT_WAITS_S
    if turn.now - at <= min(within_s, LATE_S):
        if cue is None and session.segment.beats:
            turn.beat()
        elif cue is None:
            turn.chime(Sound.TICK)
        else:
            turn.say(cue.text, PRIORITIES[cue.rank], within_s, cue.speech_s)
    return Leading(replace(session, marks=tuple(rest)))


def voice_ends(turn: Turn, lead: Leading, _: object) -> Lead:
    """Where the segment was only waiting for the voice, the next one begins now."""
    session = lead.session
    if session.marks or session.working or session.ends_at >= turn.now:
        return lead
    return end_segment(turn, session, turn.now)


def end_segment(turn: Turn, session: Session, at: float) -> Lead:
    """Go over to the next segment, or end with the plan."""
    late_s = turn.now - at
    if session.working:
        turn.chime(Sound.END)
        session = count_in_work(session, session.length_s)
    following = session.following
    if following == len(session.plan.segments):
        return finish(turn, note_exercise(turn, session, ended(session, following, "left")))
    session, good = praise_due.earned(turn, session)
    if session.plan.segments[following].item != session.segment.item:
        session = note_exercise(turn, session, ended(session, following, "left"))
    begins = turn.now if late_s > LATE_S else at
    return Leading(enter_segment(turn, session, following, begins, good=good))


def finish(turn: Turn, session: Session) -> Lead:
    """The plan is at its end."""
    end_session(turn, session, "done")
    turn.chime(Sound.DONE)
    return ask_after(turn, session.plan, "done")


# --- what was done ----------------------------------------------------------


def ended(session: Session, index: int, how: str) -> str:
    """How the present exercise ended, where it is left for the segment at `index`: done, if no
    work of it is still to come and enough of it was done; else as it is said."""
    item = session.segment.item
    work = [(i, s) for i, s in enumerate(session.plan.segments) if s.item == item]
    work = [(i, s) for i, s in work if s.kind is Kind.WORK]
    planned_s = sum(segment.length_s for _, segment in work)
    done_s = sum(done.seconds for done in session.done)
    over = all(i < index for i, _ in work)
    return "done" if over and how != "hurt" and done_s >= ENOUGH * planned_s else how


def count_in_work(session: Session, seconds: float) -> Session:
    """Add what was done in this segment of work to what was done of the exercise."""
    segment = session.segment
    if not session.working or seconds <= 0:
        return session
    one_s = segment.unit_s if segment.reps > 1 and segment.unit_s else 0.0
    one_s = one_s or session.length_s / max(1, segment.reps)
    reps = int(seconds / one_s + 1e-9) if segment.reps else 0
    before = {done.side: done for done in session.done}
    so_far = before.get(segment.side, Done(segment.side, 0.0, 0))
    before[segment.side] = Done(segment.side, so_far.seconds + seconds, so_far.reps + reps)
    return replace(session, done=tuple(before.values()))


def note_exercise(turn: Turn, session: Session, how: str) -> Session:
    """Write down what was done of the present exercise: a row for each side, with the plan's."""
    if not session.done:
        return session
    item = session.segment.item
    exercise = session.plan.exercise_ids[item]
    work = [s for s in session.plan.segments if s.item == item and s.kind is Kind.WORK]
    for done in session.done:
        planned = [segment for segment in work if segment.side == done.side]
        turn.record(
            "exercise",
            exercise,
            done.seconds,
            how,
            planned_s=sum(segment.length_s for segment in planned),
            reps=done.reps,
            planned_reps=sum(segment.reps for segment in planned),
            side=done.side,
        )
    counted = levels.note(turn, exercise, how, session.counted)
    if how == "done":
        note_done(turn, exercise)
    return replace(session, done=(), counted=counted)


def end_session(turn: Turn, session: Session, how: str) -> None:
    """The session is over; moving for a while counts as having stood."""
    turn.record("session_end", session.plan.id, turn.now - session.started, how)
    note_trained(turn, session, how)
    if turn.settings.once and not asks_after(turn, session.plan, how):
        turn.exit_code = 0
    closing, turn.person = turn.person.closing, replace(turn.person, closing="")
    if closing and how == "done":
        turn.say(closing, within_s=20.0)
    turn.signal(Signal.LEAD_ENDS)


def note_trained(turn: Turn, session: Session, how: str) -> None:
    """A session that was long enough counts for the plan, on the day it began; and one that was
    stopped for pain, however short it was."""
    civil, person = turn.civil(session.started), turn.person
    short = turn.now - session.started < TRAINED_FROM_S or not session.counted
    if not short:
        person = replace(person, ended_at=turn.now)
    day, told = int((civil or 0.0) // DAY_S), how == "hurt"
    exercises = tuple(sorted(session.counted))
    ended = Trained(day, session.plan.id, exercises, how, short=short, told=told)
    if civil is not None:
        if not short:
            goal_day(turn, day, how)
            person = replace(person, ended_s=civil % DAY_S)
        if not short or told:
            person = replace(person, trained=(*person.trained, ended))
    turn.person = replace(person, ended=ended)


def goal_day(turn: Turn, day: int, how: str) -> None:
    """A goal of one's own is told as it goes, on the first session of each day."""
    goal = turn.memory.wanted.days_goal
    lately = [one for one in turn.person.trained if not one.short]
    days = {one.day for one in lately if one.day >= day - weekday(day)}
    if goal is not None and how == "done" and day not in days:
        turn.say(plan_sentences.goal_day(len(days) + 1, goal), within_s=20.0)


def close(turn: Turn, lead: Led, how: str) -> AtRest:
    """End the session before its time."""
    session = count_in_work(lead.session, spent_s(turn, lead))
    turn.hush()
    end_session(turn, note_exercise(turn, session, ended(session, session.index, how)), how)
    return AtRest()


# --- where it is ------------------------------------------------------------


def spent_s(turn: Turn, lead: Led) -> float:
    """Time spent in the segment, pauses left out."""
    session = lead.session
    if isinstance(lead, Leading):
        return min(max(0.0, turn.now - session.began), session.length_s)
    return session.elapsed_s


def jump(turn: Turn, lead: Led, index: int, text: str, *, detour: Segment | None = None) -> Leading:
    """Leave the segment for another one (with a detour before it), and say so."""
    session = count_in_work(lead.session, spent_s(turn, lead))
    turn.hush()
    if session.plan.segments[index].item != session.segment.item:
        session = note_exercise(turn, session, ended(session, session.index, "left"))
    if text:
        turn.say(text)
    return Leading(enter_segment(turn, session, index, turn.now, detour=detour))


def jump_to(turn: Turn, lead: Led, item: int, text: str) -> Leading:
    """To the beginning of an exercise, or past the last one, with the way from where somebody
    is."""
    session = lead.session
    if session.routine is not None:
        routine = from_here(session, session.routine, item)
        if routine != session.routine:
            plan = told_to(compile_plan(routine), known(turn), turn.voice.pace)
            lead = replace(lead, session=replace(session, plan=plan, routine=routine))
    return jump(turn, lead, first_of(lead.session.plan, item), text)


def from_here(session: Session, routine: Routine, item: int) -> Routine:
    """A routine in which an exercise of it comes next, or is gone on with; past the last one, its
    end."""
    left = item == len(routine.items) and not session.working
    return replace(connected(routine, item, where(session)), last_left=left)


def where(session: Session) -> Position:
    """The position that somebody is in: that of the exercise, once they were told how to get there;
    before that the one that they get there from. At the end the one that they came there in, until
    they were told to get up."""
    here, segments = session.segment.item, session.plan.segments
    if session.routine is None or session.index == 0:
        return Position.STANDING
    if here < 0:
        to_come = any(cue is not None and gets_up(cue.text) for _, cue in session.marks)
        stays = to_come or not gets_up(session.routine.outro)
        return session.routine.ends or Position.STANDING if stays else Position.STANDING
    one = session.routine.items[here]
    coming = segments[session.index :]
    there = all(part.item != here or part.kind is not Kind.SETUP for part in coming)
    return one.exercise.position if there else one.after or Position.STANDING


def first_of(plan: Plan, item: int) -> int:
    """The first segment of an exercise; past the last one, the outro."""
    return plan.firsts.get(item, len(plan.segments) - 1)


def item_after(session: Session) -> int:
    """The number of the exercise after this one; in the outro, past the last one."""
    at_end = session.index == len(session.plan.segments) - 1
    return len(session.plan.exercises) if at_end else session.segment.item + 1


def first_after(session: Session) -> int:
    """The first segment of the exercise after this one; from the outro, the outro."""
    return first_of(session.plan, item_after(session))
