"""Files as people break them: each error is told once, with its line, and its cure can be followed
to the letter until the file is good."""

from pathlib import Path

import pytest

from assistant.content.routine_reader import ContentError, load
from assistant.content.toml_reader import Problem
from tests.content.cures import follow
from tests.content.test_routine_reader import is_command
from tests.content.voice import ROUTINES

EXERCISE = """\
id = "chin-tuck"
name = "Chin tuck"
spoken_name = "chin tuck"
position = "seated"
phase = "acute"
movements = []
mode = "hold_reps"
sides = "left_right"
setup = "Sit tall."
steps = ["Your chin glides straight back."]
move = "Draw your chin back."

[dose]
hold_s = 5
reps = 3
"""
ROUTINE = """\
id = "lunch-hour"
name = "Lunch hour"
intro = "Slowly and gently."

[[exercise]]
use = "chin-tuck"

[[exercise]]
use = "knee-to-chest"
hold_s = 8
rest_s = 12
"""

MOVE = 'move = "Draw your chin back."'
CUES = "\ncues = [{{ at = {} }}]"

FIGURE = """\
[figure]
stays = "feet"
moves = ["head"]
[figure.postures]
pitch = 0
[figure.postures]
neck = -10
"""
POSTURES = FIGURE.replace("[figure.postures]", "[[figure.postures]]")

