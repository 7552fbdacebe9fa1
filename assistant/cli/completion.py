"""`assistant completion`: a script with which a shell completes commands, options and files.

Decides which arguments are files. What the script looks like is shtab's.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

from assistant.cli import common
from assistant.errors import ExitCode

SHELLS = ("bash", "zsh", "tcsh")


def add(parser: ArgumentParser) -> None:
    place = "~/.local/share/bash-completion/completions/assistant"
    common.example(parser, f"assistant completion bash > {place}")
    parser.add_argument("shell", choices=SHELLS)


def run(asked: Namespace) -> int:
    import shtab

    from assistant.cli import build_parser

    parser = build_parser()
    for action in _actions(parser):
        if isinstance(action.metavar, str) and "FILE" in action.metavar:
            action.complete = shtab.FILE
    print(shtab.complete(parser, shell=asked.shell))
    return ExitCode.GOOD


def _actions(parser: ArgumentParser) -> Iterator[Any]:
    for action in parser._actions:
        yield action
        if isinstance(action.choices, dict):
            for inner in action.choices.values():
                yield from _actions(inner)
