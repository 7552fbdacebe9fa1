"""The parts that may hang, each tried in a process of its own: who is asked, and how long.

Decides for each part how much patience it gets and what it means when that ends. What counts as
working stands in the files beside this one, which only the child processes import.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from assistant.doctor.finding import Finding, Grade, doubt

STUCK_DRIVER = "its driver is stuck: unplug it and plug it in again, or restart the machine"
STUCK_SOUND = "the sound system doesn't answer: restart it, or the machine"
SLOW = "this machine is slow, or busy with something else: try again in a minute"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a part may take, and what to do when it takes longer."""

    seconds: float
    mend: str


PATIENCE = {
    "devices": Patience(12.0, STUCK_SOUND),
    "names": Patience(12.0, STUCK_SOUND),
    "microphone": Patience(12.0, STUCK_DRIVER),
    "loudspeaker": Patience(12.0, STUCK_DRIVER),
    "tones": Patience(15.0, STUCK_DRIVER),
    "echo": Patience(15.0, STUCK_DRIVER),
    # A large model takes half a minute on a small Pi, and the other parts are tried meanwhile.
    "model": Patience(90.0, f"{SLOW}; or take a smaller model: `assistant models`"),
    "voice": Patience(30.0, SLOW),
    "gpio": Patience(20.0, "restart the machine; until then the space bar is the button"),
    "presence": Patience(20.0, "restart the machine; until then it counts you as sitting there"),
    "broker": Patience(25.0, "look at host and port in [mqtt] of the configuration"),
    "office": Patience(25.0, "look at host and port in [office] of the configuration"),
    "page": Patience(20.0, SLOW),
}


class NoAnswer(Exception):
    """A part's process gave none; `mend` is what to do about it."""

    def __init__(self, found: str, mend: str) -> None:
        super().__init__(found)
        self.mend = mend


def try_part(name: str, part: str, given: Mapping[str, Any]) -> Finding:
    """What is found of a part of `PATIENCE`, in its time; `name` is what it is called for people.

    `given` are its settings, as the function of that part takes them.
    """
    try:
        answer = ask(part, given)
    except NoAnswer as reason:
        return doubt(name, str(reason), reason.mend)
    return Finding(name, Grade(answer["grade"]), answer["found"], answer["mend"])


def ask(part: str, given: Mapping[str, Any]) -> Any:
    """The answer of a part's process, as JSON has it. Raises NoAnswer."""
    patience = PATIENCE[part]
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "assistant.doctor.parts", part],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        printed, _ = child.communicate(json.dumps(given), patience.seconds)
        return json.loads(printed)
    except subprocess.TimeoutExpired:
        found = f"no answer within {patience.seconds:.0f} seconds"
        raise NoAnswer(found, patience.mend) from None
    except ValueError:
        found = f"trying it ended its process (code {child.returncode})"
        raise NoAnswer(found, "install the assistant again: deploy/run") from None
    finally:
        _end(child)


def _end(child: subprocess.Popen[str]) -> None:
    """With its own children; a process stuck inside a driver is left to the kernel."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        child.wait(1.0)
