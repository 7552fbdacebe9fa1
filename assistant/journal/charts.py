"""The past as drawings: a year's calendar with its weeks below, and the line of pain, as SVG.

Decides shapes, places and their colours by class name. The same drawing stands in a page and in
a picture; each carries its title and a description, since not everybody sees it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from html import escape

from assistant.journal.calendar import LEVELS, MONTHS, WEEKDAYS, day_words, level
from assistant.journal.history_in_words import minutes
from assistant.journal.tally import History, Tally, monday, weekly

WIDTH = 760
CELL, STEP = 11, 13
LEFT, TOP = 40, 16
BARS_TOP, BARS_HIGH = TOP + 7 * STEP + 14, 48
YEAR_HIGH = BARS_TOP + BARS_HIGH + 6
PAIN_HIGH = 210
LEGEND_HIGH = 18
WEEKS_AT_MOST = 160
"""Longer stretches get a point of the pain line for each month instead of each week."""

STYLE = """\
text{font-size:11px;font-family:system-ui,sans-serif;fill:var(--quiet)}
.n{text-anchor:end}.m{text-anchor:middle}
.l0{fill:var(--l0)}.l1{fill:var(--l1)}.l2{fill:var(--l2)}.l3{fill:var(--l3)}.l4{fill:var(--l4)}
.bar{fill:var(--l3)}.rule{stroke:var(--rule);stroke-width:1;fill:none}
.before,.after{stroke:var(--ink);stroke-width:2;fill:none;stroke-linejoin:round}
.after{stroke:var(--mark);stroke-dasharray:5 4}
.dot{fill:var(--ink)}.ring{fill:var(--paper);stroke:var(--mark);stroke-width:2}
"""
LIGHT = {
    "paper": "#ffffff", "ink": "#1b2b34", "quiet": "#4a5a63", "rule": "#d5dde0",
    "mark": "#b4510b", "l0": "#eaeef0", "l1": "#c3dbe0", "l2": "#86b9c4", "l3": "#3f8b9d",
    "l4": "#0f5468",
}  # fmt: skip
DARK = {
    "paper": "#14191c", "ink": "#e8eef0", "quiet": "#a9b8bf", "rule": "#333e44",
    "mark": "#f2a15f", "l0": "#232b2f", "l1": "#24505c", "l2": "#2f7a8c", "l3": "#55aabd",
    "l4": "#a8e0ec",
}  # fmt: skip
PRINT = {
    "paper": "#fff", "ink": "#000", "quiet": "#222", "rule": "#bbb", "mark": "#000",
    "l0": "#f0f0f0", "l1": "#cfcfcf", "l2": "#9a9a9a", "l3": "#5e5e5e", "l4": "#111",
}  # fmt: skip


def calendar(history: History, year: int, most: int, name: str) -> str:
    """A year: a square for each day, and under each week a bar for its minutes.

    `most` is the height of the scale in minutes, the same for all years.
    """
    first = max(history.first, date(year, 1, 1))
    last = min(history.last, date(year, 12, 31))
    total = history.between(first, last)
    about = (
        f"{total.sessions:,} sessions, {minutes(total):,} minutes, {total.breaks_taken:,} breaks. "
        "Each column is a week from Monday down to Sunday; the darker a square, the more was "
        f"exercised that day. The bars are minutes a week, up to {most}. The figures are in the "
        "table below."
    )
    parts = [
        *_month_names(year),
        *(f'<text x="0" y="{TOP + row * STEP + 9}">{WEEKDAYS[row]}</text>' for row in (0, 2, 4, 6)),
        *_squares(history, first, last),
        *_week_bars(history, first, last, most),
    ]
    return figure(name, f"{year}, day by day", about, YEAR_HIGH, "".join(parts))


def figure(name: str, title: str, about: str, high: int, drawn: str) -> str:
    """An SVG with the two texts that say what is to be seen."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {high}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(about)}</desc>{drawn}</svg>'
    )


def _column(day: date) -> int:
    """How many Mondays of its year came before the day's week."""
    return (monday(day) - monday(date(day.year, 1, 1))).days // 7


def _month_names(year: int) -> Iterator[str]:
    for month in range(1, 13):
        day = date(year, month, 1)
        column = _column(day) + (day.weekday() > 0)
        yield f'<text x="{LEFT + column * STEP}" y="10">{MONTHS[month - 1][:3]}</text>'


def _squares(history: History, first: date, last: date) -> Iterator[str]:
    empty = []
    for day in _each(first, last):
        x, y = LEFT + _column(day) * STEP, TOP + day.weekday() * STEP
        tally = history.days.get(day)
        depth = level(tally)
        if tally is None or not depth:
            empty.append(f"M{x} {y}h{CELL}v{CELL}h-{CELL}z")
            continue
        yield (
            f'<rect class="l{depth}" x="{x}" y="{y}" width="{CELL}" height="{CELL}">'
            f"<title>{day_words(day, year=False)}: {of_day(tally)}</title></rect>"
        )
    if empty:
        yield f'<path class="l0" d="{"".join(empty)}"/>'


def of_day(tally: Tally) -> str:
    parts = [f"{minutes(tally)} min"] if tally.exercise_s else []
    parts += [f"{tally.breaks_taken} breaks"] if tally.breaks_taken else []
    return ", ".join(parts)


