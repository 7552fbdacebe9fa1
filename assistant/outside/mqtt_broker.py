"""One connection to an MQTT broker: made, kept, and made again. The one file that knows paho.

Decides when to try again, what is told of a broker that can't be had, and that nothing is kept for
it meanwhile: what is published without a connection is gone, and whoever hears `Connected` tells
all anew. What the messages mean is for its owner, to whom everything comes as facts in one inbox.

MQTT 5, a clean session each time: a broker that kept commands for us would hand them over late.
All of it happens on one thread, since paho, when two threads write, may mix their bytes.
"""

import logging
import random
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.outside.broker_access import (
    BEHIND,
    BROKEN,
    Access,
    Trouble,
    hung_up,
    password,
    refusal,
    silent,
    tls_context,
    trouble_of,
)

if TYPE_CHECKING:
    from paho.mqtt.client import Client

_log = logging.getLogger(__name__)

READ = selectors.EVENT_READ
KEEPALIVE_S = 15
"""A connection that died without a word is noticed after twice this, by the broker after 1.5 of it.
"""
LOOK_S = 2.0
"""Between two looks at a quiet connection; a message may have waited for so long at most."""
CONNECT_S = 5.0
"""How long a broker may take to answer at all."""
BACKOFF_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Before each new try, of which chance takes up to half away, so that many don't come at once."""
BEHIND_S = 10.0
"""Who hasn't caught up with what comes for so long, because it is too much or because the machine
slept, begins anew: a broker may keep any number of messages for us, and they would all be late."""
GREATEST = 64 * 1024
"""Bytes of a message; the broker keeps greater ones from us."""
WAITING = 1000
"""So many messages may wait to be sent; what comes then is dropped, and the connection made anew.
"""


@dataclass(frozen=True, slots=True)
class Message:
    """To be published."""

    topic: str
    payload: bytes
    retain: bool = False
    sure: bool = False
    """QoS 1: the broker answers, so that its refusal is heard of (`Denied`)."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker takes and sends messages; it knows nothing of us but what is told now."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """There is no connection, or no more; told at each try."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Heard:
    """A message came."""

    topic: str
    payload: bytes
    retained: bool
    """It was kept by the broker: nobody knows since when."""
    not_before: float
    """The earliest time, on `uptime`, at which it can have reached this machine."""


@dataclass(frozen=True, slots=True)
class Denied:
    """The broker took a message, and threw it away: we lack the right to its topic."""

    topic: str


Fact = Connected | Disconnected | Heard | Denied


