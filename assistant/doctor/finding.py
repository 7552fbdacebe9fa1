"""What was seen of one part of the machine: the doctor's unit of account.

Decides only how good, found and what-to-do are kept together.
"""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How good it is; `FAIL` is what the assistant can't start with."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one part."""

    name: str
    grade: Grade
    found: str
    mend: str = ""
    """What to do, a line for each; empty when all is well."""


def good(name: str, found: str) -> Finding:
    """All is well with this part."""
    return Finding(name, Grade.OK, found)


def doubt(name: str, found: str, mend: str) -> Finding:
    """The assistant does without it, or with less of it."""
    return Finding(name, Grade.WARN, found, mend)
