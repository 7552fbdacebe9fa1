"""Files of a person's own stand beside the shipped ones and never break them."""

from pathlib import Path

import pytest

from assistant.content import routine_reader
from assistant.content.routine_reader import ContentError
from assistant.machine.places import folder

SHIPPED = folder("routines")
BRIDGE = (SHIPPED / "exercises" / "bridge.toml").read_text()
GOOD = 'id = "mine"\nname = "Mine"\n[[exercise]]\nuse = "bridge"\n'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "exercises").mkdir()
    return tmp_path


def usable(own: Path) -> tuple[routine_reader.Library, list[str]]:
    """What can be led, and the files that something is wrong with; `load` refuses the same."""
    library, problems = routine_reader.load_usable([SHIPPED, own])
    if problems:
        with pytest.raises(ContentError) as refused:
            routine_reader.load([SHIPPED, own])
        assert list(refused.value.problems) == problems
    return library, [str(Path(problem.file).relative_to(own)) for problem in problems]


def test_an_own_exercise_in_the_place_of_a_shipped_one_is_used_where_it_fits(own: Path) -> None:
    (own / "exercises" / "bridge.toml").write_text(BRIDGE.replace('name = "', 'name = "My ', 1))
    library, wrong = usable(own)
    assert wrong == []
    assert library.exercises["bridge"].name.startswith("My ")
    used = [item.exercise.name for one in library.routines.values() for item in one.items]
    assert any(name.startswith("My ") for name in used)


def test_one_that_fits_no_more_is_blamed_itself_and_shipped_routines_keep_theirs(own: Path) -> None:
    """A stretch called bridge is no slip of the routine that has the bridge eight times."""
    text = (SHIPPED / "exercises" / "hamstring-towel.toml").read_text()
    text = text.replace('id = "hamstring-towel"', 'id = "bridge"')
    (own / "exercises" / "towel.toml").write_text(text)
    before = routine_reader.load([SHIPPED])
    library, wrong = usable(own)
    assert wrong == ["exercises/towel.toml"]
    assert library.routines.keys() == before.routines.keys()
    strength, as_before = (one.routines["lower-back-strength-2"] for one in (library, before))
    assert strength == as_before
    assert library.routines["lower-back-strength"] != before.routines["lower-back-strength"]


def test_a_file_in_the_folder_of_the_other_kind_is_told_where_it_belongs(own: Path) -> None:
    """Not each of its keys as unknown; there it is good."""
    astray, home = own / "bridge.toml", own / "exercises" / "mine.toml"
    astray.write_text(BRIDGE)
    home.write_text(GOOD)
    _, problems = routine_reader.load_usable([SHIPPED, own])
    assert {Path(one.file): (one.found, one.mend) for one in problems} == {
        astray: ("an exercise", f"move it into {own / 'exercises'}"),
        home: ("a routine", f"move it into {own}"),
    }
    assert len(problems) == 2
    astray.rename(own / "exercises" / "bridge.toml")
    home.rename(own / "mine.toml")
    assert usable(own)[1] == []


def test_so_is_a_routine_that_is_made_of_what_is_due(own: Path) -> None:
    """It lists no exercises. An exercise that has such a line by mistake is one all the same."""
    made, mine = own / "exercises" / "mine.toml", own / "exercises" / "bridge.toml"
    made.write_text(GOOD.partition("[[exercise]]")[0] + "minutes = 10\n")
    mine.write_text("minutes = 2\n" + BRIDGE)
    _, problems = routine_reader.load_usable([SHIPPED, own])
    told = {Path(one.file): (one.found, one.mend) for one in problems}
    assert told.pop(made) == ("a routine", f"move it into {own}")
    assert "a routine" not in told.pop(mine)
    assert told == {}
    made.rename(own / "mine.toml")
    mine.write_text(BRIDGE)
    assert usable(own)[1] == []


def test_a_broken_exercise_leaves_the_shipped_one_in_its_place(own: Path) -> None:
    (own / "exercises" / "bridge.toml").write_text(BRIDGE + "\nnonsense = 1\n")
    library, wrong = usable(own)
    assert wrong == ["exercises/bridge.toml"]
    assert library.exercises == routine_reader.load([SHIPPED]).exercises


def test_a_broken_routine_leaves_the_shipped_one_of_its_id(own: Path) -> None:
    (own / "day.toml").write_text(GOOD.replace('"mine"', '"desk-break"').replace("use", "uses"))
    library, wrong = usable(own)
    assert set(wrong) == {"day.toml"}
    assert library.routines == routine_reader.load([SHIPPED]).routines


def test_of_two_routines_that_are_called_alike_the_persons_own_is_left_out(own: Path) -> None:
    """Also where it replaces a shipped one, which then stands in its place again."""
    shipped = routine_reader.load([SHIPPED]).routines
    (own / "mine.toml").write_text(GOOD.replace("[[", 'spoken_names = ["morning"]\n[[', 1))
    text = GOOD.replace('"mine"', '"desk-break"').replace("[[", 'spoken_names = ["evening"]\n[[', 1)
    (own / "desk.toml").write_text(text)
    library, wrong = usable(own)
    assert sorted(wrong) == ["desk.toml", "mine.toml"]
    assert library.routines == shipped


def test_a_neighbour_that_is_not_there_is_forgotten_and_the_exercise_stays(own: Path) -> None:
    text = BRIDGE.replace('id = "bridge"', 'id = "my-bridge"')
    text = "\n".join(
        line for line in text.splitlines() if not line.startswith(("easier", "harder"))
    )
    text = text.replace('id = "my-bridge"', 'id = "my-bridge"\neasier = "no-such"')
    (own / "exercises" / "my-bridge.toml").write_text(text)
    library, wrong = usable(own)
    assert wrong == ["exercises/my-bridge.toml"]
    assert library.exercises["my-bridge"].easier == ""
