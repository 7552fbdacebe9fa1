"""What was seen of one part of the machine: the doctor's unit of account.

Decides only how good, found and what-to-do are kept together.
"""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
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
    """What to do; empty when all is well."""
