"""What can be seen of routines: the list, one of them, every word of it, and all sentences.

Decides what is printed and how it is laid out, and which routine a name or a file is. Writing
one of your own is `cli_author`'s business; what a plan is, the content room knows.
"""

import contextlib
import dataclasses
import os
import tempfile
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli.commands import as_json, clock, columns, library, settings_of
from assistant.errors import AssistantError, ExitCode

if TYPE_CHECKING:
    from assistant.content.plan import Row
    from assistant.content.read import Library
    from assistant.content.types import Item, Plan, Routine


def routines(asked: Namespace) -> int:
    match asked.action:
        case "show":
            return _show(asked)
        case "new" | "check":
            from assistant.cli import author

            return author.new(asked) if asked.action == "new" else author.check(asked)
        case "schema":
            from assistant.content.schema import schema

            print(as_json(schema(asked.kind)))
            return ExitCode.GOOD
        case _:
            return _list(asked)


# --- looking ----------------------------------------------------------------


def rehearse(asked: Namespace) -> int:
    from assistant.content.plan import compile_plan, script

    plan = compile_plan(_routine(asked.routine))
    if asked.to or asked.aloud:
        from assistant.speaking import rehearsal

        voice = settings_of(asked).voice
        if asked.to:
            rehearsal.write(plan, Path(asked.to), voice)
        if asked.aloud:
            rehearsal.speak(plan, voice, asked.speed)
        return ExitCode.GOOD
    rows = script(plan)
    print(_plan_json(plan, rows) if asked.json else _plan_text(plan, rows))
    return ExitCode.GOOD


def sentences(asked: Namespace) -> int:
    from assistant.content.catalogue import every_sentence

    found = every_sentence(library())
    if asked.json:
        print(as_json([dataclasses.asdict(sentence) for sentence in found]))
    else:
        print(columns([(sentence.where, sentence.text) for sentence in found]))
    return ExitCode.GOOD


def _list(asked: Namespace) -> int:
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
        rows.append((one["id"], clock(one["total_s"]), str(len(one["exercises"])), say))
    print(columns(rows))
    return ExitCode.GOOD


def _show(asked: Namespace) -> int:
    """One routine, an exercise a line; `rehearse` says every word of it."""
    from assistant.content.plan import compile_plan

    routine = _routine(asked.name)
    plan = compile_plan(routine)
    lengths = [0.0] * len(routine.items)
    for segment in plan.segments:
        if segment.item >= 0:
            lengths[segment.item] += segment.length_s
    if asked.json:
        told = dataclasses.asdict(routine)
        print(as_json({**told, "total_s": round(plan.total_s, 1)}))
        return ExitCode.GOOD
    rows = [("", "EXERCISE", "TIME", "DOSE", "PHASE", "POSITION")]
    for number, (item, length_s) in enumerate(zip(routine.items, lengths, strict=True), 1):
        exercise = item.exercise
        position = exercise.position.value.replace("_", " ")
        rows.append(
            (str(number), exercise.name, clock(length_s), _dose(item), exercise.phase, position)
        )
    needed = dict.fromkeys(thing for item in routine.items for thing in item.exercise.equipment)
    print(f'{routine.name}: {clock(plan.total_s)}. Say "start {routine.spoken_names[0]}".\n')
    print(columns(rows))
    print(f"\nYou need: {', '.join(needed) or 'nothing'}.\nFile: {routine.file}")
    return ExitCode.GOOD


def _dose(item: "Item") -> str:
    """As one writes it on a card: "3 x 5 s a side"."""
    from assistant.content.types import Mode, Sides

    dose, exercise = item.dose, item.exercise
    times = "-".join(map(str, dose.set_reps)) or (str(dose.reps) if dose.reps > 1 else "")
    match exercise.mode:
        case Mode.HOLD | Mode.TIMED:
            text = f"{dose.hold_s:g} s"
        case Mode.HOLD_REPS:
            text = f"{times or 1} x {dose.hold_s:g} s"
        case Mode.BREATHS:
            text = f"{times or 1} breaths"
        case _:
            text = f"{times or 1} times"
    if dose.sets > 1 and not dose.set_reps:
        text = f"{dose.sets} sets of {text}"
    if item.only_side:
        return f"{text}, {item.only_side} only"
    return text if exercise.sides is Sides.NONE else f"{text} a side"


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
            lines.append((clock(at_s), row.title if number == 0 else "", text))
    total = f"{clock(plan.total_s)} in all, {exercises(len(plan.exercises))}."
    return f"{plan.name}\n\n{columns(lines)}\n\n{total}"


def exercises(count: int) -> str:
    return "1 exercise" if count == 1 else f"{count} exercises"


# --- which routine ---------------------------------------------------------


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


def _routine(name: str) -> "Routine":
    if name.endswith(".toml") or os.sep in name:
        return _routine_of_file(Path(name))
    return pick(name, library())


def _routine_of_file(path: Path) -> "Routine":
    """A routine from anywhere; it may use all exercises, and those in `exercises` beside it."""
    check_readable(path)
    with alone(path) as folder:
        known = library(folder)
        inside = str(folder / path.name)
        return next(routine for routine in known.routines.values() if routine.file == inside)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[Path]:
    """A folder that holds this routine's file and the exercises beside it; the other routines
    beside it are none of our business. Problems found in it name the real files."""
    from assistant.content.read import ContentError

    with tempfile.TemporaryDirectory(prefix="assistant-routine-") as name:
        folder = Path(name)
        (folder / path.name).symlink_to(path.absolute())
        (folder / "exercises").symlink_to(path.absolute().parent / "exercises")
        try:
            yield folder
        except ContentError as error:
            raise ContentError(
                [
                    dataclasses.replace(problem, file=_real(Path(problem.file), folder, path))
                    for problem in error.problems
                ]
            ) from None


def _real(file: Path, folder: Path, path: Path) -> str:
    inside = file.is_relative_to(folder)
    return str(path.parent / file.relative_to(folder) if inside else file)


def check_readable(path: Path) -> None:
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
