"""A routine laid out in time."""

import re
import tomllib
from collections import Counter
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coach.effects import Context
from assistant.coach.levels import EASY_BEFORE
from assistant.content import cautions, counts_and_cues, words
from assistant.content.conditions import Movement
from assistant.content.eased_routine import eased, exchanged
from assistant.content.limits import sentences
from assistant.content.plan import compile_plan, told_to
from assistant.content.plans import Plans
from assistant.content.rests import TIRING
from assistant.content.speech import estimate_s
from assistant.content.timetable import script
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
    Sound,
)
from assistant.hearing.understand import Understanding, plain
from tests.content.voice import PACES, alone, missing, said_in, shipped, slots, spoken_s
from tests.content.voice import ROUTINES as FOLDER

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
    ready_s=st.sampled_from([0.0, 7.0]),
    move_s=st.sampled_from([0.0, 3.5]),
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
    tires = routine.items[0].exercise.position in TIRING
    way = [Kind.SETUP, Kind.STEPS]  # and explained before it, where the position tires
    kinds = [Kind.INTRO, *([Kind.STEPS] if tires else []), *way]
    assert [segment.kind for segment in plan.segments][: len(kinds)] == kinds
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
    brief = told_to(plan, plan.exercise_ids)
    assert brief.total_s < plan.total_s
    for whole, told in zip(plan.segments, brief.segments, strict=True):
        check_segment(told)
        if whole.brief is None and whole.kind is not Kind.INTRO:
            assert told is whole
        assert whole.brief is None or whole.kind in (Kind.SETUP, Kind.STEPS)
    assert told_to(brief, ()).segments[1:] == plan.segments[1:]
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


@settings(max_examples=300)
@given(ANY_ROUTINE)
def test_every_routine_keeps_the_rules(routine: Routine) -> None:
    """Work is exactly the dose, sides are equal, nothing said overlaps, holds end on time."""
    check(routine)


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_every_shipped_plan_keeps_the_rules(routine: Routine) -> None:
    """What is shipped obeys what holds for any routine."""
    check(routine)


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_every_level_of_every_routine_keeps_the_rules(routine: Routine) -> None:
    """Made easier as a whole, and with the easier or the harder neighbour in each place."""
    check(eased(routine, LIBRARY.exercises))
    for index, item in enumerate(routine.items):
        for name in filter(None, (item.exercise.easier, item.exercise.harder)):
            check(exchanged(routine, index, LIBRARY.exercises[name]))


@settings(max_examples=100)
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


def one(
    mode: Mode, count: Count = Count.LAST3, sides: Sides = Sides.NONE, **dose: float | str
) -> Plan:
    """The plan of one exercise with this dose, of which no movement is told."""
    exercise = replace(
        LIBRARY.exercises["pelvic-tilt"], mode=mode, count=count, sides=sides, cues=(), move=""
    )
    item = Item(exercise=exercise, dose=replace(Dose(), **dose))  # type: ignore[arg-type]
    return compile_plan(
        Routine(id="x", name="X", spoken_names=("x",), intro="Good morning.", items=(item,))
    )


def said(plan: Plan, kind: Kind = Kind.WORK, which: int = 0) -> list[tuple[float, str]]:
    return [(cue.at_s, cue.text) for cue in of_kind(plan, kind)[which].cues]


@settings(max_examples=200)
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
    hold = of_kind(one(Mode.HOLD, hold_s=6.5), Kind.WORK)[0]
    assert hold.ticks == (1.5, 2.5)
    assert said(one(Mode.HOLD, hold_s=6.5))[1:] == [(3.5, "Three."), (4.5, "Two."), (5.5, "One.")]
    assert of_kind(one(Mode.HOLD, Count.SILENT, hold_s=6.5), Kind.WORK)[0].ticks == ()
    assert of_kind(one(Mode.TIMED, hold_s=30), Kind.WORK)[0].ticks == ()


def test_a_metronome_has_a_beat_for_each_move_of_a_repetition() -> None:
    """There, and back where the tempo says when; on either side where they alternate."""
    [work] = of_kind(one(Mode.REPS, reps=2, tempo_s=5, tempo="2-1-2"), Kind.WORK)
    assert work.beats == (0.0, 3.0, 5.0, 8.0)
    [work] = of_kind(one(Mode.REPS, sides=Sides.ALTERNATING, reps=2, tempo_s=4), Kind.WORK)
    assert work.beats == (0.0, 4.0, 8.0, 12.0)
    for other in (one(Mode.HOLD, hold_s=6.5), one(Mode.BREATHS, Count.BREATHS, reps=3)):
        assert not of_kind(other, Kind.WORK)[0].beats


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
    plan = one(Mode.HOLD_REPS, hold_s=10, reps=3, release_s=6)
    assert [segment.length_s for segment in of_kind(plan, Kind.WORK)] == [10, 10, 10]
    assert [segment.length_s for segment in of_kind(plan, Kind.RELEASE)] == [6, 6]
    assert [text for _, text in said(plan, Kind.RELEASE, 0)] == ["And let go.", "And again."]
    assert [text for _, text in said(plan, Kind.RELEASE, 1)] == ["And let go.", "Last one."]


def own(mode: Mode, at: At, n: int = 0, **dose: float) -> Plan:
    """The plan of an exercise with one cue of its own, "Now."."""
    exercise = replace(
        LIBRARY.exercises["pelvic-tilt"],
        mode=mode,
        sides=Sides.NONE,
        count=Count.LAST3,
        move="",
        cues=(Prompt(at=at, say="Now.", n=n),),
    )
    item = Item(exercise=exercise, dose=replace(Dose(), **dose))  # type: ignore[arg-type]
    return compile_plan(
        Routine(id="x", name="X", spoken_names=("x",), intro="Good morning.", items=(item,))
    )


