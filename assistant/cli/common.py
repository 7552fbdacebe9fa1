"""What several commands share: the options that all have, what they read, and how it is laid out.

Decides how a table, a time and a JSON document look. What stands in them is each command's own.
"""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _ActionsContainer
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.config import Config
    from assistant.content.types import Library
    from assistant.hearing.taught import Taught

JSON = "for programs: one JSON document"


def alone() -> AbstractContextManager[Path]:
    """No assistant may run meanwhile: it would go on with what is taken from it, and write it
    anew. Raises AssistantError where one runs."""
    from assistant.machine import places
    from assistant.machine.single_instance import only_instance

    return only_instance(places.writable_folders())


# --- what can be typed ------------------------------------------------------


def example(parser: ArgumentParser, line: str) -> None:
    """Show this command line at the end of the help."""
    parser.epilog = f"example:\n  {line}"


def add_json(parser: _ActionsContainer, about: str = JSON) -> None:
    parser.add_argument("--json", action="store_true", help=about)


def add_config(parser: ArgumentParser) -> None:
    parser.add_argument("--config", metavar="FILE", help="another configuration file than your own")


def written_as(*endings: str) -> Callable[[str], str]:
    """For an option whose file is written in one format: its name, which tells no other one. A pipe
    has no ending."""

    def name(given: str) -> str:
        if Path(given).suffix.lower() in ("", *endings):
            return given
        raise ArgumentTypeError(f"{given}: its name should end in {endings[0]}")

    return name


def add_person(parser: ArgumentParser, default: str | None = None) -> None:
    about = "of whom, where `assistant people` lists several"
    parser.add_argument("--person", metavar="NAME", default=default, help=about)


# --- what is read -----------------------------------------------------------


def settings_of(asked: Namespace) -> "Config":
    """The configuration. Raises AssistantError."""
    from assistant import config

    return config.load(config_file(asked))


def config_file(asked: Namespace) -> Path | None:
    """The file that was named; None: the person's own."""
    return Path(asked.config) if asked.config else None


def journal_of(asked: Namespace) -> Path:
    """The journal of who was named; else of whose desk it is. Raises AssistantError."""
    from assistant import config
    from assistant.config import household
    from assistant.journal.journals import file_of
    from assistant.machine import places

    settings, _ = config.load_usable(Path(asked.config) if getattr(asked, "config", None) else None)
    owner = household.owner(settings)
    person = household.find(settings, asked.person).id if asked.person else owner
    return file_of(person, owner, places.journal_file())


def others(asked: Namespace) -> list[str]:
    """Whose journals there are besides that of whose desk it is, where nobody was named."""
    from assistant.config import household, load_usable
    from assistant.journal.journals import file_of
    from assistant.machine import places

    if asked.person:
        return []
    known, journal = household.everybody(load_usable()[0]), places.journal_file()
    return [one.name for one in known[1:] if file_of(one.id, known[0].id, journal).exists()]


def library() -> "Library":
    """All routines and exercises that can be used; what is wrong with others goes to stderr."""
    from assistant.config.all_routines import usable
    from assistant.machine import places

    known, problems = usable(places.routine_folders(places.config_folder()))
    for problem in problems:
        print(f"assistant: left out: {problem}", file=sys.stderr)
    return known


def taught(model: Path, settings: "Config") -> "Sequence[Taught]":
    """What whose desk it is taught this speech model; why something counts for nothing goes to
    stderr."""
    from assistant.config import household
    from assistant.hearing.taught import known
    from assistant.machine import places

    people = [one.id for one in household.everybody(settings)]
    phrases, problems = known(places.state_folder(), model, people, household.owner(settings))
    for problem in problems:
        print(f"assistant: {problem}", file=sys.stderr)
    return phrases


# --- how it is laid out -----------------------------------------------------


def as_json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def clock(seconds: float) -> str:
    """Minutes and seconds: "02:05"."""
    minutes, left = divmod(int(seconds + 0.5), 60)
    return f"{minutes:02d}:{left:02d}"


def columns(rows: Sequence[Sequence[str]]) -> str:
    """A table, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
