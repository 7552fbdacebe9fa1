"""What was asked for, read back: how long, how many, until when, and where it ends.

Decides wording only. Who asks for more than there is hears how much there is, and whose line isn't
understood what is like it.
"""

from collections.abc import Sequence

from assistant.content import sentences, words

CHIMES_ON = "All right, with my short sounds again."
CHIMES_OFF = "All right, only my voice from now on."
METRONOME_ON = "All right, I tick along from the next repetitions on."
METRONOME_OFF = "All right, I stop ticking along."
FLOOR = {
    "no_floor": "All right. From now on I lead what is done standing, or on a chair.",
    "no_floor_today": "All right. Today I lead what is done standing, or on a chair.",
    "floor": "Good. From now on I lead what is done on the floor, too.",
}
"""What is said to a wish about the floor, by its command."""

_MOST = ", that is the most"
_HOURS_AWAY_S = 6 * 3600.0
"""From here on a clock time is told with its half of the day."""


def not_understood(like: Sequence[str], how: str = "") -> str:
    """A typed line means nothing; `like` does. `how`: what was asked is answered so."""
    if how:
        return f"Sorry, I didn't catch that. {how}"
    if not like:
        return sentences.UNCLEAR
    return f"Sorry, I didn't catch that. What I know and is like it: {'; '.join(like)}."


def more_time(seconds: float, *, most: bool = False) -> str:
    """How much longer it takes; `most`: more was asked for."""
    if seconds < 1:
        return sentences.MOST_TIME
    said = f"{words.counted(round(seconds), 'second').capitalize()} more"
    return f"{said}, that is the most." if most else f"{said}."


def how_many(repetitions: int, exercises: int, *, after: bool) -> str:
    """What is left of this exercise, where it is counted, and how many come `after` it."""
    more = words.counted(exercises, "more exercise")
    if not repetitions:
        if not exercises:
            return sentences.next_up("")
        return f"{more.capitalize()} after this one." if after else f"{more.capitalize()}."
    these = f"{words.number(repetitions).capitalize()} more of these"
    return f"{these}, then {more}." if exercises else f"{these}, and that is all."


def more_units(units: int, *, breaths: bool, most: bool = False) -> str:
    """How many repetitions or breaths more; `most`: more were asked for."""
    if units < 1:
        return sentences.MOST_TIME
    said = words.counted(units, "breath") if breaths else words.number(units)
    said = f"{said.capitalize()} more"
    return f"{said}, that is the most." if most else f"{said}."


def snoozed(seconds: float, time_of_day_s: float | None, left: int, *, most: bool = False) -> str:
    """The snooze read back, as a clock time where it is known, and how many are left; `most`: more
    was asked for."""
    at = "" if time_of_day_s is None else f": {words.clock(time_of_day_s)}"
    more = f"{words.counted(left, 'more snooze').capitalize()} for this break."
    if left == 0:
        more = "That was the last one for this break."
    return f"{words.length(seconds).capitalize()}{_MOST * most}{at}. {more}"


def quiet(
    seconds: float, time_of_day_s: float | None, *, ask_for_time: bool, most: bool = False
) -> str:
    """How long there will be no reminder, as a clock time where it is known, and which of the two
    that a clock face shows where it is hours away; `most`: longer was asked for."""
    until = f"for {words.length(seconds)}"
    if time_of_day_s is not None:
        until = f"until {words.clock(time_of_day_s)}"
        if seconds >= _HOURS_AWAY_S:
            until = f"{until} {words.part_of_day(time_of_day_s)}".strip()
    said = f"All right, quiet {until}{_MOST * most}."  # "quiet for an hour" alone is a command
    return f"{said} {sentences.OFF_UNTIL}" if ask_for_time else said


def every(seconds: float, time_of_day_s: float | None, limit: str = "") -> str:
    """The new interval read back; `limit`: "longest" or "shortest", where
    more or less was asked for."""
    minutes = round(seconds / 60)
    said = {60: "hour", 120: "two hours"}.get(minutes, words.counted(minutes, "minute"))
    capped = f", that is the {limit}" if limit else ""
    return f"Every {said}{capped}, from now on.{words.next_at(time_of_day_s)}"
