"""A machine that does what a problem of a file says, to the letter, and nothing else.

It knows the few forms that a cure has (write, remove, move, did you mean ...), and stops at any
other. What comes of it is for a test to judge.
"""

import re
from collections.abc import Callable

from assistant.content.toml_reader import Problem

Do = Callable[["re.Match[str]", list[str], Problem], None]


def follow(text: str, problem: Problem) -> str:
    """The text of a file after this one cure. Raises AssertionError where it can't be followed."""
    lines = text.split("\n")
    for form, do in FORMS:
        if (match := re.fullmatch(form, problem.mend)) is not None:
            do(match, lines, problem)
            return "\n".join(lines)
    raise AssertionError(f"nobody can follow: {problem.mend}")


def _at(problem: Problem) -> int:
    return max(problem.line, 1) - 1


def _instead(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    lines[_at(problem)] = match[1]


def _remove(_: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    del lines[_at(problem)]


def _value(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    """Another value in the place of the one that was found."""
    places = re.findall(r"\{\w*\}", problem.found)
    old = (places or re.findall(r'"[^"]*"|-?[\d.]+', problem.found))[0]
    assert old in lines[_at(problem)], (old, lines[_at(problem)])
    lines[_at(problem)] = lines[_at(problem)].replace(old, match[1], 1)


def _sentence(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    """Another sentence in the place of one within a text."""
    old = re.findall(r'"([^"]*)"', problem.found)[0]
    assert old in lines[_at(problem)], (old, lines[_at(problem)])
    lines[_at(problem)] = lines[_at(problem)].replace(old, match[1], 1)


def _meant(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    """Another key, or another word for the value."""
    if problem.found.startswith("the unknown key"):
        old = re.escape(re.findall(r'"([^"]*)"', problem.found)[0])
        written = lines[_at(problem)]
        changed = re.sub(rf"(?<![\w-]){old}(?![\w-])", match[1], written, count=1)
        assert changed != written, (old, written)
        lines[_at(problem)] = changed
    else:
        _value(match, lines, problem)


def _below(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    """A line more, below a table's name or below the line itself."""
    at = lines.index(match[2]) if match[2].startswith("[") else _at(problem)
    lines.insert(at + 1, match[1])


def _add(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    """What is missing: into the table that lacks it."""
    if "{" in lines[_at(problem)]:
        lines[_at(problem)] = lines[_at(problem)].replace(" }", f", {match[1]} }}", 1)
    else:
        lines.insert(_at(problem) + 1 if "." in problem.key else 0, match[1])


def _above(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    lines.insert(_at(problem), match[1])


def _move_above(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    lines.insert(int(match[1]) - 1, lines.pop(_at(problem)))


def _move_below(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    moved = lines.pop(_at(problem))
    lines.insert(lines.index(match[1]) + 1, moved)


def _brackets(_: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    name, value = lines[_at(problem)].split("=", 1)
    lines[_at(problem)] = f"{name}= [{value.strip()}]"


def _quotes(_: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    name, value = lines[_at(problem)].split("=", 1)
    lines[_at(problem)] = f'{name}= "{value.strip()}"'


def _shorter(_: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    name, value = lines[_at(problem)].split("=", 1)
    lines[_at(problem)] = f'{name}= {value.strip()[:300].strip()}"'


def _out(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    lines[_at(problem)] = lines[_at(problem)].replace(match[1], "", 1)


def _no_n(_: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    lines[_at(problem)] = re.sub(r", n = \d+|n = \d+, ", "", lines[_at(problem)], count=1)


def _typed_again(_: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    lines[_at(problem)] = re.sub(r"\\u[0-9A-Fa-f]{4}|\\t", "", lines[_at(problem)])


def _pair(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    lines[_at(problem) : _at(problem) + 1] = [match[1], match[2]]


def _joined(match: "re.Match[str]", lines: list[str], problem: Problem) -> None:
    """One line in the place of several."""
    del lines[int(match[2]) - 1 : int(match[3] or match[2])]
    lines[_at(problem)] = match[1]


FORMS: list[tuple[str, Do]] = [
    (r"write (reps = \d+), and (sets = \d+) below it", _pair),
    (r"write (.*), and remove lines? (\d+)(?: to (\d+))?", _joined),
    (r"move it above line (\d+), where .*", _move_above),
    (r"move it below (\[\w+\])", _move_below),
    (r"move it below the (\[\[\w+\]\]) that it is for", _move_below),
    (r"write (\[\w+\]) above it", _above),
    (r"remove (?:it|the line)(?:[,:;\s].*)?", _remove),
    (r"write it, or remove the line", _remove),
    (r'did you mean ("?[\w-]+"?)\?', _meant),
    (r"write (.* = .*) below (it|\[\w+\])", _below),
    (r"add \w+: write (.* = .*)", _add),
    (r"add (n = 5) to it", _add),
    (r"remove n from it", _no_n),
    (r"take (\{.*\}) out", _out),
    (r"write (\{side\}) for it", _value),
    (r'write "(.*)" for it', _sentence),
    (r'write "(.*)" there, or another movement', _sentence),
    (r'write ("[^"]*"|[\d.]+)(?: there|, for instance)', _value),
    (r"write (\S+ = .*?)(?:, or .*)?", _instead),
    (r"write (\[\[?[\w.]+\]\]?)", _instead),
    (r"put brackets around it: .*", _brackets),
    (r"write it between quotes: .*", _quotes),
    (r"say less at once, .*", _shorter),
    (r"type it again", _typed_again),
]
