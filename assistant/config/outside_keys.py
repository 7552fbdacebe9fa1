"""The keys of what reaches the house from another machine: the page, the broker, an office.

Decides the same as `keys`, and for the same file.
"""

from dataclasses import dataclass

from assistant.config.key import key as _key
from assistant.config.key import path as _path


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page for phone, tablet and television, in your own network."""

    on: bool = _key(False, "Whether there is one.")
    port: int = _key(8765, "Where it is: http://NAME:8765.", (1024, 65535))
    address: str = _key(
        "",
        'The address that it answers at. Empty: those of the local network; "127.0.0.1": on this '
        "machine only.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mqtt:
    """A broker, for Home Assistant and others."""

    on: bool = _key(False, "Whether to tell a broker what goes on, and to listen to it.")
    host: str = _key("", "The broker's name or address.")
    port: int = _key(1883, "Its port; with TLS usually 8883.", (1, 65535))
    tls: bool = _key(False, "Whether what goes to and fro is encrypted.")
    ca_file: str = _path(
        "With TLS: the file of the authority that signed the broker's certificate; a relative path "
        "starts at this file. Empty: one of those that this machine trusts.",
    )
    user: str = _key("", "Who we are to the broker. Empty: it wants no name.")
    password_file: str = _path(
        "The file that holds the password and nothing else; a relative path starts at this file. "
        "Empty: the credential mqtt-password of the service, where it has one.",
    )
    name: str = _key("", "What this coach is called there. Empty: as this machine is.")
    health: bool = _key(
        False, "Whether the house may hear how much your back hurts. Other answers never leave."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office that this desk belongs to; `assistant office join` writes most of it."""

    on: bool = _key(False, "Whether this desk belongs to one.")
    host: str = _key("", "The name or address of the office's broker.")
    port: int = _key(1883, "Its port; with TLS usually 8883.", (1, 65535))
    tls: bool = _key(False, "Whether what goes to and fro is encrypted.")
    ca_file: str = _path(
        "With TLS: the file of the authority that signed the broker's certificate; a relative path "
        "starts at this file. Empty: one of those that this machine trusts."
    )
    desk: str = _key("", "What the office calls this desk; it is its user at the broker, too.")
    password_file: str = _path(
        "The file that holds this desk's password and nothing else; a relative path starts at this "
        "file."
    )
    key: str = _key("", "What the office's signatures are checked with; 44 letters.")
    team: str = _key("", "The team that this desk is in.")
    name: str = _key(
        "",
        "What the office's board calls you, and by which it shows whether your desk is on. "
        "Empty: it shows nothing of you alone.",
    )
    sums: bool = _key(
        False,
        "Whether your weeks count in the office's sums: breaks, sessions and minutes, of five "
        "people or more together; masked, so that nobody can read yours.",
    )
    refused: tuple[str, ...] = _key(
        (), "Routines of the office that you don't want, by the names of their files."
    )
