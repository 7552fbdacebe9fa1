"""The gate: no way leads past it.

One table of the rules' plain numbers, each on every way to an exercise, and random lives against an
oracle of their own. Many thousands of lives are lived by `python -m tests.coach.lives`.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coach import levels, suitability
from assistant.coach.effects import Chime, Effect, Hush, Place, Record, Say
from assistant.coach.events import Asked, Health, Met, Quit, Source, Trained, WallClock
from assistant.coach.events import Command as C
from assistant.coach.fitting import early, fitted, known
from assistant.coach.settings import Settings
from assistant.coach.state import Asking, AtRest, Hurt, Leading, Paused, Session
from assistant.coach.step import begin, step
from assistant.coach.suitability import Known, Reason, against
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.plan import compile_plan
from assistant.content.sentences import went_well
from assistant.content.types import Exercise, Item, Kind, Phase, Routine
from tests.coach.driver import Drive, session_of
from tests.coach.faults import FAULTS, Fault, with_fault
from tests.coach.lives import CONDITIONS, live
from tests.coach.test_session_start import (
    GENTLE,
    NOON,
    SEEN,
    STRENGTH,
    led,
    person,
    rows,
    score,
    shipped,
    start,
    strengthening,
    texts,
)

HOUR = 3600.0
FINE = Known(health=SEEN, screened=True, pain_answered=True, early=False, gentle=False)
BRACE, BRIDGE, TURN_TRUNK, CAT, SQUEEZE = (
    shipped().exercises[name]
    for name in (
        "abdominal-brace",
        "bridge",
        "desk-trunk-turn",
        "cat-stretch",
        "desk-shoulder-squeeze",
    )
)

UPRIGHT = tuple(
    item.exercise.id for item in shipped().routines[GENTLE].items if not item.exercise.flexion
)
"""What of the gentle routine doesn't bend forward: most of it."""


def hurting(pain: int, **more: Any) -> Known:
    return replace(FINE, health=replace(SEEN, pain=pain), **more)


def told(*yes: str, **more: Any) -> Known:
    return replace(FINE, health=replace(SEEN, yes=frozenset(yes), **more))


@pytest.mark.parametrize(
    ("exercise", "now", "reason"),
    [
        (BRIDGE, FINE, None),
        (BRIDGE, hurting(3), None),
        (BRIDGE, hurting(4), Reason.STRENGTH),
        (TURN_TRUNK, hurting(5), None),
        (TURN_TRUNK, hurting(6), Reason.REST),
        (TURN_TRUNK, hurting(6, gentle=True), Reason.REST),
        (BRACE, hurting(6), Reason.REST),
        (BRACE, hurting(6, gentle=True), None),
        (BRACE, hurting(10, gentle=True), None),
        (BRIDGE, told(ended=(True,)), None),
        (BRIDGE, told(ended=(True, True)), Reason.STRENGTH),
        (BRIDGE, told(unknown=True), Reason.STRENGTH),
        (BRACE, told("fever"), Reason.RED_FLAG),
        (BRACE, told("cancer"), Reason.RED_FLAG),
        (BRACE, told("cancer", "cancer_then"), None),
        (BRACE, told("osteoporosis", "osteoporosis_then"), Reason.RED_FLAG),
        (CAT, told("osteoporosis"), Reason.CONDITION),
        (BRACE, told("osteoporosis"), None),
        (BRIDGE, told("pregnancy"), Reason.CONDITION),
        (BRIDGE, told("surgery", "surgery_then"), None),
        (BRIDGE, replace(FINE, floor=False), Reason.FLOOR),
        (BRIDGE, replace(told("pregnancy"), floor=False), Reason.CONDITION),
        (SQUEEZE, replace(FINE, floor=False), None),
        (SQUEEZE, replace(FINE, screened=False), None),
        (BRACE, replace(FINE, screened=False), Reason.NOT_ASKED),
        (TURN_TRUNK, replace(FINE, pain_answered=False), Reason.NOT_ASKED),
        (BRACE, replace(FINE, pain_answered=False), None),
        (CAT, replace(FINE, early=True), Reason.EARLY),
        (BRACE, replace(FINE, early=True), None),
    ],
)
def test_the_rules_in_plain_numbers(exercise: Exercise, now: Known, reason: Reason | None) -> None:
    """Three carry on, four easier, six rest; two sessions that ended worse; what was told, and what
    was not."""
    assert against(exercise, now) is reason


