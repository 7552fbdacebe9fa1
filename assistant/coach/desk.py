"""The desk's table: sitting and standing, and what a person declares there.

Decides how long an absence lasts (it ends by itself) and what it does to the count of sitting:
absence starts it anew, quiet lets it run. When a reminder comes, and what answers it, is
`stand_up`'s; quiet and how often, `reminder_wishes`'s. While a routine or a question is open the
desk's own times wait.
"""

import math
from dataclasses import replace

from assistant.coach import reminder_wishes, stand_up
from assistant.coach.effects import Place
from assistant.coach.events import Asked, Source
from assistant.coach.events import Command as C
from assistant.coach.interpreter import Machine, Row, Same, put_desk
from assistant.coach.lasting_wishes import MOST_QUIET_S
from assistant.coach.priorities import Claim, free_from
from assistant.coach.stand_up import interval_s, next_clock, next_reminder, note_taken, sitting
from assistant.coach.state import (
    Asking,
    Away,
    Desk,
    Due,
    Exercising,
    Hurt,
    Overdue,
    Sitting,
    Standing,
)
from assistant.coach.triggers import Signal, Time
from assistant.coach.turn import Turn
from assistant.content import read_back, sentences

LUNCH_S = 3600.0
"""How long lunch lasts, unless somebody says "I'm back" before; `sentences.LUNCH` tells it."""
LEFT_S = 4 * 3600.0
"""Who said they were leaving and never came back is taken to be back after this, as
`sentences.LEAVING` tells them."""
LONG_ABSENCE_S = 3600.0
"""After an absence as long as this the first reminder is a gentle one."""


# --- absence ----------------------------------------------------------------


def leave(turn: Turn, desk: Desk, asked: Asked) -> Away:
    """The person goes, and says so, once or twice. Whoever leaves when a break is due takes it."""
    turn.hush()
    if isinstance(desk, Due | Overdue):
        note_taken(turn, desk)
    lunch = asked.command is C.LUNCH
    turn.say(sentences.LUNCH if lunch else sentences.LEAVING)
    since = desk.since if isinstance(desk, Away) else turn.now
    return Away(since, turn.now + (LUNCH_S if lunch else LEFT_S))


def back(turn: Turn, away: Away, _: object) -> Sitting:
    """Somebody sits down again."""
    away_s = turn.now - away.since
    turn.record("absence", seconds=away_s)
    turn.wishes = replace(turn.wishes, gently=away_s >= LONG_ABSENCE_S, unheard=0)
    return sitting(turn)


def returned(turn: Turn, away: Away, _: Asked) -> Sitting:
    turn.hush()
    anew = back(turn, away, _)
    turn.say(sentences.welcome_back(next_clock(turn, anew)))
    return anew


def hold(turn: Turn, desk: Sitting, _: object) -> Sitting:
    """Nobody is there: sitting doesn't count meanwhile."""
    if desk.stand_at is None:
        return desk
    return replace(desk, stand_at=None, left_s=max(0.0, desk.stand_at - turn.now))


def go_unasked(turn: Turn, desk: Due | Overdue, _: object) -> Sitting:
    """Somebody leaves in the middle of a question: that is the break, without a word."""
    note_taken(turn, desk)
    return sitting(turn)


def sit_down(turn: Turn, desk: Sitting, absent_s: float) -> Sitting:
    """Somebody is there again, where sitting was held."""
    return desk if desk.left_s is None else rested(turn, desk, absent_s)


def rested(turn: Turn, desk: Sitting, for_s: float) -> Sitting:
    """Nobody sat for this long: a rest if it is as long as a break, else sitting goes on."""
    if for_s < turn.settings.up_s:
        return sitting(turn, desk.left_s, desk.snoozes, desk.due_since)
    turn.wishes = replace(turn.wishes, gently=for_s >= LONG_ABSENCE_S)
    return sitting(turn)


def slept(turn: Turn, desk: Desk, seconds: float) -> Desk:
    """The machine was suspended. Time asleep counts as rest if it is as long as a break."""
    if seconds < turn.settings.up_s:
        return desk
    turn.wishes = replace(turn.wishes, gently=seconds >= LONG_ABSENCE_S)
    return sitting(turn)


def slept_away(turn: Turn, away: Away, seconds: float) -> Away:
    """Absence goes on meanwhile, though our clock stood still."""
    return Away(away.since - seconds, max(turn.now, away.until - seconds))


# --- after a power cut --------------------------------------------------------


def was_away(turn: Turn, place: Place) -> bool:
    """nobody was there"""
    return turn.at_rest and bool(place.away_left_s)


def was_quiet(turn: Turn, place: Place) -> bool:
    """it was quiet"""
    return turn.at_rest and bool(place.quiet_left_s)


def was_sitting(turn: Turn, place: Place) -> bool:
    """sitting counted"""
    return turn.at_rest and place.sit_left_s is not None and turn.settings.reminders


