"""The past in a terminal: sentences, a calendar of shades, bars for the weeks, and the pain.

Decides the words and the signs; what is counted of which days is decided in `stats`. It gives
rows of (text, style) and prints nothing, so that a page can use the same sentences and a pipe
gets lines instead of a picture.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.journal.calendar import LEVELS, MONTHS, WEEKDAYS, day_words, level
from assistant.journal.tally import REST_DAYS, History, Streak, Tally, weekly

Row = tuple[tuple[str, str], ...]
Names = Mapping[str, str]
"""What exercises are called, by id."""

EMPTY = (
    "Nothing is written down here yet, and that's fine.",
    "After your first session or your first break you will find here: a calendar of the days "
    "you moved, the minutes of every week, the breaks you took, and how your back felt before "
    "and after.",
    "To begin: assistant run",
)
TREND_DAYS = 28
TREND_ANSWERS = 5
"""Answers that either end of a comparison over time must have before it is told."""
LABEL = 8
WIDEST = 4


@dataclass(frozen=True, slots=True)
class Signs:
    """What is drawn with; every terminal has one of the two."""

    levels: str
    bars: str
    """From almost nothing to a full cell."""
    dash: str = "–"


BLOCKS = Signs("·░▒▓█", "▁▂▃▄▅▆▇█")
ASCII = Signs(".-+*#", ".:#", "-")


def signs_for(encoding: str | None) -> Signs:
    """Blocks and shades where the terminal's encoding has them."""
    try:
        (BLOCKS.levels + BLOCKS.bars + BLOCKS.dash).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return BLOCKS


# --- words ------------------------------------------------------------------


def title(history: History) -> str:
    first, last = history.first, history.last
    if first == last:
        return day_words(last)
    return f"{day_words(first, year=first.year != last.year)} to {day_words(last)}"


def counted(value: int, noun: str) -> str:
    return f"{value:,} {noun}" if value == 1 else f"{value:,} {noun}s"


def length(seconds: float) -> str:
    """ "42 minutes", "5 hours 12 minutes"; under two minutes in seconds."""
    if seconds < 119.5:
        return counted(round(seconds), "second")
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [counted(hours, "hour")] if hours else []
    if minutes or not hours:
        parts.append(counted(minutes, "minute"))
    return " ".join(parts)


def short(seconds: float) -> str:
    """ "42 min", "5 h 12 min", "25 s"."""
    if seconds < 119.5:
        return f"{round(seconds)} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours:,} h {minutes} min" if hours else f"{minutes} min"


def minutes(tally: Tally) -> int:
    """Whole minutes; what was done at all is at least one."""
    return max(1, round(tally.exercise_s / 60)) if tally.exercise_s > 0 else 0


def sentences(history: History) -> list[str]:
    """What a person would say of this stretch of time: facts, kindly, nothing promised."""
    return [*_sums(history), *remarks(history)]


def _sums(history: History) -> Iterator[str]:
    total = history.total
    if total.sessions:
        sessions = counted(total.sessions, "session")
        yield f"You exercised for {length(total.exercise_s)}, in {sessions}."
    if total.breaks_taken:
        yield _breaks(total, history.delay_s)
    if total.before.value is not None and total.after.value is not None:
        yield (
            f"Pain, from 0 to 10: {total.before.value:.1f} on average before exercise, "
            f"{total.after.value:.1f} after."
        )
    elif total.before.value is not None:
        yield f"Pain before exercise, from 0 to 10: {total.before.value:.1f} on average."


def remarks(history: History) -> Iterator[str]:
    """What the plain sums don't tell."""
    yield from _trend(history)
    if history.streak.days > 1:
        longer = history.streak.days > (history.last - history.first).days + 1
        before = f"; some of them were before {day_words(history.first)}" if longer else ""
        yield f"{streak(history.streak)}{before}."
    if history.unsure_days:
        on = counted(history.unsure_days, "day")
        yield f"On {on} the clock wasn't known to be right, so the date may be off."
    if history.undated:
        yield undated(history.undated)


