"""A routine compiled to a flat timed plan: getting there, being told how, working, resting.

It decides what is said when, and how long everything takes. Work lasts exactly its dose; all
else lasts at least as long as its speech. What is done on hands and knees, or kneeling, is
explained before one gets there, and between two of these, and after a long side, one may come
down: nobody has to listen, or to stay, in a position that tires. What leads into a hold (raise the
leg, breathe out, and lift) closes the stretch before it, so that the work begins when the body is
there; the sentence that ends a hold opens the stretch after it, so that the hold ends on time. When
a plan pauses or is skipped is the coach's business.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from assistant.content import cautions, counts_and_cues, words
from assistant.content.limits import sentences
from assistant.content.rests import TIRING, between_sets, ending_of, rest, sided, switch
from assistant.content.speech import estimate_s
from assistant.content.stretches import AFTER_S, LEAD_S, Line, Paced, cue, cues, paced, stretch
from assistant.content.types import (
    Count,
    Dose,
    Exercise,
    Item,
    Kind,
    Mode,
    Movement,
    Plan,
    Position,
    Rank,
    Routine,
    Segment,
    Sides,
    Sound,
)
from assistant.content.ways import THERE

_RESTS_S = {True: 3.0, False: 1.5}
"""From the end of "lower" to the next lift, where it carries load: time to come down, and let go;
less where it doesn't."""
_GET_SET = ("Get set.", 0.0)
_LONG_SIDE_S = 60.0
"""After so long on hands and knees one may come down before the other side."""

_SAYABLE = re.compile(r"[A-Za-z][A-Za-z ,'-]*")


def compile_plan(routine: Routine) -> Plan:
    """Lay a routine out in time, at pace 1.0."""
    body: list[Segment] = []
    ending: list[Line] = []
    items = [_sounding(item, routine.sound) for item in routine.items]
    silent = routine.sound is Sound.SILENT
    cared: set[str] = set()
    for index, item in enumerate(items):
        ahead, caring = (told(item.exercise, cared) for told in (cautions.ahead, cautions.briefly))
        cared.update((*ahead, *caring))
        body += _exercise(item, index, ahead, caring, ticking=routine.sound is Sound.FULL)
        there = routine.ends in (None, item.exercise.position)
        ending = ending_of(item.exercise) if there and not routine.last_left else []
        if index + 1 < len(items):
            following = items[index + 1].exercise
            body.append(rest(item, index, following))
    outro = stretch(Kind.OUTRO, -1, "Done", [*ending, *cues(routine.outro)], 0)
    segments = [*body, outro]
    texts = (_sentence(_title_of(routine)), "", *sentences(routine.intro))
    rest_s = sum(segment.length_s for segment in segments)
    delicate = any(cautions.delicate(item.exercise) for item in items)
    if delicate or rest_s >= cautions.LONG_S:
        texts = (*texts, *sentences(cautions.END_AT_ONCE))
    intro = _intro(routine.name, texts, rest_s)
    return Plan(
        id=routine.id,
        name=routine.name,
        spoken_name=routine.spoken_names[0],
        exercises=tuple(item.exercise.spoken_name for item in routine.items),
        exercise_ids=tuple(item.exercise.id for item in routine.items),
        segments=(intro, *segments),
        phases=tuple(item.exercise.phase for item in routine.items),
        sides=tuple(item.sides for item in routine.items),
        care=tuple(cautions.everything(item.exercise) for item in routine.items),
        explained=tuple(
            replace(_steps(one, i, (), cautions.everything(one.exercise)), brief=None)
            for i, one in enumerate(items)
        ),
        silent=silent,
        delicate=delicate,
    )


def pace_stretch(kind: Kind, pace: float) -> float:
    """By how much a slow voice makes a stretch longer: work takes its time, whoever speaks."""
    return 1.0 if kind is Kind.WORK else max(1.0, 1.0 / pace)


def told_to(plan: Plan, known: Collection[str], pace: float = 1.0) -> Plan:
    """The plan for a person who knows these exercises (their ids): of their steps only what matters
    most is told, of all others everything, and the total time at the start is that of this plan at
    this pace of the voice."""
    segments = []
    for segment in plan.segments:
        whole = segment.full or segment
        if whole.brief is not None and plan.exercise_ids[whole.item] in known:
            segments.append(replace(whole.brief, full=whole))
        else:
            segments.append(whole)
    if tuple(segments) == plan.segments and pace >= 1.0:
        return plan
    intro, *rest = segments
    texts = [cue.text for cue in intro.cues]
    if texts[1:] and texts[1].startswith("About ") and not words.is_length(texts[0][:-1]):
        rest_s = sum(one.length_s * pace_stretch(one.kind, pace) for one in rest)
        intro = _intro(intro.title, texts, rest_s, pace_stretch(intro.kind, pace))
    return replace(plan, segments=(intro, *rest))


