"""Figures and handouts as a person asks for them: files that open, and hold what was asked for."""

import re
import struct
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.coach.effects import Record, Remember, Remembered, Wanted, Wish
from assistant.content.safety_question_texts import QUESTIONS
from assistant.journal import Journal
from tests.cli.test_cli import Person
from tests.content.voice import shipped

EXERCISES = shipped().exercises


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


def size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, high = struct.unpack(">II", png[16:24])
    return width, high


def test_a_figure_stands_in_the_terminal(person: Person) -> None:
    name, *rows = person.reads("figure", "bridge").splitlines()
    assert name == "Bridge"
    dots = [sign for row in rows for sign in row if "\u2801" <= sign <= "\u28ff"]
    assert len(dots) > 100
    assert set("".join(rows)) - set(dots) <= {" "}


def test_a_figure_is_written_still_or_moving(person: Person) -> None:
    for options, moves in (((), False), (("--moving",), True)):
        person.reads("figure", "bird-dog", "--to", "bird-dog.svg", *options)
        drawn = (person.folder / "bird-dog.svg").read_text()
        ElementTree.fromstring(drawn)  # noqa: S314  our own
        assert ("<animate " in drawn) == moves


def test_a_sheet_holds_every_exercise_with_its_name(person: Person) -> None:
    told = person.reads("figure", "--sheet", "--to", "all.svg")
    assert f"{len(EXERCISES)} figures" in told
    drawn = (person.folder / "all.svg").read_text()
    names = [unescape(name) for name in re.findall(r"<text [^>]*>([^<]*)</text>", drawn)]
    assert names == [exercise.name for exercise in EXERCISES.values()]


def test_a_picture_of_a_figure_needs_no_font_and_is_as_wide_as_asked(person: Person) -> None:
    pytest.importorskip("resvg_py", reason="resvg-py isn't installed (the extra named png)")
    person.reads("figure", "cat-stretch", "--to", "cat.png", "--width", "120")
    assert size((person.folder / "cat.png").read_bytes())[0] == 120


def test_an_exercise_of_ones_own_without_a_figure_says_where_to_draw_it(person: Person) -> None:
    folder = person.config / "routines" / "exercises"
    folder.mkdir(parents=True)
    source = Path(EXERCISES["bridge"].file).read_text().split("[figure]")[0]
    mine = source.replace('id = "bridge"', 'id = "my-bridge"').replace('harder = "donkey-kick"', "")
    (folder / "my-bridge.toml").write_text(mine)
    told = person.refused(2, "figure", "my-bridge")
    assert "my-bridge.toml: it has no figure" in told


def test_a_handout_for_me_leaves_out_what_the_coach_would(person: Person) -> None:
    """Who has told of osteoporosis gets no knee to chest on paper either."""
    person.state.mkdir(parents=True)
    journal = Journal(lambda _: None, person.state / "journal.sqlite3")
    for question in QUESTIONS:
        journal(Record("screening", question.id, value=int(question.id == "osteoporosis")))
    journal(Record("screening", "all", value=1))
    journal.flush(10.0)
    journal.close()
    told = person.reads("handout", "lower-back-gentle", "--for-me", "--html", "me.html")
    assert "Left out or exchanged, as when it is led to you:" in told
    sheet = (person.folder / "me.html").read_text()
    assert "Pelvic tilt" in sheet
    assert "Knee to chest" not in sheet
    assert (person.folder / "me.html").stat().st_mode & 0o077 == 0
    assert "Knee to chest" in person.reads("handout", "lower-back-gentle")


def test_a_handout_for_me_knows_who_does_not_get_down_to_the_floor(person: Person) -> None:
    """For good, or today; "not today" of another day is over."""
    person.state.mkdir(parents=True)
    journal = Journal(lambda _: None, person.state / "journal.sqlite3")
    for question in (*(one.id for one in QUESTIONS), "all"):
        journal(Record("screening", question, value=int(question == "all")))

    def told(wanted: Wanted) -> str:
        journal(Remember(Remembered(wanted=wanted)))
        journal.flush(10.0)
        return person.reads("handout", "morning", "--for-me")

    anything = told(Wanted(no_floor_day=1))
    for wanted in (Wanted(floor=Wish(0.0, 1.0)), Wanted(no_floor_day=0)):
        upright = told(wanted)
        assert "Left out or exchanged" in upright
        assert len(upright) < len(anything)
    journal.close()
