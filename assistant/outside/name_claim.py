"""Two coaches with one name: which of them keeps it.

Decides by what they tell each other at the broker: whoever has had the name stays, and of two that
come at the same moment the one whose token sorts first. Pure; what is sent and when is `mqtt`'s.
"""

import json
from dataclasses import dataclass
from enum import Enum, auto

CLAIM_S = 0.7
"""So long after its claim a newcomer waits for somebody who objects."""


class Verdict(Enum):
    """What a claim that was heard means for us."""

    OURS = auto()
    """It came from ourselves, or says nothing."""
    OBJECT = auto()
    """Another one wants our name: say again that it is ours."""
    YIELD = auto()
    """Another one has it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Ours, as it stands."""

    token: str
    """Of this process; no other has it."""
    held: bool = False
    """Whether nobody objected, so that others have to yield."""

    def payload(self) -> bytes:
        return json.dumps({"token": self.token, "held": self.held}).encode()

    def judge(self, payload: bytes) -> Verdict:
        """What it means that this was heard."""
        try:
            told = json.loads(payload)
            token, held = str(told["token"]), told["held"] is True
        except (ValueError, TypeError, KeyError, RecursionError):
            return Verdict.OURS
        if token == self.token:
            return Verdict.OURS
        if self.held != held:
            return Verdict.OBJECT if self.held else Verdict.YIELD
        return Verdict.OBJECT if self.token < token else Verdict.YIELD
