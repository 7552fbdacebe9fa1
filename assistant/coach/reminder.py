"""The stand-up reminder: when sitting has been long enough, and what answers it.

Decides when a reminder may come up, the ladder (lamp, chime, words, words once more, then only
the lamp), the courtesy of not speaking into a conversation, the snoozes and the two minutes up.
It measures monotonic time alone; the wall clock says which hours are working hours and what
people are told. What the person declares (quiet, leaving) is in `desk`.
"""

from assistant.coach.effects import Sound
from assistant.coach.events import Asked
from assistant.coach.state import Alarm, Mode, State, Then, Turn
from assistant.content import sentences

SOON_S = 120.0
CHIME_FIRST_S = 1.2
REPEAT_S = 120.0
HUSHED_S = 20.0
"""People have stopped talking when this long nothing was said."""
SNOOZES = (1.0, 1.0, 0.4)
"""How much of the configured snooze each one in a row gets: shorter, not endless."""
MOST = (2.0, 1.0, 0.4)
"""The most that each one in a row gets when a length is asked for, as a share of the same."""


# --- when -------------------------------------------------------------------


def interval_s(turn: Turn, at: float | None = None) -> float:
    """How long sitting may last today, or on the day of a monotonic time."""
    state = turn.state
    if state.civil_offset is None:
        return state.sit_s
    at = turn.now if at is None else at
    return state.settings.hours.interval(at + state.civil_offset, state.sit_s)


def arm(turn: Turn, left_s: float | None = None) -> None:
    """Count sitting from now on; with nobody there, from when somebody comes."""
    state = turn.state
    if not state.reminders:
        turn.set(stand_at=None, sit_left_s=None)
        return
    left_s = interval_s(turn) if left_s is None else left_s
    if state.absent_since is None:
        turn.set(stand_at=turn.now + left_s, sit_left_s=None)
    else:
        turn.set(stand_at=None, sit_left_s=left_s)


def sit_again(turn: Turn) -> None:
    """From now on sitting counts anew."""
    turn.set(snoozes=0)
    arm(turn)
    turn.enter(Mode.IDLE)


def next_time(state: State) -> tuple[float, bool] | None:
    """When the next reminder is to come up. With False: no reminder may come then, but working
    hours begin, and with them sitting counts anew."""
    if state.stand_at is None or state.mode not in (Mode.IDLE, Mode.OVERDUE):
        return None
    at = max(
        state.stand_at,
        state.stand_at if state.quiet_until is None else state.quiet_until,
        state.interrupted_at + state.settings.gap_s,
    )
    offset, hours = state.civil_offset, state.settings.hours
    if offset is None or hours.open(at + offset):
        return at, True
    opens = hours.next_open(at + offset)
    return None if opens is None else (max(opens - offset, state.now), False)


def come_up(turn: Turn, _: float) -> None:
    """It is time: for a reminder, or for a new day's first interval."""
    due = next_time(turn.state)
    if due is not None and due[1]:
        fall_due(turn)
    else:
        sit_again(turn)


def set_clock(turn: Turn, offset: float | None) -> None:
    """The wall clock was set. Setting it brings no reminder up: who has sat long enough in hours
    of rest goes on waiting for working hours, and sits anew when the clock says that they are."""
    before, stand_at = next_time(turn.state), turn.state.stand_at
    turn.set(civil_offset=offset)
    if stand_at is None or stand_at > turn.now or (before is not None and before[1]):
        return
    turn.set(stand_at=turn.now)
    after = next_time(turn.state)
    if after is not None and after[1]:
        sit_again(turn)


def at_work(state: State) -> bool:
    """Whether a reminder may be heard now."""
    offset = state.civil_offset
    return offset is None or state.settings.hours.open(state.now + offset)


# --- the ladder -------------------------------------------------------------


def fall_due(turn: Turn) -> None:
    """Sitting has been long enough."""
    if turn.state.mode is Mode.OVERDUE:  # the one before is past; its snoozes with it
        turn.set(snoozes=0)
    if turn.state.snoozes == 0:
        turn.set(due_since=turn.now)
        turn.record("break_due")
    turn.set(stand_at=None)
    turn.enter(Mode.DUE)
    approach(turn, Alarm(turn.now, Then.APPROACH))


