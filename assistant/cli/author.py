"""Writing a routine of your own: six questions that begin it, and a check that reads it.

Decides what is asked, where the file goes, and how errors and doubts are printed. What is wrong
or doubtful, the content room knows; nothing that exists is ever overwritten.
"""

import dataclasses
import os
import re
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli.common import as_json, clock, library, settings_of
from assistant.cli.which_routine import check_readable, exercises, read_alone
from assistant.errors import AssistantError, ExitCode
from assistant.machine import places
from assistant.machine.whole_file import write_whole

if TYPE_CHECKING:
    from assistant.content.limits import IsCommand
    from assistant.content.toml_reader import Problem
    from assistant.content.types import Exercise, Library

# --- new --------------------------------------------------------------------


def new(asked: Namespace) -> int:
    from assistant.content import draft
    from assistant.content.limits import plain

    known = library()
    given = Path(asked.file) if asked.file else None
    folder = places.config_folder() / "routines"
    if given is not None:
        _free(given)
    _writable(given.absolute().parent if given else folder)
    print("Six questions. Press enter to take what stands in brackets.\n")
    name = _ask("What is it called?", _free_name(known), _name_problem)
    spoken = _ask("What will you say to start it?", plain(name), _spoken_problem(known))
    purposes = ", ".join(draft.PURPOSES)
    purpose = _ask(
        f"What is it for: {purposes}?", "gentle", lambda text: _one_of(text, draft.PURPOSES)
    )
    minutes = float(_ask("About how many minutes?", "5", _minutes_problem))
    suggested = draft.suggest(purpose, minutes, known.exercises)
    wanted = _ask(
        "Which exercises, with commas between?",
        ", ".join(suggested),
        lambda text: _exercises_problem(text, known.exercises),
    )
    side = _ask("Which side first, left or right?", "left", lambda text: _one_of(text, _SIDES))
    chosen = tuple(_names(wanted))
    ident = _ident(name, known)
    path = given or folder / f"{ident}.toml"
    schema = places.folder("routines") / "routine.schema.json"
    wish = draft.Wish(
        id=ident, name=name, spoken_name=spoken, exercises=chosen, start_side=side.lower()
    )
    _free(path)  # again: the questions took their time
    write_whole(path, draft.text(wish, known.exercises, str(schema)).encode(), make_folder=True)
    lasts = clock(draft.length_s(chosen, known.exercises))
    print(f"\n{path} is written: {exercises(len(chosen))}, {lasts}. Now change it as you like.")
    print(f"  assistant routines check {path}\n  assistant rehearse {path}")
    return ExitCode.GOOD


_SIDES = ("left", "right")


def _ask(question: str, default: str, problem: Callable[[str], str]) -> str:
    """An answer that will do; without a terminal and without an answer, the default."""
    while True:
        print(f"{question} [{default}] ", end="", flush=True)
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            print(line.rstrip("\n"))
        answer = " ".join(line.split()) or default
        wrong = problem(answer)
        if not wrong:
            return answer
        print(f"  {wrong}")
        if not line:
            raise AssistantError(
                f"the questions are answered wrongly: {wrong}", code=ExitCode.CONFIGURATION
            )


def _free_name(known: "Library") -> str:
    names = {routine.name for routine in known.routines.values()}
    number = 1
    while (name := "My routine" if number == 1 else f"My routine {_WORDS[number]}") in names:
        number = min(number + 1, len(_WORDS) - 1)
        if number == len(_WORDS) - 1:
            break
    return name


_WORDS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "again")


def _name_problem(text: str) -> str:
    from assistant.content.limits import CRUNCH_NAME, plain

    if CRUNCH_NAME.search(text):
        return "Not that: crunches and sit-ups bend a sore back under load."
    if len(text) > 60 or not text.isprintable() or not plain(text):
        return "A few words with letters, please."
    return ""


def _spoken_problem(known: "Library") -> Callable[[str], str]:
    from assistant.content.limits import plain

    is_command = _commands()
    taken = {name for routine in known.routines.values() for name in routine.spoken_names}

    def problem(text: str) -> str:
        if text != plain(text):
            return f"Lower-case words without figures, such as {plain(text) or 'my routine'}."
        if text in taken or is_command(text):
            return f'"{text}" means something else already.'
        return ""

    return problem


def _one_of(text: str, options: Collection[str]) -> str:
    return "" if text.lower() in options else f"One of: {', '.join(options)}."


def _minutes_problem(text: str) -> str:
    if re.fullmatch(r"\d{1,2}(\.\d)?", text) and 1 <= float(text) <= 60:
        return ""
    return "A number from 1 to 60, such as 5."


def _exercises_problem(text: str, known: "Mapping[str, Exercise]") -> str:
    from assistant.content.toml_reader import nearest

    names = _names(text)
    for name in names:
        if name not in known:
            guess = nearest(name, known)
            hint = f"did you mean {guess}?" if guess else f"there are: {', '.join(sorted(known))}"
            return f'There is no exercise "{name}"; {hint}'
    return "" if 0 < len(names) <= 40 else "One to forty of them."


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _ident(name: str, known: "Library") -> str:
    """An id from the name, and one that no routine has."""
    from assistant.content.limits import plain

    base = re.sub(r"[^a-z]+", "-", plain(name)).strip("-")
    number, ident = 1, base
    while ident in known.routines:
        number += 1
        ident = f"{base}-{number}"
    return ident


