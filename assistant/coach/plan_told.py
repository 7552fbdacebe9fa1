"""What the plan has, told to whoever asks: for the week, and for today.

Decides wording's order only, and changes nothing. What a day is for is `week_plan`'s.
"""

from assistant.coach import fitting, week_plan
from assistant.coach.effects import Aim, Week
from assistant.coach.events import Asked
from assistant.coach.state import Agenda
from assistant.coach.turn import Turn
from assistant.coach.working_hours import weekday
from assistant.content import plan_sentences as said


def tell(turn: Turn, planned: Week | None) -> None:
    """The week, and what has another time on one of its days; or that there is neither."""
    plans, moved, today = turn.settings.plans, turn.memory.wanted.moved, turn.today()
    if planned is not None and any(planned.days):
        # A routine may be called as what a day is for is.
        names = {name: plan.spoken_name for name, plan in plans.items() if name not in list(Aim)}
        turn.say(said.week(week_plan.as_led(turn, planned), planned.at_s, names))
    elif moved is None:
        turn.say(said.NO_PLAN)
    if moved is not None and today is not None and moved.day >= today:
        turn.say(said.this_once(moved.day - today, weekday(moved.day), moved.at_s))


def tell_plan(turn: Turn, agenda: Agenda, _: Asked) -> Agenda:
    tell(turn, week_plan.week_of(turn))
    return agenda


def greet(turn: Turn, agenda: Agenda, asked: Asked) -> Agenda:
    """And what the plan has for today."""
    turn.say(said.hello(turn.time_of_day(turn.now)))
    if turn.at_rest and week_plan.week_of(turn) is not None and turn.today() is not None:
        return tell_today(turn, agenda, asked)
    return agenda


def tell_today(turn: Turn, agenda: Agenda, _: Asked) -> Agenda:
    """What the plan has for today, whether it was asked for already or not."""
    moved, today = turn.memory.wanted.moved, turn.today()
    planned = week_plan.week_of(turn) or moved
    if planned is None or today is None:
        turn.say(said.NO_PLAN if planned is None else said.NO_CLOCK)
    elif week_plan.done_on(turn, today):
        tell_done(turn, today)
    elif moved is not None and moved.instead_of == today:
        turn.say(said.this_once(moved.day - today, weekday(moved.day), moved.at_s))
    elif not week_plan.aim_of(turn, today):
        turn.say(said.NOTHING_TODAY)
    elif (found := week_plan.next_for(turn, today)) is None:
        turn.say(said.NOT_NOW_TODAY)
    else:
        plan = turn.settings.plans[found.routine]
        length_s = fitting.length_s(turn, found.routine)
        turn.say(said.today(plan.spoken_name, length_s, week_plan.at_s(turn, today)))
        if found.why:
            turn.say(found.why)
    return agenda


def tell_done(turn: Turn, today: int) -> None:
    one = next(one for one in turn.person.trained if one.day == today)
    turn.say(said.NOTHING_TODAY if one.short else said.DONE_TODAY)
