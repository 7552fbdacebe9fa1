"""The child process that owns the microphone: sound in, messages out; see `ear_protocol`.

Decides when the microphone is opened, lost and looked for again, and when the processor is too
slow for what comes. The model is loaded once, beside the search for a microphone, and kept. Only a
driver that hangs ends the process; a new one then begins afresh. What the sound means is the ear's
to decide.
"""

import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeAlias

from assistant.coach.ear_and_voice import (
    Chime,
    Context,
    Found,
    Listen,
    Lost,
    Part,
    Perhaps,
    SetEar,
    Talking,
)
from assistant.errors import AssistantError, ExitCode
from assistant.hearing.accept import OWN_SOUND
from assistant.hearing.decoder import Decoder, load_vosk
from assistant.hearing.ear import Ear, Utterance
from assistant.hearing.ear_protocol import (
    TO_CHILD,
    Begin,
    Closed,
    Heard,
    Opened,
    Ready,
    Refused,
    Said,
    Saying,
    Teach,
)
from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.microphone import (
    LEAST_SHARE,
    LOOK_AGAIN_S,
    Arrival,
    Gone,
    Microphone,
)
from assistant.hearing.microphone_level import Watch
from assistant.machine.messages import Alive, Protocol, encode
from assistant.machine.signs_of_life import BEAT_S, SignsOfLife
from assistant.sound.devices import NoLibrary, look_again, portaudio
from assistant.sound.loopback import Reader
from assistant.sound.pcm import level

SPEECH_S = 0.3
"""After the wake phrase, anything shorter that is no command was a cough or a chair."""
LATE_S = 0.04
"""So long it waits for the loudspeaker's part of a block; less than a block, so it falls never
behind."""
LOAD_S = 120.0
"""A model that takes longer to load will not come; the largest takes half a minute on a Pi 3."""
KEPT_S = 1.0
"""What was said longer ago, while the model was loaded, is too old to be answered."""
KEEPS_UP_S = 300.0
"""So long nothing was dropped: the processor keeps up again."""
TOO_SLOW = "this computer is too slow for the speech model"

Send = Callable[[Any], None]
Orders: TypeAlias = "queue.Queue[Listen | SetEar | Chime | Saying | Teach | None]"
"""What the parent sent; None: it will send no more."""


class _ParentGone(Exception):
    """Nobody listens to us any more."""


class _Hangs(Exception):
    """The driver doesn't let the microphone go: only this process's end does."""


