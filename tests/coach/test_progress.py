"""From step to step by written rules: how it felt, and how the back was the morning after."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach import fitting, levels, progress, suitability, week_plan
from assistant.coach.effects import Aim, Remembered, Say, Wanted, Week
from assistant.coach.events import Asked, Command, Health, Trained, WallClock
from assistant.coach.fitting import known
from assistant.coach.session import goal_day
from assistant.coach.state import AtRest, Leading, Question
from assistant.coach.turn import Turn
from assistant.coach.what_counts import TRAINED_FROM_S
from assistant.content import eased_routine, sentences
from assistant.content import plan_sentences as said
from tests.coach.driver import Drive
from tests.coach.test_lasting_wishes import remembered
from tests.coach.test_plan_of_the_week import (
    DAY,
    GENTLE,
    MOBILITY,
    MONDAY,
    STRENGTH,
    H,
    asked,
    at_clock,
    session,
    settings,
)
from tests.coach.test_session_start import SEEN, rows, score, shipped, texts

C = Command
SECOND = f"{STRENGTH}-2"
STRONG = Week((Aim.STRENGTH,) * 7, 18.5 * H)
BEFORE = [session(MONDAY - 20 + 2 * n, MOBILITY) for n in range(7)]


def after(*strong: Trained, step: int = 0, day: int = MONDAY, **more: object) -> Drive:
    """It is a little before the time of the plan, after these strengthening sessions."""
    memory = Remembered(step=step)
    told = settings(STRONG, trained=(*BEFORE, *strong), remembered=memory, asks_after=True, **more)
    return at_clock(told, 18.4, day)


def strong(day: int, routine: str = STRENGTH, **changes: object) -> Trained:
    one = session(day, routine, easy=True, after=0)
    return replace(one, **changes)  # type: ignore[arg-type]


EASY_TWICE = (strong(MONDAY - 5), strong(MONDAY - 3))


def asked_for(drive: Drive) -> Question | None:
    drive.at(drive.now + 0.1 * H + 30.0)
    return asked(drive)


def test_twice_easy_and_well_the_next_morning_offers_the_next_step() -> None:
    drive = after(*EASY_TWICE)
    assert asked_for(drive) is Question.STEP
    assert texts(drive)[-2:] == [said.went_easily("more strength"), said.STEP]
    drive.at(drive.now + 10.0, C.YES)
    assert asked(drive) is Question.PLANNED
    assert "more strength" in texts(drive)[-2]
    drive.at(drive.now + 15.0, C.YES)
    drive.at(drive.now + 15.0, score(0))
    assert drive.session is not None
    assert drive.session.plan.id == SECOND
    assert remembered(drive).step == 1


def test_no_is_a_good_answer_and_is_not_asked_again_at_once() -> None:
    """Then it takes two more that are easy."""
    drive = after(*EASY_TWICE)
    assert asked_for(drive) is Question.STEP
    drive.at(drive.now + 10.0, C.NO)
    assert asked(drive) is Question.PLANNED
    assert said.STEP_LATER in texts(drive)
    assert week_plan.strength_of(Turn(drive.state)) == STRENGTH
    assert not progress.next_step(Turn(drive.state))


FOUR_WEEKS = Remembered(plan_day=MONDAY - 28, wanted=Wanted(week=Week(week_plan.DEFAULT, 18.5 * H)))


def four_weeks(*sessions: Trained, memory: Remembered = FOUR_WEEKS) -> Drive:
    told = settings(None, trained=sessions, remembered=memory, asks_after=True)
    return at_clock(told, 18.4, MONDAY)


def test_after_four_weeks_it_tells_what_was_done_and_offers_strength_twice_a_week() -> None:
    """Once, and only what is true; yes changes the plan, which is read back."""
    drive = four_weeks(session(MONDAY - 21, MOBILITY, after=0), *EASY_TWICE)
    assert asked_for(drive) is Question.TWICE
    assert texts(drive)[-2:] == [said.first_weeks(3), said.TWICE]
    assert texts(drive)[-2].endswith("on three days.")
    drive.at(drive.now + 10.0, C.YES)
    assert asked(drive) is Question.PLANNED
    planned = drive.state.memory.wanted.week
    assert planned is not None
    days = planned.days
    assert [number for number, aim in enumerate(days) if aim == Aim.STRENGTH] == [0, 4]
    assert days[2] == Aim.NEXT
    drive.at(drive.now + 10.0, C.NOT_TODAY)
    assert remembered(drive).plan_day == 0
    drive.at(drive.now + 10.0, C.UNDO)
    assert drive.state.memory.wanted.week == Week(week_plan.DEFAULT, 18.5 * H)


def test_no_to_strength_twice_a_week_leaves_the_plan_and_is_not_asked_again() -> None:
    drive = four_weeks(*EASY_TWICE)
    assert asked_for(drive) is Question.TWICE
    drive.at(drive.now + 10.0, C.NO)
    assert asked(drive) is Question.PLANNED
    assert drive.state.memory.wanted.week == Week(week_plan.DEFAULT, 18.5 * H)
    again = four_weeks(*EASY_TWICE, memory=remembered(drive))
    assert asked_for(again) is not Question.TWICE


@pytest.mark.parametrize(
    "sessions",
    [
        (session(MONDAY - 5, MOBILITY, after=0),),
        (strong(MONDAY - 5), strong(MONDAY - 3, easy=False)),
        (strong(MONDAY - 5), strong(MONDAY - 3, how="hurt")),
        (*EASY_TWICE, session(MONDAY - 2, MOBILITY, after=-1)),
        (strong(MONDAY - 22), strong(MONDAY - 20)),
    ],
)
def test_strength_twice_a_week_is_not_offered_where_it_did_not_go_well(
    sessions: tuple[Trained, ...],
) -> None:
    """The four weeks are told all the same."""
    drive = four_weeks(*sessions)
    asked_for(drive)
    assert said.first_weeks(len(sessions)) in texts(drive)
    assert said.TWICE not in texts(drive)


@pytest.mark.parametrize(
    ("days", "health"),
    [
        ((Aim.STRENGTH, "", "", Aim.STRENGTH, "", "", ""), SEEN),
        (week_plan.DEFAULT, replace(SEEN, yes=frozenset({"pregnancy"}))),
        (week_plan.DEFAULT, replace(SEEN, ended=(True, True))),
    ],
)
def test_strength_twice_a_week_is_not_offered_where_it_stands_already_or_strength_waits(
    days: tuple[str, ...], health: Health
) -> None:
    planned = replace(FOUR_WEEKS, wanted=Wanted(week=Week(days, 18.5 * H)))
    told = settings(None, trained=EASY_TWICE, remembered=planned, asks_after=True, health=health)
    drive = at_clock(told, 18.4, MONDAY)
    assert asked_for(drive) is not None
    assert said.first_weeks(2) in texts(drive)
    assert said.TWICE not in texts(drive)


def test_who_did_nothing_for_four_weeks_hears_no_sum() -> None:
    drive = four_weeks()
    assert asked_for(drive) is Question.PLANNED
    assert not [text for text in texts(drive) if "four weeks" in text]


@pytest.mark.parametrize(
    ("before", "strength"),
    [
        ((0, 2, 4), (0, 4)),
        ((0, 3), (0, 3)),
        (tuple(range(7)), (0, 3)),
        ((0, 6), ()),
        ((1, 2), ()),
        ((5,), ()),
    ],
)
def test_strength_twice_a_week_never_falls_on_neighbours(
    before: tuple[int, ...], strength: tuple[int, ...]
) -> None:
    days = tuple(Aim.NEXT if number in before else Aim.REST for number in range(7))
    found = week_plan.with_strength_twice(days)
    assert tuple(n for n, aim in enumerate(found) if aim == Aim.STRENGTH) == strength


@pytest.mark.parametrize(
    "last",
    [
        {"easy": None},
        {"easy": False},
        {"after": -1},
        {"after": None},
        {"how": "stopped"},
        {"how": "worse"},
        {"how": "hurt"},
        {"routine": "mcgill-three"},
    ],
)
def test_nothing_is_offered_where_one_of_the_two_was_not_so(last: dict[str, object]) -> None:
    first, second = EASY_TWICE
    for done in ((first, replace(second, **last)), (replace(first, **last), second), (second,)):  # type: ignore[arg-type]
        drive = after(*done)
        assert not progress.next_step(Turn(drive.state))


@pytest.mark.parametrize("changes", [{"after": -1}, {"after": None}, {"how": "hurt"}])
def test_nothing_is_offered_after_a_session_that_nobody_says_was_fine(
    changes: dict[str, object],
) -> None:
    """Whatever was done since: the step says that the back was fine."""
    last = replace(session(MONDAY - 1, MOBILITY, after=0), **changes)  # type: ignore[arg-type]
    assert not progress.next_step(Turn(after(*EASY_TWICE, last).state))
    fine = session(MONDAY - 1, MOBILITY, after=0)
    assert progress.next_step(Turn(after(*EASY_TWICE, fine).state)) == SECOND


def test_nothing_is_offered_where_the_back_spoke_against_anything_since() -> None:
    """Nor within a week of the step before, taken or refused."""
    flare, well = session(MONDAY - 4, MOBILITY), session(MONDAY - 2, MOBILITY)
    since = (replace(flare, how="worse", after=0), replace(well, after=0))
    calm = (replace(flare, after=0), since[1])
    for between, offered in ((since, ""), (calm, SECOND)):
        first, second = EASY_TWICE
        drive = after(first, between[0], second, between[1])
        assert progress.next_step(Turn(drive.state)) == offered
    for days_ago, offered in ((6, ""), (12, SECOND)):
        drive = after(*EASY_TWICE)
        memory = replace(drive.state.memory, step_day=MONDAY - 3 - days_ago)
        assert progress.next_step(Turn(replace(drive.state, memory=memory))) == offered


@pytest.mark.parametrize(
    ("felt", "stepped_days_ago", "offered"),
    [(None, 30, True), (False, 30, False), (True, 3, False)],
)
def test_no_exercise_gets_harder_after_one_that_was_not_easy_or_a_step(
    felt: bool | None, stepped_days_ago: int, offered: bool
) -> None:
    """One thing at a time; a no is a no for a week."""
    health = replace(SEEN, pain=1, good={"bridge": 3})
    told = settings(trained=(strong(MONDAY - 3, easy=felt),), health=health)
    drive = at_clock(told, 18.0)
    memory = replace(drive.state.memory, step_day=MONDAY - stepped_days_ago)
    turn = Turn(replace(drive.state, memory=memory))
    assert (levels.harder(turn, STRENGTH, known(turn, STRENGTH)) is not None) == offered


def test_whoever_says_no_to_something_harder_is_left_in_peace_for_longer_each_time() -> None:
    """For a step and for an exercise alike; a yes begins anew."""
    answers = [(C.NO, 1, True), (C.NO, 2, False), (C.NO, 3, False), (C.YES, 0, True)]
    drive, memory = after(*EASY_TWICE), Remembered()
    for answer, times, still in answers:
        drive = after(*EASY_TWICE)
        drive = Drive(replace(drive.state.settings, remembered=memory))
        drive.at(0.0, WallClock(MONDAY * DAY + 18.4 * H))
        assert asked_for(drive) is Question.STEP
        drive.at(drive.now + 10.0, answer)
        memory = replace(drive.state.memory, step=0, step_day=0)
        assert memory.refused == times
        turn = Turn(after(*EASY_TWICE).state)
        turn.memory = memory
        assert bool(progress.next_step(turn)) is still
        turn.person = replace(turn.person, health=replace(SEEN, pain=1, good={"bridge": 3}))
        assert (levels.harder(turn, STRENGTH, known(turn, STRENGTH)) is not None) is still
        memory = replace(memory, refused_day=MONDAY - 84)  # it is long ago


KNOWN_ONE = tuple(session(MONDAY - 20 + 2 * n, MOBILITY, after=0) for n in range(7))


YESTERDAY = session(MONDAY - 1, MOBILITY)


def earlier(days: int, sessions: tuple[Trained, ...]) -> tuple[Trained, ...]:
    return tuple(replace(one, day=one.day - days) for one in sessions)


LONG_AGO = earlier(300, KNOWN_ONE)
UNTOLD = tuple(session(MONDAY - 70 + 10 * n, MOBILITY) for n in range(7))
"""Sessions without a break, of which nobody said how the back was."""


@pytest.mark.parametrize(
    ("sessions", "asks"),
    [
        ((*KNOWN_ONE, YESTERDAY), False),
        ((*(session(one.day, MOBILITY) for one in KNOWN_ONE), YESTERDAY), True),
        ((*KNOWN_ONE[1:], session(MONDAY - 1, STRENGTH)), True),
        ((*KNOWN_ONE[1:], session(MONDAY - 1, "yoga")), True),
        ((*KNOWN_ONE[1:], replace(YESTERDAY, how="worse")), True),
        ((*KNOWN_ONE[:-1], replace(KNOWN_ONE[-1], after=-1), YESTERDAY), True),
        ((*KNOWN_ONE[:-1], replace(KNOWN_ONE[-1], how="hurt"), YESTERDAY), True),
        ((*KNOWN_ONE, *EASY_TWICE, YESTERDAY), True),
        ((*LONG_AGO, YESTERDAY), True),
        ((*earlier(5, KNOWN_ONE), YESTERDAY), False),
        ((*earlier(8, KNOWN_ONE), YESTERDAY), True),
        ((*earlier(30, KNOWN_ONE), *UNTOLD[4:], YESTERDAY), False),
        ((*earlier(50, KNOWN_ONE), *UNTOLD[2:], YESTERDAY), True),
        ((*earlier(30, KNOWN_ONE[:3]), *KNOWN_ONE[3:], YESTERDAY), True),
    ],
)
def test_the_morning_after_is_asked_where_it_matters_once_it_was_fine_each_time(
    sessions: tuple[Trained, ...], *, asks: bool
) -> None:
    """After strength, after what was new or hurt, where it was worse, where a step waits for it,
    and where the good mornings are long ago or before a break."""
    memory = Remembered(twice_day=1)
    told = settings(STRONG, trained=sessions, remembered=memory, asks_after=True)
    drive = at_clock(told, 9.0)
    assert progress.asks_how_it_was(Turn(drive.state)) is asks


def test_a_back_that_is_known_to_ache_is_asked_after_every_morning() -> None:
    trained = (*KNOWN_ONE, YESTERDAY)
    told = settings(
        STRONG, trained=trained, asks_after=True, health=replace(SEEN, ended=(False, True, False))
    )
    assert progress.asks_how_it_was(Turn(at_clock(told, 9.0).state))


@pytest.mark.parametrize(
    ("felt", "step", "twice_day", "asks"),
    [
        ([True] * 6, 2, 1, False),
        ([True] * 5, 2, 1, True),
        ([*[True] * 5, False], 2, 1, True),
        ([True] * 6, 1, 1, True),
        ([True] * 6, 2, 0, True),
    ],
)
def test_whether_it_was_easy_is_asked_while_anything_follows_from_it(
    felt: list[bool], step: int, twice_day: int, *, asks: bool
) -> None:
    """At the last step, where it was each time, whoever finds it too hard says so."""
    routine = f"{STRENGTH}-{step + 1}"
    done = [strong(MONDAY - 30 + 2 * n, routine, easy=one) for n, one in enumerate(felt)]
    drive = after(*done, strong(MONDAY, routine, easy=None), step=step)
    turn = Turn(drive.state)
    turn.memory = replace(turn.memory, twice_day=twice_day)
    assert progress.asks_if_easy(turn, routine) is asks


def test_after_the_last_step_there_is_none() -> None:
    last = tuple(strong(MONDAY - n, f"{STRENGTH}-3") for n in (5, 3))
    assert not progress.next_step(Turn(after(*last, step=2).state))


@pytest.mark.parametrize("much", [{"easy": False}, {"after": -1}, {"how": "worse"}])
def test_twice_too_much_takes_a_step_back_and_says_so(much: dict[str, object]) -> None:
    done = [strong(MONDAY - n, SECOND, **much) for n in (6, 4)]
    drive = after(*done, session(MONDAY - 2, MOBILITY, after=0), step=1)
    asked_for(drive)
    assert said.STEP_BACK in texts(drive)
    assert remembered(drive).step == 0


@pytest.mark.parametrize("much", [(), (4,)])
def test_once_too_much_and_no_break_take_no_step_back(much: tuple[int, ...]) -> None:
    done = [strong(MONDAY - n, SECOND, easy=n not in much, after=0) for n in (6, 4)]
    drive = after(*done, session(MONDAY - 2, MOBILITY, after=0), step=1)
    asked_for(drive)
    assert drive.state.memory.step == 1
    assert said.STEP_BACK not in texts(drive)


def test_after_two_weeks_without_one_comes_back_a_step_easier() -> None:
    """In the plan, and in the levels of single exercises, however the session is begun."""
    done = [strong(MONDAY - 20, SECOND)]
    told = replace(SEEN, levels={"bird-dog": 1, "bridge": -1})
    drive = after(*done, step=1, health=told)
    drive.at(1.0, Asked(C.START, routine=STRENGTH))
    assert ("bird-dog", 0) in rows(drive, "level")
    assert ("bridge", 0) not in rows(drive, "level")
    assert said.STEP_BACK in texts(drive)
    for levels_of in ({}, {"bridge": -1}):  # nothing had become harder
        drive = after(*done, health=replace(SEEN, levels=levels_of))
        drive.at(1.0, Asked(C.START, routine=STRENGTH))
        assert not rows(drive, "level")
        assert said.STEP_BACK not in texts(drive)
    drive = after(*done, step=1)
    asked_for(drive)
    assert remembered(drive).step == 0
    assert said.BACK_AGAIN in texts(drive)


# --- the questions ----------------------------------------------------------------------------


def test_after_strength_it_asks_whether_it_was_easy_and_after_the_rest_it_doesn_t() -> None:
    for routine, asks in ((STRENGTH, True), (MOBILITY, False)):
        told = settings(None, asks_after=True)
        drive = at_clock(told, 10.0)
        drive.at(1.0, Asked(C.START, routine=routine))
        drive.at(15.0, score(2))
        assert drive.mode() is Leading
        while asked(drive) is not Question.PAIN_AFTER and drive.now < 2400.0:
            drive.at(drive.now + 1.0)
        drive.at(drive.now + 5.0, score(2))
        assert (asked(drive) is Question.EASY) == asks
        if asks:
            drive.at(drive.now + 10.0, C.YES)
            assert rows(drive, "felt") == [(STRENGTH, 1)]
            assert drive.state.person.trained[-1].easy is True


def test_it_is_not_asked_whether_it_was_easy_where_it_hurt_more_afterwards() -> None:
    drive = at_clock(settings(None, asks_after=True), 10.0)
    drive.at(1.0, Asked(C.START, routine=STRENGTH))
    drive.at(15.0, score(1))
    while asked(drive) is not Question.PAIN_AFTER and drive.now < 2400.0:
        drive.at(drive.now + 1.0)
    drive.at(drive.now + 5.0, score(3))
    assert asked(drive) is None
    assert drive.state.person.trained[-1].how == "worse"


def in_the_morning(*trained: Trained, hour: float = 8.0) -> Drive:
    """Nobody has been heard yet on this day."""
    return at_clock(settings(None, trained=trained, asks_after=True), hour)


@pytest.mark.parametrize(
    ("value", "told"),
    [(-1, said.MORNING_WORSE), (0, said.MORNING_SAME), (1, said.MORNING_BETTER)],
)
def test_the_morning_after_is_asked_once_somebody_is_there(value: int, told: str) -> None:
    drive = in_the_morning(session(MONDAY - 1, STRENGTH))
    drive.at(H)
    assert not texts(drive), "nobody is there yet"
    drive.at(H, C.LOUDER)
    drive.at(H + 40.0)
    assert asked(drive) is Question.MORNING
    drive.at(H + 41.0, Asked(C.COMPARED, value=value))
    assert texts(drive)[-1] == told
    assert rows(drive, "morning") == [(str(MONDAY - 1), value)]
    drive.at(H + 200.0, C.QUIETER)
    drive.at(10 * H)
    assert texts(drive).count(said.MORNING) == 1


def test_nobody_who_answers_the_morning_question_is_asked_again() -> None:
    drive = in_the_morning(session(MONDAY - 1, STRENGTH))
    drive.at(1.0, C.LOUDER)
    drive.at(H, C.LOUDER)
    drive.at(9 * H)
    assert texts(drive).count(said.MORNING) == 2, "put once, and once more"
    told = settings(
        None,
        trained=(session(MONDAY - 1, STRENGTH),),
        asks_after=True,
        remembered=remembered(drive),
    )
    again = at_clock(told, 12.0)
    again.at(1.0, C.LOUDER)
    again.at(H)
    assert said.MORNING not in texts(again)


def test_who_is_up_in_the_small_hours_is_not_asked_about_the_morning() -> None:
    drive = in_the_morning(session(MONDAY - 1, STRENGTH), hour=1.0)
    drive.at(1.0, C.LOUDER)
    drive.at(H)
    assert said.MORNING not in texts(drive)


def test_worse_the_next_morning_twice_makes_strength_wait() -> None:
    """It counts as a session that ended worse, though it was said to have ended well; one that did
    so already isn't counted twice."""
    drive = in_the_morning(session(MONDAY - 1, STRENGTH))
    drive.state = replace(
        drive.state, person=replace(drive.state.person, health=replace(SEEN, ended=(True,)))
    )
    drive.at(1.0, C.LOUDER)
    drive.at(60.0, Asked(C.COMPARED, value=-1))
    assert drive.state.person.health.ended == (True, True)
    assert not suitability.strengthening(drive.state.person.health)
    assert texts(drive)[-1] == sentences.WORSE_AGAIN
    for told in ("leg_pain", "pregnancy"):  # who is led nothing that strengthens anyway
        drive = in_the_morning(session(MONDAY - 1, MOBILITY))
        health = replace(SEEN, ended=(True,), yes=frozenset({told}))
        drive.state = replace(drive.state, person=replace(drive.state.person, health=health))
        drive.at(1.0, C.LOUDER)
        drive.at(60.0, Asked(C.COMPARED, value=-1))
        assert texts(drive)[-1] == sentences.WORSE_AGAIN_MILD


