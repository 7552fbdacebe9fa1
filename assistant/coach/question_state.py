"""A question before or after a session that is open: which, and how long it waits.

Decides nothing: what `state.Lead` holds while something is asked. When it is put again is
`question`'s, what its answers do `session_start`'s, `safety_questions`'s and `pain`'s.
"""

import math
from dataclasses import dataclass
from enum import StrEnum


class Question(StrEnum):
    """What can be asked before and after a session."""

    SCREENING = "screening"
    CONFIRM = "confirm"
    """Has a doctor looked at what was a red flag?"""
    PAIN_BEFORE = "pain_before"
    PAIN_AFTER = "pain_after"
    GENTLE = "gentle"
    """The gentle routine instead?"""
    HARDER = "harder"
    """Something harder in place of what has gone well?"""
    PLANNED = "planned"
    """It is time for what the plan has: shall we?"""
    PLAN = "plan"
    """A plan for the weeks to come?"""
    EASY = "easy"
    """Was that easy?"""
    MORNING = "morning"
    """How is the back after the last session?"""
    STEP = "step"
    """The next strengthening routine?"""
    TWICE = "twice"
    """Strength on two days a week from now on?"""
    HEAR = "hear"
    """At the first start: can I hear you?"""
    TOUCH = "touch"
    """Then: press the button once."""
    TOGETHER = "together"
    """And: one stretch together?"""


@dataclass(frozen=True, slots=True)
class Put:
    """That a question was put, and how long it waits for its answer."""

    utterance: int
    """The sentence that asks it."""
    heard: bool = False
    """Whether that was said to its end."""
    again: bool = False
    """Whether it was asked once more, since nobody answered."""
    unheard: int = 0
    """How often it was begun and not said to its end."""
    until: float = math.inf
    """Then nobody has answered; reckoned from the end of what is said."""
    since: float = -math.inf
    """When it came in the place of something else; long ago where it is only said again."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question before or after a session is open."""

    question: Question
    put: Put
    routine: str = ""
    """What is led after it; empty: nothing."""
    number: int = 0
    """Which of the safety questions; after the last of them, how many they were."""
    follow_up: bool = False
    """Of a safety question: what is asked after a yes."""
    flagged: frozenset[str] = frozenset()
    """Of the safety questions: those whose answers were red flags when they began."""
    settled: tuple[tuple[str, bool], ...] = ()
    """The answers that would take a red flag back; they count once that is confirmed."""
    wanted: str = ""
    """For GENTLE, where the pain was told just now: the routine that was asked for."""
    chosen: bool = False
    """For GENTLE: it is the routine that was asked for."""
    other: str = ""
    """For GENTLE: what the routine is called, where it isn't the gentle one."""
    offered: bool = False
    """Nobody asked for the routine: it is offered when the questions are over, whatever was told.
    """
    exercise: str = ""
    """For HARDER: what has gone well."""
    before: tuple[str, ...] = ()
    """What was said before it, and is said again with it if nobody can have heard it."""
