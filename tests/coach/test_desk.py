"""At the desk: what a person declares, and when a reminder holds its tongue."""

from dataclasses import replace

import pytest

from assistant.coach import reminder_wishes
from assistant.coach.desk import LEFT_S
from assistant.coach.ear_and_voice import CHIME_FIRST_S
from assistant.coach.effects import Chime, Keep, Lamp, Place, Recall, Record, Sound
from assistant.coach.events import (
    Asked,
    Command,
    Lost,
    Part,
    Period,
    Present,
    Recalled,
    Slept,
    Source,
    Talking,
    WallClock,
)
from assistant.coach.priorities import HUSHED_S
from assistant.coach.settings import Settings
from assistant.coach.stand_up import REPEAT_S, SOON_S
from assistant.coach.state import Away, Due, Leading, Overdue, Paused, Sitting, Standing
from assistant.coach.working_hours import Hours
from assistant.content import read_back, sentences
from tests.coach.driver import SETTINGS, Drive, as_said

C = Command
H = 3600.0
SIT = SETTINGS.sit_s
UP = SETTINGS.up_s
MONDAY = 4 * 86400.0
TEN = MONDAY + 10 * H
"""The wall clock at time 0, where a test gives one."""
OFFICE = Hours(days=((((9 * H, 18 * H),),) * 5 + ((),) * 2))


def sitting(settings: Settings = SETTINGS, clock: float | None = TEN) -> Drive:
    """Somebody has just sat down."""
    drive = Drive(settings)
    if clock is not None:
        drive.at(0.0, WallClock(clock))
    return drive


def asked(settings: Settings = SETTINGS) -> Drive:
    """A reminder has just come up."""
    drive = sitting(settings)
    drive.at(SIT)
    assert drive.mode() is Due
    return drive


def rows(drive: Drive) -> list[tuple[str, float]]:
    records = [e for _, e in drive.ordered(Record) if isinstance(e, Record)]
    return [(row.kind, row.seconds) for row in records]


def chimes(drive: Drive) -> list[float]:
    """When a reminder made itself heard for the first time."""
    return [when for when, effect in drive.log if effect == Chime(Sound.DUE)]


def last(drive: Drive) -> str:
    return drive.said()[-1][1]


def talk(drive: Drive, start: float, end: float) -> None:
    """People talk: the microphone says so once a second."""
    second = start
    while second <= end:
        drive.at(second, Talking())
        second += 1.0


# --- courtesy ---------------------------------------------------------------


def test_it_does_not_fall_into_a_conversation() -> None:
    """The lamp asks at once; it is heard when nobody has said anything for twenty seconds."""
    drive = sitting()
    talk(drive, SIT - 30, SIT + 90)
    assert drive.lamp() is Lamp.DUE
    assert not drive.said()
    drive.at(SIT + 400)
    assert chimes(drive) == [SIT + 90 + HUSHED_S]
    assert drive.said()[0] == (SIT + 90 + HUSHED_S + CHIME_FIRST_S, sentences.stand(SIT))


def test_a_conversation_that_has_just_ended_counts_too() -> None:
    """A pause of a few seconds is none."""
    drive = sitting()
    drive.at(SIT - 5, Talking())
    drive.at(SIT + 60)
    assert chimes(drive) == [SIT - 5 + HUSHED_S]


def test_courtesy_ends_after_five_minutes() -> None:
    """People who talk for hours are asked all the same."""
    drive = sitting()
    talk(drive, SIT - 30, SIT + 600)
    assert chimes(drive) == [SIT + SETTINGS.courtesy_s]


def test_who_stands_up_while_talking_is_not_asked_any_more() -> None:
    """The lamp was enough."""
    drive = sitting()
    talk(drive, SIT - 5, SIT + 30)
    drive.at(SIT + 31, C.PRESS)
    assert drive.mode() is Standing
    drive.at(SIT + UP)
    assert not chimes(drive)
    assert ("break_taken", 31.0) in rows(drive)


def test_the_repeat_does_not_fall_into_a_conversation_either() -> None:
    """It is left out, not put off: the lamp asks on."""
    drive = asked()
    talk(drive, SIT + 60, SIT + 130)
    drive.at(SIT + 300)
    assert [text for _, text in drive.said()] == [sentences.stand(SIT)]
    assert drive.mode() is Overdue


def test_a_conversation_that_outlasts_the_work_ends_the_reminder() -> None:
    """After work the lamp has asked long enough; nothing is said any more."""
    clock = MONDAY + 18 * H - SIT - 60
    drive = sitting(replace(SETTINGS, hours=OFFICE), clock)
    talk(drive, SIT - 5, SIT + 100)
    drive.at(SIT + 3600)
    assert not chimes(drive)
    assert rows(drive)[-1][0] == "break_unanswered"
    assert not drive.said()


def test_after_work_nothing_is_repeated() -> None:
    """Who was asked a minute before six is not asked again a minute after."""
    drive = sitting(replace(SETTINGS, hours=OFFICE), MONDAY + 18 * H - SIT - 60)
    drive.at(SIT + 3600)
    assert [text for _, text in drive.said()] == [sentences.stand(SIT)]


