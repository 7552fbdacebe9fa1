"""What the sound server says of a recording: a microphone's, or what the loudspeaker plays."""

import os
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.sound.sound_server import PATIENCE_S, Recording, SoundServer
from tests.room import Room


@contextmanager
def recording_from(source: str) -> Iterator[int]:
    child = subprocess.Popen(["parec", f"--device={source}"], stdout=subprocess.DEVNULL)
    try:
        yield child.pid
    finally:
        child.kill()
        child.wait()


def settled(server: SoundServer, pid: int, *known: Recording) -> bool:
    """Whether it comes to be known as one of these."""
    limit = time.monotonic() + 5
    while time.monotonic() < limit:
        if server.recordings(pid) in [[one] for one in known]:
            return True
        threading.Event().wait(0.02)
    return False


MICROPHONE = Recording("microphone", monitor=False)
MONITORS = [Recording(f"{name}.monitor", monitor=True) for name in ("loudspeaker", "mouth")]
NOTHING = Recording("", monitor=False)
"""PipeWire 1.6 moves a recording no more: nothing comes from it, which `Arrival` notices."""


def test_a_microphone_and_a_monitor_are_told_apart(home: Room) -> None:
    asked = SoundServer()
    assert asked.recordings(os.getpid()) == [], "we record nothing"
    with recording_from("microphone") as pid:
        assert settled(asked, pid, MICROPHONE)
        home.unplug_microphone()
        assert settled(asked, pid, *MONITORS, NOTHING), "it is from the microphone no more"
    with recording_from("loudspeaker.monitor") as pid:
        assert settled(asked, pid, MONITORS[0])


def test_while_no_recording_begins_ends_or_moves_one_question_is_enough(home: Room) -> None:
    """It is asked each second, all day."""
    asked = SoundServer()
    with recording_from("microphone") as pid:
        assert settled(asked, pid, MICROPHONE)
        before = asked.questions
        assert asked.recordings(pid) == [MICROPHONE]
        assert asked.questions == before + 1
        with recording_from("loudspeaker.monitor") as other:
            assert settled(asked, other, MONITORS[0]), "another process is another question"
            assert settled(asked, pid, MICROPHONE)


def test_a_server_that_went_and_came_back_is_asked_again(home: Room) -> None:
    asked = SoundServer()
    assert asked.recordings(1) == []
    home.stop_server()
    assert asked.recordings(1) is None
    home.start_server()
    assert asked.recordings(1) == []


@pytest.mark.parametrize(
    "says",
    [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", struct.pack(">5I", 1 << 30, 0xFFFFFFFF, 0, 0, 0)],
)
def test_what_is_no_sound_server_is_none(
    says: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for one that never answers, either."""
    path = tmp_path / "native"
    monkeypatch.setenv("PULSE_SERVER", f"unix:{path}")
    asked = SoundServer()
    assert asked.recordings(1) is None
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def answer() -> None:
            connection, _ = listening.accept()
            connection.sendall(says)
            threading.Event().wait(1.5)
            connection.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        began = time.monotonic()
        assert asked.recordings(1) is None
        assert time.monotonic() - began < PATIENCE_S + 0.5
        thread.join()
