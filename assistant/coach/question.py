"""A question on its own: put, heard, open for a while, put once more, and over.

Decides how long it waits for its answer: from the end of what is said, at every pace of the voice.
One that was cut, by a press or by "pause", isn't lost: it is put again. Which question comes when,
and what its answer does, is `session_start`'s.
"""

import math
from dataclasses import replace
from typing import TypeVar

from assistant.coach import suitability
from assistant.coach.effects import Priority
from assistant.coach.events import Asked, Command, Part, Source, Spoken
from assistant.coach.state import Asking, AtRest, Hurt, Put, Question
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.content import plan_sentences, safety_question_texts, sentences, welcome_sentences
from assistant.content.types import Plan

Q = TypeVar("Q", Asking, Hurt)
ANSWER_S = 45.0
"""How long it waits for an answer, after the last word that was said."""
CUT_S = 10.0
"""A question that was cut is put again after so long: whoever cut it wanted a moment."""
CUT_TIMES = 3
"""After so many attempts that nobody can have heard the voice is taken to be gone."""
WITHIN_S = 120.0
"""It comes after what is said before it, however slowly that is spoken."""
READ_S = 1.0
"""A tap, a press or a key so soon after a question was put isn't meant for it."""
BY_HAND = (Source.BUTTON, Source.KEY, Source.PAGE)
ANSWERS = frozenset(
    {
        *(Command.YES, Command.NO, Command.NUMBER, Command.COMPARED),
        *(Command.GO, Command.RESUME, Command.PRESS, Command.NEXT, Command.START),
    }
)
"""What answers a question, but for what only ends it."""
NUMBERS = (Question.PAIN_BEFORE, Question.PAIN_AFTER)
"""Answered from zero to ten; the others with yes or no."""

WORDS = {
    Question.PAIN_BEFORE: sentences.PAIN_BEFORE,
    Question.PAIN_AFTER: sentences.PAIN_AFTER,
    Question.GENTLE: sentences.GENTLE_INSTEAD,
    Question.HARDER: sentences.TRY_HARDER,
    Question.PLANNED: plan_sentences.SHALL_WE,
    Question.PLAN: plan_sentences.PLAN,
    Question.EASY: plan_sentences.EASY,
    Question.MORNING: plan_sentences.MORNING,
    Question.STEP: plan_sentences.STEP,
    Question.TWICE: plan_sentences.TWICE,
    Question.HEAR: welcome_sentences.CAN_I_HEAR,
    Question.TOUCH: welcome_sentences.PRESS_ONCE,
    Question.TOGETHER: welcome_sentences.TOGETHER,
}
"""The questions, but for those that stand in `safety_question_texts`."""
HELP = {
    Question.PAIN_BEFORE: sentences.HELP_NUMBER,
    Question.PAIN_AFTER: sentences.HELP_NUMBER,
    Question.PLANNED: plan_sentences.HELP_PLANNED,
    Question.MORNING: plan_sentences.HELP_MORNING,
    Question.HEAR: welcome_sentences.HELP_HEAR,
    Question.TOUCH: welcome_sentences.HELP_PRESS,
    Question.TOGETHER: welcome_sentences.HELP_TOGETHER,
}
"""How one is answered, where that isn't yes or no."""


def ask(turn: Turn, asking: Asking, *before: str) -> Asking:
    """Put a question, after what leads to it."""
    for text in before:
        turn.say(text, within_s=WITHIN_S, aloud=True)
    turn.wishes = replace(turn.wishes, wanted_last=False)
    return replace(asking, before=before, put=put_new(turn, words(asking)))


def put(turn: Turn, text: str, priority: Priority = Priority.CUE) -> Put:
    turn.say(text, priority, WITHIN_S, aloud=True)
    return Put(turn.voice.count)


def put_new(turn: Turn, text: str, priority: Priority = Priority.CUE) -> Put:
    """In the place of something else, which somebody may be just answering."""
    return replace(put(turn, text, priority), since=turn.now)


