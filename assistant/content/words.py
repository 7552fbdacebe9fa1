"""Numbers, lengths and clock times as a voice says them.

Decides wording only; a synthesiser reads words more evenly than digits, and
the recogniser's phrases use the same words.
"""

from collections.abc import Sequence

# fmt: off
_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
]
# fmt: on
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_HOW_MANY = {*_ONES, *_TENS, "a", "an", "and", "half", "of", "quarter", "quarters"}


def number(value: int) -> str:
    """0 to 999,999 in words; anything else in digits."""
    if 0 <= value < 20:
        return _ONES[value]
    if 20 <= value < 100:
        tens, ones = divmod(value, 10)
        return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    if 100 <= value < 1000:
        hundreds, rest = divmod(value, 100)
        return f"{_ONES[hundreds]} hundred" + (f" and {number(rest)}" if rest else "")
    if 1000 <= value < 1_000_000:
        thousands, rest = divmod(value, 1000)
        more = f"{' and' * (rest < 100)} {number(rest)}" if rest else ""
        return f"{number(thousands)} thousand{more}"
    return str(value)


def counted(value: int, noun: str) -> str:
    """ "one minute", "two minutes"."""
    return f"{number(value)} {noun}" if value == 1 else f"{number(value)} {noun}s"


def length(seconds: float) -> str:
    """A length as one says it: seconds, then half minutes, from five minutes on whole ones, from an
    hour on quarters of an hour."""
    whole = max(0, round(seconds))
    if whole < 60:
        return counted(whole, "second")
    if whole < 85:
        over = whole - 60
        return "one minute" if over < 5 else f"one minute {number(5 * round(over / 5))}"
    halves = round(whole / 30)
    minutes = halves // 2 if halves < 10 and not halves % 2 else round(whole / 60)
    if halves < 10 and halves % 2:
        return _and_a_half(halves // 2, "minute", "a")
    if minutes < 60:
        return counted(minutes, "minute")
    hours, quarters = divmod(round(whole / 900), 4)
    if quarters == 2:
        return _and_a_half(hours, "hour", "an")
    more = f" and {number(15 * quarters)} minutes" if quarters else ""
    return f"{counted(hours, 'hour')}{more}"


def is_length(name: str) -> bool:
    """Whether a routine's name says how long it takes, and nothing else."""
    *how_many, unit = name.lower().replace("-", " ").split() or [""]
    told = bool(how_many) and _HOW_MANY.issuperset(how_many)
    return told and unit in {"minute", "minutes", "hour", "hours"}


def _and_a_half(value: int, noun: str, one: str) -> str:
    return f"{one} {noun} and a half" if value == 1 else f"{number(value)} and a half {noun}s"


def clock(time_of_day_s: float) -> str:
    """A time of day in the twelve-hour way: "five past three", "twenty-three to four", "noon"."""
    minutes = round(time_of_day_s / 60) % 1440
    hour, minute = divmod(minutes, 60)
    if minute == 0 and hour in (0, 12):
        return "midnight" if hour == 0 else "noon"

    def spoken(hour: int) -> str:
        return number((hour - 1) % 12 + 1)

    if minute == 0:
        return f"{spoken(hour)} o'clock"
    if minute <= 30:
        past = {15: "a quarter", 30: "half"}.get(minute, number(minute))
        return f"{past} past {spoken(hour)}"
    left = 60 - minute
    to = "a quarter" if left == 15 else number(left)
    return f"{to} to {spoken(hour + 1)}"


def about(time_of_day_s: float) -> str:
    """A time of day as one says it to somebody who needn't hurry: "half past six", "about seven";
    to the quarter of an hour."""
    quarter = round(time_of_day_s / 900) * 900
    near = clock(quarter).removesuffix(" o'clock")
    return near if abs(time_of_day_s - quarter) < 90 else f"about {near}"


def next_at(time_of_day_s: float | None) -> str:
    """After another sentence: when the next reminder comes, where the time is known."""
    return "" if time_of_day_s is None else f" Next at {clock(time_of_day_s)}."


def part_of_day(time_of_day_s: float) -> str:
    """Which half of the day a clock time is in, as one says it; nothing for noon and midnight."""
    minutes = round(time_of_day_s / 60) % 1440
    if minutes in (0, 720):
        return ""
    for until_h, part in ((5, "at night"), (12, "in the morning"), (17, "in the afternoon")):
        if minutes < 60 * until_h:
            return part
    return "in the evening" if minutes < 60 * 22 else "at night"


def listing(names: list[str], last: str = "and") -> str:
    """ "one", "one and two", "one, two and three"; `last` joins the last two."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def few(reasons: Sequence[str]) -> str:
    """The first of several, and how many more: a voice that reads a list isn't listened to."""
    more = len(set(reasons)) - 1
    return f"{reasons[0]}, and {number(more)} more" if more else reasons[0]