def moments(plan: Plan) -> list[float]:
    """When "Now." is said, in seconds of work done so far."""
    found, done = [], 0.0
    for segment in plan.segments:
        found += [
            round(done + (cue.at_s if segment.kind is Kind.WORK else 0), 1)
            for cue in segment.cues
            if cue.text == "Now."
        ]
        done += segment.length_s if segment.kind is Kind.WORK else 0
    return found


@pytest.mark.parametrize(
    ("mode", "at", "n", "dose", "expected"),
    [
        (Mode.HOLD, At.START, 0, {"hold_s": 30}, [1.2]),  # after "Hold."
        (Mode.HOLD, At.HALF, 0, {"hold_s": 30}, [15]),
        (Mode.HOLD, At.EVERY_N, 10, {"hold_s": 40}, [10, 20, 30]),
        (Mode.TIMED, At.EVERY_N, 30, {"hold_s": 90}, [30, 60]),
        (Mode.REPS, At.HALF, 0, {"reps": 6, "tempo_s": 4}, [13.2]),  # behind "Four."
        (Mode.REPS, At.EVERY_N, 2, {"reps": 6, "tempo_s": 4}, [9.2, 17.2]),
        (Mode.HOLD_REPS, At.HALF, 0, {"hold_s": 5, "reps": 4}, [10]),
        (Mode.HOLD_REPS, At.EVERY_N, 2, {"hold_s": 5, "reps": 6}, [10, 20]),
        (Mode.HOLD_REPS, At.LAST, 0, {"hold_s": 5, "reps": 4}, [15]),
        (Mode.HOLD_REPS, At.START, 0, {"hold_s": 10, "reps": 4}, [1.2]),
        (Mode.HOLD_REPS, At.START, 0, {"hold_s": 3, "reps": 4}, []),  # the count leaves no room
    ],
)
def test_a_cue_of_its_own_is_said_at_its_moment(
    mode: Mode, at: At, n: int, dose: dict[str, float], expected: list[float]
) -> None:
    """Start, middle, every so often, last: beside the count, never over it."""
    assert moments(own(mode, at, n, **dose)) == pytest.approx(expected, abs=0.05)


def test_the_last_cue_of_a_long_hold_comes_before_its_count() -> None:
    """And with the last repetition, where there are repetitions."""
    assert 40 < moments(own(Mode.HOLD, At.LAST, hold_s=60))[0] < 57
    assert 20 < moments(own(Mode.REPS, At.LAST, reps=6, tempo_s=4))[0] < 24


def test_an_own_half_cue_takes_the_place_of_halfway() -> None:
    """Not both."""
    texts = [text for _, text in said(own(Mode.HOLD, At.HALF, hold_s=30))]
    assert "Now." in texts
    assert "Halfway." not in texts


def test_a_tempo_says_when_to_turn_back() -> None:
    """Two seconds there, one to stay, three back: the number at the start, "and back" at three."""
    exercise = replace(LIBRARY.exercises["pelvic-tilt"], mode=Mode.REPS, cues=(), move="")
    item = Item(exercise=exercise, dose=Dose(reps=2, tempo="2-1-3", tempo_s=6))
    plan = compile_plan(Routine(id="x", name="X", spoken_names=("x",), intro="", items=(item,)))
    assert said(plan) == [(0, "One."), (3, "And back."), (6, "Last one."), (9, "And back.")]


def test_sets_may_grow_shorter() -> None:
    """Six, four, two: that many holds in each set, and a rest between the sets."""
    exercise = replace(LIBRARY.exercises["pelvic-tilt"], cues=())
    item = Item(exercise=exercise, dose=Dose(hold_s=10, set_reps=(6, 4, 2)))
    plan = compile_plan(Routine(id="x", name="X", spoken_names=("x",), intro="", items=(item,)))
    kinds = [segment.kind for segment in plan.segments if segment.item == 0]
    holds = "".join({Kind.WORK: "w", Kind.REST: "-"}.get(kind, "") for kind in kinds)
    assert holds == "wwwwww-wwww-ww"


def test_one_side_alone_is_said_and_done() -> None:
    """Nothing switches, and the other side isn't mentioned."""
    exercise = LIBRARY.exercises["knee-to-chest"]
    item = Item(exercise=exercise, dose=exercise.dose, only_side="right")
    plan = compile_plan(Routine(id="x", name="X", spoken_names=("x",), intro="", items=(item,)))
    assert {segment.side for segment in of_kind(plan, Kind.WORK)} == {"right"}
    assert not of_kind(plan, Kind.SWITCH)
    assert said(plan, Kind.SETUP)[-1][1] == "Right knee only."
    assert "left" not in " ".join(cue.text for s in plan.segments for cue in s.cues).lower()


@pytest.mark.parametrize(
    ("sound", "ticks", "counts"),
    [(Sound.FULL, True, True), (Sound.NO_TICKS, False, True), (Sound.QUIET, False, False)],
)
def test_each_sound_of_a_routine(sound: Sound, ticks: bool, counts: bool) -> None:
    """Full has ticks and counts, the others fewer; the holds are as long in each."""
    item = Item(exercise=LIBRARY.exercises["hamstring-towel"], dose=Dose(hold_s=20))
    routine = Routine(id="x", name="X", spoken_names=("x",), intro="", items=(item,), sound=sound)
    holds = of_kind(compile_plan(routine), Kind.WORK)
    assert [segment.length_s for segment in holds] == [20, 20]
    assert any(segment.ticks for segment in holds) == ticks
    assert ("Three." in {cue.text for segment in holds for cue in segment.cues}) == counts


