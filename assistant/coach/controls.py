"""What is asked of a session as a whole: pause, go on, another exercise, stop, that hurts.

Decides what each does to the place in the plan. Which command does which, and in which state, are
the rows of `lead`; what changes the exercise that is going on is `adjusting`'s.
"""

from dataclasses import replace

from assistant.coach import levels, pain, suitability
from assistant.coach.effects import Prepare, Priority, Sound
from assistant.coach.events import Asked
from assistant.coach.question import ask_after, cut, once_more, put, put_new
from assistant.coach.session import (
    close,
    enter_segment,
    finish,
    first_after,
    jump,
    jump_to,
    spent_s,
)
from assistant.coach.state import AtRest, Hurt, Lead, Leading, Led, Paused, Reentry, Session
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.types import Kind

REENTRY_S = 3.0
FORGOTTEN_S = 600.0
"""A pause as long as this ends the session."""


# --- pause, and go on --------------------------------------------------------


def halted(turn: Turn, lead: Led) -> Session:
    """Be silent and keep the place."""
    turn.hush()
    return replace(lead.session, elapsed_s=spent_s(turn, lead))


def pause(turn: Turn, lead: Leading | Reentry, _: object) -> Paused:
    session = halted(turn, lead)
    turn.say(sentences.PAUSED)
    return Paused(session, turn.now + FORGOTTEN_S)


def go_on(turn: Turn, lead: Paused, _: Asked) -> Reentry:
    """Count three, then go on: a hold from where it was, anything else from its beginning."""
    turn.hush()
    return count_three(turn, lead.session)


def count_three(turn: Turn, session: Session) -> Reentry:
    turn.do(Prepare(sentences.REENTRY))
    return Reentry(session, turn.now, after=turn.voice.count)


def going_on(turn: Turn, lead: Reentry, asked: Asked) -> Reentry:
    """It is being counted already, and nothing is said into a count."""
    turn.ignore(f"{asked.command}: going on already")
    return lead


def spoken_over(turn: Turn) -> bool:
    """Whether something else than the count was said last."""
    return turn.voice.last_said not in sentences.REENTRY


def count_anew(turn: Turn, lead: Reentry, _: object) -> Reentry:
    """An answer is over that was given meanwhile: the count begins again after it."""
    return Reentry(lead.session, turn.now, after=turn.voice.count)


def count_in(turn: Turn, lead: Reentry, _: float) -> Reentry:
    turn.say(sentences.REENTRY[lead.counted], Priority.COUNT, 0.4)
    return replace(lead, counted=lead.counted + 1)


def reenter(turn: Turn, lead: Reentry, at: float) -> Leading:
    session = lead.session
    if session.working:
        turn.chime(Sound.BEGIN)
        return Leading(replace(session, began=at - session.elapsed_s))
    return Leading(enter_segment(turn, session, session.index, at, detour=session.detour))


def slept_long(turn: Turn, seconds: float) -> bool:
    """as long as a pause may be"""
    pause = turn.lead
    left_s = pause.forget_at - turn.now if isinstance(pause, Paused) else FORGOTTEN_S
    return seconds >= left_s


def sleep_on(_: Turn, lead: Paused, seconds: float) -> Paused:
    """The pause went on while our clock stood still."""
    return replace(lead, forget_at=lead.forget_at - seconds)


def forget(turn: Turn, lead: Leading | Paused | Reentry, _: float) -> AtRest:
    rest = close(turn, lead, "forgotten")
    turn.say(sentences.FORGOTTEN)
    return rest


# --- elsewhere in the plan ----------------------------------------------------


def go_early(turn: Turn, lead: Leading, _: Asked) -> Leading:
    """ "Go": the person is in position, or has rested enough. Work isn't cut short by it."""
    session = lead.session
    if session.working or first_after(session) == session.index:
        turn.ignore("go: nothing is being waited for")
        return lead
    return jump(turn, lead, session.following, "")


def skip_outro(turn: Turn, lead: Led, _: Asked) -> Lead:
    """Nothing comes after it."""
    turn.hush()
    return finish(turn, lead.session)


def skip(turn: Turn, lead: Led, _: Asked) -> Leading:
    return jump_to(turn, lead, lead.session.segment.item + 1, sentences.SKIPPED)


def go_back(turn: Turn, lead: Led, _: Asked) -> Leading:
    """To the exercise before; from the first one, to its beginning."""
    session = lead.session
    item = session.segment.item
    if first_after(session) == session.index:
        item = len(session.plan.exercises)
    if item < 0:
        return jump(turn, lead, 0, sentences.AGAIN)
    return jump_to(turn, lead, max(0, item - 1), sentences.BACK if item else sentences.AGAIN)


