"""What a command means in the midst of what is going on.

Decides that for what is typed, or said after the wake phrase: both are understood without what is
asked or led. What each command then does stands in the tables.
"""

from dataclasses import replace

from assistant.coach.events import Asked, Source
from assistant.coach.events import Command as C
from assistant.coach.lead import LEAD, MOVING
from assistant.coach.pain import SHARP
from assistant.coach.question import NUMBERS
from assistant.coach.safety_questions import takes_back
from assistant.coach.state import Asking, Hurt, Question
from assistant.coach.suitability import REST_FROM
from assistant.coach.turn import Turn
from assistant.content import safety_question_texts


def as_meant_here(turn: Turn, asked: Asked) -> Asked:
    """The command that it is here: of "my back hurts", "worse", "later" and "not yet", and of lines
    that tell of the body."""
    if _is_yes(turn, asked):
        return replace(asked, command=C.YES, plainly=True)
    if asked.command in (C.HURTS, C.BACK_HURTS) and asked.value is not None and _asks_number(turn):
        return replace(asked, command=C.NUMBER)
    if asked.command is C.NUMBER and asked.tells and asked.value and not _counts(turn, asked):
        return replace(asked, command=C.HURTS)
    if asked.command is C.HELP and asked.aim and turn.at_rest:
        return replace(asked, command=C.TELL_TODAY, aim="")
    if asked.command is C.COMPARED and (asked.value or 0) < 0 and turn.led is not None:
        return replace(asked, command=C.HURTS, value=None)
    if asked.command is C.BACK_HURTS and not turn.at_rest:
        return replace(asked, command=C.HURTS)
    if (
        asked.command is C.SNOOZE
        and asked.seconds is None
        and LEAD.row(turn, C.SNOOZE, asked) is None
    ):
        if isinstance(turn.lead, Asking):
            return replace(asked, command=C.NEXT)
        if turn.led is not None and asked.source is Source.TYPED:
            return replace(asked, command=C.PAUSE)
    return asked


def _is_yes(turn: Turn, asked: Asked) -> bool:
    """Whether it answers what is asked, where yes is the cautious answer: "Yes, I'm numb there"
    isn't lost, and "sharp" takes nothing back."""
    lead = turn.lead
    if asked.command not in (C.HURTS, C.BACK_HURTS, C.DIZZY):
        return False
    if isinstance(lead, Hurt):
        return asked.command is not C.DIZZY and bool(asked.tells & {"yes", *SHARP})
    if not isinstance(lead, Asking) or lead.question is not Question.SCREENING or takes_back(turn):
        return False
    of = "" if lead.follow_up else safety_question_texts.QUESTIONS[lead.number].id
    return bool(asked.tells & {"yes", of})


def _counts(turn: Turn, asked: Asked) -> bool:
    """Whether a number is taken: where it is asked for, and in the midst of a routine; but "it
    hurts three" stops there first, as "it hurts" does. What ends the routine asks the same."""
    lead = turn.lead
    if isinstance(lead, MOVING):
        return "hurts" not in asked.tells or (asked.value or 0) >= REST_FROM
    return _asks_number(turn)


def _asks_number(turn: Turn) -> bool:
    return isinstance(turn.lead, Asking) and turn.lead.question in NUMBERS
