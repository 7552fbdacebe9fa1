"""What a sensible exercise and routine are, beyond the kinds of their values.

Each function yields the problems it sees; none reads a file. Why: a crunch, a hold on a mode
without holds, or a sentence that is a command would only be noticed on the floor.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.content import figures
from assistant.content.dose import TEMPO_S, dose_problems
from assistant.content.figure_advice import number_problems
from assistant.content.toml_lines import Key
from assistant.content.toml_reader import Problem, nearest, shown, such_as
from assistant.content.types import Count, Exercise, Mode, Sides
from assistant.content.where_in_file import Place

LIMITS: Mapping[str, tuple[float, float]] = {
    "hold_s": (1, 600),
    "reps": (1, 50),
    "sets": (1, 10),
    "release_s": (1, 60),
    "rest_s": (0, 300),
    "switch_s": (5, 60),
    "setup_s": (0, 120),
    "ready_s": (0, 60),
    "move_s": (0, 30),
    "tempo_s": TEMPO_S,
    "set_reps": (1, 50),
    "level": (1, 5),
    "n": (0, 60),
    "total_s": (10, 7200),
    "minutes": (3, 60),
    "year": (1900, 2100),
    "read": (1990, 2100),
    **figures.LIMITS,
}
"""What a dose may be: nobody holds for longer, or moves faster, because of a slip of the finger. A
judgement of our own."""

_HOLDS = (Mode.HOLD, Mode.HOLD_REPS, Mode.TIMED)
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SPOKEN = re.compile(r"[a-z]+(?:[ '-][a-z]+)*")
_CRUNCH = re.compile(r"\bcrunch(?:es|ing)?\b|\bsit-?ups?\b|\bsit ups\b", re.IGNORECASE)
CRUNCH_NAME = re.compile(r"crunch|sit[-_ ]?up", re.IGNORECASE)
_NO_CRUNCH = "crunches and sit-ups bend a sore back under load"
IsCommand = Callable[[str], bool]
"""Whether a sentence is one that a person says to command: a coach that says it by itself could
obey its own echo. The sentences stand in commands.yaml, and whoever knows them hands this in."""


def no_command(_: str) -> bool:
    """Nobody knows the commands here: sentences aren't looked at for that."""
    return False


def exercise_problems(
    data: Mapping[str, Any],
    exercise: Exercise | None,
    place: Place,
    is_command: IsCommand = no_command,
) -> Iterable[Problem]:
    yield from _id_problems(data, place)
    yield from _words_problems(data, _SPOKEN_KEYS, place, is_command)
    yield from _cue_problems(data, (), place, is_command)
    yield from _called_problems(data, "spoken_name", place, is_command)
    for key in ("id", "name", "spoken_name"):
        if CRUNCH_NAME.search(str(data.get(key, ""))):
            yield crunch(place, (key,), str(data[key]))
    if exercise is None:
        return
    if exercise.figure is not None:
        yield from number_problems(exercise.figure, place)
    if not exercise.steps:
        yield place.problem(("steps",), "an empty list", "what to do", "write a sentence a step")
    for key in ("setup", "switch"):
        yield from sided_problems(exercise, data.get(key), (key,), place)
    if exercise.mode in _HOLDS and exercise.dose.hold_s < 1:
        yield place.problem(
            ("dose", "hold_s"),
            "no time" if "hold_s" not in _table(data, "dose") else f"{exercise.dose.hold_s:g}",
            f"seconds from 1 to 600 for mode {exercise.mode}",
            "write hold_s = 5 below [dose]",
        )
    yield from dose_problems(exercise, _table(data, "dose"), ("dose",), place)
    if exercise.count is Count.BREATHS and exercise.mode in (Mode.REPS, Mode.TIMED):
        yield place.problem(
            ("count",),
            f'"breaths" with mode {exercise.mode}',
            "a hold or breaths to count by breaths",
            'remove it, or give it mode = "breaths"',
        )


_PLACE = re.compile(r"\{[^}]*\}?|\}")


def sided_problems(exercise: Exercise, text: object, key: Key, place: Place) -> Iterable[Problem]:
    """{side} and {other} stand for left and right, where there are a left and a right."""
    if not isinstance(text, str):
        return
    for found in _PLACE.findall(text):
        if exercise.sides is Sides.NONE:
            yield place.problem(
                key, shown(found), f"no such place: {exercise.id} has no sides", f"take {found} out"
            )
        elif found not in ("{side}", "{other}"):
            yield place.problem(key, shown(found), "{side} or {other}", "write {side} for it")


