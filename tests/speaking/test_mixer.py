"""What the loudspeaker gets, block by block and to the sample, without a device or a clock."""

import time
from array import array

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.speaking.mixer import DUCK_S, DUCKED, FADE_S, Mixer

RATE_HZ = 22050
BLOCK = 441
BLOCK_S = 0.02


class Listener:
    """Pulls blocks as a device does, and keeps what it got."""

    def __init__(self) -> None:
        self.ended: list[tuple[int, float]] = []
        self.mixer = Mixer(RATE_HZ, lambda utterance, at: self.ended.append((utterance, at)))
        self.now = 100.0
        self._blocks: list[bytes] = []

    def pull(self, count: int = 1) -> "Listener":
        for _ in range(count):
            self._blocks.append(self.mixer.pull(BLOCK, self.now))
            self.now += BLOCK_S
        return self

    @property
    def heard(self) -> NDArray[np.int16]:
        assert {len(block) for block in self._blocks} <= {2 * BLOCK}
        return np.frombuffer(b"".join(self._blocks), np.int16)


def level(value: int, samples: int) -> bytes:
    return array("h", [value] * samples).tobytes()


def test_a_sentence_is_played_whole_and_then_there_is_silence() -> None:
    listener = Listener()
    listener.mixer.play(7, level(1000, 1000))
    heard = listener.pull(5).heard
    assert (heard[:1000] == 1000).all()
    assert not heard[1000:].any()
    assert not listener.mixer.busy


def test_the_end_is_when_the_last_sample_is_heard_not_when_it_was_handed_over() -> None:
    listener = Listener()
    listener.mixer.latency_s = 0.06
    listener.mixer.play(7, level(1000, 1000))
    listener.pull(2)
    assert listener.ended == []
    listener.pull(3)
    [(utterance, heard_at)] = listener.ended
    assert utterance == 7
    assert heard_at == pytest.approx(100.0 + 1000 / RATE_HZ + 0.06)


def test_a_chime_comes_one_block_after_it_was_asked_for_to_the_sample() -> None:
    for late_s in (0.0, 0.0001, 0.007, 0.0199):
        listener = Listener()
        listener.pull()  # the next pull is at 100.02
        listener.mixer.chime(level(500, 100), 100.02 - late_s)
        heard = listener.pull(3).heard
        onset = int(np.flatnonzero(heard)[0])
        wanted = (100.02 - late_s + BLOCK_S - 100.0) * RATE_HZ
        assert onset == pytest.approx(wanted, abs=1)


def test_a_chime_asked_for_long_ago_comes_at_once() -> None:
    listener = Listener()
    listener.mixer.chime(level(500, 100), 90.0)
    assert (listener.pull().heard[:100] == 500).all()


def test_chimes_add_to_speech_and_to_each_other_and_saturate() -> None:
    listener = Listener()
    listener.mixer.play(1, level(30000, 2 * BLOCK))
    listener.mixer.chime(level(1000, 600), 0.0)
    listener.mixer.chime(level(-500, 200), 0.0)
    listener.mixer.chime(level(20000, 100), 0.0)
    heard = listener.pull(3).heard
    assert (heard[:100] == 32767).all()
    assert (heard[100:200] == 30500).all()
    assert (heard[200:600] == 31000).all()
    assert (heard[600 : 2 * BLOCK] == 30000).all()
    assert not heard[2 * BLOCK :].any()


def test_a_cut_fades_within_the_next_block_and_nothing_comes_after() -> None:
    listener = Listener()
    listener.mixer.play(1, level(10000, 50 * BLOCK))
    listener.mixer.chime(level(1000, 50 * BLOCK), 0.0)
    listener.pull(3)
    listener.mixer.cut()
    heard = listener.pull(5).heard[3 * BLOCK :]
    faded = round(FADE_S * RATE_HZ)
    assert (np.diff(heard[:faded].astype(int)) <= 0).all()
    assert int(np.abs(np.diff(heard.astype(int))).max()) < 250  # no step that would click
    assert not heard[faded:].any()
    assert listener.ended == []
    assert not listener.mixer.busy


def test_after_a_cut_the_next_sentence_and_the_next_chime_are_whole() -> None:
    listener = Listener()
    listener.mixer.play(1, level(10000, 50 * BLOCK))
    listener.pull()
    listener.mixer.cut()
    listener.pull()
    listener.mixer.play(2, level(2000, 300))
    listener.mixer.chime(level(30, 300), 0.0)
    assert (listener.pull(2).heard[2 * BLOCK :][:300] == 2030).all()
    assert [utterance for utterance, _ in listener.ended] == [2]


def test_what_follows_a_cut_within_the_same_block_is_whole() -> None:
    """A hush, a chime and a prepared answer come within a thousandth of a second."""
    listener = Listener()
    listener.mixer.play(1, level(10000, 50 * BLOCK))
    listener.mixer.chime(level(1000, 50 * BLOCK), 0.0)
    listener.pull()
    listener.mixer.cut()
    listener.mixer.play(2, level(2000, 300))
    listener.mixer.chime(level(30, 300), 0.0)
    heard = listener.pull(2).heard[BLOCK:]
    faded = round(FADE_S * RATE_HZ)
    assert heard[0] > 12000
    assert (np.diff(heard[:faded].astype(int)) <= 0).all()
    assert (heard[faded:300] == 2030).all()
    assert not heard[300:].any()
    assert [utterance for utterance, _ in listener.ended] == [2]


def test_a_cut_of_silence_does_not_swallow_the_sentence_after_it() -> None:
    listener = Listener()
    listener.mixer.cut()
    listener.mixer.play(2, level(2000, 300))
    assert (listener.pull().heard[:300] == 2000).all()


def test_the_lead_after_a_start_holds_everything_back_and_loses_nothing() -> None:
    listener = Listener()
    listener.mixer.lead = 3 * BLOCK
    listener.mixer.play(1, level(2000, 300))
    heard = listener.pull(5).heard
    assert not heard[: 3 * BLOCK].any()
    assert (heard[3 * BLOCK :][:300] == 2000).all()


def test_mixing_takes_a_small_part_of_a_block() -> None:
    listener = Listener()
    listener.mixer.play(1, level(3000, 60 * BLOCK))
    listener.mixer.chime(level(500, 60 * BLOCK), 0.0)
    spent = []
    for _ in range(50):
        began = time.perf_counter()
        listener.pull()
        spent.append(time.perf_counter() - began)
    assert sorted(spent)[25] < BLOCK_S / 10


def test_a_ducked_sentence_is_quiet_for_a_second_and_then_as_loud_as_before() -> None:
    """It glides there and back within a block each, and loses no sample."""
    listener = Listener()
    listener.mixer.play(7, level(1000, 3 * RATE_HZ))
    listener.pull(10)
    listener.mixer.duck()
    heard = listener.pull(100).heard
    assert (heard[: 10 * BLOCK] == 1000).all()
    assert (heard[11 * BLOCK : 10 * BLOCK + round(DUCK_S * RATE_HZ)] == 1000 * DUCKED).all()
    assert (heard[-BLOCK * 39 :] == 1000).all()
    assert abs(np.diff(heard)).max() < 5
