"""Thirty minutes of plan on a clock that is a number: does lateness add up?

It leads the real coach through a long plan with a scheduler that wakes late and a voice that
answers late, as real ones do, and says how far each hold and the whole plan are off. Nothing is
heard here; the recorded output is measured in `bench`.
"""

import random
from dataclasses import dataclass, field, replace

from assistant.coach.effects import Chime, Record, Say, Sound
from assistant.coach.events import Asked, Command, Due, Event, Spoken
from assistant.coach.step import begin, deadline, step
from assistant.content.speech import estimate_s
from assistant.content.types import Kind, Plan
from tests.coach.driver import SETTINGS

WAKES_LATE_S = 0.02
"""How late the operating system may wake us, at most."""
SPOKEN_SHARE = 0.9
"""A sentence takes this share of its estimate, which is on the safe side."""


@dataclass
class Drift:
    """What was off at the end of a plan, in seconds."""

    plan_s: float
    hold_errors_s: list[float] = field(default_factory=list)
    """Each hold's length, less what was planned."""
    late_s: float = 0.0
    """The end of the plan, less when it should have ended."""


def lead(plan: Plan, seed: int = 1) -> Drift:
    """Walk the coach through a whole plan."""
    chance = random.Random(seed)
    state, _ = begin(replace(SETTINGS, plans={plan.id: plan}), 0.0, greet=False)
    state, effects = step(state, Asked(Command.START, routine=plan.id), 0.0)
    result = Drift(plan.total_s)
    lengths = [segment.length_s for segment in plan.segments if segment.kind is Kind.WORK]
    speaking: list[tuple[float, int]] = []
    quiet_at = now = began = 0.0
    while True:
        for effect in effects:
            match effect:
                case Say(number, text):
                    quiet_at = max(quiet_at, now) + estimate_s(text) * SPOKEN_SHARE
                    speaking.append((quiet_at, number))
                case Chime(Sound.BEGIN):
                    began = now
                case Chime(Sound.END):
                    planned = lengths[len(result.hold_errors_s)]
                    result.hold_errors_s.append(now - began - planned)
                case Record("session_end"):
                    result.late_s = now - plan.total_s
                    return result
        at, event = _next_event(deadline(state), speaking)
        now = max(now, at + chance.uniform(0.0, WAKES_LATE_S))
        state, effects = step(state, event, now)


def _next_event(due: float | None, speaking: list[tuple[float, int]]) -> tuple[float, Event]:
    if speaking and (due is None or speaking[0][0] <= due):
        at, number = speaking.pop(0)
        return at, Spoken(number)
    assert due is not None, "the coach waits for nothing in the middle of a plan"
    return due, Due()
