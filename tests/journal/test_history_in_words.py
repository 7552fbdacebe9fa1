"""The past as it is told and drawn: in words, in a terminal, on a page, as a picture."""

import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from time import process_time
from xml.etree import ElementTree

import pytest

from assistant.cli import svg_to_png
from assistant.coach.effects import Record
from assistant.content.plan_sentences import did
from assistant.errors import AssistantError, ExitCode
from assistant.journal import charts, history_page, history_picture, stats
from assistant.journal.calendar import LEVELS, MONTHS, day_words, level
from assistant.journal.history_in_words import (
    ASCII,
    BLOCKS,
    LABEL,
    lines,
    minutes,
    sentences,
    signs_for,
)
from assistant.journal.history_in_words import picture as drawn
from assistant.journal.past import read_past
from assistant.journal.row_time import Clock
from assistant.journal.store import open_store
from assistant.journal.tally import Exercised, History, Mean, Streak, Tally, weekly
from tests.journal import decade

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 21, 0)
NAMES = {"bridge": "Bridge", "evil": "<script>alert('&')</script>"}
VOID = {"meta", "link", "br", "img"}
IMPLIED = {"th", "td", "tr", "tbody", "thead"}
"""Tags of HTML that may stay open."""


def a_year() -> History:
    """A made-up year: exercise every second day, breaks on every weekday, pain once a week."""
    first = TODAY - timedelta(days=364)
    days = {}
    for number in range(365):
        day = first + timedelta(days=number)
        exercised = 60.0 * (number % 17) if number % 2 else 0.0
        asked = Mean(number % 11, 1) if number % 7 == 0 else Mean()
        tally = (
            Tally(int(exercised > 0), exercised, 9, 7, 1, asked, asked) if number % 5 else Tally()
        )
        if tally:
            days[day] = tally
    delays = {TODAY: [20.0, 30.0, 40.0]}
    exercises = (Exercised("evil", 12, 3600.0, 40), Exercised("bridge", 3, 60.0, 0))
    return History(first, TODAY, days, Tally(sessions=2), 3, delays, Streak(17, 3), exercises)


@pytest.fixture(scope="module")
def ten_years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    with open_store(tmp_path_factory.mktemp("decade") / "journal.sqlite3") as store:
        decade.fill(store)
        yield stats.history(store.database, None, TODAY)


def texts(history: History, width: int, signs: object = BLOCKS) -> list[str]:
    assert signs in (BLOCKS, ASCII)
    rows = drawn(history, width, BLOCKS if signs is BLOCKS else ASCII)
    return ["".join(text for text, _ in row) for row in rows]


# --- in the terminal --------------------------------------------------------


@pytest.mark.parametrize("width", [20, 40, 61, 80, 200])
@pytest.mark.parametrize("days", [1, 7, 30, 84, 365])
@pytest.mark.parametrize("signs", [BLOCKS, ASCII])
def test_the_picture_never_is_wider_than_the_terminal(width: int, days: int, signs: object) -> None:
    """Whatever the width and the time, every row fits, and ASCII stays ASCII."""
    whole = a_year()
    first = TODAY - timedelta(days=days - 1)
    there = {day: tally for day, tally in whole.days.items() if day >= first}
    rows = texts(History(first, TODAY, there, streak=Streak(17, 3)), width, signs)
    longest_word = max(len(word) for row in rows for word in row.split())
    assert max(map(len, rows)) <= max(width, longest_word)
    if signs is ASCII:
        assert all(row.isascii() for row in rows)


def test_twelve_weeks_fit_an_ordinary_terminal(ten_years: History) -> None:
    """80 by 24, the sentences included."""
    first = TODAY - timedelta(days=83)
    days = {day: tally for day, tally in ten_years.days.items() if day >= first}
    rows = texts(History(first, TODAY, days, streak=Streak(40, 9)), 80)
    assert len(rows) <= 24


