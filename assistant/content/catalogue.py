"""Every sentence that the assistant can say, with where it comes from.

Gathered from what is led (each routine, and each exercise alone, told in full and briefly, with one
repetition more), from what answers "why", from the safety questions, and from the templates of
`sentences`, each filled with what it is filled with in use: names of the library, lengths, times.
It judges nothing: a test and a person read it.
"""

import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.content import (
    plan_sentences,
    read_back,
    safety_question_texts,
    sentences,
    voice_sentences,
    ways,
    welcome_sentences,
)
from assistant.content.limits import sentences as split
from assistant.content.plan import compile_plan, told_to
from assistant.content.types import Exercise, Item, Library, Routine

_CLOCK_S = (None, 54300.0)
"""Five past three, or a machine that doesn't know the time yet."""
_SECONDS = (600.0, 5400.0)
FILLED_ELSEWHERE = frozenset(
    {"BACK_IN", "RESTARTED", "KNOWN", "STAND", "STANDING", "STANDING_KNOWN"}
)
"""Templates that one of the functions of `sentences` fills."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or a few that are said in one breath."""

    text: str
    where: str
    """The name of a template, or a file of `routines`."""


def every_sentence(library: Library) -> list[Sentence]:
    """All of them, each once, in the order of a session: its own sentences, then the routines'."""
    own = [*_constants(library), *_filled(library), *_asked()]
    found = [*own, *_placing(library), *_led(library), *_answered(library)]
    first: dict[str, Sentence] = {}
    for sentence in found:
        first.setdefault(sentence.text, sentence)
    return list(first.values())


# --- its own ------------------------------------------------------------------


def _constants(library: Library) -> Iterator[Sentence]:
    first, second, *_ = [routine.spoken_names[0] for routine in library.routines.values()]
    places = {
        "wake": ("hey coach",),
        "name": (first, second),
        "names": (f"{first} and {second}",),
        "pack": ("ice", "heat"),
        "reason": ("it is gone",),
        "heard": ("yes", "hey coach"),
    }
    for module in (sentences, plan_sentences, welcome_sentences, voice_sentences, read_back):
        where = module.__name__.rpartition(".")[2]
        for name, value in vars(module).items():
            if name.isupper() and name[0] != "_" and name not in FILLED_ELSEWHERE:
                for template in _texts(value):
                    yield from (Sentence(t, f"{where}.{name}") for t in _placed(template, places))