def away_still(turn: Turn, _: Sitting, place: Place) -> Away:
    left_s = min(max(0.0, place.away_left_s or 0.0), LEFT_S)
    if place.quiet_left_s:
        quiet_s = min(max(0.0, place.quiet_left_s), MOST_QUIET_S)
        turn.wishes = replace(turn.wishes, quiet_until=turn.now + quiet_s, quiet_unsure=False)
    return Away(turn.now, turn.now + left_s)


def quiet_still(turn: Turn, _: Sitting, place: Place) -> Sitting:
    left_s = min(max(0.0, place.quiet_left_s or 0.0), MOST_QUIET_S)
    turn.wishes = replace(turn.wishes, quiet_until=turn.now + left_s, quiet_unsure=False)
    usual_s = interval_s(turn)
    sit_left_s = usual_s if place.sit_left_s is None else max(0.0, place.sit_left_s)
    turn.say(read_back.quiet(left_s, None, ask_for_time=False))
    return sitting(turn, min(sit_left_s, usual_s), max(0, place.snoozes), turn.now)


def sitting_still(turn: Turn, _: Sitting, place: Place) -> Sitting:
    settings = turn.settings
    longest_s = max((settings.sit_s, *settings.hours.intervals))
    left_s = min(max(0.0, place.sit_left_s or 0.0), longest_s)
    turn.say(sentences.restarted(max(left_s, settings.gap_s)))
    return sitting(turn, left_s, max(0, place.snoozes), turn.now)


# --- guards ---------------------------------------------------------------------


def heard(turn: Turn, _: object) -> bool:
    """no question is open"""
    return not isinstance(turn.lead, Asking | Hurt)


def held_button(turn: Turn, asked: Asked) -> bool:
    """the button is held"""
    return asked.source is Source.BUTTON and heard(turn, asked)


def soon(turn: Turn, asked: Asked) -> bool:
    """the lamp says soon"""
    return heard(turn, asked) and stand_up.soon(turn, asked)


def none_left(turn: Turn, asked: Asked) -> bool:
    """soon, and no snooze is left"""
    return soon(turn, asked) and stand_up.no_snooze_left(turn, asked)


def pressed_twice(turn: Turn, asked: Asked) -> bool:
    """at once after the first"""
    desk = turn.desk
    return isinstance(desk, Standing) and turn.now < desk.since + stand_up.SAME_PRESS_S


def not_told(turn: Turn, _: object) -> bool:
    """nobody said so"""
    return isinstance(turn.desk, Away) and turn.desk.until == math.inf


def no_snooze(turn: Turn, asked: Asked) -> bool:
    """no snooze is left"""
    return heard(turn, asked) and stand_up.no_snooze_left(turn, asked)


def no_clock(turn: Turn, asked: Asked) -> bool:
    """no clock for a clock time"""
    return heard(turn, asked) and reminder_wishes.quiet_s(turn, asked) is None


def at_rest(turn: Turn, _: object) -> bool:
    """nothing is led or asked"""
    return turn.at_rest


# --- the table --------------------------------------------------------------------

OPEN = (Due, Overdue)
AT_DESK = (Sitting, *OPEN)
ANY = (*AT_DESK, Standing, Away, Exercising)
QUIET = (C.QUIET, C.MEETING, C.REMINDERS_OFF, C.NOT_TODAY)

