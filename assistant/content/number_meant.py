"""Which number somebody meant who wrote one as people do: "30 s", "3 x 10", "8-12", "1:30".

Decides the number for a key whose name may say its unit (`hold_s`, `sit_min`). Whether a value is
allowed there, and how its error reads, are the readers' business.
"""

import re

_NUMBER = r"[+-]?\d{1,6}(?:[.,]\d{1,3})?"
_UNIT = r"(?:[^\W\d_]{1,8}|°|%)"
_EACH = r"(?:\s*(?:/|each|per|a|on each|both)\s*(?:side|sides|leg|arm|way)?)?"
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
_MINUTES, _SECONDS = (
    ("m", "min", "mins", "minute", "minutes"),
    ("s", "sec", "secs", "second", "seconds"),
)
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
    many, what the key asks for. None: it is no such number."""
    text = text.strip()[:_LONGEST]
    if text.lower() in WORDS:
        return float(WORDS.index(text.lower()))
    timed = key.endswith(("_s", "_min"))
    if timed and (clock := _CLOCK.fullmatch(text)):
        return 60.0 * int(clock[1]) + int(clock[2])
    if pair := _TIMES.fullmatch(text):
        text = text[: pair.end(1)] if key == "sets" else text[pair.start(2) :]
    match = _UNITED.fullmatch(text)
    if match is None:
        return None
    much, unit = float(match[1].replace(",", ".")), (match[2] or match[3] or "").lower()
    if key.endswith("_s") and unit in _MINUTES:
        return much * 60
    return much / 60 if key.endswith("_min") and unit in _SECONDS else much
