"""Where the shipped routines and models lie: in a checkout or in an installed wheel.

Decides only which of the two folders is meant. What is in them, and a person's own
files beside them, is for the rooms that read them.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def folder(name: str) -> Path:
    """The folder "routines" or "models", as an absolute path; it may lack what you look for."""
    installed = _PACKAGE / "data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def routine_folders(own: Path) -> list[Path]:
    """Where routines are read from: the shipped ones, then those in a person's own folder."""
    return [folder("routines"), *([own / "routines"] if own.is_dir() else [])]
