"""A person's first start: who this is, the microphone, the button and one stretch tried together.

Decides which of these comes next and what each answer does. Each is a question like any other
(`question`): answered, left out, put once more when nobody answers, and then left alone. Whether it
is somebody's first start is settled before; when it may be heard is `agenda`'s; the stretch is led
like every routine, through `session_start`. Once anything was answered it doesn't come again by
itself; of a person who never answered it is written down, so that it comes once more. Who comes to
it after the owner hears a short one, once, with how to be shown all of it.
"""

from dataclasses import replace

from assistant.coach import session_start
from assistant.coach.agenda_state import Agenda
from assistant.coach.events import GUEST, Asked, Source
from assistant.coach.events import Command as C
from assistant.coach.question import ask, no_more, opened
from assistant.coach.question_state import Question
from assistant.coach.state import Asking, AtRest, Lead, Leading
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.content import welcome_sentences as said

STRETCH = "shoulder-squeeze"
"""The routine that is tried together: nothing of it waits for an answer."""
TOLD, UNANSWERED, TOLD_IN_SHORT = "welcome", "welcome unanswered", "welcome in short"
"""How it is kept that it is over, that nobody has answered so far, and what others hear of it."""
STEPS = (Question.HEAR, Question.TOUCH, Question.TOGETHER)


def begin(turn: Turn, _: Lead, value: object) -> Asking:
    turn.hush()
    return ask(turn, opened(Question.HEAR, ""), said.WHO, said.NO_DOCTOR, said.TWO_MINUTES)


def go_on(turn: Turn, step: Asking, asked: Asked) -> Lead:
    """The microphone or the button was tried, or left out: what comes next."""
    turn.hush()
    note(turn)
    told = reply(step, asked)
    if step.question is Question.HEAR and turn.settings.button and told != said.PRESSED:
        return ask(turn, opened(Question.TOUCH, ""), told)
    if STRETCH in turn.settings.plans:
        return ask(turn, opened(Question.TOGETHER, STRETCH), told, said.ENOUGH)
    turn.say(told)
    return end(turn, step, said.BEGIN)


def reply(step: Asking, asked: Asked) -> str:
    if asked.command is C.PRESS and asked.source is not Source.PAGE:
        return said.PRESSED
    if step.question is not Question.HEAR or asked.command not in (C.YES, C.GO, C.RESUME, C.WAKE):
        return said.WITHOUT
    return said.HEARD.format(heard=asked.text) if asked.source is Source.VOICE else said.TAPPED


def start(turn: Turn, step: Asking, asked: Asked) -> Lead:
    """The stretch, or the routine that somebody would rather begin with."""
    turn.hush()
    name = asked.routine or step.routine or turn.there(turn.settings.routine)
    if name not in turn.settings.plans:
        return end(turn, step, said.BEGIN)
    lead = session_start.start(turn, AtRest(), replace(asked, routine=name))
    if name == STRETCH and isinstance(lead, Leading):
        turn.person = replace(turn.person, closing=said.BEGIN.format(wake=turn.settings.wake))
    return lead


def decline(turn: Turn, step: Asking, _: Asked) -> AtRest:
    """All but the stretch."""
    turn.hush()
    return end(turn, step, said.BEGIN)


def leave(turn: Turn, step: Asking, _: Asked) -> AtRest:
    turn.hush()
    return end(turn, step, said.ANOTHER_TIME)


def unanswered(turn: Turn, step: Asking, _: object) -> Asking | AtRest:
    """Once more, as any question; then it is left alone."""
    again = session_start.once_more_asked(turn, step)
    if again is not None:
        return again
    note(turn, TOLD if UNANSWERED in turn.person.health.told else UNANSWERED)
    return end(turn, step, said.NOBODY)


def end(turn: Turn, _: Asking, text: str) -> AtRest:
    rest = no_more(turn)
    turn.say(text, within_s=20.0)
    return rest


# --- once -------------------------------------------------------------------------------


def new_here(turn: Turn) -> bool:
    """Whether somebody besides the owner is here for the first time."""
    settings, person = turn.settings, turn.person
    if not settings.welcomes or person.id in ("", GUEST, settings.owner) or not turn.at_rest:
        return False
    health = person.health
    known = health.unknown or health.screened or person.trained or person.times
    return not known and not {TOLD, UNANSWERED, TOLD_IN_SHORT} & health.told


def tell_in_short(turn: Turn) -> None:
    """Once, and no question: who wants more says so, and who knows it all begins."""
    for text in said.IN_SHORT:
        turn.say(text, within_s=60.0)
    note(turn, TOLD_IN_SHORT)
    turn.signal(Signal.INVITED)


def note(turn: Turn, name: str = TOLD) -> None:
    """Write down how far it has come, unless it is over already."""
    health = turn.person.health
    if not {name, TOLD} & health.told:
        turn.person = replace(turn.person, health=replace(health, told=health.told | {name}))
        turn.record("told", name)


def is_open(turn: Turn, _: object) -> bool:
    """the first start"""
    return isinstance(turn.lead, Asking) and turn.lead.question in STEPS


def note_answer(turn: Turn, agenda: Agenda, _: object) -> Agenda:
    """Whatever was said, somebody has heard it."""
    note(turn)
    return agenda


def not_needed(_: Turn, agenda: Agenda, value: object) -> Agenda:
    """Whoever begins by themselves needn't be told how."""
    return replace(agenda, welcome_at=None)
