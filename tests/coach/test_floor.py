"""Somebody doesn't get down to the floor, says so, and takes it back."""

from assistant.coach.effects import Aim, Remembered, Wanted, Week, Wish
from assistant.coach.events import Asked, Trained, WallClock
from assistant.coach.events import Command as C
from assistant.content import plan_sentences, read_back, sentences
from assistant.content.types import Kind
from assistant.content.ways import FLOOR
from tests.coach.driver import Drive
from tests.coach.test_lasting_wishes import remembered
from tests.coach.test_plan_of_the_week import MONDAY, at_clock, session, settings
from tests.coach.test_plan_of_the_week import STRENGTH as HARD
from tests.coach.test_session_start import (
    GENTLE,
    STRENGTH,
    led,
    person,
    score,
    shipped,
    start,
    texts,
)

DAY, H = 86400.0, 3600.0
MIXED = "morning"


def on_floor(drive: Drive, routine: str = GENTLE) -> bool:
    """Whether something on the floor is led, where this is asked for and what is offered taken."""
    drive.at(drive.now + 5.0, start(routine), score(1), C.YES)
    known = shipped().exercises
    found = any(known[one].position in FLOOR for one in led(drive))
    assert led(drive)
    drive.at(drive.now + 5.0, C.STOP, C.STOP)
    return found


def test_who_cannot_get_down_is_led_nothing_there_until_they_can_again() -> None:
    drive = person(keeps=True)
    drive.at(1.0, C.NO_FLOOR)
    assert texts(drive) == [read_back.FLOOR["no_floor"]]
    assert not on_floor(drive)
    again = person(keeps=True, remembered=remembered(drive))
    assert not on_floor(again), "through a restart"
    again.at(again.now + 1.0, C.FLOOR)
    assert on_floor(again)


def test_as_it_was_before_takes_it_back_and_the_configuration_is_meant_when_it_is_newer() -> None:
    drive = person(keeps=True)
    drive.at(1.0, C.NO_FLOOR, C.UNDO)
    assert on_floor(drive)
    drive.at(drive.now + 1.0, C.UNDO)
    assert not on_floor(drive)
    changed = person(keeps=True, floor=False, remembered=remembered(drive))
    changed.at(1.0, C.FLOOR)
    assert on_floor(changed)
    assert on_floor(person(floor=True, remembered=remembered(changed)))


def test_no_floor_today_is_over_tomorrow() -> None:
    drive = person(keeps=True)
    drive.at(1.0, WallClock(MONDAY * DAY + 12 * H), C.NO_FLOOR_TODAY)
    assert not on_floor(drive)
    drive.at(drive.now + DAY)
    assert on_floor(drive)


def test_without_a_clock_today_is_until_the_clock_is_known() -> None:
    """Then it is that day, and over on the next one; also where it was asked for again since."""
    drive = person(keeps=True)
    drive.at(1.0, C.NO_FLOOR_TODAY, C.SLOWER)
    assert not on_floor(drive)
    drive.at(drive.now + 1.0, WallClock(MONDAY * DAY + 12 * H))
    assert not on_floor(drive), "it is still today"
    drive.at(drive.now + 1.0, C.UNDO)
    assert not on_floor(drive), "that was the voice"
    drive.at(drive.now + DAY)
    assert on_floor(drive)


def test_no_floor_today_outlives_a_restart_and_holds_while_nobody_knows_the_date() -> None:
    drive = person(keeps=True)
    drive.at(1.0, WallClock(MONDAY * DAY + 12 * H), C.NO_FLOOR_TODAY)
    again = person(keeps=True, remembered=remembered(drive))
    assert not on_floor(again)
    again.at(again.now + 1.0, WallClock(MONDAY * DAY + 13 * H))
    assert not on_floor(again), "it is still today"
    tomorrow = person(keeps=True, remembered=remembered(drive))
    tomorrow.at(1.0, WallClock((MONDAY + 1) * DAY + 12 * H))
    assert on_floor(tomorrow)


def test_no_floor_holds_whatever_was_configured_before_or_is_now() -> None:
    """The page may have changed the configuration while the coach ran by the old one."""
    drive = person(keeps=True, floor=False)
    drive.at(1.0, C.NO_FLOOR)
    assert not on_floor(person(keeps=True, floor=True, remembered=remembered(drive)))


