"""Easier and harder: which level of an exercise a person has come to.

Decides when something harder is offered (three sessions in a row in which it was done to its end,
without a "that hurts" and without more pain afterwards, and as many easy ones of strength as
`EASY_BEFORE` says) and when it becomes easier (it hurt, or one comes back after two weeks without).
The person is asked before anything gets harder, and can
always say no: each time they do, it is longer before they are asked again.
"""

from collections.abc import Mapping
from dataclasses import replace

from assistant.coach import suitability
from assistant.coach.events import Health, Trained
from assistant.coach.suitability import Known
from assistant.coach.turn import Turn
from assistant.content import plan_sentences
from assistant.content.eased_routine import come_to, exchanged, neighbour, only
from assistant.content.types import Exercise, Phase, Plan, Routine

GOOD_IN_A_ROW = 3
BREAK_DAYS = 14
"""After so long without exercise one begins a step back."""
BETWEEN_STEPS_DAYS = 7
"""One thing at a time: nothing harder is offered so soon after a step was taken, or refused."""
AFTER_NO_DAYS = (0, 0, 28, 84)
"""Whoever has said no to something harder so often in a row is left in peace for so long (own)."""

EASY_BEFORE: Mapping[int, int] = {1: 0, 2: 0, 3: 2, 4: 4, 5: 4}
"""By the level of a strengthening exercise in its family: after how many sessions of strength that
were easy, and left the back no worse, it is offered. 0: it may be in a first one. So one begins
with the bridge, slides of the leg and short donkey kicks; bird dog and dead bug come third, the
curl-up fifth. The order within a family is that of its sources (the leg before the arm: Kaiser; the
curl-up, the side plank and the bird dog last: accounts of McGill's three), the numbers are our
own."""


def strong(turn: Turn, one: Trained) -> bool:
    """Whether something in a session strengthened."""
    known = turn.settings.exercises
    return any(name in known and known[name].phase is Phase.STRENGTH for name in one.exercises)


def was_much(one: Trained) -> bool:
    """Whether the back spoke against a session: in it, after it, or the next morning."""
    return one.after == -1 or one.how in ("hurt", "worse")


def ready_for(turn: Turn, exercise: Exercise) -> bool:
    """Whether it may be offered, by the sessions of strength there have been."""
    easy = [
        one
        for one in turn.person.trained
        if one.easy and one.how == "done" and not was_much(one) and strong(turn, one)
    ]
    return exercise.phase is not Phase.STRENGTH or len(easy) >= EASY_BEFORE[exercise.level]


def levelled(routine: Routine, now: Known, exercises: Mapping[str, Exercise]) -> Routine:
    """With the neighbours that a person has come to, unless the routine holds those already, or is
    for an earlier time in the healing, or they don't suit now. What hurt is left out where the
    easier one is held already."""
    held = {item.exercise.id for item in routine.items}
    phases = {item.exercise.phase for item in routine.items}
    for index, item in enumerate(routine.items):
        other = come_to(item.exercise, exercises, now.health.levels)[-1]
        fits = suitability.in_keeping(other, phases) and suitability.against(other, now) is None
        if other.id not in held and fits:
            held.add(other.id)
            routine = exchanged(routine, index, other)
    hurt = {
        item.exercise.id
        for item in routine.items
        if now.health.levels.get(item.exercise.id, 0) < 0 and item.exercise.easier in held
    }
    return only(routine, lambda exercise: exercise.id not in hurt) if hurt else routine


def harder(turn: Turn, name: str, now: Known) -> tuple[Exercise, Exercise] | None:
    """An exercise of the routine that has gone well for long enough, and what would come next. In
    one that is made each time nothing is offered: it may not come again. Nor soon after a step from
    one routine to the next, nor after one that wasn't easy."""
    settings, health = turn.settings, now.health
    written = settings.routines[name]
    felt = [one.easy for one in turn.person.trained if one.easy is not None]
    today = turn.today()
    if written.minutes or felt[-1:] == [False] or just_stepped(turn, today):
        return None
    if refused_lately(turn, today):
        return None
    held = {item.exercise.id for item in levelled(written, now, settings.exercises).items}
    phases = {item.exercise.phase for item in written.items}
    for item in written.items:
        if item.around:
            continue
        *before, here = come_to(item.exercise, settings.exercises, health.levels)
        eased = bool(before) and health.levels[before[-1].id] < 0
        changed = before[-1] if eased else here
        following = changed if eased else neighbour(here, settings.exercises, 1)
        if (
            following.id not in held | {here.id}
            and health.good.get(here.id, 0) >= GOOD_IN_A_ROW
            and suitability.in_keeping(following, phases)
            and suitability.against(following, now) is None
            and ready_for(turn, following)
        ):
            return changed, following
    return None


