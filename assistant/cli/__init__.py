"""The `assistant` command: which commands there are, and how a failure is told.

Decides the names of the commands, and is the one place that turns an error into a sentence and an
exit code. What can be typed after a command, and what it does, stands in the file of its name
beside this one, imported only when that command is run or asked for its help.
"""

import argparse
import errno
import os
import sys
import threading
from collections.abc import Collection, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast

from assistant import __version__
from assistant.errors import AssistantError, ExitCode

COMMANDS = {
    "run": "Start the assistant.",
    "replay": "Play a recording of `run --record` again, and check that it goes the same.",
    "rehearse": "Print what will be said and when, without waiting.",
    "routines": "List the routines there are, look at one, write your own, and check it.",
    "figure": "Draw an exercise: in the terminal, into a file, or all of them on a sheet.",
    "handout": "A routine on paper: figures, steps, and a week to tick.",
    "sentences": "Print every sentence that it can say, with its source.",
    "say": "Speak into a file.",
    "hear": "Listen to recordings as it would live, and print what it understands.",
    "mic": "Show how loud the microphone is and what it hears; Ctrl-C ends it.",
    "welcome": "Have it told and tried how all of this works, as at the first start.",
    "teach": "Let it learn how you say the short commands; no sound is kept.",
    "models": "List, find or fetch speech models.",
    "history": "Show what you did: a calendar, the weeks, your pain before and after.",
    "journal": "Look after what is kept: check, back up, restore, forget, export, import.",
    "people": "Say who exercises here, each with a history of their own.",
    "page": "Let phones, tablets and televisions in to the page, or let them in no longer.",
    "simulate": "Live with the reminders for days in seconds: what would they do to somebody?",
    "office": "Belong to an office's board and sums, or run one.",
    "doctor": "Say what works on this machine, and how to mend what doesn't.",
    "config": "Print the whole configuration, every key explained; read or change one key.",
    "completion": "Print what makes your shell complete `assistant` commands.",
}
"""Each command, which is also the name of its file, and what it is for."""

EXAMPLES = """\
examples:
  assistant run                      wait for "hey coach", and remind you to stand up
  assistant run desk-break --once    lead this routine, then end
  assistant rehearse desk-break      what will be said, and when
  assistant doctor                   what works on this machine, and how to mend the rest

exit codes:
  0 good    1 something unexpected, or `doctor` found what stops it
  2 the command line    3 the configuration, or a routine's file
  4 no such routine    5 already running    6 no speech model
  7 a file or folder that can't be read or written    130 Ctrl-C
"""
STANDARD_ERROR = 2
NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)


class Help(argparse.RawDescriptionHelpFormatter):
    """The examples stay as they are written, and a command stands on one line with its meaning."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28)
        self._action_max_length = 14  # argparse forgets that commands are indented once more


class Parser(argparse.ArgumentParser):
    """argparse, with errors in our own voice."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=Help, **options)
        # A shortened option would break on the day another one begins alike.
        self.allow_abbrev = False

    def error(self, message: str) -> NoReturn:
        text = f"assistant: {message}\nTry `{self.prog} --help`.\n"
        self.exit(ExitCode.COMMAND_LINE, text)


