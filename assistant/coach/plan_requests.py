"""The plan, as it is talked about: asked for, put off, changed.

Decides what each answer to "shall we begin" does, what a wish about days and times makes of the
plan, and that strength isn't planned for two days in a row. Which routine a day has is
`week_plan`'s; when it is asked for, `agenda`'s; how it is led, `session_start`'s, which every
session begins in; how the plan is told, `plan_told`'s.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from assistant.coach import (
    fitting,
    levels,
    other_time,
    pain,
    plan_told,
    progress,
    session_start,
    week_plan,
)
from assistant.coach.effects import Aim, Week
from assistant.coach.events import Asked
from assistant.coach.events import Command as C
from assistant.coach.lasting_wishes import forget_moved, want
from assistant.coach.question import ask, no_more, opened
from assistant.coach.question_state import Question
from assistant.coach.state import Agenda, Asking, AtRest, Lead
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.coach.working_hours import DAY_S, weekday
from assistant.content import plan_sentences as said

LATER_S = 1800.0
"""How much later "later" is, where no length is said."""
QUARTER_S = 900.0
JUST_NOW_S = 3600.0


# --- it is time -----------------------------------------------------------------------


def bring_up(turn: Turn, _: AtRest, value: object) -> Asking:
    """It is time for what the plan has."""
    asked = ask_session(turn)
    assert asked is not None  # else it wouldn't be time
    return asked


def ask_session(turn: Turn) -> Asking | None:
    """What the plan has for today: shall we? How the back was after the last time is asked before
    it, and something harder too. None: there is nothing, by what is known now."""
    today = turn.today()
    found = None if today is None else week_plan.next_for(turn, today)
    if found is None or today is None:
        return None
    if progress.asks_how_it_was(turn):
        return ask(turn, opened(Question.MORNING, found.routine))
    before = []
    over = progress.first_weeks_over(turn, today)
    if over:
        before = [said.first_weeks(progress.days_of_plan(turn))]
        turn.memory = replace(turn.memory, plan_day=0)
    if progress.ready_for_twice(turn, today, over=over):
        return ask(turn, opened(Question.TWICE, found.routine), *before)
    why = [found.why] if found.why else []
    if progress.step_back(turn, today) and not why:
        why = [said.STEP_BACK]
    harder = progress.next_step(turn)
    if harder and found.routine == week_plan.strength_of(turn):
        name = turn.settings.plans[harder].spoken_name
        told = said.went_easily(name)
        return ask(turn, opened(Question.STEP, found.routine), *before, told)
    return ask_planned(turn, why, before)


def ask_planned(turn: Turn, why: list[str], before: Sequence[str] = ()) -> Asking | None:
    today = turn.today()
    found = None if today is None else week_plan.next_for(turn, today)
    if found is None:
        return None
    plan = turn.settings.plans[found.routine]
    time_s = turn.time_of_day(turn.now) or 0.0
    told = said.planned(time_s, plan.spoken_name, fitting.length_s(turn, found.routine))
    if found.why and found.why == turn.memory.told_why:
        why = [text for text in why if text != found.why]
    return ask(turn, opened(Question.PLANNED, found.routine), *before, told, *why)


def answer_step(turn: Turn, _: Asking, asked: Asked) -> Lead:
    """Yes takes it; no stays, and it isn't offered again before it was easy twice more."""
    turn.hush()
    yes = asked.command is C.YES
    levels.note_answer(turn, yes=yes)
    progress.take_step(turn, int(yes), turn.today() or 0)
    return ask_planned(turn, [] if yes else [said.STEP_LATER]) or no_more(turn)


def answer_twice(turn: Turn, _: Asking, asked: Asked) -> Lead:
    """Yes gives strength two days of the plan; no leaves it. It is asked this once."""
    turn.hush()
    turn.memory = replace(turn.memory, twice_day=turn.today() or 0)
    planned = week_plan.week_of(turn)
    if asked.command is C.NO or planned is None:
        return ask_planned(turn, [said.STEP_LATER]) or no_more(turn)
    set_week(turn, Week(week_plan.with_strength_twice(planned.days), planned.at_s))
    return ask_planned(turn, []) or no_more(turn)


def already_done(turn: Turn, asked: Asked) -> bool:
    """today's exercises are asked for, and were done"""
    today = turn.today()
    if not asked.aim or asked.routine or today is None:
        return False
    return bool(week_plan.aim_of(turn, today)) and week_plan.done_on(turn, today)


def tell_done(turn: Turn, rest: AtRest, _: Asked) -> AtRest:
    """Whoever would like more says its name: no plan asks for it, least of all after pain."""
    turn.hush()
    plan_told.tell_done(turn, turn.today() or 0)
    return rest


# --- how it went ------------------------------------------------------------------------


