"""What a sensible exercise and routine are, beyond the kinds of their values.

Each function yields the problems it sees; none reads a file. Why: a crunch, a hold on a mode
without holds, or a sentence that is a command would only be noticed on the floor.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.content.lines import Key, Lines
from assistant.content.typed import Problem, dotted, nearest, shown
from assistant.content.types import Count, Exercise, Mode, Sides

LIMITS: Mapping[str, tuple[float, float]] = {
    "hold_s": (0, 600),
    "reps": (1, 50),
    "sets": (1, 10),
    "release_s": (1, 60),
    "rest_s": (0, 300),
    "switch_s": (5, 60),
    "setup_s": (0, 120),
    "tempo_s": (2, 30),
    "set_reps": (1, 50),
    "level": (1, 5),
    "n": (0, 60),
    "total_s": (10, 7200),
}
"""What a dose may be: nobody holds for longer, or moves faster, because of a slip of the finger."""

_HOLDS = (Mode.HOLD, Mode.HOLD_REPS, Mode.TIMED)
_REPEATS = (Mode.REPS, Mode.HOLD_REPS, Mode.BREATHS)
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SPOKEN = re.compile(r"[a-z]+(?:[ '-][a-z]+)*")
_CRUNCH = re.compile(r"\bcrunch(?:es|ing)?\b|\bsit-?ups?\b|\bsit ups\b", re.IGNORECASE)
CRUNCH_NAME = re.compile(r"crunch|sit[-_ ]?up", re.IGNORECASE)
_NO_CRUNCH = "crunches and sit-ups bend a sore back under load"
COMMANDS = frozenset(
    (
        *("start", "pause", "wait", "resume", "continue", "go on", "go", "ready", "next", "skip"),
        *("back", "repeat", "again", "stop", "slower", "faster", "louder", "quieter", "ouch"),
        *("that hurts", "help", "yes", "no", "snooze", "i'm up", "list routines", "press"),
    )
)
"""What a person says to command; a coach that says it by itself could obey its own echo."""


class Place:
    """A file, for the problems found in it."""

    def __init__(self, path: Path, text: str) -> None:
        self._file, self._lines = str(path), Lines(text)

    def problem(self, key: Key, found: str, expected: str, mend: str) -> Problem:
        return Problem(self._file, self._lines.of(key), dotted(key), found, expected, mend)


def exercise_problems(
    data: Mapping[str, Any], exercise: Exercise | None, place: Place
) -> Iterable[Problem]:
    yield from _id_problems(data, place)
    yield from _words_problems(data, ("setup", "steps", "breathing", "back", "release"), place)
    yield from _cue_problems(data, (), place)
    for key in ("id", "name", "spoken_name"):
        if CRUNCH_NAME.search(str(data.get(key, ""))):
            yield crunch(place, (key,), str(data[key]))
    if exercise is None:
        return
    if not exercise.steps:
        yield place.problem(("steps",), "an empty list", "what to do", "write a sentence a step")
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
            'write mode = "breaths"',
        )


def dose_problems(
    exercise: Exercise, dose: Mapping[str, Any], key: Key, place: Place
) -> Iterable[Problem]:
    """Keys that would do nothing, as people write them who mean another mode."""
    mode = exercise.mode
    if "hold_s" in dose and mode not in _HOLDS:
        yield place.problem(
            (*key, "hold_s"),
            "a hold",
            f"no hold: {exercise.id} has mode {mode}",
            "write tempo_s, the seconds of one repetition or breath",
        )
    if mode in _HOLDS and "hold_s" in dose and key[0] != "dose" and _below_one(dose["hold_s"]):
        yield place.problem(
            (*key, "hold_s"), shown(dose["hold_s"]), "seconds from 1 to 600", "write hold_s = 5"
        )
    if dose.get("reps", 1) != 1 and mode not in _REPEATS:
        yield place.problem(
            (*key, "reps"),
            "repetitions",
            f"none: {exercise.id} has mode {mode}",
            'write sets, or give the exercise mode = "hold_reps"',
        )
    yield from _pace_problems(exercise, dose, key, place)
    if "switch_s" in dose and exercise.sides is Sides.NONE:
        yield place.problem(
            (*key, "switch_s"),
            "a time to switch sides",
            f"none: {exercise.id} has no sides",
            "remove it",
        )
    if "only_side" in dose and exercise.sides is not Sides.LEFT_RIGHT:
        yield place.problem(
            (*key, "only_side"),
            "one side",
            f"none: {exercise.id} has no left and right to choose from",
            "remove it",
        )
    if "start_side" in dose and exercise.sides is Sides.NONE:
        yield place.problem(
            (*key, "start_side"),
            "a side to start with",
            f"none: {exercise.id} has no sides",
            "remove it",
        )


TEMPO = re.compile(r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,2}")


def _pace_problems(
    exercise: Exercise, dose: Mapping[str, Any], key: Key, place: Place
) -> Iterable[Problem]:
    """Two ways to say one thing, and those that the mode doesn't know."""
    tempo, by_set = dose.get("tempo", ""), dose.get("set_reps", [])
    if isinstance(tempo, str) and tempo:
        low, high = LIMITS["tempo_s"]
        good = TEMPO.fullmatch(tempo) is not None
        if not good or not low <= sum(map(int, tempo.split("-"))) <= high:
            yield place.problem(
                (*key, "tempo"),
                shown(tempo),
                f"whole seconds there, stay and back, {low:g} to {high:g} in all",
                'write tempo = "2-1-3"',
            )
        if exercise.mode is not Mode.REPS:
            yield place.problem(
                (*key, "tempo"),
                "a tempo",
                f"none: {exercise.id} has mode {exercise.mode}",
                'give the exercise mode = "reps"',
            )
        if "tempo_s" in dose:
            yield place.problem(
                (*key, "tempo_s"), "a tempo as well", "one of the two", "keep the one you mean"
            )
    if not by_set:
        return
    if exercise.mode not in _REPEATS:
        yield place.problem(
            (*key, "set_reps"),
            "repetitions",
            f"none: {exercise.id} has mode {exercise.mode}",
            'write sets, or give the exercise mode = "hold_reps"',
        )
    for other in ("reps", "sets"):
        if other in dose:
            yield place.problem(
                (*key, other), "set_reps as well", "one of the two", f"remove {other}"
            )