def _title_of(routine: Routine) -> str:
    """Its name, unless that holds figures or signs: then what a person calls it."""
    return routine.name if _SAYABLE.fullmatch(routine.name) else routine.spoken_names[0]


def _intro(title: str, texts: Sequence[str], rest_s: float, slower: float = 1.0) -> Segment:
    """The name, the total time unless that is the name, the routine's own words; its own length is
    part of the total."""
    name, _, *own = texts
    total = rest_s
    for _ in range(3):
        length = words.length(60 if 59 <= total < 60 else total)
        told = [] if words.is_length(name[:-1]) else [cue(f"About {length}.")]
        lines = [cue(name), *told, *map(cue, own)]
        intro = stretch(Kind.INTRO, -1, title, lines, 0)
        total = rest_s + intro.length_s * slower
    return intro


def _sounding(item: Item, sound: Sound) -> Item:
    """Quiet holds aren't counted; breaths and repetitions are what leads the movement, and stay."""
    held = item.exercise.mode in (Mode.HOLD, Mode.HOLD_REPS, Mode.TIMED)
    if sound is not Sound.QUIET or not held or item.exercise.count is Count.BREATHS:
        return item
    return replace(item, exercise=replace(item.exercise, count=Count.SILENT))


def _exercise(
    item: Item, index: int, ahead: Sequence[str], caring: Sequence[str], *, ticking: bool
) -> Iterator[Segment]:
    """What of its cautions is told before one gets there, and `caring`: with its steps."""
    exercise, dose, both = item.exercise, item.dose, item.sides
    sides = both if item.only_side or exercise.sides is Sides.LEFT_RIGHT else ("",)
    into = _into(exercise, dose)
    first = into or [_GET_SET]
    if exercise.position in TIRING:
        yield _steps(item, index, ahead, caring)
        yield _setup(exercise, dose, index, both)
        yield stretch(Kind.STEPS, index, exercise.name, [], 0, last=first, after_s=LEAD_S)
    else:
        yield _setup(exercise, dose, index, both, _named(exercise, index), ahead)
        yield _steps(item, index, (), caring)
    for set_number, in_set in enumerate(dose.by_set(), 1):
        spent_s = 0.0
        for place, side in enumerate(sides):
            if place:
                long = exercise.position is Position.ALL_FOURS and spent_s >= _LONG_SIDE_S
                yield switch(exercise, dose, index, side, into, comes_down=long)
            elif set_number > 1:
                yield between_sets(exercise, dose, index, set_number, side, into)
            for segment in _side(exercise, in_set, index, side, both):
                spent_s += segment.length_s
                yield segment if ticking else replace(segment, ticks=(), beats=())


def _named(exercise: Exercise, index: int) -> str:
    name = exercise.spoken_name
    return f"First, {name}." if index == 0 else _sentence(name)


def _setup(
    exercise: Exercise,
    dose: Dose,
    index: int,
    both: Sequence[str],
    named: str = "",
    ahead: Sequence[str] = (),
) -> Segment:
    """Getting there. Which side comes first is said before anybody lies on the wrong one, and whom
    it is not for before anybody moves."""
    way = exercise.setup.removesuffix(THERE)
    lines = cues(sided(way, both[0]))
    named_side = exercise.sides is Sides.LEFT_RIGHT or _turns_held(exercise)
    if named_side and "{side}" not in exercise.setup:
        order = "first" if both[1:] else "only"
        lines.append(cue(f"{both[0].capitalize()} {exercise.side} {order}."))
    if way != exercise.setup:
        lines.append(cue(THERE))

    def told(cautious: Sequence[Line]) -> Segment:
        said = [*cues(named), *cautious, *lines]
        least_s = dose.setup_s + sum(estimate_s(text) for text, _ in cautious)
        return stretch(Kind.SETUP, index, exercise.name, said, least_s)

    return replace(told([cue(text) for text in ahead]), brief=told([])) if ahead else told([])


