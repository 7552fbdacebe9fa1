"""`assistant page`: where the page is, a code that lets a device in, and which ones are let in.

Decides what is printed of them. It asks the running assistant, who makes the code and keeps the
devices.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

from assistant.cli import common
from assistant.errors import AssistantError, ExitCode

if TYPE_CHECKING:
    from assistant.config.outside_keys import Page
    from assistant.outside.door_protocol import Device, Devices, NewCode, Service

    T = TypeVar("T", NewCode, Devices)

ALL = "all"


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant page code")
    common.add_config(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    code = actions.add_parser("code", help="six digits that let one device in, for two minutes")
    code.add_argument("--watch", action="store_true", help="the device may watch, and do nothing")
    devices = actions.add_parser("devices", help="which devices are let in")
    devices.add_argument(
        "--revoke", metavar="NUMBER", help=f'let this one in no longer; "{ALL}": none of them'
    )


def run(asked: Namespace) -> int:
    page = common.settings_of(asked).page
    if not page.on:
        raise AssistantError(
            "the page is switched off; switch it on with `assistant config set page.on true`, "
            "and start the assistant anew",
            code=ExitCode.CONFIGURATION,
        )
    match asked.action:
        case "code":
            _code(page, watch_only=asked.watch)
        case "devices":
            _devices(asked.revoke)
        case _:
            from assistant.outside.page.addresses import url

            print(f"The page is at {url(page.address, page.port)}")
            print("To let a device in: assistant page code")
    return ExitCode.GOOD


def _code(page: "Page", *, watch_only: bool) -> None:
    import segno

    from assistant.outside.door_protocol import NewCode, WantCode
    from assistant.outside.page.addresses import url
    from assistant.outside.pairing import in_two

    made = _asked(NewCode, lambda: WantCode(1, watch_only))
    at = url(page.address, page.port)
    if sys.stdout.isatty():
        segno.make(f"{at}pair?code={made.code}", micro=False).terminal(compact=True)
    print(f"The code: {in_two(made.code)}, good for two minutes.")
    print(f"Open {at} on the device{', which may watch then' if watch_only else ''}.")


def _devices(revoke: str | None) -> None:
    from assistant.outside.door_protocol import Devices, PutOut, WantDevices

    found = _asked(Devices, lambda: WantDevices(1)).devices
    if revoke is not None:
        token_hash = "" if revoke == ALL else _chosen(found, revoke).token_hash
        answer = _asked(Devices, lambda: PutOut(1, token_hash))
        if answer.reason:
            raise AssistantError(answer.reason, code=ExitCode.FILE_ACCESS)
        found = answer.devices
    if not found:
        print("No device is let in. To let one in: assistant page code")
        return
    rows = [("", "DEVICE", "SINCE", "MAY")]
    for number, one in enumerate(found, 1):
        rows.append((str(number), one.name, one.since, "watch" if one.watch_only else "everything"))
    print(common.columns(rows))


def _chosen(found: "tuple[Device, ...]", revoke: str) -> "Device":
    if not revoke.isdecimal() or not 1 <= int(revoke) <= len(found):
        raise AssistantError(
            f'--revoke {revoke}: expected "{ALL}" or a number that `assistant page devices` lists',
            code=ExitCode.COMMAND_LINE,
        )
    return found[int(revoke) - 1]


def _asked(kind: "type[T]", wish: "Callable[[], Service]") -> "T":
    """What the running assistant answers. Raises AssistantError when none runs."""
    from assistant.outside.door_protocol import Hello, Visit

    with closing(Visit(Hello("the command line", "typed"))) as visit:
        visit.send(wish())
        for message in visit.messages():
            if isinstance(message, kind):
                return message
    raise AssistantError("the assistant ended before it could answer; try again when it runs")
