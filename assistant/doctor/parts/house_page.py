"""The page of [page]: whether it answers at its address, or could.

Decides what is told of a page that nobody can come to. Why an address can't be had is told by the
page's own words for it.
"""

import errno
import http.client
import socket
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

from assistant.config import Config
from assistant.config.outside_keys import Page
from assistant.doctor.finding import Finding, doubt, good
from assistant.doctor.programs import told
from assistant.machine.places import NAME as SERVICE
from assistant.machine.places import writable_folders
from assistant.machine.single_instance import holder
from assistant.outside.page.addresses import EVERYWHERE, is_local, own_address, url
from assistant.outside.page.listening import why_not
from assistant.outside.page.markup import PAIRING

PAGE = "Page"
UNIT = f"{SERVICE}-outside@page"
PAGE_ANSWERS_S = 5.0


def page(settings: Mapping[str, Any]) -> Finding:
    """`settings`: the keys of [page] in the configuration."""
    config = replace(Config(), page=Page(**settings))
    address, port = config.page.address, config.page.port
    if not address and (found := _no_way_in(own_address())) is not None:
        return found
    at = url(address, port)
    try:
        with socket.create_server((address or EVERYWHERE, port), family=_family(address)):
            pass
    except OSError as error:
        if error.errno == errno.EADDRINUSE and _is_ours(address, port):
            return good(PAGE, f"answers at {at}")
        reason, cure = why_not(error, config)
        return doubt(PAGE, f"{at}: {reason}", cure or "look at the network's settings")
    if holder(writable_folders()) is None:
        return good(PAGE, f"will be at {at} while the assistant runs")
    return doubt(PAGE, f"nothing answers at {at}, though an assistant runs", _mend())


def _no_way_in(own: str) -> Finding | None:
    """Where no device of the local network can come to it."""
    if not own:
        mend = "connect it to your network; the page needs no new start then"
        return doubt(PAGE, "this machine has no address in a network now", mend)
    if not is_local(own):
        mend = (
            "connect it to your own network; or, knowing that others may reach it there: "
            f"assistant config set page.address {own}"
        )
        return doubt(PAGE, f"{own} is no address of a local network, so nobody is let in", mend)
    return None


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _is_ours(address: str, port: int) -> bool:
    """Whether what listens there asks for the six digits, as the page does of a stranger."""
    host = address if address not in ("", EVERYWHERE) else "127.0.0.1"
    try:
        with closing(http.client.HTTPConnection(host, port, timeout=PAGE_ANSWERS_S)) as line:
            line.request("GET", "/")
            answer = line.getresponse()
            return answer.status == 403 and PAIRING in answer.read(65536).decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return False


def _mend() -> str:
    """What to do where the page's process isn't there."""
    if "LoadState=loaded" not in told("systemctl", "show", "--property", "LoadState", SERVICE):
        return "start the assistant anew: the page was switched on since, or its log says why not"
    if "LoadState=loaded" not in told("systemctl", "show", "--property", "LoadState", UNIT):
        return "its service isn't there: install the assistant again, deploy/install"
    return f"start it: sudo systemctl start {UNIT}; or see why not: journalctl -u {UNIT}"