def test_an_operation_keeps_strengthening_back_though_nothing_speaks_against_it() -> None:
    """Until somebody has said what is allowed."""
    still = replace(BRIDGE, movements=())
    assert against(still, told("surgery")) is Reason.STRENGTH
    assert against(still, FINE) is None


@pytest.mark.parametrize(
    ("hour", "spared"), [(3.99, False), (4.0, True), (7.99, True), (8.0, False), (12.0, False)]
)
def test_the_first_hours_spare_the_back(hour: float, spared: bool) -> None:
    drive = person(spared_until_s=8 * HOUR)
    drive.at(0.0, WallClock(NOON + (hour - 12) * HOUR))
    assert early(Turn(drive.state)) == spared


# --- every way ---------------------------------------------------------------------------


def test_a_clock_that_is_known_later_still_spares_the_back() -> None:
    """After a power cut, and in the middle of a routine: what bends forward and is still to come is
    left out, and said; what is being done and doesn't bend goes on."""
    for began, lead in ((False, Paused), (True, Leading)):
        told_once = replace(shipped(), health=replace(SEEN, pain=1), spared_until_s=8 * HOUR)
        drive = Drive(told_once, place=Place(GENTLE, part="intro"))
        drive.at(10.0, *([C.GO] if began else []))
        drive.at(14.0)
        assert drive.mode() is lead
        drive.at(15.0, WallClock(NOON - 5 * HOUR))
        assert drive.mode() is lead
        assert led(drive) == UPRIGHT
        assert sentences.EARLY in texts(drive)


def test_what_is_being_done_ends_when_it_turns_out_to_be_early() -> None:
    """On to the next one that may be led; what was done of it is written down."""
    drive = person(spared_until_s=8 * HOUR)
    drive.at(1.0, start("wind-down"))
    drive.at(10.0, score(1))
    while drive.session is None or not drive.session.working:
        drive.at(drive.now + 1.0, C.GO)
    assert led(drive)[0] == "bottom-to-heels"
    drive.at(drive.now + 5.0, WallClock(NOON - 5 * HOUR))
    assert led(drive) == ("knee-rolls", "draw-in")
    assert [name for name, _ in rows(drive, "exercise")] == ["bottom-to-heels"]
    drive.at(drive.now, WallClock(NOON))  # not early any more: nothing comes back
    assert led(drive) == ("knee-rolls", "draw-in")


def test_what_may_go_on_goes_on_where_it_was() -> None:
    """In the midst of its work on the second side, though others are gone before and after it."""
    title = "Hamstring stretch with a towel, right side"
    drive = person(spared_until_s=8 * HOUR)
    drive.at(1.0, start("mobility"), score(1))
    while drive.session is None or drive.session.segment.title != title:
        drive.at(drive.now + 5.0, C.GO)
    before = drive.session
    assert before is not None
    assert before.segment.item == 4
    log = len(drive.log)
    drive.at(drive.now, WallClock(NOON - 5 * HOUR))
    after = drive.session
    assert after is not None
    assert led(drive)[1:4] == ("back-arch", "hamstring-towel", "prone-on-forearms")
    assert after.segment == replace(before.segment, item=2)
    assert after.segment.kind is Kind.WORK
    assert (after.began, after.marks) == (before.began, before.marks)
    assert not [one for _, one in drive.log[log:] if isinstance(one, Chime | Hush)]


