"""A person talks over the assistant, live; how often and how soon is measured by `barge_in`."""

import os
from pathlib import Path

import pytest

from tests.product import Folders, OwnVoice
from tests.room import RATE_HZ, find, missing
from tests.synthetic import Speaker, voices
from tests.test_room import Stage, stage

ASKED = "list routines"
"""The longest answer that needs no preparation."""
INTO_S = 1.4
END_S = 1.0
"""Of that answer: what is never heard when it was cut."""

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=f"no room without {' '.join(missing())}"),
    pytest.mark.skipif(not voices(), reason="no synthetic voice: espeak-ng or flite is missing"),
    pytest.mark.timeout(120),
]


def talked_over(on: Stage, word: Path) -> tuple[float, str, bool]:
    """When it began to say what, and whether a word was taken that was said over it."""
    on.assistant.type(ASKED)
    on.assistant.wait_asked("list")
    at, text = on.assistant.said()[-1]
    on.room.loudspeaker.wait_sound(at)
    on.room.loudspeaker.wait_until(at + INTO_S)
    on.room.play(word)
    on.room.loudspeaker.wait_quiet(1.0)
    return at, text, "stop" in on.assistant.commands("voice")


def test_stop_is_heard_over_its_own_voice_and_cuts_the_sentence(
    speaker: Speaker, tmp_path: Path
) -> None:
    """Up to three people say it, one after the other, as on a busy machine one may be missed."""
    folders = Folders(tmp_path / "person")
    own = OwnVoice(tmp_path, os.environ | folders.env())
    words = [speaker.say(voice, "stop") for voice in (voices() * 3)[:3]]
    with stage(folders, speaker, tmp_path / "state", echo=(60, -20.0)) as on:
        on.assistant.wait_listening()
        tries = (talked_over(on, word) for word in words)
        taken = next((one for one in tries if one[2]), None)
        assert taken is not None, "nobody was heard over its voice"
        at, text, _ = taken
        end = own.samples(text)[-round(END_S * RATE_HZ) :]
        assert not find(on.room.record(at), end, at_least=0.4), "the sentence wasn't cut"
