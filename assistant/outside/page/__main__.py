"""The process of the page: `python -m assistant.outside.page [FILE]`, another configuration file.

Decides what runs in it, and when it ends. It reads the configuration and the routines, speaks with
the coach through the door alone, and keeps nothing. It ends at once where the page is switched off;
as a child of the assistant, when its input closes.
"""

import asyncio
import signal
from pathlib import Path

from assistant.config import Config, all_routines
from assistant.content.types import Library
from assistant.machine import places
from assistant.machine.child import when_abandoned
from assistant.outside.own_process import configured
from assistant.outside.page.announced import announce
from assistant.outside.page.coach_link import CoachLink
from assistant.outside.page.listening import listen
from assistant.outside.page.site import Site
from assistant.outside.page.web_server import WebServer


def main() -> None:
    config, config_file = configured("page")
    known, _ = all_routines.usable(places.routine_folders(places.config_folder()))
    asyncio.run(serve(config, known, config_file))


async def serve(config: Config, known: Library, config_file: Path | None) -> None:
    link = CoachLink()
    site = Site(link, config, known, config_file)
    server = WebServer(site.answer, site.may_come)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)

    def abandoned() -> None:
        loop.call_soon_threadsafe(ended.set)

    when_abandoned(abandoned)
    tasks = [asyncio.create_task(link.keep()), asyncio.create_task(listen(server, link, config))]
    if not config.page.address:
        tasks.append(asyncio.create_task(announce()))
    await ended.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    server.close()


main()
