"""The microphone in a room of its own: checked, lost, found."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.coach.effects import Context
from assistant.hearing.models import shipped
from tests.hearing.setting import commands
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
def lines_of(process: "subprocess.Popen[str]") -> Iterator[Callable[[str, float], str]]:
    """Wait for a line that holds a text; the process is ended at last."""
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None

    def read(stream: Any) -> None:
        for line in stream:
            lines.put(line)
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


def listening(room: Room) -> "subprocess.Popen[str]":
    """The child that listens, as the worker starts it, which tries again by itself."""
    child = subprocess.Popen(
        [sys.executable, "-m", "assistant.hearing.listener"],
        env=room.env(),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert child.stdin is not None
    first = {
        "model": str(shipped()),
        "microphone": "microphone",
        "commands": {context: dict(phrases) for context, phrases in commands().items()},
        "context": Context.SESSION,
    }
    child.stdin.write(json.dumps(first) + "\n")
    return child


def test_a_microphone_that_is_plugged_in_later_is_found_by_its_name(room: Room) -> None:
    """The server's end is the microphone's; the waiting process needs no new start."""
    room.stop_server()
    with lines_of(listening(room)) as wait:
        assert "microphone" in wait('"lost"', 20)
        room.start_server()
        assert '"microphone' in wait('"found"', 20)
        room.play(said(room, "stop"), wait=False)
        wait('"heard": "stop"', 20)


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
