#!/usr/bin/env bash
# A client that is thrown out, since another one came with its name, isn't told why.
#
# Expected: in MQTT 5 the broker sends DISCONNECT with the reason 0x8E, "session taken over", before it
# closes the connection (3.1.4), so that two programs with one name can be told of it.
# Seen: the connection ends as if a cable had been pulled, with clean start and without, with and
# without a session that stays; whoever connects again at once throws the other one out in turn, and
# so for ever. Agree on a name by messages instead. Mosquitto 2.0.11 (Debian 12), 2026-11-30; the broker is
# one of its own, on a free port.
set -euo pipefail
dpkg-query -W mosquitto >/dev/null || { echo 'Not tried. It needs: apt-get install mosquitto' >&2; exit 2; }
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
import subprocess
import time
from pathlib import Path

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    PORT = free.getsockname()[1]
Path("broker.conf").write_text(f"listener {PORT} 127.0.0.1\nallow_anonymous true\n")
broker = subprocess.Popen(["/usr/sbin/mosquitto", "-c", "broker.conf"], stderr=subprocess.DEVNULL)
told = []


def ended(_client, _data, flags, reason, _properties) -> None:
    told.append(f"{reason}" if flags.is_disconnect_packet_from_server else "nothing")


def connected(clean: bool, stays_s: int) -> Client:
    client = Client(CallbackAPIVersion.VERSION2, "one", protocol=MQTTProtocolVersion.MQTTv5)
    client.on_disconnect = ended
    asked = Properties(PacketTypes.CONNECT)
    asked.SessionExpiryInterval = stays_s
    client.connect("127.0.0.1", PORT, clean_start=clean, properties=asked)
    client.loop(1)
    return client


try:
    for _ in range(100):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", PORT)) == 0:
                break
        time.sleep(0.05)
    for clean in (True, False):
        for stays_s in (0, 60):
            first = connected(clean, stays_s)
            second = connected(clean, stays_s)
            for _ in range(3):
                first.loop(0.3)
            second.on_disconnect = None
            second.disconnect()
finally:
    broker.terminate()
    broker.wait()
print(f"told to the first of two: {told}")
if told != ["nothing"] * 4:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
