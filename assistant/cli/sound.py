"""The commands of `assistant` that deal with sound: into a file, out of files, and speech models.

Decides what is printed of them. Rendering, listening and fetching are the rooms' own.
"""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant import config as configuration
from assistant.cli.commands import columns, library, settings_of
from assistant.errors import AssistantError, ExitCode
from assistant.machine import places


def say(asked: Namespace) -> int:
    from assistant.speaking import render_file

    voice = settings_of(asked).voice
    render_file(
        asked.text,
        Path(asked.to),
        voice=voice.voice,
        rate_wpm=voice.rate_wpm,
        volume=voice.volume,
    )
    return ExitCode.GOOD


def hear(asked: Namespace) -> int:
    from assistant.coach.effects import Context
    from assistant.hearing import files, models

    settings = settings_of(asked)
    known = library()
    code = ExitCode.GOOD

    def failed(error: AssistantError) -> None:
        nonlocal code
        print(f"assistant: {error}", file=sys.stderr, flush=True)
        code = ExitCode.FILE_ACCESS

    rows = files.hear(
        asked.files,
        model=models.find(settings.hearing.model),
        wake_phrases=_wake_phrases(asked.wake) if asked.wake else settings.wake.phrases,
        routines={routine.id: routine.spoken_names for routine in known.routines.values()},
        templates=places.folder("routines") / "commands.yaml",
        context=Context(asked.state),
        failed=failed,
    )
    for row in rows:
        print(json.dumps(row) if asked.json else _heard_text(row), flush=True)
    return code


def _wake_phrases(given: Sequence[str]) -> list[str]:
    for phrase in given:
        if not configuration.WAKE_PHRASE.fullmatch(phrase):
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


def models(asked: Namespace) -> int:
    from assistant.hearing import models as there

    match asked.action:
        case "fetch":
            with _progress() as progress:
                path = there.fetch(asked.name, progress)
            print(path)
            if asked.name != there.SHIPPED.name:
                print("A running assistant uses it once it is started again.", file=sys.stderr)
        case "path":
            print(there.find(settings_of(asked).hearing.model))
        case "words":
            _tell_words(there.find(settings_of(asked).hearing.model), asked.words)
        case _:
            _list_models(settings_of(asked).hearing.model)
    return ExitCode.GOOD


def _list_models(configured: str) -> None:
    from assistant.hearing import models as there

    used = there.find(configured)
    rows = []
    for model in there.CATALOGUE:
        path = there.installed(model)
        state = "in use" if path == used else "here" if path else "not fetched"
        rows.append((model.name, state, model.licence, model.about))
    if configured:
        rows.append((str(used), "in use", "", "named in your configuration"))
    print(columns([("MODEL", "STATE", "LICENCE", "ABOUT"), *rows]))


def _tell_words(model: Path, given: Sequence[str]) -> None:
    """Which words a new routine's name may have. Asked of the model itself: some keep no list."""
    from assistant.coach.effects import Context
    from assistant.coach.events import Command
    from assistant.hearing.ear import Ear

    words = list(dict.fromkeys(" ".join(given).lower().split()))
    unknown = Ear(model, {Context.IDLE: dict.fromkeys(words, Command.WAKE)}, 16000).unknown_words
    if known := [word for word in words if word not in unknown]:
        print(f"Known: {', '.join(known)}.")
    if unknown:
        print(f"Not known: {', '.join(unknown)}. Choose another word for it.")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """How far a download is: one line that moves on a terminal, else a line for each tenth."""
    moving = sys.stderr.isatty()
    shown = -1

    def progress(done: int, total: int) -> None:
        nonlocal shown
        percent = 100 * done // total if moving else 100 * done // total // 10 * 10
        if percent > shown:
            shown = percent
            line = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB, {percent} %"
            print(line, end="\r" if moving else "\n", file=sys.stderr, flush=True)

    try:
        yield progress
    finally:
        if moving and shown >= 0:
            print(file=sys.stderr)
