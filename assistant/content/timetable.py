"""A compiled plan as a table of times to read: what `rehearse` prints."""

from dataclasses import dataclass

from assistant.content.types import Plan


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch of a plan on the clock, for printing."""

    start_s: float
    end_s: float
    kind: str
    item: int
    side: str
    title: str
    cues: tuple[tuple[float, str], ...]
    """(seconds from the start of the plan, text)"""


def script(plan: Plan) -> list[Row]:
    """The plan with times from its start."""
    rows: list[Row] = []
    start = 0.0
    for segment in plan.segments:
        end = start + segment.length_s
        said = tuple((round(start + cue.at_s, 3), cue.text) for cue in segment.cues)
        rows.append(
            Row(
                round(start, 3),
                round(end, 3),
                segment.kind.value,
                segment.item,
                segment.side,
                segment.title,
                said,
            )
        )
        start = end
    return rows