def test_what_was_worse_already_is_not_counted_twice() -> None:
    ended = session(MONDAY - 1, STRENGTH, told=True)
    drive = in_the_morning(ended)
    health = replace(SEEN, ended=(True, False, False))
    drive.state = replace(drive.state, person=replace(drive.state.person, health=health))
    drive.at(1.0, C.LOUDER)
    drive.at(60.0, Asked(C.COMPARED, value=-1))
    assert drive.state.person.health.ended == (True, False, True), (
        "that it ended well no more holds"
    )
    ended = replace(session(MONDAY - 1, STRENGTH), how="worse")
    drive = in_the_morning(ended)
    drive.at(1.0, C.LOUDER)
    drive.at(60.0, Asked(C.COMPARED, value=-1))
    assert drive.state.person.health.ended == ()


def test_in_the_evening_the_morning_comes_before_what_is_planned() -> None:
    """One asked after the other, and what was told counts: strength gives way."""
    last = replace(strong(MONDAY - 2), after=None)
    drive = after(last)
    assert asked_for(drive) is Question.MORNING
    drive.at(drive.now + 5.0, Asked(C.COMPARED, value=-1))
    assert asked(drive) is Question.PLANNED
    assert said.WAS_MUCH in texts(drive)
    assert "lower back gentle" in texts(drive)[-3] + texts(drive)[-2]


