"""What holds at the desk whatever people, clocks and machines do: Hypothesis drives them all."""

import math
from dataclasses import replace
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.coach.effects import Chime, Keep, Record, SetLamp, Sound
from assistant.coach.events import Asked, Command, Event, Present, Slept, Talking, WallClock
from assistant.coach.settings import Settings
from assistant.coach.stand_up import MOST
from assistant.coach.state import Away, Due, Overdue, Sitting
from assistant.coach.step import begin
from assistant.coach.working_hours import Hours
from assistant.simulation.desk_people import PEOPLE, Habits
from assistant.simulation.world import World
from tests.coach.driver import SETTINGS, SIDES, Drive

C = Command
MONDAY = 4 * 86400.0
WEEK_S = 7 * 86400.0
YEARS = 5 * 365.25 * 86400

CHANCE = st.sampled_from([0.0, 0.2, 0.5, 1.0])
HABITS = st.builds(
    lambda shift, **more: Habits(start_h=shift[0], end_h=shift[1], **more),
    shift=st.sampled_from([(0.0, 20.0), (9.0, 17.5), (22.0, 30.0)]),
    about=st.just(""),
    days=st.just(tuple(range(7))),
    hours=st.sampled_from([None, (9.0, 18.0), (22.0, 30.0), (0.0, 24.0)]),
    stands=CHANCE,
    stretches=st.just(0.2),
    snoozes=CHANCE,
    skips=CHANCE,
    gives_in=CHANCE,
    delay_s=st.sampled_from([(0.0, 1.0), (1.0, 300.0), (100.0, 1500.0)]),
    talks=st.integers(0, 30),
    meetings=st.integers(0, 5),
    declares=CHANCE,
    errands=st.integers(0, 8),
    whims=st.integers(0, 30),
    sensor=st.booleans(),
    sleeps=st.booleans(),
    faults=CHANCE,
)
DESK = replace(SETTINGS, plans={"desk-break": SIDES}, routine="desk-break", stretch="desk-break")
SETTINGS_OF_ANYBODY = st.builds(
    lambda sit, up, snooze, courtesy, gap: replace(
        DESK,
        sit_s=sit,
        up_s=up,
        snooze_s=snooze,
        courtesy_s=courtesy,
        gap_s=gap,
    ),
    st.sampled_from([60.0, 300.0, 1200.0, 5400.0]),
    st.sampled_from([30.0, 120.0, 600.0]),
    st.sampled_from([60.0, 300.0, 900.0]),
    st.sampled_from([0.0, 60.0, 300.0]),
    st.sampled_from([30.0, 60.0, 130.0, 900.0]),
)


@settings(max_examples=40)
@given(HABITS, SETTINGS_OF_ANYBODY, st.integers(0, 2**32))
def test_nobody_is_interrupted_when_they_may_not_be(
    habits: Habits, configured: Settings, seed: int
) -> None:
    """Never two interruptions closer than the minimum; none into talk before the limit of
    courtesy, in quiet, in an absence that was said or seen, or outside working hours."""
    world = World(habits, replace(configured, hours=habits.working_hours()), Random(seed))
    for number in range(2):
        world.live(number)
    seen = world.seen
    broken = {key: seen.wrong[key] for key in ("in_talk", "in_quiet", "in_absence", "after_hours")}
    assert not any(broken.values()), broken
    assert seen.gap_s >= configured.gap_s - 0.001


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.sampled_from([600.0, 1200.0, 3600.0]), st.integers(0, 20))
def test_who_answers_never_sits_longer_than_the_interval_and_courtesy(
    seed: int, sit_s: float, talks: int
) -> None:
    """However much is talked in the room: the rest is the minute they take to get up. A sensor
    tells when they are there, so that nobody is asked who hasn't come yet."""
    habits = replace(PEOPLE["diligent"], talks=talks, hours=None, sensor=True)
    configured = replace(DESK, sit_s=sit_s)
    world = World(habits, configured, Random(seed))
    for number in range(3):
        world.live(number)
    assert world.seen.rows["taken"]
    assert world.seen.longest_s <= sit_s + configured.courtesy_s + habits.delay_s[1] + 1


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.floats(0, 235), st.sampled_from([None, 30.0, 600.0, 1e5])), max_size=12),
    st.integers(0, 6),
)
def test_snoozes_never_add_up_to_more_than_their_budget(
    asks: list[tuple[float, float | None]], allowed: int
) -> None:
    """However often and for however long somebody asks."""
    configured = replace(SETTINGS, snoozes=allowed)
    drive = Drive(configured)
    drive.at(configured.sit_s)
    for wait_s, wish_s in asks:
        at = drive.now + wait_s
        drive.at(at, Asked(C.SNOOZE, seconds=wish_s))
        if drive.stand_at is not None and drive.mode() is Sitting:
            drive.at(max(drive.stand_at, drive.state.wishes.interrupted_at + configured.gap_s))
        if drive.mode() is not Due:
            break
    given_s = [e.seconds for _, e in drive.log if isinstance(e, Record) and "snoozed" in e.kind]
    shares = [MOST[min(rank, len(MOST) - 1)] for rank in range(allowed)]
    assert len(given_s) <= allowed
    assert sum(given_s) <= sum(shares) * configured.snooze_s
    assert all(
        one <= share * configured.snooze_s for one, share in zip(given_s, shares, strict=False)
    )


