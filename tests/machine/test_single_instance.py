"""One assistant for each user, and a dead one is in nobody's way."""

import logging
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.errors import AssistantError
from assistant.machine import places, single_instance
from assistant.machine.single_instance import how_to_stop

HOLD = """
import sys
from pathlib import Path
from assistant.machine.single_instance import only_instance
with only_instance([Path(sys.argv[1])]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.communicate()


def test_a_second_one_is_told_who_the_first_is(tmp_path: Path) -> None:
    """A second instance ends with code 5 and names the first one's process."""
    with another(tmp_path) as first:
        assert single_instance.holder([tmp_path]) == first.pid
        with (
            pytest.raises(AssistantError, match=f"process {first.pid}") as caught,
            single_instance.only_instance([tmp_path]),
        ):
            pass
        assert caught.value.code == 5
    assert single_instance.holder([tmp_path]) is None


def test_after_a_crash_the_next_one_starts(tmp_path: Path) -> None:
    """A process that was killed leaves no lock behind."""
    with another(tmp_path) as first:
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        with single_instance.only_instance([tmp_path]) as path:
            assert path.read_text() == f"{os.getpid()}\n"
            # flock belongs to the open file: even this process counts as another one here.
            assert single_instance.holder([tmp_path]) == os.getpid()


def test_it_is_free_again_after_an_error(tmp_path: Path) -> None:
    """The lock goes with the block, however the block ends."""
    with pytest.raises(KeyboardInterrupt), single_instance.only_instance([tmp_path]):
        raise KeyboardInterrupt
    assert single_instance.holder([tmp_path]) is None
    with single_instance.only_instance([tmp_path]):
        pass


def test_children_do_not_inherit_the_lock(tmp_path: Path) -> None:
    """A child that outlives the assistant doesn't keep the next one from starting."""
    with single_instance.only_instance([tmp_path]):
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False)
    try:
        assert single_instance.holder([tmp_path]) is None
    finally:
        child.communicate()


def test_a_folder_that_cannot_be_written_is_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With a read-only home the lock lies elsewhere, and the log says where."""
    blocked = tmp_path / "file"
    blocked.write_text("")  # even root can't make a folder below a file
    with (
        caplog.at_level(logging.WARNING),
        single_instance.only_instance([blocked / "state", tmp_path / "spare"]) as path,
    ):
        assert path == tmp_path / "spare" / single_instance.LOCK_NAME
        assert single_instance.holder([blocked / "state", tmp_path / "spare"]) == os.getpid()
    assert str(blocked) in caplog.text
    assert str(tmp_path / "spare") in caplog.text


def test_no_folder_at_all_is_said_with_its_own_code(tmp_path: Path) -> None:
    """Where nothing can be written, each folder tried is named."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    with (
        pytest.raises(AssistantError, match=r"file/a.*file/b") as caught,
        single_instance.only_instance([blocked / "a", blocked / "b"]),
    ):
        pass
    assert caught.value.code == 7


def test_a_link_planted_in_a_shared_folder_is_not_followed(tmp_path: Path) -> None:
    """A link under the lock's name can't make the assistant empty another file."""
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / single_instance.LOCK_NAME).symlink_to(precious)
    with single_instance.only_instance([shared, tmp_path / "spare"]) as path:
        assert path.parent == tmp_path / "spare"
    assert precious.read_text() == "keep me"


def test_a_folder_that_somebody_else_linked_to_one_of_ours_is_passed_over(tmp_path: Path) -> None:
    """In a folder that all may write to, a link could have the lock put anywhere of ours."""
    if os.getuid():
        pytest.skip("only root may give a link away")
    ours, planted = tmp_path / "ours", tmp_path / "planted"
    ours.mkdir()
    planted.symlink_to(ours)
    os.chown(planted, 65534, 65534, follow_symlinks=False)
    with single_instance.only_instance([planted, tmp_path / "spare"]) as path:
        assert path.parent == tmp_path / "spare"
        assert single_instance.holder([planted]) is None
    assert list(ours.iterdir()) == []


def test_root_meets_the_service_that_is_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who changes as root what the service goes by must not do so beside it; a folder of anybody
    else's stays theirs."""
    if os.getuid():
        pytest.skip("only root may give a folder away")
    kept = tmp_path / "kept"
    kept.mkdir()
    os.chown(kept, 65534, 65534)
    folders = [kept, tmp_path / "spare"]
    with single_instance.only_instance(folders) as path:
        assert path.parent == tmp_path / "spare"
    service = pwd.struct_passwd(("", "x", 65534, 65534, "", "/", "/bin/false"))
    users = {places.NAME: service}
    monkeypatch.setattr(pwd, "getpwnam", users.__getitem__)
    with single_instance.only_instance(folders) as path:
        assert path.parent == kept
        with pytest.raises(single_instance.AlreadyRunning), single_instance.only_instance(folders):
            pass


def test_a_folder_that_a_person_linked_themselves_is_theirs(tmp_path: Path) -> None:
    """State that lies on another disk."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "state").symlink_to(tmp_path / "disk")
    with single_instance.only_instance([tmp_path / "state"]) as path:
        assert path.parent == tmp_path / "state"
        assert single_instance.holder([tmp_path / "state"]) == os.getpid()
    assert (tmp_path / "disk" / single_instance.LOCK_NAME).exists()


@pytest.mark.parametrize(
    ("group", "command"),
    [
        ("0::/user.slice/user-1000.slice/session-3.scope", "kill 4711"),
        (
            "0::/system.slice/exercise-assistant.service",
            "sudo systemctl stop exercise-assistant",
        ),
        (
            "0::/user.slice/user-1000.slice/user@1000.service/app.slice/exercise-assistant.service",
            "systemctl --user stop exercise-assistant",
        ),
    ],
)
def test_a_service_is_stopped_by_systemd(tmp_path: Path, group: str, command: str) -> None:
    """One that was killed would only be started again."""
    (tmp_path / "proc" / "4711").mkdir(parents=True)
    (tmp_path / "proc" / "4711" / "cgroup").write_text(group + "\n")
    assert how_to_stop(4711, tmp_path) == command
    assert how_to_stop(4712, tmp_path) == "kill 4712"
