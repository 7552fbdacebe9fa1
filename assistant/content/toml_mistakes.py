"""Why a text is no TOML, said of the line where it goes wrong, with that line as it should be.

Decides what somebody most likely meant: a decimal comma, a unit behind a number, curly quotes, what
another program puts around a text that is copied, a
word without quotes, a key twice, `[exercise]` for `[[exercise]]`. What tomllib says is kept for
whatever else there is. Values that are TOML and yet wrong are `toml_reader`'s business.
"""

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass

from assistant.content.number_meant import number_meant, sets_meant

_FENCE = re.compile(r"\s*(?:```|~~~)")
_BULLET = re.compile(r"\s*(?:[-*•·–]|\d+[.)])\s+(?=\S)")
_JOINED = 8
"""So many lines at most are taken for one that was broken."""
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
_SETTING = re.compile(r"^(\s*)([A-Za-z0-9_-]+)\s*=\s*(.*?)\s*$")
_WORD = re.compile(r"[^\W\d][^\"\[\]{}=#]*")
YES, NO = ("yes", "on", "true"), ("no", "off", "false")


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong with a line of a text."""

    line: int
    """From 1."""
    found: str
    expected: str
    mend: str


def slip(text: str, error: Exception, lists: Collection[str] = ()) -> Slip:
    """What `error` of tomllib means for this text; of tables in `lists` there may be several."""
    if isinstance(error, RecursionError):
        return Slip(1, "lists nested very deeply", "TOML", "write it flatter")
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", str(error))
    line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
    reason = str(error)[: place.start()] if place else str(error)
    lines = text.splitlines()
    line, reason = _where(lines, line, reason)
    written = lines[line - 1] if 0 < line <= len(lines) else ""
    return _meant(lines, line, written, reason, lists) or _plainly(line, written, reason)


def _where(lines: list[str], line: int, reason: str) -> tuple[int, str]:
    """The line to mend: tomllib names the one after a statement that ends too late."""
    if line > 1 and reason.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate")):
        at = next((i for i in range(line, 0, -1) if i <= len(lines) and lines[i - 1].strip()), line)
        return at, reason
    return line, reason


def _plainly(line: int, written: str, reason: str) -> Slip:
    reason = "".join(c if c.isprintable() else " " for c in reason)
    said = f"{_shown(written)} ({reason[:1].lower() + reason[1:]})"
    return Slip(line, said, "TOML such as key = value", "mend that line")


def _shown(text: str) -> str:
    inner = "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in text.strip())
    return f'"{inner[:40]}..."' if len(inner) > 43 else f'"{inner}"'


def _meant(
    lines: list[str], line: int, written: str, reason: str, several: Collection[str]
) -> Slip | None:
    if "twice" in reason or reason.startswith("Cannot"):
        return _twice(lines, line, written, several)
    header = re.match(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]*\s*(#.*)?$", written)
    if header:
        close = "]" * len(header[1])
        return _instead(
            line, written, f"{header[1]}{header[2]}{close}", "a table's name in brackets"
        )
    straight = _BULLET.sub("", written.translate(_CURLY))
    if _FENCE.match(written):
        return Slip(line, _shown(written), "TOML alone", "remove it")
    if straight != written and _loads(straight):
        curly = written.translate(_CURLY) != written
        expected = "straight quotes" if curly else "nothing before a key"
        return _instead(line, written, straight.strip(), expected)
    pair = _SETTING.match(straight) or re.match(
        r"^(\s*)([A-Za-z_][A-Za-z0-9_-]*)\s*[: ]\s*(\S.*?)\s*$", straight
    )
    if pair is None:
        return None
    value = re.sub(r"\s+#.*$", "", pair[3])
    if mend := sets_meant(value, pair[2]):
        return Slip(line, _shown(written), "one number", mend)
    if broken := _broken(lines, line, straight):
        return broken
    for better, expected in _values(value, pair[2]):
        said = f"{pair[2]} = {better}"
        if _loads(said):
            return _instead(line, written, said, expected)
    return None


def _broken(lines: list[str], line: int, written: str) -> Slip | None:
    """A text, or a table in braces, that goes on in the lines below."""
    said = written.strip()
    table = said.count("{") > said.count("}")
    for more, following in enumerate(lines[line : line + _JOINED], 1):
        if not table and (_SETTING.match(following) or following.lstrip().startswith("[")):
            break
        said = f"{said} {following.translate(_CURLY).strip()}"
        if _loads(said):
            lost = f"line {line + 1}" if more == 1 else f"lines {line + 1} to {line + more}"
            mend = f"write {said}, and remove {lost}"
            return Slip(line, _shown(written), "all of it on one line", mend)
    return None


def _instead(line: int, written: str, better: str, expected: str) -> Slip:
    return Slip(line, _shown(written), expected, f"write {better}")


def _values(value: str, key: str) -> list[tuple[str, str]]:
    """What this value may have been meant to be, and what was expected, likeliest first."""
    found = [(value, "TOML such as key = value")]  # only the sign between key and value was wrong
    if " //" in value:
        found.append((value.replace("//", "#", 1), "# before a comment"))
    number = value.strip("\"'")
    if comma := re.fullmatch(r"([+-]?\d+),(\d+)", number):
        found.append((f"{comma[1]}.{comma[2]}", "a point, no decimal comma"))
    if re.fullmatch(r"0\d+", number):
        found.append((str(int(number)), "a number without a zero before it"))
    if re.fullmatch(r"\.\d+", number):
        found.append((f"0{number}", "a digit before the point"))
    if re.fullmatch(r"\d+\.", number):
        found.append((number[:-1], "a digit behind the point, or no point"))
    if re.match(r"[~≈+-]?\s*\d", number) and (much := number_meant(number, key)) is not None:
        single = not re.search(r"\d.*[^\d.,].*\d", number)
        found.append((f"{much:g}", "a number without its unit" if single else "one number"))
    if value.lower() in YES + NO:
        found.append(("true" if value.lower() in YES else "false", "true or false"))
    if _WORD.fullmatch(value):
        found.append((f'"{value}"', "quotes around a text"))
    for quote in ('"', "'"):
        if value.count(quote) == 1:
            found.append((f'"{value.strip(quote)}"', "quotes on both sides of a text"))
    if "," in value:
        found.append((f"[{value}]", "brackets around a list"))
    if value[:1] == value[-1:] and value[:1] in ("'", '"'):
        other = "'" if '"' in value[1:-1] else '"'
        found.append((f"{other}{value[1:-1]}{other}", "quotes that the text itself doesn't hold"))
    if value.startswith("["):
        found.append((f"{value}]", "a bracket at the end of a list"))
    return found


def _twice(lines: list[str], line: int, written: str, several: Collection[str]) -> Slip | None:
    """A key or a table that is there already."""
    header = re.match(r"\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]", written)
    if header:
        name = header[1]
        others = [i for i, one in enumerate(lines, 1) if f"[{name}]" in one.replace(" ", "")]
        single = [i for i in others if not lines[i - 1].strip().startswith("[[")]
        at = line if line in single or not single else single[0]
        other = next((i for i in others if i != at), at)
        if name not in several:
            mend = f"move its keys below line {other}, and remove it"
            return Slip(at, f"[{name}] as well as in line {other}", f"one [{name}]", mend)
        return Slip(
            at,
            f"[{name}] as well as in line {other}",
            f"[[{name}]], of which there may be several",
            f"write [[{name}]]",
        )
    key = _SETTING.match(written)
    if key is None:
        return None
    before = range(line - 1, 0, -1)
    again = rf"\s*{re.escape(key[2])}\s*="
    first = next((i for i in before if re.match(again, lines[i - 1])), 0)
    where = f", in line {first} too" if first else ""
    return Slip(line, f"{key[2]} twice{where}", f"one line {key[2]}", "remove it")


def _loads(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
