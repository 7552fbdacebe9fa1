"""TOML into dataclasses: what is taken, what is refused, and in which words."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from assistant.content.toml_reader import Problem, read_toml, read_typed


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True)
class Inner:
    hold_s: float = 5.0
    reps: int = 1


@dataclass(frozen=True)
class Outer:
    name: str
    colour: Colour = Colour.RED
    loud: bool = False
    note: str = ""
    inner: Inner = Inner()
    many: tuple[Inner, ...] = ()
    texts: tuple[str, ...] = ()
    maybe: float | None = None


def read(text: str) -> tuple[Outer | None, list[Problem]]:
    limits = {"hold_s": (0.0, 600.0), "reps": (1.0, 50.0)}
    return read_typed(Outer, tomllib.loads(text), text, "mine.toml", limits=limits)


def test_every_kind_of_value_is_read() -> None:
    """Texts, enums, flags, tables, lists of tables and numbers become what the hints say."""
    value, problems = read(
        'name = "x"\ncolour = "green"\nloud = true\nmaybe = 2\ntexts = ["a", "b"]\n'
        "inner = {hold_s = 7.5}\n[[many]]\nreps = 3\n[[many]]\nhold_s = 4\n"
    )
    assert not problems
    assert value == Outer(
        name="x",
        colour=Colour.GREEN,
        loud=True,
        inner=Inner(hold_s=7.5),
        many=(Inner(reps=3), Inner(hold_s=4.0)),
        texts=("a", "b"),
        maybe=2.0,
    )
    assert isinstance(value.maybe, float)


def test_a_text_over_several_lines_is_spoken_as_one() -> None:
    """Line breaks inside a text are for the eye only."""
    value, _ = read('name = """\na b\n  c\n"""')
    assert value is not None
    assert value.name == "a b c"


@pytest.mark.parametrize(
    ("line", "key", "says"),
    [
        ('inner.hold_s = "five"', "inner.hold_s", 'found "five"; write hold_s = 5'),
        ('inner.hold_s = "7.5 s"', "inner.hold_s", "write hold_s = 7.5"),
        ("inner.hold_s = 601", "inner.hold_s", "seconds from 0 to 600, found 601; write hold_s"),
        ("inner.hold_s = -1", "inner.hold_s", "found -1; write hold_s = 1"),
        ("inner.hold_s = nan", "inner.hold_s", "found nan"),
        ("inner.hold_s = inf", "inner.hold_s", "found inf"),
        ("inner.hold_s = true", "inner.hold_s", "found true"),
        ("inner.reps = 2.5", "inner.reps", "a whole number from 1 to 50, found 2.5"),
        ("inner.reps = 0x" + "f" * 5000, "inner.reps", "found a very large number"),
        ("maybe = nan", "maybe", "a number such as 5 or 7.5, found nan"),
        ("maybe = 1979-05-27", "maybe", "found 1979-05-27"),
        ("loud = 1", "loud", "true or false, found 1; write loud = true"),
        ('loud = "no"', "loud", "write loud = false"),
        ('colour = "Redd"', "colour", 'one of: red, green, found "Redd"; did you mean "red"?'),
        ("colour = 3", "colour", "one of: red, green, found 3"),
        ("inner = 3", "inner", "a table, found 3"),
        ("many = {reps = 3}", "many", "a list, found a table"),
        ('many = ["x"]', "many 1", 'a table, found "x"'),
        ('texts = "a"', "texts", "put brackets around it: texts = [...]"),
        ('texts = ["a", ""]', "texts 2", "an empty text"),
        ('texts = ["a", 3]', "texts 2", "a text, found 3"),
        ('texts = ["a\\u0007"]', "texts 1", 'found "a\\u0007"'),
        ('note = "a\\tb"', "note", "without control characters"),
        ("colours = 3", "colours", "did you mean colour?"),
        ("zzz = 3", "zzz", "one of: name, colour, loud"),
        ("inner.hold = 3", "inner.hold", "did you mean hold_s?"),
    ],
)
def test_a_wrong_value_is_named_with_line_and_cure(line: str, key: str, says: str) -> None:
    """Each kind of slip is found on its line, named by its key, with what to write instead."""
    value, problems = read(
        f'\n# a comment\n{line}\nname = "x"\n' if "." not in line else f'name = "x"\n\n{line}\n'
    )
    assert value is None
    assert [(problem.line, problem.key) for problem in problems] == [(3, key)]
    assert says in str(problems[0])
    assert str(problems[0]).startswith(f"mine.toml, line 3, `{key}`: expected ")


def test_all_that_is_wrong_is_said_at_once() -> None:
    """One reading names every slip, in the order of the lines."""
    _, problems = read('loud = 1\n[inner]\nhold_s = "x"\nrepz = 1\n[[many]]\nreps = 0\n')
    assert [(problem.line, problem.key) for problem in problems] == [
        (1, "name"),
        (1, "loud"),
        (3, "inner.hold_s"),
        (4, "inner.repz"),
        (6, "many 1.reps"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"a = 1\nb = \n", 2, "invalid value"),
        (b"a = 1\na = 2\n", 2, "a twice, in line 1 too"),
        (b'a = 1\n\nb = "x\n', 3, 'write b = "x"'),
        (b"sit_min = 20 min\n", 1, "a number without its unit, found"),
        (b"sit_min = 20 min\n", 1, "; write sit_min = 20"),
        (b"sit_min = 90 s\n", 1, "write sit_min = 1.5"),
        (b"a = [1,\n", 1, "write a = [1,]"),
        (b"a = 1\nb = '\xff'\n", 2, "found the byte 0xff; save it as UTF-8"),
        (b"a = " + b"[" * 5000, 1, "lists nested very deeply"),
        (b"a = " + b"9" * 5000, 1, "mend that line"),
        (b"a = 1\nb\x00 = 2\n", 2, "mend that line"),
    ],
)
def test_what_is_no_toml_is_one_problem(
    tmp_path: Path, content: bytes, line: int, says: str
) -> None:
    """A file that can't be parsed is named with the line where it goes wrong."""
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    data, _, problems = read_toml(path)
    assert data == {}
    assert [problem.line for problem in problems] == [line]
    assert says in str(problems[0])


def test_a_file_that_is_not_there_or_a_folder_is_named(tmp_path: Path) -> None:
    """What can't be opened says why."""
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    missing, there = (tmp_path / "none.toml", "no such file"), (folder, "found a folder; give it")
    for path, says in (missing, there):
        _, _, problems = read_toml(path)
        assert says in str(problems[0])
        assert str(path) in str(problems[0])


def test_a_mark_at_the_start_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    """What a Windows editor adds does no harm."""
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    assert read_toml(path)[0] == {"a": 1, "b": 2}
