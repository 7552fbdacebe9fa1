"""What the whole program asks of the kernel in a session: where it writes, whom it talks to."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.product import Folders
from tests.room import Room, missing

pytestmark = pytest.mark.timeout(240)

OPENS = ("openat", "open")
CHANGES = (
    *("creat", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat"),
    *("symlink", "symlinkat", "mknod", "mknodat", "truncate", "unlink", "unlinkat", "rmdir"),
)
SPEAKS = ("socket", "connect", "sendto", "sendmsg", "bind")
CALL = re.compile(rf"\b({'|'.join((*OPENS, *CHANGES, *SPEAKS))})\((.*)")
PATH = re.compile(r'(?:(?:\d+|AT_FDCWD)<([^>]*)>, )?"([^"]*)"')
"""A path, and before it the folder from which it starts, where the call names one."""
WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT")
TYPED = "louder\nhow long left\nhow did i do today\n"


@dataclass(frozen=True)
class Traces:
    own: tuple[str, ...]
    """The folders that are its own: its state, its temporary files, its sound server's."""
    calls: list[tuple[str, str]]
    """Name and arguments of each call that the kernel granted, and of those for a socket that it
    did not."""


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Traces:
    """A short session with a voice, a microphone, and questions."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("lacks strace (package strace)")
    if lacking := missing():
        pytest.skip(f"no room without these packages: {' '.join(lacking)}")
    folder = tmp_path_factory.mktemp("traced")
    folders = Folders(folder)
    folders.routine("short", "short", folders.exercise("look", "look", hold_s=2.0))
    (folder / "tmp").mkdir()
    log = folder / "calls"
    with Room() as room:
        done = subprocess.run(
            [
                *(strace, "-f", "-y", "-qq", "-o", log),
                # Not every processor has all of them: "?" lets one be missing.
                *("-e", "trace=" + ",".join(f"?{name}" for name in (*OPENS, *CHANGES, *SPEAKS))),
                *(sys.executable, "-B", "-m", "assistant", "run", "short", "--once"),
            ],
            env=room.env() | folders.env() | {"TMPDIR": str(folder / "tmp")},
            input=TYPED,
            capture_output=True,
            text=True,
        )
        if "ptrace" in done.stderr.lower():
            pytest.skip("this machine lets nobody be traced")
        assert done.returncode == 0, done.stderr[-2000:]
        own = (str(folder), str(room.folder), "/dev/", "/proc/self/", "/proc/thread-self/")
    lines = log.read_text(errors="replace").splitlines()
    found = [CALL.search(line) for line in lines if " = -1 " not in line or " socket(" in line]
    return Traces(own, [(one[1], one[2]) for one in found if one is not None])


def written(traces: Traces) -> set[str]:
    """Every path that was opened to be written, made, renamed or removed."""
    return {
        path
        for name, words in traces.calls
        if name in CHANGES or (name in OPENS and WRITES.search(words))
        for folder, path in PATH.findall(words)
        for path in [path if path.startswith("/") or not folder else f"{folder}/{path}"]
    }


def test_it_talks_to_nobody_outside_the_machine(traced: Traces) -> None:
    """It has a sound server to talk to; nothing as much as asks for a socket of another kind."""
    families = {
        family[0]
        for name, words in traced.calls
        if name in SPEAKS and (family := re.search(r"AF_\w+", words))
    }
    assert families == {"AF_UNIX"}


def test_it_writes_nowhere_but_in_its_own_folders(traced: Traces) -> None:
    """The journal's folder, the sound server's own, and devices: nothing else. (What lies under a
    process is the memory in which the voice tells the ear what sounds, and who ends first.)"""
    paths = {
        path
        for path in written(traced)
        if not re.fullmatch(r"/proc/\d+/(fd/\d+|oom_score_adj)", path)
    }
    assert any(path.endswith("journal.sqlite3") for path in paths)
    assert {path for path in paths if not path.startswith(traced.own)} == set()


def test_no_sound_ever_has_a_file(traced: Traces) -> None:
    """What is kept is the journal, its lock and its log, and what was read of the files that came
    along; what sounds lies in memory."""
    state = [Path(path) for path in written(traced) if "/exercise-assistant/" in path]
    assert {path.name.split("-")[0] for path in state if path.suffix != ".part"} <= {
        *("journal.sqlite3", "assistant.lock", "routines.pickle", "sentences.pickle"),
    }
    assert not [path for path in written(traced) if path.endswith((".wav", ".raw", ".pcm"))]
