"""Led, not lectured: what counts as done, how much more there is, and what fits while one waits."""

from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.coach.answers import left_s
from assistant.coach.effects import Priority, Record, Say
from assistant.coach.events import Asked, Command, Health
from assistant.coach.session import stretched
from assistant.coach.state import Away, Leading, Paused, Reentry, Sitting
from assistant.coach.turn import Turn
from assistant.content import read_back, sentences, words
from assistant.content.types import Kind, Rank, Wording
from tests.coach.driver import SETTINGS, STARTS, Drive, as_said
from tests.coach.test_adjusting import (
    LIBRARY,
    PLANS,
    last_said,
    led,
    run_until,
    session,
    steps,
)

C = Command


def rows(drive: Drive, kind: str = "exercise") -> list[Record]:
    records = [e for _, e in drive.ordered(Record) if isinstance(e, Record)]
    return [row for row in records if row.kind == kind]


def said_since(drive: Drive, when: float) -> list[str]:
    return [text for at, text in drive.said() if at >= when]


# --- done, or left --------------------------------------------------------------


@pytest.mark.parametrize("command", [C.GO, C.NEXT, C.STOP, C.EASIER])
def test_what_is_over_is_done_however_the_rest_is_left(command: Command) -> None:
    """Nobody has to sit a rest out for it to count."""
    drive = led("desk-break-6")
    run_until(drive, Kind.REST, 0, into_s=0.5)
    drive.at(drive.now, command)
    assert {row.detail for row in rows(drive)} == {"done"}
    assert drive.state.person.times == {"desk-trunk-turn": 1}
    assert drive.state.person.health.good == {"desk-trunk-turn": 1}


def test_what_hurt_in_the_rest_is_not_done() -> None:
    """It may be what was just done."""
    drive = led("desk-break-6")
    run_until(drive, Kind.REST, 0, into_s=0.5)
    drive.at(drive.now, C.HURTS)
    drive.at(drive.now + 1, C.STOP)
    assert {row.detail for row in rows(drive)} == {"hurt"}
    assert drive.state.person.times == {}


def test_a_side_that_was_left_after_a_moment_is_not_done() -> None:
    """Two thirds of the planned work at least."""
    drive = led("desk-break-6")
    run_until(drive, Kind.WORK, 0, into_s=1.2)
    drive.at(drive.now, C.OTHER_SIDE)
    assert session(drive).segment.kind is Kind.SWITCH  # with the time that it takes
    run_until(drive, Kind.SETUP, 1)
    assert {row.detail for row in rows(drive)} == {"left"}
    assert drive.state.person.health.good == {}


@pytest.mark.parametrize(("by_s", "how"), [(6.0, "done"), (7.0, "left")])
def test_two_thirds_of_the_planned_work_are_done(by_s: float, how: str) -> None:
    """Twenty seconds of plank: fourteen are enough, thirteen are not."""
    drive = led()
    drive.at(STARTS["work"] + 1, Asked(C.LESS_TIME, seconds=by_s))
    drive.at(STARTS["setup 2"])
    [row] = rows(drive)
    assert (row.seconds, row.detail) == (20.0 - by_s, how)


def test_what_is_skipped_with_work_to_come_is_left() -> None:
    """However much of it was done."""
    drive = led()
    drive.at(STARTS["work"] + 15, C.NEXT)
    [row] = rows(drive)
    assert (row.seconds, row.detail) == (15.0, "left")


def test_made_shorter_nine_times_is_not_done_well() -> None:
    """A few seconds of ninety are no exercise."""
    drive = led("lower-back-strength-3")
    item = PLANS["lower-back-strength-3"].exercise_ids.index("donkey-kick")
    run_until(drive, Kind.WORK, item)
    for _ in range(9):
        drive.at(drive.now + 0.4, C.LESS_TIME)
    run_until(drive, Kind.SETUP, item + 1)
    assert {row.detail for row in rows(drive) if row.name == "donkey-kick"} == {"left"}
    assert "donkey-kick" not in drive.state.person.health.good


def test_repetitions_that_were_left_out_are_not_written_down() -> None:
    """And those that were added are."""
    plan = PLANS["lower-back-strength-2"]
    item = plan.exercise_ids.index("dead-bug")
    for command, more in ((C.LESS_TIME, False), (C.MORE_TIME, True)):
        drive = led("lower-back-strength-2")
        segment = run_until(drive, Kind.WORK, item, into_s=1.0)
        drive.at(drive.now, command)
        units = round((session(drive).length_s - segment.length_s) / segment.unit_s)
        assert (units > 0) is more
        run_until(drive, Kind.SETUP, item + 1)
        [row] = [row for row in rows(drive) if row.name == "dead-bug"]
        assert (row.reps, row.planned_reps) == (segment.reps + units, segment.reps)