@pytest.mark.parametrize(
    ("question", "trained", "answer"),
    [
        (Question.MORNING, (session(MONDAY - 1, MOBILITY),), Asked(C.COMPARED, value=0)),
        (Question.STEP, (*BEFORE, *EASY_TWICE), Asked(C.YES)),
        (Question.STEP, (*BEFORE, *EASY_TWICE), Asked(C.NO)),
        (Question.TWICE, EASY_TWICE, Asked(C.YES)),
        (Question.TWICE, EASY_TWICE, Asked(C.NO)),
    ],
)
def test_who_gives_the_plan_up_at_a_question_before_it_is_asked_nothing_more(
    question: Question, trained: tuple[Trained, ...], answer: Asked
) -> None:
    """What was asked is answered; the session that was to come isn't asked for."""
    twice = question is Question.TWICE
    planned = replace(STRONG, days=(Aim.NEXT,) * 7) if twice else STRONG
    memory = Remembered(plan_day=MONDAY - 28 if twice else 0)
    told = settings(planned, trained=trained, remembered=memory, asks_after=True)
    drive = at_clock(told, 18.4)
    assert asked_for(drive) is question
    drive.at(drive.now + 5.0, Asked(C.NO_PLAN))
    assert asked(drive) is question
    drive.at(drive.now + 5.0, answer)
    assert isinstance(drive.state.lead, AtRest)
    drive.at(drive.now + 4 * H)
    assert asked(drive) is None
    assert said.SHALL_WE not in texts(drive)


