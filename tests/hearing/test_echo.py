"""Its own voice in its ear: taken out, known, and never a command; a person over it is heard."""

from __future__ import annotations

import random
from array import array
from pathlib import Path

import pytest

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.ear import Ear
from assistant.hearing.echo import Echo, available
from assistant.hearing.level_gate import BLOCK_S
from assistant.sound.pcm import level_db
from tests.hearing.setting import accepted, new_ear
from tests.hearing.voices import ESPEAK, hiss, lacking, quiet, speech

RATE_HZ = 16000
DELAY = round(0.12 * RATE_HZ)
SIZE = round(BLOCK_S * RATE_HZ)
OURS, PERSON = ESPEAK[3], ESPEAK[0]
STORY = (
    "Lie on your back, with your knees bent and your feet flat. Breathe in, and flatten your back "
    "into the floor as you breathe out. Keep your shoulders loose. Then let go, and rest a little."
)

pytestmark = [
    pytest.mark.skipif(not available(), reason="libspeexdsp1 is not installed"),
    pytest.mark.skipif(bool(lacking(OURS)), reason="espeak-ng is not installed"),
]


def ours(text: str, folder: Path) -> array[int]:
    """What the loudspeaker plays, at the microphone's rate."""
    rate_hz, said = speech(OURS, text, folder)
    step = rate_hz / RATE_HZ
    return array("h", (said[int(i * step)] for i in range(int(len(said) / step))))


def echo_of(played: array[int], gain: float) -> array[int]:
    late = array("h", bytes(2 * DELAY)) + played
    hiss = quiet(RATE_HZ, len(late) / RATE_HZ)
    return array("h", (round(gain * a) + b for a, b in zip(late, hiss, strict=True)))[: len(played)]


def over(echo: array[int], word: array[int], at: int) -> array[int]:
    mixed = array("h", echo)
    for place, sample in enumerate(word, at):
        mixed[place] = max(-32768, min(32767, mixed[place] + sample))
    return mixed


def hear(ear: Ear, microphone: array[int], played: array[int]) -> list[Command | None]:
    heard = []
    for start in range(0, len(microphone) - SIZE + 1, SIZE):
        part = slice(start, start + SIZE)
        heard += ear.hear(microphone[part].tobytes(), played[part].tobytes(), RATE_HZ)
    return accepted(heard)


def used_to_itself(folder: Path, gain: float) -> tuple[Ear, array[int]]:
    """An ear that has heard its own voice for a while, and what that voice says next."""
    played = ours(STORY, folder) + array("h", bytes(2 * RATE_HZ))
    ear = new_ear(RATE_HZ, Context.SPEAKING)
    assert hear(ear, echo_of(played, gain), played) == []
    return ear, played


@pytest.mark.parametrize("gain", [0.5, 0.1])
@pytest.mark.parametrize("word", ["stop", "pause"])
def test_a_person_is_heard_over_its_own_voice(gain: float, word: str, tmp_path: Path) -> None:
    """As loud as the echo of it."""
    ear, played = used_to_itself(tmp_path, gain)
    rate_hz, said = speech(PERSON, word, tmp_path)
    step = rate_hz / RATE_HZ
    person = array("h", (round(gain * said[int(i * step)]) for i in range(int(len(said) / step))))
    microphone = over(echo_of(played, gain), person, 4 * RATE_HZ)
    assert hear(ear, microphone, played) == [Command(word)]


@pytest.mark.parametrize("gain", [0.5, 0.1])
def test_its_own_words_are_no_commands(gain: float, tmp_path: Path) -> None:
    ear, _ = used_to_itself(tmp_path, gain)
    for text in ("Stop.", "To end, say stop.", "Paused.", "Pause.", "That hurts."):
        ear.saying = frozenset(text.lower().strip(".").replace(",", "").split())
        played = ours(text, tmp_path) + array("h", bytes(2 * RATE_HZ))
        assert hear(ear, echo_of(played, gain), played) == [], text


def test_what_is_played_is_taken_out_of_what_is_heard(tmp_path: Path) -> None:
    """By 12 dB at least, after some seconds, whatever rate it is played at."""
    played = ours(STORY, tmp_path)
    heard = echo_of(played, 0.5)
    echo, before_db, after_db = Echo(RATE_HZ), [], []
    for start in range(0, len(heard) - SIZE + 1, SIZE):
        block = heard[start : start + SIZE].tobytes()
        cleaned = echo.hear(block, played[start : start + SIZE].tobytes(), RATE_HZ)
        if start > 5 * RATE_HZ and level_db(block) > -40:
            before_db.append(level_db(block))
            after_db.append(level_db(cleaned))
    assert sum(before_db) / len(before_db) - sum(after_db) / len(after_db) > 12


def test_without_anything_played_nothing_is_changed() -> None:
    chance = random.Random(1)
    echo = Echo(RATE_HZ)
    for _ in range(20):
        block = array("h", (chance.randrange(-9000, 9000) for _ in range(SIZE))).tobytes()
        assert echo.hear(block, b"", 0) == block
    assert not echo.sounding


def test_when_its_voice_is_elsewhere_in_time_it_trusts_what_it_hears_less(tmp_path: Path) -> None:
    """After a gap in the sound the echo isn't taken out for a while, and is expected loud."""
    ear, _ = used_to_itself(tmp_path, 0.5)
    played = ours("To end, say stop.", tmp_path) + array("h", bytes(2 * RATE_HZ))
    ear.unsettle()
    late = array("h", bytes(2 * round(0.05 * RATE_HZ))) + played
    assert hear(ear, echo_of(late, 0.5)[: len(played)], played) == []


def test_what_was_heard_over_its_own_voice_and_refused_is_expected_from_then_on(
    tmp_path: Path,
) -> None:
    """The room has become louder (a door was closed): all that is too much for a person's word
    raises what its own voice is taken for."""
    ear, played = used_to_itself(tmp_path, 0.1)
    before_db = ear._echo._remains_db
    loud = hiss(RATE_HZ, -20.0) + quiet(RATE_HZ, 3.0)
    opened = False
    for start in range(0, len(loud) - SIZE + 1, SIZE):
        ours_now = played[RATE_HZ + start : RATE_HZ + start + SIZE].tobytes()
        assert ear.hear(loud[start : start + SIZE].tobytes(), ours_now, RATE_HZ) == [] or opened
        opened = opened or ear._open is not None
        if opened and ear._open is None:
            break
    assert opened
    assert ear._echo._remains_db > before_db + 3