# --- the sum -------------------------------------------------------------------


def read_raw(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def by_hand(routine: dict[str, Any]) -> tuple[float, float, float]:
    """What a person adds up from the files, in seconds: all the work, all the pauses whose length
    is written down, and the time at least for getting into position."""
    worked_s = pauses = setups = 0.0
    entries = routine["exercise"]
    for number, entry in enumerate(entries):
        exercise = read_raw(FOLDER / "exercises" / f"{entry['use']}.toml")
        dose = {**vars_of(Dose()), **exercise["dose"], **entry}
        if "reps" in entry or "sets" in entry:
            dose["set_reps"] = entry.get("set_reps", ())
        tempo = dose["tempo"] if "tempo_s" not in entry else ""
        one_s = sum(map(int, tempo.split("-"))) if tempo else dose["tempo_s"]
        times = list(dose["set_reps"]) or [dose["reps"]] * dose["sets"]
        sides = 2 if exercise.get("sides") == "left_right" else 1
        turns = 2 if exercise.get("sides") == "alternating" else 1
        for reps in times:
            match exercise["mode"]:
                case "hold" | "timed":
                    worked_s += dose["hold_s"] * sides
                case "hold_reps":
                    worked_s += dose["hold_s"] * reps * sides * turns
                    pauses += dose["release_s"] * (reps * turns - 1) * sides
                case _:
                    worked_s += one_s * reps * sides * turns
        pauses += dose["switch_s"] * (sides - 1) * len(times) + dose["rest_s"] * (len(times) - 1)
        pauses += dose["rest_s"] if number + 1 < len(entries) else 0
        setups += dose["setup_s"]
    return worked_s, pauses, setups


def vars_of(dose: Dose) -> dict[str, Any]:
    return {field.name: getattr(dose, field.name) for field in fields(dose)}


WRITTEN = [
    path
    for path in sorted(FOLDER.glob("*.toml"))
    if not {"minutes", "warm_up", "cool_down"} & read_raw(path).keys()
]
"""Those that hold what stands in the file, and nothing that comes by itself."""


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_the_total_is_what_one_adds_up_from_the_files(path: Path) -> None:
    """Work to the millisecond; pauses and setups as written, plus only what speech needs more."""
    plan = compile_plan(LIBRARY.routines[read_raw(path)["id"]])
    worked_s, pauses, setups = by_hand(read_raw(path))
    setups += sum(map(cautious_s, of_kind(plan, Kind.SETUP)))
    real: Counter[Kind] = Counter()
    more: Counter[Kind] = Counter()  # where the sentences take longer than the time written down
    for segment, after in pairwise([*plan.segments, plan.segments[-1]]):
        real[segment.kind] += segment.length_s  # type: ignore[assignment]
        spoken = led_s(plan, segment) if after.kind is Kind.WORK else segment.speech_s + 0.4
        if segment.kind in (Kind.RELEASE, Kind.SWITCH, Kind.REST, Kind.SETUP):
            written = written_s(plan, segment)
            assert segment.length_s == pytest.approx(max(written, spoken))
            more[segment.kind] += segment.length_s - written  # type: ignore[assignment]
    assert real[Kind.WORK] == pytest.approx(worked_s, abs=1e-3)
    gaps = real[Kind.RELEASE] + real[Kind.SWITCH] + real[Kind.REST]
    longer = more[Kind.RELEASE] + more[Kind.SWITCH] + more[Kind.REST]
    assert gaps == pytest.approx(pauses + longer, abs=1e-3)
    assert real[Kind.SETUP] == pytest.approx(setups + more[Kind.SETUP], abs=1e-3)
    told = real[Kind.INTRO] + real[Kind.STEPS] + real[Kind.OUTRO]
    total = worked_s + pauses + setups + longer + more[Kind.SETUP] + told
    assert plan.total_s == pytest.approx(total, abs=1e-3)


def led_s(plan: Plan, segment: Segment) -> float:
    """Until the last thing said before the work is done: at least 0.8 s after its last word."""
    item = LIBRARY.routines[plan.id].items[segment.item]
    last = segment.cues[-1]
    times = ((item.exercise.move, item.dose.move_s), (item.exercise.ready, item.dose.ready_s))
    own_s = next((s / len(sentences(text)) for text, s in times if last_of(text, last.text)), 0.0)
    return max(segment.speech_s + 0.8, last.at_s + own_s)


def last_of(text: str, said: str) -> bool:
    return bool(text) and said.lower().endswith(sentences(text)[-1].lower())


def cautious_s(segment: Segment) -> float:
    """Whom it is not for is said before anybody moves, and leaves as much time to move."""
    marks = ("leave this one", "Say next", "Not with")
    said = (cue for cue in segment.cues if any(mark in cue.text for mark in marks))
    return sum(cue.speech_s for cue in said)


def written_s(plan: Plan, segment: Segment) -> float:
    dose = LIBRARY.routines[plan.id].items[segment.item].dose
    return {
        Kind.RELEASE: dose.release_s,
        Kind.SWITCH: dose.switch_s,
        Kind.REST: dose.rest_s,
        Kind.SETUP: dose.setup_s + cautious_s(segment),
    }[segment.kind]


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
    """The first two sentences are its name and how long it takes, in words; where the name is a
    length, no other one is told beside it."""
    plan = compile_plan(routine)
    texts = [text for _, text in said(plan, Kind.INTRO)]
    assert texts[0] == f"{routine.name}."
    # At the edge of two wordings the longer one may just tip it over: a second either way.
    if words.is_length(routine.name):
        texts.insert(1, f"About {words.length(plan.total_s)}.")
    assert texts[1] in {f"About {words.length(plan.total_s + off)}." for off in (-1, 0, 1)}
    reasons = sentences(cautions.END_AT_ONCE)
    longer = plan.total_s - len(reasons) * 5 >= 300 or plan.delicate
    assert texts[2:] == [*sentences(routine.intro), *(reasons if longer else [])]


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
    """What the assistant says can't be taken for what a person asks, should it hear itself. (While
    a number is asked for, nothing is led.)"""
    names = {one.id: one.spoken_names for one in LIBRARY.routines.values()}
    understanding = Understanding(FOLDER / "commands.yaml", ["hey coach"], names)
    led = set(Context) - {Context.PAIN}
    commands = {phrase for context in led for phrase in understanding.phrases(context)}
    assert "stop" in commands
    assert {plain(text) for text in said_in(routine)} & commands == set()


# --- led, not lectured ---------------------------------------------------------

LEADS_IN = [
    (routine, index)
    for routine in LIBRARY.routines.values()
    for index, item in enumerate(routine.items)
    if item.exercise.mode in (Mode.HOLD, Mode.HOLD_REPS, Mode.TIMED)
]


@pytest.mark.parametrize(
    ("routine", "index"), LEADS_IN, ids=lambda one: one.id if isinstance(one, Routine) else one
)
def test_a_hold_begins_when_the_body_is_there(routine: Routine, index: int) -> None:
    """What is said last before each hold is the movement; "hold" comes after it, told in full and
    briefly, on each side and in each set."""
    plan = compile_plan(routine)
    exercise = routine.items[index].exercise
    last = counts_and_cues.small(sentences(exercise.move)[-1])
    for told in (plan, told_to(plan, plan.exercise_ids)):
        for before, hold in pairwise(told.segments):
            if hold.item == index and hold.kind is Kind.WORK:
                assert before.cues[-1].text.lower().endswith(last.lower()), before
                assert before.length_s - before.speech_s >= 0.8 - 1e-6
                assert hold.cues[0].at_s == 0
                begins = (
                    {"Hold.", "Begin."} if exercise.count is not Count.BREATHS else {"Breathe in."}
                )
                assert hold.cues[0].text in begins


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_the_side_is_told_while_one_gets_there(routine: Routine) -> None:
    """Nobody lies down on the wrong one: before the steps, and again at each change."""
    plan = compile_plan(routine)
    for index, item in enumerate(routine.items):
        if item.exercise.sides is not Sides.LEFT_RIGHT:
            continue
        setups = [s for s in of_kind(plan, Kind.SETUP) if s.item == index]
        assert item.start_side in " ".join(cue.text.lower() for cue in setups[0].cues)
        for switch in (s for s in of_kind(plan, Kind.SWITCH) if s.item == index):
            assert switch.side in " ".join(cue.text.lower() for cue in switch.cues)


LISTENS_S = 10.0
"""So long one may be spoken to on hands and knees, or kneeling, before one moves."""


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_nobody_has_to_listen_on_hands_and_knees(routine: Routine) -> None:
    """It is explained before one gets there; and between two such exercises one may come down."""
    plan = compile_plan(routine)
    for told in (plan, told_to(plan, plan.exercise_ids)):
        there = False
        for before, segment in pairwise(told.segments):
            tires = segment.item >= 0 and routine.items[segment.item].exercise.position in TIRING
            there = tires and (there or before.kind is Kind.SETUP)
            if segment.kind in (Kind.SETUP, Kind.REST):
                there = False
            if there and segment.kind is Kind.STEPS:
                assert sum(cue.speech_s for cue in segment.cues) <= LISTENS_S, segment
            if before.kind is Kind.REST and tires and segment.item > before.item:
                was = routine.items[before.item].exercise.position
                told_now = " ".join(cue.text for cue in before.cues)
                downs = len(re.findall(r"Come down(?: and rest)?, any way you like", told_now))
                assert downs == (was in TIRING)
                assert len(re.findall(r"\brest\b", told_now)) <= 1, "once is enough"
    assert all(
        [s.kind for s in plan.segments if s.item == index][:3]
        == [Kind.STEPS, Kind.SETUP, Kind.STEPS]
        for index, item in enumerate(routine.items)
        if item.exercise.position in TIRING
    )


def test_who_lies_on_a_side_is_told_which_one() -> None:
    """In the very sentence that takes them there."""
    plan = compile_plan(LIBRARY.routines["mcgill-three"])
    setup = of_kind(plan, Kind.SETUP)[2]
    assert "Roll onto your left side, knees bent." in [cue.text for cue in setup.cues]
    routine = LIBRARY.routines["mcgill-three"]
    items = tuple(replace(item, start_side="right") for item in routine.items)
    setup = of_kind(compile_plan(replace(routine, items=items)), Kind.SETUP)[2]
    assert "Roll onto your right side, knees bent." in [cue.text for cue in setup.cues]


def test_what_side_is_meant_is_said() -> None:
    """The ankle on top, the knee on the floor, the leg, the side that is down."""
    plan = compile_plan(LIBRARY.routines["mobility"])
    said_all = [cue.text for segment in plan.segments for cue in segment.cues]
    assert "Left ankle on top first." in said_all
    assert "Right ankle on top." in said_all
    assert "Right knee on the floor." in said_all
    assert "Left knee on the floor first." in said_all


RAISED = {
    "dead-bug": "Lift one knee above your hip, then the other.",
    "knee-to-chest": "Lift the knee, and hold it with both hands.",
    "figure-four": "Hold the other thigh with both hands.",
}


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_nobody_waits_with_legs_or_arms_in_the_air(routine: Routine) -> None:
    """From the end of the sentence that raises them to the first movement it is six seconds at
    most, in all routines and at all levels."""
    plan = compile_plan(routine)
    for told in (plan, told_to(plan, plan.exercise_ids)):
        for segment, after in pairwise(told.segments):
            raised = RAISED.get(plan.exercise_ids[segment.item] if segment.item >= 0 else "")
            for cue in segment.cues:
                if cue.text == raised:
                    assert segment.length_s - cue.at_s - cue.speech_s <= 6
                    assert after.kind is Kind.WORK


TIME_TO = {
    ("hamstring-towel", "Bend the knee, and put the towel around the foot."): 10,
    ("figure-four", "Lay the ankle over the other knee."): 10,
    ("hip-flexor", "Bring the other foot forward."): 10,
    ("knee-to-chest", "Lift the knee, and hold it with both hands."): 8,
    ("plank-knees", "Put your elbows under your shoulders."): 8,
    ("side-plank-knees", "Put your elbow under your shoulder."): 7,
    ("side-plank-knees", "Roll over slowly."): 10,
    ("desk-quad-stretch", "Take hold of the foot."): 6,
    ("desk-hamstring-stretch", "Put the heel on the chair."): 6,
    ("desk-trunk-turn", "Turn slowly."): 3.5,
    ("desk-draw-in", "Breathe in deeply."): 7,
    ("bird-dog", "Leg back and up."): 5.5,
}
"""How long it takes to get there, in seconds; by a person with a stiff back, who hears it said."""


@pytest.mark.parametrize(("name", "said"), TIME_TO)
def test_the_body_is_there_before_the_hold_begins(name: str, said: str) -> None:
    """On each side, in each set and in all routines, for the first and for the tenth time."""
    seen = 0
    for routine in ROUTINES:
        plan = compile_plan(routine)
        for told in (plan, told_to(plan, plan.exercise_ids)):
            for segment, after in pairwise(told.segments):
                if segment.item < 0 or told.exercise_ids[segment.item] != name:
                    continue
                for cue in segment.cues:
                    if cue.text == said and after.kind is Kind.WORK:
                        # the difference of two sums of decimals: 3.4999999999999982 is 3.5
                        assert segment.length_s - cue.at_s >= TIME_TO[name, said] - 1e-6
                        seen += 1
    assert seen > 1


def test_nobody_is_propped_up_while_being_told() -> None:
    """On the front or on a side one lies flat until the elbow is called for."""
    for routine in ROUTINES:
        plan = compile_plan(routine)
        for segment in of_kind(plan, Kind.SETUP):
            assert not any("elbow" in cue.text for cue in segment.cues), routine.id


def test_sentences_that_lead_into_the_work_share_the_time_for_it() -> None:
    """Two of `ready` share ready_s, two of `move` share move_s, before each hold."""
    tilt = replace(LIBRARY.exercises["pelvic-tilt"], ready="Bend. Wait.", move="Up. Higher.")
    dose = Dose(hold_s=5, reps=2, ready_s=8, move_s=6)
    items = (Item(exercise=tilt, dose=dose),)
    plan = compile_plan(Routine(id="x", name="X", spoken_names=("x",), intro="", items=items))
    steps = of_kind(plan, Kind.STEPS)[0]
    starts = [round(steps.length_s - cue.at_s, 3) for cue in steps.cues[-4:]]
    assert starts == [14, 10, 6, 3]
    again = of_kind(plan, Kind.RELEASE)[0]
    assert [round(again.length_s - cue.at_s, 3) for cue in again.cues[-2:]] == [6, 3]


def test_who_changes_sides_or_legs_between_sets_is_told_at_once() -> None:
    """Then there is the whole rest for it; what only names the set comes last."""
    rest = of_kind(one(Mode.HOLD, sides=Sides.LEFT_RIGHT, hold_s=5, sets=2, rest_s=20), Kind.REST)
    assert rest[0].cues[-1].text == "Set two, left side."
    assert rest[0].length_s - rest[0].cues[-1].at_s > 10
    rest = of_kind(one(Mode.HOLD, hold_s=5, sets=2, rest_s=20), Kind.REST)
    assert rest[0].cues[-1].text == "Set two."
    assert rest[0].length_s - rest[0].cues[-1].at_s < 3


def test_a_bridge_is_lifted_on_the_breath_out() -> None:
    """Out and lift, then in, out, in, out, in, out, and lower: the breath goes round."""
    plan = compile_plan(LIBRARY.routines["lower-back-strength"])
    bridge = plan.exercise_ids.index("bridge")
    steps = next(s for s in of_kind(plan, Kind.STEPS) if s.item == bridge)
    assert steps.cues[-1].text == "Breathe out, and lift your hips."
    hold = next(s for s in of_kind(plan, Kind.WORK) if s.item == bridge)
    assert [cue.text for cue in hold.cues] == ["Breathe in.", "And out."] * 3


def test_a_deep_breath_and_the_draw_in_are_one_movement() -> None:
    """Nobody holds a deep breath for a quarter of a minute."""
    for routine in ("desk-break-5", "desk-break-3"):
        plan = compile_plan(LIBRARY.routines[routine])
        for told in (plan, told_to(plan, plan.exercise_ids)):
            for segment in told.segments:
                texts = [cue.text for cue in segment.cues]
                breath = [i for i, text in enumerate(texts) if "breathe in deeply" in text.lower()]
                assert all(texts[i + 1] == "Breathe out, and draw in." for i in breath)


def test_either_knee_is_bent_as_often_in_the_curl_up_and_is_named() -> None:
    """Six, four and two, half of each with the left knee bent; and there is time to change."""
    plan = compile_plan(LIBRARY.routines["mcgill-three"])
    curls = [s for s in plan.segments if s.item == 1]
    holds = [s.side for s in curls if s.kind is Kind.WORK]
    assert [holds.count(side) for side in ("left", "right")] == [6, 6]
    assert len(holds) == 6 + 4 + 2
    changes = [s for s in curls if s.kind is Kind.SWITCH or "set" in s.title]
    assert len(changes) == 5
    for change in changes:
        texts = [cue.text for cue in change.cues]
        assert any(f"{change.side} knee bent." in text.lower() for text in texts)
        changed = change.cues[texts.index("Stretch the bent leg out, and bend the other knee.")]
        lifted = change.cues[texts.index("Lift your head and shoulders.")]
        assert lifted.at_s - changed.at_s >= 8


def test_there_is_time_to_come_down_before_the_next_lift() -> None:
    """Three seconds from "lower" to the call for the next one, where it carries load."""
    seen = set()
    for routine in ROUTINES:
        plan = compile_plan(routine)
        for segment in of_kind(plan, Kind.RELEASE):
            exercise = routine.items[segment.item].exercise
            lower, *_ = segment.cues
            again = next(cue for cue in segment.cues if AGAIN.match(cue.text))
            rests_s = again.at_s - lower.at_s - lower.speech_s
            loads = Movement.TRUNK_LOAD in (exercise.movements or ())
            assert rests_s >= (3.0 if loads else 1.5) - 1e-6, (routine.id, exercise.id)
            seen.add(exercise.id)
    assert {"bridge", "bird-dog", "side-plank-knees", "plank-knees", "curl-up"} <= seen


AGAIN = re.compile(r"And again|Last one|Left side|Right side")


@pytest.mark.parametrize("name", ["desk-quad-stretch", "desk-hamstring-stretch"])
def test_who_stands_on_one_leg_gets_ten_seconds_to_change(name: str) -> None:
    """And a word about balance."""
    for routine in ROUTINES:
        plan = compile_plan(routine)
        for switch in of_kind(plan, Kind.SWITCH):
            if plan.exercise_ids[switch.item] == name:
                assert switch.length_s >= 10
                assert any("balance" in cue.text for cue in switch.cues)


# --- what there is to take care of ----------------------------------------------


BACKWARDS = ("lying-extension",)
"""It takes less than five minutes, and lying it bends the back backwards."""


@pytest.mark.parametrize("routine", LIBRARY.routines.values(), ids=lambda routine: routine.id)
def test_the_reasons_to_end_at_once_are_said_in_every_longer_session(routine: Routine) -> None:
    """Dizzy, chest, numb, down the leg: once, at the start, also to who knows every exercise; so in
    one that strengthens or, lying, bends the back backwards. A minute or two at the desk says what
    its own exercises need."""
    plan = compile_plan(routine)
    longer = plan.total_s >= 310 or Phase.STRENGTH in plan.phases or routine.id in BACKWARDS
    for told in (plan, told_to(plan, plan.exercise_ids)):
        intro = " ".join(cue.text for cue in told.segments[0].cues)
        reasons = ("dizzy", "chest", "numb", "down your leg")
        assert all(reason in intro for reason in reasons) == longer
        assert not longer or len(told.segments[0].cues) >= 4


@pytest.mark.parametrize(
    ("name", "told"),
    [("prone-on-forearms", True), ("press-up", True), ("desk-back-bend", False), ("march", False)],
)
def test_a_minute_of_bending_backwards_lying_begins_like_a_long_one(name: str, told: bool) -> None:
    exercise = LIBRARY.exercises[name]
    item = Item(exercise=exercise, dose=exercise.dose)
    plan = compile_plan(Routine(id="x", name="X", spoken_names=("x",), intro="", items=(item,)))
    assert plan.total_s < 300
    texts = [text for _, text in said(plan, Kind.INTRO)]
    assert (sentences(cautions.END_AT_ONCE)[0] in texts) == told


@pytest.mark.parametrize("exercise", LIBRARY.exercises.values(), ids=lambda one: one.id)
def test_the_first_times_it_is_said_whom_an_exercise_does_not_suit(exercise: Exercise) -> None:
    """Before anybody turns over or gets down, and how to leave it out; what else there is to mind
    with the steps. Who asks why is told all of it."""
    item = Item(exercise=exercise, dose=exercise.dose)
    plan = compile_plan(Routine(id="x", name="X", spoken_names=("x",), intro="", items=(item,)))
    before = [one for one in plan.segments if one.kind in (Kind.SETUP, Kind.STEPS)]
    steps = [cue.text for segment in before for cue in segment.cues]
    moves = steps.index(sentences(exercise.setup.format(side="left", other="right"))[0])
    out = [number for number, text in enumerate(steps) if "leave this one out" in text]
    upright = exercise.position in (Position.STANDING, Position.SEATED)
    assert upright or all(number < moves for number in out)
    assert not out or upright or steps[out[-1] + 1] == "Say next, and we go on without it."
    assert set(exercise.contraindications) <= set(steps)
    assert set(exercise.contraindications) <= set(plan.care[0])
    assert f"End it if {exercise.stop_if}." in plan.care[0]
    if exercise.stop_if != cautions.ANY_PAIN:
        assert f"End it if {exercise.stop_if}." in steps
    told = " ".join(text for text in steps if text.endswith("leave this one out."))
    for condition, name in (
        ("osteoporosis", "osteoporosis"),
        ("stenosis", "a narrow spinal canal"),
        ("stenosis", "a slipped vertebra"),
        ("leg_pain", "below the knee"),
        ("hip_replacement", "a hip replacement"),
    ):
        assert (name in told) == (condition in exercise.leave_out_with)


@pytest.mark.parametrize("routine", LIBRARY.routines.values(), ids=lambda routine: routine.id)
def test_each_exercise_says_whom_it_is_not_for_and_the_rest_is_said_once(routine: Routine) -> None:
    """It is about one exercise, whatever was said with another; the same once more is said in
    short."""
    told: list[str] = []
    steps = [one for one in compile_plan(routine).segments if one.kind in (Kind.SETUP, Kind.STEPS)]
    for index, item in enumerate(routine.items):
        exercise = item.exercise
        texts = [cue.text for one in steps if one.item == index for cue in one.cues]
        own = {text for text in cautions.everything(exercise) if "leave this one out" in text}
        rest = {*cautions.everything(exercise), cautions.SAY_NEXT} - own
        for text in cautions.not_with(exercise):
            again = text in told
            short = text.replace("With", "Not with").replace(", leave this one out", "")
            assert (text in texts, short in texts) == (not again, again)
            told.append(text)
            own -= {text}
        assert own <= set(texts)
        mild = [text for text in texts if text in rest]
        assert not {*mild} & {*told}
        told += mild


# --- one more ---------------------------------------------------------------------


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)
def test_what_comes_in_units_can_be_lengthened_by_whole_ones(routine: Routine) -> None:
    """A breath, a repetition, left and right: the work is so many of them, and one more has its own
    words, which fit."""
    for segment in of_kind(compile_plan(routine), Kind.WORK):
        exercise = routine.items[segment.item].exercise
        if exercise.mode in (Mode.REPS, Mode.BREATHS) or exercise.count is Count.BREATHS:
            units = segment.length_s / segment.unit_s
            assert units == pytest.approx(round(units))
            assert segment.unit
            check_segment(replace(segment, length_s=segment.unit_s, cues=segment.unit, ticks=()))
        else:
            assert segment.unit_s == 0
            assert segment.unit == ()


