"""Who takes the assistant's own voice out of what its microphone hears: itself, the sound server?

Decides by asking what there is; nothing is opened or changed. How loud the echo comes back is
tried by `echo_path`; what helps, and how that was measured, stands in deploy/README.md.
"""

import os
import re

from assistant.doctor.finding import Finding, doubt, good
from assistant.doctor.programs import told
from assistant.hearing.echo import available

NAME = "Echo canceller"
INSTALL = "sudo apt install libspeexdsp1"
OF_THE_SERVER = ("", "default", "pipewire", "pulse")
"""Names of a microphone behind which the sound server stands; any other is a card itself."""
CANCELS = re.compile(r'module-echo-cancel|node\.(?:link-)?group = "echo-cancel')
"""In what is told of a source: PulseAudio names the module that made it, PipeWire its group."""


def look(microphone: str) -> Finding:
    """Who cancels the echo here. `microphone`: its name in the configuration."""
    return judge(available(), microphone.lower() in OF_THE_SERVER and server_cancels())


def judge(own: bool, servers: bool) -> Finding:
    """Whether the assistant has its own canceller, and whether the server's stands before it."""
    match own, servers:
        case True, False:
            return good(NAME, "the assistant's own: it hears you while it speaks")
        case True, True:
            found = "the assistant's own, behind the sound server's: it hears you while it speaks"
            return good(NAME, found)
        case False, True:
            found = "only the sound server's: it hears you less surely while it speaks"
            return doubt(NAME, found, f"{INSTALL} (the assistant's own)")
        case _:
            found = "none: while it speaks it hears you only when you are louder"
            return doubt(NAME, found, INSTALL)


def server_cancels() -> bool:
    """Whether the sound server's default microphone has the echo taken out; False without one."""
    name = os.environ.get("PULSE_SOURCE") or told("pactl", "get-default-source").strip()
    if name:
        sources = told("pactl", "list", "sources").split("\n\n")
        return any(f"\tName: {name}\n" in one and CANCELS.search(one) for one in sources)
    return bool(CANCELS.search(told("wpctl", "inspect", "@DEFAULT_AUDIO_SOURCE@")))
