"""What the commands of `assistant` do, in plain text or JSON.

Decides what is printed and how it is laid out. What can be typed is decided in `cli`; what is
true is asked of the rooms, each imported by the command that needs it.
"""

import dataclasses
import json
import logging
import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import config as configuration
from assistant import resources
from assistant.config import Config
from assistant.errors import AssistantError, ExitCode

if TYPE_CHECKING:
    from assistant.content.plan import Row
    from assistant.content.read import Library
    from assistant.content.types import Plan, Routine


# --- leading ----------------------------------------------------------------


def run(asked: Namespace) -> int:
    from assistant.instance import only_instance

    settings = settings_of(asked)
    screen = not asked.plain and sys.stdout.isatty()
    folders = configuration.writable_folders()
    log_folders = folders if screen and sys.stderr.isatty() else []
    with _log(asked.debug, log_folders), only_instance(folders):
        from assistant import app

        return app.run(
            settings,
            routine=asked.routine,
            once=asked.once,
            record=Path(asked.record) if asked.record else None,
            plain=asked.plain,
        )


def replay(asked: Namespace) -> int:
    from assistant import app

    return app.replay(Path(asked.file))


@contextmanager
def _log(debug: bool, folders: Sequence[Path]) -> Iterator[None]:
    """Warnings go to standard error; with `folders` to a file there, since lines would tear the
    live screen apart."""
    from assistant.instance import open_own

    stream = sys.stderr
    if folders:
        descriptor, _ = open_own(folders, "log.txt")
        stream = os.fdopen(descriptor, "w", buffering=1, errors="replace")
        stream.truncate()
    handler = logging.StreamHandler(stream)
    if debug or folders:
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    else:
        handler.setFormatter(_OneLine())
    logging.basicConfig(handlers=[handler], level=logging.DEBUG if debug else logging.WARNING)
    try:
        yield
    finally:
        logging.shutdown()