# --- the ladder -------------------------------------------------------------


def test_the_ladder_ends() -> None:
    """Lamp, chime, words, words once more, and then the lamp alone until a whole interval later."""
    drive = sitting()
    drive.at(SIT - SOON_S - 1)
    assert drive.lamp() is Lamp.IDLE
    drive.at(SIT - SOON_S)
    assert drive.lamp() is Lamp.SOON
    drive.at(SIT + 2 * REPEAT_S - 1)
    assert drive.lamp() is Lamp.DUE
    drive.at(SIT + 2 * REPEAT_S)
    assert drive.lamp() is Lamp.OVERDUE
    assert drive.mode() is Overdue
    drive.at(2 * SIT + 2 * REPEAT_S)
    assert chimes(drive) == [SIT, 2 * SIT + 2 * REPEAT_S]
    assert len(drive.said()) == 2
    assert rows(drive) == [
        ("break_due", 0.0),
        ("break_unanswered", 2 * REPEAT_S),
        ("break_due", 0.0),
    ]


def test_an_overdue_break_can_still_be_taken() -> None:
    """Late is better than not at all, and the delay is told as it was."""
    drive = asked()
    drive.at(SIT + 600, C.PRESS)
    assert drive.mode() is Standing
    assert rows(drive)[-1] == ("break_taken", 600.0)


def test_two_interruptions_are_never_closer_than_was_set() -> None:
    """With ten minutes between them the repeat is left out, and a short snooze waits."""
    drive = asked(replace(SETTINGS, gap_s=600.0))
    drive.at(SIT + 30, Asked(C.SNOOZE, seconds=60.0))
    drive.at(SIT + 599)
    assert drive.mode() is Sitting
    drive.at(SIT + 600)
    assert chimes(drive) == [SIT, SIT + 600]
    drive.at(SIT + 1000)
    assert [text for _, text in drive.said()].count(sentences.STAND_AGAIN) == 1  # after the snooze


# --- snoozing ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("asks", "gets"),
    [
        ([None, None, None], [300.0, 300.0, 120.0]),
        ([3600.0, 3600.0, 3600.0], [600.0, 300.0, 120.0]),
        ([60.0, 60.0, 60.0], [60.0, 60.0, 60.0]),
    ],
)
def test_snoozes_get_shorter(asks: list[float | None], gets: list[float]) -> None:
    """What is asked for is given up to a limit that shrinks; what is given is said."""
    drive = asked()
    for wish, given in zip(asks, gets, strict=True):
        drive.at(drive.now + 5, Asked(C.SNOOZE, seconds=wish))
        assert rows(drive)[-1] == ("break_snoozed", given)
        assert last(drive).startswith(read_back.snoozed(given, None, 0).split(".")[0])
        drive.at(max(drive.now + given, drive.now + 60))
        assert drive.mode() is Due


def test_the_last_snooze_is_named_and_then_there_is_none() -> None:
    """Without one left it says so kindly, and the reminder stays."""
    drive = asked()
    for _ in range(3):
        drive.at(drive.now + 1, C.SNOOZE)
        drive.at(drive.now + 300)
    texts = [text for _, text in drive.said()]
    assert [t.endswith("That was the last one for this break.") for t in texts if "inutes:" in t]
    assert sum("That was the last one for this break." in text for text in texts) == 1
    drive.at(drive.now + 1, C.SNOOZE)
    assert last(drive) == sentences.NO_MORE_SNOOZES
    assert drive.mode() is Due


def test_leaving_a_reminder_unanswered_gives_no_snooze_back() -> None:
    """Whoever has put it off three times and lets it pass can take it, not put it off again; the
    next break has its own three."""
    drive = asked()
    for _ in range(3):
        drive.at(drive.now + 1, C.SNOOZE)
        drive.at(drive.now + 300)
    drive.at(drive.now + 2 * REPEAT_S)
    assert drive.mode() is Overdue
    drive.at(drive.now + 1, C.SNOOZE)
    assert last(drive) == sentences.NO_MORE_SNOOZES
    drive.at(drive.now + SIT)
    assert rows(drive)[-1] == ("break_due", 0.0)
    drive.at(drive.now + 1, C.SNOOZE)
    assert rows(drive)[-1] == ("break_snoozed", 300.0)


def test_a_break_taken_gives_the_snoozes_back() -> None:
    """They belong to one break."""
    drive = asked()
    drive.at(SIT + 1, C.SNOOZE)
    drive.at(SIT + 301)
    drive.at(SIT + 310, C.UP)
    assert rows(drive)[-1] == ("break_taken", 310.0)
    drive.at(SIT + 310 + UP)
    assert drive.snoozes == 0
    drive.at(2 * SIT + 310 + UP)
    assert rows(drive)[-1] == ("break_due", 0.0)


