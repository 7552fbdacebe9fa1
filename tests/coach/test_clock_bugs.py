"""What goes wrong with clocks and idling in programs that remind people to stand up.

Each test is named by what went wrong, as users of Stretchly, Safe Eyes, Workrave, GNOME Break
Timer, BreakTimer, Sane Break or RSIBreak have told it in public; its first sentence says in which
and how. It must not go wrong here.
"""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coach.effects import Chime, Keep, Sound
from assistant.coach.events import Asked, Command, Present, Slept, WallClock
from assistant.coach.settings import Settings
from assistant.coach.state import Sitting, Standing
from assistant.coach.working_hours import Hours
from tests.coach.driver import SETTINGS, Drive

C = Command
H = 3600.0
DAY = 86400.0
SIT = SETTINGS.sit_s
UP = SETTINGS.up_s
MONDAY = 4 * DAY
YEARS = 5 * 365.25 * DAY
OFFICE = Hours(days=(((9 * H, 18 * H),),) * 5 + ((),) * 2)


def sitting(settings: Settings = SETTINGS, clock: float = MONDAY + 10 * H) -> Drive:
    """Somebody sits down at ten on a Monday."""
    drive = Drive(settings)
    drive.at(0.0, WallClock(clock))
    return drive


def heard(drive: Drive) -> list[float]:
    return [when for when, effect in drive.log if effect == Chime(Sound.DUE)]


def local(zone: str, *moment: int) -> float:
    """What a clock on the wall shows, as `WallClock` has it. `moment` is in UTC."""
    at = datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type]
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return at.timestamp() + offset.total_seconds()


# --- the wall clock is set --------------------------------------------------


@pytest.mark.parametrize("step_s", [-YEARS, -DAY, -3 * H, -1.0, 1.0, 3 * H, DAY, YEARS])
def test_a_step_of_the_clock_fires_the_break(step_s: float) -> None:
    """GNOME Break Timer and RSIBreak reckon with the wall clock: set forward by the network, it
    passes their deadline. Here the reminder comes when twenty minutes have been sat."""
    drive = sitting()
    drive.at(600.0, WallClock(MONDAY + 10 * H + 600 + step_s))
    drive.at(SIT - 0.001)
    assert not heard(drive)
    drive.at(SIT)
    assert heard(drive) == [SIT]


def test_a_clock_set_back_by_three_hours_adds_three_hours() -> None:
    """Workrave: local time went back by three hours, and the five minutes until the break became
    three hours and five minutes."""
    drive = sitting()
    drive.at(SIT - 300, WallClock(MONDAY + 7 * H + SIT - 300))
    drive.at(SIT)
    assert heard(drive) == [SIT]


def test_a_step_forward_is_taken_for_a_rest() -> None:
    """Workrave, RSIBreak: the time between two looks at the clock was long, so the person must
    have rested. Here only sleep, a sensor or the person says so."""
    drive = sitting()
    for minute in range(1, 20):
        drive.at(60.0 * minute, WallClock(MONDAY + 10 * H + 60 * minute + 600 * minute))
    drive.at(SIT)
    assert heard(drive) == [SIT]


def test_an_open_reminder_is_lost_when_the_clock_is_set() -> None:
    """Stretchly, Safe Eyes: a break that is on the screen closes at once, or never, when the end
    that was reckoned lies in another year. Here the two minutes are two minutes."""
    for step_s in (-YEARS, YEARS):
        drive = sitting()
        drive.at(SIT + 10, C.UP)
        drive.at(SIT + 20, WallClock(MONDAY + 10 * H + SIT + 20 + step_s))
        drive.at(SIT + 10 + UP - 0.001)
        assert drive.mode() is Standing
        drive.at(SIT + 10 + UP)
        assert drive.mode() is Sitting
        assert drive.said()[-1][0] == SIT + 10 + UP


def test_a_snooze_never_ends_or_ends_at_once_when_the_clock_is_set() -> None:
    """BreakTimer: a snooze is a moment of the wall clock."""
    for step_s in (-YEARS, YEARS):
        drive = sitting()
        drive.at(SIT + 10, C.SNOOZE)
        drive.at(SIT + 20, WallClock(MONDAY + 10 * H + SIT + 20 + step_s))
        drive.at(SIT + 1000)
        assert heard(drive)[1] == SIT + 310