_SPOKEN_KEYS = (
    *("setup", "steps", "breathing", "ready", "move", "back", "release", "done", "switch"),
    *("between_sets", "mistakes", "contraindications"),
)


def _cue_problems(
    data: Mapping[str, Any], key: Key, place: Place, is_command: IsCommand
) -> Iterable[Problem]:
    for i, prompt in enumerate(_list(data, "cues")):
        if not isinstance(prompt, dict):
            continue
        at, n, here = prompt.get("at"), prompt.get("n", 0), (*key, "cues", i)
        if isinstance(prompt.get("say"), str):
            yield from _sentence_problems(prompt["say"], (*here, "say"), place, is_command)
        if at == "every_n" and n == 0:
            yield place.problem(here, "no n", "how many repetitions or seconds", "add n = 5 to it")
        if at in ("start", "half", "last") and n:
            yield place.problem(
                (*here, "n"), shown(n), f'no n with at = "{at}"', "remove n from it"
            )


def neighbour_problem(
    exercise: Exercise, key: str, known: Mapping[str, Exercise], place: Place
) -> Problem | None:
    """Easier is a lower level of the same family, harder a higher one: so nothing goes round."""
    name = getattr(exercise, key)
    if not name:
        return None
    other = known.get(name)
    if other is None:
        guess = nearest(name, known)
        return place.problem(
            (key,),
            f"the unknown exercise {shown(name)}",
            such_as(name, sorted(known)),
            f'did you mean "{guess}"?' if guess else "remove it",
        )
    if not exercise.family or other.family != exercise.family:
        return place.problem(
            (key,),
            f"{shown(name)} of the family {shown(other.family)}",
            f"one of its own family {shown(exercise.family)}",
            "remove it, or give both the same family",
        )
    up = other.level - exercise.level
    if up >= 0 if key == "easier" else up <= 0:
        than = "below" if key == "easier" else "above"
        return place.problem(
            (key,),
            f"{shown(name)}, which has level {other.level}",
            f"a level {than} {exercise.level}",
            "remove it, or change one of the levels",
        )
    return None


def routine_problems(
    data: Mapping[str, Any], place: Place, is_command: IsCommand = no_command
) -> Iterable[Problem]:
    yield from _id_problems(data, place)
    yield from _words_problems(data, ("intro", "outro"), place, is_command)
    for i, entry in enumerate(_list(data, "exercise")):
        if isinstance(entry, dict) and isinstance(entry.get("setup"), str):
            here = ("exercise", i, "setup")
            yield from _sentence_problems(entry["setup"], here, place, is_command)
        if isinstance(entry, dict):
            yield from _cue_problems(entry, ("exercise", i), place, is_command)
    for key in ("id", "name"):
        if CRUNCH_NAME.search(str(data.get(key, ""))):
            yield crunch(place, (key,), str(data[key]))
    name = data.get("name")
    unsaid = isinstance(name, str) and name.strip() and not plain(name)
    if not data.get("spoken_names") and unsaid:
        yield place.problem(
            ("name",),
            f"{shown(name)} and no spoken_names",
            "a way to say it, in lower-case words",
            'write spoken_names = ["my routine"] below it',
        )
    for i, name in enumerate(_list(data, "spoken_names")):
        if isinstance(name, str) and name.strip():
            yield from _called(name, ("spoken_names", i), place, is_command)


def made_problems(data: Mapping[str, Any], place: Place) -> Iterable[Problem]:
    """A routine is written, or made of what is due, and not both."""
    made, written = "minutes" in data, "exercise" in data
    if not (made or written):
        yield place.problem(
            ("exercise",),
            "nothing",
            "a line exercise = ..., or minutes = ... for what is due",
            'add exercise: write exercise = [{ use = "pelvic-tilt" }]',
        )
    for key in ("exercise", "warm_up", "cool_down"):
        if made and key in data:
            yield place.problem(
                (key,), f"{key} beside minutes", "one of the two", "remove it, or remove minutes"
            )
    if "positions" in data and not made:
        yield place.problem(
            ("positions",), "positions without minutes", "nothing of the kind", "remove it"
        )


def _called_problems(
    data: Mapping[str, Any], key: str, place: Place, is_command: IsCommand
) -> Iterable[Problem]:
    """The name that an exercise is said by."""
    name = data.get(key)
    if isinstance(name, str) and name.strip() and is_command(name):
        yield place.problem(
            (key,), f"{shown(name)}, a command", "a name", f'write {key} = "my {plain(name)}"'
        )


