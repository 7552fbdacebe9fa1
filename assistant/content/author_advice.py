"""What is allowed in a routine and yet seldom meant: said by `assistant routines check`.

Each piece of advice is a `Problem`, with line and cure, that keeps nobody from being led. What
makes a file unusable is `limits`'s business.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from assistant.content.conditions import RULES, Condition
from assistant.content.figure_advice import figure_advice
from assistant.content.limits import sentences
from assistant.content.plan import compile_plan
from assistant.content.rests import TIRING
from assistant.content.toml_lines import Key
from assistant.content.toml_reader import Problem, shown
from assistant.content.types import (
    At,
    Exercise,
    Item,
    Kind,
    Mode,
    Movement,
    Phase,
    Plan,
    Position,
    Routine,
)
from assistant.content.where_in_file import Place

_TURN_S = 10.0
"""Getting into another position takes at least this."""
_CROWD_S = 1.0
_LONG_WORDS = 22
_SPOKEN = re.compile(r"[A-Za-zÀ-ɏ0-9\s.,;:!?…'\"()’‘“”–—-]")
_PLACED = re.compile(r"(?:Put|Place|Lay|Step|Take|Bring|Bend|Turn)\b")
"""How a sentence begins that moves no weight: hands, elbows or feet come to where they are used."""
_WORD = re.compile(r"[a-z]{4,}")
_EMPTY = frozenset({"your", "with", "from", "both", "that", "this", "slowly", "gently", "nearly"})
_STANDING = (Position.STANDING, Position.SEATED)


def advice(
    routine: Routine, data: Mapping[str, Any], place: Place, words: Collection[str] = ()
) -> list[Problem]:
    """What to think about in this routine, whose file holds `data`. `words` are those that the
    speech model knows; without any, names aren't looked at."""
    total_s = compile_plan(routine).total_s
    if routine.minutes:
        return [*_unheard(routine, words, place), *_unspoken(data, place)]
    routine = replace(routine, items=routine.written or routine.items)
    plan = compile_plan(routine)
    return [
        *_uneven(routine, plan, place),
        *_restless(routine, place),
        *_hurried(routine, place),
        *_mixed(routine, place),
        *_early(routine, place),
        *_own_unsaid(routine, data, plan, place),
        *_another_time(routine, total_s, place),
        *_unheard(routine, words, place),
        *_unspoken(data, place),
    ]


def exercise_advice(exercise: Exercise, data: Mapping[str, Any], place: Place) -> list[Problem]:
    """The same for a file that holds an exercise."""
    item = Item(exercise=exercise, dose=exercise.dose)
    routine = Routine(id="x", name="X", spoken_names=("x",), intro="", items=(item,))
    said = _said(compile_plan(routine), 0)
    return [
        *_unstated(exercise, place),
        *_only_told(exercise, place),
        *_told_early(exercise, place),
        *_unsaid(item, said, (), place),
        *_unspoken(data, place),
        *(figure_advice(exercise.figure, place) if exercise.figure is not None else ()),
    ]


def _told_early(exercise: Exercise, place: Place) -> Iterable[Problem]:
    """First the body is placed, then it is told how it moves, as it is done. On hands and knees, or
    kneeling, all is told before one gets there."""
    placed = [text for text in sentences(exercise.ready) if _PLACED.match(text)]
    if not placed or exercise.position in TIRING:
        return
    moved = {word for word in _WORD.findall(exercise.move.lower()) if word not in _EMPTY}
    for number, step in enumerate(exercise.steps):
        if again := sorted(moved.intersection(_WORD.findall(step.lower()))):
            yield place.problem(
                ("steps", number),
                f"what move says too ({', '.join(again)}), told before {shown(placed[0])}",
                "the movement told once the body is in place",
                'leave it to move, or write it as cues = [{ at = "start", say = ... }]',
            )


def _unstated(exercise: Exercise, place: Place) -> Iterable[Problem]:
    if exercise.movements is None:
        yield place.problem(
            ("movements",),
            "none stated, so whoever has told of a condition isn't led through it",
            f"what it asks of the body, of: {', '.join(Movement)}",
            "write movements = [...] above [dose], or [] for a still spine that carries nothing",
        )


