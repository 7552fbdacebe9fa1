"""The stand-up reminder: when sitting has been long enough, and what answers it.

Decides when a reminder may come up, the ladder (lamp, chime, words, words once more, then only
the lamp), the courtesy of not speaking into a conversation, the snoozes and the two minutes up.
It measures monotonic time alone; the wall clock says which hours are working hours and what
people are told. What the person declares (quiet, leaving), and the table, are in `desk`.
"""

import math
from dataclasses import replace

from assistant.coach.ear_and_voice import CHIME_FIRST_S
from assistant.coach.effects import Sound
from assistant.coach.events import Asked
from assistant.coach.priorities import Claim, free_from
from assistant.coach.state import (
    Alarm,
    Away,
    Desk,
    Due,
    Exercising,
    Overdue,
    Sitting,
    Standing,
)
from assistant.coach.triggers import Time
from assistant.coach.turn import Turn
from assistant.content import read_back, sentences

SOON_S = 120.0
NOBODY_AFTER = 3
"""After so many reminders in a row without a sign of life, nobody is there."""
SAME_BREAK_S = 300.0
"""So soon after a break another one that nobody asked for is the same one."""
SAME_PRESS_S = 3.0
"""So soon after the first press a second one says nothing new."""
REPEAT_S = 120.0
SNOOZES = (1.0, 1.0, 0.4)
"""How much of the configured snooze each one in a row gets: shorter, not endless."""
MOST = (2.0, 1.0, 0.4)
"""The most that each one in a row gets when a length is asked for, as a share of the same."""


# --- when -------------------------------------------------------------------


def interval_s(turn: Turn, at: float | None = None) -> float:
    """How long sitting may last today, or on the day of a monotonic time."""
    civil = turn.civil(at)
    wishes = turn.wishes
    return wishes.sit_s if civil is None else wishes.hours.interval(civil, wishes.sit_s)


def sitting(
    turn: Turn, left_s: float | None = None, snoozes: int = 0, due_since: float = 0.0
) -> Sitting:
    """Sitting that counts from now on (so much is left of it); with nobody there, from when
    somebody comes; not at all without reminders."""
    if not turn.wishes.reminders:
        return Sitting(None, None, snoozes, due_since)
    left_s = interval_s(turn) if left_s is None else left_s
    if turn.room.absent_since is None:
        return Sitting(turn.now + left_s, None, snoozes, due_since)
    return Sitting(None, left_s, snoozes, due_since)


def next_reminder(
    turn: Turn, desk: Desk | None = None, claim: Claim = Claim.REMINDER
) -> tuple[float, bool] | None:
    """When the next reminder is to come up. With False: no reminder may come then, but working
    hours begin, and with them sitting counts anew. `desk` is the state to reckon with, where it
    isn't put in yet."""
    desk = turn.desk if desk is None else desk
    if not isinstance(desk, Sitting | Overdue) or desk.stand_at is None:
        return None
    at = max(desk.stand_at, free_from(turn, claim))
    if at == math.inf:
        return None
    wishes, offset = turn.wishes, turn.room.civil_offset
    if wishes.quiet_until is not None:
        at = max(at, wishes.quiet_until)
    if offset is None or wishes.hours.open(at + offset):
        return at, True
    opens = wishes.hours.next_open(at + offset)
    return None if opens is None else (max(opens - offset, turn.now), False)


def next_clock(turn: Turn, desk: Desk) -> float | None:
    """The time of day of the next reminder, where it is known."""
    due = next_reminder(turn, desk)
    return None if due is None else turn.time_of_day(due[0])


def clock_set(turn: Turn, desk: Sitting | Overdue, before: tuple[float, bool] | None) -> Desk:
    """The wall clock was set. Setting it brings no reminder up: who has sat long enough in hours
    of rest goes on waiting for working hours, and sits anew when the clock says that they are.
    `before` is the next reminder by the clock as it was."""
    if desk.stand_at is None or desk.stand_at > turn.now or (before is not None and before[1]):
        return desk
    waits = replace(desk, stand_at=turn.now)
    after = next_reminder(turn, waits)
    return sitting(turn) if after is not None and after[1] else waits


