"""Exercise and routine files: what is refused, and how it is said."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.coach.effects import Context
from assistant.content.author_advice import advice
from assistant.content.plan import compile_plan
from assistant.content.routine_reader import ContentError, Library, load, load_usable
from assistant.content.toml_reader import Problem, read_toml
from assistant.content.types import At, Count, Prompt
from assistant.content.where_in_file import Place
from assistant.hearing.understand import Understanding, plain
from tests.content.voice import ROUTINES, shipped

EXERCISE = """\
id = "reach"
name = "Reach"
spoken_name = "reach"
position = "standing"
phase = "acute"
mode = "hold_reps"
setup = "Stand tall."
steps = ["Reach up."]
sides = "left_right"

[dose]
hold_s = 5
reps = 3
"""
ROUTINE = """\
id = "mine"
name = "Mine"
intro = "Ease off if it hurts."

[[exercise]]
use = "reach"

[[exercise]]
use = "pelvic-tilt"
hold_s = 7.5
"""


NAMES = {routine.id: routine.spoken_names for routine in shipped().routines.values()}
UNDERSTANDING = Understanding(ROUTINES / "commands.yaml", ["hey coach"], NAMES)
PHRASES = {
    phrase
    for context in Context
    if context is not Context.PAIN
    for phrase in UNDERSTANDING.phrases(context)
}


def is_command(sentence: str) -> bool:
    """By the templates themselves."""
    return plain(sentence) in PHRASES or plain(sentence).startswith("hey coach")


def problems_of(tmp_path: Path, exercise: str = EXERCISE, routine: str = ROUTINE) -> list[Problem]:
    """What is said of one exercise and one routine of a person's own."""
    (tmp_path / "exercises").mkdir(exist_ok=True)
    (tmp_path / "exercises" / "reach.toml").write_text(exercise)
    (tmp_path / "mine.toml").write_text(routine)
    with pytest.raises(ContentError) as error:
        load([ROUTINES, tmp_path], is_command)
    return list(error.value.problems)