_NAMED: Mapping[Condition, str] = {
    Condition.OSTEOPOROSIS: r"osteopor|(?:thin|brittle) bones",
    Condition.STENOSIS: r"stenosis|spondylolisthesis|slipped vertebra",
    Condition.SURGERY: r"surgery|operation|operated",
    Condition.HIP_REPLACEMENT: r"(?:replaced|artificial|new) hip|hip (?:replacement|prosthesis)",
    Condition.PREGNANCY: r"pregnan",
    Condition.LEG_PAIN: r"sciatica|leg pain|pain (?:down|in) (?:a|the|your) leg",
}
_NOT_TO_DO = re.compile(r"\b(?:leave|not|skip|avoid|never)\b|[^.!?]$", re.IGNORECASE)
"""In a caution that keeps somebody from the exercise, or is a mere word."""


def _only_told(exercise: Exercise, place: Place) -> Iterable[Problem]:
    """A condition among the cautions is said aloud, and leaves the exercise out for nobody."""
    for number, text in enumerate(exercise.contraindications):
        for condition, named in _NAMED.items():
            led = condition not in exercise.leave_out_with
            if led and _NOT_TO_DO.search(text) and re.search(named, text, re.IGNORECASE):
                among = ", ".join(sorted(RULES[condition].movements))
                yield place.problem(
                    ("contraindications", number),
                    f"{shown(text)}, which is only said: who told of it is led all the same",
                    "a movement for which it is left out",
                    f"add what it asks of the body to movements, of: {among}",
                )


def replacing(
    mine: Exercise | Routine, shipped: Mapping[str, Exercise | Routine], place: Place
) -> list[Problem]:
    """That a file of a person's own takes the place of one that comes along."""
    old = shipped.get(mine.id)
    if old is None or old == replace(mine, file=old.file):
        return []
    return [
        place.problem(
            ("id",),
            f'"{mine.id}", which takes the place of "{old.name}" that comes along',
            "an id of its own, unless that is meant",
            f'write id = "my-{mine.id}"',
        )
    ]


def _uneven(routine: Routine, plan: Plan, place: Place) -> Iterable[Problem]:
    """Left and right add up to the same, exercise by exercise, wherever in the routine they are."""
    by_exercise: dict[str, dict[str, float]] = {}
    last: dict[str, int] = {}
    for segment in plan.segments:
        if segment.kind is Kind.WORK and segment.side:
            ident = plan.exercise_ids[segment.item]
            worked = by_exercise.setdefault(ident, {"left": 0.0, "right": 0.0})
            worked[segment.side] += segment.length_s
            last[ident] = segment.item
    for ident, worked in by_exercise.items():
        more = worked["left"] - worked["right"]
        if abs(more) > 0.5:
            side, other = ("left", "right") if more > 0 else ("right", "left")
            number = last[ident]
            yield place.problem(
                ("exercise", number, "only_side"),
                f"{abs(more):g} s more for the {side} side than for the {other}",
                "the same for both sides",
                f'add use = "{ident}", only_side = "{other}", if it isn\'t meant so',
            )


def _restless(routine: Routine, place: Place) -> Iterable[Problem]:
    positions = [item.exercise.position for item in routine.items]
    changes = [i for i, (one, other) in enumerate(pairwise(positions), 1) if one is not other]
    enough = len(set(positions)) - 1
    if len(changes) > enough:
        seen = {positions[0]}
        again = changes[0]
        for i in changes:
            again = i
            if positions[i] in seen:
                break
            seen.add(positions[i])
        yield place.problem(
            ("exercise", again, "use"),
            f"{len(changes)} changes of position in the routine",
            f"{enough}, which is enough for these exercises",
            f"put it beside the others that are done {_done(positions[again])}",
        )


def _done(position: Position) -> str:
    """The position as one says it: "on the back"."""
    return {
        Position.SUPINE: "on the back",
        Position.PRONE: "on the front",
        Position.SIDE: "on the side",
        Position.ALL_FOURS: "on hands and knees",
        Position.HALF_KNEELING: "on one knee",
    }.get(position, position.value)


