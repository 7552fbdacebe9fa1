"""The process between door and broker, started as the assistant starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.config.keys import Config
from assistant.config.outside_keys import Mqtt
from assistant.outside import mqtt
from assistant.outside.mqtt_broker import Message
from tests.mosquitto import Mosquitto, needed, running
from tests.outside.home import Coach, House
from tests.product import ROOT

pytestmark = needed
RIGHTS = (ROOT / "deploy" / "home-assistant.md").read_text().split("<!-- rights -->\n```\n")[1]
RIGHTS = RIGHTS.split("```")[0]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """With the rights that the documentation lists, for two desks, and a house that may all."""
    folder = tmp_path_factory.mktemp("broker")
    passwords, rights = folder / "passwords", folder / "rights"
    for user in ("desk", "other", "house"):
        more = ["-c"] if user == "desk" else []
        subprocess.run(["mosquitto_passwd", *more, "-b", passwords, user, user], check=True)
        (folder / user).write_text(user)
    rights.write_text(f"{RIGHTS}\n{RIGHTS.replace('desk', 'other')}\nuser house\ntopic #\n")
    with running(folder, f"password_file {passwords}\nacl_file {rights}\n") as one:
        yield one


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(broker: Mosquitto, tmp_path: Path) -> Iterator[Start]:
    """Starts the process, with a configuration of its own and its door in `tmp_path`."""
    children: list[subprocess.Popen[str]] = []

    def started(
        *more: str, on: bool = True, stdin: int = subprocess.PIPE
    ) -> "subprocess.Popen[str]":
        file = tmp_path / "config.toml"
        file.write_text(
            f'[mqtt]\non = {str(on).lower()}\nhost = "127.0.0.1"\nport = {broker.port}\n'
            f'user = "desk"\npassword_file = "{broker.folder / "desk"}"\nname = "desk"\n'
        )
        child = subprocess.Popen(
            [sys.executable, "-P", *more, "-m", "assistant.outside.mqtt", str(file)],
            stdin=stdin,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        )
        children.append(child)
        return child

    yield started
    for child in children:
        child.kill()
        with child:  # closes its pipes
            child.wait()


@pytest.fixture
def coach(tmp_path: Path) -> Iterator[Coach]:
    one = Coach(tmp_path / "exercise-assistant")
    yield one
    one.close()


@pytest.fixture
def house(broker: Mosquitto) -> Iterator[House]:
    one = House(broker, user="house", password_file=broker.folder / "house")
    yield one
    one.close()


def test_with_the_least_rights_it_is_found_obeys_and_ends(
    broker: Mosquitto, coach: Coach, house: House, start: Start
) -> None:
    """When its parent lets go of it, or goes away, it says good-bye."""
    child = start()
    house.shows("availability", "online", 20)
    assert house.name.discovery in house.last
    assert house.ask("here", "OFF")["obeyed"]
    house.shows("here", "OFF")
    assert child.stdin is not None
    child.stdin.close()
    house.shows("availability", "offline", 5)
    assert child.wait(5) == 0


def test_one_that_is_killed_is_seen_to_be_gone(
    broker: Mosquitto, coach: Coach, house: House, start: Start
) -> None:
    """By its will; and a service, which has no input that could be closed, when it is ended."""
    for number, code in ((signal.SIGKILL, -9), (signal.SIGTERM, 0)):
        child = start(stdin=subprocess.DEVNULL)
        house.shows("availability", "online", 20)
        child.send_signal(number)
        assert child.wait(5) == code
        house.shows("availability", "offline", 5)


def test_a_desks_password_opens_no_other_desk(
    broker: Mosquitto, coach: Coach, house: House, start: Start
) -> None:
    """Whoever stole it can neither speak for another one nor read it."""
    child = start()
    house.shows("availability", "online", 20)
    thief = House(broker, user="other", password_file=broker.folder / "other")
    before = len(coach.events)
    for topic in ("start/set", "state", "availability", "answer"):
        thief.line.publish(Message(thief.name.topic(topic), b"PRESS", retain=True))
    thief.line.publish(Message(thief.name.discovery, b"", retain=True))
    assert house.ask("pause")["command"] == "pause"
    assert len(coach.events) == before + 1
    assert house.state("availability") == "online"
    assert house.last[house.name.discovery]
    assert not thief.heard
    thief.close()
    child.terminate()
    assert child.wait(5) == 0


def test_switched_off_it_ends_at_once_and_loads_no_library(start: Start) -> None:
    child = start("-X", "importtime", on=False)
    _, errors = child.communicate(timeout=20)
    assert child.returncode == 0
    assert "assistant.outside" in errors
    assert "paho" not in errors


def test_a_coach_without_it_imports_nothing_of_it() -> None:
    """The whole program, as `run` loads it."""
    code = (
        "import sys; import assistant.app\n"
        "print([m for m in sys.modules if m.startswith(('paho', 'ssl', 'assistant.outside.'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "['assistant.outside.helper_processes']\n"


def test_a_services_credential_is_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless a file is named."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    credential, other = tmp_path / mqtt.CREDENTIAL, tmp_path / "other"
    assert mqtt.access(Config()).password_file is None
    credential.touch()
    assert mqtt.access(Config()).password_file == credential
    named = Config(mqtt=Mqtt(password_file=str(other)))
    assert mqtt.access(named).password_file == other


def test_a_broker_that_stands_still_is_left_and_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection may die without a word: a cable, a Wi-Fi, a virtual machine that is moved."""
    monkeypatch.setattr("assistant.outside.mqtt_broker.KEEPALIVE_S", 1)
    monkeypatch.setattr("assistant.outside.mqtt_broker.LOOK_S", 0.2)
    with running(tmp_path) as broker:
        house = House(broker)
        broker.hold()
        until = time.monotonic() + 15
        while house.line.publish(Message("x", b"")):
            assert time.monotonic() < until
            time.sleep(0.1)
        broker.go_on()
        house.wait_for_connection()
        house.close()
