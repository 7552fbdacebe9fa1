"""What is shipped: 56 exercises, the routines made of them, and what holds for all of these."""

import subprocess
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from assistant.coach.effects import Context
from assistant.content.counts_and_cues import own_cue
from assistant.content.plan import compile_plan, told_to
from assistant.content.types import At, Kind, Mode, Phase, Position, Routine, Sides, Sound
from assistant.hearing.models import shipped as shipped_model
from assistant.hearing.over_files import hear
from tests.content.voice import ROUTINES as FOLDER
from tests.content.voice import alone, missing, shipped

LIBRARY = shipped()
ROUTINES = list(LIBRARY.routines.values())
EXERCISES = list(LIBRARY.exercises.values())
FLOOR = set(Position) - {Position.STANDING, Position.SEATED}
DESK = [routine for routine in ROUTINES if routine.id.startswith("desk-break")]

every_routine = pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.id)


def total_s(name: str) -> float:
    """For who knows its exercises, as after the third time."""
    plan = compile_plan(LIBRARY.routines[name])
    return told_to(plan, plan.exercise_ids).total_s


def positions(routine: Routine) -> list[Position]:
    """One position after the other, without repetitions."""
    all_of_them = [item.exercise.position for item in routine.items]
    return [all_of_them[0], *(b for a, b in pairwise(all_of_them) if a is not b)]


# --- exercises ----------------------------------------------------------------

OWN = {
    *("draw-in", "figure-four", "donkey-kick", "desk-side-bend", "desk-quad-stretch"),
    *("desk-trunk-turn", "desk-hamstring-stretch", "desk-shoulder-squeeze", "desk-draw-in"),
    *("prone-lying", "press-up", "bridge-march", "one-leg-bridge", "childs-pose"),
    *("thread-the-needle", "calf-stretch", "standing-hip-flexor", "mini-squat", "overhead-reach"),
    *(
        "leg-slide",
        "march",
        "seated-neck-tilt",
        "seated-wrist-stretch",
        "seated-draw-in",
        "seated-squeeze",
    ),
}
"""Exercises whose dose no source carries: they say that it is the project's own."""


def test_all_exercises_are_there_and_whole() -> None:
    """56 of them, each with position, steps, a mistake to avoid, a reason to stop and a source."""
    assert len(EXERCISES) == 56
    for exercise in EXERCISES:
        assert exercise.sources, exercise.id
        assert all(source.org and (source.dose or source.care) for source in exercise.sources)
        assert any(source.dose for source in exercise.sources), exercise.id
        assert exercise.stop_if, exercise.id
        assert exercise.mistakes, exercise.id
        assert Path(exercise.file).stem == exercise.id
        assert len(exercise.steps) + bool(exercise.breathing) >= 1
    assert {e.id for e in EXERCISES if all(s.org == "own" for s in e.sources)} == OWN


def test_a_source_says_how_old_it_is_where_that_is_known() -> None:
    """By its own year, else by when its page was last read."""
    sources = [source for exercise in EXERCISES for source in exercise.sources]
    sources += [source for routine in LIBRARY.routines.values() for source in routine.sources]
    assert not [source for source in sources if source.year and source.read]
    assert not [source for source in sources if source.org == "own" and source.when]
    assert {source.when for source in sources} == {"1998", "2007", "2012", "read in 2026", ""}
    assert sum(bool(source.when) for source in sources) >= 18


def test_nobody_is_told_halfway_before_the_last_of_three() -> None:
    """Nor to breathe in and hold, without a word that the breath goes on."""
    for routine in LIBRARY.routines.values():
        for item in routine.items:
            exercise, holds = item.exercise, item.dose.reps
            for done in range(1, holds):
                if "Halfway" in own_cue(exercise, done, holds):
                    assert 0.5 <= done / holds <= 0.6, exercise.id
    for exercise in EXERCISES:
        if exercise.mode is Mode.HOLD_REPS and exercise.move.startswith("Breathe in"):
            told = (exercise.breathing, *exercise.mistakes)
            assert any("Keep breathing" in text for text in told), exercise.id