def at_work(turn: Turn) -> bool:
    """Whether a reminder may be heard now."""
    civil = turn.civil()
    return civil is None or turn.wishes.hours.open(civil)


def work_begins(turn: Turn, _: object) -> bool:
    """working hours begin"""
    due = next_reminder(turn)
    return due is None or not due[1]


def sit_anew(turn: Turn, _: Desk, value: object) -> Sitting:
    return sitting(turn)


# --- the ladder -------------------------------------------------------------


def fall_due(turn: Turn, desk: Sitting | Overdue, _: float) -> Desk:
    """Sitting has been long enough."""
    snoozes, due_since = 0, turn.now
    if isinstance(desk, Sitting) and desk.snoozes:  # it was put off
        snoozes, due_since = desk.snoozes, desk.due_since
    else:
        turn.record("break_due")
    due = Due(turn.now, due_since, snoozes, ())
    return chime(turn, due, turn.now)


def chime(turn: Turn, due: Due, _: float) -> Desk:
    """Be heard now, or, while people are talking, only when they have stopped, or at the latest
    after the courtesy time; until then the lamp alone asks."""
    latest = due.since + turn.settings.courtesy_s
    heard_at = max(min(free_from(turn, Claim.CHIME), latest), free_from(turn, Claim.REMINDER))
    if turn.now < heard_at:
        return replace(due, alarms=(Alarm(heard_at, Time.APPROACH),))
    if not at_work(turn):  # working hours ended while people were talking
        return let_be(turn, due)
    text = sentences.STAND_AGAIN
    if due.snoozes == 0:
        text = sentences.stand(interval_s(turn), turn.wishes.taken)
    if turn.wishes.gently:
        text = sentences.STAND_GENTLY
    at = turn.now
    turn.wishes = replace(turn.wishes, interrupted_at=at, gently=False)
    turn.chime(Sound.DUE)
    alarms = (
        Alarm(at + CHIME_FIRST_S, Time.ASK_TO_STAND, text),
        Alarm(at + REPEAT_S, Time.ASK_AGAIN, sentences.STAND_AGAIN),
        Alarm(at + 2 * REPEAT_S, Time.UNANSWERED),
    )
    return replace(due, alarms=alarms)


def ask_to_stand(turn: Turn, due: Due, _: float) -> Desk:
    turn.say(due.alarms[0].text)
    return replace(due, alarms=due.alarms[1:])


def ask_again(turn: Turn, due: Due, _: float) -> Desk:
    """Once more, but never into a conversation, after work, or soon after the first time: then
    the lamp has to do."""
    if turn.now >= free_from(turn, Claim.CHIME) and at_work(turn):
        turn.wishes = replace(turn.wishes, interrupted_at=turn.now)
        turn.say(due.alarms[0].text)
    return replace(due, alarms=due.alarms[1:])


def let_be(turn: Turn, due: Due) -> Overdue:
    """The lamp goes on asking, and the next one comes after a whole interval."""
    turn.record("break_unanswered", seconds=turn.now - due.due_since)
    return Overdue(turn.now + interval_s(turn), due.due_since, due.snoozes)


def unanswered(turn: Turn, due: Due, _: float) -> Overdue | Away:
    """Let it be; after the third without a sign of life nobody is there, and nothing more is said
    until somebody is."""
    overdue = let_be(turn, due)
    alive = turn.room.sensed or turn.room.alive_at >= due.since
    unheard = 0 if alive else turn.wishes.unheard + 1
    turn.wishes = replace(turn.wishes, unheard=unheard)
    return Away(turn.now, math.inf) if unheard == NOBODY_AFTER else overdue


def keep_apart(turn: Turn, desk: Sitting | Due | Overdue, _: object) -> Desk:
    """A question is over, or somebody is dizzy: what waits is heard anew, and a while later."""
    turn.wishes = replace(turn.wishes, interrupted_at=turn.now)
    if not isinstance(desk, Due):
        return desk
    return replace(desk, alarms=(Alarm(turn.now + turn.settings.gap_s, Time.APPROACH),))


# --- the answers ------------------------------------------------------------


