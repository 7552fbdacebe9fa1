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
from assistant.content.types import Count, Dose, Exercise, Item, Prompt, Routine, Sound, Source
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
        loader.exercises(folder / "exercises", place)
    loader.neighbours()
    for place, folder in enumerate(folders):
        loader.routines(folder, needed=place == 0)
    loader.names()
    if loader.problems:
        raise ContentError(loader.problems)
    return Library(loader.known_routines, loader.known_exercises)


def read_exercise(
    path: Path, data: Mapping[str, Any], text: str, known: Mapping[str, Exercise]
) -> tuple[Exercise | None, list[Problem]]:
    """One exercise of a file that holds `data`, beside those already `known`; None when it can't
    be used, and then everything that is wrong with it."""
    exercise, problems = _exercise(path, data, text)
    if exercise is not None:
        others = {**known, exercise.id: exercise}
        for key in ("easier", "harder"):
            wrong = check.neighbour_problem(exercise, key, others, Place(path, text))
            problems += [wrong] if wrong else []
    return (None if problems else exercise), problems


def _exercise(
    path: Path, data: Mapping[str, Any], text: str
) -> tuple[Exercise | None, list[Problem]]:
    exercise, problems = read_typed(
        Exercise, data, text, str(path), limits=check.LIMITS, skip=("file",)
    )
    problems += check.exercise_problems(data, exercise, Place(path, text))
    if exercise is None or problems:
        return exercise, problems
    return dataclasses.replace(exercise, dose=_settled(exercise.dose), file=str(path)), problems


# --- what a routine file holds ----------------------------------------------


class _Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One [[exercise]] of a routine: which one, and this routine's dose where it differs."""

    use: str
    start_side: _Side | None = None
    only_side: _Side | None = None
    """This side alone, such as the one that wants more of it."""
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
    tempo: str | None = None
    set_reps: tuple[int, ...] | None = None
    count: Count | None = None
    cues: tuple[Prompt, ...] | None = None
    """Said instead of the exercise's own cues."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineFile:
    """What stands in a routine's file; every key but the first three has a default."""

    id: str
    name: str
    exercise: tuple[Entry, ...]
    spoken_names: tuple[str, ...] = ()
    """What to call it; without any it is called by its name."""
    intro: str = ""
    """Said at the start, after its name and how long it takes."""
    outro: str = "That's it. Well done."
    start_side: _Side = _Side.LEFT
    """Which side comes first, unless an exercise says otherwise."""
    sound: Sound = Sound.FULL
    total_s: float = 0.0
    """How long it is meant to take; `assistant routines check` says if it doesn't."""
    sources: tuple[Source, ...] = ()


def _settled(dose: Dose) -> Dose:
    """A written tempo says how long a repetition takes."""
    if not dose.tempo:
        return dose
    return dataclasses.replace(dose, tempo_s=float(sum(map(int, dose.tempo.split("-")))))


def _dose(own: Dose, entry: Entry) -> Dose:
    """The exercise's own dose with what the routine says; of two ways to say one thing, the
    routine's holds."""
    names = [field.name for field in dataclasses.fields(Dose)]
    given: dict[str, Any] = {
        name: value for name in names if (value := getattr(entry, name)) is not None
    }
    if "tempo_s" in given:
        given.setdefault("tempo", "")
    if "reps" in given or "sets" in given:
        given.setdefault("set_reps", ())
    return _settled(dataclasses.replace(own, **given))


# --- reading ----------------------------------------------------------------


class _Loader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.known_exercises: dict[str, Exercise] = {}
        self.known_routines: dict[str, Routine] = {}
        self._places: dict[str, Place] = {}
        self._exercise_places: dict[str, Place] = {}
        self._folders: dict[str, int] = {}
        """Which folder an exercise came from at last."""
        self._broken: set[str] = set()
        """Ids of exercises that are there but can't be used: said once, in their own file."""

    def exercises(self, folder: Path, number: int) -> None:
        seen: dict[str, Path] = {}
        for path in self._files(folder, needed=number == 0):
            data, text, problems = read_toml(path)
            exercise: Exercise | None = None
            if not problems:
                exercise, problems = _exercise(path, data, text)
            problems += check.twice(data, seen, path, text)
            if exercise is None or problems:
                self._broken |= {path.stem, str(data.get("id", ""))}
                self.problems += problems
            else:
                self.known_exercises[exercise.id] = exercise
                self._exercise_places[exercise.id] = Place(path, text)
                self._folders[exercise.id] = number

    def routines(self, folder: Path, *, needed: bool) -> None:
        seen: dict[str, Path] = {}
        for path in self._files(folder, needed=needed):
            data, text, problems = read_toml(path)
            if not problems:
                file, problems = read_typed(RoutineFile, data, text, str(path), limits=check.LIMITS)
                place = Place(path, text)
                problems += check.twice(data, seen, path, text)
                problems += check.routine_problems(data, place)
                problems += self._entry_problems(data, place)
                if file is not None and not problems and self._all_known(file):
                    self.known_routines[file.id] = self._routine(file, str(path))
                    self._places[file.id] = place
            self.problems += problems

    def neighbours(self) -> None:
        """Easier and harder exercises are there, and lead up and down within one family."""
        for exercise in list(self.known_exercises.values()):
            for key in ("easier", "harder"):
                other = getattr(exercise, key)
                wrong = check.neighbour_problem(
                    exercise, key, self.known_exercises, self._exercise_places[exercise.id]
                )
                if wrong is None or other in self._broken:
                    continue
                if self._folders.get(other, 0) > self._folders[exercise.id]:
                    # A person's own exercise stands there now: no slip of the file that names it.
                    cut: dict[str, Any] = {key: ""}
                    exercise = dataclasses.replace(exercise, **cut)
                    self.known_exercises[exercise.id] = exercise
                else:
                    self.problems.append(wrong)

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

    def _all_known(self, file: RoutineFile) -> bool:
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

    def _routine(self, file: RoutineFile, path: str) -> Routine:
        spoken = file.spoken_names or (check.plain(file.name),)
        items = tuple(self._item(entry, file.start_side) for entry in file.exercise)
        return Routine(
            id=file.id,
            name=file.name,
            spoken_names=spoken,
            intro=file.intro,
            items=items,
            outro=file.outro,
            sound=file.sound,
            total_s=file.total_s,
            file=path,
            sources=file.sources,
        )

    def _item(self, entry: Entry, start_side: _Side) -> Item:
        exercise = self.known_exercises[entry.use]
        own: dict[str, Any] = {
            name: value
            for name in ("setup", "count", "cues")
            if (value := getattr(entry, name)) not in (None, "")
        }
        side = entry.start_side or start_side
        return Item(
            exercise=dataclasses.replace(exercise, **own),
            dose=_dose(exercise.dose, entry),
            start_side=side.value,
            only_side=entry.only_side.value if entry.only_side else "",
        )

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
