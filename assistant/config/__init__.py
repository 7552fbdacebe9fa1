"""The one configuration file, read: what stands in it, and everything that is wrong with it.

Decides that what a file leaves out has its default, and what is told of the rest. Which keys there
are stands in `keys`. Whether the configured microphone, voice or routine is there is found out by
the room that needs it, or by the doctor.
"""

import dataclasses
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.config import hours
from assistant.config.checks import DEVICES, implausible
from assistant.config.keys import Active as Active
from assistant.config.keys import Config as Config
from assistant.config.keys import NoPin as NoPin
from assistant.config.keys import Pull as Pull
from assistant.config.keys import Sensor as Sensor
from assistant.config.keys import limits
from assistant.content.toml_lines import Lines
from assistant.content.toml_reader import Problem, dotted, read_toml, read_typed, shown
from assistant.errors import AssistantError, ExitCode
from assistant.machine import places


class ConfigError(AssistantError):
    """A configuration that can't be used; `problems` is all that is wrong in it."""

    code = ExitCode.CONFIGURATION

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def load(path: Path | None = None) -> Config:
    """Read `path`, or the person's own file, which may be missing (all defaults).

    Raises ConfigError with all that is wrong, and AssistantError (code 7) for a file that is
    there, or was asked for, but can't be read.
    """
    file = places.config_file() if path is None else path
    _check_readable(file, optional=path is None)
    if not file.exists():
        return Config()
    config, problems = read_file(file)
    if problems:
        raise ConfigError(problems)
    return config


def load_usable(path: Path | None = None) -> tuple[Config, list[Problem]]:
    """Like `load`, but what can't be used is left out, so that its default holds, and is told.

    Raises AssistantError (code 7) only for a file that was asked for and can't be read.
    """
    file = places.config_file() if path is None else path
    try:
        _check_readable(file, optional=path is None)
    except AssistantError:
        if path is not None:
            raise
        return Config(), read_toml(file)[2]
    return read_file(file) if file.exists() else (Config(), [])


def read_file(file: Path) -> tuple[Config, list[Problem]]:
    """What holds of a file that is there, and all that is wrong in it, by line."""
    data, text, problems = read_toml(file)
    config, wrong = _judged(file, data, text)
    problems += wrong
    while wrong:
        rest = _without(data, wrong)
        if rest == data:
            return Config(), problems
        data = rest
        config, wrong = _judged(file, data, text)
    return _with_whole_paths(config, file), sorted(problems, key=lambda problem: problem.line)


def problems_in(text: str, file: Path) -> list[Problem]:
    """All that is wrong in a text that is TOML; `file` is what it is, or will be, in."""
    return read_text(text, file)[1]


def read_text(text: str, file: Path) -> tuple[Config, list[Problem]]:
    """The same, and what its keys say: the defaults where anything is wrong."""
    return _judged(file, tomllib.loads(text), text)


def _judged(file: Path, data: dict[str, Any], text: str) -> tuple[Config, list[Problem]]:
    """What the keys say, the defaults when anything is wrong, and what that is."""
    config, problems = read_typed(
        Config, data, text, str(file), limits=limits(), may_be_empty=(*hours.DAYS, "night")
    )
    lines, defaults = Lines(text), dataclasses.asdict(Config())
    for key, found, expected, mend in implausible(_as_texts(data, defaults), defaults):
        place = dotted(key)
        for mistyped in [problem for problem in problems if problem.key == place]:
            problems.remove(mistyped)  # between quotes alone it would be refused again
            found = mistyped.found
        problems.append(Problem(str(file), lines.of(key), place, found, expected, mend))
    return config or Config(), problems


def _as_texts(data: dict[str, Any], defaults: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The data, as if each number where a text belongs stood between quotes."""
    return {
        name: {
            key: value  # two devices are no one name
            if key in DEVICES and isinstance(value, list)
            else _as_text(value, defaults[name].get(key))
            for key, value in table.items()
        }
        if isinstance(table, dict) and name in defaults
        else table
        for name, table in data.items()
    }


def _as_text(value: Any, default: Any) -> Any:
    if isinstance(default, tuple) and isinstance(value, list):
        return [_as_text(one, "") for one in value]
    if not isinstance(default, str):
        return value
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return " ".join(value)
    return shown(value) if isinstance(value, int | float) else value


def _without(data: dict[str, Any], problems: Sequence[Problem]) -> dict[str, Any]:
    """The data without the keys, or the tables, that something is wrong with."""
    wrong = {
        tuple(re.sub(r"( \d+)+$", "", part) for part in problem.key.split("."))
        for problem in problems
    }
    return {
        name: {key: value for key, value in table.items() if (name, key) not in wrong}
        if isinstance(table, dict)
        else table
        for name, table in data.items()
        if (name,) not in wrong
    }


def _check_readable(file: Path, *, optional: bool) -> None:
    try:
        if file.is_fifo():  # somebody who never writes would be waited for
            raise OSError("a named pipe")
        with file.open("rb") as opened:
            opened.read(1)
    except OSError as error:
        if optional and isinstance(error, FileNotFoundError | NotADirectoryError):
            return
        reason = (error.strerror or str(error)).lower()
        raise AssistantError(
            f"the configuration {file} can't be read ({reason}); check its path and permissions",
            code=ExitCode.FILE_ACCESS,
        ) from None


def _with_whole_paths(config: Config, file: Path) -> Config:
    whole = {}
    for table in dataclasses.fields(config):
        keys = getattr(config, table.name)
        given = {
            key.name: str(file.absolute().parent / _from_home(path))
            for key in dataclasses.fields(keys)
            if key.metadata.get("path") and (path := getattr(keys, key.name))
        }
        whole[table.name] = dataclasses.replace(keys, **given)
    return dataclasses.replace(config, **whole)


def _from_home(path: str) -> str:
    return re.sub(r"^~(?=/|$)", str(places.home()), path)
