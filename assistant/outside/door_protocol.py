"""What goes through the door, one JSON line each: the moment out, wishes in.

Decides the messages, where the door is, and what of a person's health stays inside unless a
visitor was let in for it. Who may visit is the door's (`unix_door`), what is asked for is the
coach's.
"""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from assistant.coach.effects import Record, Situation
from assistant.coach.events import Command, Recalled
from assistant.coach.events import Offered as Offered
from assistant.errors import AssistantError, ExitCode
from assistant.machine import places
from assistant.machine.messages import Protocol, encode
from assistant.machine.single_instance import open_own_folder

NAME = "door.socket"
LONGEST_LINE = 64 * 1024
"""Bytes. What is longer is nobody's who knows the house."""
DESK = frozenset(
    {
        *("break_due", "break_taken", "break_snoozed", "break_skipped", "break_unanswered"),
        *("quiet", "absence", "timer", "fault"),
    }
)
"""The kinds of `Record` that are of the desk; all others are of who is there."""
DISCREET = DESK | {"session_start", "session_end", "exercise", "command"}
"""The kinds that tell nothing of a person's health; a new one does until it stands here."""
ANSWERS = frozenset(
    {"yes", "no", "number", "compared", "hurts", "back_hurts", "dizzy", "screening"},
)
"""The commands that tell of it."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message of whoever comes in."""

    who: str
    """ "page", "mqtt": for the log."""
    source: str
    """The `Source` of all that is asked for."""
    health: bool = False
    """Whether what is told of a person's health may be heard, too."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody asks for something; the fields as in `Asked`."""

    number: int
    """Of the visitor's own; comes back in `Answer`."""
    command: Command
    routine: str | None = None
    seconds: float | None = None
    until_s: float | None = None
    value: int | None = None
    whole_day: bool = False
    person: str = ""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A sensor elsewhere in the house sees somebody at this desk, or nobody any more."""

    here: bool


@dataclass(frozen=True, slots=True)
class Count:
    """Count up what was done today; answered by `Recalled` where there is a journal."""


@dataclass(frozen=True, slots=True)
class Unwell:
    """The visitor can't do its work, and only a person can mend that; empty: it can again."""

    reason: str
    """In plain words to be said aloud, without a full stop."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an `Ask`."""

    number: int
    obeyed: bool
    said: tuple[str, ...] = ()
    """What the assistant said to it."""
    reason: str = ""
    """Why nothing was done, for the log."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something was worth a row in the journal."""

    record: Record


# --- beside the coach: who may look in, and what was written down --------------------------------


@dataclass(frozen=True, slots=True)
class WantCode:
    """Make a code with which a device is let in, and show it."""

    number: int
    watch_only: bool = False


@dataclass(frozen=True, slots=True)
class NewCode:
    """What became of a `WantCode`."""

    number: int
    code: str
    """Six digits."""
    lasts_s: float


@dataclass(frozen=True, slots=True)
class Knock:
    """A device gives a code and wants to be let in."""

    number: int
    code: str
    """As it was typed."""
    device: str
    """What a person would call it: "Firefox on Android"."""
    address: str
    """Where it is in the network: its tries are counted by it."""


@dataclass(frozen=True, slots=True)
class LetIn:
    """What became of a `Knock`."""

    number: int
    token: str
    """The device's own secret from now on; empty: it stays outside."""
    reason: str = ""
    """Why it does, as a sentence."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device that was let in."""

    name: str
    """What a person would call it."""
    token_hash: str
    """SHA-256 of its secret, as hexadecimal digits."""
    since: str
    """The day on which it was let in: "2026-11-30"."""
    watch_only: bool = False


@dataclass(frozen=True, slots=True)
class PutOut:
    """Let a device in no longer."""

    number: int
    token_hash: str
    """Of the device; empty: all of them."""


@dataclass(frozen=True, slots=True)
class WantDevices:
    """Which devices are let in?"""

    number: int


