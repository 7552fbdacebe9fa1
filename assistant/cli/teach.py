"""`assistant teach`: it learns how you say the short commands, and keeps no sound.

Decides what is asked for, how often, and what is told of it. How a word is learnt, and what of it
is kept, stands in the hearing room.
"""

import queue
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.cli import common
from assistant.errors import AssistantError, ExitCode

if TYPE_CHECKING:
    from assistant.coach.effects import Context
    from assistant.config.keys import Hearing
    from assistant.hearing.decoder import Decoder
    from assistant.hearing.taught import Taught
    from assistant.hearing.teaching import Outcome, Sound

WAIT_S = 8.0
"""So long it waits for a word before it asks again."""
TRIES = 3
NAME = "me"


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant teach --name anna")
    parser.add_argument(
        "--name",
        metavar="NAME",
        help=f"whose voice it is ({NAME}; where `assistant people` names some, whose desk it is)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="who taught it, and what it learnt")
    what.add_argument(
        "--forget", metavar="NAME", help="forget what this person taught; it hears as before then"
    )
    what.add_argument(
        "--recordings",
        metavar="FOLDER",
        help="learn from files named after what is said in them, such as stop-1.wav",
    )
    parser.add_argument("--microphone", metavar="NAME", help="another one than the configured")
    common.add_config(parser)


def run(asked: Namespace) -> int:
    from assistant.hearing import taught
    from assistant.machine import places

    state = places.state_folder()
    if asked.list:
        return show(state)
    if asked.forget is not None:
        return forget(taught.path_of(state, asked.forget), asked.forget)
    return learn(asked, taught.path_of(state, _name(asked)))


def _name(asked: Namespace) -> str:
    """Whose file it is; where people are told apart it must be one of them. Raises
    AssistantError."""
    from assistant.config import household

    settings = common.settings_of(asked)
    if owner := household.owner(settings):
        return owner if asked.name is None else household.find(settings, asked.name).id
    return NAME if asked.name is None else str(asked.name)


# --- what was taught ----------------------------------------------------------


def show(state: Path) -> int:
    """A line for each person, and one for each phrase."""
    from assistant.hearing import taught

    code, files = ExitCode.GOOD, taught.files(state)
    for path in files:
        try:
            voice = taught.load(path)
        except AssistantError as error:
            print(f"assistant: {error}", file=sys.stderr)
            code = ExitCode.FILE_ACCESS
            continue
        print(f"{path.stem}: {len(voice.phrases)} of {voice.asked} phrases, {voice.model}")
        for one in voice.phrases:
            print(f"  {one.phrase}: {_learnt(one)}")
    if not files:
        print("Nobody has taught it anything. `assistant teach` asks for ten short words.")
    return code


def forget(path: Path, name: str) -> int:
    """Take one person's file away. Raises AssistantError where there is none."""
    try:
        path.unlink()
    except FileNotFoundError:
        raise AssistantError(
            f"{name} has taught nothing; `assistant teach --list` tells who has",
            code=ExitCode.COMMAND_LINE,
        ) from None
    print(f"Forgotten: it hears {name} as before, and so does an assistant that runs.")
    return ExitCode.GOOD


def _learnt(one: "Taught") -> str:
    parts = []
    if one.heard_as:
        parts.append("also written " + ", ".join(f'"{text}"' for text in one.heard_as))
    if one.often:
        parts.append("expected more often")
    if one.least_confidence < 1.0:
        parts.append(f"taken with a confidence of {one.least_confidence:.2f}")
    return "; ".join(parts)


# --- learning -----------------------------------------------------------------


class Source(Protocol):
    """Where repetitions come from."""

    def said(self, phrase: str) -> "Iterator[Sound]":
        """Every repetition of this phrase. Raises AssistantError."""


def learn(asked: Namespace, path: Path) -> int:
    """Ask for every phrase, learn, and write down what helps."""
    from assistant.coach.effects import Context
    from assistant.hearing import taught
    from assistant.hearing.decoder import Decoder
    from assistant.hearing.models import find
    from assistant.hearing.teaching import ASKED, Teaching, to_keep
    from assistant.hearing.understand import Understanding
    from assistant.machine import places

    settings, known = common.settings_of(asked), common.library()
    understanding = Understanding(
        places.sentence_templates(),
        settings.wake.phrases,
        {routine.id: routine.spoken_names for routine in known.routines.values()},
        places.own_sentence_templates(),
    )
    model = find(settings.hearing.model)
    decoder = Decoder(model, understanding.sayable.by_context())
    wanted = _wanted(decoder, {settings.wake.phrases[0]: Context.IDLE, **ASKED})
    teaching = Teaching(decoder, wanted, [negatives()])
    with _source(asked, settings.hearing) as source:
        for phrase in wanted:
            for sound in source.said(phrase):
                teaching.add(phrase, sound)
    print("Thank you. Now it tries what helps; that takes a minute or two.", flush=True)
    outcomes = teaching.learn()
    if not outcomes:
        raise AssistantError(
            "No word was heard, so nothing was learnt and nothing was changed.",
            code=ExitCode.UNEXPECTED,
        )
    learnt = to_keep(outcomes)
    if learnt:
        taught.save(path, taught.Voice(taught.fingerprint(model), learnt, len(outcomes)))
    else:
        path.unlink(missing_ok=True)
    tell(outcomes, path)
    return ExitCode.GOOD


def _wanted(decoder: "Decoder", phrases: "Mapping[str, Context]") -> "dict[str, Context]":
    """Those that can be said here at all: own sentences may have taken one away, and a model may
    lack a word."""
    return {p: context for p, context in phrases.items() if p in decoder.commands[context]}


def tell(outcomes: "Sequence[Outcome]", path: Path) -> None:
    """What was learnt, a line for each phrase."""
    for one in outcomes:
        heard = f"{one.before} of {one.number}"
        if one.taught:
            print(f'"{one.phrase}": {heard} surely heard, now {one.after}: {_learnt(one.taught)}')
        elif one.before == one.number:
            print(f'"{one.phrase}": all {one.number} surely heard, nothing to learn')
        else:
            print(f'"{one.phrase}": {heard} surely heard; nothing that was tried helps safely')
    learnt = sum(bool(one.taught) for one in outcomes)
    if not learnt:
        print("Nothing was changed. Where a word is missed, the button does the same.")
        return
    print(f"Learnt {learnt} of {len(outcomes)}, kept without any sound in {path}.")
    print("An assistant that runs knows it from now on.")
    print(f"`assistant teach --forget {path.stem}` takes it back.")


def negatives() -> "Sound":
    """What comes along to try false commands with: words that sound like commands, and noises."""
    from assistant.machine import places

    return read(places.folder("models") / "negatives.ogg")


def read(path: Path) -> "Sound":
    """A whole file. Raises AssistantError."""
    from assistant.hearing.level_gate import BLOCK_S
    from assistant.hearing.teaching import Sound
    from assistant.sound.files import sound_file

    with sound_file(path) as sound:
        size = 2 * round(sound.rate_hz * BLOCK_S)
        blocks = tuple(block.ljust(size, b"\0") for block in sound.blocks(BLOCK_S))
        return Sound(blocks, sound.rate_hz)


@contextmanager
def _source(asked: Namespace, hearing: "Hearing") -> Iterator[Source]:
    if asked.recordings:
        yield Recordings(Path(asked.recordings))
        return
    from assistant.hearing.listener import hush_libraries
    from assistant.hearing.microphone import Gone, Microphone

    names = (hearing.microphone, *hearing.other_microphones)
    hush_libraries()
    try:
        named = names if asked.microphone is None else asked.microphone
        microphone = Microphone(named, hearing.channel, hearing.gain_db)
    except Gone as reason:
        raise AssistantError(
            f"No word can be heard: {reason}. `assistant doctor` lists the microphones there are; "
            "a running assistant lets its own go when you press three times (once opens it again).",
            code=ExitCode.UNEXPECTED,
        ) from None
    try:
        yield Live(microphone.blocks, microphone.rate_hz, microphone.name)
    finally:
        microphone.close()


class Live:
    """Asks, and cuts the words out of what the microphone hears."""

    def __init__(self, blocks: "queue.SimpleQueue[bytes]", rate_hz: int, name: str) -> None:
        from assistant.hearing.repetition import Cutter

        self._blocks, self._rate_hz, self._cutter = blocks, rate_hz, Cutter()
        print(f'Microphone "{name}". No sound is kept. Say each word three times, as you say it')
        print("in the middle of an exercise, with a short pause after it. Ctrl-C ends it.")

    def said(self, phrase: str) -> "Iterator[Sound]":
        """Ask REPETITIONS times; a word that doesn't come is left out."""
        from assistant.hearing.teaching import REPETITIONS

        missed = 0
        print(f'\nSay "{phrase}".', flush=True)
        for number in range(1, REPETITIONS + 1):
            while (sound := self._next()) is None:
                missed += 1
                if missed == TRIES:
                    print("I heard no word. On with the next.", flush=True)
                    return
                print(f'I heard no word. Say "{phrase}" once more, a little louder.', flush=True)
            yield sound
            more = "Thank you." if number == REPETITIONS else "And again."
            print(f"  {number} of {REPETITIONS}. {more}", flush=True)

    def _next(self) -> "Sound | None":
        from assistant.hearing.microphone import SILENT_S
        from assistant.hearing.teaching import Sound

        limit = time.monotonic() + WAIT_S
        while time.monotonic() < limit:
            try:
                block = self._blocks.get(timeout=SILENT_S)
            except queue.Empty:
                raise AssistantError(
                    "No sound comes from the microphone any more, so nothing was learnt and "
                    "nothing was changed. Plug it in again, and begin anew.",
                    code=ExitCode.UNEXPECTED,
                ) from None
            if (said := self._cutter.take(block)) is not None:
                return Sound(said, self._rate_hz)
        self._cutter.forget()
        return None


class Recordings:
    """Files of a folder, named after what is said: stop-1.wav, hey-coach-2.flac."""

    def __init__(self, folder: Path) -> None:
        self._paths = sorted(path for path in folder.glob("*-*.*") if path.is_file())
        if not self._paths:
            raise AssistantError(
                f"{folder}: no recordings; expected files such as stop-1.wav and stop-2.wav",
                code=ExitCode.FILE_ACCESS,
            )

    def said(self, phrase: str) -> "Iterator[Sound]":
        for path in self._paths:
            if path.stem.rpartition("-")[0] == phrase.replace(" ", "-"):
                yield read(path)
