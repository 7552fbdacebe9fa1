"""The screen can be read at a glance, in any size, without colour, and in plain ASCII."""

import re
from dataclasses import replace

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.effects import Lamp, LedNow, View
from assistant.content.types import Kind
from assistant.outside.page import qr_code
from assistant.panel import braille
from assistant.panel.screen import styled
from assistant.panel.screen_layout import CODE, WORDS, Row, Shown, moving, rows
from tests.content.voice import shipped
from tests.panel.draw_screen import draw, example

NOW = 1000.0
EXAMPLE = Shown(
    view=View(
        title="Bridge",
        detail="Press through your heels and keep breathing.",
        lamp=Lamp.HOLDING,
        ends_at=NOW + 12.0,
        total_s=20.0,
        heard="how long left",
        stand_at=NOW + 14 * 60 + 5,
        progress="Exercise 2 of 4",
    ),
    lamp=Lamp.HOLDING,
    lamp_since=NOW - 0.5,
    said="Three more of these, then bird dog.",
    said_at=NOW - 1.0,
)


def text(shown: Shown, width: int = 80, height: int = 24, *, ascii_only: bool = False) -> list[str]:
    """What a person sees, row by row."""
    picture = rows(shown, NOW, width, height, ascii_only=ascii_only)
    return ["".join(piece for piece, _ in row) for row in picture]


def test_a_whole_screen() -> None:
    """At 80 by 24 everything has its place: now, countdown, lamp, words, next stand-up, keys."""
    seen = text(EXAMPLE)
    assert seen[1].split() == ["Exercise", "Assistant", "Exercise", "2", "of", "4"]
    assert seen[3:5] == [" Bridge", " Press through your heels and keep breathing."]
    bar = seen[12]
    assert (bar.count("█"), bar.count("░")) == (42, 28)  # 12 of 20 seconds in 70 cells
    assert bar.endswith(" 12 s")
    assert seen[14] == " ● hold"
    assert seen[16:19] == [
        " “Three more of these, then bird dog.”",
        " Heard: how long left",
        " Stand up in 14 min",
    ]
    assert seen[22].startswith(" space start, pause, go on")


def test_a_small_screen_keeps_what_matters() -> None:
    """At 40 by 10 the title, the countdown, the lamp and the words are still there."""
    seen = text(EXAMPLE, 40, 10)
    assert len(seen) == 10
    assert " Bridge" in seen
    assert any(line.endswith(" 12 s") for line in seen)
    assert " ● hold" in seen
    assert " “Three more of these, then bird dog.”" in seen


def test_ascii_where_nothing_else_is_known() -> None:
    """Without UTF-8 every sign has a plain stand-in."""
    seen = text(EXAMPLE, ascii_only=True)
    assert all(line.isascii() for line in seen)
    assert " (*) hold" in seen
    assert any("#####" in line and "....." in line for line in seen)


@pytest.mark.parametrize("lamp", Lamp)
def test_the_lamp_has_a_word(lamp: Lamp) -> None:
    """The lamp on the screen says in words what its rhythm says."""
    seen = text(replace(EXAMPLE, lamp=lamp))
    assert sum(line[2:].strip() == WORDS[lamp] for line in seen) == 1


@pytest.mark.parametrize(("since_s", "symbol"), [(0.5, "●"), (1.75, "●"), (1.85, "○"), (2.1, "●")])
def test_the_lamp_on_the_screen_follows_the_same_table(since_s: float, symbol: str) -> None:
    """Holding winks on the screen when it winks on the LED."""
    seen = text(replace(EXAMPLE, lamp_since=NOW - since_s))
    assert f" {symbol} hold" in seen


@pytest.mark.parametrize(
    ("left_s", "expected"),
    [(0.0, "0 s"), (0.2, "1 s"), (12.0, "12 s"), (59.5, "1:00"), (61.0, "1:01"), (-3.0, "0 s")],
)
def test_seconds_left_are_whole_and_never_negative(left_s: float, expected: str) -> None:
    """A second is shown until it is over."""
    view = replace(EXAMPLE.view, ends_at=NOW + left_s, total_s=80.0)
    assert any(line.endswith(f" {expected}") for line in text(replace(EXAMPLE, view=view)))


def test_a_paused_countdown_stands_still() -> None:
    """While paused the seconds left are the coach's, whatever the clock says."""
    view = replace(EXAMPLE.view, ends_at=None, left_s=7.0)
    shown = replace(EXAMPLE, view=view)
    later = rows(shown, NOW + 5, 80, 24)
    assert any("".join(piece for piece, _ in row).endswith(" 7 s") for row in later)


