"""All routines and exercises there are, read and laid out when they have changed.

Decides what such a reading depends on: the bytes of all files, wherever they lie, and the code that
reads and checks them. What a file may hold is the content room's to say.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from assistant.content.guests import handed_out
from assistant.content.toml_reader import Problem
from assistant.content.types import Library
from assistant.machine.cache import cached, program

T = TypeVar("T")


def usable(folders: Sequence[Path]) -> tuple[Library, list[Problem]]:
    """The same as `content.routine_reader.load_usable`, which takes ten times as long."""

    def read() -> tuple[Library, list[Problem]]:
        from assistant.content.routine_reader import load_usable

        return load_usable(folders)

    return _kept("routines", folders, read)


def lengths_s(known: Library, folders: Sequence[Path]) -> dict[str, float]:
    """How long each routine of a reading takes, by its id."""

    def lay_out() -> dict[str, float]:
        from assistant.content.plan import compile_plan

        return {name: compile_plan(one).total_s for name, one in known.routines.items()}

    return _kept("lengths", folders, lay_out)


def _kept(name: str, folders: Sequence[Path], make: Callable[[], T]) -> T:
    try:
        made_of = [*program("assistant.content"), *_content(folders)]
    except OSError:
        return make()
    return cached(name, made_of, make)


def _content(folders: Sequence[Path]) -> Iterator[bytes]:
    for folder in folders:
        for place in (folder / "exercises", folder):
            yield os.fsencode(f"{place} {handed_out(place)}")
            for path in sorted(place.iterdir()) if place.exists() else ():
                if path.suffix == ".toml":
                    yield os.fsencode(path.name)
                    yield b"" if path.is_fifo() else path.read_bytes()