def _free(path: Path) -> None:
    if path.suffix != ".toml":
        raise AssistantError(f"{path}: its name should end in .toml", code=ExitCode.COMMAND_LINE)
    if path.exists() or path.is_symlink():
        raise AssistantError(
            f"{path} is there already and stays as it is; name another file",
            code=ExitCode.FILE_ACCESS,
        )


def _writable(folder: Path) -> None:
    """Said before the questions, not after them; a folder that isn't there yet will be made."""
    place = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise AssistantError(
            f"{place} is no folder that you may write to; name a file in another one",
            code=ExitCode.FILE_ACCESS,
        )


# --- check ------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class _Verdict:
    """What was found in one file; without errors, `about` says what it is."""

    errors: "Sequence[Problem]" = ()
    doubts: "Sequence[Problem]" = ()
    about: str = ""


def check(asked: Namespace) -> int:
    words, is_command = _known_words(asked), _commands()
    verdicts = {name: _examined(Path(name), words, is_command) for name in asked.files}
    if asked.json:
        print(as_json([row for verdict in verdicts.values() for row in _rows(verdict)]))
    else:
        for name, verdict in verdicts.items():
            for problem in verdict.errors:
                print(f"error: {problem}")
            for problem in verdict.doubts:
                print(f"warning: {problem}")
            if not verdict.errors:
                print(f"{name}: good{' enough' if verdict.doubts else ''}. {verdict.about}")
    wrong = any(verdict.errors for verdict in verdicts.values())
    return ExitCode.CONFIGURATION if wrong else ExitCode.GOOD


def _rows(verdict: _Verdict) -> list[dict[str, Any]]:
    graded = [("error", problem) for problem in verdict.errors]
    graded += [("warning", problem) for problem in verdict.doubts]
    return [{"severity": grade, **dataclasses.asdict(problem)} for grade, problem in graded]


def _examined(path: Path, words: Collection[str], is_command: "IsCommand") -> _Verdict:
    from assistant.content import limits
    from assistant.content.author_synonyms import LISTS
    from assistant.content.toml_reader import read_toml

    check_readable(path)
    data, text, problems = read_toml(path, LISTS)
    for folder in places.routine_folders(places.config_folder()):
        problems += limits.misplaced(path.absolute(), data, folder)
    if problems:
        return _Verdict(errors=problems)
    if limits.holds_exercise(data):
        return _exercise(path, data, text, is_command)
    return _routine(path, data, text, words, is_command)


def _routine(
    path: Path,
    data: Mapping[str, Any],
    text: str,
    words: Collection[str],
    is_command: "IsCommand",
) -> _Verdict:
    from assistant.content.author_advice import advice, replacing
    from assistant.content.plan import compile_plan
    from assistant.content.where_in_file import Place

    routine, problems = read_alone(path, is_command)
    if routine is None or problems:
        return _Verdict(errors=problems)
    place = Place(path, text)
    shipped = _shipped().routines
    doubts = [*replacing(routine, shipped, place), *advice(routine, data, place, words)]
    total_s = compile_plan(routine).total_s
    return _Verdict(doubts=doubts, about=f"{exercises(len(routine.items))}, {clock(total_s)}.")


def _exercise(path: Path, data: Mapping[str, Any], text: str, is_command: "IsCommand") -> _Verdict:
    """An exercise is read beside all others, which it may name, and with the routines that use the
    one in whose place it comes."""
    from assistant.content.author_advice import exercise_advice, replacing
    from assistant.content.routine_reader import load_usable
    from assistant.content.where_in_file import Place

    with tempfile.TemporaryDirectory(prefix="assistant-exercise-") as name:
        inside = Path(name) / "exercises" / path.name
        inside.parent.mkdir()
        inside.symlink_to(path.absolute())
        folders = places.routine_folders(places.config_folder())
        known, found = load_usable([*folders, Path(name)], is_command)
    problems = [
        dataclasses.replace(problem, file=str(path))
        for problem in found
        if problem.file == str(inside)
    ]
    if problems:
        return _Verdict(errors=problems)
    exercise, place = known.exercises[data["id"]], Place(path, text)
    doubts = [
        *replacing(exercise, _shipped().exercises, place),
        *exercise_advice(exercise, data, place),
    ]
    return _Verdict(doubts=doubts, about=f"An exercise, {exercise.phase}.")


def _shipped() -> "Library":
    """What comes along, without what a person has added."""
    from assistant.content.routine_reader import load

    return load([places.folder("routines")])


def _commands() -> "IsCommand":
    """Whether a sentence is a command, by the very templates that are listened for. (While pain is
    asked for, numbers are; nothing is led then.)"""
    from assistant.coach.effects import Context
    from assistant.hearing.understand import Understanding, plain

    wake = "hey coach"
    names = {routine.id: routine.spoken_names for routine in _shipped().routines.values()}
    understanding = Understanding(places.folder("routines") / "commands.yaml", [wake], names)
    led = [context for context in Context if context is not Context.PAIN]
    phrases = {phrase for context in led for phrase in understanding.phrases(context)}

    def is_command(sentence: str) -> bool:
        said = plain(sentence)
        return said in phrases or said.startswith(wake)

    return is_command


def _known_words(asked: Namespace) -> set[str]:
    """The words of the speech model in use, or of the one that comes along."""
    from assistant.hearing import models

    for model in (models.find(settings_of(asked).hearing.model), models.shipped()):
        try:
            lines = (model / "graph" / "words.txt").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue  # a larger model keeps its words inside its graph
        return {line.split()[0] for line in lines if line.split()}
    return set()