@pytest.mark.parametrize(
    ("stand_s", "expected"),
    [(840.0, "in 14 min"), (61.0, "in 1 min"), (59.0, "in less than a minute"), (-1.0, "now")],
)
def test_the_next_stand_up(stand_s: float, expected: str) -> None:
    """The next stand-up is told in minutes."""
    view = replace(EXAMPLE.view, stand_at=NOW + stand_s)
    assert f" Stand up {expected}" in text(replace(EXAMPLE, view=view))


def test_faults_are_shown_even_when_there_is_little_room() -> None:
    """What doesn't work outlasts the key hints."""
    view = replace(EXAMPLE.view, faults=("I can't hear you: the microphone is gone.",))
    seen = " ".join(line.strip() for line in text(replace(EXAMPLE, view=view), 40, 10))
    assert "! I can't hear you: the microphone is gone." in seen


def test_a_typed_line_shows_its_end() -> None:
    """A line longer than the screen is seen where the next letter goes."""
    seen = text(replace(EXAMPLE, line="x" * 100 + "end"), 40, 10)
    assert any(line.startswith(" > x") and line.endswith("end▏") for line in seen)


def test_a_sentence_is_not_shown_for_ever() -> None:
    """Twenty seconds after it was begun a sentence is gone."""
    seen = text(replace(EXAMPLE, said_at=NOW - 20.1))
    assert not any("Three more" in line for line in seen)


def test_names_are_never_markup() -> None:
    """Brackets and control characters in a name are shown as they are, or not at all."""
    view = replace(EXAMPLE.view, title="[bold]Bridge[/] \x1b[31mred\x07")
    picture = rows(replace(EXAMPLE, view=view), NOW, 80, 24)
    plain = [re.sub(r"\x1b\[[012]m", "", styled(row).replace("\x1b[0m", "")) for row in picture]
    assert " [bold]Bridge[/]  [31mred " in plain
    assert "\x1b" not in "".join(plain)


def test_only_weight_and_no_colour() -> None:
    """Bold and dim are all there is, so it reads the same on a light and on a dark background."""
    assert {weight for row in rows(EXAMPLE, NOW, 80, 24) for _, weight in row} <= {
        "",
        "bold",
        "dim",
    }


def test_what_moves() -> None:
    """Only a countdown or a lamp with a rhythm needs drawing again by itself."""
    still = Shown(View("Waiting", "", Lamp.LISTENING), Lamp.LISTENING)
    assert not moving(still)
    assert moving(replace(still, lamp=Lamp.IDLE))
    assert moving(EXAMPLE)


WORD = st.text(max_size=60)
VIEWS = st.builds(
    View,
    title=WORD,
    detail=WORD,
    lamp=st.sampled_from(Lamp),
    ends_at=st.none() | st.floats(-1e4, 1e6),
    total_s=st.floats(0, 1e4),
    left_s=st.none() | st.floats(-10, 1e4),
    heard=WORD,
    stand_at=st.none() | st.floats(-1e4, 1e6),
    progress=WORD,
    faults=st.lists(WORD, max_size=5).map(tuple),
)


@given(VIEWS, WORD, WORD, st.integers(1, 120), st.integers(1, 50), st.booleans())
def test_any_view_fits_any_size(
    view: View, said: str, line: str, width: int, height: int, ascii_only: bool
) -> None:
    """Whatever there is to show, the picture has the size of the terminal."""
    shown = Shown(view, view.lamp, said=said, said_at=NOW, line=line)
    picture: list[Row] = rows(shown, NOW, width, height, ascii_only=ascii_only)
    assert len(picture) == height
    assert all(sum(len(piece) for piece, _ in row) <= width for row in picture)


def test_the_picture_in_the_readme_is_this_screen() -> None:
    """The drawn picture is made of the very rows of a terminal and loads nothing from elsewhere."""
    svg = draw(EXAMPLE, NOW)
    assert "Press&#160;through&#160;your&#160;heels" in svg
    assert "url(http" not in svg
    assert "@font-face" not in svg


def test_the_picture_of_the_readme_is_a_real_moment() -> None:
    """What the README shows is what the coach shows in a hold, just asked how long is left."""
    shown = example()
    seen = " ".join(text(replace(shown, said_at=NOW)))
    assert shown.view.title.split(",")[0] in seen
    drawn_words = re.sub("<[^>]*>", " ", draw(shown, shown.said_at)).replace("&#160;", " ")
    assert all(word in drawn_words for word in shown.said.split())
    assert any(dots([drawn_words]))


# --- the figure beside the countdown ----------------------------------------


LIBRARY = shipped()


def led(exercise: str, part: str, *, left_s: float, side: str = "") -> Shown:
    """A moment of a part of an exercise that takes twelve seconds."""
    now_led = LedNow("x", exercise, side, part, "", NOW)
    return replace(
        EXAMPLE, view=replace(EXAMPLE.view, ends_at=NOW + left_s, total_s=12.0, led=now_led)
    )


