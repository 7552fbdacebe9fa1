"""Leading a session: walking through a compiled plan, and what is asked for on the way.

Decides when each segment of the plan begins and ends and what is said in it. A
segment of work ends on its time whatever is being said; every other segment
waits for the voice, which the coach in turn gives up on after a while. It
doesn't decide what a plan holds.
"""

from assistant.coach import praise, progress
from assistant.coach.effects import Place, Prepare, Priority, Sound
from assistant.coach.events import Asked
from assistant.coach.fit import led
from assistant.coach.known import note_done
from assistant.coach.question import ask, asks_after
from assistant.coach.reminder import sit_again
from assistant.coach.state import Alarm, Done, Marks, Mode, Question, Session, Then, Turn
from assistant.content import sentences
from assistant.content.types import Cue, Kind, Plan, Rank, Segment

REENTRY_S = 3.0
FORGOTTEN_S = 600.0
"""A pause as long as this ends the session."""
AFTER_S = 0.4
"""Silence after the last sentence of a stretch."""
HURT_S = 60.0
"""How long the question after "that hurts" stays open."""
LATE_S = 1.0
"""What should have been said this long ago isn't said any more; a segment that should have begun
this long ago begins now. So a machine that slept doesn't rush through what it missed."""

PRIORITIES = {Rank.TIP: Priority.TIP, Rank.CUE: Priority.CUE, Rank.COUNT: Priority.COUNT}
WITHIN_S = {Rank.TIP: 1.0, Rank.CUE: 3.0, Rank.COUNT: 0.4}
"""How late a sentence may begin during work; elsewhere the segment waits for it."""
WAITS_S = 30.0


# --- the walk ---------------------------------------------------------------


def begin(turn: Turn, name: str) -> None:
    """Start a routine from its beginning; `asking` has seen to what comes before."""
    plan, routine = led(turn.state, name)
    session = Session(plan, turn.now, routine)
    turn.set(session=session, stand_at=None, sit_left_s=None, snoozes=0)
    turn.record("session_start", plan.id)
    turn.enter(Mode.LEADING)
    enter_segment(turn, 0, turn.now)


def enter_segment(
    turn: Turn, index: int, at: float, *, detour: Segment | None = None, good: str = ""
) -> None:
    """Begin a segment, or a detour before it, at a time (now, or a moment ago when one follows
    another); `good` is what is said for what was done just before."""
    lay_out(turn, index, at, detour)
    if good:
        turn.set_session(marks=praise.among(turn.session.marks, good))
    if turn.session.working:
        turn.chime(Sound.BEGIN)
    prepare(turn)


def lay_out(turn: Turn, index: int, at: float, detour: Segment | None = None) -> None:
    """Make the segment (or a detour before it) the present one, as if it had begun at `at`."""
    segment = turn.session.plan.segments[index] if detour is None else detour
    # A slow voice needs longer for the same words; a fast one still leaves the time to move.
    stretch = 1.0 if segment.kind is Kind.WORK else max(1.0, 1.0 / turn.state.pace)
    marks: list[tuple[float, Cue | None]] = [(cue.at_s * stretch, cue) for cue in segment.cues]
    marks += [(tick_s, None) for tick_s in segment.ticks]
    marks.sort(key=lambda mark: mark[0])
    length_s, told = segment.length_s * stretch, tuple(marks)
    if segment.kind is Kind.REST and turn.session.rest_s:
        length_s, told = lengthened(told, length_s, turn.session.rest_s)
    turn.set_session(
        index=index,
        began=at,
        length_s=length_s,
        marks=told,
        elapsed_s=0.0,
        detour=detour,
    )


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


def prepare(turn: Turn) -> None:
    """Have the voice render what comes in this segment and the next."""
    session = turn.session
    cues = [cue for _, cue in session.marks if cue is not None]
    soon = session.plan.segments[session.following : session.following + 1]
    cues += [cue for segment in soon for cue in segment.cues]
    turn.do(Prepare(tuple(dict.fromkeys(cue.text for cue in cues))))


def next_time(session: Session, speaking: bool) -> float | None:
    """When the session wants to act next; None while it waits for the voice."""
    if session.marks:
        return session.began + session.marks[0][0]
    if speaking and not session.working:
        return None
    return session.ends_at


def act(turn: Turn, at: float) -> None:
    """Do what the session has to do at `at`: the next mark, or the end of the segment."""
    session = turn.session
    if not session.marks:
        end_segment(turn, at)
        return
    (_, cue), *rest = session.marks
    turn.set_session(marks=tuple(rest))
    rank = Rank.COUNT if cue is None else cue.rank
    within_s = WITHIN_S[rank] if session.working else WAITS_S
    if turn.now - at > min(within_s, LATE_S):
        return
    if cue is None:
        turn.chime(Sound.TICK)
    else:
        turn.say(cue.text, PRIORITIES[cue.rank], within_s, cue.speech_s)


