"""What is said and ticked while somebody holds or moves.

A stretch of work is exactly as long as its dose, so every sentence must fit inside it and beside
the others: the count is placed first, then the start, then the exercise's own cues, then halfway,
then breathing, and what no longer fits is not said. Getting there, resting and switching sides is
`plan`'s business.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from assistant.content import words
from assistant.content.speech import estimate_s
from assistant.content.types import At, Count, Cue, Dose, Exercise, Mode, Rank, Sides

HALF_FROM_S = 20.0
"""Holds of at least this length get a cue in the middle."""
HALF_OF = 4
"""Of fewer holds nobody has to be told that half of them are done."""
BREATHE_FROM_S = 15.0
_TEN_LEFT_FROM_S = 30.0
_SHORT_S = 10.0
"""Holds up to this length are counted second by second."""
_GAP_S = 0.2
"""Between a count and a cue that was moved behind it."""
_LATE_S = 4.0
"""How much later than its moment a cue in a long hold may come."""

Side = str
_Wish = tuple[float, float, str]
"""A cue of the exercise's own: not before, over by, what to say."""


def seconds(exercise: Exercise, dose: Dose) -> float:
    """The length of one stretch of work: one hold, or all repetitions of a side."""
    if exercise.mode in (Mode.REPS, Mode.BREATHS):
        turns = 2 if exercise.sides is Sides.ALTERNATING else 1
        return dose.reps * turns * dose.tempo_s
    return dose.hold_s


def repetitions(exercise: Exercise, dose: Dose) -> int:
    """How many times something is done in one stretch of work: a hold counts as one."""
    if exercise.mode in (Mode.HOLD, Mode.HOLD_REPS):
        return 1
    return 0 if exercise.mode is Mode.TIMED else dose.reps


def cues(
    exercise: Exercise, dose: Dose, order: Sequence[Side], *, first: bool = True
) -> tuple[Cue, ...]:
    """What is said during one stretch; `order` is which side comes first (both, if alternating),
    `first` is false for a hold that follows another one of the same side and set."""
    length = seconds(exercise, dose)
    match exercise.mode:
        case Mode.REPS | Mode.BREATHS if exercise.count is Count.BREATHS:
            wanted = _breaths(length, dose.tempo_s, exercise.move, last=True)
        case Mode.REPS | Mode.BREATHS:
            turns = order if exercise.sides is Sides.ALTERNATING else ("",)
            wanted = _repetitions(exercise, dose, turns)
        case Mode.TIMED:
            wanted = _held(exercise, dose, "Begin.")
        case _:
            wanted = _held(exercise, dose, "Hold.")
    counts: list[Cue] = []
    others: list[Cue] = []
    for one in wanted:
        (counts if one.rank is Rank.COUNT or one.at_s == 0 else others).append(one)
    kept = _fitting(counts, length)
    for not_before, over_by, text in _wishes(exercise, dose, length, first=first):
        kept = _squeezed(kept, not_before, min(over_by, length), text)
    return tuple(_fitting([*kept, *others], length))


def unit(exercise: Exercise, dose: Dose, order: Sequence[Side]) -> tuple[float, tuple[Cue, ...]]:
    """How long one repetition or breath takes, of either side where they alternate, and what is
    said in one more of it; 0 and nothing where the work doesn't come in such units."""
    if exercise.mode is not Mode.TIMED and exercise.count is Count.BREATHS:
        length = dose.tempo_s
        said = _breaths(length, dose.tempo_s, "", last=False)
    elif exercise.mode in (Mode.REPS, Mode.BREATHS):
        turns = order if exercise.sides is Sides.ALTERNATING else ("",)
        length = dose.tempo_s * len(turns)
        said = _repeated(exercise, dose, turns, "one more")
    else:
        return 0.0, ()
    return length, tuple(_fitting(said, length))


def own_cue(exercise: Exercise, done: int, holds: int) -> str:
    """The exercise's own cue between two holds, after `done` of `holds`; empty: none."""
    chosen = ""
    for prompt in exercise.cues:  # the one that matters most is looked at last
        if prompt.at is At.EVERY_N and prompt.n and done % prompt.n == 0:
            chosen = chosen or prompt.say
    for prompt in exercise.cues:
        if prompt.at is At.HALF and holds >= HALF_OF and done == (holds + 1) // 2:
            chosen = prompt.say
    for prompt in exercise.cues:
        if prompt.at is At.LAST and done == holds - 1:
            chosen = prompt.say
    return chosen


