"""A backup, in one file: the journal, and what the person has written themselves.

Decides what goes along (configuration, routines, exercises, sentences: the text files of the
configuration's folder), and that nothing gives way to a restored file without being kept beside it.
Which folder that is, and what a person is asked first, is decided by the command line.
"""

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.errors import AssistantError, ExitCode
from assistant.journal.database_files import copy, explained, fold, move_aside, remove, stamp, sync
from assistant.journal.schema import APPLICATION_ID
from assistant.journal.store import Damaged, Unusable, open_store, sync_folder, unusable
from assistant.journal.upkeep import ask_anew, check

Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all."""

SUFFIXES = (".toml", ".yaml", ".yml")
LARGEST = 1_000_000
"""Bytes; what is longer was not written by hand."""
_OWN = """
CREATE TABLE own_file (
    name TEXT PRIMARY KEY,  -- within the configuration's folder
    content BLOB NOT NULL
) STRICT
"""
"""In a backup only."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has done."""

    journal_kept: Path | None
    """Where the journal that was there is now; None: there was none."""
    files: tuple[Path, ...]
    """A person's own files that were written, as they were in the backup."""
    files_kept: tuple[Path, ...]
    """Where those are now that were there and different."""


def own_files(folder: Path) -> dict[str, bytes]:
    """What a person has written themselves: by its name within the folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in name.parts)
        if path.suffix in SUFFIXES and not hidden and path.is_file():
            if path.stat().st_size > LARGEST:
                continue
            found[name.as_posix()] = path.read_bytes()
    return found


# --- making one -------------------------------------------------------------


def backup(
    path: Path, to: Path, own: Path | None = None, progress: Progress = lambda done, total: None
) -> tuple[str, ...]:
    """Copy the journal as it is at one moment, also while it is being written, and the files of the
    folder `own`; the names of these.

    `to` is complete or not there. A file that is no journal is not replaced.
    """
    fresh = to.with_name(f".{to.name}.part")
    with open_store(path, create=False) as store:
        files = {} if own is None else own_files(own)
        try:
            if to.exists():
                _check_replaceable(to)
            remove(fresh)
            os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            with closing(sqlite3.connect(fresh)) as target:
                store.database.backup(
                    target,
                    pages=500,
                    progress=lambda _, left, total: progress(total - left, total),
                )
                target.execute(_OWN)
                target.executemany("INSERT INTO own_file VALUES (?, ?)", files.items())
                target.commit()
                target.execute("PRAGMA journal_mode = DELETE")  # one file, easy to carry
            sync(fresh)
            fresh.replace(to)
            sync_folder(to.parent)
        except (OSError, sqlite3.Error) as error:
            text = f"{to} can't be written: {unusable(error)}"
            raise AssistantError(text, code=ExitCode.FILE_ACCESS) from error
        finally:
            with suppress(OSError):
                remove(fresh)
    return tuple(files)


def _check_replaceable(to: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{to.resolve().as_uri()}?mode=ro", uri=True)) as database:
            [application] = database.execute("PRAGMA application_id").fetchone()
    except sqlite3.Error:
        application = 0
    if application != APPLICATION_ID:
        raise AssistantError(
            f"{to} is there already and is no backup of a journal; name another file",
            code=ExitCode.FILE_ACCESS,
        )


# --- putting it back --------------------------------------------------------


def contents(source: Path) -> dict[str, bytes]:
    """A person's own files in a backup; none in one of the journal alone. Raises Unusable."""
    with (
        explained(),
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as database,
    ):
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        found: dict[str, bytes] = {}
        if "own_file" in tables:
            found.update(database.execute("SELECT name, content FROM own_file ORDER BY name"))
    for name in found:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or path.suffix not in SUFFIXES:
            raise Damaged(f"{source} holds a file that can't be one of yours ({name})")
    return found


def replaced(files: Mapping[str, bytes], own: Path) -> list[Path]:
    """Which files would give way to others of that name."""
    with explained():
        there = own_files(own)
    return [own / name for name, content in files.items() if there.get(name, content) != content]


def restore(path: Path, files: Mapping[str, bytes], source: Path, own: Path) -> Restored:
    """Put a backup in the journal's place, and these of its files into the folder `own`.

    The assistant must not be running. Raises Unusable, and changes nothing then.
    """
    fresh = path.with_name(f".{path.name}.restored")
    mark = f"before-restore-{stamp()}"
    parts: dict[Path, Path] = {}
    with explained():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        remove(fresh)
        try:
            copy(source, fresh)
            fresh.chmod(0o600)
            with open_store(fresh) as store:
                if findings := check(fresh):
                    raise Damaged(f"{source} is damaged ({findings[0]})")
                store.database.execute("DELETE FROM place")  # that was another day
                store.database.execute("DROP TABLE IF EXISTS own_file")
                ask_anew(store.database)  # it knows nothing of what was told since
            fold(fresh)
            there = own_files(own)
            for name, content in files.items():
                if there.get(name) != content:
                    try:
                        parts[own / name] = _part(own / name, content)
                    except OSError as error:
                        reason = (error.strerror or str(error)).lower()
                        raise Unusable(
                            f"{own / name} of {source} can't be written ({error.filename or own}: "
                            f"{reason}); make way for it, or add --journal-only"
                        ) from error
            aside = path.with_name(f"{path.stem}.{mark}{path.suffix}")
            kept = path.exists()
            if kept:
                move_aside(path, aside)
            fresh.replace(path)
            sync_folder(path.parent)
            files_kept = [_give_way(to, mark) for to in parts if to.exists()]
            for to, part in parts.items():
                part.replace(to)
                sync_folder(to.parent)
        finally:
            remove(fresh)
            for part in parts.values():
                part.unlink(missing_ok=True)
    return Restored(aside if kept else None, tuple(parts), tuple(files_kept))


def _part(to: Path, content: bytes) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f".{to.name}.part")
    part.write_bytes(content)
    sync(part)
    return part


def _give_way(path: Path, mark: str) -> Path:
    """Under a name that no longer is one of a routine or a configuration."""
    return path.replace(path.with_name(f"{path.name}.{mark}"))
