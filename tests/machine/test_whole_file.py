"""A file is there whole or not at all, readable by whom it is for."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import AssistantError, ExitCode
from assistant.machine.whole_file import ANYBODY, OWNER_ONLY, whole_file, write_whole


@pytest.fixture(params=[0o022, 0o077, 0o002])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.parametrize("mode", [ANYBODY, OWNER_ONLY])
def test_the_umask_is_obeyed(mode: int, umask: int, tmp_path: Path) -> None:
    """Also where a file that anybody could read was there before."""
    path = tmp_path / "x"
    for _ in range(2):
        write_whole(path, b"x", mode)
        assert path.stat().st_mode & 0o777 == mode & ~umask
        path.chmod(0o666)


def test_what_few_may_read_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for mode in (0o600, 0o400):
        write_whole(path, b"x")
        path.chmod(mode)
        write_whole(path, b"y")
        assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"y", mode)


def test_what_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"before")

    def fail() -> None:
        with whole_file(path) as part:
            part.write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"before", [path])
    write_whole(path, b"after")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"after", [path])


def test_a_process_that_is_killed_leaves_what_was_there(tmp_path: Path) -> None:
    """Its half of a file has another name."""
    path = tmp_path / "x"
    path.write_bytes(b"before")
    code = (
        "import os, signal; from pathlib import Path\n"
        "from assistant.machine.whole_file import whole_file\n"
        f"with whole_file(Path({str(path)!r})) as part:\n"
        "    part.write_bytes(b'half'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == -9
    assert path.read_bytes() == b"before"


@pytest.mark.parametrize("name", ["", "none/x", "file/x", "x" * 300])
def test_a_place_where_nothing_can_be_written_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AssistantError) as refused:
        write_whole(tmp_path / name, b"x")
    assert str(tmp_path / name) in str(refused.value)
    assert refused.value.code == ExitCode.FILE_ACCESS
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_its_folder_is_made_where_that_is_wanted(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b" / "x", b"x", make_folder=True)
    assert (tmp_path / "a" / "b" / "x").read_bytes() == b"x"


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    """What a link points to is replaced; what is no file is written to."""
    (tmp_path / "real").write_bytes(b"before")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", b"after")
    assert ((tmp_path / "link").is_symlink(), (tmp_path / "real").read_bytes()) == (True, b"after")
    reader, writer = os.pipe()
    write_whole(Path(f"/proc/self/fd/{writer}"), b"through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    os.close(writer)
