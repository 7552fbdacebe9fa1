"""When a loudspeaker that takes no more sound is lost, and when it only had no chance to."""

from assistant.speaking.loudspeaker import STALLED_S, Demand


def test_a_device_that_asks_no_more_is_lost_after_two_seconds() -> None:
    demand = Demand()
    assert not demand.ceased(99.0)
    demand.asked(100.0)
    assert not demand.ceased(100.5)
    assert not demand.ceased(100.0 + STALLED_S)
    assert demand.ceased(100.1 + STALLED_S)


def test_a_process_that_stood_still_tells_nothing_of_the_device() -> None:
    """However long it was; from there on the device has its time."""
    demand = Demand()
    demand.asked(100.0)
    assert not demand.ceased(100.0)
    back = 103.5
    assert not demand.ceased(back)
    assert not demand.ceased(back + STALLED_S)
    assert demand.ceased(back + STALLED_S + 0.1)


def test_a_voice_that_is_late_at_every_look_still_finds_out_that_its_device_is_gone() -> None:
    """And takes none for gone that asks in between."""
    gone, there = Demand(), Demand()
    gone.asked(100.0)
    found = []
    for look in range(8):
        there.asked(100.0 + 3 * look)
        found.append((gone.ceased(101.0 + 3 * look), there.ceased(101.0 + 3 * look)))
    assert found == [(False, False)] * 3 + [(True, False)] * 5
