"""The configuration as text: all of it to start from, and one key changed in a file that is there.

Decides how it is laid out, and that what a person wrote beside it, comments above all, stays. What
the keys are stands in `keys`.
"""

import dataclasses
import fcntl
import json
import math
import os
import re
import textwrap
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from assistant.config import ConfigError, problems_in, read_text
from assistant.config.keys import Config
from assistant.content.toml_reader import read_toml
from assistant.errors import AssistantError, ExitCode
from assistant.machine.whole_file import ANYBODY, write_whole

Wish = tuple[str, str, Sequence[str] | None]
"""Table, key, and what it is to say, as typed in a shell; None: the key is taken out."""
PATIENCE_S = 3.0
"""So long another program may take to change the same file."""


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
        yield f"{key.name} = {toml(getattr(table, key.name))}"


def toml(value: object) -> str:
    """A value as it is written."""
    if isinstance(value, tuple):
        return f"[{', '.join(toml(item) for item in value)}]"
    # JSON's texts, numbers and true/false are TOML's too.
    return json.dumps(value, ensure_ascii=False)


# --- one key changed --------------------------------------------------------


def change(
    file: Path,
    table: str,
    key: str,
    words: Sequence[str] | None,
    objection: Callable[[Config], str] | None = None,
) -> None:
    """Have the file say this of one key, as typed in a shell; None takes the key out.

    Everything else, comments too, stays as it was written, and so does the whole file where the
    new value can't be used: then ConfigError or AssistantError is raised. `objection` tells what
    else speaks against the configuration that it would be; empty: nothing.
    """
    change_all(file, [(table, key, words)], objection)


def change_all(
    file: Path, wishes: Sequence[Wish], objection: Callable[[Config], str] | None = None
) -> None:
    """The same for several keys: all of them or, where one can't be used, none."""
    with _in_turn(file.parent):
        data, before, problems = read_toml(file) if file.exists() else ({}, "", [])
        if problems or not all(isinstance(data.get(table, {}), dict) for table, *_ in wishes):
            raise ConfigError(problems or problems_in(before, file))
        after = before
        for table, key, words in wishes:
            default = getattr(_table(table), key, None)  # a newer office may know more
            value = None if words is None else _value(default, words)
            if not _is_text(words or ()):
                raise AssistantError(
                    f"{table}.{key}: it holds letters that can't be written; type it again\n"
                    "nothing was changed",
                    code=ExitCode.CONFIGURATION,
                )
            after = _edited(after, tomllib.loads(after), table, key, value)
        _check(before, after, file)
        if objection is not None and (why := objection(read_text(after, file)[0])):
            raise AssistantError(f"{why}\nnothing was changed", code=ExitCode.CONFIGURATION)
        mode = ANYBODY
        if file.exists():
            mode = file.stat().st_mode & 0o777
            if b"\r\n" in file.read_bytes():
                after = after.replace("\n", "\r\n")
        write_whole(file, after.encode(), mode, make_folder=True)


def _table(name: str) -> object:
    """Its defaults. Raises AssistantError, for a table that there is none."""
    known = [table.name for table in dataclasses.fields(Config)]
    if name in known:
        return getattr(Config(), name)
    raise AssistantError(
        f'there is no table "{name}"; there are {", ".join(known)}\nnothing was changed',
        code=ExitCode.CONFIGURATION,
    )


@contextmanager
def _in_turn(folder: Path) -> Iterator[None]:
    """Whoever else changes the file at this moment has been, or waits: else one of two changes
    would be lost. Somebody who holds the folder for ever is not waited for."""
    with ExitStack() as opened:
        with suppress(OSError):  # it can't be made, or read: then nothing is written either
            folder.mkdir(parents=True, exist_ok=True)
            place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            opened.callback(os.close, place)
            until = time.monotonic() + PATIENCE_S
            while time.monotonic() < until:
                with suppress(BlockingIOError):
                    fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                time.sleep(0.02)
        yield


def _is_text(words: Sequence[str]) -> bool:
    """A shell passes on any bytes."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        return False
    return True


def _check(before: str, after: str, file: Path) -> None:
    """Raise AssistantError for what is wrong now and wasn't before."""
    known = {(problem.key, problem.found) for problem in problems_in(before, file)}
    for problem in problems_in(after, file):
        if (problem.key, problem.found) not in known:
            mend = _as_command(problem.mend, problem.key.partition(".")[0])
            raise AssistantError(
                f"{problem.key}: expected {problem.expected}, found {problem.found}; {mend}\n"
                "nothing was changed",
                code=ExitCode.CONFIGURATION,
            )


def _as_command(mend: str, table: str) -> str:
    """What to write, as what to type: the command alone stands between the backticks, and a list is
    its items."""

    def typed(found: re.Match[str]) -> str:
        key, value = found.groups()
        if value.startswith("["):
            value = " ".join(map(toml, tomllib.loads(f"value = {value}")["value"]))
        return f"try `assistant config set {table}.{key} {value}`"

    return re.sub(r'^write (\w+) = ("[^"]*"|\[[^]]*\]|[^\s,]+)', typed, mend)


def _edited(text: str, data: dict[str, Any], table: str, key: str, value: object) -> str:
    """The text with this value of a key; None: without the key. `data` is what the text says."""
    import tomlkit

    said = data.get(table, {})
    if value is None and key not in said:
        return text
    if value is not None and key not in said:
        # Added by tomlkit it would stand below the comment that explains the next table.
        header = re.compile(rf"^[ \t]*\[[ \t]*{table}[ \t]*\][^\n]*\n?", re.MULTILINE)
        added = header.sub(lambda found: f"{found[0].rstrip()}\n{key} = {toml(value)}\n", text, 1)
        if tomllib.loads(added) == {**data, table: {**said, key: value}}:
            return added
    document = tomlkit.parse(text)
    if value is None:
        document[table].pop(key)
    else:
        document.setdefault(table, tomlkit.table())[key] = value
    return tomlkit.dumps(document)


def _value(default: object, words: Sequence[str]) -> object:
    """What is meant by words of a command line. A text needs no quotes, and may have them, as the
    file has; for anything else, what can't be read is left to the checks to name."""
    if isinstance(default, tuple):
        inner = [toml(word) for word in words]
        written = words[0] if words[0].startswith("[") else f"[{', '.join(inner)}]"
    else:
        written = " ".join(words)
    if type(default) is str and not written.startswith(('"', "'", "[")):
        return written
    try:
        found = tomllib.loads(f"value = {written}")["value"]
    except (ValueError, RecursionError):  # no TOML, too many digits, nested without end
        return written
    return found if _can_be_written(found) else written


def _can_be_written(value: object) -> bool:
    """Whether `toml` knows how: no dates, no tables, no number that is none; no key has such."""
    if isinstance(value, list):
        return all(map(_can_be_written, value))
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