# (what it is, "e"xercise or "r"outine, what is replaced, by what, the line of the first error,
# how many errors are told at first)
KINDS = [
    ("a decimal comma", "r", "hold_s = 8", "hold_s = 22,5", 10, 1),
    ("a decimal comma below one", "r", "rest_s = 12", "rest_s = 0,8", 11, 1),
    ("a decimal comma in quotes", "r", "rest_s = 12", 'rest_s = "2,5"', 11, 1),
    ("a unit behind a number", "r", "hold_s = 8", "hold_s = 5s", 10, 1),
    ("a unit in words", "r", "hold_s = 8", "hold_s = 5 seconds", 10, 1),
    ("minutes", "r", "rest_s = 12", "rest_s = 2 min", 11, 1),
    ("a unit in quotes", "r", "hold_s = 8", 'hold_s = "5 s"', 10, 1),
    ("minutes in quotes", "r", "rest_s = 12", 'rest_s = "2 min"', 11, 1),
    ("minutes in the key", "r", "rest_s = 12", "rest_min = 2", 11, 1),
    ("minutes and seconds", "r", "rest_s = 12", "rest_s = 2:00", 11, 1),
    ("a range", "r", "hold_s = 8", "hold_s = 8-12", 10, 1),
    ("a range in words", "r", "hold_s = 8", 'hold_s = "8 to 12 s"', 10, 1),
    ("sets of repetitions", "e", "reps = 3", "reps = 2x3", 15, 1),
    ("sets of repetitions in words", "e", "reps = 3", "reps = 2 sets of 3 reps", 15, 1),
    ("of each side", "r", "hold_s = 8", "hold_s = 8 sec each side", 10, 1),
    ("a hold of minutes", "r", "hold_s = 8", "minutes = 2", 10, 1),
    ("sets of repetitions in quotes", "e", "reps = 3", 'sets = "2 × 3"', 15, 1),
    ("a hold and how often", "r", "hold_s = 8", "hold_s = 8 s x 3", 10, 1),
    ("a number in words", "r", "hold_s = 8", 'hold_s = "eight"', 10, 1),
    ("a number in bare words", "r", "hold_s = 8", "hold_s = eight", 10, 1),
    ("a zero too many", "r", "hold_s = 8", "hold_s = 08", 10, 1),
    ("nothing before the point", "r", "rest_s = 12", "rest_s = .5", 11, 1),
    ("half a repetition", "e", "reps = 3", "reps = 5.5", 15, 1),
    ("less than nothing", "r", "hold_s = 8", "hold_s = -5", 10, 1),
    ("no time at all", "r", "hold_s = 8", "hold_s = 0", 10, 1),
    ("a quarter of an hour", "r", "hold_s = 8", "hold_s = 900", 10, 1),
    ("a truth for a number", "r", "hold_s = 8", "hold_s = true", 10, 1),
    ("single brackets", "r", '[[exercise]]\nuse = "chin', '[exercise]\nuse = "chin', 5, 1),
    ("single brackets twice", "r", "[[exercise]]", "[exercise]", 8, 1),
    ("brackets forgotten", "e", '["Your chin glides straight back."]', '"One.", "Two."', 10, 1),
    ("single brackets of postures", "e", "reps = 3\n", "reps = 3\n" + FIGURE, 21, 1),
    ("degrees", "e", "reps = 3\n", "reps = 3\n" + POSTURES.replace("10", "10°"), 22, 1),
    ("a bracket missing", "e", "[dose]", "[dose", 13, 1),
    ("a list for one exercise", "r", "[[exercise]]", "[[exercises]]", 5, 1),
    ("the table forgotten", "e", "[dose]\n", "", 13, 1),
    ("a key below the wrong table", "r", "rest_s = 12", 'rest_s = 12\nsound = "quiet"', 12, 1),
    ("two keys below the wrong table", "r", "rest_s = 12", 'sound = "quiet"\ntotal_s = 250', 11, 2),
    ("a step below the dose", "e", "reps = 3", 'reps = 3\nbreathing = "Breathe."', 16, 1),
    ("a dose in the routine", "r", "hold_s = 8", "[dose]\nhold_s = 8", 10, 1),
    ("curly quotes", "r", '"Slowly and gently."', "“Slowly and gently.”", 3, 1),
    ("no quotes", "r", '"Lunch hour"', "Lunch hour", 2, 1),
    ("an apostrophe in single quotes", "r", '"Slowly and gently."', "'Don't hurry.'", 3, 1),
    ("quotes within quotes", "r", '"Slowly and gently."', '"Slowly, not "fast"."', 3, 1),
    ("a text over two lines", "r", "Slowly and", "Slowly\nand", 3, 1),
    ("a comment of another language", "r", "hold_s = 8", "hold_s = 8 // less", 10, 1),
    ("a list of a word processor", "r", 'name = "Lunch', "• name = “Lunch", 2, 1),
    ("what stands around it elsewhere", "r", 'id = "', '```toml\nid = "', 1, 1),
    ("a key with a capital", "r", "hold_s = 8", "Hold_S = 8", 10, 1),
    ("a first key with a capital", "r", 'id = "', 'Id = "', 1, 1),
    ("one quote missing", "r", '"Slowly and gently."', '"Slowly and gently.', 3, 1),
    ("a colon for the sign", "r", 'name = "Lunch hour"', 'name: "Lunch hour"', 2, 1),
    ("a key twice", "r", "hold_s = 8", "hold_s = 8\nhold_s = 9", 11, 1),
    ("sitting", "e", '"seated"', '"sitting"', 4, 1),
    ("both sides", "e", '"left_right"', '"both"', 8, 1),
    ("a slip of the finger", "e", '"acute"', '"accute"', 5, 1),
    ("no such word", "e", '"hold_reps"', '"zumba"', 7, 1),
    ("a number for a word", "e", '"seated"', "3", 4, 1),
    ("seconds", "r", "hold_s = 8", "seconds = 8", 10, 1),
    ("repetitions", "r", "hold_s = 8", "repetitions = 4", 10, 1),
    ("a key without its unit", "r", "hold_s = 8", "hold = 8", 10, 1),
    ("a key that means nothing", "r", "hold_s = 8", "colour = 8", 10, 1),
    ("an older key", "e", "movements = []", "flexion = true", 6, 1),
    ("the exercise mistyped", "r", '"knee-to-chest"', '"knee to chests"', 9, 1),
    ("no such exercise", "r", '"knee-to-chest"', '"headstand"', 9, 1),
    ("a crunch", "r", '"knee-to-chest"', '"crunches"', 9, 1),
    ("a sit-up in words", "e", "Your chin glides straight back.", "Do ten sit-ups.", 10, 1),
    ("a command for a sentence", "r", "Slowly and gently.", "Ready? Go!", 3, 2),
    ("commands in a row", "r", "Slowly and gently.", "Please stop. This hurts.", 3, 2),
    ("the wake phrase", "r", "Slowly and gently.", "Hey coach, start desk break.", 3, 1),
    ("a command for a mistake", "e", "[dose]", 'mistakes = ["Stop."]\n[dose]', 13, 1),
    ("a command for a name", "e", 'spoken_name = "chin tuck"', 'spoken_name = "stop"', 3, 1),
    ("a command for a routine", "r", "intro =", 'spoken_names = ["stop"]\nintro =', 3, 1),
    ("figures in a name", "r", "intro =", 'spoken_names = ["Lunch 2"]\nintro =', 3, 1),
    ("accents in a name", "r", "intro =", 'spoken_names = ["Mittag für Zoë"]\nintro =', 3, 1),
    ("a name that is taken", "r", "intro =", 'spoken_names = ["desk"]\nintro =', 3, 1),
    ("a name that nobody can say", "r", '"Lunch hour"', '"42"', 2, 1),
    ("an id with capitals", "r", '"lunch-hour"', '"Lunch Hour"', 1, 1),
    ("nothing at all", "r", 'name = "Lunch hour"\n', "", 1, 1),
    ("no use", "r", 'use = "chin-tuck"', "reps = 2", 5, 1),
    ("an empty text", "e", '"Sit tall."', '""', 9, 1),
    ("a bare step", "e", '["Your chin glides straight back."]', '"Your chin glides back."', 10, 1),
    ("a list of sentences", "e", '"Sit tall."', '["Sit tall.", "Look ahead."]', 9, 1),
    ("a hold without its time", "e", "hold_s = 5\n", "", 13, 1),
    ("a hold of repetitions", "e", '"hold_reps"', '"reps"', 14, 1),
    ("repetitions of a hold", "e", '"hold_reps"', '"hold"', 15, 1),
    ("a tempo of a hold", "e", "reps = 3", 'reps = 3\ntempo = "2-1-3"', 16, 1),
    ("a side that isn't there", "r", '"knee-to-chest"', '"bridge"\nonly_side = "left"', 10, 1),
    ("a place for no side", "r", '"knee-to-chest"', '"bridge"\nsetup = "To {side}."', 10, 1),
    ("another place", "r", "hold_s = 8", 'setup = "On the {left} one."', 10, 1),
    ("a cue without its n", "e", MOVE, MOVE + CUES.format('"every_n", say = "Up."'), 12, 1),
    ("a cue with an n", "e", MOVE, MOVE + CUES.format('"half", n = 2, say = "Up."'), 12, 1),
    ("a cue without words", "e", MOVE, MOVE + CUES.format('"half"'), 12, 1),
    ("no easier one", "e", "[dose]", 'easier = "bridg"\n[dose]', 13, 1),
    ("a sign that nobody sees", "e", "Sit tall.", "Sit\\u0007 tall.", 9, 1),
    ("far too many words", "e", "Sit tall.", "Sit tall, and then wait. " * 20, 9, 1),
]
MEANT = {
    **dict.fromkeys(("minutes", "minutes in quotes", "minutes in the key"), "rest_s = 120"),
    "minutes and seconds": "rest_s = 120",
    "a decimal comma in quotes": "rest_s = 2.5",
    **dict.fromkeys(("a range", "a range in words", "a hold and how often"), "hold_s = 8"),
    "sets of repetitions": "reps = 3\nsets = 2",
    "sets of repetitions in words": "reps = 3\nsets = 2",
    "of each side": "hold_s = 8",
    "a hold of minutes": "hold_s = 120",
    "sets of repetitions in quotes": "reps = 3\nsets = 2",
    "an apostrophe in single quotes": 'intro = "Don\'t hurry."',
    "a text over two lines": 'intro = "Slowly and gently."',
    "accents in a name": 'spoken_names = ["mittag fur zoe"]',
    "a first key with a capital": 'id = "lunch-hour"',
}
"""What then stands in the file: what was meant, not only what may stand there."""
ROUNDS = 6


