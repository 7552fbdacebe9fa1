"""`assistant models`: the speech models there are, which words one hears, and fetching another.

Decides how they and a download's progress are printed. Finding and fetching is the hearing room's.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.cli import common
from assistant.errors import ExitCode


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant models fetch NAME")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    actions.add_parser("list", help="the models there are (as without an action)")
    actions.add_parser("path", help="the folder of the model that `run` would use")
    words = actions.add_parser("words", help="say which words the model in use can hear")
    words.add_argument("words", metavar="WORD", nargs="+", help="a word of a routine's name")
    fetch = actions.add_parser("fetch", help="download a model; goes on where it was cut off")
    fetch.add_argument("name", metavar="NAME", help="one that `assistant models` lists")
    common.add_config(parser)


def run(asked: Namespace) -> int:
    from assistant.hearing import models as there

    match asked.action:
        case "fetch":
            with _progress() as progress:
                path = there.fetch(asked.name, progress)
            print(path)
            if asked.name != there.SHIPPED.name:
                print("A running assistant uses it once it is started again.", file=sys.stderr)
        case "path":
            print(there.find(common.settings_of(asked).hearing.model))
        case "words":
            _tell_words(there.find(common.settings_of(asked).hearing.model), asked.words)
        case _:
            _list_models(common.settings_of(asked).hearing.model)
    return ExitCode.GOOD


def _list_models(configured: str) -> None:
    from assistant.hearing import models as there

    used = there.find(configured)
    rows = []
    for model in there.CATALOGUE:
        path = there.installed(model)
        state = "in use" if path == used else "here" if path else "not fetched"
        rows.append((model.name, state, model.licence, model.about))
    if configured:
        rows.append((str(used), "in use", "", "named in your configuration"))
    print(common.columns([("MODEL", "STATE", "LICENCE", "ABOUT"), *rows]))


def unknown_words(model: Path, given: Sequence[str]) -> Collection[str]:
    """Which of them a model doesn't know."""
    from assistant.coach.effects import Context
    from assistant.coach.events import Command
    from assistant.hearing.decoder import Decoder

    words = " ".join(given).split()
    return Decoder(model, {Context.IDLE: dict.fromkeys(words, Command.WAKE)}).unknown_words


def _tell_words(model: Path, given: Sequence[str]) -> None:
    """Which words a new routine's name may have. Asked of the model itself: some keep no list."""
    words = list(dict.fromkeys(" ".join(given).lower().split()))
    unknown = unknown_words(model, words)
    if known := [word for word in words if word not in unknown]:
        print(f"Known: {', '.join(known)}.")
    if unknown:
        print(f"Not known: {', '.join(unknown)}. Choose another word for it.")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """How far a download is: one line that moves on a terminal, else a line for each tenth."""
    moving = sys.stderr.isatty()
    shown = -1

    def progress(done: int, total: int) -> None:
        nonlocal shown
        percent = 100 * done // total if moving else 100 * done // total // 10 * 10
        if percent > shown:
            shown = percent
            line = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB, {percent} %"
            print(line, end="\r" if moving else "\n", file=sys.stderr, flush=True)

    try:
        yield progress
    finally:
        if moving and shown >= 0:
            print(file=sys.stderr)
