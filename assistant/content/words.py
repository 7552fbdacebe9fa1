"""Numbers, lengths and clock times as a voice says them.

Decides wording only; a synthesiser reads words more evenly than digits, and
the recogniser's phrases use the same words.
"""

# fmt: off
_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
]
# fmt: on
_TENS = ["twenty", "thirty", "forty", "fifty"]


def number(value: int) -> str:
    """0 to 59 in words; anything else in digits."""
    if 0 <= value < 20:
        return _ONES[value]
    if 20 <= value < 60:
        tens, ones = divmod(value, 10)
        return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    return str(value)


def counted(value: int, noun: str) -> str:
    """ "one minute", "two minutes"."""
    return f"{number(value)} {noun}" if value == 1 else f"{number(value)} {noun}s"


def length(seconds: float) -> str:
    """A length as one says it: seconds, then half minutes, from five minutes on whole ones."""
    whole = max(0, round(seconds))
    if whole < 60:
        return counted(whole, "second")
    if whole < 90:
        over = whole - 60
        return "one minute" if over < 5 else f"one minute {number(5 * round(over / 5))}"
    halves = round(whole / 30)
    minutes, half = divmod(halves, 2)
    if minutes >= 5 or not half:
        return counted(round(whole / 60), "minute")
    return f"{number(minutes)} and a half minutes"


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


def listing(names: list[str]) -> str:
    """ "one", "one and two", "one, two and three"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
