"""So many minutes, made of what may be led and is due; and routines in which nothing sounds."""

from dataclasses import replace

import pytest

from assistant.coach.effects import Chime, Place, Prepare, Say, Show
from assistant.coach.events import Asked, Health
from assistant.coach.events import Command as C
from assistant.coach.state import Asking, Hurt, Leading, Paused
from assistant.content import sentences
from assistant.content.plan import compile_plan
from assistant.content.types import Condition, Phase, Sound
from tests.coach.driver import Drive
from tests.coach.test_session_start import SEEN, led, person, score, shipped, start, texts


def have(minutes: float) -> Asked:
    return Asked(C.HAVE_TIME, seconds=60 * minutes)


def begun(health: Health = SEEN, minutes: float = 10, **changes: object) -> Drive:
    drive = person(health, **changes)
    drive.at(1.0, have(minutes))
    if drive.mode() is Asking:
        drive.at(10.0, score(1))
    assert drive.mode() is Leading
    return drive


@pytest.mark.parametrize(
    ("minutes", "then"), [(5, 5), (9, 5), (10, 10), (14, 10), (15, 15), (20, 20), (60, 20)]
)
def test_the_longest_that_fits_in_is_led(minutes: int, then: int) -> None:
    drive = begun(minutes=minutes)
    assert drive.session is not None
    assert drive.session.plan.id == f"minutes-{then}"
    assert drive.session.plan.total_s <= 60 * minutes


def test_for_a_moment_there_is_a_break_at_the_desk() -> None:
    drive = begun(minutes=2)
    assert drive.session is not None
    assert drive.session.plan.id.startswith("desk-break")


def test_of_what_is_made_nothing_is_led_that_may_not_be() -> None:
    """Each condition leaves out what it leaves out anywhere, and the time is filled still."""
    for condition in Condition:
        drive = begun(replace(SEEN, yes=frozenset({condition.value})), minutes=10)
        exercises = [shipped().exercises[name] for name in led(drive)]
        assert exercises
        assert not [one.id for one in exercises if condition in one.leave_out_with], condition
        assert drive.session is not None
        assert drive.session.plan.total_s >= 420, condition


def test_who_answers_another_time_is_led_what_suits_every_back() -> None:
    """Ten minutes of it, after "later"."""
    drive = person(Health())
    drive.at(1.0, have(10))
    assert drive.mode() is Asking
    drive.at(60.0, C.NEXT)
    assert drive.mode() is Leading
    for name in led(drive):
        assert not shipped().exercises[name].leave_out_with
        assert shipped().exercises[name].phase is Phase.ACUTE
    assert drive.session is not None
    assert drive.session.plan.total_s >= 420
    assert sentences.without_answer("ten minutes") in texts(drive)


def test_what_was_done_already_waits() -> None:
    first = led(begun(minutes=5))
    done = led(begun(minutes=5, times=dict.fromkeys(first, 3)))
    assert not set(first) & set(done)


def test_on_a_bad_day_it_is_less() -> None:
    drive = person()
    drive.at(1.0, have(10))
    drive.at(10.0, score(4))
    assert sentences.EASIER_TODAY in texts(drive)
    whole = begun(minutes=10)
    assert drive.session is not None
    assert whole.session is not None
    assert drive.session.plan.total_s < whole.session.plan.total_s


def test_what_hurt_in_it_is_milder_next_time() -> None:
    """The level is kept, though the next one is made anew."""
    health = replace(SEEN, levels={"pelvic-tilt": 1})
    drive = begun(health, minutes=10)
    at = led(drive).index("back-arch")
    while drive.session is not None and drive.session.segment.item < at:
        drive.at(drive.now + 1.0, C.NEXT)
    drive.at(drive.now + 1.0, C.HURTS)
    drive.at(drive.now + 1.0, C.NO)
    assert drive.state.person.health.levels["pelvic-tilt"] == 0


def test_after_a_power_cut_the_same_exercises_go_on() -> None:
    """Though what was done meanwhile would make it another one."""
    drive = begun(minutes=10)
    names = led(drive)
    place = Place("minutes-10", names[1], "setup", exercises=names)
    times = dict.fromkeys(names, 5)
    settings = replace(drive.state.settings, times=times, health=replace(SEEN, pain=1))
    again = Drive(settings, place=place)
    assert again.mode() is Paused
    assert led(again) == names


def test_without_what_it_is_for_a_routine_is_not_led() -> None:
    """Nobody is warmed up for a strengthening that waits: the gentle one is offered."""
    drive = person(replace(SEEN, ended=(True, True)))
    drive.at(1.0, start("strong-hips"))
    drive.at(10.0, score(1))
    assert texts(drive)[-2:] == [sentences.NOT_TODAY, sentences.GENTLE_INSTEAD]


def test_in_pregnancy_there_is_a_routine_that_is_led_whole() -> None:
    drive = person(replace(SEEN, yes=frozenset({"pregnancy"})))
    drive.at(1.0, start("pregnancy"))
    drive.at(10.0, score(1))
    assert led(drive) == ("wall-tilt", "cat-stretch")


# --- nothing sounds ------------------------------------------------------------------


def silent() -> Drive:
    drive = person(Health())
    drive.at(1.0, start("meeting"))
    assert drive.mode() is Leading
    return drive


def heard(drive: Drive) -> list[object]:
    return [e for _, e in drive.log if isinstance(e, Say | Chime | Prepare)]


def test_in_silence_the_screen_tells_all_of_it() -> None:
    """From the beginning to the end no word, no tick and no chime; every sentence is shown."""
    drive = silent()
    plan = drive.session.plan if drive.session else None
    drive.at(400.0)
    assert drive.session is None
    assert heard(drive) == []
    assert plan is not None
    shown = {e.view.detail for _, e in drive.ordered(Show) if isinstance(e, Show)}
    told = [cue.text for segment in plan.segments for cue in segment.cues]
    last = {segment.cues[-1].text for segment in plan.segments if segment.cues}
    assert last <= shown <= {*told, *shown}


def test_in_silence_an_answer_is_shown() -> None:
    drive = silent()
    drive.at(20.0, C.TIME_LEFT)
    assert heard(drive) == []
    assert "in all" in drive.state.voice.last_said


def test_what_is_about_safety_is_said_in_silence_too() -> None:
    """ "That hurts" is answered aloud; then it is silent again."""
    drive = silent()
    drive.at(60.0, C.HURTS)
    assert drive.mode() is Hurt
    assert texts(drive) == [sentences.HURT]
    drive.at(90.0, C.NO)
    before = len(heard(drive))
    drive.at(150.0)
    assert drive.mode() is Leading
    assert [e for e in heard(drive)[before:] if isinstance(e, Chime)] == []
    after = [e.text for e in heard(drive) if isinstance(e, Say)]
    assert set(after) <= {sentences.HURT, sentences.HURT_NO}


def test_a_question_after_a_long_silent_routine_is_heard_and_waits_no_longer_than_others() -> None:
    """One that is only shown would keep all that comes after it waiting for ever."""
    library = shipped()
    quiet = replace(library.routines["mobility"], id="own", sound=Sound.SILENT)
    drive = person(
        routines={**library.routines, "own": quiet},
        plans={**library.plans, "own": compile_plan(quiet)},
    )
    drive.at(1.0, start("own"), score(1))
    drive.at(60.0, C.STOP)
    assert drive.asking is not None
    assert texts(drive)[-1] == sentences.PAIN_AFTER
    drive.at(240.0)
    assert drive.asking is None