def test_a_routine_of_which_nothing_is_left_ends() -> None:
    """Kindly; and before it begins it says why."""
    library = shipped()
    own = replace(library.routines[GENTLE], items=(Item(exercise=CAT, dose=CAT.dose),))
    bends: dict[str, Any] = {
        "routines": {**library.routines, GENTLE: own},
        "plans": {**library.plans, GENTLE: compile_plan(own)},
        "spared_until_s": 8 * HOUR,
        "ask_pain": False,
    }
    drive = person(**bends)
    drive.at(1.0, start(GENTLE))
    drive.at(10.0, WallClock(NOON - 5 * HOUR))
    assert drive.session is None
    assert texts(drive)[-1] == sentences.NOTHING_MORE_TODAY
    drive.at(20.0, start(GENTLE))
    assert drive.session is None
    assert texts(drive)[-1] == sentences.ALL_EARLY


def test_an_early_riser_is_led_what_does_not_bend_and_told_why() -> None:
    """Half of these bend forward: the other half is led, not the gentle one instead of it."""
    for routine in ("fifteen-minutes", "mobility"):
        drive = person(spared_until_s=8 * HOUR)
        drive.at(0.0, WallClock(NOON - 5 * HOUR))
        drive.at(1.0, start(routine))
        drive.at(10.0, score(1))
        assert drive.session is not None
        assert drive.session.plan.id == routine
        assert sentences.EARLY in texts(drive)
        assert not [name for name in led(drive) if shipped().exercises[name].flexion]


def test_what_was_led_and_may_not_be_led_again_is_gone_from_the_last_words_too() -> None:
    """One can go back from there; the last words go on, and nothing is said of it."""
    drive = person(spared_until_s=8 * HOUR)
    drive.at(1.0, start("wind-down"))
    drive.at(10.0, score(1))
    while (session := session_of(drive.state)) is None or session.index < last_of(session):
        drive.at(drive.now + 1.0, C.NEXT)
    drive.at(drive.now + 0.5, WallClock(NOON - 5 * HOUR))
    assert led(drive) == ("knee-rolls", "draw-in")
    session = session_of(drive.state)
    assert session is not None
    assert session.index == last_of(session)
    assert sentences.EARLY not in texts(drive)
    drive.at(drive.now, C.BACK)
    session = session_of(drive.state)
    assert session is not None
    assert session.plan.exercise_ids[session.segment.item] == "draw-in"


def last_of(session: Session) -> int:
    return len(session.plan.segments) - 1


def test_much_pain_in_the_midst_of_it_leaves_nothing_to_go_on_with() -> None:
    """Told of a person by their journal: what has its own words at a start has none here."""
    drive = person(people={"maria": "Maria"}, person="maria")
    drive.at(1.0, start(GENTLE))
    drive.at(10.0, score(1))
    drive.at(30.0, Met(person="maria", health=replace(SEEN, pain=7)))
    acute = {name for name in led(drive) if shipped().exercises[name].phase is Phase.ACUTE}
    assert set(led(drive)) == acute
    drive.at(31.0, Met(person="maria", health=replace(SEEN, yes=frozenset({"numbness"}))))
    assert drive.session is None
    assert texts(drive)[-1] == sentences.NOTHING_MORE_TODAY


@pytest.mark.parametrize("word", [C.HARDER, C.EASIER])
def test_no_exchange_brings_in_what_does_not_suit(word: C) -> None:
    """At every exercise of a routine, on a bad day and before eight."""
    drive = person(spared_until_s=8 * HOUR)
    drive.at(0.0, WallClock(NOON - 5 * HOUR))
    drive.at(1.0, start("fifteen-minutes"))
    drive.at(10.0, score(5))
    while drive.session is not None:
        drive.at(drive.now + 3.0, word)
        names = led(drive)
        assert not strengthening(names)
        assert not [name for name in names if shipped().exercises[name].flexion]
        drive.at(drive.now + 1.0, C.NEXT)
        session = session_of(drive.state)
        if session is None or session.segment.item < 0:
            break


