"""What systemd is told, over a real socket, and when its watchdog goes hungry."""

import math
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.machine.systemd import Service
from tests.product import Folders, command

PATIENCE_S = 12.0


@pytest.fixture
def ear() -> Iterator[tuple[socket.socket, str]]:
    """A socket as systemd listens at, and its address."""
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening,
    ):
        address = f"{folder}/notify"
        listening.bind(address)
        listening.settimeout(30)
        yield listening, address


def told(listening: socket.socket) -> list[str]:
    """All that waits there."""
    listening.setblocking(False)
    words = []
    while True:
        try:
            words.append(listening.recv(1000).decode())
        except BlockingIOError:
            return words


def under_systemd(address: str, **more: str) -> dict[str, str]:
    return {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": str(int(PATIENCE_S * 1e6)), **more}


def test_it_is_told_of_the_beginning_and_the_end(ear: tuple[socket.socket, str]) -> None:
    listening, address = ear
    service = Service(under_systemd(address))
    service.ready()
    service.turn(100.0)
    service.ending()
    assert told(listening) == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


def test_the_watchdog_is_fed_thrice_in_its_patience_and_not_at_every_turn(
    ear: tuple[socket.socket, str],
) -> None:
    """A thousand turns in two patiences are about a dozen meals, none later than a third of it."""
    listening, address = ear
    service = Service(under_systemd(address))
    assert service.beat_s == PATIENCE_S / 3
    for turn in range(1001):
        service.turn(turn * 2 * PATIENCE_S / 1000)
    assert 7 <= len(told(listening)) <= 13


def test_a_child_that_nobody_looks_after_leaves_the_watchdog_hungry(
    ear: tuple[socket.socket, str],
) -> None:
    """Neither the voice nor the ear may be given up; when both are looked after it is fed again."""
    listening, address = ear
    health = {"voice": True, "ear": True}
    service = Service(under_systemd(address), (lambda: health["voice"], lambda: health["ear"]))
    for part in health:
        health[part] = False
        service.turn(1000.0)
        assert told(listening) == []
        health[part] = True
    service.turn(1000.0)
    assert told(listening) == ["WATCHDOG=1"]


def test_an_abstract_address_is_understood() -> None:
    """Some managers have a socket without a file, written with an @."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0exercise-assistant-{os.getpid()}")
        Service({"NOTIFY_SOCKET": f"@exercise-assistant-{os.getpid()}"}).ready()
        assert told(listening) == ["READY=1"]


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({}, id="started by hand"),
        pytest.param({"WATCHDOG_USEC": "1000000"}, id="a watchdog without an address"),
        pytest.param({"NOTIFY_SOCKET": "/nowhere/at/all"}, id="nobody listens"),
        pytest.param({"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "soon"}, id="no number"),
        pytest.param(
            {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "9000000", "WATCHDOG_PID": "1"},
            id="another process is watched",
        ),
    ],
)
def test_without_a_watchdog_the_pump_may_rest_as_long_as_it_likes(
    environment: dict[str, str],
) -> None:
    """And telling nobody is no error."""
    service = Service(environment)
    service.ready()
    service.turn(1.0)
    service.ending()
    assert service.beat_s == math.inf


def test_a_manager_that_does_not_listen_holds_nothing_up(ear: tuple[socket.socket, str]) -> None:
    """Its queue is full: what doesn't go in is dropped, and no turn waits for it."""
    listening, address = ear
    service = Service(under_systemd(address))
    for turn in range(5000):
        service.turn(turn * PATIENCE_S)
    assert 0 < len(told(listening)) < 5000


def test_the_program_tells_that_it_is_ready_alive_and_ending(
    ear: tuple[socket.socket, str], tmp_path: Path
) -> None:
    """The whole program under a watchdog of three seconds: ready, a meal each second, an end."""
    listening, address = ear
    environment = os.environ | Folders(tmp_path).env() | under_systemd(address)
    environment["WATCHDOG_USEC"] = "3000000"
    nothing = tmp_path / "asound.conf"
    nothing.write_text("")
    environment["ALSA_CONFIG_PATH"] = str(nothing)
    program = subprocess.Popen(
        command("run", "--plain"),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert listening.recv(100) == b"READY=1"
        assert [listening.recv(100) for _ in range(3)] == [b"WATCHDOG=1"] * 3
        program.send_signal(signal.SIGTERM)
        while (words := listening.recv(100)) == b"WATCHDOG=1":
            pass
        assert words == b"STOPPING=1"
        assert program.wait(20) == 0
    finally:
        program.kill()
        program.wait()


def test_only_a_leading_at_sign_means_an_address_without_a_file(tmp_path: Path) -> None:
    """Anywhere else it is a letter of the path."""
    path = str(tmp_path / "user@1000")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(path)
        listening.settimeout(1.0)
        Service({"NOTIFY_SOCKET": path}).ready()
        assert listening.recv(100) == b"READY=1"