class Command(Protocol):
    """What the file of a command defines."""

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Say what can be typed after it, with argparse alone."""

    def run(self, asked: argparse.Namespace) -> int:
        """Do it; the exit code."""


def command(name: str) -> Command:
    """The file of one of `COMMANDS`."""
    return cast(Command, import_module(f"assistant.cli.{name}"))


def build_parser(wanted: Collection[str] = tuple(COMMANDS)) -> Parser:
    """All commands by name; those `wanted` with all that can be typed after them."""
    parser = Parser(
        prog="assistant",
        description="An offline voice coach for the lower back and for people who sit.",
        epilog=EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"assistant {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, about in COMMANDS.items():
        made: Parser = commands.add_parser(name, help=about, description=about)
        if name in wanted:
            command(name).add(made)
            made.add_argument(
                "--debug", action="store_true", help="tell more, and show the details of an error"
            )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code and never raises but for `--help`'s SystemExit."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="replace"
            )  # a terminal that lacks a letter still gets the rest
    debug = "--debug" in given
    missed = _told_of_threads(debug=debug)
    try:
        code = _run(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _drop_output()  # whoever read it has seen enough
        return ExitCode.GOOD
    except AssistantError as error:
        _tell(error)
        return error.code
    except Exception as error:
        return _crashed(error, debug=debug)
    finally:
        for unseen in missed:
            _crashed(unseen, debug=debug)
    return code


def _open_closed_streams() -> None:
    """A standard stream that whoever started us has closed leads nowhere, for our children too;
    else the next file that is opened would take its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode)  # noqa: SIM115 - for as long as we run
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)


def _told_of_threads(*, debug: bool) -> list[BaseException]:
    """What a thread raises is told at once, and kept; the list grows by what nobody saw, since
    standard error was a log beside the live screen just then."""
    missed: list[BaseException] = []
    usual = _standard_error()

    def told(args: threading.ExceptHookArgs) -> None:
        _crashed(args.exc_value, debug=debug)
        if args.exc_value is not None and _standard_error() != usual:
            missed.append(args.exc_value)

    threading.excepthook = told
    return missed


def _standard_error() -> tuple[int, int]:
    """Which file it is."""
    found = os.fstat(STANDARD_ERROR)
    return found.st_dev, found.st_ino


def _run(given: list[str]) -> int:
    parser = build_parser([name for name in COMMANDS if name in given])
    if not given:
        parser.print_help()
        return ExitCode.GOOD
    _suggest(parser, given[0])
    asked = parser.parse_args(given)
    if asked.command is None:
        parser.error("which command?")
    return command(asked.command).run(asked)


def _suggest(parser: Parser, word: str) -> None:
    """A slip in the command's name gets the nearest one, not argparse's list of them all."""
    if word.startswith("-") or word in COMMANDS:
        return
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, 1)
    hint = f"did you mean `assistant {near[0]}`?" if near else f"there are {', '.join(COMMANDS)}"
    parser.error(f'there is no command "{word}"; {hint}')


def _tell(error: AssistantError) -> None:
    lines = str(error).splitlines() or [type(error).__name__]
    for line in lines:
        print(f"assistant: {line}", file=sys.stderr)


def _drop_output() -> None:
    # Python flushes at its end too, and would complain then.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _crashed(error: BaseException | None, *, debug: bool) -> int:
    """Something that nobody foresaw: one sentence, and the details where they can be found."""
    if isinstance(error, OSError) and error.filename is not None:
        reason = (error.strerror or str(error)).lower()
        print(f"assistant: {error.filename} can't be read or written ({reason})", file=sys.stderr)
        return ExitCode.FILE_ACCESS
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        print(f"assistant: the output can't be written ({error.strerror})", file=sys.stderr)
        _drop_output()
        return ExitCode.FILE_ACCESS
    import traceback

    details = "".join(traceback.format_exception(error)) if error is not None else ""
    name = type(error).__name__
    if debug:
        print(details, end="", file=sys.stderr)
    where = "the details are above" if debug else _keep(details)
    print(f"assistant: something went wrong that should not ({name}); {where}", file=sys.stderr)
    return ExitCode.UNEXPECTED


def _keep(details: str) -> str:
    from assistant.machine.places import writable_folders
    from assistant.machine.single_instance import open_own

    try:
        descriptor, path = open_own(writable_folders(), "crash.txt")
        with os.fdopen(descriptor, "w", errors="replace") as file:
            file.truncate()
            file.write(f"assistant {__version__}, Python {sys.version}\n{details}")
    except (AssistantError, OSError):
        return "add --debug to see the details"
    return f"the details are in {path}"


if __name__ == "__main__":
    sys.exit(main())
