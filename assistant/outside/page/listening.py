"""When the page listens at its address, and what is told while it can't.

Decides that it is tried again until it can, and which words a person hears, and reads in the log,
meanwhile.
"""

import asyncio
import errno
import logging
import os

from assistant.config import Config
from assistant.outside.page import addresses
from assistant.outside.page.coach_link import CoachLink
from assistant.outside.page.web_server import WebServer

log = logging.getLogger("page")

AGAIN_S = 5.0
"""Between two tries."""


async def listen(server: WebServer, link: CoachLink, config: Config) -> None:
    """Until it listens: tell why not, through the coach and in the log, and try again."""
    page = config.page
    while True:
        try:
            await server.listen(page.address or addresses.EVERYWHERE, page.port)
        except OSError as error:
            reason, cure = why_not(error, config)
        else:
            link.report("")
            return
        if reason != link.unwell:
            log.warning("the page can't be opened: %s%s", reason, f"; {cure}" if cure else "")
            link.report(reason)
        await asyncio.sleep(AGAIN_S)


def why_not(error: OSError, config: Config) -> tuple[str, str]:
    """In words that can be said aloud, and a cure to be read; empty: there is none of ours."""
    match error.errno:
        case errno.EADDRINUSE:
            another = config.page.port + 1 if config.page.port < 65535 else 8765
            return "another program uses its port", f"try: assistant config set page.port {another}"
        case errno.EADDRNOTAVAIL:
            cure = "for the local network's own: assistant config unset page.address"
            return "this machine doesn't have its address now", cure
        case number:
            return f"the network says {os.strerror(number or 0).lower()}", ""
