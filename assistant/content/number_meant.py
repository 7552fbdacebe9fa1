"""Which number somebody meant who wrote one as people do: "30 s", "3 x 10", "8-12", "1:30".

Decides the number for a key whose name may say its unit (`hold_s`, `sit_min`). Whether a value is
allowed there, and how its error reads, are the readers' business.
"""

import re

_NUMBER = r"[+-]?\d{1,6}(?:[.,]\d{1,3})?"
_LETTERS = r"[^\W\d_]{1,8}"
_SIDE = r"(?:sides?|leg|arm|way)"
_EACH = rf"(?:\s*(?:(?:/|per|a)\s*{_SIDE}|(?:on\s+)?(?:each|both)(?:\s*{_SIDE})?|{_SIDE}))?"
_UNIT = rf"(?:(?!(?:per|a|on|each|both|{_SIDE})\b){_LETTERS}|°|%)"
_TIMES = re.compile(
    rf"(\d{{1,3}})\s*(?:[x×*]|sets?(?:\s+of|\s*[x×*]))\s*({_NUMBER})\s*{_UNIT}?{_EACH}",
    re.IGNORECASE,
)
_UNITED = re.compile(
    rf"[~≈]?\s*({_NUMBER})\s*({_UNIT})?"
    rf"(?:\s*(?:-|–|—|to|\.\.+|x|×|\*)\s*{_NUMBER}\s*({_UNIT})?)?{_EACH}",
    re.IGNORECASE,
)
_LONGEST = 40
IN_MINUTES = re.compile(r"(^|_)m(in(ute)?s?)?$")
"""A key that says so."""
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)")
_TOGETHER = re.compile(
    rf"(\d{{1,3}})\s*({_LETTERS})\s*(?:and\s+)?(\d{{1,2}})\s*({_LETTERS})?", re.IGNORECASE
)
"""Such as "1 min 30 s", "1 h 30"."""
_SECONDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600),
}
_COUNTED = frozenset(
    {
        *("", "x", "×", "time", "times", "rep", "reps", "repetition", "repetitions", "set", "sets"),
        *("breath", "breaths", "round", "rounds", "°", "deg", "degree", "degrees"),
    }
)
"""What may stand behind a number that is no time."""
WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def sets_meant(text: str, key: str) -> str:
    """What to write for "3 x 10" repetitions; empty: it isn't that."""
    match = _TIMES.fullmatch(text.strip()) if key in ("reps", "sets") else None
    return f"write reps = {match[2]}, and sets = {match[1]} below it" if match else ""


def number_meant(text: str, key: str) -> float | None:
    """In the unit of the key; of a range, or of a hold and how often, the first; of sets and how
    many, what the key asks for. None: it is no such number, or one of another unit."""
    text = text.strip()[:_LONGEST]
    if text.lower() in WORDS:
        return float(WORDS.index(text.lower()))
    key_s = 1 if key.endswith("_s") else 60 if key.endswith(("_min", "minutes")) else 0
    if key_s == 1 and (clock := _CLOCK.fullmatch(text)):  # of minutes it may be either
        return 60.0 * int(clock[1]) + int(clock[2])
    if key_s and (two := _TOGETHER.fullmatch(text)):
        more_s = _SECONDS.get(two[2].lower(), 0)
        less_s = _SECONDS.get((two[4] or "").lower(), 0 if two[4] else more_s // 60)
        if more_s > less_s > 0:
            return (int(two[1]) * more_s + int(two[3]) * less_s) / key_s
    if pair := _TIMES.fullmatch(text):
        text = text[: pair.end(1)] if key == "sets" else text[pair.start(2) :]
    match = _UNITED.fullmatch(text)
    if match is None:
        return None
    much, unit = float(match[1].replace(",", ".")), (match[2] or match[3] or "").lower()
    if not key_s:
        return much if unit in _COUNTED or key.endswith(f"_{unit}") else None
    unit_s = _SECONDS.get(unit, 0) if unit else key_s
    return much * unit_s / key_s if unit_s else None