def ticks(exercise: Exercise, length_s: float, said: Sequence[Cue]) -> tuple[float, ...]:
    """The silent seconds of a counted hold, counted back from its end."""
    if exercise.mode not in (Mode.HOLD, Mode.HOLD_REPS):
        return ()
    if exercise.count in (Count.SILENT, Count.BREATHS):
        return ()
    moments = [length_s - left for left in range(int(length_s), 0, -1)]
    return tuple(
        at for at in moments if at > 0 and not any(c.at_s <= at < c.at_s + c.speech_s for c in said)
    )


def beats(exercise: Exercise, dose: Dose) -> tuple[float, ...]:
    """When each move of a repetition begins: there, and back where the dose says when."""
    if exercise.mode is not Mode.REPS or exercise.count in (Count.SILENT, Count.BREATHS):
        return ()
    moves = (0.0, turn_s) if (turn_s := dose.turn_s()) else (0.0,)
    starts = range(round(seconds(exercise, dose) / dose.tempo_s))
    return tuple(number * dose.tempo_s + move_s for number in starts for move_s in moves)


def cue(at_s: float, text: str, rank: Rank) -> Cue:
    """A cue with the time it takes to say."""
    return Cue(at_s, text, rank, estimate_s(text))


def _held(exercise: Exercise, dose: Dose, start: str) -> Iterable[Cue]:
    """Most important first."""
    length = dose.hold_s
    if exercise.count is Count.BREATHS:
        yield from _breaths(length, dose.tempo_s, "", last=False)
        return
    yield from (
        cue(at, f"{words.number(said).capitalize()}.", Rank.COUNT)
        for at, said in _counted(exercise.count, length)
    )
    yield cue(0, start, Rank.CUE)
    if length >= HALF_FROM_S and not _has(exercise, At.HALF):
        yield cue(length / 2, "Halfway.", Rank.CUE)
    if exercise.mode is Mode.TIMED and length >= _TEN_LEFT_FROM_S:
        yield cue(length - 10, "Ten seconds to go.", Rank.CUE)
    if length >= BREATHE_FROM_S:
        yield cue(length / 4, "Keep breathing.", Rank.TIP)


def _counted(count: Count, length: float) -> list[tuple[float, int]]:
    """When which number is said; the last ones first, and "one" a second before the end."""
    short = length <= _SHORT_S
    whole = min(int(length), 59)
    left: list[int] = []
    match count:
        case Count.DOWN:
            left = list(range(1, whole + 1 if short else 6))
        case Count.LAST3:
            left = [1, 2, 3]
        case Count.EVERY5:
            left = sorted({1, 2, 3, *range(5, whole + 1, 5)})
        case Count.UP:
            step = 1 if short else 5
            return [(float(at), at) for at in range(step, whole + 1, step) if at < length]
        case Count.BREATHS | Count.SILENT:
            pass
    return [(length - seconds, seconds) for seconds in left if seconds < length]


def _breaths(length: float, breath_s: float, move: str, *, last: bool) -> Iterable[Cue]:
    """In and out; with the first breath out the movement."""
    breaths = max(1, round(length / breath_s))
    for i in range(breaths):
        final = last and i == breaths - 1 and i > 0
        text = "One last breath in." if final else "Breathe in."
        if final and estimate_s(text) > breath_s / 2:
            text = "Breathe in."
        yield cue(i * breath_s, text, Rank.COUNT)
        out = f"And out: {small(move)}" if move and i == 0 else "And out."
        text = _first_that_fits([out, "And out."], breath_s / 2)
        yield cue((i + 0.5) * breath_s, text, Rank.COUNT)


def small(sentence: str) -> str:
    """As the second half of another one."""
    return f"{sentence[:1].lower()}{sentence[1:]}"


def _first_that_fits(texts: Sequence[str], room_s: float) -> str:
    return next((text for text in texts if estimate_s(text) <= room_s), texts[-1])