def test_neighbours_point_at_each_other() -> None:
    """Who has a harder one is the easier one of that; both are done standing, or both lying."""
    linked = [exercise for exercise in EXERCISES if exercise.harder]
    assert len(linked) >= 8
    for exercise in linked:
        harder = LIBRARY.exercises[exercise.harder]
        assert harder.easier == exercise.id
        assert (harder.position in FLOOR) == (exercise.position in FLOOR)
    for exercise in EXERCISES:
        if exercise.easier:
            assert LIBRARY.exercises[exercise.easier].harder == exercise.id


def test_strengthening_is_marked_as_such() -> None:
    """What is for the time when pain has receded, and nothing else, has the phase strength."""
    assert {e.id for e in EXERCISES if e.phase is Phase.STRENGTH} == {
        *("bridge", "bird-dog", "dead-bug", "donkey-kick"),
        *("curl-up", "side-plank-knees", "plank-knees", "bridge-march", "one-leg-bridge"),
        "leg-slide",
    }


def test_every_cue_of_a_shipped_exercise_is_said() -> None:
    """There is room for each in the exercise's own dose."""
    for routine in alone(LIBRARY):
        plan = compile_plan(routine)
        said = [cue.text for segment in plan.segments for cue in segment.cues]
        spoken = " ".join(said)
        for prompt in routine.items[0].exercise.cues:
            assert prompt.say in spoken, (routine.id, prompt.say)
            assert prompt.at in At


# --- routines -----------------------------------------------------------------


def test_desk_breaks_are_one_or_two_minutes_and_nine() -> None:
    """A week without repetition, each about one minute or about two, all standing; the first
    times, when all is told, up to three quarters of a minute more."""
    assert len(DESK) == 9
    assert len({tuple(item.exercise.id for item in routine.items) for routine in DESK}) == 9
    for routine in DESK:
        seconds = total_s(routine.id)
        assert 55 <= seconds <= 65 or 110 <= seconds <= 130, (routine.id, seconds)
        assert compile_plan(routine).total_s - seconds < 45
        assert positions(routine) == [Position.STANDING]


def test_the_morning_bends_nobody_forward() -> None:
    """In the first hour no exercise that bends the spine forward, and none for strength."""
    exercises = [item.exercise for item in LIBRARY.routines["morning"].items]
    assert not any(exercise.flexion for exercise in exercises)
    assert {exercise.phase for exercise in exercises} == {Phase.ACUTE}


def test_those_that_bend_forward_are_marked() -> None:
    """Rounding the back, and pulling the knees or the trunk forward."""
    assert {e.id for e in EXERCISES if e.flexion} == {
        *("knee-to-chest", "cat-stretch", "bottom-to-heels", "figure-four"),
        *("kneeling-rock", "desk-hamstring-stretch", "childs-pose"),
    }


def test_the_levels_lead_to_the_ninety_second_donkey_kick() -> None:
    """30, 60, then 90 seconds a side, and each level is longer than the one before."""
    names = [f"lower-back-strength{level}" for level in ("", "-2", "-3")]
    kicks = [
        item.dose.hold_s
        for name in names
        for item in LIBRARY.routines[name].items
        if item.exercise.id == "donkey-kick"
    ]
    assert kicks == [30, 60, 90]
    assert total_s(names[0]) < total_s(names[1]) < total_s(names[2])


def test_fifteen_minutes_are_fifteen_minutes() -> None:
    """To within ten seconds, speech included, and without strengthening."""
    assert 890 <= total_s("fifteen-minutes") <= 910
    routine = LIBRARY.routines["fifteen-minutes"]
    assert Phase.STRENGTH not in {item.exercise.phase for item in routine.items}


