"""The child process that owns the microphone: sound in, one JSON object a line out.

Decides when the microphone is lost: nothing comes or too little comes. It then ends with a reason,
since a driver that lost its device may hang; a new process waits until one can be opened. What
the sound means is the ear's to decide.

In (a line each): first `{"model", "microphone", "commands": {context: {phrase: command}},
"context", "played"}`, later `{"context"}`, `{"saying": words}` and `{"chime"}`. Out:
`{"ready": seconds, "unknown": [words]}`, `{"found": name, "rate_hz"}`, `{"heard", "context",
"confidence", ...}`, `{"unclear": text}`, `{"refused": text, "reason"}`, `{"lost": reason}`,
`{"model": reason}`, `{"sound": reason, or null when all is well again}`, `{"perhaps": true}` when
something may become a command while the assistant speaks, about once a second `{"talking": true}`
while people talk and `{"alive": share}` as long as sound comes at its proper rate. With
`"meter": true` in the settings also `{"level": ...}` for each block and `{"said": ...}` for each
utterance, taken or not.
"""

import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeAlias

from assistant.coach.effects import Context, Sound
from assistant.coach.events import Command
from assistant.errors import AssistantError
from assistant.hearing.accept import OWN_SOUND
from assistant.hearing.ear import Ear, Utterance
from assistant.hearing.gate import BLOCK_S
from assistant.hearing.level import Watch, level
from assistant.hearing.microphone import LEAST_SHARE, RATE_HZ, Gone, Microphone, Pulse, look_again
from assistant.sound.loopback import Reader

SPEECH_S = 0.3
"""After the wake phrase, anything shorter that is no command was a cough or a chair."""

LATE_S = 0.04
"""So long it waits for the loudspeaker's part of a block; less than a block, so it falls never
behind."""
AGAIN_S = 1.0
"""Between two looks for a microphone."""
TRIES = 60

Say = Callable[[dict[str, Any]], None]
Orders: TypeAlias = "queue.Queue[dict[str, Any] | None]"
"""What the parent sent; None: it will send no more."""


def report(utterance: Utterance) -> dict[str, Any]:
    """What the parent is told about an utterance."""
    if utterance.verdict.accepted:
        return {
            "heard": utterance.text,
            "context": utterance.context,
            "confidence": round(utterance.confidence, 3),
            "reason": utterance.verdict.reason,
            "end_s": round(utterance.end_s, 2),
            "decided_s": round(utterance.decided_s, 2),
        }
    long_enough = utterance.end_s - utterance.start_s >= SPEECH_S
    others = utterance.verdict.reason != OWN_SOUND
    unclear = utterance.context is Context.AWAKE and long_enough and others
    return {
        "unclear" if unclear else "refused": utterance.text,
        "context": utterance.context,
        "reason": utterance.verdict.reason,
    }


def find_microphone(
    settings: dict[str, Any],
    orders: Orders,
    say: Say,
    tries: int = TRIES,
    meanwhile: Callable[[], None] = lambda: None,
) -> Microphone | None:
    """Wait for a microphone; None when the parent is gone. Raises Gone after so many tries: a
    fresh process is worth its while then. `meanwhile` is called once, if there is time for it."""
    for attempt in range(tries):
        try:
            return Microphone(settings["microphone"])
        except Gone as reason:
            say({"alive": 0.0} if attempt else {"lost": str(reason)})
        if attempt == 0:
            meanwhile()
        try:
            order = orders.get(timeout=AGAIN_S)
        except queue.Empty:
            look_again()
            continue
        if order is None:
            return None
        settings["context"] = order.get("context", settings["context"])
    raise Gone("no microphone can be opened")