# --- more of it ------------------------------------------------------------------


UNITS = [
    (name, segment.item)
    for name, plan in PLANS.items()
    for segment in plan.segments
    if segment.kind is Kind.WORK and segment.unit_s
]


@pytest.mark.parametrize(("routine", "item"), sorted(set(UNITS)))
@pytest.mark.parametrize("command", [C.MORE_TIME, C.LESS_TIME])
def test_breaths_and_repetitions_keep_their_tempo(
    routine: str, item: int, command: Command
) -> None:
    """Whole ones are added or left out, so no breath is held: what leads the movement comes as
    regularly as before, and the last one is called so at the end."""
    drive = led(routine)
    segment = run_until(drive, Kind.WORK, item)
    begun = session(drive).began
    counts = [cue for cue in segment.cues if cue.rank is Rank.COUNT]
    drive.at(begun + 0.2 * segment.unit_s, command)
    now = session(drive)
    assert (now.length_s / segment.unit_s) == pytest.approx(round(now.length_s / segment.unit_s))
    ends = begun + now.length_s
    drive.at(ends - 0.05)
    heard = [(at - begun, e.text) for at, e in drive.log if isinstance(e, Say)
             and begun <= at < ends and e.priority is Priority.COUNT]  # fmt: skip
    gaps = [b - a for (a, _), (b, _) in pairwise(heard)]
    planned = [b.at_s - a.at_s for a, b in pairwise(counts)]
    assert not planned or max(gaps, default=0.0) <= max(planned) + 0.05
    last = counts[-1].text
    if last.startswith("Last one") and now.length_s > segment.unit_s:
        assert heard[-1][1] == last


def test_more_when_the_last_one_has_begun_comes_after_it() -> None:
    plan = PLANS["lower-back-strength-2"]
    item = plan.exercise_ids.index("dead-bug")
    drive = led("lower-back-strength-2")
    segment = run_until(drive, Kind.WORK, item)
    begun = session(drive).began
    drive.at(begun + segment.length_s - segment.unit_s / 2, Asked(C.MORE_TIME, seconds=1.0))
    assert last_said(drive) == "One more."
    drive.at(begun + segment.length_s + segment.unit_s - 0.1)
    assert session(drive).segment == segment
    heard = [(round(at - begun - segment.length_s, 2), text) for at, text in drive.said()]
    for cue in segment.unit:
        assert (round(cue.at_s, 2), cue.text) in heard


@pytest.mark.parametrize(("routine", "most_s"), [("sides", 50.0), ("walking-break", 180.0)])
def test_there_is_an_end_to_more(routine: str, most_s: float) -> None:
    """Twice what was planned, or thirty seconds more if that is longer; and it is said."""
    drive = led(routine)
    item = session(drive).plan.exercise_ids.index("plank" if routine == "sides" else "walk")
    run_until(drive, Kind.WORK, item, into_s=1.0)
    for _ in range(20):
        drive.at(drive.now + 0.01, Asked(C.MORE_TIME, seconds=25.0))
    assert session(drive).length_s == most_s
    texts = [text for _, text in drive.said()]
    assert sum(text.endswith(", that is the most.") for text in texts) == 1
    assert texts[-1] == sentences.MOST_TIME


def test_there_is_an_end_to_more_repetitions() -> None:
    plan = PLANS["lower-back-strength-2"]
    item = plan.exercise_ids.index("dead-bug")
    drive = led("lower-back-strength-2")
    segment = run_until(drive, Kind.WORK, item, into_s=0.5)
    for _ in range(20):
        drive.at(drive.now + 0.01, Asked(C.MORE_TIME, seconds=30.0))
    assert session(drive).length_s <= max(2 * segment.length_s, segment.length_s + 30) + 1e-6
    assert last_said(drive) == sentences.MOST_TIME


def test_a_rest_gets_two_minutes_more_at_most() -> None:
    """Whoever needs longer can pause."""
    drive = led()
    drive.at(STARTS["rest"] + 1)
    for _ in range(9):
        drive.at(drive.now + 0.01, Asked(C.MORE_TIME, seconds=60.0))
    assert session(drive).length_s == 10.0 + 120.0


def test_what_is_read_back_says_where_it_ends() -> None:
    assert read_back.more_time(10.0) == "Ten seconds more."
    assert read_back.more_time(10.0, most=True) == "Ten seconds more, that is the most."
    assert read_back.more_units(2, breaths=True) == "Two breaths more."
    assert read_back.more_units(1, breaths=False, most=True) == "One more, that is the most."
    assert read_back.every(7200.0, None, "longest").startswith("Every two hours, that is the long")


