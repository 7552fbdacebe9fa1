"""The plan with made-up people, for weeks: the coach, its routines and its questions are real."""

from collections import Counter
from itertools import pairwise

import pytest

from assistant.coach.events import Health
from assistant.coach.settings import Settings
from assistant.coach.suitability import conditions
from assistant.coach.working_hours import weekday
from assistant.config import Config
from assistant.config.for_coach import settings_for
from assistant.config.keys import Session
from assistant.content import plan_sentences, routine_reader
from assistant.content.ways import FLOOR
from assistant.simulation.plan_people import TRAINEES, Day, live, strength_in
from tests.coach.test_session_start import ROUTINES

pytestmark = pytest.mark.timeout(300)
DAYS = 56
PEOPLE = (
    *("beginner", "eager", "careful", "sore", "traveller", "often-hurt", "on-off"),
    *("desk-worker", "thin-bones", "pregnant", "leg-pain", "mute"),
)
H = 3600.0


@pytest.fixture(scope="module")
def settings() -> Settings:
    return settings_for(Config(), routine_reader.load([ROUTINES]), once=False)


@pytest.fixture(scope="module")
def lives(settings: Settings) -> dict[str, list[tuple[Day, int]]]:
    """Eight weeks of some of them: each day, and the step that one has come to on it."""
    return {
        name: [(day, weeks.state.memory.step) for weeks, day in live(name, DAYS, 3, settings)]
        for name in PEOPLE
    }


Lives = dict[str, list[tuple[Day, int]]]


def test_strength_is_never_done_on_two_days_in_a_row(lives: Lives, settings: Settings) -> None:
    for name, days in lives.items():
        strong = [strength_in(settings, day) for day, _ in days]
        assert not any(a and b for a, b in pairwise(strong)), name
    assert sum(strength_in(settings, day) for day, _ in lives["eager"]) > 15


def test_nothing_is_brought_up_beside_something_else_nor_at_night(lives: Lives) -> None:
    for name, days in lives.items():
        for day, _ in days:
            assert not day.broken, (name, day)
            asked = [at for at, text in day.said if "time for your exercises" in text]
            assert len(asked) <= 3 + sum("next" in one for one in day.asked), (name, day)
            assert all(15 * H <= at < 23 * H for at in asked), (name, day)


def test_reminders_to_stand_and_the_plan_share_a_desk(lives: Lives) -> None:
    """Each when it is time for it, neither beside the other nor within a minute of it; and whoever
    is reminded all day isn't told the same each time."""
    for name in ("eager", "desk-worker"):
        days = [day for day, _ in lives[name]]
        taken = [row for day in days for row in day.rows if row.kind == "break_taken"]
        assert len(taken) > 10 * DAYS, name
        reminded = [
            (day.day, at, text) for day in days for at, text in day.said if "of sitting" in text
        ]
        assert all(9 * H <= at < 18 * H and weekday(day) < 5 for day, at, _ in reminded), name
        often = Counter(text for _, _, text in reminded)
        assert max(often.values()) < 0.5 * len(reminded), name
        assert sum(bool(day.led) for day in days) > 15, name


def test_a_step_is_taken_after_two_easy_sessions_and_a_yes_only(lives: Lives) -> None:
    """By what was answered, as it was heard."""
    for name, days in lives.items():
        easy: list[bool] = []
        for (_, before), (day, step) in pairwise(days):
            assert step - before in (-1, 0, 1), name
            if step > before:
                assert "step: yes" in day.asked, name
                assert easy[-2:] == [True, True], name
            if step != before:
                easy = []
            easy += [one == "easy: yes" for one in day.asked if one.startswith("easy")]
    assert max(step for _, step in lives["eager"]) == 2
    assert lives["careful"][-1][1] == 0, "who says no stays where they are"


def test_who_never_answers_is_led_nothing_and_who_is_away_comes_back_gently(lives: Lives) -> None:
    for day, _ in lives["traveller"][20:38]:
        assert not day.led
    back = [day.led[0] for day, _ in lives["traveller"][38:] if day.led]
    assert back[0] == "lower-back-gentle"


def test_who_is_on_and_off_comes_to_strength(lives: Lives, settings: Settings) -> None:
    """Two weeks with, three without, and again."""
    assert any(strength_in(settings, day) for day, _ in lives["on-off"])


