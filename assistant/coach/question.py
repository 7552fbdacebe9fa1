"""A question on its own: put, open for a while, and over.

Decides how long it stays open and what comes when there is none any more. Which question comes
when, and what its answer does, is `asking`'s.
"""

from assistant.coach import suitability
from assistant.coach.state import Asking, AtRest, Question
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.types import Plan

ANSWER_S = 45.0
"""How long a question stays open; the time it takes to say it is part of that."""


NUMBERS = (Question.PAIN_BEFORE, Question.PAIN_AFTER)
"""Answered from zero to ten; the others with yes or no."""


def ask(
    turn: Turn, question: Question, routine: str, number: int = 0, exercise: str = ""
) -> Asking:
    asking = Asking(question, turn.now + ANSWER_S, routine, number, exercise)
    turn.say(words(asking), within_s=30.0)  # after what was said before it, not ahead of it
    return asking


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


def no_more(turn: Turn) -> AtRest:
    """No question is open, and nothing is led."""
    if turn.settings.once:
        turn.exit_code = 0
    turn.signal(Signal.LEAD_ENDS)
    return AtRest()


def asks_after(turn: Turn, plan: Plan, how: str) -> bool:
    """Whether the question of before comes again: where it was answered, and the session was not
    broken off for pain."""
    told = turn.person.health.pain is not None
    return how in ("done", "stopped") and told and suitability.asks(plan)


def ask_after(turn: Turn, plan: Plan, how: str) -> Asking | AtRest:
    """The same question as before the session, where it belongs after it."""
    return ask(turn, Question.PAIN_AFTER, plan.id) if asks_after(turn, plan, how) else AtRest()


def help_with(asking: Asking) -> str:
    return sentences.HELP_NUMBER if asking.question in NUMBERS else sentences.HELP_QUESTION
