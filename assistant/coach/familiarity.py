"""Which exercises the person knows, so that less has to be told.

Decides from what was asked for, and else from how often an exercise was done to its end. What is
told then is laid out in the plan.
"""

from collections.abc import Collection
from dataclasses import replace

from assistant.coach.events import Asked, Command
from assistant.coach.state import Hurt, Lead, Leading, Paused, Reentry
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.plan import told_to
from assistant.content.types import Wording

FIRST_TIMES = 3
"""So often all the steps of an exercise are told."""


def known(turn: Turn) -> Collection[str]:
    """The ids of the exercises of which only what matters most is told."""
    match turn.person.wording:
        case Wording.FULL:
            return ()
        case Wording.SHORT:
            return {name for plan in turn.settings.plans.values() for name in plan.exercise_ids}
        case _:
            return {name for name, times in turn.person.times.items() if times >= FIRST_TIMES}


def note_done(turn: Turn, exercise: str) -> None:
    """An exercise was done to its end once more."""
    times = turn.person.times
    counted = {**times, exercise: times.get(exercise, 0) + 1}
    turn.person = replace(turn.person, times=counted)


def change_wording(turn: Turn, lead: Lead, asked: Asked) -> Lead:
    """From the next exercise on, until the program ends."""
    full = asked.command is Command.FULL_WORDS
    turn.person = replace(turn.person, wording=Wording.FULL if full else Wording.SHORT)
    turn.say(sentences.FULL_WORDS if full else sentences.SHORT_WORDS)
    if not isinstance(lead, Leading | Paused | Reentry | Hurt):
        return lead
    session = lead.session
    return replace(lead, session=replace(session, plan=told_to(session.plan, known(turn))))