class Listener:
    """One child's work; `run` returns when the parent is gone."""

    def __init__(self, begin: Begin, orders: Orders, send: Send) -> None:
        self._begin, self._orders, self._send = begin, orders, send
        self._context, self._listening = begin.context, begin.listening
        self._taught = begin.taught
        self._ear: Ear | None = None
        self._reader = open_reader(begin.played)
        self._loading: Future[Decoder] = ThreadPoolExecutor(1).submit(
            Decoder, begin.model, begin.sayable.by_context()
        )
        self._began = time.monotonic()
        self._ready = False

    def run(self) -> None:
        """Raises _Hangs, and AssistantError for a model that can't be used."""
        with suppress(_ParentGone):
            while True:
                microphone = self._find()
                decoder = self._decoder()
                try:
                    with SignsOfLife(self._send) as life:
                        self._listen(microphone, decoder, life)
                except Gone as reason:
                    self._send(Lost(Part.MICROPHONE, str(reason)))
                finally:
                    self._ear = None
                    if not microphone.close():
                        raise _Hangs
                if not self._listening:
                    self._send(Closed())

    def _find(self) -> Microphone:
        """Wait until a microphone can be opened, and may be. However many orders come meanwhile,
        it is looked for each LOOK_AGAIN_S."""
        tries = 0
        while True:
            if self._loading.done() and (error := self._loading.exception()) is not None:
                raise error
            if self._listening:
                try:
                    begin = self._begin
                    return Microphone(begin.microphones, begin.channel, begin.gain_db)
                except Gone as reason:
                    self._send(Alive(0.0) if tries else Lost(Part.MICROPHONE, str(reason)))
                tries += 1
            self._wait(LOOK_AGAIN_S if self._listening else BEAT_S)
            self._send(Alive(0.0))
            if self._listening and tries:
                look_again()

    def _decoder(self) -> Decoder:
        """The model, as soon as it is loaded."""
        while not self._loading.done():
            if time.monotonic() - self._began > LOAD_S:
                raise AssistantError(
                    f"{self._begin.model}: this speech model takes more than {LOAD_S:.0f} seconds "
                    "to load. Choose a smaller one.",
                    code=ExitCode.MISSING_MODEL,
                )
            self._wait(BEAT_S, until=self._loading.done)
            self._send(Alive(0.0))
        decoder = self._loading.result()
        if not self._ready:
            self._ready = True
            took_s = round(time.monotonic() - self._began, 3)
            self._send(Ready(took_s, tuple(decoder.unknown_words)))
        return decoder.taught(self._taught)

    def _listen(self, microphone: Microphone, decoder: Decoder, life: SignsOfLife) -> None:
        """Hear until the microphone is gone (raises Gone) or is to be closed. A small machine needs
        seconds for a whole utterance that is decoded again."""
        ear = self._ear = Ear(decoder, microphone.rate_hz)
        ear.listen(self._context)
        while microphone.blocks.qsize() * BLOCK_S > KEPT_S:
            microphone.blocks.get_nowait()
        arrival, watch = Arrival(microphone.rate_hz, time.monotonic()), Watch()
        pace = Pace(microphone.dropped)
        opened = False
        while self._listening:
            life.next_piece()
            try:
                block = microphone.blocks.get(timeout=0.1)
            except queue.Empty:
                block = b""
            self._follow()
            if block:
                if not opened:
                    opened = True
                    self._send(Opened(microphone.name, microphone.rate_hz, microphone.also))
                self._hear(ear, block, watch, microphone)
            if (slow := pace.check(microphone.dropped, time.monotonic())) is not None:
                self._send(Lost(Part.PROCESSOR, TOO_SLOW) if slow else Found(Part.PROCESSOR))
            if not microphone.active:
                raise Gone("it was unplugged, or the sound system has ended")
            share = arrival.check(microphone.arrived, microphone.arrived_at, time.monotonic())
            if share is not None:
                microphone.check_source()
                if share >= LEAST_SHARE:
                    self._send(Alive(round(share, 2)))

    def _hear(self, ear: Ear, block: bytes, watch: Watch, microphone: Microphone) -> None:
        loud = level(block)
        reader = self._reader
        played = meanwhile_played(reader) if reader else b""
        if reader and played and not reader.steady:
            ear.unsettle()
        # Without knowing what sounds it would take its own words for a person's.
        deaf = reader is None and ear.context is Context.SPEAKING
        utterances = [] if deaf else ear.hear(block, played, reader.rate_hz if reader else 0)
        if any(utterance.verdict.accepted for utterance in utterances):
            microphone.check_source()  # a film's "pause" is nobody's
        if watch.block(loud) or any(map(watch.said, utterances)):
            told = watch.told
            self._send(Found(Part.SOUND) if told is None else Lost(Part.SOUND, told))
        if self._begin.meter:
            self._send(loud)
        self._tell(utterances)
        if ear.talking and not deaf:
            self._send(Talking())
        if ear.perhaps and not deaf:
            self._send(Perhaps())

    def _tell(self, utterances: list[Utterance]) -> None:
        for utterance in utterances:
            if self._begin.meter:
                self._send(details(utterance))
            self._send(report(utterance))

    def _wait(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Carry out what is ordered, for so long or until something is so."""
        limit = time.monotonic() + seconds
        listening = self._listening
        while (left := limit - time.monotonic()) > 0 and not until():
            with suppress(queue.Empty):
                self._obey(self._orders.get(timeout=min(left, 0.1)))
            if self._listening is not listening:
                return

    def _follow(self) -> None:
        """Carry out the orders that wait."""
        with suppress(queue.Empty):
            while True:
                self._obey(self._orders.get_nowait())

    def _obey(self, order: Listen | SetEar | Chime | Saying | Teach | None) -> None:
        match order:
            case None:
                raise _ParentGone
            case Listen(context):
                self._context = context
                if self._ear is not None:
                    self._tell(self._ear.listen(context))
            case SetEar(listening):
                self._listening = listening
            case Chime(sound) if self._ear is not None:
                self._ear.chimed(sound)
            case Saying(words) if self._ear is not None:
                self._ear.saying |= words
            case Teach(taught):
                self._taught = taught
                if self._ear is not None:
                    self._ear.teach(self._loading.result().taught(taught))


class Pace:
    """Whether the processor keeps up with the sound."""

    def __init__(self, dropped: int) -> None:
        self._dropped = dropped
        self._slow = False
        self._slow_at = 0.0

    def check(self, dropped: int, now: float) -> bool | None:
        """True when it has become too slow, False when it keeps up again, None for no change.
        `dropped`: blocks that nobody took in time, since the beginning; `now` monotonic seconds."""
        if dropped > self._dropped:
            self._dropped, self._slow_at = dropped, now
            was, self._slow = self._slow, True
            return None if was else True
        if self._slow and now - self._slow_at > KEEPS_UP_S:
            self._slow = False
            return False
        return None


def report(utterance: Utterance) -> Heard | Refused:
    """What the parent is told about an utterance."""
    verdict = utterance.verdict
    if verdict.accepted:
        confidence = round(utterance.confidence, 3)
        return Heard(utterance.text, utterance.context, confidence, verdict.reason)
    long_enough = utterance.end_s - utterance.start_s >= SPEECH_S
    others = verdict.reason != OWN_SOUND
    unclear = utterance.context is Context.AWAKE and long_enough and others
    return Refused(utterance.context, verdict.reason, unclear)


def details(utterance: Utterance) -> Said:
    verdict = utterance.verdict
    return Said(
        utterance.text,
        round(utterance.confidence, 2),
        verdict.accepted,
        verdict.command,
        verdict.reason,
        utterance.ended,
    )


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


def read_orders(orders: "queue.Queue[Any]") -> None:
    """Standard input, line by line; its end is the end, also in the middle of a line: a parent
    that was killed while it wrote must leave no child behind."""
    protocol = Protocol(*TO_CHILD)
    with suppress(ValueError):
        for line in sys.stdin:
            orders.put(protocol.decode(line))
    orders.put(None)


def hush_libraries() -> None:
    """ALSA and PortAudio write to standard error; that is the parent's screen."""
    python_errors = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stderr = os.fdopen(python_errors, "w", buffering=1)


def main() -> int:
    whole = threading.Lock()

    def send(message: Any) -> None:
        with whole:
            print(encode(message), flush=True)

    hush_libraries()
    orders: queue.Queue[Any] = queue.Queue()
    threading.Thread(target=read_orders, args=(orders,), daemon=True).start()
    # Both take a while and will be wanted; our parent is still reading what we are to be told.
    threading.Thread(target=load_vosk, daemon=True).start()
    with suppress(NoLibrary):  # told when a microphone is looked for
        portaudio()
    begin = orders.get()
    while begin is not None and not isinstance(begin, Begin):  # sent before it: in it
        begin = orders.get()
    if begin is None:
        return 0
    try:
        Listener(begin, orders, send).run()
    except _Hangs:
        return 1
    except AssistantError as error:
        send(Lost(Part.MODEL, str(error)))
        return 1
    except BrokenPipeError:
        return 1
    return 0


if __name__ == "__main__":
    # Not sys.exit: a stuck sound driver must not hold up the end of this process.
    code = main()
    os._exit(code)