def _cue_problems(data: Mapping[str, Any], key: Key, place: Place) -> Iterable[Problem]:
    for i, prompt in enumerate(_list(data, "cues")):
        if not isinstance(prompt, dict):
            continue
        at, n, here = prompt.get("at"), prompt.get("n", 0), (*key, "cues", i)
        if isinstance(prompt.get("say"), str):
            yield from _sentence_problems(prompt["say"], (*here, "say"), place)
        if at == "every_n" and n == 0:
            yield place.problem(here, "no n", "how many repetitions or seconds", "write n = 5")
        if at in ("start", "half", "last") and n:
            yield place.problem(
                (*here, "n"), shown(n), f'no n with at = "{at}"', 'remove it, or at = "every_n"'
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
            f"one of: {', '.join(sorted(known))}",
            f'did you mean "{guess}"?' if guess else "remove it",
        )
    if not exercise.family or other.family != exercise.family:
        return place.problem(
            (key,),
            f"{shown(name)} of the family {shown(other.family)}",
            f"one of its own family {shown(exercise.family)}",
            "give both the same family, or remove it",
        )
    up = other.level - exercise.level
    if up >= 0 if key == "easier" else up <= 0:
        than = "below" if key == "easier" else "above"
        return place.problem(
            (key,),
            f"{shown(name)}, which has level {other.level}",
            f"a level {than} {exercise.level}",
            "change one of the levels, or remove it",
        )
    return None


def _below_one(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1


def routine_problems(data: Mapping[str, Any], place: Place) -> Iterable[Problem]:
    yield from _id_problems(data, place)
    yield from _words_problems(data, ("intro", "outro"), place)
    for i, entry in enumerate(_list(data, "exercise")):
        if isinstance(entry, dict) and isinstance(entry.get("setup"), str):
            yield from _sentence_problems(entry["setup"], ("exercise", i, "setup"), place)
        if isinstance(entry, dict):
            yield from _cue_problems(entry, ("exercise", i), place)
    for key in ("id", "name"):
        if CRUNCH_NAME.search(str(data.get(key, ""))):
            yield crunch(place, (key,), str(data[key]))
    name = data.get("name")
    if not data.get("spoken_names") and isinstance(name, str) and not plain(name):
        yield place.problem(
            ("name",),
            f"{shown(name)} and no spoken_names",
            "a way to say it, in lower-case words",
            'write spoken_names = ["my routine"]',
        )
    for i, name in enumerate(_list(data, "spoken_names")):
        if isinstance(name, str) and (not _SPOKEN.fullmatch(name) or name in COMMANDS):
            yield place.problem(
                ("spoken_names", i),
                f"{shown(name)}, a command" if name in COMMANDS else shown(name),
                "lower-case words such as lower back",
                "write it as one says it, without figures",
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
            "rename one of them",
        )
    seen.setdefault(name, path)


def _words_problems(
    data: Mapping[str, Any], keys: Sequence[str], place: Place
) -> Iterable[Problem]:
    for name in keys:
        value = data.get(name)
        if isinstance(value, str):
            yield from _sentence_problems(value, (name,), place)
        for i, sentence in enumerate(_list(data, name)):
            if isinstance(sentence, str):
                yield from _sentence_problems(sentence, (name, i), place)


def _sentence_problems(text: str, key: Key, place: Place) -> Iterable[Problem]:
    if _CRUNCH.search(text):
        yield crunch(place, key, text)
    if len(text) > 400:
        yield place.problem(
            key, f"{len(text)} letters", "at most 400", "say less at once, or make two sentences"
        )
    for sentence in sentences(text):
        if sentence.strip(" .!?,").lower() in COMMANDS:
            yield place.problem(
                key,
                f"{shown(sentence)}, which is a command",
                "a sentence that nobody says to command",
                "add a word or two",
            )


def sentences(text: str) -> list[str]:
    """A text cut after each full stop, question or exclamation mark."""
    return [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part]


def crunch(place: Place, key: Key, found: str) -> Problem:
    return place.problem(
        key,
        shown(found),
        f"no crunch or sit-up: {_NO_CRUNCH}",
        'use another, such as "bridge" or "bird-dog"',
    )


def plain(name: str) -> str:
    """A name as one says it, or empty when that can't be told."""
    plain = " ".join(re.sub(r"[^a-z' ]+", " ", name.lower()).split())
    return plain if _SPOKEN.fullmatch(plain) else ""


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}
