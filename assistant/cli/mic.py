"""`assistant mic`: how loud the microphone is, what it hears, and what to change about it.

Decides what is shown of it, live and in the guided check. The sound goes the same way as when
the assistant runs: the same child process, microphone, recogniser and acceptance.
"""

import queue
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from shutil import get_terminal_size
from typing import Any, TextIO

from assistant.cli import common
from assistant.coach.effects import Context
from assistant.coach.events import Found, Lost, Part
from assistant.errors import AssistantError, ExitCode
from assistant.hearing.ear_protocol import Opened, Said
from assistant.hearing.microphone_level import TOLD, floor_db, judge, loud_db
from assistant.machine import places
from assistant.machine.child import Worker
from assistant.sound.pcm import SILENCE_DB, Level

SENTENCE = "start lower back"
QUIET_S = 3.0
SPEAK_S = 8.0
OPEN_S = 15.0
TRIES = 3
WIDTH = 40
"""Of the bar; less on a terminal that is narrower, where each row would become two."""
LOWEST_DB = -70.0


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant mic --check")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--check", action="store_true", help="say one sentence; what to change")
    way.add_argument("--seconds", type=float, metavar="N", help="end by itself after so long")
    parser.add_argument("--microphone", metavar="NAME", help="another one than the configured")
    common.add_config(parser)


def run(asked: Namespace) -> int:
    if asked.seconds is not None and not asked.seconds > 0:
        raise AssistantError(
            f"--seconds {asked.seconds:g}: expected more than 0, such as 10",
            code=ExitCode.COMMAND_LINE,
        )
    with hearing(asked) as messages:
        if not asked.check:
            return show(messages, asked.seconds)
        return check(messages, common.settings_of(asked).wake.phrases[0])


@contextmanager
def hearing(asked: Namespace) -> Iterator["queue.Queue[Any]"]:
    """What the listening child says, as the running assistant would get it, and the levels."""
    from assistant.config import household
    from assistant.hearing import models
    from assistant.hearing.door import LISTENER, STEADY_S, settings
    from assistant.hearing.ear_protocol import FROM_CHILD
    from assistant.hearing.understand import Understanding

    configured, known = common.settings_of(asked), common.library()
    understanding = Understanding(
        places.sentence_templates(),
        configured.wake.phrases,
        {routine.id: routine.spoken_names for routine in known.routines.values()},
        places.own_sentence_templates(),
        household.spoken(configured),
    )
    ears = configured.hearing
    names = (ears.microphone, *ears.other_microphones)
    model = models.find(ears.model)
    first = settings(
        understanding,
        model=model,
        microphone=names if asked.microphone is None else asked.microphone,
        channel=ears.channel,
        gain_db=ears.gain_db,
        taught=common.taught(model, configured),
        meter=True,
    )
    context = Context.IDLE if getattr(asked, "check", True) else Context.AWAKE
    messages: queue.Queue[Any] = queue.Queue()

    def begin() -> None:
        worker.send(replace(first, context=context))

    worker = Worker(
        LISTENER,
        FROM_CHILD,
        messages.put,
        lambda reason: messages.put(Lost(Part.MICROPHONE, reason)),
        on_start=begin,
        steady_s=STEADY_S,
    )
    worker.start()
    try:
        yield messages
    finally:
        worker.close()


def _until(messages: "queue.Queue[Any]", limit: float) -> Iterator[Any]:
    """Messages as they come, until this monotonic time."""
    while (left := limit - time.monotonic()) > 0:
        try:
            yield messages.get(timeout=left)
        except queue.Empty:
            return


# --- live -------------------------------------------------------------------


def show(messages: "queue.Queue[Any]", seconds: float | None) -> int:
    """A meter that moves on a terminal; a line for each event anywhere."""
    limit = float("inf") if seconds is None else time.monotonic() + seconds
    meter, lost = Meter(sys.stdout), ""
    while time.monotonic() < limit:
        for message in _until(messages, min(limit, time.monotonic() + 1.0)):
            match message:
                case Level():
                    meter.level(message)
                case Lost(Part.MICROPHONE, reason) if reason != lost:
                    lost = reason
                    meter.line(f"Lost: {reason.rstrip('.')}. It is looked for again.")
                case Lost(Part.MODEL, reason):
                    meter.line(reason)
                    return ExitCode.MISSING_MODEL
                case Opened(name, rate_hz):
                    lost = ""
                    meter.line(f'Microphone "{name}", {rate_hz} Hz. Say any command.')
                case Lost(Part.SOUND | Part.PROCESSOR, reason):
                    meter.line(f"{reason[0].upper()}{reason[1:]}.")
                case Found(Part.SOUND):
                    meter.line("The microphone sounds right again.")
                case Said():
                    meter.line(heard_text(message))
    meter.close()
    return ExitCode.GOOD