def _repetitions(exercise: Exercise, dose: Dose, turns: Sequence[Side]) -> Iterable[Cue]:
    total = dose.reps * len(turns)
    turn_s = dose.turn_s()
    for i in range(total):
        at = i * dose.tempo_s
        side = turns[i % len(turns)]
        number = words.number(i // len(turns) + 1)
        if i == total - 1 and total > 1:
            texts = [f"Last one, {side}." if side else "Last one.", f"{side or number}."]
        elif side and i % len(turns):
            texts = [f"{side}."]
        else:
            texts = [f"{number}, {side}." if side else f"{number}.", f"{number}."]
        if exercise.move and not side:
            moved = [f"{text[:-1]}: {small(exercise.move)}" for text in texts]
            moved += [exercise.move] if i == 0 else []
            room_s = (turn_s or dose.tempo_s) - _GAP_S
            texts = [*(text for text in moved if estimate_s(text) <= room_s), *texts]
        fitting = [text for text in texts if estimate_s(text) <= (turn_s or dose.tempo_s)]
        if fitting:
            yield cue(at, fitting[0].capitalize(), Rank.COUNT)
        if turn_s and estimate_s(exercise.back) <= dose.tempo_s - turn_s:
            yield cue(at + turn_s, exercise.back, Rank.COUNT)


def _repeated(exercise: Exercise, dose: Dose, turns: Sequence[Side], number: str) -> Iterable[Cue]:
    """One repetition of each side, called by this number."""
    turn_s = dose.turn_s()
    for i, side in enumerate(turns):
        text = side if i else f"{number}, {side}" if side else number
        yield cue(i * dose.tempo_s, f"{text}.".capitalize(), Rank.COUNT)
        if turn_s and estimate_s(exercise.back) <= dose.tempo_s - turn_s:
            yield cue(i * dose.tempo_s + turn_s, exercise.back, Rank.COUNT)


def _has(exercise: Exercise, at: At) -> bool:
    return any(prompt.at is at for prompt in exercise.cues)


def _wishes(exercise: Exercise, dose: Dose, length: float, *, first: bool) -> Iterable[_Wish]:
    """When each cue of the exercise's own should be said, most important first."""
    repeated = exercise.mode in (Mode.REPS, Mode.BREATHS)
    several = exercise.mode is Mode.HOLD_REPS and dose.reps > 1
    one_s = length / dose.reps if repeated else 1.0
    for prompt in sorted(exercise.cues, key=lambda prompt: _FIRST.index(prompt.at)):
        if prompt.at is At.START and first:
            yield 0, max(length / 2, one_s if repeated else 0), prompt.say
        if several:
            continue  # the others stand between the holds
        if prompt.at is At.HALF:
            half = (dose.reps // 2) * one_s if repeated else length / 2
            yield half, half + (one_s if repeated else _LATE_S), prompt.say
        elif prompt.at is At.LAST:
            last = length - one_s if repeated else length - 10 - estimate_s(prompt.say)
            yield max(0, last), length, prompt.say
        elif prompt.at is At.EVERY_N and prompt.n:
            step = prompt.n * one_s
            for i in range(1, int(length / step + 1e-9)):
                yield i * step, i * step + (one_s if repeated else _LATE_S), prompt.say


_FIRST = (At.START, At.LAST, At.HALF, At.EVERY_N)


def _squeezed(kept: list[Cue], not_before: float, over_by: float, text: str) -> list[Cue]:
    """With one sentence more, in the first gap that takes it; without, where there is none."""
    takes = estimate_s(text)
    at = not_before
    for one in sorted(kept, key=lambda one: one.at_s):
        ends = one.at_s + one.speech_s
        if at + takes <= one.at_s:
            break
        if ends > at - _GAP_S:
            at = ends + _GAP_S
    return [*kept, cue(at, text, Rank.CUE)] if at + takes <= over_by + 1e-9 else kept


def _fitting(wanted: Iterable[Cue], length: float) -> list[Cue]:
    """The wanted cues, most important first, less those that would overlap or last too long."""
    kept: list[Cue] = []
    for new in wanted:
        end = new.at_s + new.speech_s
        inside = new.at_s >= 0 and end <= length + 1e-9
        if inside and all(end <= c.at_s or new.at_s >= c.at_s + c.speech_s for c in kept):
            kept.append(new)
    kept.sort(key=lambda c: c.at_s)
    assert all(a.at_s + a.speech_s <= b.at_s + 1e-9 for a, b in pairwise(kept))
    return kept
