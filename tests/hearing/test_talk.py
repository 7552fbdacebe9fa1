"""People who talk near the microphone are noticed; what else sounds there is not."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.coach.effects import Context
from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.talk import EVERY_S
from tests.hearing.compare import recordings
from tests.hearing.measure import between_silence, reports
from tests.hearing.setting import new_ear
from tests.hearing.test_over_files import SPEECH
from tests.hearing.voices import ESPEAK, FLITE, hiss, lacking, music, quiet, sentence, speech

RATE_HZ = 16000
STORY = (
    "We could meet again on Thursday, if the train isn't late, and look at what the others have "
    "written about the garden, the old bridge, and the people who live beside the river."
)
HUSHED_S = 20.0
"""The coach takes it that nobody talks when it hears of nobody for so long."""


def spoken(voice: str, text: str, folder: Path) -> tuple[int, array[int], float]:
    if missing := lacking(voice):
        pytest.skip(f"{missing} is not installed: no synthetic speech in the voice {voice}")
    return sentence(voice, text, folder, before_s=5.0)


@pytest.mark.parametrize("voice", [*ESPEAK, *FLITE])
def test_talk_is_noticed_again_and_again(voice: str, tmp_path: Path) -> None:
    """Within two seconds, then every few seconds, and not after it has ended."""
    rate_hz, samples, end_s = spoken(voice, STORY, tmp_path)
    times = [5.0, *reports(rate_hz, samples.tobytes()), end_s]
    assert times[1] < 7.0
    assert max(b - a for a, b in pairwise(times)) < 6.0
    assert times[-2] < end_s + 0.5


def test_it_is_said_once_a_second_at_most(tmp_path: Path) -> None:
    rate_hz, samples, _ = spoken(ESPEAK[0], STORY, tmp_path)
    times = reports(rate_hz, samples.tobytes())
    assert min(b - a for a, b in pairwise(times)) >= 0.99 * EVERY_S


def click(seconds: float, level_db: float = -18.0) -> array[int]:
    return hiss(round(seconds * RATE_HZ), level_db, seed=4)


NO_TALK: dict[str, Callable[[], array[int]]] = {
    "silence": lambda: quiet(RATE_HZ, 10.0),
    "digital silence": lambda: array("h", bytes(2 * 20 * RATE_HZ)),
    "a fan that starts": lambda: quiet(RATE_HZ, 5.0) + hiss(RATE_HZ * 20, -35.0, seed=2),
    "a click": lambda: quiet(RATE_HZ, 5.0) + click(0.02) + quiet(RATE_HZ, 3.0),
    "a cough": lambda: quiet(RATE_HZ, 5.0) + click(0.35) + quiet(RATE_HZ, 3.0),
    "typing": lambda: (quiet(RATE_HZ, 0.12) + click(0.015, -25.0)) * 100,
    "a tune": lambda: quiet(RATE_HZ, 5.0) + music("melody", 10.0),
    "chords": lambda: quiet(RATE_HZ, 5.0) + music("chords", 10.0),
    "an organ": lambda: quiet(RATE_HZ, 5.0) + music("organ", 10.0),
}


@pytest.mark.parametrize("name", NO_TALK)
def test_what_is_no_talk_is_not_taken_for_it(name: str) -> None:
    assert reports(RATE_HZ, NO_TALK[name]().tobytes()) == []


@pytest.mark.parametrize("voice", [*ESPEAK[:2], *FLITE])
def test_one_short_word_is_no_talk(voice: str, tmp_path: Path) -> None:
    rate_hz, samples, _ = spoken(voice, "stop", tmp_path)
    assert reports(rate_hz, samples.tobytes()) == []


def test_its_own_voice_is_no_talk(tmp_path: Path) -> None:
    """Neither while it speaks nor with what is still in the room then; but who talks on is heard,
    a moment later."""
    if missing := lacking(ESPEAK[0]):
        pytest.skip(f"{missing} is not installed: no synthetic speech")
    rate_hz, story = speech(ESPEAK[0], STORY, tmp_path)
    size = round(rate_hz * BLOCK_S)
    blocks = [story[i : i + size].tobytes() for i in range(0, len(story), size)]
    ear = new_ear(rate_hz, Context.IDLE)

    def talking(heard: list[bytes], *, ours: bool = False) -> list[bool]:
        found = []
        for block in heard:
            ear.hear(block, block if ours else b"", rate_hz)
            found.append(ear.talking)
        return found

    assert any(talking(blocks))
    ear.listen(Context.SPEAKING)
    assert not any(talking(blocks, ours=True))
    ear.listen(Context.IDLE)
    found = talking(blocks)
    assert not any(found[: round(0.6 / BLOCK_S)])
    assert any(found)


def test_people_who_talk_are_noticed_and_noise_is_not() -> None:
    """A sample of the recordings that are counted in full by `people_who_talk`."""
    if not (SPEECH / "labels.tsv").is_file():
        pytest.skip("no recordings of people: set ASSISTANT_SPEECH_DIR")
    clips = list(recordings(SPEECH / "labels.tsv", 4))
    longest_s = seconds = 0.0
    found = 0
    for clip in [clip for clip in clips if clip.kind == "talk"][::2]:
        pcm = between_silence(clip.sound)
        end_s = len(pcm) / 2 / RATE_HZ - 1.0
        times = reports(RATE_HZ, pcm)
        found, seconds = found + len(times), seconds + end_s - 1.0
        gaps = [1.0, *times, end_s]
        longest_s = max(longest_s, *(b - a for a, b in pairwise(gaps)))
    assert found / seconds > 0.4
    assert longest_s < HUSHED_S
    noises = [c.sound for c in clips if c.kind == "noise" and c.text != "baby cry"]
    wrong = sum(len(reports(RATE_HZ, between_silence(sound))) for sound in noises)
    assert wrong / (sum(map(len, noises)) / RATE_HZ + 2 * len(noises)) < 0.06
