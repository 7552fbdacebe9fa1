"""`assistant simulate`: years at the desk in seconds, as a table, JSON or a picture.

Decides what can be typed and how the figures are laid out. What is counted is the simulation's.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli import common
from assistant.errors import AssistantError, ExitCode
from assistant.machine.whole_file import write_whole

if TYPE_CHECKING:
    from assistant.coach.settings import Settings
    from assistant.simulation.report import Report

MOST_DAYS = 3660
SIGNS = ("#", "+", "-", ".")
"""Taken, snoozed, skipped, unanswered; in this order everywhere."""
COLOURS = ("#0f5468", "#55aabd", "#b4510b", "#b9c2c6")
CHART_WIDE = 48


def add(parser: ArgumentParser) -> None:
    from assistant.simulation.desk_people import PEOPLE

    line = "assistant simulate --days 30 --person snoozer --svg snoozer.svg"
    common.example(parser, line)
    parser.add_argument("--days", metavar="N", type=int, default=30, help="how many days (30)")
    parser.add_argument(
        "--person",
        choices=tuple(PEOPLE),
        metavar="PROFILE",
        help=f"one of {', '.join(PEOPLE)} (all)",
    )
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="another chance (1)")
    parser.add_argument(
        "--plan",
        metavar="WHO",
        help="the weeks of a plan day by day instead, as lived by WHO: beginner, eager, careful, "
        "sore, forgetful, traveller, strong, often-hurt, restless, on-off, desk-worker, "
        "thin-bones, pregnant, leg-pain or mute",
    )
    common.add_json(parser)
    parser.add_argument(
        "--svg",
        metavar="FILE",
        type=common.written_as(".svg"),
        help="write a picture of the hours of the day",
    )


def run(asked: Namespace) -> int:
    from assistant.config import Config
    from assistant.config.for_coach import settings_for
    from assistant.simulation.desk_people import PEOPLE
    from assistant.simulation.world import simulate

    if not 1 <= asked.days <= MOST_DAYS:
        raise AssistantError(
            f"--days {asked.days}: expected a whole number from 1 to {MOST_DAYS}",
            code=ExitCode.COMMAND_LINE,
        )
    if asked.plan is not None and (asked.person or asked.json or asked.svg):
        raise AssistantError(
            "--plan is told in lines; --person, --json and --svg are of the reminders: "
            "leave them out, or leave out --plan",
            code=ExitCode.COMMAND_LINE,
        )
    settings = settings_for(Config(), common.library(), once=False)
    if asked.plan is not None:
        return tell_plan(asked, settings)
    persons = [asked.person] if asked.person else PEOPLE
    reports = [simulate(person, asked.days, asked.seed, settings) for person in persons]
    if asked.json:
        print(common.as_json([report.as_dict() for report in reports]))
    else:
        print("\n".join(lines(reports)))
    if asked.svg is not None:
        write_whole(Path(asked.svg), picture(reports).encode())
    return ExitCode.GOOD if not any(report.broken for report in reports) else ExitCode.UNEXPECTED


def tell_plan(asked: Namespace, settings: "Settings") -> int:
    from assistant.simulation.plan_people import TRAINEES, lines

    if asked.plan not in TRAINEES:
        raise AssistantError(
            f"--plan {asked.plan}: there is nobody called so; there are {', '.join(TRAINEES)}",
            code=ExitCode.COMMAND_LINE,
        )
    for line in lines(asked.plan, asked.days, asked.seed, settings):
        print(line)
    return ExitCode.GOOD


# --- as text ----------------------------------------------------------------

ROWS = (
    ("reminders due", "due"),
    ("  given aloud", "given"),
    ("  taken", "taken"),
    ("  put off (snoozes)", "snoozed"),
    ("  skipped", "skipped"),
    ("  unanswered", "unanswered"),
    ("stood up unasked", "unasked"),
    ("delay, median", "delay_median_s"),
    ("delay, 9 of 10 within", "delay_p90_s"),
    ("longest sitting", "longest_sitting_s"),
    ("least between two", "least_gap_s"),
    ("into talk, at the limit", "at_courtesy_limit"),
    ("  before the limit", "in_talk"),
    ("in quiet", "in_quiet"),
    ("in declared absence", "in_absence"),
    ("outside working hours", "after_hours"),
    ("to an empty room", "to_nobody"),
    ("power cuts", "power_cuts"),
    ("clock set", "clocks_set"),
    ("machine asleep", "suspends"),
)


def lines(reports: Sequence["Report"]) -> Iterator[str]:
    """A table with a column for each person; for one person a chart of the day too."""
    from assistant.simulation.desk_people import PEOPLE

    head = reports[0]
    yield f"{head.days} days, seed {head.seed}"
    wide = [max(8, len(report.person)) for report in reports]
    names = (report.person.rjust(width) for report, width in zip(reports, wide, strict=True))
    yield f"{'':24}{'  '.join(names)}"
    for title, key in ROWS:
        cells = (_cell(key, getattr(report, key)) for report in reports)
        figures = (cell.rjust(width) for cell, width in zip(cells, wide, strict=True))
        yield f"{title:24}{'  '.join(figures)}"
    broken = sum(report.broken for report in reports)
    yield f"interruptions that should not have been: {broken}"
    if len(reports) == 1:
        yield f"\n{head.person}: {PEOPLE[head.person].about}\n"
        yield from chart(head)


def _cell(key: str, value: float | None) -> str:
    if value is None:
        return "-"
    return span(value) if key.endswith("_s") else f"{value:,}"


def span(seconds: float) -> str:
    """ "54 s", "12:30 min", "2:05 h"."""
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    if whole < 6000:
        return f"{whole // 60}:{whole % 60:02d} m"
    return f"{whole // 3600}:{whole % 3600 // 60:02d} h"


def chart(report: "Report") -> Iterator[str]:
    """What became of the reminders in each hour of the day."""
    most = max((sum(became) for became in report.hours.values()), default=0)
    for hour, became in report.hours.items():
        if not sum(became):
            continue
        bar = "".join(
            sign * (round(sum(became[: i + 1]) * CHART_WIDE / most) - before)
            for i, sign in enumerate(SIGNS)
            for before in [round(sum(became[:i]) * CHART_WIDE / most)]
        )
        yield f"{hour}:00  {bar} {sum(became):,}"
    yield f"       {SIGNS[0]} taken  {SIGNS[1]} snoozed  {SIGNS[2]} skipped  {SIGNS[3]} unanswered"


# --- as a picture -----------------------------------------------------------

WIDE, HIGH, LEFT, TOP = 640, 150, 44, 34
STEP = 24


def picture(reports: Sequence["Report"]) -> str:
    """A stacked column for each hour of the day, one drawing below the other."""
    from html import escape

    from assistant.simulation.report import BECAME

    tall = TOP + len(reports) * (HIGH + 46) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {tall}" role="img" '
        'font-family="system-ui,sans-serif" font-size="12">',
        f"<title>{escape(_title(reports))}</title>",
        f'<rect width="{WIDE}" height="{tall}" fill="#fff"/>',
        f'<text x="{LEFT}" y="20" font-size="14">{escape(_title(reports))}</text>',
    ]
    for index, report in enumerate(reports):
        parts += _columns(report, TOP + index * (HIGH + 46))
    for index, (name, colour) in enumerate(zip(BECAME, COLOURS, strict=True)):
        x = LEFT + 110 * index
        parts.append(f'<rect x="{x}" y="{tall - 22}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 18}" y="{tall - 12}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _title(reports: Sequence["Report"]) -> str:
    return f"What became of stand-up reminders, by the hour: {reports[0].days} simulated days"


def _columns(report: "Report", top: int) -> Iterator[str]:
    from html import escape

    most = max((sum(became) for became in report.hours.values()), default=0) or 1
    base = top + 18 + HIGH
    about = f"{report.person}: {report.due:,} due, {report.taken:,} taken"
    yield f'<text x="{LEFT}" y="{top + 12}">{escape(about)}</text>'
    yield f'<text x="{LEFT - 6}" y="{top + 28}" text-anchor="end">{most:,}</text>'
    yield f'<path d="M{LEFT} {base}h{24 * STEP}" stroke="#4a5a63"/>'
    for place, (hour, became) in enumerate(report.hours.items()):
        x, y = LEFT + place * STEP + 2, float(base)
        for count, colour in zip(became, COLOURS, strict=True):
            high = count * HIGH / most
            y -= high
            if count:
                yield (
                    f'<rect x="{x}" y="{y:.1f}" width="{STEP - 4}" height="{high:.1f}" '
                    f'fill="{colour}"/>'
                )
        if place % 3 == 0:
            yield f'<text x="{x}" y="{base + 15}">{hour}</text>'