def test_snoozing_into_the_evening_leaves_nothing_for_the_morning() -> None:
    """The next day's first break is asked for as a new one, after a whole interval."""
    drive = sitting(replace(SETTINGS, hours=OFFICE), MONDAY + 18 * H - SIT - 60)
    drive.at(SIT + 5, C.SNOOZE)
    assert drive.lamp() is Lamp.QUIET  # after work no reminder comes
    morning = SIT + 60 + 15 * H
    drive.at(morning + SIT - 1)
    assert drive.snoozes == 0
    assert len(chimes(drive)) == 1
    drive.at(morning + SIT + 10)
    assert chimes(drive)[1] == morning + SIT
    assert last(drive) == sentences.stand(SIT)
    assert [kind for kind, _ in rows(drive)].count("break_due") == 2


def test_a_snooze_keeps_its_word_when_the_interval_is_changed() -> None:
    """What was read back as a clock time stays true."""
    drive = asked()
    drive.at(SIT + 10, C.SNOOZE)
    drive.at(SIT + 20, Asked(C.INTERVAL, seconds=3600.0))
    drive.at(SIT + 310)
    assert chimes(drive) == [SIT, SIT + 310]


# --- quiet ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "seconds", "said"),
    [
        (Asked(C.QUIET), 3600.0, "All right, quiet until eleven o'clock."),
        (Asked(C.QUIET, seconds=1800.0), 1800.0, "All right, quiet until half past ten."),
        (Asked(C.QUIET, until_s=2 * H), 4 * H, "All right, quiet until two o'clock."),
        (Asked(C.QUIET, until_s=10 * H), 12 * H, "All right, quiet until ten o'clock at night."),
        (
            Asked(C.QUIET, seconds=1e6),
            12 * H,
            "All right, quiet until ten o'clock at night, that is the most.",
        ),
        (
            Asked(C.QUIET, until_s=0.0, whole_day=True),  # midnight
            12 * H,
            "All right, quiet until ten o'clock at night, that is the most.",
        ),
        (
            Asked(C.QUIET, until_s=12 * H, whole_day=True),  # noon
            2 * H,
            "All right, quiet until noon.",
        ),
        (Asked(C.MEETING), 3600.0, "All right, quiet until eleven o'clock."),
        (
            Asked(C.REMINDERS_OFF),
            3600.0,
            f"All right, quiet until eleven o'clock. {sentences.OFF_UNTIL}",
        ),
    ],
)
def test_quiet_is_read_back_and_ends_by_itself(wish: Asked, seconds: float, said: str) -> None:
    """Nobody who forgets it is without reminders for days."""
    drive = sitting()
    drive.at(0.0, wish)
    assert last(drive) == said
    asks = wish.command is C.REMINDERS_OFF  # "until when?" may be answered without a wake phrase
    assert drive.lamp() is (Lamp.LISTENING if asks else Lamp.QUIET)
    drive.at(seconds - 1)
    assert not chimes(drive)
    assert drive.lamp() is Lamp.QUIET
    drive.at(seconds + 60)
    assert chimes(drive) == [max(seconds, SIT)]
    assert drive.state.wishes.quiet_until is None
    assert ("quiet", seconds) in rows(drive)


def test_quiet_that_is_over_before_the_reminder_changes_nothing() -> None:
    """The lamp shows that it has ended; sitting was counted all the while."""
    drive = sitting()
    drive.at(0.0, Asked(C.QUIET, seconds=600.0))
    drive.at(600.0)
    assert drive.lamp() is Lamp.IDLE
    drive.at(SIT)
    assert chimes(drive) == [SIT]


def test_quiet_answers_a_reminder_until_its_end() -> None:
    """Whoever is asked at the beginning of a meeting is asked again after it."""
    drive = asked()
    drive.at(SIT + 5, C.MEETING)
    assert drive.mode() is Sitting
    assert rows(drive)[-1] == ("break_snoozed", 3600.0)  # in the journal it stays the same one
    drive.at(SIT + 3604)
    assert len(chimes(drive)) == 1
    drive.at(SIT + 3605)
    assert chimes(drive) == [SIT, SIT + 3605]


def test_quiet_until_a_clock_time_needs_a_clock() -> None:
    """Without one it says so, and stays as it is."""
    drive = sitting(clock=None)
    drive.at(1.0, Asked(C.QUIET, until_s=2 * H))
    assert last(drive) == as_said(sentences.NO_CLOCK)
    drive.at(9.0, Asked(C.QUIET, seconds=1800.0))
    assert last(drive) == "All right, quiet for thirty minutes."


def test_a_clock_that_is_not_trusted_is_no_clock() -> None:
    """A board before its network names no clock times."""
    drive = sitting()
    drive.at(1.0, WallClock(0.0, trusted=False))
    drive.at(2.0, Asked(C.QUIET, until_s=2 * H))
    assert last(drive) == as_said(sentences.NO_CLOCK)


def test_reminders_can_be_had_back_before_quiet_ends() -> None:
    """They come when they would have come."""
    drive = sitting()
    drive.at(0.0, C.REMINDERS_OFF)
    drive.at(60.0, C.REMINDERS_ON)
    assert last(drive) == "Reminders are on. Next at twenty past ten."
    assert drive.lamp() is Lamp.IDLE
    drive.at(SIT)
    assert chimes(drive) == [SIT]


