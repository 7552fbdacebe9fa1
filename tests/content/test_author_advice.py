"""Doubts about a routine that can be led all the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.content.author_advice import advice, exercise_advice
from assistant.content.routine_reader import load
from assistant.content.toml_reader import Problem, read_toml
from assistant.content.types import Movement
from assistant.content.where_in_file import Place
from tests.content.voice import ROUTINES

WORDS = {"my", "back"}
DOWN = "setup_s = 30"


def doubts(tmp_path: Path, text: str, *, words: set[str] = WORDS) -> list[Problem]:
    """What `check` would warn of in this routine."""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    routine = next(r for r in load([ROUTINES, tmp_path]).routines.values() if r.file == str(path))
    data, written, _ = read_toml(path)
    return advice(routine, data, Place(path, written), words)


def routine(*exercises: str, head: str = "") -> str:
    """A routine of these exercises, each a few lines; heads come before them."""
    entries = "".join(f"[[exercise]]\nuse = {exercise}\n" for exercise in exercises)
    return f'id = "mine"\nname = "My back"\n{head}{entries}'


GOOD = routine('"pelvic-tilt"\nsetup_s = 30', '"knee-to-chest"')


def test_nothing_is_said_against_a_good_routine(tmp_path: Path) -> None:
    assert doubts(tmp_path, GOOD) == []


TILT = f'"pelvic-tilt"\n{DOWN}'
CASES = [
    # routine, line, key, words of the message
    (
        routine(TILT, '"knee-to-chest"\nonly_side = "left"'),
        8,
        "exercise 2.only_side",
        "15 s more for the left side than for the right",
    ),
    (
        routine(TILT, '"cat-stretch"', '"knee-to-chest"\nsetup_s = 15'),
        9,
        "exercise 3.use",
        "beside the others that are done on the back",
    ),
    (
        routine('"pelvic-tilt"'),
        3,
        "exercise 1.setup_s",
        "found 10 s to get on the back; write setup_s = 30",
    ),
    (
        routine(TILT, '"cat-stretch"\nsetup_s = 5'),
        8,
        "exercise 2.setup_s",
        "10 s or more, found 5 s to get on hands and knees",
    ),
    (
        routine(TILT, '"bridge"', '"knee-rolls"'),
        7,
        "exercise 2.use",
        '"bridge", which is for days without pain',
    ),
    (
        routine(TILT, '"knee-to-chest"', head='spoken_names = ["back morning"]\n'),
        8,
        "exercise 2.use",
        "which bends the back forward",
    ),
    (
        routine(TILT, '"bridge"\ncues = [{ at = "start", say = "Up and up and up, to the sky." }]'),
        8,
        "exercise 2.cues 1",
        "for which there is no time",
    ),
    (routine(TILT, head="total_s = 600\n"), 3, "total_s", "found 600 s; write total_s ="),
    (
        routine(TILT, head='spoken_names = ["my back", "zorgle back"]\n'),
        3,
        "spoken_names 2",
        '"zorgle", which the speech model doesn\'t know',
    ),
    (routine(TILT, head='intro = "Fold it → rest °."\n'), 3, "intro", '"°→"'),
    (routine(TILT, head='intro = "Do 12 of them."\n'), 3, "intro", "write ten for 10"),
    (
        routine(TILT, head=f'intro = "{"Then breathe and move " * 6}on."\n'),
        3,
        "intro",
        "a sentence of 25 words",
    ),
]


@pytest.mark.parametrize(("text", "line", "key", "says"), CASES)
def test_a_doubt_is_named_with_line_key_and_cure(
    tmp_path: Path, text: str, line: int, key: str, says: str
) -> None:
    """Each once, on its line, at its key."""
    found = [
        doubt for doubt in doubts(tmp_path, text, words=WORDS | {"morning"}) if doubt.key == key
    ]
    assert [(doubt.line, doubt.key) for doubt in found] == [(line, key)]
    assert says in str(found[0])


def test_a_side_that_is_made_up_for_is_balanced(tmp_path: Path) -> None:
    """Left alone, and later right alone, is the same for both."""
    text = routine(TILT, '"knee-to-chest"\nonly_side = "left"')
    assert doubts(tmp_path, text)
    assert not doubts(tmp_path, f'{text}[[exercise]]\nuse = "knee-to-chest"\nonly_side = "right"\n')


def test_a_gentle_beginning_of_strength_is_no_mixture(tmp_path: Path) -> None:
    assert not doubts(tmp_path, routine(f'"abdominal-brace"\n{DOWN}', '"bridge"', '"dead-bug"'))


def test_cues_of_an_exercise_that_a_short_dose_leaves_out_are_no_fault(tmp_path: Path) -> None:
    """Only what stands in this very file is its business."""
    assert not doubts(tmp_path, routine('"bridge"\nreps = 1\nsetup_s = 30'))


def test_an_exercise_is_looked_at_too(tmp_path: Path) -> None:
    """Its cues have to fit its own dose."""
    path = tmp_path / "bridge.toml"
    path.write_text(
        (ROUTINES / "exercises" / "bridge.toml")
        .read_text()
        .replace('"half", say = "Halfway. Hips level."', '"start", say = "Up, up, up to the sky."')
    )
    (tmp_path / "exercises").mkdir()
    path = path.rename(tmp_path / "exercises" / "bridge.toml")
    data, text, _ = read_toml(path)
    exercise = load([ROUTINES, tmp_path]).exercises["bridge"]
    assert [doubt.key for doubt in exercise_advice(exercise, data, Place(path, text))] == ["cues 1"]


def test_the_movement_is_told_once_the_body_is_in_place(tmp_path: Path) -> None:
    """As it is done, and not before the elbow is under the shoulder; of all that is shipped."""
    library, told = load([ROUTINES]), 0
    for path in sorted((ROUTINES / "exercises").glob("*.toml")):
        data, text, _ = read_toml(path)
        exercise = library.exercises[path.stem]
        found = exercise_advice(exercise, data, Place(path, text))
        assert not [one for one in found if one.key.startswith(("steps", "contra"))], path.stem
        told += exercise.ready.startswith("Put your elbow")
    assert told == 4
    plank = replace(library.exercises["side-plank-knees"], steps=("One side.", "Your hips rise."))
    [doubt] = exercise_advice(plank, {}, Place(tmp_path / "plank.toml", ""))
    assert doubt.key == "steps 2"
    assert "hips" in doubt.found
    assert "Put your elbow under your shoulder." in doubt.found


@pytest.mark.parametrize(
    ("caution", "name", "doubted"),
    [
        ("osteoporosis", "Osteoporosis", True),
        ("With osteoporosis, leave this one out.", "Osteoporosis", True),
        ("Not after a hip replacement.", "a hip", True),
        ("With osteoporosis, keep the movement small.", "it is led on purpose", False),
        ("With a sore shoulder, leave this one out.", "no condition of the table", False),
    ],
)
def test_a_condition_that_is_only_said_leaves_an_exercise_out_for_nobody(
    caution: str, name: str, doubted: bool
) -> None:
    """Movements do; where none of them says so, the author hears it."""
    still = load([ROUTINES]).exercises["seated-neck-turn"]
    place = Place(Path(f"{name}.toml"), "")
    found = exercise_advice(replace(still, contraindications=(caution,)), {}, place)
    assert [one.key for one in found] == ["contraindications 1"] * doubted
    asked = {movement for one in found for movement in Movement if movement in one.mend}
    bent = replace(still, contraindications=(caution,), movements=tuple(asked))
    assert not exercise_advice(bent, {}, place)


@pytest.mark.parametrize("path", sorted(ROUTINES.glob("*.toml")), ids=lambda path: path.stem)
def test_there_is_no_doubt_about_what_is_shipped(path: Path) -> None:
    """Every shipped routine, with the words of the shipped speech model."""
    words = {
        line.split()[0]
        for line in (ROUTINES.parent / "models" / "en-command" / "graph" / "words.txt")
        .read_text()
        .splitlines()
    }
    data, text, _ = read_toml(path)
    assert advice(load([ROUTINES]).routines[data["id"]], data, Place(path, text), words) == []
