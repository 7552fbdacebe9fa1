"""Where the page is: which addresses may be asked, by whom, and what a person types to come to it.

Decides what counts as the local network, and which names are ours.
"""

import socket
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network

LOCAL = tuple(
    map(
        ip_network,
        (
            *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
            *("::1/128", "fc00::/7", "fe80::/10"),
        ),
    )
)
"""Addresses that no router of the internet passes on (RFC 1918, 3927, 4193, 4291)."""
EVERYWHERE = "0.0.0.0"  # noqa: S104 - who comes from elsewhere is sent away again: `may_come`
OUR_NAME = "exercise-assistant.local"
"""Found by it where avahi is there."""
SOMEWHERE = ("192.0.2.1", 9)
"""An address for examples: nothing is sent to it, only the way there is looked up."""


def is_local(address: str) -> bool:
    """Whether an address is of the local network, or of this machine."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in LOCAL)


def own_address() -> str:
    """This machine's address in its network; empty: it has none now."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as looked_up:
        looked_up.connect(SOMEWHERE)
        return str(looked_up.getsockname()[0])
    return ""


def url(address: str, port: int) -> str:
    """What is typed into a browser. `address` as in the configuration."""
    host = address if address not in ("", EVERYWHERE) else own_address() or "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def is_ours(host: str, here: str, port: int) -> bool:
    """Whether the Host of a request, which came to the address `here`, names us: else a page of
    somebody else's, under a name of theirs, is asking through this person's browser."""
    name, _, digits = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if not name:
        name, digits = digits, "80"
    if (digits or "80") != str(port):
        return False
    name = name.strip("[]").lower().rstrip(".")
    if name == here.partition("%")[0].removeprefix("::ffff:").lower():
        return True
    machine = socket.gethostname().lower().partition(".")[0]
    return name in ("localhost", OUR_NAME, machine, f"{machine}.local")