def end_segment(turn: Turn, at: float) -> None:
    """Go over to the next segment, or end with the plan."""
    session = turn.session
    late_s = turn.now - at
    if session.working:
        turn.chime(Sound.END)
        count_in_work(turn, session.length_s)
    following = session.following
    if following == len(session.plan.segments):
        note_exercise(turn, "done")
        leave(turn, "done")
        turn.chime(Sound.DONE)
        ask_after(turn, session.plan, "done")
        return
    good = praise.earned(turn)
    if session.plan.segments[following].item != session.segment.item:
        note_exercise(turn, "done")
    enter_segment(turn, following, turn.now if late_s > LATE_S else at, good=good)


def waited(turn: Turn) -> None:
    """The voice has finished, and the segment was only waiting for it: the next one begins now."""
    session = turn.session
    if not session.marks and not session.working and session.ends_at < turn.now:
        end_segment(turn, turn.now)


def count_in_work(turn: Turn, seconds: float) -> None:
    """Add what was done in this segment of work to what was done of the exercise."""
    session = turn.session
    segment = session.segment
    if not session.working or seconds <= 0:
        return
    reps = int(segment.reps * seconds / session.length_s + 1e-9)
    before = {done.side: done for done in session.done}
    so_far = before.get(segment.side, Done(segment.side, 0.0, 0))
    before[segment.side] = Done(segment.side, so_far.seconds + seconds, so_far.reps + reps)
    turn.set_session(done=tuple(before.values()))


def note_exercise(turn: Turn, detail: str) -> None:
    """Write down what was done of the present exercise: a row for each side, with the plan's."""
    session = turn.session
    for done in session.done:
        planned = [
            segment
            for segment in session.plan.segments
            if segment.item == session.segment.item
            and segment.kind is Kind.WORK
            and segment.side == done.side
        ]
        turn.record(
            "exercise",
            session.plan.exercise_ids[session.segment.item],
            done.seconds,
            detail,
            planned_s=sum(segment.length_s for segment in planned),
            reps=done.reps,
            planned_reps=sum(segment.reps for segment in planned),
            side=done.side,
        )
    if session.done:
        exercise = session.plan.exercise_ids[session.segment.item]
        progress.note(turn, exercise, detail)
        if detail == "done":
            note_done(turn, exercise)
    turn.set_session(done=())


def leave(turn: Turn, detail: str) -> None:
    """End the session; moving for a while counts as having stood."""
    session = turn.session
    turn.record("session_end", session.plan.id, turn.now - session.started, detail)
    turn.set(session=None)
    if turn.state.settings.once and not asks_after(turn, session.plan, detail):
        turn.set(exit_code=0)
    sit_again(turn)


def ask_after(turn: Turn, plan: Plan, how: str) -> None:
    """The same question as before the session."""
    if asks_after(turn, plan, how):
        ask(turn, Question.PAIN_AFTER, plan.id)


# --- what is asked for ------------------------------------------------------


def spent_s(turn: Turn) -> float:
    """Time spent in the segment, pauses left out."""
    session = turn.session
    if turn.state.mode is Mode.LEADING:
        return min(max(0.0, turn.now - session.began), session.length_s)
    return session.elapsed_s


def halt(turn: Turn) -> None:
    """Be silent and keep the place."""
    turn.hush()
    turn.set_session(elapsed_s=spent_s(turn))


def pause(turn: Turn, _: Asked) -> None:
    halt(turn)
    turn.enter(Mode.PAUSED, (FORGOTTEN_S, Then.FORGET, ""))
    turn.say(sentences.PAUSED)


def go_on(turn: Turn, _: Asked) -> None:
    """Count three, then go on: a hold from where it was, anything else from its beginning."""
    turn.hush()
    counts = [(float(i), Then.COUNT_IN, word) for i, word in enumerate(sentences.REENTRY)]
    turn.enter(Mode.REENTRY, *counts, (REENTRY_S, Then.REENTER, ""))
    turn.do(Prepare(sentences.REENTRY))


def count_in(turn: Turn, alarm: Alarm) -> None:
    turn.say(alarm.text, Priority.COUNT, 0.4)


def reenter(turn: Turn, alarm: Alarm) -> None:
    session = turn.session
    turn.enter(Mode.LEADING)
    if session.working:
        turn.chime(Sound.BEGIN)
        turn.set_session(began=alarm.at - session.elapsed_s)
    else:
        enter_segment(turn, session.index, alarm.at, detour=session.detour)


