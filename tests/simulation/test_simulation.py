"""`assistant simulate`: the real coach against simulated people."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest

from assistant.coach.effects import Chime, Effect, Lamp, SetLamp, Sound
from assistant.coach.events import Event, Talking
from assistant.simulation.desk_people import FIRST_DAY, PEOPLE, Habits, day, summer_s
from assistant.simulation.report import Observer, Report, Truth
from assistant.simulation.world import World, simulate
from tests.coach.driver import SETTINGS, SIDES, Drive

ROOT = Path(__file__).resolve().parents[2]
DESK = replace(SETTINGS, plans={"desk-break": SIDES}, routine="desk-break", stretch="desk-break")
H = 3600.0
DAY_S = 86400.0
START = FIRST_DAY * DAY_S


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a person types it."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", "simulate", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def month() -> dict[str, Report]:
    """A month of each of them."""
    return {person: simulate(person, 28, 7, DESK) for person in PEOPLE}


# --- what comes of it -------------------------------------------------------


def test_no_promise_is_broken_to_anybody(month: dict[str, Report]) -> None:
    """Not one interruption in quiet, in an absence, after hours, or into talk before the limit of
    courtesy; and never two within a minute."""
    for report in month.values():
        assert report.broken == 0, report
        assert report.due > 100
        assert report.least_gap_s is not None
        assert report.least_gap_s >= 60


def test_the_diligent_stand_up_each_time(month: dict[str, Report]) -> None:
    """Within a minute of hearing it, and they never sit longer than interval, courtesy and that."""
    report = month["diligent"]
    assert report.taken == report.due == report.given
    assert report.longest_sitting_s <= 1200 + 300 + 60 + 15
    assert report.delay_median_s is not None
    assert report.delay_median_s < 60


def test_the_ignoring_are_left_in_peace_after_each_one(month: dict[str, Report]) -> None:
    """Everything is unanswered; the next one comes after the ladder and a whole interval."""
    report = month["ignoring"]
    assert (report.taken, report.snoozed, report.skipped) == (0, 0, 0)
    assert report.unanswered == report.due


def test_the_snoozer_gets_three_for_each_break(month: dict[str, Report]) -> None:
    """And most give in then."""
    report = month["snoozer"]
    assert 2.5 * report.due < report.snoozed <= 3 * report.due
    assert report.taken > report.due / 2


def test_a_night_shift_is_asked_at_night(month: dict[str, Report]) -> None:
    """Between ten and six, and at no other hour."""
    hours = {int(hour) for hour, became in month["night-shift"].hours.items() if sum(became)}
    assert hours <= {22, 23, 0, 1, 2, 3, 4, 5, 6}
    assert {23, 0, 3} <= hours


def test_meetings_hold_reminders_until_courtesy_ends(month: dict[str, Report]) -> None:
    """Those that nobody declared are talk in the room: only the longest are interrupted, once."""
    report = month["meeting-heavy"]
    assert 0 < report.at_courtesy_limit < report.given / 4


def test_the_chaotic_have_every_misfortune(month: dict[str, Report]) -> None:
    """Power cuts, clocks that are set, a machine that sleeps: otherwise nothing is shown."""
    report = month["chaotic"]
    assert min(report.power_cuts, report.clocks_set, report.suspends) >= 5


def test_every_answer_is_counted_once(month: dict[str, Report]) -> None:
    """The hours of the day add up to the totals."""
    for report in month.values():
        sums = [sum(column) for column in zip(*report.hours.values(), strict=True)]
        assert sums == [report.taken, report.snoozed, report.skipped, report.unanswered]


def test_the_same_seed_gives_the_same_life() -> None:
    """To the last digit; another one gives another."""
    one, again, other = (simulate("chaotic", 4, seed, DESK) for seed in (3, 3, 4))
    assert one == again
    assert one.events != other.events


# --- the world --------------------------------------------------------------


def test_summer_time_is_that_of_most_of_europe() -> None:
    """In 2026 from 29 March to 25 October, both at one o'clock UTC."""
    assert summer_s(START + 82 * DAY_S) == 0.0
    march, october = START + 83 * DAY_S, START + 293 * DAY_S
    assert [summer_s(march + hour * H) for hour in (1.99, 2.0)] == [0.0, H]
    assert [summer_s(october + hour * H) for hour in (1.99, 2.0)] == [H, 0.0]


