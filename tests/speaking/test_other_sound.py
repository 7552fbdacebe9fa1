"""Other sound on the machine is turned down while it speaks, and always comes back."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.sound.sound_server import Player, SoundServer
from assistant.speaking.other_sound import SHARE, OtherSound
from tests.room import RATE_HZ, Room, level_db

FULL = 65536
LOW = round(FULL * SHARE)


@contextmanager
def music(home: Room, *more: str) -> Iterator[None]:
    """Another program that plays one low note."""
    path = home.folder / "music.wav"
    times = np.arange(30 * RATE_HZ) / RATE_HZ
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * 220 * times), RATE_HZ)
    player = subprocess.Popen(["paplay", "--device=loudspeaker", *more, str(path)], env=home.env())
    try:
        yield
    finally:
        player.kill()
        player.wait()


def becomes(right: Callable[[], bool], within_s: float = 8.0) -> bool:
    limit = time.monotonic() + within_s
    while not right():
        if time.monotonic() > limit:
            return False
        threading.Event().wait(0.03)
    return True


def volume(server: SoundServer) -> int:
    """How high the one player's volume is; -1: nothing plays."""
    players = server.players() or [Player(0, "", (-1,))]
    return players[0].volumes[0]


def near(server: SoundServer, wanted: int) -> Callable[[], bool]:
    return lambda: abs(volume(server) - wanted) < 300


SPEAKS = """
import sys, time
from assistant.speaking.other_sound import OtherSound
OtherSound(sys.argv[1]).speaks(True)
time.sleep(60)
"""


def test_what_plays_is_softer_while_it_speaks_and_comes_back(home: Room, tmp_path: Path) -> None:
    """Heard in the room: 12 dB. Nothing is noted any more afterwards."""
    note, server = tmp_path / "lowered.json", SoundServer()
    with music(home):
        assert becomes(near(server, FULL))
        began = home.loudspeaker.wait_sound(time.monotonic())
        home.loudspeaker.wait_until(began + 0.6)
        others = OtherSound(str(note))
        others.speaks(True)
        assert becomes(near(server, LOW))
        assert note.exists()
        low = time.monotonic() + 0.3
        home.loudspeaker.wait_until(low + 0.4)
        others.speaks(False)
        assert becomes(near(server, FULL))
        high = time.monotonic() + 0.3
        home.loudspeaker.wait_until(high + 0.4)
        others.close()
        heard = [
            float(np.median(level_db(home.record().between(at, at + 0.3).samples)))
            for at in (began + 0.2, low, high)
        ]
        assert heard[0] - heard[1] == pytest.approx(12.0, abs=1.5)
        assert heard[2] == pytest.approx(heard[0], abs=1.0)
        assert not note.exists()


def test_a_program_that_is_killed_leaves_nothing_turned_down(home: Room, tmp_path: Path) -> None:
    """The next start reads the note, though it speaks no word."""
    note, server = tmp_path / "lowered.json", SoundServer()
    with music(home):
        assert becomes(near(server, FULL))
        child = subprocess.Popen([sys.executable, "-c", SPEAKS, str(note)])
        assert becomes(near(server, LOW))
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert near(server, LOW)()
        others = OtherSound(str(note))
        assert becomes(near(server, FULL))
        others.close()
        assert not note.exists()


PROGRAM = """
import sys, time
from assistant.coach.effects import Priority, Say
from assistant.speaking.speaker import Speaking
speaking = Speaking(
    print, voice="gmw/en-us", rate_wpm=99, volume=0.5, loudspeaker="loudspeaker",
    lowered=sys.argv[1],
)
speaking.start()
speaking(Say(1, "On and on, and on and on, and on. " * 8, Priority.CUE, 20.0))
time.sleep(60)
"""


def test_the_whole_program_turns_it_down_for_its_words_and_its_death_undoes_it(
    home: Room, tmp_path: Path
) -> None:
    """What speaks outlives the program for as long as it takes."""
    note, server = tmp_path / "lowered.json", SoundServer()
    with music(home):
        assert becomes(near(server, FULL))
        program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(note)], stdout=subprocess.DEVNULL
        )
        assert becomes(near(server, LOW), 15.0)
        program.kill()
        program.wait()
        assert becomes(near(server, FULL))
        assert becomes(lambda: not note.exists())


def test_who_moves_the_volume_meanwhile_means_it(home: Room, tmp_path: Path) -> None:
    server = SoundServer()
    with music(home):
        assert becomes(near(server, FULL))
        others = OtherSound(str(tmp_path / "lowered.json"))
        others.speaks(True)
        assert becomes(near(server, LOW))
        [player] = server.players() or []
        assert server.set_volumes(player.index, (LOW // 2,) * len(player.volumes))
        others.close()
        assert near(server, LOW // 2)()


def test_a_call_and_a_screen_reader_are_left_as_they_are(home: Room) -> None:
    """By their role."""
    server = SoundServer()
    for role in ("phone", "a11y"):
        with music(home, f"--property=media.role={role}"):
            home.loudspeaker.wait_sound(time.monotonic())
            assert server.players() == []


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '[{"name": "x"}]', '[{"name": 1, "before": "a"}]']
)
def test_a_note_that_cant_be_read_is_none(text: str, tmp_path: Path) -> None:
    note = tmp_path / "lowered.json"
    note.write_text(text)
    others = OtherSound(str(note))
    others.speaks(True)
    others.close()
    assert note.read_text() == text


def test_what_was_turned_down_and_doesnt_play_is_remembered(home: Room, tmp_path: Path) -> None:
    """A power cut: servers remember the volume of a program, so the note stays until it plays."""
    note, server = tmp_path / "lowered.json", SoundServer()
    entry = {"name": "paplay", "before": [FULL], "to": [LOW]}
    note.write_text(json.dumps([entry]))
    others = OtherSound(str(note))
    others.close()
    assert json.loads(note.read_text()) == [entry]
    with music(home):
        assert becomes(near(server, FULL))
        [player] = server.players() or []
        assert server.set_volumes(player.index, (LOW,) * len(player.volumes))
        OtherSound(str(note)).close()
        assert near(server, FULL)()
        assert not note.exists()