def _texts(value: Any) -> Iterable[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from value.values()
        case tuple():
            yield from value
        case _:
            pass  # a number


def _placed(template: str, places: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """A template with its place filled, once with each value."""
    names = [name for _, name, _, _ in string.Formatter().parse(template) if name]
    if not names:
        yield template
        return
    for value in places[names[0]]:
        yield template.format_map({names[0]: value})


def _filled(library: Library) -> Iterator[Sentence]:
    for template, *values in calls(library):
        module = template.__module__.rpartition(".")[2]
        yield Sentence(template(*values), f"{module}.{template.__name__}")


def calls(library: Library) -> Iterator[tuple[Any, ...]]:
    """Every function of the modules of sentences with values as the coach gives them."""
    s = sentences
    names = [routine.spoken_names[0] for routine in library.routines.values()]
    yield from ((s.known, some) for some in (names[:1], names[:2], names))
    for exercise in library.exercises.values():
        yield from _about(exercise, library)
    yield from ((s.hello, name) for name in ("Maria", "John"))
    yield from ((s.next_up, ""), (s.time_left, 0.0, "", 600.0))
    for at in _CLOCK_S:
        yield from ((s.next_stand, seconds, at) for seconds in _SECONDS)
        yield from ((read_back.every, seconds, at) for seconds in (*_SECONDS, 3600.0))
        yield from ((read_back.every, 7200.0, at, limit) for limit in ("longest", "shortest"))
        yield from ((_snoozed, 300.0, at, n, most) for n in (0, 1, 3) for most in (0, 1))
        yield from ((_quiet, 43200.0, at, more, most) for more in (0, 1) for most in (0, 1))
        yield from ((f, at) for f in (s.noted, s.welcome_back, s.reminders_on, s.sit))
        yield (_noted, at)
    yield from ((f, seconds) for f in (s.restarted, s.stand, s.standing) for seconds in _SECONDS)
    yield from ((s.stand, seconds, times) for seconds in _SECONDS for times in (6, 7, 8))
    yield from ((s.standing, seconds, 6) for seconds in _SECONDS)
    yield from ((_more_time, seconds, most) for seconds in (0, 5.0, 10.0, 30.0) for most in (0, 1))
    yield from ((_more_units, n, b, most) for n in (0, 1, 2) for b in (0, 1) for most in (0, 1))
    yield from ((s.up_still, 60.0), (s.code, "407312"), (s.halfway, 0))
    yield from ((_how_many, n, m, after) for n in (0, 1, 3) for m in (0, 1, 4) for after in (0, 1))
    yield (read_back.not_understood, ())
    yield (read_back.not_understood, (), sentences.HELP_NUMBER)
    yield (read_back.not_understood, ("snooze ten minutes", "quiet for ten minutes"))
    yield from ((f, value) for f in (s.much_pain, s.pain_lately) for value in (6, 8))
    yield from ((s.without_answer, name) for name in names)
    yield from _planned(names)
    for pack in ("ice", "heat"):
        yield from ((_timer, pack, 1200.0, more, first) for more in (0, 1) for first in (0, 1))
        yield (s.timer_left, pack, 600.0)
    yield from ((f, rest) for f in (s.timer_rest, s.timer_ended, s.skin_rests) for rest in _SECONDS)
    yield (s.timer_ended, 0.0)
    for period in ("today", "month"):
        yield (plan_sentences.did, period, 0, 0, None, 0, 0.0, 0)
        yield (plan_sentences.did, period, 5, 6, 95.0, 2, 1800.0, 4)
        yield (plan_sentences.did, period, 2, 0, None, 0, 0.0, 0)


def _planned(names: list[str]) -> Iterator[tuple[Any, ...]]:
    s, half_past_six = plan_sentences, 66600.0
    yield from ((s.planned, half_past_six, name, 600.0) for name in names)
    yield from ((s.today, name, 600.0, half_past_six) for name in names)
    yield from ((f, name) for f in (s.other_instead, s.instead_of) for name in names)
    yield from ((s.hello, at) for at in (None, 25200.0, 50400.0, half_past_six))
    for told in (s.moved, s.this_once):
        yield from ((told, days, 4, half_past_six) for days in (0, 1, 2))
    yield from ((s.later, half_past_six), (s.went_easily, names[0]))
    yield from ((s.sent, names[:1]), (s.sent, names[:3]))
    yield from ((s.first_weeks, days) for days in (1, 12))
    yield from ((s.goal, 4), (s.goal_day, 2, 4), (s.goal_day, 4, 4))
    yield (s.look_back, 0, 0, 0.0, 0, None, None, 3)
    yield (s.look_back, 4, 5, 2400.0, 30, 40.0, 90.0, None)
    yield (s.look_back, 1, 1, 600.0, 0, None, None, None)
    yield from ((s.look_back, days, 5, 2400.0, 12, 40.0, 45.0, 4) for days in (0, 1, 3, 4))
    for days in (
        ("exercises",) * 7,
        ("strength", "", "mobility", "", "exercises", "", ""),
        ("own", "", "", "own", "", "", ""),
    ):
        yield (s.week, days, half_past_six, {"own": names[0]})


def _about(exercise: Exercise, library: Library) -> Iterator[tuple[Any, ...]]:
    s, name = sentences, exercise.spoken_name
    yield from ((s.next_up, name), (s.time_left, 45.0, name, 600.0))
    yield from ((s.back_in, name, side) for side in ("", "left", "right"))
    if exercise.easier in library.exercises:
        yield (s.easier_instead, library.exercises[exercise.easier].spoken_name)
    if exercise.harder in library.exercises:
        yield (s.went_well, library.exercises[exercise.harder].spoken_name)
    orgs = [source.org for source in exercise.sources if source.org != "own"]
    yield (s.why, name, orgs, exercise.phase)


def _quiet(seconds: float, time_of_day_s: float | None, more: int, most: int) -> str:
    return read_back.quiet(seconds, time_of_day_s, ask_for_time=bool(more), most=bool(most))


def _snoozed(seconds: float, time_of_day_s: float | None, left: int, most: int) -> str:
    return read_back.snoozed(seconds, time_of_day_s, left, most=bool(most))


def _noted(time_of_day_s: float | None) -> str:
    return sentences.noted(time_of_day_s, known=True)


def _more_time(seconds: float, most: int) -> str:
    return read_back.more_time(seconds, most=bool(most))


def _more_units(units: int, breaths: int, most: int) -> str:
    return read_back.more_units(units, breaths=bool(breaths), most=bool(most))


def _how_many(repetitions: int, exercises: int, after: int) -> str:
    return read_back.how_many(repetitions, exercises, after=bool(after))


def _timer(pack: str, seconds: float, capped: int, first: int) -> str:
    return sentences.timer_begun(pack, seconds, capped=bool(capped), first=bool(first))


for _one, _named in (
    *((_quiet, read_back.quiet), (_snoozed, read_back.snoozed), (_noted, sentences.noted)),
    *((_more_time, read_back.more_time), (_more_units, read_back.more_units)),
    *((_timer, sentences.timer_begun), (_how_many, read_back.how_many)),
):
    _one.__name__, _one.__module__ = _named.__name__, _named.__module__  # as they are listed


def _asked() -> Iterator[Sentence]:
    """The safety questions, as one by one they are put."""
    own = (
        safety_question_texts.FIRST,
        safety_question_texts.AGAIN,
        safety_question_texts.CONFIRM,
        safety_question_texts.CONFIRM_FEVER,
        *safety_question_texts.SAID.values(),
    )
    yield from (Sentence(text, "screening") for text in own)
    for question in safety_question_texts.QUESTIONS:
        for one in (question, question.follow_up):
            if one is not None:
                where = f"screening.{question.id}"
                yield from (Sentence(text, where) for text in (one.text, one.help))


# --- the routines' ------------------------------------------------------------


def _led(library: Library) -> Iterator[Sentence]:
    alone = [_alone(exercise) for exercise in library.exercises.values()]
    for routine in (*library.routines.values(), *alone):
        where = _name(routine.file)
        plan = compile_plan(routine)
        for told in (plan, told_to(plan, plan.exercise_ids)):
            for segment in told.segments:
                yield from (Sentence(cue.text, where) for cue in (*segment.cues, *segment.unit))


def _placing(library: Library) -> Iterator[Sentence]:
    """The ways from one position to the next, where they aren't a routine's own."""
    for text in (*ways.every_way(), *(one.in_place for one in library.exercises.values())):
        sided = {text.replace("{side}", side) for side in ("left", "right")}
        yield from (Sentence(part, "ways") for one in sorted(sided) for part in split(one))


def _alone(exercise: Exercise) -> Routine:
    """Each exercise, begun on either side: those that no routine uses are heard too."""
    items = tuple(
        Item(exercise=exercise, dose=exercise.dose, start_side=side) for side in ("left", "right")
    )
    return Routine(
        id=exercise.id,
        name=exercise.name,
        spoken_names=(exercise.spoken_name,),
        intro="",
        items=items,
        file=exercise.file,
    )


def _answered(library: Library) -> Iterator[Sentence]:
    """What there is to take care of, for whoever asks."""
    for exercise in library.exercises.values():
        said = compile_plan(_alone(exercise)).care[0]
        yield from (Sentence(text, _name(exercise.file)) for text in said)


def _name(file: str) -> str:
    path = Path(file)
    inside = path.parent.name == "exercises"
    return f"routines/exercises/{path.name}" if inside else f"routines/{path.name}"