@pytest.mark.parametrize("source", [Source.VOICE, Source.BUTTON, Source.PAGE, Source.MQTT])
@pytest.mark.parametrize(
    "command", [C.GO, C.START, C.PRESS, C.NEXT, C.BACK, C.REPEAT, C.EXPLAIN, C.EASIER, C.MORE_TIME]
)
def test_no_way_out_of_a_pause_leads_past_four_in_the_morning(command: C, source: Source) -> None:
    drive = person(spared_until_s=8 * HOUR)
    drive.at(0.0, WallClock(NOON - 8 * HOUR - 100.0))
    drive.at(1.0, start(GENTLE))
    drive.at(20.0, score(1))
    drive.at(30.0, C.PAUSE)
    drive.at(200.0, Asked(command, source))
    assert led(drive) == UPRIGHT
    drive.at(240.0)
    assert sentences.EARLY in texts(drive)


@pytest.mark.parametrize(
    ("routine", "hurt", "easier", "yes"),
    [("lower-back-gentle", "cat-stretch", "bottom-to-heels", "hip_replacement"),
     ("lower-back-strength", "donkey-kick", "leg-slide", "")],
)  # fmt: skip
def test_what_hurt_makes_way_for_no_other_that_does_not_suit_or_is_led_anyway(
    routine: str, hurt: str, easier: str, yes: str
) -> None:
    """Nor is that announced: it goes on with the next one."""
    drive = person(replace(SEEN, yes=frozenset({yes} - {""})), ask_pain=False)
    drive.at(1.0, start(routine))
    drive.at(10.0, C.GO)
    while drive.session and led(drive)[max(0, drive.session.segment.item)] != hurt:
        drive.at(drive.now + 5.0, C.NEXT)
    before = led(drive).count(easier)
    drive.at(drive.now + 5.0, C.HURTS)
    drive.at(drive.now + 5.0, C.NO)
    assert sentences.HURT_NO in texts(drive)
    assert sentences.easier_instead(shipped().exercises[easier].spoken_name) not in texts(drive)
    assert led(drive).count(easier) == before


def test_what_is_led_at_four_in_the_morning_is_looked_at_then() -> None:
    """Nobody has said or touched anything, and the machine may look late."""
    drive = person(spared_until_s=8 * HOUR)
    drive.at(0.0, WallClock(NOON - 8 * HOUR - 100.0))
    drive.at(1.0, start("wind-down"))
    drive.at(20.0, score(1))
    drive.at(30.0, C.PAUSE)
    late, _ = step(drive.state, Asked(C.NEXT), 400.0)
    drive.at(99.0)
    assert "bottom-to-heels" in led(drive)
    drive.at(101.0)
    assert led(drive) == ("knee-rolls", "draw-in")
    assert drive.mode() is Paused
    session = session_of(late)
    assert session is not None
    assert session.plan.exercise_ids == ("knee-rolls", "draw-in")


def test_much_pain_brings_only_the_gentle_one_back_after_a_power_cut() -> None:
    for routine, back in ((STRENGTH, False), ("desk-break", False), (GENTLE, True)):
        state, _ = begin(
            replace(shipped(), health=replace(SEEN, pain=6)),
            0.0,
            place=Place(routine, part="intro"),
        )
        assert isinstance(state.lead, Paused) == back


EASY = Trained(20_000, STRENGTH, shipped().plans[STRENGTH].exercise_ids, "done", easy=True, after=0)


def harder_ones(routine: Routine) -> Iterator[tuple[Exercise, Exercise, dict[str, int]]]:
    """Each exercise of a routine and what one comes to from it, with the next harder one where that
    is for no later a time in the healing, and the levels by which one has come so far."""
    exercises, phases = shipped().exercises, {item.exercise.phase for item in routine.items}
    for item in () if routine.minutes else routine.items:
        here, so_far = item.exercise, dict[str, int]()
        while following := exercises.get(here.harder):
            if suitability.in_keeping(following, phases):
                yield here, following, so_far
            here, so_far = following, {**so_far, here.id: 1}


