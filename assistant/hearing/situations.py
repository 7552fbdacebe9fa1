"""In which situations sentences are listened for, and what may be said in each.

Decides what the wake phrase opens. Which sentences there are stands in the templates, what they
mean is `meanings`'.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from sys import intern

from assistant.coach.ear_and_voice import Command, Context

SITUATIONS = {
    Context.IDLE: "awake",  # what follows the wake phrase
    Context.AWAKE: "awake",
    Context.SESSION: "session",
    Context.PAUSED: "paused",
    Context.QUESTION: "question",
    Context.PAIN: "pain",
    Context.DUE: "due",
    Context.SPEAKING: "speaking",
}
TYPED = "typed"
"""Sentences of this situation are never listened for: said, they would be heard by mistake."""


def situations_after_wake(context: Context) -> tuple[str, ...]:
    """A reminder takes its own answers at once, and everything else after the wake phrase."""
    if context is Context.DUE:
        return SITUATIONS[Context.DUE], SITUATIONS[Context.AWAKE]
    return (SITUATIONS[context],)


@dataclass(frozen=True, slots=True)
class Sayable:
    """All phrases that are listened for, a quarter as long as with the wake phrases before them."""

    phrases: Mapping[str, Mapping[str, Command]]
    """By situation, each with its command."""
    wake_phrases: tuple[str, ...]

    def commands(self, context: Context) -> dict[str, Command]:
        """What may be said now, with and without a wake phrase."""
        found = {} if context is Context.IDLE else dict(self.phrases[SITUATIONS[context]])
        for wake in self.wake_phrases:
            found[wake] = Command.WAKE
            for situation in situations_after_wake(context):
                after = self.phrases[situation]
                # What is said in several situations is held once.
                found |= {intern(f"{wake} {said}"): command for said, command in after.items()}
        return found

    def by_context(self) -> dict[Context, dict[str, Command]]:
        """The same for each situation."""
        return {context: self.commands(context) for context in Context}
