"""The room that the other tests stand in tells the truth about sounds and their times."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.room import RATE_HZ, Recording, Room, Samples, find, last_loud, level_db, loud, resample

TWO_MS = 0.002


def chirp(length_s: float = 0.4, from_hz: float = 300.0, to_hz: float = 3000.0) -> Samples:
    """A sound that is like itself at one place only."""
    at = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * (from_hz * at + (to_hz - from_hz) * at**2 / (2 * length_s))
    return (0.3 * np.sin(phase)).astype(np.float32)


def wav(folder: Path, samples: Samples, rate_hz: int = RATE_HZ) -> Path:
    path = folder / f"{len(samples)}-{rate_hz}.wav"
    soundfile.write(path, samples, rate_hz, subtype="PCM_16")
    return path


def silence(length_s: float) -> Samples:
    return np.zeros(round(length_s * RATE_HZ), np.float32)


def quiet_after(room: Room, length_s: float) -> None:
    room.loudspeaker.wait_until(time.monotonic() + length_s)


def through_portaudio(room: Room, samples: Samples, folder: Path) -> None:
    """Play on PortAudio's default output, as the product does."""
    program = (
        "import sys, sounddevice\n"
        "stream = sounddevice.RawOutputStream(samplerate=22050, channels=1, dtype='int16')\n"
        "stream.start(); stream.write(sys.stdin.buffer.read()); stream.stop()\n"
    )
    pcm = (samples * 32767).astype("<i2").tobytes()
    subprocess.run([sys.executable, "-c", program], input=pcm, env=room.env(), check=True)


def test_a_known_sound_is_found_to_within_two_milliseconds() -> None:
    noise = np.random.default_rng(1).normal(0, 0.01, RATE_HZ * 6).astype(np.float32)
    begins = [0.5, 2.25, 4.0]
    for begin in begins:
        place = round(begin * RATE_HZ)
        noise[place : place + len(chirp())] += chirp() * 0.5
    found = find(Recording(noise, start=100.0), chirp())
    assert found == pytest.approx([100.0 + begin for begin in begins], abs=TWO_MS)
    assert find(Recording(noise, start=0.0), chirp(0.4, 3000.0, 300.0)) == []


def test_resampling_keeps_when_and_how_loud_a_sound_is() -> None:
    at = np.arange(48000) / 48000
    tone = (0.5 * np.sin(2 * np.pi * 440 * at) * (at > 0.5)).astype(np.float32)
    fitted = resample(tone, 48000)
    [stretch] = loud(Recording(fitted, start=0.0))
    assert stretch.start == pytest.approx(0.5, abs=0.006)
    assert level_db(stretch.samples).max() == pytest.approx(level_db(tone, 48000).max(), abs=0.2)


def test_what_is_played_to_the_loudspeaker_is_recorded_with_its_distances(
    room: Room, tmp_path: Path
) -> None:
    sound = np.concatenate([silence(0.2), chirp(), silence(1.0), chirp(), silence(0.3)])
    before = time.monotonic()
    through_portaudio(room, sound, tmp_path)
    quiet_after(room, 0.2)
    first, second = find(room.record(), chirp())
    assert second - first == pytest.approx(1.4, abs=TWO_MS)
    assert before < first < time.monotonic()
    ended = last_loud(room.record())
    assert ended == pytest.approx(second + 0.4, abs=0.01)


def test_the_recording_keeps_the_monotonic_clock(room: Room, tmp_path: Path) -> None:
    began = room.loudspeaker.so_far().start
    quiet_after(room, 3.0)
    recording = room.loudspeaker.so_far()
    assert recording.end == pytest.approx(time.monotonic(), abs=0.1)
    assert recording.start == pytest.approx(began, abs=0.05)


def test_the_microphone_hears_what_is_played_and_the_loudspeaker_doesnt(
    room: Room, tmp_path: Path
) -> None:
    room.play(wav(tmp_path, chirp()))
    quiet_after(room, 0.2)
    [found] = find(room.microphone.so_far(), chirp())
    assert found < time.monotonic()
    assert last_loud(room.record()) is None


@pytest.mark.parametrize("gain_db", [-6.0, -20.0])
def test_the_echo_arrives_later_and_quieter(room: Room, tmp_path: Path, gain_db: float) -> None:
    room.echo(delay_ms=120, gain_db=gain_db)
    through_portaudio(room, np.concatenate([silence(0.5), chirp(), silence(0.5)]), tmp_path)
    quiet_after(room, 0.5)
    [said], [heard] = find(room.record(), chirp()), find(room.microphone.so_far(), chirp())
    assert 0.06 < heard - said < 0.25
    loudness = [
        level_db(recorder.so_far().between(begin, begin + 0.4).samples).max()
        for recorder, begin in ((room.loudspeaker, said), (room.microphone, heard))
    ]
    assert loudness[1] - loudness[0] == pytest.approx(gain_db, abs=1.5)


def test_two_rooms_dont_hear_each_other(room: Room, tmp_path: Path) -> None:
    with Room() as other:
        other.play(wav(tmp_path, chirp()))
        quiet_after(room, 0.2)
        assert find(other.microphone.so_far(), chirp())
        assert last_loud(room.microphone.so_far()) is None
    assert not other.folder.exists()