@pytest.mark.parametrize(
    ("name", "unit_s", "texts"),
    [
        ("bridge", 5, ["Breathe in.", "And out."]),
        ("bottom-to-heels", 6, ["Breathe in.", "And out."]),
        ("knee-rolls", 12, ["One more, left.", "Right."]),
        ("dead-bug", 10, ["One more, left.", "And back.", "Right.", "And back."]),
        ("kneeling-rock", 6, ["One more.", "And back."]),
        ("pelvic-tilt", 0, []),
        ("donkey-kick", 0, []),
    ],
)
def test_one_more_is_said_as_what_it_is(name: str, unit_s: float, texts: list[str]) -> None:
    exercise = LIBRARY.exercises[name]
    item = Item(exercise=exercise, dose=exercise.dose)
    plan = compile_plan(Routine(id="x", name="X", spoken_names=("x",), intro="", items=(item,)))
    segment = of_kind(plan, Kind.WORK)[0]
    assert segment.unit_s == unit_s
    assert [cue.text for cue in segment.unit] == texts


def test_a_repetition_is_led_with_its_movement() -> None:
    """Where there is room; else the first one, and then the number."""
    plan = compile_plan(LIBRARY.routines["mobility"])
    rock = [s for s in of_kind(plan, Kind.WORK) if plan.exercise_ids[s.item] == "kneeling-rock"]
    assert [cue.text for cue in rock[0].cues][:4] == [
        *("One: rock forward.", "And back.", "Two: rock forward.", "And back.")
    ]
    plan = compile_plan(LIBRARY.routines["desk-break-2"])
    bend = of_kind(plan, Kind.WORK)[0]
    assert [cue.text for cue in bend.cues] == [
        *("Bend back.", "And up.", "Two.", "And up.", "Last one.", "And up.")
    ]