@dataclass(frozen=True, slots=True)
class Devices:
    """All devices that are let in; the page is told whenever that changes."""

    number: int
    """Of what was asked; 0 when nobody asked."""
    devices: tuple[Device, ...]
    code: str = ""
    """The code that is good now; empty: none is."""
    code_until: float = 0.0
    """Until when it is, monotonic."""
    reason: str = ""
    """What went wrong with what was asked, without a full stop; empty: nothing did."""


@dataclass(frozen=True, slots=True)
class WantHistory:
    """What was done in the last days?"""

    number: int
    days: int


@dataclass(frozen=True, slots=True)
class Past:
    """What was done, to be read in a browser."""

    number: int
    html: str
    """Headings, drawings and tables, for the middle of a page; empty: it can't be read."""
    style: str
    """The style sheet of these."""
    reason: str = ""
    """Why it can't be read, as a sentence."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Write a setting into the configuration, where it is found at the next start."""

    number: int
    key: str
    """Table and key: "voice.volume"."""
    value: str
    """As a person writes it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a `Keep`."""

    number: int
    reason: str = ""
    """Why it isn't kept, as a sentence; empty: it is."""
    usable: bool = True
    """Whether the value is one that the setting can have, kept or not."""


Service = WantCode | Knock | PutOut | WantDevices | WantHistory | Keep
"""What is answered beside the coach."""
Served = NewCode | LetIn | Devices | Past | Kept
Inward = Hello | Ask | Somebody | Count | Unwell | Offered | Service
Outward = Situation | Answer | Happened | Recalled | Served
INWARD = Protocol(*get_args(Inward))
OUTWARD = Protocol(*get_args(Outward))


def without_health(counted: Recalled) -> Recalled:
    """The same sums without a word of pain."""
    return replace(counted, pain_before=None, pain_after=None)


def told(record: Record, *, health: bool, desks: bool) -> Record | None:
    """What a visitor is told of a row; None: nothing. `health`: it may hear of that, too; `desks`:
    it is of whose desk it is. What others do at it, and who they are, stays in the room."""
    if record.kind == "person" or (record.kind not in DESK and not desks):
        return None
    return record if health else discreet(record)


def discreet(record: Record) -> Record | None:
    """What may be told of a row to whoever isn't to hear of a person's health; None: nothing.
    That something hurt is not told, only that it was stopped."""
    if record.kind not in DISCREET or (record.kind == "command" and record.name in ANSWERS):
        return None
    return replace(record, detail="stopped") if record.detail == "hurt" else record


def address_in(folder: int) -> str:
    """The socket's address in a folder that is open: the kernel takes 107 bytes and no more, and
    a folder's path may be longer."""
    return f"/proc/self/fd/{folder}/{NAME}"


class Visit:
    """A visitor's side of the door. Blocking; one thread may send while another receives."""

    def __init__(self, hello: Hello, folders: Sequence[Path] | None = None) -> None:
        """Go in. Raises AssistantError (code 7) where no assistant runs whose door is open."""
        for folder in places.runtime_folders() if folders is None else folders:
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
            try:
                place = open_own_folder(folder)
                try:
                    self.socket.connect(address_in(place))
                finally:
                    os.close(place)
                with suppress(OSError):  # put out at once: nothing comes out, then
                    self.send(hello)
                return
            except OSError:
                self.socket.close()
        raise AssistantError(
            "no assistant runs here that tells others what goes on; start it with "
            "`assistant run`, with [page] or [mqtt] switched on in its configuration",
            code=ExitCode.FILE_ACCESS,
        )

    def send(self, message: Inward) -> None:
        """Hand over a message. Raises OSError when the house has closed its door."""
        self.socket.sendall(f"{encode(message)}\n".encode())

    def messages(self) -> Iterator[Outward]:
        """What comes out, until the door is closed. The newest situation comes first, at once."""
        with suppress(OSError), self.socket.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                yield OUTWARD.decode(line)

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes who is receiving
        self.socket.close()
