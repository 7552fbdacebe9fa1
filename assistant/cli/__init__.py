"""The `assistant` command: what can be typed, and how a failure is told.

Decides the commands, their options and help, and is the one place that turns an error into a
sentence and an exit code. What the commands do is in the files beside this one, imported
only when one is run, so that help comes at once.
"""

import argparse
import errno
import os
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from assistant import __version__
from assistant.cli import history, journal, simulate
from assistant.errors import AssistantError, ExitCode

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
JSON = "for programs: one JSON document"
CONTEXTS = ("idle", "awake", "session", "paused", "due", "question", "speaking")
NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)
SOUND = ("say", "hear", "models")
"""The commands that `sound` does; `commands` does the others."""
ELSEWHERE = {
    "journal": "assistant.cli.journal",
    "history": "assistant.cli.history",
    "simulate": "assistant.cli.simulate",
    "mic": "assistant.cli.mic",
    "bench": "assistant.cli.bench",
    **dict.fromkeys(("rehearse", "routines", "sentences"), "assistant.cli.routines"),
}
"""Commands with a file of their own."""
SHELLS = ("bash", "zsh", "tcsh")


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


def build_parser() -> Parser:
    parser = Parser(
        prog="assistant",
        description="An offline voice coach for the lower back and for people who sit.",
        epilog=EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"assistant {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def command(name: str, about: str, example: str = "", *, config: bool = True) -> Parser:
        epilog = f"example:\n  {example}" if example else None
        made: Parser = commands.add_parser(name, help=about, description=about, epilog=epilog)
        if config:
            made.add_argument(
                "--config", metavar="FILE", help="another configuration file than your own"
            )
        made.add_argument(
            "--debug", action="store_true", help="tell more, and show the details of an error"
        )
        return made

    _add_leading(command)
    _add_looking(command)
    _add_sound(command)
    history.add(command)
    journal.add(command)
    simulate.add(command)
    _add_house(command)
    return parser


def _add_leading(command: Any) -> None:
    run = command("run", "Start the assistant.", "assistant run desk-break --once")
    run.add_argument("routine", metavar="ROUTINE", nargs="?", help="begin this one at once")
    run.add_argument("--once", action="store_true", help="end after this routine")
    run.add_argument("--plain", action="store_true", help="one line an event, no live screen")
    run.add_argument("--record", metavar="FILE", help="write what happens, for `replay`; no sound")

    replay = command(
        "replay",
        "Play a recording of `run --record` again, and check that it goes the same.",
        "assistant replay monday.jsonl",
        config=False,
    )
    replay.add_argument("file", metavar="FILE", help="a recording")


def _add_looking(command: Any) -> None:
    rehearse = command(
        "rehearse",
        "Print what will be said and when, without waiting.",
        "assistant rehearse my-routine.toml",
    )
    rehearse.add_argument("routine", metavar="ROUTINE|FILE.toml", help="its name, or its file")
    rehearse.add_argument("--json", action="store_true", help="for programs: one JSON document")
    rehearse.add_argument("--aloud", action="store_true", help="speak it through the loudspeaker")
    rehearse.add_argument(
        "--speed", type=float, default=1.0, metavar="TIMES", help="with --aloud: shorten the waits"
    )
    rehearse.add_argument("--to", metavar="FILE.wav", help="write what is heard, at its real times")

    routines = command(
        "routines",
        "List the routines there are, look at one, write your own, and check it.",
        "assistant routines check my-routine.toml",
    )
    _add_routine_actions(routines)

    sentences = command("sentences", "Print every sentence that it can say, with its source.")
    sentences.add_argument("--json", action="store_true", help=JSON)


def _add_routine_actions(routines: Parser) -> None:
    routines.add_argument("--json", action="store_true", help=JSON)
    actions = routines.add_subparsers(dest="action", metavar="ACTION", title="actions")

    def action(name: str, about: str, *, json: bool = True) -> Parser:
        made: Parser = actions.add_parser(
            name, help=about, description=f"{about[0].upper()}{about[1:]}."
        )
        if json:  # not again the default, which would undo a --json before the action
            made.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=JSON)
        return made

    action("list", "the routines there are (as without an action)")
    show = action("show", "one routine, an exercise a line")
    show.add_argument("name", metavar="ROUTINE|FILE.toml", help="its name, or its file")
    new = action("new", "six questions, and a routine of your own to go on from", json=False)
    new.add_argument("file", metavar="FILE.toml", nargs="?", help="where to write it")
    check = action("check", "every error and every doubt about these files at once")
    check.add_argument("files", metavar="FILE.toml", nargs="+", help="a routine or an exercise")
    schema = action("schema", "what a file may hold, as JSON Schema for editors", json=False)
    schema.add_argument("kind", choices=("routine", "exercise"), nargs="?", default="routine")


