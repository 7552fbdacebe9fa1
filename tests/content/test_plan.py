"""A routine laid out in time."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coach.events import Context
from assistant.content import words
from assistant.content.check import sentences
from assistant.content.plan import compile_plan, script
from assistant.content.speech import estimate_s
from assistant.content.types import (
    At,
    Count,
    Dose,
    Exercise,
    Item,
    Kind,
    Mode,
    Phase,
    Plan,
    Position,
    Prompt,
    Rank,
    Routine,
    Segment,
    Sides,
)
from assistant.hearing.understand import Understanding, plain
from tests.content.voice import ROUTINES as FOLDER
from tests.content.voice import alone, missing, rendered_s, said_in, shipped

LIBRARY = shipped()
ROUTINES = [*LIBRARY.routines.values(), *alone(LIBRARY)]
NUMBERS = {f"{words.number(value).capitalize()}.": value for value in range(60)}

TEXTS = st.sampled_from(
    ["Breathe.", "Stand tall, and look ahead.", "Do this. Then do that slowly."]
)
EXERCISES = st.builds(
    Exercise,
    id=st.just("any"),
    name=st.just("Any"),
    spoken_name=st.sampled_from(["any", "a rather long name for an exercise"]),
    position=st.sampled_from(Position),
    phase=st.sampled_from(Phase),
    mode=st.sampled_from(Mode),
    dose=st.just(Dose()),
    setup=TEXTS,
    steps=st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
    sides=st.sampled_from(Sides),
    count=st.sampled_from(Count),
    breathing=st.sampled_from(["", "Breathe slowly."]),
    cues=st.lists(
        st.builds(
            Prompt,
            at=st.sampled_from(At),
            say=st.sampled_from(["Halfway, and this is a long cue for the middle.", "Slowly."]),
            n=st.integers(1, 6),
        ),
        max_size=4,
    ).map(tuple),
    back=st.sampled_from(["And back.", "Slowly all the way back to the floor."]),
    release=st.sampled_from(["And let go.", "Slowly come all the way down again, and rest."]),
    mistakes=st.lists(TEXTS, max_size=2).map(tuple),
)
SECONDS = st.sampled_from([1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 12.0, 20.0, 21.3, 30.0, 90.0, 600.0])
DOSES = st.builds(
    Dose,
    hold_s=SECONDS,
    reps=st.integers(1, 12),
    sets=st.integers(1, 3),
    release_s=st.sampled_from([1.0, 3.0, 5.0]),
    rest_s=st.sampled_from([0.0, 4.0, 10.0, 60.0]),
    switch_s=st.sampled_from([5.0, 10.0]),
    setup_s=st.sampled_from([0.0, 10.0]),
    tempo_s=st.sampled_from([2.0, 2.5, 4.0, 6.0]),
    set_reps=st.lists(st.integers(1, 6), max_size=3).map(tuple),
)
ITEMS = st.builds(
    Item, exercise=EXERCISES, dose=DOSES, start_side=st.sampled_from(["left", "right"])
)
ANY_ROUTINE = st.builds(
    Routine,
    id=st.just("any"),
    name=st.just("Any"),
    spoken_names=st.just(("any routine",)),
    intro=TEXTS,
    items=st.lists(ITEMS, min_size=1, max_size=3).map(tuple),
)


def worked(item: Item) -> dict[str, float]:
    """How long each side is worked, straight from the dose."""
    exercise, dose = item.exercise, item.dose
    times = sum(dose.set_reps) if dose.set_reps else dose.reps * dose.sets
    one = {
        Mode.HOLD: dose.hold_s * (len(dose.set_reps) or dose.sets),
        Mode.TIMED: dose.hold_s * (len(dose.set_reps) or dose.sets),
        Mode.HOLD_REPS: dose.hold_s * times,
        Mode.REPS: dose.tempo_s * times,
        Mode.BREATHS: dose.tempo_s * times,
    }[exercise.mode]
    if exercise.sides is Sides.NONE:
        return {"": one}
    if exercise.sides is Sides.LEFT_RIGHT or exercise.mode in (Mode.HOLD, Mode.HOLD_REPS):
        return {"left": one, "right": one}
    return {"": one if exercise.mode is Mode.TIMED else 2 * one}


def of_kind(plan: Plan, kind: Kind) -> list[Segment]:
    return [segment for segment in plan.segments if segment.kind is kind]


def check(routine: Routine) -> Plan:
    """The rules that hold for every plan."""
    plan = compile_plan(routine)
    assert [segment.kind for segment in plan.segments][:3] == [Kind.INTRO, Kind.SETUP, Kind.STEPS]
    assert plan.segments[-1].kind is Kind.OUTRO
    for index, item in enumerate(routine.items):
        sides: Counter[str] = Counter()
        for segment in of_kind(plan, Kind.WORK):
            if segment.item == index:
                sides[segment.side] += segment.length_s  # type: ignore[assignment]
        assert sides == pytest.approx(worked(item))
    for segment in plan.segments:
        check_segment(segment)
    for before, after in pairwise(plan.segments):
        if before.kind is Kind.WORK:
            release = routine.items[before.item].exercise.release
            assert after.cues[0].at_s == 0
            assert after.cues[0].text == release
            assert after.kind in (Kind.RELEASE, Kind.SWITCH, Kind.REST, Kind.OUTRO)
    return plan


def check_segment(segment: Segment) -> None:
    assert segment.length_s > 0
    for cue in segment.cues:
        assert cue.text
        assert cue.speech_s == estimate_s(cue.text)
        assert cue.at_s >= 0
        assert cue.at_s + cue.speech_s <= segment.length_s + 1e-6
        assert not any(cue.at_s <= tick < cue.at_s + cue.speech_s for tick in segment.ticks)
    for one, other in pairwise(segment.cues):
        assert one.at_s + one.speech_s <= other.at_s + 1e-6
    if segment.kind is not Kind.WORK:
        assert not segment.ticks
        assert segment.length_s >= segment.speech_s + 0.4 - 1e-6
    assert all(0 < tick < segment.length_s for tick in segment.ticks)


@settings(max_examples=300, deadline=None)
@given(ANY_ROUTINE)
def test_every_routine_keeps_the_rules(routine: Routine) -> None:
    """Work is exactly the dose, sides are equal, nothing said overlaps, holds end on time."""
    check(routine)


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_every_shipped_plan_keeps_the_rules(routine: Routine) -> None:
    """What is shipped obeys what holds for any routine."""
    check(routine)


@settings(max_examples=100, deadline=None)
@given(ANY_ROUTINE)
def test_the_script_is_the_plan_on_the_clock(routine: Routine) -> None:
    """Rows follow one another without a gap, and the last one ends at the total."""
    plan = compile_plan(routine)
    rows = script(plan)
    assert rows[0].start_s == 0
    assert rows[-1].end_s == pytest.approx(plan.total_s, abs=0.01)
    assert all(one.end_s == other.start_s for one, other in pairwise(rows))
    assert [len(row.cues) for row in rows] == [len(segment.cues) for segment in plan.segments]
    assert all(row.start_s <= at <= row.end_s for row in rows for at, _ in row.cues)


def one(mode: Mode, count: Count = Count.LAST3, sides: Sides = Sides.NONE, **dose: float) -> Plan:
    """The plan of one exercise with this dose."""
    exercise = replace(
        LIBRARY.exercises["pelvic-tilt"], mode=mode, count=count, sides=sides, cues=()
    )
    item = Item(exercise=exercise, dose=replace(Dose(), **dose))  # type: ignore[arg-type]
    return compile_plan(
        Routine(id="x", name="X", spoken_names=("x",), intro="Good morning.", items=(item,))
    )


def said(plan: Plan, kind: Kind = Kind.WORK, which: int = 0) -> list[tuple[float, str]]:
    return [(cue.at_s, cue.text) for cue in of_kind(plan, kind)[which].cues]


@settings(max_examples=200, deadline=None)
@given(SECONDS, st.sampled_from([Count.DOWN, Count.LAST3, Count.EVERY5]))
def test_a_count_ends_with_the_hold(hold_s: float, count: Count) -> None:
    """A number is said that many seconds before the end, and "one" is never left out."""
    numbers = [
        (at, NUMBERS[text])
        for at, text in said(one(Mode.HOLD, count, hold_s=hold_s))
        if text in NUMBERS
    ]
    assert all(at == pytest.approx(hold_s - number) for at, number in numbers)
    if hold_s > 1:
        assert numbers[-1][1] == 1
    if hold_s > 3:
        assert [number for _, number in numbers][-3:] == [3, 2, 1]


THREE_TWO_ONE = {17: "Three.", 18: "Two.", 19: "One."}


@pytest.mark.parametrize(
    ("count", "hold_s", "expected"),
    [
        (Count.DOWN, 5, {0: "Hold.", 1: "Four.", 2: "Three.", 3: "Two.", 4: "One."}),
        (Count.LAST3, 5, {0: "Hold.", 2: "Three.", 3: "Two.", 4: "One."}),
        (Count.UP, 4, {0: "Hold.", 1: "One.", 2: "Two.", 3: "Three."}),
        (Count.SILENT, 10, {0: "Hold."}),
        (
            Count.EVERY5,
            20,
            {0: "Hold.", 5: "Fifteen.", 10: "Ten.", 15: "Five."} | THREE_TWO_ONE,
        ),
        (
            Count.LAST3,
            20,
            {0: "Hold.", 5: "Keep breathing.", 10: "Halfway."} | THREE_TWO_ONE,
        ),
        (
            Count.DOWN,
            30,
            {0: "Hold.", 7.5: "Keep breathing.", 15: "Halfway."}
            | {25: "Five.", 26: "Four.", 27: "Three.", 28: "Two.", 29: "One."},
        ),
    ],
)
def test_each_way_of_counting(count: Count, hold_s: float, expected: dict[float, str]) -> None:
    """What is said when, second by second; the count goes before halfway and breathing."""
    assert dict(said(one(Mode.HOLD, count, hold_s=hold_s))) == expected


def test_ticks_fill_the_silent_seconds_of_a_counted_hold() -> None:
    """Each second of a counted hold is heard: a number or a tick."""
    work = of_kind(one(Mode.HOLD, hold_s=6.5), Kind.WORK)[0]
    assert work.ticks == (1.5, 2.5)
    assert said(one(Mode.HOLD, hold_s=6.5))[1:] == [(3.5, "Three."), (4.5, "Two."), (5.5, "One.")]
    assert of_kind(one(Mode.HOLD, Count.SILENT, hold_s=6.5), Kind.WORK)[0].ticks == ()
    assert of_kind(one(Mode.TIMED, hold_s=30), Kind.WORK)[0].ticks == ()


def test_repetitions_are_counted_and_the_last_one_is_named() -> None:
    """Each repetition begins with its number, the last one is said to be the last."""
    assert said(one(Mode.REPS, reps=3, tempo_s=4)) == [
        (0, "One."),
        (4, "Two."),
        (8, "Last one."),
    ]
    plan = one(Mode.REPS, sides=Sides.ALTERNATING, reps=2, tempo_s=3)
    assert said(plan) == [
        (0, "One, left."),
        (3, "Right."),
        (6, "Two, left."),
        (9, "Last one, right."),
    ]


def test_breaths_are_led() -> None:
    """In and out, evenly, and the last one is named."""
    assert said(one(Mode.BREATHS, Count.BREATHS, reps=2, tempo_s=6)) == [
        (0, "Breathe in."),
        (3, "And out."),
        (6, "One last breath in."),
        (9, "And out."),
    ]


def test_holds_with_releases_are_a_mode_of_their_own() -> None:
    """Hold, let go, again, and before the last hold it is said to be the last."""
    plan = one(Mode.HOLD_REPS, hold_s=10, reps=3, release_s=5)
    assert [segment.length_s for segment in of_kind(plan, Kind.WORK)] == [10, 10, 10]
    assert [segment.length_s for segment in of_kind(plan, Kind.RELEASE)] == [5, 5]
    assert [text for _, text in said(plan, Kind.RELEASE, 0)] == ["And let go.", "And again."]
    assert [text for _, text in said(plan, Kind.RELEASE, 1)] == ["And let go.", "Last one."]


def test_the_second_side_gets_no_instructions_again() -> None:
    """One setting up and one telling how; then a switch that names the side, then work."""
    plan = one(Mode.HOLD_REPS, sides=Sides.LEFT_RIGHT, hold_s=5, reps=2, switch_s=8)
    kinds = [segment.kind for segment in plan.segments]
    hold = [Kind.WORK, Kind.RELEASE, Kind.WORK]
    assert kinds == [Kind.INTRO, Kind.SETUP, Kind.STEPS, *hold, Kind.SWITCH, *hold, Kind.OUTRO]
    assert [text for _, text in said(plan, Kind.SWITCH)] == [
        "And let go.",
        "Switch sides.",
        "Right side.",
    ]
    assert of_kind(plan, Kind.SWITCH)[0].length_s == 8


def test_sets_rest_in_between_and_are_named() -> None:
    """Two sets of two sides: a rest between, and the next set is named before it starts."""
    plan = one(Mode.HOLD, sides=Sides.LEFT_RIGHT, hold_s=5, sets=2)
    assert [segment.side for segment in of_kind(plan, Kind.WORK)] == [
        *("left", "right", "left", "right")
    ]
    assert of_kind(plan, Kind.REST)[0].length_s == 10
    assert said(plan, Kind.REST)[-1][1] == "Set two, left side."


def test_alternating_holds_change_sides_each_time() -> None:
    """Left and right in turn, and the side is named in between."""
    plan = one(Mode.HOLD_REPS, sides=Sides.ALTERNATING, hold_s=5, reps=2)
    assert [segment.side for segment in of_kind(plan, Kind.WORK)] == [
        *("left", "right", "left", "right")
    ]
    assert said(plan, Kind.RELEASE)[-1][1] == "Right side."


def test_the_next_exercise_is_named_nine_seconds_ahead() -> None:
    """In a rest long enough, the announcement begins nine seconds before its end."""
    item = Item(exercise=LIBRARY.exercises["bridge"], dose=Dose(hold_s=5, rest_s=30))
    plan = compile_plan(
        Routine(id="x", name="X", spoken_names=("x",), intro="", items=(item, item))
    )
    assert said(plan, Kind.REST)[-1] == (21, "Next, bridge.")


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_the_intro_says_the_name_and_the_length(routine: Routine) -> None:
    """The first two sentences are what it is called and how long it takes, in words."""
    plan = compile_plan(routine)
    texts = [text for _, text in said(plan, Kind.INTRO)]
    assert texts[0].lower() == f"{routine.spoken_names[0]}."
    # At the edge of two wordings the longer one may just tip it over: a second either way.
    assert texts[1] in {f"About {words.length(plan.total_s + off)}." for off in (-1, 0, 1)}
    assert texts[2:] == sentences(routine.intro)


def test_tips_are_tips_and_counts_are_counts() -> None:
    """What may be dropped first is marked so."""
    plan = one(Mode.HOLD, hold_s=20)
    ranks = {cue.text: cue.rank for segment in plan.segments for cue in segment.cues}
    assert ranks["Keep breathing."] is Rank.TIP
    assert ranks["Only the pelvis moves."] is Rank.TIP
    assert ranks["Halfway."] is Rank.CUE
    assert ranks["Three."] is Rank.COUNT


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_no_sentence_of_a_plan_is_a_command(routine: Routine) -> None:
    """What the assistant says can't be taken for what a person asks, should it hear itself."""
    names = {one.id: one.spoken_names for one in LIBRARY.routines.values()}
    understanding = Understanding(FOLDER / "commands.yaml", ["hey coach"], names)
    commands = {phrase for context in Context for phrase in understanding.phrases(context)}
    assert "stop" in commands
    assert {plain(text) for text in said_in(routine)} & commands == set()