def test_nothing_harder_is_offered_that_may_not_be_led() -> None:
    """For each step from an exercise to a harder one that a condition speaks against, and not
    against the first: offered to whoever hasn't told of it, and else not. That the routine holds
    the harder one already, or the first only around its middle, is taken away first: then none is
    offered anyhow."""
    tried = 0
    for routine in shipped().routines.values():
        trained = (*[EASY] * 4, replace(EASY, routine=routine.id))
        for here, following, so_far in harder_ones(routine):
            more = set(following.leave_out_with) - set(here.leave_out_with)
            without = [item for item in routine.items if item.exercise.id != following.id]
            items = tuple(replace(item, around=False) for item in without)
            routines = {**shipped().routines, routine.id: replace(routine, items=items)}
            for question in [one for one in CONDITIONS if CONDITIONS[one] in more]:
                said = []
                for yes in (frozenset[str](), frozenset({question})):
                    health = replace(SEEN, yes=yes, good={here.id: 3}, levels=so_far)
                    drive = person(health, routines=routines, trained=trained)
                    drive.at(1.0, start(routine.id))
                    drive.at(10.0, *([score(0)] if drive.mode() is Asking else []))
                    said.append(went_well(following.spoken_name) in texts(drive))
                assert said == [True, False], (routine.id, here.id, following.id, question)
                tried += 1
    assert tried == 64


@pytest.mark.parametrize(
    ("answer", "ends"),
    [(C.YES, True), (C.NO, True), (C.RESUME, True), (None, True), (C.HURTS, False)],
)
def test_the_question_whether_it_is_sharp_survives_a_power_cut(
    answer: C | None, ends: bool
) -> None:
    """Nobody is led back into what hurt: whatever is answered, that is enough for today."""
    drive = person(keeps=True)
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0, score(2))
    drive.at(90.0, C.HURTS)
    place = drive.state.shown.kept
    assert place is not None
    assert place.hurt
    again = Drive(replace(shipped(), health=replace(SEEN, pain=6)), place=place)
    assert again.mode() is Hurt
    assert texts(again) == [sentences.BACK_HURT]
    again.at(20.0, *([answer] if answer else []))
    again.at(20.0 if answer else 200.0)
    assert isinstance(again.state.lead, AtRest if ends else Hurt)
    if ends:
        assert again.state.person.health.ended == (True,)
        again.at(300.0, start(STRENGTH))
        assert again.session is None


@pytest.mark.parametrize(
    ("known", "after", "worse"), [(2, 3, True), (6, 6, False), (None, 4, True)]
)
def test_a_session_over_a_power_cut_is_measured_by_what_was_told_before_it(
    known: int | None, after: int, worse: bool
) -> None:
    """Where that can't be known any more, four and more count as more."""
    drive = person(keeps=True)
    drive.at(1.0, start(GENTLE))
    drive.at(10.0, score(2))
    drive.at(90.0, C.PAUSE)
    place = drive.state.shown.kept
    assert place is not None
    again = Drive(replace(shipped(), health=replace(SEEN, pain=2, before=known)), place=place)
    again.at(10.0, C.RESUME)
    again.at(60.0, C.STOP)
    again.at(70.0, score(after))
    assert again.state.person.health.ended == ((True,) if worse else ())


def test_what_still_holds_is_what_the_number_after_is_measured_by() -> None:
    """Nobody is asked again before it: six, told or taken for it, and ten after it ended worse;
    a first number in the midst counts where there was none."""
    for told, after, worse in ((6, 10, True), (6, 6, False), (None, 6, True)):
        drive = person(replace(SEEN, pain=told))
        drive.at(1.0, start(GENTLE))
        drive.at(10.0, *([C.YES] if told else []))  # else what needs no answer is led
        drive.at(200.0, *([] if told else [score(3)]))
        drive.at(210.0, *([] if told else [score(4)]))
        drive.at(220.0, C.STOP)
        drive.at(240.0, score(after))
        held = [("held", 6)] if told else [("in", 3), ("in", 4)]
        assert rows(drive, "pain") == [*held, ("after", after)]
        assert drive.state.person.health.ended == ((True,) if worse else ())