AT_DESK: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        Asked,
        st.sampled_from(
            [C.UP, C.STOOD, C.SNOOZE, C.QUIET, C.MEETING, C.LEAVING, C.RETURNED, C.INTERVAL,
             C.REMINDERS_ON, C.REMINDERS_OFF, C.LUNCH, C.NEXT, C.START, C.STOP, C.PRESS, C.WAKE]
        ),
        seconds=st.sampled_from([None, 60.0, 600.0, 7200.0]),
    ),
    st.just(Talking()),
    st.builds(Present, st.booleans()),
    st.builds(Slept, st.sampled_from([1.0, 60.0, 600.0, 30000.0])),
)  # fmt: skip
DAY = st.lists(st.tuples(st.floats(0, 1500), AT_DESK), max_size=25)


@settings(max_examples=100)
@given(DAY)
def test_quiet_always_ends(script: list[tuple[float, Event]]) -> None:
    """Twelve hours after the last word nothing is quiet any more, and nobody is away any more,
    unless three reminders met nobody: that ends with the first sign of life."""
    drive = Drive()
    for gap, event in script:
        drive.at(drive.now + gap, event)
    drive.at(drive.now + 12 * 3600 + 1)
    assert drive.state.wishes.quiet_until is None
    drive.at(drive.now, Talking())
    assert drive.mode() is not Away


@settings(max_examples=60)
@given(
    DAY,
    st.lists(st.floats(-YEARS, YEARS), min_size=1),
    st.lists(st.integers(-260, 260), min_size=1),
)
def test_setting_the_clock_does_nothing(
    script: list[tuple[float, Event]], steps: list[float], weeks: list[int]
) -> None:
    """It fires nothing, loses nothing, credits nothing: without hours by any step, with hours by
    steps that leave working time working time. Here without what waits for the voice (exercises,
    a question): one clock time takes longer to say than another."""
    waits = (C.START, C.REMINDERS_OFF, C.WAKE)
    script = [
        (gap, event)
        for gap, event in script
        if not isinstance(event, Asked) or event.command not in waits
    ]
    office = Hours(days=(((9 * 3600.0, 15 * 3600.0),),) * 5 + ((),) * 2)
    for hours, offsets in (
        (Hours(), steps),
        (office, [WEEK_S * number for number in weeks]),
    ):
        configured = replace(SETTINGS, hours=hours)
        still, moved = Drive(configured), Drive(configured)
        for drive in (still, moved):
            drive.at(0.0, WallClock(MONDAY + 10 * 3600))
        for index, (gap, event) in enumerate(script):
            now = still.now + gap
            step_s = offsets[index % len(offsets)]
            still.at(now, event)
            moved.at(now, WallClock(MONDAY + 10 * 3600 + now + step_s), event)
        still.at(still.now + 3600)
        moved.at(moved.now + 3600)
        assert [e for _, e in chimes(still)] == [e for _, e in chimes(moved)]
        for (a, _), (b, _) in zip(chimes(still), chimes(moved), strict=True):
            assert math.isclose(a, b, abs_tol=1e-3)


def chimes(drive: Drive) -> list[tuple[float, object]]:
    return [
        (at, effect)
        for at, effect in drive.log
        if effect == Chime(Sound.DUE) or isinstance(effect, SetLamp)
    ]


@settings(max_examples=100)
@given(DAY, st.floats(0, 1300))
@example([(6.0, Present(False)), (0.0, Asked(C.QUIET)), (0.0, Asked(C.STOOD))], 0.0)
def test_a_cut_costs_at_most_five_seconds(script: list[tuple[float, Event]], later: float) -> None:
    """Whenever the power goes at the desk, what is left of the sitting is the same within five
    seconds, and so many snoozes are still to be had."""
    configured = replace(SETTINGS, keeps=True)
    drive = Drive(configured)
    for gap, event in script:
        if not isinstance(event, Asked) or event.command is not C.INTERVAL:
            drive.at(drive.now + gap, event)
    drive.at(drive.now + later)
    before = drive.state
    kept = [e.place for _, e in drive.ordered(Keep) if isinstance(e, Keep)][-1]
    after, _ = begin(configured, 0.0, place=kept)
    desk = before.desk
    if isinstance(desk, Sitting | Overdue | Due):
        stand_at = before.now if isinstance(desk, Due) else desk.stand_at
        held_s = desk.left_s if isinstance(desk, Sitting) else None
        left_s = held_s if stand_at is None else stand_at - before.now
        assert left_s is not None
        assert isinstance(after.desk, Sitting)
        assert after.desk.stand_at is not None
        assert abs(after.desk.stand_at - max(0.0, left_s)) <= 5.0
        # An overdue break is past; the next one has all its snoozes.
        assert after.desk.snoozes == (0 if isinstance(desk, Overdue) else desk.snoozes)
