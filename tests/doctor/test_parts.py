"""What is tried in a process of its own: devices, and the way of sound between them."""

import json
import subprocess
import sys
from array import array
from pathlib import Path

import numpy as np
import pytest

from assistant.doctor.finding import Grade
from assistant.doctor.parts import echo_path, sound_devices
from tests.room import Room

ROOT = Path(__file__).resolve().parents[2]
RATE_HZ = 16000


def heard(delay_s: float, level_db: float, noise_db: float = -60.0) -> tuple["array[int]", int]:
    """A microphone's sound with the tone in it, and the sample at which it was played."""
    rng = np.random.default_rng(3)
    sound = rng.normal(0, 32768 * 10 ** (noise_db / 20), 3 * RATE_HZ)
    played = RATE_HZ
    tone = np.frombuffer(echo_path.tone(RATE_HZ), np.int16) * 10 ** (level_db / 20)
    first = played + round(delay_s * RATE_HZ)
    sound[first : first + len(tone)] += tone
    return array("h", np.clip(sound, -32768, 32767).astype(np.int16).tobytes()), played


@pytest.mark.parametrize("delay_s", [0.0, 0.037, 0.250, 0.9])
@pytest.mark.parametrize("level_db", [-6.0, -30.0])
def test_delay_and_level_of_an_echo_are_found(delay_s: float, level_db: float) -> None:
    """To 10 ms and 1 dB, in a quiet room."""
    sound, played = heard(delay_s, level_db)
    found = echo_path.find(sound, RATE_HZ, played)
    assert found is not None
    assert found[0] == pytest.approx(delay_s, abs=0.010)
    assert found[1] == pytest.approx(level_db, abs=1.0)


def test_noise_is_no_echo() -> None:
    """Nor is silence."""
    sound, played = heard(0.1, -200.0, noise_db=-30)
    assert echo_path.find(sound, RATE_HZ, played) is None
    assert echo_path.find(array("h", bytes(6 * RATE_HZ)), RATE_HZ, RATE_HZ) is None


@pytest.mark.parametrize(
    ("found", "grade", "word"),
    [
        (None, "ok", "doesn't hear"),
        ((0.09, -20.0), "ok", "90 ms, -20 dB"),
        ((0.09, 4.0), "warn", "very loud"),
        ((0.7, -20.0), "warn", "very late"),
    ],
)
def test_an_echo_is_judged(found: tuple[float, float] | None, grade: str, word: str) -> None:
    judged = echo_path.judge(found)
    assert (judged.grade, bool(judged.mend)) == (grade, grade == "warn")
    assert word in judged.found


def probed(room: Room, part: str, **settings: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "assistant.doctor.parts", part],
        input=json.dumps(
            {"microphone": [], "channel": -1, "gain_db": 0, "loudspeaker": []} | settings
        ),
        stdout=subprocess.PIPE,
        text=True,
        env=room.env() | {"PYTHONPATH": str(ROOT)},
    )
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def test_a_rooms_echo_is_measured(room: Room) -> None:
    """Through the real devices: 12 dB below what was played, and later than the air takes."""
    room.echo(150, -12)
    answer = probed(room, "echo")
    assert answer["grade"] == "ok"
    level_db = int(answer["found"].split(" ms, ")[1].removesuffix(" dB"))
    delay_ms = int(answer["found"].split("after ")[1].split(" ms")[0])
    assert -14 <= level_db <= -10
    assert 50 <= delay_ms <= 450


def test_three_tones_are_played(room: Room) -> None:
    assert probed(room, "tones")["grade"] == "ok"
    sound = room.record()
    spectrum = np.abs(np.fft.rfft(sound.samples))
    assert np.argmax(spectrum) * sound.rate_hz / len(sound.samples) == pytest.approx(1000, abs=5)


def room_of(level_db: float, offset: float = 0.0, seconds: float = 1.0) -> bytes:
    """A quiet room, on a constant offset of this share of full scale."""
    noise = np.random.default_rng(5).normal(offset, 10 ** (level_db / 20), int(seconds * RATE_HZ))
    return bytes(np.clip(noise * 32768, -32768, 32767).astype(np.int16).tobytes())


@pytest.mark.parametrize("offset", [0.0, 0.03, 0.06, -0.06])
def test_a_constant_offset_is_no_sound(offset: float) -> None:
    """As boards with I2S microphones have it: the room is as loud as without."""
    judged = sound_devices.judge(room_of(-50, offset), 1.0, RATE_HZ)
    assert judged.grade is Grade.OK
    assert "level -50 dB" in judged.found


@pytest.mark.parametrize(
    ("sound", "seconds", "found", "mend"),
    [
        pytest.param(b"", 1.0, "no sound comes", "unplug it", id="none at all"),
        pytest.param(bytes(2 * RATE_HZ), 1.0, "all of them silence", "unmute it", id="muted"),
        pytest.param(room_of(-50), 1.5, "10667 samples", "too few", id="too slow"),
        pytest.param(room_of(0), 1.0, "level", "overdriven", id="overdriven"),
    ],
)
def test_a_microphone_that_is_not_well(sound: bytes, seconds: float, found: str, mend: str) -> None:
    """In the words that the running assistant uses too."""
    judged = sound_devices.judge(sound, seconds, RATE_HZ)
    assert judged.grade is Grade.WARN
    assert found in judged.found
    assert mend in judged.mend


def test_the_names_of_all_devices_are_the_librarys_own(room: Room) -> None:
    """Not read from a printed list: a name may hold anything."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant.doctor.parts", "names"],
        input="{}",
        stdout=subprocess.PIPE,
        text=True,
        env=room.env() | {"PYTHONPATH": str(ROOT)},
    )
    names = json.loads(done.stdout)
    assert set(names) == {"microphones", "loudspeakers"}
    assert "microphone" in names["microphones"]
    assert all(names.values())
