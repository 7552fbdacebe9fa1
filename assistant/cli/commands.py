"""What the commands of `assistant` do, in plain text or JSON.

Decides what is printed and how it is laid out. What can be typed is decided in `cli`; what is
true is asked of the rooms, each imported by the command that needs it.
"""

import json
import logging
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import config as configuration
from assistant.config import Config
from assistant.errors import ExitCode
from assistant.machine import places

if TYPE_CHECKING:
    from assistant.content.read import Library


# --- leading ----------------------------------------------------------------


def run(asked: Namespace) -> int:
    from assistant.machine.instance import only_instance

    settings = settings_of(asked)
    screen = not asked.plain and sys.stdout.isatty()
    folders = configuration.writable_folders()
    log_folders = folders if screen and sys.stderr.isatty() else []
    with _log(asked.debug, log_folders), only_instance(folders):
        from assistant import app

        return app.run(
            settings,
            routine=asked.routine,
            once=asked.once,
            record=Path(asked.record) if asked.record else None,
            plain=asked.plain,
        )


def replay(asked: Namespace) -> int:
    from assistant import app

    return app.replay(Path(asked.file))


@contextmanager
def _log(debug: bool, folders: Sequence[Path]) -> Iterator[None]:
    """Warnings go to standard error; with `folders` to a file there, since lines would tear the
    live screen apart."""
    from assistant.machine.instance import open_own

    stream = sys.stderr
    if folders:
        descriptor, _ = open_own(folders, "log.txt")
        stream = os.fdopen(descriptor, "w", buffering=1, errors="replace")
        stream.truncate()
    handler = logging.StreamHandler(stream)
    if debug or folders:
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    else:
        handler.setFormatter(_OneLine())
    logging.basicConfig(handlers=[handler], level=logging.DEBUG if debug else logging.WARNING)
    try:
        yield
    finally:
        logging.shutdown()


class _OneLine(logging.Formatter):
    """For a person: what went wrong, without the program's own whereabouts."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        error = record.exc_info[1] if record.exc_info else None
        return f"assistant: {message}" + (f" ({type(error).__name__}: {error})" if error else "")


# --- looking ----------------------------------------------------------------


def library(*more: Path) -> "Library":
    from assistant.content.read import load

    return load([*places.routine_folders(configuration.config_folder()), *more])


# --- the house --------------------------------------------------------------


def doctor(asked: Namespace) -> int:
    if asked.wiring:
        from assistant.doctor.wiring import drawing

        print(drawing(settings_of(asked)))
        return ExitCode.GOOD
    if asked.guide:
        from assistant.doctor.guide import guide

        return guide(settings_of(asked))
    from assistant.doctor import examine

    return examine(Path(asked.config) if asked.config else None, as_json=asked.json)


def config(asked: Namespace) -> int:
    if asked.path:
        print(asked.config or configuration.config_file())
    else:
        print(configuration.as_toml(settings_of(asked)), end="")
    return ExitCode.GOOD


def completion(parser: ArgumentParser, shell: str) -> int:
    import shtab

    for action in _actions(parser):
        if isinstance(action.metavar, str) and "FILE" in action.metavar:
            action.complete = shtab.FILE
    print(shtab.complete(parser, shell=shell))
    return ExitCode.GOOD


def _actions(parser: ArgumentParser) -> Iterator[Any]:
    for action in parser._actions:
        yield action
        if isinstance(action.choices, dict):
            for inner in action.choices.values():
                yield from _actions(inner)


# --- layout -----------------------------------------------------------------


def settings_of(asked: Namespace) -> Config:
    return configuration.load(Path(asked.config) if asked.config else None)


def as_json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def clock(seconds: float) -> str:
    minutes, left = divmod(int(seconds + 0.5), 60)
    return f"{minutes:02d}:{left:02d}"


def columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