def test_a_number_in_the_midst_takes_no_place_of_the_one_before() -> None:
    """From two to four it ended worse, though four was told on the way, too."""
    drive = person(SEEN)
    drive.at(1.0, start(GENTLE))
    drive.at(10.0, score(2))
    drive.at(200.0, score(4))
    drive.at(220.0, C.STOP)
    drive.at(240.0, score(4))
    assert rows(drive, "pain") == [("before", 2), ("in", 4), ("after", 4)]
    assert drive.state.person.health.ended == (True,)


def test_a_place_in_a_routine_that_lost_its_exercise_still_asks() -> None:
    place = Place(STRENGTH, "gone", "work", hurt=True)
    state, _ = begin(shipped(), 0.0, place=place)
    assert isinstance(state.lead, Hurt)
    assert state.lead.session.index == 0


# --- what hurt counts ----------------------------------------------------------------------


@pytest.mark.parametrize("way", [C.YES, C.STOP, C.PRESS, None])
@pytest.mark.parametrize(("before", "counts"), [(2, 6), (6, 6), (8, 8)])
def test_a_session_stopped_for_pain_counts(way: C | None, before: int, counts: int) -> None:
    """As six of ten, or what was told before it; towards two in a row; for every routine."""
    drive = person(replace(SEEN, good={"bridge": 2}))
    for number in (1, 2):
        drive.at(drive.now + 3 * HOUR, start(GENTLE))
        if drive.asking is not None and texts(drive)[-1] != sentences.PAIN_BEFORE:
            return  # the safety questions come first: told elsewhere
        drive.at(drive.now + 10.0, score(before))
        drive.at(drive.now + 10.0, *([C.YES] if before >= 6 else []))
        drive.at(drive.now + 60.0, C.HURTS)
        drive.at(drive.now + 10.0, *([way] if way else []))
        drive.at(drive.now + (0.0 if way else 150.0))
        person_now = drive.state.person
        assert drive.session is None
        assert person_now.health.ended == (True,) * number
        assert person_now.health.good == {}
        assert person_now.pain_told is not None
        assert person_now.pain_told[1] == counts
    assert texts(drive)[-1] == sentences.WORSE_AGAIN


@pytest.mark.parametrize("asks", [False, True])
@pytest.mark.parametrize(("before", "counts"), [(None, 6), (8, 8)])
def test_that_hurts_outside_a_session_counts_until_a_number_is_told(
    asks: bool, before: int | None, counts: int
) -> None:
    """At rest and beside an open question: as six, or as what was told before; for two hours and
    before every routine. Then a number is asked for, and holds instead."""
    drive = person()
    if before is not None:
        drive.at(1.0, start(GENTLE), score(before), C.NO)
    drive.at(60.0, *([C.SCREENING] if asks else []), C.HURTS)
    assert isinstance(drive.state.lead, AtRest)
    assert drive.state.person.pain_told == (60.0, counts)
    drive.at(100.0, start("desk-break"))
    assert texts(drive)[-1] == sentences.PAIN_BEFORE
    drive.at(110.0, C.NEXT)
    assert texts(drive)[-1] == sentences.LEFT_UNTIL_PRESS
    drive.at(120.0, start("desk-break"), score(1))
    assert led(drive) == shipped().plans["desk-break"].exercise_ids
    drive.at(130.0, C.STOP, start(STRENGTH), score(1))
    assert strengthening(led(drive))


def test_how_much_it_hurts_is_asked_after_a_restart_too() -> None:
    """Where nobody has said it: no number, no "that is a lot of pain"."""
    drive = person(replace(SEEN, pain=6, pain_age_s=60.0, unsaid=True))
    drive.at(100.0, start("desk-break"))
    assert texts(drive) == [sentences.PAIN_BEFORE]
    drive.at(120.0, score(1))
    assert led(drive) == shipped().plans["desk-break"].exercise_ids
    drive = person(replace(SEEN, pain=6, pain_age_s=60.0))  # a session was stopped for pain
    drive.at(100.0, start("desk-break"))
    assert texts(drive) == [sentences.pain_lately(6), sentences.GENTLE_INSTEAD]


