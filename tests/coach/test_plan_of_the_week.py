"""A plan for the week: asked for at its time, courteously, and never strength two days in a row."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.coach import week_plan
from assistant.coach.effects import Aim, Chime, Lamp, Recall, Sound, Week
from assistant.coach.events import (
    Asked,
    Command,
    Health,
    Period,
    Recalled,
    Talking,
    Trained,
    WallClock,
)
from assistant.coach.memory import Remembered
from assistant.coach.settings import Settings
from assistant.coach.state import Away, Due, Question, Sitting
from assistant.coach.turn import Turn
from assistant.content import plan_sentences as said
from assistant.content.types import Phase
from tests.coach.driver import Drive, as_said
from tests.coach.test_lasting_wishes import remembered
from tests.coach.test_session_start import SEEN, shipped, texts

C = Command
H, DAY = 3600.0, 86400.0
UP_S = shipped().up_s
MONDAY = 20_458
"""Days since 1970-01-01: 2026-01-05."""
DAILY = Week((Aim.NEXT,) * 7, 18.5 * H)
GENTLE, MOBILITY, STRENGTH = "lower-back-gentle", "mobility", "lower-back-strength"


def settings(planned: Week | None = DAILY, **changes: object) -> Settings:
    """With a plan, and nothing else that is brought up; reminders to stand up are off. One routine
    for mobility, where it isn't said that there are more."""
    alone = replace(shipped(), beside_mobility=())
    return replace(alone, week=planned, reminders=False, keeps=True, **changes)  # type: ignore[arg-type]


def at_clock(told: Settings, hour: float = 18.0, day: int = MONDAY) -> Drive:
    """A coach that was just told what time it is, at its time 0."""
    drive = Drive(told)
    drive.at(0.0, WallClock(day * DAY + hour * H))
    return drive


def asked(drive: Drive) -> Question | None:
    return None if drive.asking is None else drive.asking.question


def at_its_time(told: Settings | None = None) -> Drive:
    drive = at_clock(settings() if told is None else told)
    drive.at(0.5 * H + 20.0)
    assert asked(drive) is Question.PLANNED
    return drive


def session(day: int, routine: str, **more: object) -> Trained:
    exercises = shipped().plans[routine].exercise_ids
    return Trained(day, routine, exercises, "done", **more)  # type: ignore[arg-type]


# --- it is time ----------------------------------------------------------------------------


def test_it_is_asked_for_at_its_time_with_a_lamp_a_chime_and_words() -> None:
    drive = at_clock(settings())
    drive.at(0.5 * H - 60.0)
    assert drive.lamp() is Lamp.SOON
    assert not texts(drive)
    drive.at(0.5 * H + 1.0)
    assert [effect for _, effect in drive.ordered(Chime)] == [Chime(Sound.DUE)]
    drive.at(0.5 * H + 2.0)
    first, question = texts(drive)
    assert first.startswith("It is half past six: time for your exercises. Today's routine is ")
    assert question == said.SHALL_WE


@pytest.mark.parametrize("yes", [C.YES, C.PRESS, C.GO, C.START])
def test_yes_or_a_press_begins_with_the_questions_that_belong_before_it(yes: C) -> None:
    drive = at_its_time()
    drive.at(drive.now + 5.0, yes)
    assert asked(drive) is Question.PAIN_BEFORE
    drive.at(drive.now + 10.0, Asked(C.NUMBER, value=1))
    assert drive.session is not None
    assert drive.session.plan.id == GENTLE


def test_later_is_read_back_and_asked_again() -> None:
    drive = at_its_time()
    drive.at(drive.now + 5.0, C.NEXT)
    assert texts(drive)[-1].startswith("All right, I ask again at seven.")
    drive.at(drive.now + 1700.0)
    assert asked(drive) is None
    drive.at(drive.now + 200.0)
    assert asked(drive) is Question.PLANNED


@pytest.mark.parametrize("no", [C.NO, C.NOT_TODAY, C.STOP])
def test_not_today_is_no_drama(no: C) -> None:
    """Not a word of it for the rest of the day, and tomorrow as usual; after a restart too."""
    drive = at_its_time()
    drive.at(drive.now + 5.0, no)
    assert texts(drive)[-1] == said.NOT_TODAY
    drive.at(5.9 * H)
    assert asked(drive) is None
    again = at_clock(settings(remembered=remembered(drive)), 18.6)
    again.at(2 * H)
    assert asked(again) is None
    again.at(23.9 * H + 20.0)
    assert asked(again) is Question.PLANNED


