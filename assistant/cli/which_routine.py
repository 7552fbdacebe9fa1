"""Which routine is meant by a name or a file.

Decides that a name is looked up among all, and that a file is read alone: with all exercises and
those in `exercises` beside it, but without the other routines in its folder.
"""

import contextlib
import dataclasses
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.common import library
from assistant.errors import AssistantError, ExitCode

if TYPE_CHECKING:
    from assistant.content.read import Library
    from assistant.content.types import Routine


def exercises(count: int) -> str:
    return "1 exercise" if count == 1 else f"{count} exercises"


def pick(name: str, known: "Library") -> "Routine":
    """The routine of this name. Raises AssistantError (code 4): the nearest, and all there are."""
    from assistant.content.typed import nearest

    if name in known.routines:
        return known.routines[name]
    guess = nearest(name.lower().replace(" ", "-").replace("_", "-"), known.routines)
    hint = f'did you mean "{guess}"? ' if guess else ""
    there = ", ".join(sorted(known.routines))
    raise AssistantError(
        f'there is no routine "{name}"; {hint}there are: {there}',
        code=ExitCode.UNKNOWN_ROUTINE,
    )


def routine(name: str) -> "Routine":
    if name.endswith(".toml") or os.sep in name:
        return _routine_of_file(Path(name))
    return pick(name, library())


def _routine_of_file(path: Path) -> "Routine":
    """A routine from anywhere; it may use all exercises, and those in `exercises` beside it."""
    check_readable(path)
    with alone(path) as folder:
        known = library(folder)
        inside = str(folder / path.name)
        return next(routine for routine in known.routines.values() if routine.file == inside)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[Path]:
    """A folder that holds this routine's file and the exercises beside it; the other routines
    beside it are none of our business. Problems found in it name the real files."""
    from assistant.content.read import ContentError

    with tempfile.TemporaryDirectory(prefix="assistant-routine-") as name:
        folder = Path(name)
        (folder / path.name).symlink_to(path.absolute())
        (folder / "exercises").symlink_to(path.absolute().parent / "exercises")
        try:
            yield folder
        except ContentError as error:
            raise ContentError(
                [
                    dataclasses.replace(problem, file=_real(Path(problem.file), folder, path))
                    for problem in error.problems
                ]
            ) from None


def _real(file: Path, folder: Path, path: Path) -> str:
    inside = file.is_relative_to(folder)
    return str(path.parent / file.relative_to(folder) if inside else file)


def check_readable(path: Path) -> None:
    reason = ""
    try:
        path.open("rb").close()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
    if not reason and (path.suffix != ".toml" or path.name.startswith(".")):
        reason = "its name should end in .toml"
    if reason:
        raise AssistantError(
            f"{path} can't be read ({reason}); name a routine's file, "
            "or a routine that `assistant routines` lists",
            code=ExitCode.FILE_ACCESS,
        )
