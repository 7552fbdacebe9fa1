"""Commands from the house on their way: asked of the coach, waited for, answered.

Decides which message is too late or one of too many, and that each is answered: obeyed, or why not.
What a text means stands in `home_commands`; who hears the answers is `home_bridge`'s.
"""

import json
from collections.abc import Callable
from datetime import datetime

from assistant.coach.effects import Situation
from assistant.coach.events import Command
from assistant.outside.door_protocol import Answer, Ask, Inward, Somebody
from assistant.outside.home_commands import (
    OLDEST_S,
    Choose,
    MeetingOver,
    Refused,
    opened,
    wish,
)
from assistant.outside.home_states import Names
from assistant.outside.mqtt_broker import Heard, uptime

NOBODY = "the coach isn't running"


class Orders:
    """What was asked for, until it is answered."""

    def __init__(
        self,
        names: Names,
        chosen: str,
        tell_coach: Callable[[Inward], bool],
        answer: Callable[[str], None],
        *,
        health: bool,
    ) -> None:
        """`chosen`: what "start" means. `tell_coach` says whether there is one. `answer` gets a
        text for whoever asked."""
        self.chosen = chosen
        self.flooded = False
        """Whether messages were let go by, since more came than can be obeyed."""
        self._names, self._tell_coach, self._answer = names, tell_coach, answer
        self._health = health
        self._number = 0
        self._asked: dict[int, tuple[str, str]] = {}
        """By number: the command that waits for the coach's answer, and the sender's own id."""
        self._meeting: float | None = None
        """Until when it is quiet because of a meeting; None: not because of that."""

    def take(self, key: str, heard: Heard, now: Situation | None) -> None:
        """A message came on the topic of a command. `now`: None where no coach is there."""
        sender = ""
        try:
            sent = opened(heard.payload, datetime.now().astimezone())
            sender = sent.id
            self._refuse_late(heard)
            self._ask(key, sent.value, sender, now)
        except Refused as refused:
            self._tell(key, sender, obeyed=False, reason=str(refused))

    def answered(self, answer: Answer, now: Situation | None) -> None:
        """The coach has answered; `now` is what has come of it. Its own words may tell how the back
        is."""
        reason = answer.reason
        if reason and not self._health:
            reason = "the coach has nothing to do for it now"
        key, sender = self._asked.pop(answer.number, ("", ""))
        if key == "meeting" and answer.obeyed and now is not None:
            self._meeting = now.quiet_until
        if key:
            self._tell(key, sender, obeyed=answer.obeyed, reason=reason)

    def coach_gone(self) -> None:
        """Nobody will answer any more."""
        for key, sender in self._asked.values():
            self._tell(key, sender, obeyed=False, reason="the coach has ended")
        self._asked.clear()

    def _refuse_late(self, heard: Heard) -> None:
        if heard.retained:
            raise Refused("it was kept by the broker: send commands without retain")
        if (waited_s := uptime() - heard.not_before) > OLDEST_S:
            raise Refused(f"it may have waited for {waited_s:.0f} seconds, and was meant for then")
        if self.flooded:
            self.flooded = False
            raise Refused("too many messages came at once, and some were let go by")

    def _ask(self, key: str, value: str, sender: str, now: Situation | None) -> None:
        self._number += 1
        asked = wish(
            key,
            value,
            self._number,
            routines=self._names.called,
            chosen=self.chosen,
            now=datetime.now().astimezone(),
        )
        if isinstance(asked, Choose):
            self.chosen = asked.routine
            self._tell(key, sender, obeyed=True)
            return
        if now is None:
            raise Refused(NOBODY)
        if isinstance(asked, MeetingOver):
            ours = self._meeting is not None and self._meeting == now.quiet_until
            self._meeting = None
            if not ours:  # quiet that a person has asked for stays
                self._tell(key, sender, obeyed=True)
                return
            asked = Ask(self._number, Command.REMINDERS_ON)
        if not self._tell_coach(asked):
            raise Refused(NOBODY)
        if isinstance(asked, Somebody):
            self._tell(key, sender, obeyed=True)
        else:
            self._asked[self._number] = key, sender

    def _tell(self, key: str, sender: str, *, obeyed: bool, reason: str = "") -> None:
        told = {"command": key, "id": sender, "obeyed": obeyed, "reason": reason}
        self._answer(json.dumps({name: value for name, value in told.items() if value != ""}))