# --- what is shipped ---------------------------------------------------------


def test_the_desk_break_is_two_minutes() -> None:
    """All of it, speech included, takes 110 to 130 seconds for who knows it, standing; the first
    times what to take care of is told as well, at most three quarters of a minute."""
    routine = LIBRARY.routines["desk-break"]
    plan = compile_plan(routine)
    assert 110 <= told_to(plan, plan.exercise_ids).total_s <= 130
    assert plan.total_s <= 175
    assert {item.exercise.position for item in routine.items} == {Position.STANDING}


def test_the_gentle_routine_is_safe_in_an_acute_spell() -> None:
    """Only exercises for an acute spell, on the floor, ten minutes, getting down once: on the
    back, on the front where the back may bend the other way, then on hands and knees."""
    routine = LIBRARY.routines["lower-back-gentle"]
    assert {item.exercise.phase for item in routine.items} == {Phase.ACUTE}
    positions = [item.exercise.position for item in routine.items]
    assert set(positions) <= {Position.SUPINE, Position.PRONE, Position.ALL_FOURS}
    assert sum(one is not other for one, other in pairwise(positions)) <= 2
    bent = [item.exercise.movements or () for item in routine.items]
    assert any(Movement.END_EXTENSION in movements for movements in bent)
    plan = compile_plan(routine)
    assert 9.5 * 60 <= told_to(plan, plan.exercise_ids).total_s <= 10.5 * 60
    assert plan.total_s <= 12 * 60  # the first times, when all is told