def streak(found: Streak) -> str:
    """The same words as are spoken."""
    if not found.rest_days:
        return f"{found.days:,} days in a row"
    return f"{found.days:,} active days, with at most {REST_DAYS} days of rest between"


def _breaks(total: Tally, delay_s: float | None) -> str:
    parts = []
    if total.breaks_answered:
        asked = f"at {total.breaks_answered:,} of {counted(total.breaks_due, 'reminder')}"
        parts.append(asked + (f", half of them within {length(delay_s)}" if delay_s else ""))
    if total.breaks_unasked:
        parts.append(f"{counted(total.breaks_unasked, 'time')} unasked")
    return f"You got up {', and '.join(parts)}."


def _trend(history: History) -> Iterator[str]:
    """Pain at the two ends, where they are apart and both know enough."""
    if history.last - history.first < timedelta(days=2 * TREND_DAYS):
        return
    then = history.between(history.first, history.first + timedelta(days=TREND_DAYS - 1)).before
    now = history.between(history.last - timedelta(days=TREND_DAYS - 1), history.last).before
    if min(then.count, now.count) >= TREND_ANSWERS and None not in (then.value, now.value):
        yield (
            f"In the first four weeks pain was {then.value:.1f} before exercise, "
            f"in the last four {now.value:.1f}."
        )


def name_of(exercise: str, names: Names) -> str:
    """Its name; of one that is no longer among the routines, its id in words."""
    return names.get(exercise) or exercise.replace("-", " ").capitalize()


def undated(tally: Tally) -> str:
    parts = [counted(tally.sessions, "session")] if tally.sessions else []
    parts += [counted(tally.breaks_taken, "break")] if tally.breaks_taken else []
    what = " and ".join(parts) or counted(tally.breaks_due, "reminder")
    return f"And {what} from when the clock was wrong; no day here can hold them."


# --- lines, for a pipe and for a screen reader ------------------------------


def lines(history: History) -> list[str]:
    """Without a picture: the sentences, then a line for each week, oldest first."""
    if history.empty:
        return list(EMPTY)
    listed = [title(history), "", *sentences(history), ""]
    return listed + [
        f"Week of {day_words(week)}: {_week(tally)}" for week, tally in weekly(history)
    ]


def _week(tally: Tally) -> str:
    parts = []
    if tally.sessions:
        parts.append(f"{minutes(tally)} min in {counted(tally.sessions, 'session')}")
    if tally.breaks_taken or tally.breaks_due:
        parts.append(f"{counted(tally.breaks_taken, 'break')} taken, {tally.breaks_due} due")
    pain = [
        f"{mean.value:.1f} {when}"
        for mean, when in ((tally.before, "before"), (tally.after, "after"))
        if mean.value is not None
    ]
    if pain:
        parts.append(f"pain {', '.join(pain)}")
    return "; ".join(parts) or "rest"


# --- the picture ------------------------------------------------------------