def test_being_back_early_ends_a_meeting() -> None:
    """ "I'm back" at the desk means: ask me again; a reminder that waited comes after the gap."""
    drive = asked()
    drive.at(SIT + 5, C.MEETING)
    drive.at(SIT + 600, C.RETURNED)
    drive.at(SIT + 700)
    assert chimes(drive) == [SIT, SIT + 600 + SETTINGS.gap_s]


def test_reminders_that_were_never_on_can_be_turned_on() -> None:
    """From then on sitting counts."""
    drive = sitting(replace(SETTINGS, reminders=False))
    drive.at(100.0, C.REMINDERS_ON)
    assert last(drive) == "Reminders are on. Next at twenty-two past ten."
    drive.at(100.0 + SIT)
    assert chimes(drive) == [100.0 + SIT]


@pytest.mark.parametrize("way", [C.LEAVING, C.UP])
def test_reminders_turned_on_elsewhere_wait_for_the_desk(way: Command) -> None:
    """Who is away or standing isn't sitting."""
    drive = sitting(replace(SETTINGS, reminders=False))
    drive.at(1.0, way)
    drive.at(10.0, C.REMINDERS_ON)
    assert drive.stand_at is None
    drive.at(100.0, C.PRESS)
    assert drive.stand_at == 100.0 + SIT


# --- leaving and coming back ------------------------------------------------


@pytest.mark.parametrize("back", [C.PRESS, C.RETURNED, C.UP, C.STOOD])
def test_who_leaves_is_left_alone_until_they_press(back: Command) -> None:
    """Sitting counts anew from then."""
    drive = sitting()
    drive.at(600.0, C.LEAVING)
    assert last(drive) == as_said(sentences.LEAVING)
    assert drive.lamp() is Lamp.QUIET
    drive.at(600.0 + 2 * SIT)
    assert not chimes(drive)
    drive.at(600.0 + 3 * SIT, back)
    assert last(drive) == "Welcome back. Next at half past eleven."
    assert drive.stand_at == 600.0 + 4 * SIT
    assert rows(drive) == [("absence", 3 * SIT)]


def test_the_button_held_while_nothing_runs_means_leaving() -> None:
    """The same hold that stops a routine; "stop" by voice has nothing to stop."""
    drive = sitting()
    drive.at(1.0, Asked(C.STOP, Source.VOICE, text="stop"))
    assert last(drive) == sentences.NOT_NOW
    assert drive.mode() is Sitting
    drive.at(10.0, Asked(C.STOP, Source.BUTTON))
    assert drive.mode() is Away


def test_leaving_takes_the_break_that_is_due() -> None:
    """Whoever goes has stood up."""
    drive = asked()
    drive.at(SIT + 20, C.LEAVING)
    assert rows(drive)[-1] == ("break_taken", 20.0)


@pytest.mark.parametrize(("way", "assumed_s"), [(C.LUNCH, 3600.0), (C.LEAVING, 4 * 3600.0)])
def test_who_forgets_to_say_so_is_taken_to_be_back(way: Command, assumed_s: float) -> None:
    """An hour for lunch, four for anything else; nothing is said, sitting counts."""
    drive = sitting()
    drive.at(0.0, way)
    drive.at(assumed_s - 1)
    assert drive.mode() is Away
    said = len(drive.said())
    drive.at(assumed_s)
    assert drive.mode() is Sitting
    assert len(drive.said()) == said
    drive.at(assumed_s + SIT)
    assert chimes(drive) == [assumed_s + SIT]


def test_who_says_twice_that_they_leave_is_not_refused() -> None:
    """They have been away since the first time, and are expected four hours after the last."""
    drive = sitting()
    drive.at(600.0, C.LUNCH)
    drive.at(1200.0, C.LEAVING)
    assert last(drive) == as_said(sentences.LEAVING)
    drive.at(1200.0 + LEFT_S)
    assert rows(drive) == [("absence", 600.0 + LEFT_S)]


@pytest.mark.parametrize("at", [SIT + 30.0, SIT + 1000.0])
def test_who_comes_back_to_an_open_reminder_was_up(at: float) -> None:
    """Nobody can come back without having stood up; "I can't do that just now" is no welcome."""
    drive = sitting()
    drive.at(at, C.RETURNED)
    assert drive.mode() is Sitting
    assert drive.stand_at == at + SIT
    assert last(drive).startswith("Good, that counts.")


def test_who_comes_back_before_the_time_is_up_sits() -> None:
    drive = sitting()
    drive.at(SIT + 30.0, C.UP)
    drive.at(SIT + 60.0, C.RETURNED)
    assert drive.mode() is Sitting


def test_lunch_is_wished_well() -> None:
    """It is no mere leaving."""
    drive = sitting()
    drive.at(1.0, C.LUNCH)
    assert last(drive) == as_said(sentences.LUNCH)


@pytest.mark.parametrize(("away_s", "gentle"), [(3599.0, False), (3600.0, True)])
def test_after_a_long_absence_the_first_reminder_is_gentle(away_s: float, gentle: bool) -> None:
    """Only the first, and only after an hour."""
    drive = sitting()
    drive.at(0.0, C.LEAVING)
    drive.at(away_s, C.PRESS)
    drive.at(away_s + SIT + 3)
    assert last(drive) == (sentences.STAND_GENTLY if gentle else sentences.stand(SIT))
    drive.at(away_s + SIT + 10, C.STOOD)
    drive.at(away_s + 2 * SIT + 20)
    assert last(drive) == sentences.stand(SIT)