def test_yes_is_no_answer_to_worse_same_or_better() -> None:
    drive = in_the_morning(session(MONDAY - 1, STRENGTH))
    drive.at(1.0, C.LOUDER)
    drive.at(60.0, C.YES)
    assert asked(drive) is Question.MORNING
    assert texts(drive)[-1] == said.HELP_MORNING


def test_all_of_it_can_be_switched_off() -> None:
    told = settings(None, trained=(session(MONDAY - 1, STRENGTH),), asks_after=False)
    drive = at_clock(told, 8.0)
    drive.at(1.0, C.LOUDER)
    drive.at(H)
    assert said.MORNING not in texts(drive)
    assert not rows(drive, "morning")


def test_the_clock_tells_the_day() -> None:
    """A coach that was begun before the clock was known asks when it is."""
    drive = Drive(settings(None, trained=(session(MONDAY - 1, STRENGTH),), asks_after=True))
    drive.at(1.0, C.LOUDER)
    drive.at(30.0, WallClock(MONDAY * DAY + 9 * H))
    drive.at(60.0)
    assert asked(drive) is Question.MORNING
    assert shipped().asks_after is False


# --- however short it was ----------------------------------------------------------------------


def cut_short(how: C | int, after_s: float = 0.0, routine: str = STRENGTH) -> Drive:
    """A session that ends within four minutes: it hurts after so many seconds of work (0: before
    there was any), or it hurts so much afterwards."""
    drive = at_clock(settings(STRONG, trained=tuple(BEFORE), asks_after=True), 10.0)
    drive.at(1.0, Asked(C.START, routine=routine))
    drive.at(15.0, score(2))
    while after_s and (drive.session is None or not drive.session.working):
        drive.at(drive.now + 1.0, C.GO)
    drive.at(drive.now + after_s, C.HURTS if isinstance(how, Command) else C.STOP)
    drive.at(drive.now + 5.0, how if isinstance(how, Command) else score(how))
    assert drive.now < TRAINED_FROM_S
    return drive


