"""The processes beyond the door: which are wanted, and who starts them.

Decides that an assistant in a terminal has them for children, and that a service, which may have
no network, leaves them to services of their own. What they do is in their own files.
"""

import logging
import math
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from assistant.coach.effects import Situation
from assistant.coach.events import CodeMade, Event, Recalled
from assistant.config import Config
from assistant.errors import AssistantError
from assistant.machine import places, systemd
from assistant.machine.child import Worker

if TYPE_CHECKING:
    from assistant.outside.unix_door import Door

log = logging.getLogger(__name__)
S = TypeVar("S")

STEADY_S = 3.0
"""A neighbour that lived so long is started again soon: many screens wait for it."""

NEIGHBOURS = {
    "page": "assistant.outside.page",
    "mqtt": "assistant.outside.mqtt",
    "office": "assistant.outside.office",
}
"""By the table of the configuration whose key `on` asks for it: the module of the process."""


def wanted(config: Config) -> list[str]:
    """The modules of the neighbours that are switched on."""
    return [module for table, module in NEIGHBOURS.items() if getattr(config, table).on]


def routine_folders(config: Config) -> list[Path]:
    """Where routines are read from. Of what an office handed out lies there what its desk is to
    have, and nothing else."""
    office = config.office
    if places.office_folder().is_dir():
        from assistant.office import handed_out

        audiences = ("", office.team or None) if office.on else (None, None)
        for folder, audience in zip(places.office_folders(), audiences, strict=True):
            try:
                handed_out.lay_out(folder, audience, office.refused)
            except (OSError, AssistantError) as error:
                log.warning("what the office handed out can't be laid out: %s", error)
    return places.routine_folders(places.config_folder())


def open_door(
    config: Config,
    config_file: Path | None,
    post: Callable[[Event], None],
    situation: Callable[[S], Situation],
    house: ExitStack,
    *,
    today: Callable[[], Recalled | None],
    past: Callable[[int], tuple[str, str]],
    notice: Callable[[str, Sequence[str], float], None],
) -> "Door[S] | None":
    """Open the door and start the neighbours; `house` puts them away. `config_file`: another one
    than the person's own, which they are given as their argument. `today` counts up what was done,
    where that can be known; `past` tells what was done in so many days (HTML and its style sheet,
    or an AssistantError); `notice` puts a line and a picture on the screen, for so many seconds.
    None: no neighbour is wanted, or no folder can hold a socket, which the log says; the coach goes
    on."""
    modules = wanted(config)
    if not modules:
        return None
    # Not loaded where nobody is to come in.
    from assistant.outside import door_protocol as say
    from assistant.outside.kept_settings import keep
    from assistant.outside.pairing import CODE_S, Pairing, in_two
    from assistant.outside.unix_door import Door, Services

    def look_back(want: say.WantHistory) -> say.Past:
        try:
            return say.Past(want.number, *past(want.days))
        except AssistantError as error:
            return say.Past(want.number, "", "", reason=str(error))

    def show(code: str) -> None:
        from assistant.outside.page.addresses import url
        from assistant.outside.page.qr_code import lines  # it takes memory, and is seldom needed

        at = url(config.page.address, config.page.port)
        told = f"The code for the page: {in_two(code)}. It is good for two minutes, at {at}"
        notice(told, lines(f"{at}pair?code={code}"), CODE_S)
        post(CodeMade(code))

    pairing = Pairing(places.state_folder() / "page-devices.json", time.monotonic, on_code=show)
    services: Services = {
        say.WantCode: pairing.show,
        say.Knock: pairing.knock,
        say.PutOut: pairing.put_out,
        say.WantDevices: lambda want: pairing.devices(want.number),
        say.WantHistory: look_back,
        say.Keep: partial(keep, config_file or places.config_file()),
    }
    try:
        door = Door(post, situation, places.runtime_folders(), services, today)
    except OSError as error:
        log.warning("nobody outside can be told what goes on: %s", error)
        return None
    house.callback(door.close)
    pairing.on_change = door.notify
    door.notify(pairing.devices())
    for module in [] if systemd.started_us() else modules:
        neighbour = Worker(
            module,
            says=(),
            on_message=log.info,
            on_end=log.warning,
            arguments=[] if config_file is None else [str(config_file.absolute())],
            silence_s=math.inf,
            start_s=math.inf,
            steady_s=STEADY_S,
        )
        house.callback(neighbour.close)
        neighbour.start()
    return door