def test_what_is_led_goes_on_without_the_floor_at_once() -> None:
    drive, known = person(), shipped().exercises
    drive.at(1.0, start(MIXED), score(1))
    assert any(known[one].position in FLOOR for one in led(drive))
    drive.at(5.0, C.NO_FLOOR)
    assert led(drive)
    assert not any(known[one].position in FLOOR for one in led(drive))


def test_where_all_that_is_left_is_on_the_floor_another_one_is_offered() -> None:
    drive, known = person(), shipped().exercises
    drive.at(1.0, start(GENTLE), score(1))
    drive.at(60.0, C.NO_FLOOR)
    assert not led(drive)
    assert texts(drive)[-2] == plan_sentences.ON_THE_FLOOR
    drive.at(70.0, C.YES)
    assert led(drive)
    assert not any(known[one].position in FLOOR for one in led(drive))


def test_who_had_come_far_in_strength_and_no_longer_gets_down_has_a_plan_all_the_same() -> None:
    """Strength off the floor has no further steps."""
    memory = Remembered(wanted=Wanted(floor=Wish(0.0, 1.0)), step=2, step_day=MONDAY - 60)
    trained = tuple(
        session(MONDAY - ago, "legs-and-balance", easy=True, after=0) for ago in (9, 7, 5, 3)
    )
    told = settings(Week((Aim.STRENGTH,) * 7, 18.5 * H), remembered=memory, trained=trained)
    drive = at_clock(told)
    drive.at(0.5 * H + 20.0)
    assert any("legs and balance" in text for text in texts(drive))


# --- a day of the plan that names a routine --------------------------------------------------


def test_a_day_that_names_a_routine_on_the_floor_has_another_one_and_says_so() -> None:
    """In the plan, today, and when it is asked for; why, only until somebody has heard it."""
    planned = Week(("yoga", "", "yoga", "", HARD, "", ""), 18.5 * H)
    drive = at_clock(settings(planned, beside_mobility=()))
    drive.at(1.0, C.TELL_PLAN)
    assert texts(drive)[-1].startswith("Yoga on Monday and Wednesday and lower back strength on")
    drive.at(20.0, C.NO_FLOOR, C.TELL_PLAN)
    assert texts(drive)[-1].startswith(
        "Chair exercises on Monday and Wednesday and legs and balance on "
    )
    drive.at(40.0, C.TELL_TODAY)
    assert "chair" in texts(drive)[-2]
    assert texts(drive)[-1] == plan_sentences.instead_of("yoga")
    drive.at(0.5 * H + 20.0)
    assert texts(drive)[-2] == plan_sentences.instead_of("yoga")
    drive.at(0.5 * H + 40.0, C.NO)
    drive.at(2 * DAY + 0.5 * H + 20.0)
    assert plan_sentences.instead_of("yoga") not in texts(drive)[-2:]
    assert "chair" in texts(drive)[-2]


# --- longer ----------------------------------------------------------------------------------


def test_what_grows_from_step_to_step_is_not_made_longer_by_asking() -> None:
    """The donkey kick: half a minute, a minute, a minute and a half, each after the one before was
    easy. Anything else of the same session is."""
    drive = person(trained=(Trained(MONDAY, STRENGTH, (), "done"),))
    drive.at(1.0, start(STRENGTH), score(0))
    longer: dict[str, set[float]] = {}
    while (here := drive.session) is not None:
        if here.segment.kind is Kind.WORK:
            drive.at(drive.now, Asked(C.MORE_TIME, seconds=20.0))
            name = here.plan.exercise_ids[here.segment.item]
            told = texts(drive)[-1] == plan_sentences.STEP_BY_STEP
            assert told is (name == "donkey-kick"), name
            assert drive.session is not None
            longer.setdefault(name, set()).add(drive.session.length_s - here.length_s)
        drive.at(drive.now + 10.0)
    assert longer["donkey-kick"] == {0.0}
    assert max(longer["bridge"]) > 0.0


def test_who_says_yes_to_the_gentle_one_and_no_to_the_floor_is_led_it_on_a_chair() -> None:
    """Not told that nothing of it suits them."""
    drive = person()
    drive.at(1.0, start(STRENGTH), score(5))
    assert texts(drive)[-1] == sentences.GENTLE_INSTEAD
    drive.at(10.0, C.NO_FLOOR)
    drive.at(20.0, C.YES)
    assert drive.session is not None
    assert drive.session.plan.id == "chair"
