"""The recogniser never meets perfect silence."""

from array import array

from assistant.hearing.hiss import LOUDEST, over_hiss


def test_silence_is_never_perfect_and_the_same_each_time() -> None:
    silence = bytes(2 * 800)
    heard = array("h", over_hiss(silence, 3))
    assert over_hiss(silence, 3) == heard.tobytes()
    assert over_hiss(silence, 4) != heard.tobytes()
    assert max(map(abs, heard)) == LOUDEST
    assert len(set(heard)) > LOUDEST


def test_what_is_as_loud_as_can_be_stays_so() -> None:
    for full in (32767, -32768):
        loud = array("h", [full] * 2400)
        heard = array("h", over_hiss(loud.tobytes(), 1))
        assert len(heard) == len(loud)
        assert max(abs(a - b) for a, b in zip(heard, loud, strict=True)) <= LOUDEST
