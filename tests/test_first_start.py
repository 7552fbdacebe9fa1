"""A first start of the whole program in a room: heard by voice, once, and asked for again."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from assistant.content import welcome_sentences as said
from tests import room as rooms
from tests.outside.page_process import free_port
from tests.product import Assistant, Folders, command
from tests.room import Room
from tests.synthetic import Speaker, voices

pytestmark = [
    pytest.mark.skipif(bool(rooms.missing()), reason="no room without pulseaudio"),
    pytest.mark.skipif(not voices(), reason="no synthetic voice: espeak-ng or flite is missing"),
    pytest.mark.timeout(240),
]


def types(environment: Mapping[str, str], *words: str) -> str:
    done = subprocess.run(
        command(*words), env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_it_is_told_at_the_first_start_and_then_when_it_is_asked_for(
    speaker: Speaker, tmp_path: Path
) -> None:
    """What was said is heard and told; "welcome" is told again by the one that runs, or by the
    next; a start of itself only greets."""
    folders = Folders(tmp_path)
    (folders.config / "config.toml").write_text(
        f'[page]\non = true\nport = {free_port()}\naddress = "127.0.0.1"\n'
    )
    with Room() as room:
        environment = room.env() | folders.env()
        with Assistant(["run"], environment) as first:
            first.wait_said(said.CAN_I_HEAR)
            first.wait_listening(60.0)
            room.loudspeaker.wait_quiet(1.0)
            room.play(speaker.say(voices()[0], "yes"))
            yes = first.wait_asked("yes", "voice")
            assert yes.orders("Say", text=said.HEARD.format(heard="yes"))
            assert yes.orders("Say", text=said.TOGETHER)
            first.type("stop")
            first.wait_said(said.ANOTHER_TIME.format(wake="hey coach"))
            assert types(environment, "welcome") == "It tells you now.\n"
            first.wait_said(said.WHO)
        with Assistant(["run"], environment) as second:
            second.wait_listening()
            assert said.WHO not in [text for _, text in second.said()]
        assert "assistant run" in types(environment, "welcome")
        with Assistant(["run"], environment) as third:
            third.wait_said(said.WHO)
