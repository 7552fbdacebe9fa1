"""What is asked for by voice holds until it is taken back, through restarts too."""

from dataclasses import replace

import pytest

from assistant.coach import week_plan
from assistant.coach.effects import Chime, Remember, Remembered, Say, SetVoice, Wanted, Week, Wish
from assistant.coach.events import Asked, Command, WallClock
from assistant.coach.settings import Settings
from assistant.coach.state import Leading, Sitting
from assistant.coach.step import begin
from assistant.coach.turn import Turn
from assistant.coach.working_hours import Hours
from assistant.content import plan_sentences, sentences
from assistant.content.types import Kind, Plan, Segment
from tests.coach.driver import SETTINGS, Drive, as_said

C = Command
H = 3600.0
DAY = 24 * H
TEN = 4 * DAY + 10 * H
"""Ten in the morning, on a Monday."""
KEEPS = replace(SETTINGS, keeps=True)


def remembered(drive: Drive) -> Remembered:
    """What a program that is started next is told."""
    kept = [effect.remembered for _, effect in drive.log if isinstance(effect, Remember)]
    return kept[-1] if kept else Remembered()


def restarted(drive: Drive, settings: Settings = KEEPS) -> Drive:
    """The program ended, however that was, and is started again."""
    return Drive(replace(settings, remembered=remembered(drive)))


def quiet_until(drive: Drive) -> float | None:
    return drive.state.wishes.quiet_until


def said(drive: Drive) -> str:
    return drive.said()[-1][1]


def test_how_fast_and_how_loud_it_speaks_holds_through_a_restart() -> None:
    drive = Drive(KEEPS)
    drive.at(1.0, C.SLOWER, C.LOUDER)
    after = restarted(drive)
    assert after.state.voice.pace == drive.state.voice.pace < 1.0
    assert after.state.voice.volume == drive.state.voice.volume > KEEPS.volume
    [(_, voice)] = after.ordered(SetVoice)
    assert voice == SetVoice(after.state.voice.pace, after.state.voice.volume)


def test_how_often_it_reminds_holds_through_a_restart_and_on_every_day() -> None:
    """Also where the days have lengths of their own."""
    settings = replace(KEEPS, hours=Hours(intervals=(900.0,) * 7))
    drive = Drive(settings)
    drive.at(1.0, WallClock(TEN), Asked(C.INTERVAL, seconds=1800.0))
    after = restarted(drive, settings)
    assert after.stand_at == 1800.0
    after.at(1.0, WallClock(TEN), C.STOOD)
    assert after.stand_at == 1801.0


def test_no_more_today_lasts_until_the_morning_though_it_is_restarted() -> None:
    """By the clock on the wall; while nobody knows what time it is, it stays quiet."""
    drive = Drive(KEEPS)
    drive.at(1.0, WallClock(TEN), C.NOT_TODAY)
    assert said(drive) == sentences.UNTIL_TOMORROW
    after = restarted(drive)
    after.at(3 * H)
    assert not [text for _, text in after.said() if "stand up" in text]
    after.at(3 * H, WallClock(TEN + 12 * H))
    assert quiet_until(after) == 3 * H + 7 * H  # from ten in the evening until five
    after.at(10 * H + 1)
    assert quiet_until(after) is None
    assert remembered(after).wanted.quiet_until_s is None


def test_quiet_that_is_over_when_it_starts_again_is_over() -> None:
    drive = Drive(KEEPS)
    drive.at(1.0, WallClock(TEN), Asked(C.QUIET, seconds=H))
    after = restarted(drive)
    assert quiet_until(after) is not None
    after.at(1.0, WallClock(TEN + 3 * DAY))
    assert quiet_until(after) is None


def test_no_more_today_needs_to_know_what_day_it_is() -> None:
    drive = Drive(KEEPS)
    drive.at(1.0, C.NOT_TODAY)
    assert said(drive) == as_said(sentences.NO_CLOCK)
    assert drive.state.wishes.quiet_until is None


def test_whoever_changes_the_configuration_afterwards_means_that() -> None:
    drive = Drive(KEEPS)
    drive.at(1.0, C.LOUDER, C.SLOWER, Asked(C.INTERVAL, seconds=1800.0))
    assert drive.state.voice.pace == 0.9
    after = restarted(drive, replace(KEEPS, volume=0.3, rate_wpm=140.0, sit_s=600.0))
    voice = after.state.voice
    assert (voice.volume, voice.pace, after.stand_at) == (0.3, 1.0, 600.0)