def _called(name: str, key: Key, place: Place, is_command: IsCommand) -> Iterable[Problem]:
    """What a person calls a routine."""
    better = plain(name) or "my routine"
    if is_command(better):
        better = f"my {better}"
    if _SPOKEN.fullmatch(name) and better == name:
        return
    yield place.problem(
        key,
        f"{shown(name)}, a command" if is_command(name) else shown(name),
        "lower-case words without figures, such as lower back",
        f'write "{better}" there',
    )


def _id_problems(data: Mapping[str, Any], place: Place) -> Iterable[Problem]:
    name = data.get("id")
    if isinstance(name, str) and name.strip() and not ID.fullmatch(name):
        better = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "my-own"
        yield place.problem(
            ("id",), shown(name), "lower-case words joined by hyphens", f'write id = "{better}"'
        )


def twice(
    data: Mapping[str, Any], seen: dict[str, Path], path: Path, text: str
) -> Iterable[Problem]:
    name = data.get("id")
    if not isinstance(name, str):
        return
    if name in seen:
        yield Place(path, text).problem(
            ("id",),
            f"{shown(name)}, which {seen[name].name} has too",
            "an id of its own",
            f'write id = "{name}-too"',
        )
    seen.setdefault(name, path)


def _words_problems(
    data: Mapping[str, Any], keys: Sequence[str], place: Place, is_command: IsCommand
) -> Iterable[Problem]:
    for name in keys:
        value = data.get(name)
        if isinstance(value, str):
            yield from _sentence_problems(value, (name,), place, is_command)
        for i, sentence in enumerate(_list(data, name)):
            if isinstance(sentence, str):
                yield from _sentence_problems(sentence, (name, i), place, is_command)


def _sentence_problems(
    text: str, key: Key, place: Place, is_command: IsCommand
) -> Iterable[Problem]:
    if _CRUNCH.search(text):
        yield crunch(place, key, text)
    if len(text) > 400:
        yield place.problem(
            key, f"{len(text)} letters", "at most 400", "say less at once, or make two sentences"
        )
    for sentence in sentences(text):
        if is_command(sentence):
            better = f"Now, {sentence[:1].lower()}{sentence[1:]}"
            if is_command(better):  # a wake phrase with all that follows it
                better = "Well done."
            yield place.problem(
                key,
                f"{shown(sentence)}, which is a command",
                "a sentence that nobody says to command",
                f'write "{better}" for it',
            )


def sentences(text: str) -> list[str]:
    """A text cut after each full stop, question or exclamation mark."""
    return [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part]


def crunch(place: Place, key: Key, found: str) -> Problem:
    name = str(key[-1])
    better = {
        "use": 'use = "bridge"',
        "id": 'id = "bridge-of-mine"',
        "name": 'name = "Bridge of mine"',
        "spoken_name": 'spoken_name = "bridge of mine"',
    }.get(name)
    mend = f"write {better}" if better else 'write "Lift your hips." there, or another movement'
    return place.problem(key, shown(found), f"no crunch or sit-up: {_NO_CRUNCH}", mend)


def holds_exercise(data: Mapping[str, Any]) -> bool:
    """Whether a file is an exercise's, and no routine's."""
    listed = "exercise" in data or "minutes" in data
    return not listed and _describes_exercise(data)


def _describes_exercise(data: Mapping[str, Any]) -> bool:
    return any(key in data for key in ("steps", "mode", "position"))


def misplaced(path: Path, data: Mapping[str, Any], folder: Path) -> list[Problem]:
    """A file that lies where the other kind is read: in this folder of routines, or its folder of
    exercises."""
    exercises = folder / "exercises"
    if path.parent == folder and holds_exercise(data):
        return [Problem(str(path), 0, "", "an exercise", "a routine", f"move it into {exercises}")]
    made = "minutes" in data and not _describes_exercise(data)
    if path.parent == exercises and ("exercise" in data or made):
        return [Problem(str(path), 0, "", "a routine", "an exercise", f"move it into {folder}")]
    return []


def plain(name: str) -> str:
    """A name as one says it, or empty when that can't be told."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = " ".join(re.sub(r"[^a-z' ]+", " ", bare.lower()).split())
    return plain if _SPOKEN.fullmatch(plain) else ""


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}
