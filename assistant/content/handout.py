"""A routine on paper: figures, steps, dose, when to stop, and a week to tick.

Decides what stands on the sheet, for a physiotherapist to give away or for oneself, and how it is
laid out on A4 and Letter. It needs nothing but itself: no script, nothing from elsewhere.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from assistant.content import cautions, words
from assistant.content.figure_svg import style, svg
from assistant.content.limits import sentences
from assistant.content.plan import compile_plan, told_to
from assistant.content.rests import sided
from assistant.content.types import (
    At,
    Count,
    Dose,
    Exercise,
    Item,
    Mode,
    Phase,
    Position,
    Routine,
    Sides,
)

POSITIONS = {
    Position.STANDING: "standing",
    Position.SEATED: "sitting",
    Position.SUPINE: "on your back",
    Position.PRONE: "on your front",
    Position.SIDE: "on your side",
    Position.ALL_FOURS: "on hands and knees",
    Position.HALF_KNEELING: "on one knee",
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STRENGTH = "Strengthening is for days with little pain, 3 of 10 at most."
GENERAL = (
    "General exercise information, not a diagnosis and not a treatment. Move only as far as it is "
    "comfortable, and ease off if it hurts."
)
DOCTOR = (
    "Call your emergency number at once if you feel numb between your legs, if a leg grows weak, "
    "if you have new trouble with bladder or bowels, or if your chest hurts. See a doctor before "
    "you exercise if the pain is new and strong, follows a fall, or comes with fever or weight "
    "loss; or if you have had cancer, have thin bones, are pregnant, or have had a back operation."
)


@dataclass(frozen=True, slots=True)
class Card:
    """One exercise as it stands on the sheet."""

    name: str
    where: str
    """In which position, and what is needed for it."""
    dose: str
    steps: tuple[str, ...]
    care: tuple[str, ...]
    """Whom it is not for, what goes wrong, and when to stop."""
    sources: tuple[str, ...]
    picture: str
    """SVG; empty: it has no figure."""


def cards(routine: Routine) -> list[Card]:
    return [_card(item) for item in routine.items]


def dose(item: Item) -> str:
    """How much, as one reads it: "Hold for 5 seconds, 8 times, on each side."."""
    exercise, much = item.exercise, item.dose
    times = ", then ".join(_times(reps) for reps in much.set_reps or (much.reps,))
    match exercise.mode:
        case Mode.BREATHS:
            text = f"{much.reps} slow breath{'s' * (much.reps != 1)}"
        case Mode.REPS:
            text = times[:1].upper() + times[1:] + _pace(much)
        case Mode.TIMED:
            text = f"Keep moving for {much.hold_s:g} seconds"
        case Mode.HOLD_REPS:
            text = f"{_hold(item)}, {times}"
        case _:
            text = _hold(item)
    if item.only_side:
        text += f", on the {item.only_side} side only"
    elif exercise.sides is not Sides.NONE:
        text += ", on each side" + ", in turn" * (exercise.sides is Sides.ALTERNATING)
    if much.sets > 1 and not much.set_reps:
        text += f". {words.number(much.sets).capitalize()} rounds"
    return f"{text}."


def _times(reps: int) -> str:
    return {1: "once", 2: "twice"}.get(reps, f"{reps} times")


def _pace(much: Dose) -> str:
    if not much.tempo:
        return ""
    there, _, back = much.tempo.split("-")
    return (
        f" ({there} seconds each way)" if there == back else f" ({there} seconds out, {back} back)"
    )


def _hold(item: Item) -> str:
    breaths = round(item.dose.hold_s / item.dose.tempo_s)
    if item.exercise.count is Count.BREATHS and breaths > 1:
        return f"Hold for {breaths} breaths"
    return f"Hold for {item.dose.hold_s:g} seconds"


def _card(item: Item) -> Card:
    exercise = item.exercise
    needed = [thing for thing in exercise.equipment if thing != "mat"]
    return Card(
        name=exercise.name,
        where=", with a ".join([POSITIONS[exercise.position], *needed]),
        dose=dose(item),
        steps=tuple(steps(item)),
        care=tuple(care(exercise)),
        sources=tuple(
            ", ".join(part for part in (_said(one.org), one.when, one.dose) if part)
            for one in exercise.sources
            if one.dose
        ),
        picture=""
        if exercise.figure is None
        else svg(exercise.figure, exercise.name, side=item.sides[0], alone=False),
    )


def steps(item: Item) -> Iterator[str]:
    """What is said before and as it is done, one sentence after the other. The order to begin says
    again what the steps say, but where it tells how to breathe, or follows what is made ready."""
    exercise = item.exercise
    move = exercise.move if exercise.ready or "Breathe " in exercise.move else ""
    begins = [prompt.say for prompt in exercise.cues if prompt.at is At.START]
    told = (exercise.setup, exercise.ready, move, *begins, *exercise.steps)
    for text in (*told, exercise.breathing):
        told_of = sided(text, item.sides[0])
        yield from (one for one in sentences(told_of) if not one.startswith(_ALOUD))


def care(exercise: Exercise) -> Iterator[str]:
    """See `Card.care`; what is true of all of them stands below them."""
    yield from (*cautions.in_short(exercise), *exercise.mistakes, *exercise.contraindications)
    if exercise.stop_if and exercise.stop_if != cautions.ANY_PAIN:
        yield f"Stop if {exercise.stop_if}."


_ALOUD = ("When I say", "Say go ")
"""How a sentence begins that only makes sense where somebody counts, or listens."""


def _said(org: str) -> str:
    return "own judgement" if org == "own" else org


# --- as lines -----------------------------------------------------------------


def lines(routine: Routine) -> Iterator[str]:
    """For a terminal."""
    yield from (routine.name, _about(routine), "")
    for number, card in enumerate(cards(routine), 1):
        yield f"{number}. {card.name}, {card.where}"
        yield f"   {card.dose}"
        yield from (f"   - {step}" for step in card.steps)
        yield from (f"   ! {one}" for one in card.care)
        yield ""
    yield from (cautions.END_AT_ONCE, GENERAL, DOCTOR, "")
    yield f"{'':9}   done   pain before, 0-10   after"
    yield from (f"{day:9}   [  ]   {'_' * 17}   {'_' * 5}" for day in DAYS)


def _about(routine: Routine) -> str:
    """How long it takes, what it needs, and whom it is for."""
    needed = dict.fromkeys(thing for item in routine.items for thing in item.exercise.equipment)
    plan = compile_plan(routine)
    text = f"About {words.length(told_to(plan, plan.exercise_ids).total_s)}"
    text += f", with a {words.listing(list(needed))}." if needed else "."
    strength = any(item.exercise.phase is Phase.STRENGTH for item in routine.items)
    return f"{text} {STRENGTH}" if strength else text


# --- as a sheet ---------------------------------------------------------------

_CSS = """\
*{box-sizing:border-box}
body{margin:0 auto;padding:1.2rem;max-width:52rem;background:#fff;color:#1b242c;
font:15px/1.35 system-ui,sans-serif}
h1{font-size:1.7rem;margin:0}
h2{font-size:1.05rem;margin:0}
p{margin:.25rem 0}
.about,.where{color:#4d5a66}
.cards{display:grid;grid-template-columns:1fr 1fr;gap:.7rem;margin:.8rem 0}
.card{border:1px solid #c9d1d8;border-radius:.5rem;padding:.6rem .7rem;break-inside:avoid}
.card svg{display:block;width:100%;height:7.2rem;margin:.3rem 0}
.dose{font-weight:650}
ol,ul{margin:.25rem 0;padding-left:1.2rem}
.care{color:#4d5a66;font-size:.9em;list-style:"! "}
.stop{border:2px solid #1b242c;border-radius:.5rem;padding:.4rem .7rem;break-inside:avoid}
table{border-collapse:collapse;width:100%;margin:.8rem 0;break-inside:avoid}
th,td{border:1px solid #9aa5af;padding:.3rem .5rem;text-align:left;height:1.9rem}
th{font-weight:600}
.day{width:7rem}.tick{width:4rem}.pain{width:9.5rem}
footer{color:#4d5a66;font-size:.75rem}
@media (max-width:36rem){.cards{grid-template-columns:1fr}}
@media print{
@page{margin:8mm}
body{padding:0;max-width:none;font-size:8.8pt;line-height:1.25}
h2{font-size:10.5pt}
.many{grid-template-columns:1fr 1fr 1fr!important;font-size:8.2pt}
.cards{grid-template-columns:1fr 1fr;gap:2mm;margin:2mm 0}
.card{padding:1.4mm 2.2mm}
.card svg{height:17mm}
table{margin:2mm 0}p{margin:.5mm 0}
h1{font-size:16pt}
td,th{height:4.8mm;padding:0 2mm}
footer{font-size:6.5pt;line-height:1.15;break-inside:avoid}
}
"""


def html(routine: Routine, when: str) -> str:
    """The sheet: one or two printed pages. `when` says for whom and of which day it is."""
    body = "".join(_body(cards(routine)))
    sources = f"{GENERAL} Doses: {_sources(cards(routine))}"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(routine.name)}</title>\n<style>\n{_CSS}{style(dark=False)}</style></head>\n"
        f"<body><main><h1>{escape(routine.name)}</h1>"
        f'<p class="about">{escape(_about(routine))} {escape(when)}</p>\n'
        f"{body}</main>\n<footer><p>{escape(sources)}</p></footer>"
        "</body></html>\n"
    )


def _body(all_of_them: Sequence[Card]) -> Iterator[str]:
    of_three, of_two = (math.ceil(len(all_of_them) / in_a_row) for in_a_row in (3, 2))
    many = " many" * (of_three < of_two)  # on paper: it takes fewer rows so
    yield f'<div class="cards{many}">\n'
    for number, card in enumerate(all_of_them, 1):
        yield (
            f'<section class="card"><h2>{number}. {escape(card.name)}</h2>'
            f'<p class="where">{escape(card.where)}</p>{card.picture}'
            f'<p class="dose">{escape(card.dose)}</p>'
            f"<ol>{_list(card.steps)}</ol>"
            f'<ul class="care">{_list(card.care)}</ul></section>\n'
        )
    yield f'</div>\n<p class="stop">{cautions.END_AT_ONCE} {DOCTOR}</p>\n'
    yield (
        '<table><caption hidden>The week</caption><thead><tr><th scope=col class="day">Day'
        '<th scope=col class="tick">Done<th scope=col class="pain">Pain before, 0–10'
        '<th scope=col class="pain">Pain after, 0–10<th scope=col>Note</thead><tbody>'
    )
    yield from (f"<tr><th scope=row>{day}<td>☐<td><td><td>" for day in DAYS)
    yield "</table>\n"


def _list(texts: Iterable[str]) -> str:
    return "".join(f"<li>{escape(text)}</li>" for text in texts)


def _sources(all_of_them: Sequence[Card]) -> str:
    named = (f"{card.name}: {'; '.join(card.sources)}" for card in all_of_them if card.sources)
    return ". ".join(named) + "."