def _add_sound(command: Any) -> None:
    say = command("say", "Speak into a file.", 'assistant say "Well done." --to done.wav')
    say.add_argument("text", metavar="TEXT", help="what to say")
    say.add_argument("--to", metavar="FILE", required=True, help="the WAV file to write")

    hear = command(
        "hear",
        "Listen to recordings as it would live, and print what it understands.",
        "assistant hear morning.wav --state session",
    )
    hear.add_argument("files", metavar="FILE", nargs="+", help="WAV, FLAC or OGG files")
    hear.add_argument("--json", action="store_true", help="for programs: one JSON object a line")
    hear.add_argument(
        "--state", choices=CONTEXTS, default="idle", help="what it is doing meanwhile (idle)"
    )
    hear.add_argument(
        "--wake",
        metavar="PHRASE",
        action="append",
        help="a wake phrase instead of the configured ones; may be given several times",
    )

    mic = command(
        "mic",
        "Show how loud the microphone is and what it hears; Ctrl-C ends it.",
        "assistant mic --check",
    )
    mic.add_argument("--check", action="store_true", help="say one sentence; what to change")
    mic.add_argument("--microphone", metavar="NAME", help="another one than the configured")
    mic.add_argument("--seconds", type=float, metavar="N", help="end by itself after so long")

    models = command("models", "List, find or fetch speech models.", "assistant models fetch NAME")
    actions = models.add_subparsers(dest="action", metavar="ACTION", title="actions")
    actions.add_parser("list", help="the models there are (as without an action)")
    actions.add_parser("path", help="the folder of the model that `run` would use")
    words = actions.add_parser("words", help="say which words the model in use can hear")
    words.add_argument("words", metavar="WORD", nargs="+", help="a word of a routine's name")
    fetch = actions.add_parser("fetch", help="download a model; goes on where it was cut off")
    fetch.add_argument("name", metavar="NAME", help="one that `assistant models` lists")


def _add_house(command: Any) -> None:
    bench = command(
        "bench",
        "Measure how well it hears, beside other ways; for people who work on it.",
        "assistant bench hearing --quick",
    )
    bench.add_argument("subject", choices=("hearing",), help="what to measure")
    bench.add_argument("--labels", metavar="FILE.tsv", help="recordings of people, one a line")
    bench.add_argument("--quick", action="store_true", help="a tenth of the recordings")

    doctor = command("doctor", "Say what works on this machine, and how to mend what doesn't.")
    kinds = doctor.add_mutually_exclusive_group()
    kinds.add_argument("--json", action="store_true", help="for programs: one JSON document")
    kinds.add_argument(
        "--guide", action="store_true", help="try lamp, button, loudspeaker, microphone with you"
    )
    kinds.add_argument("--wiring", action="store_true", help="draw what goes to which pin")

    config = command(
        "config",
        "Print the whole configuration, every key explained.",
        "assistant config > every-key.toml",
    )
    config.add_argument("--path", action="store_true", help="only the path of your own file")

    completion = command(
        "completion",
        "Print what makes your shell complete `assistant` commands.",
        "assistant completion bash > ~/.local/share/bash-completion/completions/assistant",
        config=False,
    )
    completion.add_argument("shell", choices=SHELLS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code and never raises but for `--help`'s SystemExit."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="replace"
            )  # a terminal that lacks a letter still gets the rest
    debug = "--debug" in given
    threading.excepthook = lambda args: _crashed(args.exc_value, debug=debug)
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
    return code


def _run(given: list[str]) -> int:
    parser = build_parser()
    if not given:
        parser.print_help()
        return ExitCode.GOOD
    _suggest(parser, given[0])
    asked = parser.parse_args(given)
    if asked.command is None:
        parser.error("which command?")
    if asked.command == "completion":
        from assistant.cli.commands import completion

        return completion(parser, asked.shell)
    module = "assistant.cli.sound" if asked.command in SOUND else "assistant.cli.commands"
    module = ELSEWHERE.get(asked.command, module)
    code: int = getattr(import_module(module), asked.command)(asked)
    return code


def _suggest(parser: Parser, word: str) -> None:
    """A slip in the command's name gets the nearest one, not argparse's list of them all."""
    known = next(iter(parser._subparsers._group_actions)).choices  # type: ignore[union-attr]
    if word.startswith("-") or known is None or word in known:
        return
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1)
    hint = f"did you mean `assistant {near[0]}`?" if near else f"there are {', '.join(known)}"
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
    from assistant.config import writable_folders
    from assistant.machine.instance import open_own

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
