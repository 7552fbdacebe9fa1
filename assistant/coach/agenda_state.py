"""What the coach brings up by itself, besides standing up.

Decides nothing: what `state` holds of it. When each comes is `agenda`'s.
"""

import math
from dataclasses import dataclass
from enum import StrEnum


class Matter(StrEnum):
    """What the coach brings up by itself, besides standing up."""

    SESSION = "session"
    """What the plan has for today."""
    MORNING = "morning"
    """How the back is after the last session."""
    OFFER = "offer"
    """A plan, for whoever has none."""
    LOOK_BACK = "look_back"
    """How the week was."""
    WELCOME = "welcome"
    """At somebody's first start: who this is, and what there is to say."""
    OFFICE = "office"
    """What the office that this desk belongs to has handed out."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An office has handed something out; an event."""

    routines: tuple[str, ...] = ()
    """What they are called, those that are new."""
    suggestion: bool = False
    """Whether it suggests hours or intervals, other ones than before."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is brought up, and when, follows from the plan and from what is remembered."""

    chimed_at: float | None = None
    """Its chime was just heard, and the words come next."""
    again_at: float = -math.inf
    """What the plan has for today was put off until then."""
    times: int = 0
    """How often it was asked today, and nobody answered."""
    welcome_at: float | None = None
    """From when on a person is told how this works; None: they know."""
    offered: Offered | None = None
    """What an office has handed out, and nobody has been told of."""
    offered_at: float = -math.inf