@pytest.mark.parametrize("how", [C.YES, C.STOP, C.PRESS, C.DIZZY, 3])
@pytest.mark.parametrize("after_s", [0.0, 5.0])
def test_what_hurt_makes_the_next_one_easier_however_short_it_was(
    how: C | int, after_s: float
) -> None:
    """It was stopped for pain, or the back was worse for it. It isn't asked for again that day."""
    drive = cut_short(how, after_s)
    assert isinstance(drive.state.lead, AtRest)
    turn = Turn(drive.state)
    assert turn.person.trained[-1].how == ("worse" if how == 3 else "hurt")
    found = week_plan.next_for(turn, MONDAY + 2)
    assert found == week_plan.Next(GENTLE, said.WAS_MUCH)  # no strength in it yet
    drive.at(drive.now + 60.0, C.TELL_TODAY)
    assert texts(drive)[-1] == said.NOTHING_TODAY


def test_a_short_one_that_did_no_harm_is_none() -> None:
    assert cut_short(2, 5.0).state.person.trained == tuple(BEFORE)


def test_a_short_one_is_no_exercise_that_anything_is_counted_by() -> None:
    """None of the gentle ones with which one begins, no day of the goal, no end of a break."""
    hurt = replace(session(MONDAY, GENTLE), how="hurt", short=True)
    well = replace(session(MONDAY + 2, GENTLE), after=0)
    drive = at_clock(settings(STRONG, trained=(hurt, hurt, hurt, well)), 10.0, MONDAY + 4)
    assert week_plan.next_for(Turn(drive.state), MONDAY + 4) == week_plan.Next(STRENGTH)
    drive = at_clock(
        settings(replace(STRONG, days=(Aim.NEXT,) * 7), trained=(hurt, hurt, hurt, well)), 10.0
    )
    assert week_plan.next_for(Turn(drive.state), MONDAY + 4) == week_plan.Next(GENTLE)
    drive.at(1.0, Asked(C.GOAL, value=3))
    turn = Turn(drive.state)
    goal_day(turn, MONDAY + 4, "done")
    assert [one.text for one in turn.effects if isinstance(one, Say)] == [said.goal_day(2, 3)]
    long_ago = (strong(MONDAY - 30, SECOND), replace(hurt, day=MONDAY - 1))
    late = after(*long_ago, step=1)
    asked_for(late)
    assert remembered(late).step == 0


