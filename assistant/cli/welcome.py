"""`assistant welcome`: have it told and tried how all of this works, as at the first start.

Decides who is asked: the assistant that runs, where its door is open; else the next start.
"""

from argparse import ArgumentParser, Namespace
from contextlib import closing

from assistant.cli import common
from assistant.errors import AssistantError, ExitCode

UNTIL_S = 10.0
"""So long it may take to answer."""


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant welcome")


def run(asked: Namespace) -> int:
    from assistant.coach.events import Command
    from assistant.machine import places, single_instance
    from assistant.outside.door_protocol import Answer, Ask, Hello, Visit

    try:
        visit = Visit(Hello("the command line", "typed"))
    except AssistantError:  # none runs, or its door is closed
        _leave_for_next_start()
        pid = single_instance.holder(places.writable_folders())
        print("The next start tells you how this works.")
        print(
            f"To start: {'assistant run' if pid is None else single_instance.how_to_restart(pid)}"
        )
        return ExitCode.GOOD
    with closing(visit):
        visit.socket.settimeout(UNTIL_S)
        visit.send(Ask(1, Command.WELCOME))
        for message in visit.messages():
            if isinstance(message, Answer):
                if message.obeyed:
                    print("It tells you now.")
                    return ExitCode.GOOD
                raise AssistantError(
                    "it is in the midst of something; ask again when that is over",
                )
    raise AssistantError("the assistant ended before it could answer; try again when it runs")


def _leave_for_next_start() -> None:
    from assistant.machine import places

    file = places.welcome_file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
