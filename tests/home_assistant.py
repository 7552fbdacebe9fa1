"""What a real Home Assistant makes of the coach; `tests/home_assistant.sh` installs one, and then
runs this.

Drives Home Assistant over its own interfaces, and starts the assistant as a person does; prints a
table of what was seen, and ends with 1 if any of it is not as it ought to be. Not part of the
suite: Home Assistant takes a gigabyte and Python 3.14.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from assistant.outside.home_entities import Name, discovery
from assistant.outside.mqtt_broker import Connected, Connection, Fact, Heard, Message
from tests.mosquitto import Mosquitto, free_port
from tests.outside.home import House
from tests.product import ROOT, UNASKED

PAGE = ROOT / "deploy" / "home-assistant.md"
DEVICES: dict[str, dict[str, object]] = {
    "light.desk": {
        "platform": "light",
        "schema": "json",
        "brightness": True,
        "supported_color_modes": ["brightness"],
        "state_topic": "test/light",
        "command_topic": "test/light/set",
    },
    "binary_sensor.webcam": {"platform": "binary_sensor", "state_topic": "test/webcam"},
    "binary_sensor.desk_occupancy": {"platform": "binary_sensor", "state_topic": "test/occupancy"},
    "notify.phone": {"platform": "notify", "command_topic": "test/phone"},
}
"""What the automations of the page want to be in the house."""


class HomeAssistant:
    """One that is started, driven and stopped here."""

    def __init__(self, start: Sequence[str], folder: Path) -> None:
        """`start`: what starts it; `folder` becomes its configuration's."""
        self._start, self.folder = start, folder
        self._base = f"http://127.0.0.1:{(port := free_port())}"
        self._token = ""
        (folder / ".storage").mkdir(parents=True)
        blocks = re.findall(r"<!-- automation: \w+ -->\n```yaml\n(.*?)```", PAGE.read_text(), re.S)
        (folder / "automations.yaml").write_text("".join(blocks))
        (folder / "configuration.yaml").write_text(
            "logger:\n  default: warning\nautomation: !include automations.yaml\n"
        )
        at = "2026-11-01T00:00:00+00:00"
        stable = {
            "server_host": ["127.0.0.1"],
            "server_port": port,
            "cors_allowed_origins": [],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": True,
            "ssl_profile": "intermediate_v6",
            "use_x_frame_options": True,
            "created_at": at,
            "error": None,
            "error_message": None,
        }
        data = {"pending": None, "yaml_migration_done": True, "stable": stable}
        stored = {"version": 3, "minor_version": 1, "key": "http", "data": data}
        (folder / ".storage" / "http").write_text(json.dumps(stored))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "output.log").open("ab") as log:
            self._process = subprocess.Popen(self._start, stdout=log, stderr=log)
        wait_until("Home Assistant answers", self._answers, 120)
        if not self._token:
            self._make_user()
        wait_until("it runs", lambda: self.call("GET", "/api/config")["state"] == "RUNNING", 120)

    def stop(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:  # it takes two minutes at times
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            self.call("GET", "/api/onboarding")
        except (urllib.error.URLError, OSError):
            return self._token != "" and not isinstance(self._unauthorised(), Exception)
        return True

    def _unauthorised(self) -> object:
        try:
            return self.call("GET", "/api/config")
        except (urllib.error.URLError, OSError) as error:
            return error

    def _make_user(self) -> None:
        me = f"{self._base}/"
        user = {"name": "a", "username": "a", "password": "a-password", "language": "en"}
        code = self.call("POST", "/api/onboarding/users", {"client_id": me, **user})
        form = {"client_id": me, "grant_type": "authorization_code", "code": code["auth_code"]}
        self._token = self.call("POST", "/auth/token", form=form)["access_token"]

    def call(self, method: str, path: str, body: object = None, form: Any = None) -> Any:
        """Its answer. Raises urllib's errors."""
        data = urllib.parse.urlencode(form).encode() if form else None
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(  # noqa: S310 - this machine's
            self._base + path, data=data, headers=headers, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.loads(answer.read() or "null")

    def add_mqtt(self, port: int) -> None:
        flow = self.call("POST", "/api/config/config_entries/flow", {"handler": "mqtt"})
        other = {"set_client_cert": False, "set_ca_cert": "off", "transport": "tcp"}
        told = {"broker": "127.0.0.1", "port": port, "protocol": "5", "other_settings": other}
        self.call("POST", f"/api/config/config_entries/flow/{flow['flow_id']}", told)

    def states(self) -> dict[str, dict[str, Any]]:
        return {one["entity_id"]: one for one in self.call("GET", "/api/states")}

    def state(self, entity: str) -> str:
        try:
            return str(self.call("GET", f"/api/states/{entity}")["state"])
        except urllib.error.HTTPError:
            return "(none)"

    def act(self, service: str, entity: str, **data: object) -> None:
        path = f"/api/services/{service.replace('.', '/')}"
        self.call("POST", path, {"entity_id": entity, **data})


class Assistant:
    """The program, started as a person starts it, in folders of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._config = folder / "config" / "exercise-assistant" / "config.toml"
        self._config.parent.mkdir(parents=True)
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, *, on: bool = True, health: bool = False) -> None:
        self._config.write_text(
            f'{UNASKED}[mqtt]\non = {str(on).lower()}\nhost = "127.0.0.1"\nport = {self.port}\n'
            f'name = "desk"\nhealth = {str(health).lower()}\n'
        )
        places = ("CONFIG_HOME", "STATE_HOME", "CACHE_HOME", "DATA_HOME", "RUNTIME_DIR")
        env = {f"XDG_{one}": str(self._folder / one.split("_")[0].lower()) for one in places}
        (self._folder / "runtime").mkdir(mode=0o700, exist_ok=True)
        with (self._folder / "output.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "assistant", "run", "--plain"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **env},
                cwd=ROOT,
            )

    def stop(self) -> None:
        """Also one that has ended, or was never started."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)


def wait_until(what: str, right: Callable[[], bool], within_s: float = 30.0) -> float:
    """How long it took, in seconds; AssertionError where it never came."""
    began = time.monotonic()
    while not right():
        assert time.monotonic() - began < within_s, f"{what}: not within {within_s:.0f} s"
        time.sleep(0.01)
    return time.monotonic() - began


class Seen:
    """The table, as it grows."""

    def __init__(self) -> None:
        self.wrong = 0

    def __call__(self, what: str, result: str, *, right: bool = True) -> None:
        self.wrong += not right
        print(f"{'ok ' if right else 'NOT'} | {what} | {result}", flush=True)


def expected() -> dict[str, dict[str, Any]]:
    """The entities by the id that Home Assistant should give them."""
    found = {}
    for component in discovery(Name("desk"), [], health=True)["components"].values():
        words = re.sub(r"[^a-z0-9]+", "_", component["name"].lower())
        found[f"{component['platform']}.coach_desk_{words}"] = component
    return found


def try_it(home: HomeAssistant, broker: Mosquitto, coach: Assistant, seen: Seen) -> None:
    house = House(broker)
    home.start()
    seen("Home Assistant", home.call("GET", "/api/config")["version"])
    home.add_mqtt(broker.port)
    for entity, component in DEVICES.items():
        platform, name = entity.split(".")
        told = {"unique_id": entity, "name": None, "default_entity_id": entity, **component}
        device = {"identifiers": [name], "name": name}
        del told["platform"]
        text = json.dumps({**told, "device": device}).encode()
        house.line.publish(Message(f"homeassistant/{platform}/{name}/config", text, retain=True))

    coach.start(health=True)
    wanted = expected()
    took_s = wait_until("found", lambda: home.state("sensor.coach_desk_state") == "waiting", 60)
    seen("found by itself", f"{took_s:.1f} s after the assistant was started")
    time.sleep(2)
    states = home.states()
    missing = sorted(set(wanted) - set(states))
    seen("every entity is there", f"{len(wanted)}, missing: {missing}", right=not missing)
    for entity, component in sorted(wanted.items()):
        attributes = states.get(entity, {}).get("attributes", {})
        for key in ("device_class", "unit_of_measurement", "state_class"):
            right = attributes.get(key) == component.get(key)
            if not right:
                seen(f"{entity} {key}", str(attributes.get(key)), right=False)
    unavailable = [one for one in wanted if states.get(one, {}).get("state") == "unavailable"]
    seen("none is unavailable", str(unavailable), right=not unavailable)
    for entity in sorted(wanted):
        print(f"     {entity}: {states.get(entity, {}).get('state')}")

    def follows(what: str, act: Callable[[], None], entity: str, text: str) -> None:
        began = time.monotonic()
        act()
        wait_until(what, lambda: home.state(entity) == text, 10)
        took_ms = (time.monotonic() - began) * 1000
        seen(what, f"{entity} is {text} after {took_ms:.0f} ms", right=took_ms <= 300)

    state = "sensor.coach_desk_state"
    press = "button.press"
    follows(
        "a button in Home Assistant starts the routine",
        lambda: home.act(press, "button.coach_desk_start"),
        state,
        "leading",
    )
    routine = home.state("sensor.coach_desk_routine_in_progress")
    seen("the routine is named", routine, right=routine == "Desk break")
    for button, becomes in (("pause", "paused"), ("go_on", "leading"), ("stop", "waiting")):
        entity = f"button.coach_desk_{button}"
        follows(f"button {button}", partial(home.act, press, entity), state, becomes)
    follows(
        "the list of routines",
        lambda: home.act("select.select_option", "select.coach_desk_routine", option="Mobility"),
        "select.coach_desk_routine",
        "Mobility",
    )
    follows(
        "the interval",
        lambda: home.act("number.set_value", "number.coach_desk_interval", value=45),
        "number.coach_desk_interval",
        "45",
    )
    switch = "switch.coach_desk_reminders"
    for action, becomes in (("turn_off", "off"), ("turn_on", "on")):
        follows(
            f"reminders, {action}", partial(home.act, f"switch.{action}", switch), switch, becomes
        )

    automations(home, house, seen)

    coach.stop()
    took_s = wait_until("offline", lambda: home.state(state) == "unavailable", 10)
    seen("the assistant ends: unavailable", f"{took_s * 1000:.0f} ms after its end")
    coach.start(health=False)
    wait_until("back", lambda: home.state(state) == "waiting", 30)
    gone = wait_until("gone", lambda: home.state("sensor.coach_desk_pain") == "(none)", 10)
    seen("started again without health: Pain is gone, and no ghost", f"{gone * 1000:.0f} ms")

    home.stop()
    home.start()
    took_s = wait_until("back", lambda: home.state(state) == "waiting", 60)
    wait_until("the sums are back", lambda: home.state("sensor.coach_desk_breaks_today") == "0", 30)
    seen("Home Assistant starts again: states are there", f"{took_s:.1f} s after it runs")
    wait_until("all are back", lambda: not ghosts(home, wanted), 30)
    seen("no ghost after its restart", str(ghosts(home, wanted)))

    broker.stop(signal.SIGKILL)
    wait_until("unavailable", lambda: home.state(state) == "unavailable", 20)
    broker.start()
    took_s = wait_until("back", lambda: home.state(state) == "waiting", 90)
    seen("the broker is killed and comes back, empty", f"all there after {took_s:.1f} s")
    follows(
        "and a button starts a routine again",
        lambda: home.act(press, "button.coach_desk_start"),
        state,
        "leading",
    )

    coach.stop()
    house.line.publish(Message(house.name.discovery, b"", retain=True))
    wait_until("removed", lambda: home.state(state) == "(none)", 10)
    seen("deleted: the device is gone", "all its entities with it")
    house.close()


def ghosts(home: HomeAssistant, wanted: dict[str, dict[str, Any]]) -> list[str]:
    return [
        entity
        for entity, one in home.states().items()
        if "coach_desk" in entity and (one["state"] == "unavailable" or entity not in wanted)
    ]


def automations(home: HomeAssistant, house: House, seen: Seen) -> None:
    """Those of the page, each set off by what it waits for."""
    heard = Listener(house)
    publish = heard.publish
    publish("test/webcam", "OFF")
    publish("test/occupancy", "OFF")
    wait_until("a webcam", lambda: home.state("binary_sensor.webcam") == "off", 10)
    publish("test/webcam", "ON")
    reminders = "switch.coach_desk_reminders"
    wait_until("quiet", lambda: home.state(reminders) == "off", 10)
    publish("test/webcam", "OFF")
    wait_until("not quiet", lambda: home.state(reminders) == "on", 10)
    seen("automation: no reminder during a call", "quiet with the webcam, and no longer")

    here = "binary_sensor.coach_desk_somebody_here"
    publish("test/occupancy", "ON")
    wait_until("here", lambda: home.state(here) == "on", 10)
    publish("test/occupancy", "OFF")
    wait_until("not here", lambda: home.state(here) == "off", 10)
    publish("test/occupancy", "ON")
    wait_until("here", lambda: home.state(here) == "on", 10)
    seen("automation: whether I sit there", "it follows the sensor")

    publish("coach/desk/event", '{"event_type": "break_missed"}')
    wait_until("told", lambda: any(t == "test/phone" for t, _ in heard.heard), 10)
    seen("automation: a break was missed", next(p for t, p in heard.heard if t == "test/phone"))

    steps = {"steps": [{"level": 1.0, "seconds": 0.2, "glide": False}]}
    publish("coach/desk/lamp/attributes", json.dumps(steps))
    publish("coach/desk/lamp", "due")
    wait_until("a lit lamp", lambda: any(t == "test/light/set" for t, _ in heard.heard), 10)
    publish("coach/desk/lamp", "idle")
    wait_until("a dark lamp", lambda: '"OFF"' in heard.heard[-1][1], 10)
    orders = [p for t, p in heard.heard if t == "test/light/set"]
    seen("automation: a lamp that follows", f"{orders[0]} ... {orders[-1]}")
    heard.close()


class Listener:
    """What Home Assistant tells the imaginary devices."""

    def __init__(self, house: House) -> None:
        self.heard: list[tuple[str, str]] = []
        up: list[bool] = []

        def take(fact: Fact) -> None:
            if isinstance(fact, Connected):
                up.append(True)
            elif isinstance(fact, Heard):
                self.heard.append((fact.topic, fact.payload.decode()))

        self._line = Connection(house.access, "devices", take, filters=("test/#",))
        self._line.start()
        wait_until("a listener", lambda: bool(up))

    def publish(self, topic: str, text: str) -> None:
        self._line.publish(Message(topic, text.encode(), retain=topic.startswith("test/")))

    def close(self) -> None:
        self._line.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True, help="a folder to be made for Home Assistant")
    parser.add_argument(
        "start", nargs=argparse.REMAINDER, help="what starts Home Assistant with that folder"
    )
    asked = parser.parse_args()
    seen = Seen()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        broker = Mosquitto(folder)
        home = HomeAssistant(asked.start, Path(asked.config))
        coach = Assistant(folder / "coach", broker.port)
        try:
            try_it(home, broker, coach, seen)
        except AssertionError as error:
            seen("it went no further", str(error), right=False)
        finally:
            for one in (coach, home, broker):
                try:
                    one.stop()
                except (AssertionError, subprocess.TimeoutExpired):
                    continue
    return 1 if seen.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
