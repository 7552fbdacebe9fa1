"""`assistant doctor`: what works on this machine, the parts tried with you, the pins drawn.

Decides which of the three was asked for. What is looked at and judged is the doctor's.
"""

from argparse import ArgumentParser, Namespace

from assistant.cli import common
from assistant.errors import ExitCode


def add(parser: ArgumentParser) -> None:
    kinds = parser.add_mutually_exclusive_group()
    common.add_json(kinds)
    kinds.add_argument(
        "--guide", action="store_true", help="try lamp, button, loudspeaker, microphone with you"
    )
    kinds.add_argument("--wiring", action="store_true", help="draw what goes to which pin")
    common.add_config(parser)


def run(asked: Namespace) -> int:
    if asked.wiring:
        from assistant.doctor.wiring import drawing

        print(drawing(common.settings_of(asked)))
        return ExitCode.GOOD
    if asked.guide:
        from assistant.doctor.guide import guide

        return guide(common.settings_of(asked))
    from assistant.doctor import examine

    return examine(common.config_file(asked), as_json=asked.json)
