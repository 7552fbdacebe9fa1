"""Ice and heat: never too long, never too soon again, never into another word."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coach.effects import Chime, Lamp, Place, Record, Say, Sound
from assistant.coach.events import Asked, Command, Slept, Source
from assistant.coach.ice_and_heat import MOST_S, REMINDS_S, USUAL_S
from assistant.coach.state import Kept, Leading, NoPack, PackOn, Sitting
from assistant.coach.step import begin
from assistant.content import sentences
from tests.coach.driver import SETTINGS, STARTS, Drive

C = Command
AT_REST = replace(SETTINGS, reminders=False)


def rows(drive: Drive) -> list[Record]:
    found = [e for _, e in drive.ordered(Record) if isinstance(e, Record)]
    return [row for row in found if row.kind == "timer" and row.detail != "begun"]


def said_at(drive: Drive, part: str) -> list[float]:
    return [when for when, text in drive.said() if part in text]


def begun(command: Command = C.ICE, seconds: float | None = None) -> Drive:
    drive = Drive(AT_REST)
    drive.at(0.0, Asked(command, seconds=seconds))
    return drive


@pytest.mark.parametrize(("command", "pack"), [(C.ICE, "ice"), (C.HEAT, "heat")])
@pytest.mark.parametrize(
    ("asked_s", "lasts_s"), [(None, USUAL_S), (300.0, 300.0), (1200.0, 1200.0), (5400.0, MOST_S)]
)
def test_a_timer_lasts_as_long_as_asked_and_never_over_twenty_minutes(
    command: Command, pack: str, asked_s: float | None, lasts_s: float
) -> None:
    """With a cloth, awake, a word at half-time, and then off."""
    drive = begun(command, asked_s)
    first = drive.said()[0][1]
    assert "cloth" in first
    assert "awake" in first
    assert ("that is the most" in first) == (asked_s == 5400.0)
    drive.at(lasts_s + 10)
    assert said_at(drive, "Half of the time") == [lasts_s / 2]
    assert said_at(drive, f"Take the {pack} off") == [lasts_s]
    assert [(row.name, row.seconds, row.detail) for row in rows(drive)] == [(pack, lasts_s, "done")]


def test_a_very_short_one_has_no_half_time() -> None:
    drive = begun(seconds=60.0)
    drive.at(70.0)
    assert said_at(drive, "Half of the time") == []
    assert said_at(drive, "Take the ice off") == [60.0]


def test_the_offer_for_the_first_days_is_made_once() -> None:
    """An offer, not an order, and not every time."""
    drive = begun(seconds=60.0)
    drive.at(300.0, C.HEAT)
    starts = [text for _, text in drive.said() if "cloth" in text]
    assert [sentences.FIRST_DAYS in text for text in starts] == [True, False]
    assert not {"must", "should", "have to"} & set(sentences.FIRST_DAYS.split())


def test_the_skin_rests_as_long_as_it_was_cold_or_warm() -> None:
    """Neither ice nor heat before; why is said; after it another one begins."""
    drive = begun(seconds=600.0)
    drive.at(600.0 + 300.0, C.HEAT)
    assert "feel" in drive.said()[-1][1]
    assert drive.timer is None or drive.timer.kind is Kept.ICE
    drive.at(1199.0, C.ICE)
    assert len([text for _, text in drive.said() if "cloth" in text]) == 1
    drive.at(1201.0, C.HEAT)
    assert len([text for _, text in drive.said() if "cloth" in text]) == 2


@pytest.mark.parametrize(
    "asked",
    [
        Asked(C.PRESS, Source.BUTTON),
        Asked(C.STOP, Source.BUTTON),
        Asked(C.STOP),
        Asked(C.TIMER_OFF),
    ],
)
def test_it_can_be_ended_at_any_time(asked: Asked) -> None:
    """By the button, a key or a word; the pause is then as long as it was on."""
    drive = begun()
    drive.at(120.0, asked)
    assert drive.timer is None
    assert drive.mode() is Sitting
    assert [(row.seconds, row.detail, row.planned_s) for row in rows(drive)] == [
        (120.0, "stopped", USUAL_S)
    ]
    drive.at(239.0, C.ICE)
    assert drive.timer is None
    drive.at(241.0, C.ICE)
    assert drive.timer is not None


def test_time_that_is_up_is_said_again_until_somebody_answers() -> None:
    """Three times in all, a minute apart, and the lamp asks meanwhile; an answer is enough."""
    drive = begun(seconds=60.0)
    drive.at(60.5)
    assert drive.lamp() is Lamp.DUE
    drive.at(600.0)
    assert said_at(drive, "Take the ice off") == [60.0, 60.0 + REMINDS_S, 60.0 + 2 * REMINDS_S]
    assert drive.lamp() is Lamp.IDLE
    answered = begun(seconds=60.0)
    answered.at(70.0, Asked(C.PRESS, Source.BUTTON))
    answered.at(600.0)
    assert said_at(answered, "Take the ice off") == [60.0]
    assert [row.detail for row in rows(answered)] == ["done"]
    assert answered.lamp() is Lamp.IDLE


def test_how_long_it_still_takes_is_answered() -> None:
    """At rest, to "how long left", and to asking for another one meanwhile."""
    drive = begun(seconds=600.0)
    drive.at(120.0, C.TIME_LEFT)
    assert drive.said()[-1][1] == "Eight minutes left for the ice."
    drive.at(300.0 - 0.5, C.HEAT)
    assert drive.said()[-1][1] == "Five minutes left for the ice."
    drive.at(601.0)
    drive.at(620.0, C.TIME_LEFT)
    assert drive.said()[-1][1] == sentences.ICE_OFF


def test_without_a_timer_there_is_none_to_end() -> None:
    drive = Drive(AT_REST)
    drive.at(1.0, C.TIMER_OFF)
    assert drive.said()[-1][1] == sentences.NO_TIMER


def test_a_press_begins_a_routine_where_no_timer_runs() -> None:
    drive = Drive(AT_REST)
    drive.at(1.0, C.PRESS)
    assert drive.mode() is Leading


def test_the_screen_shows_it() -> None:
    drive = begun(seconds=60.0)
    drive.at(10.0)
    view = drive.state.shown.view
    assert view is not None
    assert (view.title, view.ends_at, view.total_s) == ("Ice", 60.0, 60.0)
    drive.at(61.0)
    view = drive.state.shown.view
    assert view is not None
    assert (view.title, view.ends_at) == ("Take the ice off", None)


# --- beside everything else ----------------------------------------------------


def test_it_runs_beside_a_routine_and_speaks_between_the_holds() -> None:
    """The hold's count and end come as ever, and the words right after it."""
    drive = Drive(AT_REST)
    drive.at(0.0, Asked(C.ICE, seconds=60.0))
    drive.at(60.0 - STARTS["work"] - 5.0, C.START)
    began = drive.now
    drive.at(120.0)
    [end] = [
        when
        for when, e in drive.ordered(Chime)
        if isinstance(e, Chime) and e.sound is Sound.END and when < 80
    ]
    assert end == began + STARTS["rest"]
    off, *_ = said_at(drive, "Take the ice off")
    assert end <= off < end + 5
    counts = [text for _, text in drive.said() if text in ("three", "two", "one")]
    assert counts[:3] == ["three", "two", "one"]


