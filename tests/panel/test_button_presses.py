"""A tap, a double tap and a hold are told apart by their times; chatter is none of them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.coach.events import Asked, Command, Found, Lost, Part, Source, Touched
from assistant.panel.button_presses import FLUTTERS, HELD, MANY, Posted, Taps

PRESS = Asked(Command.PRESS, Source.BUTTON)
NEXT = Asked(Command.NEXT, Source.BUTTON)
CLOSE_EAR = Asked(Command.CLOSE_EAR, Source.BUTTON)
STOP = Asked(Command.STOP, Source.BUTTON)
CODE = Asked(Command.SHOW_CODE, Source.BUTTON)
T = Touched()
HELD_DOWN = Lost(Part.BUTTON, HELD)
LOOSE = Lost(Part.BUTTON, FLUTTERS)
WELL = Found(Part.BUTTON)


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
        pytest.param([0, 4.9], [T, STOP], id="a hold says stop once, its release nothing"),
        pytest.param([0, 9.9], [T, STOP, CODE], id="released after five seconds it wants a code"),
        pytest.param([0, 30], [T, STOP, HELD_DOWN, WELL], id="a stuck button is told, and its end"),
        pytest.param([0, 0.1, 0.2, 0.3], [T, T, NEXT], id="a double tap"),
        pytest.param([0, 0.1, 0.44, 0.5], [T, T, NEXT], id="0.34 s apart is a double tap"),
        pytest.param([0, 0.1, 0.46, 0.5], [T, PRESS, T, PRESS], id="0.36 s apart is two taps"),
        pytest.param([0, 0.1, 0.2, 5], [T, T, STOP], id="tap, then hold: stop wins"),
        pytest.param(
            [0, 0.1, 0.2, 0.3, 0.4, 0.5], [T, T, T, CLOSE_EAR], id="three taps are no two and one"
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
    assert taps.up(12.5) == taps.due(30.0) == []
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


# --- contacts that no finger moves ------------------------------------------


def waves(on_s: float, off_s: float, seconds: float) -> list[float]:
    """The edges of a contact that closes for `on_s` and opens for `off_s`, over and over."""
    count = round(seconds / (on_s + off_s))
    return [at for n in range(count) for at in (n * (on_s + off_s), n * (on_s + off_s) + on_s)]


@pytest.mark.parametrize(
    ("on_s", "off_s"), [(0.01, 0.01), (0.025, 0.025), (0.04, 0.04), (0.001, 0.03)]
)
def test_hum_on_a_long_wire_is_no_gesture(on_s: float, off_s: float) -> None:
    """Faster than any finger: nothing is asked for, for as long as it lasts."""
    posted = play(waves(on_s, off_s, 3.0))
    assert [one for one in posted if one != T] == []


def test_hum_that_reads_as_one_long_press_is_stop_and_then_told() -> None:
    """Gaps too short to count can't be told from a worn button under a finger: stop is safe."""
    assert play(waves(0.03, 0.015, 20.0)) == [T, STOP, HELD_DOWN, WELL]


def test_a_loose_contact_is_told_and_asks_for_little() -> None:
    """Eight presses a second for ten seconds: a few are believed, then it is told, then it ends."""
    posted = play(waves(0.06, 0.065, 10.0))
    assert posted.count(T) < MANY
    assert posted[-2:] == [LOOSE, WELL]
    assert posted.count(NEXT) <= MANY // 2


def test_hum_that_lasts_is_told_once_and_after_it_the_button_is_believed_again() -> None:
    edges = waves(0.025, 0.025, 20.0)
    posted = play([*edges, 25.0, 25.1], until=100.0)
    assert [one for one in posted if one != T] == [LOOSE, WELL, PRESS]


@pytest.mark.parametrize("taps_a_second", [2, 3, 4])
def test_a_hurried_finger_is_believed(taps_a_second: int) -> None:
    """Ten quick taps give all their gestures."""
    step_s = 1 / taps_a_second
    posted = play([at for n in range(10) for at in (n * step_s, n * step_s + 0.08)])
    assert posted.count(T) == 10
    assert posted.count(PRESS) + 2 * posted.count(NEXT) + 3 * posted.count(CLOSE_EAR) == 10


def test_a_button_that_is_down_from_the_start_is_told_and_asks_for_nothing() -> None:
    """Wired the other way it is open only while a finger presses it: that is no rest."""
    taps = Taps(held_since=0.0)
    posted: list[Posted] = []
    for press in (10.0, 20.0, 21.0):
        posted += taps.up(press) + taps.due(press + 0.1)
        posted += taps.down(press + 0.15) + taps.due(press + 0.9)
    posted += taps.due(60.0)
    assert posted == [HELD_DOWN]


def test_a_button_let_go_soon_after_the_start_is_believed() -> None:
    """Somebody may have a finger on it while it starts; that press asks for nothing."""
    taps = Taps(held_since=100.0)
    posted = taps.up(103.0) + taps.due(104.5)
    posted += taps.down(105.0) + taps.due(105.1) + taps.up(105.2) + taps.due(110.0)
    assert posted == [T, PRESS]
    assert taps.deadline is None


def test_a_key_is_never_told_as_a_contact() -> None:
    """A book on the space bar, and spaces that are pasted, are no matter of wires."""
    key = Taps(source=Source.KEY, bounce_s=0.0)
    posted = key.down(0.0) + key.due(1000.0) + key.up(1000.0)
    for _n in range(100):
        posted += key.down(2000.0) + key.up(2000.0)
    posted += key.due(9999.0)
    assert not [one for one in posted if isinstance(one, Lost | Found)]


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
        asked = [p for p in posted if isinstance(p, Asked) and p != CODE]
        used = sum(2 if p == NEXT else 1 for p in asked)
        assert used <= posted.count(T)
    posted += taps.due(1e9)
    assert taps.deadline is None


@example([1.0, 1.0, 0.25, 1.0, 0.25, 1.0])
@given(st.lists(st.floats(0.11, 4.0), min_size=2, max_size=40).filter(lambda g: len(g) % 2 == 0))
def test_every_real_press_has_its_gesture(gaps: list[float]) -> None:
    """No press of a finger is lost: taps, doubles and holds use up all of them."""
    edges = [sum(gaps[: n + 1]) for n in range(len(gaps))]
    posted = play(edges, until=1e6)
    presses = posted.count(T)
    assert presses == len(gaps) // 2
    commands = [p.command for p in posted if isinstance(p, Asked) and p != CODE]
    least = sum({Command.NEXT: 2, Command.CLOSE_EAR: 3}.get(c, 1) for c in commands)
    most = sum({Command.PRESS: 1, Command.CLOSE_EAR: 3}.get(c, 2) for c in commands)
    assert least <= presses <= most