ROWS: tuple[Row[Desk], ...] = (
    # sitting
    Row(Sitting, Time.SAT, stand_up.sit_anew, when=stand_up.work_begins),
    Row(Sitting, Time.SAT, stand_up.fall_due, OPEN),
    Row(Sitting, C.UP, stand_up.stand, Standing, heard),
    Row(Sitting, C.RETURNED, reminder_wishes.reminders_on, when=heard),
    Row(Sitting, C.STOP, leave, Away, held_button),
    Row(AT_DESK, C.STOOD, stand_up.stood, Sitting, heard),
    Row(Sitting, C.SNOOZE, stand_up.refuse_snooze, when=none_left),
    Row(Sitting, C.SNOOZE, stand_up.snooze_ahead, when=soon),
    # a reminder that is open, or was not answered
    Row(Due, Time.APPROACH, stand_up.chime, OPEN),
    Row(Due, Time.ASK_TO_STAND, stand_up.ask_to_stand),
    Row(Due, Time.ASK_AGAIN, stand_up.ask_again),
    Row(Due, Time.UNANSWERED, stand_up.unanswered, (Overdue, Away)),
    Row(Overdue, Time.SAT, stand_up.sit_anew, Sitting, stand_up.work_begins),
    Row(Overdue, Time.SAT, stand_up.fall_due, OPEN),
    Row(OPEN, (C.UP, C.PRESS, C.YES), stand_up.stand, Standing, heard),
    Row(OPEN, C.RETURNED, stand_up.stood, Sitting, heard),
    Row(OPEN, C.SNOOZE, stand_up.refuse_snooze, when=no_snooze),
    Row(OPEN, C.SNOOZE, stand_up.snooze, Sitting, heard),
    Row(OPEN, (C.NEXT, C.STOP, C.NO), stand_up.skip_break, Sitting, heard),
    # standing
    Row(Standing, Time.HALFWAY, stand_up.halfway),
    Row(Standing, Time.UP_LONG_ENOUGH, stand_up.sit, Sitting),
    Row(Standing, C.PRESS, stand_up.same_press, when=pressed_twice),
    Row(Standing, (C.PRESS, C.RETURNED), stand_up.end_standing, Sitting, heard),
    Row(Standing, (C.STOP, C.NEXT, C.NO), stand_up.end_standing, Sitting, heard),
    Row(Standing, (C.UP, C.STOOD), stand_up.up_still, when=heard),
    Row(Standing, Signal.DIZZY, stand_up.sit_anew, Sitting),
    Row(AT_DESK, Signal.DIZZY, stand_up.keep_apart),
    # away
    Row((*AT_DESK, Standing, Away), (C.LUNCH, C.LEAVING), leave, Away, heard),
    Row(AT_DESK, Signal.LEAVES, leave, Away),
    Row(Away, C.UP, stand_up.stand, Standing, not_told),
    Row(Away, Signal.ALIVE, back, Sitting, not_told),
    Row(Away, (C.PRESS, C.RETURNED, C.UP, C.STOOD), returned, Sitting, heard),
    Row(Away, Time.ASSUME_BACK, back, Sitting),
    Row(Away, Signal.SOMEBODY, back, Sitting),
    Row(Sitting, Signal.NOBODY, hold),
    Row(Sitting, Signal.SOMEBODY, sit_down),
    Row(OPEN, Signal.NOBODY, stand_up.stand, Standing, at_rest),
    Row(OPEN, Signal.NOBODY, go_unasked, Sitting),
    Row(Sitting, Signal.SLEPT, slept),
    Row((*OPEN, Standing), Signal.SLEPT, slept, (Same, Sitting)),
    Row(Away, Signal.SLEPT, slept_away),
    # quiet, and how often
    Row(ANY, (C.QUIET, C.NOT_TODAY), reminder_wishes.refuse_quiet, when=no_clock),
    Row((Sitting, Standing, Away, Exercising), QUIET, reminder_wishes.be_quiet, when=heard),
    Row(OPEN, QUIET, reminder_wishes.be_quiet, Sitting, heard),
    Row((Sitting, Standing, Away, Exercising), Time.QUIET_ENDS, reminder_wishes.quiet_ends),
    Row(ANY, C.REMINDERS_ON, reminder_wishes.reminders_on),
    Row(ANY, C.INTERVAL, reminder_wishes.change_interval),
    Row(ANY, C.UNDO, reminder_wishes.nothing_to_undo, when=reminder_wishes.nothing_changed),
    Row(ANY, C.UNDO, reminder_wishes.undo),
    Row(Sitting, Signal.CLOCK_SET, stand_up.clock_set),
    Row(Overdue, Signal.CLOCK_SET, stand_up.clock_set, (Same, Sitting)),
    # a routine
    Row((Standing, Away), Signal.ROUTINE_ASKED, lambda *_: Exercising(), Exercising),
    Row(OPEN, Signal.SESSION_BEGINS, stand_up.take_exercising, Exercising),
    Row(Sitting, Signal.SESSION_BEGINS, lambda *_: Exercising(), Exercising),
    Row(Exercising, Signal.LEAD_ENDS, stand_up.sit_anew, Sitting),
    Row(AT_DESK, Signal.LEAD_ENDS, stand_up.keep_apart),
    # a power cut
    Row(Sitting, Signal.RESTARTED, away_still, Away, was_away),
    Row(Sitting, Signal.RESTARTED, quiet_still, when=was_quiet),
    Row(Sitting, Signal.RESTARTED, sitting_still, when=was_sitting),
)


def next_time(turn: Turn) -> tuple[float, Time] | None:
    """When the desk does something by time alone, and what."""
    own = own_time(turn)
    ends = turn.wishes.quiet_until
    if ends is not None and (own is None or ends <= own[0]):
        return ends, Time.QUIET_ENDS
    return own


def own_time(turn: Turn) -> tuple[float, Time] | None:
    """Without the end of quiet."""
    desk, settings = turn.desk, turn.settings
    match desk:
        case Sitting() | Overdue():
            due = next_reminder(turn, claim=Claim.COMES_UP)
            return None if due is None else (due[0], Time.SAT)
        case Due():
            if free_from(turn, Claim.DESK) == math.inf:
                return None
            return desk.alarms[0].at, desk.alarms[0].then
        case Standing():
            if desk.halved:
                return desk.since + settings.up_s, Time.UP_LONG_ENOUGH
            return desk.since + settings.up_s / 2, Time.HALFWAY
        case Away():
            return None if desk.until == math.inf else (desk.until, Time.ASSUME_BACK)
        case _:
            return None


DESK: Machine[Desk] = Machine(
    "desk", ROWS, read=lambda turn: turn.desk, put=put_desk, next_time=next_time
)