def _hurried(routine: Routine, place: Place) -> Iterable[Problem]:
    before = Position.STANDING
    for number, item in enumerate(routine.items):
        now = item.exercise.position
        floor = (now in _STANDING) != (before in _STANDING)
        least = 20.0 if floor else _TURN_S
        if now is not before and item.dose.setup_s < least and (floor or number):
            yield place.problem(
                ("exercise", number, "setup_s"),
                f"{item.dose.setup_s:g} s to get {_done(now)}",
                f"{least:g} s or more",
                f"write setup_s = {30 if floor else 15}",
            )
        before = now


def _mixed(routine: Routine, place: Place) -> Iterable[Problem]:
    """A few exercises for strength among gentle ones; a gentle one to begin strength is fine."""
    strength = [i for i, item in enumerate(routine.items) if _phase(item) is Phase.STRENGTH]
    if 0 < len(strength) * 2 <= len(routine.items):
        name = routine.items[strength[0]].exercise.id
        yield place.problem(
            ("exercise", strength[0], "use"),
            f"{shown(name)}, which is for days without pain, among gentler ones",
            "a routine for one time: in pain, or when it has receded",
            "make two routines of it",
        )


def _phase(item: Item) -> Phase:
    return item.exercise.phase


def _early(routine: Routine, place: Place) -> Iterable[Problem]:
    if "morning" not in f"{routine.name} {' '.join(routine.spoken_names)}".lower():
        return
    for number, item in enumerate(routine.items):
        if item.exercise.flexion:
            yield place.problem(
                ("exercise", number, "use"),
                f"{shown(item.exercise.id)}, which bends the back forward",
                "none of these in the first hour of the day",
                "leave it for later in the day",
            )


def _own_unsaid(
    routine: Routine, data: Mapping[str, Any], plan: Plan, place: Place
) -> Iterable[Problem]:
    """Of the cues that this file gives; those of an exercise's own file may be left unsaid."""
    for number, (item, entry) in enumerate(zip(routine.items, data["exercise"], strict=True)):
        if "cues" in entry:
            yield from _unsaid(item, _said(plan, number), ("exercise", number), place)


def _said(plan: Plan, number: int) -> str:
    segments = (segment for segment in plan.segments if segment.item == number)
    return " ".join(cue.text for segment in segments for cue in segment.cues)


def _unsaid(item: Item, said: str, key: Key, place: Place) -> Iterable[Problem]:
    """Cues for which a hold, a repetition or a breath is too short."""
    for i, prompt in enumerate(item.exercise.cues):
        if " ".join(sentences(prompt.say)) not in said and not _needs_more(item, prompt.at):
            yield place.problem(
                (*key, "cues", i),
                f"{shown(prompt.say)}, for which there is no time",
                "a sentence that fits between the counts",
                "say it shorter, or take a longer hold, tempo or release",
            )


def _needs_more(item: Item, at: At) -> bool:
    """With a single hold there is no other one for the cue to stand before."""
    several = item.exercise.mode is Mode.HOLD_REPS
    return several and item.dose.reps == 1 and at is not At.START


def _another_time(routine: Routine, total_s: float, place: Place) -> Iterable[Problem]:
    if routine.total_s and abs(total_s - routine.total_s) > _CROWD_S:
        yield place.problem(
            ("total_s",),
            f"{routine.total_s:g} s",
            f"{total_s:.0f} s, which is what it takes",
            f"write total_s = {total_s:.0f}, or change the exercises",
        )


def _unheard(routine: Routine, words: Collection[str], place: Place) -> Iterable[Problem]:
    if not words:
        return
    for i, name in enumerate(routine.spoken_names):
        lacking = [word for word in name.split() if word not in words]
        if lacking:
            yield place.problem(
                ("spoken_names", i),
                f"{', '.join(map(shown, lacking))}, which the speech model doesn't know",
                "words that it can hear",
                "give it another spoken name; by hand it can be started as it is",
            )