def just_stepped(turn: Turn, day: int | None) -> bool:
    """Whether a step to another routine was taken, or refused, in the week before that day."""
    stepped = turn.memory.step_day
    return day is not None and stepped > 0 and 0 <= day - stepped < BETWEEN_STEPS_DAYS


def refused_lately(turn: Turn, day: int | None) -> bool:
    """Whether something harder was refused so often that it isn't offered again yet."""
    memory = turn.memory
    days = AFTER_NO_DAYS[min(memory.refused, len(AFTER_NO_DAYS) - 1)]
    return day is not None and 0 <= day - memory.refused_day < days


def note_answer(turn: Turn, *, yes: bool) -> None:
    """Whether something harder was wanted."""
    memory = turn.memory
    refused = 0 if yes else memory.refused + 1
    turn.memory = replace(memory, refused=refused, refused_day=turn.today() or 0)


def at_level(
    health: Health, exercise: Exercise, level: int, exercises: Mapping[str, Exercise]
) -> tuple[Health, Mapping[str, int]]:
    """The exercise at another level, and the levels to write down: its own, and that of the one
    that takes its place, whose count of good sessions begins anew with it. Of two neighbours only
    one makes way for the other."""
    other = neighbour(exercise, exercises, level)
    was = health.levels.get(other.id, 0)
    makes_way = was < 0 < level or level < 0 < was
    notes = {other.id: 0 if makes_way else was, exercise.id: level}
    good = {name: count for name, count in health.good.items() if name not in notes}
    return replace(health, levels={**health.levels, **notes}, good=good), notes


def change_level(turn: Turn, exercise: Exercise, level: int) -> None:
    """Go to another level, and write it down."""
    health, notes = at_level(turn.person.health, exercise, level, turn.settings.exercises)
    turn.person = replace(turn.person, health=health)
    for name, value in notes.items():
        turn.record("level", name, value=value)


def make_easier(turn: Turn, plan: Plan, item: int) -> None:
    """It hurt: from next time on one level less, where there is one."""
    exercises = turn.settings.exercises
    if item < 0 or plan.id not in turn.settings.routines:
        return
    routine = turn.settings.routines[plan.id]
    written = [each.exercise for each in routine.items]
    if routine.minutes:  # made of the mildest of each family, at the level that was come to
        written = sorted(exercises.values(), key=lambda one: one.level)
    levels = turn.person.health.levels
    for exercise in written:
        *before, here = come_to(exercise, exercises, levels)
        if here.id == plan.exercise_ids[item]:
            if before and levels[before[-1].id] > 0:
                change_level(turn, before[-1], 0)
            elif here.easier in exercises:
                change_level(turn, here, -1)
            return


def ease_after_break(turn: Turn) -> None:
    """After two weeks without, what had become harder begins where it was written."""
    trained, today = turn.person.trained, turn.today()
    if today is None or not trained or today - trained[-1].day <= BREAK_DAYS:
        return
    known, levels = turn.settings.exercises, turn.person.health.levels
    harder = [known[name] for name, level in levels.items() if level > 0 and name in known]
    for exercise in harder:
        change_level(turn, exercise, 0)
    if harder:
        turn.say(plan_sentences.STEP_BACK)


def note(turn: Turn, exercise: str, how: str, counted: frozenset[str]) -> frozenset[str]:
    """Count a good session, once however often the exercise is done in it; one in which it hurt
    begins the count anew. `counted`: what this session has counted already; so far, afterwards."""
    good = dict(turn.person.health.good)
    if how == "hurt":
        good.pop(exercise, None)
    elif how == "done" and exercise not in counted:
        good[exercise] = good.get(exercise, 0) + 1
    else:
        return counted
    turn.person = replace(turn.person, health=replace(turn.person.health, good=good))
    return counted | {exercise}
