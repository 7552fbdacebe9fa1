"""The process between the house's door and a broker: `python -m assistant.outside.mqtt`.

Decides how it begins and ends, where the broker is by the configuration, and what the coach is
called there. What goes to and fro is `home_bridge`'s.
"""

import os
import signal
import socket
from pathlib import Path

from assistant.config import Config, all_routines
from assistant.machine import places
from assistant.machine.child import when_abandoned
from assistant.outside.broker_access import Access
from assistant.outside.home_bridge import Bridge
from assistant.outside.home_entities import Name
from assistant.outside.home_states import Names
from assistant.outside.own_process import configured

CREDENTIAL = "mqtt-password"


def access(config: Config) -> Access:
    """Where the broker is, by the configuration and what systemd gave the service."""
    mqtt = config.mqtt
    file = Path(mqtt.password_file) if mqtt.password_file else None
    credentials = os.environ.get("CREDENTIALS_DIRECTORY", "")
    if file is None and credentials and (given := Path(credentials) / CREDENTIAL).exists():
        file = given
    return Access(
        host=mqtt.host,
        port=mqtt.port,
        tls=mqtt.tls,
        ca_file=Path(mqtt.ca_file) if mqtt.ca_file else None,
        user=mqtt.user,
        password_file=file,
    )


def name_of(config: Config) -> Name:
    return Name(config.mqtt.name or socket.gethostname().partition(".")[0])


def bridge_for(config: Config) -> Bridge:
    """All of it, by the configuration and the routines there are."""
    known, _ = all_routines.usable(places.routine_folders(places.config_folder()))
    names = Names(
        routines={routine.id: routine.name for routine in known.routines.values()},
        exercises={exercise.id: exercise.name for exercise in known.exercises.values()},
        called={
            text.casefold(): routine.id
            for routine in known.routines.values()
            for text in (*routine.spoken_names, routine.id, routine.name)
        },
    )
    return Bridge(
        access(config),
        name_of(config),
        names,
        chosen=config.session.routine,
        health=config.mqtt.health,
    )


def main() -> None:
    """`[CONFIG]`: another configuration than the person's own."""
    config, _ = configured("mqtt")
    bridge = bridge_for(config)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: bridge.end())
    when_abandoned(bridge.end)
    bridge.run()


if __name__ == "__main__":
    main()
