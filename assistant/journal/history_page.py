"""The past on one page: to read, to print, to pass on to a physiotherapist.

Decides what stands on the page and in which order, and how it is written to a file. The page
needs nothing else: no script, nothing from elsewhere, and every drawing has its figures in a
table. What is drawn is decided in `charts`, what is said in `history_in_words`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from html import escape
from types import MappingProxyType

from assistant.journal import charts
from assistant.journal.calendar import MONTHS, day_words
from assistant.journal.history_in_words import (
    EMPTY,
    Names,
    minutes,
    name_of,
    remarks,
    short,
    title,
)  # fmt: skip
from assistant.journal.tally import History, Mean, Tally, middle, weekly

Figures = Mapping[str, str]
"""By exercise, its drawing as SVG."""
NO_FIGURES: Figures = MappingProxyType({})
_COLOURS = """\
:root{color-scheme:light dark;%(light)s}
@media (prefers-color-scheme:dark){:root{%(dark)s}}
"""
_FRAME = """\
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:50rem;background:var(--paper);
color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.7rem;line-height:1.2;margin:0}
h2{font-size:1.2rem;margin:2.2rem 0 .5rem}
.when,.note{color:var(--quiet)}
.when{margin:.2rem 0 1.5rem}
footer{margin-top:2.5rem;border-top:1px solid var(--rule)}
@media print{
@page{margin:12mm}
body{max-width:none;padding:0;font-size:10pt}
h1{font-size:16pt}h2{font-size:12pt;margin:1rem 0 .3rem}
footer{margin-top:1rem;break-inside:avoid}
}
"""
_PARTS = """\
figcaption,dt{color:var(--quiet)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.6rem;margin:1rem 0}
dl div{border:1px solid var(--rule);border-radius:.5rem;padding:.6rem .8rem}
dt{font-size:.85rem}
dd{margin:0;font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums}
figure{margin:0 0 1.2rem}
.chart{overflow-x:auto}
svg{display:block;width:100%;min-width:36rem;height:auto}
.drawn{display:grid;grid-template-columns:repeat(auto-fill,minmax(8rem,1fr));gap:.8rem}
.drawn figure{margin:0;text-align:center}
.drawn svg{min-width:0;height:5.5rem}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);padding:.3rem 0}
th,td{padding:.2rem .7rem .2rem 0;text-align:right;border-bottom:1px solid var(--rule)}
th:first-child,td:first-child{text-align:left}
th{font-weight:600;vertical-align:bottom}
.wide+.wide{margin-top:1.2rem}
.wide{overflow-x:auto}
.days td,.days th{padding:.1rem .25rem;font-size:.75rem}
summary{cursor:pointer;color:var(--quiet)}
summary:focus-visible{outline:2px solid var(--mark)}
@media (min-width:40rem){thead th{white-space:nowrap}}
@media print{
svg{min-width:0}
.wide{overflow:visible}
details{display:none}
figure,tr,dl div{break-inside:avoid}
h2,h3,caption,summary{break-after:avoid}
dd{font-size:12pt}
dl{grid-template-columns:repeat(4,1fr)}
.drawn{grid-template-columns:repeat(6,1fr);gap:.4rem}
.drawn svg{height:4rem}
th,td{padding-top:.1rem;padding-bottom:.1rem}
}
"""
_PRINTED = "@media print{:root{color-scheme:light;%s}}\n"


def html(
    history: History, names: Names, now: datetime, figures: Figures = NO_FIGURES, look: str = ""
) -> str:
    """The whole page. Needs nothing but itself; under a megabyte for ten years. `figures` are drawn
    there, and `look` is what colours them."""
    body = list(_empty() if history.empty else _body(history, names, figures))
    css = f"{_colours()}{_FRAME}{_PARTS}"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            '<meta name="robots" content="noindex">',
            f"<title>Exercise, {title(history)}</title>",
            f"<style>\n{css}{charts.STYLE}{look}</style>",
            "</head>",
            "<body>",
            "<main>",
            "<h1>Exercise, breaks and how the back felt</h1>",
            f'<p class="when">{title(history)}</p>',
            *body,
            "</main>",
            f"<footer><p class=note>Written by Exercise Assistant on {day_words(now.date())}, from "
            "what it led, asked and was told. A record to talk about, not a medical opinion.</p>"
            "</footer>",
            "</body>",
            "</html>",
            "",
        ]
    )


def part(history: History, names: Names) -> tuple[str, str]:
    """The middle of it for another page, and the style sheet of that part alone."""
    body = EMPTY_PART if history.empty else _body(history, names)
    return "\n".join(body), f"{_colours()}{_PARTS}{charts.STYLE}"


EMPTY_PART = [f"<p>{escape(text)}</p>" for text in EMPTY[:-1]]
"""Without how to begin: whoever looks at another page has begun."""


def _colours() -> str:
    seen = _COLOURS % {"light": _variables(charts.LIGHT), "dark": _variables(charts.DARK)}
    return seen + _PRINTED % _variables(charts.PRINT)


# --- the page's parts -------------------------------------------------------


def _empty() -> Iterator[str]:
    yield from (f"<p>{escape(text)}</p>" for text in EMPTY)


def _body(history: History, names: Names, figures: Figures = NO_FIGURES) -> Iterator[str]:
    yield "<dl>"
    for term, value in headline(history):
        yield f"<div><dt>{term}</dt><dd>{value}</dd></div>"
    yield "</dl>"
    yield from (f"<p>{escape(text)}</p>" for text in remarks(history))
    if history.total.before.count or history.total.after.count:
        yield "<h2>Pain before and after exercise</h2>"
        yield _figure(charts.pain(history), "Show the figures", _pain_table(history))
    yield "<h2>Day by day</h2>"
    yield f'<figure><div class="chart">{charts.legend()}</div></figure>'
    for year, drawing in calendars(history):
        yield f"<h3>{year}</h3>"
        yield _figure(drawing, f"Show the figures of {year}", *_year_tables(history, year))
    if history.exercises:
        yield "<h2>Exercises</h2>"
        yield from _drawn(history, names, figures)
        yield _exercise_table(history, names)
    if history.total.breaks_due or history.total.breaks_taken:
        yield "<h2>Breaks from sitting</h2>"
        yield _break_table(history)


def headline(history: History) -> Iterator[tuple[str, str]]:
    """What one wants to know first: a few words and a figure each."""
    total = history.total
    yield "Exercise", short(total.exercise_s) if total.exercise_s else "none"
    yield "Sessions", f"{total.sessions:,}"
    yield "Active days", f"{sum(tally.active for tally in history.days.values()):,}"
    if total.breaks_due:
        yield "Breaks taken", f"{total.breaks_answered:,} of {total.breaks_due:,}"
    if history.delay_s is not None:
        yield "Median time to stand", short(history.delay_s)
    if total.before.value is not None:
        yield "Pain before, 0 to 10", f"{total.before.value:.1f}"
    if total.after.value is not None:
        yield "Pain after", f"{total.after.value:.1f}"


def calendars(history: History) -> Iterator[tuple[int, str]]:
    """A drawing for each year, the latest first."""
    most = max(1, max(minutes(tally) for _, tally in weekly(history)))
    for year in range(history.last.year, history.first.year - 1, -1):
        yield year, charts.calendar(history, year, most, f"y{year}")


def _figure(drawing: str, summary: str, *tables: str) -> str:
    figures = "".join(tables)
    return (
        f'<figure><div class="chart">{drawing}</div>'
        f"<details><summary>{summary}</summary>{figures}</details></figure>"
    )


def _table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]], name: str = ""
) -> str:
    head = "".join(f"<th scope=col>{text}" for text in heads)
    body = "".join(
        f"<tr><th scope=row>{first}" + "".join(f"<td>{cell}" for cell in cells)
        for first, *cells in rows
    )
    kind = f" class={name}" if name else ""
    rows_of = f"<thead><tr>{head}<tbody>{body}"
    return f"<div class=wide><table{kind}><caption>{caption}</caption>{rows_of}</table></div>"


def _mean(mean: Mean) -> str:
    return "" if mean.value is None else f"{mean.value:.1f}"


def _pain_table(history: History) -> str:
    rows = (
        (day.isoformat(), _mean(tally.before), tally.before.count, _mean(tally.after),
         tally.after.count)
        for day, tally in charts.pain_points(history)
    )  # fmt: skip
    heads = ("From", "Before", "Answers", "After", "Answers")
    return _table("Mean pain, 0 to 10", heads, rows)


def _year_tables(history: History, year: int) -> Iterator[str]:
    months = []
    for month in range(1, 13):
        cells = [_cell(history.days.get(day)) for day in _days_of(year, month)]
        if any(cells):
            months.append((MONTHS[month - 1], *cells))
    heads = ("Month", *map(str, range(1, 32)))
    about = "Minutes of exercise on each day; b: breaks only; empty: nothing"
    yield _table(about, heads, months, "days")
    weeks = [
        (week.isoformat(), minutes(tally), tally.sessions, tally.breaks_taken, tally.breaks_due)
        for week, tally in weekly(history)
        if tally and year in (week.year, (week + timedelta(days=6)).year)
    ]
    heads = ("Week from", "Minutes", "Sessions", "Breaks taken", "due")
    yield _table("Each week", heads, weeks)


def _cell(tally: Tally | None) -> str:
    if tally is None:
        return ""
    return str(minutes(tally)) if tally.exercise_s else ("b" if tally.breaks_taken else "")


def _days_of(year: int, month: int) -> list[date]:
    from calendar import monthrange

    return [date(year, month, day + 1) for day in range(monthrange(year, month)[1])]


def _drawn(history: History, names: Names, figures: Figures) -> Iterator[str]:
    """What was done, as it is seen."""
    done = [one.exercise for one in history.exercises if one.exercise in figures]
    if done:
        each = (
            f"<figure>{figures[one]}<figcaption>{escape(name_of(one, names))}</figcaption></figure>"
            for one in done
        )
        yield f'<div class="drawn">{"".join(each)}</div>'


def _exercise_table(history: History, names: Names) -> str:
    rows = (
        (escape(name_of(one.exercise, names)), f"{one.sessions:,}", f"{one.seconds / 60:,.0f}",
         f"{one.reps:,}" if one.reps else "")
        for one in history.exercises
    )  # fmt: skip
    heads = ("Exercise", "Sessions", "Minutes", "Repetitions")
    return _table("Held or moved, without getting into position", heads, rows)


def _break_table(history: History) -> str:
    by_month = charts.monthly(history)
    yearly = len(by_month) > 24

    def stretch(day: date) -> date:
        return day.replace(month=1, day=1) if yearly else day.replace(day=1)

    delays: dict[date, list[float]] = {}
    for day, of_day in history.delays.items():
        delays.setdefault(stretch(day), []).extend(of_day)
    tallies: dict[date, Tally] = {}
    for day, tally in by_month.items():
        tallies[stretch(day)] = tallies.get(stretch(day), Tally()) + tally
    heads = ["", "Due", "Taken", "Share", "Median time to stand"]
    if history.total.breaks_unasked:
        heads.append("Unasked")
    rows = (
        (
            day.year if yearly else f"{MONTHS[day.month - 1]} {day.year}",
            f"{tally.breaks_due:,}",
            f"{tally.breaks_answered:,}",
            f"{tally.breaks_answered / tally.breaks_due:.0%}" if tally.breaks_due else "",
            "" if (delay := middle(delays.get(day, ()))) is None else short(delay),
            f"{tally.breaks_unasked:,}",
        )[: len(heads)]
        for day, tally in sorted(tallies.items(), reverse=True)
        if tally.breaks_due or tally.breaks_taken
    )
    return _table("Reminders to stand up, and what came of them", heads, rows)


def _variables(palette: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in palette.items())
