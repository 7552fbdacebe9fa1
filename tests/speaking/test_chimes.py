"""The chimes can be told apart, don't distort, and are as loud as the voice."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.coach.effects import Sound
from assistant.speaking.chimes import Chimes
from assistant.speaking.to_file import speak_to_file
from tests.room import RATE_HZ, read, similarity, trim

Floats = NDArray[np.float32]


@pytest.fixture(scope="module")
def chimes() -> dict[Sound, Floats]:
    made = Chimes(RATE_HZ, 1.0)
    return {
        sound: (np.frombuffer(made[sound], np.int16) / 32768).astype(np.float32) for sound in Sound
    }


def rms(samples: Floats) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


def test_each_is_short_begins_and_ends_softly_and_never_distorts(
    chimes: dict[Sound, Floats],
) -> None:
    for sound, samples in chimes.items():
        assert 0.04 <= len(samples) / RATE_HZ <= 1.0, sound
        assert np.abs(samples).max() < 0.5, sound
        assert abs(float(samples[0])) < 0.01, sound
        assert abs(float(samples[-1])) < 0.01, sound
    assert max(chimes, key=lambda sound: len(chimes[sound])) is not Sound.TICK
    assert len(chimes[Sound.TICK]) / RATE_HZ < 0.1


def test_no_two_sound_alike(chimes: dict[Sound, Floats]) -> None:
    for one in Sound:
        for other in Sound:
            if one is other:
                continue
            short, long = sorted((chimes[one], chimes[other]), key=len)
            padded = np.concatenate([np.zeros(len(short), np.float32), long, short * 0])
            assert np.abs(similarity(padded, short)).max() < 0.95, (one, other)
            # Even where one is like a part of another, the whole is of another length or pitch.
            size = 1 << 15
            spectra = [np.abs(np.fft.rfft(samples, size)) for samples in (short, long)]
            likeness = float(
                np.dot(*spectra) / (np.linalg.norm(spectra[0]) * np.linalg.norm(spectra[1]))
            )
            assert likeness < 0.9, (one, other)


def test_they_are_as_loud_as_the_voice_at_every_volume(tmp_path: Path) -> None:
    for volume in (1.0, 0.8, 0.4):
        path = tmp_path / "voice.wav"
        text = "Knees bent, feet flat. Breathe in. Breathe out, and flatten your back."
        speak_to_file(path, [(0.0, text)], voice="gmw/en-us", rate_wpm=155, volume=volume)
        voice_db = 20 * np.log10(rms(trim(read(path))))
        made = Chimes(RATE_HZ, volume)
        for sound in Sound:
            samples = (np.frombuffer(made[sound], np.int16) / 32768).astype(np.float32)
            assert 20 * np.log10(rms(samples)) == pytest.approx(voice_db, abs=3.0), (sound, volume)


def test_at_another_rate_they_are_the_same_sounds(chimes: dict[Sound, Floats]) -> None:
    made = Chimes(48000, 1.0)
    for sound in Sound:
        samples = (np.frombuffer(made[sound], np.int16) / 32768).astype(np.float32)
        assert len(samples) / 48000 == pytest.approx(len(chimes[sound]) / RATE_HZ, abs=0.001)
        assert rms(samples) == pytest.approx(rms(chimes[sound]), rel=0.02)
