"""The person who is there, as far as the coach knows them.

Decides nothing. Who that is, and how it changes, is `identity`'s.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.coach.events import Health, Trained
from assistant.content.types import Wording


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the person."""

    health: Health
    wording: Wording
    times: Mapping[str, int]
    pain_told: tuple[float, int] | None = None
    """When pain was last told of, before or after a session, or a session was stopped for it, and
    how much."""
    unsaid: bool = False
    """Whether it was said that it hurts, outside a session, and not how much: taken for six."""
    dizzy_at: float = -math.inf
    """When they last said that they are dizzy."""
    unanswered: bool = False
    """Whether nobody answered what was asked before the session that is led: then what was told in
    the hours before is no answer either."""
    told_before: int | None = None
    """What the number after the session that is led, or was led last, is measured by: the one
    before it, else what still held when it began, else the first one told in it."""
    screened_at: float | None = None
    """When the safety questions were last answered; None: never, or that isn't known."""
    praises: int = 0
    """How often something was said for what was done, so that the next time it is another word."""
    stretches: int = 0
    """How often "stretch" was asked for, so that the next one is another one."""
    trained: tuple[Trained, ...] = ()
    """The sessions of the last months, the oldest first."""
    ended: Trained | None = None
    """The last session of this run, whether it is one of them or not; of day 0 where no clock
    tells."""
    ended_at: float = -math.inf
    """When the last of them that wasn't short ended, in this run."""
    ended_s: float = 0.0
    """At what time of the day that one had begun."""
    closing: str = ""
    """What is said when the session that is led was done to its end."""
    id: str = ""
    """Of `Settings.people`, or `GUEST`; empty where nobody is told apart."""
    named: bool = True
    """Whether a guest is one by their own word, or has been told how to say who they are."""
    met: bool = True
    """Whether the journal has told what it knows of them."""
    here_at: float = -math.inf
    """When they said who they are, or something was last led to them or asked."""

    def earlier_by(self, seconds: float) -> "Person":
        """The same, with all of it so much longer ago: our clock stood still meanwhile."""
        told, screened_at = self.pain_told, self.screened_at
        return replace(
            self,
            pain_told=None if told is None else (told[0] - seconds, told[1]),
            dizzy_at=self.dizzy_at - seconds,
            screened_at=None if screened_at is None else screened_at - seconds,
            ended_at=self.ended_at - seconds,
            here_at=self.here_at - seconds,
        )
