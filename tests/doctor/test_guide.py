"""What is tried together with a person, and the way of sound from loudspeaker to microphone."""

import json
import subprocess
import sys
from array import array
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.doctor import probe_echo, probe_guide
from tests.room import Room

ROOT = Path(__file__).resolve().parents[2]
RATE_HZ = 16000


def heard(delay_s: float, level_db: float, noise_db: float = -60.0) -> tuple["array[int]", int]:
    """A microphone's sound with the tone in it, and the sample at which it was played."""
    rng = np.random.default_rng(3)
    sound = rng.normal(0, 32768 * 10 ** (noise_db / 20), 3 * RATE_HZ)
    played = RATE_HZ
    tone = np.frombuffer(probe_echo.tone(RATE_HZ), np.int16) * 10 ** (level_db / 20)
    first = played + round(delay_s * RATE_HZ)
    sound[first : first + len(tone)] += tone
    return array("h", np.clip(sound, -32768, 32767).astype(np.int16).tobytes()), played


@pytest.mark.parametrize("delay_s", [0.0, 0.037, 0.250, 0.9])
@pytest.mark.parametrize("level_db", [-6.0, -30.0])
def test_delay_and_level_of_an_echo_are_found(delay_s: float, level_db: float) -> None:
    """To 10 ms and 1 dB, in a quiet room."""
    sound, played = heard(delay_s, level_db)
    found = probe_echo.find(sound, RATE_HZ, played)
    assert found is not None
    assert found[0] == pytest.approx(delay_s, abs=0.010)
    assert found[1] == pytest.approx(level_db, abs=1.0)


def test_noise_is_no_echo() -> None:
    """Nor is silence."""
    sound, played = heard(0.1, -200.0, noise_db=-30)
    assert probe_echo.find(sound, RATE_HZ, played) is None
    assert probe_echo.find(array("h", bytes(6 * RATE_HZ)), RATE_HZ, RATE_HZ) is None


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
    judged = probe_echo._judge(found)
    assert (judged["grade"], bool(judged["mend"])) == (grade, grade == "warn")
    assert word in judged["found"]


def probed(room: Room, part: str, **settings: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "assistant.doctor.probe", part],
        input=json.dumps({"microphone": "", "loudspeaker": ""} | settings),
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


def speech(voice_db: float, room_db: float) -> "array[int]":
    """Two words in five seconds of a room."""
    rng = np.random.default_rng(5)
    sound = rng.normal(0, 10 ** (room_db / 20), 5 * RATE_HZ)
    for first in (1, 3):
        place = slice(first * RATE_HZ, (first + 1) * RATE_HZ)
        sound[place] = rng.normal(0, 10 ** (voice_db / 20), RATE_HZ)
    return array("h", np.clip(sound * 32768, -32768, 32767).astype(np.int16).tobytes())


@pytest.mark.parametrize(
    ("voice_db", "room_db", "grade", "word"),
    [
        pytest.param(-30, -60, "ok", "30 dB above", id="a voice in a quiet room"),
        pytest.param(-35, -40, "warn", "too little", id="a voice in a loud room"),
        pytest.param(-2, -40, "warn", "too loud", id="a voice that is cut off"),
        pytest.param(-200, -200, "warn", "silence", id="muted"),
    ],
)
def test_a_voice_is_judged_by_its_room(
    voice_db: float, room_db: float, grade: str, word: str
) -> None:
    judged = probe_guide.judge(speech(voice_db, room_db), RATE_HZ)
    assert (judged["grade"], bool(judged["mend"])) == (grade, grade == "warn")
    assert word in judged["found"]


def test_a_person_is_led_through_all_parts(room: Room) -> None:
    """Yes to the tones, and a voice into the microphone; there are no pins, which is said."""
    hiss = np.random.default_rng(1).normal(0, 0.001, 30 * 22050)
    hiss[:: 2 * 22050] = 0
    for first in range(0, 30, 2):
        place = slice(first * 22050, first * 22050 + 22050)
        hiss[place] *= 50
    soundfile.write(room.folder / "voice.wav", hiss, 22050)
    player = room.play(room.folder / "voice.wav", wait=False)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", "doctor", "--guide"],
            input="y\n",
            capture_output=True,
            text=True,
            env=room.env() | {"PYTHONPATH": str(ROOT), "GPIOZERO_PIN_FACTORY": "lgpio"},
        )
    finally:
        player.terminate()
        player.wait()
    assert done.stderr == ""
    assert "ok    Loudspeaker: you heard it" in done.stdout
    assert "ok    Microphone: your voice is" in done.stdout
    assert ("Lamp and button" in done.stdout) is (done.returncode == 1)


def test_the_end_of_the_input_is_a_no(tmp_path: Path) -> None:
    """Nobody is asked twice, and what to do is told."""
    (tmp_path / "asound.conf").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "doctor", "--guide"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        | {"ALSA_CONFIG_PATH": str(tmp_path / "asound.conf")},
    )
    assert done.returncode == 1
    assert done.stderr == ""
    assert "Mend what has an arrow" in done.stdout
