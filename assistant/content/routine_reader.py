"""Exercise and routine files: which there are, what they may say, and how they fit together.

A shipped folder and a person's own are read alike; what a later folder holds replaces what an
earlier one held under the same id, unless others handed it out (`guests`). `toml_reader` reads the
values; this file knows what a sensible exercise and routine are. How one becomes a timed plan is
`plan`'s business.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.content import limits
from assistant.content.author_synonyms import AUTHORS, LISTS
from assistant.content.dose import dose_problems
from assistant.content.guests import taken
from assistant.content.limits import IsCommand, no_command
from assistant.content.routine_file import RoutineFile, made_of, settled
from assistant.content.toml_reader import Problem, nearest, read_toml, read_typed, shown, such_as
from assistant.content.types import Exercise, Mode, Routine
from assistant.content.types import Library as Library
from assistant.content.where_in_file import Place
from assistant.errors import AssistantError, ExitCode


class ContentError(AssistantError):
    """Files that can't be used; `problems` is all that is wrong in all of them."""

    code = ExitCode.CONFIGURATION

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def load(folders: Sequence[Path], is_command: IsCommand = no_command) -> Library:
    """Read `*.toml` (routines) and `exercises/*.toml` of every folder, later ones overriding.

    The first folder must be there; the others are a person's own and may be missing. With
    `is_command`, sentences that a person says to command are problems too.
    Raises ContentError with every problem of every file.
    """
    library, problems = load_usable(folders, is_command)
    if problems:
        raise ContentError(problems)
    return library


def load_usable(
    folders: Sequence[Path], is_command: IsCommand = no_command
) -> tuple[Library, list[Problem]]:
    """Like `load`, but what can't be used is left out, and every problem of every file is told.

    Whatever stands in later folders, the routines of an earlier one can be used as before: where a
    replaced exercise doesn't fit one of them, it keeps the exercise that was replaced.
    """
    loader = _Loader(is_command)
    for place, folder in enumerate(folders):
        loader.exercises(folder / "exercises", place)
    loader.neighbours()
    for place, folder in enumerate(folders):
        loader.routines(folder, place)
    loader.names()
    return Library(loader.known_routines, loader.known_exercises), loader.problems


def _exercise(
    path: Path, data: Mapping[str, Any], text: str, is_command: IsCommand
) -> tuple[Exercise | None, list[Problem]]:
    exercise, problems = read_typed(
        Exercise,
        data,
        text,
        str(path),
        limits=limits.LIMITS,
        skip=("file",),
        vocabulary=AUTHORS,
    )
    problems += limits.exercise_problems(data, exercise, Place(path, text), is_command)
    if exercise is None or problems:
        return exercise, problems
    release = exercise.release
    if "release" not in data and exercise.mode in (Mode.REPS, Mode.BREATHS, Mode.TIMED):
        release = "And rest."  # nothing is held that one could let go of
    dose = settled(exercise.dose)
    return dataclasses.replace(exercise, dose=dose, release=release, file=str(path)), problems


# --- reading ----------------------------------------------------------------


