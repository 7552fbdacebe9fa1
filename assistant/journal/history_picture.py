"""The page's drawings as one picture, for those who can't open a page.

Decides what is in it, dark on white. How a drawing becomes a file is not its business.
"""

import re
from collections.abc import Iterator
from html import escape

from assistant.journal import charts
from assistant.journal.history_in_words import EMPTY, remarks, title
from assistant.journal.history_page import calendars, headline
from assistant.journal.tally import History

MARGIN = 24
CARD, CARDS_A_ROW, CARD_HIGH = 190, 4, 52
LINE = 19
LETTERS = 112
"""In a line of text."""


def svg(history: History) -> str:
    """All of it as one drawing, dark on white, whatever the screen's colours are."""
    high, parts = 0, []
    for y, height, part in _placed(history):
        high = y + height
        parts.append(part)
    style = re.sub(r"var\(--(\w+)\)", lambda found: charts.LIGHT[found[1]], charts.STYLE)
    style = style.replace("system-ui,", "") + (
        f".h{{font-size:20px;fill:{charts.LIGHT['ink']}}}"
        f".f{{font-size:17px;fill:{charts.LIGHT['ink']}}}"
        f".s{{font-size:12.5px;fill:{charts.LIGHT['ink']}}}"
    )
    width = charts.WIDTH + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{high + MARGIN}">'
        f'<style>{style}</style><rect width="100%" height="100%" fill="#fff"/>'
        f"{''.join(parts)}</svg>"
    )


def _placed(history: History) -> Iterator[tuple[int, int, str]]:
    """Each part with its place from above and its height."""
    y = MARGIN + 20
    yield y, 8, _text(y, "h", f"Exercise, {title(history)}")
    y += 20
    for number, (term, value) in enumerate(() if history.empty else headline(history)):
        x = MARGIN + number % CARDS_A_ROW * CARD
        top = y + number // CARDS_A_ROW * CARD_HIGH
        yield top, CARD_HIGH, _text(top + 14, "", term, x) + _text(top + 35, "f", value, x)
        last = top
    y = y if history.empty else last + CARD_HIGH
    from textwrap import wrap

    for sentence in EMPTY if history.empty else remarks(history):
        for line in wrap(sentence, LETTERS):
            y += LINE
            yield y, LINE, _text(y, "s", line)
    if history.empty:
        return
    y += LINE
    if history.total.before.count or history.total.after.count:
        yield y, charts.PAIN_HIGH, _inside(charts.pain(history), y, charts.PAIN_HIGH)
        y += charts.PAIN_HIGH + 20
    for year, drawing in calendars(history):
        yield y + 12, 10, _text(y + 12, "f", str(year))
        yield y + 22, charts.YEAR_HIGH, _inside(drawing, y + 22, charts.YEAR_HIGH)
        y += 22 + charts.YEAR_HIGH + 14
    yield y, charts.LEGEND_HIGH, _inside(charts.legend(), y, charts.LEGEND_HIGH)


def _inside(drawing: str, y: int, high: int) -> str:
    place = f'<svg x="{MARGIN}" y="{y}" width="{charts.WIDTH}" height="{high}" '
    return drawing.replace("<svg ", place, 1)


def _text(y: int, kind: str, text: str, x: int = MARGIN) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(text)}</text>'