def test_each_day_stands_in_its_week_with_its_shade() -> None:
    """Column by week, row by weekday; the shade is the day's level and days outside are blank. Each
    month has its name above the week in which it begins."""
    history = a_year()
    rows = texts(history, 80)
    by_day = {row[:3]: row[LABEL:] for row in rows[2:9]}
    monday = weekly(history)[0][0]
    for number in range(371):
        day = monday + timedelta(days=number)
        inside = history.first <= day <= TODAY
        sign = BLOCKS.levels[level(history.days.get(day))] if inside else " "
        row = by_day[("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]]
        assert row.ljust(60)[number // 7] == sign
        if day.day == 1:
            assert rows[1][LABEL + number // 7 :].startswith(MONTHS[day.month - 1][:3])


@pytest.mark.parametrize(
    ("seconds", "breaks", "expected"),
    [(0, 0, 0), (0, 3, 1), (1, 0, 2), (299, 9, 2), (300, 0, 3), (599, 0, 3), (600, 0, 4)],
)
def test_a_shade_says_how_much(seconds: float, breaks: int, expected: int) -> None:
    """Breaks alone are the lightest; five and ten minutes are where it gets darker."""
    assert level(Tally(exercise_s=seconds, breaks_answered=breaks)) == expected


def test_a_week_with_the_most_minutes_has_the_highest_bar() -> None:
    """And one with any minutes at all has some."""
    days = {TODAY: Tally(1, 6000.0), TODAY - timedelta(days=7): Tally(1, 5.0)}
    rows = texts(History(TODAY - timedelta(days=13), TODAY, days), 80)
    assert any("100 min" in row and "███" in row and "▁" not in row for row in rows)
    assert any("▁▁▁ ███" in row for row in rows)


def test_a_terminal_without_the_signs_gets_letters() -> None:
    """Latin-1, ASCII and unknown encodings have no shades."""
    assert signs_for("utf-8") is BLOCKS
    assert [signs_for(name) for name in ("ascii", "latin-1", "no-such", None)] == [ASCII] * 4


# --- in words ---------------------------------------------------------------


def test_the_sentences_are_exact() -> None:
    """Sums, the delay, the streak, and what no day could hold."""
    days = {TODAY: Tally(2, 3720.0, 8, 6, 1, Mean(9, 2), Mean(6, 2))}
    history = History(
        TODAY - timedelta(6),
        TODAY,
        days,
        Tally(sessions=1, breaks_answered=2),
        1,
        {TODAY: [10.0, 20.0, 90.0]},
        Streak(5, 1),
    )
    assert sentences(history) == [
        "You exercised for 1 hour 2 minutes, in 2 sessions.",
        "You got up at 6 of 8 reminders, half of them within 20 seconds, and 1 time unasked.",
        "Pain, from 0 to 10: 4.5 on average before exercise, 3.0 after.",
        "5 active days, with at most 2 days of rest between.",
        "On 1 day the clock wasn't known to be right, so the date may be off.",
        "And 1 session and 2 breaks from when the clock was wrong; no day here can hold them.",
    ]


def test_a_streak_is_called_what_it_is() -> None:
    """In a row only without a day of rest; the same words as are spoken."""
    for found, written, spoken in (
        (Streak(4, 0), "4 days in a row.", "Four days in a row."),
        (
            Streak(4, 3),
            "4 active days, with at most 2 days of rest between.",
            "Four active days, with at most two days of rest between.",
        ),
    ):
        assert sentences(History(TODAY - timedelta(7), TODAY, {}, streak=found)) == [written]
        (older,) = sentences(History(TODAY, TODAY, {}, streak=found))
        assert older == f"{written[:-1]}; some of them were before {day_words(TODAY)}."
        said = did("month", 1, 0, None, 0, 0.0, found.days, found.rest_days)
        assert said == f"This month: one break. {spoken}"
        assert written[:-1] in history_page.html(
            History(TODAY, TODAY, {TODAY: Tally(1, 60.0)}, streak=found), {}, NOW
        )


def test_reminders_that_nobody_answered_are_not_held_up_to_anyone() -> None:
    """What was done is told; what wasn't stands in the table alone."""
    assert sentences(History(TODAY, TODAY, {TODAY: Tally(breaks_due=3)})) == []
    three = Tally(breaks_due=3, breaks_unasked=3)
    assert sentences(History(TODAY, TODAY, {TODAY: three})) == ["You got up 3 times unasked."]


def test_pain_over_time_is_told_with_enough_answers_only() -> None:
    """Four weeks at each end, five answers in each."""
    first = TODAY - timedelta(days=99)

    def told(answers: int) -> bool:
        days = {first: Tally(before=Mean(6.0 * answers, answers)), TODAY: Tally(before=Mean(15, 5))}
        return any("first four weeks" in text for text in sentences(History(first, TODAY, days)))

    assert (told(4), told(5)) == (False, True)


@pytest.mark.parametrize(("days_apart", "told"), [(55, False), (56, True)])
def test_pain_over_time_is_told_of_weeks_that_lie_apart_only(days_apart: int, told: bool) -> None:
    """The first four weeks and the last four have no day in common."""
    first = TODAY - timedelta(days=days_apart)
    days = {first: Tally(before=Mean(30, 5)), TODAY: Tally(before=Mean(15, 5))}
    said = "In the first four weeks pain was 6.0 before exercise, in the last four 3.0."
    assert (said in sentences(History(first, TODAY, days))) == told


@pytest.mark.parametrize(("day", "told"), [(27, True), (28, False)])
def test_four_weeks_are_twenty_eight_days_at_either_end(day: int, told: bool) -> None:
    """What was told on the day after belongs to neither."""
    first, edge = TODAY - timedelta(days=99), timedelta(days=day)
    five = Tally(before=Mean(30, 5))
    for days in ({first + edge: five, TODAY: five}, {first: five, TODAY - edge: five}):
        said = sentences(History(first, TODAY, days))
        assert any("first four weeks" in text for text in said) == told


def test_a_pipe_gets_a_line_for_each_week() -> None:
    """No picture where nobody sees it: a week without anything is rest, not a miss."""
    listed = lines(History(TODAY - timedelta(days=13), TODAY, {TODAY: Tally(1, 60.0)}))
    assert listed[-2:] == [
        "Week of 9 November 2026: rest",
        "Week of 16 November 2026: 1 min in 1 session",
    ]


def test_an_empty_journal_says_what_will_be_here() -> None:
    """Kindly, and on every way out."""
    nothing = History(TODAY, TODAY)
    for text in ("\n".join(lines(nothing)), " ".join(texts(nothing, 60))):
        assert "After your first session" in text
    assert "After your first session" in history_page.html(nothing, {}, NOW)
    assert "After your first session" in history_picture.svg(nothing)


# --- the page ---------------------------------------------------------------


class Reader(HTMLParser):
    """What a screen reader meets, in order, and whether every tag is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [name for name, _ in attrs if name in ("src", "href", "xlink:href", "style")]
        self.links += [name for name, _ in attrs if name.startswith("on")]
        if tag not in VOID | IMPLIED:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in IMPLIED:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1:] != ["style"]:
            self.text.append(data.strip())


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader


def test_the_page_needs_nothing_but_itself() -> None:
    """No script, no link, no address; names are text; every tag is closed in its turn."""
    text = history_page.html(a_year(), NAMES, NOW)
    reader = read(text)
    assert not {"script", "link", "img", "iframe", "a"} & set(reader.tags)
    assert reader.links == []
    assert set(re.findall(r"https?://[^\"'<\s]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"url\(|@import", text)
    assert any("<script>alert('&')</script>" in part for part in reader.text)


def test_every_drawing_says_what_it_shows_and_has_its_figures_in_a_table() -> None:
    """A title, a description, and right behind it a table; ids are there once."""
    text = history_page.html(a_year(), NAMES, NOW)
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawings) == 4  # pain, the shades, two years
    for drawing in drawings:
        tree = ElementTree.fromstring(drawing)  # noqa: S314  our own, and well-formed XML
        named = tree.attrib["aria-labelledby"].split()
        spoken = [child for child in tree if child.attrib.get("id") in named]
        assert [child.tag.rpartition("}")[2] for child in spoken] == ["title", "desc"]
        assert all(child.text for child in spoken)
    assert (
        len(re.findall(r"</svg></div><details><summary>[^<]+</summary><div[^>]*><table", text)) == 3
    )
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_the_tables_hold_every_day(ten_years: History) -> None:
    """What the squares show can be read: the minutes of each day, by month."""
    text = history_page.html(ten_years, {}, NOW)
    tables = dict(re.findall(r"Show the figures of (\d+)</summary>.*?<tbody>(.*?)</table>", text))
    seen = 0
    for year, body in tables.items():
        for row in body.split("<tr>")[1:]:
            name, *cells = row.replace("<th scope=row>", "").split("<td>")
            month = MONTHS.index(name) + 1
            for number, cell in enumerate(cells, 1):
                tally = ten_years.days.get(date(int(year), month, number), Tally())
                assert cell == (str(minutes(tally)) if minutes(tally) else "b" * tally.active)
                seen += tally.active
    assert seen == sum(tally.active for tally in ten_years.days.values())


def test_breaks_are_told_by_the_month_and_over_years_by_the_year(ten_years: History) -> None:
    """Each stretch under its own name, the newest first."""
    for history, by_year in ((a_year(), False), (ten_years, True)):
        text = history_page.html(history, {}, NOW)
        table = text.partition("Reminders to stand up")[2].partition("</table>")[0]
        names = re.findall(r"<tr><th scope=row>([^<]*)", table)
        days = {day for day, one in history.days.items() if one.breaks_due or one.breaks_taken}
        firsts = sorted({(day.year, 0 if by_year else day.month) for day in days}, reverse=True)
        assert len(names) > 1
        assert names == [
            f"{year}" if by_year else f"{MONTHS[month - 1]} {year}" for year, month in firsts
        ]


def test_ten_years_make_a_small_page_quickly(ten_years: History) -> None:
    """Under a megabyte and, in processor time, under two seconds."""
    began = process_time()
    size = len(history_page.html(ten_years, {}, NOW).encode())
    assert process_time() - began < 2.0
    assert size < 1_000_000


# --- the picture ------------------------------------------------------------


def test_the_picture_is_a_png_with_dark_and_light_in_it() -> None:
    """Drawn without a browser, twice its size; not a blank sheet."""
    pytest.importorskip("resvg_py", reason="resvg-py isn't installed (the extra named png)")
    try:
        svg_to_png.font()
    except AssistantError as error:
        pytest.skip(str(error))
    png = svg_to_png.png(history_picture.svg(a_year()), "a page")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, high = struct.unpack(">II", png[16:24])
    tree = ElementTree.fromstring(history_picture.svg(a_year()))  # noqa: S314  our own
    assert (width, high) == (2 * int(tree.attrib["width"]), 2 * int(tree.attrib["height"]))
    length = struct.unpack(">I", png[png.index(b"IDAT") - 4 : png.index(b"IDAT")])[0]
    start = png.index(b"IDAT") + 4
    pixels = zlib.decompressobj().decompress(png[start : start + length])
    assert len(set(pixels)) > 50


@pytest.mark.parametrize(
    ("told", "frames"),
    [(Tally(1, 60.0), 0), (Tally(before=Mean(3, 1)), 1), (Tally(after=Mean(3, 1)), 1)],
)
def test_the_picture_has_the_line_of_pain_where_pain_was_told(told: Tally, frames: int) -> None:
    """Before exercise or after it; where nobody told any there is no empty frame."""
    shown = history_picture.svg(History(TODAY, TODAY, {TODAY: told}))
    assert shown.count(f'height="{charts.PAIN_HIGH}"') == frames


def test_the_drawings_show_every_day_and_answer_and_what_each_sign_means() -> None:
    """From the first day to the last one; a mark for each week with answers, and one to read it
    by; a word beside each shade."""
    first = TODAY - timedelta(days=9)
    told = Tally(1, 600.0, before=Mean(3, 1), after=Mean(2, 1))
    every = History(first, TODAY, {first + timedelta(days=number): told for number in range(10)})
    year = charts.calendar(every, TODAY.year, 60, "y")
    for number in range(10):
        assert f"<title>{day_words(first + timedelta(days=number), year=False)}: 10 min" in year
    pain = charts.pain(every)
    weeks = len(weekly(every))
    assert (pain.count('class="dot"'), pain.count('class="ring"')) == (weeks + 1, weeks + 1)
    assert "pain before exercise" in pain
    for word in LEVELS:
        assert f">{word}</text>" in charts.legend()


def test_in_the_picture_nothing_lies_over_what_is_above_it() -> None:
    """The line of pain, a drawing for each year, what the shades mean."""
    tree = ElementTree.fromstring(history_picture.svg(a_year()))  # noqa: S314  our own
    drawn = [one.attrib for one in tree if one.tag.endswith("svg")]
    assert len(drawn) == 4
    for one, below in pairwise(drawn):
        assert int(one["y"]) + int(one["height"]) <= int(below["y"])


def test_without_a_font_it_says_how_to_get_one(tmp_path: Path) -> None:
    """A picture without letters would be worse than none."""
    with pytest.raises(AssistantError, match="sudo apt install fonts-dejavu-core"):
        svg_to_png.font((str(tmp_path),))


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The part that draws is optional; the page isn't."""
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(AssistantError, match=r"pip install 'exercise-assistant\[png\]'"):
        svg_to_png.png(history_picture.svg(a_year()), "a page")


# --- the command ------------------------------------------------------------


def command(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", "history", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "XDG_STATE_HOME": str(state), "HOME": str(state)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("days", [1, 7])
def test_as_many_days_are_read_as_were_asked_for_today_included(days: int, tmp_path: Path) -> None:
    now = Clock().now()
    month_ago = replace(now, at_ms=now.at_ms - 30 * 86_400_000, clock_ok=True)
    with open_store(tmp_path / "journal.sqlite3") as store:
        store.write([(month_ago, Record("exercise", "bridge", 60.0, "done"))])
    found = read_past(tmp_path / "journal.sqlite3", days)
    assert found.last - found.first == timedelta(days=days - 1)


def test_the_command_tells_prints_and_writes(tmp_path: Path) -> None:
    """Lines into a pipe; a page where it was asked for, of everything there is."""
    folder = tmp_path / "exercise-assistant"
    with open_store(folder / "journal.sqlite3") as store:
        decade.fill(store, years=0.1, last=date.today())
    told = command(tmp_path, "--days", "14")
    assert (told.returncode, told.stderr) == (0, "")
    assert "\x1b" not in told.stdout
    assert "You got up" in told.stdout
    written = command(tmp_path, "--html", str(tmp_path / "page.html"))
    assert (written.returncode, written.stderr) == (0, "")
    page_read = (tmp_path / "page.html").read_text()
    read(page_read)
    assert page_read.count('class="figure"') > 5  # what was done is drawn
    assert page_read.count(".figure .near{") == 2  # in light and in dark, said once


def test_the_command_is_kind_to_beginners_and_clear_about_faults(tmp_path: Path) -> None:
    """No journal is no error; a damaged one, a bad number and a bad place each have their code."""
    fresh = command(tmp_path)
    assert (fresh.returncode, fresh.stderr) == (0, "")
    assert "Nothing is written down here yet" in fresh.stdout
    assert list(tmp_path.iterdir()) == []
    zero = command(tmp_path, "--days", "0")
    assert (zero.returncode, zero.stdout) == (ExitCode.COMMAND_LINE, "")
    path = tmp_path / "exercise-assistant" / "journal.sqlite3"
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)
    damaged = command(tmp_path)
    assert damaged.returncode == ExitCode.FILE_ACCESS
    assert re.fullmatch(r"assistant: \S+journal.sqlite3: its file is damaged; .*\n", damaged.stderr)
