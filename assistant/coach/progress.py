"""From step to step: how it felt, how the back was the morning after, and what follows.

Decides when the next strengthening routine is offered (twice in a row done to the end, easy, and
the back no worse the next morning, nor after whatever was done last), when it becomes easier (twice
in a row too much, or after two weeks without), and what a morning that is worse counts as: a
session that ended worse, and, once the first four weeks are over, whether strength on two days of
the week is offered. The person is asked before anything gets harder. Which routine a day has
is `week_plan`'s.
"""

from dataclasses import replace

from assistant.coach import levels, pain, suitability, week_plan
from assistant.coach.events import Trained
from assistant.coach.levels import BREAK_DAYS, just_stepped
from assistant.coach.turn import Turn
from assistant.content import plan_sentences as said

IN_A_ROW = 2
FIRST_WEEKS_DAYS = 28
"""Of four to six weeks the spine programme of the American Academy of Orthopaedic Surgeons speaks,
before one goes on to more."""
SELDOM = 3
"""Strength so often in a fortnight is less than twice a week."""
STEADY = 6
"""After so many good answers in a row it asks only where the answer leads to something (own)."""
ANSWERS_HOLD_DAYS = 60
"""For so long an answer tells something of how a back is now (own)."""
GETS_KNOWN = 3
"""After so many times somebody knows a routine (own)."""
ASKS_DAYS = 3
"""So long after a session it is worth asking how the back was afterwards."""


# --- steps ------------------------------------------------------------------------------


def at_this_step(turn: Turn) -> list[Trained]:
    """The sessions of the strengthening routine that one has come to, since one came to it."""
    routine, memory = week_plan.strength_of(turn), turn.memory
    return [
        one for one in turn.person.trained if one.routine == routine and one.day > memory.step_day
    ]


def next_step(turn: Turn, *, if_fine: bool = False) -> str:
    """The routine that may be offered now; empty: none. The back was no worse after the last
    session (`if_fine`: should it be so), nor after any since the first of those that were easy, and
    the last step is a week ago."""
    trained = turn.person.trained
    if not trained or not (if_fine or trained[-1].after in (0, 1)):
        return ""
    if just_stepped(turn, trained[-1].day) or levels.refused_lately(turn, turn.today()):
        return ""
    series, step = week_plan.steps(turn), turn.memory.step
    last = at_this_step(turn)[-IN_A_ROW:]
    easy = [one for one in last if one.how == "done" and one.easy and one.after in (0, 1)]
    if len(easy) < IN_A_ROW or step + 1 >= len(series):
        return ""
    since = trained[trained.index(easy[0]) :]
    following = turn.settings.routines[series[step + 1]]
    ready = all(levels.ready_for(turn, one.exercise) for one in following.items)
    much = any(levels.was_much(one) for one in since)
    return following.id if ready and not much else ""


def take_step(turn: Turn, by: int, day: int) -> None:
    """Harder (1), easier (-1) or as it is (0), and from now on what is done at it counts."""
    step = max(0, turn.memory.step + by)
    turn.memory = replace(turn.memory, step=step, step_day=day)


def step_back(turn: Turn, day: int) -> bool:
    """Take a step back where it was too much twice, or after a break; whether there was one."""
    last = at_this_step(turn)[-IN_A_ROW:]
    much = [one for one in last if too_much(one)]
    if turn.memory.step and (len(much) == IN_A_ROW or after_break(turn, day)):
        take_step(turn, -1, day)
        return True
    return False


def too_much(one: Trained) -> bool:
    return levels.was_much(one) or one.easy is False


def after_break(turn: Turn, day: int) -> bool:
    """Whether a break is over that nothing has followed from yet."""
    trained = [one for one in turn.person.trained if not one.short]
    late = bool(trained) and day - trained[-1].day > BREAK_DAYS
    return late and turn.memory.step_day <= trained[-1].day


# --- after the first weeks of a plan ---------------------------------------------------------


def first_weeks_over(turn: Turn, day: int) -> bool:
    """Whether they are, and something was done in them: then it is told once."""
    began = turn.memory.plan_day
    return 0 < began <= day - FIRST_WEEKS_DAYS and days_of_plan(turn) > 0


def days_of_plan(turn: Turn) -> int:
    """On how many days of the first weeks there was a session."""
    began = turn.memory.plan_day
    until = began + FIRST_WEEKS_DAYS
    return len({one.day for one in turn.person.trained if began <= one.day < until})


