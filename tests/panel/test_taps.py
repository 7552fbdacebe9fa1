"""A tap, a double tap and a hold are told apart by their times; chatter is none of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.events import Asked, Command, Source, Touched
from assistant.panel.taps import Posted, Taps

PRESS = Asked(Command.PRESS, Source.BUTTON)
NEXT = Asked(Command.NEXT, Source.BUTTON)
STOP = Asked(Command.STOP, Source.BUTTON)
T = Touched()


def play(edges: list[float], until: float = 100.0, taps: Taps | None = None) -> list[Posted]:
    """Edges in turn down, up, down ... at these times; `due` is called on time, as a pump would."""
    taps = taps or Taps()
    posted: list[Posted] = []
    for n, at in enumerate(edges):
        while taps.deadline is not None and taps.deadline < at:
            posted += taps.due(taps.deadline)
        posted += (taps.up if n % 2 else taps.down)(at)
    while taps.deadline is not None and taps.deadline <= until:
        posted += taps.due(taps.deadline)
    return posted


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        pytest.param([0, 0.1], [T, PRESS], id="a tap"),
        pytest.param([0, 1.5], [T, PRESS], id="a slow tap is a tap"),
        pytest.param([0, 1.99], [T, PRESS], id="1.99 s is still a tap"),
        pytest.param([0, 2.0], [T, STOP], id="2.00 s is a hold"),
        pytest.param([0, 30], [T, STOP], id="a hold says stop once, its release nothing"),
        pytest.param([0, 0.1, 0.2, 0.3], [T, T, NEXT], id="a double tap"),
        pytest.param([0, 0.1, 0.44, 0.5], [T, T, NEXT], id="0.34 s apart is a double tap"),
        pytest.param([0, 0.1, 0.46, 0.5], [T, PRESS, T, PRESS], id="0.36 s apart is two taps"),
        pytest.param([0, 0.1, 0.2, 5], [T, T, STOP], id="tap, then hold: stop wins"),
        pytest.param(
            [0, 0.1, 0.2, 0.3, 0.4, 0.5], [T, T, NEXT, T, PRESS], id="a third tap begins afresh"
        ),
        pytest.param([0, 0.019], [], id="a 19 ms spike is chatter"),
        pytest.param([0, 0.021], [T, PRESS], id="21 ms is a press"),
        pytest.param([0, 0.003, 0.005, 0.2, 0.204, 0.206], [T, PRESS], id="contacts that chatter"),
        pytest.param([0, 1.99, 1.995, 2.5], [T, STOP], id="chatter just before 2 s keeps the hold"),
        pytest.param([0, 0.1, 0.449, 0.46], [T, PRESS], id="a spike at the last moment is no tap"),
    ],
)
def test_gestures(edges: list[float], expected: list[Posted]) -> None:
    """Each gesture is what its times say, at the margins too."""
    assert play(edges) == expected


def test_a_hold_is_told_while_it_is_still_held() -> None:
    """Stop comes at two seconds, not at the release."""
    taps = Taps()
    taps.down(10.0)
    assert taps.due(10.02) == [T]
    assert taps.deadline == 12.0
    assert taps.due(11.999) == []
    assert taps.due(12.0) == [STOP]
    assert taps.deadline is None


def test_touched_comes_before_the_meaning_is_known() -> None:
    """Silence comes 20 ms after the button went down, whatever it will mean."""
    taps = Taps()
    assert taps.down(5.0) == []
    assert taps.deadline == 5.02
    assert taps.due(5.02) == [T]


def test_a_key_that_knows_no_chatter_is_touched_at_once() -> None:
    """Without a bounce time nothing is waited for."""
    taps = Taps(source=Source.KEY, bounce_s=0.0)
    assert taps.down(1.0) == [T]
    assert taps.up(1.0) == []
    assert taps.due(1.35) == [Asked(Command.PRESS, Source.KEY)]


@given(st.lists(st.floats(0.0, 4.0), max_size=40))
def test_a_late_caller_changes_no_gesture(gaps: list[float]) -> None:
    """When `due` is only called with the next edge, the same gestures come in the same order."""
    edges = [sum(gaps[: n + 1]) for n in range(len(gaps))]
    late = Taps()
    posted: list[Posted] = []
    for n, at in enumerate(edges):
        posted += (late.up if n % 2 else late.down)(at)
    posted += late.due(1e6)
    assert posted == play(edges, until=1e6)


@given(
    st.lists(st.tuples(st.sampled_from(["down", "up", "due"]), st.floats(-10, 1000)), max_size=60)
)
def test_each_press_belongs_to_one_gesture_at_most(calls: list[tuple[str, float]]) -> None:
    """Any edges, in any order of time, never raise; gestures never outnumber presses."""
    taps = Taps()
    posted: list[Posted] = []
    for name, now in calls:
        posted += getattr(taps, name)(now)
        used = sum(2 if p == NEXT else 1 for p in posted if isinstance(p, Asked))
        assert used <= posted.count(T)
    posted += taps.due(1e9)
    assert taps.deadline is None


@given(st.lists(st.floats(0.021, 4.0), min_size=2, max_size=40).filter(lambda g: len(g) % 2 == 0))
def test_every_real_press_has_its_gesture(gaps: list[float]) -> None:
    """No press of a finger is lost: taps, doubles and holds use up all of them."""
    edges = [sum(gaps[: n + 1]) for n in range(len(gaps))]
    posted = play(edges, until=1e6)
    presses = posted.count(T)
    assert presses == len(gaps) // 2
    commands = [p.command for p in posted if isinstance(p, Asked)]
    least = sum(2 if c is Command.NEXT else 1 for c in commands)
    most = sum(1 if c is Command.PRESS else 2 for c in commands)
    assert least <= presses <= most