def note_taken(turn: Turn, desk: Desk) -> bool:
    """The break is being taken: write down how long it took to stand up. One that no reminder
    asked for, soon after another one, is the same; whether it counts."""
    delay_s = turn.now - desk.due_since if isinstance(desk, Due | Overdue) else None
    if delay_s is None and turn.now < turn.wishes.taken_at + SAME_BREAK_S:
        return False
    turn.wishes = replace(turn.wishes, taken_at=turn.now, taken=turn.wishes.taken + 1)
    turn.record("break_taken", seconds=delay_s or 0.0)
    return True


def stand(turn: Turn, desk: Desk, _: object) -> Standing:
    """The person is up: thank them and time it. Unasked-for standing counts just as well."""
    turn.hush()
    note_taken(turn, desk)
    turn.say(sentences.standing(turn.settings.up_s, turn.wishes.taken))
    return Standing(turn.now)


def take_exercising(turn: Turn, desk: Due | Overdue, _: object) -> Exercising:
    """A routine was asked for instead: it is the break."""
    note_taken(turn, desk)
    return Exercising()


def stood(turn: Turn, desk: Desk, _: Asked) -> Sitting:
    """It has happened already: nothing to time."""
    turn.hush()
    counts = note_taken(turn, desk)
    anew = sitting(turn)
    turn.say(sentences.noted(next_clock(turn, anew), known=not counts))
    return anew


def same_press(turn: Turn, standing: Standing, _: Asked) -> Standing:
    turn.ignore("press: the one before has just been answered")
    return standing


def up_still(turn: Turn, standing: Standing, _: Asked) -> Standing:
    turn.say(sentences.up_still(standing.since + turn.settings.up_s - turn.now))
    return standing


def halfway(turn: Turn, standing: Standing, _: float) -> Standing:
    if text := sentences.halfway(turn.wishes.taken):
        turn.say(text)
    return replace(standing, halved=True)


def sit(turn: Turn, _: Standing, at: float) -> Sitting:
    anew = sitting(turn)
    turn.chime(Sound.DONE)
    turn.say(sentences.sit(next_clock(turn, anew)))
    return anew


def end_standing(turn: Turn, _: Standing, asked: Asked) -> Sitting:
    turn.hush()
    anew = sitting(turn)
    turn.say(sentences.sit(next_clock(turn, anew)))
    return anew


def no_snooze_left(turn: Turn, _: object) -> bool:
    """no snooze is left"""
    desk = turn.desk
    return isinstance(desk, Sitting | Due | Overdue) and desk.snoozes >= turn.settings.snoozes


def refuse_snooze(turn: Turn, desk: Desk, _: Asked) -> Desk:
    turn.say(sentences.NO_MORE_SNOOZES)
    return desk


def soon(turn: Turn, _: object) -> bool:
    """the lamp says soon"""
    due = next_reminder(turn)
    return due is not None and due[1] and due[0] - turn.now <= SOON_S


def snooze_ahead(turn: Turn, desk: Sitting, asked: Asked) -> Sitting:
    """Put off before it is heard: it is due now, and snoozed at once."""
    if not desk.snoozes:
        turn.record("break_due")
        desk = replace(desk, due_since=turn.now)
    return snooze(turn, desk, asked)


def snooze(turn: Turn, desk: Sitting | Due | Overdue, asked: Asked) -> Sitting:
    """Put it off, and read back until when."""
    rank = min(desk.snoozes, len(SNOOZES) - 1)
    usual_s = turn.settings.snooze_s
    most_s = MOST[rank] * usual_s
    for_s = min(asked.seconds or SNOOZES[rank] * usual_s, most_s)
    capped = (asked.seconds or 0.0) > most_s
    turn.hush()
    turn.record("break_snoozed", seconds=for_s)
    snoozes = desk.snoozes + 1
    at = turn.time_of_day(turn.now + for_s)
    left = max(0, turn.settings.snoozes - snoozes)
    turn.say(read_back.snoozed(for_s, at, left, most=capped))
    return sitting(turn, for_s, snoozes, desk.due_since)


def skip_break(turn: Turn, desk: Due | Overdue, _: Asked) -> Sitting:
    turn.hush()
    turn.record("break_skipped", seconds=turn.now - desk.due_since)
    turn.say(sentences.BREAK_SKIPPED)
    return sitting(turn)
