"""What a person at a desk declares: quiet, a meeting, leaving, coming back, how often.

Decides how long each lasts (all of them end by themselves) and what it does to the count of
sitting: quiet lets it run, absence starts it anew. When a reminder comes is `reminder`'s.
"""

from dataclasses import replace

from assistant.coach import session as leading
from assistant.coach.answers import AWAKE_S
from assistant.coach.effects import Place, Recall
from assistant.coach.events import Asked, Command, Part, Period, Recalled
from assistant.coach.reminder import (
    arm,
    interval_s,
    next_clock,
    note_taken,
    sit_again,
    stand,
)
from assistant.coach.state import Alarm, Mode, Then, Turn
from assistant.content import sentences

QUIET_S = 3600.0
"""Quiet, a meeting, or reminders off, when no length is said."""
MOST_QUIET_S = 12 * 3600.0
LUNCH_S = 3600.0
LEFT_S = 4 * 3600.0
"""Who said they were leaving and never came back is taken to be back after this."""
LONG_ABSENCE_S = 3600.0
"""After an absence as long as this the first reminder is a gentle one."""
INTERVALS_S = (300.0, 7200.0)
LEAST_LEFT_S = 60.0
HALF_DAY_S = 43200.0

PERIODS = {
    Command.DID_TODAY: Period.TODAY,
    Command.DID_WEEK: Period.WEEK,
    Command.DID_MONTH: Period.MONTH,
}


# --- quiet ------------------------------------------------------------------


def quiet_s(turn: Turn, asked: Asked) -> float | None:
    """How long it is to be quiet; None when a clock time was named and no clock is known."""
    if asked.until_s is None:
        return min(asked.seconds or QUIET_S, MOST_QUIET_S)
    now = turn.time_of_day(turn.now)
    if now is None:
        return None
    return (asked.until_s - now) % HALF_DAY_S or HALF_DAY_S


def be_quiet(turn: Turn, asked: Asked) -> None:
    """No reminders for a while. What fell due waits until then."""
    for_s = quiet_s(turn, asked)
    assert for_s is not None  # `step` has looked
    turn.hush()
    turn.set(quiet_until=turn.now + for_s)
    turn.record("quiet", asked.command, for_s)
    if turn.state.mode is Mode.DUE:
        turn.record("break_snoozed", seconds=for_s)  # the same reminder comes again, not another
    if turn.state.mode in (Mode.DUE, Mode.OVERDUE):
        arm(turn, 0.0)
        turn.enter(Mode.IDLE)
    off = asked.command is Command.REMINDERS_OFF
    if off and turn.state.session is None:
        turn.set(awake_until=turn.now + AWAKE_S)  # until when? is asked, and may be answered
    turn.say(sentences.quiet(for_s, turn.time_of_day(turn.now + for_s), ask_for_time=off))


def end_quiet(turn: Turn, _: float) -> None:
    """The time is over; nothing is said, the lamp shows it."""
    turn.set(quiet_until=None)


def reminders_on(turn: Turn, _: Asked) -> None:
    """Whatever kept reminders from coming, they come again."""
    state = turn.state
    was_off = not state.reminders
    turn.set(reminders=True, quiet_until=None, interrupted_at=turn.now)
    if was_off and state.mode in (Mode.IDLE, Mode.OVERDUE):
        arm(turn)
    turn.say(sentences.reminders_on(next_clock(turn)))


def come_back(turn: Turn, place: Place) -> None:
    """After a power cut while it was quiet, or nobody was there: that goes on."""
    if place.away_left_s:
        left_s = min(max(0.0, place.away_left_s), LEFT_S)
        turn.set(stand_at=None, sit_left_s=None)
        turn.enter(Mode.AWAY, (left_s, Then.ASSUME_BACK, ""))
        return
    left_s = min(max(0.0, place.quiet_left_s or 0.0), MOST_QUIET_S)
    turn.set(quiet_until=turn.now + left_s, snoozes=max(0, place.snoozes), due_since=turn.now)
    sit_left_s = interval_s(turn) if place.sit_left_s is None else max(0.0, place.sit_left_s)
    arm(turn, min(sit_left_s, interval_s(turn)))
    turn.say(sentences.quiet(left_s, None, ask_for_time=False))


# --- absence ----------------------------------------------------------------


def leave(turn: Turn, asked: Asked) -> None:
    """The person goes, and says so. Whoever leaves when a break is due takes it."""
    turn.hush()
    if turn.state.mode in (Mode.DUE, Mode.OVERDUE):
        note_taken(turn)
    turn.set(stand_at=None, sit_left_s=None, quiet_until=None)
    lunch = asked.command is Command.LUNCH
    turn.enter(Mode.AWAY, (LUNCH_S if lunch else LEFT_S, Then.ASSUME_BACK, ""))
    turn.say(sentences.LUNCH if lunch else sentences.LEAVING)