def test_what_was_too_much_is_told_of_the_session_that_is_over() -> None:
    """A short one that got worse doesn't spoil a long one of the same day."""
    drive = at_clock(settings(None, trained=(session(MONDAY, MOBILITY),)), 10.0)
    drive.at(1.0, Asked(C.START, routine=MOBILITY))
    drive.at(15.0, score(1))
    drive.at(40.0, C.STOP)
    drive.at(50.0, score(4))
    assert [one.how for one in drive.state.person.trained] == ["done", "worse"]


# --- from exercise to exercise ----------------------------------------------------------------


def turn_with(*trained: Trained, **told: object) -> Turn:
    health = replace(SEEN, pain=1, **told)  # type: ignore[arg-type]
    return Turn(at_clock(settings(trained=trained, health=health), 18.0).state)


@pytest.mark.parametrize(
    ("levels_now", "easy", "offered"),
    [
        ({}, 0, "bridge-march"),
        ({"bridge": 1}, 1, None),
        ({"bridge": 1}, 2, "one-leg-bridge"),
        ({"bridge": 1, "bridge-march": 1}, 9, None),
        ({"bridge": -1}, 9, "bridge-march"),
        ({"abdominal-brace": 0}, 9, "bridge-march"),
    ],
)
def test_each_step_within_a_family_follows_the_one_before_and_so_many_easy_sessions(
    levels_now: dict[str, int], easy: int, offered: str | None
) -> None:
    """From the bridge by way of marching to one leg, and no further."""
    done = [strong(MONDAY - 3 - 2 * n) for n in range(easy)][::-1]
    first = strong(MONDAY - 40, easy=None)
    good = dict.fromkeys(("bridge", "bridge-march", "one-leg-bridge"), 3)
    turn = turn_with(first, *done, levels=levels_now, good=good)
    step = levels.harder(turn, STRENGTH, known(turn, STRENGTH))
    assert (step[1].id if step else None) == offered


