"""`assistant routines`: the list, one of them, a new one, a check, and the schema of their files.

Decides what is printed of them and how it is laid out. Writing and checking one of your own is
`author`'s; what a plan is, the content room knows.
"""

import argparse
import dataclasses
from argparse import ArgumentParser, Namespace
from typing import Any

from assistant.cli import common, which_routine
from assistant.errors import ExitCode
from assistant.machine import places


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant routines check my-routine.toml")
    common.add_json(parser)
    common.add_config(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")

    def action(name: str, about: str, *, json: bool = True) -> ArgumentParser:
        made: ArgumentParser = actions.add_parser(
            name, help=about, description=f"{about[0].upper()}{about[1:]}."
        )
        if json:  # not again the default, which would undo a --json before the action
            made.add_argument(
                "--json", action="store_true", default=argparse.SUPPRESS, help=common.JSON
            )
        return made

    action("list", "the routines there are (as without an action)")
    show = action("show", "one routine, an exercise a line")
    show.add_argument("name", metavar="ROUTINE|FILE.toml", help="its name, or its file")
    new = action("new", "six questions, and a routine of your own to go on from", json=False)
    new.add_argument("file", metavar="FILE.toml", nargs="?", help="where to write it")
    check = action("check", "every error and every doubt about these files at once")
    check.add_argument("files", metavar="FILE.toml", nargs="+", help="a routine or an exercise")
    schema = action("schema", "what a file may hold, as JSON Schema for editors", json=False)
    schema.add_argument("kind", choices=("routine", "exercise"), nargs="?", default="routine")


def run(asked: Namespace) -> int:
    match asked.action:
        case "show":
            return _show(asked)
        case "new" | "check":
            from assistant.cli import author

            return author.new(asked) if asked.action == "new" else author.check(asked)
        case "schema":
            from assistant.content.json_schema import schema

            print(common.as_json(schema(asked.kind)))
            return ExitCode.GOOD
        case _:
            return _list(asked)


def _list(asked: Namespace) -> int:
    from assistant.config import all_routines
    from assistant.content.guests import is_from_others

    known = common.library()
    lengths_s = all_routines.lengths_s(known, places.routine_folders(places.config_folder()))
    listed: list[dict[str, Any]] = [
        {
            "id": routine.id,
            "name": routine.name,
            "spoken_names": list(routine.spoken_names),
            "exercises": [item.exercise.id for item in routine.items],
            "total_s": round(lengths_s[routine.id], 1),
            "file": routine.file,
        }
        for routine in sorted(known.routines.values(), key=lambda routine: routine.id)
    ]
    if asked.json:
        print(common.as_json(listed))
        return ExitCode.GOOD
    usual = common.settings_of(asked).session.routine
    rows = [("ROUTINE", "TIME", "EXERCISES", "SAY")]
    for one in listed:
        mark = " (the usual one)" if one["id"] == usual else ""
        mark += " (from your office)" if is_from_others(one["file"]) else ""
        say = f'"start {one["spoken_names"][0]}"{mark}'
        rows.append((one["id"], common.clock(one["total_s"]), str(len(one["exercises"])), say))
    print(common.columns(rows))
    return ExitCode.GOOD


def _show(asked: Namespace) -> int:
    """One routine, an exercise a line; `rehearse` says every word of it."""
    from assistant.content.dose import card
    from assistant.content.plan import compile_plan

    routine = which_routine.routine(asked.name)
    plan = compile_plan(routine)
    lengths = [0.0] * len(routine.items)
    for segment in plan.segments:
        if segment.item >= 0:
            lengths[segment.item] += segment.length_s
    if asked.json:
        told = dataclasses.asdict(routine)
        print(common.as_json({**told, "total_s": round(plan.total_s, 1)}))
        return ExitCode.GOOD
    rows = [("", "EXERCISE", "TIME", "DOSE", "PHASE", "POSITION")]
    for number, (item, length_s) in enumerate(zip(routine.items, lengths, strict=True), 1):
        exercise = item.exercise
        position = exercise.position.value.replace("_", " ")
        rows.append(
            (
                str(number),
                exercise.name,
                common.clock(length_s),
                card(item),
                exercise.phase,
                position,
            )
        )
    needed = dict.fromkeys(thing for item in routine.items for thing in item.exercise.equipment)
    print(f'{routine.name}: {common.clock(plan.total_s)}. Say "start {routine.spoken_names[0]}".\n')
    print(common.columns(rows))
    print(f"\nYou need: {', '.join(needed) or 'nothing'}.\nFile: {routine.file}")
    return ExitCode.GOOD