# --- while it waits ----------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [C.MORE_TIME, C.LESS_TIME, C.LONGER_REST, C.SHORTER_REST],
)
def test_how_long_can_be_changed_while_paused(command: Command) -> None:
    """It stays paused."""
    drive = led()
    drive.at(STARTS["work"] + 3, C.PAUSE)
    drive.at(drive.now + 1, command)
    assert drive.mode() is Paused
    changed = session(drive)
    expected = {C.MORE_TIME: (30.0, 0.0), C.LESS_TIME: (10.0, 0.0)}
    rest = {C.LONGER_REST: (20.0, 10.0), C.SHORTER_REST: (20.0, -10.0)}
    assert (changed.length_s, changed.rest_s) == {**expected, **rest}[command]
    assert sentences.NOT_NOW not in said_since(drive, 0.0)


@pytest.mark.parametrize("command", [C.OTHER_SIDE, C.EXPLAIN, C.EASIER])
def test_which_and_how_can_be_asked_while_paused(command: Command) -> None:
    """It goes on with that, as after "next"."""
    drive = led("lower-back-strength-2")
    item = PLANS["lower-back-strength-2"].exercise_ids.index("bird-dog")
    run_until(drive, Kind.WORK, item, "left", into_s=2.0)
    drive.at(drive.now, C.PAUSE)
    drive.at(drive.now + 1, command)
    assert drive.mode() is Leading
    assert sentences.NOT_NOW not in said_since(drive, 0.0)


@pytest.mark.parametrize("command", [C.GO, C.RESUME, C.START])
def test_going_on_is_not_talked_about_while_it_is_counted(command: Command) -> None:
    """Three, two, one."""
    drive = led()
    drive.at(STARTS["work"] + 3, C.PAUSE)
    drive.at(30.0, C.GO)
    drive.at(30.6, Asked(command, text=command.value))
    drive.at(33.0)
    assert [text for _, text in drive.said()[-3:]] == list(sentences.REENTRY)
    assert drive.mode() is Leading


@pytest.mark.parametrize("command", [C.MEETING, C.TIME_LEFT, C.MORE_TIME])
def test_an_answer_is_not_spoken_over_the_count(command: Command) -> None:
    """The count begins again after it."""
    drive = led()
    drive.at(STARTS["work"] + 3, C.PAUSE)
    drive.at(30.0, C.GO)
    drive.at(31.2, command)
    assert drive.mode() is Reentry
    answer = drive.said()[-1]
    assert answer[1] not in (*sentences.REENTRY, sentences.NOT_NOW)
    drive.at(60.0)
    after = [text for at, text in drive.said() if at > answer[0]][:3]
    assert after == list(sentences.REENTRY)
    if command is C.MEETING:
        assert drive.state.wishes.quiet_until is not None


@pytest.mark.parametrize("command", [C.LEAVING, C.LUNCH])
def test_whoever_leaves_while_paused_is_away(command: Command) -> None:
    drive = led()
    drive.at(STARTS["work"] + 3, C.PAUSE)
    drive.at(30.0, command)
    assert drive.mode() is Away
    assert last_said(drive) == as_said(sentences.LUNCH if command is C.LUNCH else sentences.LEAVING)
    assert [row.detail for row in rows(drive, "session_end")] == ["stopped"]


def test_whoever_leaves_in_a_question_is_away() -> None:
    drive = led(ask_pain=True, screening=False, routine="lower-back-gentle")
    assert drive.asking is not None
    drive.at(5.0, C.LEAVING)
    assert drive.mode() is Away


def test_nothing_comes_after_the_closing_words() -> None:
    """ "Next" ends it, and doesn't say them again."""
    drive = led()
    drive.at(STARTS["outro"] + 0.5, C.NEXT)
    assert drive.mode() is Sitting
    assert [row.detail for row in rows(drive, "session_end")] == ["done"]
    assert sum(text == "That is it." for _, text in drive.said()) == 1


# --- how long left, and why -------------------------------------------------------


@pytest.mark.parametrize("pace", [0, 4])
@pytest.mark.parametrize("rests", [0, 3])
def test_how_long_left_is_how_long_it_takes(pace: int, rests: int) -> None:
    """With longer rests and with a slow voice, by half a minute in a quarter of an hour."""
    drive = led("fifteen-minutes")
    for command, times in ((C.SLOWER, pace), (C.LONGER_REST, rests)):
        for _ in range(times):
            drive.at(drive.now + 4.0, command)
    drive.at(drive.now + 20.0)
    assert isinstance(drive.state.lead, Leading)
    _, told_s = left_s(Turn(drive.state), drive.state.lead)
    began = drive.now
    while drive.session is not None:
        drive.at(drive.now + 1.0)
    assert drive.now - began == pytest.approx(told_s, abs=30.0)


