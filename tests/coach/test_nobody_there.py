"""Who is there, and who hears: silence after three reminders, breaks that are one, a closed ear."""

import math
from dataclasses import replace

import pytest

from assistant.coach.effects import Keep, Lamp, Place, Record, SetEar
from assistant.coach.events import (
    Asked,
    Command,
    Event,
    Found,
    Lost,
    Part,
    Period,
    Present,
    Recalled,
    Slept,
    Source,
    Talking,
    Touched,
    Unclear,
    WallClock,
)
from assistant.coach.state import (
    Asleep,
    Away,
    Closed,
    Due,
    Exercising,
    Leading,
    Overdue,
    Sitting,
    Standing,
)
from assistant.coach.step import begin, deadline
from assistant.coach.working_hours import Hours
from assistant.content import sentences, words
from tests.coach.driver import SETTINGS, Drive
from tests.coach.test_desk import MONDAY, SIT, TEN, UP, H, asked, chimes, last, rows, sitting

C = Command
ROUND = SIT + 240.0
"""From a reminder that nobody answers to the next one."""
PRESS = Asked(C.PRESS, Source.BUTTON)
THRICE = Asked(C.CLOSE_EAR, Source.BUTTON)


def gone() -> Drive:
    """Three reminders met nobody."""
    drive = sitting()
    drive.at(3 * ROUND)
    assert isinstance(drive.state.desk, Away)
    return drive


# --- nobody there ------------------------------------------------------------------


def test_after_three_reminders_nobody_is_talked_to_all_night() -> None:
    """The lamp alone is left, and what wasn't asked isn't counted as not answered."""
    drive = gone()
    drive.at(15 * H)
    assert len(chimes(drive)) == 3
    assert [kind for kind, _ in rows(drive)] == ["break_due", "break_unanswered"] * 3
    assert drive.lamp() is Lamp.QUIET
    assert deadline(drive.state) is None


SIGNS: list[tuple[Event, type]] = [
    (Talking(), Sitting),
    (Unclear(), Sitting),
    (Present(True), Sitting),
    (PRESS, Sitting),
    (Asked(C.STOOD), Sitting),
    (Asked(C.RETURNED), Sitting),
    (Asked(C.DID_TODAY, Source.KEY), Sitting),
    (Asked(C.UP), Standing),
    (Asked(C.START), Exercising),
    (Asked(C.LEAVING), Away),
]


@pytest.mark.parametrize(("sign", "then"), SIGNS)
def test_a_sign_of_life_begins_sitting_anew(sign: Event, then: type) -> None:
    """Whatever it is, it does what it would do, and the time without anybody is an absence."""
    drive = gone()
    drive.at(10 * H, sign)
    assert type(drive.state.desk) is then
    assert drive.state.wishes.unheard == 0
    if sign is PRESS:
        assert last(drive) == sentences.welcome_back(10 * H + SIT + TEN)
    if then is Sitting:
        assert ("absence", 10 * H - 3 * ROUND) in rows(drive)
        assert drive.stand_at == 10 * H + SIT
        drive.at(10 * H + SIT + 2)
        assert last(drive) == sentences.STAND_GENTLY


def test_a_touch_alone_waits_for_what_the_press_means() -> None:
    """Else the press would begin a routine."""
    drive = gone()
    drive.at(10 * H, Touched())
    assert isinstance(drive.state.desk, Away)
    drive.at(10 * H + 0.5, PRESS)
    assert drive.mode() is Sitting


@pytest.mark.parametrize("sign", [Talking(), Touched(), Unclear(), Asked(C.HELP)])
@pytest.mark.parametrize("at", [SIT + 60.0, SIT + 400.0, ROUND + SIT + 60.0, 2 * ROUND + SIT + 60])
def test_somebody_who_gives_a_sign_between_is_asked_on(sign: Event, at: float) -> None:
    """Three in a row, without any."""
    drive = sitting()
    drive.at(at, sign)
    drive.at(3 * ROUND + 1)
    assert isinstance(drive.state.desk, Overdue)


def test_who_is_seen_by_a_sensor_is_there() -> None:
    """However silent; a sensor that is lost sees nobody."""
    drive = sitting()
    drive.at(0.0, Present(True))
    drive.at(6 * ROUND + 1)
    assert len(chimes(drive)) == 6
    drive.at(drive.now, Lost(Part.PRESENCE, "it is gone"))
    drive.at(drive.now, Lost(Part.VOICE, "it is gone"), Found(Part.VOICE))
    drive.at(10 * ROUND)
    assert isinstance(drive.state.desk, Away)


