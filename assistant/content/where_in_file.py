"""A file, for the problems found in it: on which line a key of it stands."""

from pathlib import Path

from assistant.content.toml_lines import Key, Lines
from assistant.content.toml_reader import Problem, dotted


class Place:
    """A file, for the problems found in it."""

    def __init__(self, path: Path, text: str) -> None:
        self._file, self._lines = str(path), Lines(text)

    def problem(self, key: Key, found: str, expected: str, mend: str) -> Problem:
        return Problem(self._file, self._lines.of(key), dotted(key), found, expected, mend)
