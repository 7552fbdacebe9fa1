"""How each process beyond the door begins: with its configuration, if it is wanted at all.

Decides what it does with an argument and with a configuration that is wrong in parts. What it then
does is its own; who starts it stands in `helper_processes`.
"""

import logging
import sys
from pathlib import Path

from assistant import config as configuration
from assistant.config import Config
from assistant.errors import AssistantError


def configured(table: str) -> tuple[Config, Path | None]:
    """The configuration, and its file if it is another one than the person's own: the process's
    argument. Ends the process, well, where `on` in this table is off; with a sentence, where the
    file can't be read. What else is wrong in it is left out, and the log says so."""
    logging.basicConfig(format="assistant: %(message)s", level=logging.WARNING)
    file = Path(sys.argv[1]) if sys.argv[1:] else None
    try:
        config, wrong = configuration.load_usable(file)
    except AssistantError as error:
        sys.exit(f"assistant: {error}")
    for problem in wrong:
        logging.getLogger(f"assistant.{table}").warning("left out: %s", problem)
    if not getattr(config, table).on:
        sys.exit()
    return config, file