BROKEN = [
    # file, text replaced, its replacement, line, key, words of the message
    ("e", "hold_s = 5", 'hold_s = "five"', 12, "dose.hold_s", "write hold_s = 5"),
    ("e", "hold_s = 5", "hold_s = 1000", 12, "dose.hold_s", "seconds from 1 to 600"),
    ("e", "hold_s = 5", "hold_s = nan", 12, "dose.hold_s", "found nan"),
    ("e", "hold_s = 5", "hold = 5", 12, "dose.hold", "did you mean hold_s?"),
    ("e", "hold_s = 5", "", 11, "dose.hold_s", "seconds from 1 to 600 for mode hold_reps"),
    ("e", "reps = 3", "reps = 0", 13, "dose.reps", "from 1 to 50"),
    ("e", "reps = 3", "reps = true", 13, "dose.reps", "found true"),
    ("e", '"acute"', '"accute"', 5, "phase", 'did you mean "acute"?'),
    ("e", '"standing"', "3", 4, "position", "one of: standing, seated"),
    ("e", 'setup = "Stand tall."', "", 1, "setup", "found nothing; add setup"),
    ("e", "Stand tall.", "", 7, "setup", "an empty text"),
    ("e", "Stand tall.", "Stand\\u0007 tall.", 7, "setup", "control characters"),
    ("e", "Stand tall.", "word " * 90, 7, "setup", "at most 400"),
    ("e", '["Reach up."]', '"Reach up."', 8, "steps", "steps = [...]"),
    ("e", '["Reach up."]', "[]", 8, "steps", "an empty list"),
    ("e", '"Reach up."', '"Reach up.",\n "Stop."', 9, "steps 2", "which is a command"),
    ("e", '"Reach up."', '"Do ten sit-ups."', 8, "steps 1", "no crunch or sit-up"),
    ("e", '"Reach"', '"Half crunch"', 2, "name", "bend a sore back under load"),
    ("e", '"reach"', '"My Reach"', 1, "id", 'write id = "my-reach"'),
    ("e", '"hold_reps"', '"reps"', 12, "dose.hold_s", "reach has mode reps"),
    ("e", '"hold_reps"', '"hold"', 13, "dose.reps", 'mode = "hold_reps"'),
    ("e", '"hold_reps"', '"timed"\ncount = "breaths"', 7, "count", "to count by breaths"),
    ("e", "[dose]", "[[dose]]", 11, "dose", "a table, found a list"),
    ("e", "[dose]", "[dose", 11, "", "write [dose]"),
    ("r", '"reach"', '"pelvic tlit"', 6, "exercise 1.use", 'did you mean "pelvic-tilt"?'),
    ("r", '"reach"', '"zzz"', 6, "exercise 1.use", "abdominal-brace"),
    ("r", '"reach"', '"crunch"', 6, "exercise 1.use", "no crunch or sit-up"),
    ("r", 'use = "reach"', "hold_s = 5", 5, "exercise 1.use", "add use"),
    ("r", "hold_s = 7.5", "hold_s = -7.5", 10, "exercise 2.hold_s", "found -7.5"),
    ("r", "hold_s = 7.5", "hold_s = 0.5", 10, "exercise 2.hold_s", "seconds from 1 to 600"),
    ("r", "hold_s = 7.5", "holds = 7.5", 10, "exercise 2.holds", "did you mean hold_s?"),
    ("r", "hold_s = 7.5", 'start_side = "left"', 10, "exercise 2.start_side", "has no sides"),
    ("r", "hold_s = 7.5", "switch_s = 8", 10, "exercise 2.switch_s", "has no sides"),
    (
        "r",
        'use = "reach"',
        'use = "reach"\nstart_side = "port"',
        7,
        "exercise 1.start_side",
        "left",
    ),
    ("r", 'use = "reach"', 'use = "reach"\nswitch_s = 2', 7, "exercise 1.switch_s", "from 5 to 60"),
    ("r", 'use = "reach"', 'use = "reach"\nsetup = "Pause."', 7, "exercise 1.setup", "a command"),
    ("r", "Ease off if it hurts.", "Ready? Go!", 3, "intro", '"Go!", which is a command'),
    ("r", "intro =", 'spoken_names = ["Mine 2"]\nintro =', 3, "spoken_names 1", "without figures"),
    ("r", "intro =", 'spoken_names = ["stop"]\nintro =', 3, "spoken_names 1", "a command"),
    (
        "r",
        "intro =",
        'spoken_names = ["desk"]\nintro =',
        3,
        "spoken_names 1",
        "desk-break.toml has",
    ),
    ("r", 'name = "Mine"', 'name = "4"\nspoken_names = []', 2, "name", "write spoken_names"),
    ("r", '"Mine"', '"42"', 2, "name", "write spoken_names"),
    ("r", '"Mine"', '"Sit-up challenge"', 2, "name", "no crunch or sit-up"),
    # how it is done: levels, tempo, sets, cues, sides, sound
    ("e", "[dose]", "level = 6\n[dose]", 11, "level", "from 1 to 5"),
    ("e", "[dose]", 'easier = "bridg"\n[dose]', 11, "easier", 'did you mean "bridge"?'),
    ("e", "[dose]", 'easier = "bridge"\n[dose]', 11, "easier", "one of its own family"),
    ("e", "[dose]", 'family = "bridge"\neasier = "bridge"\n[dose]', 12, "easier", "level below 1"),
    ("e", "[dose]", 'family = "bridge"\nharder = "bridge"\n[dose]', 12, "harder", "level above 1"),
    ("e", "[dose]", 'movements = ["bend"]\n[dose]', 11, "movements 1", "one of: small_range"),
    ("e", "[dose]", 'movements = "flexion"\n[dose]', 11, "movements", "put brackets around it"),
    ("e", "reps = 3", 'reps = 3\ntempo = "slow"', 14, "dose.tempo", "remove it"),
    ("e", "reps = 3", 'reps = 3\ntempo = "0-0-1"', 14, "dose.tempo", "reach has mode hold_reps"),
    ("e", "reps = 3", 'reps = 3\ntempo = "2-1-3"', 14, "dose.tempo", "reach has mode hold_reps"),
    ("e", "reps = 3", "set_reps = [6, 0, 2]", 13, "dose.set_reps 2", "write 1 there"),
    ("e", "reps = 3", "set_reps = 6", 13, "dose.set_reps", "set_reps = [...]"),
    ("e", "reps = 3", "reps = 3\nset_reps = [3, 2]", 13, "dose.reps", "remove it"),
    ("e", "[dose]", 'cues = ["now"]\n[dose]', 11, "cues 1", "a table"),
    ("e", "[dose]", 'cues = [{ at = "now", say = "Up." }]\n[dose]', 11, "cues 1.at", "every_n"),
    ("e", "[dose]", 'cues = [{ at = "half" }]\n[dose]', 11, "cues 1.say", "add say"),
    (
        "e",
        "[dose]",
        'cues = [{ at = "every_n", say = "Up." }]\n[dose]',
        11,
        "cues 1",
        "add n = 5 to it",
    ),
    ("e", "[dose]", 'cues = [{ at = "last", n = 2, say = "Up." }]\n[dose]', 11, "cues 1.n", "no n"),
    ("e", "[dose]", 'cues = [{ at = "half", say = "Stop." }]\n[dose]', 11, "cues 1.say", "command"),
    ("e", '"hold_reps"', '"holds"', 6, "mode", 'did you mean "hold"?'),
    ("e", '"left_right"', '"both"', 9, "sides", "one of: none, left_right, alternating"),
    ("r", "hold_s = 7.5", 'only_side = "left"', 10, "exercise 2.only_side", "no left and right"),
    ("r", "hold_s = 7.5", 'count = "loud"', 10, "exercise 2.count", "one of: down, up, every5"),
    ("r", "hold_s = 7.5", 'tempo = "2-1-3"', 10, "exercise 2.tempo", "pelvic-tilt has mode"),
    ("r", "hold_s = 7.5", "set_reps = [2]\nsets = 2", 11, "exercise 2.sets", "remove it"),
    (
        "r",
        "hold_s = 7.5",
        'cues = [{ at = "half", say = "Five crunches." }]',
        10,
        "exercise 2.cues 1.say",
        "no crunch or sit-up",
    ),
    ("r", "intro =", 'sound = "loud"\nintro =', 3, "sound", "one of: full, no_ticks, quiet"),
    ("r", "intro =", 'start_side = "both"\nintro =', 3, "start_side", "one of: left, right"),
    ("r", "intro =", "total_s = 5\nintro =", 3, "total_s", "from 10 to 7200"),
    ("r", "[[exercise]]", "[[exercises]]", 5, "exercises", "did you mean exercise?"),
    ("r", "[[exercise]]", "[exercise]", 8, "", "write [[exercise]]"),
]