def test_what_was_answered_by_a_clock_that_was_ahead_answers_nothing_by_the_right_one() -> None:
    """Else nothing would be asked for until that day comes, and no week looked back on."""
    ahead = Remembered(asked_day=MONDAY + 400, told_day=SUNDAY + 399)
    drive = at_clock(settings(remembered=ahead))
    drive.at(0.5 * H + 5.0)
    assert asked(drive) is Question.PLANNED
    week = sunday(18.0, remembered=ahead)
    week.at(1.0, C.HELLO)
    week.at(60.0)
    assert looked_back(week) == 1


def test_tomorrow_goes_to_a_day_that_has_nothing() -> None:
    """And where tomorrow has its own, nothing is made up for."""
    days = (Aim.NEXT, Aim.REST, Aim.REST, Aim.REST, Aim.REST, Aim.REST, Aim.REST)
    drive = at_its_time(settings(Week(days, 18.5 * H)))
    drive.at(drive.now + 5.0, C.TOMORROW)
    assert texts(drive)[-1] == "All right, tomorrow at half past six in the evening."
    drive.at(24.5 * H + 20.0)
    assert asked(drive) is Question.PLANNED
    drive = at_its_time()
    drive.at(drive.now + 5.0, C.TOMORROW)
    assert texts(drive)[-1] == said.TODAY_RESTS


def test_nobody_who_answers_is_asked_three_times_and_then_left_in_peace() -> None:
    drive = at_clock(settings())
    drive.at(12 * H)
    asks = [text for text in texts(drive) if "time for your exercises" in text]
    assert len(asks) == 3
    assert drive.mode() is Sitting


