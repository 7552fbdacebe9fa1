"""`assistant run`: being the assistant, once for each user, until it is asked to end.

Decides where warnings go while it runs. What it does then, the wiring decides.
"""

import logging
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from assistant.cli import common

STANDARD_ERROR = 2
"""For the children and for libraries: Python's own stream writes there too."""


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant run desk-break --once")
    parser.add_argument("routine", metavar="ROUTINE", nargs="?", help="begin this one at once")
    parser.add_argument("--once", action="store_true", help="end after this routine")
    parser.add_argument("--plain", action="store_true", help="one line an event, no live screen")
    parser.add_argument(
        "--record", metavar="FILE", help="write what happens, for `replay`; no sound"
    )
    common.add_config(parser)


def run(asked: Namespace) -> int:
    from assistant.machine import places
    from assistant.machine.child import start_ahead
    from assistant.machine.single_instance import only_instance

    folders = places.writable_folders()
    live = not asked.plain and sys.stdout.isatty() and sys.stderr.isatty()
    # The lock first: the log may be that of an assistant that is already running.
    with only_instance(folders), _log(asked.debug, folders if live else []):
        start_ahead("assistant.hearing.listener", "assistant.speaking.voice")
        from assistant import app

        return app.run(
            common.config_file(asked),
            routine=asked.routine,
            once=asked.once,
            record=Path(asked.record) if asked.record else None,
            plain=asked.plain,
        )


@contextmanager
def _log(debug: bool, folders: Sequence[Path]) -> Iterator[None]:
    """Warnings go to standard error. With `folders` that is a file there for as long as this lasts,
    for the children and for libraries too: whatever anybody writes would tear the live screen."""
    with _into_file(folders) if folders else nullcontext():
        handler = logging.StreamHandler(sys.stderr)
        if debug or folders:
            handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
        else:
            handler.setFormatter(_OneLine())
        logging.basicConfig(handlers=[handler], level=logging.DEBUG if debug else logging.WARNING)
        try:
            yield
        finally:
            logging.shutdown()


@contextmanager
def _into_file(folders: Sequence[Path]) -> Iterator[None]:
    """Standard error is the file log.txt in the first of these folders that can be written."""
    from assistant.machine.single_instance import open_own

    descriptor, _ = open_own(folders, "log.txt")
    os.ftruncate(descriptor, 0)
    sys.stderr.flush()
    before = os.dup(STANDARD_ERROR)
    os.dup2(descriptor, STANDARD_ERROR)
    os.close(descriptor)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(before, STANDARD_ERROR)
        os.close(before)


class _OneLine(logging.Formatter):
    """For a person: what went wrong, without the program's own whereabouts."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        error = record.exc_info[1] if record.exc_info else None
        return f"assistant: {message}" + (f" ({type(error).__name__}: {error})" if error else "")