def test_the_evening_is_quiet_and_ends_lying_down() -> None:
    """No counts of seconds, no ticks."""
    routine = LIBRARY.routines["wind-down"]
    assert routine.sound is Sound.QUIET
    assert routine.items[-1].exercise.position is Position.SUPINE
    plan = compile_plan(routine)
    assert not any(segment.ticks for segment in plan.segments)
    assert "Three." not in {cue.text for segment in plan.segments for cue in segment.cues}


def test_mcgills_three_are_six_four_and_two_holds() -> None:
    """Ten seconds each, on each side where there are sides; after something to warm up with."""
    plan = compile_plan(LIBRARY.routines["mcgill-three"])
    assert plan.phases[0] is Phase.ACUTE
    for index, sides in enumerate((1, 2, 2), 1):
        holds = [s for s in plan.segments if s.item == index and s.kind is Kind.WORK]
        assert len(holds) == 12 * sides
        assert {hold.length_s for hold in holds} == {10}


def test_reversing_the_slump_is_done_standing() -> None:
    """Bend the other way, and the legs: front and back of the thigh."""
    ids = {item.exercise.id for item in LIBRARY.routines["reverse-the-slump"].items}
    assert ids >= {"desk-back-bend", "desk-quad-stretch", "desk-hamstring-stretch"}
    assert positions(LIBRARY.routines["reverse-the-slump"]) == [Position.STANDING]


@every_routine
def test_one_gets_down_once(routine: Routine) -> None:
    """Each position comes once, and the floor is left once at most."""
    order = positions(routine)
    assert len(order) == len(set(order))
    on_floor = [position in FLOOR for position in order]
    assert sum(down and not up for up, down in pairwise([False, *on_floor])) <= 1


@every_routine
def test_going_down_and_changing_position_is_told_and_given_time(routine: Routine) -> None:
    """Two thirds of a minute to get down with a hold on the chair, as where the way is put together
    by the program; half a minute to get up, ten seconds for a turn."""
    before = Position.STANDING
    for item in routine.items:
        now = item.exercise.position
        setup = item.exercise.setup
        if (now in FLOOR) != (before in FLOOR):
            assert "chair" in setup, setup
            assert item.dose.setup_s >= (40 if now in FLOOR else 30)
        elif now is not before:
            assert item.dose.setup_s >= 10
        before = now


@every_routine
def test_whose_dose_is_another_than_the_exercises_says_whose(routine: Routine) -> None:
    """A routine that overrides how much of an exercise is done names a source for that."""
    known = LIBRARY.exercises
    much = ("hold_s", "reps", "sets", "set_reps", "tempo_s")
    other = [
        item.exercise.id
        for item in routine.items
        if not item.around
        and any(getattr(item.dose, k) != getattr(known[item.exercise.id].dose, k) for k in much)
    ]
    assert bool(other) <= bool(routine.sources), other
    assert all(source.org and source.dose for source in routine.sources)


def test_each_exercise_is_led_by_some_routine() -> None:
    """None is there for nobody: bending backward, lying, has its place too."""
    used = {item.exercise.id for routine in ROUTINES for item in routine.items}
    assert {exercise.id for exercise in EXERCISES} == used


@every_routine
def test_who_needs_a_towel_has_it_before_lying_down(routine: Routine) -> None:
    if any("towel" in item.exercise.equipment for item in routine.items):
        assert "towel" in routine.intro


@every_routine
def test_one_gets_down_by_one_knee_and_the_side(routine: Routine) -> None:
    """Nobody is told to lie straight down on the back."""
    first = routine.items[0].exercise
    if first.position in FLOOR:
        assert "one knee, then the other" in first.setup
    if first.position is Position.SUPINE:
        assert "Lie on your side, and roll onto your back" in first.setup


def test_what_ends_an_exercise_is_no_reason_to_go_on_with_it() -> None:
    """Nobody is told to hold on when dizzy, and to end it then, in one breath."""
    for exercise in EXERCISES:
        for sign in ("dizzy", "down your leg"):
            both = sign in exercise.stop_if and sign in " ".join(exercise.contraindications)
            assert not both, (exercise.id, sign)