def do_again(turn: Turn, lead: Led, _: Asked) -> Leading:
    """From the last instruction on, on the same side."""
    session = lead.session
    index = session.index
    anchors = (Kind.INTRO, Kind.SETUP, Kind.STEPS, Kind.SWITCH, Kind.OUTRO)
    while session.plan.segments[index].kind not in anchors and index > 0:
        index -= 1
    return jump(turn, lead, index, sentences.AGAIN)


# --- the end ------------------------------------------------------------------


def stop(turn: Turn, lead: Led, _: Asked) -> Lead:
    close(turn, lead, "stopped")
    turn.say(sentences.STOPPED)
    return ask_after(turn, lead.session.plan, "stopped")


def leave(turn: Turn, lead: Led, asked: Asked) -> AtRest:
    """Whoever goes away ends the session; the desk does what belongs to that."""
    rest = close(turn, lead, "stopped")
    turn.signal(Signal.LEAVES, asked)
    return rest


def quit_session(turn: Turn, lead: Led, _: object) -> AtRest:
    """What hurt counts as that, whether somebody has answered or not."""
    return close(turn, lead, "hurt" if isinstance(lead, Hurt) else "quit")


# --- that hurts ---------------------------------------------------------------


def hurt(turn: Turn, lead: Leading | Paused | Reentry, asked: Asked) -> Hurt | AtRest:
    """Stop at once, and ask one question, unless it was answered with it."""
    ends = ends_with(turn, asked)
    if asked.tells & pain.SHARP:
        return hurt_yes(turn, lead, asked)
    session = halted(turn, lead)
    return Hurt(session, put_new(turn, sentences.HURT, Priority.SAFETY), ends)


def ends_with(turn: Turn, asked: Asked) -> bool:
    """How much it hurts counts where that was told with it: six and more end the session, and
    whether it is sharp is asked all the same."""
    if asked.value is None:
        return False
    much = asked.value >= suitability.REST_FROM
    (pain.told_meanwhile if much else pain.told_within)(turn, asked.value)
    return much


def note_pain(turn: Turn, lead: Leading | Paused | Reentry, asked: Asked) -> Lead:
    """Less than that: with four and five it goes on without strengthening."""
    turn.say(sentences.PAIN_NOTED)
    pain.told_within(turn, asked.value or 0)
    return lead


def hurt_again(turn: Turn, lead: Hurt, asked: Asked) -> Hurt:
    """The question is said again, and the time for the answer begins anew."""
    ends = ends_with(turn, asked) or lead.ends
    turn.hush()
    return replace(lead, put=put(turn, sentences.SHARP, Priority.SAFETY), ends=ends)


def hurt_unanswered(turn: Turn, lead: Hurt, _: object) -> Hurt | AtRest:
    """Put again if it was cut, once more if it was heard; then that is enough."""
    was = lead.put
    if not cut(lead) and (was.again or not was.heard):
        return hurt_end(turn, lead, _)
    return replace(lead, put=once_more(was, put(turn, sentences.SHARP, Priority.SAFETY)))


def hurt_yes(turn: Turn, lead: Led, _: Asked) -> AtRest:
    """Sharp, or down the leg: that is enough for today, and it is easier next time."""
    rest = close(turn, lead, "hurt")
    levels.make_easier(turn, lead.session.plan, lead.session.segment.item)
    pain.stopped(turn)
    pain.sharp(turn)
    turn.say(sentences.HURT_YES, Priority.SAFETY)
    return rest


def hurt_end(turn: Turn, lead: Hurt, _: object) -> AtRest:
    """Stopped, or nobody answered."""
    rest = close(turn, lead, "hurt")
    pain.stopped(turn)
    turn.say(sentences.HURT_ENDED, Priority.SAFETY)
    if suitability.worse_again(turn.person.health.ended):
        turn.say(pain.worse_again(turn), Priority.SAFETY)
    return rest


def nothing_hurts(turn: Turn, lead: Hurt, _: Asked) -> Reentry:
    """An "ouch" that was none: on, at the same level, as after a pause."""
    turn.hush()
    pain.goes_on(turn)
    turn.say(sentences.NOTHING_HURTS)
    return count_three(turn, lead.session)


def dizzy(turn: Turn, lead: Led, asked: Asked) -> AtRest:
    """Stop at once, and what to do now. What had just hurt counts as that too."""
    hurt = isinstance(lead, Hurt)
    rest = close(turn, lead, "hurt" if hurt else "stopped")
    if hurt:
        pain.stopped(turn)
    pain.note_dizzy(turn, asked)
    turn.say(sentences.DIZZY_STOPPED, Priority.SAFETY)
    return rest


def already_going(turn: Turn, lead: Led, _: Asked) -> Lead:
    turn.say(sentences.ALREADY_GOING)
    return lead


def stop_first(turn: Turn, lead: Led, _: Asked) -> Lead:
    """Another routine than the one that is led, or paused."""
    turn.say(sentences.STOP_FIRST.format(name=lead.session.plan.spoken_name))
    return lead