def test_the_table_is_long() -> None:
    """Forty broken files, and each case a different one."""
    assert len(BROKEN) >= 40
    assert len({case[:3] for case in BROKEN}) == len(BROKEN)


@pytest.mark.parametrize(("which", "old", "new", "line", "key", "says"), BROKEN)
def test_a_slip_is_named_with_file_line_key_and_cure(
    tmp_path: Path, which: str, old: str, new: str, line: int, key: str, says: str
) -> None:
    """Each slip is found in its file, on its line, at its key, with what to do."""
    exercise = EXERCISE.replace(old, new, 1) if which == "e" else EXERCISE
    many = -1 if old == "[[exercise]]" else 1
    routine = ROUTINE.replace(old, new, many) if which == "r" else ROUTINE
    assert (exercise, routine) != (EXERCISE, ROUTINE)
    file = tmp_path / ("exercises/reach.toml" if which == "e" else "mine.toml")
    problems = problems_of(tmp_path, exercise, routine)
    assert (str(file), line, key) in [(p.file, p.line, p.key) for p in problems]
    assert says in " ".join(str(problem) for problem in problems)
    assert {problem.file for problem in problems} == {str(file)}


def test_all_slips_of_all_files_are_said_at_once(tmp_path: Path) -> None:
    """One run names everything that is wrong, so that it is mended in one go."""
    problems = problems_of(
        tmp_path,
        EXERCISE.replace("hold_s = 5", "hold_s = -5").replace('"acute"', '"x"'),
        ROUTINE.replace("pelvic-tilt", "pelvic").replace("id =", "ident ="),
    )
    assert [(Path(p.file).name, p.line, p.key) for p in problems] == [
        ("reach.toml", 5, "phase"),
        ("reach.toml", 12, "dose.hold_s"),
        ("mine.toml", 1, "ident"),
        ("mine.toml", 1, "id"),
        ("mine.toml", 9, "exercise 2.use"),
    ]


