"""What is kept for the next start holds while all that it was made of is the same."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.machine import places
from assistant.machine.cache import cached, program


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return places.cache_folder() / "thing.pickle"


def count(start: int = 1) -> Iterator[int]:
    while True:
        yield start
        start += 1


def test_what_was_made_of_the_same_is_not_made_again(file: Path) -> None:
    made = count()
    assert cached("thing", [b"one", b"two"], made.__next__) == 1
    assert cached("thing", [b"one", b"two"], made.__next__) == 1
    assert cached("thing", [b"one", b"three"], made.__next__) == 2
    assert cached("thing", [b"one", b"two"], made.__next__) == 3
    assert cached("thing", [b"onet", b"wo"], made.__next__) == 4
    assert cached("other", [b"onet", b"wo"], made.__next__) == 5


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 40, None])
def test_what_is_broken_is_made_anew(file: Path, content: bytes | None) -> None:
    made = count()
    cached("thing", [b"one"], made.__next__)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] if content is None else content)
    assert cached("thing", [b"one"], made.__next__) == 2
    assert cached("thing", [b"one"], made.__next__) == 2


def test_what_others_could_have_written_is_not_believed(file: Path) -> None:
    made = count()
    cached("thing", [b"one"], made.__next__)
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o620)
    assert cached("thing", [b"one"], made.__next__) == 2
    elsewhere = file.rename(file.with_name("elsewhere"))
    file.symlink_to(elsewhere)
    assert cached("thing", [b"one"], made.__next__) == 3


def test_what_is_no_file_gives_way(file: Path) -> None:
    """Nobody waits for the other end of a pipe, nor for where a link leads round in a circle."""
    made = count()
    file.parent.mkdir(parents=True)
    os.mkfifo(file)
    assert cached("thing", [b"one"], made.__next__) == 1
    assert cached("thing", [b"one"], made.__next__) == 1
    file.unlink()
    file.symlink_to(file)
    assert cached("thing", [b"one"], made.__next__) == 2
    assert cached("thing", [b"one"], made.__next__) == 2


def test_where_nothing_can_be_kept_it_is_made_each_time(file: Path) -> None:
    file.parent.parent.write_text("no folder")
    made = count()
    assert cached("thing", [b"one"], made.__next__) == 1
    assert cached("thing", [b"one"], made.__next__) == 2
    assert file.parent.parent.read_text() == "no folder"


def test_a_program_whose_code_changed_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    code = tmp_path / "some_package" / "__init__.py"
    code.parent.mkdir()
    code.write_text("a = 1\n")
    before = list(program("some_package"))
    assert list(program("some_package")) == before
    code.write_text("a = 12\n")
    assert list(program("some_package")) != before
    longer = list(program("some_package"))
    os.utime(code, ns=(1, 1))
    assert list(program("some_package")) != longer
    assert list(program("no_such_package")) == before[:1]


def test_each_of_two_that_make_it_of_other_things_gets_its_own(file: Path) -> None:
    """Whoever writes last is found at the next start; the other one makes it anew."""

    def go(mine: bytes) -> list[str]:
        return [cached("thing", [mine], mine.decode) for _ in range(50)]

    with ThreadPoolExecutor() as pool:
        found = list(pool.map(go, [b"office", b"none"] * 2))
    assert found == [["office"] * 50, ["none"] * 50] * 2
    assert b"office" in file.read_bytes() or b"none" in file.read_bytes()