_BEGINS = r"(?:^|[.!?,;:]\s+|\b[Pp]lease\s+)"
_MISREAD: tuple[tuple[str, str, str], ...] = (
    (
        rf"{_BEGINS}[Uu]se\b",
        'which the voice says like the "use" of a thing',
        "say take, or put it in another place of the sentence",
    ),
    (rf"{_BEGINS}[Cc]lose\b", 'which the voice says as in "close to"', "say shut"),
    (
        rf"{_BEGINS}(?:[Ss]eparate|[Aa]lternate)\b",
        'which the voice says as in "a separate room"',
        "say part, or change over",
    ),
    (rf"{_BEGINS}[Bb]ow\b", "which the voice says like the bow of an archer", "say bend"),
    (r"\b[Pp]ilates\b", "which the voice says like the word pill", "leave it out"),
    (r"\b[Kk]egels?\b", "which the voice says like no word", "say pelvic floor"),
    (r"\b[Ww]ind\b", "which the voice says like the wind that blows", "say turn, or slow down"),
    (r"\b[Ss]ecs?\b", "which the voice says like another word", "write seconds"),
    (r"\b[Mm]ins\b", "which the voice says as it is spelt", "write minutes"),
    (r"\b\d*(?:lbs?|kgs?|cm|TVA|QL)\b", "which the voice spells", "write the word"),
    (r"\b(?:II|III|IV|VI{0,3}|IX)\b", 'which the voice reads as "roman"', "write two for II"),
    (r"\b(?:SI|ITB|ROM|ACL)\b", "letters that the voice reads as a word", "write it out"),
    (r"\b(?:IT|US)\b", "which the voice spells", "write it in small letters"),
    (r"\b(?:approx|Dr|No|Nr|resp|vs)\.", "after which the voice makes a full stop", "write it out"),
)
"""What the voice, espeak-ng, says in ways of its own, and what to write instead."""

_SPOKEN_KEYS: Mapping[str, Callable[[Any], Iterable[tuple[Key, Any]]]] = {
    **dict.fromkeys(
        (
            *("intro", "outro", "setup", "breathing", "ready", "move", "release", "back", "done"),
            *("switch", "between_sets", "stop_if", "side", "spoken_name", "say"),
        ),
        lambda value: [((), value)],
    ),
    **dict.fromkeys(
        ("steps", "mistakes", "contraindications"),
        lambda value: [((i,), one) for i, one in enumerate(value)],
    ),
}


def _unspoken(data: Mapping[str, Any], place: Place) -> Iterable[Problem]:
    """Texts that the voice would spell out, or that nobody can follow by ear."""
    for key, text in _texts(data, ()):
        text = text.replace("{side}", "left").replace("{other}", "right")
        if odd := sorted(set(_SPOKEN.sub("", text))):
            yield place.problem(
                key,
                f"{shown(''.join(odd))}, which the voice can't say or spells out",
                "words",
                "write it as one says it",
            )
        if re.search(r"\d", text):
            yield place.problem(
                key, "figures", "numbers as words, which sound more even", "write ten for 10"
            )
        for word, why, mend in misread(text):
            yield place.problem(
                key, f"{shown(word)}, {why}", "words that the voice says as they are meant", mend
            )
        for sentence in sentences(text):
            if len(sentence.split()) > _LONG_WORDS:
                yield place.problem(
                    key,
                    f"a sentence of {len(sentence.split())} words",
                    f"at most {_LONG_WORDS}: one instruction a sentence",
                    "make two of it",
                )


def misread(text: str) -> list[tuple[str, str, str]]:
    """Words of a sentence that the voice says in a way of its own: each, how, and what to do."""
    found = ((re.search(pattern, text), why, mend) for pattern, why, mend in _MISREAD)
    return [(one.group().strip(" .,;:!?"), why, mend) for one, why, mend in found if one]


def _texts(value: Any, key: Key) -> Iterable[tuple[Key, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in _SPOKEN_KEYS:
                for more, text in _SPOKEN_KEYS[name](inner):
                    if isinstance(text, str):
                        yield (*key, name, *more), text
            elif isinstance(inner, Mapping | list):
                yield from _texts(inner, (*key, name))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _texts(inner, (*key, i))