@pytest.mark.parametrize(("easy", "offered"), [(0, False), (1, False), (2, True)])
def test_the_dead_bug_is_offered_after_two_easy_sessions_of_strength(
    easy: int, offered: bool
) -> None:
    """However often the brace was done well before; those that weren't easy don't count."""
    done = [strong(MONDAY - 20, easy=None), strong(MONDAY - 18, after=-1)]
    done += [strong(MONDAY - 10 + 2 * n) for n in range(easy)]
    turn = turn_with(*done, good={"abdominal-brace": 9})
    step = levels.harder(turn, STRENGTH, known(turn, STRENGTH))
    assert (step is not None and step[1].id == "dead-bug") == offered


def test_what_one_has_come_to_is_led_and_what_hurts_then_goes_one_step_back() -> None:
    turn = turn_with(strong(MONDAY - 3), levels={"bridge": 1, "bridge-march": 1})
    plan = fitting.led_plan(turn, STRENGTH)[0]
    assert "one-leg-bridge" in plan.exercise_ids
    levels.make_easier(turn, plan, plan.exercise_ids.index("one-leg-bridge"))
    plan = fitting.led_plan(turn, STRENGTH)[0]
    assert "bridge-march" in plan.exercise_ids
    levels.make_easier(turn, plan, plan.exercise_ids.index("bridge-march"))
    assert "bridge" in fitting.led_plan(turn, STRENGTH)[0].exercise_ids


