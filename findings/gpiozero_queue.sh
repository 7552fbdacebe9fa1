#!/usr/bin/env bash
# A button puts its presses into a queue; into the quicker kind of queue it can't.
#
# "button.when_pressed = inbox.put": the press is handled in the thread that waits at the queue.
#
# Expected: a handler that needs one argument is given the button, whatever it is made of; or what doesn't fit
# is refused where it is set.
# Seen: with queue.Queue the button is in the queue. With SimpleQueue, made for just this (its put can be
# interrupted by a put), and with deque.append, nothing is refused, and each press raises a TypeError in
# gpiozero's own thread, "put() missing required argument": of a function that is written in C gpiozero
# assumes that it takes nothing. A lambda around it is the cure. gpiozero 2.0.1, with its simulated pins,
# 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'gpiozero==2.0.1'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from collections import deque
from collections.abc import Callable
from queue import Queue, SimpleQueue

from gpiozero import Button, Device
from gpiozero.pins.mock import MockFactory

Device.pin_factory = MockFactory()


def pressed(handler: Callable[..., object]) -> str:
    """What comes of one press; the simulated pin calls the handler in this thread."""
    with Button(4) as button:
        button.when_pressed = handler
        try:
            button.pin.drive_low()
        except TypeError as error:
            return type(error).__name__
        return "handled"


waiting: Queue[object] = Queue()
simple: SimpleQueue[object] = SimpleQueue()
kept: deque[object] = deque()
seen = {
    "Queue.put": pressed(waiting.put),
    "SimpleQueue.put": pressed(simple.put),
    "deque.append": pressed(kept.append),
    "a lambda around SimpleQueue.put": pressed(lambda button: simple.put(button)),
}
for name, found in seen.items():
    print(f"{name}: {found}")
if list(seen.values()) != ["handled", "TypeError", "TypeError", "handled"]:
    raise SystemExit("changed")
if not (waiting.qsize() == simple.qsize() == 1 and isinstance(waiting.get(), Button)):
    raise SystemExit("changed: what is in the queues")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
