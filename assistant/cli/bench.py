"""`assistant bench`: the door to what measures the assistant, for people who work on it.

Decides only what is missing on this machine. The measuring stands beside the tests, since it needs
their voices and numpy, which a user does without.
"""

from argparse import Namespace
from importlib import import_module
from pathlib import Path

from assistant.cli.commands import settings_of
from assistant.errors import AssistantError, ExitCode

MEASURED_WITH = "tests.hearing.compare"


def bench(asked: Namespace) -> int:
    from assistant.hearing import models

    try:
        measuring = import_module(MEASURED_WITH)
    except ModuleNotFoundError as error:
        raise AssistantError(_mend(error.name or ""), code=ExitCode.UNEXPECTED) from None
    given = ["--model", str(models.find(settings_of(asked).hearing.model))]
    if asked.labels:
        if not Path(asked.labels).is_file():
            raise AssistantError(f"{asked.labels}: it is not there", code=ExitCode.FILE_ACCESS)
        given += ["--labels", asked.labels]
    measuring.main([*given, *(["--quick"] if asked.quick else [])])
    return ExitCode.GOOD


def _mend(name: str) -> str:
    if name.split(".")[0] == "tests":
        return "bench needs the source of the assistant: run it in a checkout, after deploy/test"
    return f"bench needs {name}, which is only installed for tests: run deploy/test once"