def test_what_hurt_goes_one_step_back_in_a_routine_made_of_so_many_minutes_too() -> None:
    """Also what it holds only today, in turn with what was done lately."""
    turn = turn_with(strong(MONDAY - 3), levels={"prone-lying": 1})
    usual = [item.exercise.id for item in turn.settings.routines["minutes-10"].items]
    turn.person = replace(turn.person, times=dict.fromkeys(usual, 9))
    plan = fitting.led_plan(turn, "minutes-10")[0]
    levels.make_easier(turn, plan, plan.exercise_ids.index("prone-on-forearms"))
    assert turn.person.health.levels == {"prone-lying": 0}


def test_what_hurt_is_left_out_where_the_easier_one_is_led_already() -> None:
    turn = turn_with(strong(MONDAY - 3), levels={"donkey-kick": -1})
    led = fitting.led_plan(turn, STRENGTH)[0].exercise_ids
    assert "leg-slide" in led
    assert "donkey-kick" not in led


def test_who_sets_a_plan_alone_is_offered_strength_twice_a_week_too_and_nobody_who_has_it() -> None:
    """After four weeks, once; not where it is as often already."""
    begun = session(MONDAY - 30, MOBILITY, after=0)
    memory = replace(FOUR_WEEKS, plan_day=0)
    often = (begun, strong(MONDAY - 9), strong(MONDAY - 7), *EASY_TWICE)
    for sessions, offered in (((begun, *EASY_TWICE), True), (EASY_TWICE, False), (often, False)):
        assert (asked_for(four_weeks(*sessions, memory=memory)) is Question.TWICE) is offered


@given(st.lists(st.tuples(st.sampled_from(sorted(shipped().exercises)), st.integers(-1, 1))))
def test_of_two_neighbours_only_one_makes_way_for_the_other(changes: list[tuple[str, int]]) -> None:
    """Else each would be led instead of the other, and what hurt would come back."""
    exercises, health = shipped().exercises, Health()
    for name, level in changes:
        if level == 0 or eased_routine.neighbour(exercises[name], exercises, level).id != name:
            health, _ = levels.at_level(health, exercises[name], level, exercises)
    for name, exercise in exercises.items():
        harder = eased_routine.neighbour(exercise, exercises, 1)
        back = eased_routine.neighbour(harder, exercises, -1)
        if health.levels.get(name, 0) > 0 and back.id == name:
            assert health.levels.get(harder.id, 0) >= 0


def test_what_hurt_and_is_wanted_again_is_led_again() -> None:
    """The harder one hurt, the easier one went well, and a yes brings the harder one back."""
    settings, health = shipped(), Health(screened=True, pain=0)
    for name, level in (("abdominal-brace", -1), ("draw-in", 1)):
        exercise = settings.exercises[name]
        health, _ = levels.at_level(health, exercise, level, settings.exercises)
    now = suitability.Known(
        health=health, screened=True, pain_answered=True, early=False, gentle=False
    )
    led = levels.levelled(settings.routines["wind-down"], now, settings.exercises)
    assert "abdominal-brace" in [item.exercise.id for item in led.items]
