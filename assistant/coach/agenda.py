"""The agenda's table: what the coach brings up by itself, besides standing up.

Decides which matter comes when: what the plan has for today at its time, and again where it was put
off or nobody answered; a plan, once, after the first session; at somebody's first start, how all of
this works; what an office has handed out. When it may be heard is `priorities`'s: never into talk,
a question, a reminder or quiet; the lamp says so ahead. What is said and answered then is
`plan_requests`'s and `welcome`'s, in the lead. A day that goes by is no drama: nothing is made up
for.
"""

import math
from dataclasses import replace

from assistant.coach import (
    levels,
    other_time,
    plan_requests,
    plan_told,
    progress,
    suitability,
    week_plan,
    welcome,
)
from assistant.coach.agenda_state import Offered
from assistant.coach.ear_and_voice import CHIME_FIRST_S
from assistant.coach.effects import Priority, Recall, Sound
from assistant.coach.events import Command as C
from assistant.coach.events import Part, Period
from assistant.coach.interpreter import Machine, Row, put_agenda
from assistant.coach.priorities import Claim, free_from
from assistant.coach.state import Agenda, Matter
from assistant.coach.triggers import Signal, Time
from assistant.coach.turn import Turn
from assistant.coach.working_hours import DAY_S, weekday
from assistant.content import plan_sentences

STALE_S = 30.0
"""A chime that was heard so long ago announces nothing any more."""
ASKED_FOR_S = 3 * 3600.0
"""So long after its time the day's session may still be asked for."""
AGAIN_S = 3600.0
MORNING_S = 5 * 3600.0
"""Who is up before is up still."""
EVENING_S = 17 * 3600.0
TIMES = 3
"""How often it is asked for on one day, where nobody answers."""
UNSEEN_S = 3 * DAY_S
"""After so long without a sign of life it is asked for once on a day: whoever else is there wants
to hear it no oftener."""
IN_PEACE_S = 1800.0
"""A judgement of our own."""
SETTLES_S = 5.0
"""After a session, before a plan is offered."""
OFFERS_S = 300.0


# --- when ------------------------------------------------------------------------------


def due(turn: Turn) -> tuple[float, Matter] | None:
    """What comes next, and from when on it may."""
    times = (
        (morning_at(turn), Matter.MORNING),
        (session_at(turn), Matter.SESSION),
        (offer_at(turn), Matter.OFFER),
        (look_back_at(turn), Matter.LOOK_BACK),
        (turn.agenda.welcome_at, Matter.WELCOME),
        (office_at(turn), Matter.OFFICE),
    )
    return min(((at, matter) for at, matter in times if at is not None), default=None)


def session_at(turn: Turn) -> float | None:
    """When what the plan has is asked for next: today or on one of the next days."""
    planned = week_plan.week_of(turn) or turn.memory.wanted.moved
    if planned is None or turn.settings.once or (today := turn.today()) is None:
        return None
    for day in plan_requests.planned_days(turn, today):
        asked_at = week_plan.asked_at(turn, day)
        again_at = turn.agenda.again_at if day == today else -math.inf
        at = max(asked_at, again_at, in_peace_until(turn))
        late = turn.now > asked_at + ASKED_FOR_S and at <= turn.now - STALE_S
        if not late:
            return at
    return None


def in_peace_until(turn: Turn) -> float:
    """So soon after much pain nobody is asked to exercise."""
    told_at, value = turn.person.pain_told or (-math.inf, 0)
    return told_at + IN_PEACE_S if value >= suitability.REST_FROM else -math.inf


def morning_at(turn: Turn) -> float | None:
    """How the back is after the last session is asked when somebody is first there the next day."""
    civil, alive_at = turn.civil(turn.room.alive_at), turn.room.alive_at
    if civil is None or alive_at == -math.inf:
        return None
    today = civil // DAY_S == turn.today() and civil % DAY_S >= MORNING_S
    return alive_at + SETTLES_S if today and progress.asks_how_it_was(turn) else None


def offer_at(turn: Turn) -> float | None:
    """A plan is offered once, to whoever has none, and has just exercised without getting worse."""
    ended_at, offered = turn.person.ended_at, turn.memory.offered or turn.settings.once
    if offered or not turn.settings.offers_plan or turn.room.civil_offset is None:
        return None
    ended, just_now = turn.person.ended, turn.now < ended_at + OFFERS_S
    hurts = suitability.pain_still(turn.person.pain_told, turn.now) is not None
    much = ended is not None and levels.was_much(ended) and hurts
    offers = just_now and not much and week_plan.week_of(turn) is None
    return max(ended_at + SETTLES_S, in_peace_until(turn)) if offers else None


def look_back_at(turn: Turn) -> float | None:
    """On Sunday evening, when somebody is there, and something was done."""
    if not (turn.settings.looks_back and turn.settings.keeps):
        return None
    today, alive_at, civil = turn.today(), turn.room.alive_at, turn.civil(turn.room.alive_at)
    if today is None or civil is None:
        return None
    sunday = weekday(today) == 6 and turn.memory.told_day != today
    evening = civil >= today * DAY_S + EVENING_S
    done = any(one.day > today - 7 and not one.short for one in turn.person.trained)
    lost = any(part is Part.JOURNAL for part, _ in turn.room.faults)
    return alive_at + SETTLES_S if sunday and evening and done and not lost else None


