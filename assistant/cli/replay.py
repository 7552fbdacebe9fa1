"""`assistant replay`: a recording played to the coach again, as a way to find a mistake.

Decides how the steps are printed, and that the first one with other effects ends it.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from assistant.cli import common
from assistant.errors import ExitCode


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant replay monday.jsonl")
    parser.add_argument("file", metavar="FILE", help="a recording")


def run(asked: Namespace) -> int:
    from assistant.simulation.recording import replay

    count = 0
    for count, (now, event, effects, same) in enumerate(replay(Path(asked.file)), 1):
        print(f"{now:12.3f}  {event}")
        for effect in effects:
            print(f"{'':12}    {effect}")
        if not same:
            print(f"event {count}: something else was ordered when it was recorded")
            return ExitCode.UNEXPECTED
    print(f"{count} events: the very same effects as when they were recorded")
    return ExitCode.GOOD
