"""Which routine is meant by a name or a file.

Decides that a name is looked up among all, and that a file is read alone: with all exercises and
those in `exercises` beside it, but without the other routines in its folder.
"""

import dataclasses
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.common import library
from assistant.errors import AssistantError, ExitCode
from assistant.machine import places

if TYPE_CHECKING:
    from assistant.content.limits import IsCommand
    from assistant.content.toml_reader import Problem
    from assistant.content.types import Library, Routine


def exercises(count: int) -> str:
    return "1 exercise" if count == 1 else f"{count} exercises"


def pick(name: str, known: "Library") -> "Routine":
    """The routine of this name. Raises AssistantError (code 4): the nearest, and all there are."""
    from assistant.content.toml_reader import nearest

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
    from assistant.content.routine_reader import ContentError

    check_readable(path)
    found, problems = read_alone(path)
    if found is None or problems:
        raise ContentError(problems)
    return found


def read_alone(
    path: Path, is_command: "IsCommand | None" = None
) -> "tuple[Routine | None, list[Problem]]":
    """The routine of a file, and what is wrong with it and the exercises beside it; None when it
    can't be used. The other routines beside it are none of our business."""
    from assistant.content.limits import no_command
    from assistant.content.routine_reader import load_usable

    folders = places.routine_folders(places.config_folder())
    with tempfile.TemporaryDirectory(prefix="assistant-routine-") as name:
        folder = Path(name)
        (folder / path.name).symlink_to(path.absolute())
        (folder / "exercises").symlink_to(path.absolute().parent / "exercises")
        known, problems = load_usable([*folders, folder], is_command or no_command)
        inside = str(folder / path.name)
        found = next((one for one in known.routines.values() if one.file == inside), None)
        problems = [
            dataclasses.replace(problem, file=_real(Path(problem.file), folder, path))
            for problem in problems
        ]
    beside = (str(path), str(path.parent / "exercises"))
    # A file in one's own folder was read twice, as one of all and alone.
    own = [one for one in dict.fromkeys(problems) if one.file.startswith(beside)]
    if found is None:  # perhaps since an exercise that it uses, somewhere else, is broken
        own = own or problems
    return found, sorted(own, key=lambda problem: (problem.file, problem.line))


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
