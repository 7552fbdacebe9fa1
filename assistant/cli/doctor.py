"""`assistant doctor`: what works on this machine, the parts tried with you, the pins drawn.

Decides which of the three was asked for. What is looked at and judged is the doctor's.
"""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from assistant.cli import common
from assistant.errors import AssistantError, ExitCode


def add(parser: ArgumentParser) -> None:
    kinds = parser.add_mutually_exclusive_group()
    common.add_json(
        kinds,
        "for programs: one JSON document, with ok (true or false) and checks, each with name, "
        "grade (ok, warn or fail), found, and mend (what to do; empty if ok)",
    )
    kinds.add_argument(
        "--guide", action="store_true", help="try loudspeaker, microphone, lamp, button with you"
    )
    kinds.add_argument("--wiring", action="store_true", help="draw what goes to which pin")
    common.add_config(parser)


def run(asked: Namespace) -> int:
    if asked.wiring:
        from assistant.doctor.wiring import drawing

        print(drawing(common.settings_of(asked)))
        return ExitCode.GOOD
    if asked.guide:
        from assistant.doctor.guide import guide, yes

        return guide(common.settings_of(asked), _understood(asked), _keep(asked), yes)
    from assistant.doctor import examine

    return examine(common.config_file(asked), as_json=asked.json)


def _understood(asked: Namespace) -> Callable[[str], bool]:
    """The guided check of a microphone by its name, the same as `assistant mic --check`."""

    def check(name: str) -> bool:
        from assistant.cli import mic

        with mic.hearing(Namespace(**{**vars(asked), "microphone": name})) as messages:
            phrase = common.settings_of(asked).wake.phrases[0]
            return mic.check(messages, phrase) == ExitCode.GOOD

    return check


def _keep(asked: Namespace) -> Callable[[str, str, str], None]:
    """Write a value into the configuration, as `assistant config set` does; where that can't be,
    say what to write."""

    def keep(table: str, key: str, value: str) -> None:
        from assistant.cli import config

        try:
            config.run(
                Namespace(action="set", key=f"{table}.{key}", value=[value], config=asked.config)
            )
        except (AssistantError, OSError) as error:
            print(f"It can't be written ({error}).")
            print(f"Write into the configuration, below [{table}]:  {key} = {json.dumps(value)}")

    return keep