def test_the_strength_routine_holds_what_it_must() -> None:
    """Brace, bridge, leg slides, donkey kicks of thirty seconds a side: a beginning."""
    routine = LIBRARY.routines["lower-back-strength"]
    assert [item.exercise.id for item in routine.items if not item.around] == [
        *("abdominal-brace", "bridge", "leg-slide", "donkey-kick")
    ]
    strong = [one.exercise for one in routine.items if one.exercise.phase is Phase.STRENGTH]
    assert {EASY_BEFORE[exercise.level] for exercise in strong} == {0}
    plan = compile_plan(routine)
    kick = plan.exercise_ids.index("donkey-kick")
    kicks = [s for s in of_kind(plan, Kind.WORK) if s.item == kick]
    assert [(s.side, s.length_s) for s in kicks] == [("left", 30), ("right", 30)]


@pytest.mark.skipif(bool(missing()), reason=missing())
@pytest.mark.parametrize("pace", PACES)
def test_every_sentence_fits_where_it_stands_when_spoken_for_real(pace: float) -> None:
    """Rendered as it is played, slower and faster too, each sentence is over before the next one
    and before its stretch's end, in every routine and every exercise alone."""
    room = slots(ROUTINES, pace)
    real = spoken_s(room, pace)
    assert len(real) > 350
    assert {text: (real[text], has) for text, has in room.items() if real[text] > has} == {}


