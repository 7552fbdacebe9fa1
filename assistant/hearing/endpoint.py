"""When is what was said over?

Decides how long it must be quiet after these words before they count as all that was said: hardly
at all where nothing that means something else begins like this, longer where something does,
longest in the middle of a phrase. It hears nothing; quiet is measured by the gate.
"""

from collections.abc import Mapping
from functools import lru_cache

from assistant.coach.ear_and_voice import Command

SOON_S = 0.15
"""After a whole phrase that nothing follows. Inside a word it is as quiet for 0.1 s at most."""
CLOSE_S = 0.2
"""After one that a single word would turn into another: nobody pauses inside "go back"."""
WHOLE_S = 0.35
"""After one that a longer rest would turn into another: "snooze" of "snooze for ten minutes"."""
OTHERS_S = 0.4
"""After what begins no phrase: a command that comes soon stands alone."""
PATIENCE_S = 0.8
"""In the middle of a phrase: people hesitate after "ten"."""
SAME_WHEN_LONGER = frozenset(
    {
        *(Command.STOP, Command.PAUSE, Command.HURTS, Command.NEXT, Command.REPEAT),
        *(Command.YES, Command.NO, Command.EXPLAIN, Command.TIME_LEFT, Command.STOOD),
        *(Command.LUNCH, Command.STRETCH),
    }
)
"""What may follow here means the same, so they don't wait for it: "stop" of "stop now"."""


BEGINNINGS = 256
"""So many that were heard lately are remembered; each block of an utterance asks for the same."""


class Phrases:
    """The phrases of a situation."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self._commands = commands
        # A table of all beginnings would be ten times as large as the phrases.
        self._followed = lru_cache(maxsize=BEGINNINGS)(self._look_up)

    def begins(self, text: str) -> bool:
        """Whether this is a phrase or the first words of one."""
        return text in self._commands or bool(self._followed(text))

    def patience_s(self, text: str) -> float:
        """How long it must be quiet after these words."""
        if text not in self._commands:
            return SOON_S if self.begins(text) else PATIENCE_S
        command = self._commands[text]
        followed = self._followed(text)
        if command in SAME_WHEN_LONGER:
            followed = frozenset(
                (count, other) for count, other in followed if other is not command
            )
        if not followed:
            return SOON_S
        return CLOSE_S if all(count == 1 for count, _ in followed) else WHOLE_S

    def _look_up(self, text: str) -> frozenset[tuple[int, Command]]:
        """How many words may follow these, and the commands that they make."""
        beginning = f"{text} " if text else ""
        return frozenset(
            (phrase.count(" ", len(beginning)) + 1, command)
            for phrase, command in self._commands.items()
            if phrase.startswith(beginning)
        )
