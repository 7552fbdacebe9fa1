"""What the door and the child that listens tell each other.

Effects and events are what they are in the coach; only what neither is stands here.
"""

from dataclasses import dataclass

from assistant.coach.ear_and_voice import (
    Chime,
    Command,
    Context,
    Found,
    Listen,
    Lost,
    Perhaps,
    SetEar,
    Talking,
)
from assistant.hearing.situations import Sayable
from assistant.hearing.taught import Taught
from assistant.sound.pcm import Level

MIXED = -1
"""For the channel: all of them, as one."""


@dataclass(frozen=True, slots=True)
class Begin:
    """The first message to a new child."""

    model: str
    """The folder of the speech model."""
    sayable: Sayable
    microphones: tuple[str, ...] = ()
    """Names, or parts of them, best first; none: whatever suits best."""
    channel: int = MIXED
    """Of a microphone that has several."""
    gain_db: float = 0.0
    context: Context = Context.IDLE
    listening: bool = True
    """False: the microphone stays closed until `SetEar` says otherwise."""
    played: str = ""
    """Where the voice writes what sounds (`sound.loopback`); empty for nowhere."""
    taught: tuple[Taught, ...] = ()
    """How whoever is there says some of the phrases."""
    meter: bool = False
    """Tell the level of each block, and all that was said, taken or not."""


@dataclass(frozen=True, slots=True)
class Saying:
    """The assistant says this: what is heard of it is its own."""

    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Teach:
    """Whoever is there says some of the phrases so, from now on."""

    taught: tuple[Taught, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded."""

    seconds: float
    unknown: tuple[str, ...]
    """Words of the phrases that it lacks."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The microphone's first sound has come."""

    name: str
    rate_hz: int
    also: tuple[str, ...] = ()
    """What else the configured name fits."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The microphone's device was let go, as `SetEar` wanted."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A command was said and accepted."""

    text: str
    context: Context
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Something was said that isn't taken for a command."""

    context: Context
    reason: str
    unclear: bool
    """It was for the assistant, so it is worth an answer."""


@dataclass(frozen=True, slots=True)
class Said:
    """All that a person who looks into an utterance may want to know."""

    text: str
    confidence: float
    accepted: bool
    command: Command | None
    reason: str
    ended: str


TO_CHILD = (Begin, Listen, SetEar, Chime, Saying, Teach)
FROM_CHILD = (
    *(Ready, Opened, Closed, Heard, Refused, Talking, Perhaps, Lost, Found),
    *(Level, Said),
)