def after_pain(turn: Turn, open_question: Asking, asked: Asked) -> Lead:
    """How much it hurts after a routine, and, after strength, whether it was easy."""
    rest = pain.after(turn, open_question, asked)
    if not progress.asks_if_easy(turn, open_question.routine):
        return rest
    return ask(turn, opened(Question.EASY, open_question.routine))


def answer_easy(turn: Turn, _: Asking, asked: Asked) -> AtRest:
    turn.hush()
    rest = no_more(turn)
    progress.note_easy(turn, easy=asked.command in (C.YES, C.HARDER))
    turn.say(said.EASY_NOTED)
    return rest


def just_done(turn: Turn, _: object) -> bool:
    """a session that counts is just over"""
    person = turn.person
    just_now = turn.now < person.ended_at + JUST_NOW_S
    return just_now and person.trained[-1:] == (person.ended,)


def note_felt(turn: Turn, rest: AtRest, asked: Asked) -> AtRest:
    """ "That was too hard", or too easy, without being asked."""
    progress.note_easy(turn, easy=asked.command is C.HARDER)
    turn.say(said.EASY_NOTED)
    return rest


def ask_morning(turn: Turn, _: AtRest, value: object) -> Asking:
    return ask(turn, opened(Question.MORNING, ""))


def compare(turn: Turn, open_question: Asking, asked: Asked) -> Lead:
    """Worse, the same, better; and then what the plan has, where that was to come."""
    turn.hush()
    progress.note_morning(turn, asked.value)
    return (ask_session(turn) if open_question.routine else None) or no_more(turn)


def begin(turn: Turn, open_question: Asking, asked: Asked) -> Lead:
    """Yes, or the name of another routine."""
    turn.hush()
    note_heard(turn)
    settle(turn)
    known = asked.routine in turn.settings.routines
    routine = asked.routine if known else open_question.routine
    return session_start.start(turn, AtRest(), replace(asked, routine=routine))


def later(turn: Turn, _: Asking, asked: Asked) -> AtRest:
    turn.hush()
    rest = no_more(turn)
    note_heard(turn)
    for_s = asked.seconds or LATER_S
    turn.signal(Signal.PUT_OFF, for_s)
    turn.say(said.later(turn.time_of_day(turn.now + for_s) or 0.0))
    return rest


def done_for_today(turn: Turn) -> AtRest:
    """It was answered, and isn't asked for again today."""
    turn.hush()
    rest = no_more(turn)
    note_heard(turn)
    settle(turn)
    return rest


def not_today(turn: Turn, _: Asking, asked: Asked) -> AtRest:
    rest = done_for_today(turn)
    turn.say(said.NOT_TODAY)
    return rest


def did_it(turn: Turn, _: Asking, asked: Asked) -> AtRest:
    rest = done_for_today(turn)
    turn.say(said.DID_IT)
    return rest


def gently(turn: Turn, _: Asking, asked: Asked) -> Lead:
    """Somebody is tired: that was the answer for today, and the gentle one is offered."""
    note_heard(turn)
    settle(turn)
    return session_start.start(turn, AtRest(), replace(asked, routine=turn.gentle), offered=True)


def unanswered(turn: Turn, open_question: Asking, value: object) -> Asking | AtRest:
    """Once more, as any question; then another time."""
    again = session_start.once_more_asked(turn, open_question)
    return leave(turn, open_question, value) if again is None else again


def leave(turn: Turn, open_question: Asking, _: object) -> AtRest:
    """Nobody answers, or would rather not. A session that was to come is asked for again later."""
    turn.hush()
    rest = no_more(turn)
    if open_question.question is Question.MORNING:
        progress.note_morning(turn, None)
    if open_question.routine and open_question.question is not Question.EASY:
        turn.signal(Signal.PUT_OFF, None)
    return rest


def note_heard(turn: Turn) -> None:
    """Somebody has heard why it is this one: that isn't said again before it changes."""
    found = week_plan.next_for(turn, turn.today() or 0)
    turn.memory = replace(turn.memory, told_why=found.why if found else "")


def settle(turn: Turn) -> None:
    """Today has had its answer, and another time that it was given is over."""
    turn.memory = replace(turn.memory, asked_day=turn.today() or turn.memory.asked_day)
    forget_moved(turn)


# --- a plan, or none --------------------------------------------------------------------


def offer(turn: Turn, _: AtRest, value: object) -> Asking:
    """A plan, with the reason."""
    turn.hush()
    turn.memory = replace(turn.memory, offered=True)
    why = (
        said.PLAN_WHY
        if week_plan.strength_suits(turn, week_plan.strength_of(turn))
        else said.PLAN_WHY_MILD
    )
    return ask(turn, opened(Question.PLAN, ""), why)


def accept(turn: Turn, _: Asking, asked: Asked) -> AtRest:
    turn.hush()
    rest = no_more(turn)
    set_week(turn, Week(week_plan.DEFAULT, about_now(turn)))
    turn.memory = replace(turn.memory, plan_day=turn.today() or 0)
    return rest


