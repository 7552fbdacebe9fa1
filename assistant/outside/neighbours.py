"""The processes beyond the door: which are wanted, and who starts them.

Decides that an assistant in a terminal has them for children, and that a service, which may have
no network, leaves them to services of their own. What they do is in their own files.
"""

import logging
import math
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from assistant.coach.effects import Situation
from assistant.coach.events import Event, Recalled
from assistant.config import Config
from assistant.machine import places, systemd
from assistant.machine.child import Worker

if TYPE_CHECKING:
    from assistant.outside.unix_door import Door

log = logging.getLogger(__name__)
S = TypeVar("S")

NEIGHBOURS = {"page": "assistant.outside.page", "mqtt": "assistant.outside.mqtt"}
"""By the table of the configuration whose key `on` asks for it: the module of the process."""


def wanted(config: Config) -> list[str]:
    """The modules of the neighbours that are switched on."""
    return [module for table, module in NEIGHBOURS.items() if getattr(config, table).on]


def open_door(
    config: Config,
    config_file: Path | None,
    post: Callable[[Event], None],
    situation: Callable[[S], Situation],
    today: Callable[[], Recalled | None],
    house: ExitStack,
) -> "Door[S] | None":
    """Open the door and start the neighbours; `house` puts them away. `config_file`: another one
    than the person's own, which they are given as their argument. None: nobody is wanted, or no
    folder can hold a socket, which the log says; the coach goes on."""
    modules = wanted(config)
    if not modules:
        return None
    from assistant.outside.unix_door import Door  # not loaded where nobody is to come in

    try:
        door = Door(post, situation, places.runtime_folders(), today)
    except OSError as error:
        log.warning("nobody outside can be told what goes on: %s", error)
        return None
    house.callback(door.close)
    for module in [] if systemd.started_us() else modules:
        neighbour = Worker(
            module,
            says=(),
            on_message=log.info,
            on_end=log.warning,
            arguments=[] if config_file is None else [str(config_file.absolute())],
            silence_s=math.inf,
            start_s=math.inf,
        )
        house.callback(neighbour.close)
        neighbour.start()
    return door