def test_quiet_is_ended_or_made_endless_by_the_clock() -> None:
    """Stretchly: "pause for two hours" is a moment of the wall clock; quiet that was asked for in
    minutes lasts as many here."""
    for step_s in (-YEARS, YEARS):
        drive = sitting()
        drive.at(10.0, Asked(C.QUIET, seconds=2 * H))
        drive.at(20.0, WallClock(MONDAY + 10 * H + 20 + step_s))
        drive.at(2 * H + 10)
        assert heard(drive) == [2 * H + 10]


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.floats(0, 900), st.floats(-YEARS, YEARS), st.booleans()), max_size=12),
)
def test_the_count_drifts_with_a_clock_that_is_set_again_and_again(
    steps: list[tuple[float, float, bool]],
) -> None:
    """RSIBreak, GNOME Break Timer: each small correction adds to the interval or takes from it."""
    drive, plain = sitting(), sitting()
    for gap, step_s, trusted in steps:
        drive.at(drive.now + gap, WallClock(MONDAY + drive.now + step_s, trusted))
    end = max(2 * SIT, drive.now)
    drive.at(end)
    plain.at(end)
    assert heard(drive) == heard(plain)


# --- the calendar -----------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Berlin", (2026, 3, 29, 0, 55), (2026, 3, 29, 1, 0)),
        ("Europe/Berlin", (2026, 10, 25, 0, 55), (2026, 10, 25, 1, 0)),
        ("America/New_York", (2026, 3, 8, 6, 55), (2026, 3, 8, 7, 0)),
        ("Australia/Lord_Howe", (2026, 4, 4, 14, 55), (2026, 4, 4, 15, 0)),
    ],
)
def test_summer_time_moves_the_break_by_an_hour(
    zone: str, before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    """BreakTimer, Workrave: on two nights a year the break comes at once or an hour late. In both
    directions, and by half an hour on Lord Howe, twenty minutes are twenty minutes, and the time
    that is told is the clock's new one."""
    drive = sitting(clock=local(zone, *before))
    changed = local(zone, *after)
    assert changed - local(zone, *before) != 300.0
    drive.at(300.0, WallClock(changed))
    drive.at(310.0, C.NEXT_BREAK)
    shown = drive.said()[-1][1]
    drive.at(SIT)
    assert heard(drive) == [SIT]
    minute = int((changed + SIT - 300.0) // 60 % 60)
    assert minute in (15, 45)
    assert ("quarter past" if minute == 15 else "quarter to") in shown


def test_the_night_shift_is_cut_or_doubled_by_summer_time() -> None:
    """BreakTimer: hours past midnight, and a clock that jumps within them. From two it is three:
    the shift goes on; from three it is two: it goes on as well, until the clock shows six."""
    night = replace(SETTINGS, hours=Hours(days=(((22 * H, 30 * H),),) * 7))
    for jump in (H, -H):
        drive = sitting(night, clock=MONDAY + 25.5 * H)
        drive.at(0.5 * H, WallClock(MONDAY + 26 * H + jump))
        assert drive.stand_at is not None
        end = 30 * H - 26 * H - jump + 0.5 * H
        while drive.now < end - SIT - 60:
            drive.at(drive.stand_at, C.STOOD)
        count = len(heard(drive))
        drive.at(end + 8 * H)
        assert count >= int((end - SIT) // SIT)
        assert len(heard(drive)) <= count + 1
        assert max(heard(drive)) < end


def test_another_time_zone_changes_the_lengths() -> None:
    """BreakTimer: lengths were kept as times of day; after a flight, breaks were an hour longer
    and three hours apart. Here a length is a number of seconds in every zone."""
    drive = sitting(clock=local("America/Los_Angeles", 2026, 6, 1, 17))
    drive.at(300.0, WallClock(local("America/New_York", 2026, 6, 1, 17, 5)))
    assert drive.state.settings == SETTINGS
    drive.at(SIT + 5, C.UP)
    drive.at(SIT + 5 + UP)
    drive.at(2 * SIT + 5 + UP)
    assert heard(drive) == [SIT, 2 * SIT + 5 + UP]


def test_another_time_zone_asks_people_at_night() -> None:
    """Stretchly, BreakTimer: after a flight the working hours were those of the other coast. The
    hours follow the clock on the wall, and getting there asks nobody."""
    drive = sitting(replace(SETTINGS, hours=OFFICE), clock=local("Asia/Tokyo", 2026, 6, 1, 6))
    drive.at(600.0, WallClock(local("Europe/Berlin", 2026, 6, 1, 6, 10)))
    drive.at(H - 1)
    assert not heard(drive)
    drive.at(H + SIT)
    assert heard(drive) == [H + SIT]


def test_a_leap_second_stops_the_timer() -> None:
    """GNOME Break Timer, RSIBreak: a second that comes twice, or is skipped, makes an interval of
    the wall clock negative. Here it changes nothing."""
    for step_s in (-1.0, 1.0):
        drive = sitting(clock=MONDAY + DAY - 600)
        drive.at(600.0, WallClock(MONDAY + DAY + step_s))
        drive.at(SIT)
        assert heard(drive) == [SIT]


def test_a_board_without_a_clock_is_in_1970_and_at_rest() -> None:
    """Any of them on a Raspberry Pi: until the network comes it is a Thursday in 1970, or the day
    on which it was switched off. Here an unknown time is unknown: reminders come, and when the
    clock jumps by fifty-six years, the count goes on."""
    drive = sitting(replace(SETTINGS, hours=OFFICE))
    drive.at(0.0, WallClock(3 * H, trusted=False))
    drive.at(300.0, C.NEXT_BREAK)
    assert drive.said()[-1][1] == "Your next stand-up is in fifteen minutes."
    drive.at(600.0, WallClock(local("Europe/Berlin", 2026, 11, 23, 10)))
    drive.at(SIT)
    assert heard(drive) == [SIT]


# --- sleep ------------------------------------------------------------------


@pytest.mark.parametrize("asleep_s", [UP, 10 * 60.0, 12 * H, 400 * DAY])
def test_hours_of_sleep_are_no_rest(asleep_s: float) -> None:
    """Stretchly, Sane Break, Workrave in reading mode, RSIBreak: after a night, or half an hour,
    the break is as near as it was when the lid was closed."""
    drive = sitting()
    drive.at(SIT - 30, Slept(asleep_s))
    drive.at(2 * SIT - 31)
    assert not heard(drive)
    drive.at(2 * SIT - 30)
    assert heard(drive) == [2 * SIT - 30]


@pytest.mark.parametrize("asleep_s", [1.0, 30.0, UP - 1, UP, 3 * H])
def test_the_break_comes_right_after_waking(asleep_s: float) -> None:
    """Safe Eyes, BreakTimer, Stretchly: whoever opens the lid finds the screen blocked. Here
    nothing is heard in the first minute, however short the sleep was."""
    drive = sitting()
    drive.at(SIT - 0.5, Slept(asleep_s))
    drive.at(SIT - 0.5 + SETTINGS.gap_s - 0.001)
    assert not heard(drive)


def test_a_break_that_is_open_when_the_lid_closes_is_there_for_ever() -> None:
    """Workrave, Stretchly: the window of a break that was slept through wants to be done all the
    same, or can't be closed any more."""
    drive = sitting()
    drive.at(SIT + 5, C.UP)
    drive.at(SIT + 15, Slept(1800.0))
    assert drive.mode() is Sitting
    assert drive.stand_at == SIT + 15 + SIT


def test_breaks_that_were_missed_asleep_come_one_after_the_other() -> None:
    """Safe Eyes: a queue of breaks. Here a whole night brings none, and a step that is late by a
    night (a board that was frozen) brings one."""
    drive = sitting()
    drive.at(600.0, Slept(9 * H))
    drive.at(700.0)
    assert not heard(drive)
    frozen = Drive()
    frozen.now = 9 * H
    frozen.at(9 * H + 20)
    assert heard(frozen) == [9 * H]


def test_waking_switches_off_the_pause() -> None:
    """Stretchly: a pause that was asked for ended with each waking. Here it ends when it was said
    to."""
    drive = sitting()
    drive.at(10.0, Asked(C.QUIET, until_s=6 * H))
    drive.at(1000.0, Slept(H))
    drive.at(1010.0 + 3 * SIT)
    assert drive.state.wishes.quiet_until == 8 * H - H
    assert not heard(drive)


# --- pauses and idling ------------------------------------------------------


def test_a_short_lock_wipes_the_progress() -> None:
    """Stretchly, BreakTimer: the screen was locked for six seconds, or turned off, and the
    interval began anew; so the break never comes. Here a short sleep and a short absence freeze
    the count, and no more."""
    slept, away = sitting(), sitting()
    for minute in range(1, 19):
        slept.at(60.0 * minute, Slept(6.0))
        away.at(60.0 * minute, Present(False))
        away.at(60.0 * minute + 6, Present(True))
    slept.at(SIT)
    away.at(SIT + 18 * 6)
    assert heard(slept) == [SIT]
    assert heard(away) == [SIT + 18 * 6]


def test_quiet_wipes_the_progress() -> None:
    """Stretchly, Workrave: after "pause for half an hour" the twenty minutes began again."""
    drive = sitting()
    drive.at(SIT - 60, Asked(C.QUIET, seconds=1800.0))
    drive.at(SIT - 60 + 1800)
    assert heard(drive) == [SIT - 60 + 1800]


def test_reading_is_taken_for_a_rest() -> None:
    """Workrave, RSIBreak, Stretchly: no key was pressed, so nobody was there; who reads all day
    is never asked. Here silence and stillness say nothing."""
    drive = sitting()
    drive.at(SIT)
    assert heard(drive) == [SIT]
    assert drive.state.room.absent_since is None


def test_idling_keeps_putting_off_the_break() -> None:
    """GNOME Break Timer, Workrave: each small idle time moves the long break on, and it never
    arrives. Here it comes after twenty minutes in the chair, however they are cut up."""
    drive = sitting()
    sat = 0.0
    while sat + 100 < SIT:
        drive.at(drive.now + 100, Present(False))
        drive.at(drive.now + UP - 1, Present(True))
        sat += 100
    assert not heard(drive)
    drive.at(drive.now + SIT - sat)
    assert heard(drive) == [drive.now]


def test_the_break_that_was_put_off_comes_in_the_meeting() -> None:
    """Sane Break: postponed by two minutes just before a call, it came in the middle of it."""
    drive = sitting()
    drive.at(SIT + 5, Asked(C.SNOOZE, seconds=120.0))
    drive.at(SIT + 60, C.MEETING)
    drive.at(SIT + 60 + H - 1)
    assert heard(drive) == [SIT]
    drive.at(SIT + 60 + H)
    assert heard(drive) == [SIT, SIT + 60 + H]


def test_a_pause_is_forgotten_for_days() -> None:
    """Workrave, Safe Eyes: whoever switched it off for a call found it off a week later."""
    drive = sitting()
    drive.at(10.0, C.REMINDERS_OFF)
    drive.at(13 * H)
    assert drive.state.wishes.quiet_until is None
    assert heard(drive)


def test_a_restart_begins_the_interval_anew() -> None:
    """All seven: whoever restarts every fifteen minutes is never asked. Here what was left is
    kept, and told."""
    drive = Drive(replace(SETTINGS, keeps=True))
    drive.at(SIT - 61)
    kept = [e.place for _, e in drive.ordered(Keep) if isinstance(e, Keep)][-1]
    drive = Drive(drive.state.settings, now=drive.now, place=kept)
    drive.at(SIT + 4)
    assert len(heard(drive)) == 1
    assert SIT <= heard(drive)[0] <= SIT + 5


def test_standing_up_before_the_break_changes_nothing() -> None:
    """Workrave, Safe Eyes: who takes the break by themselves is asked for it a minute later."""
    drive = sitting()
    drive.at(SIT - 30, C.STOOD)
    drive.at(2 * SIT - 31)
    assert not heard(drive)