def problems(folder: Path, exercise: str, routine: str) -> list[Problem]:
    (folder / "exercises").mkdir(exist_ok=True)
    (folder / "exercises" / "chin-tuck.toml").write_text(exercise, encoding="utf-8")
    (folder / "lunch-hour.toml").write_text(routine, encoding="utf-8")
    try:
        load([ROUTINES, folder], is_command)
    except ContentError as error:
        return list(error.problems)
    return []


def broken(kind: tuple[str, str, str, str, int, int]) -> tuple[str, str]:
    _, which, old, new, _, _ = kind
    many = -1 if old == "[[exercise]]" else 1
    exercise = EXERCISE.replace(old, new, many) if which == "e" else EXERCISE
    routine = ROUTINE.replace(old, new, many) if which == "r" else ROUTINE
    assert (exercise, routine) != (EXERCISE, ROUTINE)
    return exercise, routine


def test_the_kinds_are_many_and_what_they_begin_with_is_good(tmp_path: Path) -> None:
    assert len(KINDS) >= 41
    assert len({kind[0] for kind in KINDS}) == len(KINDS)
    assert problems(tmp_path, EXERCISE, ROUTINE) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0])
def test_each_error_is_told_once_and_its_cure_followed_to_the_letter_is_one(
    tmp_path: Path, kind: tuple[str, str, str, str, int, int]
) -> None:
    """On its line; then one cure after the other, as written, until the file passes."""
    exercise, routine = broken(kind)
    name, which, _, _, line, many = kind
    found = problems(tmp_path, exercise, routine)
    file = "chin-tuck.toml" if which == "e" else "lunch-hour.toml"
    assert [Path(problem.file).name for problem in found] == [file] * many, found
    assert found[0].line == line, found
    for _ in range(ROUNDS):
        if not found:
            break
        assert all(len(str(p)) < 900 and p.mend for p in found)
        if which == "e":
            exercise = follow(exercise, found[0])
        else:
            routine = follow(routine, found[0])
        found = problems(tmp_path, exercise, routine)
    assert found == [], (name, exercise, routine)
    assert MEANT.get(name, "") in (exercise if which == "e" else routine)


