"""Who may be heard, or interrupt, now: the one function that all machines ask.

Decides between a question that is open, a count that runs, a sentence, a command that is awaited,
a reminder that was just heard, people who talk, and whoever is dizzy, whom nothing asks to stand up
for a while. What is then said is the machine's own business.
"""

import math
from enum import Enum, auto

from assistant.coach.state import (
    Asking,
    AtRest,
    Awake,
    Away,
    Due,
    Hurt,
    Leading,
    Overdue,
    Reentry,
    Sitting,
)
from assistant.coach.turn import Turn
from assistant.coach.what_counts import DIZZY_S
from assistant.content import sentences

HUSHED_S = 20.0
"""People have stopped talking when this long nothing was said."""
REMINDED_S = 10.0
"""So long after a reminder to stand up nothing else is said: it may be just being said."""


class Claim(Enum):
    """Who would like to be heard."""

    SEGMENT = auto()
    """The next stretch of a routine."""
    DESK = auto()
    """Anything at the desk that time brings about."""
    REMINDER = auto()
    """The next reminder, as it is told of."""
    COMES_UP = auto()
    """The next reminder, now."""
    CHIME = auto()
    """A reminder that is heard."""
    PACK = auto()
    """The word on the ice or the heat."""
    MATTER = auto()
    """What is brought up by itself, besides standing up."""
    COUNT_IN = auto()
    """The count before a session goes on."""
    COMMAND = auto()
    """Whoever said the wake phrase."""


def free_from(turn: Turn, claim: Claim) -> float:
    """From when on it may be heard, as things stand now: a time that may be past, or infinity,
    which means not before something else is over."""
    lead, wishes = turn.lead, turn.wishes
    match claim:
        case Claim.MATTER:
            if not isinstance(lead, AtRest) or isinstance(turn.ear, Awake):
                return math.inf
            desk = turn.desk
            # Who leaves reminders unanswered may still be there, and want what is planned.
            unheard = isinstance(desk, Away) and desk.until == math.inf
            here = turn.room.absent_since is None and (
                isinstance(desk, Sitting | Overdue) or unheard
            )
            if not here or turn.voice.utterances:
                return math.inf
            quiet_until = wishes.quiet_until or -math.inf
            apart = wishes.interrupted_at + turn.settings.gap_s
            hushed = max(turn.room.talked_at + HUSHED_S, turn.voice.quiet_at)
            return max(hushed, apart, quiet_until, _steady_from(turn))
        case Claim.SEGMENT:
            waits = bool(turn.voice.utterances) and turn.led is not None and not _counts(turn)
        case Claim.COUNT_IN:
            counted = turn.voice.last_said in sentences.REENTRY
            after = lead.after if isinstance(lead, Reentry) else 0
            waits = any(u.number > after for u in turn.voice.utterances) and not counted
        case Claim.COMMAND:
            waits = turn.led is not None
        case Claim.DESK:
            waits = not isinstance(lead, AtRest)
        case Claim.REMINDER | Claim.COMES_UP:
            awaited = claim is Claim.COMES_UP and isinstance(turn.ear, Awake)
            if awaited or not isinstance(lead, AtRest):
                return math.inf
            return max(wishes.interrupted_at + turn.settings.gap_s, _steady_from(turn))
        case Claim.CHIME:
            hushed_at = turn.room.talked_at + HUSHED_S
            return max(hushed_at, wishes.interrupted_at + turn.settings.gap_s)
        case _:
            reminded = isinstance(turn.desk, Due) and turn.now < wishes.interrupted_at + REMINDED_S
            said = bool(turn.voice.utterances) or turn.now < turn.voice.quiet_at
            awaited = isinstance(turn.ear, Awake)
            asked = isinstance(lead, Asking | Hurt)
            waits = reminded or said or awaited or asked or _counts(turn)
    return math.inf if waits else -math.inf


def _steady_from(turn: Turn) -> float:
    """Who was told to sit or lie down, and stay there, isn't asked to stand up."""
    return turn.person.dizzy_at + DIZZY_S


def _counts(turn: Turn) -> bool:
    """Whether a hold or a count runs, which nothing may talk into."""
    lead = turn.lead
    return isinstance(lead, Reentry) or (isinstance(lead, Leading) and lead.session.working)