def return_to_desk(turn: Turn) -> None:
    """Somebody sits down again after `since`."""
    away_s = turn.now - turn.state.since
    turn.record("absence", seconds=away_s)
    turn.set(gentle=away_s >= LONG_ABSENCE_S)
    sit_again(turn)


def returned(turn: Turn, _: Asked) -> None:
    turn.hush()
    return_to_desk(turn)
    turn.say(sentences.welcome_back(next_clock(turn)))


def assume_back(turn: Turn, _: Alarm) -> None:
    return_to_desk(turn)


def seen(turn: Turn, here: bool) -> None:
    """A presence sensor saw somebody go or come. Sitting counts only while someone is there."""
    state = turn.state
    if here == (state.absent_since is None):
        return
    if not here:
        turn.set(absent_since=turn.now)
        if state.mode in (Mode.DUE, Mode.OVERDUE):
            stand(turn, Asked(Command.UP))
        elif state.stand_at is not None:
            turn.set(stand_at=None, sit_left_s=max(0.0, state.stand_at - turn.now))
        return
    absent_s = turn.now - (state.absent_since or turn.now)
    turn.set(absent_since=None)
    if state.mode is Mode.AWAY:
        return_to_desk(turn)
    elif state.mode is Mode.IDLE and state.sit_left_s is not None:
        rested(turn, absent_s, state.sit_left_s)


def slept(turn: Turn, seconds: float) -> None:
    """The machine was suspended. Time asleep counts as rest if it is as long as a break; nothing
    comes up right after waking. Quiet and absence go on meanwhile, though our clock stood still."""
    state = turn.state
    turn.set(interrupted_at=turn.now)
    if state.quiet_until is not None:
        turn.set(quiet_until=max(turn.now, state.quiet_until - seconds))
    if state.absent_since is not None:
        turn.set(absent_since=state.absent_since - seconds)
    if state.mode is Mode.AWAY:
        alarms = tuple(replace(a, at=max(turn.now, a.at - seconds)) for a in state.alarms)
        turn.set(since=state.since - seconds, alarms=alarms)
    if state.mode is Mode.LEADING:
        leading.pause(turn, Asked(Command.PAUSE))
    elif state.mode in (Mode.IDLE, Mode.DUE, Mode.OVERDUE, Mode.STANDING):
        left_s = 0.0 if state.stand_at is None else max(0.0, state.stand_at - turn.now)
        if seconds >= state.settings.up_s:
            rested(turn, seconds, left_s)


def rested(turn: Turn, for_s: float, left_s: float) -> None:
    """Nobody sat for this long: a rest if it is as long as a break, else sitting goes on."""
    if for_s < turn.state.settings.up_s:
        arm(turn, left_s)
        return
    turn.set(gentle=for_s >= LONG_ABSENCE_S)
    sit_again(turn)


# --- how often, and how it went ---------------------------------------------


def change_interval(turn: Turn, asked: Asked) -> None:
    """From now on, and for the sitting that is going on."""
    state = turn.state
    shortest_s, longest_s = INTERVALS_S
    before_s = interval_s(turn)
    sit_s = min(max(asked.seconds or state.settings.sit_s, shortest_s), longest_s)
    hours = replace(state.settings.hours, intervals=())
    turn.set(sit_s=sit_s, settings=replace(state.settings, hours=hours))
    left_s = state.sit_left_s if state.stand_at is None else state.stand_at - turn.now
    if left_s is not None and state.snoozes == 0:  # what a snooze has promised stays
        arm(turn, max(LEAST_LEFT_S, sit_s - (before_s - left_s)))
    turn.say(sentences.every(sit_s, next_clock(turn)))


def recall(turn: Turn, asked: Asked) -> None:
    """Ask the journal; its answer comes as `Recalled`."""
    state = turn.state
    if not state.settings.keeps or any(part is Part.JOURNAL for part, _ in state.faults):
        turn.say(sentences.NO_JOURNAL)
        return
    turn.do(Recall(PERIODS[asked.command]))


def recalled(turn: Turn, answer: Recalled) -> None:
    turn.say(
        sentences.did(
            answer.period,
            answer.breaks_taken,
            answer.breaks_due,
            answer.delay_s,
            answer.sessions,
            answer.exercise_s,
            answer.streak_days,
        )
    )
