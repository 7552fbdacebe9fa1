"""HTTP for a few screens at home: bytes in, requests out; answers in, bytes out.

Decides what a connection may cost, whoever is at its other end: how long it may take, how large it
may be, how many there may be, and which gives way. What a request means, and who may ask it, is for
whoever answers. The only file that knows h11, which reads and writes the protocol; asyncio carries
the bytes.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

import h11

log = logging.getLogger(__name__)

HEAD_BYTES = 8192
"""The longest request line with all its headers; a browser's own have about a thousand."""
BODY_BYTES = 4096
"""The longest form."""
REQUEST_S = 8.0
"""So long a whole request may take, from its connection or its first byte on."""
IDLE_S = 15.0
"""So long a connection may rest between two requests."""
SEND_S = 6.0
"""So long a reader may take for what it asked for."""
CONNECTIONS = 160
EACH = 24
"""Connections of one device, and of one address's strangers: past that, and past all that there may
be, the oldest one of whoever has most ends, so that whoever holds them open keeps nobody out."""
BUFFER_BYTES = 16384
"""What may wait in a connection before its sender is made to wait."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, as far as HTTP goes; nothing in it is to be believed."""

    method: str
    path: str
    """Without the query, percent signs decoded."""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """By names in lower case."""
    body: bytes = b""
    here: str = ""
    """The address of ours that it came to."""
    there: str = ""
    """The address that it came from."""

    def form(self) -> dict[str, str]:
        """The fields of a form; the first of each name."""
        return _fields(self.body.decode("latin-1"))


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Sequence[tuple[str, str]] = ()
    stream: AsyncIterator[bytes] | None = None
    """Instead of a body: pieces as they come, until they end or nobody reads them."""
    who: str = ""
    """Which device it was for; empty: somebody who hasn't shown that they were let in."""


Handle = Callable[[Request], Awaitable[Answer]]


@dataclass(eq=False, slots=True)
class _Link:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    http: h11.Connection
    who: str = ""
    """The device; its address, as long as it hasn't shown which it is."""

    def address(self, end: str) -> str:
        found = self.writer.get_extra_info(end)
        return str(found[0]) if isinstance(found, tuple) else ""