def test_it_is_still_nobody_after_a_sleep_and_a_restart_asks_again() -> None:
    drive = gone()
    drive.at(10 * H, Slept(600.0))
    assert isinstance(drive.state.desk, Away)
    keeping = sitting(replace(SETTINGS, keeps=True))
    keeping.at(3 * ROUND)
    kept = [e.place for _, e in keeping.log if isinstance(e, Keep)]
    assert kept[-1].away_left_s == 4 * H
    count = len(kept)
    keeping.at(15 * H)
    assert len([e for _, e in keeping.log if isinstance(e, Keep)]) == count


def test_the_screen_tells_the_two_absences_apart() -> None:
    drive = gone()
    assert drive.state.shown.view is not None
    assert drive.state.shown.view.title == "Nobody here, it seems"
    drive.at(drive.now, Talking())
    drive.at(drive.now, C.LEAVING)
    assert drive.state.shown.view is not None
    assert drive.state.shown.view.title == "Away"


# --- one break is one ----------------------------------------------------------------


def test_a_break_that_is_told_five_times_in_five_minutes_is_one() -> None:
    drive = sitting()
    for minute in range(5):
        drive.at(60.0 * (minute + 1), C.STOOD)
    assert rows(drive) == [("break_taken", 0.0)]
    assert last(drive) == sentences.noted(TEN + 300.0 + SIT, known=True)
    drive.at(361.0, C.UP)
    assert rows(drive) == [("break_taken", 0.0)] * 2


def test_a_reminder_that_is_answered_is_always_a_break() -> None:
    """However soon after another one."""
    drive = sitting()
    drive.at(SIT - 10, C.SNOOZE)
    drive.at(SIT - 5, C.STOOD)
    drive.at(2 * SIT - 4)
    assert drive.mode() is Due
    drive.at(2 * SIT, C.UP)
    assert [kind for kind, _ in rows(drive)].count("break_taken") == 2


def test_two_presses_within_a_moment_are_one() -> None:
    """A break isn't over two seconds after it began."""
    drive = asked()
    drive.at(SIT + 5, PRESS)
    drive.at(SIT + 7, PRESS)
    assert drive.mode() is Standing
    drive.at(SIT + 9, PRESS)
    assert drive.mode() is Sitting


# --- answers that fit ----------------------------------------------------------------


@pytest.mark.parametrize("command", [C.UP, C.STOOD])
def test_in_the_minutes_up_one_hears_how_long(command: Command) -> None:
    drive = asked()
    drive.at(SIT + 5, PRESS)
    drive.at(SIT + 65, command)
    assert last(drive) == "Good. One minute to go. Or press to end it."
    assert drive.mode() is Standing
    assert [kind for kind, _ in rows(drive)] == ["break_due", "break_taken"]
    drive.at(SIT + 5 + UP)
    assert drive.mode() is Sitting


def test_no_thanks_ends_the_minutes_up() -> None:
    drive = asked()
    drive.at(SIT + 5, PRESS)
    drive.at(SIT + 30, C.NO)
    assert drive.mode() is Sitting


def test_a_reminder_can_be_put_off_while_the_lamp_says_soon() -> None:
    """It counts as one that was asked and put off."""
    drive = sitting()
    drive.at(SIT - 130, C.SNOOZE)
    assert rows(drive) == []
    drive.at(SIT - 100)
    assert drive.lamp() is Lamp.SOON
    drive.at(SIT - 100, Asked(C.SNOOZE, seconds=600.0))
    assert [kind for kind, _ in rows(drive)] == ["break_due", "break_snoozed"]
    assert (drive.snoozes, drive.stand_at) == (1, SIT - 100 + 600)
    for again in range(2):
        drive.at((drive.stand_at or 0.0) - 60, C.SNOOZE)
        assert drive.snoozes == again + 2
    assert [kind for kind, _ in rows(drive)].count("break_due") == 1
    drive.at((drive.stand_at or 0.0) - 60, C.SNOOZE)
    assert last(drive) == sentences.NO_MORE_SNOOZES
    drive.at((drive.stand_at or 0.0) + 30, C.UP)
    kinds = [kind for kind, _ in rows(drive)]
    assert (kinds.count("break_due"), kinds.count("break_taken")) == (1, 1)


