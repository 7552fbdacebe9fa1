"""The plan's exercises on one day at another time: tomorrow at eight, tonight at seven, on Friday.

Decides which day and which half of it is meant, that whoever puts today's off by it isn't asked
today any more, and that what is put off twice stays what it was. It is a wish like any other: told
back, kept through restarts, taken back by "as it was before", and over with the day, or once that
was done. Which routine that day has is `week_plan`'s.
"""

import math
from dataclasses import replace

from assistant.coach import plan_told, question, suitability, week_plan
from assistant.coach.agenda_state import Agenda
from assistant.coach.effects import Moved
from assistant.coach.events import Asked
from assistant.coach.events import Command as C
from assistant.coach.lasting_wishes import want
from assistant.coach.state import Asking, AtRest
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.coach.working_hours import DAY_S, weekday
from assistant.content import plan_sentences as said

USUAL_S = 18 * 3600.0 + 1800.0
"""When exercises are asked for that were given no time: at half past six in the evening."""
WAKING_S = (5 * 3600.0, 22 * 3600.0)
"""Of two times that a clock shows alike, one in these hours is meant."""


def answer(turn: Turn, open_question: Asking, asked: Asked) -> Asking | AtRest:
    """When it is time for today's: they are then, and not now."""
    turn.hush()
    if meant(turn, asked) is None:
        turn.say(why_not(asked))
        turn.say(said.OTHER_TIME)
        return open_question
    rest = question.no_more(turn)
    move(turn, asked, answered=True)
    moved, now = turn.memory.wanted.moved, turn.civil()
    if moved is not None and now is not None and moved.day == turn.today():
        turn.signal(Signal.PUT_OFF, moved.day * DAY_S + moved.at_s - now)
    return rest


def change(turn: Turn, agenda: Agenda, asked: Asked) -> Agenda:
    """Without being asked."""
    move(turn, asked)
    return replace(agenda, again_at=-math.inf, times=0)


def move(turn: Turn, asked: Asked, *, answered: bool = False) -> None:
    """Have that day's exercises then, or some where it has none, and say so."""
    today, found = turn.today(), meant(turn, asked)
    assert today is not None  # the table has looked
    if suitability.red_flag(turn.person.health):
        turn.say(said.NOT_NOW_TODAY)
    elif found is None:
        turn.say(why_not(asked))
        turn.say(said.OTHER_TIME_AT_REST)
    elif found.day == today and week_plan.done_on(turn, today):
        plan_told.tell_done(turn, today)
    else:
        own = bool(week_plan.own_aim(turn, found.day))
        anew = moved_today(turn, today)
        later = found.day != today and (anew or week_plan.planned_on(turn, today))
        rests = later and (anew or answered or asked.command is C.TOMORROW)
        found = replace(found, instead_of=stands_for(turn, found, today, rests=rests))
        if found.day == today:
            turn.memory = replace(turn.memory, asked_day=min(turn.memory.asked_day, today - 1))
        want(turn, replace(turn.memory.wanted, moved=found))
        turn.say(said.moved(found.day - today, weekday(found.day), found.at_s))
        if rests and own:
            turn.say(said.TODAY_RESTS)
        elif later and not rests:
            turn.say(said.TODAY_STAYS)


def moved_today(turn: Turn, today: int) -> bool:
    """Whether today's were given another time before, and are still to come."""
    moved = turn.memory.wanted.moved
    known = moved is not None and today in (moved.day, moved.instead_of)
    return known and not week_plan.done_on(turn, today)


def stands_for(turn: Turn, found: Moved, today: int, *, rests: bool) -> int:
    """Whose exercises they are: today's, or what was given another time before and is still to
    come, a second time over too; 0: that day's own."""
    before = turn.memory.wanted.moved
    if rests and week_plan.own_aim(turn, today):
        return today
    first = before.instead_of if before is not None and before.day >= today else 0
    return 0 if first == found.day or week_plan.done_on(turn, first) else first


def leave_today(turn: Turn, *, done: bool) -> str:
    """Today's, which have another time on a later day, are done or left out: done, they are over
    there too, unless that day has its own. What is said then; empty: that is none of today's."""
    memory, today = turn.memory, turn.today()
    moved = memory.wanted.moved
    if moved is None or today is None or moved.day <= today or not moved.instead_of:
        return ""
    if moved.instead_of != today and week_plan.own_aim(turn, today):
        return ""
    if not done:
        return said.moved(moved.day - today, weekday(moved.day), moved.at_s)
    if week_plan.own_aim(turn, moved.day):
        return ""
    turn.memory = replace(memory, wanted=replace(memory.wanted, moved=None))
    return said.DID_MOVED


def meant(turn: Turn, asked: Asked) -> Moved | None:
    """The day and the time; None: that is over for today, or after midnight."""
    today, now_s = turn.today(), turn.time_of_day(turn.now)
    if today is None or now_s is None or after_midnight(asked):
        return None
    planned = week_plan.week_of(turn)
    usual_s = USUAL_S if planned is None else planned.at_s
    times = [usual_s] if asked.until_s is None else [asked.until_s]
    if asked.until_s is not None and not asked.whole_day:
        times = [asked.until_s % (DAY_S / 2), asked.until_s % (DAY_S / 2) + DAY_S / 2]
    tomorrow = asked.command is C.TOMORROW
    days = [today + (int(tomorrow) if asked.value is None else asked.value)]
    if asked.days:
        ahead = (asked.days[0] - weekday(today)) % 7
        days = [today + ahead, today + ahead + 7] if asked.until_s is not None or ahead else []
        days = days or [today + 7]
    for day in days:
        if left := [at_s for at_s in times if day > today or at_s > now_s]:
            awake = [at_s for at_s in left if WAKING_S[0] <= at_s < WAKING_S[1]] or left
            near = now_s if day == today else usual_s
            return Moved(day, min(awake, key=lambda at_s: abs(at_s - near)))
    return None


def after_midnight(asked: Asked) -> bool:
    """Whether it is no time of the day that is meant: "tonight at twelve", "at 24:00"."""
    return asked.until_s is not None and asked.until_s >= DAY_S


def why_not(asked: Asked) -> str:
    """Where there is no such time."""
    return said.AFTER_MIDNIGHT if after_midnight(asked) else said.TIME_OVER
