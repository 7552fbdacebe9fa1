"""What the door and the child that speaks tell each other.

Effects and events are what they are in the coach; only what neither is stands here.
"""

from dataclasses import dataclass

from assistant.coach.ear_and_voice import (
    Chime,
    Duck,
    Found,
    Hush,
    Lost,
    Prepare,
    Say,
    SetVoice,
    Spoken,
)


@dataclass(frozen=True, slots=True)
class Begin:
    """The first message to a new child."""

    voice: str
    rate_wpm: int
    volume: float
    """0 to 1."""
    loudspeakers: tuple[str, ...]
    """Names, or parts of them, best first; none: whatever suits best."""
    played: str
    """Where the ear reads what sounds (`sound.loopback`); empty for nowhere."""
    lowered: str = ""
    """Where what is turned down meanwhile is noted; empty: no other sound is touched."""


Order = Say | Hush | Duck | Prepare | Chime | SetVoice


@dataclass(frozen=True, slots=True)
class Ordered:
    """An effect, and the monotonic time at which it was ordered: Linux has one such clock for all
    processes."""

    at: float
    order: Order


@dataclass(frozen=True, slots=True)
class Again:
    """The child ends by itself: only a fresh process sees the devices that are there now."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The loudspeaker is open."""

    name: str
    also: tuple[str, ...]
    """What else the configured name fits."""


TO_CHILD = (Begin, Ordered)
FROM_CHILD = (Spoken, Lost, Found, Again, Chosen)