# --- a presence sensor ------------------------------------------------------


def test_a_short_absence_freezes_the_count() -> None:
    """A minute at the printer is no break; the minutes sat before it are kept."""
    drive = sitting()
    drive.at(600.0, Present(False))
    assert drive.lamp() is Lamp.QUIET
    drive.at(660.0, Present(True))
    drive.at(SIT + 60)
    assert chimes(drive) == [SIT + 60]


def test_an_absence_as_long_as_a_break_is_one() -> None:
    """Sitting counts anew."""
    drive = sitting()
    drive.at(600.0, Present(False))
    drive.at(600.0 + UP, Present(True))
    drive.at(600.0 + UP + SIT)
    assert chimes(drive) == [600.0 + UP + SIT]


def test_nobody_is_reminded_who_is_not_there() -> None:
    """Not for hours, and the first time after them is a gentle one."""
    drive = sitting()
    drive.at(600.0, Present(False))
    drive.at(600.0 + 5 * H, Present(True))
    assert not chimes(drive)
    drive.at(600.0 + 5 * H + SIT + 3)
    assert last(drive) == sentences.STAND_GENTLY


def test_a_sensor_that_says_the_same_twice_changes_nothing() -> None:
    """Only coming and going count."""
    drive = sitting()
    drive.at(300.0, Present(True))
    drive.at(600.0, Present(False))
    drive.at(660.0, Present(False))
    drive.at(700.0, Present(True))
    assert drive.stand_at == SIT + 100


def test_who_goes_when_a_break_is_due_has_taken_it() -> None:
    """No press is needed; sitting counts from coming back."""
    drive = asked()
    drive.at(SIT + 30, Present(False))
    assert drive.mode() is Standing
    assert rows(drive)[-1] == ("break_taken", 30.0)
    drive.at(SIT + 30 + 2 * UP, Present(True))
    assert drive.stand_at == SIT + 30 + 2 * UP + SIT


def test_who_went_without_a_word_and_sits_down_again_is_back() -> None:
    """ "I'm leaving" needs no "I'm back" where a chair can tell."""
    drive = sitting()
    drive.at(600.0, C.LEAVING)
    drive.at(610.0, Present(False))
    drive.at(1000.0, Present(True))
    assert drive.mode() is Sitting
    assert rows(drive) == [("absence", 400.0)]
    assert drive.stand_at == 1000.0 + SIT


def test_exercises_are_led_wherever_the_chair_is() -> None:
    """Nobody sits in the chair while lying on the mat; sitting counts from coming back."""
    drive = sitting()
    drive.at(10.0, C.START)
    drive.at(15.0, Present(False))
    assert drive.mode() is Leading
    drive.at(200.0)
    assert drive.session is None
    assert drive.stand_at is None
    drive.at(230.0, Present(True))
    drive.at(230.0 + SIT)
    assert chimes(drive) == [230.0 + SIT]
    again = sitting()
    again.at(10.0, C.START)
    again.at(15.0, Present(False))
    again.at(20.0, Present(True))
    assert again.mode() is Leading


def test_an_interval_changed_while_nobody_is_there_holds_on_coming_back() -> None:
    """The seat was warm for ten minutes; with five minutes set, there is a minute left."""
    drive = sitting()
    drive.at(600.0, Present(False))
    drive.at(610.0, Asked(C.INTERVAL, seconds=300.0))
    drive.at(630.0, Present(True))
    assert drive.stand_at == 630.0 + reminder_wishes.LEAST_LEFT_S


# --- a machine that sleeps --------------------------------------------------


@pytest.mark.parametrize(("asleep_s", "rested"), [(UP - 1, False), (UP, True)])
def test_time_asleep_is_rest_if_it_is_as_long_as_a_break(asleep_s: float, rested: bool) -> None:
    """Less than that is a pause, in which nothing of the count is lost."""
    drive = sitting()
    drive.at(600.0, Slept(asleep_s))
    assert drive.stand_at == (600.0 + SIT if rested else SIT)


def test_nothing_comes_up_right_after_waking() -> None:
    """The person has only just opened the lid."""
    drive = sitting()
    drive.at(SIT - 1, Slept(10.0))
    drive.at(SIT + 200)
    assert chimes(drive) == [SIT - 1 + SETTINGS.gap_s]
    late = asked()
    late.at(SIT + REPEAT_S - 1, Slept(10.0))
    late.at(SIT + REPEAT_S + 60)
    assert len(late.said()) == 1


def test_a_reminder_that_waited_for_people_waits_after_waking_too() -> None:
    """Courtesy that was cut short by the machine's own sleep begins with quiet."""
    drive = sitting()
    talk(drive, SIT - 5, SIT + 5)
    drive.at(SIT + 24, Slept(30.0))
    drive.at(SIT + 200)
    assert chimes(drive) == [SIT + 24 + SETTINGS.gap_s]