def picture(history: History, width: int, signs: Signs) -> list[Row]:
    """Weeks as columns: the calendar, the bars and the pain share them. Then the sentences."""
    from textwrap import wrap

    if history.empty:
        said: list[Row] = []
        for text in EMPTY:
            said += [((line, ""),) for line in wrap(text, width)]
        return said
    weeks = weekly(history)
    fitting = max(1, width - LABEL)
    column = min(WIDEST, max(1, fitting // len(weeks)))
    rows: list[Row] = [((line, "bold"),) for line in wrap(title(history), width)]
    for start in range(0, len(weeks), fitting):
        rows += _block(history, weeks[start : start + fitting], column, signs)
    rows += _legend(signs, width)
    for text in sentences(history):
        rows += [((line, ""),) for line in wrap(text, width)]
    return rows


def _block(
    history: History, weeks: list[tuple[date, Tally]], column: int, signs: Signs
) -> list[Row]:
    rows: list[Row] = [((" " * LABEL + _months(weeks, column), "dim"),)]
    rows += [_weekday(history, weeks, weekday, column, signs) for weekday in range(7)]
    most = max(minutes(tally) for _, tally in weekly(history))
    if most:
        rows += _bars(weeks, most, column, signs)
    rows += _numbers("breaks", [tally.breaks_taken for _, tally in weeks], column)
    before = [tally.before.value for _, tally in weeks]
    after = [tally.after.value for _, tally in weeks]
    if any(value is not None for value in (*before, *after)):
        rows += [_pains("pain", before, column), _pains("  after", after, column)]
    return rows


def _months(weeks: list[tuple[date, Tally]], column: int) -> str:
    """The name of each month over the week it begins in, where there is room."""
    line = ""
    for index, (week, _) in enumerate(weeks):
        begins = [day for day in (week + timedelta(days=n) for n in range(7)) if day.day == 1]
        if len(line) <= index * column and (begins or index == 0):
            month = (begins[0] if begins else week).month
            soon = index == 0 and any((week + timedelta(days=n)).day == 1 for n in range(7, 21))
            if not (soon and column < 2):
                line = line.ljust(index * column) + MONTHS[month - 1][:3] + " "
    return line[: len(weeks) * column]


def _weekday(
    history: History, weeks: list[tuple[date, Tally]], weekday: int, column: int, signs: Signs
) -> Row:
    cells = [(WEEKDAYS[weekday].ljust(LABEL), "dim")]
    for week, _ in weeks:
        day = week + timedelta(days=weekday)
        there = history.first <= day <= history.last
        depth = level(history.days.get(day))
        sign = signs.levels[depth] if there else " "
        cell = sign * max(1, column - 1) if depth else sign
        cells.append((cell.ljust(column), "green" if depth else "dim"))
    return tuple(cells)


def _legend(signs: Signs, room: int) -> Iterator[Row]:
    """What the shades mean, on as many rows as it takes."""
    parts = [f"{sign} {text}" for sign, text in zip(signs.levels, LEVELS, strict=True)]
    line = parts[0]
    for part in parts[1:]:
        if len(line) + 2 + len(part) > room:
            yield ((line, "dim"),)
            line = part
        else:
            line += "  " + part
    yield ((line, "dim"),)


def _bars(weeks: list[tuple[date, Tally]], most: int, column: int, signs: Signs) -> list[Row]:
    """A bar for the minutes of each week, and the minutes in figures where there is room."""
    steps = len(signs.bars)
    figures = _numbers("minutes", [minutes(tally) for _, tally in weeks], column)
    high = 2 if figures else 3
    heights = [
        max(1, round(minutes(tally) / most * high * steps)) if minutes(tally) else 0
        for _, tally in weeks
    ]
    rows: list[Row] = []
    for row in reversed(range(high)):
        label = f"{most} min" if row == high - 1 else ""
        cells = [(label[: LABEL - 1].ljust(LABEL), "dim")]
        for height in heights:
            filled = min(max(height - row * steps, 0), steps)
            sign = signs.bars[filled - 1] if filled else " "
            cells.append(((sign * max(1, column - 1)).ljust(column), "cyan"))
        rows.append(tuple(cells))
    return rows + figures


def _numbers(label: str, values: list[int], column: int) -> list[Row]:
    """A figure a week, if every one has room."""
    if not any(values) or any(len(str(value)) >= column for value in values):
        return []
    texts = [(str(value) if value else "").ljust(column) for value in values]
    return [((label.ljust(LABEL), "dim"), ("".join(texts), ""))]


def _pains(label: str, values: list[float | None], column: int) -> Row:
    def text(value: float | None) -> str:
        if value is None:
            return ""
        if column >= WIDEST:
            return f"{value:.1f}" if value < 9.95 else "10"
        return str(round(value)) if value < 9.5 or column > 1 else "X"

    cells = [text(value).ljust(column) for value in values]
    return ((label.ljust(LABEL), "dim"), ("".join(cells), "bold"))