def _week_bars(history: History, first: date, last: date, most: int) -> Iterator[str]:
    base = BARS_TOP + BARS_HIGH
    yield f'<path class="rule" d="M{LEFT} {BARS_TOP + 0.5}H{WIDTH}M{LEFT} {base + 0.5}H{WIDTH}"/>'
    yield f'<text class="n" x="{LEFT - 5}" y="{BARS_TOP + 4}">{most}</text>'
    yield f'<text class="n" x="{LEFT - 5}" y="{base + 3}">0</text>'
    yield f'<text x="0" y="{BARS_TOP + BARS_HIGH // 2 + 4}">min</text>'
    weeks: dict[date, Tally] = {}
    for day in _each(first, last):
        tally = history.days.get(day)
        if tally is not None:
            weeks[monday(day)] = weeks.get(monday(day), Tally()) + tally
    for week, tally in weeks.items():
        spent = minutes(tally)
        if spent:
            high = max(1.0, round(spent / most * BARS_HIGH, 1))
            x = LEFT + _column(max(week, first)) * STEP
            yield (
                f'<rect class="bar" x="{x}" y="{base - high:.1f}" width="{CELL}" height="{high}">'
                f"<title>Week of {day_words(week, year=False)}: {spent} min</title></rect>"
            )


def _each(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def legend() -> str:
    """What the shades mean, as a drawing of its own."""
    x, parts = LEFT, []
    for depth, text in enumerate(LEVELS):
        parts.append(f'<rect class="l{depth}" x="{x}" y="3" width="{CELL}" height="{CELL}"/>')
        parts.append(f'<text x="{x + 16}" y="12">{text}</text>')
        x += 16 + 6 * len(text) + 18
    about = "From light to dark: " + ", ".join(LEVELS) + " of exercise on that day."
    return figure("shades", "What the shades mean", about, LEGEND_HIGH, "".join(parts))


# --- pain -------------------------------------------------------------------


def pain_points(history: History) -> list[tuple[date, Tally]]:
    """The answers by week, or by month where there are very many; only those with answers."""
    weeks = weekly(history)
    if len(weeks) > WEEKS_AT_MOST:
        weeks = list(monthly(history).items())
    return [(day, tally) for day, tally in weeks if tally.before.count or tally.after.count]


def monthly(history: History) -> Mapping[date, Tally]:
    """Every month with something on it, by its first day."""
    months: dict[date, Tally] = {}
    for day, tally in sorted(history.days.items()):
        first = day.replace(day=1)
        months[first] = months.get(first, Tally()) + tally
    return months


def pain(history: History) -> str:
    """Pain before and after exercise: two lines that differ without colour."""
    points = pain_points(history)
    bottom, top, right = PAIN_HIGH - 24, 26, WIDTH - 12
    span = max(1, (history.last - history.first).days)

    def x(day: date) -> float:
        return round(
            LEFT + (max(day, history.first) - history.first).days / span * (right - LEFT), 1
        )

    def y(value: float) -> float:
        return round(bottom - value / 10 * (bottom - top), 1)

    parts = [
        f'<path class="rule" d="M{LEFT} {y(value)}H{right}"/>'
        f'<text class="n" x="{LEFT - 6}" y="{y(value) + 4}">{value}</text>'
        for value in range(0, 11, 2)
    ]
    parts += _dates(history.first, history.last, x, PAIN_HIGH - 6)
    every = len(points) <= 60
    for line, mark in (("before", "dot"), ("after", "ring")):
        known = [
            (x(day), y(mean.value), day)
            for day, tally in points
            if (mean := getattr(tally, line)).value is not None
        ]
        parts.append(f'<path class="{line}" d="{_path(known)}"/>')
        marked = known if every else known[-1:]
        parts += [f'<circle class="{mark}" cx="{a}" cy="{b}" r="3.5"/>' for a, b, _ in marked]
    parts.append(_keys())
    by = "month" if points and len(weekly(history)) > WEEKS_AT_MOST else "week"
    about = (
        f"Means of the answers by {by}, 0 is no pain and 10 the worst. The solid line is before "
        "exercise, the dashed one after. The figures are in the table below."
    )
    return figure("pain", "Pain before and after exercise", about, PAIN_HIGH, "".join(parts))


def _keys() -> str:
    return (
        f'<path class="before" d="M{LEFT} 9h30"/><circle class="dot" cx="{LEFT + 15}" cy="9" '
        f'r="3.5"/><text x="{LEFT + 37}" y="13">pain before exercise</text>'
        f'<path class="after" d="M{LEFT + 175} 9h30"/><circle class="ring" cx="{LEFT + 190}" '
        f'cy="9" r="3.5"/><text x="{LEFT + 212}" y="13">pain after</text>'
    )


def _path(known: Sequence[tuple[float, float, date]], gap_days: int = 70) -> str:
    """A line through the points, broken where nobody was asked for long."""
    text, before = "", None
    for x, y, day in known:
        near = before is not None and (day - before).days <= gap_days
        text += f"{'L' if near else 'M'}{x} {y}"
        before = day
    return text


def _dates(first: date, last: date, x: Callable[[date], float], y: int) -> Iterator[str]:
    """Names of months below, or of years where they would not fit."""
    months = (last.year - first.year) * 12 + last.month - first.month
    every = next(every for every in (1, 2, 3, 6, 12, 24, 60) if months // every <= 12)
    for number in range(months + 1):
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        day = date(year, month + 1, 1)
        if month % min(every, 12) or year % max(1, every // 12) or day < first:
            continue
        text = str(year) if every >= 12 else MONTHS[month][:3]
        if text == "Jan" or (every < 12 and number <= 1 and months > 11):
            text += f" {year}"
        yield f'<path class="rule" d="M{x(day)} {y - 18}v5"/>'
        yield f'<text class="m" x="{x(day)}" y="{y}">{text}</text>'