def come_back(turn: Turn, place: Place) -> None:
    """After a power cut: wait, paused, at the place where it happened."""
    plan, routine = led(turn.state, place.routine)
    index = min(max(0, place.segment), len(plan.segments) - 1)
    turn.set(session=Session(plan, turn.now, routine), stand_at=None)
    turn.enter(Mode.PAUSED, (FORGOTTEN_S, Then.FORGET, ""))
    item = plan.segments[index].item
    for earlier in range(first_of(plan, item), index) if item >= 0 else ():
        # One gets to a place in an exercise only through the work before it.
        lay_out(turn, earlier, turn.now)
        count_in_work(turn, turn.session.length_s)
    lay_out(turn, index, turn.now)
    session = turn.session
    elapsed_s = min(max(0.0, place.elapsed_s), session.length_s)
    later = tuple(mark for mark in session.marks if mark[0] >= elapsed_s)
    turn.set_session(elapsed_s=elapsed_s, marks=later)
    name = plan.exercises[item] if item >= 0 else plan.spoken_name
    turn.say(sentences.back_in(name, session.segment.side))


def forget(turn: Turn, _: Alarm) -> None:
    close(turn, "forgotten")
    turn.say(sentences.FORGOTTEN)


def jump(turn: Turn, index: int, text: str, *, detour: Segment | None = None) -> None:
    """Leave the segment for another one (with a detour before it), and say so."""
    count_in_work(turn, spent_s(turn))
    turn.hush()
    if turn.session.plan.segments[index].item != turn.session.segment.item:
        note_exercise(turn, "left")
    turn.enter(Mode.LEADING)
    if text:
        turn.say(text)
    enter_segment(turn, index, turn.now, detour=detour)


def first_of(plan: Plan, item: int) -> int:
    """The first segment of an exercise; past the last one, the outro."""
    return next(
        (i for i, segment in enumerate(plan.segments) if segment.item == item),
        len(plan.segments) - 1,
    )


def after(session: Session) -> int:
    """The first segment of the exercise after this one; from the outro, the outro."""
    last = len(session.plan.segments) - 1
    if session.index == last:
        return last
    return first_of(session.plan, session.segment.item + 1)


def go_early(turn: Turn, _: Asked) -> None:
    """ "Go": the person is in position, or has rested enough. Work isn't cut short by it."""
    session = turn.session
    if session.working or after(session) == session.index:
        turn.ignore("go: nothing is being waited for")
        return
    jump(turn, session.following, "")


def skip(turn: Turn, _: Asked) -> None:
    jump(turn, after(turn.session), sentences.SKIPPED)


def go_back(turn: Turn, _: Asked) -> None:
    """To the exercise before; from the first one, to its beginning."""
    session = turn.session
    item = session.segment.item
    if after(session) == session.index:
        item = len(session.plan.exercises)
    index = 0 if item < 0 else first_of(session.plan, max(0, item - 1))
    jump(turn, index, sentences.BACK)


def do_again(turn: Turn, _: Asked) -> None:
    """From the last instruction on, on the same side."""
    session = turn.session
    index = session.index
    anchors = (Kind.INTRO, Kind.SETUP, Kind.STEPS, Kind.SWITCH, Kind.OUTRO)
    while session.plan.segments[index].kind not in anchors and index > 0:
        index -= 1
    jump(turn, index, sentences.AGAIN)


def already_going(turn: Turn, _: Asked) -> None:
    turn.say(sentences.ALREADY_GOING)


def end(turn: Turn, _: Asked) -> None:
    plan = turn.session.plan
    close(turn, "stopped")
    turn.say(sentences.STOPPED)
    ask_after(turn, plan, "stopped")


def close(turn: Turn, detail: str) -> None:
    """End the session before its time."""
    count_in_work(turn, spent_s(turn))
    turn.hush()
    note_exercise(turn, detail)
    leave(turn, detail)


def hurt(turn: Turn, _: Asked) -> None:
    """Stop at once, and ask one question."""
    halt(turn)
    turn.enter(Mode.HURT, (HURT_S, Then.LEAVE_HURT, ""))
    turn.say(sentences.HURT, Priority.SAFETY)


def hurt_yes(turn: Turn, _: Asked) -> None:
    """Sharp, or down the leg: that is enough for today, and it is easier next time."""
    plan, item = turn.session.plan, turn.session.segment.item
    close(turn, "hurt")
    progress.make_easier(turn, plan, item)
    turn.say(sentences.HURT_YES, Priority.SAFETY)


def hurt_end(turn: Turn, _: Asked) -> None:
    close(turn, "hurt")
    turn.say(sentences.HURT_ENDED, Priority.SAFETY)


def leave_hurt(turn: Turn, _: Alarm) -> None:
    close(turn, "hurt")
    turn.say(sentences.HURT_ENDED, Priority.SAFETY)
