"""What every calendar of the past has in common, be it drawn in a terminal, a page or a picture.

Decides how deep a day's shade is and what its depths mean, and what days and months are called.
Where a day stands and what it looks like is `history_in_words`'s and `charts`' to decide.
"""

from datetime import date

from assistant.journal.tally import Tally

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LEVELS = ("nothing", "breaks only", "under 5 min", "5 to 10 min", "10 min or more")
"""What the depths of a day's shade mean, in minutes of exercise."""


def day_words(day: date, *, year: bool = True) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def level(tally: Tally | None) -> int:
    """Which of `LEVELS` a day has."""
    if tally is None:
        return 0
    if tally.exercise_s > 0:
        return 2 + (tally.exercise_s >= 300) + (tally.exercise_s >= 600)
    return int(tally.breaks_taken > 0)