def _steps(item: Item, index: int, ahead: Sequence[str], caring: Sequence[str]) -> Segment:
    """How it is done; with what leads into the work, unless one has yet to get there."""
    exercise = item.exercise
    waits = exercise.position in TIRING
    before = cues(_named(exercise, index)) if waits else []
    last = [] if waits else _into(exercise, item.dose) or [_GET_SET]
    lines = [cue(step) for step in (*ahead, *exercise.steps)]
    if exercise.breathing:
        lines += cues(exercise.breathing)
    lines += [cue(text) for text in caring]
    mind = [(text, Rank.TIP) for mistake in exercise.mistakes[:1] for text in sentences(mistake)]
    after_s = LEAD_S if last else AFTER_S

    def told(lines: Sequence[Line]) -> Segment:
        said = [*before, *lines]
        return stretch(Kind.STEPS, index, exercise.name, said, 0, last=last, after_s=after_s)

    return replace(told([*lines, *mind]), brief=told(mind))


def _into(exercise: Exercise, dose: Dose) -> list[Paced]:
    """What leads into the first hold, or the first repetition, of a side."""
    moved = exercise.move if exercise.mode in (Mode.HOLD, Mode.HOLD_REPS, Mode.TIMED) else ""
    ready = paced(sentences(exercise.ready), dose.ready_s)
    return [*ready, *paced(sentences(moved), dose.move_s)]


def _side(
    exercise: Exercise, dose: Dose, index: int, side: str, both: Sequence[str]
) -> Iterator[Segment]:
    """All the work of one side (or of both in turn), with the releases within it."""
    turns = _turns(exercise, dose, side, both)
    alternating = len(turns) // dose.reps if exercise.mode is Mode.HOLD_REPS else 1
    for turn, at_side in enumerate(turns):
        if turn:
            last = _again(turn, turns, exercise.move, dose.move_s)
            own = ""
            if turn % alternating == 0:
                own = counts_and_cues.own_cue(exercise, turn // alternating, dose.reps)
            yield stretch(
                Kind.RELEASE,
                index,
                _title(exercise, at_side),
                [cue(exercise.release), *cues(own)],
                dose.release_s,
                side=at_side,
                last=last,
                rests_s=_RESTS_S[Movement.TRUNK_LOAD in (exercise.movements or ())],
                after_s=LEAD_S,
            )
        length = counts_and_cues.seconds(exercise, dose)
        said = counts_and_cues.cues(exercise, dose, both, first=turn < alternating)
        yield Segment(
            Kind.WORK,
            index,
            _title(exercise, at_side, turn + 1, len(turns)),
            length,
            said,
            at_side,
            counts_and_cues.ticks(exercise, length, said),
            counts_and_cues.repetitions(exercise, dose),
            *counts_and_cues.unit(exercise, dose, both),
            beats=counts_and_cues.beats(exercise, dose),
        )


def _turns(exercise: Exercise, dose: Dose, side: str, both: Sequence[str]) -> list[str]:
    """The side of each hold; one entry where all repetitions are one stretch."""
    holds = dose.reps if exercise.mode is Mode.HOLD_REPS else 1
    if exercise.mode not in (Mode.HOLD, Mode.HOLD_REPS):
        return [side]
    if exercise.sides is Sides.ALTERNATING:
        return [*both] * holds
    return [side] * holds


def _turns_held(exercise: Exercise) -> bool:
    """Holds on either side in turn: which side comes first is told before; repetitions say it."""
    return exercise.sides is Sides.ALTERNATING and exercise.mode in (Mode.HOLD, Mode.HOLD_REPS)


def _again(turn: int, turns: Sequence[str], move: str, move_s: float) -> list[Paced]:
    """What leads to the next hold."""
    moved = sentences(move)
    if turns[turn] != turns[turn - 1]:
        return [(f"{turns[turn].capitalize()} side.", 0.0), *paced(moved, move_s)]
    again = "Last one" if turn == len(turns) - 1 else "And again"
    if not moved:
        return [(f"{again}.", 0.0)]
    return paced([f"{again}: {counts_and_cues.small(moved[0])}", *moved[1:]], move_s)


def _title(exercise: Exercise, side: str, turn: int = 0, turns: int = 0) -> str:
    title = f"{exercise.name}, {side} side" if side else exercise.name
    return f"{title}, {turn} of {turns}" if turns > 1 else title


def _sentence(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}."
