"""`assistant hear`: what would be understood, live, in recordings.

Decides how an utterance is printed. What is heard in it, the hearing room decides.
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any

from assistant.cli import common
from assistant.errors import AssistantError, ExitCode


def add(parser: ArgumentParser) -> None:
    from assistant.coach.effects import Context

    common.example(parser, "assistant hear morning.wav --state session")
    parser.add_argument("files", metavar="FILE", nargs="+", help="WAV, FLAC or OGG files")
    common.add_json(parser, "for programs: one JSON object a line")
    parser.add_argument(
        "--state",
        choices=[context.value for context in Context],
        default=Context.IDLE.value,
        help="what it is doing meanwhile (idle)",
    )
    parser.add_argument(
        "--wake",
        metavar="PHRASE",
        action="append",
        help="a wake phrase instead of the configured ones; may be given several times",
    )
    common.add_config(parser)


def run(asked: Namespace) -> int:
    from assistant.coach.effects import Context
    from assistant.config import household
    from assistant.hearing import models, over_files
    from assistant.machine import places

    settings = common.settings_of(asked)
    known = common.library()
    code = ExitCode.GOOD

    def failed(error: AssistantError) -> None:
        nonlocal code
        print(f"assistant: {error}", file=sys.stderr, flush=True)
        code = ExitCode.FILE_ACCESS

    model = models.find(settings.hearing.model)
    rows = over_files.hear(
        asked.files,
        model=model,
        wake_phrases=_wake_phrases(asked.wake) if asked.wake else settings.wake.phrases,
        routines={routine.id: routine.spoken_names for routine in known.routines.values()},
        people=household.spoken(settings),
        templates=places.sentence_templates(),
        context=Context(asked.state),
        own_sentences=places.own_sentence_templates(),
        taught=common.taught(model, settings),
        failed=failed,
    )
    for row in rows:
        print(json.dumps(row) if asked.json else _heard_text(row), flush=True)
    return code


def _wake_phrases(given: Sequence[str]) -> list[str]:
    from assistant.config.checks import WAKE_PHRASE

    for phrase in given:
        if not WAKE_PHRASE.fullmatch(phrase):
            raise AssistantError(
                f'--wake "{phrase}": expected lower-case words with one space between them',
                code=ExitCode.COMMAND_LINE,
            )
    return list(given)


def _heard_text(row: dict[str, Any]) -> str:
    if row.get("summary"):
        unknown = row["unknown_words"]
        lacks = f"; words that the model doesn't know: {', '.join(unknown)}" if unknown else ""
        return f"{row['file']}: {row['utterances']} utterances in {row['audio_s']:.1f} s{lacks}"
    slots = "".join(f" {name}={value}" for name, value in row["slots"].items())
    verdict = f"-> {row['command']}{slots}" if row["accepted"] else f"-- {row['reason']}"
    return f"{row['start_s']:8.2f} s  {row['confidence']:4.2f}  {row['text']:32}  {verdict}"