class _Refused(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


class WebServer:
    """Serves until it is closed. `handle` answers a request; what it raises is logged, and told as
    a 500 without a reason. `may_come(here, there)` decides by the two addresses of a connection
    whether a word is said at all."""

    def __init__(self, handle: Handle, may_come: Callable[[str, str], bool]) -> None:
        self._handle, self._may_come = handle, may_come
        self._links: dict[_Link, None] = {}
        self._servers: list[asyncio.Server] = []

    async def listen(self, address: str, port: int) -> int:
        """Listen there and return the port. Raises OSError when it can't."""
        server = await asyncio.start_server(
            self._connected, address, port, limit=BUFFER_BYTES, backlog=EACH
        )
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    def close(self) -> None:
        for server in self._servers:
            server.close()
        for link in list(self._links):
            link.writer.transport.abort()

    # --- a connection -----------------------------------------------------------

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
        link = _Link(reader, writer, http)
        link.who = link.address("peername")
        writer.transport.set_write_buffer_limits(BUFFER_BYTES)
        self._links[link] = None
        try:
            if self._may_come(link.address("sockname"), link.address("peername")):
                self._make_room()
                patience_s = REQUEST_S
                while link in self._links and await self._once(link, patience_s):
                    http.start_next_cycle()
                    patience_s = IDLE_S
        except (OSError, TimeoutError):
            pass  # it went away, or is too slow to be waited for
        except h11.LocalProtocolError as error:
            log.info("an answer came to no end: %s", error)
        finally:
            self._links.pop(link, None)
            with suppress(OSError, TimeoutError):
                writer.close()
                async with asyncio.timeout(SEND_S):
                    await writer.wait_closed()
            writer.transport.abort()

    def _make_room(self) -> None:
        while True:
            [(who, most)] = Counter(link.who for link in self._links).most_common(1)
            if most <= EACH and len(self._links) <= CONNECTIONS:
                return
            link = next(link for link in self._links if link.who == who)
            self._links.pop(link)
            link.writer.transport.abort()

    async def _once(self, link: _Link, patience_s: float) -> bool:
        """Answer one request; whether another one may follow."""
        try:
            async with asyncio.timeout(patience_s):
                request = await self._read(link)
        except (h11.RemoteProtocolError, _Refused) as error:
            status = (
                error.status if isinstance(error, _Refused) else (error.error_status_hint or 400)
            )
            await self._write(link, "", _plain(status))
            await _listen_out(link)
            return False
        if request is None:
            return False
        try:
            answer = await self._handle(request)
        except Exception:
            log.exception("%s can't be answered", request.path[:80])
            answer = _plain(500)
        if answer.who and answer.who != link.who and link in self._links:
            link.who = answer.who
            self._make_room()
        await self._write(link, request.method, answer)
        return link.http.our_state is h11.DONE and link.http.their_state is h11.DONE

    async def _read(self, link: _Link) -> Request | None:
        """The next request; None when the other end has nothing more to say."""
        head: h11.Request | None = None
        body = b""
        while True:
            event = link.http.next_event()
            if event is h11.NEED_DATA:
                link.http.receive_data(await link.reader.read(BUFFER_BYTES))
            elif isinstance(event, h11.Request):
                head = event
                if b"transfer-encoding" in dict(event.headers):
                    raise _Refused(411)  # no browser sends a form in pieces
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > BODY_BYTES:
                    raise _Refused(413)
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return _request(link, head, body)
            else:
                return None

    async def _write(self, link: _Link, method: str, answer: Answer) -> None:
        if link.http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        headers = list(answer.headers)
        if answer.stream is None:
            headers.append(("Content-Length", str(len(answer.body))))
        await self._send(link, h11.Response(status_code=answer.status, headers=headers))
        if answer.stream is None:
            if answer.body and method != "HEAD":
                await self._send(link, h11.Data(data=answer.body))
            await self._send(link, h11.EndOfMessage())
            return
        try:
            async for piece in answer.stream:
                await self._send(link, h11.Data(data=piece))
            await self._send(link, h11.EndOfMessage())
        finally:
            if (end := getattr(answer.stream, "aclose", None)) is not None:
                await end()

    async def _send(self, link: _Link, event: h11.Event) -> None:
        if link.writer.is_closing():
            raise ConnectionResetError
        link.writer.write(link.http.send(event) or b"")
        async with asyncio.timeout(SEND_S):
            await link.writer.drain()


async def _listen_out(link: _Link) -> None:
    """Take what still comes for a moment: closed at once, the answer would be lost with it."""
    left = 16 * BUFFER_BYTES
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(0.5):
            while left > 0 and (data := await link.reader.read(BUFFER_BYTES)):
                left -= len(data)


def _plain(status: int) -> Answer:
    """An answer that says nothing but its number."""
    return Answer(status, headers=[("Connection", "close"), ("Cache-Control", "no-store")])


def _request(link: _Link, head: h11.Request, body: bytes) -> Request:
    try:
        target = urlsplit(head.target.decode("ascii"))
        path = unquote(target.path, errors="strict")
    except ValueError:
        raise _Refused(400) from None
    if target.scheme or target.netloc or not path.startswith("/") or not path.isprintable():
        raise _Refused(400)
    return Request(
        method=head.method.decode("ascii"),
        path=path,
        query=_fields(target.query),
        headers={
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in head.headers
        },
        body=body,
        here=link.address("sockname"),
        there=link.address("peername"),
    )


def _fields(text: str) -> dict[str, str]:
    try:
        found = parse_qs(text, keep_blank_values=True, max_num_fields=20, errors="replace")
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}