def too_soon(turn: Turn, asked: Asked) -> bool:
    """Whether nobody can have heard or read what it would answer: the second of two taps."""
    lead = turn.lead
    answers = asked.source in BY_HAND and asked.command in ANSWERS
    return answers and isinstance(lead, Asking | Hurt) and turn.now < lead.put.since + READ_S


def opened(question: Question, routine: str) -> Asking:
    """A question that is to be put."""
    return Asking(question, Put(0), routine)


def words(asking: Asking) -> str:
    """The question itself."""
    if asking.question is Question.CONFIRM:
        return safety_question_texts.confirm(asking.flagged)
    if asking.chosen:
        return sentences.GENTLE_STILL
    if asking.other:
        return plan_sentences.other_instead(asking.other)
    if asking.question is not Question.SCREENING:
        return WORDS[asking.question]
    question = safety_question_texts.QUESTIONS[asking.number]
    if asking.follow_up and question.follow_up is not None:
        return question.follow_up.text
    return question.text


def help_with(asking: Asking) -> str:
    """How it can be answered; of a safety question what exactly is meant."""
    if asking.question is not Question.SCREENING:
        return HELP.get(asking.question, sentences.HELP_QUESTION)
    question = safety_question_texts.QUESTIONS[asking.number]
    told = question.follow_up if asking.follow_up else None
    return f"{question.help if told is None else told.help} {sentences.HELP_QUESTION}"


# --- how long it waits ----------------------------------------------------------


def note_said(_: Turn, open_question: Q, spoken: Spoken) -> Q:
    """Whether the question itself was said to its end."""
    was_put = open_question.put
    if spoken.utterance != was_put.utterance or not spoken.complete:
        return open_question
    return replace(open_question, put=replace(was_put, heard=True))


def wait(turn: Turn, open_question: Q, _: object) -> Q:
    """Nothing is being said any more: the person's time begins. Without a voice it is read."""
    was_put = open_question.put
    read = any(part in (Part.VOICE, Part.LOUDSPEAKER) for part, _ in turn.room.faults)
    until = turn.now + (ANSWER_S if was_put.heard or read else CUT_S)
    return replace(open_question, put=replace(was_put, until=until))


def hush(turn: Turn, open_question: Q, asked: Asked) -> Q:
    """ "Pause": silence, and a moment more; what was cut by it is asked again."""
    turn.hush()
    return wait(turn, open_question, asked)


def cut(open_question: Asking | Hurt) -> bool:
    """Whether nobody can have heard it, and the voice may still be there."""
    return not open_question.put.heard and open_question.put.unheard + 1 < CUT_TIMES


def once_more(was: Put, new: Put) -> Put:
    """The question is put again: since nobody can have heard it, or since nobody answered."""
    if was.heard:
        return replace(new, again=True, since=was.since)
    return replace(new, again=was.again, unheard=was.unheard + 1, since=was.since)


def waits_until(turn: Turn, put: Put) -> float | None:
    """When nobody has answered; None while something is being said."""
    return None if turn.voice.utterances or put.until == math.inf else put.until


# --- no question ------------------------------------------------------------------


def no_more(turn: Turn, answered: Asking | None = None, until: float = -math.inf) -> AtRest:
    """No question is open, and nothing is led."""
    if turn.settings.once:
        turn.exit_code = 0
    turn.signal(Signal.LEAD_ENDS)
    turn.wishes = replace(turn.wishes, wanted_last=False)
    return AtRest(answered, until)


def let_go(turn: Turn, _: Asking, value: object) -> AtRest:
    """The machine slept for long: what was told before it, last night, answers nothing now."""
    turn.hush()
    return no_more(turn)


def asks_after(turn: Turn, plan: Plan, how: str) -> bool:
    """Whether the question of before comes again: where it was answered, and the session was not
    broken off for pain."""
    told = turn.person.health.pain is not None
    return how in ("done", "stopped") and told and suitability.asks(plan)


def ask_after(turn: Turn, plan: Plan, how: str) -> Asking | AtRest:
    """The same question as before the session, where it belongs after it."""
    if not asks_after(turn, plan, how):
        return AtRest()
    return ask(turn, opened(Question.PAIN_AFTER, plan.id))