# --- borders ----------------------------------------------------------------------


def test_the_titles_of_a_plan_are_what_the_screen_shows() -> None:
    """Literally: which exercise, which side, which hold of how many, and what comes."""
    titles = [segment.title for segment in compile_plan(LIBRARY.routines["mobility"]).segments]
    assert titles[:8] == [
        "Mobility",
        *("Knee rolls", "Knee rolls", "Knee rolls", "Rest, then arch and flatten"),
        *("Arch and flatten", "Arch and flatten", "Arch and flatten"),
    ]
    at = titles.index("Knee to chest")
    left = [f"Knee to chest, left side, {turn} of 3" for turn in (1, 2, 3)]
    assert titles[at : at + 8] == [
        *("Knee to chest", "Knee to chest", left[0], "Knee to chest, left side", left[1]),
        *("Knee to chest, left side", left[2], "Switch to the right side"),
    ]
    assert titles[-2:] == ["Kneeling hip stretch, right side, 3 of 3", "Done"]
    sets = [s.title for s in compile_plan(LIBRARY.routines["mcgill-three"]).segments]
    assert "Rest, then set 2" in sets
    assert "McGill curl-up, left side, 3 of 3" in sets


@pytest.mark.parametrize(("reps", "at_s"), [(4, 9.2), (5, 9.2), (6, 13.2), (7, 13.2)])
def test_halfway_is_said_between_two_repetitions(reps: int, at_s: float) -> None:
    """Behind the number that begins the second half; of an odd one the larger half is to come."""
    assert moments(own(Mode.REPS, At.HALF, reps=reps, tempo_s=4)) == pytest.approx([at_s], abs=0.05)