# --- what is shipped ---------------------------------------------------------


def test_the_desk_break_is_two_minutes() -> None:
    """All of it, speech included, takes 115 to 125 seconds, standing."""
    routine = LIBRARY.routines["desk-break"]
    assert 115 <= compile_plan(routine).total_s <= 125
    assert {item.exercise.position for item in routine.items} == {Position.STANDING}


def test_the_gentle_routine_is_safe_in_an_acute_spell() -> None:
    """Only exercises for an acute spell, all on the floor, nine minutes, getting down once."""
    routine = LIBRARY.routines["lower-back-gentle"]
    assert {item.exercise.phase for item in routine.items} == {Phase.ACUTE}
    positions = [item.exercise.position for item in routine.items]
    assert set(positions) <= {Position.SUPINE, Position.PRONE, Position.ALL_FOURS}
    assert sum(one is not other for one, other in pairwise(positions)) <= 1
    assert 8.5 * 60 <= compile_plan(routine).total_s <= 9.5 * 60


def test_the_strength_routine_holds_what_it_must() -> None:
    """Brace, bridge, donkey kicks of thirty seconds a side, bird dog."""
    routine = LIBRARY.routines["lower-back-strength"]
    assert [item.exercise.id for item in routine.items] == [
        *("abdominal-brace", "bridge", "donkey-kick", "bird-dog")
    ]
    kicks = [s for s in of_kind(compile_plan(routine), Kind.WORK) if s.item == 2]
    assert [(s.side, s.length_s) for s in kicks] == [("left", 30), ("right", 30)]


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_every_sentence_fits_where_it_stands_when_spoken_for_real() -> None:
    """Rendered by the voice, each sentence is over before the next one and its stretch's end."""
    slots: dict[str, float] = {}
    for routine in ROUTINES:
        for segment in compile_plan(routine).segments:
            ends = [*(cue.at_s for cue in segment.cues[1:]), segment.length_s]
            for cue, end in zip(segment.cues, ends, strict=False):
                slots[cue.text] = min(end - cue.at_s, slots.get(cue.text, 1e9))
    real = rendered_s(slots)
    assert len(real) > 150
    late = {text: (real[text], slot) for text, slot in slots.items() if real[text] > slot}
    assert late == {}
