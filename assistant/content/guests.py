"""Folders of routines and exercises that somebody else filled for a person.

Decides how such a folder is known, and that what lies in it adds to what is there and replaces
nothing: neither what comes along nor what the person wrote.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from assistant.content.types import Exercise, Routine

HANDED_OUT = "handed-out.json"
"""Beside routines that others handed out lies this file."""


def handed_out(folder: Path) -> bool:
    """Whether an office filled it; not one that may not be looked at."""
    with suppress(PermissionError):
        return (folder / HANDED_OUT).exists()
    return False


def taken(folder: Path, known: Mapping[str, Routine] | Mapping[str, Exercise]) -> dict[str, Path]:
    """The ids that files of this folder may not have, each with the file that has it. `known`: what
    stands in the folders before it."""
    if not any(handed_out(place) for place in (folder, folder.parent)):
        return {}
    return {name: Path(one.file) for name, one in known.items()}


def is_from_others(file: str) -> bool:
    """Whether the file of a routine or an exercise was handed out."""
    return handed_out(Path(file).parent)
