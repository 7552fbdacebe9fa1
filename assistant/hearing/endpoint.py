"""When is what was said over?

Decides how long it must be quiet after these words before they count as all that was said: hardly
at all where nothing longer begins like this, longer where something does, longest in the middle
of a phrase. It hears nothing; quiet is measured by the gate.
"""

from collections.abc import Mapping

from assistant.coach.events import Command

SOON_S = 0.15
"""After a whole phrase that nothing follows. Inside a word it is as quiet for 0.1 s at most."""
WHOLE_S = 0.35
"""After a whole phrase that may be the beginning of another: "go" of "go back"."""
PATIENCE_S = 0.8
"""In the middle of a phrase: people hesitate after "ten"."""
SAME_WHEN_LONGER = (Command.STOP, Command.PAUSE, Command.HURTS, Command.NEXT, Command.REPEAT)
"""What may follow here means the same, so they don't wait for it: "stop" of "stop now"."""


class Phrases:
    """The phrases of a situation."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self._commands = commands
        self._followed: dict[str, set[Command]] = {}
        """The commands of the phrases that go on after these words."""
        for phrase, command in commands.items():
            words = phrase.split()
            for count in range(len(words)):
                self._followed.setdefault(" ".join(words[:count]), set()).add(command)

    def begins(self, text: str) -> bool:
        """Whether this is a phrase or the first words of one."""
        return text in self._commands or text in self._followed

    def patience_s(self, text: str) -> float:
        """How long it must be quiet after these words."""
        if text not in self._commands:
            return SOON_S if self.begins(text) else PATIENCE_S
        command = self._commands[text]
        followed = self._followed.get(text, set())
        alike = command in SAME_WHEN_LONGER and followed <= {command}
        return SOON_S if alike or not followed else WHOLE_S
