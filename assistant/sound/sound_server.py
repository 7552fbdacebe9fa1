"""What the sound server says: of our own recording (from a microphone, or from a monitor?), and of
what others play, whose volume it can set.

PulseAudio, and PipeWire in its place, silently move a recording whose microphone goes away to a
monitor, which is what a loudspeaker plays, and hand a monitor out as the default where there is no
microphone. Neither ALSA nor PortAudio tells. This file asks the server itself, over its own socket
(the native protocol, which PipeWire speaks too): no library and no program is needed. It decides
nothing; where no server answers, nothing is known and nothing is wrong.
"""

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 0.5
"""A server that takes longer is busy or gone; it is asked again the next time."""
VERSION = 13
"""Of the protocol: of 2007, with property lists, which every server still understands."""
_REPLY = 2
_AUTH, _SET_NAME, _SOURCES, _CLIENTS, _PLAYERS, _RECORDINGS, _SET_VOLUMES = 8, 9, 24, 28, 30, 32, 37
_NOBODY = 0xFFFFFFFF
_SOURCE_FIELDS, _CLIENT_FIELDS, _RECORDING_FIELDS, _PLAYER_FIELDS = 15, 5, 12, 14
_LEFT_ALONE = ("phone", "a11y", "test")
"""By their role: a call, a screen reader, a test of the loudspeakers."""
_OF_A_PROGRAM = "protocol-native.c"
"""PulseAudio's word for what is no stream of a module's own; PipeWire names no module then."""
_COOKIE_BYTES = 256
_MOST_BYTES = 1 << 24

Value = int | str | bytes | dict[str, str] | None
Volumes = tuple[int, ...]
"""By channel; 65536 is as loud as it came, and half of it is an eighth of the amplitude."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A stream of a process of ours that records."""

    source: str
    """What it records from, in the server's words; empty while it is connected to nothing."""
    monitor: bool
    """That is what a loudspeaker plays, and no microphone."""


@dataclass(frozen=True, slots=True)
class Player:
    """A stream that a program plays."""

    index: int
    name: str
    """The program's."""
    volumes: Volumes


class SoundServer:
    """A connection that is made when something is asked, and made anew when it broke."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self.questions = 0
        """So many were put."""
        self._connected: list[object] = []
        """Who asked last, and of each recording its number, its client and its source: while all
        that is the same, so are our recordings."""
        self._recordings: list[Recording] = []

    def recordings(self, pid: int) -> list[Recording] | None:
        """What this process records through the server; None where no server answers."""
        try:
            if self._socket is None:
                self._connect()
            listed = self._list(_RECORDINGS, _RECORDING_FIELDS, 0, 3, 4, 11)
            connected = [pid, *(one[:3] for one in listed)]
            if connected != self._connected or not self._recordings:
                self._recordings = self._ours(pid, listed)
                self._connected = connected
        except (OSError, ValueError, struct.error, IndexError):
            self.close()
            return None
        return self._recordings

    def _ours(self, pid: int, listed: list[tuple[Value, ...]]) -> list[Recording]:
        """Of the recordings those of a process."""
        sources = {
            index: (str(name), monitor_of != _NOBODY)
            for index, name, monitor_of in self._list(_SOURCES, _SOURCE_FIELDS, 0, 1, 8)
        }
        # PipeWire's ALSA plug-in tells its process of the client, the others of each stream.
        clients = {
            index
            for index, about in self._list(_CLIENTS, _CLIENT_FIELDS, 0, 4)
            if _of_process(about, pid)
        }
        return [
            Recording(*sources.get(source, ("", False)))
            for _, client, source, about in listed
            if client in clients or _of_process(about, pid)
        ]

    def players(self) -> list[Player] | None:
        """What other programs play, but for calls (whoever records, too, is in one) and screen
        readers; None where no server answers."""
        try:
            if self._socket is None:
                self._connect()
            clients = {one[0]: one[1] for one in self._list(_CLIENTS, _CLIENT_FIELDS, 0, 4)}
            talking = {
                _program(about, clients.get(client))[0]
                for client, about in self._list(_RECORDINGS, _RECORDING_FIELDS, 3, 11)
            } - {""} | {str(os.getpid())}
            found = []
            for index, module, client, volumes, driver, about in self._list(
                _PLAYERS, _PLAYER_FIELDS, 0, 2, 3, 7, 11, 13
            ):
                process, name, role = _program(about, clients.get(client))
                talks = process in talking or role in _LEFT_ALONE
                if not talks and (module == _NOBODY or driver == _OF_A_PROGRAM):
                    assert isinstance(index, int) and isinstance(volumes, bytes)  # noqa: PT018
                    heights = struct.unpack(f">{len(volumes) // 4}I", volumes)
                    found.append(Player(index, name, heights))
        except (OSError, ValueError, struct.error, IndexError):
            self.close()
            return None
        return found

    def set_volumes(self, index: int, volumes: Volumes) -> bool:
        """Whether it was done: what has ended meanwhile has no volume any more."""
        packed = struct.pack(f">{len(volumes)}I", *volumes)
        try:
            if self._socket is None:
                self._connect()
            self._ask(_SET_VOLUMES, _number(index) + b"v" + bytes([len(volumes)]) + packed)
        except (ValueError, struct.error):
            return False
        except OSError:
            self.close()
            return False
        return True

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket, self._connected = None, []

    def _connect(self) -> None:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE_S)
        try:
            connection.connect(str(_address()))
        except OSError:
            connection.close()
            raise
        self._socket = connection
        cookie = _cookie()
        self._ask(_AUTH, _number(VERSION) + b"x" + struct.pack(">I", len(cookie)) + cookie)
        self._ask(_SET_NAME, b"Ptapplication.name\0" + _property() + b"N")

    def _list(self, command: int, fields: int, *places: int) -> list[tuple[Value, ...]]:
        """The wanted fields of each entry of a list."""
        values = list(_values(self._ask(command)))
        entries = [values[i : i + fields] for i in range(0, len(values) - fields + 1, fields)]
        return [tuple(entry[place] for place in places) for entry in entries]

    def _ask(self, command: int, more: bytes = b"") -> bytes:
        """The body of the answer. Raises ValueError for a refusal, OSError where none comes."""
        assert self._socket is not None
        self.questions += 1
        packet = _number(command) + _number(self.questions) + more
        self._socket.sendall(struct.pack(">5I", len(packet), _NOBODY, 0, 0, 0) + packet)
        while True:
            length, channel, *_ = struct.unpack(">5I", self._receive(20))
            if length > _MOST_BYTES:
                raise ValueError("no sound server")
            body = self._receive(length)
            if channel != _NOBODY:
                continue
            kind, asked = struct.unpack(">xIxI", body[:10])
            if asked == self.questions:
                if kind != _REPLY:
                    raise ValueError("the sound server refuses")
                return body[10:]

    def _receive(self, count: int) -> bytes:
        assert self._socket is not None
        got = b""
        while len(got) < count:
            more = self._socket.recv(count - len(got))
            if not more:
                raise ConnectionError("the sound server is gone")
            got += more
        return got


def _of_process(about: Value, pid: int) -> bool:
    return isinstance(about, dict) and about.get("application.process.id") == str(pid)


def _program(stream: Value, client: Value) -> tuple[str, str, str]:
    """Its process, its name and its role, as far as the stream or its client tells."""
    told: dict[str, str] = {}
    for about in (client, stream):
        told |= about if isinstance(about, dict) else {}
    name = told.get("application.name") or told.get("application.process.binary", "")
    return told.get("application.process.id", ""), name, told.get("media.role", "").lower()


def _address() -> Path:
    """The socket of this person's server, by the rules of its own clients."""
    for word in os.environ.get("PULSE_SERVER", "").split():
        path = word.partition("}")[2] or word
        if path.startswith(("unix:", "/")):
            return Path(path.removeprefix("unix:"))
    if folder := os.environ.get("PULSE_RUNTIME_PATH"):
        return Path(folder) / "native"
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    own = Path(runtime) / "pulse" / "native"
    return own if own.exists() else Path("/run/pulse/native")