def test_who_has_been_away_for_days_is_asked_once_a_day_until_there_is_a_sign_of_life() -> None:
    """Whoever else lives there hears it no oftener."""
    drive = at_clock(settings())
    drive.at(60.0, C.NEXT_BREAK)
    drive.at(7 * DAY)
    times = Counter(at // DAY for at, text in drive.said() if "time for your exercises" in text)
    assert [times[day] for day in range(7)] == [3, 3, 3, 1, 1, 1, 1]
    drive.at(7 * DAY + 60.0, C.NEXT_BREAK)
    drive.at(7 * DAY + 12 * H)
    asks = [at for at, text in drive.said() if "time for your exercises" in text]
    assert len(asks) == sum(times.values()) + 3


def test_what_was_done_by_oneself_isn_t_asked_for() -> None:
    told = settings(trained=(session(MONDAY, GENTLE),))
    drive = at_clock(told)
    drive.at(4 * H)
    assert not texts(drive)
    drive.at(4 * H, C.TELL_TODAY)
    assert texts(drive)[-1] == said.DONE_TODAY


# --- courtesy --------------------------------------------------------------------------------


def test_it_never_speaks_into_a_conversation() -> None:
    """However long that is, within the evening; the lamp pulses meanwhile."""
    drive = at_clock(settings())
    drive.at(0.5 * H - 30.0)
    while drive.now < 1.5 * H:
        drive.at(drive.now + 5.0, Talking())
    assert not texts(drive)
    assert drive.lamp() is Lamp.SOON
    drive.at(drive.now + 25.0)
    assert asked(drive) is Question.PLANNED


@pytest.mark.parametrize("told", [False, True])
def test_who_leaves_reminders_unanswered_is_asked_and_who_has_left_is_not(*, told: bool) -> None:
    """After three of them nobody is thought to be there, but somebody may be."""
    drive = at_clock(replace(settings(), reminders=True), 10.0)
    if told:
        drive.at(8 * H, C.LEAVING)
    drive.at(8.5 * H - 60.0)
    assert drive.mode() is Away
    drive.at(8.5 * H + 20.0)
    assert asked(drive) is (None if told else Question.PLANNED)
    if not told:
        drive.at(drive.now + 5.0, C.NO)
        assert drive.mode() is Sitting


def test_quiet_holds_for_it_too() -> None:
    drive = at_clock(settings())
    drive.at(10.0, Asked(C.QUIET, seconds=H))
    drive.at(0.9 * H)
    assert asked(drive) is None
    drive.at(H + 40.0)
    assert asked(drive) is Question.PLANNED


def test_two_things_are_never_asked_at_once() -> None:
    """A reminder to stand up is open when it is time, or sitting runs out while it is asked."""
    told = replace(settings(), reminders=True, sit_s=0.5 * H - 60.0)
    drive = at_clock(told)
    drive.at(0.5 * H + 60.0)
    assert drive.mode() is Due
    drive.at(0.5 * H + 61.0, C.UP)
    drive.at(0.5 * H + 60.0 + UP_S + 30.0)
    assert asked(drive) is Question.PLANNED
    drive = at_clock(replace(told, sit_s=0.5 * H + 10.0))
    drive.at(0.5 * H + 30.0)
    assert asked(drive) is Question.PLANNED
    assert not isinstance(drive.state.desk, Due)


def test_an_evening_that_is_over_is_not_made_up_for() -> None:
    drive = at_clock(settings(), 22.5)
    drive.at(8 * H)
    assert not texts(drive)


def test_without_a_clock_nothing_is_asked_and_no_plan_is_made() -> None:
    drive = Drive(settings())
    drive.at(48 * H)
    assert not texts(drive)
    drive.at(48 * H, C.TELL_TODAY)
    assert texts(drive)[-1] == said.NO_CLOCK
    drive.at(49 * H, Asked(C.PLAN_DAYS, aim="strength", days=(0,)))
    assert texts(drive)[-1] == said.NO_CLOCK


def test_a_name_that_is_a_length_has_no_other_beside_it() -> None:
    """ "Ten minutes, nine minutes" would be two."""
    at_s = 18.5 * H
    assert said.today("ten minutes", 541.0, at_s).startswith(
        "Today's routine takes ten minutes. It is planned for half past"
    )
    assert said.planned(at_s, "ten minutes", 541.0).endswith(" Today's routine takes ten minutes.")
    assert said.planned(at_s, "mobility", 541.0).endswith(
        " is called mobility, and takes nine minutes."
    )


# --- which routine ------------------------------------------------------------------------------


def planned(
    trained: list[Trained], day: int, aim: str = Aim.NEXT, **more: object
) -> week_plan.Next:
    told = settings(Week((aim,) * 7, 18.5 * H), trained=tuple(trained), **more)
    drive = at_clock(told, 12.0, day)
    found = week_plan.next_for(Turn(drive.state), day)
    assert found is not None
    return found


def test_one_begins_gently_then_loosens_up_then_strength_takes_turns() -> None:
    done: list[Trained] = []
    led = []
    for number in range(12):
        day = MONDAY + number * 7 // 3
        led.append(planned(done, day).routine)
        done.append(session(day, led[-1]))
    assert led[:6] == [GENTLE] * 3 + [MOBILITY] * 3
    assert led[6:] == [STRENGTH, MOBILITY] * 3


@pytest.mark.parametrize("aim", [Aim.STRENGTH, Aim.NEXT, STRENGTH])
def test_strength_is_never_planned_for_the_day_after_strength(aim: str) -> None:
    """Whoever did it on their own, or by another name."""
    done = [session(MONDAY + n, MOBILITY) for n in range(-9, -1)]
    for strong in (STRENGTH, "mcgill-three"):
        yesterday = [*done, session(MONDAY, strong)]
        assert planned(yesterday, MONDAY + 1, aim).routine == MOBILITY
        assert planned(yesterday, MONDAY + 1, aim).why in (said.STRENGTH_YESTERDAY, "")
    assert planned([*done, session(MONDAY - 1, MOBILITY)], MONDAY + 1, aim).routine == STRENGTH


def test_strength_waits_while_the_back_speaks_against_it() -> None:
    done = [session(MONDAY + n, MOBILITY) for n in range(-9, -1)]
    for health in (replace(SEEN, ended=(True, True)), replace(SEEN, pain=5)):
        found = planned(done, MONDAY, Aim.STRENGTH, health=health)
        assert (found.routine, found.why) == (MOBILITY, said.STRENGTH_WAITS)
    much = [*done, session(MONDAY - 3, STRENGTH, after=-1)]
    assert planned(much, MONDAY, Aim.STRENGTH).why == said.WAS_MUCH


@pytest.mark.parametrize("much", [{"after": -1}, {"how": "hurt"}, {"how": "worse"}])
@pytest.mark.parametrize(
    ("last", "aim"),
    [
        (STRENGTH, Aim.STRENGTH),
        (STRENGTH, f"{STRENGTH}-2"),
        (STRENGTH, Aim.MOBILITY),
        (STRENGTH, Aim.NEXT),
        (MOBILITY, Aim.NEXT),
        (MOBILITY, Aim.STRENGTH),
        (MOBILITY, STRENGTH),
        (MOBILITY, Aim.MOBILITY),
        (MOBILITY, "minutes-10"),
        (GENTLE, Aim.STRENGTH),
    ],
)
def test_after_a_session_that_was_much_the_next_is_the_gentle_one_and_says_why(
    last: str, aim: str, much: dict[str, object]
) -> None:
    """Whatever that session was, and whatever the day is for; strength comes after mobility."""
    done = [session(MONDAY + n, MOBILITY) for n in range(-12, -3)]
    bad = replace(session(MONDAY - 3, last), **much)  # type: ignore[arg-type]
    assert planned([*done, bad], MONDAY, aim) == week_plan.Next(GENTLE, said.WAS_MUCH)
    fine = [*done, bad, session(MONDAY - 2, GENTLE, after=0)]
    assert planned(fine, MONDAY, aim).why != said.WAS_MUCH
    assert planned(fine, MONDAY).routine == MOBILITY
    fine = [*fine, session(MONDAY - 1, MOBILITY, after=0)]
    assert planned(fine, MONDAY).routine == STRENGTH


@pytest.mark.parametrize("last", ["without-the-floor", "legs-and-balance"])
def test_without_the_floor_it_is_taken_easier_after_a_session_that_was_much_too(last: str) -> None:
    """On the chair; it was said so that morning, and nothing followed from it."""
    done = [session(MONDAY + n, "without-the-floor") for n in range(-12, -3)]
    for aim in (Aim.NEXT, Aim.STRENGTH, Aim.MOBILITY):
        much = [*done, session(MONDAY - 3, last, after=-1)]
        assert planned(much, MONDAY, aim, floor=False) == week_plan.Next("chair", said.WAS_MUCH)
        fine = [*done, session(MONDAY - 3, last, after=0)]
        assert planned(fine, MONDAY, aim, floor=False).routine != "chair"


def test_what_is_easy_enough_anyway_needs_no_reason() -> None:
    done = [session(MONDAY + n, MOBILITY) for n in range(-12, -3)]
    bad = session(MONDAY - 3, MOBILITY, after=-1)
    assert planned([*done, bad], MONDAY, "walking-break") == week_plan.Next("walking-break")


def test_after_two_weeks_without_one_begins_gently_again() -> None:
    done = [session(MONDAY + 2 * n, MOBILITY) for n in range(10)]
    found = planned(done, MONDAY + 18 + 15)
    assert (found.routine, found.why) == (GENTLE, said.BACK_AGAIN)
    led = []
    for day in range(MONDAY + 33, MONDAY + 43, 2):
        led.append(planned(done, day).routine)
        done.append(session(day, led[-1]))
    assert led == [GENTLE, MOBILITY, MOBILITY, STRENGTH, MOBILITY], "less is needed than at first"
    few = [session(MONDAY, GENTLE), session(MONDAY + 33, GENTLE)]
    assert planned(few, MONDAY + 35) == week_plan.Next(GENTLE)


def test_why_it_is_another_one_is_told_once_until_it_changes() -> None:
    """Over a restart too; whoever hasn't answered hasn't heard it."""
    told = settings(
        Week((Aim.STRENGTH,) * 7, 18.5 * H),
        trained=tuple(session(MONDAY - 20 + 2 * n, MOBILITY) for n in range(9)),
        health=replace(SEEN, ended=(True, True)),
    )
    memory = told.remembered
    for day, answer, says in ((0, None, True), (1, C.NOT_TODAY, True), (2, C.SNOOZE, False)):
        drive = at_clock(replace(told, remembered=memory), 18.4, MONDAY + day)
        drive.at(drive.now + 0.1 * H + 30.0)
        assert (said.STRENGTH_WAITS in texts(drive)) is says
        drive.at(drive.now + 5.0, *([answer] if answer else []))
        memory = drive.state.memory
    drive = at_clock(replace(told, remembered=memory, health=SEEN), 18.4, MONDAY + 3)
    drive.at(drive.now + 0.1 * H + 30.0, C.NOT_TODAY)
    assert not drive.state.memory.told_why


def test_after_a_red_flag_nothing_is_asked() -> None:
    drive = at_clock(settings(health=replace(SEEN, yes=frozenset({"numbness"}))))
    drive.at(4 * H)
    assert not texts(drive)
    drive.at(4 * H, C.TELL_TODAY)
    assert texts(drive)[-1] == as_said(said.NOT_NOW_TODAY)


# --- by voice -----------------------------------------------------------------------


def days_of(drive: Drive) -> tuple[str, ...]:
    found = week_plan.week_of(Turn(drive.state))
    return () if found is None else found.days


def test_a_plan_is_made_by_two_sentences_and_outlives_the_program() -> None:
    drive = at_clock(settings(None), 14.0)
    drive.at(1.0, Asked(C.PLAN_TIME, until_s=6.5 * H, days=tuple(range(7))))
    assert texts(drive)[-1] == "Exercises every day, at half past six in the evening."
    drive.at(10.0, Asked(C.PLAN_DAYS, aim="strength", days=(0, 3)))
    assert texts(drive)[-1].startswith("Strength on Monday and Thursday and exercises on Tuesday")
    again = at_clock(settings(None, remembered=remembered(drive)), 14.0)
    again.at(1.0, C.TELL_PLAN)
    assert texts(again)[-1] == texts(drive)[-1]
    again.at(5.0, Asked(C.NO_PLAN, days=(5, 6)))
    assert days_of(again)[5:] == ("", "")
    again.at(9.0, C.UNDO)
    assert days_of(again)[5:] == (Aim.NEXT, Aim.NEXT)
    again.at(19.0, Asked(C.NO_PLAN))
    assert texts(again)[-1] == said.PLAN_GONE
    again.at(30.0, C.TELL_PLAN)
    assert texts(again)[-1] == as_said(said.NO_PLAN)


def test_a_time_alone_leaves_the_days_and_a_day_alone_the_time() -> None:
    """Where neither was said before, it is every day, at half past six in the evening."""
    drive = at_clock(settings(replace(DAILY, days=(Aim.STRENGTH, *[Aim.REST] * 6))), 14.0)
    drive.at(1.0, Asked(C.PLAN_TIME, until_s=7 * H, whole_day=True))
    assert drive.state.memory.wanted.week == Week((Aim.STRENGTH, *[Aim.REST] * 6), 7 * H)
    drive.at(9.0, Asked(C.PLAN_DAYS, aim="mobility", days=(1, 2)))
    week_now = Week((Aim.STRENGTH, Aim.MOBILITY, Aim.MOBILITY, *[Aim.REST] * 4), 7 * H)
    assert drive.state.memory.wanted.week is not None
    assert drive.state.memory.wanted.week.days[:3] == week_now.days[:3]
    assert drive.state.memory.wanted.week.at_s == 7 * H
    drive = at_clock(settings(None), 14.0)
    drive.at(1.0, Asked(C.PLAN_TIME))
    assert drive.state.memory.wanted.week == Week((Aim.NEXT,) * 7, 18.5 * H)


def today(routine: str) -> str:
    plan = shipped().plans[routine]
    return said.today(plan.spoken_name, plan.total_s, DAILY.at_s)


@pytest.mark.parametrize(
    ("planned", "told"),
    [
        (DAILY, [today(GENTLE)]),
        (
            replace(DAILY, days=(Aim.STRENGTH,) * 7),
            [today(MOBILITY), said.STRENGTH_WAITS],
        ),
        (replace(DAILY, days=("gone",) * 7), [as_said(said.NOT_NOW_TODAY)]),
        (replace(DAILY, days=(Aim.REST, *[Aim.NEXT] * 6)), [said.NOTHING_TODAY]),
        (None, [as_said(said.NO_PLAN)]),
    ],
)
def test_what_is_planned_for_today_is_told_with_its_reason(
    planned: Week | None, told: list[str]
) -> None:
    """A routine that there is no more is none."""
    drive = at_clock(settings(planned, health=replace(SEEN, ended=(True, True))), 14.0)
    drive.at(1.0, C.TELL_TODAY)
    assert texts(drive) == told


@pytest.mark.parametrize("hour", [5.0, 14.0, 20.0])
def test_a_time_without_its_half_of_the_day_is_the_next_that_a_clock_shows(hour: float) -> None:
    drive = at_clock(settings(None), hour)
    drive.at(1.0, Asked(C.PLAN_TIME, until_s=6.5 * H))
    part = "evening" if hour == 14.0 else "morning"
    assert texts(drive)[-1] == f"Exercises every day, at half past six in the {part}."


def test_strength_on_two_days_in_a_row_leaves_the_second_out_and_says_why() -> None:
    drive = at_clock(settings(None), 14.0)
    drive.at(1.0, Asked(C.PLAN_DAYS, aim="strength", days=(6, 0)))
    assert sum(aim == Aim.STRENGTH for aim in days_of(drive)) == 1, "Sunday is before Monday"
    assert texts(drive)[-1] == said.APART


def test_a_plan_is_offered_once_after_the_first_session_and_can_be_refused() -> None:
    """At the time of day at which one has exercised; yes and no are both remembered."""
    for answer, days in ((C.YES, week_plan.DEFAULT), (C.NO, ()), (C.NEXT, ())):
        told = settings(None, offers_plan=True, ask_pain=False)
        drive = at_clock(told, 7.1)
        drive.at(1.0, Asked(C.START, routine=GENTLE))
        while asked(drive) is not Question.PLAN and drive.now < 1200.0:
            drive.at(drive.now + 1.0)
        drive.at(drive.now + 1.0, answer)
        assert days_of(drive) == days
        if days:
            assert texts(drive)[-1] == (
                "Exercises on Monday, Wednesday and Friday, at seven in the morning."
            )
        drive.at(drive.now + 10.0, Asked(C.START, routine=GENTLE))
        drive.at(drive.now + 1200.0)
        assert texts(drive).count(said.PLAN_WHY) == 1


def test_a_plan_is_made_when_it_is_wished_for() -> None:
    drive = at_clock(settings(None), 12.0)
    drive.at(1.0, C.MAKE_PLAN)
    drive.at(30.0, C.YES)
    assert days_of(drive) == week_plan.DEFAULT


# --- a goal, and the week ------------------------------------------------------------------------


def test_a_goal_is_told_as_it_goes_and_counts_days_not_sessions() -> None:
    drive = at_clock(settings(None, ask_pain=False), 9.0)
    drive.at(1.0, Asked(C.GOAL, value=2))
    for day, times in ((0, 2), (1, 1)):
        for number in range(times):
            drive.at(day * DAY + number * 2 * H + 10.0, Asked(C.START, routine=GENTLE))
            drive.at(drive.now + 1200.0)
    told = [text for text in texts(drive) if "this week" in text]
    assert told == [
        "That was day one of two this week.",
        "That makes two days: what you wanted for this week.",
    ]


SUNDAY = MONDAY + 6


def sunday(hour: float, **more: object) -> Drive:
    told = settings(None, trained=(session(SUNDAY - 2, GENTLE),), looks_back=True, **more)
    return at_clock(told, hour, SUNDAY)


def looked_back(drive: Drive) -> int:
    return len(drive.ordered(Recall))


def test_a_week_in_which_one_was_only_stopped_for_pain_is_not_looked_back_on() -> None:
    hurt = replace(session(SUNDAY - 2, GENTLE), how="hurt", short=True)
    drive = at_clock(settings(None, trained=(hurt,), looks_back=True), 18.0, SUNDAY)
    drive.at(60.0, C.QUIETER)
    drive.at(2 * H)
    assert looked_back(drive) == 0


def test_on_sunday_evening_the_week_is_told_of_once_somebody_is_there() -> None:
    drive = sunday(12.0)
    drive.at(1.0, C.LOUDER)
    drive.at(6 * H)
    assert looked_back(drive) == 0, "at noon it isn't evening, and then nobody was heard"
    drive.at(6 * H, C.LOUDER)
    drive.at(6 * H + 60.0, C.QUIETER)
    drive.at(8 * H)
    assert looked_back(drive) == 1
    drive.at(8 * H, Recalled(Period.WEEK, 30, 20, 40.0, 4, 2400.0, days=3))
    assert texts(drive)[-1] == (
        "This week you exercised on three days: four sessions, forty minutes of exercise. "
        "You got up for twenty breaks, half of the time within forty seconds. "
        "Each of them counts."
    )


def test_a_week_without_anything_is_not_told_of_unasked() -> None:
    told = settings(None, looks_back=True)
    drive = at_clock(told, 18.0, SUNDAY)
    drive.at(1.0, C.LOUDER)
    drive.at(4 * H)
    assert looked_back(drive) == 0


@pytest.mark.parametrize(
    ("answer", "goal", "last"),
    [
        (Recalled(Period.WEEK, sessions=4, days=4), 4, "Four days was your goal, and you have it."),
        (Recalled(Period.WEEK, sessions=3, days=3), 4, "Three days of four: each of them counts."),
        (
            Recalled(Period.WEEK, 9, 9, 30.0, delay_before_s=60.0),
            None,
            "You were quicker on your feet than in the weeks before.",
        ),
        (Recalled(Period.WEEK, 9, 9, 50.0, delay_before_s=60.0), None, "Each of them counts."),
    ],
)
def test_what_encourages_is_true(answer: Recalled, goal: int | None, last: str) -> None:
    drive = at_clock(settings(None))
    if goal is not None:
        drive.at(1.0, Asked(C.GOAL, value=goal))
    drive.at(9.0, answer)
    assert texts(drive)[-1].endswith(f". {last}")


# --- what doesn't suit somebody ---------------------------------------------------------------


def told_of(*conditions: str) -> Health:
    return Health(screened=True, yes=frozenset(conditions))


WEEK_ON = [*range(MONDAY - 21, MONDAY, 2)]
"""Days with a session each."""


@pytest.mark.parametrize(
    ("condition", "led"),
    [
        ("pregnancy", {"pregnancy", "without-the-floor"}),
        ("surgery", {"chair"}),
        ("hip_replacement", {GENTLE}),
        ("leg_pain", {MOBILITY}),
        ("stenosis", {MOBILITY, STRENGTH}),
        ("osteoporosis", {MOBILITY, STRENGTH}),
    ],
)
def test_the_plan_has_nothing_of_which_most_does_not_suit(condition: str, led: set[str]) -> None:
    """By what somebody has told of themselves; what takes its place changes, and no strength is
    announced to whom it isn't for."""
    found: set[str] = set()
    trained: list[Trained] = [session(day, GENTLE) for day in WEEK_ON]
    for day in range(MONDAY, MONDAY + 14, 2):
        told = settings(trained=tuple(trained), health=told_of(condition), instead=INSTEAD)
        drive = at_clock(told, day=day)
        had = week_plan.next_for(Turn(drive.state), day)
        assert had is not None
        found.add(had.routine)
        assert not had.why
        trained.append(session(day, had.routine))
    assert found == led


INSTEAD = ("without-the-floor", "chair")


@pytest.mark.parametrize("condition", ["pregnancy", "leg_pain", "osteoporosis"])
def test_the_plan_that_is_offered_promises_strength_to_whom_it_is_for(condition: str) -> None:
    drive = at_clock(settings(None, offers_plan=True, health=told_of(condition)))
    drive.at(1.0, Asked(C.START, routine="without-the-floor"))
    drive.at(5.0, Asked(C.NUMBER, value=1))
    drive.at(1200.0, Asked(C.NUMBER, value=1))
    drive.at(1400.0)
    offered = [text for text in texts(drive) if text in (said.PLAN_WHY, said.PLAN_WHY_MILD)]
    wanted = said.PLAN_WHY if condition == "osteoporosis" else said.PLAN_WHY_MILD
    assert offered == [wanted]


def test_the_length_that_is_told_is_that_of_what_is_led() -> None:
    """Of the gentle one as it is written, and as much as suits somebody of it."""
    whole, part = (
        at_its_time(settings(health=one)) for one in (told_of(), told_of("osteoporosis"))
    )
    assert "takes twelve minutes" in texts(whole)[0]
    assert "takes seven minutes" in texts(part)[0]
    drive = at_clock(settings(health=told_of("osteoporosis")))
    drive.at(1.0, C.TELL_TODAY)
    assert "takes seven minutes" in texts(drive)[-1]


def test_what_a_day_of_strength_has_counts_as_strength_whatever_it_holds() -> None:
    """Legs and balance, for whoever wants that: in turn with mobility, never twice in a row."""
    legs = "legs-and-balance"
    trained = tuple(session(day, GENTLE) for day in WEEK_ON)
    led = []
    for day in range(MONDAY, MONDAY + 8):
        drive = at_clock(settings(trained=trained, strength=legs), day=day)
        had = week_plan.next_for(Turn(drive.state), day)
        assert had is not None
        led.append(had.routine)
        trained = (*trained, session(day, had.routine))
    assert {legs, MOBILITY} == set(led)
    assert (legs, legs) not in list(pairwise(led))


BESIDE = ("fifteen-minutes", "yoga")


def test_mobility_changes_once_it_is_familiar() -> None:
    """After six times in turn with others that suit; with osteoporosis these don't."""
    for conditions, expected in (
        ((), {MOBILITY, "fifteen-minutes", "yoga"}),
        (("osteoporosis",), {MOBILITY}),
    ):
        planned = Week((Aim.MOBILITY,) * 7, 18.5 * H)
        trained: tuple[Trained, ...] = ()
        led = []
        for day in range(MONDAY, MONDAY + 15):
            health = told_of(*conditions)
            told = settings(planned, trained=trained, health=health, beside_mobility=BESIDE)
            drive = at_clock(told, day=day)
            had = week_plan.next_for(Turn(drive.state), day)
            assert had is not None
            led.append(had.routine)
            trained = (*trained, session(day, had.routine))
        assert led[:6] == [MOBILITY] * 6
        assert set(led[6:]) == expected
        assert max(led[6:].count(name) for name in expected) <= 9 // len(expected)


def test_broken_off_sessions_make_nothing_familiar() -> None:
    trained = tuple(session(day, MOBILITY, short=day > MONDAY - 4) for day in WEEK_ON[-6:])
    for done, expected in ((trained[:4], False), (trained, False), (trained[:4] * 2, True)):
        found = planned(list(done), MONDAY, Aim.MOBILITY, beside_mobility=BESIDE)
        assert (found.routine in BESIDE) is expected


def test_whatever_is_next_has_the_routines_beside_mobility_too() -> None:
    """As it is configured where nobody has changed it: in turn with strength, and none left out."""
    done: list[Trained] = []
    for number in range(28):
        day = MONDAY + 2 * number
        found = planned(done, day, beside_mobility=shipped().beside_mobility)
        done.append(session(day, found.routine))
    led = [one.routine for one in done]
    assert led[:6] == [GENTLE] * 3 + [MOBILITY] * 3
    assert led[6::2] == [STRENGTH] * 11
    assert led[7:12:2] == [MOBILITY] * 3
    assert led[13:19:2] == [*BESIDE, MOBILITY]


@pytest.mark.parametrize(
    ("condition", "led"),
    [("pregnancy", {"pregnancy", "without-the-floor"}), ("leg_pain", {MOBILITY})],
)
@pytest.mark.parametrize("aim", [Aim.STRENGTH, STRENGTH])
def test_a_day_of_strength_is_another_one_for_whom_strength_is_not(
    aim: str, condition: str, led: set[str]
) -> None:
    """Without a word of a better day, which doesn't come."""
    done = [session(day, MOBILITY) for day in WEEK_ON]
    found = [planned(done, MONDAY + n, aim, health=told_of(condition)) for n in range(0, 8, 2)]
    assert {one.routine for one in found} == led
    assert {one.why for one in found} == {""}


def test_a_named_day_of_strength_is_judged_by_the_routine_that_it_names() -> None:
    """One that suits doesn't wait for another one that never will."""
    library, done = shipped().routines, [session(day, MOBILITY) for day in WEEK_ON]
    strong = [one for one in library[STRENGTH].items if one.exercise.phase is Phase.STRENGTH]
    items = (*library["without-the-floor"].items, strong[0])
    own = replace(library[STRENGTH], id="own", items=items)
    more = {"health": told_of("leg_pain"), "routines": {**library, "own": own}}
    assert planned(done, MONDAY, "own", **more) == week_plan.Next("own")
    assert planned(done, MONDAY, STRENGTH, **more) == week_plan.Next(MOBILITY)


def test_days_that_name_the_routine_for_strength_are_days_of_strength() -> None:
    """Whatever it holds: not two in a row."""
    legs, done = "legs-and-balance", [session(day, MOBILITY) for day in WEEK_ON]
    for day in range(MONDAY, MONDAY + 6):
        done.append(session(day, planned(done, day, legs, strength=legs).routine))
    assert [one.routine for one in done[-6:]] == [legs, MOBILITY] * 3