def about_now(turn: Turn) -> float:
    """The time of day at which one has just exercised; where that is long ago, in the evening."""
    just_now = turn.now < turn.person.ended_at + JUST_NOW_S
    return turn.person.ended_s // QUARTER_S * QUARTER_S if just_now else other_time.USUAL_S


def refuse(turn: Turn, _: Asking, asked: Asked) -> AtRest:
    turn.hush()
    rest = no_more(turn)
    turn.say(said.PLAN_REFUSED)
    return rest


def set_week(turn: Turn, planned: Week) -> None:
    """From now on it is this one; read back."""
    want(turn, week_plan.with_week(turn, planned))
    plan_told.tell(turn, planned)


# --- asked for by voice ---------------------------------------------------------------------


def no_clock(turn: Turn, _: object) -> bool:
    """nobody knows what time it is"""
    return turn.room.civil_offset is None


def refuse_without_clock(turn: Turn, agenda: Agenda, _: Asked) -> Agenda:
    turn.say(said.NO_CLOCK)
    return agenda


def change_time(turn: Turn, agenda: Agenda, asked: Asked) -> Agenda:
    """At this time from now on: on the days of the plan, or, said so or without one, every day."""
    planned = week_plan.week_of(turn)
    days = week_plan.NEVER if planned is None else planned.days
    if asked.days or planned is None:
        days = tuple(aim or Aim.NEXT for aim in days)
    set_week(turn, Week(days, clock_time(turn, asked)))
    return agenda


def clock_time(turn: Turn, asked: Asked) -> float:
    """Where it wasn't said which half of the day is meant, the next time that a clock shows it."""
    if asked.until_s is None:
        return other_time.USUAL_S
    now = turn.time_of_day(turn.now)
    if asked.whole_day or now is None:
        return asked.until_s % DAY_S
    return (now + (asked.until_s - now) % (DAY_S / 2)) % DAY_S


def change_days(turn: Turn, agenda: Agenda, asked: Asked) -> Agenda:
    """These days are for this; those that were for the same and aren't named become free for
    whatever is next."""
    planned = week_plan.week_of(turn)
    before = week_plan.NEVER if planned is None else planned.days
    wanted = asked.days or tuple(range(7))
    kept = week_plan.without_neighbours(before, asked.aim, wanted)
    freed = Aim.NEXT if any(before) and asked.aim != Aim.NEXT else Aim.REST
    days = tuple(
        asked.aim if number in kept else freed if aim == asked.aim or number in wanted else aim
        for number, aim in enumerate(before)
    )
    at_s = about_now(turn) if planned is None else planned.at_s
    set_week(turn, Week(days, at_s))
    if len(kept) < len(wanted):
        turn.say(said.APART)
    return agenda


def change_goal(turn: Turn, agenda: Agenda, asked: Asked) -> Agenda:
    """On how many days of a week; told as it goes, and on Sunday."""
    days = min(7, max(1, asked.value or 0))
    want(turn, replace(turn.memory.wanted, days_goal=days))
    turn.say(said.goal(days))
    return agenda


def no_plan(turn: Turn, agenda: Agenda, asked: Asked) -> Agenda:
    """Nothing on these days, or on any."""
    planned, wanted = week_plan.week_of(turn), turn.memory.wanted
    if planned is None and wanted.moved is None:
        turn.say(said.NO_PLAN)
        return agenda
    planned = planned or Week(week_plan.NEVER, other_time.USUAL_S)
    off = asked.days or tuple(range(7))
    days = tuple(Aim.REST if number in off else aim for number, aim in enumerate(planned.days))
    moved = wanted.moved
    moved = None if moved is not None and weekday(moved.day) in off else moved
    want(turn, replace(week_plan.with_week(turn, Week(days, planned.at_s)), moved=moved))
    if any(days) or moved is not None:
        plan_told.tell(turn, Week(days, planned.at_s))
    else:
        turn.say(said.PLAN_GONE)
    return agenda


def leave_today(turn: Turn, agenda: Agenda, asked: Asked) -> Agenda:
    """Nothing of the plan today any more: somebody has done it, or would rather not."""
    if week_plan.week_of(turn) is None and turn.memory.wanted.moved is None:
        turn.say(said.NO_PLAN)
        return agenda
    settle(turn)
    done = asked.command is C.DID_IT
    put_off = other_time.leave_today(turn, done=done)
    turn.say(put_off or (said.DID_IT if done else said.NOT_TODAY))
    return agenda


def planned_days(turn: Turn, today: int) -> tuple[int, ...]:
    """The next two days on which the plan still has something, from today on; found again only
    where something that they follow from has changed."""
    memory, person = turn.memory, turn.person
    follows_from = (today, turn.floor, memory, person.trained, person.health)
    if turn.planned[0] != follows_from:
        days = (day for day in range(today, today + 8) if week_plan.planned_on(turn, day))
        turn.planned = follows_from, tuple(islice(days, 2))
    return turn.planned[1]
