"""Where things lie on the disk: what comes along, a person's own files, what the program writes.

Decides the folders and the names in them, in a checkout or in an installed wheel, by the XDG
specification. What is in them is for the rooms that read and write it.
"""

import os
from pathlib import Path

NAME = "exercise-assistant"
"""Of the service, and of every folder of ours."""
_PACKAGE = Path(__file__).resolve().parents[1]


def folder(name: str) -> Path:
    """The folder "routines" or "models" that comes along, as an absolute path."""
    installed = _PACKAGE / "data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def sentence_templates() -> Path:
    """The sentences that a person can say, as templates."""
    return folder("routines") / "commands.yaml"


def own_sentence_templates() -> Path:
    """Where a person's own sentences lie, on top of these; it need not be there."""
    return config_folder() / "commands.yaml"


def routine_folders(own: Path) -> list[Path]:
    """Where routines are read from: the shipped ones, those in a person's own folder, and what an
    office handed out."""
    handed_out = [place for place in office_folders() if _is_folder(place)]
    return [*written_folders(own), *handed_out]


def written_folders(own: Path) -> list[Path]:
    """The shipped routines, and those in a person's own folder."""
    return [folder("routines"), *([own / "routines"] if _is_folder(own) else [])]


def _is_folder(place: Path) -> bool:
    """One that may not be looked at counts: whoever reads it says so."""
    try:
        return place.is_dir()
    except PermissionError:
        return True


def office_folder() -> Path:
    """Where a desk keeps what it and its office told each other; it need not be there."""
    return state_folder() / "office"


def office_folders() -> list[Path]:
    """Where routines lie that an office handed out: to all its desks, and to this one's team."""
    return [office_folder() / "all", office_folder() / "team"]


def config_folder() -> Path:
    """Where a person's configuration and own routines lie; it need not be there."""
    return _xdg("XDG_CONFIG_HOME", ".config") / NAME


def config_file() -> Path:
    """The one configuration file; it need not be there."""
    return config_folder() / "config.toml"


def state_folder() -> Path:
    """Where the journal, the lock and crash reports lie; it need not be there."""
    return _xdg("XDG_STATE_HOME", ".local/state") / NAME


def cache_folder() -> Path:
    """Where lies what could be made again; it need not be there."""
    return _xdg("XDG_CACHE_HOME", ".cache") / NAME


def journal_file() -> Path:
    """What happened, kept; it need not be there."""
    return state_folder() / "journal.sqlite3"


def welcome_file() -> Path:
    """It lies there while the next start is to tell how all of this works."""
    return state_folder() / "welcome-wanted"


def lowered_file() -> Path:
    """It lies there while other sound on this machine is turned down."""
    return state_folder() / "lowered.json"


def take_welcome() -> bool:
    """Whether this start is to tell it; the next one isn't then."""
    try:
        welcome_file().unlink()
    except OSError:
        return False
    return True


def writable_folders() -> list[Path]:
    """The state folder, and where to turn when it can't be written: best first."""
    *runtime, spare = runtime_folders()
    return [state_folder(), *runtime, spare]


def runtime_folders() -> list[Path]:
    """Where sockets lie while the program runs, best first."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    runtime = [Path(given) / NAME] if given.startswith("/") else []
    temporary = Path(os.environ.get("TMPDIR") or "/tmp")  # noqa: S108 - a folder of ours in it
    return [*runtime, temporary / f"{NAME}-{os.getuid()}"]


def home() -> Path:
    """The home folder; the root where a user has none."""
    try:
        found = Path.home()
    except RuntimeError:  # a user without an entry in the password file, and no HOME
        return Path("/")
    return found if found.is_absolute() else Path("/")


def _xdg(variable: str, under_home: str) -> Path:
    given = os.environ.get(variable, "")
    if given.startswith("/"):  # the XDG specification: a relative path is to be ignored
        return Path(given)
    return home() / under_home
