"""The safety questions: their answers, one after the other, and what follows from them.

Decides what an answer changes, when they are over, and that a red flag isn't taken back by one word
that may have been misheard: whoever told of one is asked to confirm that a doctor has looked at it.
Until a follow-up is answered the cautious answer counts, also through a power cut. What the answers
mean stands in `content.safety_question_texts`.
"""

from dataclasses import replace

from assistant.coach import suitability
from assistant.coach.effects import Priority
from assistant.coach.events import Asked, Command, Health
from assistant.coach.question import ask, no_more
from assistant.coach.session_start import ask_pain, ask_screening, keep_flag, start
from assistant.coach.state import Asking, AtRest, Lead, Question
from assistant.coach.suitability import cautious, flags, follow_up_id
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.content import safety_question_texts, sentences

MISHEARD_S = 120.0
"""So long after a red flag "I meant no" asks the question again."""


def screen(turn: Turn, _: AtRest, asked: Asked) -> Lead:
    """The safety questions, because somebody wants them (again)."""
    turn.signal(Signal.ROUTINE_ASKED)
    turn.hush()
    return ask_screening(turn, "", safety_question_texts.AGAIN)


def begin_anew(turn: Turn, asking: Asking, _: object) -> Lead:
    """The journal has told what was answered before they were begun: what it says of a red flag
    isn't taken back by a no that knows nothing of it, and who has answered isn't asked."""
    if asking.routine:
        asked = Asked(Command.START, routine=asking.routine)
        return start(turn, AtRest(), asked, offered=asking.offered)
    return ask_screening(turn, "", safety_question_texts.AGAIN)


def answer(turn: Turn, asking: Asking, asked: Asked) -> Lead:
    """One of them is answered. A red flag ends them: nothing may follow it."""
    turn.hush()
    yes = asked.command is Command.YES
    question = safety_question_texts.QUESTIONS[asking.number]
    if asking.follow_up:
        asking = tell(turn, asking, follow_up_id(question), yes=yes)
    else:
        asking = tell(turn, asking, question.id, yes=yes)
        if yes and (more := question.follow_up) is not None:
            asking = tell(turn, asking, follow_up_id(question), yes=cautious(more))
            return ask(turn, replace(asking, follow_up=True))
    flag = flags(with_settled(turn.person.health, asking)).get(question.id)
    if flag is None:
        return go_on(turn, asking)
    rest = no_more(turn, asking, turn.now + MISHEARD_S)
    turn.say(safety_question_texts.SAID[flag], Priority.SAFETY)
    return rest


def takes_back(turn: Turn) -> bool:
    """Whether a yes takes a red flag back."""
    lead = turn.lead
    if not isinstance(lead, Asking):
        return False
    more = safety_question_texts.QUESTIONS[lead.number].follow_up if lead.follow_up else None
    settles = more is not None and not cautious(more)
    return lead.question is Question.CONFIRM or (lead.question is Question.SCREENING and settles)


def only_okay(turn: Turn, asked: Asked) -> bool:
    """an "okay", and a yes takes a red flag back"""
    return asked.command is Command.YES and not asked.plainly and takes_back(turn)


def tell(turn: Turn, asking: Asking, name: str, *, yes: bool) -> Asking:
    """Take an answer in and write it down; one that takes a red flag back waits until that is
    confirmed."""
    question = safety_question_texts.QUESTIONS[asking.number]
    answers = tuple(one for one in asking.settled if one[0] != name)
    if question.id in asking.flagged:
        would = with_answers(turn.person.health, (*answers, (name, yes)))
        if question.id not in flags(would):
            return replace(asking, settled=(*answers, (name, yes)))
    keep(turn, name, yes=yes)
    return replace(asking, settled=answers)


def keep(turn: Turn, name: str, *, yes: bool) -> None:
    health = with_answers(turn.person.health, ((name, yes),))
    turn.person = replace(turn.person, health=health)
    turn.record("screening", name, value=int(yes))


def with_settled(health: Health, asking: Asking) -> Health:
    """As it will be once what takes a red flag back is confirmed."""
    return with_answers(health, asking.settled)


def with_answers(health: Health, answers: tuple[tuple[str, bool], ...]) -> Health:
    told = health.yes
    for name, yes in answers:
        told = told | {name} if yes else told - {name}
    return replace(health, yes=told)


def go_on(turn: Turn, asking: Asking) -> Lead:
    """The next question, or the end of them."""
    number = asking.number + 1
    asking = replace(asking, number=number, follow_up=False)
    if number < len(safety_question_texts.QUESTIONS):
        return ask(turn, asking)
    if asking.flagged:
        return ask(turn, replace(asking, question=Question.CONFIRM))
    if not asking.routine:
        return over(turn)
    note_all(turn)
    return ask_pain(turn, asking.routine, number, sentences.SCREENED, offered=asking.offered)


def confirm(turn: Turn, asking: Asking, asked: Asked) -> AtRest:
    """Whether a doctor has looked at what was a red flag, or a fever is gone: only then it is one
    no more."""
    turn.hush()
    if asked.command is not Command.YES:
        return keep_flag(turn)
    gone = tuple((name, False) for name in sorted(asking.flagged - suitability.BY_ID.keys()))
    for name, yes in (*asking.settled, *gone):
        keep(turn, name, yes=yes)
    return over(turn)


def over(turn: Turn) -> AtRest:
    """All of them are answered, none is a red flag, and nothing was to come after them."""
    note_all(turn)
    rest = no_more(turn)
    turn.say(sentences.SCREENED)
    return rest


def note_all(turn: Turn) -> None:
    health = replace(turn.person.health, screened=True)
    turn.person = replace(turn.person, health=health, screened_at=turn.now)
    turn.record("screening", "all", value=1)


def correct(turn: Turn, asking: Asking, _: Asked) -> Lead:
    """ "No, I meant yes": the question before is asked again, and its answer replaces the first."""
    turn.hush()
    follow_up = asking.follow_up
    number = asking.number if follow_up else max(0, asking.number - 1)
    again = replace(asking, question=Question.SCREENING, number=number, follow_up=False)
    return ask(turn, again)


def take_back(turn: Turn, lead: AtRest, _: Asked) -> Lead:
    """The same, right after an answer that was a red flag."""
    assert lead.answered is not None  # the row's guard
    turn.hush()
    return ask(turn, lead.answered)