def uptime() -> float:
    """Seconds; goes on while the machine is suspended."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Connection:
    """Keep one connection. Its methods return at once and never raise, but for `close`."""

    def __init__(
        self,
        access: Access,
        client_id: str,
        post: Callable[[Fact], None],
        *,
        will: Message | None = None,
        filters: Sequence[str] = (),
        backoff_s: Sequence[float] = BACKOFF_S,
    ) -> None:
        """`client_id`: another connection with the same one ends this one. `post` gets every fact,
        on a thread of the connection's. `will` is what the broker publishes when we vanish.
        `filters`: what is listened to; no two of them may cover the same topic."""
        self._access, self._client_id, self._post = access, client_id, post
        self._will, self._filters, self._backoff_s = will, tuple(filters), backoff_s
        self._closing = threading.Event()
        self._outbox: deque[Message] = deque(maxlen=WAITING)
        self._up = False
        self._choked = False
        """The broker reads too slowly; after a new beginning everything is told anew."""
        self._empty_at = uptime()
        """When there was last nothing to read."""
        self._trouble: Trouble | None = None
        self._awaited: dict[int, str] = {}
        """The topics of messages that the broker has still to answer, by their number."""
        self._wake, self._woken = socket.socketpair()
        for end in (self._wake, self._woken):
            end.setblocking(False)
        self._thread = threading.Thread(target=self._keep, name="broker", daemon=True)

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether anybody still looks after the connection."""
        return self._thread.is_alive()

    def publish(self, message: Message) -> bool:
        """Send a message soon; False when there is no connection, and the message is dropped."""
        if not self._up:
            return False
        if len(self._outbox) == WAITING:
            self._choked = True
        self._outbox.append(message)
        with suppress(BlockingIOError):
            self._wake.send(b".")
        return True

    def close(self, last: Message | None = None, timeout_s: float = 1.0) -> None:
        """End the connection within `timeout_s`, so that no will is published; `last` goes first,
        and the broker's word is waited for where it is to be sure."""
        if last is not None:
            self.publish(last)
        self._closing.set()
        with suppress(BlockingIOError):
            self._wake.send(b".")
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    # --- on the connection's own thread -----------------------------------------------------------

    def _keep(self) -> None:
        failures = 0
        while not self._closing.is_set():
            try:
                self._run_once()
            except Exception as error:  # whatever the library raises ends this connection alone
                _log.debug("the connection failed", exc_info=True)
                self._trouble = trouble_of(error, self._access)
            was_up, self._up = self._up, False
            self._outbox.clear()
            if self._closing.is_set():
                return
            failures = 0 if was_up else failures + 1
            trouble = self._trouble or (BROKEN if was_up else hung_up(self._access))
            self._tell(Disconnected(trouble))
            patience_s = trouble.patience_s
            if patience_s is None:
                patience_s = self._backoff_s[min(failures, len(self._backoff_s) - 1)]
            self._closing.wait(patience_s * random.uniform(0.5, 1.0))  # noqa: S311 - no secret

    def _run_once(self) -> None:
        """Connect, and serve until the end."""
        self._trouble, self._choked = None, False
        self._awaited.clear()
        client = self._client()
        with selectors.DefaultSelector() as ready:
            ready.register(self._woken, READ)
            self._connect(client)
            answer_until = uptime() + CONNECT_S
            while (end := client.socket()) is not None and not self._choked:
                self._turn(client, end, ready)
                if not self._up and uptime() > answer_until:
                    self._blame(silent(self._access))
                    break
                if self._up and uptime() - self._empty_at > BEHIND_S:
                    self._blame(BEHIND)
                    client.disconnect()
                    break
                done = not (self._outbox or self._awaited or client.want_write())
                if self._closing.is_set() and done:
                    client.disconnect()
                    break

    def _turn(self, client: "Client", end: Any, ready: selectors.BaseSelector) -> None:
        """Wait for something to do, and do it."""
        wanted = READ | (selectors.EVENT_WRITE if client.want_write() else 0)
        ready.register(end, wanted)  # anew each time: the library may have closed it meanwhile
        began = uptime()
        to_read = bool(getattr(end, "pending", lambda: 0)())
        found = ready.select(0)
        if not to_read and not any(key.fileobj is end for key, mask in found if mask & READ):
            self._empty_at = began
            if not found and not self._outbox:
                ready.select(LOOK_S)
        ready.unregister(end)
        with suppress(BlockingIOError):
            self._woken.recv(4096)
        client.loop_read()
        while self._outbox and client.socket() is not None and not client.want_write():
            message = self._outbox.popleft()
            sent = client.publish(message.topic, message.payload, int(message.sure), message.retain)
            if message.sure:
                self._awaited[sent.mid] = message.topic
        if client.want_write():
            client.loop_write()
        client.loop_misc()

    def _connect(self, client: "Client") -> None:
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        asked = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        asked.MaximumPacketSize = GREATEST
        access = self._access
        client.connect(access.host, access.port, KEEPALIVE_S, clean_start=True, properties=asked)

    def _client(self) -> "Client":
        """A new one for each connection: nothing of the last one is left in it."""
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

        access = self._access
        client = Client(
            CallbackAPIVersion.VERSION2, self._client_id, protocol=MQTTProtocolVersion.MQTTv5
        )
        client.connect_timeout = CONNECT_S
        if access.tls:
            client.tls_set_context(tls_context(access))
        if access.user:
            client.username_pw_set(access.user, password(access.password_file))
        if self._will is not None:
            will = self._will
            client.will_set(will.topic, will.payload, int(will.sure), will.retain)
        client.on_connect = self._on_connect
        client.on_subscribe = lambda *_: self._is_up()
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        return client

    def _on_connect(
        self, client: "Client", _data: object, _flags: object, code: Any, _: Any
    ) -> None:
        if code.is_failure:
            self._blame(refusal(code.value, str(code), self._access))
        elif self._filters:
            client.subscribe([(one, 0) for one in self._filters])
        else:
            self._is_up()

    def _is_up(self) -> None:
        self._up = True
        self._tell(Connected())

    def _on_message(self, _client: "Client", _data: object, message: Any) -> None:
        with suppress(UnicodeDecodeError):  # a topic that is no text is none of ours
            self._tell(Heard(message.topic, message.payload, message.retain, self._empty_at))

    def _on_disconnect(self, _c: "Client", _d: object, flags: Any, code: Any, _: Any) -> None:
        if flags.is_disconnect_packet_from_server:
            self._blame(refusal(code.value, str(code), self._access))

    def _on_publish(self, _c: "Client", _data: object, number: int, code: Any, _: Any) -> None:
        topic = self._awaited.pop(number, None)
        if topic is not None and code.is_failure:
            self._tell(Denied(topic))

    def _blame(self, trouble: Trouble) -> None:
        """What went wrong first is what to tell of."""
        self._trouble = self._trouble or trouble

    def _tell(self, fact: Fact) -> None:
        """What the owner raises must not end the connection."""
        try:
            self._post(fact)
        except Exception:
            _log.exception("nobody takes %s", type(fact).__name__)