def test_one_last_breath_is_one_of_several_and_never_in_a_hold() -> None:
    """A single breath isn't called the last one, and in a hold another set may follow."""
    single = [text for _, text in said(one(Mode.BREATHS, Count.BREATHS, reps=1, tempo_s=6))]
    assert single == ["Breathe in.", "And out."]
    two = [text for _, text in said(one(Mode.BREATHS, Count.BREATHS, reps=2, tempo_s=6))]
    assert two == ["Breathe in.", "And out.", "One last breath in.", "And out."]
    held = [text for _, text in said(one(Mode.HOLD_REPS, Count.BREATHS, hold_s=12, tempo_s=6))]
    assert held == ["Breathe in.", "And out."] * 2


@pytest.mark.parametrize(
    ("mode", "sides", "counted"),
    [
        (Mode.REPS, Sides.NONE, 6),
        (Mode.REPS, Sides.ALTERNATING, 6),
        (Mode.BREATHS, Sides.NONE, 6),
        (Mode.HOLD, Sides.NONE, 1),
        (Mode.HOLD_REPS, Sides.NONE, 1),
        (Mode.TIMED, Sides.NONE, 0),
    ],
)
def test_what_is_counted_in_a_stretch_of_work(mode: Mode, sides: Sides, counted: int) -> None:
    """Repetitions and breaths by side, a hold once, steady movement not at all."""
    plan = one(mode, sides=sides, reps=6, hold_s=10, tempo_s=4)
    assert of_kind(plan, Kind.WORK)[0].reps == counted


def test_a_plan_is_laid_out_when_it_is_first_asked_for() -> None:
    """All are there, as they would be; of those nobody asks for none is made."""
    library = shipped()
    plans = Plans(library.routines)
    assert plans.keys() == library.routines.keys()
    assert ("desk-break" in plans, "no-such-routine" in plans) == (True, False)
    assert plans["desk-break"] == compile_plan(library.routines["desk-break"])
    assert plans["desk-break"] is plans["desk-break"]
    with pytest.raises(KeyError):
        plans["no-such-routine"]
