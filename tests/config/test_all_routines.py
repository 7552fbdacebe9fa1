"""Routines and exercises are read again when something of them changed, and only then."""

import os
import pickle
from pathlib import Path

import pytest

from assistant.config import all_routines
from assistant.content.guests import HANDED_OUT
from assistant.content.routine_reader import Library, load_usable
from assistant.content.toml_reader import Problem
from assistant.machine import places

OWN = """id = "mine"
name = "Mine"
spoken_names = ["my routine"]
intro = "Slowly."
[[exercise]]
use = "pelvic-tilt"
hold_s = 15
"""


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    own = tmp_path / "own"
    (own / "exercises").mkdir(parents=True)
    (own / "mine.toml").write_text(OWN)
    return [places.folder("routines"), own]


def same(folders: list[Path]) -> Library:
    """What is kept is what would be read."""
    found = all_routines.usable(folders)
    assert found == load_usable(folders)
    return found[0]


def test_what_did_not_change_is_not_read_again(folders: list[Path]) -> None:
    assert "mine" in same(folders).routines
    same(folders)
    assert all_routines.lengths_s(Library({}, {}), folders) == {}  # kept from now on
    assert all_routines.lengths_s(load_usable(folders)[0], folders) == {}
    (places.cache_folder() / "lengths.pickle").unlink()
    [file] = places.cache_folder().iterdir()
    other: tuple[Library, list[Problem]] = (Library({}, {}), [])
    kept = file.read_bytes()
    file.write_bytes(kept[: -len(pickle.dumps(load_usable(folders)))] + pickle.dumps(other))
    assert all_routines.usable(folders) == other
    same(folders[:1])


def test_each_change_of_a_person_s_own_is_seen(folders: list[Path]) -> None:
    """Also one that leaves a file as long and as old as it was."""
    own = folders[1]
    mine = own / "mine.toml"
    same(folders)
    before = mine.stat()
    mine.write_text(OWN.replace("15", "25"))
    os.utime(mine, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert same(folders).routines["mine"].items[0].dose.hold_s == 25
    mine.write_text(OWN.replace("15", '"x"'))
    assert "mine" not in same(folders).routines
    assert all_routines.usable(folders)[1] == load_usable(folders)[1] != []
    mine.rename(own / ".mine.toml")
    assert "mine" not in same(folders).routines
    (own / ".mine.toml").rename(own / "exercises" / "mine.toml")
    same(folders)
    (own / "exercises" / "mine.toml").unlink()
    shipped = folders[0] / "desk-break.toml"
    (own / "desk-break.toml").write_bytes(shipped.read_bytes())
    assert same(folders).routines["desk-break"].file == str(own / "desk-break.toml")
    (own / HANDED_OUT).write_text("{}")
    assert same(folders).routines["desk-break"].file == str(shipped)


def test_a_file_that_can_t_be_read_is_told_each_time(folders: list[Path]) -> None:
    (folders[1] / "gone.toml").symlink_to(folders[1] / "nowhere")
    same(folders)
    assert [Path(problem.file).name for problem in all_routines.usable(folders)[1]] == ["gone.toml"]


def test_a_folder_may_have_any_name(folders: list[Path]) -> None:
    odd = Path(os.fsdecode(os.fsencode(folders[1]) + b"\xff"))
    folders[1].rename(odd)
    assert "mine" in same([folders[0], odd]).routines
