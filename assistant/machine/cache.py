"""What took a while to make of files, kept for the next start.

Decides when it still holds: while the bytes that it was made of, and the program that made it, are
the same; those bytes are kept beside it. It is never missed: what is broken, not ours alone or
can't be written is made anew, and nothing is said of it. What is kept, its owner decides.
"""

import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from assistant.machine import places
from assistant.machine.whole_file import OWNER_ONLY, write_whole

T = TypeVar("T")


def cached(name: str, made_of: Iterable[bytes], make: Callable[[], T]) -> T:
    """What `make` returns, or returned when it was last asked for by this `name` with the same
    `made_of`: all that it depends on. It must be something that pickle takes."""
    key = b"".join(len(part).to_bytes(8, "big") + part for part in made_of)
    path = places.cache_folder() / f"{name}.pickle"
    with suppress(Exception):  # however it is broken
        if (before := _own_bytes(path)).startswith(key):
            found: T = pickle.loads(before[len(key) :])  # noqa: S301 - nobody else could write it
            return found
    made = make()
    with suppress(Exception):
        if path.is_symlink() or not path.is_file():  # what it leads to would be written to
            path.unlink(missing_ok=True)
        write_whole(path, key + pickle.dumps(made), OWNER_ONLY, make_folder=True)
    return made


def empty_cache() -> None:
    """What is kept may tell of somebody who is to be forgotten."""
    for path in places.cache_folder().glob("*.pickle"):
        with suppress(OSError):
            path.unlink()


def program(*packages: str) -> Iterator[bytes]:
    """The code of these packages as it is now, told by its files' sizes and times; no package is
    imported for that."""
    yield sys.version.encode()
    for package in packages:
        spec = find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            with os.scandir(folder) as files:
                found = [(file.name, file.stat()) for file in files if file.name.endswith(".py")]
            for file, stat in sorted(found, key=lambda one: one[0]):
                yield os.fsencode(f"{folder}/{file} {stat.st_size} {stat.st_mtime_ns}")


def _own_bytes(path: Path) -> bytes:
    """A file's content, if nobody else can have written it: else it could have us do anything."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        stat = os.fstat(descriptor)
        others = stat.st_mode & 0o022 or stat.st_uid != os.geteuid()
        return b"" if others else file.read()
