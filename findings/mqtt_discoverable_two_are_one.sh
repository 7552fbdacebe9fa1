#!/usr/bin/env bash
# Two sensors of a house are one, if their names are in Russian and equally long, whatever their ids.
#
# A program announces sensors to Home Assistant with ha-mqtt-discoverable; each has its own name, unique_id and
# object_id.
#
# Expected: two with different ids are two, or the second is refused.
# Seen: the topic is made of the name alone, whose letters outside the English alphabet, spaces and signs are all
# a hyphen: the back and the shoulders in Russian are both "hmd/sensor/Coach/-----/state", and their announcements
# overwrite each other at the broker: who asks later is told of the second alone, and of the states of both. In
# English "Back, left" and "Back: left" are enough. Nothing is raised, and the ids are in the announcement, where
# they no longer help. Give it a name of English letters, and what people read as display_name. (Reported in
# 2025.) ha-mqtt-discoverable 0.26.0 with Mosquitto 2.0.11 (Debian 12), on a free port, 2026-12-01.
set -euo pipefail
dpkg-query -W mosquitto >/dev/null || { echo 'Not tried. It needs: apt-get install mosquitto' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'ha-mqtt-discoverable==0.26.0' 'paho-mqtt==2.2.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import socket
import subprocess
import time
from pathlib import Path

from ha_mqtt_discoverable import DeviceInfo, Settings
from ha_mqtt_discoverable.sensors import Sensor, SensorInfo

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    PORT = free.getsockname()[1]
Path("broker.conf").write_text(f"listener {PORT} 127.0.0.1\nallow_anonymous true\n")
broker = subprocess.Popen(["/usr/sbin/mosquitto", "-c", "broker.conf"], stderr=subprocess.DEVNULL)
HOUSE = Settings.MQTT(host="127.0.0.1", port=PORT)
COACH = DeviceInfo(name="Coach", identifiers="coach")


def topics(name: str, number: int, shown: str | None = None) -> tuple[str, str]:
    own = f"coach_{number}"
    info = SensorInfo(name=name, display_name=shown, unique_id=own, object_id=own, device=COACH)
    sensor = Sensor(Settings(mqtt=HOUSE, entity=info))
    print(f"{shown or name}: {sensor.state_topic}")
    sensor.mqtt_client.disconnect()
    sensor.mqtt_client.loop_stop()
    return sensor.config_topic, sensor.state_topic


try:
    for _ in range(100):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", PORT)) == 0:
                break
        time.sleep(0.05)
    russian = topics("Спина", 1), topics("Плечи", 2)
    english = topics("Back, left", 3), topics("Back: left", 4)
    cured = topics("back", 5, "Спина"), topics("shoulders", 6, "Плечи")
finally:
    broker.terminate()
    broker.wait()
if len(set(russian)) != 1 or len(set(english)) != 1 or len(set(cured)) != 2:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
