"""The process of the page: `python -m assistant.outside.page [FILE]`, another configuration file.

Decides when it listens, and what is told when it can't. It reads the configuration and the
routines, speaks with the coach through the door alone, and keeps nothing. It ends at once where
the page is switched off; as a child of the assistant, when its input closes.
"""

import asyncio
import errno
import logging
import os
import signal
import stat
import sys
from pathlib import Path

from assistant import config as configuration
from assistant.config import Config
from assistant.content import read
from assistant.machine import places
from assistant.outside.page import addresses
from assistant.outside.page.announced import announce
from assistant.outside.page.coach_link import CoachLink
from assistant.outside.page.site import Site
from assistant.outside.page.web_server import WebServer

log = logging.getLogger("page")

AGAIN_S = 5.0
"""Between two tries to listen."""


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    given = [Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    config_file = given[0] if given else None
    config, _ = configuration.load_usable(config_file)
    if not config.page.on:
        return
    known, _ = read.load_usable(places.routine_folders(places.config_folder()))
    child = stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode)
    asyncio.run(serve(config, known, config_file, child=child))


async def serve(
    config: Config, known: read.Library, config_file: Path | None, *, child: bool
) -> None:
    link = CoachLink()
    site = Site(link, config, known, config_file)
    server = WebServer(site.answer, site.may_come)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    if child:
        loop.add_reader(0, lambda: None if os.read(0, 4096) else ended.set())
    tasks = [asyncio.create_task(link.keep()), asyncio.create_task(listen(server, link, config))]
    if not config.page.address:
        tasks.append(asyncio.create_task(announce()))
    await ended.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    server.close()


async def listen(server: WebServer, link: CoachLink, config: Config) -> None:
    """Until it listens: tell why not, through the coach and in the log, and try again."""
    page = config.page
    while True:
        try:
            await server.listen(page.address or addresses.EVERYWHERE, page.port)
        except (OSError, OverflowError) as error:
            reason = why_not(error, config)
        else:
            link.report("")
            return
        if reason != link.unwell:
            log.warning("%s", reason)
            link.report(reason)
        await asyncio.sleep(AGAIN_S)


def why_not(error: Exception, config: Config) -> str:
    """In plain words, with the cure."""
    port, address = config.page.port, config.page.address
    match getattr(error, "errno", None):
        case errno.EADDRINUSE:
            return (
                f"another program uses port {port}; for another one: "
                f"assistant config set page.port {port + 1}"
            )
        case errno.EADDRNOTAVAIL:
            return (
                f"this machine has no address {address} now; for the local network's own: "
                "assistant config unset page.address"
            )
        case _:
            return f"the network says {getattr(error, 'strerror', None) or error}".lower()


main()