def test_that_hurts_is_past_after_two_hours() -> None:
    drive = person()
    drive.at(0.0, C.HURTS)
    drive.at(2 * HOUR, start("desk-break"))
    assert led(drive) == shipped().plans["desk-break"].exercise_ids


def test_the_end_of_the_program_in_the_question_counts_as_hurt() -> None:
    drive = person()
    drive.at(1.0, start(GENTLE))
    drive.at(10.0, score(1))
    drive.at(60.0, C.HURTS, Quit())
    assert ("lower-back-gentle", None) in rows(drive, "session_end")
    ends = [e for _, e in drive.log if getattr(e, "kind", "") == "session_end"]
    assert [getattr(end, "detail", "") for end in ends] == ["hurt"]


@pytest.mark.parametrize(("after", "advice"), [(7, False), (8, True), (10, True)])
def test_very_strong_pain_afterwards_advises_to_see_somebody(after: int, advice: bool) -> None:
    drive = person()
    drive.at(1.0, start("morning"))
    drive.at(10.0, score(9))
    drive.at(30.0, C.YES)
    drive.at(60.0, C.STOP)
    drive.at(70.0, score(after))
    assert (texts(drive)[-1] == sentences.much_pain(8)) == advice


@pytest.mark.parametrize("value", range(11))
def test_a_number_that_is_told_in_the_midst_counts_at_once(value: int) -> None:
    """Up to three it goes on, with four and five without strengthening, and that is said and heard;
    from six on it ends whatever is answered, is written down, and holds."""
    drive = person()
    drive.at(1.0, start(STRENGTH), score(1))
    whole = led(drive)
    assert strengthening(whole)
    drive.at(60.0, score(value))
    if value <= 5:
        kept = whole if value <= 3 else tuple(one for one in whole if not strengthening([one]))
        assert led(drive) == kept
        assert (sentences.STRENGTH_WAITS in texts(drive)) is (value > 3)
        assert drive.state.person.health.pain == (1 if value <= 3 else value)
    else:
        assert drive.mode() is Hurt
        assert rows(drive, "pain") == [("before", 1), ("after", value)]
        drive.at(70.0, C.NO)
        assert isinstance(drive.state.lead, AtRest)
        assert drive.state.person.pain_told == (70.0, value)
        assert drive.state.person.health.ended == (True,)


def test_a_number_is_taken_in_a_pause_and_none_above_ten() -> None:
    drive = person()
    drive.at(1.0, start(STRENGTH), score(1))
    drive.at(30.0, C.PAUSE)
    drive.at(40.0, score(11))
    assert drive.mode() is Paused
    drive.at(50.0, score(4))
    assert drive.mode() is Paused
    assert not strengthening(led(drive))


def test_why_the_present_exercise_ends_is_heard() -> None:
    """What was being said is cut by it, and not the reason."""
    drive = person(spared_until_s=8 * HOUR)
    drive.at(1.0, start("wind-down"), score(1))
    while drive.session is None or not drive.session.working:
        drive.at(drive.now + 1.0, C.GO)
    effects = drive.at(drive.now + 1.0, C.HELP, WallClock(NOON - 5 * HOUR))
    orders = [e for e in effects if isinstance(e, Say | Hush)]
    cut = max(place for place, order in enumerate(orders) if isinstance(order, Hush))
    assert sentences.EARLY in [order.text for order in orders[cut:] if isinstance(order, Say)]


# --- going well -----------------------------------------------------------------------------


def test_an_exercise_counts_once_in_a_session_however_often_it_is_done() -> None:
    """And one that hurt is no good one in that session any more."""
    turn = Turn(person().state)
    counted = levels.note(turn, "bridge", "done", frozenset())
    counted = levels.note(turn, "bridge", "done", counted)
    assert turn.person.health.good == {"bridge": 1}
    counted = levels.note(turn, "bridge", "hurt", counted)
    levels.note(turn, "bridge", "done", counted)
    levels.note(turn, "brace", "stopped", counted)
    assert turn.person.health.good == {}


