"""The microphone in a room of its own: checked, lost, found."""

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.coach.effects import Context, SetEar
from assistant.hearing.door import settings
from assistant.hearing.models import shipped
from assistant.machine.messages import encode
from tests.hearing.setting import UNDERSTANDING
from tests.hearing.voices import lacking, quiet, save, sentence
from tests.room import Room

VOICE = "espeak:en-us"
ROOT = Path(__file__).resolve().parents[2]
CYCLES = 2


@pytest.fixture(autouse=True)
def _needs_speech() -> None:
    if missing := lacking(VOICE):
        pytest.skip(f"{missing} is not installed: no synthetic speech")


def said(room: Room, text: str, **options: float) -> Path:
    rate_hz, samples, _ = sentence(VOICE, text, room.folder, **options)
    return save(room.folder / "said.wav", rate_hz, samples)


@contextmanager
def lines_of(
    process: "subprocess.Popen[str]", kept: list[str] | None = None
) -> Iterator[Callable[[str, float], str]]:
    """Wait for a line that holds a text, and keep all; the process is ended at last."""
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None

    def read(stream: Any) -> None:
        for line in stream:
            lines.put(line)
            if kept is not None:
                kept.append(line)
        lines.put("")

    reader = threading.Thread(target=read, args=(process.stdout,), daemon=True)
    reader.start()

    def wait(text: str, within_s: float) -> str:
        limit = time.monotonic() + within_s
        while line := lines.get(timeout=max(0.01, limit - time.monotonic())):
            if text in line:
                return line
        raise AssertionError(f"it ended without {text!r}")

    try:
        yield wait
    finally:
        process.kill()
        process.wait()
        reader.join()


def assistant(room: Room, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "assistant", *words],
        env=room.env() | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_guided_check_hears_the_sentence_and_says_good(room: Room) -> None:
    hiss = save(room.folder / "hiss.wav", 16000, quiet(16000, 30.0, -60.0))
    player = room.play(hiss, wait=False)
    try:
        with lines_of(assistant(room, "mic", "--check")) as wait:
            wait("Microphone ", 20)
            wait("Now say", 20)
            room.play(said(room, "hey coach, start lower back"), wait=False)
            wait("The room has -6", 20)
            wait("Good.", 5)
    finally:
        player.kill()
        player.wait()


def listening(room: Room, microphone: str = "microphone") -> "subprocess.Popen[str]":
    """The child that listens, as the worker starts it, which tries again by itself."""
    child = subprocess.Popen(
        [sys.executable, "-m", "assistant.hearing.listener"],
        # Whoever names no microphone gets the server's choice, not the room's.
        env={name: value for name, value in room.env().items() if name != "PULSE_SOURCE"},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert child.stdin is not None
    first = settings(UNDERSTANDING, model=shipped(), microphone=microphone)
    child.stdin.write(encode(replace(first, context=Context.SESSION)) + "\n")
    return child


def test_a_microphone_that_is_plugged_in_later_is_found_by_its_name(room: Room) -> None:
    """The server's end is the microphone's; the waiting process needs no new start."""
    room.stop_server()
    with lines_of(listening(room)) as wait:
        assert "microphone" in wait('"Lost"', 20)
        room.start_server()
        assert '"microphone' in wait('"Opened"', 20)
        room.play(said(room, "stop"), wait=False)
        wait('"Heard","text":"stop"', 20)


def test_lost_and_found_it_hears_again_every_time(room: Room) -> None:
    stop = said(room, "stop")
    with lines_of(assistant(room, "mic", "--microphone", "microphone")) as wait:
        wait("Microphone ", 20)
        for _ in range(CYCLES):
            room.stop_server()
            wait("Lost: ", 20)
            room.start_server()
            wait("Microphone ", 20)
            room.play(stop, wait=False)
            wait("stop  (", 20)


SOON_S = 3.0
"""Within which a person is told that the microphone is gone, and heard again when it is back."""


def film(room: Room) -> "subprocess.Popen[bytes]":
    """What the loudspeaker plays: somebody says "pause" over and over, from another program."""
    rate_hz, samples, _ = sentence(VOICE, "pause", room.folder, before_s=0.2, after_s=0.6)
    wav = save(room.folder / "film.wav", rate_hz, samples * 20)
    return subprocess.Popen(["paplay", "--device=loudspeaker", str(wav)], env=room.env())


@pytest.mark.parametrize("microphone", ["microphone", ""])
def test_a_microphone_that_is_gone_is_noticed_though_sound_still_comes(
    room: Room, microphone: str
) -> None:
    """The server moves the recording to what the loudspeaker plays, and hands that out for new
    ones too. Nothing of it is obeyed, by name or by default."""
    stop, played = said(room, "stop"), film(room)
    lines: list[str] = []
    try:
        with lines_of(listening(room, microphone), lines) as wait:
            wait('"Opened"', 20)
            for _ in range(CYCLES):
                room.unplug_microphone()
                wait('"Lost"', SOON_S)
                time.sleep(2.5)  # long enough to take the monitor for one that was plugged in
                room.plug_in_microphone()
                wait('"Opened"', SOON_S)
                room.play(stop, wait=False)
                wait('"Heard","text":"stop"', 20)
    finally:
        played.kill()
        played.wait()
    assert not [line for line in lines if '"pause"' in line and '"Heard"' in line]
    assert sum('"Opened"' in line for line in lines) == 1 + CYCLES


def test_no_monitor_is_taken_for_a_microphone_that_was_never_there(room: Room) -> None:
    room.unplug_microphone()
    with lines_of(listening(room, "")) as wait:
        assert "no microphone" in wait('"Lost"', 20)
        room.plug_in_microphone()
        wait('"Opened"', 20)


def test_the_microphone_s_device_is_let_go_and_opened_again(room: Room) -> None:
    """A closed ear: the server itself sees nobody record."""
    child = listening(room)
    assert child.stdin is not None
    with lines_of(child) as wait:
        wait('"Opened"', 20)
        assert recording(room, child.pid)
        child.stdin.write(encode(SetEar(False)) + "\n")
        wait('"Closed"', 5)
        assert not recording(room, child.pid)
        child.stdin.write(encode(SetEar(True)) + "\n")
        wait('"Opened"', SOON_S)
        assert recording(room, child.pid)


def recording(room: Room, pid: int) -> bool:
    listed = subprocess.run(
        ["pactl", "list", "source-outputs"], env=room.env(), capture_output=True, text=True
    )
    return f'application.process.id = "{pid}"' in listed.stdout