def office_at(turn: Turn) -> float | None:
    """What an office has handed out is told of when somebody is heard to be there."""
    agenda, alive_at = turn.agenda, turn.room.alive_at
    if agenda.offered is None or alive_at < agenda.offered_at:
        return None
    return alive_at + SETTLES_S


def next_time(turn: Turn) -> tuple[float, Time] | None:
    free_at = free_from(turn, Claim.MATTER)
    found = due(turn) if free_at < math.inf else None
    if found is None:
        return None
    chimed_at = turn.agenda.chimed_at
    waits = -math.inf if chimed_at is None else chimed_at + CHIME_FIRST_S
    return max(found[0], free_at, waits), Time.COMES_UP


# --- it comes up -------------------------------------------------------------------------


def come_up(turn: Turn, agenda: Agenda, _: float) -> Agenda:
    """A chime, and a moment later the words."""
    found = due(turn)
    assert found is not None  # else it wouldn't be time
    chimed_at = agenda.chimed_at
    if chimed_at is None or turn.now > chimed_at + STALE_S:
        if found[1] is Matter.SESSION:  # else somebody is there, and has just spoken or moved
            turn.chime(Sound.DUE)
        return replace(agenda, chimed_at=turn.now)
    turn.wishes = replace(turn.wishes, interrupted_at=turn.now)
    if found[1] is Matter.LOOK_BACK:
        turn.memory = replace(turn.memory, told_day=turn.today() or 0)
        turn.do(Recall(Period.WEEK))  # the journal's answer is told
        return replace(agenda, chimed_at=None)
    if found[1] is Matter.OFFICE and agenda.offered is not None:
        offered = agenda.offered
        texts = [plan_sentences.sent(offered.routines)] if offered.routines else []
        for text in [*texts, *([plan_sentences.SUGGESTED] if offered.suggestion else [])]:
            turn.say(text, Priority.TIP, STALE_S)
        return replace(agenda, chimed_at=None, offered=None)
    turn.signal(Signal.RAISED, found[1])
    told = found[1] is Matter.WELCOME
    return replace(agenda, chimed_at=None, welcome_at=None if told else agenda.welcome_at)


def put_off(turn: Turn, agenda: Agenda, for_s: float | None) -> Agenda:
    """Later, or (None) nobody answered: again in a while, a few times."""
    if for_s is not None:
        return replace(agenda, again_at=turn.now + for_s)
    times, alive_at = agenda.times + 1, turn.room.alive_at
    left = -math.inf < alive_at < turn.now - UNSEEN_S
    if times < TIMES and not left:
        return replace(agenda, again_at=turn.now + AGAIN_S, times=times)
    plan_requests.settle(turn)
    return Agenda()


def note_offer(turn: Turn, agenda: Agenda, new: Offered) -> Agenda:
    """With what was handed out before, and nobody has been told of."""
    before = agenda.offered or Offered()
    routines = tuple(dict.fromkeys((*before.routines, *new.routines)))
    both = Offered(routines, before.suggestion or new.suggestion)
    return replace(agenda, offered=both, offered_at=turn.now)


def slept(_: Turn, agenda: Agenda, seconds: float) -> Agenda:
    """The machine was suspended, and its clock with it."""
    return replace(agenda, chimed_at=None, again_at=agenda.again_at - seconds)


# --- the table -----------------------------------------------------------------------------


ROWS: tuple[Row[Agenda], ...] = (
    Row(Agenda, Time.COMES_UP, come_up),
    Row(Agenda, Signal.PUT_OFF, put_off),
    Row(Agenda, Signal.SLEPT, slept),
    Row(Agenda, Signal.OFFERED, note_offer),
    Row(Agenda, Signal.COMMAND, welcome.note_answer, when=welcome.is_open),
    Row(Agenda, Signal.SESSION_BEGINS, welcome.not_needed),
    Row(
        Agenda,
        (C.PLAN_TIME, C.PLAN_DAYS, C.PLAN_ONCE, C.TOMORROW),
        plan_requests.refuse_without_clock,
        when=plan_requests.no_clock,
    ),
    Row(Agenda, C.PLAN_TIME, plan_requests.change_time),
    Row(Agenda, C.PLAN_DAYS, plan_requests.change_days),
    Row(Agenda, (C.PLAN_ONCE, C.TOMORROW), other_time.change),
    Row(Agenda, C.GOAL, plan_requests.change_goal),
    Row(Agenda, C.NO_PLAN, plan_requests.no_plan),
    Row(Agenda, C.TELL_PLAN, plan_told.tell_plan),
    Row(Agenda, C.TELL_TODAY, plan_told.tell_today),
    Row(Agenda, (C.SKIP_TODAY, C.DID_IT), plan_requests.leave_today),
    Row(Agenda, C.HELLO, plan_told.greet),
)

AGENDA: Machine[Agenda] = Machine(
    "agenda", ROWS, read=lambda turn: turn.agenda, put=put_agenda, next_time=next_time
)
