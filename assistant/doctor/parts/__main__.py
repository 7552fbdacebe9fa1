"""One part tried, for real: `python -m assistant.doctor.parts PART`, settings as JSON in, JSON out.

Decides only which function tries which part, and that whatever a library raises or prints is that
part's failure alone. A driver that hangs hangs here.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from assistant.doctor.finding import Finding, doubt
from assistant.doctor.parts import (
    echo_path,
    house_broker,
    house_page,
    model_and_voice,
    pins,
    sound_devices,
)

TRIED: dict[str, Callable[[Mapping[str, Any]], Finding | dict[str, Any]]] = {
    "devices": sound_devices.devices,
    "names": sound_devices.known,
    "microphone": sound_devices.microphone,
    "loudspeaker": sound_devices.loudspeaker,
    "tones": sound_devices.tones,
    "echo": echo_path.echo,
    "model": model_and_voice.model,
    "voice": model_and_voice.voice,
    "gpio": pins.button_and_led,
    "presence": pins.presence,
    "broker": house_broker.broker,
    "office": house_broker.office,
    "page": house_page.page,
}


def main() -> None:
    """Try the part that is named on the command line and answer on standard output."""
    channel = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):  # libraries print as they please
        os.dup2(nowhere, descriptor)
    given = json.load(sys.stdin)
    try:
        answer = TRIED[sys.argv[1]](given)
    except Exception as error:  # whatever a library raises is this part's failure
        found = f"it failed ({type(error).__name__}: {error})"
        answer = doubt("", found, "install the assistant again: deploy/run")
    told = asdict(answer) if isinstance(answer, Finding) else answer
    os.write(channel, json.dumps(told).encode())
    os._exit(0)  # a stuck driver must not hold up the end


if __name__ == "__main__":
    main()
