"""The one kind of failure a person is meant to read, and the exit code that goes with it.

Decides the exit codes. Does not decide how a failure is printed (the command line does that in
one place) and knows nothing of any room.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line ends with; a script may rely on these numbers."""

    GOOD = 0
    UNEXPECTED = 1
    COMMAND_LINE = 2
    CONFIGURATION = 3
    UNKNOWN_ROUTINE = 4
    ALREADY_RUNNING = 5
    MISSING_MODEL = 6
    FILE_ACCESS = 7
    INTERRUPTED = 130


class AssistantError(Exception):
    """Something a person can mend; the message says what was found and what to do."""

    code: int = ExitCode.UNEXPECTED

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