class _Loader:
    def __init__(self, is_command: IsCommand) -> None:
        self._is_command = is_command
        self.problems: list[Problem] = []
        self.known_exercises: dict[str, Exercise] = {}
        self.known_routines: dict[str, Routine] = {}
        self._exercise_places: dict[str, Place] = {}
        self._folders: dict[str, int] = {}
        """Which folder an exercise came from at last."""
        self._blamed: set[str] = set()
        """Exercises that don't fit where they replace others: said once."""
        self._layers: list[dict[str, Exercise]] = []
        """The exercises that were known after each folder."""
        self._versions: dict[str, list[tuple[int, Routine, Place]]] = {}
        """Each routine's folders, contents and files, the one that holds last."""
        self._broken: set[str] = set()
        """Ids of exercises that are there but can't be used: said once, in their own file."""

    def exercises(self, folder: Path, number: int) -> None:
        seen = taken(folder, self.known_exercises)
        for path in self._files(folder, needed=number == 0):
            data, text, problems = read_toml(path, LISTS)
            exercise: Exercise | None = None
            problems = problems or limits.misplaced(path, data, folder.parent)
            if not problems:
                exercise, problems = _exercise(path, data, text, self._is_command)
                problems += limits.twice(data, seen, path, text)
            if exercise is None or problems:
                self._broken |= {path.stem, str(data.get("id", ""))}
                self.problems += problems
            else:
                self.known_exercises[exercise.id] = exercise
                self._exercise_places[exercise.id] = Place(path, text)
                self._folders[exercise.id] = number
        self._layers.append(dict(self.known_exercises))

    def routines(self, folder: Path, number: int) -> None:
        seen = taken(folder, self.known_routines)
        for path in self._files(folder, needed=number == 0):
            data, text, problems = read_toml(path, LISTS)
            problems = problems or limits.misplaced(path, data, folder)
            if not problems:
                file, problems = read_typed(
                    RoutineFile,
                    data,
                    text,
                    str(path),
                    limits=limits.LIMITS,
                    vocabulary=AUTHORS,
                )
                place = Place(path, text)
                problems += limits.twice(data, seen, path, text)
                problems += limits.routine_problems(data, place, self._is_command)
                exercises, wrong = self._fitting(data, place, number)
                problems += wrong
                if file is not None and not problems:
                    problems += limits.made_problems(data, place)
                if file is not None and not problems and _all_known(file, exercises):
                    routine = made_of(file, str(path), exercises)
                    self.known_routines[file.id] = routine
                    self._versions.setdefault(file.id, []).append((number, routine, place))
            self.problems += problems

    def _fitting(
        self, data: Mapping[str, Any], place: Place, number: int
    ) -> tuple[dict[str, Exercise], list[Problem]]:
        """The exercises that the entries of a file of this folder fit, and what is wrong where none
        do. What replaced one of them in a later folder is blamed where it fits no more."""
        wrong = list(self._entry_problems(data, place, self.known_exercises))
        before = self._layers[number]
        if not wrong or list(self._entry_problems(data, place, before)):
            return self.known_exercises, wrong
        uses = {entry.get("use") for entry in data["exercise"]}
        for use in sorted(one for one in uses if self._folders[one] > number):
            if use not in self._blamed:
                self._blamed.add(use)
                self.problems.append(
                    self._exercise_places[use].problem(
                        ("id",),
                        f'"{use}", which can\'t be done as the routine {data["id"]} has it',
                        "an exercise that fits the routines with it",
                        f'write id = "my-{use}"',
                    )
                )
        return before, []

    def neighbours(self) -> None:
        """Easier and harder exercises are there, and lead up and down within one family."""
        for name in list(self.known_exercises):
            for key in ("easier", "harder"):
                exercise = self.known_exercises[name]
                other = getattr(exercise, key)
                wrong = limits.neighbour_problem(
                    exercise, key, self.known_exercises, self._exercise_places[exercise.id]
                )
                if wrong is None or other in self._broken:
                    continue
                if self._folders.get(other, 0) > self._folders[exercise.id]:
                    # A person's own exercise stands there now: no slip of the file that names it.
                    self._cut(exercise, key)
                else:
                    self.problems.append(wrong)
                    self._cut(exercise, key)

    def _cut(self, exercise: Exercise, key: str) -> None:
        cut: dict[str, Any] = {key: ""}
        self.known_exercises[exercise.id] = dataclasses.replace(exercise, **cut)

    def names(self) -> None:
        """No two routines are called alike, or asking for one could start the other: the one of the
        later folder is left out."""
        taken: dict[str, Routine] = {}
        for ident in sorted(self.known_routines, key=lambda ident: self._versions[ident][-1][0]):
            _, routine, place = self._versions[ident][-1]
            clash = next((name for name in routine.spoken_names if name in taken), None)
            if clash is None:
                taken |= dict.fromkeys(routine.spoken_names, routine)
                continue
            self.problems.append(
                place.problem(
                    ("spoken_names", routine.spoken_names.index(clash)),
                    f'"{clash}", which {taken[clash].file} has too',
                    "a name of its own",
                    f'write "my {clash}" there',
                )
            )
            self._versions[ident].pop()
            if self._versions[ident]:
                self.known_routines[ident] = self._versions[ident][-1][1]
            else:
                del self.known_routines[ident]
            return self.names()
        return None

    def _files(self, folder: Path, *, needed: bool) -> list[Path]:
        try:
            return sorted(
                path
                for path in folder.iterdir()
                if path.suffix == ".toml" and not path.name.startswith(".")
            )
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not needed:
                return []
            reason = (error.strerror or "an error").lower()
            mend = "check its path and permissions"
            self.problems.append(
                Problem(str(folder), 0, "", reason, "a folder of TOML files", mend)
            )
            return []

    def _entry_problems(
        self, data: Mapping[str, Any], place: Place, exercises: Mapping[str, Exercise]
    ) -> Iterable[Problem]:
        entries = data.get("exercise", [])
        if not isinstance(entries, list):
            return
        if not entries and "exercise" in data:
            yield place.problem(
                ("exercise",), "none", "an exercise", 'write exercise = [{ use = "pelvic-tilt" }]'
            )
        for i, entry in enumerate(entries):
            use = entry.get("use") if isinstance(entry, dict) else None
            if not isinstance(use, str) or not use.strip():
                continue
            key = ("exercise", i, "use")
            if limits.CRUNCH_NAME.search(use):
                yield limits.crunch(place, key, use)
            elif use in exercises:
                here, setup = ("exercise", i), entry.get("setup")
                yield from dose_problems(exercises[use], entry, here, place)
                yield from limits.sided_problems(exercises[use], setup, (*here, "setup"), place)
            elif use not in self._broken:
                yield place.problem(key, f"the unknown exercise {shown(use)}", *self._nearest(use))

    def _nearest(self, use: str) -> tuple[str, str]:
        names = sorted(self.known_exercises)
        guess = nearest(use.lower().replace(" ", "-").replace("_", "-"), names)
        other = names[0] if names else "pelvic-tilt"
        mend = f'write use = "{other}", or another of these, or write a file for it'
        mend = f'did you mean "{guess}"?' if guess else mend
        return such_as(use, names) if names else "one of: none, no exercise was read", mend


def _all_known(file: RoutineFile, exercises: Mapping[str, Exercise]) -> bool:
    return all(entry.use in exercises for entry in file.exercise)
