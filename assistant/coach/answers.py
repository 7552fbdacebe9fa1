"""Answers that leave what is going on as it is: questions, the voice, help.

Decides what is said to them; it changes nothing but how the voice speaks.
"""

from assistant.coach import session as leading
from assistant.coach import timers
from assistant.coach.effects import Priority, SetVoice, Sound
from assistant.coach.events import Asked, Command, Source
from assistant.coach.question import help_with
from assistant.coach.reminder import interval_s, next_time
from assistant.coach.state import Mode, Session, Turn
from assistant.content import sentences

AWAKE_S = 8.0
MISHEARD = 2
"""How often in a row the coach says that it didn't understand; then it is silent."""
PACES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4)
VOLUME_STEP = 0.1

HELP = {
    Mode.IDLE: sentences.HELP_IDLE,
    Mode.STANDING: sentences.HELP_IDLE,
    Mode.LEADING: sentences.HELP_SESSION,
    Mode.REENTRY: sentences.HELP_SESSION,
    Mode.PAUSED: sentences.HELP_PAUSED,
    Mode.HURT: sentences.HELP_QUESTION,
    Mode.DUE: sentences.HELP_DUE,
    Mode.OVERDUE: sentences.HELP_DUE,
    Mode.AWAY: sentences.HELP_AWAY,
}


def wake(turn: Turn, _: Asked) -> None:
    """A chime and eight seconds to say it. In a session a wake phrase is polite, not needed."""
    turn.hush()
    turn.chime(Sound.WAKE)
    if turn.state.session is None:
        turn.set(awake_until=turn.now + AWAKE_S, misheard=0)


def unclear(turn: Turn, source: Source) -> None:
    """Something was said after the wake phrase, or typed, that is no command."""
    state = turn.state
    if source is Source.TYPED:
        turn.say(sentences.UNCLEAR)
        return
    if state.awake_until is None:
        turn.ignore("unclear: nobody was being listened to")
        return
    if state.misheard == MISHEARD:
        turn.set(awake_until=None)
        return
    turn.set(misheard=state.misheard + 1)
    turn.say(sentences.UNCLEAR)
    turn.set(awake_until=turn.state.utterances[-1].gives_up_at + AWAKE_S)


def left_s(turn: Turn, session: Session) -> tuple[float, float]:
    """Seconds left of this exercise and of the whole routine, as far as can be foreseen."""
    here_s = session.length_s - leading.spent_s(turn)
    item = session.segment.item
    later = session.plan.segments[session.following :]
    total_s = here_s + sum(segment.length_s for segment in later)
    if item < 0:
        return 0.0, total_s
    return here_s + sum(s.length_s for s in later if s.item == item), total_s


def tell_time_left(turn: Turn, _: Asked) -> None:
    state = turn.state
    if state.session is not None:
        here_s, total_s = left_s(turn, state.session)
        item = state.session.segment.item
        here = state.session.plan.exercises[item] if item >= 0 else ""
        turn.say(sentences.time_left(here_s, here, total_s))
    elif state.mode is Mode.STANDING:
        ends_at = state.since + state.settings.up_s
        turn.say(sentences.time_left(0.0, "", ends_at - turn.now))
    elif not timers.tell(turn):
        tell_stand(turn)


def tell_next(turn: Turn, _: Asked) -> None:
    session = turn.state.session
    if session is None:
        tell_stand(turn)
        return
    names = session.plan.exercises
    following = session.segment.item + 1
    at_end = leading.after(session) == session.index
    turn.say(sentences.next_up("" if at_end or following >= len(names) else names[following]))


def tell_stand(turn: Turn) -> None:
    """When the next stand-up is."""
    state = turn.state
    due = next_time(state)
    if state.mode in (Mode.DUE, Mode.OVERDUE):
        turn.say(sentences.STAND_AGAIN)
    elif state.mode is Mode.AWAY:
        turn.say(sentences.LEAVING)
    elif due is None:
        turn.say(sentences.RESTING if state.reminders else sentences.NO_REMINDERS)
    else:
        at, may_come = due
        # Where only working hours begin then, the reminder itself comes an interval later.
        at += 0.0 if may_come else interval_s(turn, at)
        turn.say(sentences.next_stand(at - turn.now, turn.time_of_day(at)))


def tell_next_break(turn: Turn, _: Asked) -> None:
    tell_stand(turn)


def change_pace(turn: Turn, asked: Asked) -> None:
    state = turn.state
    slower = asked.command is Command.SLOWER
    paces = [p for p in PACES if (p < state.pace if slower else p > state.pace)]
    if not paces:
        turn.say(sentences.SLOWEST if slower else sentences.FASTEST)
        return
    turn.set(pace=paces[-1] if slower else paces[0])
    turn.do(SetVoice(turn.state.pace, state.volume))
    turn.say(sentences.SLOWER if slower else sentences.FASTER)


def change_volume(turn: Turn, asked: Asked) -> None:
    state = turn.state
    louder = asked.command is Command.LOUDER
    wanted = round(state.volume + (VOLUME_STEP if louder else -VOLUME_STEP), 2)
    volume = min(1.0, max(VOLUME_STEP, wanted))
    if volume == state.volume:
        turn.say(sentences.LOUDEST if louder else sentences.QUIETEST)
        return
    turn.set(volume=volume)
    turn.do(SetVoice(state.pace, volume))
    turn.say(sentences.LOUDER if louder else sentences.QUIETER)


def list_routines(turn: Turn, _: Asked) -> None:
    turn.say(sentences.known(turn.state.settings.spoken_names))


def tell_help(turn: Turn, _: Asked) -> None:
    turn.say(help_now(turn))


def help_now(turn: Turn) -> str:
    return help_with(turn) if turn.state.mode is Mode.ASKING else HELP[turn.state.mode]


def tell_why(turn: Turn, _: Asked) -> None:
    """Where the exercise that is led comes from, and when it is for."""
    state = turn.state
    item = -1 if state.session is None else state.session.segment.item
    exercise = None
    if state.session is not None and item >= 0:
        exercise = state.settings.exercises.get(state.session.plan.exercise_ids[item])
    if exercise is None:
        turn.say(sentences.NO_WHY)
        return
    orgs = [source.org for source in exercise.sources if source.org != "own"]
    turn.say(sentences.why(exercise.spoken_name, orgs[:1], exercise.phase))


def say_again(turn: Turn, _: Asked) -> None:
    turn.say(turn.state.last_said or help_now(turn))


def comfort(turn: Turn, _: Asked) -> None:
    """ "That hurts" outside a session."""
    turn.hush()
    turn.say(sentences.HURT_IDLE, Priority.SAFETY)