def test_the_guess_stands_before_the_long_list(tmp_path: Path) -> None:
    """What to do is read first, and then what else there is."""
    found = problems(tmp_path, EXERCISE, ROUTINE.replace("knee-to-chest", "knee to chests"))
    said = str(found[0])
    assert said.index('did you mean "knee-to-chest"?') < said.index("knee-rolls")
    found = problems(tmp_path, EXERCISE, ROUTINE.replace("hold_s", "seconds"))
    said = str(found[0])
    assert said.index("did you mean hold_s?") < said.index("one of: use, ")


def test_an_exercise_that_breaks_shipped_routines_is_blamed_itself(tmp_path: Path) -> None:
    """One line, in the file that a person can mend, though several routines use the shipped one."""
    own = EXERCISE.replace('"chin-tuck"', '"bridge"').replace("left_right", "none")
    own = own.replace('mode = "hold_reps"', 'mode = "hold"').replace("reps = 3\n", "")
    found = problems(tmp_path, own, ROUTINE.replace("chin-tuck", "bridge"))
    assert [(Path(p.file).name, p.line) for p in found] == [("chin-tuck.toml", 1)]
    assert "lower-back-strength" in found[0].found
    mended = follow(own, found[0])
    assert problems(tmp_path, mended, ROUTINE.replace("chin-tuck", "bridge")) == []