@pytest.mark.parametrize(("stops", "offered"), [(False, True), (True, False)])
def test_three_whole_sessions_offer_something_harder_and_three_stopped_ones_do_not(
    stops: bool, offered: bool
) -> None:
    """In a running program, counted as they are led; the offer comes before the fourth."""
    item = next(i for i in shipped().routines[STRENGTH].items if i.exercise.id == "bridge")
    lone = replace(shipped().routines[STRENGTH], items=(item,))
    drive = person(
        plans={**shipped().plans, STRENGTH: compile_plan(lone)},
        routines={**shipped().routines, STRENGTH: lone},
    )
    for _ in range(3):
        drive.at(drive.now + 60.0, start(STRENGTH))
        drive.at(drive.now + 10.0, score(1))
        assert drive.mode() is Leading
        while drive.session is not None:
            drive.at(drive.now + 20.0)
            session = session_of(drive.state)
            if stops and session is not None and session.working:
                drive.at(drive.now, C.STOP)
        drive.at(drive.now + 10.0, score(1))
    drive.at(drive.now + 60.0, start(STRENGTH))
    drive.at(drive.now + 10.0, score(1))
    assert (sentences.went_well("marching bridge") in texts(drive)) == offered


# --- all ways at once ---------------------------------------------------------------------------


@pytest.mark.parametrize("first", range(0, 120, 10))
def test_no_life_leads_past_the_gate(first: int) -> None:
    """Whatever is asked, answered, hushed, cut, restarted, imported or forgotten: nothing is led
    that the plain rules refuse; and something is led."""
    assert sum(live(first + number) for number in range(10)) > 10


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.way)
def test_a_fault_can_be_put_on_every_way(fault: Fault) -> None:
    """What `faults` changes still stands where it says, and is a program still."""
    for text in with_fault(fault).values():
        compile(text, fault.path, "exec")


SHIFTED = st.lists(
    st.tuples(
        st.integers(0, 900).map(lambda tenths: 0.1 * tenths + 0.03417),  # never just as one is due
        st.one_of(
            st.sampled_from([C.YES, C.NO, C.NEXT, C.GO, C.HURTS, C.STOP, C.PAUSE, C.PRESS]),
            st.builds(score, st.integers(0, 10)),
            st.builds(start, st.sampled_from([STRENGTH, GENTLE, "desk-break-4"])),
        ),
    ),
    max_size=12,
)


def ran(told_once: Settings, began: float, script: list[tuple[float, C | Asked]]) -> list[Effect]:
    drive = Drive(told_once, now=began)
    for gap, event in script:
        drive.at(drive.now + gap, event)
    return [e for _, e in drive.log if isinstance(e, Say | Record | Chime)]


@settings(max_examples=25)
@given(SHIFTED, st.sampled_from([4096.0, 131072.0]))
def test_a_script_that_is_shifted_in_time_has_the_same_effects(
    script: list[tuple[float, C | Asked]], by_s: float
) -> None:
    """Nothing hangs on how long the machine has been up."""
    plain, later = (ran(shipped(), began, script) for began in (0.0, by_s))
    assert [_rounded(one) for one in plain] == [_rounded(one) for one in later]


def _rounded(effect: Effect) -> object:
    """A row without the last digits of its seconds."""
    if isinstance(effect, Record):
        return replace(effect, seconds=round(effect.seconds, 3))
    return effect


def test_what_is_left_of_a_routine_is_more_than_half_or_another_is_offered() -> None:
    """The time of day set aside."""
    turn = Turn(person(replace(SEEN, ended=(True, True))).state)
    turn.person = replace(turn.person, health=replace(turn.person.health, pain=1))
    assert not fitted(turn, STRENGTH).enough
    assert fitted(turn, "mobility").enough
    assert known(turn, STRENGTH).pain_answered
    assert suitability.strengthening(Health(screened=True, ended=(True,)))
    assert {
        shipped().exercises[i.exercise.id].phase for i in fitted(turn, STRENGTH).routine.items
    } == {Phase.ACUTE}
