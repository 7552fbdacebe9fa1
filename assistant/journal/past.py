"""What was done, read from the journal's file beside whoever writes it.

Decides what is told where there is no journal, or none that can be read. What is counted is
decided in `stats`.
"""

import sqlite3
from datetime import date, timedelta
from pathlib import Path

from assistant.errors import AssistantError, ExitCode
from assistant.journal import history_page, stats
from assistant.journal.history_in_words import Names
from assistant.journal.store import Unusable, open_store, unusable
from assistant.journal.tally import History


def read_past(path: Path, days: int | None) -> History:
    """The last so many days, today included; None: all. Raises AssistantError (code 7)."""
    today = date.today()
    if not path.exists():
        return History(today, today)
    first = None if days is None else today - timedelta(days=days - 1)
    try:
        with open_store(path, create=False) as store:
            return stats.history(store.database, first, today)
    except (Unusable, sqlite3.Error) as error:
        raise AssistantError(
            f"{path}: {unusable(error)}; `assistant journal check` looks closer",
            code=ExitCode.FILE_ACCESS,
        ) from error


def part_of_page(path: Path, names: Names, days: int) -> tuple[str, str]:
    """The last so many days as the middle of a page, and its style sheet. Raises AssistantError."""
    return history_page.part(read_past(path, days), names)