def test_the_message_is_all_problems_and_the_exit_code_three(tmp_path: Path) -> None:
    """The error reads as its problems, one a line."""
    (tmp_path / "a.toml").write_text("id = 1\nname = 2\n")
    with pytest.raises(ContentError) as error:
        load([ROUTINES, tmp_path])
    assert str(error.value).splitlines() == [str(problem) for problem in error.value.problems]
    assert error.value.code == 3


def test_a_person_may_replace_what_is_shipped(tmp_path: Path) -> None:
    """A later folder's exercise or routine stands for the shipped one of the same id."""
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "tilt.toml").write_text(
        EXERCISE.replace('id = "reach"', 'id = "pelvic-tilt"')
    )
    (tmp_path / "desk.toml").write_text(
        'id = "desk-break"\nname = "Desk"\n[[exercise]]\nuse = "pelvic-tilt"\n'
    )
    library = load([ROUTINES, tmp_path])
    assert library.exercises["pelvic-tilt"].name == "Reach"
    assert library.routines["desk-break"].items[0].exercise.name == "Reach"
    assert library.routines["lower-back-gentle"].items[0].exercise.name == "Reach"
    assert library.routines["desk-break"].spoken_names == ("desk",)


def test_a_replaced_neighbour_breaks_nothing(tmp_path: Path) -> None:
    """Who replaces an exercise by one of another family isn't blamed for the shipped neighbours."""
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "mine.toml").write_text(
        EXERCISE.replace('"reach"', '"pelvic-tilt"', 1)
    )
    library = load([ROUTINES, tmp_path])
    assert library.exercises["pelvic-tilt"].name == "Reach"
    assert library.exercises["back-arch"].easier == ""


def test_of_two_ways_to_say_one_thing_the_routines_holds(tmp_path: Path) -> None:
    """A tempo_s in the routine ends the exercise's tempo; reps end its set_reps, and back."""
    (tmp_path / "x.toml").write_text(
        'id = "x"\nname = "My back"\nstart_side = "right"\n'
        '[[exercise]]\nuse = "dead-bug"\n[[exercise]]\nuse = "dead-bug"\ntempo_s = 4\n'
        '[[exercise]]\nuse = "curl-up"\nreps = 3\n[[exercise]]\nuse = "bridge"\n'
        'set_reps = [3, 2]\n[[exercise]]\nuse = "knee-to-chest"\nstart_side = "left"\n'
    )
    items = load([ROUTINES, tmp_path]).routines["x"].items
    doses = [item.dose for item in items]
    assert [(dose.tempo, dose.tempo_s) for dose in doses[:2]] == [("3-0-2", 5), ("", 4)]
    assert [dose.set_reps for dose in doses[2:4]] == [(), (3, 2)]
    assert [dose.reps for dose in doses[3].by_set()] == [3, 2]
    assert [item.start_side for item in items] == ["right"] * 4 + ["left"]


def test_a_routine_may_have_its_own_cues_and_count(tmp_path: Path) -> None:
    """Said instead of those of the exercise."""
    (tmp_path / "x.toml").write_text(
        'id = "x"\nname = "My back"\n[[exercise]]\nuse = "figure-four"\ncount = "every5"\n'
        'cues = [{ at = "every_n", n = 10, say = "Softly." }]\n'
    )
    exercise = load([ROUTINES, tmp_path]).routines["x"].items[0].exercise
    assert exercise.count is Count.EVERY5
    assert exercise.cues == (Prompt(at=At.EVERY_N, say="Softly.", n=10),)


def test_a_short_file_is_enough(tmp_path: Path) -> None:
    """Four lines make a routine; everything else has a good default."""
    (tmp_path / "x.toml").write_text('id = "x"\nname = "My back"\n[[exercise]]\nuse = "bridge"\n')
    routine = load([ROUTINES, tmp_path]).routines["x"]
    assert routine.spoken_names == ("my back",)
    assert routine.items[0].dose == routine.items[0].exercise.dose


