"""A database file with what SQLite keeps beside it: copied, folded into one, moved, removed.

Decides that a file that is moved or copied takes its log of changes along. What is done with which
file is decided in `upkeep` and `backup`.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from assistant.journal.store import unusable, version_of

SIDE_FILES = ("-wal", "-shm", "-journal")


@contextmanager
def explained() -> Iterator[None]:
    """What the disk or SQLite says in here is said as `Unusable`."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise unusable(error) from error


def stamp() -> str:
    """A part of a name that no other file has: of a second there may be two, on the night when the
    clocks go back, or where something is done twice in a row."""
    return datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")


def copy(source: Path, to: Path) -> None:
    """The file with what stands in its log of changes."""
    for suffix in ("", *SIDE_FILES):
        beside = source.with_name(source.name + suffix)
        if suffix == "-shm" or not (beside.exists() or suffix == ""):
            continue
        copied = to.with_name(to.name + suffix)
        shutil.copyfile(beside, copied)
        copied.chmod(0o600)


def fold(path: Path) -> None:
    """Everything into the one file, on the disk."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        version_of(database)
    sync(path)


def sync(path: Path) -> None:
    """Have it on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def move_aside(path: Path, aside: Path) -> None:
    """Give it another name, with all that is beside it."""
    for suffix in ("", *SIDE_FILES):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))


def remove(path: Path) -> None:
    """It and all that is beside it, if it is there."""
    for suffix in ("", *SIDE_FILES):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
