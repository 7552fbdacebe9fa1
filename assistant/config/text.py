"""The configuration as text: all of it to start from, and one key changed in a file that is there.

Decides how it is laid out, and that what a person wrote beside it, comments above all, stays. What
the keys are stands in `keys`.
"""

import dataclasses
import json
import textwrap
from collections.abc import Iterator
from typing import Any

from assistant.config.keys import Config


def as_toml(config: Config) -> str:
    """The whole configuration with a comment for every key; `load` reads it back the same."""
    return "\n".join(
        [
            "# Exercise Assistant. Leave out what you don't want to change.",
            *(
                line
                for table in dataclasses.fields(config)
                for line in _table_lines(table.name, getattr(config, table.name))
            ),
            "",
        ]
    )


def _table_lines(name: str, table: Any) -> Iterator[str]:
    yield from ("", f"# {table.__doc__}", f"[{name}]")
    for key in dataclasses.fields(table):
        yield from (f"# {line}" for line in textwrap.wrap(key.metadata["about"], 88))
        yield f"{key.name} = {_toml(getattr(table, key.name))}"


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    # JSON's texts, numbers and true/false are TOML's too.
    return json.dumps(value, ensure_ascii=False)