def ready_for_twice(turn: Turn, day: int, *, over: bool) -> bool:
    """Whether strength on two days may be offered, once and not in the first weeks (those of the
    plan are just `over`, or of all there was), where it is less often than that: the last two times
    of it were done to the end and easy, nothing since was much, and it isn't long ago. Two days or
    more a week is what WHO (2020) asks of adults; whether it may be at all is what is known of the
    back."""
    trained, planned = turn.person.trained, week_plan.week_of(turn)
    if turn.memory.twice_day or turn.memory.plan_day or not trained:
        return False
    if not over and trained[0].day > day - FIRST_WEEKS_DAYS:
        return False
    if planned is None or week_plan.with_strength_twice(planned.days) == planned.days:
        return False
    fortnight = [one for one in trained if one.day > day - 14 and levels.strong(turn, one)]
    if len(fortnight) > SELDOM:
        return False
    if not week_plan.strength_suits(turn, week_plan.strength_of(turn)):
        return False
    if week_plan.waits_with(turn, trained, day + 1) == said.STRENGTH_WAITS:
        return False
    places = [place for place, one in enumerate(trained) if levels.strong(turn, one)][-IN_A_ROW:]
    if len(places) < IN_A_ROW or day - trained[-1].day > BREAK_DAYS:
        return False
    easy = all(trained[place].how == "done" and trained[place].easy for place in places)
    return easy and not any(levels.was_much(one) for one in trained[places[0] :])


# --- how it felt, and the morning after ------------------------------------------------------


def asks_if_easy(turn: Turn, routine: str) -> bool:
    """Whether it is worth asking: strength, done to its end just now, and no worse for it."""
    trained, settings = turn.person.trained, turn.settings
    if not settings.asks_after or settings.once or not trained:
        return False
    last = trained[-1]
    just_now = last.routine == routine and last.day == turn.today()
    asks = just_now and last.how == "done" and levels.strong(turn, last)
    return asks and not known_to_be_easy(turn)


def known_to_be_easy(turn: Turn) -> bool:
    """Whether the answer would lead to nothing: it was easy each of the last times, there is no
    step left to offer, and whoever finds it too hard says so."""
    series = week_plan.steps(turn)
    told = [one.easy for one in at_this_step(turn) if one.easy is not None][-STEADY:]
    last = turn.memory.step >= len(series) - 1 and turn.memory.twice_day > 0
    return last and told == [True] * STEADY


def note_easy(turn: Turn, *, easy: bool) -> None:
    last = turn.person.trained[-1]
    turn.record("felt", last.routine, value=int(easy))
    put_last(turn, replace(last, easy=easy))


def put_last(turn: Turn, last: Trained) -> None:
    person = turn.person
    ended = last if person.trained[-1:] == (person.ended,) else person.ended
    turn.person = replace(person, trained=(*person.trained[:-1], last), ended=ended)


def asks_how_it_was(turn: Turn) -> bool:
    """Whether nobody has said yet how the back was after the last session."""
    trained = turn.person.trained
    if not turn.settings.asks_after or not trained or (today := turn.today()) is None:
        return False
    last = trained[-1]
    lately = last.day < today <= last.day + ASKS_DAYS
    asks = lately and last.after is None and turn.memory.morning_day < last.day
    return asks and not known_to_be_fine(turn, today)


def known_to_be_fine(turn: Turn, today: int) -> bool:
    """Whether how the back is after the last session needn't be asked: nothing of it strengthened,
    it was a routine that somebody knows, done to its end and no worse for it, the back was fine
    after the last sessions that this was told of, lately and since the last break, and no step
    waits for the answer."""
    trained, health = turn.person.trained, turn.person.health
    *before, last = trained
    lately = (one for one in week_plan.since_break(trained) if one.day > today - ANSWERS_HOLD_DAYS)
    told = [one.after for one in lately if one.after is not None][-STEADY:]
    led = [one for one in before if one.routine == last.routine and one.how == "done"]
    if last.how != "done" or levels.strong(turn, last) or len(led) < GETS_KNOWN:
        return False
    much = any(health.ended[-STEADY:]) or any(levels.was_much(one) for one in before[-STEADY:])
    if len(told) < STEADY or min(told) < 0 or much:
        return False
    offered = ready_for_twice(turn, today, over=first_weeks_over(turn, today))
    return not offered and not next_step(turn, if_fine=True)


def note_morning(turn: Turn, value: int | None) -> None:
    """How it was; None: nobody would say, and isn't asked again."""
    last = turn.person.trained[-1]
    turn.memory = replace(turn.memory, morning_day=last.day)
    if value is None:
        return
    turn.record("morning", str(last.day), value=value)
    put_last(turn, replace(last, after=value, told=last.told or value < 0))
    if value < 0 and last.how not in ("hurt", "worse"):
        pain.worse_since(turn, told=last.told)
    again = value < 0 and suitability.worse_again(turn.person.health.ended)
    turn.say(pain.worse_again(turn) if again else MORNING[value])


MORNING = {-1: said.MORNING_WORSE, 0: said.MORNING_SAME, 1: said.MORNING_BETTER}
