"""The door: a Unix socket through which other processes see the moment and ask for something.

Decides who may come in (this user's processes), how many, how much may wait for one that doesn't
read, and which answer belongs to which wish. A thread of its own does it all, so that the pump
never waits: whoever is slow, rude or gone is put out. What is asked for is the coach's to judge;
what isn't for the coach (a code, the past) is answered by the services that the door is given.
"""

import logging
import os
import selectors
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from assistant.coach.effects import Effect, Ignored, MakeCode, Record, Say, Situation
from assistant.coach.events import Asked, Event, Found, Lost, Part, Present, Recalled, Source
from assistant.machine.messages import encode
from assistant.machine.single_instance import open_own_folder
from assistant.outside.door_protocol import (
    INWARD,
    LONGEST_LINE,
    NAME,
    Answer,
    Ask,
    Count,
    Devices,
    Happened,
    Hello,
    Offered,
    Outward,
    Served,
    Somebody,
    Unwell,
    WantCode,
    address_in,
    told,
    without_health,
)

log = logging.getLogger(__name__)

VISITORS = 16
"""At once, at most."""
WAITING_BYTES = 1 << 20
"""What may wait for one visitor; one that lets more gather doesn't read."""
WISHES = 64
"""Of one visitor that wait for their answers; more than these it isn't a person who asks."""

PARTS = {Source.PAGE: Part.PAGE, Source.MQTT: Part.BROKER}
"""What doesn't work when a visitor is unwell."""

S = TypeVar("S")
Services = Mapping[type, Callable[[Any], Served]]
"""What answers a kind of message beside the coach; called on a thread of its own, one at a time."""


class Visitor:
    """Somebody who came in."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.hello: Hello | None = None
        self.received = b""
        self.waiting = bytearray()
        self.told: Situation | None = None
        self.served = 0
        """How many answers of services are still to come."""
        self.wishes: deque[tuple[Asked, int]] = deque()
        """What was asked for and not yet answered, and its number."""


class Door(Generic[S]):
    """Open until it is closed. Its methods return at once and never raise."""

    def __init__(
        self,
        post: Callable[[Event], None],
        situation: Callable[[S], Situation],
        folders: Sequence[Path],
        services: Services | None = None,
        today: Callable[[], Recalled | None] = lambda: None,
    ) -> None:
        """`situation` reads off a coach's state what may be seen of it; `today` counts up what was
        done, where that can be known. `folders` are tried in order until one can hold it. Raises
        OSError when none can."""
        self._post, self._situation, self._today = post, situation, today
        self._services = services or {}
        self._notice: Devices | None = None
        self._served: SimpleQueue[tuple[Visitor | None, Served | None]] = SimpleQueue()
        self._clerk = ThreadPoolExecutor(1, thread_name_prefix="door services")
        self._news: SimpleQueue[tuple[Event | None, Sequence[Effect], S]] = SimpleQueue()
        self._state: S | None = None
        self._visitors: dict[int, Visitor] = {}
        self._selector = selectors.DefaultSelector()
        self._bell, self._ring = socket.socketpair()
        for end in (self._bell, self._ring):
            end.setblocking(False)
        self._folder, self._listening = _listen(folders)
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="door", daemon=True)
        self._thread.start()

    def saw(self, event: Event | None, effects: Sequence[Effect], state: S) -> None:
        """The coach has answered an event (None: it has just begun)."""
        self._news.put((event, effects, state))
        self._ring_bell()

    def notify(self, notice: Devices) -> None:
        """Tell each page that is here, and each that comes later, until there is another notice."""
        self._served.put((None, notice))
        self._ring_bell()

    def _ring_bell(self) -> None:
        with suppress(OSError):  # full: it rings already
            self._ring.send(b"\0")

    def close(self) -> None:
        """Put everybody out and lock up."""
        self._closing = True
        self._ring_bell()
        self._thread.join(1.0)
        self._clerk.shutdown(wait=False, cancel_futures=True)
        with suppress(OSError):
            os.unlink(NAME, dir_fd=self._folder)
        os.close(self._folder)

    # --- the thread ---

    def _serve(self) -> None:
        while not self._closing:
            for key, mask in self._selector.select():
                try:
                    self._tend(key, mask)
                except Exception:
                    log.exception("at the door")
        for visitor in list(self._visitors.values()):
            self._put_out(visitor, "")
        for end in (self._listening, self._bell, self._ring):
            end.close()
        self._selector.close()

    def _tend(self, key: selectors.SelectorKey, mask: int) -> None:
        if key.fileobj is self._listening:
            self._let_in()
        elif key.fileobj is self._bell:
            with suppress(OSError):
                self._bell.recv(4096)
            self._tell_news()
            self._tell_served()
        elif (visitor := self._visitors.get(key.fd)) is not None:
            if mask & selectors.EVENT_READ:
                self._hear(visitor)
            if mask & selectors.EVENT_WRITE:
                self._hand_over(visitor)

    def _let_in(self) -> None:
        try:
            line, _ = self._listening.accept()
        except OSError as error:  # who came is gone again, or we have no descriptor left
            log.info("nobody could be let in (%s)", error)
            return
        line.setblocking(False)
        if len(self._visitors) >= VISITORS or _user_of(line) not in (0, os.getuid()):
            line.close()
            return
        self._visitors[line.fileno()] = Visitor(line)
        self._selector.register(line, selectors.EVENT_READ)

    def _hear(self, visitor: Visitor) -> None:
        try:
            received = visitor.line.recv(LONGEST_LINE)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        *lines, visitor.received = (visitor.received + received).split(b"\n")
        if not received:
            self._put_out(visitor, "")
        elif len(visitor.received) > LONGEST_LINE:
            self._put_out(visitor, "it sent a line that is too long")
        else:
            for line in lines:
                self._understand(visitor, line)

    def _understand(self, visitor: Visitor, line: bytes) -> None:
        if visitor.line.fileno() < 0:
            return  # put out over an earlier line
        try:
            message = INWARD.decode(line.decode())
            if isinstance(message, Hello) == (visitor.hello is not None):
                raise ValueError("one says hello once, and first")
            if isinstance(message, Hello):
                Source(message.source)
        except ValueError as error:
            self._put_out(visitor, f"it said something that isn't known here ({error})")
            return
        match message:
            case Hello():
                visitor.hello = message
                if self._state is not None:
                    self._show(visitor, self._situation(self._state))
                if self._notice is not None and message.source == Source.PAGE:
                    self._tell(visitor, self._notice)
            case Ask():
                self._pass_on(visitor, message)
            case Somebody(here):
                self._post(Present(here))
            case Offered() if visitor.hello and visitor.hello.source == Source.MQTT:
                self._post(message)  # no page: what it hands out would be said aloud
            case Count():
                self._count(visitor)
            case Unwell(reason):
                self._note_health(visitor, reason)
            case _:
                self._serve_beside(visitor, message)

    def _note_health(self, visitor: Visitor, reason: str) -> None:
        assert visitor.hello is not None
        if (part := PARTS.get(Source(visitor.hello.source))) is not None:
            self._post(Lost(part, reason) if reason else Found(part))

    def _serve_beside(self, visitor: Visitor, message: Any) -> None:
        service = self._services.get(type(message))
        assert visitor.hello is not None
        if service is None or visitor.hello.source == Source.MQTT:
            self._put_out(visitor, "it asked for what isn't done here")
        elif visitor.served < WISHES:  # else it waits in vain: put out, all its screens would be
            visitor.served += 1
            self._clerk.submit(self._answer_beside, visitor, service, message)

    def _answer_beside(self, visitor: Visitor, service: Callable[[Any], Served], ask: Any) -> None:
        answer = None
        try:
            answer = service(ask)
        except Exception:
            log.exception("%s can't be answered", type(ask).__name__)
        self._served.put((visitor, answer))
        self._ring_bell()

    def _tell_served(self) -> None:
        while True:
            try:
                visitor, served = self._served.get_nowait()
            except Empty:
                return
            if visitor is not None:
                visitor.served -= 1
                if visitor.line.fileno() >= 0 and served is not None:
                    self._tell(visitor, served)
            elif isinstance(served, Devices):
                self._notice = served
                for one in list(self._visitors.values()):
                    if one.hello is not None and one.hello.source == Source.PAGE:
                        self._tell(one, served)

    def _pass_on(self, visitor: Visitor, ask: Ask) -> None:
        assert visitor.hello is not None
        if len(visitor.wishes) >= WISHES:
            self._tell(visitor, Answer(ask.number, False, reason="too many wishes at once"))
            return
        asked = Asked(
            ask.command,
            Source(visitor.hello.source),
            routine=ask.routine,
            seconds=ask.seconds,
            until_s=ask.until_s,
            value=ask.value,
            whole_day=ask.whole_day,
            person=ask.person,
        )
        visitor.wishes.append((asked, ask.number))
        self._post(asked)

    def _count(self, visitor: Visitor) -> None:
        counted = self._today()
        if counted is not None and visitor.hello is not None:
            self._tell(visitor, counted if visitor.hello.health else without_health(counted))

    def _tell_news(self) -> None:
        while True:
            try:
                event, effects, self._state = self._news.get_nowait()
            except Empty:
                break
            for visitor in list(self._visitors.values()):
                self._answer(visitor, event, effects, self._state)
                for effect in effects:
                    if isinstance(effect, Record):
                        self._tell_record(visitor, effect, self._state)
            if (make := self._services.get(WantCode)) and MakeCode() in effects:
                self._clerk.submit(make, WantCode(0))
        if self._state is not None and self._visitors:
            situation = self._situation(self._state)
            for visitor in list(self._visitors.values()):
                self._show(visitor, situation)

    def _answer(
        self, visitor: Visitor, event: Event | None, effects: Sequence[Effect], state: S
    ) -> None:
        """What has come of a wish is seen before it is answered."""
        for wish in visitor.wishes:
            if wish[0] is event:
                visitor.wishes.remove(wish)
                self._show(visitor, self._situation(state))
                reasons = [effect.reason for effect in effects if isinstance(effect, Ignored)]
                said = tuple(effect.text for effect in effects if isinstance(effect, Say))
                self._tell(visitor, Answer(wish[1], not reasons, said, "; ".join(reasons)))
                return

    def _tell_record(self, visitor: Visitor, record: Record, state: S) -> None:
        if visitor.hello is None:
            return
        desks = self._situation(state).desks
        if (row := told(record, health=visitor.hello.health, desks=desks)) is not None:
            self._tell(visitor, Happened(row))

    def _show(self, visitor: Visitor, situation: Situation) -> None:
        if visitor.hello is not None and situation != visitor.told:
            visitor.told = situation
            self._tell(visitor, situation)

    def _tell(self, visitor: Visitor, message: Outward) -> None:
        visitor.waiting += f"{encode(message)}\n".encode()
        if len(visitor.waiting) > WAITING_BYTES:
            self._put_out(visitor, "it doesn't read")
        else:
            self._hand_over(visitor)

    def _hand_over(self, visitor: Visitor) -> None:
        if visitor.line.fileno() < 0:
            return
        with suppress(BlockingIOError):
            try:
                while visitor.waiting:
                    del visitor.waiting[: visitor.line.send(visitor.waiting)]
            except OSError as error:
                if isinstance(error, BlockingIOError):
                    raise
                self._put_out(visitor, "")
                return
        both = selectors.EVENT_READ | selectors.EVENT_WRITE
        self._selector.modify(visitor.line, both if visitor.waiting else selectors.EVENT_READ)

    def _put_out(self, visitor: Visitor, why: str) -> None:
        if visitor.line.fileno() < 0:
            return
        if why:
            who = visitor.hello.who if visitor.hello else "somebody"
            log.warning("%s was put out: %s", who, why)
        self._selector.unregister(visitor.line)
        del self._visitors[visitor.line.fileno()]
        visitor.line.close()


def _listen(folders: Sequence[Path]) -> tuple[int, socket.socket]:
    """The open folder, and the socket in it that takes visitors."""
    *others, last = folders
    for folder in others:
        with suppress(OSError):
            return _listen_in(folder)
    return _listen_in(last)


def _listen_in(folder: Path) -> tuple[int, socket.socket]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = open_own_folder(folder)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        with suppress(FileNotFoundError):  # of one that was killed; two never run at once
            os.unlink(NAME, dir_fd=place)
        listening.bind(address_in(place))
        os.chmod(NAME, 0o600, dir_fd=place)
        listening.listen(VISITORS)
        listening.setblocking(False)
    except OSError:
        listening.close()
        os.close(place)
        raise
    return place, listening


def _user_of(line: socket.socket) -> int:
    """The user whose process is at the other end."""
    size = struct.calcsize("3i")
    _, user, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return int(user)
