"""Where messages of an office lie at its broker, and what stands in them.

Decides the topics, all of them retained, and the kinds of message. Who may read and write which is
in `rights`; what is done about a message, in `member` (a desk) and `wallboard` (the office).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.machine.messages import Protocol
from assistant.office.sums import Figures, Group, Share

ROOT = "assistant-office"
DESKS = f"{ROOT}/desk/+/+"
"""What desks tell, for whoever listens to all of them."""
OUT = f"{ROOT}/out/#"
"""What the office hands out."""
GREATEST = 48 * 1024
"""Bytes of a message at most; far more than a few routines need."""
HERE, GONE = b"here", b"gone"

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?", re.ASCII)


def is_name(text: object) -> bool:
    """Whether a desk or a team may be called so: it becomes a part of topics and of files."""
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class About:
    """What a desk tells of itself."""

    key: str
    """Its public key for sums; empty: it takes part in none."""
    name: str = ""
    """What its person wants to be called on the board; empty: nothing."""


@dataclass(frozen=True, slots=True)
class Has:
    """Which version of what is handed out lies at a desk; whether it is led is not told."""

    versions: Mapping[str, int]
    """By audience."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a desk says about the last weeks, masked."""

    weeks: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What the office hands out to an audience, all of it each time. Signed."""

    audience: str
    """A team; empty: all desks."""
    version: int
    """Greater each time: an older one is refused."""
    routines: Mapping[str, str]
    """By the file's name without its end, what stands in it."""
    exercises: Mapping[str, str]
    suggestion: str = ""
    """Keys of a configuration, as they are written in its file."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """With whom a desk is summed. Signed."""

    desk: str
    version: int
    group: Group | None
    """None: with nobody for now."""


MESSAGES = Protocol(About, Has, Told, HandedOut, Assigned, Share, Group, Figures)


def understood(kind: type, text: str | bytes) -> Any:
    """A message of this kind. Raises ValueError for anything else."""
    message = MESSAGES.decode(text if isinstance(text, str) else text.decode())
    if not isinstance(message, kind):
        raise ValueError(f"expected {kind.__name__}, found {type(message).__name__}")
    return message


def of_desk(desk: str, what: str) -> str:
    """`what`: about, here, has or sums."""
    return f"{ROOT}/desk/{desk}/{what}"


def handed_to(audience: str) -> str:
    return f"{ROOT}/out/team/{audience}" if audience else f"{ROOT}/out/all"


def group_of(desk: str) -> str:
    return f"{ROOT}/group/{desk}"