@pytest.mark.parametrize("mode", [Due, Overdue, Standing])
def test_sleep_ends_a_reminder(mode: type) -> None:
    """After an hour's sleep it is a new day: nothing is open, and the first one is gentle."""
    drive = asked()
    if mode is Standing:
        drive.at(SIT + 10, C.UP)
    drive.at(SIT + 20 if mode is not Overdue else SIT + 300)
    assert drive.mode() is mode
    at = drive.now
    drive.at(at, Slept(3600.0))
    assert drive.mode() is Sitting
    drive.at(at + SIT + 3)
    assert last(drive) == sentences.STAND_GENTLY


def test_a_session_pauses_when_the_machine_sleeps() -> None:
    """Nobody is held to a hold that nobody could hear."""
    drive = sitting()
    drive.at(10.0, C.START)
    drive.at(30.0, Slept(60.0))
    drive.at(40.0, Slept(60.0))
    assert drive.mode() is Paused
    assert [text for _, text in drive.said()].count(sentences.PAUSED) == 1


def test_quiet_ends_when_it_was_said_to_whatever_slept_meanwhile() -> None:
    """Two o'clock is two o'clock."""
    drive = sitting()
    drive.at(0.0, Asked(C.QUIET, until_s=2 * H))
    drive.at(600.0, Slept(3 * H))
    assert drive.state.wishes.quiet_until == 4 * H - 3 * H
    drive.at(700.0, Slept(8 * H))
    assert drive.state.wishes.quiet_until is None


def test_an_absence_lasts_while_the_machine_sleeps() -> None:
    """Whoever left at noon was away for four hours at four, whatever our own clock counted."""
    drive = sitting()
    drive.at(100.0, C.LEAVING)
    drive.at(200.0, Slept(3 * H))
    assert drive.mode() is Away
    drive.at(300.0, C.PRESS)
    assert rows(drive) == [("absence", 3 * H + 200.0)]
    long = sitting()
    long.at(100.0, C.LEAVING)
    long.at(200.0, Slept(20 * H))
    assert long.mode() is Sitting
    seat = sitting()
    seat.at(100.0, Present(False))
    seat.at(110.0, Slept(H))
    seat.at(130.0, Present(True))
    assert seat.stand_at == 130.0 + SIT


# --- how often --------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "every_s", "stand_at"),
    [
        (2700.0, 2700.0, 2700.0),
        (600.0, 600.0, 600.0 + reminder_wishes.LEAST_LEFT_S),
        (1.0, 300.0, 600.0 + reminder_wishes.LEAST_LEFT_S),
        (1e6, 7200.0, 7200.0),
        (None, SIT, SIT),
    ],
)
def test_the_interval_can_be_changed_while_sitting(
    wish: float | None, every_s: float, stand_at: float
) -> None:
    """What was sat already counts; a minute is left at least; it is five minutes to two hours."""
    drive = sitting()
    drive.at(600.0, Asked(C.INTERVAL, seconds=wish))
    limit = {1.0: "shortest", 1e6: "longest"}.get(wish or 0.0, "")
    assert last(drive).startswith(read_back.every(every_s, None, limit))
    assert drive.stand_at == stand_at
    drive.at(stand_at + 5, C.STOOD)
    assert drive.stand_at == stand_at + 5 + every_s


def test_the_interval_can_be_changed_while_standing() -> None:
    """It holds from sitting down on."""
    drive = sitting()
    drive.at(10.0, C.UP)
    drive.at(20.0, Asked(C.INTERVAL, seconds=1800.0))
    drive.at(10.0 + UP)
    assert drive.stand_at == 10.0 + UP + 1800.0


def test_a_day_can_have_an_interval_of_its_own() -> None:
    """On Monday half an hour; the words say what it was. What is asked for by voice goes before."""
    hours = Hours(intervals=(1800.0, *(0.0,) * 6))
    drive = sitting(replace(SETTINGS, hours=hours))
    drive.at(1.0, C.STOOD)
    assert drive.stand_at == 1801.0
    drive.at(1805.0)
    assert last(drive) == sentences.stand(1800.0)
    drive.at(1900.0, Asked(C.INTERVAL, seconds=2700.0))
    drive.at(1910.0, C.STOOD)
    assert drive.stand_at == 1910.0 + 2700.0


# --- working hours ----------------------------------------------------------


def test_the_day_begins_with_a_whole_interval() -> None:
    """Before nine the lamp is at rest; at nine sitting begins to count."""
    drive = sitting(replace(SETTINGS, hours=OFFICE), MONDAY + 8 * H)
    drive.at(SIT + 60)
    assert drive.lamp() is Lamp.QUIET
    drive.at(H)
    assert drive.lamp() is Lamp.IDLE
    drive.at(2 * H)
    assert chimes(drive)[0] == H + SIT


def test_nothing_comes_between_friday_evening_and_monday_morning() -> None:
    """A weekend is a weekend, with the lamp at rest and the count begun anew."""
    friday_five = MONDAY + 4 * 86400 + 17 * H
    drive = sitting(replace(SETTINGS, hours=OFFICE), friday_five)
    drive.at(64 * H)
    heard = chimes(drive)
    assert max(heard) < H
    drive.at(64 * H + SIT + 1)
    assert chimes(drive)[len(heard) :] == [64 * H + SIT]


