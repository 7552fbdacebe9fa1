"""A question on its own: put, open for a while, and over.

Decides how long it stays open and what comes when there is none any more. Which question comes
when, and what its answer does, is `asking`'s.
"""

from assistant.coach import gate
from assistant.coach.reminder import arm, sit_again
from assistant.coach.state import Asking, Mode, Question, Then, Turn
from assistant.content import sentences
from assistant.content.types import Plan

ANSWER_S = 45.0
"""How long a question stays open; the time it takes to say it is part of that."""


NUMBERS = (Question.PAIN_BEFORE, Question.PAIN_AFTER)
"""Answered from zero to ten; the others with yes or no."""


def ask(turn: Turn, question: Question, routine: str, number: int = 0, exercise: str = "") -> None:
    turn.set(asking=Asking(question, routine, number, exercise))
    turn.enter(Mode.ASKING, (ANSWER_S, Then.NO_ANSWER, ""))
    turn.say(words(turn.asking), within_s=30.0)  # after what was said before it, not ahead of it


def words(asking: Asking) -> str:
    """The question itself."""
    match asking.question:
        case Question.SCREENING:
            return list(sentences.SCREENING.values())[asking.number]
        case Question.PAIN_BEFORE:
            return sentences.PAIN_BEFORE
        case Question.PAIN_AFTER:
            return sentences.PAIN_AFTER
        case Question.GENTLE:
            return sentences.GENTLE_INSTEAD
        case _:
            return sentences.TRY_HARDER


def rest(turn: Turn) -> None:
    """No question is open, and nothing is led. Sitting goes on counting if it did."""
    state = turn.state
    turn.set(asking=None)
    if state.settings.once:
        turn.set(exit_code=0)
    left_s = state.sit_left_s if state.stand_at is None else max(0.0, state.stand_at - turn.now)
    if left_s is None:
        sit_again(turn)
    else:
        arm(turn, left_s)
        turn.enter(Mode.IDLE)


def asks_after(turn: Turn, plan: Plan, how: str) -> bool:
    """Whether the question of before comes again: where it was answered, and the session was not
    broken off for pain."""
    told = turn.state.health.pain is not None
    return how in ("done", "stopped") and told and gate.asks(plan)


def help_with(turn: Turn) -> str:
    return sentences.HELP_NUMBER if turn.asking.question in NUMBERS else sentences.HELP_QUESTION