def listen(settings: dict[str, Any], orders: Orders, say: Say) -> None:
    """Hear until `orders` ends (None). Raises Gone and AssistantError."""
    new_ear = partial(Ear, settings["model"], read_commands(settings["commands"]))
    early: list[Future[Ear]] = []

    def get_ready() -> None:
        early.append(ThreadPoolExecutor(1).submit(new_ear, RATE_HZ))

    microphone = find_microphone(settings, orders, say, meanwhile=get_ready)
    if microphone is None:
        return
    began = time.monotonic()
    usual = early and microphone.rate_hz == RATE_HZ
    ear = early[0].result() if usual else new_ear(microphone.rate_hz)
    early.clear()
    ear.listen(Context(settings["context"]))
    say({"ready": round(time.monotonic() - began, 3), "unknown": ear.unknown_words})
    reader = open_reader(settings.get("played", ""))
    pulse, watch = Pulse(microphone.rate_hz, time.monotonic()), Watch()
    found, metered = False, bool(settings.get("meter"))
    while True:
        try:
            block = microphone.blocks.get(timeout=0.1)
        except queue.Empty:
            block = b""
        if not follow(orders, ear, say):
            return
        if block:
            pulse.block(len(block) // 2, time.monotonic())
            if not found:
                say({"found": microphone.name, "rate_hz": microphone.rate_hz})
                found = True
            loud = level(block)
            played = meanwhile_played(reader) if reader else b""
            if reader and played and not reader.steady:
                ear.unsettle()
            # Without knowing what sounds it would take its own words for a person's.
            deaf = reader is None and ear.context is Context.SPEAKING
            utterances = [] if deaf else ear.hear(block, played, reader.rate_hz if reader else 0)
            if watch.block(loud) or any(map(watch.said, utterances)):
                say({"sound": watch.told})
            if metered:
                say({"level": [loud.rms_db, loud.peak_db, loud.clipped]})
                for utterance in utterances:
                    say({"said": details(utterance)})
            tell(utterances, say)
            if ear.talking and not deaf:
                say({"talking": True})
            if ear.perhaps and not deaf:
                say({"perhaps": True})
        share = pulse.check(time.monotonic())
        if share is not None and share >= LEAST_SHARE:
            say({"alive": round(share, 2)})


def follow(orders: Orders, ear: Ear, say: Say) -> bool:
    """Carry out the orders that wait; False when there will be no more."""
    while True:
        try:
            order = orders.get_nowait()
        except queue.Empty:
            return True
        if order is None:
            return False
        if "chime" in order:
            ear.chimed(Sound(order["chime"]))
            continue
        if "saying" in order:
            ear.saying |= set(order["saying"].split())
            continue
        tell(ear.listen(Context(order["context"])), say)


def open_reader(path: str) -> Reader | None:
    """What the loudspeaker plays, where the parent says that it can be read."""
    try:
        return Reader(path)
    except (OSError, ValueError):
        return None


def meanwhile_played(reader: Reader) -> bytes:
    """What sounded while the block came that has just come."""
    now = time.monotonic()
    while reader.lacks(now, BLOCK_S) and time.monotonic() < now + LATE_S:
        time.sleep(LATE_S / 10)
    return reader.take(now, BLOCK_S)


def tell(utterances: list[Utterance], say: Say) -> None:
    for utterance in utterances:
        say(report(utterance))


def details(utterance: Utterance) -> dict[str, Any]:
    """All that a person who looks into it may want to know."""
    verdict = utterance.verdict
    return {
        "text": utterance.text,
        "confidence": round(utterance.confidence, 2),
        "accepted": verdict.accepted,
        "command": verdict.command,
        "reason": verdict.reason,
        "context": utterance.context,
    }


def read_commands(content: dict[str, dict[str, str]]) -> dict[Context, dict[str, Command]]:
    return {
        Context(context): {phrase: Command(name) for phrase, name in phrases.items()}
        for context, phrases in content.items()
    }


def read_orders(orders: Orders) -> None:
    """Standard input, line by line; its end is the end, also in the middle of a line: a parent
    that was killed while it wrote must leave no child behind."""
    with suppress(ValueError):
        for line in sys.stdin:
            orders.put(json.loads(line))
    orders.put(None)


def hush_libraries() -> None:
    """ALSA and PortAudio write to standard error; that is the parent's screen."""
    python_errors = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stderr = os.fdopen(python_errors, "w", buffering=1)


def main() -> int:
    def say(message: dict[str, Any]) -> None:
        print(json.dumps(message), flush=True)

    hush_libraries()
    orders: Orders = queue.Queue()
    threading.Thread(target=read_orders, args=(orders,), daemon=True).start()
    settings = orders.get()
    while settings is not None and "model" not in settings:  # sent before the settings: in them
        settings = orders.get()
    if settings is None:
        return 0
    try:
        listen(settings, orders, say)
    except Gone as reason:
        say({"lost": str(reason)})
        return 1
    except AssistantError as error:
        say({"model": str(error)})
        return 1
    except BrokenPipeError:
        return 1
    return 0


if __name__ == "__main__":
    # Not sys.exit: a stuck sound driver must not hold up the end of this process.
    code = main()
    os._exit(code)
