#!/usr/bin/env bash
# A broker that knows no MQTT 5 refuses a client at once; with a last will, it says nothing for ever.
#
# Expected: amqtt speaks MQTT 3.1.1 only, so a client that greets it in MQTT 5 is told so by the
# return code 1 ("unacceptable protocol version") and the connection ends, as the standard asks,
# whatever else the greeting holds.
# Seen: without a last will it is so. With one, amqtt reads the greeting by the rules of 3.1.1, finds
# no topic where it looks, writes that to its own log, and neither answers nor closes: a client waits
# until its own patience ends, and can't know that the version is the reason. The same will in 3.1.1
# is taken. amqtt 0.12.1, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'amqtt==0.12.1'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import asyncio
import logging
import struct

from amqtt.broker import Broker

PORT, PATIENCE_S = 18839, 3.0


def text(of: str) -> bytes:
    return struct.pack(">H", len(of)) + of.encode()


def greeting(level: int, will: bool) -> bytes:
    """A CONNECT packet: a clean session, thirty seconds of patience, and perhaps a last will."""
    properties = b"\0" if level == 5 else b""
    body = text("MQTT") + bytes([level, 2 | (4 if will else 0)]) + struct.pack(">H", 30)
    body += properties + text("somebody")
    if will:
        body += properties + text("lamp/state") + text("gone")
    return bytes([0x10, len(body)]) + body


async def answer(level: int, will: bool) -> str:
    reading, writing = await asyncio.open_connection("127.0.0.1", PORT)
    writing.write(greeting(level, will))
    try:
        got = await asyncio.wait_for(reading.read(4), PATIENCE_S)
    except TimeoutError:
        got = None
    writing.close()
    if got is None:
        return "nothing, and stays connected"
    return {b"\x20\x02\0\0": "taken", b"\x20\x02\0\x01": "refused: wrong version"}.get(got, repr(got))


async def main() -> None:
    logging.disable(logging.CRITICAL)
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{PORT}"}},
            "plugins": {
                "amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}
            },
        }
    )
    await broker.start()
    found = [await answer(level, will) for level in (4, 5) for will in (False, True)]
    for (name, will), said in zip(
        [(n, w) for n in ("3.1.1", "5") for w in ("no will", "a will")], found, strict=True
    ):
        print(f"MQTT {name}, {will}: {said}")
    await broker.shutdown()
    wanted = ["taken", "taken", "refused: wrong version", "nothing, and stays connected"]
    if found != wanted:
        raise SystemExit("changed")


asyncio.run(main())
PYTHON
HOME=$folder/work timeout 60 "$folder/environment/bin/python" seen.py