def with_figure(shown: Shown, width: int = 80, height: int = 24) -> list[str]:
    """As the screen draws it."""
    picture = rows(shown, NOW, width, height, figure=braille.of(LIBRARY.exercises))
    assert len(picture) == height
    return ["".join(piece for piece, _ in row) for row in picture]


def dots(lines: list[str]) -> list[str]:
    """What of them is drawn."""
    return [re.sub("[^\u2801-\u28ff]", " ", line).rstrip() for line in lines]


def drawn(lines: list[str]) -> int:
    return sum(len(line.replace(" ", "")) for line in dots(lines))


@pytest.mark.parametrize("exercise", LIBRARY.exercises)
@pytest.mark.parametrize("size", [(80, 24), (132, 43)])
def test_a_figure_stands_beside_the_countdown(exercise: str, size: tuple[int, int]) -> None:
    """Nothing is wider than the terminal, and all that stood there still does."""
    seen = with_figure(led(exercise, Kind.WORK, left_s=8.0), *size)
    assert drawn(seen) > 40
    assert max(map(len, seen)) <= size[0] - 1
    for words in ("Bridge", "keep breathing.", "8 s", "● hold", "Heard: how long left", "space"):
        assert any(words in line for line in seen), words


def test_below_80_by_24_and_without_its_signs_there_is_none() -> None:
    shown = led("bridge", Kind.WORK, left_s=8.0)
    for size in ((79, 24), (80, 23), (40, 10)):
        assert not drawn(with_figure(shown, *size))
    assert not drawn(text(shown, ascii_only=True))
    assert not drawn(with_figure(EXAMPLE))


def test_a_figure_moves_with_the_work() -> None:
    """Arch and flatten moves by the second; a bridge is held, and let down when it is let go."""

    def at(exercise: str, part: str, left_s: float) -> list[str]:
        return dots(with_figure(led(exercise, part, left_s=left_s)))

    assert at("back-arch", Kind.WORK, 12.0) != at("back-arch", Kind.WORK, 7.0)
    assert at("back-arch", Kind.WORK, 12.0) == at("back-arch", Kind.WORK, 2.0)
    assert at("bridge", Kind.WORK, 12.0) == at("bridge", Kind.WORK, 1.0)
    assert at("bridge", Kind.WORK, 12.0) != at("bridge", Kind.RELEASE, 1.0)
    assert at("bridge", Kind.STEPS, 12.0) != at("bridge", Kind.STEPS, 10.5)


def test_what_stands_still_is_drawn_still() -> None:
    """Paused in the middle of a movement, the figure waits there."""
    moving_one = led("donkey-kick", Kind.WORK, left_s=11.0, side="left")
    paused = replace(moving_one, view=replace(moving_one.view, ends_at=None, left_s=11.0))
    assert dots(with_figure(paused)) == dots(with_figure(moving_one))


def test_the_left_side_looks_the_other_way() -> None:
    """A donkey kick faces right when the right leg works, and left when the left does."""

    def head_at(side: str) -> float:
        lines = dots(with_figure(led("donkey-kick", Kind.REST, left_s=8.0, side=side)))
        top = next(line for line in lines if line.strip())
        return top.index(top.strip()[0])

    assert head_at("left") < head_at("right")


def test_a_code_for_a_camera_stands_beside_the_rest_while_it_is_good() -> None:
    """Dark on light, whatever the terminal's own colours, and whole or not at all."""
    at = "http://192.168.100.100:8765/pair?code=407312"
    code = qr_code.lines(at)
    shown = replace(EXAMPLE, notice="The code: 407 312", code=code, notice_until=NOW + 120.0)
    seen = rows(shown, NOW, 80, 24)
    assert [piece for row in seen for piece, style in row if style == CODE] == list(code)
    assert styled(seen[4]).count("\x1b[30;107m") == 1
    assert any("Bridge" in row for row in text(shown))
    for later in (
        rows(shown, NOW + 121.0, 80, 24),
        rows(shown, NOW, 79, 24),
        rows(shown, NOW, 80, 23),
        rows(shown, NOW, 80, 24, ascii_only=True),
    ):
        assert not [piece for row in later for piece, style in row if style == CODE]


def test_the_code_of_a_terminal_is_the_picture_of_the_page() -> None:
    """Each dot of it, and light around it."""
    at = "http://192.168.100.100:8765/pair?code=407312"
    drawn = qr_code.lines(at)
    dots = [[sign in signs for sign in line] for line in drawn for signs in ("▀█", "▄█")]
    wanted = [list(map(bool, row)) for row in segno.make(at, micro=False).matrix_iter(border=2)]
    assert dots[: len(wanted)] == wanted
    assert not any(map(any, dots[len(wanted) :]))