def test_a_plan_that_is_configured_afterwards_is_meant() -> None:
    """As with everything else; one that was asked for before this was kept holds until then."""
    evenings, mornings = Week(("exercises",) * 7, 18 * H), Week(("mobility",) * 7, 7 * H)
    for configured, later in ((None, mornings), (mornings, evenings), (mornings, None)):
        drive = Drive(replace(KEEPS, week=configured))
        drive.at(1.0, WallClock(TEN), Asked(C.PLAN_DAYS, aim="strength", days=(2,)))
        asked_for = drive.state.memory.wanted.week
        after = restarted(drive, replace(KEEPS, week=configured))
        assert week_plan.week_of(Turn(after.state)) == asked_for
        after = restarted(drive, replace(KEEPS, week=later))
        assert week_plan.week_of(Turn(after.state)) == later
    old = Remembered(wanted=Wanted(week=evenings))
    drive = Drive(replace(KEEPS, week=mornings, remembered=old))
    assert week_plan.week_of(Turn(drive.state)) == evenings
    for configured, holds in ((mornings, evenings), (None, None)):
        after = restarted(drive, replace(KEEPS, week=configured))
        assert week_plan.week_of(Turn(after.state)) == holds


def test_so_many_words_a_minute_hold_at_once_within_what_the_voice_can_do() -> None:
    """As a page asks for it: of a voice that is configured for 155."""
    for words, pace in ((124, 0.8), (155, 1.0), (300, 1.4), (80, 0.6)):
        drive = Drive(KEEPS)
        drive.at(1.0, C.FASTER)
        drive.at(5.0, Asked(C.SLOWER if words < 170 else C.FASTER, value=words))
        assert drive.state.voice.pace == pace


@pytest.mark.parametrize("restart", [False, True])
def test_as_it_was_before_takes_the_last_change_back(restart: bool) -> None:
    """Made slower three times is one change; a change of another kind before it stays."""
    drive = Drive(KEEPS)
    drive.at(1.0, C.LOUDER)
    drive.at(5.0, C.SLOWER, C.SLOWER, C.SLOWER)
    if restart:
        drive = restarted(drive)
    drive.at(9.0, C.UNDO)
    assert drive.state.voice.pace == 1.0
    assert drive.state.voice.volume > KEEPS.volume
    assert said(drive) == sentences.AS_BEFORE
    drive.at(20.0, C.UNDO)
    assert drive.state.voice.pace == 0.7, "and once more goes forward again"


def test_the_interval_and_quiet_are_undone_aloud() -> None:
    drive = Drive(KEEPS)
    drive.at(1.0, WallClock(TEN), Asked(C.INTERVAL, seconds=3600.0))
    drive.at(10.0, C.UNDO)
    assert drive.stand_at == SETTINGS.sit_s
    assert said(drive).startswith("Every twenty minutes, from now on.")
    drive.at(20.0, C.MEETING)
    drive.at(30.0, C.UNDO)
    assert quiet_until(drive) is None
    assert said(drive).startswith("Reminders are on.")
    drive.at(40.0, C.UNDO)
    assert quiet_until(drive) == 20.0 + H
    assert said(drive).startswith("All right, quiet until eleven o'clock")


def test_a_goal_is_undone_aloud_and_one_that_was_none_in_short() -> None:
    drive = Drive(KEEPS)
    drive.at(1.0, Asked(C.GOAL, value=2))
    drive.at(10.0, Asked(C.GOAL, value=4))
    drive.at(20.0, C.UNDO)
    assert drive.state.memory.wanted.days_goal == 2
    assert said(drive) == plan_sentences.goal(2)
    drive = Drive(KEEPS)
    drive.at(1.0, Asked(C.GOAL, value=2))
    drive.at(10.0, C.UNDO)
    assert drive.state.memory.wanted.days_goal is None
    assert said(drive) == sentences.AS_BEFORE


def test_where_nothing_was_changed_there_is_nothing_to_take_back() -> None:
    drive = Drive(KEEPS)
    drive.at(1.0, C.UNDO)
    assert said(drive) == sentences.NOTHING_TO_UNDO


