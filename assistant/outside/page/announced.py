"""Being found by name: `exercise-assistant.local`, where avahi answers for this machine.

Decides that its own program (package avahi-utils) is asked to say the name for as long as the page
is there, with the address that the machine has now. Where there is no such program the machine is
found by its own name, or by its address.
"""

import asyncio
import logging
import shutil
from contextlib import suppress

from assistant.outside.page.addresses import OUR_NAME, own_address

log = logging.getLogger(__name__)

PROGRAM = "avahi-publish"
LOOK_S = 20.0
"""How often the machine's address is looked at; it may get another one at any time."""


async def announce(look_s: float = LOOK_S) -> None:
    """Until it is cancelled."""
    program = shutil.which(PROGRAM)
    if program is None:
        return
    told = False
    while True:
        address = own_address()
        if not address:
            await asyncio.sleep(look_s)
            continue
        saying = await asyncio.create_subprocess_exec(
            *(program, "--address", "--no-reverse", OUR_NAME, address),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            while saying.returncode is None and own_address() == address:
                with suppress(TimeoutError):
                    async with asyncio.timeout(look_s):
                        await saying.wait()
        finally:
            with suppress(ProcessLookupError):
                saying.terminate()
            await saying.wait()
        if own_address() == address:  # it ended by itself: no daemon, or somebody has the name
            if not told:
                log.info("the name %s can't be had", OUR_NAME)
            told = True
            await asyncio.sleep(look_s)
