"""Who takes the assistant's own voice out of what its microphone hears: itself, the sound server?

Decides by asking what there is; nothing is opened or changed. How loud the echo comes back is
tried by `probe_echo`; what helps, and how that was measured, stands in deploy/README.md.
"""

import os
import re
import subprocess

from assistant.doctor.finding import Finding, Grade
from assistant.hearing.echo import available

NAME = "Echo canceller"
INSTALL = "sudo apt install libspeexdsp1"
PATIENCE_S = 3.0
OF_THE_SERVER = ("", "default", "pipewire", "pulse")
"""Names of a microphone behind which the sound server stands; any other is a card itself."""
CANCELS = re.compile(r'module-echo-cancel|node\.(?:link-)?group = "echo-cancel')
"""In what is told of a source: PulseAudio names the module that made it, PipeWire its group."""


def look(microphone: str) -> Finding:
    """`microphone`: its name in the configuration."""
    return judge(available(), microphone.lower() in OF_THE_SERVER and server_cancels())


def judge(own: bool, servers: bool) -> Finding:
    """Whether the assistant has its own canceller, and whether the server's stands before it."""
    match own, servers:
        case True, False:
            return Finding(NAME, Grade.OK, "the assistant's own: it hears you while it speaks")
        case True, True:
            found = "the assistant's own, behind the sound server's: it hears you while it speaks"
            return Finding(NAME, Grade.OK, found)
        case False, True:
            found = "only the sound server's: it hears you less surely while it speaks"
            return Finding(NAME, Grade.WARN, found, f"{INSTALL} (the assistant's own)")
        case _:
            found = "none: while it speaks it hears you only when you are louder"
            return Finding(NAME, Grade.WARN, found, INSTALL)


def server_cancels() -> bool:
    """Whether the sound server's default microphone has the echo taken out; False without one."""
    name = os.environ.get("PULSE_SOURCE") or _told("pactl", "get-default-source").strip()
    if name:
        sources = _told("pactl", "list", "sources").split("\n\n")
        return any(f"\tName: {name}\n" in one and CANCELS.search(one) for one in sources)
    return bool(CANCELS.search(_told("wpctl", "inspect", "@DEFAULT_AUDIO_SOURCE@")))


def _told(*words: str) -> str:
    """What a program printed; nothing where it isn't installed, fails or doesn't answer."""
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
