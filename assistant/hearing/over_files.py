"""The live listening path over files instead of a microphone.

Same blocks, gate, recogniser and acceptance as the child process; time is the sound of the file.
Decides nothing about what was said: one dictionary for each utterance, and a summary for each file.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from assistant.coach.effects import Context
from assistant.coach.events import Asked, Command
from assistant.errors import AssistantError, ExitCode
from assistant.hearing.decoder import Decoder
from assistant.hearing.ear import Ear, Utterance
from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.taught import Taught
from assistant.hearing.understand import Understanding
from assistant.sound.files import SoundFile, sound_file
from assistant.sound.pcm import Offset

SAMPLE_BYTES = 2
AWAKE_S = 8.0
"""As long as the coach waits for a command after the wake phrase alone."""


def hear(
    paths: Iterable[str | Path],
    *,
    model: Path,
    wake_phrases: Sequence[str],
    routines: Mapping[str, Sequence[str]],
    people: Mapping[str, Sequence[str]] | None = None,
    templates: Path,
    context: Context,
    own_sentences: Path | None = None,
    taught: Sequence[Taught] = (),
    failed: Callable[[AssistantError], None] | None = None,
) -> Iterator[dict[str, Any]]:
    """What the assistant would hear in these files in this situation.

    One dictionary an utterance, whether it was accepted or not (`reason` says why), with times in
    seconds of the file; after each file one with `summary` ("talking" counts how often, once a
    second at most, people were found to talk). A file may be of any length: a little of it is in
    memory at a time. `taught`: how somebody says some of it. `failed` is told of one that holds
    no sound, and the others are heard all the same; without it that raises AssistantError, as
    does a model or a wake phrase that is no good.
    """
    understanding = Understanding(templates, wake_phrases, routines, own_sentences, people)
    decoder = Decoder(model, understanding.sayable.by_context(), taught)
    if not understanding.can_wake(decoder.unknown_words):
        reasons = understanding.explain_unknown(decoder.unknown_words)
        raise AssistantError("\n".join(reasons), code=ExitCode.CONFIGURATION)
    for path in paths:
        began = time.process_time()
        heard = talking = size = 0
        with ExitStack() as opened:
            try:
                sound = opened.enter_context(sound_file(Path(path)))
            except AssistantError as error:
                if failed is None:
                    raise
                failed(error)
                continue
            ear = Ear(decoder, sound.rate_hz)
            for block, utterances in _over(sound, ear, context):
                size += len(block)
                talking += bool(block) and ear.talking
                heard += len(utterances)
                yield from (_row(str(path), model, found, understanding) for found in utterances)
        yield {
            "file": str(path),
            "summary": True,
            "utterances": heard,
            "talking": talking,
            "audio_s": round(size / SAMPLE_BYTES / sound.rate_hz, 3),
            "cpu_s": round(time.process_time() - began, 3),
            "unknown_words": decoder.unknown_words,
        }


def _over(sound: SoundFile, ear: Ear, context: Context) -> Iterator[tuple[bytes, list[Utterance]]]:
    """Each block and what was decided with it; at last an empty block for the end.

    Like the coach, an idle assistant listens for any command after the wake phrase alone.
    """
    ear.listen(context)
    awake_s = 0.0
    offset = Offset(BLOCK_S)
    for block in sound.blocks(BLOCK_S):
        utterances = ear.hear(offset.without(block))
        awake_s -= len(block) / SAMPLE_BYTES / sound.rate_hz
        for found in utterances:
            if found.verdict.accepted and context is Context.IDLE:
                awake_s = AWAKE_S if found.verdict.command is Command.WAKE else 0.0
        now = Context.AWAKE if awake_s > 0 else context
        yield block, utterances + ear.listen(now)
    yield b"", ear.finish()


def _row(
    file: str, model: Path, utterance: Utterance, understanding: Understanding
) -> dict[str, Any]:
    verdict = utterance.verdict
    slots: dict[str, Any] = {}
    asked = understanding.match(utterance.text, utterance.context)
    if isinstance(asked, Asked):
        found = {
            "routine": asked.routine,
            "person": asked.person or None,
            "seconds": asked.seconds,
            "until_s": asked.until_s,
        }
        slots = {name: value for name, value in found.items() if value is not None}
    return {
        "file": file,
        "start_s": round(utterance.start_s, 2),
        "end_s": round(utterance.end_s, 2),
        "decided_s": round(utterance.decided_s, 2),
        "text": utterance.text,
        "confidence": round(utterance.confidence, 3),
        "accepted": verdict.accepted,
        "command": None if verdict.command is None else str(verdict.command),
        "slots": slots,
        "reason": verdict.reason,
        "ended": str(utterance.ended),
        "state": str(utterance.context),
        "model": model.name,
    }