def test_a_wish_that_says_nothing_new_keeps_what_undo_goes_back_to() -> None:
    drive = Drive(KEEPS)
    drive.at(1.0, C.SLOWER, C.REMINDERS_ON, C.UNDO)
    assert drive.state.voice.pace == 1.0


def test_what_is_remembered_is_ordered_once_and_only_where_there_is_a_journal() -> None:
    drive = Drive(KEEPS)
    drive.at(1.0, C.SLOWER)
    drive.at(50.0, C.HELP)
    assert [type(e) for _, e in drive.log].count(Remember) == 1
    drive = Drive(SETTINGS)
    drive.at(1.0, C.SLOWER)
    assert not drive.ordered(Remember)


def test_a_session_is_told_in_the_voice_that_was_wanted() -> None:
    wanted = Wanted(pace=Wish(0.7, KEEPS.rate_wpm))
    state, _ = begin(replace(KEEPS, remembered=Remembered(wanted=wanted)), 0.0)
    assert state.voice.pace == 0.7


# --- "later", "five more minutes", "not today", "okay" at a reminder are in test_understand -----


def test_dizzy_stops_at_once_and_says_what_to_do() -> None:
    drive = Drive()
    drive.at(1.0, Asked(C.START))
    drive.at(20.0)
    assert drive.mode() is Leading
    effects = drive.at(20.0, C.DIZZY)
    assert drive.mode() is Sitting
    [told] = [effect for effect in effects if isinstance(effect, Say)]
    assert told.text == sentences.DIZZY_STOPPED
    drive.at(60.0, C.DIZZY)
    assert said(drive) == sentences.DIZZY


def test_chimes_and_metronome_hold_through_a_restart_until_they_are_taken_back() -> None:
    drive = Drive(KEEPS)
    drive.at(1.0, C.CHIMES_OFF, C.METRONOME_ON)
    after = restarted(drive)
    after.at(2.0, C.WAKE)
    assert not after.ordered(Chime), "nothing chimes"
    assert ticks(after)
    after.at(3.0, C.UNDO)
    assert not ticks(after)
    after.at(20.0, C.CHIMES_ON, C.WAKE)
    assert after.ordered(Chime)


def test_the_metronome_ticks_along_with_repetitions_with_or_without_other_chimes() -> None:
    """Each move at its time; where it is silenced in their midst it is silent at once."""
    work = Segment(Kind.WORK, 0, "Squat", 12.0, reps=3, beats=(0.0, 2.0, 4.0, 6.0, 8.0, 10.0))
    plan = Plan("squats", "Squats", "squats", ("Squat",), ("squat",), (work,))
    settings = replace(KEEPS, plans={"squats": plan}, chimes=False)
    drive = Drive(settings)
    drive.at(1.0, Asked(C.START, routine="squats"))
    drive.at(14.0)
    assert not drive.ordered(Chime), "nobody asked for it"
    drive.at(40.0, C.METRONOME_ON)
    drive.at(50.0, Asked(C.START, routine="squats"))
    drive.at(57.0, C.METRONOME_OFF)
    drive.at(70.0)
    assert [at for at, _ in drive.ordered(Chime)] == [50.0, 52.0, 54.0, 56.0]


def test_it_speaks_more_quietly_at_night_and_louder_is_louder_then_too() -> None:
    """By the clock on the wall, from the first sentence after the hour; by day as before."""
    drive = Drive(replace(KEEPS, volume=0.5, night=(22 * H, 31 * H), night_volume=0.6))
    drive.at(1.0, C.HELP)
    drive.at(2.0, WallClock(TEN + 11.99 * H))
    assert [one.volume for one in voices(drive)] == [0.5], "nobody knows; then it isn't night yet"
    drive.at(100.0, C.HELP)
    assert voices(drive)[-1].volume == 0.3
    drive.at(110.0, C.LOUDER)
    assert (voices(drive)[-1].volume, drive.state.voice.volume) == (0.36, 0.6)
    drive.at(10 * H, C.HELP)
    assert voices(drive)[-1].volume == 0.6


def ticks(drive: Drive) -> bool:
    return drive.state.voice.metronome


def voices(drive: Drive) -> list[SetVoice]:
    return [effect for _, effect in drive.ordered(SetVoice) if isinstance(effect, SetVoice)]