def test_the_time_at_the_start_is_that_of_a_slow_voice() -> None:
    drive = Drive(replace(SETTINGS, plans=PLANS, routines=LIBRARY.routines, routine="mobility"))
    for second in range(4):
        drive.at(4.0 * second, C.SLOWER)
    drive.at(30.0, C.START)
    now, turn = session(drive), Turn(drive.state)
    total_s = sum(stretched(turn, now, segment)[0] for segment in now.plan.segments)
    about = [text for _, text in drive.said() if text.startswith("About ")]
    drive.at(40.0)
    about = [text for _, text in drive.said() if text.startswith("About ")]
    assert about == [f"About {words.length(total_s)}."]
    assert about[0] not in [cue.text for cue in PLANS["mobility"].segments[0].cues]


def test_explain_and_why_tell_what_to_take_care_of() -> None:
    """Contraindications and when to end it, for whoever asks."""
    plan = PLANS["desk-break-4"]
    for command in (C.WHY, C.EXPLAIN):
        drive = led("desk-break-4", wording=Wording.SHORT)
        run_until(drive, Kind.WORK, 0, into_s=1.0)
        before = drive.now
        drive.at(before, command)
        drive.at(before + 60.0)
        told = " ".join(said_since(drive, before))
        assert plan.care[0]
        assert all(text in told for text in plan.care[0])


def test_explain_while_the_steps_are_told_briefly_tells_them_all() -> None:
    drive = led("lower-back-gentle", wording=Wording.SHORT)
    run_until(drive, Kind.STEPS, 1, into_s=0.2)
    drive.at(drive.now, C.EXPLAIN)
    before = drive.now
    full = PLANS["lower-back-gentle"].explained[1]
    drive.at(before + full.length_s)
    told = said_since(drive, before)
    assert all(cue.text in told for cue in full.cues)
    assert steps(PLANS["lower-back-gentle"], 1) != full


def test_after_an_explanation_one_is_led_into_the_hold_again() -> None:
    """Where the steps were told before one got there, they don't do it."""
    plan = PLANS["lower-back-strength-2"]
    item = plan.exercise_ids.index("bird-dog")
    drive = led("lower-back-strength-2")
    run_until(drive, Kind.WORK, item, "left", into_s=2.0)
    before = drive.now
    drive.at(before, C.EXPLAIN)
    drive.at(before + plan.explained[item].length_s + 10.0)
    told = said_since(drive, before)
    assert "Firm up your belly." not in [cue.text for cue in plan.explained[item].cues]
    assert told.index("Firm up your belly.") == len(plan.explained[item].cues)
    assert session(drive).working


def test_an_easier_dose_is_told() -> None:
    """Where there is no easier exercise there is less of it, and that is said."""
    drive = led("lower-back-gentle")
    run_until(drive, Kind.WORK, 0, into_s=1.0)
    drive.at(drive.now, C.EASIER)
    assert sentences.LIGHTER in said_since(drive, drive.now)


@pytest.mark.parametrize("routine", sorted(PLANS))
def test_nothing_overlaps_in_a_hold_that_is_made_shorter(routine: str) -> None:
    """What would run into the count is left out."""
    for item in {s.item for s in PLANS[routine].segments if s.kind is Kind.WORK and not s.unit_s}:
        for into_s in (0.6, 4.1):
            drive = led(routine)
            segment = run_until(drive, Kind.WORK, item)
            if segment.length_s < into_s + 4:
                continue
            drive.at(session(drive).began + into_s, C.LESS_TIME)
            ends_s = 0.0
            for at_s, cue in session(drive).marks:
                if cue is not None:
                    assert at_s >= ends_s - 1e-6, (routine, item, cue.text)
                    ends_s = at_s + cue.speech_s


@pytest.mark.parametrize(("yes", "said"), [((), False), (("stenosis",), True)])
def test_that_something_is_left_out_is_told_to_whom_it_is(yes: tuple[str, ...], said: bool) -> None:
    """And to nobody else."""
    drive = led("mobility", health=Health(screened=True, yes=frozenset(yes)))
    drive.at(5.0)
    assert (sentences.LEFT_OUT in [text for _, text in drive.said()]) is said


# --- the start ---------------------------------------------------------------------


def test_pain_counts_from_when_it_was_told() -> None:
    """An hour before the start it holds for one hour more."""
    told = Health(screened=True, pain=7, pain_age_s=3600.0)
    drive = Drive(replace(SETTINGS, health=told), now=100_000.0)
    assert drive.state.person.pain_told == (96_400.0, 7)
    assert Drive(replace(SETTINGS, health=Health(pain=7)), now=5.0).state.person.pain_told == (
        5.0,
        7,
    )