class Meter:
    """One line at the bottom that is written over and over; without a terminal none at all."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._moving = stream.isatty()
        self._peak_db = SILENCE_DB

    def level(self, heard: Level) -> None:
        self._peak_db = max(self._peak_db - 1.0, heard.peak_db)  # falls 20 dB a second
        if self._moving:
            cut = "  too loud" if heard.clipped else ""
            told = f" {heard.rms_db:4.0f} dB{cut}"
            width = max(0, min(WIDTH, get_terminal_size().columns - len(told) - 1))
            self._write(f"\r{bar(heard.rms_db, self._peak_db, width)}{told}\x1b[K")

    def line(self, text: str) -> None:
        clean = "".join(char if char.isprintable() else " " for char in text)
        self._write(f"\r\x1b[K{clean}\n" if self._moving else f"{clean}\n")

    def close(self) -> None:
        if self._moving:
            self._write("\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def bar(rms_db: float, peak_db: float, width: int) -> str:
    """Level and peak as a bar of so many signs."""

    def place(db: float) -> int:
        return max(0, min(width, round(width * (1 - db / LOWEST_DB))))

    signs = list("#" * place(rms_db) + "." * (width - place(rms_db)))
    if place(peak_db):
        signs[place(peak_db) - 1] = "|"
    return "".join(signs)


def heard_text(said: Said) -> str:
    what = f"-> {said.command}" if said.accepted else f"-- {said.reason}"
    return f"{said.text or '(no words)'}  ({said.confidence:.2f})  {what}"


# --- the guided check -------------------------------------------------------


def check(messages: "queue.Queue[Any]", wake_phrase: str) -> int:
    """Ask for a command after the wake phrase and say what to change; 0 when all is well."""
    sentence = f"{wake_phrase} {SENTENCE}"
    if not _opened(messages):
        return ExitCode.UNEXPECTED
    print(f"Please be quiet for {QUIET_S:.0f} seconds.", flush=True)
    quiet, _ = _listen(messages, QUIET_S, until_said=False)
    for attempt in range(TRIES):
        print(f'Now say: "{wake_phrase}, {SENTENCE}".', flush=True)
        spoken, said = _listen(messages, SPEAK_S, until_said=True)
        if not spoken and not quiet:
            print("No sound comes from it. Unplug it and plug it in again.")
            return ExitCode.UNEXPECTED
        print(
            f"The room has {floor_db(quiet):.0f} dB, your voice {loud_db(spoken):.0f} dB"
            f" (under full scale; more is louder)."
        )
        if (fault := judge(quiet, spoken)) is not None:
            print(f"{str(fault).capitalize()}: {TOLD[fault]}.")
            return ExitCode.UNEXPECTED
        if said is not None and said.accepted and said.text == sentence:
            print(f'Good. I heard "{sentence}".')
            return ExitCode.GOOD
        heard = "" if said is None else said.text.replace("[unk]", "").strip()
        print(f'I heard "{heard}".' if heard else "I heard your voice, but not these words.")
        if attempt + 1 < TRIES:
            print("Come a little closer and speak evenly.")
    print("The sound is good, but I did not understand you. Try a larger model: assistant models.")
    return ExitCode.UNEXPECTED


def _opened(messages: "queue.Queue[Any]") -> bool:
    for message in _until(messages, time.monotonic() + OPEN_S):
        match message:
            case Opened(name, rate_hz):
                print(f'Microphone "{name}", {rate_hz} Hz.')
                return True
            case Lost(_, reason):
                print(f"{reason[0].upper()}{reason[1:].rstrip('.')}.")
                print("`assistant doctor` lists the microphones there are.")
                return False
    print("It did not open. Unplug it and plug it in again.")
    return False


def _listen(
    messages: "queue.Queue[Any]", seconds: float, *, until_said: bool
) -> tuple[list[Level], Said | None]:
    """The levels of this time, and the last thing said in it."""
    levels, last = [], None
    for message in _until(messages, time.monotonic() + seconds):
        match message:
            case Level():
                levels.append(message)
            case Said():
                last = message
                if until_said and message.accepted:
                    break
    return levels, last
