#!/usr/bin/env bash
# Messages that two threads publish are mixed into each other where loop_forever has a thread of its own.
#
# Expected: publish may be called from any thread, however the client's loop is run; each message
# arrives whole, as it does after loop_start.
# Seen: with loop_forever in a thread that one started oneself, each publish writes to the socket by
# itself, and when the socket is full two threads write parts of their messages in turn: a message of
# "a"s arrives with "b"s in it. Only loop_start makes one thread write all. Publish from the thread
# that runs the loop, or use loop_start. paho-mqtt 2.2.0, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'paho-mqtt==2.2.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import socket
import sys
import threading
from typing import BinaryIO

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

SIZE, EACH = 70_000, 150


def packet(lines: BinaryIO) -> bytes:
    """The body of the next one."""
    lines.read(1)
    length = shift = 0
    while True:
        byte = lines.read(1)[0]
        length |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return lines.read(length)


def whole(listening: socket.socket, arrived: list[bool], done: threading.Event) -> None:
    """A broker that reads no faster than it can: whether each message is of one letter."""
    line, _ = listening.accept()
    lines = line.makefile("rb")
    packet(lines)
    line.sendall(b"\x20\x02\0\0")
    while len(arrived) < 2 * EACH and all(arrived):
        arrived.append(len(set(packet(lines)[3:])) == 1)
    done.set()
    line.close()


def tried(own_thread: bool) -> bool:
    """Whether all that two threads published arrived whole."""
    arrived: list[bool] = []
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        broker = threading.Thread(target=whole, args=(listening, arrived, done), daemon=True)
        broker.start()
        client = Client(CallbackAPIVersion.VERSION2, "client")
        client.connect("127.0.0.1", listening.getsockname()[1])
        if own_thread:
            threading.Thread(target=client.loop_forever, daemon=True).start()
        else:
            client.loop_start()
        while not client.is_connected():
            done.wait(0.01)

        def speak(letter: bytes) -> None:
            for _ in range(EACH):
                client.publish("t", letter * SIZE)

        for letter in (b"a", b"b"):
            threading.Thread(target=speak, args=(letter,), daemon=True).start()
        done.wait(60)
    return len(arrived) == 2 * EACH and all(arrived)


own, started = tried(own_thread=True), tried(own_thread=False)
print(f"all whole: {own} with a thread of one's own, {started} with loop_start")
sys.stdout.flush()
if own or not started:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