def test_a_night_shift_is_one_stretch() -> None:
    """Midnight changes nothing about it."""
    night = Hours(days=((((22 * H, 30 * H),),) * 7))
    drive = sitting(replace(SETTINGS, hours=night), MONDAY + 23.9 * H)
    drive.at(SIT)
    assert chimes(drive) == [SIT]
    drive.at(6.2 * H)
    assert drive.lamp() is Lamp.QUIET  # nobody sees a bedroom blink


def test_without_a_clock_there_are_no_hours() -> None:
    """A board that can't know the time asks all the same; when it learns it, it keeps the hours."""
    drive = sitting(replace(SETTINGS, hours=OFFICE), clock=None)
    drive.at(SIT + 10)
    assert chimes(drive) == [SIT]
    drive.at(SIT + 20, C.STOOD)
    drive.at(SIT + 30, WallClock(MONDAY + 3 * H))
    assert drive.lamp() is Lamp.QUIET
    drive.at(3 * SIT)
    assert drive.lamp() is Lamp.QUIET
    assert len(chimes(drive)) == 1


def test_the_clock_going_back_at_night_wakes_nobody() -> None:
    """At three it is two again; who sat until six in the evening is not asked at night."""
    drive = sitting(replace(SETTINGS, hours=OFFICE), MONDAY + 17.9 * H)
    drive.at(9.1 * H)
    assert not chimes(drive)
    drive.at(9.1 * H, WallClock(MONDAY + 26 * H))
    drive.at(9.2 * H)
    assert not chimes(drive)
    assert drive.lamp() is Lamp.QUIET
    drive.at(16.1 * H + SIT)
    assert chimes(drive) == [pytest.approx(16.1 * H + SIT)]


@pytest.mark.parametrize("trusted", [True, False])
def test_a_clock_set_into_working_hours_begins_them(trusted: bool) -> None:
    """Setting a clock asks nobody to stand: sitting counts from then, as at nine. The same when
    the clock is lost, since without one there are no hours."""
    drive = sitting(replace(SETTINGS, hours=OFFICE), MONDAY + 20 * H)
    drive.at(2 * SIT, WallClock(MONDAY + 3 * 86400 + 11 * H, trusted))
    assert drive.mode() is Sitting
    drive.at(3 * SIT + 1)
    assert chimes(drive) == [3 * SIT]


def test_a_clock_set_in_a_year_of_holidays_asks_nobody() -> None:
    """Where no working day was in sight, one that comes into sight begins anew too."""
    today = int(MONDAY // 86400)
    hours = replace(OFFICE, holidays=frozenset(range(today, today + 500)))
    drive = sitting(replace(SETTINGS, hours=hours))
    drive.at(2 * SIT, C.NEXT_BREAK)
    assert last(drive) == sentences.RESTING
    drive.at(2 * SIT + 9, WallClock(MONDAY - 7 * 86400 + 11 * H))
    drive.at(3 * SIT)
    assert not chimes(drive)
    drive.at(3 * SIT + 9)
    assert chimes(drive) == [3 * SIT + 9]


# --- questions --------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ((), "Your next stand-up is in fifteen minutes, at twenty past ten."),
        ((C.MEETING,), "Your next stand-up is in one hour, at five past eleven."),
        ((C.LEAVING,), as_said(sentences.HELP_AWAY)),
        ((Present(False),), sentences.RESTING),
    ],
)
def test_the_next_break_is_told(before: tuple[Command | Present, ...], said: str) -> None:
    """As it will really come."""
    drive = sitting()
    drive.at(300.0, *before)
    drive.at(300.0 if not before else 301.0, C.NEXT_BREAK)
    assert last(drive) == said


def test_before_work_the_next_break_is_the_first_of_the_day() -> None:
    """An interval after nine, not nine itself."""
    drive = sitting(replace(SETTINGS, hours=OFFICE), MONDAY + 8 * H)
    drive.at(SIT, C.NEXT_BREAK)
    assert last(drive).endswith("at twenty past nine.")
    mondays = replace(OFFICE, intervals=(1800.0, *(0.0,) * 6))
    drive = sitting(replace(SETTINGS, hours=mondays), MONDAY + 8 * H)
    drive.at(SIT, C.NEXT_BREAK)
    assert last(drive).endswith("at half past nine.")


ANSWERS = [
    (
        Recalled(Period.TODAY),
        "Today: nothing written down yet. A minute on your feet is a good start.",
    ),
    (
        Recalled(Period.WEEK, 9, 8, 61.0),
        "You got up for eight breaks, half of the time within one minute. Each of them counts.",
    ),
    (Recalled(Period.TODAY, 2, 1, 30.0), "Today: one break."),
    (Recalled(Period.TODAY, 0, 1), "Today: one break."),
    (
        Recalled(Period.MONTH, 0, 0, None, 2, 600.0, 5),
        "This month: two sessions, ten minutes of exercise. "
        "Five active days, with at most two days of rest between.",
    ),
]


