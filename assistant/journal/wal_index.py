"""Room for the index that SQLite maps into memory.

Decides how much must be free before the journal is opened to be kept, and has the whole index on
the disk from then on. A block of it that is still missing when the disk is full can't be made, and
the kernel ends who touches it (SIGBUS): the whole program, because of its journal.
"""

import ctypes
import errno
import os
from contextlib import suppress
from pathlib import Path

LEAST_FREE_BYTES = 128 * 1024
INDEX_BYTES = 32 * 1024
"""What SQLite maps at a time; a second piece would take four times the log that is usual."""


def check_room(folder: Path) -> None:
    """Raise OSError where an index could not be made."""
    disk = os.statvfs(folder)
    if disk.f_bavail * disk.f_frsize < LEAST_FREE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def hold_index(path: Path) -> None:
    """Have all blocks of an open journal's index; raises OSError where there is no room for them.

    This goes through SQLite's own descriptor: to close another one would drop SQLite's locks.
    """
    index = f"{path.resolve()}-shm"
    for link in Path("/proc/self/fd").glob("*"):
        with suppress(FileNotFoundError):  # another thread's, closed meanwhile
            if str(link.readlink()) == index:
                _allocate(int(link.name))


def _allocate(descriptor: int) -> None:
    # Not os.posix_fallocate: on a file system that can't, it would write into what others map.
    library = ctypes.CDLL(None, use_errno=True)
    try:
        allocate = library.fallocate64
    except AttributeError:
        return
    length = ctypes.c_int64(INDEX_BYTES)
    if allocate(descriptor, 0, ctypes.c_int64(0), length) and ctypes.get_errno() == errno.ENOSPC:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