class _OneLine(logging.Formatter):
    """For a person: what went wrong, without the program's own whereabouts."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        error = record.exc_info[1] if record.exc_info else None
        return f"assistant: {message}" + (f" ({type(error).__name__}: {error})" if error else "")


# --- looking ----------------------------------------------------------------


def rehearse(asked: Namespace) -> int:
    from assistant.content.plan import compile_plan, script

    plan = compile_plan(_routine(asked.routine))
    rows = script(plan)
    print(_plan_json(plan, rows) if asked.json else _plan_text(plan, rows))
    return ExitCode.GOOD


def routines(asked: Namespace) -> int:
    from assistant.content.plan import compile_plan

    known = library()
    listed: list[dict[str, Any]] = [
        {
            "id": routine.id,
            "name": routine.name,
            "spoken_names": list(routine.spoken_names),
            "exercises": [item.exercise.id for item in routine.items],
            "total_s": round(compile_plan(routine).total_s, 1),
            "file": routine.file,
        }
        for routine in sorted(known.routines.values(), key=lambda routine: routine.id)
    ]
    if asked.json:
        print(as_json(listed))
        return ExitCode.GOOD
    usual = settings_of(asked).session.routine
    rows = [("ROUTINE", "TIME", "EXERCISES", "SAY")]
    for one in listed:
        mark = " (the usual one)" if one["id"] == usual else ""
        say = f'"start {one["spoken_names"][0]}"{mark}'
        rows.append((one["id"], _clock(one["total_s"]), str(len(one["exercises"])), say))
    print(columns(rows))
    return ExitCode.GOOD


def pick(name: str, known: "Library") -> "Routine":
    """The routine of this name. Raises AssistantError (code 4): the nearest, and all there are."""
    from assistant.content.typed import nearest

    if name in known.routines:
        return known.routines[name]
    guess = nearest(name.lower().replace(" ", "-").replace("_", "-"), known.routines)
    hint = f'did you mean "{guess}"? ' if guess else ""
    there = ", ".join(sorted(known.routines))
    raise AssistantError(
        f'there is no routine "{name}"; {hint}there are: {there}',
        code=ExitCode.UNKNOWN_ROUTINE,
    )


def library(*more: Path) -> "Library":
    from assistant.content.read import load

    return load([*resources.routine_folders(configuration.config_folder()), *more])


def _routine(name: str) -> "Routine":
    if name.endswith(".toml") or os.sep in name:
        return _routine_of_file(Path(name))
    return pick(name, library())


def _routine_of_file(path: Path) -> "Routine":
    """A routine from anywhere; it may use all exercises, and those in `exercises` beside it."""
    from assistant.content.read import ContentError

    _check_routine_file(path)
    with tempfile.TemporaryDirectory(prefix="assistant-rehearse-") as folder:
        # A folder that holds this routine alone: the files beside it are none of our business.
        alone = Path(folder)
        (alone / path.name).symlink_to(path.absolute())
        (alone / "exercises").symlink_to(path.absolute().parent / "exercises")
        try:
            known = library(alone)
        except ContentError as error:
            inside, outside = str(alone), str(path.parent)
            raise ContentError(
                [
                    dataclasses.replace(problem, file=problem.file.replace(inside, outside))
                    for problem in error.problems
                ]
            ) from None
    return next(
        routine for routine in known.routines.values() if routine.file == str(alone / path.name)
    )


def _check_routine_file(path: Path) -> None:
    reason = ""
    try:
        path.open("rb").close()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
    if not reason and (path.suffix != ".toml" or path.name.startswith(".")):
        reason = "its name should end in .toml"
    if reason:
        raise AssistantError(
            f"{path} can't be read ({reason}); name a routine's file, "
            "or a routine that `assistant routines` lists",
            code=ExitCode.FILE_ACCESS,
        )


def _plan_json(plan: "Plan", rows: Sequence["Row"]) -> str:
    segments = []
    for row in rows:
        segment = dataclasses.asdict(row)
        segment["cues"] = [{"at_s": at_s, "text": text} for at_s, text in row.cues]
        segments.append(segment)
    return as_json(
        {
            "id": plan.id,
            "name": plan.name,
            "total_s": round(plan.total_s, 3),
            "exercises": list(plan.exercise_ids),
            "segments": segments,
        }
    )


def _plan_text(plan: "Plan", rows: Sequence["Row"]) -> str:
    lines = []
    for row in rows:
        said = row.cues or ((row.start_s, ""),)
        if said[0][0] > row.start_s + 0.5:
            said = ((row.start_s, ""), *said)
        for number, (at_s, text) in enumerate(said):
            lines.append((_clock(at_s), row.title if number == 0 else "", text))
    total = f"{_clock(plan.total_s)} in all, {len(plan.exercises)} exercises."
    return f"{plan.name}\n\n{columns(lines)}\n\n{total}"


# --- the house --------------------------------------------------------------


def doctor(asked: Namespace) -> int:
    from assistant.doctor import examine

    return examine(Path(asked.config) if asked.config else None, as_json=asked.json)


def config(asked: Namespace) -> int:
    if asked.path:
        print(asked.config or configuration.config_file())
    else:
        print(configuration.as_toml(settings_of(asked)), end="")
    return ExitCode.GOOD


def completion(parser: ArgumentParser, shell: str) -> int:
    import shtab

    for action in _actions(parser):
        if isinstance(action.metavar, str) and "FILE" in action.metavar:
            action.complete = shtab.FILE
    print(shtab.complete(parser, shell=shell))
    return ExitCode.GOOD


def _actions(parser: ArgumentParser) -> Iterator[Any]:
    for action in parser._actions:
        yield action
        if isinstance(action.choices, dict):
            for inner in action.choices.values():
                yield from _actions(inner)


# --- layout -----------------------------------------------------------------


def settings_of(asked: Namespace) -> Config:
    return configuration.load(Path(asked.config) if asked.config else None)


def as_json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _clock(seconds: float) -> str:
    minutes, left = divmod(int(seconds + 0.5), 60)
    return f"{minutes:02d}:{left:02d}"


def columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