@pytest.mark.parametrize(
    ("command", "period"),
    [(C.DID_TODAY, Period.TODAY), (C.DID_WEEK, Period.WEEK), (C.DID_MONTH, Period.MONTH)],
)
def test_how_it_went_is_the_journals_to_say(command: Command, period: Period) -> None:
    """It is asked, and nothing is said until it answers."""
    drive = sitting(replace(SETTINGS, keeps=True))
    assert Recall(period) in drive.at(5.0, command)
    assert not drive.said()


@pytest.mark.parametrize(("answer", "said"), ANSWERS)
def test_what_was_done_is_said_and_nothing_about_what_was_not(answer: Recalled, said: str) -> None:
    """Counted in words, without blame."""
    drive = sitting()
    drive.at(5.0, answer)
    assert last(drive) == said


@pytest.mark.parametrize("broken", [False, True])
def test_without_a_journal_it_says_so(broken: bool) -> None:
    """Whether there is none or it failed."""
    drive = sitting(replace(SETTINGS, keeps=broken))
    if broken:
        drive.at(1.0, Lost(Part.JOURNAL, "the disk is full"))
    effects = drive.at(20.0, C.DID_TODAY)
    assert last(drive) == sentences.NO_JOURNAL
    assert not any(isinstance(effect, Recall) for effect in effects)


# --- exercises are breaks ---------------------------------------------------


@pytest.mark.parametrize("command", [C.START, C.STRETCH])
def test_exercises_are_the_break(command: Command) -> None:
    """They answer the reminder, nothing interrupts them, and sitting counts from their end."""
    drive = asked()
    drive.at(SIT + 30, command)
    assert drive.mode() is Leading
    assert ("break_taken", 30.0) in rows(drive)
    drive.at(SIT + 30 + 76)
    assert drive.mode() is Sitting
    assert drive.stand_at == SIT + 30 + 76 + SIT
    assert len(chimes(drive)) == 1


def test_stretch_leads_the_desks_own_routine() -> None:
    """Where there is none it says which ones there are."""
    drive = sitting(replace(SETTINGS, stretch="gone"))
    drive.at(1.0, C.STRETCH)
    assert last(drive) == sentences.NO_SUCH_ROUTINE.format(names="sides")
    assert drive.mode() is Sitting


# --- a power cut ------------------------------------------------------------


def test_what_begins_the_count_anew_is_kept_at_once() -> None:
    """Whoever has just stood and then loses the power is not asked again in a minute."""
    drive = sitting(replace(SETTINGS, keeps=True))
    drive.at(SIT - 61)
    effects = drive.at(SIT - 60, C.STOOD)
    assert Keep(Place(sit_left_s=SIT)) in effects


def test_a_snoozed_break_is_late_by_what_it_was_since_the_restart() -> None:
    """Not by the time since the machine was started, which says nothing."""
    drive = Drive(now=90_000.0, place=Place(sit_left_s=100.0, snoozes=2))
    drive.at(90_130.0, C.UP)
    assert ("break_taken", 130.0) in rows(drive)


def test_a_press_outweighs_a_broken_sensor() -> None:
    """Whoever presses is there, even if the sensor saw them go."""
    drive = Drive()
    drive.at(60.0, Present(False))
    drive.at(400.0, Asked(C.HELP, Source.KEY))
    assert drive.state.room.absent_since is None
    assert drive.stand_at == 400.0 + SETTINGS.sit_s


# --- beside a question ---------------------------------------------------------


def test_a_reminder_waits_for_an_open_question() -> None:
    """Nothing is said into it; afterwards the reminder is still there to be answered."""
    drive = asked()
    drive.at(SIT + 5.0, C.SCREENING)
    drive.at(SIT + 40.0, C.STOP)
    assert drive.mode() is Due
    drive.at(SIT + 70.0, C.UP)
    assert ("break_taken", 70.0) in rows(drive)


def test_who_leaves_in_the_middle_of_a_question_takes_the_break() -> None:
    """Without a word: nobody is there to hear it."""
    drive = asked()
    drive.at(SIT + 5.0, C.SCREENING)
    said = len(drive.said())
    drive.at(SIT + 20.0, Present(False))
    assert ("break_taken", 20.0) in rows(drive)
    assert len(drive.said()) == said
    drive.at(SIT + 100.0, C.STOP)
    drive.at(SIT + 110.0, Present(True))
    assert drive.mode() is Sitting


def test_without_reminders_neither_a_sensor_nor_an_interval_makes_sitting_count() -> None:
    """There is nothing to hold, and nothing to change."""
    drive = sitting(replace(SETTINGS, reminders=False))
    drive.at(10.0, Present(False))
    drive.at(20.0, Present(True))
    drive.at(30.0, Asked(C.INTERVAL, seconds=600.0))
    assert drive.stand_at is None
    drive.at(40.0, C.REMINDERS_ON)
    assert drive.stand_at == 640.0


def test_a_meeting_has_no_clock_time() -> None:
    """Whoever sends one gets the usual hour."""
    drive = sitting(clock=None)
    drive.at(1.0, Asked(C.MEETING, until_s=7200.0))
    assert drive.state.wishes.quiet_until == 1.0 + H
