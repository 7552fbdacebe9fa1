"""`assistant config`: the whole configuration, to read or to save.

Decides what is printed of it. What the keys are, the configuration's room knows.
"""

from argparse import ArgumentParser, Namespace

from assistant.cli import common
from assistant.errors import ExitCode


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant config > every-key.toml")
    parser.add_argument("--path", action="store_true", help="only the path of your own file")
    common.add_config(parser)


def run(asked: Namespace) -> int:
    from assistant.config import text
    from assistant.machine import places

    if asked.path:
        print(asked.config or places.config_file())
    else:
        print(text.as_toml(common.settings_of(asked)), end="")
    return ExitCode.GOOD