def test_on_a_bad_day_there_is_no_strength(lives: Lives, settings: Settings) -> None:
    for name, days in lives.items():
        for day, _ in days:
            told = [row.value or 0 for row in day.rows if row.detail == "before"]
            if told and max(told) >= 4:
                assert not strength_in(settings, day), (name, day)


def test_it_is_taken_easier_after_a_morning_that_was_worse(
    lives: Lives, settings: Settings
) -> None:
    """As it was said: in the next session nothing strengthens, and no step is offered."""
    kept = 0
    for name, days in lives.items():
        told, before = False, 0
        for day, step in days:
            told |= any(text == plan_sentences.MORNING_WORSE for _, text in day.said)
            if told and day.led:
                assert not strength_in(settings, day), (name, day)
                assert step <= before, (name, day)
                assert not any(one.startswith("step") for one in day.asked), (name, day)
                told, kept = False, kept + 1
            before = step
    assert kept > 10


def test_a_plan_outlives_power_cuts(settings: Settings) -> None:
    days = list(live("restless", 21, 5, settings))
    assert days[-1][0].state.memory.wanted.week is not None
    assert sum(bool(day.led) for _, day in days) > 6


def test_four_weeks_are_told_once_and_strength_twice_a_week_comes_by_a_yes_only(
    lives: Lives,
) -> None:
    """To whoever took the plan that was offered, on the first day after them that it has something
    for; what is told is what was done."""
    for name in ("beginner", "careful", "sore"):
        days = [day for day, _ in lives[name]]
        told = [
            (n, text) for n, day in enumerate(days) for _, text in day.said if "weeks of" in text
        ]
        [(number, text)] = told
        assert 28 <= number <= 35, name
        done = sum(any(row.kind == "session_end" for row in day.rows) for day in days[:28])
        assert text == plan_sentences.first_weeks(done), name
        asked = [one for day in days for one in day.asked if one.startswith("twice")]
        assert len(asked) <= 1


# --- beginners with something of their own -------------------------------------------------------

OWN = ("desk-worker", "thin-bones", "pregnant", "leg-pain")


def test_each_beginner_exercises_in_the_first_four_weeks_with_what_suits(
    lives: Lives, settings: Settings
) -> None:
    """Nobody is left without a plan, nothing is led that speaks against what was told, and nothing
    is announced that is then withdrawn."""
    for name in OWN:
        days = [day for day, _ in lives[name][:28]]
        assert sum(bool(day.led) for day in days) >= 8, name
        told = conditions(Health(yes=TRAINEES[name].yes))
        for day in days:
            for one in day.worked:
                assert told.isdisjoint(settings.exercises[one].leave_out_with), (name, one)
        exchanged = [one for day in days[1:] for one in day.asked if one.startswith("gentle")]
        assert not exchanged or name == "desk-worker", name  # who has much pain on some days


def test_strength_is_not_spoken_of_to_whom_it_is_not_for(lives: Lives) -> None:
    for name in ("pregnant", "leg-pain"):
        for day, _ in lives[name]:
            assert not any("trength" in text for _, text in day.said), (name, day.said)


def test_who_answers_no_question_is_led_something_else_from_time_to_time(lives: Lives) -> None:
    """Only what suits every back."""
    led = [day.led[0] for day, _ in lives["mute"][:28] if day.led]
    assert len(led) == 14
    assert len(set(led)) >= 3


def test_who_does_not_get_down_to_the_floor_has_a_plan_without_it(settings: Settings) -> None:
    """Seventy, with osteoporosis: chair, standing, legs and balance; strength every other time at
    most, and no floor whatever is asked for."""
    config = Config(session=Session(floor=False))
    upright = settings_for(config, routine_reader.load([ROUTINES]), once=False)
    days = [day for _, day in live("thin-bones", 42, 2, upright)]
    led = [name for day in days for name in day.led]
    assert set(led) == {"chair", "without-the-floor", "legs-and-balance"}
    assert not any(a == b == "legs-and-balance" for a, b in pairwise(led))
    worked = {upright.exercises[name].position for day in days for name in day.worked}
    assert worked.isdisjoint(FLOOR)
