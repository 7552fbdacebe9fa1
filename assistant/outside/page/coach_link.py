"""The page's side of the door: the moment as it is now, and what became of what was asked for.

Decides that a door that isn't there is tried again, and that nothing of an earlier moment is shown
meanwhile. What is shown and asked for is for others; all of it runs in one event loop.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from assistant.coach.effects import Situation
from assistant.coach.events import Source
from assistant.errors import AssistantError
from assistant.outside.door_protocol import (
    OUTWARD,
    Answer,
    Device,
    Devices,
    Hello,
    Kept,
    LetIn,
    NewCode,
    Past,
    Unwell,
    Visit,
)

log = logging.getLogger(__name__)

AGAIN_S = 0.3
"""Between two tries at the door."""
PATIENCE_S = 5.0
"""So long an answer is waited for."""
LONGEST_LINE = 4 << 20
"""Bytes; the past of a year has a tenth of it."""

Reply = TypeVar("Reply", Answer, NewCode, LetIn, Devices, Past, Kept)


class Away(Exception):
    """The coach isn't there, or doesn't answer."""


class CoachLink:
    """What the coach told last; `None` while it isn't there."""

    def __init__(self) -> None:
        self.situation: Situation | None = None
        self.devices = Devices(0, ())
        self.version = 0
        """Goes up with everything new."""
        self.unwell = ""
        """What doesn't work here, to be told to whoever comes to the door."""
        self._news = asyncio.Event()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._visit: Visit | None = None

    async def keep(self) -> None:
        """Stand at the door for as long as this runs."""
        while True:
            with suppress(AssistantError, OSError, ValueError):
                await self._stay()
            await asyncio.sleep(AGAIN_S)

    async def _stay(self) -> None:
        visit = Visit(Hello("the page", Source.PAGE, health=True))
        try:
            reader, writer = await asyncio.open_connection(sock=visit.socket, limit=LONGEST_LINE)
        except BaseException:
            visit.close()
            raise
        self._visit = visit
        try:
            if self.unwell:
                self.tell(Unwell(self.unwell))
            while line := await reader.readline():
                self._take(OUTWARD.decode(line.decode()))
        finally:
            self._visit, self.situation = None, None
            for future in self._waiting.values():
                future.cancel()
            self._changed()
            writer.close()

    def _take(self, message: Any) -> None:
        match message:
            case Situation():
                self.situation = message
                self._changed()
            case Devices(number=0):
                self.devices = message
                self._changed()
            case Answer() | NewCode() | LetIn() | Devices() | Past() | Kept():
                future = self._waiting.get(message.number)
                if future is not None and not future.done():
                    future.set_result(message)

    def _changed(self) -> None:
        self.version += 1
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def changed(self, seen: int, within_s: float) -> None:
        """Wait for something newer than `seen`, a version, but no longer than this."""
        if self.version == seen:
            with suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self._news.wait()

    def device(self, token_hash: str) -> Device | None:
        """Who was let in with this; None: nobody."""
        found = (one for one in self.devices.devices if one.token_hash == token_hash)
        return next(found, None)

    async def ask(self, kind: type[Reply], wish: Callable[[int], Any]) -> Reply:
        """Ask for something; `wish` gets the number that it has. Raises Away."""
        number = next(self._numbers)
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            self.tell(wish(number))
            async with asyncio.timeout(PATIENCE_S):
                return await future
        except (OSError, TimeoutError, asyncio.CancelledError) as error:
            if isinstance(error, asyncio.CancelledError) and not future.cancelled():
                raise  # it is us who are to end
            raise Away from None
        finally:
            del self._waiting[number]

    def report(self, reason: str) -> None:
        """What doesn't work here (empty: it works), to whoever is there now or comes later."""
        before, self.unwell = self.unwell, reason
        if before != reason and self._visit is not None:
            self.tell(Unwell(reason))

    def tell(self, message: Any) -> None:
        """Raises OSError when nobody is there."""
        if self._visit is None:
            raise ConnectionError
        self._visit.send(message)
