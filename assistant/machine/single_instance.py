"""One assistant for each user, since two would fight over the microphone and the button.

Decides where the lock lies and who holds it. The kernel drops the lock with the process,
however it ends, so nothing has to be tidied up after a crash. What the lock protects is not
its concern.
"""

import errno
import fcntl
import logging
import os
import pwd
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.errors import AssistantError, ExitCode
from assistant.machine import places

LOCK_NAME = "assistant.lock"
PATIENCE_S = 0.3
"""How long a taken lock is asked for again: a first instance may just be ending."""

log = logging.getLogger(__name__)


class AlreadyRunning(AssistantError):
    code = ExitCode.ALREADY_RUNNING


@contextmanager
def only_instance(folders: Sequence[Path]) -> Iterator[Path]:
    """Hold the lock while the block runs; gives the lock file's path.

    `folders` are tried in order until one can be written. Raises AlreadyRunning when another
    process of this user holds the lock, and AssistantError (code 7) when no folder can be written.
    """
    lock, path = open_own(folders, LOCK_NAME)
    try:
        _take(lock, path)
        try:
            yield path
        finally:
            os.ftruncate(lock, 0)
    finally:
        os.close(lock)


def holder(folders: Sequence[Path]) -> int | None:
    """The process id of the running assistant: 0 when it isn't known, None when none runs."""
    for folder in folders:
        try:
            lock = _open_in(folder, LOCK_NAME, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _pid_in(lock)
        finally:
            os.close(lock)
    return None


def open_own(folders: Sequence[Path], name: str) -> tuple[int, Path]:
    """Open `name`, readable by its owner alone, in the first folder that can be written.

    Gives the descriptor and the path. Raises AssistantError (code 7) when there is none.
    """
    refusals = []
    for folder in folders:
        path = folder / name
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = _open_in(folder, name, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            refusals.append(f"{folder} ({error.strerror or error})")
            continue
        if refusals:
            log.warning("%s is in %s, since %s can't be written", name, folder, refusals[0])
        return descriptor, path
    raise AssistantError(
        f"no folder can be written for {name}: tried {', '.join(refusals)}; "
        "make one of them writable, or set XDG_STATE_HOME to a folder that is",
        code=ExitCode.FILE_ACCESS,
    )


def _open_in(folder: Path, name: str, flags: int) -> int:
    """Open a file in a folder of one's own. Raises OSError, also for anybody else's."""
    place = open_own_folder(folder)
    try:
        return os.open(name, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600, dir_fd=place)
    finally:
        os.close(place)


def open_own_folder(folder: Path) -> int:
    """The descriptor of a folder of one's own. Raises OSError, also for anybody else's.

    In /tmp anybody may have put a folder of this name, or a link to one of ours. To root the
    service's is as good as its own: who changes its configuration must not meet it at work.
    """
    found = folder.lstat()
    own_link = stat.S_ISLNK(found.st_mode) and found.st_uid == os.getuid()
    to_folder = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (0 if own_link else os.O_NOFOLLOW)
    place = os.open(folder, to_folder)
    if os.fstat(place).st_uid not in _ours():
        os.close(place)
        raise PermissionError(errno.EACCES, "it belongs to somebody else")
    return place


def _ours() -> tuple[int, ...]:
    if os.getuid() != 0:
        return (os.getuid(),)
    try:
        return 0, pwd.getpwnam(places.NAME).pw_uid
    except KeyError:  # it isn't installed
        return (0,)


def _take(lock: int, path: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() >= until:
                raise AlreadyRunning(_who(_pid_in(lock), path)) from None
            time.sleep(0.02)
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)


def _who(pid: int, path: Path) -> str:
    if not pid:
        return f"the assistant is already running (its lock is {path}); stop it first"
    return f"the assistant is already running as process {pid}; stop it first: {how_to_stop(pid)}"


def how_to_stop(pid: int, root: Path = Path("/")) -> str:
    """The command that ends a running assistant for good: a service would only be started again."""
    if not pid:
        return f"systemctl stop {places.NAME}, if it is a service"
    ctl = _service_of(pid, root)
    return f"{ctl} stop {places.NAME}" if ctl else f"kill {pid}"


def how_to_restart(pid: int, root: Path = Path("/")) -> str:
    """The command with which a running assistant reads its configuration again."""
    ctl = _service_of(pid, root)
    return (
        f"{ctl} restart {places.NAME}" if ctl else f"kill {pid or '(its process)'}; assistant run"
    )


def _service_of(pid: int, root: Path) -> str:
    """The systemctl that a process is a service of; empty if it is none."""
    try:
        group = (root / "proc" / str(pid) / "cgroup").read_text()
    except OSError:
        return ""
    if f"{places.NAME}.service" not in group:
        return ""
    return "systemctl --user" if "/user@" in group else "sudo systemctl"


def _pid_in(lock: int) -> int:
    """The number in a lock file, or 0 when it holds none (its owner is just writing it)."""
    with suppress(OSError, ValueError):
        return int(os.pread(lock, 20, 0))
    return 0