def test_a_night_shift_ends_on_the_next_day() -> None:
    """What is planned for a day may lie past its midnight."""
    last = max(day(PEOPLE["night-shift"], 0, Random(1)))
    assert last.at > START + DAY_S


def test_telling_the_last_second_of_talk_is_telling_them_all() -> None:
    """A microphone that tells of talk every second makes the coach do the very same."""
    habits = Habits(about="", hours=None, stands=0.0, talks=0)
    world = World(habits, DESK, Random(1))
    spells = [(1100.0, 1250.0), (1265.0, 1330.0), (2700.0, 4000.0), (4010.0, 4300.0)]
    for begins, ends in spells:
        world.talk.append((START + begins, START + ends))
    chimes: list[float] = []
    take = world.take

    def listen(effects: list[Effect], cause: Event) -> None:
        chimes.extend(world.at - START for e in effects if e == Chime(Sound.DUE))
        take(effects, cause)

    world.take = listen  # type: ignore[method-assign]
    world.run(START + 5000)
    drive = Drive(DESK)
    for begins, ends in spells:
        second = begins
        while second <= ends:
            drive.at(second, Talking())
            second += 1.0
    drive.at(5000.0)
    every = [at for at, effect in drive.log if effect == Chime(Sound.DUE)]
    assert chimes == pytest.approx(every, abs=0.001)
    assert len(chimes) == 3


QUIET, TALK, GONE, NIGHT = "in_quiet", "in_talk", "in_absence", "after_hours"


@pytest.mark.parametrize(
    ("wrong", "broken"),
    [
        (lambda eyes: setattr(eyes, "quiet_until", 99.0), QUIET),
        (lambda eyes: setattr(eyes, "away", True), GONE),
        (lambda eyes: setattr(eyes, "gone", True), GONE),
        (None, TALK),
        (None, NIGHT),
    ],
)
def test_an_interruption_that_should_not_be_is_seen(wrong: object, broken: str) -> None:
    """The eyes can tell: a coach that chimed then would be found out."""
    habits = PEOPLE["diligent"] if broken == NIGHT else Habits(about="", hours=None)
    eyes = Observer(replace(DESK, hours=habits.working_hours()))
    if callable(wrong):
        wrong(eyes)
    talked_at = 40.0 if broken == TALK else -1e9
    eyes.look([SetLamp(Lamp.DUE), Chime(Sound.DUE)], Talking(), Truth(50.0, True, talked_at, 0.0))
    assert +eyes.wrong == {broken: 1}
    assert eyes.report(Report(person="", days=1, seed=1)).broken == 1


# --- the command ------------------------------------------------------------


def test_a_table_of_all_of_them() -> None:
    """Without a name everybody lives; the last line says that nothing was broken."""
    done = run("--days", "2")
    assert done.returncode == 0, done.stderr
    head = done.stdout.splitlines()
    assert head[0] == "2 days, seed 1"
    assert head[1].split() == list(PEOPLE)
    assert head[-1] == "interruptions that should not have been: 0"


def test_one_of_them_with_a_chart_a_picture_and_figures(tmp_path: Path) -> None:
    """The chart in letters, the picture as SVG, and JSON that says the same."""
    file = tmp_path / "day.svg"
    done = run("--days", "5", "--person", "diligent", "--seed", "2", "--svg", str(file))
    assert done.returncode == 0, done.stderr
    assert "\n10:00  ####" in done.stdout
    drawing = ElementTree.parse(file).getroot()  # noqa: S314 - our own file
    assert drawing.tag.endswith("svg")
    found = run("--days", "5", "--person", "diligent", "--seed", "2", "--json")
    (figures,) = json.loads(found.stdout)
    assert figures["taken"] > 40
    bars = drawing.findall("{*}rect")
    hours = sum(count > 0 for became in figures["hours"].values() for count in became)
    assert len(bars) == 1 + hours + 4  # the paper, the columns' parts, the legend
    assert f"diligent: {figures['due']} due, {figures['taken']} taken" in "".join(
        drawing.itertext()
    )


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--days", "0"), 2, "--days 0: expected a whole number from 1 to 3660"),
        (("--person", "nobody"), 2, "nobody"),
        (
            ("--days", "1", "--person", "away", "--svg", "/nowhere/at/all.svg"),
            7,
            "can't be written",
        ),
    ],
)
def test_what_can_not_be_is_said(arguments: tuple[str, ...], code: int, says: str) -> None:
    """In one line, with the exit code for it."""
    done = run(*arguments)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr
