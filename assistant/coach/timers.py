"""Ice and heat: a timer that ends by itself, with a word at half-time, and a pause after it.

Decides how long cold or warmth may stay on the skin (never over twenty minutes, and not again
before the skin has rested for as long), and when its words can be said without talking into
anything else: a hold, another sentence, a question. Which of the two to take is the person's
choice; what the first days are often treated with is an offer.
"""

from dataclasses import replace

from assistant.coach.effects import Place, Sound
from assistant.coach.events import Asked, Command
from assistant.coach.state import Mode, Pack, State, Timer, Turn
from assistant.content import sentences

USUAL_S = 900.0
MOST_S = 1200.0
HALF_FROM_S = 240.0
"""Shorter ones have no word at half-time."""
REMINDS_S = 60.0
"""How soon it is said again that time is up, unless somebody answers."""
REMINDERS = 3
LATEST_S = 30.0
"""How long the last word may wait for a gap. Half-time that long past isn't said at all."""
LOOK_AGAIN_S = 0.5
ANSWER_S = 10.0
"""So long after a reminder to stand up nothing else is said: it may be just being said."""
BUSY = (Mode.HURT, Mode.REENTRY)


def begin(turn: Turn, asked: Asked) -> None:
    """Start the timer, unless one runs, or the skin still rests from the one before."""
    state = turn.state
    pack = Pack.ICE if asked.command is Command.ICE else Pack.HEAT
    if state.timer is not None:
        tell(turn)
        return
    if turn.now < state.skin_rests_until:
        turn.say(sentences.skin_rests(state.skin_rests_until - turn.now))
        return
    length_s = min(asked.seconds or USUAL_S, MOST_S)
    turn.set(timer=Timer(pack, turn.now, length_s), timers=state.timers + 1)
    turn.record("timer", pack, length_s, "begun")
    capped = asked.seconds is not None and asked.seconds > MOST_S
    turn.say(sentences.timer_begun(pack, length_s, capped=capped, first=state.timers == 0))


def tell(turn: Turn) -> bool:
    """How long it still runs; whether there is one to tell of."""
    timer = turn.state.timer
    if timer is None:
        return False
    left_s = timer.ends_at - turn.now
    turn.say(sentences.timer_left(timer.pack, left_s) if left_s > 0 else END[timer.pack])
    return True


def end(turn: Turn, _: Asked) -> None:
    """Taken off, before its time or after."""
    timer = turn.state.timer
    if timer is None:
        turn.say(sentences.NO_TIMER)
        return
    turn.hush()
    if timer.reminders == 0:
        put_away(turn, timer, "stopped")
    turn.set(timer=None)
    turn.say(sentences.timer_ended(max(0.0, turn.state.skin_rests_until - turn.now)))


def put_away(turn: Turn, timer: Timer, how: str) -> None:
    """Write it down; from now on the skin rests for as long as it was cold or warm."""
    used_s = turn.now - timer.began
    turn.record("timer", timer.pack, used_s, how, planned_s=timer.length_s)
    turn.set(skin_rests_until=turn.now + used_s)


def come_back(turn: Turn, place: Place) -> None:
    """After a power cut: nobody knows how long it was, so it may have been on for long enough."""
    rests_s = min(max(0.0, place.timer_s), MOST_S)
    turn.set(skin_rests_until=turn.now + rests_s)
    turn.record("timer", place.timer, 0.0, "cut")
    turn.say(sentences.TIMER_CUT.format(pack=place.timer))


# --- time --------------------------------------------------------------------


def next_time(timer: Timer) -> float:
    """When it has something to say."""
    return max(due_at(timer), timer.waits_until)


def due_at(timer: Timer) -> float:
    if not timer.halved and timer.length_s >= HALF_FROM_S:
        return timer.began + timer.length_s / 2
    return timer.ends_at + timer.reminders * REMINDS_S


def come_up(turn: Turn, _: float) -> None:
    """Say what is due, as soon as nothing else is being said or held."""
    state = turn.state
    timer = state.timer
    assert timer is not None  # `step` has looked
    latest = due_at(timer) + LATEST_S
    if not free(state) and turn.now < latest:
        turn.set(timer=replace(timer, waits_until=turn.now + LOOK_AGAIN_S))
    elif due_at(timer) < timer.ends_at:
        turn.set(timer=replace(timer, halved=True))
        if turn.now < latest:
            say(turn, sentences.TIMER_HALF)
    else:
        ring(turn, timer)


def ring(turn: Turn, timer: Timer) -> None:
    """Time is up; said again until somebody answers, a few times."""
    if timer.reminders == 0:
        put_away(turn, timer, "done")
    reminders = timer.reminders + 1
    turn.set(timer=replace(timer, reminders=reminders) if reminders < REMINDERS else None)
    turn.chime(Sound.DONE)
    rest = sentences.timer_rest(timer.length_s) if timer.reminders == 0 else ""
    say(turn, f"{END[timer.pack]} {rest}".strip())


def say(turn: Turn, text: str) -> None:
    turn.set(interrupted_at=turn.now)  # a reminder to stand up keeps its distance
    turn.say(text, within_s=LATEST_S)


def free(state: State) -> bool:
    """Whether nothing is being said, asked, listened for, or held."""
    spoken = not state.utterances and state.now >= state.quiet_at and state.awake_until is None
    reminded = state.mode is Mode.DUE and state.now < state.interrupted_at + ANSWER_S
    held = state.mode in BUSY or (
        state.mode is Mode.LEADING and state.session is not None and state.session.working
    )
    return spoken and not reminded and not held


def slept(turn: Turn, seconds: float) -> None:
    """The machine was suspended, and its clock with it; ice and heat went on."""
    timer = turn.state.timer
    if timer is not None:
        turn.set(timer=replace(timer, began=timer.began - seconds))
    turn.set(skin_rests_until=turn.state.skin_rests_until - seconds)


END = {Pack.ICE: sentences.ICE_OFF, Pack.HEAT: sentences.HEAT_OFF}