def _cookie() -> bytes:
    """What proves that we are the same person; a server on the same machine sees that anyway."""
    home = os.environ.get("HOME", "/")
    config = os.environ.get("XDG_CONFIG_HOME") or f"{home}/.config"
    for path in (os.environ.get("PULSE_COOKIE"), f"{config}/pulse/cookie", f"{home}/.pulse-cookie"):
        with suppress(OSError):
            if path and len(cookie := Path(path).read_bytes()) >= _COOKIE_BYTES:
                return cookie[:_COOKIE_BYTES]
    return bytes(_COOKIE_BYTES)


def _property() -> bytes:
    name = b"exercise-assistant\0"
    return _number(len(name)) + b"x" + struct.pack(">I", len(name)) + name


def _number(value: int) -> bytes:
    return b"L" + struct.pack(">I", value)


def _values(body: bytes) -> Iterator[Value]:
    """The values of a message, whatever they mean. Raises ValueError for an unknown kind."""
    place = 0
    while place < len(body):
        value, place = _value(body, place)
        yield value


def _value(body: bytes, place: int) -> tuple[Value, int]:
    kind, place = body[place : place + 1], place + 1
    match kind:
        case b"L" | b"V":
            return struct.unpack_from(">I", body, place)[0], place + 4
        case b"B":
            return body[place], place + 1
        case b"U" | b"R" | b"r":
            return struct.unpack_from(">Q", body, place)[0], place + 8
        case b"t":
            end = body.index(b"\0", place)
            return body[place:end].decode("utf-8", "replace"), end + 1
        case b"N":
            return None, place
        case b"1" | b"0":
            return int(kind), place
        case b"a":
            return body[place : place + 6], place + 6
        case b"m":
            return b"", place + 1 + body[place]
        case b"v":
            end = place + 1 + 4 * body[place]
            return body[place + 1 : end], end
        case b"x":
            end = place + 4 + struct.unpack_from(">I", body, place)[0]
            return body[place + 4 : end], end
        case b"P":
            return _properties(body, place)
    raise ValueError(f"unknown kind {kind!r}")


def _properties(body: bytes, place: int) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    while True:
        key, place = _value(body, place)
        if key is None:
            return found, place
        _, place = _value(body, place)  # the length, which the value itself begins with too
        value, place = _value(body, place)
        if isinstance(value, bytes):
            found[str(key)] = value.rstrip(b"\0").decode("utf-8", "replace")
