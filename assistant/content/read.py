"""Exercise and routine files: which there are, what they may say, and how they fit together.

A shipped folder and a person's own are read alike; what a later folder holds replaces what an
earlier one held under the same id. `typed` reads the values; this file knows what a sensible
exercise and routine are. How one becomes a timed plan is `plan`'s business.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.content import check
from assistant.content.check import Place
from assistant.content.typed import Problem, nearest, read_toml, read_typed, shown
from assistant.content.types import Exercise, Item, Routine, Source
from assistant.errors import AssistantError, ExitCode


class ContentError(AssistantError):
    """Files that can't be used; `problems` is all that is wrong in all of them."""

    code = ExitCode.CONFIGURATION

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that can be led, by id."""

    routines: dict[str, Routine]
    exercises: dict[str, Exercise]


def load(folders: Sequence[Path]) -> Library:
    """Read `*.toml` (routines) and `exercises/*.toml` of every folder, later ones overriding.

    The first folder must be there; the others are a person's own and may be missing.
    Raises ContentError with every problem of every file.
    """
    loader = _Loader()
    for place, folder in enumerate(folders):
        loader.exercises(folder / "exercises", needed=place == 0)
    for place, folder in enumerate(folders):
        loader.routines(folder, needed=place == 0)
    loader.names()
    if loader.problems:
        raise ContentError(loader.problems)
    return Library(loader.known_routines, loader.known_exercises)


# --- what a routine file holds ----------------------------------------------


class _Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One [[exercise]] of a routine: which one, and this routine's dose where it differs."""

    use: str
    start_side: _Side = _Side.LEFT
    setup: str = ""
    """Said instead of the exercise's own, when one is in position already."""
    hold_s: float | None = None
    reps: int | None = None
    sets: int | None = None
    release_s: float | None = None
    rest_s: float | None = None
    switch_s: float | None = None
    setup_s: float | None = None
    tempo_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _RoutineFile:
    id: str
    name: str
    exercise: tuple[_Entry, ...]
    spoken_names: tuple[str, ...] = ()
    intro: str = ""
    outro: str = "That's it. Well done."
    sources: tuple[Source, ...] = ()


# --- reading ----------------------------------------------------------------


class _Loader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.known_exercises: dict[str, Exercise] = {}
        self.known_routines: dict[str, Routine] = {}
        self._places: dict[str, Place] = {}
        self._broken: set[str] = set()
        """Ids of exercises that are there but can't be used: said once, in their own file."""

    def exercises(self, folder: Path, *, needed: bool) -> None:
        seen: dict[str, Path] = {}
        for path in self._files(folder, needed=needed):
            data, text, problems = read_toml(path)
            exercise: Exercise | None = None
            if not problems:
                exercise, problems = read_typed(
                    Exercise, data, text, str(path), limits=check.LIMITS, skip=("file",)
                )
                problems += check.exercise_problems(data, exercise, Place(path, text))
            problems += check.twice(data, seen, path, text)
            if exercise is None or problems:
                self._broken |= {path.stem, str(data.get("id", ""))}
                self.problems += problems
            else:
                self.known_exercises[exercise.id] = dataclasses.replace(exercise, file=str(path))

    def routines(self, folder: Path, *, needed: bool) -> None:
        seen: dict[str, Path] = {}
        for path in self._files(folder, needed=needed):
            data, text, problems = read_toml(path)
            if not problems:
                file, problems = read_typed(
                    _RoutineFile, data, text, str(path), limits=check.LIMITS
                )
                place = Place(path, text)
                problems += check.twice(data, seen, path, text)
                problems += check.routine_problems(data, place)
                problems += self._entry_problems(data, place)
                if file is not None and not problems and self._all_known(file):
                    self.known_routines[file.id] = self._routine(file, str(path))
                    self._places[file.id] = place
            self.problems += problems

    def names(self) -> None:
        """No two routines are called alike, or asking for one could start the other."""
        taken: dict[str, Routine] = {}
        for routine in self.known_routines.values():
            for i, name in enumerate(routine.spoken_names):
                if (other := taken.setdefault(name, routine)) is not routine:
                    self.problems.append(
                        self._places[routine.id].problem(
                            ("spoken_names", i),
                            f'"{name}", which {other.file} has too',
                            "a name of its own",
                            "call it something else",
                        )
                    )

    def _all_known(self, file: _RoutineFile) -> bool:
        return all(entry.use in self.known_exercises for entry in file.exercise)

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
            self.problems.append(
                Problem(str(folder), 0, "", reason, "a folder of TOML files", "check its path")
            )
            return []

    def _routine(self, file: _RoutineFile, path: str) -> Routine:
        spoken = file.spoken_names or (check.plain(file.name),)
        items = tuple(self._item(entry) for entry in file.exercise)
        return Routine(
            id=file.id,
            name=file.name,
            spoken_names=spoken,
            intro=file.intro,
            items=items,
            outro=file.outro,
            file=path,
            sources=file.sources,
        )

    def _item(self, entry: _Entry) -> Item:
        exercise = self.known_exercises[entry.use]
        if entry.setup:
            exercise = dataclasses.replace(exercise, setup=entry.setup)
        given = {
            name: getattr(entry, name) for name in check.LIMITS if getattr(entry, name) is not None
        }
        dose = dataclasses.replace(exercise.dose, **given)
        return Item(exercise=exercise, dose=dose, start_side=entry.start_side.value)

    def _entry_problems(self, data: Mapping[str, Any], place: Place) -> Iterable[Problem]:
        entries = data.get("exercise", [])
        if not isinstance(entries, list):
            return
        if not entries and "exercise" in data:
            yield place.problem(
                ("exercise",), "none", "an exercise", 'add [[exercise]] use = "..."'
            )
        for i, entry in enumerate(entries):
            use = entry.get("use") if isinstance(entry, dict) else None
            if not isinstance(use, str) or not use.strip():
                continue
            key = ("exercise", i, "use")
            if check.CRUNCH_NAME.search(use):
                yield check.crunch(place, key, use)
            elif use in self.known_exercises:
                yield from check.dose_problems(
                    self.known_exercises[use], entry, ("exercise", i), place
                )
            elif use not in self._broken:
                yield place.problem(key, f"the unknown exercise {shown(use)}", *self._nearest(use))

    def _nearest(self, use: str) -> tuple[str, str]:
        names = sorted(self.known_exercises)
        guess = nearest(use.lower().replace(" ", "-").replace("_", "-"), names)
        mend = f'did you mean "{guess}"?' if guess else "write one of these, or a file for it"
        return f"one of: {', '.join(names) or 'none, no exercise was read'}", mend