def test_every_caution_of_an_exercise_has_its_source() -> None:
    """Besides what the table of conditions carries."""
    for exercise in EXERCISES:
        if exercise.contraindications:
            assert any(source.care for source in exercise.sources), exercise.id


@every_routine
def test_left_and_right_are_balanced(routine: Routine) -> None:
    """Each exercise works both sides for the same time."""
    plan = compile_plan(routine)
    for index, item in enumerate(routine.items):
        worked = {"left": 0.0, "right": 0.0}
        for segment in plan.segments:
            if segment.item == index and segment.kind is Kind.WORK and segment.side:
                worked[segment.side] += segment.length_s
        assert worked["left"] == pytest.approx(worked["right"])
        held_in_turn = (
            item.exercise.mode is Mode.HOLD_REPS and item.exercise.sides is not Sides.NONE
        )
        assert bool(worked["left"]) == (item.exercise.sides is Sides.LEFT_RIGHT or held_in_turn)


# --- names --------------------------------------------------------------------

NAMES = {name: routine.id for routine in ROUTINES for name in routine.spoken_names}


def test_names_are_few() -> None:
    """Everything that can be started is one more phrase for the recogniser."""
    assert all(len(routine.spoken_names) <= 3 for routine in ROUTINES)
    assert len(NAMES) == sum(len(routine.spoken_names) for routine in ROUTINES)


def phones() -> dict[str, list[str]]:
    """The first pronunciation of every word that the shipped model knows."""
    known: dict[str, list[str]] = {}
    for line in (FOLDER.parent / "models" / "words.txt").read_text().splitlines():
        word, *sounds = line.split()
        if word != "#":
            known.setdefault(word, sounds)
    return known


def apart(one: list[str], other: list[str]) -> int:
    """How many sounds have to change to make one the other."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b)))
    return row[-1]


def test_names_consist_of_known_words_and_sound_different() -> None:
    """Every word is in the speech model; two routines' names differ in three sounds or more."""
    known = phones()
    sounds = {name: [sound for word in name.split() for sound in known[word]] for name in NAMES}
    for one, other in combinations(NAMES, 2):
        if NAMES[one] != NAMES[other]:
            assert apart(sounds[one], sounds[other]) >= 3, (one, other)


@pytest.mark.skipif(bool(missing()), reason=missing())
@pytest.mark.parametrize("voice", ["en-us", "en-gb+m7"])
def test_every_name_is_heard_as_its_routine(voice: str, tmp_path: Path) -> None:
    """Spoken by a synthetic voice, each starts its own routine through the live listening path."""
    files = {}
    for name, ident in NAMES.items():
        file = tmp_path / f"{name}.wav"
        said = f"Hey coach, start {name}."
        subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(file), said], check=True)
        files[str(file)] = ident
    rows = hear(
        files,
        model=shipped_model(),
        wake_phrases=["hey coach"],
        routines={routine.id: routine.spoken_names for routine in ROUTINES},
        templates=FOLDER / "commands.yaml",
        context=Context.IDLE,
    )
    started = {row["file"]: row["slots"]["routine"] for row in rows if row.get("accepted")}
    assert started == files


@every_routine
def test_what_a_routine_takes_is_named_before_it_begins(routine: Routine) -> None:
    """The mat, and what one holds to get down to it; not for a break beside the desk."""
    exercises = [item.exercise for item in routine.items]
    floor = [one for one in exercises if one.position in FLOOR]
    if not floor and compile_plan(routine).total_s < 300:
        return
    needed = {thing for one in exercises for thing in one.equipment}
    needed |= {"chair" for one in exercises if "a chair" in one.setup}
    if all(one.position is Position.SEATED for one in exercises):
        needed -= {"chair"}  # one sits on something already, or in a wheelchair
    assert {thing for thing in needed if thing not in routine.intro} == set()
