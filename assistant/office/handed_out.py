"""Routines that an office hands out, as they come to lie at a desk.

Decides that only what the office signed is kept, that nothing older ever replaces what is there,
that what the checker of routines refuses is left out, and what of the rest a person refused.
The folder they lie in is read like a person's own routines, only that it replaces none of those
(`assistant.content.routine_reader`); what may be led of them the coach judges as it does of any
other.
"""

import json
import shutil
import tempfile
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.content.guests import HANDED_OUT
from assistant.content.routine_reader import load_usable
from assistant.machine.whole_file import read_whole, write_whole
from assistant.office import seal
from assistant.office.topics import GREATEST, HandedOut, is_name, understood

MOST_FILES = 40
BYTE_ORDER_MARK = "\ufeff"
"""What some editors put at the beginning of a file that they save."""


class Refused(ValueError):
    """What came is not kept; the text says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies at the desk."""

    handed: HandedOut
    left_out: Mapping[str, str]
    """By file, such as "exercises/chin-tuck", what is wrong with it."""


def accepted(message: bytes, key: str, audience: str, version: int) -> HandedOut:
    """What was handed out to this audience. `version`: of the newest that ever came.

    Raises Refused unless `key` signed it, for this audience, and it isn't older than that.
    """
    if len(message) > GREATEST:
        raise Refused("it is too large")
    try:
        handed: HandedOut = understood(HandedOut, seal.opened(message, key))
    except ValueError as error:
        raise Refused(str(error)) from None
    if handed.audience != audience:
        raise Refused("it is meant for others")
    if handed.version < version:
        raise Refused("it is older than what came before")
    names = [*handed.routines, *handed.exercises]
    if len(names) > MOST_FILES or not all(map(is_name, names)):
        raise Refused("its files have names that can't be, or there are too many of them")
    try:
        "".join(text for _, text in (*files(handed), ("", handed.suggestion))).encode()
    except UnicodeEncodeError:
        raise Refused("it holds what is no text") from None
    return handed


def news(
    before: "Kept | None", now: "Kept", refused: Collection[str]
) -> tuple[tuple[str, ...], bool]:
    """What the routines are called that are new and can be led, and whether another suggestion
    came than before."""
    had = before.handed if before is not None else HandedOut("", 0, {}, {})
    new = tuple(
        str(tomllib.loads(text.removeprefix(BYTE_ORDER_MARK))["name"])
        for file, text in now.handed.routines.items()
        if file not in now.left_out and file not in refused and had.routines.get(file) != text
    )
    return new, now.handed.suggestion not in ("", had.suggestion)


# --- the folder -------------------------------------------------------------


def keep(folder: Path, handed: HandedOut, others: Sequence[Path]) -> Kept:
    """Have it in this folder, instead of what was there. `others`: the folders of routines that
    come before it. Raises AssistantError when it can't be written."""
    kept = Kept(handed, left_out(handed, others))
    content = {
        "audience": handed.audience,
        "version": handed.version,
        "routines": dict(handed.routines),
        "exercises": dict(handed.exercises),
        "suggestion": handed.suggestion,
        "left_out": dict(kept.left_out),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    write_whole(folder / HANDED_OUT, text.encode(), make_folder=True)
    return kept


def kept_in(folder: Path) -> Kept | None:
    """What lies there; None: nothing, or nothing that can be read."""
    try:
        content = json.loads(read_whole(folder / HANDED_OUT))
        left_out = content.pop("left_out")
        return Kept(HandedOut(**content), left_out)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def lay_out(folder: Path, audience: str | None, refused: Collection[str]) -> None:
    """Have those files in the folder that may be read: of what is kept there for this audience
    (None: for no one) what is neither left out nor refused. Raises OSError."""
    kept = kept_in(folder)
    wanted: dict[Path, str] = {}
    if kept is not None and kept.handed.audience == audience:
        for name, text in files(kept.handed):
            if name not in kept.left_out and name not in refused:
                wanted[folder / f"{name}.toml"] = text
    for path in (*folder.glob("*.toml"), *folder.glob("exercises/*.toml")):
        if path not in wanted:
            path.unlink(missing_ok=True)  # another process may be at it, too
    for path, text in wanted.items():
        if not _holds(path, text):
            write_whole(path, text.encode(), make_folder=True)


def _holds(path: Path, text: str) -> bool:
    try:
        return path.is_file() and path.read_bytes() == text.encode()
    except FileNotFoundError:
        return False


def files(handed: HandedOut) -> Iterator[tuple[str, str]]:
    """Each file's name without its end, exercises in their folder, and what stands in it."""
    yield from handed.routines.items()
    for name, text in handed.exercises.items():
        yield f"exercises/{name}", text


def left_out(handed: HandedOut, others: Sequence[Path]) -> dict[str, str]:
    """What the checker says of each file that can't be used, beside those of the `others`: they
    are left out, and so is what can't do without them."""
    wrong: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="assistant-office-") as name:
        folder = Path(name)
        (folder / "exercises").mkdir()
        (folder / HANDED_OUT).touch()
        for file, text in files(handed):
            (folder / f"{file}.toml").write_text(text, encoding="utf-8")
        while True:
            before = len(wrong)
            for problem in load_usable([*others, folder])[1]:
                path = Path(problem.file)
                if path.is_relative_to(folder) and path.is_file():
                    file = str(path.relative_to(folder).with_suffix(""))
                    wrong.setdefault(file, str(problem).removeprefix(f"{folder}/"))
            if len(wrong) == before:
                return wrong
            for file in wrong:
                (folder / f"{file}.toml").unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Have nothing there."""
    shutil.rmtree(folder, ignore_errors=True)