def test_a_long_hold_keeps_it_waiting_no_longer_than_half_a_minute() -> None:
    """Skin matters more than a count; half-time that long past isn't said."""
    long = replace(
        SETTINGS.plans["sides"],
        segments=tuple(
            replace(segment, length_s=600.0, cues=(), ticks=())
            for segment in SETTINGS.plans["sides"].segments[3:4]
        )
        + SETTINGS.plans["sides"].segments[-1:],
    )
    drive = Drive(replace(AT_REST, plans={"sides": long}))
    drive.at(0.0, Asked(C.ICE, seconds=300.0))
    drive.at(100.0, C.START)
    drive.at(400.0)
    assert said_at(drive, "Half of the time") == []
    assert said_at(drive, "Take the ice off")[0] == pytest.approx(330.0, abs=0.6)


def test_a_reminder_and_a_timer_keep_their_distance() -> None:
    """Both due at the same second: one after the other, a minute apart as far as it matters."""
    drive = Drive(replace(SETTINGS, sit_s=600.0))
    drive.at(0.0, Asked(C.ICE, seconds=600.0))
    drive.at(900.0)
    due = [
        when for when, e in drive.ordered(Chime) if isinstance(e, Chime) and e.sound is Sound.DUE
    ]
    off = said_at(drive, "Take the ice off")
    assert off[0] == 600.0
    assert due
    assert min(abs(a - b) for a in due for b in off) >= 10.0


def test_nobody_is_talked_over_while_asking() -> None:
    """After the wake phrase the person has the word."""
    drive = begun(seconds=60.0)
    drive.at(58.0, C.WAKE)
    drive.at(65.0)
    assert said_at(drive, "Take the ice off") == []
    drive.at(80.0)
    assert len(said_at(drive, "Take the ice off")) == 1


def test_a_machine_that_slept_doesn_t_add_to_it() -> None:
    """Ice goes on while the machine is suspended, and so does the pause after it."""
    drive = begun(seconds=600.0)
    drive.at(100.0, Slept(400.0))
    drive.at(205.0)
    assert said_at(drive, "Take the ice off") == [200.0]
    drive.at(210.0, Slept(600.0))
    drive.at(211.0, C.TIMER_OFF)
    drive.at(212.0, C.HEAT)
    assert drive.timer is not None


@pytest.mark.parametrize("pack", list(Kept))
def test_after_a_power_cut_it_is_to_come_off(pack: Kept) -> None:
    """How long the power was gone isn't known: better too soon. Then the skin rests."""
    place = Place(timer=pack, timer_s=600.0)
    state, effects = begin(AT_REST, 0.0, place=place)
    [said] = [e.text for e in effects if isinstance(e, Say)][:1]
    assert said == sentences.TIMER_CUT.format(pack=pack)
    assert state.pack == NoPack(rests_until=600.0)


MOVES = st.sampled_from(
    [C.ICE, C.HEAT, C.TIMER_OFF, C.PRESS, C.STOP, C.START, C.PAUSE, C.HURTS, C.WAKE, C.UP]
)


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.floats(0, 700), MOVES, st.sampled_from([None, 60.0, 600.0, 3600.0])),
        max_size=25,
    )
)
def test_the_skin_is_never_cold_or_warm_for_too_long(
    moves: list[tuple[float, Command, float | None]],
) -> None:
    """Whatever is asked: at most twenty minutes and a gap for the words, then as long a rest."""
    drive = Drive(SETTINGS)
    for gap_s, command, seconds in moves:
        drive.at(drive.now + gap_s, Asked(command, seconds=seconds))
    drive.at(drive.now + 1300.0)
    assert not isinstance(drive.timer, PackOn)
    over_at = 0.0
    for when, effect in drive.log:
        if isinstance(effect, Record) and effect.kind == "timer" and effect.detail != "begun":
            assert effect.seconds <= MOST_S + 31.0
            assert when - effect.seconds >= over_at - 1e-6
            over_at = when + effect.seconds
        if isinstance(effect, Say):
            assert effect.text.strip()