def test_more_than_there_is_is_told() -> None:
    """Ten minutes of snooze at most."""
    drive = asked()
    drive.at(SIT + 5, Asked(C.SNOOZE, seconds=2400.0))
    assert last(drive).startswith("Ten minutes, that is the most: half past ten")


def test_lunch_does_not_end_a_longer_quiet() -> None:
    """Quiet until four, lunch at twelve: quiet until four; a restart meanwhile changes nothing."""
    drive = sitting(replace(SETTINGS, keeps=True), MONDAY + 12 * H)
    drive.at(1.0, Asked(C.QUIET, until_s=4 * H))
    drive.at(2.0, C.LUNCH)
    kept = [e.place for _, e in drive.log if isinstance(e, Keep)][-1]
    drive.at(1800.0, C.RETURNED)
    assert drive.state.wishes.quiet_until == 4 * H
    drive.at(4 * H - 1)
    assert not chimes(drive)
    state, _ = begin(SETTINGS, 100.0, place=kept)
    assert isinstance(state.desk, Away)
    assert state.wishes.quiet_until == pytest.approx(100.0 + 4 * H - 2)


def test_the_hour_that_is_shown_already_is_that_of_the_night() -> None:
    """Quiet until one, at one: it says which."""
    drive = sitting(clock=MONDAY + 13 * H)
    drive.at(0.0, Asked(C.QUIET, until_s=1 * H))
    assert last(drive) == "All right, quiet until one o'clock at night."
    drive.at(1.0, Asked(C.QUIET, until_s=5 * H))
    assert last(drive) == "All right, quiet until five o'clock."


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, ""), (1, "at night"), (5, "in the morning"), (12, ""), (13, "in the afternoon"),
     (17, "in the evening"), (22, "at night")],
)  # fmt: skip
def test_a_part_of_the_day_has_its_name(hour: int, part: str) -> None:
    assert words.part_of_day(hour * H) == part


def test_a_changed_interval_is_told_to_last_until_it_is_switched_off() -> None:
    drive = sitting()
    drive.at(1.0, Asked(C.INTERVAL, seconds=3600.0))
    assert last(drive).startswith("Every hour, from now on.")


def test_how_it_went_tells_days_of_rest_truly() -> None:
    """Days in a row are days without rest between them."""
    drive = sitting()
    drive.at(1.0, Recalled(Period.TODAY, sessions=1, streak_days=4, streak_rest_days=0))
    assert last(drive).endswith("Four days in a row.")
    drive.at(2.0, Recalled(Period.TODAY, sessions=1, streak_days=4, streak_rest_days=6))
    assert "in a row" not in last(drive)


# --- questions and reminders --------------------------------------------------------


QUESTIONS = replace(SETTINGS, ask_pain=True, routine="lower-back-gentle")


def questions() -> Drive:
    from tests.coach.test_session_start import shipped

    drive = Drive(shipped())
    drive.at(0.0, WallClock(TEN))
    return drive


def test_a_routine_that_stays_a_question_is_no_break() -> None:
    """The reminder is there after it, a pause later, and is counted for what becomes of it."""
    drive = questions()
    sit = drive.state.settings.sit_s
    drive.at(sit + 1.5, Asked(C.START, routine="mobility"))
    drive.at(sit + 9, C.STOP)
    assert "break_taken" not in [kind for kind, _ in rows(drive)]
    assert drive.mode() is Due
    before = len(chimes(drive))
    drive.at(sit + 9 + SETTINGS.gap_s - 1)
    assert len(chimes(drive)) == before
    drive.at(sit + 9 + SETTINGS.gap_s)
    assert len(chimes(drive)) == before + 1
    drive.at(drive.now + 3, C.UP)
    assert [kind for kind, _ in rows(drive)] == ["break_due", "break_taken"]


def test_a_routine_that_is_led_is_the_break() -> None:
    drive = asked()
    drive.at(SIT + 5, C.STRETCH)
    assert drive.mode() is Leading
    assert [kind for kind, _ in rows(drive)][:2] == ["break_due", "break_taken"]


def test_the_safety_questions_at_a_reminder_leave_it_open() -> None:
    drive = questions()
    sit = drive.state.settings.sit_s
    drive.at(sit + 3, C.SCREENING)
    drive.at(sit + 10, C.STOP)
    drive.at(sit + 200, C.UP)
    assert [kind for kind, _ in rows(drive) if kind.startswith("break")] == [
        "break_due",
        "break_taken",
    ]