def approach(turn: Turn, _: Alarm) -> None:
    """Speak now, or, while people are talking, only when they have stopped, or at the latest
    after the courtesy time; until then the lamp alone asks."""
    state = turn.state
    latest = state.since + state.settings.courtesy_s
    hushed_at = min(state.talked_at + HUSHED_S, latest)
    hushed_at = max(hushed_at, state.interrupted_at + state.settings.gap_s)
    if turn.now < hushed_at:
        turn.set(alarms=(Alarm(hushed_at, Then.APPROACH),))
        return
    if not at_work(state):  # working hours ended while people were talking
        unanswered(turn, Alarm(turn.now, Then.UNANSWERED))
        return
    text = sentences.stand(interval_s(turn)) if state.snoozes == 0 else sentences.STAND_AGAIN
    if state.gentle:
        text = sentences.STAND_GENTLY
    at = turn.now
    turn.set(
        interrupted_at=at,
        gentle=False,
        alarms=(
            Alarm(at + CHIME_FIRST_S, Then.ASK_TO_STAND, text),
            Alarm(at + REPEAT_S, Then.ASK_AGAIN, sentences.STAND_AGAIN),
            Alarm(at + 2 * REPEAT_S, Then.UNANSWERED),
        ),
    )
    turn.chime(Sound.DUE)


def ask_to_stand(turn: Turn, alarm: Alarm) -> None:
    turn.say(alarm.text)


def ask_again(turn: Turn, alarm: Alarm) -> None:
    """Once more, but never into a conversation, after work, or soon after the first time: then
    the lamp has to do."""
    state = turn.state
    earliest = max(state.talked_at + HUSHED_S, state.interrupted_at + state.settings.gap_s)
    if turn.now >= earliest and at_work(state):
        turn.set(interrupted_at=turn.now)
        turn.say(alarm.text)


def unanswered(turn: Turn, _: Alarm) -> None:
    """Let it be. The lamp goes on asking, and the next one comes after a whole interval."""
    turn.record("break_unanswered", seconds=turn.now - turn.state.due_since)
    arm(turn)
    turn.enter(Mode.OVERDUE)


# --- the answers ------------------------------------------------------------


def note_taken(turn: Turn) -> None:
    """The break is being taken: write down how long it took to stand up."""
    state = turn.state
    open_still = state.mode in (Mode.DUE, Mode.OVERDUE)
    turn.record("break_taken", seconds=turn.now - state.due_since if open_still else 0.0)


def stand(turn: Turn, _: Asked) -> None:
    """The person is up: thank them and time it. Unasked-for standing counts just as well."""
    up_s = turn.state.settings.up_s
    turn.hush()
    note_taken(turn)
    turn.set(stand_at=None, sit_left_s=None)
    turn.enter(Mode.STANDING, (up_s / 2, Then.HALFWAY, ""), (up_s, Then.SIT, ""))
    turn.say(sentences.standing(up_s))


def stood(turn: Turn, _: Asked) -> None:
    """It has happened already: nothing to time."""
    turn.hush()
    note_taken(turn)
    sit_again(turn)
    turn.say(sentences.noted(next_clock(turn)))


def next_clock(turn: Turn) -> float | None:
    """The time of day of the next reminder, where it is known."""
    due = next_time(turn.state)
    return None if due is None else turn.time_of_day(due[0])


def halfway(turn: Turn, _: Alarm) -> None:
    turn.say(sentences.HALFWAY)


def sit(turn: Turn, _: Alarm) -> None:
    sit_again(turn)
    turn.chime(Sound.DONE)
    turn.say(sentences.sit(next_clock(turn)))


def end_standing(turn: Turn, _: Asked) -> None:
    turn.hush()
    sit_again(turn)
    turn.say(sentences.sit(next_clock(turn)))


def snoozes_left(state: State) -> int:
    return max(0, state.settings.snoozes - state.snoozes)


def snooze(turn: Turn, asked: Asked) -> None:
    """Put it off, and read back until when. There is one left: `step` has looked."""
    state = turn.state
    rank = min(state.snoozes, len(SNOOZES) - 1)
    usual_s = state.settings.snooze_s
    for_s = min(asked.seconds or SNOOZES[rank] * usual_s, MOST[rank] * usual_s)
    turn.hush()
    turn.record("break_snoozed", seconds=for_s)
    turn.set(snoozes=state.snoozes + 1)
    arm(turn, for_s)
    turn.enter(Mode.IDLE)
    at = turn.time_of_day(turn.now + for_s)
    turn.say(sentences.snoozed(for_s, at, snoozes_left(turn.state)))


def skip_break(turn: Turn, _: Asked) -> None:
    turn.hush()
    turn.record("break_skipped", seconds=turn.now - turn.state.due_since)
    sit_again(turn)
    turn.say(sentences.BREAK_SKIPPED)
