"""Where a dose, a caution or a limit comes from.

Decides nothing: one type, so that exercises, routines and conditions name their sources alike.
"""

from dataclasses import dataclass

OWN = "own"
"""The organisation of what no source carries: a judgement of this project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who says so; org "own" marks what is a judgement of our own."""

    org: str
    year: int = 0
    """Of the publication; 0 where a page bears none."""
    read: int = 0
    """When a page that bears no year was last read, and said this; 0: that isn't known."""
    url: str = ""
    dose: str = ""
    """How much it says."""
    care: str = ""
    """What it says to take care of."""

    @property
    def when(self) -> str:
        """How old it is, as it is printed."""
        return str(self.year or "") or (f"read in {self.read}" if self.read else "")
