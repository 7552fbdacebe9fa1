"""Which exercises the person knows, so that less has to be told.

Decides from what was asked for, and else from how often an exercise was done to its end. What is
told then is laid out in the plan.
"""

from collections.abc import Collection

from assistant.coach.events import Asked, Command
from assistant.coach.state import State, Turn
from assistant.content import sentences
from assistant.content.plan import told_to
from assistant.content.types import Wording

FIRST_TIMES = 3
"""So often all the steps of an exercise are told."""


def known(state: State) -> Collection[str]:
    """The ids of the exercises of which only what matters most is told."""
    match state.wording:
        case Wording.FULL:
            return ()
        case Wording.SHORT:
            return {name for plan in state.settings.plans.values() for name in plan.exercise_ids}
        case _:
            return {name for name, times in state.times.items() if times >= FIRST_TIMES}


def note_done(turn: Turn, exercise: str) -> None:
    """An exercise was done to its end once more."""
    times = turn.state.times
    turn.set(times={**times, exercise: times.get(exercise, 0) + 1})


def change_wording(turn: Turn, asked: Asked) -> None:
    """From the next exercise on, until the program ends."""
    full = asked.command is Command.FULL_WORDS
    turn.set(wording=Wording.FULL if full else Wording.SHORT)
    if turn.state.session is not None:
        turn.set_session(plan=told_to(turn.session.plan, known(turn.state)))
    turn.say(sentences.FULL_WORDS if full else sentences.SHORT_WORDS)