def test_after_a_question_that_was_left_a_new_reminder_has_no_snoozes() -> None:
    """Those of the one before are not its own."""
    drive = questions()
    sit = drive.state.settings.sit_s
    drive.at(sit + 2, C.SNOOZE)
    drive.at(sit + 305, C.SNOOZE)
    assert drive.snoozes == 2
    drive.at(sit + 320, Asked(C.START, routine="desk-break"))
    drive.at(sit + 330, C.STOP)
    drive.at(2 * sit + 340)
    assert drive.mode() is Due
    assert drive.snoozes == 0


def test_hours_that_never_open_are_no_trouble_to_a_clock_that_is_set() -> None:
    drive = Drive(replace(SETTINGS, hours=Hours(days=((),) * 7)))
    drive.at(SIT + 100, WallClock(TEN))
    drive.at(SIT + 5000, WallClock(TEN + 40 * 86400.0))
    assert not [when for when in chimes(drive) if when > SIT + 100]


# --- the ear ----------------------------------------------------------------------------


def ears(drive: Drive) -> list[bool]:
    return [e.listening for _, e in drive.log if isinstance(e, SetEar)]


@pytest.mark.parametrize("how", [Asked(C.CLOSE_EAR), THRICE, Asked(C.CLOSE_EAR, Source.KEY)])
def test_the_ear_can_be_closed_and_a_press_opens_it(how: Asked) -> None:
    """The microphone's device itself; the lamp and the screen say so. The press does only that."""
    drive = sitting()
    drive.at(1.0, how)
    assert ears(drive) == [False]
    assert last(drive) == sentences.EAR_CLOSED
    drive.at(10.0)
    assert drive.lamp() is Lamp.NOT_LISTENING
    assert drive.state.shown.view is not None
    assert drive.state.shown.view.title == "Not listening"
    drive.at(20.0, PRESS)
    assert ears(drive) == [False, True]
    assert last(drive) == sentences.EAR_OPEN
    assert drive.mode() is Sitting
    assert drive.lamp() is Lamp.IDLE
    drive.at(30.0, PRESS)
    assert drive.mode() is Leading


@pytest.mark.parametrize("how", [THRICE, Asked(C.CLOSE_EAR, Source.KEY)])
def test_what_closed_the_ear_by_hand_opens_it(how: Asked) -> None:
    drive = sitting()
    drive.at(1.0, how)
    drive.at(5.0, how)
    assert ears(drive) == [False, True]


def test_typed_lines_open_it_too() -> None:
    drive = sitting()
    drive.at(1.0, Asked(C.CLOSE_EAR, Source.TYPED))
    drive.at(5.0, Asked(C.CLOSE_EAR, Source.TYPED))
    assert last(drive) == sentences.EAR_CLOSED_ALREADY
    drive.at(6.0, Asked(C.OPEN_EAR, Source.TYPED))
    assert ears(drive) == [False, True]


def test_with_a_closed_ear_a_press_answers_a_reminder() -> None:
    """And opens the ear, as it was said to."""
    drive = sitting()
    drive.at(1.0, THRICE)
    drive.at(SIT + 5, PRESS)
    assert drive.mode() is Standing
    assert ears(drive) == [False, True]
    assert last(drive) == sentences.EAR_OPEN


def test_a_closed_ear_stays_closed_after_a_restart() -> None:
    """It is kept at once, in a session too, and said in place of the greeting."""
    for session in (False, True):
        drive = sitting(replace(SETTINGS, keeps=True))
        if session:
            drive.at(1.0, C.START)
        drive.at(5.0, THRICE)
        kept = [e.place for _, e in drive.log if isinstance(e, Keep)][-1]
        assert kept.ear_closed
        state, effects = begin(SETTINGS, 100.0, place=kept)
        assert isinstance(state.ear, Closed)
        assert SetEar(listening=False) in effects
    state, effects = begin(SETTINGS, 100.0, place=Place(ear_closed=True))
    assert [getattr(e, "text", "") for e in effects if hasattr(e, "text")] == [
        sentences.EAR_CLOSED_ALREADY
    ]
    state, _ = begin(SETTINGS, 100.0, place=Place())
    assert isinstance(state.ear, Asleep)


def test_away_has_no_end_of_its_own_where_nobody_was_told() -> None:
    drive = gone()
    assert isinstance(drive.state.desk, Away)
    assert drive.state.desk.until == math.inf
    assert [e for _, e in drive.log if isinstance(e, Record) and e.kind == "absence"] == []