def test_two_files_of_one_folder_may_not_share_an_id(tmp_path: Path) -> None:
    """Which of two is meant can't be told, so both are named."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(ROUTINE.replace("reach", "bridge"))
    with pytest.raises(ContentError, match=r"b\.toml, line 1, `id`.*which a\.toml has too"):
        load([ROUTINES, tmp_path])


def test_missing_folders(tmp_path: Path) -> None:
    """A person need not have a folder; the shipped one must be there."""
    assert load([ROUTINES, tmp_path / "none"]).routines
    with pytest.raises(ContentError, match="no such file or directory"):
        load([tmp_path / "none"])
    (tmp_path / "file").write_text("")
    with pytest.raises(ContentError, match="not a directory"):
        load([ROUTINES, tmp_path / "file"])


def test_a_routine_without_exercises_is_refused(tmp_path: Path) -> None:
    """There is nothing to lead."""
    (tmp_path / "x.toml").write_text('id = "x"\nname = "X"\nexercise = []\n')
    with pytest.raises(ContentError, match=r"line 3, `exercise`: expected an exercise, found none"):
        load([ROUTINES, tmp_path])


def test_the_curl_up_is_no_crunch(tmp_path: Path) -> None:
    """McGill's curl-up keeps the spine still: it is welcome."""
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "curl-up.toml").write_text(
        EXERCISE.replace("reach", "curl-up").replace("Reach", "Curl-up")
    )
    assert "curl-up" in load([ROUTINES, tmp_path]).exercises


def read_or_refuse(folder: Path) -> Library | None:
    try:
        return load([ROUTINES, folder])
    except ContentError as error:
        for problem in error.problems:
            text = Path(problem.file).read_bytes().decode("utf-8", "replace")
            assert 0 <= problem.line <= text.count("\n") + 1
            assert str(problem).isprintable()
            assert len(str(problem)) < 1000
        return None


SHIPPED = sorted(ROUTINES.glob("*.toml")) + sorted(ROUTINES.glob("exercises/*.toml"))
VALUES = st.sampled_from(
    [
        *("1", "-1", "0", "5.5", "1e400", "nan", "inf", "true", "1979-05-27", "07:32:00", "="),
        *("'x'", "''", "[]", "[[]]", "{}", "{a=1}", "'\\'", '"\\u0000"', "[1,'a']", "[", "}", "#"),
        *("9" * 20, "0x7fffffffffffffffffff", "[{use='bridge'}]", "[{}]", "'''\n'''", "]"),
    ]
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_spoilt_file_is_refused_and_nothing_worse(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever is done to a shipped file, it is read or refused by name, and then still planned."""
    path = data.draw(st.sampled_from(SHIPPED))
    lines = path.read_text().split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["value", "drop", "swap", "insert", "cut"])):
            case "value" if "=" in lines[at]:
                lines[at] = lines[at].split("=")[0] + "= " + data.draw(VALUES)
            case "drop":
                lines[at] = ""
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case "insert":
                lines.insert(at, data.draw(st.text(max_size=12)))
            case _:
                lines[at] = lines[at][: data.draw(st.integers(0, 30))]
    shutil.rmtree(tmp_path / "own", ignore_errors=True)
    own = tmp_path / "own" / path.relative_to(ROUTINES)
    own.parent.mkdir(parents=True)
    own.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    library = read_or_refuse(tmp_path / "own")
    for routine in library.routines.values() if library else ():
        assert compile_plan(routine).total_s > 0
        if Path(routine.file) == own:
            held, text, _ = read_toml(own)
            for doubt in advice(routine, held, Place(own, text), {"my", "back"}):
                assert 0 < doubt.line <= text.count("\n") + 1
                assert str(doubt).isprintable()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_and_nothing_worse(tmp_path: Path, content: bytes) -> None:
    """A file of noise is an error that names it."""
    own = tmp_path / "own"
    own.mkdir(exist_ok=True)
    (own / "noise.toml").write_bytes(content)
    assert read_or_refuse(own) is None


@pytest.mark.parametrize(("written", "good"), [("1", True), ("600", True), ("0.9", False)])
def test_a_hold_of_a_second_is_a_hold(tmp_path: Path, written: str, good: bool) -> None:
    """What the message calls right is taken: from one second to ten minutes."""
    (tmp_path / "exercises").mkdir()
    file = tmp_path / "exercises" / "reach.toml"
    file.write_text(EXERCISE.replace("hold_s = 5", f"hold_s = {written}"))
    (tmp_path / "mine.toml").write_text(ROUTINE.replace("hold_s = 7.5", f"hold_s = {written}"))
    library, problems = load_usable([ROUTINES, tmp_path])
    assert (problems == []) == good
    assert ("reach" in library.exercises) == good
    assert ("mine" in library.routines) == good
