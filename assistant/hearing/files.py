"""The live listening path over files instead of a microphone.

Same blocks, gate, recogniser and acceptance as the child process; time is the sound of the file.
Decides nothing about what was said: one dictionary for each utterance, and a summary for each file.
"""

import struct
import sys
import time
import wave
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.coach.effects import Context
from assistant.coach.events import Asked
from assistant.errors import AssistantError, ExitCode
from assistant.hearing.ear import Ear, Utterance
from assistant.hearing.gate import BLOCK_S
from assistant.hearing.understand import Understanding

RATES_HZ = range(8_000, 48_001)
CHANNELS = (1, 2)
SAMPLE_BYTES = 2


def hear(
    paths: Iterable[str | Path],
    *,
    model: Path,
    wake_phrases: Sequence[str],
    routines: Mapping[str, Sequence[str]],
    templates: Path,
    context: Context,
) -> Iterator[dict[str, Any]]:
    """What the assistant would hear in these WAV files in this situation.

    One dictionary an utterance, whether it was accepted or not (`reason` says why), with times in
    seconds of the file; after each file one with `summary` ("talking" counts how often, once a
    second at most, people were found to talk). Raises AssistantError for a file
    that is no 16 bit WAV of 8 to 48 kHz, mono or stereo.
    """
    understanding = Understanding(templates, wake_phrases, routines)
    commands = {known: understanding.commands(known) for known in Context}
    for path in paths:
        began = time.process_time()
        rate_hz, samples = read(Path(path))
        ear = Ear(model, commands, rate_hz)
        ear.listen(context)
        heard = talking = 0
        size = round(rate_hz * BLOCK_S) * SAMPLE_BYTES
        for start in range(0, len(samples), size):
            utterances = ear.hear(samples[start : start + size])
            talking += ear.talking
            heard += len(utterances)
            yield from (_row(str(path), model, found, understanding) for found in utterances)
        for found in ear.finish():
            heard += 1
            yield _row(str(path), model, found, understanding)
        yield {
            "file": str(path),
            "summary": True,
            "utterances": heard,
            "talking": talking,
            "audio_s": round(len(samples) / SAMPLE_BYTES / rate_hz, 3),
            "cpu_s": round(time.process_time() - began, 3),
            "unknown_words": ear.unknown_words,
        }


def read(path: Path) -> tuple[int, bytes]:
    """Rate and mono samples (int16) of a WAV file. Raises AssistantError."""
    try:
        with wave.open(str(path), "rb") as file:
            rate_hz, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            if width != SAMPLE_BYTES or channels not in CHANNELS or rate_hz not in RATES_HZ:
                raise _unusable(
                    path,
                    f"found {8 * width} bit, {channels} channel(s), {rate_hz} Hz",
                )
            samples = file.readframes(file.getnframes())
    except OSError as error:
        raise AssistantError(
            f"{path}: it can't be read ({error.strerror}).", code=ExitCode.FILE_ACCESS
        ) from None
    except (wave.Error, EOFError, struct.error, ValueError) as error:
        raise _unusable(path, f"it is no WAV file ({str(error) or 'it ends too early'})") from None
    samples = samples[: len(samples) - len(samples) % (SAMPLE_BYTES * channels)]
    return rate_hz, samples if channels == 1 else _mono(samples)


def _mono(samples: bytes) -> bytes:
    both = array("h", samples)
    if sys.byteorder == "big":  # WAV is little-endian
        both.byteswap()
    return array("h", [(a + b) >> 1 for a, b in zip(both[::2], both[1::2], strict=True)]).tobytes()


def _row(
    file: str, model: Path, utterance: Utterance, understanding: Understanding
) -> dict[str, Any]:
    verdict = utterance.verdict
    slots: dict[str, Any] = {}
    asked = understanding.match(utterance.text, utterance.context)
    if isinstance(asked, Asked):
        found = {
            "routine": asked.routine,
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
        "state": str(utterance.context),
        "model": model.name,
    }


def _unusable(path: Path, found: str) -> AssistantError:
    return AssistantError(
        f"{path}: {found}; expected a WAV file of 16 bit, mono or stereo, 8 to 48 kHz.",
        code=ExitCode.FILE_ACCESS,
    )
