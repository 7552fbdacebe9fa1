"""The services beyond the assistant's own, under a running systemd with a real broker.

Runs as root in a machine where the assistant is installed as a service (`tests.releases --service`
makes one) and prints what happened, as JSON; the exit code is 1 if it wasn't as it should be. The
broker is Mosquitto and wants passwords: the house's comes as systemd's credential, an office's out
of a file beside the configuration.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

NAME = "exercise-assistant"
SETTINGS = Path(f"/etc/{NAME}")
STATE = Path(f"/var/lib/{NAME}")
BROKER = Path("/var/local/broker")
PORT = 1883
PASSWORD = "sesame"  # noqa: S105 - of a broker that lives for a minute
CONFIG = f"""
[session]
welcome = false
[page]
on = true
address = "127.0.0.1"
[mqtt]
on = true
host = "127.0.0.1"
user = "coach"
name = "pi"
[office]
on = true
host = "127.0.0.1"
desk = "desk-one"
password_file = "office-password"
key = "{"A" * 43}="
"""
TABLES = ("page", "mqtt", "office")
PLACES = {"mqtt": "coach/pi/availability", "office": "assistant-office/desk/desk-one/here"}
HERE = {"mqtt": "online", "office": "here"}


def ask(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()


def unit(table: str) -> str:
    return f"{NAME}-outside@{table}"


def shown(table: str, key: str) -> str:
    return ask("systemctl", "show", "--property", key, "--value", unit(table))


def wait(fits: Callable[[], bool], timeout_s: float) -> float | None:
    """Seconds until it is so; None if it never was."""
    began = time.monotonic()
    while time.monotonic() - began < timeout_s:
        if fits():
            return round(time.monotonic() - began, 2)
        time.sleep(0.05)
    return None


class Broker:
    """Mosquitto as a service of this machine's, and what was last said at each topic."""

    def __init__(self) -> None:
        BROKER.mkdir(parents=True)
        passwords = BROKER / "passwords"
        passwords.touch(mode=0o600)
        for user in ("coach", "desk-one", "looker"):
            ask("mosquitto_passwd", "-b", str(passwords), user, PASSWORD)
        (BROKER / "mosquitto.conf").write_text(
            f"listener {PORT} 127.0.0.1\nuser root\npassword_file {passwords}\n"
        )
        program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin")
        Path("/etc/systemd/system/pi-broker.service").write_text(
            f"[Service]\nExecStart={program} -c {BROKER}/mosquitto.conf\n"
        )
        self.said: dict[str, str] = {}
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set("looker", PASSWORD)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *_: client.subscribe("#")
        self._client.on_message = lambda _, __, message: self.said.update(
            {message.topic: message.payload.decode()}
        )

    def start(self) -> None:
        ask("systemctl", "daemon-reload")
        ask("systemctl", "start", "pi-broker")
        self._client.connect_async("127.0.0.1", PORT)
        self._client.loop_start()

    def restart(self) -> None:
        """It forgets what was retained: whatever is there afterwards was said anew."""
        self.said.clear()
        ask("systemctl", "restart", "pi-broker")
        self.said.clear()

    def stop(self) -> None:
        self._client.loop_stop()
        ask("systemctl", "stop", "pi-broker")

    def has(self, table: str) -> bool:
        return self.said.get(PLACES[table]) == HERE[table]


def page_answers() -> bool:
    """It asks a device that it doesn't know for the code."""
    try:
        urllib.request.urlopen("http://127.0.0.1:8765/", timeout=2).close()
    except HTTPError as answer:
        return answer.code == HTTPStatus.FORBIDDEN
    except OSError:
        return False
    return False


def connected(broker: Broker, table: str) -> Callable[[], bool]:
    return page_answers if table == "page" else lambda: broker.has(table)


def is_another(broker: Broker, table: str, pid: str) -> bool:
    return shown(table, "MainPID") not in ("0", pid) and connected(broker, table)()


def seen(table: str) -> list[str] | str:
    """What a service's process sees where the assistant keeps what it remembers."""
    try:
        place = Path(f"/proc/{shown(table, 'MainPID')}/root{STATE}")
        return sorted(one.name for one in place.iterdir())
    except OSError as error:
        return str(error.strerror)


def beyond_the_door() -> dict[str, Any]:
    """What happened to the three services, from their start to their end."""
    SETTINGS.mkdir(exist_ok=True)
    before = (SETTINGS / "config.toml").read_text() if (SETTINGS / "config.toml").exists() else ""
    (SETTINGS / "config.toml").write_text(CONFIG)
    secret, office = SETTINGS / "mqtt-password", SETTINGS / "office-password"
    secret.write_text(f"{PASSWORD}\n")
    secret.chmod(0o600)
    office.write_text(f"{PASSWORD}\n")
    office.chmod(0o640)
    shutil.chown(office, group=NAME)
    drop_in = Path(f"/etc/systemd/system/{unit('mqtt')}.service.d")
    drop_in.mkdir(parents=True)
    (drop_in / "own.conf").write_text(f"[Service]\nLoadCredential=mqtt-password:{secret}\n")
    broker = Broker()
    broker.start()
    ask("systemctl", "restart", NAME)
    told: dict[str, Any] = {"state": {}, "came": {}, "sees": {}, "again": {}, "after": {}}
    for table in TABLES:
        told["came"][table] = wait(connected(broker, table), 40)
        told["state"][table] = shown(table, "ActiveState")
        told["sees"][table] = seen(table)
    for table in TABLES:
        pid = shown(table, "MainPID")
        broker.said.pop(PLACES.get(table, ""), None)
        if pid != "0":
            os.kill(int(pid), signal.SIGKILL)
        told["again"][table] = wait(partial(is_another, broker, table, pid), 40)
    broker.restart()
    for table in PLACES:
        told["after"][table] = wait(connected(broker, table), 60)
    ask("systemctl", "stop", NAME)
    told["left"] = {table: shown(table, "ActiveState") for table in TABLES}
    told["said last"] = {table: broker.said.get(place) for table, place in PLACES.items()}
    told["log"] = {
        table: ask("journalctl", "-q", "-o", "cat", "-u", unit(table), "-n", "12").splitlines()
        for table in TABLES
    }
    broker.stop()
    (SETTINGS / "config.toml").write_text(before)
    ask("systemctl", "start", NAME)
    return told


def is_good(told: dict[str, Any]) -> bool:
    """They came, saw nothing that the assistant remembers, came back and took their leave."""
    return (
        all(told["state"][table] == "active" for table in TABLES)
        and all(told[what][table] is not None for what in ("came", "again") for table in TABLES)
        and all(told["after"][table] is not None for table in PLACES)
        and told["sees"] == {"page": [], "mqtt": ["office"], "office": ["office"]}
        and all(told["left"][table] == "inactive" for table in TABLES)
        and told["said last"] == {"mqtt": "offline", "office": "gone"}
    )


def main() -> int:
    told = beyond_the_door()
    print(json.dumps(told, indent=1))
    return 0 if is_good(told) else 1


if __name__ == "__main__":
    sys.exit(main())
